"""When the database is away, locked, full or read-only: a kind page with 503, and nothing that was typed is lost.

Two places see such an error: a view, and the session middleware, which loads and saves outside of every view.
"""

import logging
import re
from collections.abc import Callable

from django.conf import settings
from django.contrib.sessions.exceptions import SessionInterrupted
from django.contrib.sessions.middleware import SessionMiddleware
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.db import DatabaseError, DataError, IntegrityError, InterfaceError, NotSupportedError, ProgrammingError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template import loader

from content.public import list_signs_of_every_page
from core.pages.requests import GetResponse
from staff import idle
from staff.public import is_staff_post

logger = logging.getLogger(__name__)
# The fault of our code and not of the moment: pressing again would not help, so these stay errors.
OUR_OWN = (DataError, IntegrityError, NotSupportedError, ProgrammingError)
RETRY_AFTER = 30  # seconds
# What must not come back in a page: a form with a field of such a name is filled in again.
SECRET = re.compile("password|^again-")


def is_outage(error: BaseException) -> bool:
    """Whether this may pass by itself: the database cannot be reached, read or written, or the disk is full."""
    return isinstance(error, (DatabaseError, InterfaceError)) and not isinstance(error, OUR_OWN)


def render_unavailable(request: HttpRequest, error: BaseException) -> HttpResponse:
    """503 with a page that needs no database. What was sent stands in it, so that one press sends it again."""
    logger.error("outage", extra={"error": type(error.__cause__ or error).__name__})
    context = {
        "clinic": settings.CLINIC,
        "signs": list_signs_of_every_page(),
        "path": request.path,
        "again": list_sent_fields(request),
    }
    return HttpResponse(
        loader.render_to_string("503.html", context),
        status=503,
        headers={"Retry-After": str(RETRY_AFTER), "Cache-Control": "no-store, private"},
    )


def list_sent_fields(request: HttpRequest) -> list[tuple[str, str]] | None:
    """The fields of the form that was sent, as [(name, value)]; None where sending them again would not be the same."""
    if request.method != "POST":
        return None
    try:
        fields, files = request.POST, request.FILES
    except (BadRequest, SuspiciousOperation, OSError):
        return None
    # A code on the staff pages is one of a phone or of the paper; on patients' pages it is theirs to send again.
    codes = is_staff_post(request) and "code" in fields
    if files or codes or any(SECRET.search(name) for name in fields):
        return None
    return [(name, str(value)) for name, values in fields.lists() for value in values]


class OutageSessionMiddleware(SessionMiddleware):
    """Django's own, which answers a full disk with 500, or with a false 400, when it cannot save the session."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        try:
            return super().process_response(request, response)
        except SessionInterrupted as error:
            # Ended in another tab while this request ran. Sent again, the form finds out what became of its check.
            return render_unavailable(request, error)
        except (DatabaseError, InterfaceError) as error:
            if not is_outage(error):
                raise
            return self.render_fallback(request, response, error)

    def render_fallback(self, request: HttpRequest, response: HttpResponse, error: BaseException) -> HttpResponse:
        """The page that a view left for this case (response.unkept), such as a result that could not be saved."""
        page: Callable[[], HttpResponse] | None = getattr(response, "unkept", None)
        try:
            return page() if page else render_unavailable(request, error)
        except (DatabaseError, InterfaceError):
            return render_unavailable(request, error)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return render_unavailable(request, error) if is_outage(error) else None


def log_off_idle_staff_safely(get_response: GetResponse) -> GetResponse:
    """Middleware: staff.idle.log_off_idle_staff, which asks the database outside of every view.

    It cannot stand inside this one in the list: Django turns the error of one middleware into a 500 before the next.
    """
    inner = idle.log_off_idle_staff(get_response)

    def middleware(request: HttpRequest) -> HttpResponseBase:
        try:
            return inner(request)
        except (DatabaseError, InterfaceError) as error:
            if not is_outage(error):
                raise
            return render_unavailable(request, error)

    return middleware
