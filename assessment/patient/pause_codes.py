"""A check put aside: the patient keeps a code on paper, and goes on with it on whichever device.

The code is 12 digits: read aloud and typed the same in every language, on the large keys of a phone, without letters
that look or sound alike, and no mistake for the code of a result, which is all letters. A letter typed for a digit is
a slip of the eye, and put right.

12 digits are 39.9 bits. Somebody who guesses from everywhere at once has SITE: 300 tries and one more each second,
86,700 in the 24 hours that a code lives. With 1,000 checks put aside at a time, they find one of them with a
probability of 86,700 x 1,000 / 10**12 = 0.009 % a day: one in 32 years of trying without a pause. From one network
(CLIENT: 10 tries, then one a minute, 1,450 a day) it is one in 1,900 years.
"""

from dataclasses import asdict
from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from core.throttle import RateLimit
from core.typed import DIGITS, FOR_DIGITS, read_code

from ..models import PausedCheck
from .session import Check
from .stored import read_stored

LENGTH = 12
LIFE = timedelta(seconds=settings.SESSION_COOKIE_AGE)
CLIENT = RateLimit("code of a paused check, one network", 10, timedelta(minutes=1))
# So generous that one network, which CLIENT stops after ten tries, cannot use it up for all others.
SITE = RateLimit("code of a paused check, all networks", 300, timedelta(seconds=1))


def make_pause_code(check: Check) -> str:
    """The code of the check as it was put aside, such as "4729 1836 0518".

    It is made from SECRET_KEY and what the session knows, so it is stored nowhere and can still be shown again; and two
    presses of one button at once make the same code. pauses is in it: each time the check is put aside has its own.
    """
    mac = salted_hmac("assessment.drafts.code", f"{check.token}:{check.pauses}", algorithm="sha256").digest()
    digits = f"{int.from_bytes(mac) % 10**LENGTH:0{LENGTH}}"
    return " ".join(digits[at : at + 4] for at in range(0, LENGTH, 4))


def read_pause_code(typed: str) -> str:
    """The digits of the code meant by what was typed; "" when there is none."""
    return read_code(typed, DIGITS, LENGTH, FOR_DIGITS)


def hash_code(code: str) -> str:
    """What a paused check is found by: of no use to who reads the database without SECRET_KEY."""
    return salted_hmac("assessment.drafts.key", read_pause_code(code), algorithm="sha256").hexdigest()


def is_code_of(typed: str, check: Check) -> bool:
    """Whether this is the code under which the check was put aside last."""
    return bool(check.pauses) and constant_time_compare(read_pause_code(typed), read_pause_code(make_pause_code(check)))


def save_paused_check(check: Check) -> PausedCheck:
    """Keep the check for LIFE under a code of its own; a code that it had before is dead."""
    check.pauses += 1
    paused = PausedCheck(
        key=hash_code(make_pause_code(check)), token=check.token, data=asdict(check), expires_at=timezone.now() + LIFE
    )
    fields = ["key", "data", "expires_at"]
    return PausedCheck.objects.bulk_create(
        [paused], update_conflicts=True, unique_fields=["token"], update_fields=fields
    )[0]


def redeem_code(typed: str) -> Check | None:
    """The check of this code, which is dead from now on; None for a code that is wrong, used or too old.

    Of several who type it at once exactly one gets the check: who deleted the row. Call it in the transaction that
    keeps the check, so that a server that stops in between leaves the row as it was. One that another version stored
    and that cannot be read here counts as none, and waits for a server that can read it.
    """
    paused = PausedCheck.objects.filter(key=hash_code(typed), expires_at__gt=timezone.now()).first()
    check = paused and read_stored(Check, paused.data)
    if not (paused and check and PausedCheck.objects.filter(pk=paused.pk, key=paused.key).delete()[0]):
        return None
    return check


def has_valid_code(check: Check) -> bool:
    """Whether the code of the check as it was put aside can still be used."""
    return PausedCheck.objects.filter(key=hash_code(make_pause_code(check)), expires_at__gt=timezone.now()).exists()


def delete_paused_check(token: str) -> None:
    """The check with this token is finished or deleted: no code brings it back."""
    PausedCheck.objects.filter(token=token).delete()


def purge_paused_checks() -> int:
    """Delete the paused checks whose time is over; return how many."""
    return PausedCheck.objects.filter(expires_at__lte=timezone.now()).delete()[0]
