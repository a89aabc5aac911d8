from django.http import HttpResponse
from django.urls import include, path

from bench.wizard.views import Wizard

urlpatterns = [
    path("wizard/", Wizard.as_view()),
    path("wizard/done/", lambda request: HttpResponse("saved"), name="wizard_done"),
    path("", include("site_project.urls")),
]
