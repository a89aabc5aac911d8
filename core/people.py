"""The people of the clinic and of the editors: how they are called, and who may do what."""

from django.contrib.auth.models import AbstractUser, User
from django.db.models import QuerySet

# Permissions are those of accounts and groups, whichever way somebody signs in.
BACKEND = "django.contrib.auth.backends.ModelBackend"


def display_name(user: AbstractUser) -> str:
    """A colleague's name, as colleagues read it."""
    return user.get_full_name() or user.get_username()


def list_staff_with(permission: str) -> QuerySet[User]:
    """Everybody on the staff who may do this, such as "assessment.change_review"."""
    return User.objects.with_perm(permission, backend=BACKEND).filter(is_staff=True)
