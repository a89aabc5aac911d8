"""Where people leave the check: one page to look at. There is nothing to change, so there are no other pages."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import URLPattern, path

from core.pages.admin import ReadOnlyAdmin

from ..models import StepCount
from ..patient import step_counts

if TYPE_CHECKING:
    Base = admin.ModelAdmin[StepCount]
else:
    Base = admin.ModelAdmin


class StepCountAdmin(ReadOnlyAdmin, Base):
    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.changelist_view)
        return [path("", view, name="assessment_stepcount_changelist")]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "title": "Where people leave the check",
            "media": self.media,
            **step_counts.summarize_steps(),
        }
        return TemplateResponse(request, "admin/assessment/stepcount/change_list.html", context)

    class Media:
        css = {"all": ["staff.css"]}

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        # These counts have no permission of their own: who may see checks may see them.
        return request.user.has_perm("assessment.view_assessment")
