"""The sheet of exercises; and what a patient carries to a clinician, the printed result: A4 or Letter, in 9 points.

Everything of a result is on paper. Each of 150 of the vignettes is one sheet; only walks that a search has made as long
as can be are more.
"""

import re
import shutil
import subprocess

import pytest
from django.core.management import call_command
from django.test import override_settings

from assessment.models import Assessment
from assessment.protocol.back_pain import PROTOCOL

from ..assessment.walks import STRAIN, walk_check
from .pages import find_endings
from .test_accessibility import ROOT

# The walks with the most to say that a search over the protocol has found. Questions that are not named: the mildest
# answer.
LONGEST = {
    "urgent": {
        "now": ["not_sure"], "age": ["13_15_alone"],
        "where": ["upper_right", "middle_left", "middle_right", "lower_left", "lower_right", "leg_left", "not_sure"],
        "start": ["not_sure"], "aftermath": ["swollen"], "saddle": ["not_sure"], "legs": ["weak_one"],
        "pain": ["hard", "band", "bone"], "also": ["sweats", "blood", "shape", "not_sure"],
        "history": ["fused", "defences", "infection", "operation", "pregnant", "not_sure"],
        "pregnancy": ["one_sided", "not_sure"], "medicines": ["thinner", "not_sure"], "duration": ["3_months"],
        "trend": ["worse"], "known": ["changed"],
        "stiff": ["morning", "moving", "half_night", "buttock", "family", "skin", "red_eye"], "sport": ["running"],
        "load": ["arching", "impact", "cannot_bear", "low_energy"],
        "life": ["cannot_stand", "afraid", "low", "not_sure"],
    },
    "soon": {
        "age": ["13_15_alone"], "where": ["lower_left", "lower_right", "buttock_left"],
        "saddle": ["old"], "legs": ["both"], "both_legs": ["steady"], "pain": ["sudden"], "vessels": ["smoker"],
        "history": ["thin_bones", "height", "steroids", "fused", "defences", "infection", "operation"],
        "medicines": ["anti_inflammatory_risk"], "duration": ["3_months"], "trend": ["not_sure"],
        "known": ["not_sure"], "sport": ["tennis"], "life": ["stops_day", "afraid", "low"],
        "stiff": ["morning", "moving", "half_night", "buttock", "family", "skin", "not_sure"],
        "load": ["arching", "impact", "low_energy", "not_sure"],
    },
    "self_care": {
        "age": ["13_15"], "start": ["effort"], "saddle": ["old"], "legs": ["one_pain", "both"],
        "where": ["lower_left", "lower_right", "buttock_left", "buttock_right", "leg_left", "leg_right"],
        "both_legs": ["no"], "history": ["defences", "infection", "period"],
        "medicines": ["thinner", "anti_inflammatory_risk"], "duration": ["not_sure"], "trend": ["not_sure"],
        "known": ["not_sure"], "stiff": ["half_night", "family"], "sport": ["skiing"], "life": ["stops_day", "afraid"],
    },
    "department": {
        "now": ["not_sure"], "age": ["13_15"], "start": ["fall"], "saddle": ["old"],
        "where": ["upper_left", "upper_right", "middle_left", "middle_right", "lower_left", "lower_right", "not_sure"],
        "aftermath": ["trait", "not_sure"], "legs": ["one_pain", "both", "not_sure"], "both_legs": ["no"],
        "pain": ["night", "climbing", "waves", "band", "bone", "not_sure"],
        "vessels": ["pressure", "smoker", "family", "not_sure"],
        "also": [
            "fever", "sweats", "weight", "burning", "blood", "cola", "belly", "low_belly", "rash", "shape", "not_sure",
        ],
    },
}  # fmt: skip
needs_pdf = pytest.mark.skipif(not shutil.which("pdftotext"), reason="no pdftotext here (Debian: poppler-utils)")
pytestmark = [pytest.mark.browser, pytest.mark.django_db]
CLINIC = {
    "name": "Back Spasm Clinic", "phone": "555 0100 123", "address": "12 Example Road", "emergency_number": "911",
    "crisis_line": "988",
}  # fmt: skip


@pytest.fixture
def sheets(chromium, client, tmp_path):
    """Print the result of these answers; return its record, its page and {format: [text of each sheet]}, unspaced."""
    page = chromium.new_page()
    page.route("**/*.css", lambda route: route.fulfill(path=ROOT / "static/site.css"))
    page.route("**/*.svg", lambda route: route.abort())

    def show(answers):
        with override_settings(CLINIC=CLINIC):
            walk_check(client, {question.code: [question.mildest] for question in PROTOCOL.questions} | answers)
            response = client.get("/check/result/")
        html = {"content-type": "text/html; charset=utf-8"}
        page.route("**/result/", lambda route: route.fulfill(body=response.content, headers=html))
        page.goto("http://127.0.0.1:9/result/")
        found = {}
        for paper_format in ("A4", "Letter"):
            file = tmp_path / f"{paper_format}.pdf"
            # The margins are the style sheet's own.
            page.pdf(path=file, format=paper_format)
            text = subprocess.run(["pdftotext", "-raw", file, "-"], capture_output=True, text=True, check=True).stdout
            found[paper_format] = [re.sub(r"[\s✓✕]+", "", sheet) for sheet in text.rstrip("\f").split("\f")]
        return Assessment.objects.get(), response, found

    yield show
    page.close()


def lines(part):
    """Every text in this data."""
    if isinstance(part, str):
        return [part]
    return [text for inner in (part.values() if isinstance(part, dict) else part or ()) for text in lines(inner)]


def what_is_told(record, response):
    """Every text of the result that must be on paper."""
    result = record.result
    said = [result[part] for part in ("heading", "lead", "if_so", "do", "avoid", "watch", "now_if", "notes")]
    said += [line["text"] for line in result["reasons"] + result["also"]]
    said += [line["text"] for step in result["plan"] for line in step["lines"]]
    day = f"{record.finished_at.day} {record.finished_at:%B %Y}"
    given = [[item["short"], [part["text"] for part in item["answer"]]] for item in record.answers]
    return [*lines([said, given]), record.reference, response.context["key"], day, CLINIC["phone"]]


@needs_pdf
@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "most"), [("strain", 1), ("department", 2), ("self_care", 2), ("soon", 2), ("urgent", 3)]
)
def test_everything_is_on_paper_and_only_the_longest_results_need_a_second_sheet(sheets, name, most):
    record, response, found = sheets(LONGEST.get(name, STRAIN))
    for paper_format, texts in found.items():
        assert len(texts) <= most, paper_format
        missing = [text for text in what_is_told(record, response) if text.replace(" ", "") not in "".join(texts)]
        assert missing == [], paper_format


@needs_pdf
@pytest.mark.slow
@pytest.mark.parametrize("name", ["soon", "ambulance", "maternity", "crisis"])
def test_the_shortest_of_each_other_kind_is_one_sheet(sheets, name):
    assert {paper_format: len(texts) for paper_format, texts in sheets(find_endings()[name])[2].items()} == {
        "A4": 1, "Letter": 1,
    }  # fmt: skip


@needs_pdf
@pytest.mark.slow
@pytest.mark.parametrize("paper_format", ["A4", "Letter"])
def test_the_exercises_are_one_sheet(chromium, live_server, tmp_path, paper_format):
    call_command("load_articles", verbosity=0)
    page = chromium.new_page()
    with override_settings(CLINIC=CLINIC):
        page.goto(f"{live_server.url}/treatment/exercises-at-home/sheet/")
    page.pdf(path=tmp_path / "sheet.pdf", format=paper_format)
    text = subprocess.run(
        ["pdftotext", "-raw", tmp_path / "sheet.pdf", "-"], capture_output=True, text=True, check=True
    )
    [sheet] = text.stdout.rstrip("\f").split("\f")
    assert "6. Bridge" in sheet
    assert CLINIC["address"] in sheet
    page.emulate_media(media="print")
    assert page.evaluate(SMALLEST) >= 12  # px
    page.close()


SMALLEST = """() => Math.min(...[...document.querySelectorAll("body *")]
  .filter(one => one.checkVisibility() && [...one.childNodes].some(part => part.nodeType === 3 && part.data.trim()))
  .map(one => parseFloat(getComputedStyle(one).fontSize)))"""


def test_no_letter_on_paper_is_smaller_than_9_points(visitor, live_server, client):
    walk_check(client, STRAIN)
    page = visitor(javascript=True)
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    page.goto("/check/result/")
    page.emulate_media(media="print")
    assert page.evaluate(SMALLEST) == 12  # px


@needs_pdf
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_exercises_are_four_sheets_with_still_pictures_only(visitor, starter_articles, tmp_path):
    page = visitor(javascript=True)
    page.goto("/treatment/exercises-at-home/")
    page.pdf(path=tmp_path / "exercises.pdf", format="Letter")
    told = subprocess.run(
        ["pdftotext", tmp_path / "exercises.pdf", "-"], capture_output=True, text=True, check=True
    ).stdout
    assert told.count("\f") <= 4
    assert "Show the movement" not in told
