"""The second step of logging in, and giving it once more."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.views import PasswordChangeView, redirect_to_login
from django.contrib.contenttypes.views import shortcut
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from core import audit
from core.pages.requests import StaffRequest

from . import factors, given_passwords, idle
from .forms import CodeForm, ConfirmForm, OwnPasswordForm
from .known_devices import remember_device
from .recent_login import accept_confirmation, mark_recent_login, require_recent_login

View = Callable[[StaffRequest], HttpResponseBase]


def get_onward_url(request: HttpRequest) -> str:
    """To where the person wanted to go; to the start page when that is not on this site."""
    to = request.POST.get("next") or request.GET.get("next", "")
    allowed = url_has_allowed_host_and_scheme(to, {request.get_host()}, require_https=request.is_secure())
    # A word alone would be taken for the name of a view.
    if not (allowed and to.startswith("/")):
        to = reverse("admin:index")
    return to


def require_password(view: View) -> View:
    """Decorator: for staff who gave the password, whether or not they took the second step."""

    @wraps(view)
    @never_cache
    @sensitive_post_parameters()
    @require_http_methods(["GET", "HEAD", "POST"])
    def wrapped(request: StaffRequest) -> HttpResponseBase:
        if not (request.user.is_active and request.user.is_staff):
            return redirect_to_login(get_onward_url(request), reverse("admin:login"))
        return view(request)

    return wrapped


def render_staff_page(
    request: HttpRequest, template: str, title: str, status: int = 200, **context: Any
) -> HttpResponse:
    context = {**admin.site.each_context(request), "title": title, "next": get_onward_url(request), **context}
    return render(request, f"staff/{template}.html", context, status=status)


def complete_login(request: StaffRequest, what: str) -> None:
    """Both steps are taken: a new session key, and an event in the audit."""
    request.session.cycle_key()
    mark_recent_login(request.session)
    audit.record_event(request.user, "login", what=what)


@require_password
def enter_code(request: StaffRequest) -> HttpResponse:
    """Log in, second step: a code from the phone or from the paper."""
    if factors.has_taken_second_step(request):
        return redirect(get_onward_url(request))
    if not factors.has_phone(request.user):
        return redirect("admin:set_up")
    form = CodeForm(request.POST or None)
    if form.is_bound and form.is_valid():
        try:
            kind = factors.verify_code(request, form.cleaned_data["code"])
        except factors.WrongCodeError as wrong:
            form.add_error("code", str(wrong))
            if not isinstance(wrong, factors.MustWaitError):
                audit.record_event(request.user, "code_failed")
        else:
            complete_login(request, kind)
            if kind == "paper":
                left = factors.count_recovery_codes(request.user)
                messages.warning(
                    request,
                    f"You used a recovery code; {left} are left. If your phone is lost, set up the new one: "
                    "“Phone and codes” at the top.",
                )
            response = redirect(get_onward_url(request))
            remember_device(request, response, request.user)
            return response
    return render_staff_page(request, "code", "Log in: your code", 422 if form.errors else 200, form=form)


@require_password
def set_up_phone(request: StaffRequest) -> HttpResponseBase:
    """Set up a phone: the first one, or another in place of the one before."""
    if factors.has_taken_second_step(request):
        return require_recent_login(pair_phone)(request)
    return redirect("admin:code") if factors.has_phone(request.user) else pair_phone(request)


def pair_phone(request: StaffRequest) -> HttpResponse:
    device = factors.get_new_phone(request.user)
    form = CodeForm(request.POST or None, focus=request.method == "POST")
    if form.is_bound and form.is_valid():
        try:
            codes = factors.confirm_phone(request, device, form.cleaned_data["code"])
        except factors.WrongCodeError as wrong:
            form.add_error("code", str(wrong))
        else:
            complete_login(request, "phone")
            audit.record_event(request.user, "set_up")
            response = render_staff_page(request, "codes", "Your recovery codes", codes=codes)
            remember_device(request, response, request.user)
            return response
    context = {"form": form, "picture": factors.draw_qr_code(device), "secret": factors.format_phone_key(device)}
    context["again"] = factors.has_phone(request.user)
    return render_staff_page(
        request, "set_up", "Set up your phone for logging in", 422 if form.errors else 200, **context
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def renew_recovery_codes(request: StaffRequest) -> HttpResponseBase:
    """Ten new recovery codes in place of those from before. Back from what follows leads to the page before."""
    return require_recent_login(show_new_codes)(request) if request.method == "POST" else redirect("admin:set_up")


def show_new_codes(request: StaffRequest) -> HttpResponse:
    if not factors.has_phone(request.user):
        return redirect("admin:set_up")
    codes = factors.make_recovery_codes(request.user)
    audit.record_event(request.user, "set_up", what="codes")
    return render_staff_page(request, "codes", "Your recovery codes", codes=codes)


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_identity(request: StaffRequest) -> HttpResponse:
    """Password and code once more, before something that matters."""
    form = ConfirmForm(request, factors.has_phone(request.user), request.POST or None)
    if form.is_bound and accept_confirmation(request, form):
        return redirect(get_onward_url(request))
    return render_staff_page(request, "confirm", "Is it still you?", 422 if form.errors else 200, form=form)


class OwnPasswordView(PasswordChangeView):
    """Django's page, where somebody changes their own password."""

    form_class = OwnPasswordForm
    success_url = reverse_lazy("admin:password_change_done")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        given_passwords.explain_change(request)
        return super().get(request, *args, **kwargs)

    def get_form(self, form_class: Any = None) -> Any:
        form: Any = super().get_form(form_class)
        form.request = self.request
        return form

    def form_valid(self, form: Any) -> HttpResponse:
        with transaction.atomic():
            answer = super().form_valid(form)
            given_passwords.end_given_password(self.request)
        return answer


@never_cache
@require_http_methods(["GET", "POST"])
def show_time_left(request: StaffRequest) -> HttpResponse:
    """How long is left until the log-off, for static/logoff.js. A POST says that somebody is typing."""
    return JsonResponse({"seconds": idle.get_seconds_until_log_off(request.session)})


@require_http_methods(["GET", "HEAD"])
def show_on_site(request: StaffRequest, content_type_id: int, object_id: str) -> HttpResponseBase:
    """Django's way from a row to its page; no page for a row whose key cannot be what the address says."""
    try:
        return shortcut(request, content_type_id, object_id)
    except (ValueError, OverflowError, ValidationError) as error:
        raise Http404 from error
