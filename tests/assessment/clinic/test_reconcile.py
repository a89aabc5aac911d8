"""Whoever writes into the database by hand is refused by it, or found out by manage.py verify_audit."""

import pytest
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, models, transaction

from assessment.clinic import raises, reconcile, review_actions
from assessment.models import Assessment, Contact, Disposal, Hold, Note, Override, Raise, Review, Tombstone, triggers
from assessment.patient import callbacks, records
from assessment.privacy import deletion_key
from assessment.protocol.model import Level
from assessment.retention import deletion
from core import audit
from core.audit import AuditHead

from ..staff import SOON, URGENT, look_at, make_assessment, make_clerk, make_contact

pytestmark = pytest.mark.django_db
# Every column of every table that says what a patient sent or what staff did. Left out: what may change by itself.
FREE = {
    Assessment: {"corrects_id"},  # emptied when the corrected check is deleted
    Contact: {"locked", "telephone_key", "email_key"},  # rotate_keys, index_contacts; the lock has a seal of its own
    Review: {"rank"},  # made by the database
}
TABLES = (Assessment, Contact, Note, Override, Raise, Review, Hold, Disposal, Tombstone)
COLUMNS = [
    (model, field.column)
    for model in TABLES
    for field in model._meta.concrete_fields
    if field.column not in FREE.get(model, ()) and not field.auto_created
]


@pytest.fixture
def worked_on():
    """A check with a row in each table."""
    ana, ben = make_clerk("ana"), make_clerk("ben")
    record = make_assessment(URGENT, level=Level.SOON, protocol_version="1.0.1")
    make_contact(record)
    raises.raise_assessment(record, raises.find_rules_for_more(record))
    raises.decide_raise(ben, look_at(ben, record), 1, False, "Seen since")
    review_actions.claim_review(ana, record, 1)
    review_actions.mark_contacted(ana, record, 2, "She comes at nine")
    review_actions.override_level(ana, record, 3, Level.EMERGENCY, "Worse than she wrote")
    deletion.propose_deletion(ana, record, "trial")
    deletion.withdraw_assessment(deletion_key.recover_key(make_assessment(SOON)))
    deletion.place_hold(ben, record, "complaint")
    return record


def by_hand(statement):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
        connection.check_constraints()


def changed(field):
    """SQL: another value of the same kind."""
    kind, name = field.get_internal_type(), f'"{field.column}"'
    if kind == "DateTimeField":
        return "'2020-01-01 00:00:00'"
    if kind == "JSONField":
        return "'{}'"
    if kind == "BooleanField":
        return f"NOT {name}"
    return f"'x' || substr({name}, 2)" if kind in ("CharField", "TextField") else f"COALESCE({name}, 0) + 1"


@pytest.mark.parametrize(("model", "column"), COLUMNS)
def test_a_column_changed_by_hand_is_refused_by_the_database(worked_on, model, column):
    field = next(field for field in model._meta.concrete_fields if field.column == column)
    statement = f'UPDATE {model._meta.db_table} SET "{column}" = {changed(field)}'
    if model is Review and column == "version":
        statement += " + 1"
    with pytest.raises(IntegrityError):
        by_hand(statement)


@pytest.fixture
def no_triggers():
    """Somebody who owns the database takes the triggers away first."""
    triggers.drop_triggers()


def findings():
    return list(reconcile.find_discrepancies())


def test_what_patients_and_staff_did_is_as_the_audit_says(worked_on):
    make_assessment(SOON, hours_ago=366 * 24)
    deletion.purge_expired()
    deletion.release_hold(make_clerk("lead"), worked_on)
    callbacks.delete_callback(worked_on.pk)
    again, corrected = make_assessment(SOON), make_assessment(SOON)
    make_assessment(URGENT, corrects=corrected)
    make_contact(again)
    make_contact(again, telephone="555 0100 124")
    deletion.withdraw_assessment(deletion_key.recover_key(corrected))
    assert findings() == []


@pytest.mark.parametrize(("model", "column"), [*COLUMNS, *((Contact, name) for name in sorted(FREE[Contact]))])
def test_a_column_changed_without_the_triggers_is_found(worked_on, no_triggers, model, column):
    field = next(field for field in model._meta.concrete_fields if field.column == column)
    other = {"user": make_clerk("other").pk, "assessment": make_assessment(SOON).pk}
    value = other[field.related_model._meta.model_name] if field.is_relation else changed(field)
    try:
        with transaction.atomic():
            by_hand(f'UPDATE {model._meta.db_table} SET "{column}" = {value}')
    except IntegrityError:
        return  # the table's own constraints refuse it
    assert findings()


@pytest.mark.parametrize("value", ["other", "nothing"])
def test_another_earlier_check_that_is_corrected_is_found(no_triggers, value):
    earlier, other = make_assessment(SOON), make_assessment(SOON)
    record = make_assessment(URGENT, corrects=earlier)
    number = other.pk if value == "other" else "NULL"
    by_hand(f"UPDATE assessment_assessment SET corrects_id = {number} WHERE id = {record.pk}")
    assert f"{record.reference}: Which earlier check it corrects was changed." in findings()


def test_a_whole_audit_is_silent_when_nothing_is_to_be_said(worked_on, capsys):
    call_command("verify_audit", verbosity=0)
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("model", [Review, Note, Override, Raise, Contact, Hold, Disposal, Tombstone])
def test_a_row_removed_by_hand_is_found(worked_on, no_triggers, model):
    by_hand(f"DELETE FROM {model._meta.db_table}")
    assert {finding.rpartition(" is ")[2] for finding in findings()} == {"gone."}


def test_a_check_removed_by_hand_is_named(no_triggers, capsys):
    record, other = make_assessment(SOON), make_assessment(SOON)
    by_hand(f"DELETE FROM assessment_review WHERE assessment_id = {record.pk}")
    by_hand(f"DELETE FROM assessment_assessment WHERE id = {record.pk}")
    with pytest.raises(CommandError, match="What is stored"):
        call_command("verify_audit")
    said = capsys.readouterr().err
    assert f"{record.reference}: It is gone, and nobody deleted it." in said
    assert other.reference not in said


def test_a_check_that_is_put_back_after_its_deletion_is_found(no_triggers):
    record = make_assessment(SOON)
    kept, review = Assessment.objects.get(), Review.objects.get()
    deletion.withdraw_assessment(deletion_key.recover_key(record))
    models.QuerySet(Assessment).bulk_create([kept])
    review.assessment = kept
    models.QuerySet(Review).bulk_create([review])
    assert findings() == [f"{record.reference}: It is there again, though it was deleted."]


def test_a_row_added_by_hand_is_found():
    record, nurse = make_assessment(SOON), make_clerk()
    Note.objects.create(assessment=record, author=nurse, text="Never said")
    Tombstone.objects.create(reference_hash="a", key_hash="b", end="expired")
    assert findings() == [
        f"{record.reference}: A note was added.",
        "1 trace of a deleted check was added.",
    ]


def save_unaudited(*copies):
    """As somebody with the database in their hands would: each check with its review, and no event."""
    for copy in copies:
        copy.fill_derived_fields()
        models.QuerySet(Assessment).bulk_create([copy])
        models.QuerySet(Review).bulk_create([copy.build_review()])


def test_checks_that_the_site_did_not_save_are_counted():
    record = make_assessment(SOON)
    copies = [records.unpack_assessment(records.pack_assessment(record)) for _ in range(3)]
    for number, copy in enumerate(copies):
        copy.token, copy.reference = f"copy {number}", records.make_reference()
    save_unaudited(*copies)
    assert findings() == ["3 stored checks are not in the audit: they did not come in through this site."]


def test_call_back_details_of_two_patients_that_were_exchanged_are_found(no_triggers):
    first, second = make_assessment(SOON), make_assessment(URGENT)
    one, two = make_contact(first), make_contact(second, "555 0100 999", name="Ben Example")
    Contact.objects.filter(pk=one.pk).update(locked=two.locked)
    Contact.objects.filter(pk=two.pk).update(locked=one.locked)
    changed = "The wish for a call back was changed."
    assert findings() == [f"{first.reference}: {changed}", f"{second.reference}: {changed}"]


def test_a_renewed_lock_is_no_alarm_and_a_lost_key_is_said(settings):
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    settings.CONTACT_KEYS = [old]
    record = make_assessment(SOON)
    make_contact(record)
    settings.CONTACT_KEYS = [new, old]
    call_command("rotate_keys")
    settings.CONTACT_KEYS = [new]
    assert findings() == []
    settings.CONTACT_KEYS = [old]
    unreadable = "The call-back details cannot be read with the present CONTACT_KEYS."
    assert findings() == [f"{record.reference}: {unreadable}"]


def test_a_renewed_key_of_the_audit_is_no_alarm_and_a_lost_one_is(settings):
    old, new = "o" * 40, "n" * 40
    settings.AUDIT_KEYS = [old]
    make_assessment(SOON)
    settings.AUDIT_KEYS = [new, old]
    make_assessment(URGENT)
    assert findings() == []
    settings.AUDIT_KEYS = [new]
    assert len(findings()) == 2


def test_a_deletion_that_was_written_down_without_its_tombstone_stops_nothing():
    audit.record_event(None, "purge", found=3)
    assert findings() == []


def test_a_check_with_a_number_from_nowhere_keeps_nobody_waiting():
    copy = records.unpack_assessment(records.pack_assessment(make_assessment(SOON)))
    copy.pk, copy.token, copy.reference = 4_000_000_000_000, "copy", records.make_reference()
    save_unaudited(copy)
    assert findings() == ["1 stored check is not in the audit: it did not come in through this site."]


def test_many_checks_are_looked_at_in_portions(monkeypatch, no_triggers):
    monkeypatch.setattr(reconcile, "BATCH", 2)
    checks = [make_assessment(SOON) for _ in range(7)]
    for each in checks[1:4]:
        deletion.withdraw_assessment(deletion_key.recover_key(each))
    assert findings() == []
    by_hand(f"DELETE FROM assessment_review WHERE assessment_id = {checks[6].pk}")
    by_hand(f"DELETE FROM assessment_assessment WHERE id = {checks[6].pk}")
    stone = models.QuerySet(Tombstone).order_by("pk")[1]
    by_hand(f"DELETE FROM assessment_tombstone WHERE id = {stone.pk}")
    assert len(findings()) == 2


def test_a_head_that_was_set_back_keeps_no_patient_from_sending():
    make_assessment(SOON)
    make_assessment(SOON)
    AuditHead.objects.update(number=0)
    make_assessment(URGENT)
    with pytest.raises(audit.BrokenChainError):
        audit.verify_chain()


def test_samples_are_no_alarm(capsys):
    call_command("sample_checks", count=15, seed=2, verbosity=0)
    call_command("verify_audit")
    assert "whole" in capsys.readouterr().out
    assert triggers.list_dropped_triggers() == []
