"""The articles that come with the site, loaded and read page by page."""

import re

import pytest
from django.test import Client

from assessment.protocol.back_pain import PROTOCOL
from content.models import Article, Source
from content.starter import loader

from ...undone import roll_back_changes


@pytest.mark.django_db
def test_the_sources_that_its_articles_cite_are_loaded_and_no_other_of_the_register():
    files = loader.read_starter()
    loader.load_starter(files)
    assert files.own == {}
    assert set(Source.objects.values_list("key", flat=True)) == set().union(*map(loader.list_cited_keys, files.files))


@pytest.fixture(scope="module")
def pages(django_db_setup, django_db_blocker):
    """The text of every article's page by address."""
    with django_db_blocker.unblock(), roll_back_changes():
        loader.load_starter(loader.read_starter())
        addresses = [article.get_absolute_url() for article in Article.objects.published()]
        answers = {address: Client().get(address) for address in addresses}
    assert {answer.status_code for answer in answers.values()} == {200}
    return {address: answer.content.decode() for address, answer in answers.items()}


def test_there_are_the_articles_patients_were_promised(pages):
    assert len(pages) >= 28


def test_every_sport_one_can_name_in_the_check_has_its_article(pages):
    named = {option.code for option in PROTOCOL.question("sport").options} - {"other", "none"}
    assert PROTOCOL.sport_articles.keys() == named
    assert {f"/sports/{slug}/" for slug in PROTOCOL.sport_articles.values()} <= pages.keys()


def test_every_article_about_a_sport_shows_its_load_and_says_when_to_see_someone(pages):
    for address in (address for address in pages if address.startswith("/sports/")):
        for part in ('<svg class="picture"', 'class="card urgent"', 'class="card soon"', 'class="do"', 'class="avoid"'):
            assert pages[address].count(part) == 1, (address, part)


def test_every_link_inside_a_page_has_its_target(pages):
    for address, page in pages.items():
        ids = re.findall(r'\sid="([^"]+)"', page)
        assert len(ids) == len(set(ids)), address
        assert set(re.findall(r'href="#([^"]+)"', page)) <= set(ids), address


def test_every_citation_has_its_source_and_every_source_is_cited(pages):
    for address, page in pages.items():
        assert "[@" not in page, address
        cited = set(re.findall(r'href="#(source-\d+)"', page))
        assert cited == set(re.findall(r'<li id="(source-\d+)"', page)), address
        assert cited, address


def test_every_article_has_one_emergency_card(pages):
    assert {address: page.count('class="card emergency"') for address, page in pages.items()} == dict.fromkeys(pages, 1)


def test_no_article_claims_a_clinical_review(pages):
    assert all("Not yet clinically reviewed." in page for page in pages.values())
