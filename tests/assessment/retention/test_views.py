"""A patient deletes what they sent, with the key that only their result page shows."""

import re

import pytest
from django.test import Client

from assessment.models import Assessment, Contact, Hold, Note, Tombstone
from assessment.patient import records
from assessment.patient.session import Check
from assessment.privacy import deletion_key
from assessment.retention import deletion, views
from core.audit import AuditEvent

from ..staff import SOON, make_assessment, make_clerk, make_contact

pytestmark = pytest.mark.django_db
PAGE = "/check/delete-what-i-sent/"


def words(answer):
    """The page without what is new in it at each time."""
    return re.sub(r'\s+|csrfmiddlewaretoken" value="[^"]*"', " ", answer.content.decode())


@pytest.fixture
def sent():
    """A result in the browser of its patient."""
    record, client = make_assessment(SOON), Client()
    session = client.session
    session["result"] = record.pk
    session.save()
    return record, client


def test_the_result_page_shows_the_key_and_no_staff_page_does(sent):
    record, client = sent
    key = deletion_key.recover_key(record)
    assert key in words(client.get("/check/result/"))
    staff = Client()
    staff.force_login(make_clerk())
    for page in ("change", "print"):
        assert key not in words(staff.get(f"/admin/assessment/assessment/{record.pk}/{page}/"))


def test_the_key_deletes_record_contact_and_notes_and_leaves_a_tombstone(sent):
    record, client = sent
    nurse = make_clerk()
    make_contact(record)
    Note.objects.create(assessment=record, author=nurse, text="called")
    answer = client.post(PAGE, {"key": deletion_key.recover_key(record)}, follow=True)
    assert "What you sent is deleted" in words(answer)
    assert [model.objects.count() for model in (Assessment, Contact, Note)] == [0, 0, 0]
    assert Tombstone.objects.get().end == "patient"
    event = AuditEvent.objects.get(action="delete")
    assert (event.actor, event.facts["what"]) == ("", "patient")
    assert client.get("/check/result/").status_code == 302


def test_it_works_on_another_device_with_nothing_but_the_paper(sent):
    record, _ = sent
    answer = Client().post(PAGE, {"key": deletion_key.recover_key(record).replace("-", " ").lower()}, follow=True)
    assert "What you sent is deleted" in words(answer)


def test_the_good_news_is_told_once_and_a_refresh_does_not_frighten(sent):
    record, client = sent
    answer = client.post(PAGE, {"key": deletion_key.recover_key(record)})
    assert answer.status_code == 302
    assert "is deleted" in words(client.get(PAGE))
    assert "Type the key" in words(client.get(PAGE))


@pytest.mark.parametrize("key", ["", "   ", "KTRBN-XDWLC", "B" * 30, "A" * 30, "\x00" * 30, "B" * 500, "ÄÖÜ" * 10])
def test_a_wrong_key_is_told_beside_the_field_and_kept_in_it(sent, key):
    record, client = sent
    answer = client.post(PAGE, {"key": key})
    assert answer.status_code == 422
    assert 'id="id_key_error"' in words(answer)
    assert Assessment.objects.get() == record


def test_a_second_press_is_told_the_same_as_the_first(sent):
    record, client = sent
    for _ in range(2):
        answer = client.post(PAGE, {"key": deletion_key.recover_key(record)}, follow=True)
        assert "What you sent is deleted" in words(answer)


def test_who_types_many_wrong_keys_is_told_to_stop_and_a_right_one_is_taken_all_the_same(sent):
    record, client = sent
    for _ in range(views.WRONG.capacity):
        assert client.post(PAGE, {"key": "B" * 30}).status_code == 422
    answer = client.post(PAGE, {"key": "C" * 30})
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "60"
    assert "Yours is looked at all the same" in words(answer)
    assert 'value="' + "C" * 30 in words(answer)
    answer = client.post(PAGE, {"key": deletion_key.recover_key(record)}, follow=True)
    assert "What you sent is deleted" in words(answer)


def test_a_wrong_key_is_looked_for_outside_of_transactions(client, transactions_of):
    client.post(PAGE, {"key": "B" * 30})
    assert transactions_of("assessment_assessment") == transactions_of("assessment_tombstone") == {0}


def test_a_held_result_stays_and_the_patient_is_told_so(sent):
    record, client = sent
    Hold.objects.create(assessment=record, reason="complaint", placed_by=make_clerk())
    answer = client.post(PAGE, {"key": deletion_key.recover_key(record)})
    assert answer.status_code == 409
    assert "We cannot delete this yet" in words(answer)
    assert Assessment.objects.exists()
    assert AuditEvent.objects.filter(action="withdraw_refused").exists()


def test_another_result_in_this_browser_stays_in_view(sent):
    record, client = sent
    other = make_assessment(SOON)
    client.post(PAGE, {"key": deletion_key.recover_key(other)})
    assert record.reference in words(client.get("/check/result/"))


def test_a_result_that_was_not_sent_has_no_key(sent):
    _, client = sent
    session = client.session
    del session["result"]
    session["unsaved_result"] = records.pack_assessment(records.build_assessment(Check(answers=SOON)))
    session.save()
    assert "delete-what-i-sent" not in words(client.get("/check/result/"))


def test_the_key_is_in_no_address_and_the_page_is_kept_by_nobody(sent):
    record, client = sent
    answer = client.post(PAGE, {"key": deletion_key.recover_key(record)})
    assert answer["Location"] == PAGE
    assert "no-store" in client.get(PAGE).headers["Cache-Control"]


def test_staff_find_out_what_became_of_the_code(sent):
    record, client = sent
    client.post(PAGE, {"key": deletion_key.recover_key(record)})
    assert deletion.find_tombstone(record.reference).get_end_display() == "The patient deleted it"
    assert deletion.find_tombstone("BBBBB-BBBBB") is None
