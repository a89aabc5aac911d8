"""Every address of the site."""

from django.contrib import admin
from django.urls import include, path

admin.site.site_header = "Back Spasm Clinic: staff"
admin.site.site_title = "Staff"
admin.site.index_title = "What would you like to do?"

urlpatterns = [
    path("admin/", admin.site.urls),
    path("check/", include("assessment.urls")),
    path("", include("content.urls")),
]
