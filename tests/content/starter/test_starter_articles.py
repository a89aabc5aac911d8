"""The articles that come with the site, loaded and read page by page."""

import re

import pytest
from django.test import Client
from django.utils.html import strip_tags

from assessment import reading_list
from assessment.protocol.back_pain import PROTOCOL
from content.models import Article, Source
from content.starter import loader
from content.text.signs import list_always_words

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
        for part in ('<img class="picture"', 'class="card urgent"', 'class="card soon"', 'class="do"', 'class="avoid"'):
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


SIGNS_PAGE = "/symptoms/signs-that-need-help-now/"
LINES = re.compile(r"<li>(.*?)</li>", re.DOTALL)


def read_card(page, level="emergency"):
    """The lines of a page's box, and all of its HTML."""
    start = page.index(f'class="card {level}"')
    card = page[start : page.index("</div></div>", start)]
    return [strip_tags(line) for line in LINES.findall(card)], card


def test_no_emergency_sign_is_more_than_one_tap_away_from_any_article(pages):
    signs, _ = reading_list.list_sign_rows()
    shown, _ = read_card(pages[SIGNS_PAGE])
    for key, sign in signs.items():
        if sign["level"] == "emergency":
            assert sum(line.startswith(sign["words"]) for line in shown) == 1, key
    for address in pages.keys() - {SIGNS_PAGE}:
        assert f'href="{SIGNS_PAGE}"' in read_card(pages[address])[1], address


def test_the_page_of_signs_shows_every_sign_that_needs_advice_today(pages):
    signs, _ = reading_list.list_sign_rows()
    shown, _ = read_card(pages[SIGNS_PAGE], "urgent")
    assert sorted(shown) == sorted(sign["words"] for sign in signs.values() if sign["level"] == "urgent")


def test_every_article_shows_the_signs_of_every_page_and_few_others(pages):
    always = list_always_words()
    for address in pages.keys() - {SIGNS_PAGE}:
        shown, _ = read_card(pages[address])
        for sign in always:
            assert any(line.startswith(sign.partition(", such as ")[0]) for line in shown), (address, sign)
        assert len(shown) <= 21, address


# What an article's box said that others did not, before signs came from the register: nothing of it may get lost.
SPECIAL = {
    "back-pain-in-pregnancy": [
        "pregnant-bleeding", "pregnant-tightenings", "pregnant-belly-pain", "pregnant-movements", "pregnant-fever",
        "pregnant-shoulder", "pregnant-headache", "pregnant-fall",
    ],
    "american-football": ["kidney-blow", "heat", "sickle-effort", "dark-pee", "muscle-pressure"],
    "back-pain-after-60": ["sudden-60", "kidney-waves", "fused-fall", "aneurysm"],
    "back-pain-in-teenagers": ["self-harm", "child-signs"],
    "first-days-at-home": ["weak-leg-risk", "unsteady-band", "fever-risk", "child-signs", "dark-pee"],
    "inflammation-in-the-back": ["fused-fall"],
    "injections": ["fever-risk", "operation-leak", "operation-calf"],
    "leg-pain": ["cold-leg", "lung-clot"],
    "living-with-long-lasting-pain": ["self-harm"],
    "pain-medicines": ["overdose", "black-poop", "thinner-leg"],
    "prescription-pain-medicines": ["overdose", "black-poop"],
    "running": ["heat", "heart-effort", "dark-pee"],
    "rowing": ["dark-pee"],
    "soccer": ["kidney-blow"],
    "stress-and-sleep": ["self-harm"],
    "surgery-open-or-keyhole": ["operation-leak", "operation-calf", "fever-risk"],
    "three-months-or-longer": ["self-harm"],
    "upper-and-middle-back-pain": ["heart-pressure", "heart-effort", "sudden-high"],
    "water-and-salts": ["heat", "dark-pee"],
    "weightlifting": ["muscle-pressure"],
    "when-it-is-not-your-back": ["kidney-waves", "upper-belly", "pregnant-shoulder", "kidney-fever"],
}  # fmt: skip


@pytest.mark.parametrize("slug", SPECIAL)
def test_a_page_shows_what_is_special_to_it(pages, slug):
    signs, _ = reading_list.list_sign_rows()
    (page,) = (page for address, page in pages.items() if address.endswith(f"/{slug}/"))
    shown, _ = read_card(page)
    for key in SPECIAL[slug]:
        assert signs[key]["words"] in shown, key


def test_a_sports_page_names_the_accidents_of_its_sport(pages):
    for address, example in (("/sports/gymnastics/", "a fall from the bars"), ("/sports/cycling/", "a crash at speed")):
        shown, _ = read_card(pages[address])
        assert any(line.startswith(f"you had a serious accident, such as {example}") for line in shown), address


def test_no_article_claims_a_clinical_review(pages):
    assert all("Not yet clinically reviewed." in page for page in pages.values())
