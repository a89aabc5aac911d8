"""Who may do what on the staff pages. Groups hold these permissions; nobody needs to be a superuser for daily work."""

from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest

from core.people import list_staff_with


def has_permission(user: User | AnonymousUser, codename: str) -> bool:
    return user.has_perm(f"assessment.{codename}")


def require_permissions(request: HttpRequest, *codenames: str) -> User:
    """Who asks. Raises PermissionDenied for whoever lacks one of these."""
    user = request.user
    if not isinstance(user, User) or not all(has_permission(user, codename) for codename in codenames):
        raise PermissionDenied
    return user


def list_colleagues() -> QuerySet[User]:
    """Everybody a check can be given to, by name."""
    return list_staff_with("assessment.change_review").order_by("first_name", "last_name", "username")
