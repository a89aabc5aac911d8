from django.http import HttpResponse
from django.urls import include, path

from bench.wizard.views import CONDITIONS, FORMS, NamedWizard, Wizard

urlpatterns = [
    path("wizard/", Wizard.as_view(FORMS, condition_dict=CONDITIONS)),
    path("named/<slug:step>/", NamedWizard.as_view(FORMS, url_name="named_step", condition_dict=CONDITIONS), name="named_step"),
    path("named/", NamedWizard.as_view(FORMS, url_name="named_step", condition_dict=CONDITIONS)),
    path("wizard/done/", lambda request: HttpResponse("saved"), name="wizard_done"),
    path("", include("site_project.urls")),
]
