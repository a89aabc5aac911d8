"""A saved check stays as it is."""

import pytest
from django.contrib.auth import get_user_model
from django.db import DatabaseError, connection, transaction

from assessment.models import Assessment, Contact, Note
from assessment.privacy import consent
from core.append_only import AppendOnlyError

from ..walks import STRAIN, walk_check

pytestmark = pytest.mark.django_db


@pytest.fixture
def record(client):
    walk_check(client, STRAIN)
    return Assessment.objects.get()


def test_a_saved_check_cannot_be_saved_again(record):
    record.level = 3
    with pytest.raises(AppendOnlyError):
        record.save()


def test_saved_checks_cannot_be_changed_in_bulk(record):
    with pytest.raises(AppendOnlyError):
        Assessment.objects.update(level=3)


def test_a_note_cannot_be_changed_or_deleted(record):
    user = get_user_model().objects.create_user("someone")
    note = Note.objects.create(assessment=record, author=user, text="Called back")
    note.text = "Did not call"
    for change in (note.save, note.delete, lambda: Note.objects.update(text="x"), Note.objects.all().delete):
        with pytest.raises(AppendOnlyError):
            change()


@pytest.mark.parametrize(
    "change",
    [
        "level = 3",
        "answers = '[]'",
        "result = '{}'",
        "reference = 'ZZZZZ-ZZZZZ'",
        "protocol_digest = 'x'",
        "finished_at = started_at",
        "consent_text = ''",
    ],
)
def test_the_database_refuses_to_change_what_the_patient_said(record, change):
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE assessment_assessment SET {change}")


def test_the_database_refuses_to_change_a_note(record):
    user = get_user_model().objects.create_user("someone")
    Note.objects.create(assessment=record, author=user, text="Called back")
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE assessment_note SET text = 'Did not call'")


def test_a_corrected_check_may_lose_the_link_to_a_deleted_one(record, client):
    walk_check(client, {"now": ["chest"]})
    first = Assessment.objects.get(level=3)
    second = Assessment(
        **{
            field.attname: getattr(record, field.attname)
            for field in Assessment._meta.concrete_fields
            if field.name not in ("id", "token", "reference", "corrects")
        },
        token="t",
        reference="ZZZZZ-ZZZZZ",
        corrects=first,
    )
    second.save()
    first.delete()
    second.refresh_from_db()
    assert second.corrects is None


def test_checks_are_not_saved_together_past_their_arrival_and_their_event(record):
    with pytest.raises(AppendOnlyError, match="by itself"):
        Assessment.objects.bulk_create([record])


def test_the_record_names_the_protocol_it_followed(record):
    from assessment.protocol import wording
    from assessment.protocol.back_pain import PROTOCOL

    assert record.protocol_version == PROTOCOL.version
    assert record.protocol_digest == wording.digest_protocol(PROTOCOL, wording.load_words())
    assert record.language == "en"


def test_most_urgent_first_then_longest_waiting(client, record):
    walk_check(client, {"now": ["chest"]})
    walk_check(client, STRAIN)
    assert [item.level for item in Assessment.objects.all()] == [3, 0, 0]
    times = [item.finished_at for item in Assessment.objects.filter(level=0)]
    assert times == sorted(times)


def test_contact_details_go_without_the_record_and_with_it(record):
    Contact.objects.create(assessment=record, locked="x", **consent.build_consent("contact")).delete()
    assert Assessment.objects.exists()
    Contact.objects.create(assessment=record, locked="x", **consent.build_consent("contact"))
    record.delete()
    assert not Contact.objects.exists()
