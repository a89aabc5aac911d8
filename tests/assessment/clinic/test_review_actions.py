"""What staff may do with a check, in which order, and what stays behind of it."""

from datetime import timedelta
from itertools import product

import pytest
from django.db import DatabaseError, IntegrityError, connection, models, transaction
from django.utils import timezone

from assessment.clinic import review_actions
from assessment.clinic.review_actions import ConflictError, RefusedError
from assessment.models import Note, Override, Review, triggers
from assessment.models.review import MOVES, ClosingReason, ReviewState, StaleError
from assessment.protocol.model import Level
from core import audit
from core.append_only import AppendOnlyError
from core.audit import AuditEvent

from ...at_once import run_at_once
from ..staff import EMERGENCY, SOON, URGENT, look_at, make_assessment, make_clerk
from ..walks import STRAIN

pytestmark = pytest.mark.django_db


def version(record):
    return Review.objects.get(pk=record.pk).version


def now_on(record):
    return Review.objects.get(pk=record.pk)


def taken(who, answers=SOON):
    record = make_assessment(answers)
    review_actions.claim_review(who, record, 1)
    return record


def read(who, answers=SOON):
    return look_at(who, taken(who, answers))


def in_state(who, state):
    record = taken(who)
    if state == ReviewState.NEW:
        review_actions.release_review(who, record, 2)
    elif state == ReviewState.CONTACTED:
        review_actions.mark_contacted(who, record, 2, "Called")
    elif state == ReviewState.CLOSED:
        review_actions.close_review(who, record, 2, ClosingReason.ENOUGH)
    return record


def test_a_saved_check_is_in_the_queue_with_its_clock():
    record = make_assessment(SOON)
    review = record.review
    review.refresh_from_db()
    assert (review.state, review.level, review.rank, review.sport) == ("new", 1, 2, "golf")
    assert review.due_at > record.finished_at


def test_a_check_goes_from_new_to_closed_and_out_of_the_queue(ana):
    record = make_assessment(SOON, hours_ago=2)
    review_actions.claim_review(ana, record, 1)
    assert (now_on(record).state, now_on(record).assigned_to) == ("in_review", ana)
    review_actions.mark_contacted(ana, record, 2, "Called. Visit on Tuesday.")
    assert (now_on(record).rank, now_on(record).minutes) == (0, 120)
    review_actions.close_review(ana, record, 3, ClosingReason.BOOKED)
    closed = now_on(record)
    assert (closed.state, closed.reason, closed.rank, closed.version) == ("closed", "booked", None, 4)
    assert closed not in Review.objects.waiting()


def test_every_act_leaves_its_event_with_the_move(ana, ben):
    record = look_at(ben, make_assessment(SOON))
    review_actions.assign_review(ana, record, 1, ben)
    review_actions.assign_review(ana, record, 2, ana)
    review_actions.release_review(ana, record, 3)
    review_actions.claim_review(ben, record, 4)
    review_actions.override_level(ben, record, 5, 2, "Foot drop on the telephone")
    review_actions.mark_contacted(ben, record, 6, "Sent in today")
    review_actions.close_review(ben, record, 7, ClosingReason.BOOKED)
    review_actions.reopen_review(ana, record, 8)
    review_actions.add_note(ana, record, "One more thing")
    events = [(event.actor, event.action) for event in AuditEvent.objects.order_by("number")]
    assert events == [
        ("", "sent"), ("ben", "view"), ("ana", "assign"), ("ana", "assign"), ("ana", "release"), ("ben", "claim"),
        ("ben", "override"), ("ben", "contacted"), ("ben", "close"), ("ana", "reopen"), ("ana", "note"),
    ]  # fmt: skip
    facts = AuditEvent.objects.get(action="close").facts
    assert facts.pop("review").startswith(f"{record.pk}:")
    assert facts == {"from": "contacted", "to": "closed", "reason": "booked", "version": 8}
    assert audit.verify_chain().number == 11


def test_no_word_of_a_note_or_a_reason_gets_into_the_audit(ana):
    record = read(ana)
    review_actions.override_level(ana, record, 2, 2, "Secretword weakness")
    review_actions.mark_contacted(ana, record, 3, "Secretword agreed")
    assert "ecretword" not in str(list(AuditEvent.objects.values()))


@pytest.mark.parametrize(
    ("start", "end"), [(a, b) for a, b in product(ReviewState, ReviewState) if a != b and b not in MOVES[a]]
)
def test_an_illegal_move_is_refused_by_the_model_and_by_the_database(ana, start, end):
    record = in_state(ana, start)
    review = now_on(record)
    with pytest.raises(ValueError, match="does not go"):
        review.change_at_version(review.version, state=end)
    values = {"state": end, "version": review.version + 1, "assigned_to": ana, "reviewed_at": timezone.now()}
    values |= {"reason": "enough", "closed_at": timezone.now()} if end == ReviewState.CLOSED else {}
    values |= {"reason": "", "closed_at": None} if start == ReviewState.CLOSED else {}
    with pytest.raises(DatabaseError, match="does not go that way"), transaction.atomic():
        models.QuerySet(Review).filter(pk=record.pk).update(**values)


@pytest.mark.parametrize("wrong", [{"state": "lost"}, {"reason": "enough"}, {"assigned_to": None}])
def test_a_row_that_makes_no_sense_is_refused_by_the_database(ana, wrong):
    record = taken(ana)
    with pytest.raises(IntegrityError), transaction.atomic():
        models.QuerySet(Review).filter(pk=record.pk).update(version=models.F("version") + 1, **wrong)


def test_a_change_that_does_not_count_the_version_up_is_refused_by_the_database(ana):
    record = make_assessment()
    with pytest.raises(DatabaseError, match="counts its version"), transaction.atomic():
        models.QuerySet(Review).filter(pk=record.pk).update(assigned_to=ana)


def test_reviews_are_changed_only_one_by_one(ana):
    review = now_on(make_assessment())
    for change in (review.save, lambda: Review.objects.update(level=0)):
        with pytest.raises(AppendOnlyError):
            change()


@pytest.mark.parametrize(
    "action",
    [
        lambda who, record, version: review_actions.mark_contacted(who, record, version, "Called"),
        lambda who, record, version: review_actions.close_review(who, record, version, ClosingReason.ENOUGH),
        lambda who, record, version: review_actions.override_level(who, record, version, 2, "Worse"),
    ],
)
def test_only_who_has_a_check_decides_on_it(ana, ben, action):
    record = make_assessment(SOON)
    with pytest.raises(RefusedError, match="Take this check first"):
        action(ana, record, 1)
    review_actions.claim_review(ben, record, 1)
    with pytest.raises(RefusedError, match="ben has this check"):
        action(ana, record, 2)
    assert version(record) == 2


def test_a_check_that_a_colleague_has_is_not_claimed(ana, ben):
    record = taken(ben)
    with pytest.raises(ConflictError, match=r"ben took the check .* ben has this check"):
        review_actions.claim_review(ana, record, 2)


def test_the_slower_one_is_told_who_did_what_and_writes_nothing(ana, ben):
    record = taken(ana)
    seen = version(record)
    review_actions.close_review(ana, record, seen, ClosingReason.ENOUGH)
    review_actions.reopen_review(ben, record, seen + 1)
    with pytest.raises(ConflictError, match=r"ben opened the closed check again \(\d\d:\d\d\), after you"):
        review_actions.close_review(ben, record, seen, ClosingReason.ENOUGH, "My long note")
    assert not Note.objects.exists()
    assert now_on(record).state == "in_review"


def test_a_closed_check_is_not_claimed_given_or_put_back(ana, ben):
    record = in_state(ana, ReviewState.CLOSED)
    for action in (
        lambda: review_actions.claim_review(ana, record, 3),
        lambda: review_actions.assign_review(ana, record, 3, ben),
        lambda: review_actions.release_review(ana, record, 3),
        lambda: review_actions.close_review(ana, record, 3, ClosingReason.ENOUGH),
        lambda: review_actions.mark_contacted(ana, record, 3, "x"),
    ):
        with pytest.raises(RefusedError, match="closed"):
            action()


def test_closing_an_urgent_check_needs_a_note_once(ana):
    record = look_at(ana, taken(ana, URGENT))
    assert now_on(record).level >= 2
    with pytest.raises(RefusedError, match="note"):
        review_actions.close_review(ana, record, 2, ClosingReason.ENOUGH)
    review_actions.add_note(ana, record, "Seen in the clinic")
    review_actions.close_review(ana, record, 2, ClosingReason.ENOUGH)


@pytest.mark.parametrize("answers", [EMERGENCY, URGENT])
def test_an_emergency_or_urgent_check_is_closed_by_who_has_opened_it(ana, ben, answers):
    record = look_at(ben, taken(ana, answers))
    with pytest.raises(RefusedError, match="not opened this check yet"):
        review_actions.close_review(ana, record, 2, ClosingReason.ENOUGH, "Seen")
    look_at(ana, record)
    review_actions.close_review(ana, record, 2, ClosingReason.ENOUGH, "Seen")


def test_a_lowered_emergency_is_not_closed_unread_either(ana, ben):
    record, _ = proposal(ana)
    review_actions.decide_override(ben, look_at(ben, record), 3, True)
    cleo = make_clerk("cleo")
    review_actions.assign_review(cleo, record, 4, cleo)
    with pytest.raises(RefusedError, match="not opened this check yet"):
        review_actions.close_review(cleo, record, 5, ClosingReason.ENOUGH, "Seen")


@pytest.mark.parametrize("answers", [EMERGENCY, URGENT])
def test_nothing_comes_of_an_emergency_or_urgent_check_that_one_has_not_opened(ana, ben, answers):
    record = look_at(ben, taken(ana, answers))
    for act in (
        lambda: review_actions.mark_contacted(ana, record, 2, "Called"),
        lambda: review_actions.override_level(ana, record, 2, Level.SELF_CARE, "Better"),
    ):
        with pytest.raises(RefusedError, match="not opened this check yet"):
            act()
    assert version(record) == 2
    review_actions.mark_contacted(ana, look_at(ana, record), 2, "Called")


@pytest.mark.parametrize("accepted", [True, False])
def test_nobody_decides_on_a_lower_level_of_an_emergency_that_they_have_not_opened(ana, ben, accepted):
    record, _ = proposal(ana)
    with pytest.raises(RefusedError, match="not opened this check yet"):
        review_actions.decide_override(ben, record, 3, accepted)
    review_actions.decide_override(ben, look_at(ben, record), 3, accepted)


def test_the_database_refuses_what_comes_of_an_urgent_check_that_nobody_has_opened(ana):
    record = taken(ana, URGENT)
    row, now = models.QuerySet(Review).filter(pk=record.pk), timezone.now()
    Override.objects.create(
        assessment=record, from_level=2, to_level=0, reason="x", needs_second=False,
        proposed_by=ana, decided_by=ana, decided_at=now, accepted=True,
    )  # fmt: skip
    contacted = {"state": "contacted", "reviewed_at": now, "minutes": 1}
    closed = {**contacted, "state": "closed", "closed_at": now, "reason": "enough"}
    for values in (contacted, closed, {"level": 0}):
        with pytest.raises(DatabaseError, match="is read before"), transaction.atomic():
            row.update(**values, version=models.F("version") + 1)
    audit.record_event(ana, "print", record)
    row.update(**contacted, version=models.F("version") + 1)


def test_what_is_not_closed_is_not_opened_again(ana):
    record = make_assessment(SOON)
    with pytest.raises(RefusedError, match="not closed"):
        review_actions.reopen_review(ana, record, 1)
    assert now_on(record).assigned_to is None


def test_a_check_that_is_opened_again_is_due_when_it_was(ana):
    record = look_at(ana, make_assessment(EMERGENCY, hours_ago=9))
    due = now_on(record).due_at
    review_actions.claim_review(ana, record, 1)
    review_actions.close_review(ana, record, 2, ClosingReason.ENOUGH, "Seen")
    review_actions.reopen_review(ana, record, 3)
    assert now_on(record).due_at == due < timezone.now()


def test_closing_for_another_reason_needs_a_note(ana):
    record = taken(ana)
    with pytest.raises(RefusedError, match="note"):
        review_actions.close_review(ana, record, 2, ClosingReason.OTHER)
    review_actions.close_review(ana, record, 2, ClosingReason.OTHER, "Moved abroad")


def test_the_time_to_review_is_that_of_the_first_answer(ana):
    record = make_assessment(SOON, hours_ago=3)
    review_actions.claim_review(ana, record, 1)
    review_actions.close_review(ana, record, 2, ClosingReason.ENOUGH)
    first = now_on(record).reviewed_at
    review_actions.reopen_review(ana, record, 3)
    review_actions.close_review(ana, record, 4, ClosingReason.ENOUGH)
    assert (now_on(record).minutes, now_on(record).reviewed_at) == (180, first)


def test_an_override_keeps_the_level_of_the_check_and_moves_the_clock(ana):
    record = taken(ana)
    before = now_on(record).due_at
    made = review_actions.override_level(ana, record, 2, 2, "Weak foot")
    record.refresh_from_db()
    review = now_on(record)
    assert (record.level, review.level, review.rank) == (1, 2, 3)
    assert review.due_at <= before
    assert review.due_at <= timezone.now() + timedelta(hours=4)
    assert (made.from_level, made.to_level, made.accepted, made.decided_by) == (1, 2, True, ana)


def test_a_lower_level_counts_from_when_the_patient_sent_the_check(ana):
    record = taken(ana)
    review_actions.override_level(ana, record, 2, 0, "Only sore")
    assert now_on(record).level == 0


def test_lowering_an_emergency_waits_for_a_second_person(ana, ben):
    record = look_at(ben, read(ana, EMERGENCY))
    review_actions.override_level(ana, record, 2, 1, "Spoke with them: old rib pain")
    assert now_on(record).level == 3
    with pytest.raises(RefusedError, match="second person"):
        review_actions.decide_override(ana, record, 3, True)
    review_actions.decide_override(ben, record, 3, True)
    assert now_on(record).level == 1
    assert Override.objects.get().decided_by == ben


def test_a_colleague_can_decline_and_the_proposer_can_take_it_back(ana, ben):
    record = look_at(ben, read(ana, EMERGENCY))
    for number, who in ((2, ben), (4, ana)):
        review_actions.override_level(ana, record, number, 1, "Old rib pain")
        review_actions.decide_override(who, record, number + 1, False)
    assert now_on(record).level == 3
    assert list(Override.objects.values_list("accepted", flat=True)) == [False, False]


def test_what_was_an_emergency_is_never_lowered_by_one_person(ana, ben):
    record = look_at(ben, read(ana, EMERGENCY))
    review_actions.override_level(ana, record, 2, 2, "Not now")
    review_actions.decide_override(ben, record, 3, True)
    review_actions.override_level(ana, record, 4, 0, "Nothing at all")
    assert now_on(record).level == 2
    with pytest.raises(RefusedError, match="second person"):
        review_actions.decide_override(ana, record, 5, True)


def test_a_raised_level_that_reached_emergency_is_lowered_by_two(ana):
    record = read(ana)
    review_actions.override_level(ana, record, 2, 3, "Saddle numb")
    review_actions.override_level(ana, record, 3, 1, "Was a mistake")
    assert now_on(record).level == 3


def test_there_is_one_open_proposal_and_it_is_decided_before_closing(ana):
    record = look_at(ana, taken(ana, EMERGENCY))
    review_actions.override_level(ana, record, 2, 1, "Rib")
    with pytest.raises(ConflictError, match="proposed already"):
        review_actions.override_level(ana, record, 3, 2, "Rib again")
    with pytest.raises(RefusedError, match="Decide on that first"):
        review_actions.close_review(ana, record, 3, ClosingReason.ENOUGH, "x")


def proposal(who):
    record = read(who, EMERGENCY)
    return record, review_actions.override_level(who, record, 2, 1, "Rib")


def test_the_model_refuses_one_persons_lowering(ana):
    _, made = proposal(ana)
    with pytest.raises(ValueError, match="second person"):
        made.record_decision(ana, True)


def test_the_database_refuses_one_persons_lowering(ana):
    record, made = proposal(ana)
    with pytest.raises(IntegrityError), transaction.atomic():
        models.QuerySet(Override).filter(pk=made.pk).update(accepted=True, decided_by=ana, decided_at=timezone.now())
    alone = {"assessment": record, "from_level": 3, "to_level": 1, "reason": "x", "proposed_by": ana}
    made.record_decision(ana, False)
    decided = {"decided_by": ana, "decided_at": timezone.now(), "accepted": True}
    for needs_second in (True, False):
        with pytest.raises(IntegrityError), transaction.atomic():
            Override.objects.create(**alone, **decided, needs_second=needs_second)


def test_the_database_refuses_a_level_without_an_accepted_override(ana, ben):
    record, made = proposal(ana)
    row = models.QuerySet(Review).filter(pk=record.pk)
    for level in (1, 0):
        with pytest.raises(DatabaseError, match="accepted override"), transaction.atomic():
            row.update(level=level, version=models.F("version") + 1)
    made.record_decision(ben, True)
    with pytest.raises(DatabaseError, match="accepted override"), transaction.atomic():
        row.update(level=0, version=models.F("version") + 1)
    row.update(level=1, version=models.F("version") + 1)


def test_an_override_is_decided_once(ana, ben):
    _, made = proposal(ana)
    made.record_decision(ben, False)
    with pytest.raises(StaleError):
        made.record_decision(ben, True)
    with pytest.raises(AppendOnlyError):
        made.save()
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        models.QuerySet(Override).filter(pk=made.pk).update(accepted=True)


def test_of_two_who_decide_a_proposal_at_once_the_second_is_told(monkeypatch, ana, ben):
    record, made = proposal(ana)
    look_at(ben, record)
    seen = version(record)
    real, read = models.QuerySet.first, Override.objects.filter(pk=made.pk).get
    stale = read()
    review_actions.decide_override(ben, record, seen, accepted=False)
    monkeypatch.setattr(review_actions, "read_review", lambda record, version: now_on(record))
    monkeypatch.setattr(models.QuerySet, "first", lambda rows: stale if rows.model is Override else real(rows))
    with pytest.raises(ConflictError, match="after you had opened it"):
        review_actions.decide_override(ben, record, seen, accepted=True)
    assert read().accepted is False


def test_a_proposal_about_a_level_that_was_raised_meanwhile_is_not_agreed_to(ana, ben):
    record, _ = proposal(ana)
    review_actions.decide_override(ben, look_at(ben, record), version(record), accepted=True)
    review_actions.override_level(ana, record, version(record), Level.SELF_CARE, "Better")
    review_actions.override_level(ana, record, version(record), Level.URGENT, "Worse again")
    with pytest.raises(ConflictError, match="about another level"):
        review_actions.decide_override(ben, record, version(record), accepted=True)
    assert now_on(record).level == Level.URGENT


def test_next_in_queue_is_the_most_urgent_that_is_free_or_mine(ana, ben):
    assert review_actions.find_next_in_queue(ana) is None
    calm, soon, worse = make_assessment(STRAIN), make_assessment(SOON), make_assessment(EMERGENCY)
    assert review_actions.find_next_in_queue(ana) == worse.pk
    assert review_actions.find_next_in_queue(ana, after=worse) == soon.pk
    review_actions.claim_review(ben, soon, 1)
    assert review_actions.find_next_in_queue(ana, after=worse) == calm.pk
    assert review_actions.find_next_in_queue(ben, after=worse) == soon.pk


def test_deleting_a_check_takes_everything_staff_wrote_about_it(ana):
    record, _ = proposal(ana)
    review_actions.add_note(ana, record, "x")
    record.delete()
    for model in (Review, Note, Override):
        assert not model.objects.exists()
    assert audit.verify_chain().number == AuditEvent.objects.count()


def test_no_trigger_is_missing_after_migrate():
    assert triggers.list_dropped_triggers() == []


def test_triggers_are_all_missed_when_gone():
    triggers.drop_triggers()
    assert len(triggers.list_dropped_triggers()) == len(
        [trigger for trigger in triggers.ALL_TRIGGERS if connection.vendor in trigger.do]
    )


def test_a_conflict_that_the_audit_knows_nothing_of_names_nobody(ana):
    with pytest.raises(ConflictError, match=r"^Somebody changed this check, after you had opened it\.$"):
        review_actions.claim_review(ana, make_assessment(SOON), 7)


def overtaken(monkeypatch, act):
    """Let a colleague do this after the version was compared, and before anything is written."""
    read = review_actions.read_review

    def read_then_lose(record, version):
        review = read(record, version)
        monkeypatch.setattr(review_actions, "read_review", read)
        act()
        return review

    monkeypatch.setattr(review_actions, "read_review", read_then_lose)


def test_whoever_is_overtaken_while_claiming_is_told_by_whom(monkeypatch, ana, ben):
    record = make_assessment(SOON)
    overtaken(monkeypatch, lambda: review_actions.claim_review(ben, record, 1))
    with pytest.raises(ConflictError, match=r"^ben took the check"):
        review_actions.claim_review(ana, record, 1)
    assert now_on(record).assigned_to == ben


def test_whoever_is_overtaken_while_contacting_leaves_no_note(monkeypatch, ana, ben):
    record = taken(ana)
    overtaken(monkeypatch, lambda: review_actions.assign_review(ben, record, 2, ben))
    with pytest.raises(ConflictError):
        review_actions.mark_contacted(ana, record, 2, "Called")
    assert not Note.objects.exists()


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        (ReviewState.NEW, ReviewState.CONTACTED, "Take this check first."),
        (ReviewState.CLOSED, ReviewState.CONTACTED, "This check is closed. Open it again first."),
        (ReviewState.CONTACTED, ReviewState.NEW, "A check does not go from “contacted” to “new”."),
    ],
)
def test_a_move_that_no_rule_caught_is_refused_in_words(ana, start, end, words):
    record = in_state(ana, start)
    with pytest.raises(RefusedError) as refused:
        review_actions.change_review(ana, record, version(record), "contacted", state=end)
    assert str(refused.value).casefold() == words.casefold()


def test_a_level_that_a_check_has_already_is_no_change(ana):
    record = taken(ana, SOON)
    with pytest.raises(RefusedError, match="has this level already"):
        review_actions.override_level(ana, record, 2, now_on(record).level, "The same")
    assert not Override.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_many_who_claim_at_once_exactly_one_has_it(staff_groups):
    people = [make_clerk(f"clerk-{number}") for number in range(6)]
    record = make_assessment(SOON)

    def work(number):
        try:
            review_actions.claim_review(people[number], record, 1)
            return people[number]
        except ConflictError as conflict:
            return str(conflict)

    answers = run_at_once(len(people), work)
    winners = [answer for answer in answers if not isinstance(answer, str)]
    assert winners == [now_on(record).assigned_to]
    assert all(winners[0].username in told for told in answers if isinstance(told, str))
    assert AuditEvent.objects.filter(action="claim").count() == 1
    audit.verify_chain()


def test_who_is_overtaken_between_the_look_and_the_writing_is_told_of_the_other_not_of_the_rule(ana, monkeypatch):
    """The check was closed in the moment after it was read for this action."""
    record = make_assessment(SOON)
    review_actions.claim_review(ana, record, 1)
    seen = review_actions.read_review(record, 2)
    review_actions.close_review(ana, record, 2, ClosingReason.UNREACHED, "Nobody answered.")
    monkeypatch.setattr(review_actions, "read_review", lambda record, version: seen)
    with pytest.raises(ConflictError, match="after you had opened it"):
        review_actions.mark_contacted(ana, record, 2, "She comes by taxi.")
