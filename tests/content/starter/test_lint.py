"""The lint over the articles of a folder: those that come with the site, and a few with a fault in them."""

import csv
import datetime
import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from assessment import reading_list
from assessment.protocol.back_pain import PROTOCOL
from content.starter import claims, lint, loader
from content.text import drawings

SENTENCE = "We walk up the hill each day and then we sit by the old stone wall until the sun is low "


@pytest.fixture(scope="module")
def own():
    """The articles that come with the site."""
    return loader.read_starter()


ARTICLE = (
    """+++
title = "{title}"
topic = "{topic}"
{sport}position = 1
summary = "Walk a little."
written = 2026-01-01
review_due = 2099-01-01
related = []
+++
"""
    + "Walk a little each hour. Use a warm pack.\n\n" * 70
)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder of two articles with nothing to put right, to break."""
    monkeypatch.setattr(lint, "NEEDS", [])
    for name, text in {
        "topics.toml": '[causes]\nname = "Causes"\nsummary = "Why."\nposition = 1\n'
        '[sports]\nname = "Sports"\nsummary = "Where."\nposition = 2\n',
        "sports.toml": '[golf]\nname = "Golf"\nload = "A swing."\nposition = 1\n',
        "sources.toml": '[a-2017]\ntitle = "T"\nbody = "B"\nyear = 2017\nurl = "https://example.org/a"\n'
        '[b-2018]\ntitle = "T"\nbody = "B"\nyear = 2018\nurl = "https://example.org/b"\n',
        "golf.md": ARTICLE.format(title="Golf", topic="sports", sport='sport = "golf"\n') + "A fact. [@a-2017]\n",
        "nerves.md": ARTICLE.format(title="Nerves", topic="causes", sport="") + "A fact. [@b-2018]\n",
    }.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def found(folder, code):
    return [finding for finding in lint.lint_articles(loader.read_starter(folder)) if finding.code == code]


def change(folder, name, old, new):
    file = folder / name
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_starter_articles_have_nothing_to_put_right(own):
    assert [str(finding) for finding in lint.lint_articles(own)] == []


def test_each_article_is_measured(own):
    rows = {row.article: row for row in lint.count_articles(own)}
    assert len(rows) == len(own.files)
    assert 500 <= rows["golf"].words <= 1400
    assert 0 < rows["golf"].grade <= 7
    assert rows["golf"].sources >= 20
    assert rows["golf"].figures >= 10


def test_a_small_folder_has_nothing_to_put_right(folder, monkeypatch):
    # Its two articles are made of one text.
    monkeypatch.setattr(lint, "lint_shared_passages", lambda starter: ())
    assert list(lint.lint_articles(loader.read_starter(folder))) == []


def test_a_finding_names_the_line_of_its_file(folder):
    change(folder, "golf.md", "A fact.", "See [here](/check/).\n\nA fact.")
    (finding,) = found(folder, "vague_link")
    lines = (folder / "golf.md").read_text(encoding="utf-8").splitlines()
    assert finding.where == f"golf.md:{lines.index('See [here](/check/).') + 1}"


def test_an_overdue_review_is_found_on_the_day_after_it_is_due(own, monkeypatch):
    due = own.files[0].data["review_due"]
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: due)
    assert list(lint.lint_review_dates(own)) == []
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: due + datetime.timedelta(1))
    assert lint.StarterFinding(
        "review_overdue", own.files[0].name, f"Its review was due on {due}."
    ) in lint.lint_review_dates(own)


def test_a_source_without_year_and_day_of_reading_is_found(folder):
    change(folder, "sources.toml", "year = 2017\n", "")
    assert [finding.where for finding in found(folder, "undated_source")] == ["sources.toml [a-2017]"]
    change(folder, "sources.toml", "[a-2017]\n", "[a-2017]\nchecked = 2026-01-01\n")
    assert found(folder, "undated_source") == []


def test_one_address_under_two_keys_is_found(folder):
    change(folder, "sources.toml", "https://example.org/b", "https://example.org/a")
    assert [finding.message for finding in found(folder, "same_source_twice")] == [
        "One address under two keys: a-2017, b-2018."
    ]


def test_one_title_under_two_keys_is_found(folder):
    change(folder, "sources.toml", "year = 2018", "year = 2017")
    assert [finding.message for finding in found(folder, "same_source_twice")] == [
        "One title under two keys: a-2017, b-2018."
    ]


def test_an_article_that_cites_nothing_is_found(folder):
    assert found(folder, "no_source") == []
    text = (folder / "nerves.md").read_text(encoding="utf-8")
    (folder / "nerves.md").write_text(re.sub(r" ?\[@[a-z0-9-]+\]", "", text), encoding="utf-8")
    (finding,) = found(folder, "no_source")
    assert (finding.where, "sources.toml" in finding.message) == ("nerves.md", True)


def test_a_page_to_look_words_up_in_may_be_long(folder):
    for name in ("golf.md", "nerves.md"):
        change(folder, name, "A fact.", "Walk. " * 1500 + "A fact.")
    assert [finding.where for finding in found(folder, "too_long")] == ["golf.md", "nerves.md"]
    (folder / "nerves.md").rename(folder / "glossary.md")
    assert [finding.where for finding in found(folder, "too_long")] == ["golf.md"]


def test_a_topic_or_sport_without_an_article_is_found(folder):
    for name, last in (("topics", "summary"), ("sports", "load")):
        with (folder / f"{name}.toml").open("a", encoding="utf-8") as file:
            file.write(f'\n[curling]\nname = "Curling"\n{last} = "Sweeping."\nposition = 99\n')
    assert [finding.where for finding in found(folder, "no_article")] == [
        "topics.toml [curling]", "sports.toml [curling]",
    ]  # fmt: skip


def test_what_other_parts_of_the_site_need_is_there(folder, monkeypatch):
    monkeypatch.setattr(lint, "NEEDS", [lambda: [("rule a", "golf"), ("rule b", "gone"), ("sport c", None)]])
    assert [f"{finding.where}: {finding.message}" for finding in found(folder, "no_article")] == [
        "rule b: It needs the article gone.", "sport c: It names no article.",
    ]  # fmt: skip


def test_the_reading_list_names_every_level_rule_and_sport():
    names = [who for who, _ in reading_list.list_needed_articles()]
    assert {"level urgent", "level soon", "level self_care", "sport golf", "sport skiing"} <= set(names)
    assert not {"sport none", "sport other", "level emergency"} & set(names)
    assert {f"rule {rule.code}" for rule in PROTOCOL.rules if rule.articles} <= set(names)


def test_a_picture_without_words_is_found(monkeypatch):
    monkeypatch.setattr(drawings, "list_drawings", lambda: [("golf", "A golfer"), ("tennis", "")])
    assert [finding.where for finding in lint.lint_drawings(None)] == ["tennis"]


@pytest.fixture
def two(folder):
    """Two articles whose own words are not the same, each with what is said in both: two(text)."""

    def make(text):
        for number, name in enumerate(("golf.md", "nerves.md")):
            head = (folder / name).read_text(encoding="utf-8").partition("\n+++\n")[0]
            own = " ".join(f"word{number}x{place}" for place in range(200))
            (folder / name).write_text(f"{head}\n+++\n{own}\n\n{text}\n", encoding="utf-8")
        return found(folder, "shared_passage")

    return make


def test_a_passage_that_two_articles_share_is_found(two):
    (finding,) = two(SENTENCE * 3)
    assert finding.where == "golf.md and nerves.md"
    assert "They share 63 words" in finding.message
    assert "“we walk up the hill" in finding.message


def test_many_sentences_that_two_articles_share_are_found(two):
    assert two("\n\n".join(f"{SENTENCE} {number}" for number in "abcd")) == []
    assert len(two("\n\n".join(f"{SENTENCE} {number}" for number in "abcde"))) == 1


def test_the_words_of_signs_may_be_the_same_on_every_page(two):
    assert two("::: urgent\n" + "".join(f"- {SENTENCE}{number}\n" for number in range(9)) + ":::\n") == []


def test_the_command_prints_the_table_and_fails_with_named_findings(folder, capsys):
    change(folder, "golf.md", "A fact.", "See [the check](/chekc/). A fact.")
    with pytest.raises(CommandError, match=r"\d+ things? to put right"):
        call_command("lint_articles", folder=folder)
    printed = capsys.readouterr().out
    assert "broken_link: golf.md:" in printed
    assert "nerves  " in printed


def test_the_command_says_when_all_is_well(monkeypatch, capsys):
    monkeypatch.setattr(lint, "lint_articles", lambda files: ())
    monkeypatch.setattr(lint, "count_articles", lambda files: ())
    call_command("lint_articles")
    assert "nothing to put right" in capsys.readouterr().out


def test_the_command_says_which_file_it_cannot_read(folder):
    (folder / "golf.md").write_text("no front matter", encoding="utf-8")
    with pytest.raises(CommandError, match=r"golf\.md: front matter"):
        call_command("lint_articles", folder=folder)


def test_the_claim_table_names_article_claim_source_address_and_day(own):
    rows = list(csv.DictReader(StringIO(claims.format_claims_csv(own))))
    assert len(rows) > 300
    assert all(all(row[column] for column in claims.COLUMNS) for row in rows)
    assert {row["article"] for row in rows} == {file.slug for file in own.files}


def test_a_stale_claim_table_is_refused(settings, tmp_path, monkeypatch):
    monkeypatch.setattr(loader, "read_starter", lambda: None)
    monkeypatch.setattr(claims, "format_claims_csv", lambda files: "article,claim\ngolf,a claim\n")
    settings.BASE_DIR = tmp_path
    (tmp_path / "docs").mkdir()
    with pytest.raises(CommandError, match="out of date"):
        call_command("claim_table", check=True)
    call_command("claim_table")
    call_command("claim_table", check=True)
    (tmp_path / "docs/claims.csv").write_text("old", encoding="utf-8")
    with pytest.raises(CommandError, match="out of date"):
        call_command("claim_table", check=True)
