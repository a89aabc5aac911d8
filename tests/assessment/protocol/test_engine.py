"""The engine, on a small protocol of its own."""

import pytest

from assessment.protocol.engine import (
    AnswerError,
    assess_answers,
    replay_answers,
    validate_answer,
)
from assessment.protocol.model import Level, Option, Protocol, Question, Rule, all_of, chosen

SIGNS = Question(
    "signs",
    (Option("numb"), Option("fever"), Option("none", "none"), Option("not_sure", "unsure")),
    many=True,
    red_flag=True,
)
FALL = Question(
    "fall", (Option("no"), Option("small"), Option("big"), Option("not_sure", "unsure")), order=("no", "small", "big")
)
AFTER = Question("after", (Option("sore"), Option("none", "none")), many=True, when=chosen("fall", "small", "big"))
LONG = Question("long", (Option("short"), Option("long")), order=("short", "long"))
RULES = (
    Rule("numb", Level.EMERGENCY, when=chosen("signs", "numb"), sources=("a",), variant="department"),
    Rule("fever", Level.URGENT, when=chosen("signs", "fever"), sources=("a",)),
    Rule(
        "sore_fever",
        Level.EMERGENCY,
        when=all_of(chosen("signs", "fever"), chosen("after", "sore")),
        sources=("a",),
        variant="ambulance",
    ),
    Rule("long", Level.SOON, when=chosen("long", "long"), sources=("a",)),
    Rule("small", Level.SELF_CARE, when=chosen("fall", "small"), sources=("a",)),
)
SMALL = Protocol("small", "1.0.0", (SIGNS, FALL, AFTER, LONG), RULES, {}, {})
WELL = {"signs": ["none"], "fall": ["no"], "long": ["short"]}


def codes(items):
    return [item.rule.code for item in items]


def test_the_first_question_comes_first():
    assert replay_answers(SMALL, {}).next is SIGNS


def test_answers_are_replayed_in_the_order_of_the_questions():
    path = replay_answers(SMALL, {"fall": ["no"], "signs": ["none"]})
    assert [step.question.code for step in path.steps] == ["signs", "fall"]
    assert path.next is LONG


def test_a_question_is_asked_only_when_its_condition_is_met():
    assert replay_answers(SMALL, {"signs": ["none"], "fall": ["small"]}).next is AFTER


def test_being_unsure_opens_the_questions_that_a_yes_would_open():
    assert replay_answers(SMALL, {"signs": ["none"], "fall": ["not_sure"]}).next is AFTER


def test_an_answer_off_the_path_is_ignored():
    assert replay_answers(SMALL, {**WELL, "after": ["sore"], "signs": ["fever"]}).answers.keys() == {
        "signs",
        "fall",
        "long",
    }


def test_an_answer_that_the_question_does_not_know_counts_as_not_given():
    assert replay_answers(SMALL, {**WELL, "fall": ["sideways"]}).next is FALL


def test_nothing_after_an_open_question_is_on_the_path():
    path = replay_answers(SMALL, {"fall": ["no"], "long": ["long"]})
    assert path.next is SIGNS
    assert not path.steps


def test_a_certain_emergency_ends_the_check_at_once():
    path = replay_answers(SMALL, {**WELL, "signs": ["numb"]})
    assert path.stopped
    assert [step.question.code for step in path.steps] == ["signs"]


def test_an_emergency_that_needs_two_answers_ends_the_check_at_the_second():
    path = replay_answers(SMALL, {"signs": ["fever"], "fall": ["small"], "after": ["sore"], "long": ["long"]})
    assert path.stopped
    assert path.steps[-1].question is AFTER


def test_open_questions_mean_no_level():
    assert assess_answers(SMALL, {"signs": ["fever"]}).level is None


def test_no_rule_met_means_self_care():
    assert assess_answers(SMALL, WELL).level == Level.SELF_CARE


def test_the_highest_level_asked_for_wins():
    assert assess_answers(SMALL, {**WELL, "signs": ["fever"], "long": ["long"]}).level == Level.URGENT


def test_the_highest_rule_is_told_first():
    assert codes(assess_answers(SMALL, {**WELL, "signs": ["fever"], "long": ["long"]}).fired) == ["fever", "long"]


def test_not_sure_counts_one_level_less_than_yes():
    outcome = assess_answers(SMALL, {**WELL, "signs": ["not_sure"]})
    assert outcome.level == Level.URGENT
    assert [(item.rule.code, item.level, item.unsure) for item in outcome.fired] == [
        ("numb", Level.URGENT, True),
        ("fever", Level.SOON, True),
    ]


def test_a_sign_beside_not_sure_counts_in_full():
    assert assess_answers(SMALL, {**WELL, "signs": ["numb", "not_sure"]}).level == Level.EMERGENCY


def test_not_sure_never_adds_a_mere_note():
    outcome = assess_answers(SMALL, {"signs": ["none"], "fall": ["not_sure"], "after": ["none"], "long": ["short"]})
    assert codes(outcome.fired) == []


def test_the_deciding_answers_are_those_of_the_deciding_rules():
    outcome = assess_answers(SMALL, {"signs": ["fever"], "fall": ["small"], "after": ["sore"]})
    assert outcome.deciding == (("signs", "fever"), ("after", "sore"))


def test_an_emergency_names_its_variant():
    assert assess_answers(SMALL, {"signs": ["numb"]}).variant == "department"
    assert assess_answers(SMALL, {"signs": ["fever"], "fall": ["small"], "after": ["sore"]}).variant == "ambulance"


def test_other_levels_have_no_variant():
    assert assess_answers(SMALL, {**WELL, "signs": ["fever"]}).variant == ""


def test_an_answer_is_put_in_the_order_of_the_options_without_repeats():
    assert validate_answer(SIGNS, ["fever", "numb", "fever"]) == ("numb", "fever")


@pytest.mark.parametrize(
    ("question", "given", "code"),
    [
        (SIGNS, [], "required"),
        (SIGNS, ["knee"], "unknown"),
        (SIGNS, ["none", "numb"], "none_with_others"),
        (SIGNS, ["none", "not_sure"], "none_with_others"),
        (LONG, ["short", "long"], "several"),
    ],
)
def test_an_answer_that_the_question_does_not_allow_is_refused(question, given, code):
    with pytest.raises(AnswerError) as error:
        validate_answer(question, given)
    assert error.value.code == code


def test_the_question_before_is_the_one_before_on_the_path():
    path = replay_answers(SMALL, WELL)
    assert path.before("signs") is None
    assert path.before("long") is FALL
    assert replay_answers(SMALL, {"signs": ["none"]}).before("fall") is SIGNS


def test_only_questions_on_the_path_may_be_shown():
    path = replay_answers(SMALL, {"signs": ["none"]})
    assert path.asks("signs")
    assert path.asks("fall")
    assert not path.asks("long")
