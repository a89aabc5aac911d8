"""What clinic staff see and may do."""

import html

import pytest

from assessment.models import Assessment, Review

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
