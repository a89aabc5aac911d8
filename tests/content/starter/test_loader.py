import shutil
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError

from content.models import Article, Source, Topic, Version
from content.starter import loader

pytestmark = pytest.mark.django_db

HEAD = """+++
title = "{title}"
topic = "causes"
position = 10
summary = "Too much, too soon."
written = 2026-11-23
review_due = 2027-11-23
related = [{related}]
+++
Answer first. [@henschke-2009]
"""
GOLF = """+++
title = "Golf"
topic = "sports"
sport = "golf"
position = 10
summary = "Turn gently."
written = 2026-11-23
review_due = 2027-11-23
related = ["overuse"]

[[figures]]
label = "Golfers with pain"
percent = 37.3
of = "1,170 golfers"
source = "who-2023"
+++
Answer first.
"""
SOURCES = """
[henschke-2009]
title = "Serious causes are rare"
body = "Arthritis & Rheumatism"
year = 2009
url = "https://pubmed.ncbi.nlm.nih.gov/19790051/"
checked = 2026-11-22

[who-2023]
title = "Guideline"
body = "WHO"
year = 2023
url = "https://example.org/"
"""


REGISTER = {
    "book": {"title": "A book", "body": "A publisher", "url": "https://example.org/book"},
    "other": {"title": "Another", "body": "A publisher", "url": "https://example.org/other"},
}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder of three articles with sources of their own, on a site without a register."""
    monkeypatch.setattr(loader, "REGISTERS", [])
    for name in ("topics.toml", "sports.toml"):
        shutil.copy(loader.FOLDER / name, tmp_path)
    (tmp_path / "sources.toml").write_text(SOURCES)
    (tmp_path / "overuse.md").write_text(HEAD.format(title="Overuse", related='"nerves", "golf"'))
    (tmp_path / "nerves.md").write_text(HEAD.format(title="Nerves", related=""))
    (tmp_path / "golf.md").write_text(GOLF)
    return tmp_path


def load(folder, *options):
    said = StringIO()
    call_command("load_articles", "--folder", str(folder), *options, stdout=said)
    return said.getvalue()


def change(path, old, new):
    content = path.read_text()
    assert old in content
    path.write_text(content.replace(old, new))


def test_a_load_adds_everything_and_says_so(folder):
    assert load(folder) == "3 articles added, 0 updated.\n"
    overuse = Article.objects.get(slug="overuse")
    assert overuse.current.body == "Answer first. [@henschke-2009]\n"
    assert {other.slug for other in overuse.related.all()} == {"nerves", "golf"}
    assert Article.objects.get(slug="golf").current.figures[0]["percent"] == 37.3
    assert Source.objects.get(key="who-2023").checked is None


def test_what_a_load_adds_has_no_author_and_no_clinical_review(folder):
    load(folder)
    version = Article.objects.get(slug="golf").current
    assert (version.author, version.clinically_reviewed_by, version.clinically_reviewed_on) == (None, "", None)


def test_a_second_load_changes_nothing(folder):
    load(folder)
    before = list(Version.objects.values())
    assert load(folder) == "0 articles added, 0 updated, 3 unchanged.\n"
    assert list(Version.objects.values()) == before


def test_a_changed_file_becomes_a_new_version_and_the_old_one_stays(folder):
    load(folder)
    change(folder / "nerves.md", "Nerves", "Sore nerves")
    assert load(folder) == "0 articles added, 1 updated, 2 unchanged.\nUpdated: nerves.\n"
    titles = Article.objects.get(slug="nerves").versions.values_list("title", flat=True)
    assert list(titles) == ["Sore nerves", "Nerves"]


def test_an_article_an_editor_changed_is_left_alone(folder, editor, approver, words):
    load(folder)
    Article.objects.get(slug="golf").append_version(**words(title="Mine", author=editor, approved_by=approver))
    change(folder / "golf.md", "Turn gently.", "Turn slowly.")
    said = load(folder)
    assert said == "0 articles added, 0 updated, 2 unchanged, 1 left alone because an editor changed it: golf.\n"
    assert Article.objects.get(slug="golf").current.title == "Mine"


def test_a_topic_or_source_that_differs_is_left_alone_and_named(folder):
    load(folder)
    Topic.objects.filter(slug="causes").update(name="Reasons")
    Source.objects.filter(key="who-2023").update(year=1999)
    assert "topic causes, source who-2023" in load(folder)
    assert Topic.objects.get(slug="causes").name == "Reasons"
    assert Source.objects.get(key="who-2023").year == 1999


def test_if_empty_loads_into_an_empty_site(folder):
    assert load(folder, "--if-empty") == "3 articles added, 0 updated.\n"


def test_if_empty_does_nothing_and_says_nothing_where_there_is_an_article(folder, add):
    add("mine")
    assert load(folder, "--if-empty") == ""
    assert Article.objects.count() == 1


def test_if_empty_does_not_even_read_the_files_where_there_is_an_article(tmp_path, add):
    add("mine")
    assert load(tmp_path / "missing", "--if-empty") == ""


@pytest.mark.parametrize(
    ("name", "old", "new", "words"),
    [
        ("golf.md", 'topic = "sports"', 'topic = "sprots"', "golf.md: topic: “sprots” is not one of: "),
        ("golf.md", 'sport = "golf"', 'sport = "chess"', "golf.md: sport: “chess” is not one of: "),
        ("golf.md", 'sport = "golf"\n', "", "golf.md: sport: belongs to"),
        ("golf.md", 'sport = "golf"', 'sport = "tennis"', "golf.md: sport: is the file's name too: tennis.md"),
        ("nerves.md", "position", 'sport = "golf"\nposition', "nerves.md: sport: belongs to"),
        ("overuse.md", '"nerves"', '"nowhere"', "overuse.md: related: “nowhere” is not another article"),
        ("overuse.md", '"nerves"', '"overuse"', "overuse.md: related: “overuse” is not another article"),
        ("overuse.md", "@henschke-2009", "@nobody", "overuse.md: body: There is no source “nobody”"),
        ("overuse.md", "Answer first.", "::: danger", "overuse.md: body: “::: danger"),
        ("overuse.md", "Answer first.", "Answer\0first.", "overuse.md: file: holds a NUL character"),
        ("overuse.md", "Answer first.", "::: picture moon", "overuse.md: body: “::: picture moon"),
        ("overuse.md", "2027-11-23", "2026-11-23", "overuse.md: review_due: is not after"),
        ("overuse.md", "written = 2026-11-23", 'written = "today"', "overuse.md: written: is not a date"),
        ("overuse.md", "written = 2026-11-23", "written = 2026-13-23", "overuse.md: TOML: cannot be read"),
        ("overuse.md", "Too much, too soon.", "x" * 201, "overuse.md: summary: has 201 characters; at most 200"),
        ("overuse.md", 'title = "Overuse"\n', "", "overuse.md: title: is missing"),
        ("overuse.md", '"Overuse"', '" "', "overuse.md: title: is empty"),
        ("overuse.md", "position = 10", "position = true", "overuse.md: position: is not a whole number"),
        ("overuse.md", "position = 10", "position = -1", "overuse.md: position: is not between"),
        ("overuse.md", "position", "postion = 1\nposition", "overuse.md: postion: is not a field"),
        ("overuse.md", "+++\ntitle", "title", "overuse.md: front matter: is missing"),
        ("overuse.md", "Answer first. [@henschke-2009]\n", "", "overuse.md: body: is empty"),
        ("golf.md", 'source = "who-2023"', 'source = "nobody"', "golf.md: figures.source: there is no source “nobody”"),
        ("golf.md", "37.3", "137", "golf.md: figures.percent: 137 is not between 0 and 100"),
        ("golf.md", 'of = "1,170 golfers"\n', "", "golf.md: figures.of: is missing"),
        ("sources.toml", "https://example.org/", "javascript:x", "sources.toml: who-2023.url: “javascript:x” is not"),
        ("sources.toml", "year = 2023", 'year = "2023"', "sources.toml: who-2023.year: is not a whole number"),
        ("sources.toml", "[who-2023]", '["who 2023"]', "sources.toml: who 2023: can have only letters"),
    ],
)
def test_a_bad_file_gives_one_clear_error_and_nothing_is_loaded(folder, name, old, new, words):
    change(folder / name, old, new)
    with pytest.raises(CommandError) as error:
        load(folder)
    assert str(error.value).startswith("Nothing was loaded. ")
    assert words in str(error.value)
    assert not Topic.objects.exists()


def test_a_missing_file_is_named(folder):
    (folder / "topics.toml").unlink()
    with pytest.raises(CommandError, match=r"topics\.toml: file: is missing"):
        load(folder)


def test_articles_may_cite_the_register_and_bring_no_sources(folder):
    loader.REGISTERS.append(lambda: REGISTER)
    (folder / "sources.toml").unlink()
    (folder / "golf.md").unlink()
    change(folder / "overuse.md", '"nerves", "golf"', '"nerves"')
    for name in ("overuse.md", "nerves.md"):
        change(folder / name, "@henschke-2009", "@book")
    assert load(folder) == "2 articles added, 0 updated.\n"
    assert Source.objects.get(key="book").title == "A book"


def test_of_the_register_only_what_articles_cite_is_loaded(folder):
    loader.REGISTERS.append(lambda: REGISTER)
    change(folder / "nerves.md", "@henschke-2009", "@book")
    load(folder)
    assert set(Source.objects.values_list("key", flat=True)) == {"book", "henschke-2009", "who-2023"}


def test_of_its_own_sources_a_folder_brings_those_too_that_no_article_cites(folder):
    with (folder / "sources.toml").open("a") as file:
        file.write('\n[spare]\ntitle = "Spare"\nbody = "B"\nurl = "https://example.org/spare"\n')
    load(folder)
    assert Source.objects.filter(key="spare").exists()


def test_without_its_file_of_sources_a_folder_cites_nothing(folder):
    (folder / "sources.toml").unlink()
    with pytest.raises(CommandError, match=r"golf\.md: figures\.source: there is no source “who-2023”"):
        load(folder)


def test_a_source_that_stands_in_the_register_too_is_refused(folder):
    loader.REGISTERS.append(lambda: {"who-2023": REGISTER["book"]})
    with pytest.raises(CommandError, match=r"sources\.toml: who-2023: stands in the site's register of sources"):
        load(folder)


def test_a_source_that_stands_in_two_registers_is_refused(folder):
    loader.REGISTERS += [lambda: REGISTER, lambda: dict(REGISTER)]
    with pytest.raises(CommandError, match="register of sources: book: stands in two registers"):
        load(folder)


def test_a_source_of_the_register_that_does_not_fit_is_named(folder):
    loader.REGISTERS.append(lambda: {"book": {**REGISTER["book"], "title": "x" * 401}})
    with pytest.raises(CommandError, match=r"register of sources: book\.title: has 401 characters; at most 400"):
        load(folder)


def test_a_file_that_is_not_text_is_named(folder):
    (folder / "golf.md").write_bytes(b"+++\n\xff")
    with pytest.raises(CommandError, match=r"golf\.md: file: is not UTF-8 text"):
        load(folder)


def test_a_sport_that_another_article_is_about_is_named_and_nothing_is_loaded(folder, add, golf, sports):
    add("our-golf-page", place={"topic": sports, "sport": golf})
    with pytest.raises(CommandError, match=r"golf\.md: sport: the site has another article about it: our-golf-page"):
        load(folder)
    assert Article.objects.count() == 1


def test_of_two_loads_at_once_the_second_finds_what_the_first_left(folder, monkeypatch):
    real, calls = loader.load_starter, []

    def load_second(files):
        calls.append(files)
        report = real(files)
        if len(calls) == 1:
            raise IntegrityError
        return report

    monkeypatch.setattr(loader, "load_starter", load_second)
    assert load(folder) == "0 articles added, 0 updated, 3 unchanged.\n"


def test_a_file_whose_name_cannot_be_an_address_is_named(folder):
    (folder / "golf.md").rename(folder / "my golf.md")
    with pytest.raises(CommandError, match=r"my golf\.md: file: has a name that cannot be an address"):
        load(folder)


@pytest.mark.parametrize(
    ("name", "old", "new", "words"),
    [
        ("sources.toml", "[henschke-2009]", "loose = 1\n[henschke-2009]", r"loose: is not a table; write \[loose\]"),
        (
            "nerves.md",
            "related = []",
            'related = []\nfigures = ["x"]',
            r"is written as \[\[figures\]\] tables",
        ),
    ],
)
def test_what_should_be_a_table_and_is_none_is_named(folder, name, old, new, words):
    change(folder / name, old, new)
    with pytest.raises(CommandError, match=words):
        load(folder)
