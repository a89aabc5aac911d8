"""Slows down who guesses passwords of staff. It belongs to no application: all staff log in here.

A right password is not refused because others guess. Where they do, it passes from a browser in which its owner has
logged in before, and from any other together with the code of the owner's phone: such a code costs nothing to check,
and guessing at both at once leads nowhere. What hashing passwords costs is bounded in the same way. The odds stand in
docs/security.md.
"""

from contextlib import contextmanager
from datetime import timedelta
from threading import BoundedSemaphore
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.contrib import admin
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse

from core.throttle import Count, RateLimit, count_networks, return_tokens, take_tokens
from core.typed.fields import LineField, NameField
from staff import factors
from staff.known_devices import find_known_device, remember_device

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.contrib.auth.forms import AuthenticationForm

    LoginFormBase = AuthenticationForm
else:
    LoginFormBase = object

# From one network: few guesses at one name, and not many at all names together.
ONE_NAME_HERE = RateLimit("login, one name from one network", 5, timedelta(minutes=1))
ALL_NAMES_HERE = RateLimit("login, one network", 20, timedelta(minutes=1))
# From everywhere at one name: so many that one network cannot use it up.
ONE_NAME = RateLimit("login, one name", 60, timedelta(seconds=10))
# These two are used up by nobody but who has the device, or the phone.
KNOWN_DEVICE = RateLimit("login, one name on a known device", 5, timedelta(minutes=1))
WITH_CODE = RateLimit("login, one name with its code", 5, timedelta(minutes=1))
# Passwords of unknown visitors that one process hashes at the same time: the other threads go on answering readers.
HASHING = BoundedSemaphore(3)


class ThrottledLogin(LoginFormBase):
    """For a form that asks for a user name and a password: a guess is counted before the password is looked at.

    Mix it in before the form. With the right password the guess is given back.
    """

    WAIT = (
        "Somebody made too many tries to log in. Nothing is wrong with your account. Type the code from your app too, "
        "and you need not wait. Without a phone, wait a minute and try again."
    )

    def clean(self) -> dict[str, Any]:
        name = self.cleaned_data.get("username") or ""
        if not name:
            return super().clean()
        counts, is_proven = self.list_counts(name)
        with limit_hashing(is_proven) as free:
            if not (free and take_tokens(counts)):
                raise ValidationError(self.WAIT, code="wait")
            cleaned = super().clean()
        return_tokens(counts)
        # Whoever has the password must not learn here which code is right, and use it for the second step.
        factors.is_fresh_code(name, self.cleaned_data.get("code") or "", used_up=True)
        return cleaned

    def list_counts(self, name: str) -> tuple[list[Count], bool]:
        """What this guess is counted under, and whether that is out of reach of anybody who only guesses."""
        request = cast("HttpRequest", self.request)  # every page gives its form the request
        if factors.is_fresh_code(name, self.cleaned_data.get("code") or ""):
            return [(WITH_CODE, name)], True
        if device := find_known_device(request, User.objects.filter(username=name).first()):
            return [(KNOWN_DEVICE, device)], True
        same = name.casefold()
        # The one that others share comes last.
        networks = [*count_networks(ONE_NAME_HERE, request, same), *count_networks(ALL_NAMES_HERE, request)]
        return [*networks, (ONE_NAME, same)], False


@contextmanager
def limit_hashing(is_proven: bool) -> "Iterator[bool]":
    """Whether a password may be hashed now. Nobody waits for that: a thread that waits answers no reader."""
    free = is_proven or HASHING.acquire(blocking=False)
    try:
        yield free
    finally:
        if free and not is_proven:
            HASHING.release()


class LoginForm(ThrottledLogin, AdminAuthenticationForm):
    """The admin's own form, with a code for when others guess."""

    code = LineField(
        label="Code from your app",
        max_length=60,
        required=False,
        widget=forms.TextInput({"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )

    @property
    def asks_code(self) -> bool:
        """Whether the page has the field: only where somebody guesses."""
        return self.is_bound and ("code" in self.data or self.has_error("__all__", "wait"))

    username = NameField(widget=forms.TextInput({"autofocus": True}))


def log_in_staff(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """The admin's own login page; 429 where its form says to wait."""
    response = admin.site.login(request, **kwargs)
    form = (getattr(response, "context_data", None) or {}).get("form")
    if form and form.is_bound and form.has_error("__all__", "wait"):
        response.status_code = 429
        response.headers["Retry-After"] = str(ONE_NAME_HERE.wait)
    elif request.method == "POST" and request.user.is_authenticated and factors.has_taken_second_step(request):
        remember_device(request, response, request.user)
    return response
