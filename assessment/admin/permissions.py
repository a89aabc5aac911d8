"""Who may do what on the staff pages. Groups hold these permissions; nobody needs to be a superuser for daily work."""

from django.core.exceptions import PermissionDenied

from core.permissions import list_staff_with


def has_permission(user, codename: str) -> bool:
    return user.has_perm(f"assessment.{codename}")


def require_permissions(request, *codenames: str) -> None:
    """Raises PermissionDenied for whoever lacks one of these."""
    if not all(has_permission(request.user, codename) for codename in codenames):
        raise PermissionDenied


def list_colleagues():
    """Everybody a check can be given to, by name."""
    return list_staff_with("assessment.change_review").order_by("first_name", "last_name", "username")
