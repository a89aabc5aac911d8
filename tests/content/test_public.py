import pytest

from assessment import reading_list
from content.public import find_article_links, register_sources
from content.starter import loader

pytestmark = pytest.mark.django_db


def test_links_come_in_the_order_asked_for_in_one_query(add, django_assert_num_queries):
    add("overuse", title="Overuse")
    add("nerves", title="Nerves")
    with django_assert_num_queries(1):
        assert find_article_links(["overuse", "nerves"]) == [
            {"slug": "overuse", "title": "Overuse", "address": "/causes/overuse/"},
            {"slug": "nerves", "title": "Nerves", "address": "/causes/nerves/"},
        ]


def test_unknown_withdrawn_and_unapproved_articles_are_left_out(add):
    add("gone", place={"withdrawn": True})
    add("draft", approved_at=None)
    assert find_article_links(["gone", "draft", "nowhere"]) == []


def test_the_site_registers_the_sources_of_its_rules():
    assert reading_list.list_source_rows in loader.REGISTERS


def test_a_register_that_is_given_twice_counts_once(monkeypatch):
    monkeypatch.setattr(loader, "REGISTERS", [])
    for _ in range(2):
        register_sources(reading_list.list_source_rows)
    (only,) = loader.REGISTERS
    assert only is reading_list.list_source_rows
