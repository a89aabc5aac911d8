"""The calendar file: valid, private, and only where it makes sense."""

import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone
from icalendar import Calendar, Event

from assessment.models import Assessment
from assessment.patient.calendar_file import build_calendar

from ..walks import STRAIN, answer_question, begin_check, walk_check

NOW = datetime(2026, 12, 20, 23, 5, 9, tzinfo=UTC)
RESULT = "2026-12-20T22:00:00.123456+00:00"
ADDRESS = "https://clinic.example/check/"
SOON = {**STRAIN, "legs": ["one_numb"]}


def read(file: bytes) -> Event:
    """The one event in it, as a calendar program reads it. Raises ValueError on what is no calendar."""
    found = Calendar.from_ical(file)
    assert isinstance(found, Calendar)
    (event,) = found.subcomponents
    assert isinstance(event, Event)
    assert not event.errors
    return event


def test_the_event_is_a_whole_day_two_weeks_after_the_result():
    event = read(build_calendar(date(2026, 12, 20), ADDRESS, NOW, RESULT))
    assert event.start == date(2027, 1, 3)
    assert event.end == date(2027, 1, 4)
    assert event.DTSTAMP == NOW
    assert event["SUMMARY"] == "Check my back again"
    assert event["URL"] == event["DESCRIPTION"] == ADDRESS


def test_the_day_stands_in_the_file_without_an_hour_and_the_stamp_in_utc():
    file = build_calendar(date(2026, 12, 20), ADDRESS, NOW, RESULT)
    for line in (b"DTSTART;VALUE=DATE:20270103", b"DTEND;VALUE=DATE:20270104", b"DTSTAMP:20261220T230509Z"):
        assert line in file.split(b"\r\n")


def test_the_day_is_private_and_leaves_its_owner_free():
    event = read(build_calendar(date(2026, 12, 20), ADDRESS, NOW, RESULT))
    assert (event["CLASS"], event["TRANSP"]) == ("PRIVATE", "TRANSPARENT")


def test_the_file_names_the_standard_and_who_made_it_first():
    lines = build_calendar(date(2026, 12, 20), ADDRESS, NOW, RESULT).split(b"\r\n")
    assert lines[:3] == [b"BEGIN:VCALENDAR", b"VERSION:2.0", b"PRODID:-//Back spasm//Symptom check//EN"]
    assert lines[-3:] == [b"END:VEVENT", b"END:VCALENDAR", b""]


@pytest.mark.parametrize("name", ["long-name-of-a-clinic." * 9, "r\u00fccken" * 20, "\U0001f600" * 60])
def test_every_line_ends_in_crlf_and_has_at_most_75_octets(name):
    address = f"https://{name}example/check/"
    file = build_calendar(date(2026, 12, 20), address, NOW, RESULT)
    assert file.count(b"\n") == file.count(b"\r\n")
    assert file.endswith(b"\r\n")
    assert max(len(line) for line in file.split(b"\r\n")) <= 75
    assert read(file)["URL"] == address


def test_signs_with_a_meaning_are_escaped():
    address = "https://clinic.example/check/?a;b,c\\d"
    file = build_calendar(date(2026, 12, 20), address, NOW, RESULT)
    assert b"DESCRIPTION:https://clinic.example/check/?a\\;b\\,c\\\\d\r\n" in file
    assert read(file)["DESCRIPTION"] == address


def test_a_result_has_one_event_however_often_its_file_is_asked_for_and_no_other_has_it():
    results = (RESULT, RESULT, RESULT.replace("3456", "3457"))
    made = [read(build_calendar(date(2026, 12, 20), ADDRESS, NOW, result)).uid for result in results]
    assert made[0] == made[1] != made[2]
    assert all(str(uuid.UUID(found)) == found for found in made)


@pytest.mark.django_db
@pytest.mark.parametrize("answers", [STRAIN, SOON])
@pytest.mark.parametrize("agree", ["no", None])
def test_a_result_that_can_wait_offers_its_reminder(client, answers, agree):
    walk_check(client, answers, **({"agree": agree} if agree else {}))
    assert 'href="/check/result/reminder.ics"' in client.get("/check/result/").content.decode()
    response = client.get("/check/result/reminder.ics")
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert response.headers["Content-Disposition"] == 'attachment; filename="check-again.ics"'
    assert response.headers["Cache-Control"] == "no-store, private"
    event = read(response.content)
    assert event.start == timezone.localdate() + timedelta(days=14)
    assert event["URL"] == "http://testserver/check/"
    assert read(client.get("/check/result/reminder.ics").content).uid == event.uid


@pytest.mark.django_db
def test_the_file_names_no_health_detail_and_no_reference(client):
    walk_check(client, SOON)
    record = Assessment.objects.get()
    file = client.get("/check/result/reminder.ics").content.decode().replace("\r\n ", "")
    for private in (record.reference, record.token, record.result["heading"], "numb", "pain", "spasm clinic"):
        assert private.lower() not in file.lower().replace("prodid:-//back spasm//symptom check//en", "")


@pytest.mark.django_db
def test_an_emergency_has_no_reminder(client):
    answer_question(client, "now", "chest", token=begin_check(client))
    assert "reminder.ics" not in client.get("/check/result/").content.decode()
    assert client.get("/check/result/reminder.ics").status_code == 404


@pytest.mark.django_db
def test_without_a_result_the_reminder_leads_to_the_start_page(client):
    assert client.get("/check/result/reminder.ics").headers["Location"] == "/check/"
