"""How the people of the clinic and of the editors are called."""

from django.contrib.auth.models import AbstractUser


def display_name(user: AbstractUser) -> str:
    """A colleague's name, as colleagues read it."""
    return user.get_full_name() or user.get_username()
