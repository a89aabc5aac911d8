"""docs/clinical-safety names only tests and commands that exist, and the controls that no other test holds do hold."""

import ast
import re
from pathlib import Path

import pytest
from django.core.management import get_commands

from assessment.models import Assessment
from assessment.protocol import wording
from assessment.protocol.back_pain import PROTOCOL
from assessment.protocol.engine import assess_answers
from assessment.protocol.model import Level
from assessment.protocol.sources import load_sources

from .cases import read_cases
from .walks import STRAIN, begin_check, walk_check

ROOT = Path(__file__).parent.parent.parent
FOLDER = ROOT / "docs" / "clinical-safety"
DOCS = sorted(set(FOLDER.glob("*.md")) - {FOLDER / "flow.md"})  # the diagram is made by a command
COLUMNS = ["id", "hazard", "cause", "effect", "severity", "likelihood", "control", "held_by", "residual", "owner"]


def exists(name):
    """Whether what stands between backticks is there: a test, a file, a command, a setting, a source."""
    file, _, function = name.partition("::")
    word, _, rest = name.partition(" ")
    if name in load_sources():
        return True
    if word == "manage.py":
        return get_commands().get(rest.split()[0]) in ("assessment", "content")
    if word == "make":
        return re.search(rf"^{re.escape(rest)}:", (ROOT / "Makefile").read_text(), re.M) is not None
    if re.fullmatch(r"[A-Z_]+", name):
        return f'"{name}"' in (ROOT / "site_project" / "settings.py").read_text()
    if function:
        parts = ast.parse((ROOT / file).read_text()).body if (ROOT / file).is_file() else []
        return any(isinstance(part, ast.FunctionDef) and part.name == function for part in parts)
    return (ROOT / file).exists()


def quoted(text):
    return re.findall(r"`([^`]+)`", text)


def hazards():
    """The rows of the hazard log, as {column: text}."""
    lines = (FOLDER / "hazard-log.md").read_text(encoding="utf-8").splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if re.match(r"\| H\d", line)]
    return [dict(zip(COLUMNS, row, strict=True)) for row in rows]


NAMED = sorted({name for doc in DOCS for name in quoted(doc.read_text(encoding="utf-8"))})
HAZARDS = [pytest.param(row, id=row["id"]) for row in hazards()]


@pytest.mark.parametrize("name", NAMED)
def test_everything_the_safety_documents_name_exists(name):
    assert exists(name)


@pytest.mark.parametrize(
    "name",
    [
        "tests/assessment/test_nowhere.py",
        "tests/assessment/test_nowhere.py::test_it",
        "tests/assessment/test_hazard_log.py::test_nothing_of_the_sort",
        "manage.py approve",
        "make approval",
        "CLINICAL_SIGNATURE",
    ],
)
def test_what_does_not_exist_is_noticed(name):
    assert not exists(name)


@pytest.mark.parametrize("row", HAZARDS)
def test_a_hazard_is_complete_and_something_holds_it(row):
    assert all(row.values())
    assert row["severity"] in list("12345")
    assert row["likelihood"] in list("12345")
    assert re.match(r"(low|medium|high)\b", row["residual"])
    assert [name for name in quoted(row["held_by"]) if name.startswith(("tests/", "manage.py ", "make "))]


@pytest.mark.parametrize("row", HAZARDS)
def test_a_hazard_names_only_rules_and_boundaries_that_are_there(row):
    rules = re.search(r"Rules: (.*)", row["control"])
    assert set(rules[1].split(", ") if rules else ()) <= {rule.code for rule in PROTOCOL.rules}
    boundaries = re.findall(r"`(\S+boundaries/\S+\.toml)` \(([^)]+)\)", row["held_by"])
    for file, titles in boundaries:
        there = {boundary["title"] for boundary in read_cases(ROOT / file)["boundary"]}
        assert set(re.findall("“([^”]+)”", titles)) <= there


def test_hazards_are_numbered_in_order():
    numbers = [row["id"] for row in hazards()]
    assert numbers == [f"H{number:02}" for number in range(1, len(numbers) + 1)]


def test_every_link_between_the_safety_documents_leads_somewhere():
    for doc in DOCS:
        for target in re.findall(r"\]\(([^)]+)\)", doc.read_text(encoding="utf-8")):
            assert (FOLDER / target).is_file(), (doc.name, target)


def test_the_safety_documents_say_that_no_clinician_has_approved_anything():
    told = {doc.name: doc.read_text(encoding="utf-8").splitlines()[2] for doc in DOCS if doc.suffix == ".md"}
    assert told["intended-use.md"].startswith("**Nothing here has been approved by a clinician.**")
    assert told["hazard-log.md"].startswith("**No clinician has approved this log.**")
    assert told["sign-off.md"].startswith("**Nobody has signed anything yet.**")


# --- Controls of the hazard log that no other test holds -------------------------------------------------------------


def text(response):
    return response.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("answers", [STRAIN, {**STRAIN, "legs": ["one_numb"]}, {"now": ["chest"]}])
def test_the_first_page_and_every_result_say_that_nobody_watches(client, answers):
    assert "Nobody watches your answers" in text(client.get("/check/"))
    walk_check(client, answers)
    assert "They do not watch results as they come in" in text(client.get("/check/result/"))


@pytest.mark.django_db
@pytest.mark.parametrize("answers", [{**STRAIN, "legs": ["one_numb"]}, {"now": ["chest"]}])
def test_a_result_is_read_in_order_the_action_before_its_reasons(client, answers):
    walk_check(client, answers)
    record = Assessment.objects.get()
    shown = text(client.get("/check/result/")).replace("&#x27;", "'").partition("<main")[2]
    parts = [f"<h1>{record.result['heading']}</h1>", record.result["do"][0], record.result["reasons"][0]["text"]]
    assert [shown.count(part) > 0 for part in parts] == [True, True, True]
    assert sorted(parts, key=shown.index) == parts


@pytest.mark.parametrize(("age", "lowest"), [("under_13", Level.URGENT), ("13_15_alone", Level.SOON)])
def test_a_child_on_their_own_is_never_sent_home(age, lowest):
    answers = {**STRAIN, "age": [age], "load": ["none"], "duration": ["under_2_weeks"]}
    assert assess_answers(PROTOCOL, answers).level >= lowest


def test_who_would_rather_not_say_is_never_taken_for_a_no():
    text = wording.load_words()["questions"]["saddle"]["options"]["rather_not"]
    assert "rather not say" in text
    for answer in ("rather_not", "not_sure"):
        told = {**STRAIN, "saddle": [answer]}
        assert assess_answers(PROTOCOL, told).level == Level.URGENT
        assert assess_answers(PROTOCOL, {**told, "legs": ["one_numb"]}).level == Level.EMERGENCY


@pytest.mark.django_db
def test_a_private_question_says_why_it_is_asked(client):
    words = wording.load_words()["questions"]["saddle"]
    walk_check(client, STRAIN, finish=False)
    shown = text(client.get("/check/saddle/"))
    assert "private" in words["hint"]
    assert words["hint"] in shown
    assert words["why"] in shown


@pytest.mark.django_db
def test_who_helps_somebody_reads_at_once_to_stay_with_them_and_answer_as_they_would(client):
    begin_check(client)
    hint = wording.load_words()["questions"]["now"]["hint"]
    assert "stay with them and answer as they would" in hint.lower()
    assert hint in text(client.get("/check/now/"))


@pytest.mark.django_db
def test_thoughts_of_self_harm_lead_at_once_to_the_crisis_line(client):
    response, _ = walk_check(client, {**STRAIN, "life": ["self_harm"]}, finish=False)
    assert response.headers["Location"] == "/check/result/"
    shown = text(client.get("/check/result/"))
    assert 'href="tel:988"' in shown
    assert 'href="tel:911"' in shown
    record = Assessment.objects.get()
    assert (record.get_level_display(), record.variant) == ("Emergency", "crisis")


@pytest.mark.django_db
def test_a_crisis_line_with_a_gap_is_called_by_its_digits(client, settings):
    settings.CLINIC = {**settings.CLINIC, "crisis_line": "116 123"}
    walk_check(client, {**STRAIN, "life": ["self_harm"]}, finish=False)
    assert 'href="tel:116123"' in text(client.get("/check/result/"))
