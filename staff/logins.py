"""Logins and what follows from them: the clocks of the session start, and the trail hears of it."""

from django.contrib.auth import get_user_model
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed

from core import audit

from . import factors, fresh, idle


def entered(sender, request, user, **kwargs):
    """The password was right. Whoever has a phone, or must have one, still owes the code."""
    idle.start(request.session)
    if factors.has_phone(user):
        request.session[factors.DUE] = True
    else:
        fresh.stamp(request.session)
    audit.log(user, "login", what="password")


def failed(sender, credentials, **kwargs):
    """A name that nobody has is not told: people type passwords into the wrong field."""
    name = get_user_model().USERNAME_FIELD
    user = get_user_model().objects.filter(**{name: credentials.get(name) or credentials.get("username")}).first()
    if user:
        audit.log(None, "login_failed", user=user.pk)


def left(sender, request, user, **kwargs):
    if user and not getattr(request, "logged_off", False):
        audit.log(user, "logout")


def connect():
    for signal, receiver in ((user_logged_in, entered), (user_login_failed, failed), (user_logged_out, left)):
        signal.connect(receiver, dispatch_uid=f"staff.{receiver.__name__}")
