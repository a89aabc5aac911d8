"""The second step of logging in: a six-digit code from an app on the person's phone, or a recovery code from paper.

The codes and their checks are django-otp's: a code counts once, and after each wrong one the wait doubles, up to 512
seconds. So whoever knows a password and guesses at the six digits makes the owner wait too, but not in a browser in
which the owner has logged in before, and not with a recovery code: these are counted by themselves. The odds stand in
docs/security.md. What of them is stored: models.py.
"""

import time
from base64 import b32encode
from datetime import timedelta
from io import BytesIO

import django_otp
import segno
from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django_otp.plugins.otp_static.models import StaticToken

from core.pages.requests import StaffRequest
from core.throttle import DRIFT, Count, RateLimit, count_networks, return_tokens, take_tokens
from core.typed.tidy import DIGITS, FOR_DIGITS, read_code
from core.watch import vouching

from . import idle
from .known_devices import find_known_device
from .models import Paper, Phone, UnreadableSeedError, hash_recovery_code, make_locked_seed

RECOVERY_CODES = 10
# The signs of a code from the paper: those of base 32.
PAPER_SIGNS = "abcdefghijklmnopqrstuvwxyz234567"
# In the session of somebody who gave the password and has yet to give the code.
DUE = "code_due"
# Codes from a browser in which this account was logged in to before; recovery codes from any other.
HERE = RateLimit("code, one known device", 5, timedelta(minutes=5))
PAPER = RateLimit("recovery code, one network", 5, timedelta(minutes=1))
# Wrong codes in a row that still double the wait: it is 512 seconds then.
DOUBLINGS = 10


class WrongCodeError(Exception):
    """The message says to the person what to do."""


class MustWaitError(WrongCodeError):
    """The code was not looked at."""


def has_phone(user: User) -> bool:
    return bool(Phone.objects.filter(user=user, confirmed=True).exists())


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
    kind, model = ("phone", Phone) if code else ("paper", Paper)
    code = code or read_code(text, PAPER_SIGNS, 8, {})
    device = model.objects.filter(user=request.user, confirmed=True).first()
    if device is None:
        raise WrongCodeError("This is not a code. It has six digits, or it is one of your recovery codes.")
    counts = list_code_counts(request, kind)
    if counts and not take_tokens(counts):
        minutes = counts[0][0].minutes
        wait = f"{minutes} minute{'' if minutes == 1 else 's'}"
        raise MustWaitError(f"There were wrong codes. Wait {wait}, then try again.")
    if not use_code(device, code, locks=not counts):
        raise WrongCodeError("This code is not right, or it was used before. Wait for the next one in your app.")
    return_tokens(counts)
    django_otp.login(request, device)
    request.session.pop(DUE, None)
    return kind


def list_code_counts(request: StaffRequest, kind: str) -> list[Count]:
    """What a guess at the code of this visitor is counted under; nothing where only the phone's own lock counts it."""
    device = find_known_device(request, request.user)
    if device:
        return [(HERE, device)]
    if getattr(request.user, "otp_device", None) is not None:  # both steps were taken: an open screen
        return [(HERE, f"{idle.get_screen(request.session)}\n{request.user.pk}")]
    return count_networks(PAPER, request, str(request.user.pk)) if kind == "paper" else []


def use_code(device: Phone | Paper, code: str, locks: bool = True, used_up: bool = True) -> bool:
    """Whether the device takes this code. Raises WrongCodeError while it must not be asked.

    locks: wrong codes make the next one wait, whoever sends it. False: the caller counts them. used_up: a right code is
    none from then on.
    """
    with transaction.atomic():
        # Locked: of two people who send one code at once, one is refused.
        there = type(device).objects.select_for_update().filter(pk=device.pk).first()
        if there is None:
            raise WrongCodeError("Your phone or your codes were changed a moment ago. Load the page again.")
        device = there
        forget_impossible_times(device)
        device.throttling_failure_count = min(device.throttling_failure_count, DOUBLINGS)
        device.throttling_enabled = locks
        allowed, why = device.verify_is_allowed()
        # What is no code is not looked at: it is a slip of the finger and no guess.
        try:
            # A recovery code is gone when it was used.
            with vouching.changing("account", *([device.user_id] if isinstance(device, Paper) else [])):
                right = allowed and bool(code) and device.verify_token(code)
        except UnreadableSeedError:
            raise WrongCodeError(
                "This site can no longer read the key of your phone. Ask a lead to press “Phone lost” on the page of "
                "your account, then set up your phone again."
            ) from None
        if not (locks or (right and used_up)):
            transaction.set_rollback(True)
    if not allowed:
        wait = max(int((why["locked_until"] - timezone.now()).total_seconds()) + 1, 1)
        raise MustWaitError(f"There were wrong codes. Wait {wait} second{'' if wait == 1 else 's'}, then try again.")
    return bool(right)


def forget_impossible_times(device: Phone | Paper) -> None:
    """The clock was set back: what was stored of a later time must not shut anybody out until then."""
    failed = device.throttling_failure_timestamp
    if failed and failed > timezone.now() + DRIFT:
        device.throttling_failure_timestamp = None
    if isinstance(device, Phone):
        newest = int(time.time() - device.t0) // device.step + device.drift + device.tolerance
        if device.last_t > newest + 1:
            device.last_t = -1


def is_fresh_code(name: str, text: str, used_up: bool = False) -> bool:
    """Whether it is the code that the phone of the account with this name shows now. used_up: as in use_code().

    Nothing is counted here: whoever asks counts it (site_project/login.py). A right one opens nothing, it only lets the
    password be looked at.
    """
    code = read_phone_code(text)
    device = Phone.objects.filter(user__username=name, user__is_active=True, confirmed=True).first()
    try:
        return bool(device and use_code(device, code, locks=False, used_up=used_up))
    except WrongCodeError:  # what is the matter is told to nobody who has not given the password
        return False


def get_new_phone(user: User) -> Phone:
    """The phone that this person is setting up: it counts once confirm_phone() has seen a code of it."""
    begun = Phone.objects.filter(user=user, confirmed=False)
    phone: Phone | None = begun.first()
    if phone is None or not phone.is_readable:
        begun.delete()
        phone = Phone(user=user, confirmed=False, name="phone", key=make_locked_seed())
        phone.save()
    return phone


def confirm_phone(request: StaffRequest, device: Phone, text: str) -> list[str]:
    """A code proves that the phone works: it is the person's only one now. Returns new recovery codes.

    Raises WrongCodeError.
    """
    if not use_code(device, read_phone_code(text)):
        raise WrongCodeError("This code is not right. Look at the app again: it shows a new one every 30 seconds.")
    with vouching.changing("account", device.user_id):
        Phone.objects.filter(user=device.user).exclude(pk=device.pk).delete()
        Phone.objects.filter(pk=device.pk).update(confirmed=True)
        codes = write_recovery_codes(device.user)
    device.refresh_from_db()
    django_otp.login(request, device)
    request.session.pop(DUE, None)
    return codes


def make_recovery_codes(user: User) -> list[str]:
    """Ten recovery codes, each good for one time; those from before are void. As people read them: "abcd-efgh"."""
    with vouching.changing("account", user.pk):
        return write_recovery_codes(user)


def write_recovery_codes(user: User) -> list[str]:
    """make_recovery_codes() inside a change of the account that is vouched for as a whole."""
    codes = [StaticToken.random_token() for _ in range(RECOVERY_CODES)]
    Paper.objects.filter(user=user).delete()
    paper = Paper.objects.create(user=user, name="paper")
    StaticToken.objects.bulk_create(
        StaticToken(device=paper, token=hash_recovery_code(user.pk, code)[0]) for code in codes
    )
    return [f"{code[:4]}-{code[4:]}" for code in codes]


def count_recovery_codes(user: User) -> int:
    return int(StaticToken.objects.filter(device__user=user).count())


def forget_phone(user: User) -> None:
    """A lost phone: neither it nor the recovery codes count any more, and open sessions need a code at once."""
    with vouching.changing("account", user.pk):
        Phone.objects.filter(user=user).delete()
        Paper.objects.filter(user=user).delete()


def format_phone_key(device: Phone) -> str:
    """The key as an app takes it by hand, in groups of four."""
    text = b32encode(device.bin_key).decode()
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def draw_qr_code(device: Phone) -> SafeString:
    """The key as a QR code: SVG that needs no style and no script."""
    out = BytesIO()
    segno.make(device.config_url, error="m").save(
        out, kind="svg", xmldecl=False, svgns=False, omitsize=True, border=4, dark="#000", light="#fff", svgclass="qr",
        lineclass=None,
    )  # fmt: skip
    return mark_safe(out.getvalue().decode())  # noqa: S308 (made here, from a URL that segno encodes as squares)
