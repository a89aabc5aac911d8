"""Judgements as they are written, sheets for blind readers, and what comes back."""

import csv
import tomllib

import pytest

from assessment.protocol import judging
from assessment.protocol.judging import Bounds, Judgement, JudgementError, Reading
from assessment.protocol.model import Level
from assessment.protocol.pairs import Table

from .test_pairs import SMALL, pair

GROUP = {"least": "self_care", "most": "soon", "reason": "So it is.", "sources": ["none"], "cases": ["nothing"]}
WORDS = {
    "questions": {
        question.code: {"short": question.code.title(), "options": {code: f"It is {code}" for code in question.codes()}}
        for question in SMALL.questions
    }
}


@pytest.fixture(scope="module")
def table():
    return Table(SMALL)


def judgement(least, most, *lines):
    cases = tuple(found for line in lines for found in judging.read_cases(line))
    return Judgement(Level(least), Level(most), "So it is.", ("none",), cases)


def test_a_slash_parts_options_that_are_cases_of_their_own():
    assert list(judging.read_cases("start=fall/effort + also=burning")) == [
        (pair("start=fall", "also=burning"), frozenset()),
        (pair("start=effort", "also=burning"), frozenset()),
    ]


def test_the_ages_stand_behind_an_at():
    assert list(judging.read_cases("nothing @ 65_74/75_plus")) == [(frozenset(), {"65_74", "75_plus"})]


def test_a_written_case_is_read_as_the_same():
    case = pair("start=fall", "also=burning", "also=fever")
    assert list(judging.read_cases(judging.write_case(case, ["65_74"]))) == [(case, {"65_74"})]
    assert list(judging.read_cases(judging.write_case(frozenset()))) == [(frozenset(), frozenset())]


def test_folded_cases_are_the_same_on_fewer_lines():
    lines = ["nothing", "start=fall", "start=jump", "start=fall + also=fever", "start=jump @ old", "nothing @ old"]
    cases = [found for line in lines for found in judging.read_cases(line)]
    folded = judging.fold_cases(cases)
    assert len(folded) == 5
    assert "start=fall/jump" in folded
    assert {found for line in folded for found in judging.read_cases(line)} == set(cases)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"note": ""}, "its fields are not"),
        ({"most": "later"}, "a level is one of self_care, soon, urgent, emergency"),
        ({"least": "urgent"}, "least is above most"),
        ({"reason": ""}, "no reason"),
        ({"sources": []}, "no source"),
        ({"cases": ["start"]}, "'start' is not question=option"),
    ],
)
def test_a_group_that_cannot_be_used_is_refused_with_its_place(change, problem):
    with pytest.raises(JudgementError, match=f"a.toml, group 1: .*{problem}"):
        judging.read_judgement({**GROUP, **change}, "a.toml, group 1")


def test_a_file_that_is_no_toml_is_refused(tmp_path):
    (tmp_path / "a.toml").write_text("[", encoding="utf-8")
    with pytest.raises(JudgementError, match=r"a\.toml cannot be read"):
        judging.read_groups(tmp_path / "a.toml")


def test_a_judgement_at_an_age_comes_before_the_one_for_all():
    bounds = Bounds([judgement(0, 0, "start=fall"), judgement(1, 2, "start=fall @ old")])
    assert bounds.find(pair("start=fall"), "young") == (0, 0)
    assert bounds.find(pair("start=fall"), "old") == (1, 2)
    assert bounds.find(pair("start=move"), "old") is None


def test_what_is_judged_at_an_age_holds_there_for_who_says_more():
    bounds = Bounds([judgement(0, 1, "start=fall"), judgement(1, 2, "nothing @ old"), judgement(0, 3, "nothing")])
    assert bounds.find(pair("start=fall"), "old") == (1, 2)
    assert bounds.find(pair("start=fall"), "young") == (0, 1)


def test_a_case_judged_twice_is_kept_for_the_proof():
    assert Bounds([judgement(0, 0, "start=fall"), judgement(0, 1, "start=fall")]).twice == ["start=fall"]


def test_readers_who_judge_as_the_protocol_does_leave_nothing_outside(table, monkeypatch):
    bounds = Bounds(
        judgement(line.level, line.level, judging.write_case(line.case, line.ages))
        for line in judging.list_lines(table)
    )
    assert bounds.twice == []
    for case, endings in table.find_low_cases().items():
        for band, ending in endings.items():
            assert bounds.find(case, band) == (ending.level, ending.level), (case, band)


def test_who_says_one_thing_is_read_at_every_age(table):
    ages = {line.age for line in judging.list_lines(table) if line.case == pair("sport=chess")}
    assert ages == {"young", "middle", "old"}


def read_key(folder):
    with (folder / "key.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_sheets_hold_each_line_once_without_level_or_rule(table, tmp_path, monkeypatch):
    monkeypatch.setattr(judging, "LINES", 10)
    lines, decoys = judging.write_sheets(table, WORDS, tmp_path, seed=1)
    sheets = sorted(tmp_path.glob("sheet-*.md"))
    rows = [row for sheet in sheets for row in sheet.read_text(encoding="utf-8").splitlines() if row[:1].isdigit()]
    assert len(sheets) == -(-lines // 10)
    assert [int(row.split()[0]) for row in rows] == list(range(1, lines + 1))
    assert not any(word in row for row in rows for word in ("thin_fall", "sore", *(level.code for level in Level)))
    key = read_key(tmp_path)
    assert [int(row["number"]) for row in key] == list(range(1, lines + 1))
    assert len({(row["case"], row["age"]) for row in key}) == lines
    assert sum(row["decoy"] == "1" for row in key) == decoys > 0
    assert all(int(row["level"]) >= Level.URGENT for row in key if row["decoy"] == "1")


def test_another_seed_gives_another_order(table, tmp_path):
    for seed in (1, 2):
        judging.write_sheets(table, WORDS, tmp_path / str(seed), seed)
    assert read_key(tmp_path / "1") != read_key(tmp_path / "2")


def test_a_line_gives_the_answers_in_words_with_those_to_follow_ups(table):
    line = judging.Line(pair("history=baby", "sport=golf", "start=fall"), "", (), Level.SOON)
    words = {**WORDS["questions"], "age": {"options": {"young": "young"}}}
    assert judging.describe_line(table, line, {"questions": words}) == (
        "Sport: It is golf (or any of 1 like it); Start: It is fall; History: It is baby"
    )


@pytest.fixture
def answered(tmp_path):
    """answered(first, second): the readings of three lines, the last a decoy."""

    def merge(first, second):
        (tmp_path / "key.csv").write_text(
            "number,case,age,level,decoy\n1,nothing,old,0,0\n2,start=fall,old,1,0\n3,start=jump @ old,old,3,1\n"
        )
        for name, text in (("a.txt", first), ("b.txt", second)):
            (tmp_path / name).write_text(text, encoding="utf-8")
        return judging.merge_readings(tmp_path / "key.csv", tmp_path / "a.txt", tmp_path / "b.txt")

    return merge


def test_where_readers_differ_the_higher_stands_for_each_bound(answered):
    readings = answered("1 0 1\n2 0 2\n3 2 3\n", "# second\n1 0 1\n\n2 1 1\n3 3 3\n")
    assert [(item.bounds, item.differs) for item in readings] == [((0, 1), False), ((1, 2), True), ((3, 3), True)]


def test_the_summary_counts_differences_decoys_and_what_is_outside(answered):
    readings = answered("1 1 1\n2 0 2\n3 1 2\n", "1 0 1\n2 0 2\n3 2 2\n")
    assert judging.summarize_readings(readings) == [
        "cases read: 2; the readers differed on 1",
        "decoys read: 1; both judged 1 lower than they end, one of them 1",
        "outside what the readers allow: 1",
        "- nothing (read at old): level 0, judged 1 to 1",
    ]


def test_merged_readings_are_written_as_groups_that_still_need_a_reason(answered):
    text = judging.write_groups(answered("1 1 1\n2 0 2\n3 1 2\n", "1 0 1\n2 0 2\n3 2 2\n"))
    groups = tomllib.loads(text)["group"]
    assert [(group["least"], group["most"], group["cases"]) for group in groups] == [
        ("self_care", "urgent", ["start=fall"]),
        ("soon", "soon", ["nothing"]),
    ]
    with pytest.raises(JudgementError, match="no reason"):
        judging.read_judgement(groups[0], "a")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("1 0\n", r"a\.txt, row 1: '1 0' is not: number least most"),
        ("1 0 1\n1 0 1\n", r"a\.txt, row 2: '1 0 1' stands twice"),
        ("1 2 1\n", r"a\.txt, row 1: '1 2 1' .*no range"),
        ("1 0 4\n", r"a\.txt, row 1: '1 0 4' .*no range"),
        ("1 0 1\n2 0 1\n", r"a\.txt: line 3 is missing"),
    ],
)
def test_answers_that_cannot_be_used_are_refused_with_their_place(answered, text, problem):
    with pytest.raises(JudgementError, match=problem):
        answered(text, "1 0 1\n2 0 1\n3 0 1\n")


def test_a_level_below_the_least_is_outside_too():
    assert Reading("nothing", "", 0, False, (1, 2), (0, 1)).outside
    assert not Reading("nothing", "", 1, False, (1, 2), (0, 1)).outside
