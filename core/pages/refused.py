"""A form that was refused is answered by a redirect to its page, which says once why, with what was sent still in it.

A page drawn as the answer to a form is a trap: Back, from the page after it, meets "send the form again?". What was
sent goes along in a cookie, locked with SECRET_KEY, that names the page and ends when that page reads it, or after
LASTS. Nothing of it is stored here.
"""

import json
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import wraps
from typing import Any, cast

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.utils.crypto import salted_hmac

COOKIE = "refused" if settings.LOCAL else "__Host-refused"
LASTS = 60  # seconds
# Browsers take cookies of 4,096 bytes. What is longer was typed by nobody: its page is drawn at once.
LONGEST = 3800


@dataclass
class Refused:
    """Why a form was refused, as its view calls it, and the fields that were sent."""

    why: str
    sent: QueryDict


class AnsweredRequest(HttpRequest):
    """A request to a view under tell_once(). refused: what the page is to say now; None mostly."""

    refused: Refused | None


def build_lock() -> Fernet:
    return Fernet(urlsafe_b64encode(salted_hmac("core.refused", "key", algorithm="sha256").digest()))


def redirect_refused(request: HttpRequest, to: str, why: str, fields: Iterable[str]) -> HttpResponse | None:
    """To the address of the page, which tells it with request.refused. None: too much was sent for a cookie."""
    kept = {name: request.POST.getlist(name) for name in fields if name in request.POST}
    locked = build_lock().encrypt(json.dumps([to, why, kept]).encode()).decode()
    if len(locked) > LONGEST:
        return None
    response = HttpResponseRedirect(to, status=303)  # 302 is for what was taken
    response.set_cookie(COOKIE, locked, max_age=LASTS, secure=not settings.LOCAL, httponly=True, samesite="Lax")
    return response


def read_refused(request: HttpRequest) -> Refused | None:
    try:
        text = build_lock().decrypt(request.COOKIES.get(COOKIE, "").encode(), ttl=LASTS)
    except InvalidToken:
        return None
    to, why, kept = json.loads(text)
    if to != request.path:
        return None
    sent = QueryDict(mutable=True)
    for name, values in kept.items():
        sent.setlist(name, values)
    return Refused(why, sent)


def tell_once(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Decorator for the view of such a page: sets request.refused, and ends the cookie."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        asked = request.method == "GET" and COOKIE in request.COOKIES
        cast("AnsweredRequest", request).refused = read_refused(request) if asked else None
        response = view(request, *args, **kwargs)
        # Another page leaves it to the one that it is for.
        if cast("AnsweredRequest", request).refused:
            response.delete_cookie(COOKIE, samesite="Lax")
        return response

    return wrapped
