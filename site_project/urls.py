"""Every address of the site."""

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import include, path
from django.views.generic import RedirectView

from . import refusals
from .health import show_liveness, show_metrics, show_readiness
from .login import LoginForm, log_in_staff


def redirect_favicon(request: HttpRequest) -> HttpResponse:
    """Browsers ask for this address on pages that name no icon, such as the staff pages."""
    return redirect(static("icon.svg"))


handler400 = refusals.show_bad_request
handler403 = refusals.show_forbidden
handler404 = refusals.show_not_found
handler500 = refusals.show_broken

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
