"""A check that is under way: its answers live in the server-side session, as codes only."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Annotated, Any, cast

from django.conf import settings
from django.contrib.sessions.backends.base import CreateError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from core.sessions import SessionStore, delete_note, leave_note, read_note
from core.throttle import DRIFT

from ..models import Assessment
from ..protocol.back_pain import PROTOCOL
from ..protocol.engine import AnswerPath, replay_answers
from .stored import NEEDED, IsoDay, IsoTime, Token, is_time, read_stored

KEY = "check"
PAUSED = "paused"
RESULT = "result"
# The name of what leads to that result from the key before: see keep_saved_result.
NOTE = "note"
UNSAVED = "unsaved_result"
WAITS = "put_aside_until"


def is_consent(value: dict[str, str]) -> bool:
    """Whether it is all that build_consent makes, as an assessment can store it."""
    return (
        value.keys() >= {"consent_text", "consent_version", "consent_at"}
        and len(value["consent_version"]) <= 20
        and is_time(value["consent_at"])
    )


TakenBack = Annotated[list[str], lambda value: len(value) == 3]


@dataclass
class Check:
    """One walk through the questions.

    token: 256 random bits, unique among the saved assessments. consent: what the patient agreed to at the start
    (build_consent), for an emergency answer that ends the check at once; empty: nothing is saved without asking again.
    """

    token: Token = field(default_factory=lambda: secrets.token_hex(32), metadata=NEEDED)
    answers: dict[str, list[str]] = field(default_factory=dict)
    started: IsoTime = field(default_factory=lambda: timezone.now().isoformat())
    corrects: int | None = None
    # What ended it as an emergency before it was corrected: [question, option, variant]. See
    # advice.list_taken_back_answers.
    taken_back: list[TakenBack] = field(default_factory=list)
    consent: Annotated[dict[str, str], is_consent] = field(default_factory=dict)
    # What was counted of this check, so that nothing is counted twice: see step_counts.py.
    shown: dict[str, IsoDay] = field(default_factory=dict)
    counted: list[str] = field(default_factory=list)
    # How often it was put aside: see pause_codes.py.
    pauses: int = 0

    def path(self) -> AnswerPath:
        return replay_answers(PROTOCOL, self.answers)


@dataclass
class PauseCode:
    """What the code of a paused check is made from, until when it works, and until when this device may show it."""

    token: Token
    until: IsoTime
    hidden_at: IsoTime
    pauses: int = 0


def read_check(request: HttpRequest) -> Check | None:
    """The check this visitor is in, or None."""
    return read_stored(Check, request.session.get(KEY))


def keep_check(request: HttpRequest, check: Check) -> None:
    request.session[KEY] = dict(vars(check))


def keep_answer(request: HttpRequest, check: Check) -> None:
    """As keep_check(), where only an answer is new: after a power cut the patient may be asked for it again."""
    keep_check(request, check)
    cast(SessionStore, request.session).on_the_way = True


def clear_session(request: HttpRequest) -> None:
    """Forget the check on this device, under a new session key. Someone signed in as staff stays signed in."""
    if name := request.session.pop(NOTE, ""):
        delete_note(name)
    for key in (KEY, PAUSED, RESULT, UNSAVED, WAITS):
        request.session.pop(key, None)
    if request.session.keys():
        request.session.cycle_key()
    else:
        request.session.flush()


def start_check(request: HttpRequest, check: Check | None = None) -> Check:
    """A new check in a new session, so that nothing of an earlier visitor on this device is left in it."""
    clear_session(request)
    check = check or Check()
    keep_check(request, check)
    return check


def resume_check(request: HttpRequest, check: Check, code: str) -> None:
    """Go on here with a check that was put aside, in place of whatever was here, in a new session. Saved at once.

    Its key is made from the browser's CSRF secret and the code, so that a second press, which comes with the cookies of
    the first, finds the check though its code is used up: find_resumed_check(). Nobody else can tell the key.
    """
    old, kept = request.session.session_key, dict(request.session.items())
    for key in (PAUSED, RESULT, UNSAVED):
        kept.pop(key, None)
    new = SessionStore()
    new.update({**kept, KEY: dict(vars(check))})
    try:
        new._session_key = make_resumed_key(request, code)
        new.save(must_create=True)
    except CreateError:
        new.create()
    if old:
        request.session.delete(old)
    request.session = new


def find_resumed_check(request: HttpRequest, code: str) -> Check | None:
    """The check that another press in this browser has just opened with this code: its session becomes this one's."""
    found = SessionStore(make_resumed_key(request, code))
    check = read_stored(Check, found.get(KEY))
    if check:
        request.session, found.modified = found, True
    return check


def make_resumed_key(request: HttpRequest, code: str) -> str:
    """Of the session into which this browser takes the check of this code, as pause_codes.read_pause_code() has it."""
    secret = request.META.get("CSRF_COOKIE") or secrets.token_hex()  # without one no form of ours is taken
    return salted_hmac("assessment.drafts.session", f"{secret}:{code}", algorithm="sha256").hexdigest()[:32]


# How long after the first press of the last button a second one counts: on a slow line, or when the site was away.
SECOND_PRESS = timedelta(minutes=10)


def keep_saved_result(request: HttpRequest, assessment: Assessment) -> None:
    """Answers out of the session, under a new session key; the record takes over.

    Under the key from before stays, for SECOND_PRESS, which record it is: see read_overtaken_result.
    """
    # A second press comes with the key from before the first, which leads nowhere but to the note.
    before, name = request.session.session_key or request.COOKIES.get(settings.SESSION_COOKIE_NAME), ""
    if before:
        # First: a server that is killed between the two leaves either the check or the way to its result.
        name = leave_note(before, {RESULT: assessment.pk}, SECOND_PRESS)
    clear_session(request)
    request.session[RESULT] = assessment.pk
    if name:
        request.session[NOTE] = name


def read_overtaken_result(request: HttpRequest) -> Assessment | None:
    """What this browser sent a moment ago, when it comes with the session key that it had before that."""
    number = read_note(request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")).get(RESULT)
    return Assessment.objects.filter(pk=number).first() if number else None


def keep_unsaved_result(request: HttpRequest, data: dict[str, Any]) -> None:
    """The patient keeps the result to themselves: it takes the place of the answers, in this session only.

    The session key stays, so that a second press with the same cookie finds the result.
    """
    for key in (KEY, RESULT):
        request.session.pop(key, None)
    request.session[UNSAVED] = data


# The page with the code must survive a refresh and a second press, so the session keeps what the code is made from.
# On a device that others use it must not be there for the next one: the patient is asked to press "I have written it
# down", which clears the device, and who just walks away leaves it for these minutes, not for the day of a session.
SHOWN = timedelta(minutes=10)


def keep_pause_code(request: HttpRequest, check: Check, until: datetime) -> None:
    """The check was put aside until then: nothing of its answers stays here.

    The session key stays, so that a second press with the same cookie finds the code.
    """
    for key in (KEY, RESULT, UNSAVED):
        request.session.pop(key, None)
    hidden_at = timezone.now() + SHOWN
    request.session[PAUSED] = vars(PauseCode(check.token, until.isoformat(), hidden_at.isoformat(), check.pauses))


def read_pause_code(request: HttpRequest) -> tuple[Check, datetime] | None:
    """What the code just shown here is made from, and until when it works; None, and forgotten, when SHOWN is over."""
    if PAUSED not in request.session:
        return None
    stored = read_stored(PauseCode, request.session[PAUSED])
    now = timezone.now()
    # Further ahead than SHOWN: the clock was set back, and nobody knows how long ago the page was shown.
    if stored is None or not now < datetime.fromisoformat(stored.hidden_at) <= now + SHOWN + DRIFT:
        del request.session[PAUSED]
        return None
    return Check(token=stored.token, pauses=stored.pauses), datetime.fromisoformat(stored.until)


def keep_pause_deadline(request: HttpRequest, until: datetime) -> None:
    """This device is cleared; a check that was put aside on it waits until then. No more than that is kept here."""
    request.session[WAITS] = until.isoformat()


def read_pause_deadline(request: HttpRequest) -> datetime | None:
    """None also where another version stored something that is no time."""
    stored = request.session.get(WAITS)
    return datetime.fromisoformat(stored) if isinstance(stored, str) and is_time(stored) else None


def read_result_number(request: HttpRequest) -> int | None:
    """The number of the saved assessment whose result is in view here."""
    stored = request.session.get(RESULT)
    return stored if type(stored) is int else None
