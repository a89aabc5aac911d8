"""The cases that pairs and triples come down to, and that they end as by the engine."""

import random
from itertools import combinations

import pytest

from assessment.protocol import terms
from assessment.protocol.back_pain import PROTOCOL
from assessment.protocol.engine import assess_answers
from assessment.protocol.model import NONE, UNSURE, Level, Option, Protocol, Question, Rule, all_of, any_of, chosen
from assessment.protocol.pairs import Table

KINDS = {NONE: "none", UNSURE: "unsure"}
FALL, NECK = chosen("start", "fall"), chosen("where", "neck_left", "neck_right")


def question(code, *options, **more):
    return Question(code, tuple(Option(option, KINDS.get(option, "plain")) for option in options), **more)


def rule(code, level, when):
    return Rule(code, level, when=when, sources=("book",), variant="ambulance" if level == Level.EMERGENCY else "")


SMALL = Protocol(
    "small",
    "1.0.0",
    (
        question("age", "young", "middle", "old"),
        question("where", "neck_left", "neck_right", "foot_left", many=True),
        question("sport", NONE, "golf", "tennis", "chess"),
        question("start", "move", "fall", UNSURE),
        question("after", "bone", NONE, UNSURE, many=True, when=FALL),
        question("history", "cancer", "thin", "baby", NONE, many=True),
        question("baby", "fever", NONE, many=True, when=all_of(chosen("history", "baby"), chosen("age", "young"))),
    ),
    (
        rule("bone", Level.EMERGENCY, chosen("after", "bone")),
        rule("thin_fall", Level.URGENT, all_of(chosen("history", "thin"), FALL)),
        rule("old", Level.SOON, all_of(chosen("age", "old"), any_of(FALL, chosen("history", "thin")))),
        rule("fever", Level.SOON, chosen("baby", "fever")),
        rule("sore", Level.SELF_CARE, all_of(chosen("sport", "golf", "tennis"), NECK)),
    ),
    {},
    {},
)


@pytest.fixture(scope="module")
def table():
    return Table(SMALL)


def pair(*said):
    return frozenset(tuple(item.split("=")) for item in said)


def find_levels(table, *said):
    return {band: ending.level.code for band, (_, ending) in table.find_cases(pair(*said)).items()}


def test_a_pair_has_a_level_at_each_age(table):
    assert find_levels(table, "start=fall", "sport=golf") == {
        "young": "self_care",
        "middle": "self_care",
        "old": "soon",
    }


def test_a_pair_with_the_mildest_answer_is_the_case_of_the_other(table):
    assert {case for case, _ in table.find_cases(pair("start=fall", "history=none")).values()} == {pair("start=fall")}


def test_what_opens_a_question_belongs_to_the_case(table):
    found = table.find_cases(pair("baby=fever", "sport=golf"))
    assert {band: case for band, (case, _) in found.items()} == {
        "young": pair("history=baby", "baby=fever", "sport=golf")
    }


def test_not_sure_opens_a_question_too(table):
    assert table.find_cases(pair("start=not_sure", "after=none"))["young"][0] == pair("start=not_sure")


def test_answers_that_exclude_each_other_are_no_pair(table):
    listed = set(table.list_terms())
    assert pair("start=fall", "start=move") not in listed
    assert pair("history=cancer", "history=none") not in listed
    assert pair("history=cancer", "history=thin") in listed


def test_what_is_asked_after_an_emergency_is_no_pair_with_it(table):
    assert table.find_cases(pair("after=bone", "history=thin")) == {}


def test_three_risk_factors_are_listed_and_three_other_answers_are_not(table):
    triples = {term for term in table.list_terms() if len(term) == 3}
    assert pair("start=fall", "history=cancer", "history=thin") in triples
    assert pair("start=fall", "history=cancer", "sport=golf") not in triples


def test_the_sides_of_a_place_and_sports_looked_at_alike_are_twins(table):
    assert table.twins["where", "neck_right"] == ("where", "neck_left")
    assert table.twins["sport", "tennis"] == ("sport", "golf")


def test_two_places_and_an_option_at_which_nothing_looks_are_no_twins(table):
    assert table.twins["where", "foot_left"] == ("where", "foot_left")
    assert table.twins["sport", "chess"] == ("sport", "chess")


def test_the_low_cases_are_those_below_urgent_with_their_ages(table):
    low = table.find_low_cases()
    assert {band: ending.level.code for band, ending in low[pair("history=thin")].items()} == {
        "young": "self_care",
        "middle": "self_care",
        "old": "soon",
    }
    assert pair("history=thin", "start=fall") not in low


def list_walks_of_terms(table, term, band):
    """The endings by terms.find_walks, the slow way."""
    aged = term | {("age", band)}
    return [outcome.level for _, outcome in terms.find_walks(table.protocol, aged)]


def test_each_pair_of_a_small_protocol_ends_as_its_mildest_walk(table):
    for term in (frozenset(two) for two in combinations(table.options, 2)):
        if not terms.can_be_chosen(SMALL, term) or ("start", UNSURE) in term:
            continue  # find_walks opens no question by "not sure"
        levels = {band: ending.level for band, (_, ending) in table.find_cases(term).items()}
        for band in table.bands:
            walks = list_walks_of_terms(table, term, band)
            assert levels.get(band) == (min(walks) if walks else None), (term, band)


def test_the_real_cases_end_as_by_the_engine():
    table, chance = Table(PROTOCOL), random.Random(7)
    every = list(table.list_terms())
    for term in chance.sample(every, 200):
        for band, (case, ending) in table.find_cases(term).items():
            outcome = assess_answers(PROTOCOL, table.complete_case(case, band))
            assert (outcome.level, outcome.path.stopped) == (ending.level, bool(ending.stop)), (case, band)
            assert {(fired.rule.code, fired.unsure) for fired in outcome.fired} == set(ending.rules), (case, band)
            assert all(option in outcome.path.answers[code] for code, option in term), (term, band)
