"""The filters beside the queue, each choice with how many open checks it holds."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlencode

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from ..clinic import statistics
from ..models import Assessment, Contact, Raise
from ..models.review import ReviewState
from ..protocol import wording
from ..protocol.model import Level

if TYPE_CHECKING:
    from django.contrib.admin.filters import _ListFilterChoices


class CountedRequest(HttpRequest):
    """With what count_queue says to its person."""

    queue_counts: statistics.QueueCounts


def read_queue_counts(request: HttpRequest) -> statistics.QueueCounts:
    """statistics.count_queue for this person, counted once a request."""
    counted = cast("CountedRequest", request)
    if not hasattr(counted, "queue_counts"):
        counted.queue_counts = statistics.count_queue(request.user)
    return counted.queue_counts


class QueueFilter(admin.SimpleListFilter):
    """Choices as (value, label, name of its count); parameter: the name in the address."""

    options: list[tuple[str, str, str]] = []

    def lookups(self, request: HttpRequest, model_admin: "admin.ModelAdmin[Any]") -> list[tuple[str, str]]:
        found = read_queue_counts(request)
        plus = "+" if found["more"] else ""
        return [
            (value, f"{label} ({found.get(count, 0)}{plus})" if count else label)
            for value, label, count in self.options
        ]

    def filter_raised(self, request: HttpRequest, raised: QuerySet[Raise]) -> QuerySet[Raise]:
        """Of what newer rules raised, what the choice asks for."""
        if not self.value():
            return raised
        checks = self.queryset(request, Assessment.objects.order_by())
        return raised.filter(assessment__in=checks) if checks is not None else raised


# What a day at the clinic asks for again and again: a name, the filters of it, and the name of its count.
VIEWS = [
    ("Mine, overdue", {"who": "mine", "due": "over"}, "mine_overdue"),
    ("Nobody's, overdue", {"who": "nobody", "due": "over"}, "unassigned_overdue"),
    ("Raised by newer rules", {"raised": "yes"}, "raised"),
    ("To call, emergency or urgent", {"level": "high", "state": "waits", "call_back": "yes"}, "call_first"),
]


def list_usual_views(request: HttpRequest) -> list[dict[str, Any]]:
    """VIEWS as links: {"name", "query", "number", "here"}; here: the queue shows just this one."""
    found = read_queue_counts(request)
    plus, chosen = "+" if found["more"] else "", request.GET.dict()
    return [
        {"name": name, "query": urlencode(query), "number": f"{found[count]}{plus}", "here": chosen == query}
        for name, query, count in VIEWS
        if found[count] or count != "raised"  # once in a release
    ]


class StateFilter(QueueFilter):
    title = "where it stands"
    parameter_name = "state"
    options = [
        ("waits", "New or in review", "waits"),
        ("new", "New", "new"),
        ("in_review", "In review", "in_review"),
        ("contacted", "Contacted", "contacted"),
        ("closed", "Closed, newest first", ""),
    ]

    def choices(self, changelist: ChangeList) -> Iterator["_ListFilterChoices"]:
        everything, *others = super().choices(changelist)
        yield {**everything, "display": "Open"}
        yield from others

    def queryset(self, request: HttpRequest, queryset: QuerySet[Assessment]) -> QuerySet[Assessment]:
        if self.value() == "waits":
            return queryset.filter(review__rank__gt=0)
        if self.value() in ReviewState.values:
            found = queryset.filter(review__state=self.value())
            # Again, as places in the queue, which its index knows.
            if self.value() == ReviewState.CLOSED:
                return found
            answered = self.value() == ReviewState.CONTACTED
            return found.filter(review__rank=0) if answered else found.filter(review__rank__gt=0)
        # Who searches, searches everywhere.
        return queryset if request.GET.get("q") else queryset.filter(review__rank__isnull=False)

    def filter_raised(self, request: HttpRequest, raised: QuerySet[Raise]) -> QuerySet[Raise]:
        # They wait, wherever the check stood.
        return raised if self.value() == "waits" else super().filter_raised(request, raised)


class OwnerFilter(QueueFilter):
    title = "who has it"
    parameter_name = "who"
    options = [("mine", "Me", "mine"), ("nobody", "Nobody", "unassigned"), ("others", "Colleagues", "others")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Assessment]) -> QuerySet[Assessment]:
        match self.value():
            case "mine":
                return queryset.filter(review__assigned_to=request.user.pk)
            case "nobody":
                return queryset.filter(review__assigned_to=None)
            case "others":
                return queryset.filter(review__assigned_to__isnull=False).exclude(review__assigned_to=request.user.pk)
        return queryset


class DueFilter(QueueFilter):
    title = "clock"
    parameter_name = "due"
    options = [("over", "Overdue", "overdue")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Assessment]) -> QuerySet[Assessment]:
        if self.value() == "over":
            return queryset.filter(review__rank__gt=0, review__due_at__lt=timezone.now())
        return queryset

    def filter_raised(self, request: HttpRequest, raised: QuerySet[Raise]) -> QuerySet[Raise]:
        return raised.filter(due_at__lt=timezone.now()) if self.value() == "over" else raised


class RaisedFilter(QueueFilter):
    title = "newer rules"
    parameter_name = "raised"
    options = [("yes", "Ask for more", "raised")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Assessment]) -> QuerySet[Assessment]:
        raised = Exists(Raise.objects.undecided().filter(assessment=OuterRef("pk")))
        return queryset.filter(raised) if self.value() == "yes" else queryset


class CallFilter(QueueFilter):
    title = "call back"
    parameter_name = "call_back"
    options = [("yes", "Asked for", "call")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Assessment]) -> QuerySet[Assessment]:
        asked = Exists(Contact.objects.filter(assessment=OuterRef("pk")))
        return queryset.filter(asked) if self.value() == "yes" else queryset


class LevelFilter(QueueFilter):
    title = "level"
    parameter_name = "level"
    options = [
        ("high", "Emergency or urgent", "level-high"),
        *((str(level.value), level.short_label, f"level-{level.value}") for level in reversed(Level)),
    ]
    levels = {"high": [Level.URGENT, Level.EMERGENCY]} | {str(level.value): [level] for level in Level}

    @classmethod
    def list_ranks(cls, request: HttpRequest) -> list[int]:
        """The places in the queue (Review.rank) of what waits at the chosen level; none when it is not about that."""
        everywhere = request.GET.get("state") == ReviewState.CLOSED or request.GET.get("q")
        return [] if everywhere else [level + 1 for level in cls.levels.get(request.GET.get("level", ""), [])]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Assessment]) -> QuerySet[Assessment]:
        levels = self.levels.get(self.value() or "")
        return queryset.filter(review__level__in=levels) if levels else queryset

    def filter_raised(self, request: HttpRequest, raised: QuerySet[Raise]) -> QuerySet[Raise]:
        levels = self.levels.get(self.value() or "")
        return raised.filter(level__in=levels) if levels else raised


class SportFilter(QueueFilter):
    title = "sport"
    parameter_name = "sport"

    def lookups(self, request: HttpRequest, model_admin: "admin.ModelAdmin[Any]") -> list[tuple[str, str]]:
        """Only the sports that are in the queue, and the chosen one."""
        found, chosen = read_queue_counts(request), request.GET.get(self.parameter_name, "")
        texts = wording.load_words()["questions"].get("sport", {}).get("options", {})
        present = {name.removeprefix("sport-") for name in found if name.startswith("sport-")} | {chosen}
        self.options = [
            (code, text, f"sport-{code}") for code, text in texts.items() if code in present
        ]  # fmt: skip
        return super().lookups(request, model_admin)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Assessment]) -> QuerySet[Assessment]:
        return queryset.filter(review__sport=self.value()) if self.value() else queryset
