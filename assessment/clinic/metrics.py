"""How the queue stands, in numbers for a monitor. Samples do not count."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Min, QuerySet
from django.utils import timezone

from ..models.mail import Arrival, Mail
from ..models.raised import Raise
from ..models.review import Review
from ..protocol.model import Level
from .notifications import MOST_TRIES

# The values of one query, by level.
LevelRows = dict[int, Mapping[str, Any]]
# A name, what it means, and a value for each set of labels.
Metric = tuple[str, str, list[tuple[dict[str, str], int]]]


def collect_metrics(now: datetime | None = None) -> list[Metric]:
    """[(name, meaning, [(labels, value)])]: what /metrics tells. One query each."""
    now = now or timezone.now()
    real = Review.objects.filter(assessment__is_sample=False)
    # Above 0 in rank: in the queue, and nobody has been in touch yet.
    waiting = group_by_level(real.filter(rank__gt=0), number=Count("pk"), oldest=Min("submitted_at"))
    late = group_by_level(real.filter(rank__gt=0, due_at__lt=now), number=Count("pk"))
    raised = Raise.objects.undecided().filter(assessment__is_sample=False)
    above, above_late = (group_by_level(found, number=Count("pk")) for found in (raised, raised.filter(due_at__lt=now)))
    mails = Mail.objects.filter(sent_at=None)
    unsent = mails.filter(tries__lt=MOST_TRIES).aggregate(number=Count("pk"), oldest=Min("made_at"))
    untold = Arrival.objects.aggregate(number=Count("pk"), oldest=Min("assessment__finished_at"))
    since = min(filter(None, (unsent["oldest"], untold["oldest"])), default=now)
    lately = group_by_level(real.filter(submitted_at__gt=now - timedelta(days=1)), number=Count("pk"))

    def number(found: LevelRows) -> list[tuple[dict[str, str], int]]:
        return [({"level": level.code}, found.get(level, {}).get("number", 0)) for level in Level]

    def age(level: Level) -> int:
        return round((now - waiting[level]["oldest"]).total_seconds()) if level in waiting else 0

    return [
        ("checks_waiting", "Saved checks whose patient nobody has answered yet.", number(waiting)),
        (
            "checks_waiting_longest_seconds",
            "Age of the oldest of them; 0 when there is none.",
            [({"level": level.code}, age(level)) for level in Level],
        ),
        ("checks_overdue", "Those that somebody should have looked at by now.", number(late)),
        ("checks_raised", "Those that newer rules raised to this level, and nobody has decided.", number(above)),
        ("checks_raised_overdue", "Those of them that somebody should have decided by now.", number(above_late)),
        ("checks_saved_last_day", "Checks saved in the last 24 hours.", number(lately)),
        ("mails_unsent", "Mails to staff that are made and not sent.", [({}, unsent["number"])]),
        ("arrivals_untold", "Emergency and urgent checks of which no mail is made yet.", [({}, untold["number"])]),
        (
            "mails_longest_seconds",
            "Age of the oldest of both, or 0. More than minutes: the timer or mail server stands still.",
            [({}, round((now - since).total_seconds()))],
        ),
        (
            "mails_given_up",
            "Mails to staff that were tried so often without success that they are tried no more.",
            [({}, mails.filter(tries__gte=MOST_TRIES).count())],
        ),
    ]


def group_by_level(rows: QuerySet[Any], **values: Any) -> LevelRows:
    return {row["level"]: row for row in rows.order_by().values("level").annotate(**values)}
