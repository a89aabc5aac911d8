"""What clinic staff see and may do."""

import html

import pytest

from assessment import consent, contact
from assessment.models import Assessment, Contact, Review

from .walks import STRAIN, walk

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client, person):
    """A patient's client that has finished a check, and a clerk's client."""
    from django.test import Client

    walk(client, {**STRAIN, "legs": ["one_numb"]})
    clerk = Client()
    clerk.force_login(person("Clinic staff"))
    return clerk


def page(response):
    assert response.status_code == 200
    return html.unescape(response.content.decode())


def add_review(client, record, note):
    return client.post(
        f"/admin/assessment/assessment/{record.pk}/change/",
        {
            "reviews-TOTAL_FORMS": "1",
            "reviews-INITIAL_FORMS": "0",
            "reviews-MIN_NUM_FORMS": "0",
            "reviews-MAX_NUM_FORMS": "50",
            "reviews-0-note": note,
            "_save": "Save",
        },
    )


def test_the_list_shows_reference_level_and_advice(staff):
    record = Assessment.objects.get()
    listed = page(staff.get("/admin/assessment/assessment/"))
    assert record.reference in listed
    assert "Soon: within 2 weeks" in listed
    assert record.result["heading"] in listed
    assert "Not reviewed" in listed


def test_a_record_shows_what_the_patient_read(staff):
    record = Assessment.objects.get()
    shown = page(staff.get(f"/admin/assessment/assessment/{record.pk}/change/"))
    for line in [
        record.result["heading"],
        *record.result["do"],
        *[reason["text"] for reason in record.result["reasons"]],
    ]:
        assert line in shown
    for item in record.answers:
        assert item["title"] in shown
        for part in item["answer"]:
            assert part["text"] in shown


def test_a_review_keeps_who_made_it_and_the_note(staff):
    record = Assessment.objects.get()
    assert add_review(staff, record, "Called back, visit on Tuesday").status_code == 302
    review = Review.objects.get()
    assert review.reviewer.username == "clinic-staff"
    assert review.note == "Called back, visit on Tuesday"
    assert "Reviewed by clinic-staff" in page(staff.get("/admin/assessment/assessment/"))


def test_the_list_can_be_narrowed_to_what_is_not_reviewed(staff):
    record = Assessment.objects.get()
    assert record.reference in page(staff.get("/admin/assessment/assessment/?reviewed=no"))
    add_review(staff, record, "Seen")
    staff.get("/admin/")  # the message that names the record is shown once
    assert record.reference not in page(staff.get("/admin/assessment/assessment/?reviewed=no"))


def test_an_empty_note_is_a_field_error(staff):
    record = Assessment.objects.get()
    assert "This field is required" in page(add_review(staff, record, " "))
    assert not Review.objects.exists()


def test_staff_cannot_add_or_delete_checks(staff):
    record = Assessment.objects.get()
    assert staff.get("/admin/assessment/assessment/add/").status_code == 403
    assert staff.post(f"/admin/assessment/assessment/{record.pk}/delete/", {"post": "yes"}).status_code == 403


def test_a_check_can_be_found_by_its_code(staff):
    record = Assessment.objects.get()
    assert record.reference in page(staff.get(f"/admin/assessment/assessment/?q={record.reference}"))
    assert record.reference not in page(staff.get("/admin/assessment/assessment/?q=ZZZZZ-ZZZZZ")).replace('value="', "")


def test_clinic_staff_see_nothing_of_the_articles(staff):
    assert "Articles" not in page(staff.get("/admin/"))
    assert staff.get("/admin/content/article/").status_code == 403


def test_editors_see_nothing_of_the_checks(client, person):
    client.force_login(person("Editors"))
    assert "Symptom checks" not in page(client.get("/admin/"))
    assert client.get("/admin/assessment/assessment/").status_code == 403
    assert client.get("/admin/assessment/review/").status_code in (403, 404)


def test_somebody_who_is_not_signed_in_sees_no_check(client):
    assert client.get("/admin/assessment/assessment/").status_code == 302


def test_the_list_costs_the_same_for_many_records(staff, client, django_assert_max_num_queries):
    for _ in range(12):
        walk(client, {"now": ["chest"]})
    with django_assert_max_num_queries(10):
        staff.get("/admin/assessment/assessment/")


@pytest.fixture
def call_back(staff):
    """The patient of the record asked to be called back."""
    record = Assessment.objects.get()
    locked = contact.lock({"name": "Ana Example", "telephone": "555 0100 123", "email": ""})
    return Contact.objects.create(assessment=record, locked=locked, **consent.given("contact"))


def test_staff_see_who_to_call_back(staff, call_back):
    shown = page(staff.get(f"/admin/assessment/assessment/{call_back.assessment_id}/change/"))
    assert "Ana Example · 555 0100 123" in shown


def test_the_list_tells_and_can_be_narrowed_to_who_asked_for_a_call(staff, call_back, client):
    walk(client, {"now": ["chest"]})
    other = Assessment.objects.get(level=3)
    assert page(staff.get("/admin/assessment/assessment/")).count('field-call_back">Asked for') == 1
    listed = page(staff.get("/admin/assessment/assessment/?call_back=yes"))
    assert call_back.assessment.reference in listed
    assert other.reference not in listed


def test_details_under_another_key_are_said_to_be_unreadable(staff, call_back, settings):
    settings.CONTACT_KEYS = ["A" * 43 + "="]
    shown = page(staff.get(f"/admin/assessment/assessment/{call_back.assessment_id}/change/"))
    assert "Cannot be read with the present keys" in shown
    assert call_back.locked not in shown
    assert "Ana Example" not in shown


def test_a_record_shows_what_the_patient_agreed_to(staff):
    record = Assessment.objects.get()
    shown = page(staff.get(f"/admin/assessment/assessment/{record.pk}/change/"))
    assert record.consent_text in shown
    assert f"wording {consent.VERSION}" in shown
    assert "Not asked for" in shown
