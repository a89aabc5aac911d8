"""Topics, sports and sources, what the clinic says of itself, and what readers said."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse

from core.pages.admin import ReadOnlyAdmin, TidySearchMixin
from core.typed.fields import ADMIN_FIELDS

from ..models import ClinicDetails, Feedback, Source, Sport, TeamMember, Topic
from .common import NoDeletionMixin

if TYPE_CHECKING:
    BaseAdmin = admin.ModelAdmin[Any]
else:
    BaseAdmin = admin.ModelAdmin


class PlaceAdmin(NoDeletionMixin, BaseAdmin):
    """A topic or a sport: its slug is part of addresses, so it stays."""

    list_display = ("name", "slug", "position")
    formfield_overrides = ADMIN_FIELDS
    ordering = ("position", "slug")

    def get_readonly_fields(self, request: HttpRequest, obj: Topic | Sport | None = None) -> tuple[str, ...]:
        return ("slug",) if obj else ()


admin.site.register([Topic, Sport], PlaceAdmin)


@admin.register(Source)
class SourceAdmin(TidySearchMixin, NoDeletionMixin, BaseAdmin):
    list_display = ("key", "title", "body", "year", "checked")
    search_fields = ("key", "title", "body")
    formfield_overrides = ADMIN_FIELDS
    ordering = ("key",)

    def get_readonly_fields(self, request: HttpRequest, obj: Source | None = None) -> tuple[str, ...]:
        # Articles cite it by this key.
        return ("key",) if obj else ()


@admin.register(ClinicDetails)
class ClinicDetailsAdmin(NoDeletionMixin, BaseAdmin):
    """The one row that the migration made."""

    list_display = ("__str__", "hours", "booking")
    formfield_overrides = ADMIN_FIELDS

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


@admin.register(TeamMember)
class TeamMemberAdmin(BaseAdmin):
    """Whoever left is deleted: nothing rests on the row, and the audit knows of it."""

    list_display = ("name", "role", "registration", "position")
    formfield_overrides = ADMIN_FIELDS
    ordering = ("position", "name")


@admin.register(Feedback)
class FeedbackAdmin(TidySearchMixin, ReadOnlyAdmin, BaseAdmin):
    """What readers said, page by page; to read only."""

    list_display = ("day", "path", "clear", "text")
    list_display_links = None
    list_filter = ("clear", "day")
    search_fields = ("path", "text")
    list_per_page = 50
    show_full_result_count = False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        pages = (
            Feedback.objects.values("path")
            .annotate(yes=Count("pk", filter=Q(clear=True)), no=Count("pk", filter=Q(clear=False)))
            .order_by("-no", "-yes", "path")[:100]
        )
        return super().changelist_view(request, {"pages": pages, "title": "What readers said", **(extra_context or {})})
