"""Search: what readers type, what they find, and that nothing typed breaks it. On both databases alike."""

import logging
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.utils import timezone

from content.models import Article
from content.starter import loader
from content.text import signs
from content.web import search
from core.readability import compute_reading_grade

from .test_statements import main

pytestmark = pytest.mark.django_db

# What a reader types, and the starter articles that answer it: one of them is among the first three.
ANSWERED = {
    # Words and stems
    "golf": "golf",
    "golfing": "golf",
    "baseball pitchers": "baseball",
    "serving in tennis": "tennis",
    "back spasm feels like": "what-a-spasm-feels-like",
    "first days": "first-days-at-home",
    "overused": "overuse",
    "imbalanced muscles": "muscle-imbalance",
    "inflamed nerve": "nerves",
    "three months": "three-months-or-longer",
    "recover": "too-little-recovery sleep-and-recovery",
    "stop it from coming back": "stop-it-coming-back",
    "surgeries": "when-surgery-is-considered",
    # Slips of the finger
    "tenis": "tennis",
    "basball": "baseball",
    "sciatca": "nerves leg-pain discs",
    "sugrery": "when-surgery-is-considered",
    "muscle imbalence": "muscle-imbalance",
    "ibuprophen": "first-days-at-home pain-medicines",
    "overuse injurys": "overuse",
    # How people say it
    "slipped disc": "nerves discs",
    "trapped nerve": "nerves leg-pain",
    "put my back out": "first-days-at-home what-a-spasm-feels-like",
    "lumbago": "what-a-spasm-feels-like",
    "painkillers": "first-days-at-home pain-medicines",
    "advil": "first-days-at-home pain-medicines",
    "won't go away": "three-months-or-longer",
    "physio": "without-surgery physical-therapy",
    "CIÁTICA": "nerves leg-pain",
    "red flags": "signs-that-need-help-now",
}
# What must be answered all the same.
HOSTILE = [
    "", "   ", "?", "!!!", '"', "'", '"golf', "golf\"'--", "golf AND", "NEAR(golf tennis)", "title:golf OR *", "golf*",
    "' OR 1=1; DROP TABLE content_search; --", "gol\0f", "golf " * 2000, "x" * 10_000, "🏌️🎾 ❤️", "ظهر تشنج",
    "\u202egolf", "<script>alert(1)</script>", "%s %(x)s {0} {{ x }}", "\ud7ff\ufffe\U0010ffff", "' & | ! <-> :*",
    "^golf (tennis) {a}",
]  # fmt: skip


@pytest.fixture(autouse=True)
def no_words_of_other_tests():
    """A version's pk stands for its words for ever, but each test begins to count anew."""
    search.load_vocabulary.cache_clear()


@pytest.fixture
def loaded(db):
    loader.load_starter(loader.read_starter())


def slugs(query):
    return [version.article.slug for version, _, _ in search.find_articles(query).results]


def page(client, query, status=200):
    answer = client.get("/search/", {"q": query})
    assert answer.status_code == status
    return answer.content.decode()


# --- What is found ---------------------------------------------------------------------------------------------------
def test_readers_find_the_article_among_the_first_three(loaded):
    found = {query: slugs(query)[:3] for query in ANSWERED}
    assert {query: first for query, first in found.items() if not set(ANSWERED[query].split()) & set(first)} == {}


def test_nothing_that_is_typed_breaks_the_page(loaded, client):
    for query in HOSTILE:
        found = page(client, query)
        assert found.count("<h1>") == 1, query
        assert "<script>" not in found, query
        assert "\0" not in found, query
        assert "\u202e" not in found, query
        assert 'class="card' not in found, query


def test_what_stands_in_the_title_comes_before_the_summary_the_headings_and_the_text(add):
    add("in-text", title="A", summary="B", body="Much about kites and wind.\n")
    add("in-heading", title="B", summary="B", body="## Kites\n\nAbout wind.\n")
    add("in-summary", title="C", summary="About kites", body="Wind.\n")
    add("in-title", title="Kites", summary="B", body="Wind.\n")
    for number in range(4):
        add(f"other-{number}", title="Other", summary="Other", body="Something else.\n")
    assert slugs("kite") == ["in-title", "in-summary", "in-heading", "in-text"]


def test_folded_words_and_the_title_of_a_fold_are_found(add):
    add("folded", body="::: fold About kites\nWind and weather.\n:::\n")
    add("other", body="Something else.\n")
    assert slugs("kite") == slugs("weather") == ["folded"]


def test_a_rare_word_counts_more_than_a_common_one(add):
    add("rare", title="Stenosis", body="Pain.\n")
    for number in range(5):
        add(f"common-{number}", title="Pain", body="Pain and pain and pain.\n")
    assert slugs("pain stenosis")[0] == "rare"


def test_a_page_to_look_words_up_in_comes_after_the_page_about_them(add):
    add("glossary", title="Words and kites", body="Kites, kites and kites.\n")
    add("kites", title="Flying", body="Kites.\n")
    for number in range(4):
        add(f"other-{number}", title="Other", body="Something else.\n")
    assert slugs("flying kites") == ["kites", "glossary"]


def test_a_rare_word_does_not_hide_what_fits_the_others(add):
    add("kites", title="Kites")
    for number in range(3):
        add(f"kite-{number}", title="Other", body="A kite.\n")
    add("elbow", title="Other", body="An elbow.\n")
    for number in range(4):
        add(f"other-{number}", title="Other", body="Something else.\n")
    assert {"kites", "elbow"} <= set(slugs("kite elbow"))


def test_the_care_boxes_that_every_page_has_do_not_count(add):
    add(body="Words.\n\n::: emergency\n- chest pain\n:::\n")
    assert slugs("chest") == []


def test_the_title_of_another_article_in_a_link_does_not_count(add):
    add(body="Read about [flying kites](/causes/kites/).\n")
    assert slugs("kites") == []


def test_a_search_shows_ten_results_at_most(add):
    for number in range(12):
        add(f"a-{number}", title=f"Kites {number}")
    assert len(slugs("kites")) == 10


# --- The index is always true ----------------------------------------------------------------------------------------
def test_a_new_version_is_found_by_its_new_words_and_not_by_its_old_ones(add, words):
    article = add(title="Kites")
    assert slugs("kites") == ["overuse"]
    article.append_version(**words(title="Balloons"))
    assert (slugs("kites"), slugs("balloons")) == ([], ["overuse"])


def test_a_draft_is_not_found(add, words):
    article = add(title="Kites")
    article.append_version(**words(title="Balloons", approved_at=None))
    assert (slugs("balloons"), slugs("kites")) == ([], ["overuse"])


def test_a_withdrawn_article_is_not_found_any_more(add):
    article = add(title="Kites")
    assert slugs("kites")
    Article.objects.filter(pk=article.pk).update(withdrawn=True)
    assert slugs("kites") == []


def test_a_scheduled_version_is_found_from_its_time_on_without_cron(add, words, monkeypatch):
    article = add(title="Kites")
    article.append_version(**words(title="Balloons", publish_at=timezone.now() + timedelta(hours=1)))
    assert slugs("balloons") == []
    later = timezone.now() + timedelta(hours=2)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert (slugs("kites"), slugs("balloons")) == ([], ["overuse"])


def test_search_answers_when_the_index_cannot_be_written(add, words, monkeypatch, caplog):
    article = add(title="Kites")
    assert slugs("kites")
    article.append_version(**words(title="Balloons"))
    monkeypatch.setattr(search, "update_index", lambda: (_ for _ in ()).throw(DatabaseError("disk full")))
    with caplog.at_level(logging.WARNING):
        assert slugs("balloons") == []
    assert "search index" in caplog.text
    assert "balloons" not in caplog.text


def test_the_command_writes_the_index_anew(add, capsys):
    add(title="Kites")
    search.update_index()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE content_search SET title = 'wrong'")
    call_command("index_search")
    assert "holds 1 articles" in capsys.readouterr().out
    assert slugs("kites") == ["overuse"]


def test_loading_articles_brings_the_index_up_to_date(db):
    call_command("load_articles", verbosity=0)
    assert search.load_indexed_keys() == set(search.load_live_versions())


# --- What was typed --------------------------------------------------------------------------------------------------
def test_a_guess_is_said_and_what_was_typed_stays_in_the_field(add, client):
    add(title="Sciatica")
    found = page(client, "sciatca")
    assert "We also looked for “sciatica”." in found
    assert 'value="sciatca"' in found


def test_two_words_written_as_one_are_found(add):
    add(title="Warm days", body="Hot water.\n")
    assert slugs("hotwater") == ["overuse"]


def test_the_beginning_of_a_word_is_enough(add):
    add(title="Spondylolysis")
    assert slugs("spondylo") == ["overuse"]


def test_accents_and_case_make_no_difference(add):
    add(title="Kites")
    assert slugs("KÍTÉS") == ["overuse"]


def test_found_words_are_marked_and_nothing_else_gets_through(add, client):
    add(title="<b>Kites</b>", summary="Fly a kite & more")
    found = page(client, "kites")
    assert "&lt;b&gt;<mark>Kites</mark>&lt;/b&gt;" in found
    assert "Fly a <mark>kite</mark> &amp; more" in found


def test_every_synonym_leads_to_words_and_not_to_a_sentence():
    for phrase, others in search.load_search_words()["synonyms"].items():
        assert 0 < len(phrase) <= 5
        assert others
        assert all(len(other.split()) <= 3 for other in others), phrase


@pytest.mark.parametrize(
    "query",
    [
        "can't pee", "cant pee", "trouble peeing", "unable to urinate", "lost control of bladder", "numb between legs",
        "numbness between my legs", "numb groin", "cauda equina", "saddle numbness", "chest pain", "chset pain",
        "pain in my chest", "can't breathe", "both legs weak", "my legs are numb both", "passed out", "car crash",
        "tearing pain in back", "my legs are numb", "cant feel my legs", "blacked out",
        "cola colored pee", "pooped myself", "paralysed", "nubm between legs", "wet myself", "hit by a car",
        "pregnant and bleeding", "black poop", "coughing blood", "overdose", "pins and needles in both legs",
    ],
)  # fmt: skip
def test_a_sign_that_needs_help_now_shows_that_first(client, add, query):
    add()
    found = page(client, query)
    main_part = found[found.index("<main") :]
    assert main_part.index('class="card emergency"') < main_part.index("<h1>")
    assert 'href="tel:911"' in main_part
    assert "/symptoms/signs-that-need-help-now/" in main_part


def test_the_card_shows_the_signs_in_the_words_of_the_register(client, add):
    add()
    found = page(client, "numb between my legs and bleeding, pregnant")
    for key in ("numb-saddle", "pregnant-bleeding"):
        assert f"<li>{signs.load_register().signs[key].words}" in found
    assert "leak, even if it may be pee (call your maternity unit first)</li>" in found
    assert signs.load_register().signs["chest"].words not in found


def test_every_entry_of_words_for_signs_names_emergency_signs_of_the_register():
    named = [keys for _, keys in search.load_search_words()["now"]]
    assert all(named)
    register = signs.load_register().signs
    assert {register[key].level for keys in named for key in keys} == {"emergency"}
    assert set(signs.load_register().list_members(signs.ALWAYS)) <= {key for keys in named for key in keys}


def test_without_a_register_the_card_leads_to_the_signs(client, add, monkeypatch):
    monkeypatch.setattr(signs, "REGISTERED", [])
    add()
    assert "Some signs cannot wait" in page(client, "numb between legs")


@pytest.mark.parametrize(
    "query", ["leg pain", "numb between my legs", "pain relief", "stretching", "heat", "cannot stand", "sciatica"]
)
def test_sports_nobody_asked_for_are_not_shown(loaded, query):
    found = search.find_articles(query).results
    assert found
    assert [version.article.slug for version, _, _ in found if version.article.sport] == []


@pytest.mark.parametrize(
    ("query", "sports"),
    [
        ("golf", {"golf"}),
        ("golv", {"golf"}),
        ("leg pain in tennis", {"tennis"}),
        ("football", {"american-football", "soccer"}),
        ("spasm when i run", {"running"}),
        ("karate", {"combat-sports"}),
    ],
)
def test_sports_are_shown_by_their_names_and_by_words_that_only_they_have(loaded, query, sports):
    found = search.find_articles(query).results
    assert sports <= {version.article.slug for version, _, _ in found if version.article.sport}


def test_whoever_looks_for_sports_sees_sports(loaded):
    assert any(version.article.sport for version, _, _ in search.find_articles("back pain in sports").results)


def test_without_a_result_the_clinic_can_be_called(add, client, settings):
    add()
    assert 'href="tel:+15550100"' not in page(client, "zebra")
    settings.CLINIC = {**settings.CLINIC, "phone": "+1 555 0100"}
    assert 'href="tel:+15550100"' in page(client, "zebra")


@pytest.mark.parametrize(
    "query",
    [
        "golf",
        "back pain",
        "sciatica leg pain",
        "how long",
        "physio",
        "numb toe",
        "sleep",
        "numb leg",
        "weak leg",
        "pain between shoulder blades",
        "legs hurt when I walk",
        "both sides hurt",
        "kidney stone passed",
        "hard to sleep",
        "fell in love with golf",
        "back pain after running",
        "sharp pain when i breathe",
        "hurt myself lifting",
        "dead leg feels better",
        "diet and weight",
    ],
)
def test_other_words_show_no_card(client, add, query):
    add()
    assert 'class="card' not in page(client, query)


@pytest.mark.parametrize("query", ["suicide", "want to die", "i want to kill myself"])
def test_words_of_despair_show_the_crisis_line_and_no_articles(client, add, query):
    add(title="Die want kill suicide")
    found = page(client, query)
    assert 'href="tel:988"' in found
    assert "/causes/overuse/" not in found
    assert "Nothing here fits" not in found


# --- The page --------------------------------------------------------------------------------------------------------
def test_the_number_of_results_is_said_in_words(add, client):
    add(title="Kites")
    assert "One page fits “kites”." in page(client, "kites")
    add("more", title="More kites")
    assert "Two pages fit “kites”." in page(client, "kites")


def test_a_result_shows_title_topic_summary_and_address(add, client):
    add(title="Kites")
    found = page(client, "kites")
    for part in ('href="/causes/overuse/"', "<p><strong>Causes</strong></p>", "<p>Too much, too soon.</p>"):
        assert part in found


@pytest.mark.parametrize("query", ["", "zebra", "..."])
def test_without_a_result_the_page_says_what_else_to_do(add, client, query):
    add()
    found = page(client, query)
    for part in ('href="/check/"', 'href="/causes/"', 'href="/a-z/"', "signs-that-need-help-now"):
        assert part in found


def test_the_page_is_easy_to_read(loaded, client):
    for query in ("", "golf", "zebra", "chest pain", "want to die"):
        assert compute_reading_grade(main(client, f"/search/?q={query}")) <= 6, query


def test_the_page_is_kept_nowhere_and_sets_no_cookie(add, client):
    add()
    answer = client.get("/search/?q=sciatica")
    assert answer.headers["Cache-Control"] == "no-store, private"
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert not answer.cookies
    assert '<meta name="robots" content="noindex">' in answer.content.decode()


def test_what_was_typed_stands_in_no_log(add, client, caplog):
    add()
    with caplog.at_level(logging.DEBUG):
        client.get("/search/?q=sciatica")
        client.post("/search/?q=sciatica")
    # The database's own log of statements is on in debug mode only.
    assert not [r for r in caplog.records if "sciatica" in r.getMessage() and r.name != "django.db.backends"]


def test_what_was_typed_does_not_stand_in_the_title_of_the_page(add, client):
    add(title="Kites")
    found = page(client, "kites")
    assert "kites" not in found[found.index("<title>") : found.index("</title>")]


def test_search_is_to_be_asked_with_get(client):
    assert client.post("/search/").status_code == 405
    assert client.head("/search/?q=golf").status_code == 200


def test_a_search_takes_four_queries_at_most(add, client, django_assert_max_num_queries):
    add("golf", title="Golf swing")
    search.update_index()
    for query in ("golf swing", "golff", "zebra", "", "can't pee"):
        search.load_vocabulary.cache_clear()
        with django_assert_max_num_queries(4):
            client.get("/search/", {"q": query})


def test_a_long_question_is_cut_and_answered(add, client):
    add(title="Kites")
    assert 'value="kites ' in page(client, "kites " + "x" * 10_000)


def test_home_and_every_page_lead_to_search(add, client):
    add()
    assert 'role="search"' in client.get("/").content.decode()
    for address in ("/", "/causes/overuse/", "/privacy/", "/nowhere/"):
        assert 'href="/search/"' in client.get(address).content.decode()


def test_search_works_on_an_empty_site(db, client):
    assert "Nothing here fits “golf”." in page(client, "golf")


def test_a_withdrawn_article_is_not_found_though_the_index_cannot_be_written(add, monkeypatch):
    add("kites", title="Kites")
    add("winds", title="Kites and winds")
    assert set(slugs("kites")) == {"kites", "winds"}
    monkeypatch.setattr(search, "update_index", lambda: (_ for _ in ()).throw(DatabaseError("disk full")))
    Article.objects.filter(slug="kites").update(withdrawn=True)
    assert slugs("kites") == ["winds"]
