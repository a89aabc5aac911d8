"""The audit, to read."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, reverse
from django.utils.html import format_html

from core import audit
from core.audit import AuditEvent
from core.pages.admin import ReadOnlyAdmin

from ..models.audit_actions import KINDS
from .queue import BoundedPaginator

if TYPE_CHECKING:
    Base = admin.ModelAdmin[AuditEvent]
else:
    Base = admin.ModelAdmin


class ActionFilter(admin.SimpleListFilter):
    title = "what"
    parameter_name = "action"

    def lookups(self, request: HttpRequest, model_admin: "admin.ModelAdmin[Any]") -> list[tuple[str, str]]:
        return list(audit.ACTIONS.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[AuditEvent]) -> QuerySet[AuditEvent]:
        return queryset.filter(action=self.value()) if self.value() else queryset


class AuditEventAdmin(ReadOnlyAdmin, Base):
    list_display = ["number", "at", "who", "done", "check_link", "details"]
    list_display_links = None
    list_filter = [ActionFilter]
    list_per_page = 100
    empty_value_display = ""
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    paginator = BoundedPaginator
    sortable_by = []
    actions = None

    class Media:
        css = {"all": ["staff.css"]}

    def get_urls(self) -> list[URLPattern]:
        return [url for url in super().get_urls() if url.name == "core_auditevent_changelist"]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if self.has_view_permission(request):
            audit.record_event(request.user, "audit")
        title = "What was done, the newest first"
        context = {"title": title, "is_nav_sidebar_enabled": False, **(extra_context or {})}
        return super().changelist_view(request, context)

    @admin.display(description="Who")
    def who(self, event: AuditEvent) -> str:
        return event.actor or "the site"

    @admin.display(description="What")
    def done(self, event: AuditEvent) -> str:
        return event.action_in_words

    @admin.display(description="Check")
    def check_link(self, event: AuditEvent) -> str:
        if not event.record_id:
            return ""
        url = reverse("admin:assessment_assessment_change", args=[event.record_id])
        return format_html('<a href="{}">{}</a>', url, event.reference)

    @admin.display(description="Details")
    def details(self, event: AuditEvent) -> str:
        # Digests are for verify_audit; of what was changed outside the checks, the part that each stands for is named.
        facts = {name: value for name, value in event.facts.items() if name not in KINDS and "." not in name}
        if parts := [name.partition(".")[2] for name in event.facts if "." in name]:
            facts["part"] = ", ".join(sorted(parts))
        return ", ".join(f"{name} {value}" for name, value in facts.items() if value not in ("", None))
