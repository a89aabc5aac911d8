"""When somebody at the clinic should have looked at a check, and how that is said.

Emergency and urgent run around the clock. Soon and self-care run only while the clinic is open (CLINIC_HOURS,
CLINIC_DAYS, CLINIC_CLOSED_ON), in the clinic's own time zone: an hour is an hour, also when the clocks change.
"""

from datetime import UTC, date, datetime, time, timedelta

from django.conf import settings
from django.utils import timezone

from .protocol.model import Level

AROUND_THE_CLOCK = (Level.EMERGENCY, Level.URGENT)


def compute_deadline(level: int, since: datetime) -> datetime:
    """When the review of a check at this level is due, counted from `since` (aware)."""
    hours = timedelta(hours=settings.REVIEW_HOURS[Level(level).code])
    since = since.astimezone(UTC)
    if level in AROUND_THE_CLOCK:
        return since + hours
    return add_opening_hours(since, hours)


def add_opening_hours(since: datetime, left: timedelta) -> datetime:
    """The moment when the clinic has been open for `left` since then."""
    zone = timezone.get_default_timezone()
    opens, closes = settings.CLINIC_HOURS
    day = since.astimezone(zone).date()
    # The settings make sure that a week has open days; a list of closed days longer than ten years is a mistake.
    for _ in range(3660):
        if is_open(day):
            start = max(since, datetime.combine(day, opens, zone).astimezone(UTC))
            end = datetime.combine(day, closes, zone).astimezone(UTC)
            if start + left <= end:
                return start + left
            left -= max(end - start, timedelta(0))
        day += timedelta(days=1)
    raise ValueError("The clinic is never open: look at CLINIC_CLOSED_ON.")


def is_open(day: date) -> bool:
    return day.weekday() in settings.CLINIC_DAYS and day not in settings.CLINIC_CLOSED_ON


def duration_in_words(length: timedelta) -> str:
    """A length in its largest whole unit: "20 min", "3 h", "2 days"."""
    minutes = int(length.total_seconds() // 60)
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 48 * 60:
        return f"{minutes // 60} h"
    return f"{minutes // (24 * 60)} days"


def deadline_in_words(due_at: datetime, now: datetime) -> str:
    """ "overdue by 2 h", "due in 20 min", "due now"."""
    if abs(due_at - now) < timedelta(minutes=1):
        return "due now"
    return (
        f"overdue by {duration_in_words(now - due_at)}" if due_at < now else f"due in {duration_in_words(due_at - now)}"
    )


def time_in_words(at: datetime, now: datetime) -> str:
    """A time with as much of the date as it needs: "14:30", "Tue 14:30", "24 Nov 14:30", "24 Nov 2025 14:30"."""
    at, now = timezone.localtime(at), timezone.localtime(now)
    if at.date() == now.date():
        return f"{at:%H:%M}"
    if abs(at.date() - now.date()) < timedelta(days=6):
        return f"{at:%a %H:%M}"
    year = f" {at.year}" if at.year != now.year else ""
    return f"{at.day} {at:%b}{year} {at:%H:%M}"


def find_start_of_day(day: date) -> datetime:
    """When this day begins at the clinic."""
    return datetime.combine(day, time.min, timezone.get_default_timezone()).astimezone(UTC)
