"""What an article folds: found by a link that leads into it, and on paper."""

import re
import subprocess

import pytest

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


@needs_pdf
def test_what_is_folded_is_printed(golf, tmp_path):
    file = tmp_path / "golf.pdf"
    golf.pdf(path=file, format="A4")
    text = subprocess.run(["pdftotext", "-raw", file, "-"], capture_output=True, text=True, check=True).stdout
    assert SOURCE in re.sub(r"\s+", " ", text)
