"""Times name their zone, and what is read out is not translated or made into a link by a browser."""

import csv
import io
import re
from datetime import UTC, datetime

import pytest
from django.test import Client

from assessment.clinic import exports
from assessment.privacy import deletion_key
from staff import factors

from .assessment.staff import SOON, make_assessment, make_contact
from .staff.people import sign_in_staff

pytestmark = pytest.mark.django_db
# Half past nine in the evening of the day before, in New York.
NIGHT = datetime(2026, 7, 2, 1, 30, tzinfo=UTC)


@pytest.fixture
def new_york(settings):
    settings.TIME_ZONE = "America/New_York"


def text(answer):
    assert answer.status_code == 200
    return answer.content.decode()


def open_result(record):
    client = Client()
    session = client.session
    session["result"] = record.pk
    session.save()
    return text(client.get("/check/result/"))


def test_a_file_has_the_day_by_which_its_form_filters(new_york, person):
    make_assessment(SOON, finished_at=NIGHT)
    sent = {"first": "2026-07-01", "last": "2026-07-01", "kind": "csv", "purpose": "quality"}
    answer = sign_in_staff(person("Leads")).post("/admin/assessment/assessment/export/", sent)
    lines = b"".join(answer.streaming_content).decode().removeprefix("\ufeff")
    assert [row["sent"] for row in csv.DictReader(io.StringIO(lines))] == ["2026-07-01T21:30:00-04:00"]


@pytest.mark.parametrize("kind", exports.FORMATS)
def test_every_time_in_a_file_says_how_far_it_is_from_utc(new_york, kind):
    made = "".join(exports.FORMATS[kind].stream([make_assessment(SOON)]))
    times = re.findall(r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?[^\",]*", made)
    assert times
    assert {time for time in times if not time.endswith(("-04:00", "-05:00"))} == set()


@pytest.mark.parametrize("page", ["", "assessment/assessment/", "core/auditevent/", "content/article/", "auth/user/"])
def test_every_page_of_staff_names_the_zone_of_its_times(new_york, person, page, django_user_model):
    client = sign_in_staff(django_user_model.objects.create_superuser("boss"))
    assert "All times on these pages are clinic time (America/New_York)." in text(client.get(f"/admin/{page}"))


def test_a_time_on_a_patients_page_names_its_zone(new_york):
    record = make_assessment(SOON, hours_ago=1)
    assert re.search(r"\d\d:\d\d E[SD]T\. Rules version", open_result(record))


def test_the_day_to_publish_is_by_the_clock_of_the_clinic_and_says_so(settings):
    from content.admin.forms import make_moment_field

    settings.TIME_ZONE = "Europe/Berlin"
    assert make_moment_field("Publish on", "Empty: now.").help_text == "Empty: now. Clinic time (Europe/Berlin)."


@pytest.mark.parametrize("page", ["/", "/check/", "/privacy/", "/nowhere/", "/admin/login/"])
def test_no_browser_makes_links_of_numbers_by_itself(page):
    found = re.search(r'<meta name="format-detection" content="([^"]*)">', Client().get(page).content.decode())
    assert found[1] == "telephone=no,date=no,address=no,email=no"


def is_kept(page, words):
    """Whether each of these words on the page stands in an element that is not translated."""
    kept = re.sub(r'<(\w+)[^>]*\btranslate="no"[^>]*>.*?</\1>', "", page, flags=re.DOTALL)
    body = re.sub(r"<title>.*?</title>|<[^>]*>", "", kept, flags=re.DOTALL)
    assert words in page
    return words not in body


def test_code_key_and_number_on_the_result_are_not_translated(settings):
    settings.CLINIC = {**settings.CLINIC, "phone": "(202) 555-0123"}
    record = make_assessment(SOON)
    make_contact(record)
    page = open_result(record)
    for words in (record.reference, deletion_key.recover_key(record), "555 0100 123"):
        assert is_kept(page, words)
    assert '<span class="notranslate" translate="no">(202) 555-0123</span></a>' in page


def test_a_patients_number_and_code_on_the_staff_pages_are_not_translated(person):
    record = make_assessment(SOON)
    make_contact(record)
    client = sign_in_staff(person("Clinic staff"))
    for page in ("change", "print"):
        shown = text(client.get(f"/admin/assessment/assessment/{record.pk}/{page}/"))
        assert is_kept(shown, record.reference)
        assert is_kept(shown, "555 0100 123")


def test_the_key_of_a_phone_and_the_recovery_codes_are_not_translated(person):
    nurse = person("Clinic staff")
    client = sign_in_staff(nurse)
    assert is_kept(text(client.get("/admin/set-up/")), factors.format_phone_key(factors.get_new_phone(nurse)))
    page = text(client.post("/admin/recovery-codes/"))
    for words in re.findall(r"<code>([a-z2-7]{4}-[a-z2-7]{4})</code>", page):
        assert is_kept(page, words)


def test_an_address_from_a_patient_cannot_add_readers_to_a_mail(person):
    record = make_assessment(SOON)
    make_contact(record, email="me?bcc=all@example.com")
    shown = text(sign_in_staff(person("Clinic staff")).get(f"/admin/assessment/assessment/{record.pk}/change/"))
    assert 'href="mailto:me%3Fbcc%3Dall@example.com"' in shown
