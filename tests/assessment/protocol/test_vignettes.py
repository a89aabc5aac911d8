"""Every vignette gets the level its guideline asks for; see vignettes/ and `make triage-report`."""

from collections import Counter

import pytest

from assessment.protocol.back_pain import PROTOCOL
from assessment.protocol.engine import replay_answers, validate_answer

from ..cases import Case, load_vignettes
from ..triage_report import LEVELS, decide_level, format_report, wilson_interval

CASES = load_vignettes()


def each(cases):
    return pytest.mark.parametrize("case", [pytest.param(case, id=case.id) for case in cases])


def expecting(level):
    return [case for case in CASES if case.expected == level]


@each(CASES)
def test_a_case_is_complete_and_valid(case):
    assert all([case.id, case.story.strip(), case.guideline.strip(), case.tags, case.answers])
    assert case.expected in LEVELS
    assert set(case.acceptable) <= set(LEVELS)
    for code, chosen in case.answers.items():
        question = PROTOCOL.question(code)
        assert question is not None, code
        assert validate_answer(question, chosen)
    still_open = replay_answers(PROTOCOL, case.answers).next
    assert decide_level(case.answers) != "none", f"questions are open, the first is {still_open and still_open.code}"


@each(CASES)
def test_a_case_gets_its_level_or_another_acceptable_one(case):
    assert decide_level(case.answers) in (case.expected, *case.acceptable)


@each(expecting("emergency"))
def test_an_emergency_case_is_sent_nowhere_else(case):
    assert decide_level(case.answers) == "emergency" or decide_level(case.answers) in case.acceptable


@each(expecting("self_care"))
def test_a_self_care_case_is_never_sent_to_emergency(case):
    assert decide_level(case.answers) != "emergency"


def test_at_least_nine_cases_in_ten_get_the_exact_level():
    exact = [case for case in CASES if decide_level(case.answers) == case.expected]
    assert len(exact) / len(CASES) >= 0.9


def test_there_are_enough_cases_of_every_level():
    assert len(CASES) >= 150
    assert min(Counter(case.expected for case in CASES)[level] for level in LEVELS) >= 30


def test_every_case_has_a_name_of_its_own():
    assert [name for name, count in Counter(case.id for case in CASES).items() if count > 1] == []


@pytest.mark.parametrize(
    ("hits", "total", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_the_interval_is_the_published_one(hits, total, low, high):
    """The examples of Newcombe, Statistics in Medicine 1998, table I, method 3."""
    assert wilson_interval(hits, total) == pytest.approx((low, high), abs=0.0001)


def story(name, expected, *acceptable):
    return Case(name, "", expected, list(acceptable), "", [], {})


def test_the_report_counts_errors_in_each_direction():
    told = format_report(
        [
            (story("a", "emergency"), "emergency"),
            (story("b", "emergency"), "none"),
            (story("c", "urgent"), "soon"),
            (story("d", "soon", "urgent"), "urgent"),
            (story("e", "self_care"), "emergency"),
            (story("f", "self_care"), "self_care"),
        ]
    )
    lines = [[part.strip() for part in line.strip("|").split("|")] for line in told.splitlines()]
    rows = {line[0]: line[1:] for line in lines if len(line) > 1}
    assert rows["Exact level"][0].startswith("2/6 = 33.3 % (9.7 to 70.0)")
    assert rows["Exact level"][1:] == ["57 %", "49 %", "55.8 %"]
    assert rows["Emergency sensitivity"][0].startswith("1/2")
    assert rows["Emergency sensitivity"][1:] == ["80 %", "63 %", ""]
    assert rows["Under-triage: a lower level than expected"][0].startswith("2/6")
    assert rows["Over-triage: a higher level than expected"][0].startswith("2/6")
    assert rows["Over-triage: self-care sent to emergency"][0].startswith("1/2")
    assert rows["Exact level, cases of self_care"][1:] == ["33 %", "40 %", ""]
    assert rows["emergency"] == ["1", "0", "0", "0", "1", "2"]
    assert rows["d"] == ["soon", "urgent", "yes"]
    assert rows["c"] == ["urgent", "soon", "**no**"]
    assert "flatter a tool" in told
