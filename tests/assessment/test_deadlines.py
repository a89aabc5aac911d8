"""When a review is due, and how that is said."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from assessment import deadlines
from assessment.protocol.model import Level


@pytest.fixture(autouse=True)
def clinic(settings):
    """Open from Monday to Friday, 9 to 17, in Chicago."""
    settings.TIME_ZONE = "America/Chicago"
    settings.CLINIC_HOURS = (time(9), time(17))
    settings.CLINIC_DAYS = {0, 1, 2, 3, 4}
    settings.CLINIC_CLOSED_ON = {date(2026, 11, 26)}
    settings.REVIEW_HOURS = {"emergency": 1, "urgent": 4, "soon": 16, "self_care": 40}


def local(text):
    from zoneinfo import ZoneInfo

    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("America/Chicago"))


@pytest.mark.parametrize(
    ("level", "sent", "due"),
    [
        # Around the clock, also at night and at the weekend.
        (Level.EMERGENCY, "2026-11-22T23:30", "2026-11-23T00:30"),
        (Level.URGENT, "2026-11-21T22:00", "2026-11-22T02:00"),
        # Two days of eight hours.
        (Level.SOON, "2026-11-23T10:00", "2026-11-25T10:00"),
        (Level.SOON, "2026-11-23T09:00", "2026-11-24T17:00"),
        # Before the clinic opens, after it closes, and at the weekend, the clock starts at the next opening.
        (Level.SOON, "2026-11-23T03:00", "2026-11-24T17:00"),
        (Level.SOON, "2026-11-23T18:00", "2026-11-25T17:00"),
        (Level.SOON, "2026-11-21T12:00", "2026-11-24T17:00"),
        # Over a closed Thursday and a weekend.
        (Level.SOON, "2026-11-25T15:00", "2026-11-30T15:00"),
        (Level.SELF_CARE, "2026-11-16T09:00", "2026-11-20T17:00"),
    ],
)
def test_due(level, sent, due):
    assert deadlines.compute_deadline(level, local(sent)) == local(due)


def test_an_hour_is_an_hour_when_the_clocks_change():
    # On 1 November 2026 at 2:00 the clocks go back to 1:00.
    assert deadlines.compute_deadline(Level.URGENT, local("2026-11-01T00:00")) == local("2026-11-01T03:00")
    # A night shift over 8 March 2026, when 2:00 to 3:00 does not exist.
    assert deadlines.compute_deadline(Level.URGENT, local("2026-03-08T00:00")) == local("2026-03-08T05:00")


def test_opening_hours_are_those_on_the_wall_when_the_clocks_change():
    # Friday to Monday over the change: both days open at 9 on the wall, whatever that is in UTC.
    assert deadlines.compute_deadline(Level.SOON, local("2026-10-30T09:00")) == local("2026-11-02T17:00")


def test_hours_of_the_clinic_that_change_length_with_the_clocks_count_as_they_pass(settings):
    settings.CLINIC_DAYS, settings.CLINIC_HOURS = {6}, (time(0), time(4))
    settings.REVIEW_HOURS["soon"] = 5
    # The night of 1 November has five hours between 0:00 and 4:00 on the wall; that of 8 March has three.
    assert deadlines.compute_deadline(Level.SOON, local("2026-11-01T00:00")) == local("2026-11-01T04:00")
    assert deadlines.compute_deadline(Level.SOON, local("2026-03-08T00:00")) == local("2026-03-15T02:00")


def test_the_time_zone_of_the_moment_given_does_not_matter():
    sent = local("2026-11-23T10:00")
    assert deadlines.compute_deadline(Level.SOON, sent.astimezone(UTC)) == deadlines.compute_deadline(Level.SOON, sent)


def test_a_clinic_that_is_never_open_is_said_to_be(settings):
    settings.CLINIC_DAYS = set()
    with pytest.raises(ValueError, match="CLINIC_CLOSED_ON"):
        deadlines.compute_deadline(Level.SOON, local("2026-11-23T10:00"))


NOW = datetime(2026, 11, 23, 14, tzinfo=UTC)


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0, "due now"),
        (20, "due in 20 min"),
        (59, "due in 59 min"),
        (60, "due in 1 h"),
        (47 * 60 + 59, "due in 47 h"),
        (48 * 60, "due in 2 days"),
        (-1, "overdue by 1 min"),
        (-150, "overdue by 2 h"),
        (-72 * 60, "overdue by 3 days"),
    ],
)
def test_how_it_is_said(minutes, words):
    assert deadlines.deadline_in_words(NOW + timedelta(minutes=minutes), NOW) == words


@pytest.mark.parametrize(
    ("at", "words"),
    [
        ("2026-11-23T08:05", "08:05"),
        ("2026-11-24T14:30", "Tue 14:30"),
        ("2026-11-10T14:30", "10 Nov 14:30"),
        ("2025-11-10T14:30", "10 Nov 2025 14:30"),
    ],
)
def test_a_moment_carries_as_much_of_the_date_as_it_needs(at, words):
    assert deadlines.time_in_words(local(at), NOW) == words
