"""The register of drawings, and which drawing stands where."""

import re

import pytest

from content.templatetags.drawings import draw
from content.text import drawings
from content.text.markdown import render_article_uncached


@pytest.fixture
def registered(monkeypatch, settings):
    """A register with a drawing of a walker, and one of a recovery beside the template of that name."""
    settings.STORAGES = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    found = {name: drawings.Drawing(f"A {name} “seen” from <here>.", 300, 200) for name in ("walker", "recovery")}
    monkeypatch.setattr(drawings, "DRAWINGS", found)
    monkeypatch.setattr("content.text.markdown.PICTURES", (*drawings.TEMPLATES, "walker"))


def page(body):
    text = render_article_uncached(body, (), "911")
    return text.opening + text.rest


def test_a_register_that_is_not_there_has_no_drawings(tmp_path):
    assert drawings.read_register(tmp_path / "figures.toml") == {}


def test_the_register_says_words_and_size_of_each_drawing(tmp_path):
    file = tmp_path / "figures.toml"
    file.write_text('[sources]\na = "b"\n[figures.walker]\nalt = "Walks."\nwidth = 3\nheight = 2\nmore = 1\n')
    assert drawings.read_register(file) == {"walker": drawings.Drawing("Walks.", 3, 2)}


def test_the_register_says_which_drawings_stand_small_in_one_file(tmp_path):
    file = tmp_path / "figures.toml"
    file.write_text('[figures]\n[thumbnails.people]\nnames = ["walker", "sitter"]\nwidth = 4\nheight = 3\n')
    people = ("thumbnails/people.svg", 4, 3)
    assert drawings.read_thumbnails(file) == {"walker": people, "sitter": people}


def test_a_drawing_in_a_grid_is_its_view_of_the_file_that_all_share_and_else_a_file_of_its_own():
    in_grid, alone, other = draw("golf", grid=True), draw("golf"), draw("nerve", grid=True)
    assert re.search(
        r'src="/static/thumbnails/sports[.\w]*\.svg#golf" width="320" height="240" alt="" loading', in_grid
    )
    assert "figures/golf" in alone
    assert "figures/nerve" in other


def test_a_figure_shows_the_file_of_the_register_with_its_words_and_size(registered):
    start = '<figure><img class="picture" src="/static/figures/walker.svg" width="300" height="200" alt="A walker'
    assert page("::: figure walker\nShe walks.\n:::\n").startswith(start)
    assert "&lt;here&gt;" in page("::: figure walker\nShe walks.\n:::\n")


def test_a_drawing_below_the_first_heading_is_loaded_when_it_is_near(registered):
    assert "loading" not in page("::: figure walker\nx\n:::\n")
    assert 'loading="lazy"' in page("## One\n\n::: figure walker\nx\n:::\n")


@pytest.mark.parametrize("line", ["::: figure {}\nWords.\n:::\n", "::: picture {}\n"])
def test_an_earlier_name_shows_the_drawing_of_today(line):
    assert drawings.RENAMED.keys().isdisjoint(drawings.NAMES)
    for earlier, name in drawings.RENAMED.items():
        assert f"figures/{name}." in page(line.format(earlier)), earlier


def test_a_name_without_a_drawing_is_an_error():
    with pytest.raises(LookupError):
        drawings.render_drawing("../article")
