"""What browsers, search engines, feed readers and other sites read of our pages."""

import html
import json
import re
from datetime import timedelta
from urllib.parse import urljoin, urlsplit
from xml.etree import ElementTree

import pytest
from django.utils import timezone
from PIL import Image

from content.models import Article, Source
from content.starter import loader

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def page(client, address, status=200):
    answer = client.get(address)
    assert answer.status_code == status, address
    return answer.content.decode()


def data(client, address="/causes/overuse/"):
    """The structured data of a page, and the text of its block."""
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page(client, address), re.DOTALL)
    return json.loads(block), block


# --- Structured data -------------------------------------------------------------------------------------------------
def test_an_article_says_what_it_is(client, add, sources, settings):
    settings.CLINIC = {**settings.CLINIC, "name": "A clinic", "phone": "+1 555 0100"}
    article = add(body="Rare. [@who-2023]\n")
    found, _ = data(client)
    address = "http://testserver/causes/overuse/"
    assert found["@type"] == "MedicalWebPage"
    assert (found["url"], found["name"], found["description"]) == (address, "Overuse", "Too much, too soon.")
    assert found["dateModified"] == article.current.live_since.isoformat()
    assert found["publisher"] == {
        "@type": "MedicalClinic", "name": "A clinic", "url": "http://testserver/", "telephone": "+1 555 0100",
    }  # fmt: skip
    assert found["citation"] == [
        {
            "@type": "CreativeWork", "name": "Guideline", "url": "https://example.org/who-2023",
            "publisher": {"@type": "Organization", "name": "A journal"}, "datePublished": "2009",
        }
    ]  # fmt: skip


# schema.org's own words for what we say: (types it is a kind of, {property: what its value may be}). Version 30, less
# what we do not use.
SCHEMA = {
    "Thing": ((), {"name": {str}, "description": {str}, "url": {str}}),
    "CreativeWork": (
        ("Thing",),
        {
            "inLanguage": {str}, "dateModified": {str}, "datePublished": {str}, "citation": {"CreativeWork"},
            "audience": {"Audience"}, "publisher": {"Organization", "Person"},
        },
    ),
    "WebPage": (
        ("CreativeWork",),
        {"breadcrumb": {"BreadcrumbList"}, "lastReviewed": {str}, "reviewedBy": {"Organization", "Person"}},
    ),
    "MedicalWebPage": (("WebPage",), {}),
    "Intangible": (("Thing",), {}),
    "Audience": (("Intangible",), {"audienceType": {str}}),
    "MedicalAudience": (("Audience",), {}),
    "ItemList": (("Intangible",), {"itemListElement": {"ListItem"}}),
    "BreadcrumbList": (("ItemList",), {}),
    "ListItem": (("Intangible",), {"position": {int}, "item": {str}}),
    "Person": (("Thing",), {}),
    "Organization": (("Thing",), {"telephone": {str}, "address": {str}}),
    "MedicalClinic": (("Organization",), {"hasMap": {str}}),
}  # fmt: skip


def kinds(name):
    return {name}.union(*map(kinds, SCHEMA[name][0]))


def beyond_the_vocabulary(node):
    """What of a node schema.org has no word for, or has another kind of value for."""
    allowed = {name: values for kind in kinds(node["@type"]) for name, values in SCHEMA[kind][1].items()}
    for name, value in node.items():
        if name.startswith("@"):
            continue
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, dict):
                if not allowed.get(name, set()) & kinds(one["@type"]):
                    yield node["@type"], name, one["@type"]
                yield from beyond_the_vocabulary(one)
            elif type(one) not in allowed.get(name, ()):
                yield node["@type"], name, one


def test_every_word_of_an_article_is_one_of_the_vocabulary_it_names(client, add, sources, settings):
    settings.CLINIC = {**settings.CLINIC, "name": "A clinic", "phone": "+1 555 0100", "address": "1 Street"}
    add(
        body="Rare. [@who-2023]\n",
        clinically_reviewed_by="A. Clinician",
        clinically_reviewed_on=timezone.localdate(),
    )
    found, _ = data(client)
    assert found["@context"] == "https://schema.org"
    assert {"lastReviewed", "reviewedBy", "citation", "publisher", "breadcrumb", "audience"} <= found.keys()
    assert list(beyond_the_vocabulary(found)) == []
    assert list(beyond_the_vocabulary({**found, "publisher": "A clinic", "author_": "x"})) == [
        ("MedicalWebPage", "publisher", "A clinic"), ("MedicalWebPage", "author_", "x"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ("NHS (read in a copy of the page)", "NHS"),
        ("Sherwood Forest Hospitals (NHS, read in a copy of the page)", "Sherwood Forest Hospitals"),
        ("Spine (abstract)", "Spine"),
        ("Camden MSK (NHS)", "Camden MSK (NHS)"),
    ],
)
def test_how_a_source_was_read_is_no_part_of_its_publishers_name(client, add, sources, body, name):
    Source.objects.update(body=body)
    add(body="Rare. [@who-2023]\n")
    assert data(client)[0]["citation"][0]["publisher"]["name"] == name
    assert body in page(client, "/causes/overuse/")


def test_the_way_to_an_article_is_the_one_the_page_shows(client, add):
    add()
    items = data(client)[0]["breadcrumb"]["itemListElement"]
    assert [(item["position"], item["name"], item["item"]) for item in items] == [
        (1, "Home", "http://testserver/"),
        (2, "Causes", "http://testserver/causes/"),
        (3, "Overuse", "http://testserver/causes/overuse/"),
    ]
    shown = page(client, "/causes/overuse/")
    crumbs = shown[shown.index('class="crumbs"') : shown.index("<article>")]
    assert re.findall(r'href="([^"]+)">([^<]+)<', crumbs) == [("/", "Home"), ("/causes/", "Causes")]


def test_a_review_is_claimed_only_when_there_was_one(client, add):
    add()
    assert not {"lastReviewed", "reviewedBy"} & data(client)[0].keys()
    add("nerves", clinically_reviewed_by="A. Clinician", clinically_reviewed_on=timezone.localdate())
    found, _ = data(client, "/causes/nerves/")
    assert found["lastReviewed"] == timezone.localdate().isoformat()
    assert found["reviewedBy"] == {"@type": "Person", "name": "A. Clinician"}


def test_a_source_without_a_year_claims_none(client, add, sources):
    Source.objects.update(year=None)
    add(body="Rare. [@who-2023]\n")
    assert "datePublished" not in data(client)[0]["citation"][0]


@pytest.mark.parametrize(
    "text", ["</script><script>alert(1)</script>", "<!--<script>", "]]>", "a\u2028b", '"}, {"', "\\"]
)
def test_no_text_gets_out_of_the_data_block(client, add, text):
    add(title=text)
    found, block = data(client)
    assert found["name"] == text
    assert not set(block) & set("<>&\u2028\u2029")


# --- Links that other sites read -------------------------------------------------------------------------------------
@pytest.mark.parametrize("address", ["/", "/causes/", "/causes/overuse/", "/a-z/", "/clinic/", "/how-we-write/"])
def test_a_page_names_its_one_address_and_what_to_show_of_it(client, add, address):
    add()
    found = page(client, f"{address}?utm_source=x")
    for part in (
        f'<link rel="canonical" href="http://testserver{address}">',
        f'<meta property="og:url" content="http://testserver{address}">',
        '<meta property="og:image" content="http://testserver/static/share.png">',
    ):
        assert part in found
    assert re.search(r'<meta property="og:title" content="[^"]+">', found)
    assert re.search(r'<meta property="og:description" content="[^"]+">', found)


@pytest.mark.parametrize("address", ["/check/", "/search/?q=x", "/nowhere/"])
def test_other_pages_name_no_address(client, add, address):
    add()
    assert 'rel="canonical"' not in client.get(address).content.decode()


def test_the_picture_for_other_sites_has_their_size_and_is_light(settings):
    file = settings.BASE_DIR / "static/share.png"
    assert file.stat().st_size < 60_000
    with Image.open(file) as picture:
        assert (picture.format, picture.size) == ("PNG", (1200, 630))


# --- A to Z ----------------------------------------------------------------------------------------------------------
def test_articles_stand_under_their_first_letter_and_sports_under_their_name(client, add, sports, golf):
    add("first", title="The first days")
    add("golf", title="Back spasms in golf", place={"topic": sports, "sport": golf})
    add("gone", title="Gone", place={"withdrawn": True})
    found = page(client, "/a-z/")
    assert re.findall(r'<h2 id="letter-(.)"', found) == ["f", "g"]
    assert '<a href="/causes/first/">First days</a>' in found
    assert '<a href="/sports/golf/">Golf</a>' in found
    assert "Gone" not in found


def test_two_articles_of_one_name_both_stand_there(client, add):
    add("one")
    add("two")
    assert page(client, "/a-z/").count(">Overuse</a>") == 2


@pytest.mark.parametrize("title", ["“Slipped” disc", " A", "The", "A ", "???", "9 facts", "É"])
def test_any_title_finds_its_place(client, add, title):
    add(title=title)
    assert 'href="/causes/overuse/"' in page(client, "/a-z/")


def test_a_to_z_works_on_an_empty_site(client):
    assert "There are no articles yet" in page(client, "/a-z/")


# --- Feed and sitemap ------------------------------------------------------------------------------------------------
def feed(client):
    answer = client.get("/feed/")
    assert answer.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ElementTree.fromstring(answer.content)


def test_the_feed_names_what_changed_last_first(client, add, words):
    add("old", title="Old", publish_at=timezone.now() - timedelta(3), approved_at=timezone.now() - timedelta(3))
    add("new", title="New")
    add("draft", title="Draft", approved_at=None)
    found = feed(client)
    assert [entry.findtext(f"{ATOM}title") for entry in found.iter(f"{ATOM}entry")] == ["New", "Old"]
    entry = next(found.iter(f"{ATOM}entry"))
    assert entry.find(f"{ATOM}link").get("href") == "http://testserver/causes/new/"
    assert entry.findtext(f"{ATOM}summary") == "Too much, too soon."


def test_the_feed_has_what_atom_asks_for(client, add):
    add()
    found = feed(client)
    entry = next(found.iter(f"{ATOM}entry"))
    for element in (found, entry):
        for name in ("id", "title", "updated"):
            assert element.findtext(f"{ATOM}{name}"), name
    assert found.find(f"{ATOM}author/{ATOM}name").text == "Back Spasm Clinic"
    assert [link.get("href") for link in found.findall(f"{ATOM}link") if link.get("rel") == "self"] == [
        "http://testserver/feed/"
    ]


def test_no_sign_in_a_title_breaks_the_feed(client, add):
    add(title="a\x0b<b>&\ufffe", summary="x\x01y")
    entry = next(feed(client).iter(f"{ATOM}entry"))
    assert entry.findtext(f"{ATOM}title") == "a<b>&"
    assert entry.findtext(f"{ATOM}summary") == "xy"


def test_a_summary_reads_the_same_in_a_reader_that_takes_it_for_html(client, add):
    add(summary="Pain < 3 & <b>better</b>")
    summary = next(feed(client).iter(f"{ATOM}entry")).find(f"{ATOM}summary")
    assert (summary.get("type"), html.unescape(summary.text)) == ("html", "Pain < 3 & <b>better</b>")
    assert "<" not in summary.text


def test_the_feed_of_an_empty_site_is_empty(client):
    assert list(feed(client).iter(f"{ATOM}entry")) == []


def test_the_home_page_names_the_feed(client):
    assert '<link rel="alternate" type="application/atom+xml"' in page(client, "/")


def test_the_sitemap_names_a_to_z_and_no_search(client, add):
    add()
    places = [element.text for element in ElementTree.fromstring(page(client, "/sitemap.xml")).iter(f"{SITEMAP}loc")]
    assert "http://testserver/a-z/" in places
    assert not [place for place in places if "/search/" in place or "/feed/" in place]
    assert len(places) == len(set(places))


@pytest.mark.parametrize("address", ["/a-z/", "/feed/"])
def test_they_are_public_and_the_same_for_everybody(client, add, address):
    add()
    answer = client.get(address)
    assert not answer.cookies
    assert answer.headers["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert client.get(address, headers={"if-none-match": answer.headers["ETag"]}).status_code == 304
    assert client.post(address).status_code == 405


# --- The whole site --------------------------------------------------------------------------------------------------
def links(text, address):
    """Every address of this site that a page links to, whole."""
    found = re.findall(r'<(?:a|link|form|img|script)\b[^>]*?\s(?:href|src|action)="([^"]*)"', text)
    whole = (urljoin(f"http://testserver{address}", link) for link in found)
    return {link.removeprefix("http://testserver") for link in whole if link.startswith("http://testserver/")}


def test_every_page_is_reached_from_home_and_no_link_is_broken(client, settings):
    loader.load_starter(loader.read_starter())
    # What the check's own pages link to is held in tests/assessment; here they are places to arrive at.
    left, pages, used = {"/"}, {}, set()
    while left:
        address = left.pop()
        answer = client.get(address)
        pages[address] = answer
        if not answer.headers.get("Content-Type", "").startswith("text/html") or address.startswith("/check/"):
            continue
        found = {link for link in links(answer.content.decode(), address) if not link.startswith(settings.STATIC_URL)}
        used |= {(address, link) for link in found}
        left |= {urlsplit(link).path for link in found} - pages.keys()
    # Feedback is sent there, so that to look at it leads on.
    assert {address for address, answer in pages.items() if answer.status_code != 200} == {"/feedback/"}
    ids = {address: set(re.findall(r'\sid="([^"]+)"', answer.content.decode())) for address, answer in pages.items()}
    parts = [(address, link, urlsplit(link)) for address, link in sorted(used)]
    assert [(a, link) for a, link, part in parts if part.fragment and part.fragment not in ids[part.path]] == []
    reached = pages.keys()
    assert {article.get_absolute_url() for article in Article.objects.published()} <= reached
    sitemap = ElementTree.fromstring(page(client, "/sitemap.xml"))
    assert {urlsplit(element.text).path for element in sitemap.iter(f"{SITEMAP}loc")} <= reached


def test_every_file_that_pages_name_is_there(client, add, settings):
    add()
    for address in ("/", "/causes/overuse/"):
        found = set(re.findall(rf'"(?:http://testserver)?{settings.STATIC_URL}([^"]+)"', page(client, address)))
        assert found >= {"site.css", "icon.svg", "share.png"}
        files = {name.partition("#")[0] for name in found}
        assert [name for name in files if not (settings.BASE_DIR / "static" / name).exists()] == []
