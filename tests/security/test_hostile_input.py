"""Whatever anybody sends to whichever address, no answer is a 500, and nothing leads away from the site."""

import html
import re

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import URLPattern, get_resolver
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from assessment.privacy import consent, deletion_key
from content.models import Article, Topic

from ..assessment.staff import SOON, make_assessment, make_contact
from ..assessment.walks import STRAIN, begin_check, walk_check
from ..staff.people import sign_in_staff

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
# As long as a code to come back, or as a key.
CODES = st.one_of(
    st.text("0123456789", min_size=16, max_size=16), st.text(deletion_key.ALPHABET, min_size=30, max_size=30)
)
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
    from urllib.parse import quote

    route = route.replace("^", "").replace("$", "").replace("\\Z", "")
    route = re.sub(r"\(\?P<\w+>[^)]*\)|<[^>]+>", lambda match: quote(next(values, "1"), safe="/"), route)
    return "/" + re.sub(r"[()?\\]", "", route)


def fair(answer):
    """Whether this answer may be given to anybody."""
    assert answer.status_code < 500, (answer.request["PATH_INFO"], answer.status_code)
    where = answer.headers.get("Location", "")
    assert not where.startswith(("//", "http:", "https:")) or where.startswith("http://testserver/"), where
    # Below an address of ours it is only a name that nothing has.
    assert "evil.example" not in where.partition("?")[0].partition("/admin/")[0], where
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
        token = begin_check(client)
        if own:
            form = {**form, "token": [token]}
        fair(client.post(f"/check/{page}/", form))
        fair(client.get(f"/check/{page}/", form))
        fair(client.get("/check/now/"))

    @settings(max_examples=EXAMPLES // 2, suppress_health_check=list(HealthCheck), deadline=None)
    @given(FORMS, VALUES, VALUES, VALUES)
    def test_asking_to_be_called_back(self, form, name, telephone, email):
        client = Client(raise_request_exception=False)
        _, token = walk_check(client, {"now": ["none"], **STRAIN})
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

    @settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck), deadline=None)
    @given(
        st.sampled_from([("/check/return/", "code"), ("/check/delete-what-i-sent/", "key")]),
        st.lists(st.one_of(VALUES, st.integers().map(str), CODES), max_size=3),
    )
    def test_codes_and_keys(self, form, typed):
        page, field = form
        fair(Client(raise_request_exception=False).post(page, {field: typed}))

    @settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck), deadline=None)
    @given(st.binary(max_size=200), st.sampled_from(["/search/", "/feed/", "/check/", "/admin/login/", "/a-z/"]))
    def test_any_bytes_after_the_question_mark(self, query, page):
        fair(Client(raise_request_exception=False).get(page, QUERY_STRING=query.decode("latin-1")))
        fair(Client(raise_request_exception=False).get(page, QUERY_STRING="q=" + query.decode("latin-1")))

    @settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck), deadline=None)
    @given(st.one_of(VALUES, st.text("abcdefgh:-_0123456789", max_size=80)), VALUES)
    def test_a_link_to_a_draft_and_the_token_of_the_metrics(self, token, bearer):
        from urllib.parse import quote

        client = Client(raise_request_exception=False)
        fair(client.get(f"/drafts/{quote(token, safe='')}/"))
        header = bearer.encode("latin-1", "replace").decode("latin-1").replace("\r", "").replace("\n", "")
        with self.settings(METRICS_TOKEN="a token of twenty and more"):
            assert client.get("/metrics", headers={"authorization": header}).status_code == 401


def fields(page):
    """The forms of a page that are sent by POST: [{name: [values]}], as a browser would send them untouched."""
    found = []
    for form in re.findall(r"<form[^>]*method=.post.*?</form>", page, re.S | re.I):
        given = {}
        for tag, attributes in re.findall(r"<(input|textarea|select|button)\b([^>]*)>", form):
            name, value = (re.search(rf'\b{key}="([^"]*)"', attributes) for key in ("name", "value"))
            unticked = re.search(r'type="(radio|checkbox)"', attributes) and "checked" not in attributes
            if name and not (tag == "button" or unticked):
                given.setdefault(html.unescape(name[1]), []).append(html.unescape(value[1]) if value else "")
        buttons = re.findall(r'<(?:button|input)[^>]*type="submit"[^>]*name="(\w+)"[^>]*value="([^"]*)"', form)
        found += [{**given, name: [value]} for name, value in buttons] or [given]
    return found


FORMS_OF_STAFF = [
    "assessment/assessment/", "assessment/assessment/{check}/change/", "assessment/assessment/{check}/ending/",
    "assessment/assessment/endings/", "assessment/assessment/find/", "assessment/assessment/export/",
    "assessment/assessment/e-mails/", "auth/user/add/", "auth/user/{user}/change/", "auth/user/{user}/password/",
    "auth/user/{user}/lost-phone/", "password_change/", "set-up/", "confirm/", "content/article/add/",
    "content/article/{article}/change/", "content/version/{version}/change/", "content/picture/add/",
    "content/source/add/", "content/topic/{topic}/change/", "content/sport/",
]  # fmt: skip
QUERY = [
    "q", "o", "p", "e", "all", "show", "level", "state", "mine", "_to_field", "_popup", "id__in", "pk",
    "assessment__locked", "submitted_at__gte", "date",
]  # fmt: skip


class StaffTest(TestCase):
    """Somebody with every right, whose forms arrive bent."""

    @classmethod
    def setUpTestData(cls):
        cls.boss = User.objects.create_superuser("boss")
        record = make_assessment(SOON)
        make_contact(record)
        topic = Topic.objects.create(slug="causes", name="Causes", summary="Why.")
        article = Article.objects.create(slug="overuse", topic=topic)
        version = article.append_version(
            title="Overuse",
            summary="Too much.",
            body="Words.\n",
            note="First",
            author=None,
            written="2026-01-01",
            review_due="2027-01-01",
        )
        cls.known = {"check": record.pk, "user": User.objects.create_user("nurse", is_staff=True).pk, "topic": topic.pk}
        cls.known |= {"article": article.pk, "version": version.pk}

    def setUp(self):
        self.client = sign_in_staff(self.boss)
        self.client.raise_request_exception = False

    def test_every_form_of_staff_can_be_opened_for_the_test_below(self):
        opened = [self.client.get(f"/admin/{page.format(**self.known)}").status_code for page in FORMS_OF_STAFF]
        assert [page for page, status in zip(FORMS_OF_STAFF, opened, strict=True) if status != 200] == []

    @settings(max_examples=EXAMPLES * 4, suppress_health_check=list(HealthCheck), deadline=None)
    @given(st.sampled_from(FORMS_OF_STAFF), st.data())
    def test_a_form_of_staff_with_anything_in_its_fields(self, page, data):
        where = f"/admin/{page.format(**self.known)}"
        forms = fields(self.client.get(where).content.decode())
        form = dict(data.draw(st.sampled_from(forms))) if forms else {}
        for name in data.draw(st.lists(st.sampled_from(sorted(form) or FIELDS), max_size=4)):
            form[name] = data.draw(st.lists(VALUES, max_size=3))
        form |= data.draw(FORMS) if data.draw(st.booleans()) else {}
        form.pop("csrfmiddlewaretoken", None)
        fair(self.client.post(where, form))

    @settings(max_examples=EXAMPLES * 3, suppress_health_check=list(HealthCheck), deadline=None)
    @given(st.sampled_from([route for route in ROUTES if route.startswith("admin/")]), st.data(), FORMS)
    def test_every_route_of_staff_with_anything_in_it(self, route, data, form):
        """The desk's own too, such as text kept while it is typed, the preview, approval and links to drafts."""
        place = st.one_of(st.sampled_from([str(number) for number in self.known.values()]), SEGMENT)
        where = address(route, iter([data.draw(place), data.draw(place)]))
        form = {name: value for name, value in form.items() if name != "csrfmiddlewaretoken"}
        fair(self.client.get(where, form))
        fair(self.client.post(where, form))

    @settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck), deadline=None)
    @given(
        st.sampled_from([b"", b"RIFF\x10\0\0\0WEBPVP8 ", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"GIF89a"]),
        st.binary(max_size=300),
        VALUES,
        VALUES,
    )
    def test_a_picture_that_is_none(self, begin, rest, name, kind):
        """Written by hand: Django's own class for a file refuses such names before they are sent."""
        told = re.sub(rb'[\r\n"]', b"", name.encode())
        kind = re.sub(rb"[\r\n]", b"", kind.encode()) or b"image/png"
        head = b'Content-Disposition: form-data; name="file"; filename="%s"\r\nContent-Type: %s' % (told, kind)
        fields = [b'Content-Disposition: form-data; name="%s"\r\n\r\nx' % each for each in (b"name", b"alt", b"credit")]
        body = b"".join(b"--end\r\n%s\r\n" % part for part in [*fields, head + b"\r\n\r\n" + begin + rest])
        kind = "multipart/form-data; boundary=end"
        fair(self.client.generic("POST", "/admin/content/picture/add/", body + b"--end--\r\n", content_type=kind))

    @settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck), deadline=None)
    @given(st.lists(st.tuples(st.sampled_from(QUERY), VALUES), max_size=4))
    def test_a_list_of_staff_asked_in_any_way(self, query):
        for page in ("assessment/assessment/", "content/article/", "auth/user/", "core/auditevent/"):
            fair(self.client.get(f"/admin/{page}", query))


PARTS = "multipart/form-data; boundary=x"
SURROGATE = b"%ED%A0%80"
BODIES = [
    (b"\xff\xfe\x00", "application/x-www-form-urlencoded"),
    (b"a=%ff&b=%00", "application/x-www-form-urlencoded; charset=utf-7"),
    (b"&".join(name.encode() + b"=" + SURROGATE for name in FIELDS), "application/x-www-form-urlencoded"),
    (b"code=1&code=2&code=3&key=a&key=b&page=/&page=/", "application/x-www-form-urlencoded"),
    (b"token=" + b"9" * 100000, "application/x-www-form-urlencoded"),
    (b"--x\r\nno end", "multipart/form-data; boundary=x"),
    (b'--x\r\nContent-Disposition: form-data; name="code"; filename="\0"\r\n\r\nx\r\n--x--', PARTS),
    (b'--x\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: form-data; name="a"\r\n\r\n!!\r\n--x--', PARTS),
    (b"--x--", "multipart/form-data; boundary=" + "x" * 300),
    (b"{}", "application/json"),
    (b"<a/>", "text/xml; charset=\xff"),
    (b"&" * 300000, "application/x-www-form-urlencoded"),
    (b"a=b&" * 3000, "application/x-www-form-urlencoded"),
    (b"x" * 10, "multipart/form-data"),
    (b"x", "x" * 5000),
]  # fmt: skip
SENT_TO = [
    "/check/", "/feedback/", "/check/return/", "/check/now/", "/check/answers/", "/check/pause/", "/check/send/",
    "/check/delete-what-i-sent/", "/admin/login/", "/admin/content/article/add/", "/admin/content/picture/add/",
    "/admin/assessment/assessment/find/", "/admin/confirm/",
]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("route", SENT_TO)
def test_a_body_that_is_no_form(route, admin_user):
    quiet = sign_in_staff(admin_user)
    quiet.raise_request_exception = False
    for body, kind in BODIES:
        answer = quiet.generic("POST", route, data=body, content_type=kind)
        assert answer.status_code < 500, (body[:60], kind[:60])
        fair(answer)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name", [*HEADERS, "user-agent", "if-none-match", "if-modified-since", "sec-fetch-site", "x-request-id"]
)
@pytest.mark.parametrize(
    "value", ["A" * 70_000, "\x80\xff", "; ".join(["a=b"] * 3000), "1" * 5000, ", ".join(["1"] * 5000)]
)
def test_a_header_that_is_far_too_long_or_no_text(client, name, value):
    client.raise_request_exception = False
    for page in ("/", "/check/", "/admin/login/", "/metrics"):
        fair(client.get(page, headers={name: value}))
