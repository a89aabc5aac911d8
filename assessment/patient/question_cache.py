"""The page of a question that has no answer yet: drawn and compressed once, then only its moving parts are put in.

Three quarters of the time of such a request went into drawing the same page again, and a tenth of the rest into
compressing it. It differs between patients in two tokens and in the line that says how far they are. The page is drawn
without any request, so nothing of one patient can be in what another one gets. Pages with an answer or an error in them
are drawn each time and kept nowhere.
"""

import re
import secrets
import zlib
from functools import lru_cache

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.cache import patch_vary_headers

from ..protocol import wording
from ..protocol.back_pain import PROTOCOL
from ..protocol.model import Question
from .forms import QuestionForm

# Stand in the drawn page for what is put in: signs that no words contain and that HTML leaves alone.
CHECK, CSRF = (secrets.token_hex(32) for _ in range(2))
GZIP = re.compile(r"\bgzip\b")


def render_unanswered_question(
    request, asked: Question, before: Question | None, token: str, step: str
) -> HttpResponse:
    """The page that asks this question. step: "Question 3 of 14 to 24", in plain signs; token: of the check."""
    page = draw_question(request.path, asked.code, before.code if before else "", step)
    tokens = {CHECK: token.encode(), CSRF: get_token(request).encode()}
    if not (GZIP.search(request.headers.get("Accept-Encoding", "")) and page.fits(tokens)):
        return HttpResponse(page.plain(tokens))
    response = HttpResponse(page.gzip(tokens), headers={"Content-Encoding": "gzip"})
    patch_vary_headers(response, ["Accept-Encoding"])
    return response


@lru_cache(maxsize=1024)
def draw_question(path: str, code: str, before: str, step: str) -> "CachedQuestion":
    """The page under this path with CHECK and CSRF in it."""
    nobody = HttpRequest()
    nobody.path = path
    asked = PROTOCOL.question(code)
    context = {
        "form": QuestionForm(asked, wording.load_words(), CHECK, step=step),
        "token": CHECK,
        "before": PROTOCOL.question(before) if before else None,
        "csrf_token": CSRF,
    }
    return CachedQuestion(render_to_string("assessment/question.html", context, nobody))


class CachedQuestion:
    """A page with CHECK and CSRF in it, in pieces, each as it is and as a part of a gzip file (RFC 1951, RFC 1952).

    A token goes into the file as a block that is not compressed. So it is never compared with what else is in the page,
    and the length of the answer tells nothing about it (BREACH). The compressor saw signs in its place that stand
    nowhere else in the page, so no later piece refers to it; they are as many, so what a piece refers to is where it
    was.
    """

    def __init__(self, text):
        self.pieces = []  # (plain, packed), or the name of a token
        press = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
        for piece in re.split(f"({CHECK}|{CSRF})", text):
            if piece in (CHECK, CSRF):
                press.compress(b"\0" * len(piece))
                press.flush(zlib.Z_SYNC_FLUSH)
                self.pieces.append(piece)
            else:
                plain = piece.encode()
                self.pieces.append((plain, press.compress(plain) + press.flush(zlib.Z_SYNC_FLUSH)))

    def fits(self, tokens):
        return all(len(name) == len(token) for name, token in tokens.items())

    def plain(self, tokens):
        return b"".join(tokens[piece] if isinstance(piece, str) else piece[0] for piece in self.pieces)

    def gzip(self, tokens):
        blocks = {name: encode_uncompressed(token) for name, token in tokens.items()}
        packed = [blocks[piece] if isinstance(piece, str) else piece[1] for piece in self.pieces]
        plain = self.plain(tokens)
        trailer = zlib.crc32(plain).to_bytes(4, "little") + len(plain).to_bytes(4, "little")
        return b"".join([HEAD, *packed, LAST, trailer])


HEAD = bytes([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255])  # deflate, no name, no time
LAST = b"\x03\0"  # an empty block that says it is the last


def encode_uncompressed(data):
    """A block of deflate that is not compressed. data: 65,535 bytes at most."""
    size = len(data).to_bytes(2, "little")
    return b"\0" + size + bytes(byte ^ 255 for byte in size) + data
