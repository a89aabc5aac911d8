"""The exported files: that they are current, and what stands in them."""

import copy
import csv
import json
import re
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from fhir.resources.questionnaire import Questionnaire

from assessment.protocol import export, terms, wording
from assessment.protocol.back_pain import PROTOCOL
from assessment.protocol.model import AtLeast, Level, all_of, chosen

FOLDER = Path(__file__).parents[3] / "docs" / "clinical-safety"
WORDS = wording.load_words()
ALL_WORDS = {language: wording.load_words(language) for language in wording.list_languages()}
COLUMNS = list(export.COLUMNS)


def table(protocol=PROTOCOL, words=WORDS):
    """The lines above the columns, and the rows below them."""
    lines = list(csv.reader(export.make_decision_table(protocol, words).splitlines()))
    start = lines.index(COLUMNS)
    return lines[:start], [dict(zip(COLUMNS, line, strict=True)) for line in lines[start + 1 :]]


def changed_words():
    words = copy.deepcopy(WORDS)
    words["rules"]["chest"]["reason"] += " Call now."
    return words


# --- The files -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["versions.toml", "decision-table.csv", "flow.md", "questionnaire.json"])
def test_an_exported_file_is_current(name):
    versions = (FOLDER / "versions.toml").read_text(encoding="utf-8")
    wanted = export.make_files(PROTOCOL, ALL_WORDS, versions)
    assert wanted.keys() == {"versions.toml", "decision-table.csv", "flow.md", "questionnaire.json"}
    assert (FOLDER / name).read_text(encoding="utf-8") == wanted[name], "run: manage.py export_protocol"


def test_a_new_version_is_added_with_the_digest_of_each_language():
    before = export.add_version("", PROTOCOL, {"en": WORDS})
    after = export.add_version(before, replace(PROTOCOL, version="99.0.0"), {"en": WORDS, "es": WORDS})
    assert after.startswith(before)
    listed = tomllib.loads(after)
    assert listed[PROTOCOL.version] == {"en": wording.digest_protocol(PROTOCOL, WORDS)}
    assert listed["99.0.0"].keys() == {"en", "es"}


def test_the_same_protocol_leaves_the_list_of_versions_alone():
    before = export.add_version("", PROTOCOL, ALL_WORDS)
    assert export.add_version(before, PROTOCOL, ALL_WORDS) == before


def test_a_changed_word_without_a_new_version_is_refused():
    before = export.add_version("", PROTOCOL, {"en": WORDS})
    with pytest.raises(export.VersionError, match=r"raise VERSION in back_pain/__init__\.py \(semantic versioning"):
        export.add_version(before, PROTOCOL, {"en": changed_words()})


def test_a_changed_rule_without_a_new_version_is_refused():
    before = export.add_version("", PROTOCOL, {"en": WORDS})
    with pytest.raises(export.VersionError):
        export.add_version(before, replace(PROTOCOL, rules=PROTOCOL.rules[1:]), {"en": WORDS})


def test_a_new_language_without_a_new_version_is_refused():
    before = export.add_version("", PROTOCOL, {"en": WORDS})
    with pytest.raises(export.VersionError):
        export.add_version(before, PROTOCOL, {"en": WORDS, "es": WORDS})


def test_a_changed_word_with_a_new_version_is_exported():
    before = export.add_version("", PROTOCOL, {"en": WORDS})
    after = export.make_files(replace(PROTOCOL, version="99.0.0"), {"en": changed_words()}, before)
    assert "Call now." in after["decision-table.csv"]


def test_the_version_is_semantic():
    assert re.fullmatch(r"\d+\.\d+\.\d+", PROTOCOL.version)


# --- The decision table ----------------------------------------------------------------------------------------------


def test_the_table_says_which_protocol_it_is():
    head, _ = table()
    told = dict(head)
    assert (told["Version"], told["Digest"]) == (PROTOCOL.version, wording.digest_protocol(PROTOCOL, WORDS))


def test_every_rule_has_a_row_for_each_way_to_meet_it():
    _, rows = table()
    for rule in PROTOCOL.rules:
        ways = terms.find_minimal_terms(PROTOCOL, rule.when)
        assert ways
        assert sum(row["Rule"] == rule.code for row in rows) == len(ways), rule.code


def test_a_row_tells_answers_reason_level_variant_and_sources_in_words():
    _, rows = table()
    row = next(row for row in rows if row["Rule"] == "vessel_family")
    pain, vessels = WORDS["questions"]["pain"], WORDS["questions"]["vessels"]
    assert row["Answers"] == (
        f"{pain['short']}: {pain['options']['sudden']} AND {vessels['short']}: {vessels['options']['family']}"
    )
    assert row["Reason told"] == WORDS["rules"]["vessel_family"]["reason"]
    assert (row["Asks for"], row["Level of the check"], row["Variant"]) == ("Emergency", "Emergency", "ambulance")
    key = next(rule.sources[0] for rule in PROTOCOL.rules if rule.code == "vessel_family")
    source = PROTOCOL.sources[key]
    assert row["Sources"].startswith(f"{key}: {source.title} ({source.year or 'no year'})")


def test_the_clinicians_cells_are_empty():
    _, rows = table()
    assert {row[column] for row in rows for column in COLUMNS[-3:]} == {""}


def test_a_rule_that_no_walk_meets_says_so():
    late = replace(PROTOCOL.rules[-1], when=all_of(chosen("now", "chest"), chosen("age", "18_49")))
    _, rows = table(replace(PROTOCOL, rules=(*PROTOCOL.rules[:-1], late)))
    assert rows[-1]["Level of the check"] == "cannot be reached"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@A1", " =1", "\t=1", "\r=1", "\n=1", "＝1"])  # noqa: RUF001
def test_a_cell_that_a_spreadsheet_would_calculate_is_text(text):
    assert export.escape_cell(text).startswith("'")


def test_an_ordinary_cell_is_left_alone():
    assert export.escape_cell("Legs: numb = yes") == "Legs: numb = yes"


def test_hostile_words_reach_no_cell_as_a_formula():
    words = copy.deepcopy(WORDS)
    words["questions"]["now"]["short"] = "=HYPERLINK(1)"
    words["rules"]["chest"]["reason"] = "@SUM(A1)\n+2"
    for line in csv.reader(export.make_decision_table(PROTOCOL, words).splitlines()):
        assert not any(item.lstrip().startswith(export.FORMULA) for item in line)


def test_the_table_is_plain_lines():
    text = export.make_decision_table(PROTOCOL, WORDS)
    assert "\r" not in text
    assert text.endswith("\n")
    assert len(text.splitlines()) == len(list(csv.reader(text.splitlines())))


# --- The diagram -----------------------------------------------------------------------------------------------------


def edges(diagram):
    """(from, label, to) of every line between two nodes."""
    return re.findall(r'^  (\w+) -\.?->(?:\|"([^"]*)"\|)? (\w+)', diagram, re.MULTILINE)


def test_the_diagram_names_every_question_and_level():
    diagram = export.draw_diagram(PROTOCOL, WORDS)
    for question in PROTOCOL.questions:
        assert f"  q_{question.code}[" in diagram
        assert export.quote_label(WORDS["questions"][question.code]["short"]).strip('"') in diagram
    for level in Level:
        assert f"  level_{level.code}[[" in diagram


def test_every_line_of_the_diagram_joins_nodes_that_exist():
    diagram = export.draw_diagram(PROTOCOL, WORDS)
    nodes = set(re.findall(r'(\w+)(?:\(\["|\[\["|\["|\{")', diagram))
    assert {end for start, _, stop in edges(diagram) for end in (start, stop)} == nodes


def test_every_emergency_rule_stands_at_an_exit():
    told = {
        rule
        for _, text, stop in edges(export.draw_diagram(PROTOCOL, WORDS))
        if stop.startswith("stop_")
        for rule in text.split(", ")
    }
    assert told == {rule.code for rule in PROTOCOL.rules if rule.level == Level.EMERGENCY}


def test_a_follow_up_tells_when_it_is_asked():
    told = {
        stop: text for start, text, stop in edges(export.draw_diagram(PROTOCOL, WORDS)) if start.startswith("gate_")
    }
    for question in PROTOCOL.questions:
        if question.when is not None:
            for atom in question.when.atoms():
                assert WORDS["questions"][atom.question]["short"] in told[f"q_{question.code}"]


def test_not_sure_opens_a_follow_up_in_the_diagram_too():
    text = export.condition_in_words(PROTOCOL, WORDS, chosen("legs", "both"))
    assert WORDS["questions"]["legs"]["options"]["not_sure"] in text


def test_a_long_choice_is_told_by_what_it_leaves_out():
    sports = [code for code in PROTOCOL.by_code["sport"].codes() if code != "none"]
    assert export.condition_in_words(PROTOCOL, WORDS, chosen("sport", *sports)) == "Sport: any answer but “No sport”"


def test_counted_conditions_are_told_with_their_count():
    two = AtLeast(2, tuple(chosen("sport", code) for code in ("golf", "tennis", "rowing")))
    assert export.condition_in_words(PROTOCOL, WORDS, two).startswith("at least 2 of: (Sport: “Golf”)")


def test_other_words_leave_the_ids_of_the_diagram_alone():
    words = copy.deepcopy(WORDS)
    for question in words["questions"].values():
        question["title"] = question["short"] = "Other words"
    ids = [(start, stop) for start, _, stop in edges(export.draw_diagram(PROTOCOL, WORDS))]
    assert [(start, stop) for start, _, stop in edges(export.draw_diagram(PROTOCOL, words))] == ids


def test_no_word_can_break_out_of_its_label():
    assert export.quote_label('a "b" <c> #d `e`') == '"a #quot;b#quot; #lt;c#gt; #35;d #96;e#96;"'


# --- FHIR ------------------------------------------------------------------------------------------------------------


def items():
    return {item["linkId"]: item for item in export.make_questionnaire(PROTOCOL, WORDS)["item"]}


def test_the_questionnaire_is_valid_fhir_r5():
    whole = Questionnaire.model_validate_json(json.dumps(export.make_questionnaire(PROTOCOL, WORDS)))
    assert (whole.version, whole.status) == (PROTOCOL.version, "draft")


def test_the_questionnaire_asks_every_question_with_every_option():
    told = {code: [answer["valueCoding"]["code"] for answer in item["answerOption"]] for code, item in items().items()}
    assert told == {question.code: list(question.codes()) for question in PROTOCOL.questions}


def test_a_checklist_repeats_and_none_of_these_excludes_the_rest():
    for question in PROTOCOL.questions:
        item = items()[question.code]
        assert item["repeats"] == question.many
        alone = [answer["valueCoding"]["code"] for answer in item["answerOption"] if "extension" in answer]
        assert alone == (list(question.codes("none")) if question.many else [])


def test_option_codes_are_unique_within_their_code_system():
    seen = [
        (answer["valueCoding"]["system"], answer["valueCoding"]["code"])
        for item in items().values()
        for answer in item["answerOption"]
    ]
    assert len(set(seen)) == len(seen)


def test_a_simple_condition_is_an_enable_when_that_not_sure_meets_too():
    item = items()["both_legs"]
    given = [(when["question"], when["operator"], when["answerCoding"]["code"]) for when in item["enableWhen"]]
    assert given == [("legs", "=", "both"), ("legs", "=", "not_sure")]
    assert item["enableBehavior"] == "any"


def test_a_condition_on_two_questions_is_an_expression():
    item = items()["vessels"]
    assert "enableWhen" not in item
    (extension,) = item["extension"]
    assert extension["url"] == export.EXPRESSION
    expression = extension["valueExpression"]["expression"]
    assert "linkId = 'pain'" in expression
    assert "linkId = 'age'" in expression


def test_every_follow_up_has_its_condition_and_no_other_question_has_one():
    for question in PROTOCOL.questions:
        item = items()[question.code]
        assert ("enableWhen" in item or "extension" in item) == (question.when is not None)


def test_a_counted_condition_is_counted_in_fhirpath():
    two = AtLeast(2, tuple(chosen("sport", code) for code in ("golf", "tennis", "rowing")))
    assert export.write_fhirpath(PROTOCOL, two).endswith(">= 2)")
    assert export.write_fhirpath(PROTOCOL, two).count("iif(") == 3
