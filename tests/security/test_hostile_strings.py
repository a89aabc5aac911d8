"""Hostile strings through every field of the site: what is stored is tidy, what is shown is escaped, nothing breaks.

`make test` sends a sample, `make fuzz` more, and others each time; with HOSTILE_STEP=1 every string goes through every
field. What came of it is counted: hostile_table.py.
"""

import os
import random
import re
from functools import cache
from html import escape

import pytest
from django.contrib.auth.hashers import check_password
from django.contrib.auth.models import User
from django.core import mail
from django.db import transaction
from django.db.models.signals import post_save
from django.forms.forms import BaseForm
from django.test import Client

from content.models import Article, ClinicDetails, Feedback, Picture, Source, Sport, TeamMember, Topic
from core.typed.mail_address import tidy_address
from core.typed.telephone import tidy_number
from core.typed.tidy import BROKEN, INVISIBLE, tidy_line, tidy_markdown, tidy_text, tidy_value

from ..assessment.staff import SOON, make_assessment, make_contact
from ..assessment.walks import STRAIN, begin_check, walk_check
from ..staff.people import make_phone, sign_in_staff
from .hostile_forms import OptionReader, load_strings
from .hostile_table import COLUMNS, PROPERTY
from .test_hostile_input import ROUTES

pytestmark = pytest.mark.django_db
STRINGS = load_strings()
ALL = os.environ.get("HYPOTHESIS_PROFILE") == "new"
# Each STEPth string goes through a field, in `make fuzz` beginning anywhere.
STEP = int(os.environ.get("HOSTILE_STEP", "8" if ALL else "200"))
TIDY = (tidy_text, tidy_line, tidy_markdown, tidy_value, tidy_address, tidy_number)
# As typed, for the person who typed it alone, until the words are saved.
AS_TYPED = ("Autosave",)

PATIENT = [
    "/search/", "/causes/overuse/", "/check/", "/check/now/", "/check/answers/", "/check/result/", "/check/return/",
    "/check/delete-what-i-sent/", "/admin/login/",
]  # fmt: skip
STAFF = [
    "assessment/assessment/", "assessment/assessment/{assessment}/change/",
    "assessment/assessment/{assessment}/ending/",
    "assessment/assessment/endings/", "assessment/assessment/find/", "assessment/assessment/export/",
    "assessment/assessment/e-mails/", "auth/user/", "auth/user/add/", "auth/user/{user}/change/",
    "auth/user/{user}/password/", "password_change/", "set-up/", "confirm/", "content/article/", "content/article/add/",
    "content/article/{article}/change/", "content/version/{version}/change/", "content/picture/",
    "content/picture/add/", "content/picture/{picture}/change/", "content/source/", "content/source/add/",
    "content/source/{source}/change/", "content/topic/add/", "content/topic/{topic}/change/", "content/sport/add/",
    "content/sport/{sport}/change/", "content/feedback/", "content/clinicdetails/{clinicdetails}/change/",
    "content/teammember/add/", "content/teammember/{teammember}/change/",
]  # fmt: skip


EVERYWHERE = ("/admin/logout/", "/admin/assessment/assessment/find/")


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
    sport = Sport.objects.create(slug="golf", name="Golf", load="A swing.")
    source = Source.objects.create(key="plain-source", title="A study", year=2020, url="https://example.org/")
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
    rows = {
        "assessment": record, "topic": topic, "article": article, "version": version, "picture": picture, "user": nurse,
        "source": source, "sport": sport, "clinicdetails": ClinicDetails.objects.get(),
        "teammember": TeamMember.objects.create(name="Sample Person", role="nurse"),
    }  # fmt: skip
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


def test_every_page_with_a_field_is_in_this_test(site):
    client = sign_in_staff(User.objects.create_superuser("boss"))
    pages = {"/", *PATIENT, *(f"/admin/{page.format(**site)}" for page in STAFF)}
    places = {"slug:topic": "causes", "slug:slug": "overuse"}
    missing = []
    for route in ROUTES:
        row = site.get(model[1]) if (model := re.search(r"(\w+)/<", route)) else None
        page = "/" + re.sub("<([^>]+)>", lambda found, row=row: places.get(found[1], str(row or 1)), route)
        answer = client.get(page)
        if page not in pages and answer.status_code == 200 and "html" in answer.headers["Content-Type"]:
            forms = OptionReader(read(answer)).forms
            missing += [page for form in forms if form.action not in EVERYWHERE and form.list_typed()]
    assert missing == []


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


@pytest.fixture
def refused(monkeypatch):
    """The fields that the forms of Django refuse while a test runs, as HTML names them."""
    names, clean = set(), BaseForm.full_clean

    def note(form):
        clean(form)
        names.update(form.add_prefix(name) for name in form.errors)

    monkeypatch.setattr(BaseForm, "full_clean", note)
    return names


def strings_in(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for part in [*value, *value.values()] if isinstance(value, dict) else value:
            yield from strings_in(part)


class Sender:
    """Sends forms, looks at what comes of it, and leaves everything as it was."""

    def __init__(self, client, page, saved, refused):
        client.raise_request_exception = False
        self.client, self.page, self.saved, self.refused = client, page, saved, refused
        answer = client.get(page)
        assert answer.status_code == 200, (page, answer.status_code)
        page = answer.content.decode()
        self.forms = [form for form in OptionReader(page).forms if not form.action.startswith("http")]
        # What a script sends while somebody writes.
        for pulse in re.findall('data-pulse="([^"]+)"', page):
            written = next(form for form in self.forms if "body" in form.fields)
            self.forms.append(written._replace(action=pulse, button=("changed", "1")))

    def send(self, form, **sent):
        """(the answers, what was saved, the pages that were shown). What a redirect leads to is an answer too."""
        self.saved.clear()
        self.refused.clear()
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
            answers = [answer]
            if answer.status_code in (302, 303) and answer.headers["Location"].startswith("/"):
                answers.append(self.client.get(answer.headers["Location"]))
            pages = [read(page) for page in answers]
            transaction.set_rollback(True)
        self.client.cookies = cookies
        return answers, list(self.saved), pages

    def list_fields(self):
        """[(form, names)]: each typed field once an address, on the form that saves or takes it, if any does."""
        chosen = {}
        for at, form in enumerate(self.forms):
            for name in form.list_typed():
                # The second row of a table of fields is as the first.
                place = (form.action, name)
                if re.search(r"-[1-9]\d*-", name) or (place in chosen and not ALL):
                    continue
                rank = (False, False)
                if ALL:
                    answers, kept, _ = self.send(form, **{name: "Zorbly+word"})
                    rank = (any("Zorbly" in value for *_, value in kept), answers[0].status_code in (200, 302))
                if place not in chosen or rank > chosen[place][0]:
                    chosen[place] = rank, at
        forms = {}
        for (_, name), (_, at) in chosen.items():
            forms.setdefault(at, []).append(name)
        return [(self.forms[at], names) for at, names in forms.items()]

    def list_choices(self):
        """[(form, name)]: every other field once. What stands on every page of staff is sent from the first."""
        forms = [form for form in self.forms if self.page.endswith(STAFF[0]) or form.action not in EVERYWHERE]
        chosen = {(form.action, name): form for form in forms for name in form.fields if name not in form.list_typed()}
        return [(form, name) for (_, name), form in chosen.items()]


def read(answer):
    return (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode("utf-8", "replace")


@cache
def tidy_all(text):
    return {tidy(text).strip() for tidy in TIDY}


def find_faults(item, answers, kept, pages):
    """What must never come of a string, in words."""
    for answer, page in zip(answers, pages, strict=True):
        if answer.status_code >= 500:
            yield f"answered {answer.status_code}: {answer.request['PATH_INFO']}"
        # With signs that HTML knows, what was typed is on no page as it was typed.
        as_typed = len(item.text) > 8 and re.search(r"<[a-z/!]", item.text) and item.text in page
        if as_typed and "json" not in answer.headers.get("Content-Type", ""):
            yield "shown as typed"
        if "<script>hz" in page or re.search(r"<[a-z][^<>\"']*[\s/]on[a-z]+=hz", page):
            yield "a script on the page"
        if "7*191" in item.text and "1337" in page:
            yield "worked out by a template"
        heads = list(map(str, answer.headers.values()))
        if any("Bcc:" in value or "hz=1" in value or "\n" in value for value in heads):
            yield "in a header"
    if any("hz@" in str(message.message()).partition("\n\n")[0] for message in mail.outbox):
        yield "in the head of a mail"
    for model, field, value in kept:
        unseen = INVISIBLE.search(value) or BROKEN.search(value)
        if "\0" in value or (unseen and model not in AS_TYPED and field != "password"):
            yield f"stored untidy: {model}.{field}"


def name_outcome(item, form, answers, kept, pages):
    if any(field == "password" and check_password(item.text, value) for _, field, value in kept):
        return "stored as typed"  # as a hash
    values = {value for model, _, value in kept if value.strip() and model not in AS_TYPED}
    if item.text and item.text in values:
        return "stored as typed"
    if any(value.strip() in tidy_all(item.text) for value in values):
        return "stored tidied"
    if any(400 <= answer.status_code < 500 for answer in answers) or re.search('class="error|errornote', pages[0]):
        return "refused in words"
    return "read, not stored" if form.method == "get" or not kept else "taken without it"


def is_shown(item, pages):
    words = {item.text.strip(), *tidy_all(item.text)}
    return any(escape(each) in page for each in words if len(each) > 3 for page in pages)


def look_at(batch, sender, form, counts):
    """Send each string of {name: string} through its field and count what came of it; the faults found.

    Where the form is refused for some of them, the others are sent without these.
    """
    answers, kept, pages = sender.send(form, **{name: item.sent for name, item in batch.items()})
    worst = max(answer.status_code for answer in answers)
    refused = batch.keys() & sender.refused
    told = batch if len(batch) == 1 or (worst < 400 and not refused) else refused
    faults = []
    for name, item in batch.items():
        row = counts.setdefault(f"{sender.page} {name}", {}).setdefault(item.kind, dict.fromkeys(COLUMNS, 0))
        row["requests"] += len(answers) if name == next(iter(batch)) else 0
        where = f"{sender.page} {name}: {item.kind} {item.sent[:60]}"
        faults += [f"{where}: {fault}" for fault in find_faults(item, answers, kept, pages)]
        if name in told:
            row["sent"] += 1
            # Where a form is refused by a redirect, the page that it leads to says so.
            row[f"{(worst if worst >= 400 else answers[0].status_code) // 100}xx"] += 1
            row[name_outcome(item, form, answers, kept, pages)] += 1
            row["shown"] += is_shown(item, pages)
    rest = {name: item for name, item in batch.items() if name not in told}
    for part in [rest] if told else [{name: item} for name, item in rest.items()]:
        faults += look_at(part, sender, form, counts) if part else []
    return faults


def run(sender, strings, counts):
    """Each field of a form gets another string at a time, and each string in its turn; the faults found."""
    faults = []
    for form, names in sender.list_fields():
        for first in range(len(strings)):
            batch = {name: strings[(first + 7 * at) % len(strings)] for at, name in enumerate(names)}
            faults += look_at(batch, sender, form, counts)
    # Choices and hidden fields: some kinds of strings, others for each.
    firsts = list({item.kind: item for item in STRINGS}.values())
    for at, (form, name) in enumerate(sender.list_choices()):
        for kind in range({1: 5}.get(STEP, ALL or at % 4 == 0)):
            faults += look_at({name: firsts[(5 * at + kind + len(sender.page)) % len(firsts)]}, sender, form, counts)
    return faults


def choose_strings(page):
    """Some for this page, and others for other pages; fewer for a form that stands at another address too."""
    step = STEP * 8 if re.sub(r"{\w+}/change", "add", page) in STAFF and "/change" in page else STEP
    first = random.randrange(step) if ALL else sum(page.encode())
    return STRINGS[first % min(step, len(STRINGS)) :: step]


@pytest.fixture
def counts(record_property):
    """{page and field: {kind: {column: number}}}, for the table that `make fuzz` prints."""
    rows = {}
    record_property(PROPERTY, rows)
    return rows


@pytest.mark.parametrize("page", PATIENT)
def test_a_page_of_patients_takes_hostile_strings_or_refuses_them_in_words(page, site, saved, refused, counts):
    assert run(Sender(begin_patient(page), page, saved, refused), choose_strings(page), counts) == []
    assert counts or page == "/check/"


@pytest.mark.parametrize("page", STAFF)
def test_a_page_of_staff_takes_hostile_strings_or_refuses_them_in_words(page, site, saved, refused, counts):
    client = sign_in_staff(User.objects.create_superuser("boss", "boss@example.com", "correct horse battery"))
    assert run(Sender(client, f"/admin/{page.format(**site)}", saved, refused), choose_strings(page), counts) == []
    assert counts


def test_the_second_step_of_the_login_takes_hostile_strings(site, saved, refused, counts):
    nurse = User.objects.create_superuser("nurse2", password="correct horse battery")
    make_phone(nurse)
    client = Client()
    client.post("/admin/login/", {"username": "nurse2", "password": "correct horse battery"})
    assert run(Sender(client, "/admin/code/", saved, refused), choose_strings("code"), counts) == []
    assert {row["stored as typed"] for kinds in counts.values() for row in kinds.values()} == {0}
