"""Who leaves the desk is logged off, told so beforehand, and loses no words."""

import re
import time
from datetime import timedelta

import pytest
from django.contrib.auth import SESSION_KEY
from django.utils import timezone

from core.audit import AuditEvent
from staff import idle

from .people import sign_in_staff

pytestmark = pytest.mark.django_db
QUEUE = "/admin/assessment/assessment/"


@pytest.fixture
def nurse(person):
    return sign_in_staff(person("Clinic staff"))


@pytest.fixture
def later(monkeypatch):
    """Move the clock that the log-off goes by."""
    start, moved = time.time, [0]
    monkeypatch.setattr("staff.idle.time.time", lambda: start() + moved[0])

    def move(minutes):
        moved[0] += minutes * 60

    return move


def words(answer):
    return re.sub(r"\s+", " ", answer.content.decode())


def test_after_sixteen_minutes_without_doing_anything_one_is_logged_off(nurse, later):
    nurse.get(QUEUE)
    later(16.1)
    answer = nurse.get(QUEUE, follow=True)
    assert answer.redirect_chain == [(f"/admin/login/?next={QUEUE}", 302)]
    assert "You were logged off: for 15 minutes nothing was done here." in words(answer)
    assert SESSION_KEY not in nurse.session
    assert AuditEvent.objects.get(action="expired").facts == {"reason": "idle"}
    assert not AuditEvent.objects.filter(action="logout").exists()


def test_who_works_stays_logged_in(nurse, later):
    for _ in range(4):
        later(14)
        assert nurse.get(QUEUE).status_code == 200


def test_after_ten_hours_one_is_logged_off_in_any_case(nurse, later):
    for _ in range(42):
        later(14)
        nurse.post("/admin/here/")
    later(14)
    answer = nurse.get(QUEUE, follow=True)
    assert "logged in for 10 hours" in words(answer)


def test_typing_counts_as_doing_something_and_asking_for_the_time_does_not(nurse, later):
    later(10)
    assert nurse.get("/admin/here/").json()["seconds"] == pytest.approx(6 * 60, abs=3)
    assert nurse.post("/admin/here/").json()["seconds"] == pytest.approx(16 * 60, abs=3)


def test_what_a_page_does_by_itself_keeps_nobody_logged_in(nurse, later):
    nurse.get(QUEUE)
    for _ in range(3):
        later(5)
        assert nurse.get(QUEUE, headers={"X-By-Itself": "yes"}).status_code == 200
    later(1.1)
    assert nurse.get(QUEUE).status_code == 302


def test_every_page_says_when_one_is_logged_off(nurse, settings):
    settings.TIME_ZONE = "UTC"
    shown = words(nurse.get("/admin/"))
    wanted = {f"{timezone.now() + timedelta(minutes=16, seconds=late):%H:%M}" for late in (-60, -30, 0)}
    assert re.search(r"You are logged off at <time>(..:..)</time>", shown)[1] in wanted


def test_who_has_logged_out_is_not_told_when_they_will_be(nurse):
    shown = words(nurse.post("/admin/logout/"))
    assert "Log in again" in shown
    assert "You are logged off at" not in shown
    assert "logoff.js" not in shown


def test_words_sent_too_late_are_shown_again_to_be_copied(nurse, later):
    nurse.get(QUEUE)
    later(20)
    note = "She <b>walks</b> again & sleeps"
    answer = nurse.post("/admin/assessment/assessment/1/change/", {"action": "note", "version": "1", "note": note})
    assert answer.status_code == 403
    assert "What you sent was not saved" in words(answer)
    assert "She &lt;b&gt;walks&lt;/b&gt; again &amp; sleeps</textarea>" in words(answer)
    assert SESSION_KEY not in nurse.session


def test_a_password_sent_too_late_is_not_shown(nurse, later):
    nurse.get("/admin/")
    later(20)
    answer = nurse.post("/admin/confirm/", {"password": "correct horse battery"}, follow=True)
    assert "correct horse" not in words(answer)


def test_a_patients_pages_do_not_look_at_who_is_logged_in(client, django_assert_num_queries):
    answer = client.get("/privacy/")
    assert "Cookie" not in answer.headers.get("Vary", "")
    assert not answer.cookies


def test_a_look_at_a_page_costs_no_write_in_the_same_minute(nurse):
    nurse.get("/admin/")
    before = nurse.session["staff_seen"]
    nurse.get("/admin/")
    assert nurse.session["staff_seen"] == before


def test_a_session_from_before_an_upgrade_begins_to_count_now(nurse, later):
    session = nurse.session
    for name in (idle.SEEN, idle.SINCE):
        session.pop(name, None)
    session.save()
    assert nurse.get(QUEUE).status_code == 200
    later(16.1)
    assert nurse.get(QUEUE)["Location"] == f"/admin/login/?next={QUEUE}"


def test_a_clock_set_back_keeps_nobody_logged_in_for_longer_than_they_work(nurse, later):
    for _ in range(3):
        later(14)
        nurse.get(QUEUE)
    later(-40)
    assert nurse.get(QUEUE).status_code == 200
    later(16.1)
    assert nurse.get(QUEUE).status_code == 302


def test_after_a_clock_set_back_the_hours_go_on_from_where_they_were(nurse, later):
    for _ in range(42):
        later(14)
        nurse.get(QUEUE)
    later(-40)
    nurse.get(QUEUE)
    later(13)
    assert nurse.get(QUEUE).status_code == 302
