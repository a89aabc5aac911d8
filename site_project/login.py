"""Slows down who guesses passwords of staff. It belongs to no application: all staff log in here."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.contrib import admin
from django.contrib.admin.forms import AdminAuthenticationForm
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse

from core.fields import NameField
from core.throttle import RateLimit, get_client_network, return_token, take_token

# From one network: few guesses at one name, and not many at all names together.
ONE_NAME_HERE = RateLimit("login, one name from one network", 5, timedelta(minutes=1))
ALL_NAMES_HERE = RateLimit("login, one network", 20, timedelta(minutes=1))
# From everywhere at one name: so many that one network cannot shut out the person whose name it is.
ONE_NAME = RateLimit("login, one name", 60, timedelta(seconds=10))


if TYPE_CHECKING:
    from django.contrib.auth.forms import AuthenticationForm

    LoginFormBase = AuthenticationForm
else:
    LoginFormBase = object


class ThrottledLogin(LoginFormBase):
    """For a form that asks for a user name and a password: a guess is counted before the password is looked at.

    Mix it in before the form. With the right password the guess is given back.
    """

    WAIT = "There were too many tries to log in. Wait a minute, then try again. Nothing is wrong with your account."

    def clean(self) -> dict[str, Any]:
        name = (self.cleaned_data.get("username") or "").casefold()
        here = get_client_network(cast("HttpRequest", self.request))  # every page gives its form the request
        if not name:
            return super().clean()
        # One after the other: what the first refuses must not use up the last, which others share.
        buckets = [(ONE_NAME_HERE, f"{here}\n{name}"), (ALL_NAMES_HERE, here), (ONE_NAME, name)]
        for limit, who in buckets:
            if not take_token(limit, who):
                raise ValidationError(self.WAIT, code="wait")
        cleaned = super().clean()
        for limit, who in buckets:
            return_token(limit, who)
        return cleaned


class LoginForm(ThrottledLogin, AdminAuthenticationForm):
    """The admin's own form."""

    username = NameField(widget=forms.TextInput({"autofocus": True}))


def log_in_staff(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """The admin's own login page; 429 where its form says to wait."""
    response = admin.site.login(request, **kwargs)
    form = (getattr(response, "context_data", None) or {}).get("form")
    if form and form.is_bound and form.has_error("__all__", "wait"):
        response.status_code = 429
        response.headers["Retry-After"] = str(ONE_NAME_HERE.wait)
    return response
