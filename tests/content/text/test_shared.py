"""Words that several articles share: where they stand, what they cite, and a name that is none."""

import re

import pytest

from content.starter import loader
from content.text import markdown, shared
from content.text.problems import find_problems

PAIN = "::: shared pain\n"
SPORTS = [file for file in loader.read_starter().files if file.data["topic"] == loader.SPORTS]


def test_a_line_shows_the_words_and_their_sources_count_as_the_articles():
    found = markdown.render_article(f"## Back\n\n{PAIN}", markdown.find_citations(PAIN), "911", ()).rest
    assert "If it hurts: a rule of thumb" in found
    assert '<a href="#source-1"' in found
    assert "[@" not in found


@pytest.mark.parametrize("name", shared.WORDS)
def test_shared_words_are_good_as_an_article(name):
    assert find_problems(shared.WORDS[name], loader.read_registered_sources()) == []


def test_a_name_without_words_stays_as_it_was_typed_and_must_be_put_right():
    body = "## Back\n\n::: shared pian\n"
    assert "<p>::: shared pian</p>" in markdown.render_article(body, (), "911", ()).rest
    [problem] = find_problems(body, ())
    assert (problem.line, "::: shared pain" in problem.message) == (3, True)


@pytest.mark.parametrize("file", SPORTS, ids=lambda file: file.slug)
def test_every_sport_says_below_its_steps_how_much_pain_is_fine_and_leads_there_with_its_first_words(file):
    first, _, rest = file.body.partition("::: emergency")
    assert f":::\n\n{PAIN}" in rest.partition("\n## Get help")[0]
    html = markdown.render_article(file.body, (), "911", ()).rest
    [place] = set(re.findall(r"\(#([a-z-]+step-by-step)\)", first))
    before, heading, after = html.partition(f'<h2 id="{place}">')
    assert heading
    assert after.index('<div class="steps">') < after.index("a rule of thumb") < after.index("<h2")
    # In sight: as many folds are closed before it as were opened.
    seen = (before + after)[: (before + after).index("a rule of thumb")]
    assert seen.count("<details") == seen.count("</details>")
