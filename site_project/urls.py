"""Every address of the site."""

from django.conf import settings
from django.contrib import admin
from django.http import HttpResponseServerError
from django.shortcuts import redirect
from django.template import loader
from django.templatetags.static import static
from django.urls import include, path

from .login import LoginForm, login


def favicon(request):
    """Browsers ask for this address on pages that name no icon, such as the staff pages."""
    return redirect(static("icon.svg"))


def handler500(request):
    """Something broke: a plain page that needs no database and still gives the emergency number."""
    return HttpResponseServerError(loader.render_to_string("500.html", {"clinic": settings.CLINIC}))


admin.site.site_header = f"{settings.CLINIC['name']}: staff"
admin.site.site_title = "Staff"
admin.site.index_title = "What would you like to do?"
admin.site.login_form = LoginForm

urlpatterns = [
    path("favicon.ico", favicon),
    path("admin/login/", login),
    path("admin/", admin.site.urls),
    path("check/", include("assessment.urls")),
    path("", include("content.urls")),
]
