"""A check ends by time, by its patient or by two of the staff; a hold keeps it; nothing is left but a tombstone."""

import logging
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import IntegrityError, connection
from django.utils import timezone

from assessment.clinic import raises, review_actions
from assessment.management.commands import purge
from assessment.models import (
    Assessment,
    Contact,
    Disposal,
    Hold,
    Mail,
    Note,
    Override,
    PausedCheck,
    Raise,
    Review,
    Tombstone,
    retention,
)
from assessment.patient import pause_codes
from assessment.patient.session import Check
from assessment.privacy import deletion_key
from assessment.protocol.model import Level
from assessment.retention import deletion
from content.models import Feedback
from core.audit import AuditEvent

from ...at_once import run_at_once
from ...staff.people import sign_in_staff
from ..staff import SOON, URGENT, make_assessment, make_clerk, make_contact

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead(person):
    return person("Leads")


def full(answers=SOON, **fields):
    """A check with everything that can hang on one."""
    record, nurse = (
        make_assessment(answers, level=Level.SELF_CARE, protocol_version="1.0.1", **fields),
        make_clerk("nurse"),
    )
    make_contact(record)
    raises.raise_assessment(record, raises.find_rules_for_more(record))
    review_actions.claim_review(nurse, record, 1)
    review_actions.override_level(nurse, record, 2, Level.URGENT, "She is worse than she wrote")
    review_actions.add_note(nurse, record, "Spoke with her daughter")
    return record


def left_of_checks():
    return sum(model.objects.count() for model in (Assessment, Contact, Disposal, Hold, Note, Override, Raise, Review))


# --- By staff ---------------------------------------------------------------------------------------------------------
def test_two_people_delete_a_check_and_everything_that_hangs_on_it(lead):
    record = full()
    reference = record.reference
    nurse = User.objects.get(username="nurse")
    deletion.propose_deletion(nurse, record, "trial")
    deletion.confirm_deletion(lead, record)
    assert left_of_checks() == 0
    stone = deletion.find_tombstone(reference)
    assert (stone.end, stone.why, stone.proposed_by, stone.confirmed_by) == ("staff", "trial", "nurse", "leads")
    assert reference not in str(Tombstone.objects.values())
    assert AuditEvent.objects.filter(action="delete", reference=reference, actor="leads").exists()


def test_nobody_deletes_alone(lead):
    record = make_assessment(SOON)
    deletion.propose_deletion(lead, record, "trial")
    with pytest.raises(review_actions.RefusedError, match="yourself"):
        deletion.confirm_deletion(lead, record)
    assert Assessment.objects.exists()


def test_the_database_refuses_a_tombstone_of_one_person():
    with pytest.raises(IntegrityError):
        Tombstone.objects.create(
            reference_hash="x", key_hash="x", end="staff", why="trial", proposed_by="leads", confirmed_by="leads"
        )


def test_without_a_proposal_nothing_is_confirmed(lead):
    with pytest.raises(review_actions.ConflictError, match="no proposal"):
        deletion.confirm_deletion(lead, make_assessment(SOON))


def test_a_proposal_is_taken_back_and_can_be_made_anew(lead):
    record, nurse = make_assessment(SOON), make_clerk("nurse")
    deletion.propose_deletion(nurse, record, "trial")
    with pytest.raises(review_actions.ConflictError, match="already"):
        deletion.propose_deletion(lead, record, "asked")
    deletion.decline_deletion(lead, record)
    deletion.propose_deletion(lead, record, "asked")
    assert Disposal.objects.get().why == "asked"


def test_the_pages_lead_two_people_through_it(lead, settings):
    record, nurse = make_assessment(SOON), make_clerk("nurse")
    one, two = sign_in_staff(nurse), sign_in_staff(lead)
    address = f"/admin/assessment/assessment/{record.pk}/ending/"
    assert one.post(address, {"action": "propose", "why": ""}).status_code == 422
    one.post(address, {"action": "propose", "why": "mistake"})
    assert record.reference in two.get("/admin/assessment/assessment/endings/").content.decode()
    assert "Somebody else, a lead, must agree" in one.get(address).content.decode()
    assert two.post(address, {"action": "confirm"})["Location"] == "/admin/assessment/assessment/endings/"
    assert not Assessment.objects.exists()
    shown = one.post("/admin/assessment/assessment/endings/", {"q": record.reference.lower()}).content.decode()
    assert re.search(rf"{record.reference}(</\w+>)? was deleted on", shown)
    assert "(nurse and leads: sent by mistake, or by somebody else)" in shown


def test_whoever_looks_at_an_ending_or_is_refused_there_is_on_the_trail(lead):
    client, record = sign_in_staff(lead), make_assessment(SOON)
    address = f"/admin/assessment/assessment/{record.pk}/ending/"
    client.get(address)
    client.post(address, {"action": "propose", "why": "mistake"})
    assert client.post(address, {"action": "confirm"}).status_code == 422
    assert client.post(address, {"action": "No such <thing>"}).status_code == 422
    client.post("/admin/assessment/assessment/endings/", {"q": record.reference})
    found = AuditEvent.objects.filter(actor="leads").order_by("number").values_list("action", "facts")
    assert [(action, facts) for action, facts in found if action != "propose_deletion"][-6:] == [
        ("view_ending", {}),
        ("refused", {"what": "confirm", "reason": "rule"}), ("view_ending", {}),
        ("refused", {"reason": "rule"}), ("view_ending", {}),
        ("search", {"kind": "ending", "found": 0}),
    ]  # fmt: skip


def test_the_page_to_delete_asks_first_who_one_is(lead):
    client, record = sign_in_staff(lead), make_assessment(SOON)
    session = client.session
    session["staff_confirmed"] = 0
    session.save()
    address = f"/admin/assessment/assessment/{record.pk}/ending/"
    assert client.get(address)["Location"] == f"/admin/confirm/?next={address}"
    assert "Is it still you?" in client.post(address, {"action": "hold", "reason": "a complaint"}).content.decode()
    assert not Hold.objects.exists()


def test_the_pages_keep_what_a_colleague_would_have_deleted(lead):
    record, nurse = make_assessment(SOON), make_clerk("nurse")
    deletion.propose_deletion(nurse, record, "trial")
    address = f"/admin/assessment/assessment/{record.pk}/ending/"
    shown = sign_in_staff(lead).post(address, {"action": "keep"}, follow=True).content.decode()
    assert f"{record.reference} is kept." in shown
    assert not Disposal.objects.exists()


def test_the_pages_place_a_hold_and_end_it(lead):
    client, record = sign_in_staff(lead), make_assessment(SOON)
    address = f"/admin/assessment/assessment/{record.pk}/ending/"
    shown = client.post(address, {"action": "hold", "reason": "complaint"}, follow=True).content.decode()
    assert f"{record.reference} is held: nobody can delete it." in shown
    assert Hold.objects.get().reason == "complaint"
    shown = client.post(address, {"action": "release"}, follow=True).content.decode()
    assert f"The hold on {record.reference} has ended." in shown
    assert not Hold.objects.exists()


@pytest.mark.parametrize(
    ("action", "status", "told"),
    [
        ("keep", 409, "There is no proposal any more."),
        ("confirm", 409, "There is no proposal any more."),
        ("release", 409, "There is no hold any more."),
        ("burn", 422, "Choose what to do."),
        ("", 422, "Choose what to do."),
    ],
)
def test_the_page_says_what_a_colleague_was_faster_with_and_does_nothing(lead, action, status, told):
    client, record = sign_in_staff(lead), make_assessment(SOON)
    response = client.post(f"/admin/assessment/assessment/{record.pk}/ending/", {"action": action})
    assert response.status_code == status
    assert told in response.content.decode()
    assert Assessment.objects.exists()


def test_who_is_no_lead_can_neither_hold_nor_confirm(lead):
    record, nurse = make_assessment(SOON), make_clerk("nurse")
    deletion.propose_deletion(lead, record, "trial")
    address = f"/admin/assessment/assessment/{record.pk}/ending/"
    for sent in ({"action": "confirm"}, {"action": "hold", "reason": "complaint"}, {"action": "release"}):
        assert sign_in_staff(nurse).post(address, sent).status_code == 403
    assert Assessment.objects.exists()
    assert not Hold.objects.exists()


# --- A hold -----------------------------------------------------------------------------------------------------------
def test_a_held_check_outlives_its_time_and_goes_when_the_hold_ends(lead):
    record = make_assessment(SOON, hours_ago=366 * 24)
    deletion.place_hold(lead, record, "complaint")
    assert deletion.purge_expired()["assessments"] == 0
    deletion.release_hold(lead, record)
    assert deletion.purge_expired()["assessments"] == 1


def test_a_held_check_is_not_proposed_for_deletion(lead):
    record = make_assessment(SOON)
    deletion.place_hold(lead, record, "complaint")
    with pytest.raises(deletion.HeldError):
        deletion.propose_deletion(lead, record, "asked")
    assert not Disposal.objects.exists()


def test_a_second_hold_does_not_take_the_place_of_the_first(lead):
    record = make_assessment(SOON)
    deletion.place_hold(lead, record, "complaint")
    with pytest.raises(review_actions.ConflictError, match="holds this check already"):
        deletion.place_hold(lead, record, "court")
    assert Hold.objects.get().reason == "complaint"


def test_what_is_deleted_cannot_be_held(lead):
    record = make_assessment(SOON)
    Assessment.objects.filter(pk=record.pk).delete()
    with pytest.raises(review_actions.ConflictError, match="deleted already"):
        deletion.place_hold(lead, record, "complaint")


def test_what_is_not_held_cannot_be_released_nor_unproposed_be_kept(lead):
    record = make_assessment(SOON)
    with pytest.raises(review_actions.ConflictError, match="no hold any more"):
        deletion.release_hold(lead, record)
    with pytest.raises(review_actions.ConflictError, match="no proposal any more"):
        deletion.decline_deletion(lead, record)
    assert not AuditEvent.objects.filter(action__in=["keep", "unhold"]).exists()


def test_a_held_check_is_deleted_by_nobody(lead):
    record, nurse = make_assessment(SOON), make_clerk("nurse")
    deletion.propose_deletion(nurse, record, "asked")
    deletion.place_hold(lead, record, "complaint")
    with pytest.raises(deletion.HeldError):
        deletion.confirm_deletion(lead, record)
    with pytest.raises(deletion.HeldError):
        deletion.withdraw_assessment(deletion_key.recover_key(record))
    assert Assessment.objects.filter(pk=record.pk).exists()


# --- By the patient ---------------------------------------------------------------------------------------------------
def test_the_key_deletes_the_check_however_it_is_typed():
    record = full()
    typed = deletion_key.recover_key(record).lower().replace("-", " \u2013")
    assert deletion.withdraw_assessment(typed)
    assert left_of_checks() == 0
    assert deletion.find_tombstone(record.reference).end == "patient"


def test_a_key_whose_check_goes_while_it_is_pressed_says_deleted(monkeypatch):
    """Between the look for the check and the lock on it, a colleague or the purge was faster."""
    record = make_assessment(SOON)
    key, delete = deletion_key.recover_key(record), deletion.delete_assessment

    def lose(record, how):
        delete(record, "expired")
        return delete(record, how)

    monkeypatch.setattr(deletion, "delete_assessment", lose)
    assert deletion.withdraw_assessment(key) is True
    assert not AuditEvent.objects.filter(action="delete").exists()


def test_another_key_deletes_nothing():
    record = make_assessment(SOON)
    other = make_assessment(URGENT)
    key = deletion_key.recover_key(record)
    assert not deletion.withdraw_assessment("B" * 30)
    assert not deletion.withdraw_assessment(record.reference)
    assert deletion.withdraw_assessment(key)
    assert list(Assessment.objects.all()) == [other]


def test_a_key_pressed_twice_or_after_its_time_still_says_deleted():
    pressed, old = make_assessment(SOON), make_assessment(SOON, hours_ago=366 * 24)
    assert deletion.withdraw_assessment(deletion_key.recover_key(pressed))
    assert deletion.withdraw_assessment(deletion_key.recover_key(pressed))
    deletion.purge_expired()
    assert deletion.withdraw_assessment(deletion_key.recover_key(old))
    assert AuditEvent.objects.filter(action="delete").count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_presses_at_once_one_deletes_and_none_fails(staff_groups):
    record = make_assessment(SOON)
    key = deletion_key.recover_key(record)
    assert run_at_once(4, lambda _: deletion.withdraw_assessment(key)) == [True] * 4
    assert Tombstone.objects.count() == 1


def test_the_record_does_not_hold_the_key():
    record = make_assessment(SOON)
    row = str(Assessment.objects.filter(pk=record.pk).values()[0])
    key = deletion_key.recover_key(record)
    assert len(key.replace("-", "")) == 30
    assert key not in row
    assert key.replace("-", "") not in row


def test_a_key_from_before_a_new_secret_key_still_opens(settings):
    record = make_assessment(SOON)
    key = deletion_key.recover_key(record)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another " * 10, [settings.SECRET_KEY]
    assert deletion_key.recover_key(record) == key
    assert deletion.withdraw_assessment(key)


def test_nobody_finds_a_key_twice():
    made = {deletion_key.derive_key(f"{number:064x}") for number in range(500)}
    assert len(made) == 500
    assert all(len(deletion_key.parse_key(key)) == 30 for key in made)


# --- By time ----------------------------------------------------------------------------------------------------------
def test_each_level_has_its_time_and_none_is_longer_than_patients_were_told(settings):
    settings.RETENTION_DAYS, settings.RETENTION_BY_LEVEL = 100, {"self_care": 30, "urgent": 400}
    now = timezone.now()
    assert retention.compute_retention_end(Level.SELF_CARE, now) == now + timedelta(days=30)
    assert retention.compute_retention_end(Level.SOON, now) == now + timedelta(days=100)
    assert retention.compute_retention_end(Level.URGENT, now) == now + timedelta(days=100)


def test_a_longer_time_set_later_does_not_keep_what_was_promised_to_go(settings):
    settings.RETENTION_DAYS = 30
    make_assessment(SOON, hours_ago=31 * 24)
    settings.RETENTION_DAYS = 365
    assert deletion.purge_expired()["assessments"] == 1


def test_a_purge_leaves_a_tombstone_and_an_event_in_the_audit_for_each_check():
    old = [make_assessment(SOON, hours_ago=366 * 24) for _ in range(3)]
    deletion.purge_expired()
    assert {deletion.find_tombstone(record.reference).end for record in old} == {"expired"}
    assert {event.reference for event in AuditEvent.objects.filter(action="purge")} == {each.reference for each in old}


def test_a_long_list_is_purged_in_portions(monkeypatch, lead):
    monkeypatch.setattr(deletion, "BATCH", 2)
    old = [make_assessment(SOON, hours_ago=366 * 24) for _ in range(5)]
    deletion.place_hold(lead, old[0], "complaint")
    assert deletion.purge_expired()["assessments"] == 4


@pytest.mark.parametrize("others", [0, 1])
def test_a_purge_leaves_what_was_held_since_it_read_its_list_and_goes_on(monkeypatch, lead, others):
    record, delete = make_assessment(SOON, hours_ago=366 * 24), deletion.delete_assessment
    for _ in range(others):
        make_assessment(SOON, hours_ago=366 * 24)

    def hold_first(found, how):
        if found.pk == record.pk:
            deletion.place_hold(lead, record, "complaint")
        return delete(found, how)

    monkeypatch.setattr(deletion, "delete_assessment", hold_first)
    assert deletion.purge_expired()["assessments"] == others
    assert Assessment.objects.get() == record
    assert AuditEvent.objects.filter(action="purge").count() == others


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL's autovacuum takes the rows in its own time")
def test_after_a_purge_no_byte_of_an_answer_is_in_the_file_or_its_log(staff_groups, settings, monkeypatch):
    """The clock moves on by a year: what was promised to go is not to be found with grep."""
    marks = ["Zq7answer", "Zq7result", "Zq7note", "Zq7override"]
    record = full()
    path = Path(connection.settings_dict["NAME"])
    kept = make_assessment(URGENT)
    # As it came from a patient and from staff, with marks that stand nowhere else, over more than one page of the file.
    marked = make_assessment(
        SOON,
        rules=[*record.rules, {"code": "Zq7answer " * 900, "level": "soon", "unsure": False}],
        result={**record.result, "lead": "Zq7result " * 900},
    )
    nurse = User.objects.get(username="nurse")
    Note.objects.create(assessment=marked, author=nurse, text="Zq7note " * 400)
    review_actions.claim_review(nurse, marked, 1)
    review_actions.override_level(nurse, marked, 2, Level.URGENT, "Zq7override")
    locked = make_contact(marked).locked
    open_session = SessionStore()
    for letter in "xy":
        open_session["check"] = {"answers": {"Zq7session": [letter] * 500}}
        open_session.save()
        # Packed, so that its own words cannot be found by grep.
        marks.append(Session.objects.get().session_data[:60])
    asked = Contact.objects.get(assessment=marked)
    put_aside = Check(answers={"Zq7paused": ["x"] * 300}, token="Zq7token")
    pause_codes.save_paused_check(put_aside)
    pause_codes.save_paused_check(put_aside)
    words = {"path": "/sports/golf/", "clear": False, "text": "Zq7feedback " * 40}
    Feedback.objects.create(**words, day=timezone.localdate())
    Mail.objects.create(key="Zq7mail", kind="daily", user=nurse)
    marks += [locked[:60], asked.telephone_key, marked.token, marked.reference]
    marks += ["Zq7paused", "Zq7token", "Zq7feedback", "Zq7mail"]

    def found():
        here = [path, Path(f"{path}-wal")]
        text = b"".join(file.read_bytes() for file in here if file.exists())
        return [mark for mark in marks if mark.encode() in text]

    # All but the session as it was first, which may be overwritten already.
    assert set(marks) - set(found()) <= {marks[4]}
    later = timezone.now() + timedelta(days=366)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    Hold.objects.create(assessment=kept, reason="complaint", placed_by=nurse)
    (settings.DATA_DIR / purge.STAMP).unlink(missing_ok=True)
    call_command("purge", verbosity=0)
    # The audit keeps the code of the check, which is a name and not an answer.
    assert found() == [marked.reference]
    assert list(Assessment.objects.all()) == [kept]
    assert not Session.objects.exists()
    assert not PausedCheck.objects.exists()


def test_a_purge_says_when_it_could_not_cut_the_log(monkeypatch, capsys):
    monkeypatch.setattr(deletion, "truncate_wal", lambda: False)
    call_command("purge")
    assert "Run again" in capsys.readouterr().err


def test_nothing_of_a_deletion_is_written_to_the_log(caplog):
    caplog.set_level(logging.DEBUG)
    record = full()
    key = deletion_key.recover_key(record)
    deletion.withdraw_assessment(key)
    said = " ".join(entry.getMessage() for entry in caplog.records if not entry.name.startswith("django.db"))
    assert record.reference not in said
    assert key not in said


def test_a_check_whose_secrets_are_gone_shows_no_key_rather_than_a_wrong_one(settings):
    record = make_assessment(SOON)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another " * 10, []
    assert deletion_key.recover_key(record) == ""
