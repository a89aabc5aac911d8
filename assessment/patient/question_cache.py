"""The page of a question that has no answer yet: drawn once, then only its moving parts are put in.

Three quarters of the time of such a request went into drawing the same page again. It differs between patients in two
tokens and in the line that says how far they are. The page is drawn without any request, so nothing of one patient can
be in what another one gets. Pages with an answer or an error in them are drawn each time and kept nowhere.

GZipMiddleware compresses it, as every page. The length of the answer gives no token away (BREACH): this page repeats
nothing that a request brings, the CSRF token is masked anew each time, and the middleware adds up to 100 random bytes.
"""

import secrets
from functools import lru_cache

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string

from ..protocol import wording
from ..protocol.back_pain import PROTOCOL
from ..protocol.model import Question
from .forms import QuestionForm

# Stand in the drawn page for what is put in: signs that no words contain and that HTML leaves alone.
CHECK, CSRF = (secrets.token_hex(32) for _ in range(2))


def render_unanswered_question(
    request: HttpRequest, asked: Question, before: Question | None, token: str, step: str
) -> HttpResponse:
    """The page that asks this question. step: "Question 3, part 1 of 4", in plain signs; token: see form_token."""
    page = draw_question(request.path, asked.code, before.code if before else "", step)
    return HttpResponse(page.replace(CHECK, token).replace(CSRF, get_token(request)))


@lru_cache(maxsize=1024)
def draw_question(path: str, code: str, before: str, step: str) -> str:
    """The page under this path with CHECK and CSRF in it."""
    nobody = HttpRequest()
    nobody.path = path
    context = {
        "form": QuestionForm(PROTOCOL.by_code[code], wording.load_words(), CHECK, step=step),
        "token": CHECK,
        "before": PROTOCOL.question(before) if before else None,
        "csrf_token": CSRF,
    }
    return render_to_string("assessment/question.html", context, nobody)
