"""What a request is answered that no view could answer: refused, not found, broken.

Each is a plain page; but who sent a form of the staff pages gets back what was typed in it (staff/words.py).
"""

from contextlib import suppress

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template import loader
from django.views import defaults

from assessment.public import show_csrf_failure as show_patients_csrf_failure
from content.public import list_signs_of_every_page
from staff.public import give_back_words, is_staff_post, render_words


def render_error_page(template: str, status: int) -> HttpResponse:
    context = {"clinic": settings.CLINIC, "signs": list_signs_of_every_page()}
    return HttpResponse(loader.render_to_string(template, context), status=status)


def show_bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The request makes no sense to us: too large, too many fields, or not made by a browser."""
    return give_back_words(request, "This could not be read.", 400) or render_error_page("400.html", 400)


def show_forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    words = give_back_words(request, "You may not do this, or not any more.", 403)
    return words or defaults.permission_denied(request, exception)


def show_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    words = give_back_words(request, "What this was about is not here any more. It may have been deleted.", 404)
    return words or defaults.page_not_found(request, exception)


def show_broken(request: HttpRequest) -> HttpResponse:
    """Something broke, perhaps the very style sheet: then a bare page, which still gives the emergency number."""
    with suppress(Exception):
        if words := give_back_words(request, "Something went wrong on our side.", 500):
            return words
    try:
        return render_error_page("500.html", 500)
    except Exception:
        return render_error_page("bare.html", 500)


def show_csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form came without the cookie that belongs to it. On the staff pages mostly from a page that is older than the
    last login, in another tab."""
    if is_staff_post(request):
        return render_words(request, "This page was older than your last login.", 403)
    return show_patients_csrf_failure(request, reason)
