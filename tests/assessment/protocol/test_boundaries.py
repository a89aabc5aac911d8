"""Every boundary case gets what its guideline asks for, on both sides of the line; see cases.py and boundaries/."""

import pytest

from assessment.protocol.back_pain import PROTOCOL
from assessment.protocol.engine import validate_answer

from ..cases import BOUNDARIES, Case, expand_row, list_complaints, load_boundaries, read_cases
from ..triage_report import LEVELS
from ..walks import STRAIN

CASES = load_boundaries()
RULES = {rule.code for rule in PROTOCOL.rules}
ACTS = {act.code for act in PROTOCOL.acts}


@pytest.mark.parametrize("case", [pytest.param(case, id=case.id) for case in CASES])
def test_a_boundary_case_gets_what_its_guideline_asks_for(case):
    assert list(list_complaints(PROTOCOL, case)) == []


def test_every_boundary_case_is_complete_and_names_only_what_exists():
    for case in CASES:
        assert case.guideline.strip(), case.id
        assert case.expected in LEVELS, case.id
        assert set(case.told + case.not_told) <= RULES, case.id
        assert set(case.advised + case.not_advised) <= ACTS, case.id
        assert set(case.asked + case.not_asked) <= PROTOCOL.by_code.keys(), case.id
        assert case.variant in ("", *PROTOCOL.variants), case.id
        for code, chosen in case.answers.items():
            assert validate_answer(PROTOCOL.by_code[code], chosen), case.id


def test_every_boundary_case_has_a_name_of_its_own():
    assert len({case.id for case in CASES}) == len(CASES)


def test_every_rule_decides_a_boundary_case():
    assert RULES - {code for case in CASES for code in case.told} == set()


def test_every_question_that_not_everybody_is_asked_has_a_case_on_both_sides():
    follow_ups = {question.code for question in PROTOCOL.questions if question.when is not None}
    assert follow_ups - {code for case in CASES for code in case.asked} == set()
    assert follow_ups - {code for case in CASES for code in case.not_asked} == set()


def test_every_act_has_cases_on_both_sides():
    assert ACTS - {code for case in CASES for code in case.not_advised} == set()
    # Nothing tells anybody to take these; there is only the warning.
    assert ACTS - {code for case in CASES for code in case.advised} == {"anti_inflammatory"}


def strain(**more):
    return Case("strain", "", **{"expected": "self_care", **more}, acceptable=[], guideline="", tags=[], answers=STRAIN)


def test_a_case_without_a_fault_has_no_complaint():
    assert list(list_complaints(PROTOCOL, strain(told=["strain"], asked=["sport"], not_told=["fall"]))) == []


@pytest.mark.parametrize(
    ("wrong", "complaint"),
    [
        ({"expected": "soon"}, "the level is self_care, not soon"),
        ({"variant": "ambulance"}, "the variant is none, not ambulance"),
        ({"told": ["fall"]}, "no reason: fall"),
        ({"not_told": ["strain"]}, "told: strain"),
        ({"advised": ["anti_inflammatory"]}, "not advised: anti_inflammatory"),
        ({"not_advised": ["warmth"]}, "not forbidden: warmth"),
        ({"asked": ["trend"]}, "not asked: trend"),
        ({"not_asked": ["sport"]}, "asked: sport"),
    ],
)
def test_each_kind_of_fault_is_a_complaint(wrong, complaint):
    assert list(list_complaints(PROTOCOL, strain(**wrong))) == [complaint]


def test_a_reason_that_rests_on_not_sure_counts_as_not_told():
    unsure = {**STRAIN, "saddle": ["not_sure"]}
    case = Case("", "", "urgent", [], "", [], unsure, told=["cauda_equina"])
    assert list(list_complaints(PROTOCOL, case)) == ["no reason: cauda_equina"]


def test_a_line_stands_for_each_pair_of_its_options_beside_its_other_answers():
    row = {
        "story": "I fell",
        "expected": "urgent",
        "answers": {"legs": "unsteady", "start": "fall"},
        "each": {"legs": ["one_numb", "both"], "age": ["65_74", "75_plus"]},
    }
    found = list(expand_row("Falls", "A book", row, {"age": ["18_49"], "legs": ["none"], "life": ["none"]}))
    assert [(case.answers["legs"], case.answers["age"]) for case in found] == [
        (["unsteady", "one_numb"], ["65_74"]),
        (["unsteady", "one_numb"], ["75_plus"]),
        (["unsteady", "both"], ["65_74"]),
        (["unsteady", "both"], ["75_plus"]),
    ]
    assert {case.answers["life"][0] for case in found} == {"none"}
    assert found[0].id == "Falls / I fell / one_numb / 65_74"


def test_a_boundary_case_with_an_unknown_part_is_refused():
    with pytest.raises(TypeError):
        list(expand_row("Falls", "A book", {"story": "", "expected": "soon", "tolled": ["fall"]}, {}))


def test_the_well_adult_answers_every_question():
    assert read_cases(BOUNDARIES / "rest.toml")["answers"].keys() == PROTOCOL.by_code.keys()
