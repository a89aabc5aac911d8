"""The staff pages: Django's admin, open to whoever has given the password and the code.

What every page of it is held to, whoever wrote it, stands here: a list answers its own filters only, and a form that
somebody else's save has overtaken is refused.
"""

from collections.abc import Callable, Iterable
from datetime import timedelta
from functools import update_wrapper
from typing import TYPE_CHECKING, Any, TypeVar, cast

from django.contrib import admin
from django.contrib.admin import helpers
from django.contrib.admin.views.main import ChangeList
from django.contrib.auth.models import User
from django.core.exceptions import BadRequest, ValidationError
from django.db.models import Model
from django.forms import ModelForm
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils import timezone

from core.pages import lookups, stale

from . import factors, given_passwords, idle, words

View = TypeVar("View", bound=Callable[..., HttpResponseBase])

if TYPE_CHECKING:
    AnyAdmin = admin.ModelAdmin[Any]
    AnyForm = ModelForm[Any]
else:
    AnyAdmin, AnyForm = object, ModelForm


class HeldAdmin(AnyAdmin):
    """Before each ModelAdmin among the bases: StaffSite.register puts it there."""

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return lookups.hold_list(super().get_changelist(request, **kwargs))

    def get_form(
        self, request: HttpRequest, obj: Model | None = None, change: bool = False, **kwargs: Any
    ) -> type[AnyForm]:
        form = super().get_form(request, obj, change=change, **kwargs)
        held = type(form.__name__, (stale.StaleGuard, form), {}) if change else form
        return cast("type[AnyForm]", held)

    def response_action(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse | None:
        for ticked in request.POST.getlist(helpers.ACTION_CHECKBOX_NAME):
            try:
                self.model._meta.pk.clean(ticked, None)
            except ValidationError as error:
                raise BadRequest("A ticked row has no such key") from error
        return super().response_action(request, *args, **kwargs)

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        page = super().render_change_form(request, context, *args, **kwargs)
        form = context["adminform"].form
        if form.is_bound:
            page.status_code = 409 if getattr(form, "overtaken", False) else 422
        return page

    def _get_obj_does_not_exist_redirect(self, request: HttpRequest, opts: Any, object_id: str) -> HttpResponse:
        if request.method == "POST":
            raise Http404("The row is gone")  # with what was typed about it: see words.py
        found: HttpResponse = super()._get_obj_does_not_exist_redirect(request, opts, object_id)  # type: ignore[misc]  # the stubs leave it out
        return found


class StaffSite(admin.AdminSite):
    logout_template = "staff/logged_out.html"

    def register(
        self,
        model_or_iterable: type[Model] | Iterable[type[Model]],
        admin_class: type[AnyAdmin] | None = None,
        **options: Any,
    ) -> None:
        kind = admin_class or admin.ModelAdmin
        held = type(kind.__name__, (HeldAdmin, kind), {"__module__": kind.__module__})
        super().register(model_or_iterable, cast("type[AnyAdmin]", held), **options)

    def admin_view(self, view: View, cacheable: bool = False) -> View:
        inner = super().admin_view(view, cacheable)

        def held(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            lookups.refuse_nul(request)
            if not self.has_permission(request):
                said = "You are not logged in any more."
                return words.give_back_words(request, said, 403) or inner(request, *args, **kwargs)
            if given_passwords.is_change_due(request):
                return redirect("admin:password_change")
            return inner(request, *args, **kwargs)

        return cast("View", update_wrapper(held, inner))

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        return idle.forget_pages(super().logout(request, extra_context))

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        from . import views

        context = {**self.each_context(request), **(extra_context or {})}
        return cast("TemplateResponse", views.OwnPasswordView.as_view(extra_context=context)(request))

    def autocomplete_view(self, request: HttpRequest) -> HttpResponse:
        return cast("HttpResponse", lookups.HeldAutocomplete.as_view(admin_site=self)(request))

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
            path("r/<int:content_type_id>/<path:object_id>/", self.admin_view(views.show_on_site)),
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
