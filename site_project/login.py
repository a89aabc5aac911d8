"""Slows down who guesses passwords of staff. It belongs to no application: all staff log in here.

A right password is not refused because others guess. Where they do, it passes from a browser in which its owner has
logged in before, and from any other together with the code of the owner's phone: whoever has not both learns of neither
whether it was right, by words or by time. What hashing passwords costs is bounded in the same way. The odds stand in
docs/security.md.
"""

import secrets
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

from core.throttle import Count, RateLimit, count_networks, return_tokens, take_token, take_tokens
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
# From one network that has a code to try beside the password: at one name, and at all names together.
BESIDE_HERE = RateLimit("login, code beside the password, one name from one network", 5, timedelta(minutes=1))
BESIDE_ALL_HERE = RateLimit("login, code beside the password, one network", 20, timedelta(minutes=1))
# These two are used up by nobody but who has the device, or the phone.
KNOWN_DEVICE = RateLimit("login, one name on a known device", 5, timedelta(minutes=1))
WITH_CODE = RateLimit("login, one name with its code", 5, timedelta(minutes=1))
# Passwords of unknown visitors that one process hashes at the same time: the other threads go on answering readers.
HASHING = BoundedSemaphore(3)
HASHING_WITH_CODE = BoundedSemaphore(2)


class ThrottledLogin(LoginFormBase):
    """For a form that asks for a user name and a password: a guess is counted before the password is looked at.

    Mix it in before the form. With the right password the guess is given back.
    """

    WAIT = (
        "Somebody made too many tries to log in. Nothing is wrong with your account. Type the code from your app too, "
        "and you need not wait. Without a phone, wait a minute and try again."
    )

    NOT_BOTH = (
        "Somebody made too many tries to log in. This name, password and code were not taken: look at each, and try "
        "again with the next code of your app, or wait a minute."
    )

    def clean(self) -> dict[str, Any]:
        name, code = self.cleaned_data.get("username") or "", self.cleaned_data.get("code") or ""
        if not (name and self.cleaned_data.get("password")):
            return super().clean()
        counts, places = self.list_counts(name)
        with limit_hashing(places) as free:
            if allowed := free and take_tokens(counts):
                cleaned = super().clean()
        if not allowed:
            counts, cleaned = self.clean_with_code(name, code)
        return_tokens(counts)
        # Whoever has the password must not learn here which code is right, and use it for the second step.
        factors.is_fresh_code(name, code, used_up=True)
        return cleaned

    def clean_with_code(self, name: str, code: str) -> tuple[list[Count], dict[str, Any]]:
        """Somebody guesses: name and password are looked at with a right code. Returns what to give back, and what
        clean() gives.

        A wrong code spoils the password: whichever of the two is wrong, the answer and the work for it are the same.
        """
        if not code:
            raise ValidationError(self.WAIT, code="wait")
        refusal = ValidationError(self.NOT_BOTH, code="wait")
        request, same = cast("HttpRequest", self.request), name.casefold()
        counts = [*count_networks(BESIDE_HERE, request, same), *count_networks(BESIDE_ALL_HERE, request)]
        with limit_hashing(HASHING_WITH_CODE) as free:
            if not (free and take_tokens(counts)):
                raise refusal
            is_right = factors.is_fresh_code(name, code)
            beside = (WITH_CODE, f"{same}\n{is_right}")
            if not (take_token(*beside) and is_right):
                self.cleaned_data["password"] = secrets.token_hex()
            try:
                cleaned = super().clean()
            except ValidationError:
                raise refusal from None
        return [*counts, beside], cleaned

    def list_counts(self, name: str) -> tuple[list[Count], BoundedSemaphore | None]:
        """What this guess is counted under, and which places for hashing it needs: none where nobody who only guesses
        comes to.
        """
        request = cast("HttpRequest", self.request)  # every page gives its form the request
        if device := find_known_device(request, User.objects.filter(username=name).first()):
            return [(KNOWN_DEVICE, device)], None
        same = name.casefold()
        # The one that others share comes last.
        networks = [*count_networks(ONE_NAME_HERE, request, same), *count_networks(ALL_NAMES_HERE, request)]
        return [*networks, (ONE_NAME, same)], HASHING


@contextmanager
def limit_hashing(places: BoundedSemaphore | None) -> "Iterator[bool]":
    """Whether a password may be hashed now. Nobody waits for that: a thread that waits answers no reader."""
    free = places is None or places.acquire(blocking=False)
    try:
        yield free
    finally:
        if places and free:
            places.release()


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
