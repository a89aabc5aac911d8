"""A saved check stays as it is."""

from datetime import UTC, datetime

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.db import DatabaseError, connection, transaction

from assessment.models import (
    Arrival,
    Assessment,
    Contact,
    DayCount,
    Disposal,
    Hold,
    Mail,
    MailWish,
    Note,
    Override,
    PausedCheck,
    Raise,
    Review,
    StepCount,
    Tombstone,
)
from assessment.privacy import consent
from assessment.protocol.model import Level
from core.append_only import AppendOnlyError

from ..walks import STRAIN, walk_check

pytestmark = pytest.mark.django_db
MOMENT = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)


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


def test_no_way_to_write_many_checks_changes_a_saved_one(record):
    record.level = 3
    for change in (
        lambda: Assessment.objects.bulk_update([record], ["level"]),
        lambda: Assessment.objects.update_or_create({"level": 3}, pk=record.pk),
    ):
        with pytest.raises(AppendOnlyError, match="never changed"):
            change()
    assert Assessment.objects.get().level != Level.EMERGENCY


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


@pytest.mark.parametrize(
    ("row", "name"),
    [
        (Contact(assessment=Assessment(reference="KTRBN-XDWLC")), "Call back for KTRBN-XDWLC"),
        (PausedCheck(expires_at=MOMENT), "Put aside until 01 March 2026, 09:30"),
        (StepCount(day="2026-03-01", question="now", shown=3, answered=1), "now, 2026-03-01: 3 shown, 2 left"),
        (DayCount(day="2026-03-01", total=3, hurry=1), "2026-03-01: 3 sent, 1 urgent"),
        (
            Hold(assessment=Assessment(reference="KTRBN-XDWLC"), placed_at=MOMENT, reason="complaint"),
            "KTRBN-XDWLC is kept since 01 March 2026",
        ),
        (
            Disposal(assessment=Assessment(reference="KTRBN-XDWLC"), why="mistake"),
            "KTRBN-XDWLC: Sent by mistake, or by somebody else",
        ),
        (Raise(protocol_version="2.0.0", level=2), "raised by protocol 2.0.0: now urgent"),
        (Tombstone(at=MOMENT), ", 01 March 2026"),
        (Note(author=User(username="ana"), written_at=MOMENT, text="numb"), "Note by ana on 01 March 2026"),
        (Arrival(pk=7), "Arrival 7"),
        (MailWish(user=User(username="ana"), cadence="daily"), "ana: daily"),
        (Mail(user=User(username="ana"), kind="digest"), "digest to ana"),
    ],
)
def test_a_row_is_called_by_code_and_date_and_not_by_what_a_patient_wrote(row, name):
    """What a row is called comes into histories, messages and error pages."""
    assert str(row) == name


def test_levels_are_named_in_words_where_staff_changed_them():
    assert str(Review(state="new", level=Level.SOON)) == "New, Soon: within 2 weeks"
    changed = str(Override(from_level=Level.EMERGENCY, to_level=Level.SOON))
    assert changed.startswith(Level.EMERGENCY.short_label)
    assert changed.endswith(" to Soon: within 2 weeks")


def test_of_a_question_that_more_answered_than_saw_nobody_left():
    """Counts are written without waiting for the disk: a power cut may take one of the two back."""
    assert StepCount(shown=1, answered=2).left == 0
