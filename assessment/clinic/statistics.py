"""Statistics about the queue. Each reads a bounded number of rows, however many there are: the first of the queue, the
last that were answered, one day."""

import logging
from collections import Counter
from datetime import date, timedelta
from statistics import median
from typing import Any, TypedDict

from django.conf import settings
from django.contrib.auth.models import AnonymousUser, User
from django.db import DatabaseError, transaction
from django.db.models import Count, Min, Q, Value
from django.utils import timezone

from .. import deadlines
from ..models import Contact, DayCount, Raise, Review
from ..models.review import ReviewState
from ..protocol.model import Level

logger = logging.getLogger(__name__)

COUNTED = 2000  # of the queue, the most urgent first
PACE = 200  # the last that were answered, at each level
DAYS = 30
# A day is kept as counted when it has been over for so long: a result that a session held back can be sent until then,
# and counts on the day it was made.
SETTLED = timedelta(seconds=settings.SESSION_COOKIE_AGE)
SHORT = {level.value: level.short_label for level in reversed(Level)}


# By name: whole numbers, but for "more" (a boolean) and "oldest-N" (a time).
QueueCounts = dict[str, Any]


class LevelLine(TypedDict):
    """What waits at one level, in words."""

    level: int
    label: str
    number: str
    late: str
    oldest: str


class DayRow(TypedDict):
    """What was sent on one day; hurry: of it, urgent or an emergency."""

    day: date
    total: int
    hurry: int


def count_queue(user: User | AnonymousUser) -> QueueCounts:
    """How many open checks there are of each kind, in four queries.

    What newer rules raised counts as waiting at that level too, until staff have decided.

    "more": the queue is longer than COUNTED, so that each number is "at least". oldest-N: when the oldest that waits at
    level N was sent, or None.
    """
    first = Review.objects.waiting().order_by("-rank", "due_at", "pk")[:COUNTED]
    waits = Q(rank__gt=0)
    late = waits & Q(due_at__lt=timezone.now())
    # Over the slice itself: asked for reviews "whose key is in the slice", PostgreSQL reads them all.
    found = first.aggregate(
        open=Count("pk"),
        waits=Count("pk", filter=waits),
        mine=Count("pk", filter=Q(assigned_to=user)),
        mine_overdue=Count("pk", filter=late & Q(assigned_to=user)),
        unassigned=Count("pk", filter=Q(assigned_to=None)),
        unassigned_overdue=Count("pk", filter=late & Q(assigned_to=None)),
        others=Count("pk", filter=Q(assigned_to__isnull=False) & ~Q(assigned_to=user)),
        overdue=Count("pk", filter=late),
        **{f"level-{level}": Count("pk", filter=Q(level=level)) for level in SHORT},
        **{f"waits-{level}": Count("pk", filter=waits & Q(level=level)) for level in SHORT},
        **{f"late-{level}": Count("pk", filter=late & Q(level=level)) for level in SHORT},
        **{f"oldest-{level}": Min("submitted_at", filter=waits & Q(level=level)) for level in SHORT},
        **{state.value: Count("pk", filter=Q(state=state)) for state in ReviewState if state != ReviewState.CLOSED},
    )
    raised = list(Raise.objects.undecided().values_list("level", "due_at", "raised_at")[:COUNTED])
    for level, due_at, raised_at in raised:
        over = due_at < timezone.now()
        for name, more in ((f"level-{level}", 1), (f"waits-{level}", 1), (f"late-{level}", over), ("overdue", over)):
            found[name] += more
        found[f"oldest-{level}"] = min(found[f"oldest-{level}"] or raised_at, raised_at)
    rows = list(first.values_list("pk", "sport", "rank"))
    sports = Counter(sport for _, sport, _ in rows)
    asked = set(
        Contact.objects.filter(assessment__in=[pk for pk, _, _ in rows]).values_list("assessment_id", flat=True)
    )
    return (
        found
        | {f"sport-{sport}": number for sport, number in sports.items()}
        | {
            "raised": len(raised),
            "call": len(asked),
            "call_first": sum(pk in asked and rank >= Level.URGENT + 1 for pk, _, rank in rows),
            "level-high": found[f"level-{Level.URGENT}"] + found[f"level-{Level.EMERGENCY}"],
            "more": max(found["open"], len(raised)) >= COUNTED,
        }
    )


def summarize_levels(found: QueueCounts) -> list[LevelLine]:
    """The counts of count_queue() as a line for each level, the most urgent first."""
    now, plus = timezone.now(), "+" if found["more"] else ""
    return [
        {
            "level": level,
            "label": label,
            "number": f"{found[f'waits-{level}']}{plus}",
            "late": f"{found[f'late-{level}']}{plus}" if found[f"late-{level}"] else "",
            "oldest": deadlines.duration_in_words(now - found[f"oldest-{level}"]) if found[f"oldest-{level}"] else "",
        }
        for level, label in SHORT.items()
    ]


def measure_pace() -> dict[int, str]:
    """The median time from submission to the first answer, in words, over the last PACE answered at each level."""
    found: dict[int, str] = {}
    for level in SHORT:
        answered = Review.objects.filter(level=level, reviewed_at__isnull=False).order_by("-reviewed_at")
        minutes = [number for number in answered.values_list("minutes", flat=True)[:PACE] if number is not None]
        found[level] = deadlines.duration_in_words(timedelta(minutes=median(minutes))) if minutes else ""
    return found


def count_per_day() -> list[DayRow]:
    """Checks sent on each of the last DAYS days at the clinic, the oldest first: {"day", "total", "hurry"}.

    hurry: those that the protocol or staff called urgent or an emergency. Only the days that were not counted before
    are counted: today, yesterday, and what nobody has looked at yet.
    """
    today = timezone.localdate()
    days = [today - timedelta(days=number) for number in reversed(range(DAYS))]
    known: dict[date, DayRow] = {
        row.day: {"day": row.day, "total": row.total, "hurry": row.hurry}
        for row in DayCount.objects.filter(day__in=days)
    }
    counted = count_days([day for day in days if day not in known])
    over = [
        row for row in counted if timezone.now() - deadlines.find_start_of_day(row["day"] + timedelta(days=1)) > SETTLED
    ]
    if over:
        keep_day_counts(over)
    known |= {row["day"]: row for row in counted}
    return [known[day] for day in days]


def count_days(days: list[date]) -> list[DayRow]:
    """The rows of count_per_day() for these days, from the checks themselves."""
    found: dict[date, DayRow] = {day: {"day": day, "total": 0, "hurry": 0} for day in days}
    parts = []
    for number, day in enumerate(days):
        start, end = deadlines.find_start_of_day(day), deadlines.find_start_of_day(day + timedelta(days=1))
        sent = Review.objects.filter(submitted_at__gte=start, submitted_at__lt=end)
        # A range for each day instead of a function over each row: an index answers it alone.
        parts.append(sent.order_by().values_list(Value(number), "level").annotate(sent=Count("*")))
    for number, level, sent in parts[0].union(*parts[1:], all=True):
        found[days[number]]["total"] += sent
        found[days[number]]["hurry"] += sent if level >= Level.URGENT else 0
    return list(found.values())


def keep_day_counts(rows: list[DayRow]) -> None:
    """Keep these counts. A page of statistics does not fail because the database takes nothing just now."""
    try:
        with transaction.atomic():
            DayCount.objects.bulk_create([DayCount(**row) for row in rows], ignore_conflicts=True)
    except DatabaseError as error:
        logger.warning("the checks of a day were not kept as a count: %s", type(error).__name__)


# The chart, in units of its own drawing: a column for each day.
COLUMN, HEIGHT, BASE = 26, 160, 24


def draw_day_chart(days: list[DayRow]) -> dict[str, Any]:
    """Where each column of count_per_day() stands: urgent and emergency at the bottom, the rest on top of them."""
    most = max((day["total"] for day in days), default=0) or 1
    columns = []
    for number, day in enumerate(days):
        hurry = round(HEIGHT * day["hurry"] / most)
        calm = round(HEIGHT * (day["total"] - day["hurry"]) / most)
        x = number * COLUMN + 40
        columns.append(
            {
                **day, "x": x, "middle": x + COLUMN // 2 - 3, "wide": COLUMN - 6, "hurry_high": hurry,
                "calm_high": calm, "hurry_y": HEIGHT - hurry + 16, "calm_y": HEIGHT - hurry - calm + 16,
                "top": HEIGHT - hurry - calm + 12, "named": day["day"].weekday() == 0,
            }
        )  # fmt: skip
    return {"columns": columns, "width": len(days) * COLUMN + 50, "height": HEIGHT + BASE + 16, "base": HEIGHT + 32}
