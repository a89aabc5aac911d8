"""Whatever anybody sends to whichever address, no answer is a 500, and nothing leads away from the site."""

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from assessment import consent

from ..assessment.walks import STRAIN, begin, walk

EXAMPLES = 15
HOSTILE = st.sampled_from(
    [
        "", "\0", "'", "' OR 1=1 --", "<script>alert(1)</script>", "../../etc/passwd", "%00", "\r\nSet-Cookie: a=b",
        "NaN", "-1", "9" * 400, "1e999", "\U0001f600", "\u202e", "A" * 5000, "//evil.example", "https://evil.example/",
        "{{7*7}}", "\uff10\uff11", "٣", "\x7f\x1b[2J", "null", "[]", "{}", "true",
    ]
)  # fmt: skip
VALUES = st.one_of(HOSTILE, st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
FIELDS = [
    "token", "answer", "consent", "code", "name", "telephone", "email", "page", "clear", "text", "username", "password",
    "next", "otp_token", "action", "_selected_action", "note", "q", "p", "o", "csrfmiddlewaretoken",
]  # fmt: skip
FORMS = st.dictionaries(st.one_of(st.sampled_from(FIELDS), st.text(max_size=10)), st.lists(VALUES, max_size=3))
PAGES = [*STRAIN, "answers", "result", "send", "call-back", "pause", "return"]
HEADERS = ["cookie", "referer", "accept-language", "host", "x-forwarded-for", "origin", "range"]
SEGMENT = st.one_of(VALUES, st.sampled_from(["1", "0", "check", "admin", "now", "legs", "change", "history", "causes"]))


def patterns(resolver, before=""):
    """Every route of the site, the admin's included."""
    for entry in resolver.url_patterns:
        route = before + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield route
        else:
            yield from patterns(entry, route)


ROUTES = sorted(set(patterns(get_resolver())))


def address(route, values):
    """The route with something in each of its open places."""
    import re
    from urllib.parse import quote

    route = route.replace("^", "").replace("$", "").replace("\\Z", "")
    route = re.sub(r"\(\?P<\w+>[^)]*\)|<[^>]+>", lambda match: quote(next(values, "1"), safe="/"), route)
    return "/" + re.sub(r"[()?\\]", "", route)


def fair(answer):
    """Whether this answer may be given to anybody."""
    assert answer.status_code < 500, (answer.request["PATH_INFO"], answer.status_code)
    where = answer.headers.get("Location", "")
    assert not where.startswith(("//", "http:", "https:")) or where.startswith("http://testserver/"), where
    assert "evil.example" not in where.partition("?")[0], where
    assert "\n" not in where


class AnybodyTest(TestCase):
    """Hypothesis's own test case: each example in a transaction that is rolled back."""

    @settings(max_examples=EXAMPLES * 4, suppress_health_check=list(HealthCheck), deadline=None)
    @given(st.sampled_from(ROUTES), st.lists(SEGMENT, min_size=4, max_size=4), FORMS, st.sampled_from(["get", "post"]))
    def test_every_route_with_anything_in_it(self, route, places, form, method):
        client = Client(raise_request_exception=False)
        fair(getattr(client, method)(address(route, iter(places)), form))

    @settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck), deadline=None)
    @given(
        st.sampled_from([*STRAIN, "answers", "result", "send", "call-back", "pause", "return"]), FORMS, st.booleans()
    )
    def test_in_the_middle_of_a_check(self, page, form, own):
        client = Client(raise_request_exception=False)
        token = begin(client)
        if own:
            form = {**form, "token": [token]}
        fair(client.post(f"/check/{page}/", form))
        fair(client.get(f"/check/{page}/", form))
        fair(client.get("/check/now/"))

    @settings(max_examples=EXAMPLES // 2, suppress_health_check=list(HealthCheck), deadline=None)
    @given(FORMS, VALUES, VALUES, VALUES)
    def test_asking_to_be_called_back(self, form, name, telephone, email):
        client = Client(raise_request_exception=False)
        _, token = walk(client, {"now": ["none"], **STRAIN})
        sent = {
            **form,
            "token": token,
            "consent": consent.VERSION,
            "name": name,
            "telephone": telephone,
            "email": email,
        }
        fair(client.post("/check/call-back/", sent))
        fair(client.get("/check/result/"))

    @settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck), deadline=None)
    @given(st.sampled_from(["", "/causes/muscle-strain/", "/check/now/"]), VALUES, VALUES)
    def test_a_note_of_a_reader(self, page, clear, text):
        fair(Client(raise_request_exception=False).post("/feedback/", {"page": page, "clear": clear, "text": text}))

    @settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck), deadline=None)
    @given(VALUES, VALUES, VALUES)
    def test_the_login_of_staff(self, name, password, onward):
        client = Client(raise_request_exception=False)
        sent = {"username": name, "password": password, "next": onward}
        fair(client.post("/admin/login/", sent))

    @settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck), deadline=None)
    @given(
        st.sampled_from(["cookie", "referer", "accept-language", "host", "x-forwarded-for", "origin", "range"]), VALUES
    )
    def test_any_header(self, name, value):
        value = value.encode("latin-1", "replace").decode("latin-1").replace("\r", "").replace("\n", "")
        client = Client(raise_request_exception=False)
        for address in ("/", "/check/", "/feedback/thanks/"):
            fair(client.get(address, headers={name: value}))


@pytest.mark.django_db
@pytest.mark.parametrize("route", ["/check/", "/feedback/", "/check/return/"])
@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"\xff\xfe\x00", "application/x-www-form-urlencoded"),
        (b"a=%ff&b=%00", "application/x-www-form-urlencoded; charset=utf-7"),
        (b"--x\r\nno end", "multipart/form-data; boundary=x"),
        (b"{}", "application/json"),
        (b"&" * 300000, "application/x-www-form-urlencoded"),
        (b"a=b&" * 3000, "application/x-www-form-urlencoded"),
        (b"x" * 10, "multipart/form-data"),
    ],
)
def test_a_body_that_is_no_form(client, route, body, kind):
    quiet = Client(raise_request_exception=False)
    fair(quiet.post(route, data=body, content_type=kind))
