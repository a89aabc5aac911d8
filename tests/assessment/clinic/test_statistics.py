"""What the start page counts."""

from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assessment import deadlines
from assessment.clinic import review_actions, statistics
from assessment.models import DayCount

from ..staff import EMERGENCY, SOON, URGENT, look_at, make_assessment, make_contact

pytestmark = pytest.mark.django_db


def closed(who, answers, minutes, reason="advised", to=None):
    record = look_at(who, make_assessment(answers, hours_ago=minutes / 60))
    version = review_actions.claim_review(who, record, 1).version
    if to is not None:
        review_actions.override_level(who, record, version, to, "Because")
        version += 1
    review_actions.close_review(who, record, version, reason, "Called")
    return record


def test_the_queue_is_counted_by_kind(ana):
    make_assessment(EMERGENCY, hours_ago=3)
    make_contact(make_assessment(SOON))
    review_actions.claim_review(ana, make_assessment(URGENT), 1)
    closed(ana, SOON, 5)
    found = statistics.count_queue(ana)
    wanted = {"open": 3, "waits": 3, "mine": 1, "unassigned": 2, "others": 0, "overdue": 1, "call": 1, "new": 2}
    assert wanted.items() <= found.items()
    lines = {row["label"]: row for row in statistics.summarize_levels(found)}
    assert (lines["Emergency"]["number"], lines["Emergency"]["late"], lines["Emergency"]["oldest"]) == ("1", "1", "3 h")
    assert (lines["Self-care"]["number"], lines["Self-care"]["late"], lines["Self-care"]["oldest"]) == ("0", "", "")


def test_a_queue_longer_than_what_is_counted_says_at_least(ana, monkeypatch):
    monkeypatch.setattr(statistics, "COUNTED", 2)
    for answers in (SOON, EMERGENCY, URGENT):
        make_assessment(answers)
    lines = {row["label"]: row["number"] for row in statistics.summarize_levels(statistics.count_queue(ana))}
    assert lines == {"Emergency": "1+", "Urgent": "1+", "Soon": "0+", "Self-care": "0+"}


def test_the_median_is_that_of_each_level(ana):
    for minutes in (10, 50, 600):
        closed(ana, URGENT, minutes)
    closed(ana, SOON, 60 * 50)
    assert statistics.measure_pace() == {3: "", 2: "50 min", 1: "2 days", 0: ""}


def test_the_days_are_those_of_the_clinic(settings):
    settings.TIME_ZONE = "Pacific/Auckland"
    make_assessment(URGENT)
    make_assessment(SOON, hours_ago=24)
    days = statistics.count_per_day()
    assert len(days) == statistics.DAYS
    assert days[-1] == {"day": timezone.localdate(), "total": 1, "hurry": 1}
    assert (days[-2]["total"], days[-2]["hurry"]) == (1, 0)


def days_ago(number):
    """A check that was sent at this time of the day so many days ago."""
    return make_assessment(URGENT, hours_ago=24 * number)


def test_a_day_that_is_over_is_counted_once(ana, django_assert_num_queries):
    days_ago(3)
    first = statistics.count_per_day()
    days_ago(3).delete()
    days_ago(0)
    with django_assert_num_queries(2):
        second = statistics.count_per_day()
    assert second[:-1] == first[:-1]
    assert (second[-4]["total"], second[-1]["total"]) == (1, first[-1]["total"] + 1)


def test_only_today_and_yesterday_are_read_from_the_checks_again(ana):
    days_ago(3)
    statistics.count_per_day()
    with CaptureQueriesContext(connection) as asked:
        statistics.count_per_day()
    assert [query["sql"].count("submitted_at") for query in asked if "review" in query["sql"]] == [4]


def test_a_day_is_kept_only_when_nothing_of_it_can_be_on_its_way(monkeypatch):
    midnight = deadlines.find_start_of_day(timezone.localdate())
    monkeypatch.setattr(statistics.timezone, "now", lambda: midnight + timedelta(hours=23))
    statistics.count_per_day()
    # A result of the day before can still be sent from the session that holds it.
    assert DayCount.objects.order_by("-day").first().day == timezone.localdate(midnight) - timedelta(days=2)


def test_a_deleted_check_stays_in_the_count_of_its_day():
    record = days_ago(2)
    statistics.count_per_day()
    record.delete()
    assert statistics.count_per_day()[-3]["total"] == 1


def test_a_database_that_takes_nothing_still_shows_the_days(monkeypatch):
    days_ago(1)

    def full(*args, **kwargs):
        raise OperationalError("database or disk is full")

    monkeypatch.setattr(DayCount.objects, "bulk_create", full)
    assert statistics.count_per_day()[-2]["total"] == 1


def test_the_chart_stands_on_one_line():
    days = [{"day": timezone.localdate(), "total": total, "hurry": hurry} for total, hurry in ((0, 0), (4, 1), (8, 8))]
    for column in statistics.draw_day_chart(days)["columns"]:
        assert column["calm_y"] + column["calm_high"] == column["hurry_y"]
        assert column["hurry_y"] + column["hurry_high"] == statistics.HEIGHT + 16
