"""A password that somebody else chose, or that a command printed: its person chooses their own when they log in."""

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest

from .models import GivenPassword

# In the session of somebody who has yet to choose a password of their own.
DUE = "password_due"
# The pages, by name, that are open to them.
OPEN = {"password_change", "password_change_done", "logout", "here", "jsi18n"}


def mark_given_password(user: int) -> None:
    """Somebody else knows the password of this account."""
    GivenPassword.objects.get_or_create(user_id=user)


def has_given_password(user: User) -> bool:
    return GivenPassword.objects.filter(user=user).exists()


def is_change_due(request: HttpRequest) -> bool:
    """Whether this visitor sees nothing else before they have chosen a password."""
    match = request.resolver_match
    return DUE in request.session and (match is None or match.url_name not in OPEN)


def explain_change(request: HttpRequest) -> None:
    if DUE in request.session:
        messages.info(request, "Choose a password of your own: the one that you have was given to you.")


def end_given_password(request: HttpRequest) -> None:
    """This person has just chosen their own."""
    GivenPassword.objects.filter(user=request.user.pk).delete()
    request.session.pop(DUE, None)
