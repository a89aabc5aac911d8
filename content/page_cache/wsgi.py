"""Answers for pages that are the same for everybody, before Django begins, as WhiteNoise does for files.

A page is kept as Django answered it, all headers with it, for as long as its cache generation lasts (generation.py).
Only views marked `kept` come here (content/web/views.py, cache_publicly), and only their plain answers: 200, no cookie
set, the same whatever the request says besides its host, its path and the encodings it takes. Everything else goes to
Django untouched.
"""

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from django.conf import settings
from django.urls import Resolver404, resolve

from . import generation
from .cached_page import CachedPage, Headers

# What a request may ask besides the page itself. Removed before Django makes the page that is kept.
ASKS = ("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_RANGE", "HTTP_IF_RANGE", "HTTP_ACCEPT_ENCODING")
# Preconditions of those who change something.
NEVER_HERE = ("HTTP_IF_MATCH", "HTTP_IF_UNMODIFIED_SINCE")
# Of the headers of a page, a 304 has those that are about the answer, not about its body.
OF_THE_BODY = {"content-type", "content-length", "content-encoding"}
# Of one request only: it names the line in the log.
OF_ONE_REQUEST = "x-request-id"


class PageCache:
    """WSGI: the application, with the pages it makes kept in front of it."""

    def __init__(self, application: WSGIApplication) -> None:
        self.application = application
        self.tls_header: str
        self.tls_value: str
        self.tls_header, self.tls_value = settings.SECURE_PROXY_SSL_HEADER or ("", "")

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        method = environ["REQUEST_METHOD"]
        if method not in ("GET", "HEAD") or environ.get("QUERY_STRING") or any(name in environ for name in NEVER_HERE):
            return self.application(environ, start_response)
        now = generation.read_generation()
        if now is None:
            return self.application(environ, start_response)
        # Links in a page name the host; over http the site answers with a redirect to https.
        key = (
            environ["PATH_INFO"],
            environ.get("HTTP_HOST"),
            self.is_secure(environ),
            environ.get("SCRIPT_NAME"),
        )
        page = now.pages.get(key)
        if page is None:
            if method != "GET" or not is_cacheable_path(environ["PATH_INFO"]):
                return self.application(environ, start_response)
            status, headers, body = self.fetch_page(environ)
            if not is_cacheable_response(status, headers):
                start_response(status, headers)
                return [body]
            page = CachedPage(headers, body)
            now.store_page(key, page, 2 * len(body))
        headers, body = page.encoded(choose_encoding(environ.get("HTTP_ACCEPT_ENCODING", "")))
        if page.is_known(environ):
            start_response("304 Not Modified", [pair for pair in headers if pair[0].lower() not in OF_THE_BODY])
            return []
        start_response("200 OK", headers)
        return [body] if method == "GET" else []

    def is_secure(self, environ: WSGIEnvironment) -> bool:
        """Whether Django will see the request as https."""
        stated = environ.get(self.tls_header) if self.tls_header else None
        if stated is None:
            return bool(environ["wsgi.url_scheme"] == "https")
        return str(stated).split(",", 1)[0].strip() == self.tls_value

    def fetch_page(self, environ: WSGIEnvironment) -> tuple[str, Headers, bytes]:
        """The whole page from Django: (status, headers, body)."""
        answer: list[tuple[str, Headers]] = []
        written: list[bytes] = []

        def start_response(status: str, headers: Headers, exc_info: Any = None) -> Callable[[bytes], object]:
            answer[:] = [(status, [pair for pair in headers if pair[0].lower() != OF_ONE_REQUEST])]
            return written.append

        parts = self.application({name: environ[name] for name in environ if name not in ASKS}, start_response)
        try:
            return *answer[0], b"".join([*written, *parts])
        finally:
            if close := getattr(parts, "close", None):
                close()


@lru_cache(maxsize=256)
def choose_encoding(accepted: str) -> str:
    """The encoding to send for this Accept-Encoding: "br", "gzip" or "" (none)."""
    weights = {}
    for entry in accepted.lower().split(","):
        name, *parameters = (part.strip() for part in entry.split(";"))
        weight = next((part[2:] for part in parameters if part.startswith("q=")), "1")
        try:
            weights[name] = float(weight)
        except ValueError:
            weights[name] = 0
    best = max(("br", "gzip"), key=lambda name: weights.get(name, 0))
    return best if weights.get(best, 0) > 0 else ""


@lru_cache(maxsize=1024)
def is_cacheable_path(path: str) -> bool:
    """Whether the view of this path is marked as one whose pages may be kept."""
    if path.startswith(settings.STATIC_URL):
        return False
    try:
        return getattr(resolve(path).func, "kept", False)
    except Resolver404:
        return False


def is_cacheable_response(status: str, headers: Headers) -> bool:
    """Only a page that is the same for everybody."""
    found = {name.lower(): value.lower() for name, value in headers}
    return (
        status == "200 OK"
        and "set-cookie" not in found
        and "public" in found.get("cache-control", "")
        and found.get("vary", "accept-encoding") == "accept-encoding"
    )
