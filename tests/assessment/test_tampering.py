"""Whoever writes into the database by hand is refused by it, or found out by manage.py verify_audit."""

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from assessment import disposal, guards, workflow
from assessment.models import Assessment, Contact, Disposal, Hold, Note, Override, Review, Tombstone
from assessment.protocol.model import Level

from .staff import SOON, URGENT, ask_call, clerk, finished
from .test_disposal import by

pytestmark = pytest.mark.django_db
# Every column of every table that says what a patient sent or what staff did. Left out: what may change by itself.
FREE = {
    Assessment: {"corrects_id"},  # emptied when the corrected check is deleted
    Contact: {"locked", "telephone_key", "email_key"},  # rotate_keys, index_contacts; the lock has a seal of its own
    Review: {"rank"},  # made by the database
}
TABLES = (Assessment, Contact, Note, Override, Review, Hold, Disposal, Tombstone)
COLUMNS = [
    (model, field.column)
    for model in TABLES
    for field in model._meta.concrete_fields
    if field.column not in FREE.get(model, ()) and not field.auto_created
]


@pytest.fixture
def worked_on():
    """A check with a row in each table."""
    ana, ben = clerk("ana"), clerk("ben")
    record = finished(URGENT)
    ask_call(record)
    workflow.claim(ana, record, 1)
    workflow.contacted(ana, record, 2, "She comes at nine")
    workflow.override(ana, record, 3, Level.EMERGENCY, "Worse than she wrote")
    disposal.propose(by(ana), record, "trial")
    Tombstone.objects.create(reference_hash="a", key_hash="b", end="expired")
    disposal.hold(by(ben), record, "complaint")
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


@pytest.mark.parametrize(
    "change",
    [
        "due_at = '2030-01-01 00:00:00'",
        "minutes = 1",
        "assigned_to_id = NULL",
        "state = 'closed', reason = 'advised', closed_at = '2026-01-01 00:00:00'",
    ],
)
def test_a_change_that_counts_the_version_up_is_found_by_the_audit(worked_on, change, capsys):
    other = finished(SOON)
    call_command("verify_audit")
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE assessment_review SET version = version + 1, {change} WHERE assessment_id = {worked_on.pk}"
        )
    with pytest.raises(CommandError, match=worked_on.reference) as error:
        call_command("verify_audit")
    assert other.reference not in str(error.value)


def test_a_new_check_that_was_worked_on_by_hand_is_found_too(capsys):
    record = finished(SOON)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE assessment_review SET version = 2, due_at = '2030-01-01 00:00:00'")
    with pytest.raises(CommandError, match=record.reference):
        call_command("verify_audit")


def test_samples_are_no_alarm(capsys):
    call_command("sample_checks", count=15, seed=2, verbosity=0)
    call_command("verify_audit")
    assert "whole" in capsys.readouterr().out
    assert guards.missing() == []


def test_contact_details_changed_by_hand_cannot_be_read(worked_on):
    row = Contact.objects.get()
    other = ("A" if row.locked[40] != "A" else "B").join((row.locked[:40], row.locked[41:]))
    Contact.objects.filter(pk=row.pk).update(locked=other)
    assert Contact.objects.get().details() is None
