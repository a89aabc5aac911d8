"""A check put aside: the patient keeps a code on paper, and goes on with it on whichever device.

The code is 16 digits, in fours as on a bank card: read aloud and typed the same in every language, on the large keys of
a phone, without letters that look or sound alike, and no mistake for the code of a result, which is all letters. A
letter typed for a digit is a slip of the eye, and put right.

A right code is taken whatever others type, on its own network and elsewhere, so its length alone must stand against
guessing. 16 digits are 53.1 bits. Let 1,000 checks be put aside at a time, and let guesses take all that a large site
can answer, 1,000 a second, 86.4 million in the 24 hours that a code lives: they find one of the checks with a
probability of 86,400,000 x 1,000 / 10**16 = 0.00086 % a day, once in 317 years. Wrong codes are counted by network all
the same (WRONG), so that machines are told to stop.
"""

from dataclasses import asdict
from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from core.keyed_hashes import list_hashes, list_secrets
from core.throttle import RateLimit
from core.typed.tidy import DIGITS, FOR_DIGITS, read_code

from ..models import PausedCheck
from .session import Check
from .stored import read_stored

LENGTH = 16
LIFE = timedelta(seconds=settings.SESSION_COOKIE_AGE)
WRONG = RateLimit("wrong code of a paused check, one network", 20, timedelta(seconds=10))


def make_pause_code(check: Check, secret: str | None = None) -> str:
    """The code of the check as it was put aside, such as "4729 1836 0518 7264".

    It is made from SECRET_KEY and what the session knows, so it is stored nowhere and can still be shown again; and two
    presses of one button at once make the same code. pauses is in it: each time the check is put aside has its own.
    """
    mac = salted_hmac(
        "assessment.drafts.code", f"{check.token}:{check.pauses}", secret=secret, algorithm="sha256"
    ).digest()
    digits = f"{int.from_bytes(mac) % 10**LENGTH:0{LENGTH}}"
    return " ".join(digits[at : at + 4] for at in range(0, LENGTH, 4))


def read_pause_code(typed: str) -> str:
    """The digits of the code meant by what was typed; "" when there is none."""
    # Codes of 12 were given out until the upgrade, and live for a day.
    return read_code(typed, DIGITS, LENGTH, FOR_DIGITS) or read_code(typed, DIGITS, 12, FOR_DIGITS)


def hash_code(code: str) -> list[str]:
    """What a paused check is found by: of no use to who reads the database without SECRET_KEY. The first is stored."""
    return list_hashes("assessment.drafts.key", read_pause_code(code))


def list_codes(check: Check) -> list[str]:
    """The code of the check as it was put aside last, if that was under the present SECRET_KEY, or one before it."""
    return [make_pause_code(check, secret) for secret in list_secrets()]


def is_code_of(typed: str, check: Check) -> bool:
    """Whether this is the code under which the check was put aside last."""
    code = read_pause_code(typed)
    return bool(check.pauses) and any(constant_time_compare(code, read_pause_code(own)) for own in list_codes(check))


def save_paused_check(check: Check) -> PausedCheck:
    """Keep the check for LIFE under a code of its own; a code that it had before is dead."""
    check.pauses += 1
    paused = PausedCheck(
        key=hash_code(make_pause_code(check))[0],
        token=check.token,
        data=asdict(check),
        expires_at=timezone.now() + LIFE,
    )
    fields = ["key", "data", "expires_at"]
    return PausedCheck.objects.bulk_create(
        [paused], update_conflicts=True, unique_fields=["token"], update_fields=fields
    )[0]


def find_paused_check(typed: str) -> PausedCheck | None:
    """What waits under this code; None for a code that is wrong, used or too old."""
    return PausedCheck.objects.filter(key__in=hash_code(typed), expires_at__gt=timezone.now()).first()


def redeem_code(typed: str) -> Check | None:
    """The check of this code, which is dead from now on; None for a code that is wrong, used or too old.

    Of several who type it at once exactly one gets the check: who deleted the row. Call it in the transaction that
    keeps the check, so that a server that stops in between leaves the row as it was. One that another version stored
    and that cannot be read here counts as none, and waits for a server that can read it.
    """
    paused = find_paused_check(typed)
    check = paused and read_stored(Check, paused.data)
    if not (paused and check and PausedCheck.objects.filter(pk=paused.pk, key=paused.key).delete()[0]):
        return None
    return check


def find_valid_code(check: Check) -> str:
    """The code of the check as it was put aside, to be shown again; "" when it cannot be used any more."""
    waiting = PausedCheck.objects.filter(expires_at__gt=timezone.now())
    return next((code for code in list_codes(check) if waiting.filter(key__in=hash_code(code)).exists()), "")


def delete_paused_check(token: str) -> None:
    """The check with this token is finished or deleted: no code brings it back."""
    PausedCheck.objects.filter(token=token).delete()


def purge_paused_checks() -> int:
    """Delete the paused checks whose time is over; return how many."""
    return PausedCheck.objects.filter(expires_at__lte=timezone.now()).delete()[0]
