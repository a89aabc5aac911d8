"""The page on which a patient deletes what they sent, with the key from their result."""

from datetime import timedelta

from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from core import audit
from core.throttle import Limit, client, give_back, take

from ..models import Assessment
from ..patient import session
from ..patient.forms import NO_KEY, WithdrawForm
from . import deletion

# A key cannot be guessed; this keeps machines from trying, and a slip of the finger leaves four more tries.
TRIES = Limit("key of a result, one network", 5, timedelta(minutes=12))
DONE = "withdrawn"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
def page(request):
    if request.method != "POST":
        if request.session.pop(DONE, False):
            return render(request, "assessment/withdrawn.html")
        return show(request, WithdrawForm())
    form = WithdrawForm(request.POST)
    if not form.is_valid():
        return show(request, form, 422)
    here = client(request)
    if not take(TRIES, here):
        response = show(request, form, 429, wait=TRIES.minutes)
        response.headers["Retry-After"] = TRIES.wait
        return response
    try:
        found = deletion.withdraw(form.cleaned_data["key"])
    except deletion.HeldError:
        audit.log(None, "withdraw_refused")
        return show(request, form, 409, held=True)
    if not found:
        form.add_error("key", NO_KEY)
        return show(request, form, 422)
    give_back(TRIES, here)
    if not Assessment.objects.filter(pk=request.session.get(session.RESULT)).exists():
        session.clear(request)
    request.session[DONE] = True
    return redirect("withdraw")


def show(request, form, status=200, **context):
    return render(request, "assessment/withdraw.html", {"form": form, **context}, status=status)
