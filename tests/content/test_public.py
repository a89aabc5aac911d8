import pytest

from content.public import article_links

pytestmark = pytest.mark.django_db


def test_links_come_in_the_order_asked_for_in_one_query(add, django_assert_num_queries):
    add("overuse", title="Overuse")
    add("nerves", title="Nerves")
    with django_assert_num_queries(1):
        assert article_links(["overuse", "nerves"]) == [
            {"slug": "overuse", "title": "Overuse", "address": "/causes/overuse/"},
            {"slug": "nerves", "title": "Nerves", "address": "/causes/nerves/"},
        ]


def test_unknown_withdrawn_and_unapproved_articles_are_left_out(add):
    add("gone", place={"withdrawn": True})
    add("draft", approved_at=None)
    assert article_links(["gone", "draft", "nowhere"]) == []
