"""Nothing stored is a credential: somebody who holds a copy of the database, and not SECRET_KEY, opens nothing with it."""

import base64
import json
import re
import zlib
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core import signing
from django.db import connection, models
from django.test import Client
from django.utils import timezone
from django_otp.oath import TOTP

from assessment.privacy import consent
from content.models import Article, ShareLink, Topic, Version
from core.throttle import Bucket

from ..assessment.walks import STRAIN, answer_question, begin_check, find_token, walk_check

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"
METRICS = "the metrics token of this test"
COOKIE = settings.SESSION_COOKIE_NAME


# --- What the thief has -----------------------------------------------------------------------------------------------
def read_dump():
    """Every text in every cell of every table, also within JSON and within the data of sessions."""
    found = set()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 (the names of our tables)
            for row in cursor.fetchall():
                found.update(text for cell in row for text in list_texts(cell))
    return found


def list_texts(cell):
    if isinstance(cell, dict):
        cell = [*cell, *cell.values()]
    if isinstance(cell, list | tuple):
        return [text for part in cell for text in list_texts(part)]
    if not isinstance(cell, str):
        return []
    inner = read_json(cell) or read_session(cell)
    return [cell, *(list_texts(inner) if isinstance(inner, dict | list) else [])]


def read_json(text):
    try:
        return json.loads(text)
    except ValueError:
        return None


def read_session(text):
    """What Django packed and signed: to read it needs no key."""
    packed = text.split(":")[0]
    try:
        data = signing.b64_decode(packed.removeprefix(".").encode())
        return json.loads(zlib.decompress(data) if packed.startswith(".") else data)
    except (ValueError, zlib.error):
        return None


def list_codes(cell):
    """The cell as a code, and what an app with it as its key would show: in whichever way the key is written."""
    yield cell
    for read in (bytes.fromhex, base64.b32decode, base64.urlsafe_b64decode, str.encode):
        try:
            yield f"{TOTP(read(cell)).token():06}"
        except ValueError:
            continue


# --- What the thief tries: each says whether it opened ----------------------------------------------------------------
def with_cookie(cell):
    thief = Client()
    thief.cookies[COOKIE] = cell
    return thief


def try_staff_session(cell):
    return with_cookie(cell).get("/admin/").status_code == 200


def try_result_session(cell):
    return with_cookie(cell).get("/check/result/").status_code == 200


def try_open_check_session(cell):
    return with_cookie(cell).get("/check/now/").status_code == 200


def try_shown_code_session(cell):
    return with_cookie(cell).get("/check/pause/").status_code == 200


def try_overtaken_press(cell):
    return with_cookie(cell).post("/check/answers/", {"token": cell, "consent": consent.VERSION}).status_code == 302


def try_token(cell):
    return any(Client().post(f"/check/{page}/", {"token": cell}).status_code == 302 for page in ("now", "send"))


def try_deletion_key(cell):
    return Client().post("/check/delete-what-i-sent/", {"key": cell}).status_code == 302


def try_pause_code(cell):
    return Client().post("/check/return/", {"code": cell}).status_code == 302


def try_password(cell):
    return Client().post("/admin/login/", {"username": "nora", "password": cell}).status_code == 302


def try_code(cell):
    """With the password, which the thief may have seen somebody type."""
    thief = give_password()
    return any(thief.post("/admin/code/", {"code": code}).status_code == 302 for code in list_codes(cell))


def try_draft_link(cell):
    return "/" not in cell and Client().get(f"/drafts/{cell}/").status_code == 200


def try_metrics(cell):
    return Client().get("/metrics", headers={"Authorization": f"Bearer {cell}"}).status_code == 200


def try_reset_link(cell):
    """The site sends none; it must stay so, or come into this test."""
    return any(
        Client().get(f"/{there}/{cell}/").status_code not in (302, 404)
        for there in ("admin/password_reset", "accounts/reset/MQ")
        if "/" not in cell
    )


DOORS = [value for name, value in list(globals().items()) if name.startswith("try_")]


def give_password():
    client = Client()
    client.post("/admin/login/", {"username": "nora", "password": PASSWORD, "next": "/admin/"})
    return client


# --- A clinic in use --------------------------------------------------------------------------------------------------
@pytest.fixture
def clinic(person, settings):
    """Every kind of credential that the site gives out, in use; what its owner holds, by the door that it opens."""
    settings.SECOND_FACTOR, settings.METRICS_TOKEN = True, METRICS
    # Nobody waits: what is tried here is what the site would take.
    settings.OTP_TOTP_THROTTLE_FACTOR = settings.OTP_STATIC_THROTTLE_FACTOR = 0
    held = {}

    sent = Client()
    page, token = walk_check(sent, STRAIN, finish=False)
    before = sent.cookies[COOKIE].value
    sent.post("/check/answers/", {"token": token, "consent": consent.VERSION})
    page = sent.get("/check/result/")
    call = {"name": "Ana Example", "telephone": "555 0100 123", "email": ""}
    sent.post("/check/call-back/", {**call, "token": find_token(page), "consent": consent.VERSION})
    held["result_session"], held["overtaken_press"] = sent.cookies[COOKIE].value, before
    held["deletion_key"] = re.search(r"\b(?:[A-Z]{5}-){5}[A-Z]{5}\b", page.content.decode())[0]

    under_way = Client()
    half = begin_check(under_way)
    answer_question(under_way, "now", "none", token=half)
    held["open_check_session"] = under_way.cookies[COOKIE].value

    private = Client()
    walk_check(private, STRAIN, agree="no")

    paused = Client()
    paused.post("/check/pause/", {"token": begin_check(paused)})
    held["shown_code_session"] = paused.cookies[COOKIE].value
    held["pause_code"] = re.search(r"\d{4} \d{4} \d{4}", paused.get("/check/pause/").content.decode())[0]

    nora, held["password"] = person("Clinic staff", "nora"), PASSWORD
    staff = give_password()
    page = staff.get("/admin/set-up/").content.decode()
    seed = base64.b32decode(re.search(r"(?:[A-Z2-7]{4} ){7}[A-Z2-7]{4}", page)[0].replace(" ", ""))
    page = staff.post("/admin/set-up/", {"code": f"{TOTP(seed).token():06}", "next": "/admin/"}).content.decode()
    papers = re.findall(r"<code>([a-z2-7]{4}-[a-z2-7]{4})</code>", page)
    held["staff_session"], held["code"] = staff.cookies[COOKIE].value, papers[0]

    article = Article.objects.create(slug="overuse", topic=Topic.objects.create(slug="causes", name="Causes"))
    today = timezone.localdate()
    words = {"title": "Overuse", "summary": "Too much", "body": "Too much, too soon.\n", "note": "First"}
    draft = Version.objects.create(article=article, **words, written=today, review_due=today + timedelta(days=9))
    held["draft_link"], held["metrics"] = ShareLink.make(draft, nora).token, METRICS
    return SimpleNamespace(held=held, seed=seed, papers=papers, tokens=[token, half])


def test_no_word_of_a_copy_of_the_database_opens_anything(clinic):
    cells = [cell for cell in read_dump() if re.fullmatch(r"[!-~]{6,400}", cell)]
    assert len(cells) > 100
    opened = []
    for cell in cells:
        for door in DOORS:
            Bucket.objects.all().delete()
            if door(cell):
                opened.append((door.__name__, cell))
    assert opened == []


def test_what_people_hold_opens_their_door_and_is_in_no_copy(clinic):
    dump = "\n".join(read_dump())
    shut = {door.__name__.removeprefix("try_") for door in DOORS} - clinic.held.keys()
    assert shut == {"token", "reset_link"}  # a token opens nothing by itself
    for name, held in clinic.held.items():
        assert held not in dump, name
        assert re.sub(r"[ -]", "", held) not in dump, name
        # The door of a pause code closes behind it, and so may others: each once.
        assert globals()[f"try_{name}"](held), name
    for secret in (*clinic.tokens, *clinic.papers, clinic.seed.hex(), base64.b32encode(clinic.seed).decode()):
        assert secret not in dump
        assert secret.replace("-", "") not in dump
