"""The mutation run: what it breaks, what it counts, and that nothing it breaks goes unnoticed."""

import pytest

from assessment.protocol.back_pain import PROTOCOL
from assessment.protocol.model import AtLeast, all_of, any_of, chosen

from . import mutate
from .mutate import BOUNDARY, PROOF, VIGNETTE, changed, judge, mutants, seen_by_cases, summary


def test_a_condition_loses_each_option_once():
    assert [after for _, after in changed(chosen("legs", "numb", "weak"))] == [
        chosen("legs", "weak"),
        chosen("legs", "numb"),
    ]


def test_a_condition_of_two_parts_loses_each_and_turns_from_all_to_any():
    fever, night = chosen("also", "fever"), chosen("pain", "night")
    assert [after for _, after in changed(all_of(fever, night))] == [
        AtLeast(1, (night,)),
        AtLeast(1, (fever,)),
        any_of(fever, night),
    ]


def test_every_rule_is_removed_once_and_every_condition_of_a_question_too():
    names = [mutant.name for mutant in mutants()]
    assert sum(name.endswith(": removed") for name in names) == len(PROTOCOL.rules)
    follow_ups = [question for question in PROTOCOL.questions if question.when is not None]
    assert sum(name.endswith(": asked always") for name in names) == len(follow_ups)


def test_every_ban_of_an_act_is_lifted_once():
    names = [mutant.name for mutant in mutants()]
    assert sum(name.endswith(": allowed") for name in names) == sum(len(act.bans) for act in PROTOCOL.acts)


def test_the_cases_find_nothing_wrong_with_the_protocol_itself():
    assert seen_by_cases(PROTOCOL) == set()


def test_the_summary_counts_each_killer_and_names_what_survived():
    text, survived = summary([("a", {VIGNETTE, BOUNDARY}), ("b", {PROOF}), ("c", set()), ("d", {BOUNDARY})], True)
    assert survived == ["c"]
    assert text.splitlines() == [
        "Mutants: 4",
        "Killed by a vignette: 1",
        "Killed by a boundary case: 2",
        "Killed by a case of either kind: 2",
        "Killed by a proof of verify_protocol: 1 of the 4 it was tried on",
        "Killed by the judged table: 0 of the 4 it was tried on",
        "Excused as equivalent: 0 (the script excuses none)",
        "Killed in all: 3 = 75.0 %",
        "Survived: 1",
        "- c",
    ]


def test_a_mutant_that_no_case_notices_is_left_to_the_proofs(monkeypatch):
    monkeypatch.setattr(mutate, "seen_by_cases", lambda protocol: set())
    lowered = next(mutant for mutant in mutants() if mutant.name == "rule quiet_infection (urgent): one level lower")
    name, found = judge(lowered, proofs=False)
    assert name == lowered.name
    assert PROOF in found


@pytest.mark.slow
def test_every_mutant_is_killed_by_a_case():
    assert [mutant.name for mutant in mutants() if not seen_by_cases(mutant.protocol)] == []
