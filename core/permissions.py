"""Who of the staff may do something."""

from django.contrib.auth.models import User
from django.db.models import QuerySet

# Named, since Django cannot choose where a clinic has a second way to log in.
BACKEND = "django.contrib.auth.backends.ModelBackend"


def list_staff_with(permission: str) -> QuerySet[User]:
    """The active staff who have this permission, such as "assessment.change_review", by a role or as a superuser."""
    return User.objects.with_perm(permission, backend=BACKEND).filter(is_staff=True)
