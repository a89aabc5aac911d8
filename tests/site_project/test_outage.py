"""The database is away, locked, full or read-only: what patients, readers and staff see, and that nothing is lost."""

import html
import re
from contextlib import contextmanager
from unittest import mock

import pytest
from django.contrib.sessions.models import Session
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.core.files.base import ContentFile
from django.db import DatabaseError, IntegrityError, InternalError, OperationalError, ProgrammingError, connection
from django.http import HttpResponse, UnreadablePostError
from django.test import Client

from assessment.models import Assessment
from assessment.privacy import consent
from content.public import list_signs_of_every_page
from site_project import outage, refusals

from ..assessment.walks import STRAIN, answer_question, begin_check, walk_check

pytestmark = pytest.mark.django_db
WRITES = ("INSERT", "UPDATE", "DELETE")


@contextmanager
def failing(words=WRITES, error=OperationalError, table=""):
    """Statements that begin with one of these words fail; "" in words: every statement.

    They never reach the database, so the transaction around the test is as good as before.
    """

    def execute(run, sql, params, many, context):
        connection.needs_rollback = False
        if sql.lstrip().upper().startswith(tuple(words)) and table in sql:
            raise error("database or disk is full")
        return run(sql, params, many, context)

    with connection.execute_wrapper(execute):
        yield
    connection.needs_rollback = False


def text(response):
    return html.unescape(response.content.decode())


def fields(response):
    """The hidden fields of the form that sends everything again."""
    form = re.search(
        r'<form action="([^"]*)" method="post" class="actions" autocomplete="off">(.*?)</form>',
        response.content.decode(),
        re.S,
    )
    pairs = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', form[2])
    return form[1], [(name, html.unescape(value)) for name, value in pairs]


def press_again(client, response):
    address, pairs = fields(response)
    data = {}
    for name, value in pairs:
        data.setdefault(name, []).append(value)
    return client.post(address, data)


@pytest.mark.parametrize("address", ["/", "/privacy/", "/sitemap.xml"])
def test_readers_keep_reading_while_nothing_can_be_written(client, address):
    with failing():
        assert client.get(address).status_code == 200


@pytest.mark.parametrize("address", ["/", "/causes/", "/check/result/", "/admin/"])
def test_without_a_database_a_page_says_so_kindly_and_where_help_is(client, address):
    client.cookies["session"] = client.cookies["sessionid"] = "a" * 32
    with failing(("",)):
        response = client.get(address)
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "30"
    assert response.headers["Cache-Control"] == "no-store, private"
    assert response.headers["X-Frame-Options"] == "DENY"
    assert "Please try again in a moment" in text(response)
    assert 'href="tel:911"' in text(response)
    assert f'href="{address}"' in text(response)


def test_a_page_that_needs_no_database_is_shown_without_one(client):
    with failing(("",)):
        assert client.get("/livez").status_code == 200
        assert client.get("/how-we-write/").status_code == 200


def test_an_answer_that_could_not_be_kept_is_in_the_page_and_one_press_keeps_it(client):
    token = begin_check(client)
    with failing():
        response = answer_question(client, "now", "none", token=token)
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "30"
    assert dict(fields(response)[1]) == {"answer": "none", "token": token}
    assert client.session["check"]["answers"] == {}
    assert press_again(client, response).headers["Location"] == "/check/age/"
    assert client.session["check"]["answers"] == {"now": ["none"]}


def test_answers_with_several_marks_come_back_with_all_of_them(client):
    token = begin_check(client)
    for question in ("now", "age", "where", "start", "saddle"):
        answer_question(client, question, *STRAIN[question], token=token)
    with failing():
        response = answer_question(client, "legs", "one_numb", "weak_one", token=token)
    press_again(client, response)
    assert client.session["check"]["answers"]["legs"] == ["one_numb", "weak_one"]


def test_a_start_that_could_not_be_kept_starts_with_one_press(client):
    with failing():
        response = client.post("/check/", {"consent": consent.VERSION})
    assert response.status_code == 503
    assert press_again(client, response).headers["Location"] == "/check/now/"


def test_an_emergency_is_told_even_when_nothing_can_be_saved(client):
    token = begin_check(client)
    with failing():
        response = answer_question(client, "now", "chest", token=token)
    assert response.status_code == 503
    assert "Call 911 now" in text(response)
    assert "We could not save this just now" in text(response)
    assert not Assessment.objects.exists()
    assert press_again(client, response).headers["Location"] == "/check/result/"
    assert Assessment.objects.count() == 1


def test_an_emergency_that_stays_private_is_told_even_when_nothing_can_be_saved(client):
    token = begin_check(client, agree="no")
    with failing():
        response = answer_question(client, "now", "chest", token=token)
    assert response.status_code == 503
    assert "Call 911 now" in text(response)


@pytest.mark.parametrize("agree", [consent.VERSION, "no"])
def test_a_result_is_shown_when_it_could_not_be_kept_and_one_press_keeps_it(client, agree):
    _, token = walk_check(client, STRAIN, finish=False, agree=agree)
    with failing():
        response = client.post("/check/answers/", {"token": token, "consent": agree})
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "30"
    assert "Your plan" in text(response)
    assert not Assessment.objects.exists()
    assert press_again(client, response).headers["Location"] == "/check/result/"
    assert client.get("/check/result/").status_code == 200
    assert Assessment.objects.count() == (1 if agree == consent.VERSION else 0)


def test_a_record_saved_just_before_the_disk_was_full_is_found_again_by_pressing_again(client):
    _, token = walk_check(client, STRAIN, finish=False)
    with failing(table="django_session"):
        response = client.post("/check/answers/", {"token": token, "consent": consent.VERSION})
    assert response.status_code == 503
    assert Assessment.objects.count() == 1
    assert press_again(client, response).headers["Location"] == "/check/result/"
    assert Assessment.objects.get().reference in text(client.get("/check/result/"))
    assert Assessment.objects.count() == 1


def test_a_readers_note_that_could_not_be_kept_is_not_lost(client):
    with failing(table="content_bucket"):
        sent = {"page": "/check/now/", "clear": "no", "text": 'A "long" <word>'}
        response = client.post("/feedback/", sent)
    assert response.status_code == 503
    assert dict(fields(response)[1]) == sent
    assert press_again(client, response).headers["Location"] == "/feedback/thanks/"


def test_a_session_that_another_tab_ended_is_neither_500_nor_400(client, monkeypatch):
    token = begin_check(client)
    real = outage.SessionMiddleware.process_response

    def ended(self, request, response):
        Session.objects.all().delete()
        return real(self, request, response)

    with monkeypatch.context() as patch:
        patch.setattr(outage.SessionMiddleware, "process_response", ended)
        response = answer_question(client, "now", "none", token=token)
    assert response.status_code == 503
    assert press_again(client, response).status_code == 409


def test_a_password_never_comes_back_in_a_page(client, person):
    person("Clinic staff")
    with failing():
        response = client.post("/admin/login/", {"username": "clinic-staff", "password": "correct horse battery"})
    assert response.status_code == 503
    assert "correct horse battery" not in text(response)
    assert "<form" not in text(response)
    assert 'href="/admin/login/"' in text(response)


@pytest.mark.parametrize("name", ["again-password", "again-code", "new_password1"])
def test_no_field_for_a_secret_is_in_the_page_of_an_outage(rf, name):
    assert outage.list_sent_fields(rf.post("/", {"action": "confirm", name: "hunter2"})) is None


def test_a_code_is_sent_again_by_a_patient_and_not_by_staff(rf):
    assert outage.list_sent_fields(rf.post("/admin/code/", {"code": "abcd-efgh"})) is None
    assert outage.list_sent_fields(rf.post("/check/return/", {"code": "4729"})) == [("code", "4729")]


def test_the_token_of_a_check_is_in_the_page_of_an_outage(rf):
    assert outage.list_sent_fields(rf.post("/", {"token": "ab", "answer": "none"})) == [
        ("token", "ab"),
        ("answer", "none"),
    ]


def test_a_fault_of_our_own_code_is_no_outage(client, monkeypatch):
    quiet = Client(raise_request_exception=False)
    with failing(("",), error=ProgrammingError):
        assert quiet.get("/").status_code == 500


@pytest.mark.parametrize(
    "error", [SuspiciousOperation("too many fields"), UnreadablePostError("it hung up"), BadRequest("utf-7")]
)
def test_a_form_that_cannot_be_read_is_not_offered_again(rf, monkeypatch, error):
    request = rf.post("/", {"answer": "none"})
    monkeypatch.setattr(type(request), "POST", property(mock.Mock(side_effect=error)))
    assert outage.list_sent_fields(request) is None


def test_a_form_with_a_file_is_not_offered_again(rf):
    assert outage.list_sent_fields(rf.post("/", {"picture": ContentFile(b"x", name="back.png")})) is None


def test_a_session_that_our_own_code_breaks_is_no_outage(client):
    token = begin_check(client)
    with failing(error=ProgrammingError, table="django_session"), pytest.raises(ProgrammingError):
        answer_question(client, "now", "none", token=token)


def test_a_page_for_the_outage_that_needs_the_database_itself_gives_way_to_one_that_does_not(rf):
    response = HttpResponse()
    response.unkept = mock.Mock(side_effect=OperationalError)
    found = outage.OutageSessionMiddleware(lambda request: response).render_fallback(
        rf.post("/check/answers/", {"token": "ab"}), response, OperationalError()
    )
    assert found.status_code == 503
    assert fields(found)[1] == [("token", "ab")]


@pytest.mark.parametrize(("error", "status"), [(OperationalError, 503), (ProgrammingError, None)])
def test_only_an_outage_is_excused_where_idle_staff_are_logged_off(rf, monkeypatch, error, status):
    watch = mock.Mock(side_effect=error)
    monkeypatch.setattr(outage.idle, "log_off_idle_staff", lambda get_response: watch)
    middleware = outage.log_off_idle_staff_safely(lambda request: HttpResponse())
    if status:
        assert middleware(rf.get("/admin/")).status_code == status
    else:
        with pytest.raises(error):
            middleware(rf.get("/admin/"))


@pytest.mark.parametrize(
    ("error", "passes"),
    [
        (OperationalError, True),
        (InternalError, True),
        (DatabaseError, True),
        (IntegrityError, False),
        (ValueError, False),
    ],
)
def test_an_outage_is_what_may_pass_by_itself(error, passes):
    assert outage.is_outage(error()) is passes


def test_what_was_sent_is_escaped_in_the_page(client):
    token = begin_check(client)
    with failing():
        response = client.post("/check/now/", {"token": token, "answer": '"><script>alert(1)</script>'})
    page = response.content.decode()
    assert "<script" not in page


@pytest.mark.parametrize(("template", "status"), [("400.html", 400), ("500.html", 500), ("bare.html", 500)])
def test_error_pages_give_the_emergency_number(template, status):
    response = refusals.render_error_page(template, status)
    assert response.status_code == status
    assert 'href="tel:911"' in text(response)


@pytest.mark.parametrize("template", ["400.html", "500.html", "bare.html"])
def test_error_pages_name_the_signs_that_every_page_shows(template):
    page = text(refusals.render_error_page(template, 500))
    assert len(list_signs_of_every_page()) > 4
    assert all(f"<li>{sign}</li>" in page for sign in list_signs_of_every_page())


def test_a_broken_template_still_gives_a_page(monkeypatch):
    real = refusals.loader.render_to_string

    def render(template, context):
        if template == "500.html":
            raise ValueError("Missing staticfiles manifest entry")
        return real(template, context)

    monkeypatch.setattr(refusals.loader, "render_to_string", render)
    response = refusals.show_broken(None)
    assert response.status_code == 500
    assert "Something went wrong on our side" in text(response)


def test_a_request_that_makes_no_sense_gets_a_page_in_the_sites_look(client, settings):
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 5
    response = client.post("/feedback/", {f"field{number}": "x" for number in range(9)})
    assert response.status_code == 400
    assert "We could not read what was sent" in text(response)


def test_staff_without_the_right_get_a_page_that_says_whom_to_ask(client, person):
    client.force_login(person("Editors"))
    response = client.get("/admin/assessment/assessment/")
    assert response.status_code == 403
    assert "This page is not open to you" in text(response)
