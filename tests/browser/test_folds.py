"""What an article folds: found by a link that leads into it, and on paper."""

import re
import subprocess

import pytest

from content.starter.loader import FOLDER
from content.text.signs import list_always_words

from .test_print import needs_pdf

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
SOURCE = "Noninvasive treatments for acute, subacute, and chronic low back pain"


@pytest.fixture
def golf(visitor, starter_articles):
    """The article about golf, without JavaScript."""
    page = visitor()
    page.goto("/sports/golf/")
    return page


def test_the_number_of_a_source_opens_the_sources(golf):
    source = golf.get_by_text(SOURCE)
    assert not source.is_visible()
    golf.get_by_label("source 1", exact=True).first.click()
    assert source.is_visible()


def test_a_link_to_what_is_folded_opens_it(golf):
    words = golf.get_by_text("In a survey of 1,170 men")
    assert not words.is_visible()
    golf.goto("/sports/golf/#how-often-it-happens")
    assert words.is_visible()


def test_every_emergency_sign_of_a_page_is_in_sight_or_one_tap_away(golf):
    card = golf.locator(".card.emergency")
    before = card.locator("li:visible").all_inner_texts()
    card.locator("summary").click()
    shown = card.locator("li:visible").all_inner_texts()
    # An article may give an example of its own.
    common = {words.partition(", such as")[0] for words in list_always_words()}
    assert len(before) < len(shown)
    assert common <= {words.partition(", such as")[0] for words in shown}


def test_an_article_about_a_sport_is_5360_pixels_long_at_most_and_golf_5200(visitor, starter_articles):
    page = visitor(javascript=True)
    heights = {}
    for path in sorted(path.stem for path in FOLDER.glob("*.md") if '\ntopic = "sports"' in path.read_text()):
        page.goto(f"/sports/{path}/")
        page.evaluate("document.querySelectorAll('img').forEach(image => image.loading = 'eager')")
        page.wait_for_load_state("networkidle")
        heights[path] = page.evaluate("document.documentElement.scrollHeight")
    assert len(heights) == 18
    assert {path: height for path, height in heights.items() if not 3000 < height <= 5360} == {}
    assert heights["golf"] <= 5200


def test_a_wide_screen_shows_the_contents_beside_the_text(visitor, starter_articles):
    page = visitor(width=1280)
    page.goto("/sports/golf/")
    assert page.locator(".contents").get_by_text("Get help").is_visible()


@needs_pdf
def test_what_is_folded_is_printed(golf, tmp_path):
    file = tmp_path / "golf.pdf"
    golf.pdf(path=file, format="A4")
    text = subprocess.run(["pdftotext", "-raw", file, "-"], capture_output=True, text=True, check=True).stdout
    assert SOURCE in re.sub(r"\s+", " ", text)
