"""A check that is under way: its answers live in the server-side session, as codes only."""

import secrets
from dataclasses import asdict, dataclass, field

from django.utils import timezone

from .protocol.back_pain import PROTOCOL
from .protocol.engine import Path, replay

KEY = "check"
RESULT = "result"
UNSAVED = "unsaved_result"


@dataclass
class Check:
    """One walk through the questions.

    token: 256 random bits, minted here, unique among the saved checks. consent: what the patient agreed to at the start
    (consent.given), for an emergency answer that ends the check at once; empty: nothing is saved without asking again.
    """

    token: str = field(default_factory=lambda: secrets.token_hex(32))
    answers: dict[str, list[str]] = field(default_factory=dict)
    started: str = field(default_factory=lambda: timezone.now().isoformat())
    corrects: int | None = None
    consent: dict[str, str] = field(default_factory=dict)
    # What was counted of this check, so that nothing is counted twice: see counters.py.
    shown: dict[str, str] = field(default_factory=dict)
    counted: list[str] = field(default_factory=list)

    def path(self) -> Path:
        return replay(PROTOCOL, self.answers)


def current(request) -> Check | None:
    """The check this visitor is in, or None."""
    stored = request.session.get(KEY)
    return Check(**stored) if stored else None


def keep(request, check: Check) -> None:
    request.session[KEY] = asdict(check)


def clear(request) -> None:
    """Forget the check on this device, under a new session key. Someone signed in as staff stays signed in."""
    for key in (KEY, RESULT, UNSAVED):
        request.session.pop(key, None)
    if request.session.keys():
        request.session.cycle_key()
    else:
        request.session.flush()


def start(request, check: Check | None = None) -> Check:
    """A new check in a new session, so that nothing of an earlier visitor on this device is left in it."""
    clear(request)
    check = check or Check()
    keep(request, check)
    return check


def finish(request, assessment) -> None:
    """Answers out of the session, under a new session key; the record takes over."""
    clear(request)
    request.session[RESULT] = assessment.pk


def finish_unsaved(request, data: dict) -> None:
    """The patient keeps the result to themselves: it takes the place of the answers, in this session only.

    The session key stays, so that a second press with the same cookie finds the result: no record proves its token.
    """
    for key in (KEY, RESULT):
        request.session.pop(key, None)
    request.session[UNSAVED] = data
