"""What the site writes down about itself: one JSON object a line, and in it only what is named here.

No answer, code, name, address or query string can come in: the address of a request is logged as the pattern of its
route (check/<slug:code>/), an error as its class and the places in the code, and never in its own words, since those
of a database or a parser quote what somebody typed. JSON escapes line ends, so no one can write a line of their own.
"""

import contextvars
import json
import logging
import secrets
import threading
import time
import traceback
from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.mail import mail_admins
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from core.pages.requests import GetResponse

OURS = ("core", "content", "assessment", "staff", "site_project")
# What a call of the logger may add with extra={...}: numbers, names of classes, patterns of routes.
FIELDS = ("method", "route", "status", "ms", "error", "user")
request_id = contextvars.ContextVar("request_id", default="")
request_logger = logging.getLogger("site_project.requests")
EVERY = 600  # seconds between two mails about the same error


class JsonFormatter(logging.Formatter):
    """A record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": redact_message(record),
        }
        if request_id.get():
            line["request"] = request_id.get()
        for name in FIELDS:
            if hasattr(record, name):
                line[name] = shorten_value(getattr(record, name))
        # What Django and gunicorn add for a request that failed.
        if isinstance(status := getattr(record, "status_code", None), int):
            line["status"] = status
        if record.exc_info and record.exc_info[1]:
            line["error"] = type(record.exc_info[1]).__name__
            line["where"] = list_error_places(record.exc_info[1])
        return json.dumps(line)


def redact_message(record: logging.LogRecord) -> str:
    """Our own words with what they were filled with; of others only the words that stand in their code.

    A message of others that has nothing to be filled in may have been filled in before: then the place in their code.
    """
    ours = record.name.partition(".")[0] in OURS
    starting = record.name == "gunicorn.error" and record.levelno <= logging.INFO
    if ours or starting:
        return record.getMessage()
    return str(record.msg)[:200] if record.args else f"{record.module}:{record.lineno}"


def shorten_value(value: object) -> int | float | str:
    return value if isinstance(value, int | float) else str(value)[:200]


def list_error_places(error: BaseException | None) -> list[str]:
    """The places in the code that an error and its causes went through: file, line and function, never their data."""
    places: list[str] = []
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        frames = traceback.extract_tb(error.__traceback__)[-15:]
        places += [type(error).__name__, *(f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames)]
        error = error.__cause__ or error.__context__
    return places


def log_requests(get_response: GetResponse) -> GetResponse:
    """Middleware, the outermost: one line for each request, under an id that the answer names (X-Request-ID)."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        begun = time.monotonic()
        mark = request_id.set(secrets.token_hex(8))
        try:
            response = get_response(request)
            response.headers["X-Request-ID"] = request_id.get()
            match = request.resolver_match
            request_logger.info(
                "request",
                extra={
                    "method": request.method if (request.method or "").isalpha() else "other",
                    "route": match.route if match else "",
                    "status": response.status_code,
                    "ms": round((time.monotonic() - begun) * 1000),
                },
            )
            return response
        finally:
            request_id.reset(mark)

    return middleware


class MailAdmins(logging.Handler):
    """The line of an error to ADMINS, once in EVERY seconds for the same one: an outage is one mail, not thousands."""

    def __init__(self, level: int | str = logging.NOTSET) -> None:
        super().__init__(level)
        self.sent: dict[tuple[str, str, str | None], float] = {}

    def emit(self, record: logging.LogRecord) -> None:
        line = self.format(record)
        same = (record.name, str(record.msg), json.loads(line).get("error"))
        now = time.monotonic()
        if now - self.sent.get(same, -EVERY) < EVERY:
            return
        self.sent[same] = now
        # Beside the request: a mail server that hangs must not hold up the page that says so.
        threading.Thread(target=self.send, args=(record, line), name="mail to ADMINS").start()

    def send(self, record: logging.LogRecord, line: str) -> None:
        try:
            mail_admins(f"{record.levelname} in {record.name}", line)
        except Exception:
            self.handleError(record)


def strip_sentry_event(event: dict[str, Any], hint: object = None) -> dict[str, Any]:
    """What of an event may go to Sentry, if the clinic uses it: the class of the error and the places in the code."""
    values = []
    for value in (event.get("exception") or {}).get("values", []):
        frames = [
            {name: frame[name] for name in ("filename", "lineno", "function", "module") if name in frame}
            for frame in (value.get("stacktrace") or {}).get("frames", [])
        ]
        values.append({"type": value.get("type"), "stacktrace": {"frames": frames}})
    names: tuple[str, ...] = ("event_id", "timestamp", "level", "platform", "release")
    kept = {name: event[name] for name in names if name in event}
    return {**kept, "exception": {"values": values}, "tags": {"request": request_id.get()}}


def start_sentry(address: str) -> None:
    """Errors go to Sentry too. Raises ImproperlyConfigured without the package (extra `sentry`)."""
    try:
        import sentry_sdk
    except ImportError as error:
        raise ImproperlyConfigured("SENTRY_DSN is set, but the package sentry-sdk is not installed.") from error
    try:
        sentry_sdk.init(
            dsn=address,
            send_default_pii=False,
            max_request_body_size="never",
            include_local_variables=False,
            include_source_context=False,
            max_breadcrumbs=0,
            server_name="",
            auto_session_tracking=False,
            before_send=strip_sentry_event,
            before_send_transaction=lambda event, hint: None,
        )
    except ValueError as error:
        raise ImproperlyConfigured("SENTRY_DSN is no address of Sentry (https://key@host/number).") from error
