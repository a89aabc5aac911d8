"""Every address of the site."""

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template import loader
from django.templatetags.static import static
from django.urls import include, path
from django.views.generic import RedirectView

from content.public import list_signs_of_every_page

from .health import show_liveness, show_metrics, show_readiness
from .login import LoginForm, log_in_staff


def redirect_favicon(request: HttpRequest) -> HttpResponse:
    """Browsers ask for this address on pages that name no icon, such as the staff pages."""
    return redirect(static("icon.svg"))


def render_error_page(template: str, status: int) -> HttpResponse:
    context = {"clinic": settings.CLINIC, "signs": list_signs_of_every_page()}
    return HttpResponse(loader.render_to_string(template, context), status=status)


def handler400(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The request makes no sense to us: too large, too many fields, or not made by a browser."""
    return render_error_page("400.html", 400)


def handler500(request: HttpRequest) -> HttpResponse:
    """Something broke, perhaps the very style sheet: then a bare page, which still gives the emergency number."""
    try:
        return render_error_page("500.html", 500)
    except Exception:
        return render_error_page("bare.html", 500)


admin.site.site_header = f"{settings.CLINIC['name']}: staff"
admin.site.site_title = "Staff"
admin.site.index_title = "What would you like to do?"
admin.site.login_form = LoginForm

urlpatterns = [
    path("favicon.ico", redirect_favicon),
    path("livez", show_liveness),
    path("readyz", show_readiness),
    path("metrics", show_metrics),
    path("admin/login/", log_in_staff),
    # Where the audit stood in 0.1.0.
    path(
        "admin/assessment/auditevent/",
        admin.site.admin_view(
            RedirectView.as_view(pattern_name="admin:core_auditevent_changelist", permanent=True, query_string=True)
        ),
    ),
    path("admin/", admin.site.urls),
    path("check/", include("assessment.urls")),
    path("", include("content.urls")),
]
