"""One page as it is kept: made once by Django, sent to everybody."""

import gzip
from wsgiref.types import WSGIEnvironment

import brotli  # type: ignore[import-untyped]  # it comes without types
from django.utils.http import parse_etags

Headers = list[tuple[str, str]]
# As GZipMiddleware: shorter ones do not get smaller.
SHORT = 200


class CachedPage:
    """One page: its headers and body as they are without an encoding, and each encoding once somebody asked for it."""

    def __init__(self, headers: Headers, body: bytes) -> None:
        found = {name.lower(): value for name, value in headers}
        self.etag, self.modified = found.get("etag"), found.get("last-modified")
        self.ready = {"": (headers, body)}

    def encoded(self, encoding: str) -> tuple[Headers, bytes]:
        """(headers, body) in this encoding, or plain where that is not shorter."""
        found = self.ready.get(encoding)
        if found is None:
            found = self.ready[encoding] = self.encode(encoding)
        return found

    def encode(self, encoding: str) -> tuple[Headers, bytes]:
        headers, plain = self.ready[""]
        body = brotli.compress(plain, quality=5) if encoding == "br" else gzip.compress(plain, mtime=0)
        if len(plain) < SHORT or len(body) >= len(plain):
            return headers, plain
        new = {"content-length": str(len(body)), "etag": f"W/{self.etag}"}
        headers = [(name, new.get(name.lower(), value)) for name, value in headers]
        return [*headers, ("Content-Encoding", encoding)], body

    def is_known(self, environ: WSGIEnvironment) -> bool:
        """Whether the reader has this page, in whichever encoding (RFC 9110, 13.1.2: a weak comparison)."""
        named = environ.get("HTTP_IF_NONE_MATCH")
        if named is None:
            # Whoever asks by date sends back the one they got.
            return self.modified is not None and environ.get("HTTP_IF_MODIFIED_SINCE") == self.modified
        return self.etag is not None and any(tag in ("*", self.etag, f"W/{self.etag}") for tag in parse_etags(named))
