"""The review queue: what waits, the most urgent first, then what is due first."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypedDict, cast
from urllib.parse import urlencode

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.core.paginator import InvalidPage, Paginator
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.expressions import Combinable
from django.db.models.fields.json import KeyTransform
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.html import format_html

from core import audit
from core.pages.admin import ReadOnlyAdmin
from core.people import display_name

from .. import deadlines
from ..clinic import approval, statistics
from ..models import Assessment, Contact, Raise
from ..models.review import ReviewState
from ..privacy.deletion_key import parse_reference
from ..protocol.model import Level
from . import bulk, cases, export, mail_preferences, record, retention, search
from .filters import (
    CallFilter,
    DueFilter,
    LevelFilter,
    OwnerFilter,
    QueueFilter,
    RaisedFilter,
    SportFilter,
    StateFilter,
    list_usual_views,
    read_queue_counts,
)
from .permissions import has_permission

FILTERS = (LevelFilter, OwnerFilter, StateFilter, DueFilter, RaisedFilter, CallFilter, SportFilter)
# Of a check in the queue: the higher the level and the sooner it is due, the smaller.
Place = tuple[int, datetime, int]
PLACED = ("review__rank", "review__due_at", "pk")


class Shown(TypedDict):
    """What the list reads besides the columns of a check."""

    asks_call: bool
    reasons: Any
    raised: Raise | None


if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    Base = admin.ModelAdmin[Assessment]
    BasePaginator = Paginator[Any]
    QueueRow = WithAnnotations[Assessment, Shown]
else:
    Base, BasePaginator = admin.ModelAdmin, Paginator


class BoundedPaginator(BasePaginator):
    """Counts and leads no further than LIMIT rows: nobody reads page 400, and counting a million rows takes seconds."""

    LIMIT = 1000

    @cached_property
    def count(self) -> int:
        return cast("QuerySet[Any]", self.object_list).order_by()[: self.LIMIT].count()


class QueueList(ChangeList):
    """Reads the keys of what it leads to, in their order and once; then what one page of them shows.

    In one query a database may look up for each row of the table what is shown of fifty: PostgreSQL read every contact
    and, for page 20, the reasons of a thousand checks.
    """

    def get_results(self, request: HttpRequest) -> None:
        keys = self.list_keys(request)
        self.paginator = Paginator(keys, self.list_per_page)
        try:
            page = self.paginator.page(self.page_num)
        except InvalidPage as wrong:
            raise IncorrectLookupParameters from wrong
        asked = Exists(Contact.objects.filter(assessment=OuterRef("pk")))
        shown = self.root_queryset.annotate(asks_call=asked, reasons=KeyTransform("reasons", "result"))
        rows = shown.in_bulk(list(page.object_list))
        self.result_list = [rows[pk] for pk in page.object_list if pk in rows]
        raised = read_raised(request, rows)
        for row in self.result_list:
            row.raised = raised.get(row.pk)
        self.result_count, self.full_result_count, self.show_full_result_count = len(keys), None, False
        self.multi_page, self.can_show_all, self.show_admin_actions = self.paginator.num_pages > 1, False, True

    def list_keys(self, request: HttpRequest) -> list[int]:
        """Of the checks asked for, in the order of the queue, LIMIT at most."""
        if request.GET.get("state") == ReviewState.CLOSED or request.GET.get("q"):
            return list(self.queryset.values_list("pk", flat=True)[: BoundedPaginator.LIMIT])
        places = {pk: (-rank, due_at, pk) for rank, due_at, pk in self.list_reviews(request)}
        for place in self.list_raised(request):
            places[place[-1]] = min(place, places.get(place[-1], place))
        return [pk for *_, pk in sorted(places.values())[: BoundedPaginator.LIMIT]]

    def list_raised(self, request: HttpRequest) -> list[Place]:
        """Where newer rules put the checks asked for, also closed ones, until staff have decided."""
        if not read_queue_counts(request)["raised"]:
            return []
        found: QuerySet[Raise] = Raise.objects.undecided()
        for spec in self.filter_specs:
            if isinstance(spec, QueueFilter):
                found = spec.filter_raised(request, found)
        rows = found.values_list("level", "due_at", "assessment")[: BoundedPaginator.LIMIT]
        return [(-(level + 1), due_at, pk) for level, due_at, pk in rows]

    def list_reviews(self, request: HttpRequest) -> list[tuple[int, datetime, int]]:
        """(rank, due_at, key) of the open checks asked for, LIMIT at most."""
        limit = BoundedPaginator.LIMIT
        ranks = LevelFilter.list_ranks(request)
        if not ranks:
            return list(self.queryset.values_list(*PLACED)[:limit])
        # What waits, then what was answered: a database has the order within each in its index, and would sort all rows
        # of both. Without the level, which the place implies: it takes the two for independent and expects few rows.
        others = self.get_queryset(request, [LevelFilter.parameter_name])
        others = others.filter(review__rank__range=(min(ranks), max(ranks)))
        waiting = list(others.values_list(*PLACED)[:limit])
        contacted = self.queryset.filter(review__rank=0).values_list(*PLACED)
        return waiting + list(contacted[: limit - len(waiting)])


def read_raised(request: HttpRequest, keys: Iterable[int]) -> dict[int, Raise]:
    """What newer rules ask for, undecided, by the key of the check; of several the most urgent."""
    if not read_queue_counts(request)["raised"]:
        return {}
    return {made.assessment_id: made for made in reversed(Raise.objects.undecided().filter(assessment__in=keys))}


# In the session: the filters of the list that was last looked at, as a query. Never what was searched for.
SHOWN = "queue"
# An answer of fewer signs than this, such as "No, never", says nothing without its question.
SHORT = 30


class QueueAdmin(ReadOnlyAdmin, Base):
    list_display = ["reference", "urgency", "due", "why", "call_back", "standing"]
    list_display_links = ["reference"]
    list_filter = FILTERS
    list_per_page = 50
    empty_value_display = ""
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    sortable_by = []
    actions = [bulk.claim_selected, bulk.assign_selected, bulk.close_selected]
    change_list_template = "admin/assessment/queue.html"

    class Media:
        css = {"all": ["staff.css"]}
        js = ["staff.js"]

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        own = [
            path("find/", view(search.search_assessments), name="assessment_find"),
            path("next/", view(record.open_next_record), name="assessment_next"),
            path("export/", view(export.export_records), name="assessment_export"),
            path("endings/", view(retention.list_retention), name="assessment_endings"),
            path("<int:pk>/ending/", view(retention.edit_retention), name="assessment_ending"),
            path("agreement/<slug:code>/", view(cases.list_cases), name="assessment_cases"),
            path("e-mails/", view(mail_preferences.edit_mail_preferences), name="assessment_mails"),
            path("<int:pk>/print/", view(record.print_record), name="assessment_print"),
            # Before the admin's own page, which is a form over a model's fields: nothing here is one.
            path("<int:pk>/change/", view(record.show_record), name="assessment_assessment_change"),
        ]
        kept = [url for url in super().get_urls() if url.name == "assessment_assessment_changelist"]
        return own + kept

    def get_queryset(self, request: HttpRequest) -> QuerySet[Assessment]:
        found = super().get_queryset(request).select_related("review", "review__assigned_to")
        return found.defer("answers", "rules", "result", "consent_text")

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return QueueList

    def get_ordering(self, request: HttpRequest) -> list[str | Combinable]:
        if request.GET.get("state") == ReviewState.CLOSED:
            return ["-review__closed_at", "-pk"]
        return ["-review__rank", "review__due_at", "pk"]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Assessment], search_term: str
    ) -> tuple[QuerySet[Assessment], bool]:
        """By reference only: an address is written into histories and logs. search.py is the way for the rest."""
        if not search_term:
            return queryset, False
        return queryset.filter(reference=parse_reference(search_term) or "-"), False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        response = super().changelist_view(
            request, {"title": "Review queue", "is_nav_sidebar_enabled": False, **(extra_context or {})}
        )
        context = getattr(response, "context_data", None)
        if context and "cl" in context:
            shown = context["cl"]
            context |= {
                "approval": approval.describe_approval(),
                "levels": statistics.summarize_levels(read_queue_counts(request)),
                "views": list_usual_views(request),
                "may_review": has_permission(request.user, "change_review"),
                "limit": BoundedPaginator.LIMIT if shown.result_count >= BoundedPaginator.LIMIT else 0,
            }
            chosen = sorted({*request.GET} & {kind.parameter_name for kind in FILTERS})
            # So that the way back from a check leads to the same list: record.html.
            query = urlencode({name: request.GET[name] for name in chosen})
            if request.session.get(SHOWN, "") != query:
                request.session[SHOWN] = query
            audit.record_event(
                request.user, "list", page=shown.page_num, filters=",".join(chosen), found=len(shown.result_list)
            )  # fmt: skip
        return response

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        return super().get_actions(request) if has_permission(request.user, "change_review") else {}

    @admin.display(description="Level")
    def urgency(self, record: "QueueRow") -> str:
        now, own = record.review.level, record.level
        if record.raised:
            now = max(now, record.raised.level)
            return format_html(
                '<span class="level level-{}">{}</span> <span class="was raised">{}</span>',
                now, Level(now).short_label, str(record.raised),
            )  # fmt: skip
        level = format_html('<span class="level level-{}">{}</span>', now, Level(now).short_label)
        if now == own:
            return level
        return format_html('{} <span class="was">was {}</span>', level, Level(own).short_label)

    @admin.display(description="Due")
    def due(self, record: "QueueRow") -> str:
        now, review = timezone.now(), record.review
        if not record.raised:
            if review.closed_at:
                return f"closed {deadlines.time_in_words(review.closed_at, now)}"
            if review.state == ReviewState.CONTACTED:
                return "answered"
        due_at = record.raised.due_at if record.raised and record.raised.level >= review.level else review.due_at
        late = "late" if due_at < now else "time"
        words, at = deadlines.deadline_in_words(due_at, now), deadlines.time_in_words(due_at, now)
        return format_html('<span class="{}">{}</span> <span class="at">{}</span>', late, words, at)

    @admin.display(description="Why")
    def why(self, record: "QueueRow") -> str:
        reasons = record.raised.reasons if record.raised else record.reasons
        return " · ".join(list_deciding_answers(reasons)) or "Nothing that needs a visit"

    @admin.display(description="Call back")
    def call_back(self, record: "QueueRow") -> str:
        return "Asked for" if record.asks_call else ""

    @admin.display(description="Where it stands")
    def standing(self, record: "QueueRow") -> str:
        review = record.review
        who = display_name(review.assigned_to) if review.assigned_to else ""
        text = review.get_reason_display() if review.state == ReviewState.CLOSED else review.get_state_display()
        if review.state == ReviewState.CLOSED and record.raised:
            text = f"Closed: {text}"
        if review.state == ReviewState.NEW:
            text = f"{text}, for {who}" if who else text
        elif who:
            text = f"{text}, {who}"
        return format_html('{} <span class="was">{}</span>', text, "sample") if record.is_sample else text


def list_deciding_answers(reasons: Any) -> list[str]:
    """The answers behind a level, each once: from the stored reasons, as JSON text or as data."""
    found: list[str] = []
    for reason in json.loads(reasons) if isinstance(reasons, str) else reasons or []:
        for item in reason["because"]:
            text = f"Not sure: {item['question']}" if reason["unsure"] else item["answer"]
            if not reason["unsure"] and len(text) < SHORT:
                text = f"{item['question']}: {text}"
            if text not in found:
                found.append(text)
    return found
