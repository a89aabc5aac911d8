"""The back-pain protocol: a few stories for each level, and what must hold of the whole."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.protocol import wording
from assessment.protocol.back_pain import PROTOCOL
from assessment.protocol.engine import assess_answers, replay_answers, validate_answer
from assessment.protocol.model import Level

from ..walks import STRAIN


def level(**changes):
    return assess_answers(
        PROTOCOL,
        {**STRAIN, **{code: [options] if isinstance(options, str) else options for code, options in changes.items()}},
    ).level


def test_an_ordinary_strain_is_looked_after_at_home():
    assert level() == Level.SELF_CARE


def test_an_ordinary_strain_sees_at_most_thirteen_questions():
    assert len(assess_answers(PROTOCOL, STRAIN).path.steps) <= 13


@pytest.mark.parametrize(
    "changes",
    [
        {"now": "chest"},
        {"saddle": "numb"},
        {"saddle": ["pee_hard", "numb"]},
        {"legs": "weak_both"},
        {"legs": "both", "both_legs": "new"},
        {"start": "accident"},
        {"also": ["fever"], "history": ["defences"]},
        {"pain": ["climbing", "hard"]},
        {"also": "cola"},
        {"pain": "sudden", "age": "65_74"},
        {"pain": "sudden", "age": "50_59", "vessels": "smoker"},
        {"history": "pregnant", "pregnancy": "bleeding"},
        {"life": "self_harm"},
        {"medicines": "black"},
        {"history": "pregnant", "start": "fall", "aftermath": "none", "pregnancy": "none"},
        {"history": "sickle", "also": "ill"},
        {"history": "kidney", "also": "burning"},
        {"saddle": "rather_not", "legs": "one_numb"},
        {"history": "injects", "legs": "one_numb"},
    ],
)
def test_an_emergency_is_an_emergency(changes):
    assert level(**changes) == Level.EMERGENCY


@pytest.mark.parametrize(
    "changes",
    [
        {"also": "fever"},
        {"also": "weight"},
        {"history": "cancer"},
        {"legs": "weak_one"},
        {"pain": "night"},
        {"start": "fall", "aftermath": "none", "age": "75_plus"},
        {"age": "under_13", "load": "none"},
        {"saddle": "not_sure"},
        {"saddle": "rather_not"},
        {"now": "not_sure"},
        {"history": "sickle"},
        {"history": "defences"},
        {"start": "accident_old"},
        {"legs": "both", "both_legs": "not_eased"},
        {"age": "16_17", "pain": "wakes", "load": "none"},
    ],
)
def test_what_needs_a_clinician_today_is_urgent(changes):
    assert level(**changes) == Level.URGENT


@pytest.mark.parametrize(
    "changes",
    [
        {"duration": "3_months", "trend": "better", "known": "never", "stiff": "none", "load": "none"},
        {"duration": "6_12_weeks", "trend": "same", "load": "none"},
        {"history": "cancer_old"},
        {"age": "65_74", "life": "stops_day"},
        {"history": "kidney", "start": "gradual"},
        {"legs": "one_numb"},
        {"where": "upper_left"},
        {"age": "16_17", "load": "arching"},
        {"legs": "both", "both_legs": "steady"},
        {"age": "13_15", "duration": "2_6_weeks", "trend": "better", "load": "none"},
    ],
)
def test_what_can_wait_two_weeks_is_soon(changes):
    assert level(**changes) == Level.SOON


@pytest.mark.parametrize(
    "changes",
    [
        {"saddle": "old"},
        {"legs": "one_pain"},
        {"life": "stops_day"},
        {"medicines": "thinner", "sport": "none"},
        {"start": "fall", "aftermath": "none"},
        {"start": "effort", "aftermath": "none"},
        {"duration": "2_6_weeks", "trend": "better", "load": "none"},
        {"age": "13_15", "load": "none"},
        {"pain": "wakes"},
        {"history": "kidney", "sport": "none"},
        {"duration": "spells", "known": "same"},
        {"duration": "3_months", "trend": "better", "known": "same", "stiff": "none", "load": "none"},
    ],
)
def test_what_is_safe_at_home_stays_at_home(changes):
    assert level(**changes) == Level.SELF_CARE


def test_every_rule_has_words_a_source_and_known_options():
    words = wording.load_words()
    for rule in PROTOCOL.rules:
        assert words["rules"][rule.code]["reason"]
        assert set(rule.sources) <= set(PROTOCOL.sources)
        assert rule.sources
        for atom in rule.when.atoms():
            assert set(atom.options) <= set(PROTOCOL.question(atom.question).codes()), rule.code


def test_every_question_has_words_for_every_option():
    words = wording.load_words()
    for question in PROTOCOL.questions:
        assert set(words["questions"][question.code]["options"]) == set(question.codes())


def test_who_had_an_epidural_at_a_birth_reads_that_it_counts_as_a_procedure():
    text = wording.load_words()["questions"]["history"]["options"]["procedure"]
    assert "epidural" in text
    assert "birth" in text


def test_the_emergency_rules_have_a_variant_and_no_others_have():
    for rule in PROTOCOL.rules:
        assert bool(rule.variant) == (rule.level == Level.EMERGENCY)


@st.composite
def answer_sets(draw):
    """Answers to every question, each one that its question allows.

    Most are those of a strain: with all of them drawn, 99 of 100 sets were emergencies.
    """
    answers = {question.code: [question.mildest] for question in PROTOCOL.questions} | STRAIN
    for question in draw(st.lists(st.sampled_from(PROTOCOL.questions), max_size=4, unique=True)):
        if question.many:
            plain = draw(st.sets(st.sampled_from(question.codes("plain")), max_size=3))
            rest = question.codes("unsure") if draw(st.booleans()) else ()
            options = plain | set(rest) or {draw(st.sampled_from(question.codes("none") or question.codes()[:1]))}
        else:
            options = {draw(st.sampled_from(question.codes()))}
        answers[question.code] = validate_answer(question, options)
    return answers


@given(answer_sets())
def test_every_full_set_of_answers_leads_to_a_level(answers):
    assert assess_answers(PROTOCOL, answers).level is not None


@given(answer_sets(), st.data())
def test_one_more_sign_never_lowers_the_level(answers, data):
    question = data.draw(st.sampled_from([question for question in PROTOCOL.questions if question.many]))
    sign = data.draw(st.sampled_from(question.codes("plain")))
    worse = {
        **answers,
        question.code: validate_answer(question, (set(answers[question.code]) - set(question.codes("none"))) | {sign}),
    }
    assert assess_answers(PROTOCOL, worse).level >= assess_answers(PROTOCOL, answers).level


@given(answer_sets(), st.data())
def test_not_sure_is_never_milder_than_every_answer_that_says_something(answers, data):
    asked = [question for question in PROTOCOL.questions if not question.many and question.codes("unsure")]
    question = data.draw(st.sampled_from(asked))
    said = [assess_answers(PROTOCOL, {**answers, question.code: (code,)}).level for code in question.codes("plain")]
    assert assess_answers(PROTOCOL, {**answers, question.code: question.codes("unsure")}).level >= min(said)


@given(answer_sets(), st.data())
def test_answers_cut_short_give_no_level_unless_an_emergency_stopped_them(answers, data):
    steps = replay_answers(PROTOCOL, answers).steps
    kept = dict([(step.question.code, step.answer) for step in steps][: data.draw(st.integers(0, len(steps) - 1))])
    assert assess_answers(PROTOCOL, kept).level is None
