"""The page of a question that has no answer yet: drawn once, then only its few moving parts are put in.

Three quarters of the time of such a request went into drawing the same page again. It differs between patients in two
tokens and in the line that says how far they are. The page is drawn without any request, so nothing of one patient can
be in what another one gets. Pages with an answer or an error in them are drawn each time and kept nowhere.
"""

import secrets
from functools import lru_cache

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string

from .forms import QuestionForm
from .protocol import wording
from .protocol.back_pain import PROTOCOL
from .protocol.model import Question

# Stand in the drawn page for what is put in: signs that no words contain and that HTML leaves alone.
CHECK, CSRF, STEP = (secrets.token_hex(32) for _ in range(3))


def unanswered(request, asked: Question, before: Question | None, token: str, step: str) -> HttpResponse:
    """The page that asks this question. step: "Question 3 of about 14", in plain signs; token: of the check."""
    page = drawn(request.path, asked.code, before.code if before else "")
    return HttpResponse(page.replace(CHECK, token).replace(CSRF, get_token(request)).replace(STEP, step))


@lru_cache(maxsize=256)
def drawn(path: str, code: str, before: str) -> str:
    """The page under this path with CHECK, CSRF and STEP in it."""
    nobody = HttpRequest()
    nobody.path = path
    asked = PROTOCOL.question(code)
    context = {
        "form": QuestionForm(asked, wording.load(), CHECK, step=STEP),
        "token": CHECK,
        "before": PROTOCOL.question(before) if before else None,
        "csrf_token": CSRF,
    }
    return render_to_string("assessment/question.html", context, nobody)
