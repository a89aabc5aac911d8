from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from bench.wizard.views import CONDITIONS, FORMS, NamedWizard, Wizard


def show_saved(request: HttpRequest) -> HttpResponse:
    return HttpResponse("saved")


named_wizard = NamedWizard.as_view(FORMS, url_name="named_step", condition_dict=CONDITIONS)
urlpatterns = [
    path("wizard/", Wizard.as_view(FORMS, condition_dict=CONDITIONS)),
    path("named/<slug:step>/", named_wizard, name="named_step"),
    path("named/", named_wizard),
    path("wizard/done/", show_saved, name="wizard_done"),
    path("", include("site_project.urls")),
]
