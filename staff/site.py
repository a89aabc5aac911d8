"""The staff pages: Django's admin, open to whoever has given the password and the code."""

from datetime import timedelta
from typing import Any, cast

from django.contrib import admin
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils import timezone

from . import factors, idle


class StaffSite(admin.AdminSite):
    logout_template = "staff/logged_out.html"

    def has_permission(self, request: HttpRequest) -> bool:
        return super().has_permission(request) and factors.has_taken_second_step(request)

    def get_urls(self) -> list[URLResolver | URLPattern]:
        from . import views

        own: list[URLResolver | URLPattern] = [
            path("code/", views.enter_code, name="code"),
            path("set-up/", views.set_up_phone, name="set_up"),
            path("recovery-codes/", self.admin_view(views.renew_recovery_codes), name="recovery_codes"),
            path("confirm/", self.admin_view(views.confirm_identity), name="confirm"),
            path("here/", self.admin_view(views.show_time_left), name="here"),
        ]
        return own + super().get_urls()

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Whoever has given the password goes on to the code, or to setting up a phone."""
        if request.method == "GET" and super().has_permission(request) and not factors.has_taken_second_step(request):
            page = "code" if factors.has_phone(cast("User", request.user)) else "set_up"
            to = request.GET.urlencode(safe="/")
            return redirect(f"{reverse(f'admin:{page}')}{'?' if to else ''}{to}")
        return super().login(request, extra_context)

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        context = super().each_context(request)
        if context["has_permission"] and idle.SEEN in request.session:
            context["seconds_left"] = idle.get_seconds_until_log_off(request.session)
            context["logs_off"] = timezone.now() + timedelta(seconds=context["seconds_left"])
        return context
