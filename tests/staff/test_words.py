"""Whatever refuses a form of the staff pages gives back the words in it, keeps them nowhere, and shows no secret."""

import re
from html import unescape

import pytest
from django.conf import settings as site_settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import Permission, User
from django.contrib.sessions.models import Session
from django.test import Client

from assessment.models import Assessment
from content.models import Topic

from ..assessment.staff import make_assessment
from .people import PASSWORD, sign_in_staff

pytestmark = pytest.mark.django_db
WORDS = ["Called", "連絡済み", "โทรแล้ว ไม่มีคนรับสาย", "7", "She <b>walks</b> & sleeps\nwell"]


def shown(answer):
    """The words in the page, field by field."""
    return [unescape(text) for text in re.findall(r"<textarea[^>]*readonly>(.*?)</textarea>", page(answer), re.DOTALL)]


def page(answer):
    return answer.content.decode()


@pytest.fixture
def nurse(person):
    return sign_in_staff(person("Clinic staff"))


@pytest.fixture
def address(db):
    return f"/admin/assessment/assessment/{make_assessment().pk}/change/"


def note(text):
    return {"action": "note", "version": "1", "note": text, "onward": "on", "reason": ""}


def end_session(nurse, address, monkeypatch):
    nurse.session.flush()


def close_account(nurse, address, monkeypatch):
    User.objects.update(is_active=False)


def take_permission(nurse, address, monkeypatch):
    Permission.objects.get(codename="change_review").group_set.clear()


def delete_check(nurse, address, monkeypatch):
    Assessment.objects.all().delete()


def idle(nurse, address, monkeypatch):
    nurse.get(address)
    from staff.idle import time

    start = time.time()
    monkeypatch.setattr("staff.idle.time.time", lambda: start + 20 * 60)


def break_the_site(nurse, address, monkeypatch):
    monkeypatch.setattr("assessment.admin.record.handle_action", lambda *args: 1 / 0)


REFUSALS = [
    (end_session, 403, "not logged in any more"),
    (close_account, 403, "not logged in any more"),
    (take_permission, 403, "not any more"),
    (delete_check, 404, "It may have been deleted"),
    (idle, 403, "You were logged off"),
    (break_the_site, 500, "Something went wrong on our side"),
]


@pytest.mark.parametrize("words", WORDS)
@pytest.mark.parametrize(("happens", "status", "why"), REFUSALS)
def test_words_that_are_refused_come_back(nurse, address, monkeypatch, happens, status, why, words):
    nurse.raise_request_exception = False
    happens(nurse, address, monkeypatch)
    answer = nurse.post(address, note(words))
    assert answer.status_code == status
    assert why in page(answer)
    assert shown(answer) == [words]
    assert "no-store" in answer.headers["Cache-Control"]


def test_words_come_back_after_a_login_in_another_tab(person, address):
    user = person("Clinic staff")
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = sign_in_staff(user).cookies
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page(strict.get(address)))[1]
    strict.cookies[site_settings.CSRF_COOKIE_NAME] = "b" * 32
    answer = strict.post(address, {**note("Called"), "csrfmiddlewaretoken": token})
    assert (answer.status_code, shown(answer)) == (403, ["Called"])
    assert "older than your last login" in page(answer)
    assert "cookie" not in page(answer)
    assert token not in page(answer)


def test_a_login_from_an_old_page_says_so_on_a_staff_page_and_shows_no_password(person):
    answer = Client(enforce_csrf_checks=True).post("/admin/login/", {"username": "ana", "password": PASSWORD})
    assert answer.status_code == 403
    assert "older than your last login" in page(answer)
    assert PASSWORD not in page(answer)


def test_a_patient_without_a_cookie_still_reads_the_page_for_patients(db):
    answer = Client(enforce_csrf_checks=True).post("/check/", {"consent": "no"})
    assert "We could not take that answer" in page(answer)


@pytest.mark.parametrize("name", ["password", "password1", "again-password", "again-code", "code", "old_password"])
def test_no_secret_comes_back(nurse, address, name):
    nurse.session.flush()
    answer = nurse.post(address, {**note("Called"), name: "hunter2"})
    assert shown(answer) == ["Called"]
    assert "hunter2" not in page(answer)


def test_the_words_are_kept_nowhere(nurse, address):
    nurse.session.flush()
    answer = nurse.post(address, note("Called"))
    assert SESSION_KEY not in nurse.session
    assert not Session.objects.exists()
    assert not [cookie for cookie in answer.cookies.values() if cookie.value]


def test_the_words_of_another_site_are_not_shown_as_ours(nurse, address):
    nurse.session.flush()
    answer = nurse.post(address, note("Pay here"), headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 302


def test_a_script_of_the_page_is_told_in_the_way_it_knows(nurse, address):
    nurse.session.flush()
    answer = nurse.post(address, note("Called"), headers={"sec-fetch-mode": "cors"})
    assert answer["Location"].startswith("/admin/login/")


def test_words_about_a_row_that_is_gone_come_back(person):
    approver = sign_in_staff(person("Approvers"))
    topic = Topic.objects.create(slug="causes", name="Causes", summary="x")
    Topic.objects.all().delete()
    answer = approver.post(f"/admin/content/topic/{topic.pk}/change/", {"summary": "Why it hurts", "position": "1"})
    assert (answer.status_code, shown(answer)) == (404, ["Why it hurts", "1"])


def test_who_is_refused_without_words_reads_the_plain_page(nurse):
    assert nurse.post("/admin/nothing/").status_code == 404
    assert nurse.get("/admin/auth/user/").status_code == 403


@pytest.mark.parametrize("way", ["/admin/logout/", "idle"])
def test_who_leaves_leaves_no_page_in_the_browser_and_no_patient_loses_a_cookie(nurse, address, monkeypatch, way):
    if way == "idle":
        idle(nurse, address, monkeypatch)
        way = address
    answer = nurse.post(way)
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'


@pytest.mark.parametrize(
    "to", ["https://elsewhere.example/", "//elsewhere.example", "javascript:1", "", "\\\\e.example"]
)
def test_a_login_whose_next_is_refused_leads_to_the_start_page(person, to):
    user = person("Clinic staff")
    sent = {"username": user.username, "password": PASSWORD, "next": to}
    assert Client().post(f"/admin/login/?next={to}", sent)["Location"] == "/admin/"


def test_words_sent_to_a_name_that_is_not_the_sites_are_refused_without_a_fault():
    assert Client().post("/admin/x/", {"note": "hello"}, HTTP_HOST="evil.example").status_code == 400
