"""Saved checks that newer rules would raise: found by what was really answered, told once, decided by people."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from assessment import deadlines
from assessment.clinic import metrics, notifications, raises, review_actions, statistics
from assessment.clinic.review_actions import RefusedError
from assessment.models import Arrival, Assessment, Mail, Note, Override, Raise, Review
from assessment.models.review import ReviewState
from assessment.privacy import deletion_key
from assessment.protocol.back_pain import PROTOCOL
from assessment.protocol.back_pain.former_codes import FORMER_CODES, find_present_code
from assessment.protocol.model import Level
from assessment.retention import deletion
from core.append_only import AppendOnlyError
from core.audit import AuditEvent

from ...at_once import run_at_once
from ..staff import EMERGENCY, SOON, look_at, make_assessment, make_clerk
from ..walks import STRAIN

pytestmark = pytest.mark.django_db
# Weak defences are urgent since 2.0.0, whatever else is said.
WEAK = {**STRAIN, "history": ["defences"]}


def make_former(answers=WEAK, level=Level.SELF_CARE, **fields):
    """A check as 1.0.1 left it, with a lower level than the present rules give."""
    return make_assessment(answers, level=level, protocol_version="1.0.1", rules=[], **fields)


def with_answers(**given):
    """A check of 1.0.1 that is not saved, with just these codes, as they were worded then."""
    answers = [
        {
            "question": question,
            "title": question,
            "short": f"{question}, then",
            "answer": [{"option": option, "text": f"{option}, then"} for option in options],
        }
        for question, options in given.items()
    ]
    record = Assessment(level=Level.SELF_CARE, protocol=PROTOCOL.code, answers=answers)
    record.review = Review(level=Level.SELF_CARE)
    return record


def codes(record):
    return {item.rule.code for item in raises.find_rules_for_more(record)}


def raise_one(record):
    return raises.raise_assessment(record, raises.find_rules_for_more(record))


@pytest.fixture
def raised():
    """A check that is raised to urgent."""
    record = make_former()
    raise_one(record)
    return record


def close(actor, record):
    review_actions.claim_review(actor, record, 1)
    return review_actions.close_review(actor, record, 2, "advised", "Called")


# --- Finding ----------------------------------------------------------------------------------------------------------
def test_a_rule_that_asks_for_more_is_found_by_the_answers_alone():
    assert codes(with_answers(history=["defences"])) == {"weak_defences"}


def test_a_check_of_the_present_rules_is_never_found():
    for answers in (STRAIN, WEAK, SOON, EMERGENCY):
        assert raises.find_rules_for_more(make_assessment(answers)) == []


def test_rules_that_ask_for_no_more_than_staff_work_by_are_not_found():
    record = with_answers(history=["defences"])
    record.review.level = Level.URGENT
    assert codes(record) == set()


def test_a_level_that_staff_lowered_is_found_only_above_what_the_check_said():
    record = with_answers(history=["defences"])
    record.level, record.review.level = Level.URGENT, Level.SOON
    assert codes(record) == set()


def test_a_check_of_another_protocol_is_not_found():
    record = with_answers(history=["defences"])
    record.protocol = "knee_pain"
    assert codes(record) == set()


def test_a_question_that_nobody_was_asked_says_nothing():
    """Without "legs" no leg sign can be met, though "not sure" about the bladder counts beside one."""
    assert "saddle_nerve" not in codes(with_answers(saddle=["not_sure"]))
    assert "saddle_nerve" in codes(with_answers(saddle=["not_sure"], legs=["one_numb"]))


def test_questions_and_options_that_are_gone_say_nothing():
    record = with_answers(who=["other"], both_legs=["sore"], legs=["never_heard_of"], history=["defences"])
    assert set(raises.read_given_answers(record)) == {("history", "defences")}
    assert codes(record) == {"weak_defences"}


def test_what_has_another_code_now_counts_under_it():
    given = raises.read_given_answers(with_answers(saddle=["pee_stress"], aftermath=["sickle"]))
    assert given == {
        ("saddle", "old"): {"question": "saddle, then", "answer": "pee_stress, then"},
        ("aftermath", "trait"): {"question": "aftermath, then", "answer": "sickle, then"},
    }


def test_sickle_of_before_is_not_taken_for_the_disease():
    assert codes(with_answers(aftermath=["sickle"])) == {"sickle_trait"}


def test_each_code_of_before_leads_to_one_of_today_and_is_none_itself():
    for (question, option), code in FORMER_CODES.items():
        assert option not in PROTOCOL.by_code[question].by_code
        assert find_present_code(PROTOCOL, question, option) == code


def test_not_being_sure_asks_for_one_level_less():
    fired = raises.find_rules_for_more(with_answers(also=["not_sure"]))
    assert fired
    assert {(item.unsure, item.level < item.rule.level) for item in fired} == {(True, True)}


# --- Putting before staff ---------------------------------------------------------------------------------------------
def test_a_raise_says_what_for_and_why_in_the_words_of_then():
    record = make_former()
    made = raise_one(record)
    assert str(made) == f"raised by protocol {PROTOCOL.version}: now urgent"
    (reason,) = made.reasons
    assert (reason["rules"], reason["level"], reason["unsure"]) == (["weak_defences"], "urgent", False)
    assert reason["text"]
    told = next(item for item in record.answers if item["question"] == "history")
    assert reason["because"] == [{"question": told["short"], "answer": told["answer"][0]["text"]}]


def test_a_raise_has_the_clock_of_its_level_from_now():
    made = raise_one(make_former(hours_ago=500))
    assert made.due_at == deadlines.compute_deadline(Level.URGENT, made.raised_at)
    assert timezone.now() - made.raised_at < timedelta(minutes=1)


def test_nothing_saved_is_changed():
    record = make_former()
    before = [list(model.objects.values()) for model in (Assessment, Review)]
    assert raise_one(record)
    assert [list(model.objects.values()) for model in (Assessment, Review)] == before


def test_a_second_run_adds_nothing(raised):
    events = AuditEvent.objects.count()
    assert raise_one(raised) is None
    assert (Raise.objects.count(), AuditEvent.objects.count()) == (1, events)


def later_version(monkeypatch, **changes):
    monkeypatch.setattr(raises, "PROTOCOL", replace(PROTOCOL, version="3.0.0", **changes))


def with_rule(name, **changes):
    return tuple(replace(rule, **changes) if rule.code == name else rule for rule in PROTOCOL.rules)


def test_a_later_version_that_says_no_more_raises_no_second_time(raised, monkeypatch):
    later_version(monkeypatch)
    assert raise_one(raised) is None


def test_a_later_version_that_asks_for_more_raises_again(raised, monkeypatch):
    later_version(monkeypatch, rules=with_rule("weak_defences", level=Level.EMERGENCY, variant="department"))
    assert str(raise_one(raised)) == "raised by protocol 3.0.0: now emergency"


def test_a_later_version_with_another_reason_raises_again(raised, monkeypatch):
    later_version(monkeypatch, rules=with_rule("weak_defences", code="strain"))
    assert raise_one(raised) is not None


def test_a_check_that_was_deleted_meanwhile_is_not_raised():
    record = make_former()
    fired = raises.find_rules_for_more(record)
    deletion.withdraw_assessment(deletion_key.recover_key(record))
    assert raises.raise_assessment(record, fired) is None


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_raise_it_once():
    record = make_former()
    fired = raises.find_rules_for_more(record)
    run_at_once(2, lambda _: raises.raise_assessment(record, fired))
    assert Raise.objects.count() == 1
    assert AuditEvent.objects.filter(action="raise").count() == 1


def test_staff_are_told_by_e_mail_as_of_a_check_that_came_in(raised):
    assert list(Arrival.objects.values_list("assessment", flat=True)) == [raised.pk]


def test_a_check_that_was_told_of_already_is_no_error():
    record = make_former()
    Arrival.objects.create(assessment=record)
    assert raise_one(record)
    assert Arrival.objects.count() == 1


def test_of_a_sample_nobody_is_told():
    assert raise_one(make_former(is_sample=True))
    assert not Arrival.objects.exists()


def test_the_audit_tells_of_it_without_a_word_about_health(raised):
    event = AuditEvent.objects.get(action="raise")
    assert (event.actor, event.reference) == ("", raised.reference)
    assert {"from": "self_care", "to": "urgent", "what": PROTOCOL.version}.items() <= event.facts.items()
    assert set(event.facts) == {"from", "to", "what", "raise"}


# --- The row ----------------------------------------------------------------------------------------------------------
def test_a_raise_is_decided_once_and_never_changed(raised, ana):
    made = Raise.objects.get()
    with pytest.raises(AppendOnlyError):
        made.save()
    made.record_decision(ana, False, "Seen since")
    with pytest.raises(raises.StaleError):
        made.record_decision(ana, True, "")
    with pytest.raises(DatabaseError, match="decided once"), transaction.atomic():
        Raise.objects.update(why="Another")


def test_the_database_refuses_another_level_of_a_raise(raised):
    with pytest.raises(DatabaseError, match="decided once"), transaction.atomic():
        Raise.objects.update(level=Level.SOON)


def test_the_database_refuses_to_dismiss_without_a_reason(raised, ana):
    with pytest.raises(IntegrityError), transaction.atomic():
        Raise.objects.get().record_decision(ana, False, "")


def test_the_database_refuses_a_second_raise_by_the_same_version(raised):
    made = Raise.objects.get()
    made.pk, made._state.adding = None, True
    with pytest.raises(IntegrityError), transaction.atomic():
        made.save()


# --- Deciding ---------------------------------------------------------------------------------------------------------
def test_who_takes_it_has_the_check_at_the_higher_level(raised, ana):
    made = raises.decide_raise(ana, raised, 1, True)
    review = Review.objects.get(pk=raised.pk)
    assert (review.state, review.assigned_to, review.level) == (ReviewState.IN_REVIEW, ana, Level.URGENT)
    assert review.due_at == made.due_at
    assert (made.accepted, made.decided_by) == (True, ana)
    assert Override.objects.get().reason == f"Raised by protocol {PROTOCOL.version}: now urgent"
    assert Assessment.objects.get(pk=raised.pk).level == Level.SELF_CARE


def test_a_closed_check_is_open_again_when_somebody_takes_it(raised, ana, ben):
    Raise.objects.all().delete()
    close(ana, raised)
    made = raise_one(Assessment.objects.get(pk=raised.pk))
    raises.decide_raise(ben, raised, 3, True)
    review = Review.objects.get(pk=raised.pk)
    assert (review.state, review.assigned_to, review.reason, review.closed_at) == ("in_review", ben, "", None)
    assert review.due_at == made.due_at


def test_a_level_that_staff_raised_meanwhile_stays(raised, ana):
    review_actions.claim_review(ana, raised, 1)
    review_actions.override_level(ana, raised, 2, Level.EMERGENCY, "Worse")
    raises.decide_raise(ana, look_at(ana, raised), 3, True)
    assert Review.objects.get(pk=raised.pk).level == Level.EMERGENCY
    assert Override.objects.count() == 1


def test_nobody_dismisses_what_newer_rules_say_of_a_check_that_they_have_not_opened(raised, ana):
    with pytest.raises(RefusedError, match="not opened this check yet"):
        raises.decide_raise(ana, raised, 1, False, "Nothing new")


def test_who_dismisses_it_says_why_and_changes_nothing_else(raised, ana):
    before = Review.objects.filter(pk=raised.pk).values().get()
    made = raises.decide_raise(ana, look_at(ana, raised), 1, False, "Seen at the hospital since")
    assert (made.accepted, made.why) == (False, "Seen at the hospital since")
    assert Review.objects.filter(pk=raised.pk).values().get() == before
    assert not Note.objects.exists()
    assert AuditEvent.objects.get(action="dismiss_raise").actor == "ana"


def test_nobody_dismisses_without_a_reason(raised, ana):
    with pytest.raises(RefusedError, match="Write why"):
        raises.decide_raise(ana, look_at(ana, raised), 1, False)


def test_what_a_colleague_has_is_theirs_to_decide(raised, ana, ben):
    review_actions.claim_review(ana, raised, 1)
    with pytest.raises(RefusedError, match="ana has this check"):
        raises.decide_raise(ben, look_at(ben, raised), 2, False, "x")


def test_who_comes_second_is_told(raised, ana, ben):
    raises.decide_raise(ana, look_at(ana, raised), 1, False, "Seen since")
    with pytest.raises(review_actions.ConflictError, match="ana kept the level"):
        raises.decide_raise(ben, raised, 1, True)


def test_an_old_page_decides_nothing(raised, ana, ben):
    raises.decide_raise(ana, raised, 1, True)
    with pytest.raises(review_actions.ConflictError, match="ana raised the level"):
        raises.decide_raise(ben, look_at(ben, raised), 1, False, "x")


def test_one_decision_is_for_all_that_wait(raised, ana, monkeypatch):
    later_version(monkeypatch, rules=with_rule("weak_defences", level=Level.EMERGENCY, variant="department"))
    raise_one(raised)
    raises.decide_raise(ana, raised, 1, True)
    assert not Raise.objects.undecided().exists()
    assert Review.objects.get(pk=raised.pk).level == Level.EMERGENCY
    assert AuditEvent.objects.filter(action="accept_raise").count() == 2


def test_a_check_is_not_closed_before_somebody_decided(raised, ana):
    review_actions.claim_review(ana, raised, 1)
    with pytest.raises(RefusedError, match="Newer rules ask for more"):
        review_actions.close_review(ana, raised, 2, "advised", "Called")
    raises.decide_raise(ana, look_at(ana, raised), 2, False, "Seen since")
    review_actions.close_review(ana, raised, 2, "advised", "Called")


# --- What waits -------------------------------------------------------------------------------------------------------
def test_the_next_check_is_the_most_urgent_one_raised_or_not(ana, ben):
    waiting, closed = make_assessment(SOON), make_former()
    close(ben, closed)
    raise_one(Assessment.objects.get(pk=closed.pk))
    assert review_actions.find_next_in_queue(ana) == closed.pk
    assert review_actions.find_next_in_queue(ana, after=closed) == waiting.pk
    make_assessment(EMERGENCY)
    assert review_actions.find_next_in_queue(ana) not in (closed.pk, waiting.pk)


def test_what_a_colleague_works_on_is_not_the_next(raised, ana, ben):
    review_actions.claim_review(ben, raised, 1)
    assert review_actions.find_next_in_queue(ana) is None
    assert review_actions.find_next_in_queue(ben) == raised.pk


def test_what_is_raised_counts_at_its_level(raised, ana):
    found = statistics.count_queue(ana)
    assert (found["raised"], found["waits-2"], found["level-high"], found["late-2"]) == (1, 1, 1, 0)


def test_a_monitor_sees_what_nobody_decided(raised):
    numbers = {name: values for name, _, values in metrics.collect_metrics()}
    assert ({"level": "urgent"}, 1) in numbers["checks_raised"]
    assert ({"level": "urgent"}, 0) in numbers["checks_raised_overdue"]
    later = {name: values for name, _, values in metrics.collect_metrics(timezone.now() + timedelta(days=3))}
    assert ({"level": "urgent"}, 1) in later["checks_raised_overdue"]


def test_an_alarm_tells_of_a_raise_that_nobody_looks_at(ana):
    ana.email = "ana@example.org"
    ana.save()
    record = make_former()
    close(ana, record)
    made = raise_one(Assessment.objects.get(pk=record.pk))
    notifications.write_alarm_mails(notifications.list_recipients(), made.raised_at + timedelta(hours=200))
    assert Mail.objects.get(kind="alarm").count == 1


# --- Deletion ---------------------------------------------------------------------------------------------------------
def test_a_raise_goes_with_its_check(raised, ana):
    deletion.withdraw_assessment(deletion_key.recover_key(raised))
    assert not Raise.objects.exists()


def test_a_raise_goes_with_a_check_whose_time_is_over(ana):
    record = make_former(hours_ago=24 * 366 * 20)
    raise_one(record)
    raises.decide_raise(ana, look_at(ana, record), 1, False, "Long ago")
    assert deletion.purge_expired()["assessments"] == 1
    assert not Raise.objects.exists()


def test_accounts_that_decided_stay(raised):
    clerk = make_clerk("cleo")
    raises.decide_raise(clerk, look_at(clerk, raised), 1, False, "Seen since")
    with pytest.raises(IntegrityError), transaction.atomic():
        clerk.delete()
