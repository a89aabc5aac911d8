"""The audit of what staff did: complete, without a patient's words, and whole or found out."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, models, transaction
from django.utils import timezone

from assessment.models import triggers
from core import audit
from core.append_only import AppendOnlyError
from core.audit import AuditEvent, AuditHead

from ..at_once import run_at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def chain():
    """Five events of one clerk."""
    clerk = get_user_model().objects.create_user("clerk")
    for page in range(1, 6):
        audit.record_event(clerk, "list", page=page)
    return clerk


@pytest.fixture
def without_triggers():
    """Somebody who owns the database takes the triggers away first."""
    triggers.drop_triggers()


def sql(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_an_event_says_who_did_what_when_and_with_which_facts(chain):
    event = AuditEvent.objects.get(number=3)
    assert (event.actor, event.actor_id, event.action, event.facts) == ("clerk", chain.pk, "list", {"page": 3})
    assert timezone.now() - event.at < timedelta(minutes=1)


def test_the_chain_of_untouched_events_is_whole(chain):
    assert audit.verify_chain().number == 5


def test_nobody_signed_in_is_the_site_itself():
    event = audit.record_event(None, "list")
    assert (event.actor, event.actor_id) == ("", None)


@pytest.mark.parametrize(
    "facts",
    [{"note": "numb leg"}, {"kind": "Numb leg"}, {"what": "my back hurts"}, {"found": ["x"]}, {"found": 0.5}],
)
def test_words_that_somebody_typed_are_no_facts(facts):
    with pytest.raises(ValueError, match="no fact"):
        audit.record_event(None, "search", **facts)
    assert not AuditEvent.objects.exists()


def test_an_unknown_action_is_refused():
    with pytest.raises(ValueError, match="no action"):
        audit.record_event(None, "peek")


def test_an_action_that_reads_differently_in_two_places_stops_the_start():
    with pytest.raises(ValueError, match="knows these actions already: view"):
        audit.register_actions({"view": "did something else with"}, [])


def test_an_event_reads_as_a_sentence(chain):
    assert str(AuditEvent.objects.get(number=3)) == f"3: clerk {audit.ACTIONS['list']}"
    assert str(audit.record_event(None, "list")) == f"6: the site {audit.ACTIONS['list']}"


def test_an_event_that_was_rolled_back_leaves_no_gap(chain):
    with transaction.atomic():
        audit.record_event(chain, "list")
        transaction.set_rollback(True)
    audit.record_event(chain, "search")
    assert audit.verify_chain().number == 6


@pytest.mark.parametrize(
    "change",
    [
        lambda event: event.save(),
        lambda event: event.delete(),
        lambda event: AuditEvent.objects.update(actor="other"),
        lambda event: AuditEvent.objects.all().delete(),
        lambda event: AuditEvent.objects.filter(number=1).delete(),
        lambda event: AuditEvent.objects.bulk_update([event], ["actor"]),
    ],
)
def test_code_cannot_change_or_delete_an_event(chain, change):
    with pytest.raises(AppendOnlyError):
        change(AuditEvent.objects.get(number=2))


def test_the_database_refuses_to_change_an_event(chain):
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        sql("UPDATE assessment_auditevent SET actor = 'other' WHERE number = 2")


@pytest.mark.skipif("connection.vendor == 'sqlite'", reason="SQLite empties tables row by row: core/triggers.py")
def test_the_database_refuses_to_delete_an_event(chain):
    with pytest.raises(DatabaseError, match="never deleted"), transaction.atomic():
        sql("DELETE FROM assessment_auditevent WHERE number = 2")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("actor", "'other'"),
        ("actor_id", "-1"),
        ("action", "'view'"),
        ("at", "'2026-01-01 00:00:00+00:00'"),
        ("reference", "'KTRBN-XDWLC'"),
        ("record_id", "7"),
        ("facts", """'{"page": 9}'"""),
    ],
)
def test_a_changed_event_is_named(chain, without_triggers, field, value):
    sql(f"UPDATE assessment_auditevent SET {field} = {value} WHERE number = 3")
    with pytest.raises(audit.BrokenChainError, match="Event 3 was changed"):
        audit.verify_chain()


def test_a_removed_event_is_named(chain, without_triggers):
    sql("DELETE FROM assessment_auditevent WHERE number = 3")
    with pytest.raises(audit.BrokenChainError, match="Event 3 is missing"):
        audit.verify_chain()


def test_several_removed_events_are_named_by_the_first(chain, without_triggers):
    sql("DELETE FROM assessment_auditevent WHERE number IN (2, 3)")
    with pytest.raises(audit.BrokenChainError, match="Events from 2 on are missing: the next one is 4"):
        audit.verify_chain()


def test_a_chain_that_nobody_began_is_whole():
    AuditHead.objects.all().delete()
    assert audit.verify_chain().number == 0


def test_a_head_that_names_another_event_than_the_last_is_noticed(chain):
    """Whoever has the key too: the seal is right, and what it seals is not."""
    head = AuditHead.objects.get()
    head.hash = "0" * 64
    head.seal_and_save()
    with pytest.raises(audit.BrokenChainError, match="Event 5 is not the one that the head of the chain names"):
        audit.verify_chain()


def test_a_removed_event_is_named_even_when_the_numbers_are_closed_up(chain, without_triggers):
    sql("DELETE FROM assessment_auditevent WHERE number = 3")
    sql("UPDATE assessment_auditevent SET number = 3 WHERE number = 4")
    with pytest.raises(audit.BrokenChainError, match="Event 3 does not follow event 2"):
        audit.verify_chain()


def test_events_in_another_order_are_noticed(chain, without_triggers):
    for old, new in ((2, 99), (3, 2), (99, 3)):
        sql(f"UPDATE assessment_auditevent SET number = {new} WHERE number = {old}")
    with pytest.raises(audit.BrokenChainError, match="Event 2"):
        audit.verify_chain()


@pytest.mark.parametrize("first_gone", [5, 2, 1])
def test_a_chain_that_was_cut_off_at_the_end_is_noticed(chain, without_triggers, first_gone):
    sql(f"DELETE FROM assessment_auditevent WHERE number >= {first_gone}")
    said = "Event 5 is missing" if first_gone == 5 else f"Events from {first_gone} on are missing"
    with pytest.raises(audit.BrokenChainError, match=said):
        audit.verify_chain()


def test_a_head_that_was_moved_back_to_hide_the_cut_is_noticed(chain, without_triggers):
    fourth = AuditEvent.objects.get(number=4)
    sql("DELETE FROM assessment_auditevent WHERE number = 5")
    sql(f"UPDATE assessment_audithead SET number = 4, hash = '{fourth.hash}'")
    with pytest.raises(audit.BrokenChainError, match="head of the chain was changed"):
        audit.verify_chain()


def test_a_head_that_was_removed_is_noticed_before_and_after_the_next_event(chain, without_triggers):
    sql("DELETE FROM assessment_auditevent WHERE number = 5")
    sql("DELETE FROM assessment_audithead")
    with pytest.raises(audit.BrokenChainError, match="head of the chain is missing"):
        audit.verify_chain()
    audit.record_event(chain, "list")
    with pytest.raises(audit.BrokenChainError, match="Event 5 does not follow event 4"):
        audit.verify_chain()


def test_an_event_added_by_hand_is_noticed(chain):
    last = AuditEvent.objects.get(number=5)
    forged = AuditEvent(number=6, at=timezone.now(), action="list", previous=last.hash, hash="0" * 64)
    forged.save(force_insert=True)
    with pytest.raises(audit.BrokenChainError, match="Event 6 lies after the end"):
        audit.verify_chain()


def test_with_the_database_alone_nobody_can_make_the_chain_whole_again(chain, without_triggers, settings):
    settings.AUDIT_KEYS = ["a key that the thief has made up by himself"]
    models.QuerySet(AuditEvent).delete()
    AuditHead.objects.all().delete()
    audit.record_event(None, "list")
    assert audit.verify_chain().number == 1
    settings.AUDIT_KEYS = []
    with pytest.raises(audit.BrokenChainError):
        audit.verify_chain()


def test_a_renewed_key_reads_what_the_older_one_signed(chain, settings):
    settings.AUDIT_KEYS = ["the first key of this clinic's audit chain", "x" * 40]
    with pytest.raises(audit.BrokenChainError):
        audit.verify_chain()
    settings.AUDIT_KEYS = []
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "a new key " * 6, [settings.SECRET_KEY]
    audit.record_event(chain, "list")
    assert audit.verify_chain().number == 6


def test_the_command_prints_the_head_and_takes_it_back(chain, capsys):
    call_command("verify_audit")
    printed = capsys.readouterr().out
    assert printed.startswith("5 events, whole. 5:")
    call_command("verify_audit", "--noted", printed.split()[-1])


def test_the_command_names_the_first_broken_event(chain, without_triggers):
    sql("UPDATE assessment_auditevent SET actor = 'other' WHERE number IN (2, 4)")
    with pytest.raises(CommandError, match="Event 2 was changed"):
        call_command("verify_audit")


def test_the_command_notices_lost_triggers(chain, without_triggers, capsys):
    with pytest.raises(CommandError, match=r"says: 1 difference\."):
        call_command("verify_audit")
    assert "guard_audit_change" in capsys.readouterr().err


def test_a_noted_head_that_cannot_be_read_is_said_plainly(chain):
    with pytest.raises(CommandError, match="looks like") as wrong:
        call_command("verify_audit", "--head", "yesterday")
    assert wrong.value.returncode == 2


def test_the_command_counts_one_event_and_one_check_as_one(capsys):
    audit.record_event(None, "list")
    call_command("verify_audit")
    assert capsys.readouterr().out.startswith("1 event, whole. 1:")


@pytest.mark.django_db(transaction=True)
def test_events_of_many_at_once_form_one_chain():
    run_at_once(6, lambda _: [audit.record_event(None, "list") for _ in range(10)])
    assert audit.verify_chain().number == 60
