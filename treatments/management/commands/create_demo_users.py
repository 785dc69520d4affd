"""`manage.py create_demo_users`: a curator and a reviewer to try the workflow with, on a development machine."""

import secrets
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.urls import reverse

# Two people, because nobody publishes their own claim.
DEMO_ROLES = ("curator", "reviewer")


class Command(BaseCommand):
    help = (
        "Create the sign-ins `curator` and `reviewer`, each with the role of that name and a random password that is"
        " printed once. Sign-ins that exist are left alone. Refused in production."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("Demo sign-ins are for development machines only.")
        users = get_user_model().objects
        sign_in = f"{settings.SITE_URL}{reverse('admin:login')}"
        for role in DEMO_ROLES:
            if users.filter(username=role).exists():
                self.stdout.write(f"Demo sign-in '{role}' exists (new password: manage.py changepassword {role}).")
                continue
            password = secrets.token_urlsafe(12)
            with transaction.atomic():
                user = users.create_user(username=role, password=password, is_staff=True)
                user.groups.add(Group.objects.get_or_create(name=role)[0])
            self.stdout.write(f"Demo sign-in at {sign_in}: {role}, password {password} (shown only now).")
