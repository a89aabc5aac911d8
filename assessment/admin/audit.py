"""The audit, to read."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html

from core import audit
from core.admin import ReadOnlyAdmin

from ..models.audit_actions import KINDS
from .queue import BoundedPaginator


class ActionFilter(admin.SimpleListFilter):
    title = "what"
    parameter_name = "action"

    def lookups(self, request, model_admin):
        return list(audit.ACTIONS.items())

    def queryset(self, request, queryset):
        return queryset.filter(action=self.value()) if self.value() else queryset


class AuditEventAdmin(ReadOnlyAdmin, admin.ModelAdmin):
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

    def get_urls(self):
        return [url for url in super().get_urls() if url.name == "core_auditevent_changelist"]

    def changelist_view(self, request, extra_context=None):
        if self.has_view_permission(request):
            audit.record_event(request.user, "audit")
        title = "What was done, the newest first"
        context = {"title": title, "is_nav_sidebar_enabled": False, **(extra_context or {})}
        return super().changelist_view(request, context)

    @admin.display(description="Who")
    def who(self, event):
        return event.actor or "the site"

    @admin.display(description="What")
    def done(self, event):
        return event.words

    @admin.display(description="Check")
    def check_link(self, event):
        if not event.record_id:
            return ""
        url = reverse("admin:assessment_assessment_change", args=[event.record_id])
        return format_html('<a href="{}">{}</a>', url, event.reference)

    @admin.display(description="Details")
    def details(self, event):
        facts = {name: value for name, value in event.facts.items() if name not in KINDS}
        return ", ".join(f"{name} {value}" for name, value in facts.items() if value not in ("", None))
