"""Who may do what on the staff pages. Groups hold these permissions; nobody needs to be a superuser for daily work."""

from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied

BACKEND = "django.contrib.auth.backends.ModelBackend"


def has_permission(user, codename: str) -> bool:
    return user.has_perm(f"assessment.{codename}")


def require_permissions(request, *codenames: str) -> None:
    """Raises PermissionDenied for whoever lacks one of these."""
    if not all(has_permission(request.user, codename) for codename in codenames):
        raise PermissionDenied


def list_colleagues():
    """Everybody a check can be given to, by name."""
    found = get_user_model().objects.with_perm("assessment.change_review", backend=BACKEND)
    return found.filter(is_staff=True).order_by("first_name", "last_name", "username")
