"""Staff are logged off after some minutes without doing anything, and after some hours in any case.

The page says when (templates/admin/base_site.html); static/logoff.js warns shortly before, and counts typing as doing.
"""

import secrets
import time
from typing import TypeVar, cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import get_script_prefix, reverse

from core import audit
from core.pages.requests import GetResponse, StaffRequest
from core.watch import vouching

from . import words
from .addresses import get_staff_prefix

Answer = TypeVar("Answer", bound=HttpResponse)

# In the session: when the person logged in, and when they last did something (Unix time).
SINCE, SEEN = "staff_since", "staff_seen"
# A random name of the open screen: see get_screen.
SCREEN = "staff_screen"
# Written at most this often, so that a look at a page costs no write. Seconds.
STEP = 60
# The header that a page's own requests carry while nobody touches it (static/desk.js).
BY_ITSELF = "X-By-Itself"


def start_session_clocks(session: SessionBase) -> None:
    session[SINCE] = session[SEEN] = int(time.time())
    get_screen(session)


def get_screen(session: SessionBase) -> str:
    """What guesses at an open screen are counted under. The key of a session can be renewed by whoever sits there."""
    return str(session.setdefault(SCREEN, secrets.token_hex(8)))


def correct_session_clocks(session: SessionBase) -> None:
    """The clock was set back: what was seen later than now counts as seen now, and the hours go on from there."""
    ahead = session[SEEN] - int(time.time())
    if ahead > STEP:
        session[SEEN] -= ahead
        session[SINCE] -= ahead


def get_seconds_by_reason(session: SessionBase) -> dict[str, float]:
    """Seconds until this session ends, by reason: "idle" and "hours". Not above 0: it has ended."""
    now = time.time()
    return {
        "idle": session[SEEN] + settings.IDLE_MINUTES * 60 + STEP - now,
        "hours": session[SINCE] + settings.SESSION_HOURS * 3600 - now,
    }


def get_seconds_until_log_off(session: SessionBase) -> int:
    """How long until the person is logged off if they do nothing."""
    return max(int(min(get_seconds_by_reason(session).values())), 0)


def log_off_idle_staff(get_response: GetResponse) -> GetResponse:
    """Middleware, for the staff pages only: the other pages never look at who is logged in."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if request.path.startswith(get_staff_prefix(get_script_prefix())) and request.user.is_authenticated:
            session = request.session
            if SEEN not in session or SINCE not in session:
                start_session_clocks(session)
            correct_session_clocks(session)
            for why, rest in get_seconds_by_reason(session).items():
                if rest <= 0:
                    return log_off(cast("StaffRequest", request), why)
            # To ask how long is left (staff.views.show_time_left) is not to do something; nor is what a page does by
            # itself, such as the desk, which looks now and then who else is writing.
            asks = request.method == "GET" and request.path == reverse("admin:here")
            asks = asks or BY_ITSELF in request.headers
            if time.time() - session[SEEN] >= STEP and not asks:
                session[SEEN] = int(time.time())
        # Whoever changes an account or an article is named in the audit. Nobody asks who it is before that.
        with vouching.name_actor(request.user):
            return get_response(request)

    return middleware


def log_off(request: StaffRequest, why: str) -> HttpResponse:
    """Log off. Whoever sent a form gets back what they had typed, to copy it: nothing was saved."""
    audit.record_event(request.user, "expired", reason=why)
    request.logged_off = True
    logout(request)
    minutes, hours = settings.IDLE_MINUTES, settings.SESSION_HOURS
    text = {
        "idle": f"You were logged off: for {minutes} minutes nothing was done here.",
        "hours": f"You were logged off: you had been logged in for {hours} hours.",
    }[why]
    response = words.give_back_words(request, text, 403)
    if response is None:
        messages.warning(request, text)
        back = request.get_full_path() if request.method == "GET" else reverse("admin:index")
        response = redirect_to_login(back, reverse("admin:login"))
    return forget_pages(response)


def forget_pages(response: Answer) -> Answer:
    """Nothing of the staff pages stays in this browser, also not behind its Back button.

    Cookies stay, above all the one by which this browser is known (known_devices.py).
    """
    response["Clear-Site-Data"] = '"cache", "storage"'
    return response
