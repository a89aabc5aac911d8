"""The second step of logging in, and giving it once more."""

from functools import wraps

from django.contrib import admin, messages
from django.contrib.auth.views import redirect_to_login
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from core import audit

from . import factors, idle
from .forms import CodeForm, ConfirmForm
from .fresh import fresh, proven, stamp


def onward(request):
    """To where the person wanted to go; to the start page when that is not on this site."""
    to = request.POST.get("next") or request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(to, {request.get_host()}, require_https=request.is_secure()):
        to = reverse("admin:index")
    return to


def after_password(view):
    """Decorator: for staff who gave the password, whether or not they took the second step."""

    @wraps(view)
    @never_cache
    @sensitive_post_parameters()
    @require_http_methods(["GET", "HEAD", "POST"])
    def wrapped(request):
        if not (request.user.is_active and request.user.is_staff):
            return redirect_to_login(onward(request), reverse("admin:login"))
        return view(request)

    return wrapped


def page(request, template, title, status=200, **context):
    context = {**admin.site.each_context(request), "title": title, "next": onward(request), **context}
    return render(request, f"staff/{template}.html", context, status=status)


def enter(request, what):
    """Both steps are taken: a new session key, and the trail."""
    request.session.cycle_key()
    stamp(request.session)
    audit.log(request.user, "login", what=what)


@after_password
def code(request):
    """Log in, second step: a code from the phone or from the paper."""
    if factors.satisfied(request):
        return redirect(onward(request))
    if not factors.has_phone(request.user):
        return redirect("admin:set_up")
    form = CodeForm(request.POST or None)
    if form.is_bound and form.is_valid():
        try:
            kind = factors.verify(request, form.cleaned_data["code"])
        except factors.WrongCodeError as wrong:
            form.add_error("code", str(wrong))
            audit.log(request.user, "code_failed")
        else:
            enter(request, kind)
            if kind == "paper":
                left = factors.codes_left(request.user)
                messages.warning(
                    request,
                    f"You used a recovery code; {left} are left. If your phone is lost, set up the new one: "
                    "“Phone and codes” at the top.",
                )
            return redirect(onward(request))
    return page(request, "code", "Log in: your code", 422 if form.errors else 200, form=form)


@after_password
def set_up(request):
    """Set up a phone: the first one, or another in place of the one before."""
    if factors.satisfied(request):
        return fresh(phone)(request)
    return redirect("admin:code") if factors.has_phone(request.user) else phone(request)


def phone(request):
    device = factors.new_phone(request.user)
    form = CodeForm(request.POST or None, focus=request.method == "POST")
    if form.is_bound and form.is_valid():
        try:
            codes = factors.confirm(request, device, form.cleaned_data["code"])
        except factors.WrongCodeError as wrong:
            form.add_error("code", str(wrong))
        else:
            enter(request, "phone")
            audit.log(request.user, "set_up")
            return page(request, "codes", "Your recovery codes", codes=codes)
    context = {"form": form, "picture": factors.picture(device), "secret": factors.secret(device)}
    context["again"] = factors.has_phone(request.user)
    return page(request, "set_up", "Set up your phone for logging in", 422 if form.errors else 200, **context)


@never_cache
@require_POST
@fresh
def recovery_codes(request):
    """Ten new recovery codes in place of those from before."""
    if not factors.has_phone(request.user):
        return redirect("admin:set_up")
    codes = factors.new_codes(request.user)
    audit.log(request.user, "set_up", what="codes")
    return page(request, "codes", "Your recovery codes", codes=codes)


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request):
    """Password and code once more, before something that matters."""
    form = ConfirmForm(request, factors.has_phone(request.user), request.POST or None)
    if form.is_bound and proven(request, form):
        return redirect(onward(request))
    return page(request, "confirm", "Is it still you?", 422 if form.errors else 200, form=form)


@never_cache
@require_http_methods(["GET", "POST"])
def here(request):
    """How long is left until the log-off, for static/logoff.js. A POST says that somebody is typing (idle.watch)."""
    return JsonResponse({"seconds": idle.seconds(request.session)})
