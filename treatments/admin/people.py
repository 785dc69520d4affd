"""People and their roles. What a role may do stands in ``treatments.curation.roles``, not here."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from django.http import HttpRequest

from .records import ReadOnly

admin.site.unregister(User)
admin.site.unregister(Group)
admin.site.unregister(Authenticator)

MORE_THAN_A_ROLE = ("is_superuser", "user_permissions")


@admin.register(User)
class PersonAdmin(UserAdmin):
    """An editor gives and takes roles; only a superuser makes superusers or touches their sign-in."""

    list_display = ("username", "first_name", "last_name", "email", "is_active", "is_staff")
    list_filter = ("groups", "is_active")
    autocomplete_fields = ()
    filter_horizontal = ()
    readonly_fields = ("last_login", "date_joined")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        if is_superuser(request):
            return fieldsets
        return [
            (title, {**options, "fields": tuple(f for f in options["fields"] if f not in MORE_THAN_A_ROLE)})
            for title, options in fieldsets
        ]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or not obj.is_superuser or is_superuser(request))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # history and claims name people; who leaves is made inactive


@admin.register(Authenticator)
class SecondFactorAdmin(admin.ModelAdmin):
    """An editor takes away what somebody lost; of a superuser only a superuser does. No secret is shown."""

    list_display = ("user", "type", "created_at", "last_used_at")
    list_select_related = ("user",)
    list_filter = ("type",)
    search_fields = ("user__username",)
    fields = ("user", "type", "created_at", "last_used_at")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        allowed = super().has_delete_permission(request, obj)
        return allowed and (obj is None or not obj.user.is_superuser or is_superuser(request))


@admin.register(Group)
class RoleAdmin(ReadOnly, GroupAdmin):
    """Shown, not edited: the next migration would set the permissions again."""


def is_superuser(request: HttpRequest) -> bool:
    return bool(getattr(request.user, "is_superuser", False))
