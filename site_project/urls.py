"""Every address of the site."""

from django.contrib import admin
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import include, path


def favicon(request):
    """Browsers ask for this address on pages that name no icon, such as the staff pages."""
    return redirect(static("icon.svg"))


admin.site.site_header = "Back Spasm Clinic: staff"
admin.site.site_title = "Staff"
admin.site.index_title = "What would you like to do?"

urlpatterns = [
    path("favicon.ico", favicon),
    path("admin/", admin.site.urls),
    path("check/", include("assessment.urls")),
    path("", include("content.urls")),
]
