import re
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from content.models import Article, Source, Version
from content.text.signs import list_signs_in_short
from content.web.views import FIRST_STEPS

pytestmark = pytest.mark.django_db

LONG = """Answer first.

## One
Rare. [@who-2023; @henschke-2009]

## Two
x

## Three
x
"""


def page(client, address, status=200):
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode()


def test_the_first_page_offers_the_check_the_topics_and_the_sports(client, add, sports, golf):
    add()
    add("golf", title="Golf", place={"topic": sports, "sport": golf})
    found = page(client, "/")
    for address in (reverse("check"), "/causes/", "/sports/", "/sports/golf/"):
        assert f'href="{address}"' in found


def test_the_first_page_names_signs_of_the_register_before_the_three_steps_and_these_before_the_check(client, add):
    add()
    found = page(client, "/")
    main = found[found.index("<main") :]
    places = [
        main.index(words) for words in (list_signs_in_short(), "Ease it", "Get up safely", "Walk a little", "Start")
    ]
    assert places == sorted(places)
    assert "numb between your legs" in list_signs_in_short().lower()


def test_each_first_step_leads_to_a_section_that_the_starter_articles_have(client):
    call_command("load_articles", verbosity=0)
    home = page(client, "/")
    for step in FIRST_STEPS:
        address = Article.objects.get(slug=step.article).get_absolute_url()
        assert f'href="{address}#{step.section}"' in home
        assert f' id="{step.section}"' in page(client, address)


def test_a_first_step_whose_article_is_not_shown_stands_without_a_link(client):
    found = page(client, "/")
    assert "Ease it" in found
    assert "first-days-at-home" not in found


def test_the_first_page_of_an_empty_site_still_offers_the_check(client):
    assert "There are no articles yet" in page(client, "/")


def test_a_topic_lists_its_articles_only(client, add, sports, golf):
    add()
    add("golf", title="Golf", place={"topic": sports, "sport": golf})
    found = page(client, "/causes/")
    assert "Too much, too soon." in found
    assert "/sports/golf/" not in found


def test_an_article_shows_its_words_and_where_it_stands(client, add):
    add()
    found = page(client, "/causes/overuse/")
    assert "<h1>Overuse</h1>" in found
    assert '<p class="lead">Too much, too soon.</p>' in found
    assert 'href="/causes/"' in found
    assert "<title>Overuse - Back Spasm Clinic</title>" in found


def test_a_long_article_lists_its_headings(client, add):
    add(body=LONG)
    assert '<a href="#two">Two</a>' in page(client, "/causes/overuse/")


def test_no_heading_takes_an_id_that_the_page_gives_one_of_its_own_parts(client, add, sports, golf, sources):
    figure = {"label": "Golfers", "percent": 34, "of": "1,170 golfers", "source": "who-2023"}
    golfing = add("golf", body=LONG, figures=[figure], place={"topic": sports, "sport": golf})
    golfing.related.add(add())
    own = set(re.findall(r' id="([^"]+)"', page(client, "/sports/golf/"))) - {"one", "two", "three", "source-2"}
    assert {"check", "about", "on-this-page", "figures", "related", "sources", "source-1", "feedback-text"} <= own
    headings = "".join(f"## {id.replace('-', ' ')}\n\nx [@who-2023]\n\n" for id in sorted(own))
    add("taken", body=headings, figures=[figure]).related.add(golfing)
    ids = re.findall(r' id="([^"]+)"', page(client, "/causes/taken/"))
    assert own <= set(ids)
    assert [id for id in set(ids) if ids.count(id) > 1] == []
    assert len(ids) == 2 * len(own)


def test_a_short_article_has_no_list_of_headings(client, add):
    add()
    assert "On this page" not in page(client, "/causes/overuse/")


def test_sources_are_listed_in_the_order_they_are_cited(client, add, sources):
    add(body=LONG)
    found = page(client, "/causes/overuse/")
    assert '<li id="source-1" tabindex="-1"><a href="https://example.org/who-2023">' in found
    assert '<li id="source-2" tabindex="-1"><a href="https://example.org/henschke-2009">' in found
    assert 'href="#source-2" aria-label="source 2"' in found


def test_a_source_without_a_year_says_so(client, add, sources):
    Source.objects.update(year=None)
    add(body="Rare. [@who-2023]\n")
    assert "A journal, no date." in page(client, "/causes/overuse/")


def test_a_citation_without_its_source_is_no_error(client, add):
    add(body="Rare [@gone-2001].\n")
    assert "Rare [@gone-2001]." in page(client, "/causes/overuse/")


def test_a_sport_page_shows_its_load_and_published_figures(client, add, sports, golf, sources):
    figure = {"label": "Golfers with pain", "percent": 37.3, "of": "1,170 golfers", "source": "who-2023"}
    add("golf", place={"topic": sports, "sport": golf}, figures=[figure])
    found = page(client, "/sports/golf/")
    assert "A fast, one-sided swing." in found
    assert "Golfers with pain: <strong>37.3%</strong>" in found
    assert 'Out of: 1,170 golfers<sup><a href="#source-1"' in found
    assert '<li id="source-1" tabindex="-1"><a href="https://example.org/who-2023">' in found


def test_related_articles_are_linked_and_withdrawn_ones_are_not(client, add):
    article = add()
    article.related.set([add("nerves", title="Nerves"), add("gone", title="Gone", place={"withdrawn": True})])
    found = page(client, "/causes/overuse/")
    assert 'href="/causes/nerves/"' in found
    assert "Gone" not in found


def test_words_that_came_with_the_site_are_not_said_to_be_of_the_clinics_editors(client, add):
    add()
    assert "Written by the makers of this website, " in page(client, "/causes/overuse/")


def test_words_of_an_editor_are_said_to_be_of_the_clinics_editors_and_of_no_named_one(client, add, editor, colleague):
    add(author=editor, approved_by=colleague("Approvers"))
    found = page(client, "/causes/overuse/")
    assert "Written by the editors of Back Spasm Clinic, " in found
    assert "edith" not in found


def test_the_list_of_sources_is_folded_with_its_places_inside(client, add, sources):
    add(body="Rare. [@who-2023]\n")
    fold = page(client, "/causes/overuse/").split("<summary>Sources (1)</summary>")[1].split("</details>")[0]
    assert 'id="sources"' in fold
    assert 'id="source-1"' in fold


def test_an_article_says_that_no_clinician_has_reviewed_it(client, add):
    add()
    assert "Not yet clinically reviewed." in page(client, "/causes/overuse/")


def test_an_article_says_who_reviewed_it_and_when(client, add):
    day = timezone.localdate().replace(month=3, day=9)
    add(clinically_reviewed_by="A. Clinician", clinically_reviewed_on=day)
    found = page(client, "/causes/overuse/")
    assert f"Clinically reviewed by A. Clinician on 9 March {day.year}." in found
    assert "Not yet" not in found


def test_an_article_whose_review_is_overdue_says_so(client, add):
    add(review_due=timezone.localdate() - timedelta(1))
    assert "This page is due for a review." in page(client, "/causes/overuse/")


def test_an_article_whose_review_is_due_today_is_not_overdue(client, add):
    add(review_due=timezone.localdate())
    assert "This page is due for a review." not in page(client, "/causes/overuse/")


MOVES = "### Bridge\n\n::: figure bridge-1\nx\n:::\n\n::: steps\n1. Lift your hips.\n:::\n"


def test_an_article_with_moves_links_to_its_page_to_print_which_names_the_article(client, add):
    add(body=MOVES)
    assert 'href="/causes/overuse/sheet/"' in page(client, "/causes/overuse/")
    found = page(client, "/causes/overuse/sheet/")
    assert "Lift your hips." in found
    assert "From http://testserver/causes/overuse/, " in found
    assert "Not yet clinically reviewed." in found


def test_an_article_without_moves_has_no_page_to_print_and_its_address_leads_to_the_article(client, add):
    add()
    assert "/sheet/" not in page(client, "/causes/overuse/")
    assert client.get("/causes/overuse/sheet/").headers["Location"] == "/causes/overuse/"


def test_the_page_to_print_of_an_article_that_is_not_shown_is_not_found(client, add):
    add(body=MOVES, approved_at=None)
    page(client, "/causes/overuse/sheet/", 404)


@pytest.mark.parametrize("address", ["/nope/", "/causes/nope/", "/sports/overuse/", "/causes/overuse/more/", "/x.html"])
def test_anything_else_is_not_found(client, add, address):
    add()
    assert "We cannot find that page" in page(client, address, 404)


def test_a_withdrawn_article_is_not_found(client, add):
    add(place={"withdrawn": True})
    page(client, "/causes/overuse/", 404)


def test_an_unapproved_article_is_not_found(client, add):
    add(approved_at=None)
    page(client, "/causes/overuse/", 404)


def test_an_article_takes_three_queries(client, add, sources, django_assert_max_num_queries):
    article = add(body=LONG)
    article.related.set([add("nerves"), add("rest")])
    with django_assert_max_num_queries(3):
        page(client, "/causes/overuse/")


@pytest.mark.parametrize("address", ["/", "/causes/"])
def test_lists_of_articles_take_two_queries(client, add, address, django_assert_max_num_queries):
    add()
    add("nerves")
    with django_assert_max_num_queries(2):
        page(client, address)


ADDRESSES = ["/", "/causes/", "/causes/overuse/", "/sitemap.xml", "/robots.txt"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_public_page_sets_no_cookie_and_is_the_same_for_everybody(client, add, address):
    add()
    answer = client.get(address)
    assert not answer.cookies
    assert "Cookie" not in answer.headers.get("Vary", "")
    assert answer.headers["Cache-Control"] == "public, max-age=0, must-revalidate"


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_page_that_has_not_changed_is_not_sent_again(client, add, address):
    add()
    mark = client.get(address).headers["ETag"]
    answer = client.get(address, headers={"if-none-match": mark})
    assert (answer.status_code, answer.content) == (304, b"")


def test_a_page_that_has_changed_is_sent_again(client, add, words):
    article = add()
    mark = client.get("/causes/overuse/").headers["ETag"]
    article.append_version(**words(title="Newer"))
    assert client.get("/causes/overuse/", headers={"if-none-match": mark}).status_code == 200


@pytest.mark.parametrize("address", ADDRESSES)
def test_public_pages_answer_head_and_refuse_post(client, add, address):
    add()
    assert client.head(address).status_code == 200
    assert client.post(address).status_code == 405


def test_the_sitemap_names_every_published_page(client, add):
    add()
    add("gone", place={"withdrawn": True})
    found = page(client, "/sitemap.xml")
    for address in ("/", "/causes/", "/causes/overuse/"):
        assert f"<loc>http://testserver{address}</loc>" in found
    assert "gone" not in found


def test_robots_are_kept_from_checks_and_staff_pages(client):
    lines = page(client, "/robots.txt").splitlines()
    assert "Disallow: /check/" in lines
    assert "Disallow: /admin/" in lines
    assert "Sitemap: http://testserver/sitemap.xml" in lines


def test_words_are_escaped_wherever_they_stand(client, add, words):
    article = add()
    article.append_version(**words(title="<script>1</script>", summary="<b>x</b>"))
    for address in ADDRESSES:
        assert "<script>" not in page(client, address)
        assert "<b>" not in page(client, address)


def test_a_broken_page_says_where_help_is(client, add, monkeypatch):
    def broken(*args, **kwargs):
        raise RuntimeError("broken")

    add()
    client.raise_request_exception = False
    monkeypatch.setattr(Version.objects.__class__, "live", broken)
    monkeypatch.setattr(Article.objects.__class__, "published", broken)
    assert 'href="tel:911"' in page(client, "/", 500)
