"""How the queue stands, in numbers for a monitor. Samples do not count."""

from datetime import timedelta

from django.db.models import Count, Min
from django.utils import timezone

from .models import Assessment
from .protocol.model import Level


def gauges(now=None):
    """[(name, meaning, [(labels, value)])]: what /metrics tells. One query each."""
    now = now or timezone.now()
    real = Assessment.objects.filter(is_sample=False)
    waiting = by_level(real.unreviewed(), number=Count("pk"), oldest=Min("finished_at"))
    lately = by_level(real.filter(finished_at__gt=now - timedelta(days=1)), number=Count("pk"))
    return [
        (
            "checks_waiting",
            "Saved checks that nobody has reviewed.",
            [({"level": level.code}, waiting.get(level, {}).get("number", 0)) for level in Level],
        ),
        (
            "checks_waiting_longest_seconds",
            "Age of the oldest check that nobody has reviewed; 0 when there is none.",
            [
                (
                    {"level": level.code},
                    round((now - waiting[level]["oldest"]).total_seconds()) if level in waiting else 0,
                )
                for level in Level
            ],
        ),
        (
            "checks_saved_last_day",
            "Checks saved in the last 24 hours.",
            [({"level": level.code}, lately.get(level, {}).get("number", 0)) for level in Level],
        ),
    ]


def by_level(checks, **values):
    return {row["level"]: row for row in checks.order_by().values("level").annotate(**values)}
