"""The page on which a patient deletes what they sent, with the key from their result."""

from datetime import timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from core import audit
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
def show_withdrawal(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        if request.session.pop(DONE, False):
            return render(request, "assessment/withdrawn.html")
        return render_withdrawal(request, WithdrawForm())
    form = WithdrawForm(request.POST)
    if not form.is_valid():
        return render_withdrawal(request, form, 422)
    try:
        found = deletion.withdraw_assessment(form.cleaned_data["key"])
    except deletion.HeldError:
        audit.record_event(None, "withdraw_refused")
        return render_withdrawal(request, form, 409, held=True)
    if not found:
        form.add_error("key", NO_KEY)
        if take_tokens(count_networks(WRONG, request)):
            return render_withdrawal(request, form, 422)
        response = render_withdrawal(request, form, 429, many=True)
        response.headers["Retry-After"] = WRONG.wait
        return response
    shown = session.read_result_number(request)
    if not (shown and Assessment.objects.filter(pk=shown).exists()):
        session.clear_session(request)
    request.session[DONE] = True
    return redirect("withdraw")


def render_withdrawal(request: HttpRequest, form: forms.Form, status: int = 200, **context: Any) -> HttpResponse:
    return render(request, "assessment/withdraw.html", {"form": form, **context}, status=status)
