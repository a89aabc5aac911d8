"""What must not be done by whoever finds an open screen: password and code are asked for once more.

A form that was sent too late is not lost by that: what was in it goes on with the password and the code (never a
password of it), and then to where it was meant for.
"""

import time
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar, cast

from django.conf import settings
from django.contrib import admin
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters

from core import audit
from core.pages.requests import StaffRequest
from core.throttle import DRIFT

from . import factors

if TYPE_CHECKING:
    from .forms import ConfirmForm

Request = TypeVar("Request", bound=HttpRequest)
Rest = ParamSpec("Rest")
View = Callable[Concatenate[Request, Rest], HttpResponseBase]

# In the session: when password and code were given last (Unix time).
GIVEN = "staff_confirmed"
# Who saw the form in time may take this much longer to fill it in. Seconds.
TO_FILL_IN = 10 * 60
# In the session: the addresses of the forms that were seen in time, the last ones.
SEEN, SEEN_MOST = "staff_seen_forms", 20
# Before the names of the two fields that come along with a form that was sent too late.
AGAIN = "again"


def mark_recent_login(session: SessionBase) -> None:
    session[GIVEN] = int(time.time())
    session.pop(SEEN, None)


def is_login_recent(request: HttpRequest) -> bool:
    """Whether password and code were given a moment ago; a form that was seen in time may be sent somewhat later."""
    allowed = settings.FRESH_MINUTES * 60
    if request.method == "POST" and request.path in request.session.get(SEEN, []):
        allowed += TO_FILL_IN
    given: int = request.session.get(GIVEN, 0)
    # Later than now: the clock was set back, and nobody knows how long ago it was.
    return -DRIFT.total_seconds() < time.time() - given < allowed


def note_seen_form(request: HttpRequest) -> None:
    seen: list[str] = request.session.get(SEEN, [])
    if request.path not in seen:
        request.session[SEEN] = [*seen, request.path][-SEEN_MOST:]


def require_recent_login(view: View[Request, Rest]) -> View[Request, Rest]:
    """Decorator for a view: it is reached within FRESH_MINUTES of giving password and code.

    request.asked_again: the person gave them a moment ago, on the way of a form to this view.
    """

    @wraps(view)
    @sensitive_post_parameters()
    def wrapped(request: Request, /, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponseBase:
        cast("StaffRequest", request).asked_again = False
        if is_login_recent(request):
            note_seen_form(request)
            return view(request, *args, **kwargs)
        if request.method == "POST":
            return ask_login_again(view, request, *args, **kwargs)
        to = QueryDict(mutable=True)
        to["next"] = request.get_full_path()
        return redirect(f"{reverse('admin:confirm')}?{to.urlencode(safe='/')}")

    return wrapped


def ask_login_again(
    view: View[Request, Rest], request: Request, *args: Rest.args, **kwargs: Rest.kwargs
) -> HttpResponseBase:
    """Ask on the way: the form that was sent, with a password and a code to be added; then the view."""
    from .forms import ConfirmForm  # it asks the other modules, which ask this one when they start

    asking = cast("StaffRequest", request)
    sent = request.POST.copy()
    given = {name: sent.pop(name)[-1] for name in list(sent) if name.startswith(f"{AGAIN}-")}
    form = ConfirmForm(asking, factors.has_phone(asking.user), given or None, prefix=AGAIN)
    if form.is_bound and accept_confirmation(asking, form):
        asking.asked_again = True
        request.POST = sent  # type: ignore[assignment]  # nothing here changes it any more
        return view(request, *args, **kwargs)
    kept = [
        (name, value)
        for name, values in sent.lists()
        if "password" not in name and name != "csrfmiddlewaretoken"
        for value in values
    ]
    context = {**admin.site.each_context(request), "title": "Is it still you?", "form": form, "kept": kept}
    return render(request, "staff/confirm.html", context, status=422 if form.errors else 200)


def accept_confirmation(request: StaffRequest, form: "ConfirmForm") -> bool:
    """Whether the form holds the person's password and code. The session and the audit know of it then."""
    if not form.is_valid():
        return False
    try:
        if "code" in form.fields:
            factors.verify_code(request, form.cleaned_data["code"])
    except factors.WrongCodeError as wrong:
        form.add_error("code", str(wrong))
        if not isinstance(wrong, factors.MustWaitError):
            audit.record_event(request.user, "code_failed")
        return False
    mark_recent_login(request.session)
    audit.record_event(request.user, "confirmed")
    return True
