"""The forms of the second step."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.admin.forms import AdminPasswordChangeForm as OwnPasswordChangeForm
from django.contrib.auth import authenticate
from django.contrib.auth.forms import AdminPasswordChangeForm
from django.contrib.auth.models import User

from core.pages.requests import StaffRequest
from core.throttle import RateLimit, return_token, take_token
from core.typed.fields import LineField

from . import idle

if TYPE_CHECKING:
    GivenPasswordForm = AdminPasswordChangeForm[User]
else:
    GivenPasswordForm = AdminPasswordChangeForm

GUESSES = RateLimit("password once more, one session", 5, timedelta(minutes=1))

CODE = {"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false", "autofocus": True}


class CodeForm(forms.Form):
    code = LineField(
        label="Code",
        max_length=60,
        widget=forms.TextInput(CODE),
        error_messages={"required": "Type the six digits that your app shows."},
    )

    use_required_attribute = False

    def __init__(self, *args: Any, focus: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Where there is something to read first, the page begins at its top.
        self.fields["code"].widget.attrs["autofocus"] = focus


class PasswordAlone:
    """Before a form that gives a password: it writes that and nothing else, which somebody may have changed."""

    def save(self, commit: bool = True) -> User:
        user: User = super().save(commit=False)  # type: ignore[misc]  # of the form beside it
        user.save(update_fields=["password"])
        return user


class NewPasswordForm(PasswordAlone, GivenPasswordForm):
    """A lead gives somebody a new password."""


def check_own_password(request: StaffRequest, password: str, message: str) -> str:
    """The password, if it is that of the person who is logged in; raises ValidationError with this message.

    Somebody at an open screen must not have more tries here than at the login. Another screen has its own.
    """
    here = f"{idle.get_screen(request.session)}\n{request.user.pk}"
    if not take_token(GUESSES, here):
        raise forms.ValidationError("There were too many tries. Wait a minute, then try again.")
    if authenticate(request, username=request.user.get_username(), password=password) is None:
        raise forms.ValidationError(message)
    return_token(GUESSES, here)
    return password


class OwnPasswordForm(PasswordAlone, OwnPasswordChangeForm):
    """Another password than the one that was given."""

    # Set by the view.
    request: StaffRequest

    def clean_old_password(self) -> str:
        wrong = str(self.error_messages["password_incorrect"])
        return check_own_password(self.request, self.cleaned_data["old_password"], wrong)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("old_password") and cleaned["old_password"] == cleaned.get("new_password1"):
            self.add_error("new_password1", "This is the password that you have. Choose another.")
        return cleaned


class ConfirmForm(forms.Form):
    """Password and code of the person who is logged in. Without a phone (only on one's own machine) no code."""

    password = forms.CharField(
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password", "autofocus": True}),
        error_messages={"required": "Type your password."},
    )
    code = LineField(
        label="Code",
        max_length=60,
        widget=forms.TextInput({**CODE, "autofocus": False}),
        help_text="The next six digits from your app. Each code counts once.",
        error_messages={"required": "Type the six digits that your app shows."},
    )

    use_required_attribute = False

    def __init__(self, request: StaffRequest, phone: bool, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        if not phone:
            del self.fields["code"]

    def clean_password(self) -> str:
        return check_own_password(self.request, self.cleaned_data["password"], "This is not your password.")
