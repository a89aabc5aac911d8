"""Logins and what follows from them: the clocks of the session start, and the audit tells of it."""

from typing import Any

from django.contrib.auth.models import User
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.http import HttpRequest

from core import audit

from . import factors, given_passwords, idle, recent_login


def handle_login(sender: object, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """The password was right. Whoever has a phone, or must have one, still owes the code."""
    idle.start_session_clocks(request.session)
    if given_passwords.has_given_password(user):
        request.session[given_passwords.DUE] = True
    if factors.has_phone(user):
        request.session[factors.DUE] = True
    else:
        recent_login.mark_recent_login(request.session)
    audit.record_event(user, "login", what="password")


def handle_failed_login(sender: object, credentials: dict[str, Any], **kwargs: Any) -> None:
    """A name that nobody has is not told: people type passwords into the wrong field."""
    name = User.USERNAME_FIELD
    user = User.objects.filter(**{name: credentials.get(name) or credentials.get("username")}).first()
    if user:
        audit.record_event(None, "login_failed", user=user.pk)


def handle_logout(sender: object, request: HttpRequest, user: User | None, **kwargs: Any) -> None:
    if user and not getattr(request, "logged_off", False):
        audit.record_event(user, "logout")


def connect_signals() -> None:
    for signal, receiver in (
        (user_logged_in, handle_login),
        (user_login_failed, handle_failed_login),
        (user_logged_out, handle_logout),
    ):
        signal.connect(receiver, dispatch_uid=f"staff.{receiver.__name__}")
