"""How people are called."""

from django.contrib.auth.models import AbstractUser


def name_of(person: AbstractUser) -> str:
    """The full name where it is known, else the name for signing in."""
    return person.get_full_name() or person.get_username()
