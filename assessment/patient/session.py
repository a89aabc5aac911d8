"""A check that is under way: its answers live in the server-side session, as codes only."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.contrib.sessions.backends.base import UpdateError
from django.utils import timezone

from ..protocol.back_pain import PROTOCOL
from ..protocol.engine import AnswerPath, replay_answers

KEY = "check"
PAUSED = "paused"
RESULT = "result"
UNSAVED = "unsaved_result"
WAITS = "put_aside_until"


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
    # What ended it as an emergency before it was corrected: [question, option, door]. See advice.taken_back.
    taken_back: list[list[str]] = field(default_factory=list)
    consent: dict[str, str] = field(default_factory=dict)
    # What was counted of this check, so that nothing is counted twice: see counters.py.
    shown: dict[str, str] = field(default_factory=dict)
    counted: list[str] = field(default_factory=list)
    # How often it was put aside: see drafts.py.
    pauses: int = 0

    def path(self) -> AnswerPath:
        return replay_answers(PROTOCOL, self.answers)


def read_check(request) -> Check | None:
    """The check this visitor is in, or None."""
    stored = request.session.get(KEY)
    return Check(**stored) if stored else None


def reload_check(request) -> Check | None:
    """As current(), but as another request may have left it since this one began."""
    stored = request.session.load().get(KEY)
    return Check(**stored) if stored else None


def keep_check(request, check: Check) -> None:
    request.session[KEY] = dict(vars(check))


def keep_answer(request, check: Check) -> None:
    """As keep(), where only an answer is new: after a power cut the patient may be asked for it again."""
    keep_check(request, check)
    request.session.on_the_way = True


def clear_session(request) -> None:
    """Forget the check on this device, under a new session key. Someone signed in as staff stays signed in."""
    for key in (KEY, PAUSED, RESULT, UNSAVED, WAITS):
        request.session.pop(key, None)
    if request.session.keys():
        request.session.cycle_key()
    else:
        request.session.flush()


def start_check(request, check: Check | None = None) -> Check:
    """A new check in a new session, so that nothing of an earlier visitor on this device is left in it."""
    clear_session(request)
    check = check or Check()
    keep_check(request, check)
    return check


def resume_check(request, check: Check) -> None:
    """Go on here with a check that was put aside, in place of whatever was here. Saved at once.

    The session key stays, so that a second press with the same cookie finds the check: its code is used up.
    """
    for key in (PAUSED, RESULT, UNSAVED):
        request.session.pop(key, None)
    keep_check(request, check)
    try:
        request.session.save()
    except UpdateError:
        # The session that was here was ended in another tab just now; that must not cost the check.
        request.session.create()


def prepare_session(request) -> None:
    """A check may come in here with the next request: its session begins now, so that the cookie is there before.

    Whoever used this device earlier does not know its key, unless a check of theirs is still open in it.
    """
    if not set(request.session.keys()) - {WAITS}:
        request.session.cycle_key()


def keep_saved_result(request, assessment) -> None:
    """Answers out of the session, under a new session key; the record takes over."""
    clear_session(request)
    request.session[RESULT] = assessment.pk


def keep_unsaved_result(request, data: dict) -> None:
    """The patient keeps the result to themselves: it takes the place of the answers, in this session only.

    The session key stays, so that a second press with the same cookie finds the result: no record proves its token.
    """
    for key in (KEY, RESULT):
        request.session.pop(key, None)
    request.session[UNSAVED] = data


# The page with the code must survive a refresh and a second press, so the session keeps what the code is made from.
# On a device that others use it must not be there for the next one: the patient is asked to press "I have written it
# down", which clears the device, and who just walks away leaves it for these minutes, not for the day of a session.
SHOWN = timedelta(minutes=10)


def keep_pause_code(request, check: Check, until: datetime) -> None:
    """The check was put aside until then: nothing of its answers stays here.

    The session key stays, so that a second press with the same cookie finds the code.
    """
    for key in (KEY, RESULT, UNSAVED):
        request.session.pop(key, None)
    request.session[PAUSED] = {
        "token": check.token,
        "pauses": check.pauses,
        "until": until.isoformat(),
        "hidden_at": (timezone.now() + SHOWN).isoformat(),
    }


def read_pause_code(request) -> tuple[Check, datetime] | None:
    """What the code just shown here is made from, and until when it works; None, and forgotten, when SHOWN is over."""
    stored = request.session.get(PAUSED)
    if stored is None:
        return None
    if datetime.fromisoformat(stored["hidden_at"]) <= timezone.now():
        del request.session[PAUSED]
        return None
    return Check(token=stored["token"], pauses=stored["pauses"]), datetime.fromisoformat(stored["until"])


def keep_pause_deadline(request, until: datetime) -> None:
    """This device is cleared; a check that was put aside on it waits until then. No more than that is kept here."""
    request.session[WAITS] = until.isoformat()


def read_pause_deadline(request) -> datetime | None:
    stored = request.session.get(WAITS)
    return datetime.fromisoformat(stored) if stored else None
