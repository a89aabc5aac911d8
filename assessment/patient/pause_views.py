"""A check is put aside for a code on paper, and somebody comes back to it. The rules of the code are in drafts.py."""

from datetime import timedelta

from django.db import transaction
from django.shortcuts import redirect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from core.throttle import client, take

from . import pause_codes, session
from .forms import UNKNOWN, ReturnForm
from .views import no_check, onward, show, wait


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
def pause(request):
    """POST puts the check aside and this device forgets it; the page shows the code to write on paper."""
    if request.method == "POST":
        check = session.current(request)
        if check is None:
            return no_check(request)
        if request.POST.get("token") != check.token:
            return show(request, "ended", {"newer": True}, status=409)
        path = check.path()
        if path.stopped:
            return onward(path)
        session.pause(request, check, pause_codes.put_aside(check).expires_at)
        return redirect("pause")
    shown = session.paused(request)
    if shown is None or not pause_codes.waits(shown[0]):
        return redirect("return")
    context = {"code": pause_codes.code(shown[0]), "until": shown[1], "minutes": session.SHOWN // timedelta(minutes=1)}
    return show(request, "pause", context)


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
def come_back(request):
    """Type the code of a check that was put aside, and go on with it here."""
    here = session.current(request)
    form = ReturnForm(request.POST if request.method == "POST" else None)
    context = {"form": form, "open": bool(here and here.answers)}
    if not form.is_bound:
        session.expect(request)
        return show(request, "return", context)
    if form.is_valid():
        code = form.cleaned_data["code"]
        if here and pause_codes.belongs(code, here):
            return onward(here.path())
        for limit, who in ((pause_codes.CLIENT, client(request)), (pause_codes.SITE, "")):
            if not take(limit, who):
                return wait(show(request, "return", {**context, "wait": True}), pause_codes.CLIENT)
        with transaction.atomic():
            check = pause_codes.take_up(code)
            if check:
                session.resume(request, check)
        if check and here:
            pause_codes.forget(here.token)
        # Not found may mean: by another press of this button, just now.
        check = check or session.latest(request)
        if check and pause_codes.belongs(code, check):
            return onward(check.path())
        form.add_error("code", UNKNOWN)
    return show(request, "return", context, status=422)
