"""The second step of logging in: a six-digit code from an app on the person's phone, or a recovery code from paper.

The codes and their checks are django-otp's: a code counts once, and after each wrong one the wait doubles.
"""

from base64 import b32encode
from io import BytesIO

import django_otp
import segno
from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from core.requests import StaffRequest
from core.typed import DIGITS, FOR_DIGITS, read_code

RECOVERY_CODES = 10
# The signs of a code from the paper: those of base 32.
PAPER = "abcdefghijklmnopqrstuvwxyz234567"
# In the session of somebody who gave the password and has yet to give the code.
DUE = "code_due"


class WrongCodeError(Exception):
    """The message says to the person what to do."""


def has_phone(user: User) -> bool:
    return bool(TOTPDevice.objects.filter(user=user, confirmed=True).exists())


def has_taken_second_step(request: HttpRequest) -> bool:
    """Whether this visitor has taken the second step, or needs none: see SECOND_FACTOR in the settings."""
    if getattr(request.user, "otp_device", None) is not None:
        return True
    return not settings.SECOND_FACTOR and DUE not in request.session


def read_phone_code(text: str) -> str:
    """The six digits of a code from an app; "" when there are none."""
    return read_code(text, DIGITS, 6, FOR_DIGITS)


def verify_code(request: StaffRequest, text: str) -> str:
    """Take this code, once; "phone" or "paper". Raises WrongCodeError. The session is verified from then on."""
    code = read_phone_code(text)
    kind, model = ("phone", TOTPDevice) if code else ("paper", StaticDevice)
    code = code or read_code(text, PAPER, 8, {})
    device = model.objects.filter(user=request.user, confirmed=True).first()
    if device is None:
        raise WrongCodeError("This is not a code. It has six digits, or it is one of your recovery codes.")
    if not use_code(device, code):
        raise WrongCodeError("This code is not right, or it was used before. Wait for the next one in your app.")
    django_otp.login(request, device)
    request.session.pop(DUE, None)
    return kind


def use_code(device: TOTPDevice | StaticDevice, code: str) -> bool:
    """Whether the device takes this code. Raises WrongCodeError while it must not be asked."""
    with transaction.atomic():
        # Locked: of two people who send one code at once, one is refused.
        device = type(device).objects.select_for_update().get(pk=device.pk)
        allowed, why = device.verify_is_allowed()
        # What is no code is not looked at: it is a slip of the finger and no guess.
        right = allowed and bool(code) and device.verify_token(code)
    if not allowed:
        wait = max(int((why["locked_until"] - timezone.now()).total_seconds()) + 1, 1)
        raise WrongCodeError(f"There were wrong codes. Wait {wait} second{'' if wait == 1 else 's'}, then try again.")
    return right


def get_new_phone(user: User) -> TOTPDevice:
    """The phone that this person is setting up: it counts once confirm_phone() has seen a code of it."""
    device, _ = TOTPDevice.objects.get_or_create(user=user, confirmed=False, defaults={"name": "phone"})
    return device


def confirm_phone(request: StaffRequest, device: TOTPDevice, text: str) -> list[str]:
    """A code proves that the phone works: it is the person's only one now. Returns new recovery codes.

    Raises WrongCodeError.
    """
    if not use_code(device, read_phone_code(text)):
        raise WrongCodeError("This code is not right. Look at the app again: it shows a new one every 30 seconds.")
    with transaction.atomic():
        TOTPDevice.objects.filter(user=device.user).exclude(pk=device.pk).delete()
        TOTPDevice.objects.filter(pk=device.pk).update(confirmed=True)
        codes = make_recovery_codes(device.user)
    device.refresh_from_db()
    django_otp.login(request, device)
    request.session.pop(DUE, None)
    return codes


def make_recovery_codes(user: User) -> list[str]:
    """Ten recovery codes, each good for one time; those from before are void. As people read them: "abcd-efgh"."""
    StaticDevice.objects.filter(user=user).delete()
    device = StaticDevice.objects.create(user=user, name="paper")
    tokens = [StaticToken(device=device, token=StaticToken.random_token()) for _ in range(RECOVERY_CODES)]
    StaticToken.objects.bulk_create(tokens)
    return [f"{item.token[:4]}-{item.token[4:]}" for item in tokens]


def count_recovery_codes(user: User) -> int:
    return int(StaticToken.objects.filter(device__user=user).count())


def forget_phone(user: User) -> None:
    """A lost phone: neither it nor the recovery codes count any more, and open sessions need a code at once."""
    TOTPDevice.objects.filter(user=user).delete()
    StaticDevice.objects.filter(user=user).delete()


def format_phone_key(device: TOTPDevice) -> str:
    """The key as an app takes it by hand, in groups of four."""
    text = b32encode(device.bin_key).decode()
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def draw_qr_code(device: TOTPDevice) -> SafeString:
    """The key as a QR code: SVG that needs no style and no script."""
    out = BytesIO()
    segno.make(device.config_url, error="m").save(
        out, kind="svg", xmldecl=False, svgns=False, omitsize=True, border=4, dark="#000", light="#fff", svgclass="qr",
        lineclass=None,
    )  # fmt: skip
    return mark_safe(out.getvalue().decode())  # noqa: S308 (made here, from a URL that segno encodes as squares)
