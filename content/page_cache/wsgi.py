"""Answers for pages that are the same for everybody, before Django begins, as WhiteNoise does for files.

A page is kept as Django answered it, all headers with it, for as long as its generation lasts (generation.py). Only
views marked `kept` come here (content/web/views.py, public), and only their plain answers: 200, no cookie set, the same
whatever the request says besides its host, its path and the encodings it takes. Everything else goes to Django
untouched.
"""

import gzip
from functools import lru_cache

import brotli
from django.conf import settings
from django.urls import Resolver404, resolve
from django.utils.http import parse_etags

from . import generation

# What a request may ask besides the page itself. Removed before Django makes the page that is kept.
ASKS = ("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_RANGE", "HTTP_IF_RANGE", "HTTP_ACCEPT_ENCODING")
# Preconditions of those who change something.
NEVER_HERE = ("HTTP_IF_MATCH", "HTTP_IF_UNMODIFIED_SINCE")
# Of the headers of a page, a 304 has those that are about the answer, not about its body.
OF_THE_BODY = {"content-type", "content-length", "content-encoding"}
# Of one request only: it names the line in the log.
OF_ONE_REQUEST = "x-request-id"
# As GZipMiddleware: shorter ones do not get smaller.
SHORT = 200


class PageCache:
    """WSGI: the application, with the pages it makes kept in front of it."""

    def __init__(self, application):
        self.application = application
        self.tls_header, self.tls_value = settings.SECURE_PROXY_SSL_HEADER or ("", "")

    def __call__(self, environ, start_response):
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
            self.secure(environ),
            environ.get("SCRIPT_NAME"),
        )
        page = now.kept.get(key)
        if page is None:
            if method != "GET" or not is_cacheable_path(environ["PATH_INFO"]):
                return self.application(environ, start_response)
            status, headers, body = self.make(environ)
            if not is_cacheable_response(status, headers):
                start_response(status, headers)
                return [body]
            page = CachedPage(headers, body)
            now.keep(key, page, 2 * len(body))
        headers, body = page.encoded(choose_encoding(environ.get("HTTP_ACCEPT_ENCODING", "")))
        if page.is_known(environ):
            start_response("304 Not Modified", [pair for pair in headers if pair[0].lower() not in OF_THE_BODY])
            return []
        start_response("200 OK", headers)
        return [body] if method == "GET" else []

    def secure(self, environ):
        """Whether Django will see the request as https."""
        stated = environ.get(self.tls_header) if self.tls_header else None
        if stated is None:
            return environ["wsgi.url_scheme"] == "https"
        return stated.split(",", 1)[0].strip() == self.tls_value

    def make(self, environ):
        """The whole page from Django: (status, headers, body)."""
        answer = []

        def start_response(status, headers, exc_info=None):
            answer[:] = [status, [pair for pair in headers if pair[0].lower() != OF_ONE_REQUEST]]

        parts = self.application({name: environ[name] for name in environ if name not in ASKS}, start_response)
        try:
            return *answer, b"".join(parts)
        finally:
            parts.close()


class CachedPage:
    """One page: its headers and body as they are without an encoding, and each encoding once somebody asked for it."""

    def __init__(self, headers, body):
        found = {name.lower(): value for name, value in headers}
        self.etag, self.modified = found.get("etag"), found.get("last-modified")
        self.ready = {"": (headers, body)}

    def encoded(self, encoding):
        """(headers, body) in this encoding, or plain where that is not shorter."""
        found = self.ready.get(encoding)
        if found is None:
            found = self.ready[encoding] = self.encode(encoding)
        return found

    def encode(self, encoding):
        headers, plain = self.ready[""]
        body = brotli.compress(plain, quality=5) if encoding == "br" else gzip.compress(plain, mtime=0)
        if len(plain) < SHORT or len(body) >= len(plain):
            return headers, plain
        new = {"content-length": str(len(body)), "etag": f"W/{self.etag}"}
        headers = [(name, new.get(name.lower(), value)) for name, value in headers]
        return [*headers, ("Content-Encoding", encoding)], body

    def is_known(self, environ):
        """Whether the reader has this page, in whichever encoding (RFC 9110, 13.1.2: a weak comparison)."""
        named = environ.get("HTTP_IF_NONE_MATCH")
        if named is None:
            # Whoever asks by date sends back the one they got.
            return self.modified is not None and environ.get("HTTP_IF_MODIFIED_SINCE") == self.modified
        return self.etag is not None and any(tag in ("*", self.etag, f"W/{self.etag}") for tag in parse_etags(named))


@lru_cache(maxsize=256)
def choose_encoding(accepted):
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
def is_cacheable_path(path):
    """Whether the view of this path is marked as one whose pages may be kept."""
    if path.startswith(settings.STATIC_URL):
        return False
    try:
        return getattr(resolve(path).func, "kept", False)
    except Resolver404:
        return False


def is_cacheable_response(status, headers):
    """Only a page that is the same for everybody."""
    found = {name.lower(): value.lower() for name, value in headers}
    return (
        status == "200 OK"
        and "set-cookie" not in found
        and "public" in found.get("cache-control", "")
        and found.get("vary", "accept-encoding") == "accept-encoding"
    )
