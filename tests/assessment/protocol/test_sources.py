"""The register of sources: what it refuses, and that nothing in it is idle."""

import pytest

from assessment.protocol import judging, signs, sources
from assessment.protocol.back_pain import PROTOCOL
from assessment.protocol.model import Level, Rule, chosen
from content.starter import loader

BOOK = '[book-2020]\ntitle = "A book"\nbody = "A publisher"\nyear = 2020\nurl = "https://example.org/book"\n'
PAGE = '[page]\ntitle = "A page"\nbody = "A clinic"\nurl = "https://example.org/page/"\nchecked = 2026-01-01\n'


@pytest.fixture
def register(tmp_path):
    """register(text): the register with this text."""

    def read(text):
        file = tmp_path / "sources.toml"
        file.write_text(text, encoding="utf-8")
        sources.load_sources.cache_clear()
        return sources.load_sources(file)

    yield read
    sources.load_sources.cache_clear()


def test_a_source_is_read_with_its_year_and_the_day_it_was_seen(register):
    book, page = register(BOOK + PAGE).values()
    assert (book.title, book.body, book.year, book.url) == ("A book", "A publisher", 2020, "https://example.org/book")
    assert (book.checked, page.year, page.checked) == ("", 0, "2026-01-01")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[", "sources.toml cannot be read: "),
        (BOOK + BOOK, r"sources.toml cannot be read: .*'book-2020'"),
        (BOOK.replace('title = "A book"\n', ""), r"\[book-2020\]: title is missing"),
        (BOOK.replace('"A publisher"', '""'), r"\[book-2020\]: body is missing"),
        (BOOK.replace("2020\n", '"2020"\n'), r"\[book-2020\]: year is not a whole number"),
        (BOOK.replace("2020\n", "true\n"), r"\[book-2020\]: year is not a whole number"),
        (PAGE.replace("2026-01-01", '"2026-01-01"'), r"\[page\]: checked is not a date"),
        (PAGE.replace("2026-01-01", "2026-01-01T10:00:00"), r"\[page\]: checked is not a date"),
        (BOOK.replace("year", "yaer"), r"\[book-2020\]: yaer is not a field. The fields are: title, body, year, url, "),
        (BOOK.replace("https:", "javascript:"), r"\[book-2020\]: url is not a web address"),
        (BOOK.replace("[book-2020]", "[book_2020]"), r"\[book_2020\]: a key has small letters"),
        ("book = 1", r"\[book\]: is not a table"),
    ],
)
def test_a_register_that_cannot_be_used_is_refused_with_the_place(register, text, problem):
    with pytest.raises(sources.SourceError, match=problem):
        register(text)


@pytest.mark.parametrize("again", ["https://example.org/book", "http://www.example.org/book/"])
def test_an_address_that_stands_twice_is_refused(register, again):
    with pytest.raises(sources.SourceError, match=r"\[page\]: \[book-2020\] has this address already"):
        register(BOOK + PAGE.replace("https://example.org/page/", again))


def test_a_register_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(sources.SourceError, match=r"none\.toml cannot be read"):
        sources.load_sources(tmp_path / "none.toml")


def test_a_protocol_has_the_sources_that_its_rules_cite_and_no_other(register):
    rule = Rule("fever", Level.URGENT, when=chosen("signs", "fever"), sources=("page", "rumour"))
    assert list(sources.select_cited_sources([rule], register(BOOK + PAGE))) == ["page"]


def test_every_source_of_the_register_is_cited_by_a_rule_a_sign_an_article_or_a_judgement():
    by_articles = set().union(*map(loader.list_cited_keys, loader.read_starter().files))
    by_signs = {key for sign in signs.load_signs().signs.values() for key in sign.sources}
    judged = judging.load_judgements(PROTOCOL.code)
    by_judgements = {key for judgement in judged for key in judgement.sources} - {judging.NO_SOURCE}
    assert sources.load_sources().keys() == PROTOCOL.sources.keys() | by_signs | by_articles | by_judgements
