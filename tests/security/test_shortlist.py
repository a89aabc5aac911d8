"""Requirements of OWASP ASVS 5.0 that docs/security.md lists and no other test holds; and that its list is whole."""

import ast
import math
import re
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client

from assessment.models import Assessment, Contact
from assessment.patient import session
from assessment.privacy import consent, deletion_key
from assessment.privacy.form_token import make_form_token
from assessment.urls import urlpatterns

from ..assessment.staff import SOON, make_assessment, make_contact
from ..assessment.walks import STRAIN, begin_check, walk_check
from ..staff.people import PASSWORD, sign_in_staff

ROOT = Path(__file__).parents[2]
ROOMS = ("core", "assessment", "content", "staff", "site_project")
PAGES = ["result/", "answers/", "pause/", "call-back/", "result/reminder.ics", "send/", "now/", "legs/"]


# --- 1.2.4: the database is asked through Django's ORM ----------------------------------------------------------------
# Where SQL is written by hand, and why the ORM would not do. None of it is put together from what somebody sends.
BY_HAND = {
    "core/backups.py": "copies whole databases",
    "assessment/retention/deletion.py": "cuts SQLite's log",
    "core/durability.py": "says how sure one statement must be",
    "core/audit.py": "says that a transaction sees one moment",
    "core/sessions.py": "reads or saves a session in one statement",
    "content/page_cache/watch.py": "triggers",
    "content/web/search.py": "full-text search",
    "core/throttle.py": "takes a token or refuses in one statement",
    "core/triggers.py": "triggers",
    "site_project/health.py": "asks whether the database answers",
}


def sources():
    for room in ROOMS:
        for file in sorted((ROOT / room).rglob("*.py")):
            if "migrations" not in file.parts:
                yield str(file.relative_to(ROOT)), file.read_text()


def test_sql_is_written_by_hand_only_where_the_list_says_so():
    assert {name for name, text in sources() if re.search(r"\.cursor\(", text)} == BY_HAND.keys()
    for name, text in sources():
        assert not re.search(r"\.raw\(|\.extra\(|\bRawSQL\b|mark_safe\(request|eval\(", text), name


def test_no_statement_is_put_together_from_a_request():
    """Values go beside the statement: no statement in a module that knows requests is filled in by Python."""
    for name, text in sources():
        if name in BY_HAND and "request" in text:
            for node in ast.walk(ast.parse(text)):
                if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in ("execute", "executemany"):
                    assert not isinstance(node.args[0], ast.JoinedStr | ast.BinOp), (name, node.lineno)


# --- 3.5.1, 3.5.3: forms of other sites, and what a look may change ---------------------------------------------------
FORMS = [f"/check/{route.pattern}" for route in urlpatterns if "<" not in str(route.pattern)]


@pytest.mark.django_db
@pytest.mark.parametrize("address", [*FORMS, "/check/now/", "/admin/login/", "/admin/logout/"])
def test_a_form_without_the_secret_of_this_browser_is_refused(address):
    client = Client(enforce_csrf_checks=True)
    client.get("/check/")
    assert client.post(address, {"token": "x"}).status_code in (403, 405)


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/check/", "/check/now/", "/check/delete/", "/check/return/", "/admin/login/"])
def test_a_form_from_another_site_is_refused_even_with_the_secret(address):
    client = Client(enforce_csrf_checks=True)
    client.get("/check/")
    secret = {"csrfmiddlewaretoken": client.cookies["csrftoken"].value}
    ours = client.post(address, secret, headers={"origin": "http://testserver"})
    assert ours.status_code != 403
    for origin in ("https://evil.example", "null", "http://testserver.evil.example"):
        assert client.post(address, secret, headers={"origin": origin}).status_code == 403


def rows():
    """Everything stored, but the sessions and the audit, in which a look leaves its trace."""
    kept = [model for model in apps.get_models() if model.__name__ not in ("Session", "AuditEvent", "AuditHead")]
    return {model: sorted(map(str, model.objects.values_list())) for model in kept}


@pytest.mark.django_db
def test_a_look_at_any_page_of_the_check_changes_nothing(client):
    walk_check(client, STRAIN)
    given = {"name": "Ana Example", "telephone": "555 0100 123", "consent": consent.VERSION}
    client.post("/check/call-back/", {**given, "token": make_form_token(Assessment.objects.get().token)})
    before = rows()
    assert before[Contact]
    for address in [*FORMS, *(f"/check/{page}" for page in PAGES)]:
        client.get(address)
    assert rows() == before
    assert session.RESULT in client.session


@pytest.mark.django_db
def test_a_look_at_a_check_by_staff_changes_nothing_of_it():
    record = make_assessment(SOON)
    make_contact(record)
    boss = sign_in_staff(User.objects.create_superuser("boss"))
    before = {model: found for model, found in rows().items() if model._meta.app_label == "assessment"}
    for page in (f"{record.pk}/change/", f"{record.pk}/ending/", f"{record.pk}/print/", "endings/", "find/", "export/"):
        for query in ("", "?action=claim", "?action=confirm&_method=POST"):
            boss.get(f"/admin/assessment/assessment/{page}{query}")
    seen = {model: found for model, found in rows().items() if model in before}
    assert {model.__name__ for model in before if before[model] != seen[model]} <= {"Sight"}


# --- 6.2.4, 6.2.12, 7.2.4: passwords, and the session after logging in ------------------------------------------------
@pytest.mark.parametrize("password", ["eleven-sign", "password1234", "123456789012", "qwertyuiop123", "nurse-nurse-1"])
def test_a_password_that_is_short_common_or_the_name_is_refused(password):
    with pytest.raises(ValidationError):
        validate_password(password, User(username="nurse-nurse"))


def test_a_long_password_of_any_signs_is_taken():
    for password in ("correct horse battery", "四つの言葉は長い長い長い", "a" * 8 + " " + "b" * 90):
        validate_password(password, User(username="nurse"))


@pytest.mark.django_db
def test_whoever_logs_in_has_a_session_that_nobody_knew_before(client):
    User.objects.create_user("nurse", password=PASSWORD, is_staff=True)
    begin_check(client)
    known = client.session.session_key
    assert client.post("/admin/login/", {"username": "nurse", "password": PASSWORD}).status_code == 302
    assert client.session.session_key != known


# --- 8.2.2, 11.5.1: what opens something cannot be guessed ------------------------------------------------------------
@pytest.mark.django_db
def test_a_result_is_shown_to_nobody_but_the_browser_that_sent_it(client):
    walk_check(client, STRAIN)
    record = Assessment.objects.get()
    for other in (Client(), Client()):
        begin_check(other)
        for page in PAGES:
            for query in ({}, {"token": record.token, "code": record.reference, "id": record.pk}):
                text = other.get(f"/check/{page}", query, follow=True).content.decode()
                assert record.reference not in text
                assert record.result["heading"] not in text
    assert record.reference in client.get("/check/result/").content.decode()


@pytest.mark.django_db
def test_no_number_that_counts_up_is_shown_to_a_patient(client):
    for _ in range(3):
        make_assessment()
    walk_check(client, STRAIN)
    record = Assessment.objects.order_by("pk").last()
    page = client.get("/check/result/").content.decode()
    assert not re.search(rf'(?:value|href|action|id)="[^"]*\b{record.pk}\b', page)
    assert not re.search(r"\d", record.reference)


@pytest.mark.django_db
def test_whatever_opens_something_has_128_bits(client):
    check = session.Check()
    assert len(bytes.fromhex(check.token)) * 8 >= 128
    assert deletion_key.LENGTH * math.log2(len(deletion_key.ALPHABET)) >= 128
    begin_check(client)
    assert len(client.session.session_key) * math.log2(36) >= 128
    drawn = [deletion_key.derive_key(session.Check().token) for _ in range(200)]
    assert len(set(drawn)) == 200
    assert len({letter for key in drawn for letter in key}) == len(deletion_key.ALPHABET) + 1  # and the hyphen


# --- 13.4.1, 13.4.2, 13.4.4, 13.4.5: nothing of the machine is served -------------------------------------------------
@pytest.mark.django_db
@pytest.mark.parametrize(
    "address",
    [
        "/.git/config", "/.env", "/var/db.sqlite3", "/db.sqlite3", "/var/secret-key", "/Dockerfile", "/manage.py",
        "/static/../site_project/settings.py", "/static/", "/static/%2e%2e/db.sqlite3", "/pictures/..%2fdb.sqlite3",
        "/pictures/", "/media/", "/requirements/base.txt", "/debug/", "/__debug__/", "/server-status", "/admin/doc/",
        "/guide/", "//etc/passwd",
    ],
)  # fmt: skip
def test_no_file_of_the_machine_and_no_list_of_files_is_served(client, address):
    answer = client.get(address)
    assert answer.status_code in (301, 302, 404), answer.status_code
    if answer.status_code != 404:
        assert client.get(address, follow=True).status_code == 404 or "/admin/login/" in answer["Location"]


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["TRACE", "TRACK", "PUT", "DELETE", "PATCH", "CONNECT", "PROPFIND"])
def test_no_method_but_the_four_that_are_needed(client, method):
    for address in ("/", "/check/", "/admin/", "/livez", "/static/site.css"):
        answer = client.generic(method, address, headers={"x-secret": "echo"})
        assert answer.status_code == 405
        assert b"echo" not in answer.content


# --- The list itself --------------------------------------------------------------------------------------------------
LISTED = [
    "1.2.4", "1.2.10", "1.3.1", "2.1.1", "2.2.3", "2.3.1", "2.3.3", "2.3.4", "2.4.1", "3.2.1", "3.3.1",
    "3.3.2", "3.3.3", "3.3.4", "3.4.1", "3.4.3", "3.4.4", "3.4.5", "3.4.6", "3.5.1", "3.5.3", "3.7.2",
    "4.1.1", "4.1.3", "6.2.4", "6.3.1", "6.3.3", "6.5.1", "7.2.4", "7.4.1", "8.2.1", "8.2.2", "11.3.3",
    "13.4.1", "14.2.1", "14.2.3", "14.3.1", "14.3.2", "16.2.5", "16.3.1", "16.5.1",
]  # fmt: skip
ROWS = re.findall(r"^\| (\d+) \| ([\d., ]+) \| (.+?) \| (.+) \|$", (ROOT / "docs/security.md").read_text(), re.M)


@cache
def collected(file):
    """The names of the tests that pytest collects from this file: functions, and methods of test cases."""
    tree = ast.parse((ROOT / file).read_text())
    assert Path(file).name.startswith("test_")
    inside = [item for node in tree.body if isinstance(node, ast.ClassDef) for item in node.body]
    return {item.name for item in [*tree.body, *inside] if isinstance(item, ast.FunctionDef)}


def test_the_list_has_every_item_once_and_in_order():
    assert len(LISTED) == 41
    assert [int(number) for number, *_ in ROWS] == list(range(1, 42))
    assert [requirements.split(", ")[0] for _, requirements, *_ in ROWS] == LISTED


def named_tests_are_there(text):
    found = re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", text)
    assert found
    for file, name in found:
        assert name in collected(file), f"{file}::{name}"


def test_every_test_that_the_data_protection_page_names_is_there():
    named_tests_are_there((ROOT / "docs/dpia-template.md").read_text())


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_every_test_that_the_list_names_is_there(row):
    named_tests_are_there(row[3])
    assert not re.sub(r"`[^`]+`|,| ", "", row[3]), "A line names tests and nothing else."
