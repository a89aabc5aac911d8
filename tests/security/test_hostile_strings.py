"""Hostile strings through every field of the site: what is stored is tidy, what is shown is escaped, nothing breaks.

`make test` sends a sample, `make fuzz` more, and others each time; with HOSTILE_STEP=1 every string goes through every
field. HOSTILE_TABLE=FILE counts what came of it, a row a field.
"""

import os
import random
import re
from collections import Counter, defaultdict
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.db import transaction
from django.db.models.signals import post_save
from django.test import Client

from assessment.models import Assessment
from content.models import Article, Feedback, Picture, Sport, Topic
from core.typed.mail_address import tidy_address
from core.typed.telephone import tidy_number
from core.typed.tidy import BROKEN, INVISIBLE, tidy_line, tidy_markdown, tidy_text, tidy_value

from ..assessment.staff import SOON, make_assessment, make_contact
from ..assessment.walks import STRAIN, begin_check, walk_check
from ..staff.people import make_phone, sign_in_staff
from .hostile_forms import OptionReader, load_strings

pytestmark = pytest.mark.django_db
STRINGS = load_strings()
ALL = os.environ.get("HYPOTHESIS_PROFILE") == "new"
# Each STEPth string goes through a field, in `make fuzz` beginning anywhere.
STEP = int(os.environ.get("HOSTILE_STEP", "8" if ALL else "200"))
TABLE = os.environ.get("HOSTILE_TABLE")
TIDY = (tidy_text, tidy_line, tidy_markdown, tidy_value, tidy_address, tidy_number)
# As typed, for the person who typed it alone, until the words are saved.
AS_TYPED = ("Autosave",)

PATIENT = [
    "/search/", "/causes/overuse/", "/check/", "/check/now/", "/check/answers/", "/check/result/", "/check/return/",
    "/check/delete-what-i-sent/", "/admin/login/",
]  # fmt: skip
STAFF = [
    "assessment/assessment/", "assessment/assessment/{check}/change/", "assessment/assessment/{check}/ending/",
    "assessment/assessment/endings/", "assessment/assessment/find/", "assessment/assessment/export/",
    "assessment/assessment/e-mails/", "auth/user/", "auth/user/add/", "auth/user/{user}/change/",
    "auth/user/{user}/password/", "password_change/", "set-up/", "confirm/", "content/article/", "content/article/add/",
    "content/article/{article}/change/", "content/version/{version}/change/", "content/picture/",
    "content/picture/add/", "content/picture/{picture}/change/", "content/source/", "content/source/add/",
    "content/topic/add/", "content/topic/{topic}/change/", "content/sport/add/", "content/feedback/",
]  # fmt: skip


def test_there_are_three_hundred_strings_of_many_kinds():
    assert len(STRINGS) >= 300
    assert len({item.kind for item in STRINGS}) >= 20
    assert len({item.sent for item in STRINGS}) == len(STRINGS)


@pytest.fixture
def site(settings):
    """A site with one of everything; the addresses of its rows."""
    settings.FRESH_MINUTES = settings.IDLE_MINUTES = 60
    settings.CLINIC = {**settings.CLINIC, "phone": "(202) 555-0123"}
    record = make_assessment(SOON)
    make_contact(record, email="ana@example.com")
    topic = Topic.objects.create(slug="causes", name="Causes", summary="Why.")
    Sport.objects.create(slug="golf", name="Golf", load="A swing.")
    article = Article.objects.create(slug="overuse", topic=topic)
    words = {"title": "Overuse", "summary": "Too much.", "body": "Words.\n", "note": "First", "written": "2026-01-01"}
    article.append_version(**words, review_due="2027-06-01", author=None, approved_at="2026-01-02T00:00Z")
    writer = User.objects.create_user("writer", is_staff=True)
    words |= {"title": "More", "review_due": "2027-06-01", "sent_at": "2026-02-01T00:00Z"}
    version = article.append_version(**words, author=writer)
    picture = Picture.objects.create(
        name="heat-pack",
        alt="A warm pack on a back",
        credit="Clinic",
        digest="a" * 64,
        width=300,
        height=200,
        widths=[300],
    )
    nurse = User.objects.create_user("nurse", is_staff=True)
    Feedback.objects.create(path="/causes/overuse/", clear=True, text="Fine", day="2026-01-01")
    rows = {"check": record, "topic": topic, "article": article, "version": version, "picture": picture, "user": nurse}
    return {name: row.pk for name, row in rows.items()}


def begin_patient(page):
    client = Client()
    if page == "/check/result/":
        walk_check(client, {"now": ["none"], **STRAIN})
    elif page == "/check/answers/":
        walk_check(client, STRAIN, finish=False)
    elif page == "/check/now/":
        begin_check(client)
    return client


@pytest.fixture
def saved():
    """What is saved while a test runs: [(model, field, value)]."""
    rows = []

    def note(sender, instance, **kwargs):
        rows.extend(
            (sender.__name__, f.attname, value)
            for f in sender._meta.fields
            for value in strings_in(vars(instance).get(f.attname))
        )

    post_save.connect(note)
    yield rows
    post_save.disconnect(note)


def strings_in(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for part in [*value, *value.values()] if isinstance(value, dict) else value:
            yield from strings_in(part)


class Sender:
    """Sends forms, looks at what comes of it, and leaves everything as it was."""

    def __init__(self, client, page, saved):
        self.client, self.page, self.saved = client, page, saved
        answer = client.get(page)
        assert answer.status_code == 200, (page, answer.status_code)
        self.forms = [
            form for form in OptionReader(answer.content.decode()).forms if not form.action.startswith("http")
        ]

    def send(self, form, **sent):
        """(status, what was saved, the pages that were shown)."""
        self.saved.clear()
        cookies = self.client.cookies.copy()
        where = form.action or self.page
        undone = transaction.atomic()
        undone._from_testcase = True  # as Django's own tests: what must be outermost may stand in it
        with undone:
            if form.method == "post":
                body = form.encode(**sent)
                answer = self.client.generic("POST", where, body, content_type="application/x-www-form-urlencoded")
            else:
                answer = self.client.get(where.partition("?")[0], QUERY_STRING=form.encode(**sent))
            shown = [answer]
            if answer.status_code == 302 and answer.headers["Location"].startswith("/"):
                shown.append(self.client.get(answer.headers["Location"]))
            pages = [read(page) for page in shown]
            transaction.set_rollback(True)
        self.client.cookies = cookies
        return answer, list(self.saved), pages

    def list_fields(self):
        """[(name, form)]: each typed field once, on the form that saves or takes what is typed there, if any does."""
        chosen = {}
        for form in self.forms:
            for name in form.list_typed():
                # The second row of a table of fields is as the first.
                if re.search(r"-[1-9]\d*-", name) or (name in chosen and not ALL):
                    continue
                if not ALL:
                    chosen[name] = None, form
                    continue
                answer, kept, _ = self.send(form, **{name: "Zorbly+word"})
                rank = (any("Zorbly" in value for *_, value in kept), answer.status_code in (200, 302))
                if name not in chosen or rank > chosen[name][0]:
                    chosen[name] = rank, form
        return [(name, form) for name, (_, form) in chosen.items()]


def read(answer):
    return (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode("utf-8", "replace")


def look_at(item, name, sender, form):
    """Send one string through one field; what came of it: identical, tidied, refused, taken or read only."""
    where = (sender.page, name, item.kind, item.sent[:60])
    answer, kept, pages = sender.send(form, **{name: item.sent})
    assert answer.status_code < 500, (where, answer.status_code)
    for page in pages:
        # With signs that HTML knows, what was typed is on no page as it was typed.
        if len(item.text) > 8 and re.search(r"<[a-z/!]", item.text) and "json" not in answer.headers["Content-Type"]:
            assert item.text not in page, where
        assert "<script>hz" not in page, where
        assert not re.search(r"<[a-z][^<>\"']*[\s/]on[a-z]+=hz", page), where
        assert "1337" not in page if "7*191" in item.text else True, where
    heads = [value for shown in [answer] for value in map(str, shown.headers.values())]
    assert not any("Bcc:" in value or "hz=1" in value or "\n" in value for value in heads), where
    assert not any("hz@" in str(message.message()).partition("\n\n")[0] for message in mail.outbox), where
    for model, field, value in kept:
        assert "\0" not in value, where
        if model not in AS_TYPED and field != "password":
            assert not INVISIBLE.search(value), (where, model, field)
            assert not BROKEN.search(value), (where, model, field)
    values = {value for model, _, value in kept if value and model not in AS_TYPED}
    tidied = {tidy(item.text).strip() for tidy in TIDY}
    if item.text and item.text in values:
        return "stored as typed"
    if any(value.strip() in tidied for value in values):
        return "stored tidied"
    if (
        answer.status_code in (400, 403, 404, 409, 413, 422, 429)
        or 'class="error' in pages[0]
        or "errornote" in pages[0]
    ):
        return "refused in words"
    return "shown or read, not stored" if form.method == "get" or not kept else "taken without it"


def run(sender, strings, counts):
    fields = sender.list_fields()
    for name, form in fields:
        for item in strings:
            counts[sender.page, name][look_at(item, name, sender, form)] += 1
    return len(fields)


def choose_strings(page):
    """Some for this page, and others for other pages."""
    first = random.randrange(STEP) if ALL else sum(page.encode()) % STEP
    return STRINGS[first::STEP] or STRINGS[:1]


def write_table(counts):
    if TABLE:
        with Path(TABLE).open("a") as file:
            for (page, name), found in counts.items():
                row = [page, name, *(str(found[what]) for what in OUTCOMES), str(found.total()), "0"]
                file.write(f"| {' | '.join(row)} |\n")


OUTCOMES = ("stored as typed", "stored tidied", "refused in words", "shown or read, not stored", "taken without it")


@pytest.mark.parametrize("page", PATIENT)
def test_a_page_of_patients_takes_hostile_strings_or_refuses_them_in_words(page, site, saved):
    counts = defaultdict(Counter)
    fields = run(Sender(begin_patient(page), page, saved), choose_strings(page), counts)
    write_table(counts)
    assert fields or page in ("/check/", "/check/now/", "/check/answers/")


@pytest.mark.parametrize("page", STAFF)
def test_a_page_of_staff_takes_hostile_strings_or_refuses_them_in_words(page, site, saved):
    client = sign_in_staff(User.objects.create_superuser("boss", "boss@example.com", "correct horse battery"))
    counts = defaultdict(Counter)
    fields = run(Sender(client, f"/admin/{page.format(**site)}", saved), choose_strings(page), counts)
    write_table(counts)
    assert fields or page in ("assessment/assessment/e-mails/", "content/picture/add/")


def test_the_second_step_of_the_login_takes_hostile_strings(site, saved):
    nurse = User.objects.create_superuser("nurse2", password="correct horse battery")
    make_phone(nurse)
    client = Client()
    client.post("/admin/login/", {"username": "nurse2", "password": "correct horse battery"})
    counts = defaultdict(Counter)
    run(Sender(client, "/admin/code/", saved), choose_strings("code"), counts)
    write_table(counts)
    assert {found["stored as typed"] for found in counts.values()} == {0}


def test_choices_and_hidden_fields_take_hostile_strings_too(site, saved):
    client = sign_in_staff(User.objects.create_superuser("boss"))
    firsts = list({item.kind: item for item in STRINGS}.values())
    pages = [(begin_patient(page), page) for page in PATIENT] + [(client, f"/admin/{p.format(**site)}") for p in STAFF]
    sent = 0
    for browser, page in pages:
        sender = Sender(browser, page, saved)
        for number, form in enumerate(sender.forms):
            for at, name in enumerate(name for name in form.fields if name not in form.list_typed()):
                chosen = (number + at + len(page)) % len(firsts)
                for item in firsts if ALL else firsts[chosen : chosen + (at % 4 == 0)]:
                    look_at(item, name, sender, form)
                    sent += 1
    assert sent > 50
    assert Assessment.objects.exists()
