"""What the articles on treatment promise beyond the form every article has: doses, exercises and the glossary."""

import re

import pytest

from content.starter import loader
from content.text import drawings, markdown


@pytest.fixture(scope="module")
def bodies():
    """The text of every article by slug."""
    return {file.slug: file.body for file in loader.read_starter().files}


def test_no_dose_stands_without_its_source(bodies):
    # A table's cell cites for itself, so a line is what has to hold both.
    doses = re.compile(r"\d mg\b|\d (?:tablets|pills) (?:in|every|a day)|\b\d+ tablets, ")
    lines = [(slug, line) for slug, body in bodies.items() for line in body.splitlines() if doses.search(line)]
    assert lines
    assert [(slug, line) for slug, line in lines if "[@" not in line] == []


def test_every_exercise_has_its_picture_its_steps_and_what_to_feel(bodies):
    exercises = re.split(r"^### \d\. ", bodies["exercises-at-home"], flags=re.MULTILINE)[1:]
    assert len(exercises) == 6
    for section in exercises:
        exercise = section.split("\n## ")[0]
        assert re.search(r"^::: (?:picture|figure) [\w -]+$", exercise, re.MULTILINE), exercise
        assert re.search(r"^3\. ", exercise, re.MULTILINE), exercise
        assert "**You should feel**" in exercise, exercise


def test_every_picture_the_site_has_is_on_a_page(bodies):
    lines = re.compile(r"^::: (?:picture|figure) (.+)$", re.MULTILINE)
    shown = {name for body in bodies.values() for names in lines.findall(body) for name in names.split()}
    assert shown >= set(drawings.TEMPLATES)


def test_the_glossary_is_in_order_and_says_something_about_each_word(bodies):
    groups = re.split(r"^## ", bodies["glossary"], flags=re.MULTILINE)[1:-1]
    found = [re.findall(r"^### (.+)\n\n(.+)", group, re.MULTILINE) for group in groups]
    words = [word for group in found for word, _ in group]
    assert len(words) > 80
    assert words == sorted(words, key=str.casefold)
    assert len(words) == len(re.findall(r"^### ", bodies["glossary"], re.MULTILINE))
    # A word that only points to another points to one that is there.
    anchors = {markdown.make_heading_id(word, {}) for word in words}
    assert set(re.findall(r"\(#([^)]+)\)", bodies["glossary"])) <= anchors


def test_every_link_into_the_glossary_leads_to_a_word(client, db, bodies):
    loader.load_starter(loader.read_starter())
    page = client.get("/symptoms/glossary/").content.decode()
    links = {link for body in bodies.values() for link in re.findall(r"/symptoms/glossary/#([\w-]+)", body)}
    assert links
    assert links <= set(re.findall(r'<h[23] id="([^"]+)"', page))
