"""A kept page is the page Django makes, header for header; it is kept for nobody in particular, and never too long."""

import datetime
import gzip
import io
import sys
import time

import brotli
import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.utils import timezone

from content.models import Article, Topic
from content.page_cache import generation
from content.page_cache.cached_page import CachedPage
from content.page_cache.wsgi import OF_ONE_REQUEST, PageCache, choose_encoding, is_cacheable_response

BODY = "Your back was asked for more than it was ready for. " * 20
PAGE = "/causes/overuse/"
# What depends on the bytes of the body: a gzip of Django's is never the same twice.
BYTES = ("content-length", OF_ONE_REQUEST)


@pytest.fixture(autouse=True)
def stamp(own_generation, add):
    add(body=BODY)
    return own_generation


@pytest.fixture(autouse=True)
def one_connection():
    """As Django's own test client: the test's transaction stays open between requests."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


class Site:
    """The site with its cache; counts how often Django is asked."""

    def __init__(self):
        self.asked = 0
        self.django = WSGIHandler()
        self.kept = PageCache(self.count)

    def count(self, environ, start_response):
        self.asked += 1
        return self.django(environ, start_response)

    def get(self, path=PAGE, method="GET", uncached=False, **headers):
        answer = []
        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": path.partition("?")[0],
            "QUERY_STRING": path.partition("?")[2],
            "SERVER_NAME": "testserver",
            "SERVER_PORT": "80",
            "HTTP_HOST": "testserver",
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(),
            "wsgi.errors": sys.stderr,
            "SCRIPT_NAME": "",
            **{name if "." in name else name.upper(): value for name, value in headers.items()},
        }
        parts = (self.django if uncached else self.kept)(environ, lambda *args: answer.extend(args))
        body = b"".join(parts)
        if hasattr(parts, "close"):
            parts.close()
        return Answer(answer[0], answer[1], body)


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.pairs, self.body = status, headers, body
        self.headers = {name.lower(): value for name, value in headers}


@pytest.fixture
def site(settings):
    settings.ALLOWED_HOSTS = ["testserver", "other.example"]
    return Site()


# --- The same answer -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("encodings", ["", "gzip", "gzip, deflate"])
@pytest.mark.parametrize("path", [PAGE, "/", "/causes/", "/privacy/", "/a-z/", "/feed/", "/robots.txt", "/sitemap.xml"])
def test_all_headers_of_a_kept_page_are_those_of_the_page_itself(site, path, encodings):
    plain = site.get(path, uncached=True, http_accept_encoding=encodings)
    site.get(path, http_accept_encoding=encodings)
    kept = site.get(path, http_accept_encoding=encodings)
    assert site.asked == 1
    assert kept.status == plain.status
    assert headers(kept) == headers(plain)


def headers(answer):
    return sorted((name, value) for name, value in answer.pairs if name.lower() not in BYTES)


@pytest.mark.parametrize(
    ("encodings", "unpack"), [("", bytes), ("gzip", gzip.decompress), ("gzip, deflate, br", brotli.decompress)]
)
def test_the_words_are_the_same_in_every_encoding(site, encodings, unpack):
    plain = site.get(uncached=True)
    for _ in range(2):
        kept = site.get(http_accept_encoding=encodings)
        assert unpack(kept.body) == plain.body
        assert int(kept.headers["content-length"]) == len(kept.body)


def test_the_first_answer_is_as_the_later_ones(site):
    first, second = (site.get(http_accept_encoding="br") for _ in range(2))
    assert (first.status, first.pairs, first.body) == (second.status, second.pairs, second.body)


def test_what_brotli_adds_is_its_name(site):
    plain, packed = site.get(http_accept_encoding="gzip"), site.get(http_accept_encoding="br")
    assert packed.headers["content-encoding"] == "br"
    assert headers(packed) == [(k, "br" if v == "gzip" else v) for k, v in headers(plain)]


def test_a_page_that_gets_no_shorter_is_sent_as_it_is(site):
    kept = site.get("/robots.txt", http_accept_encoding="br")
    assert "content-encoding" not in kept.headers
    assert kept.body == site.get("/robots.txt", uncached=True).body


def test_head_is_the_page_without_its_body(site):
    page = site.get(http_accept_encoding="gzip")
    head = site.get(method="HEAD", http_accept_encoding="gzip")
    assert (head.status, head.pairs, head.body) == (page.status, page.pairs, b"")
    assert site.asked == 1


def test_head_of_a_page_that_is_not_kept_yet_goes_to_django(site):
    assert site.get(method="HEAD").status == "200 OK"
    assert not generation.read_generation().pages


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("", ""),
        ("identity", ""),
        ("gzip", "gzip"),
        ("br", "br"),
        ("gzip, deflate, br, zstd", "br"),
        ("gzip;q=1.0, br;q=0.5", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("gzip;q=0", ""),
        ("GZIP", "gzip"),
        ("gzip;q=much", ""),
        (", ;q=1,,", ""),
    ],
)
def test_the_encoding_is_one_that_the_reader_takes(accepted, encoding):
    assert choose_encoding(accepted) == encoding


# --- Conditional requests --------------------------------------------------------------------------------------------
@pytest.mark.parametrize("mark", ["{}", "W/{}", '"other", {}', "*"])
def test_who_has_the_page_gets_a_304_without_a_body(site, mark):
    tag = site.get(uncached=True).headers["etag"]
    for _ in range(2):
        answer = site.get(http_if_none_match=mark.format(tag))
        assert answer.status == "304 Not Modified"
        assert answer.body == b""
    assert site.asked == 1


def test_a_304_has_the_headers_of_djangos_and_says_what_it_varies_by(site):
    tag = site.get(uncached=True).headers["etag"]
    plain = site.get(uncached=True, http_if_none_match=tag)
    kept = site.get(http_if_none_match=tag)
    own = {name: value for name, value in plain.headers.items() if name not in BYTES}
    assert kept.headers == {**own, "vary": "Accept-Encoding"}


def test_an_etag_of_one_encoding_is_known_in_another(site):
    tag = site.get(http_accept_encoding="gzip").headers["etag"]
    assert tag.startswith("W/")
    assert site.get(http_accept_encoding="br", http_if_none_match=tag).status == "304 Not Modified"


def test_another_etag_gets_the_page(site):
    assert site.get(http_if_none_match='"another"').status == "200 OK"


def test_a_date_is_taken_where_the_page_has_one():
    """Feeds have one, and readers of feeds send it back."""
    date = "Mon, 23 Nov 2026 04:00:00 GMT"
    page = CachedPage([("ETag", '"a"'), ("Last-Modified", date)], b"")
    assert page.is_known({"HTTP_IF_MODIFIED_SINCE": date})
    assert not page.is_known({"HTTP_IF_MODIFIED_SINCE": date, "HTTP_IF_NONE_MATCH": '"b"'})
    assert not page.is_known({"HTTP_IF_MODIFIED_SINCE": "Sun, 22 Nov 2026 04:00:00 GMT"})
    assert not CachedPage([("ETag", '"a"')], b"").is_known({"HTTP_IF_MODIFIED_SINCE": date})


@pytest.mark.parametrize("name", ["http_if_match", "http_if_unmodified_since"])
def test_preconditions_are_left_to_django(site, name):
    site.get()
    site.get(**{name: '"x"'})
    assert site.asked == 2


# --- What is kept, and for whom --------------------------------------------------------------------------------------
def test_a_page_is_made_once(site, django_assert_num_queries):
    site.get()
    with django_assert_num_queries(0):
        for _ in range(5):
            assert site.get().status == "200 OK"
    assert site.asked == 1


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/causes/nothing-here/", "404 Not Found"),
        ("/causes/overuse", "301 Moved Permanently"),
        ("/check/", "200 OK"),
        ("/admin/login/", "200 OK"),
        ("/feedback/thanks/", "200 OK"),
        ("/search/", "200 OK"),
        (f"{PAGE}?utm_source=x", "200 OK"),
        ("/static/nothing.css", "404 Not Found"),
        ("/caf\xc3\xa9/", "404 Not Found"),
    ],
)
def test_other_answers_are_not_kept(site, path, status):
    for _ in range(2):
        assert site.get(path).status == status
    assert site.asked == 2
    assert not generation.read_generation().pages


@pytest.mark.parametrize("method", ["POST", "PUT", "OPTIONS"])
def test_other_methods_go_to_django(site, method):
    site.get()
    assert site.get(method=method).status == site.get(method=method, uncached=True).status


def test_hosts_do_not_mix_since_pages_name_them(site):
    here = site.get("/robots.txt")
    there = site.get("/robots.txt", http_host="other.example")
    assert b"testserver" in here.body
    assert b"other.example" in there.body
    assert b"testserver" in site.get("/robots.txt").body


def test_a_host_that_is_not_ours_is_refused_also_for_a_kept_page(site):
    site.get()
    assert site.get(http_host="evil.example").status == "400 Bad Request"


def test_http_and_https_do_not_mix(site):
    assert b"http://testserver" in site.get("/robots.txt").body
    assert b"https://testserver" in site.get("/robots.txt", **{"wsgi.url_scheme": "https"}).body
    assert b"http://testserver" in site.get("/robots.txt").body


def test_behind_a_proxy_the_scheme_is_what_the_proxy_says(settings):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.SECURE_SSL_REDIRECT = True
    settings.ALLOWED_HOSTS = ["testserver"]
    site = Site()
    assert site.get(http_x_forwarded_proto="https").status == "200 OK"
    assert site.get(http_x_forwarded_proto="http").status == "301 Moved Permanently"
    assert site.get().status == "301 Moved Permanently"
    assert site.get(http_x_forwarded_proto="https").status == "200 OK"


def test_a_cookie_makes_no_other_page(site):
    plain = site.get()
    assert site.get(http_cookie="sessionid=abc; csrftoken=def").body == plain.body
    assert site.asked == 1


@pytest.mark.parametrize(
    ("status", "changes", "kept"),
    [
        ("200 OK", {}, True),
        ("404 Not Found", {}, False),
        ("200 OK", {"Set-Cookie": "a=b"}, False),
        ("200 OK", {"Vary": "Accept-Encoding, Cookie"}, False),
        ("200 OK", {"Cache-Control": "no-store, private"}, False),
    ],
)
def test_only_what_is_the_same_for_everybody_may_be_kept(status, changes, kept):
    headers = {"Cache-Control": "public, max-age=0", "Vary": "Accept-Encoding", **changes}
    assert is_cacheable_response(status, list(headers.items())) is kept


# --- For how long ----------------------------------------------------------------------------------------------------
def test_new_words_are_read_at_once(site, words, django_capture_on_commit_callbacks):
    assert b"<h1>Overuse</h1>" in site.get().body
    with django_capture_on_commit_callbacks(execute=True):
        Article.objects.get().append_version(**words(title="Better words"))
    assert b"<h1>Better words</h1>" in site.get().body


def test_every_page_that_names_the_article_is_new_too(site, words, django_capture_on_commit_callbacks):
    for path in ("/a-z/", "/causes/"):
        site.get(path)
    with django_capture_on_commit_callbacks(execute=True):
        Article.objects.get().append_version(**words(title="Better words"))
    for path in ("/a-z/", "/causes/"):
        assert b"Better words" in site.get(path).body


def test_a_withdrawn_page_is_gone_at_once(site, django_capture_on_commit_callbacks):
    site.get()
    with django_capture_on_commit_callbacks(execute=True):
        Article.objects.update(withdrawn=True)
    assert site.get().status == "404 Not Found"


def test_what_was_made_while_somebody_published_is_dropped(site, words, stamp):
    """Django reads the old words, somebody publishes, and only then the page comes to be kept."""
    django = site.django

    def slow(environ, start_response):
        parts = django(environ, start_response)
        Article.objects.get().append_version(**words(title="Better words"))
        stamp.set()
        site.django = django
        return parts

    site.django = slow
    assert b"<h1>Overuse</h1>" in site.get().body
    assert b"<h1>Better words</h1>" in site.get().body


def test_scheduled_words_come_in_their_moment(site, words, monkeypatch):
    comes = timezone.now() + datetime.timedelta(minutes=5)
    Article.objects.get().append_version(**words(title="Tomorrow's words", publish_at=comes))
    assert b"<h1>Overuse</h1>" in site.get().body
    monkeypatch.setattr(timezone, "now", lambda: comes)
    monkeypatch.setattr(time, "time", comes.timestamp)
    assert b"<h1>Tomorrow&#x27;s words</h1>" in site.get().body


def test_a_page_says_that_its_review_is_overdue_from_midnight_on(site, words, monkeypatch):
    today = timezone.localdate()
    Article.objects.get().append_version(**words(review_due=today))
    assert b"due for a review" not in site.get().body
    midnight = datetime.datetime.fromtimestamp(generation.read_generation().until, datetime.UTC)
    monkeypatch.setattr(timezone, "now", lambda: midnight)
    monkeypatch.setattr(time, "time", midnight.timestamp)
    assert b"due for a review" in site.get().body


def test_a_killed_process_leaves_no_old_page_for_ever(site, stamp):
    """Committed, but nobody set the stamp."""
    site.get("/causes/")
    Topic.objects.update(name="Why it hurts")
    generation.Current.generation.recheck_at = time.monotonic()
    assert b"Why it hurts" in site.get("/causes/").body


def test_without_a_stamp_to_ask_nothing_is_kept(site, stamp, monkeypatch):
    monkeypatch.setattr(stamp, "read", lambda: None)
    for _ in range(2):
        assert site.get().status == "200 OK"
    assert site.asked == 2


def test_an_article_that_is_not_kept_costs_three_queries(client, django_assert_max_num_queries):
    with django_assert_max_num_queries(3):
        assert client.get(PAGE).status_code == 200
