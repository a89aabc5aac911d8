"""A form of the staff pages that is refused gives back what was typed: in the page that says so, and nowhere else."""

import re

from django.contrib import admin
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import get_script_prefix

from .addresses import get_staff_prefix

# Never shown again: whoever stands behind the person would read it.
SECRET = re.compile(r"password|secret|token|^(again-)?code$")
# What a page sends by itself: names of buttons, marks and versions, counts of rows, ticks.
BY_ITSELF = re.compile(
    r"^_|^(action|apply|index|next|onward|opened_on|select_across|brought_together)$|^version|_FORMS$"
)
TICKED = ("", "on")


def is_staff_post(request: HttpRequest) -> bool:
    """Whether a person sent a form of the staff pages. What a script of a page sends, the script still has."""
    by_person = request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate"
    return request.method == "POST" and by_person and request.path.startswith(get_staff_prefix(get_script_prefix()))


def list_typed_words(request: HttpRequest) -> list[tuple[str, str, int]]:
    """What was typed into a sent form: (name of the field, words, lines to show), as sent and in any language."""
    # Another site may send a form too; its words are not the person's.
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        return []
    try:
        sent = list(request.POST.lists())
    except (BadRequest, SuspiciousOperation, OSError):
        return []
    return [
        (name.replace("_", " ").capitalize(), value, min(max(value.count("\n") + 1, len(value) // 70 + 1, 2), 20))
        for name, values in sent
        if name != "csrfmiddlewaretoken" and not SECRET.search(name) and not BY_ITSELF.search(name)
        for value in values
        if value.strip() not in TICKED
    ]


def render_words(request: HttpRequest, text: str, status: int) -> HttpResponse:
    """The page that says why a form was refused, with what was typed in it."""
    context = {
        "text": text,
        "title": text,
        "typed": list_typed_words(request),
        "out": not (hasattr(request, "user") and admin.site.has_permission(request)),
    }
    return render(request, "staff/your_words.html", context, status=status)


def give_back_words(request: HttpRequest, text: str, status: int) -> HttpResponse | None:
    """render_words() where a person sent words to a staff page; else None."""
    return render_words(request, text, status) if is_staff_post(request) and list_typed_words(request) else None
