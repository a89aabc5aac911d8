"""The page on which a patient deletes what they sent, with the key from their result."""

from datetime import timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from core import audit
from core.pages.refused import AnsweredRequest, redirect_refused, tell_once
from core.throttle import RateLimit, count_networks, take_tokens

from ..models import Assessment
from ..patient import session
from ..patient.forms import NO_KEY, WithdrawForm
from . import deletion

# Wrong keys only: a right one is taken whatever others on its network typed, since nobody can guess 129 bits.
WRONG = RateLimit("wrong key of a result, one network", 20, timedelta(minutes=1))
DONE = "withdrawn"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@tell_once
def show_withdrawal(request: AnsweredRequest) -> HttpResponse:
    if request.refused:
        return refuse_key(request, request.refused.why, request.refused.sent)
    if request.method != "POST":
        if request.session.pop(DONE, False):
            return render(request, "assessment/withdrawn.html")
        return render_withdrawal(request, WithdrawForm())
    form = WithdrawForm(request.POST)
    if not form.is_valid():
        return tell_on_withdrawal(request, "wrong")
    try:
        found = deletion.withdraw_assessment(form.cleaned_data["key"])
    except deletion.HeldError:
        audit.record_event(None, "withdraw_refused")
        return tell_on_withdrawal(request, "held")
    if not found:
        return tell_on_withdrawal(request, "unknown" if take_tokens(count_networks(WRONG, request)) else "many")
    shown = session.read_result_number(request)
    # The result in view is gone; a check that is under way is another one, and goes on.
    if shown and not Assessment.objects.filter(pk=shown).exists():
        session.clear_session(request)
    request.session[DONE] = True
    return redirect("withdraw")


def refuse_key(request: HttpRequest, why: str, sent: QueryDict) -> HttpResponse:
    """The page on which a key is typed, with why this one was not taken: "many", "held", "unknown" or "wrong"."""
    form = WithdrawForm(sent)
    if why == "held":
        return render_withdrawal(request, form, 409, held=True)
    if why in ("many", "unknown") and form.is_valid():
        form.add_error("key", NO_KEY)
    if why == "many":
        response = render_withdrawal(request, form, 429, many=True)
        response.headers["Retry-After"] = WRONG.wait
        return response
    return render_withdrawal(request, form, 422)


def tell_on_withdrawal(request: HttpRequest, why: str) -> HttpResponse:
    """refuse_key() after a redirect."""
    return redirect_refused(request, reverse("withdraw"), why, ["key"]) or refuse_key(request, why, request.POST)


def render_withdrawal(request: HttpRequest, form: forms.Form, status: int = 200, **context: Any) -> HttpResponse:
    return render(request, "assessment/withdraw.html", {"form": form, **context}, status=status)
