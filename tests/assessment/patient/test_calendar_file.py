"""The calendar file: valid, private, and only where it makes sense."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from assessment.models import Assessment
from assessment.patient.calendar_file import calendar, escape, fold

from ..walks import STRAIN, answer, begin, walk

NOW = datetime(2026, 12, 20, 23, 5, 9, tzinfo=UTC)
SOON = {**STRAIN, "legs": ["one_numb"]}


def lines(file):
    """The content lines, unfolded."""
    return file.decode().replace("\r\n ", "").split("\r\n")


def values(file):
    return dict(line.split(":", 1) for line in lines(file) if line)


def test_the_event_is_a_whole_day_two_weeks_after_the_result():
    event = values(calendar(date(2026, 12, 20), "https://clinic.example/check/", NOW))
    assert event["DTSTART;VALUE=DATE"] == "20270103"
    assert event["DTEND;VALUE=DATE"] == "20270104"
    assert event["DTSTAMP"] == "20261220T230509Z"
    assert event["SUMMARY"] == "Check my back again"
    assert event["URL"] == "https://clinic.example/check/"


def test_the_file_has_the_parts_that_the_standard_asks_for_in_order():
    file = calendar(date(2026, 12, 20), "https://clinic.example/check/", NOW)
    assert lines(file)[:3] == ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Back spasm//Symptom check//EN"]
    assert lines(file)[-3:] == ["END:VEVENT", "END:VCALENDAR", ""]
    assert {"UID", "DTSTAMP", "DTSTART;VALUE=DATE"} <= values(file).keys()


def test_every_line_ends_in_crlf_and_has_at_most_75_octets():
    address = "https://" + "long-name-of-a-clinic." * 9 + "example/check/"
    file = calendar(date(2026, 12, 20), address, NOW)
    assert file.count(b"\n") == file.count(b"\r\n")
    assert file.endswith(b"\r\n")
    assert max(len(line) for line in file.split(b"\r\n")) <= 75
    assert values(file)["URL"] == address


@pytest.mark.parametrize("text", ["", "a" * 75, "a" * 76, "é" * 100, "😀" * 60, "a" * 74 + "é" * 80])
def test_folding_cuts_no_letter_and_loses_none(text):
    folded = fold(text)
    for part in folded.split(b"\r\n"):
        part.decode()
        assert len(part) <= 75
    assert folded.replace(b"\r\n ", b"").decode() == text


def test_signs_with_a_meaning_are_escaped():
    assert escape("a;b,c\\d\ne") == "a\\;b\\,c\\\\d\\ne"


def test_every_file_has_an_id_of_its_own():
    made = [values(calendar(date(2026, 12, 20), "https://clinic.example/", NOW))["UID"] for _ in range(2)]
    assert made[0] != made[1]
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", made[0])


@pytest.mark.django_db
@pytest.mark.parametrize("answers", [STRAIN, SOON])
@pytest.mark.parametrize("agree", ["no", None])
def test_a_result_that_can_wait_offers_its_reminder(client, answers, agree):
    walk(client, answers, **({"agree": agree} if agree else {}))
    assert 'href="/check/result/reminder.ics"' in client.get("/check/result/").content.decode()
    response = client.get("/check/result/reminder.ics")
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert response.headers["Content-Disposition"] == 'attachment; filename="check-again.ics"'
    assert response.headers["Cache-Control"] == "no-store, private"
    event = values(response.content)
    assert event["DTSTART;VALUE=DATE"] == f"{timezone.localdate() + timedelta(days=14):%Y%m%d}"
    assert event["URL"] == "http://testserver/check/"


@pytest.mark.django_db
def test_the_file_names_no_health_detail_and_no_reference(client):
    walk(client, SOON)
    record = Assessment.objects.get()
    file = client.get("/check/result/reminder.ics").content.decode()
    for private in (record.reference, record.token, record.result["heading"], "numb", "pain", "spasm clinic"):
        assert private.lower() not in file.lower().replace("prodid:-//back spasm//symptom check//en", "")


@pytest.mark.django_db
def test_an_emergency_has_no_reminder(client):
    answer(client, "now", "chest", token=begin(client))
    assert "reminder.ics" not in client.get("/check/result/").content.decode()
    assert client.get("/check/result/reminder.ics").status_code == 404


@pytest.mark.django_db
def test_without_a_result_the_reminder_leads_to_the_door(client):
    assert client.get("/check/result/reminder.ics").headers["Location"] == "/check/"
