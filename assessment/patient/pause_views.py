"""A check is put aside for a code on paper, and somebody comes back to it. The rules of the code: pause_codes.py."""

from datetime import timedelta

from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from core.pages.refused import AnsweredRequest, redirect_refused, tell_once
from core.throttle import count_networks, take_tokens

from ..privacy.form_token import is_form_token
from . import pause_codes, session
from .forms import UNKNOWN, ReturnForm
from .views import handle_missing_check, mark_rate_limited, redirect_to_next_question, render_page


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
def pause_check(request: HttpRequest) -> HttpResponse:
    """POST puts the check aside and this device forgets it; the page shows the code to write on paper."""
    if request.method == "POST":
        check = session.read_check(request)
        if check is None:
            return handle_missing_check(request)
        if not is_form_token(request.POST.get("token"), check.token):
            return render_page(request, "ended", {"newer": True}, status=409)
        path = check.path()
        if path.stopped:
            return redirect_to_next_question(path)
        session.keep_pause_code(request, check, pause_codes.save_paused_check(check).expires_at)
        return redirect("pause")
    shown = session.read_pause_code(request)
    code = pause_codes.find_valid_code(shown[0]) if shown else ""
    if shown is None or not code:
        return redirect("return")
    context = {
        "code": code,
        "until": shown[1],
        "minutes": session.SHOWN // timedelta(minutes=1),
    }
    return render_page(request, "pause", context)


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@tell_once
def return_to_check(request: AnsweredRequest) -> HttpResponse:
    """Type the code of a check that was put aside, and go on with it here."""
    if request.method != "POST":
        return show_return_form(request)
    here, form = session.read_check(request), ReturnForm(request.POST)
    if form.is_valid():
        code = pause_codes.read_pause_code(form.cleaned_data["code"])
        if here and pause_codes.is_code_of(code, here):
            return redirect_to_next_question(here.path())
        check = None
        # Looked for before: on SQLite a transaction holds up every patient's answer, and machines send wrong codes.
        if pause_codes.find_paused_check(code):
            with transaction.atomic():
                check = pause_codes.redeem_code(code)
                if check:
                    session.resume_check(request, check, code)
        if check and here:
            pause_codes.delete_paused_check(here.token)
        # Not found may mean: by another press of this button, just now.
        check = check or session.find_resumed_check(request, code)
        if check:
            return redirect_to_next_question(check.path())
        many = not take_tokens(count_networks(pause_codes.WRONG, request))
        return tell_on_return(request, "many" if many else "unknown")
    return tell_on_return(request, "wrong")


def show_return_form(request: AnsweredRequest) -> HttpResponse:
    if request.refused:
        return refuse_code(request, request.refused.why, request.refused.sent)
    here = session.read_check(request)
    return render_page(request, "return", {"form": ReturnForm(), "open": bool(here and here.answers)})


def refuse_code(request: HttpRequest, why: str, sent: QueryDict) -> HttpResponse:
    """The page on which a code is typed, with why this one was not taken: "many", "unknown" or "wrong"."""
    here, form = session.read_check(request), ReturnForm(sent)
    context = {"form": form, "open": bool(here and here.answers)}
    if why in ("many", "unknown") and form.is_valid():
        form.add_error("code", UNKNOWN)
        if why == "many":
            return mark_rate_limited(render_page(request, "return", {**context, "many": True}), pause_codes.WRONG)
    return render_page(request, "return", context, status=422)


def tell_on_return(request: HttpRequest, why: str) -> HttpResponse:
    """refuse_code() after a redirect."""
    return redirect_refused(request, reverse("return"), why, ["code"]) or refuse_code(request, why, request.POST)
