"""Nothing stored is a credential: who holds a copy of the database, and not SECRET_KEY, opens nothing with it."""

import base64
import json
import re
import zlib
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.conf import settings
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
# What is tried: no words with spaces, no time, and no name in lower case only, which is one of our own codes.
LIKELY = re.compile(r"(?=.*[0-9A-Z])(?!20\d\d-)[!-~]{6,400}")


# --- What the thief has -----------------------------------------------------------------------------------------------
def read_dump():
    """Every text in every cell of every table, also within JSON and within the data of sessions."""
    found = set()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
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


# What the page of the check held that was sent: no copy has it, and without it the press counts for nothing.
PAGE = {"token": ""}


def try_overtaken_press(cell):
    return any(
        with_cookie(cell).post("/check/answers/", {"token": token, "consent": consent.VERSION}).status_code == 302
        for token in (cell, PAGE["token"])
    )


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
    client = give_password()
    return any(client.post("/admin/code/", {"code": code}).status_code == 302 for code in list_codes(cell))


def try_draft_link(cell):
    return "/" not in cell and Client().get(f"/drafts/{cell}/").status_code == 200


def try_metrics(cell):
    return Client().get("/metrics", headers={"Authorization": f"Bearer {cell}"}).status_code == 200


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
    held, everywhere = {}, read_dump()

    sent = Client()
    _, token = walk_check(sent, STRAIN, finish=False)
    before = sent.cookies[COOKIE].value
    sent.post("/check/answers/", {"token": token, "consent": consent.VERSION})
    page = sent.get("/check/result/")
    call = {"name": "Ana Example", "telephone": "555 0100 123", "email": ""}
    sent.post("/check/call-back/", {**call, "token": find_token(page), "consent": consent.VERSION})
    held["result_session"], held["overtaken_press"] = sent.cookies[COOKIE].value, before
    PAGE["token"] = find_token(page)
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
    held["pause_code"] = re.search(r"\d{4} \d{4} \d{4} \d{4}", paused.get("/check/pause/").content.decode())[0]

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
    return SimpleNamespace(everywhere=everywhere, held=held, seed=seed, papers=papers, tokens=[token, half])


def test_no_word_of_a_copy_of_the_database_opens_anything(clinic):
    cells = [cell for cell in read_dump() - clinic.everywhere if LIKELY.fullmatch(cell)]
    assert len(cells) > 50
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
    assert shut == {"token"}  # it opens nothing by itself
    for name, held in clinic.held.items():
        assert held not in dump, name
        assert re.sub(r"[ -]", "", held) not in dump, name
        # The door of a pause code closes behind it, and so may others: each once.
        assert globals()[f"try_{name}"](held), name
    for secret in (*clinic.tokens, *clinic.papers, clinic.seed.hex(), base64.b32encode(clinic.seed).decode()):
        assert secret not in dump
        assert secret.replace("-", "") not in dump


NEEDS_NO_KEY = {"password", "metrics"}


@pytest.mark.parametrize("keep", [True, False])
def test_after_a_change_of_the_key_all_of_it_works_on_with_the_old_one_as_a_fallback_and_else_none(
    clinic, settings, keep
):
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY] if keep else []
    settings.SECRET_KEY = "another " * 10
    opened = {name for name, held in clinic.held.items() if globals()[f"try_{name}"](held)}
    assert opened == (clinic.held.keys() if keep else NEEDS_NO_KEY)


# --- The same, column by column ---------------------------------------------------------------------------------------
# Whatever is random, hashed, signed or locked, and why it opens nothing.
SECRETS = {
    "assessment_assessment.key_hash": "keyed hash of the deletion key, which is made of the token under SECRET_KEY",
    "assessment_assessment.protocol_digest": "names rules that anybody may read",
    "assessment_assessment.reference": "a name that is read out on the telephone",
    "assessment_assessment.token": "pages carry a keyed hash of it, which counts beside their session only",
    "assessment_auditevent.facts": "keyed digests of rows",
    "assessment_auditevent.hash": "a keyed chain: it proves, and opens nothing",
    "assessment_auditevent.previous": "as hash",
    "assessment_auditevent.reference": "the name of a check",
    "assessment_audithead.hash": "as that of an event",
    "assessment_audithead.seal": "as hash",
    "assessment_contact.email_key": "keyed hash, to search with",
    "assessment_contact.locked": "encrypted with CONTACT_KEYS",
    "assessment_contact.telephone_key": "keyed hash, to search with",
    "assessment_draft.data": "option codes, and the token",
    "assessment_draft.key": "keyed hash of the code on paper",
    "assessment_draft.token": "as that of an assessment: the code is made of it under SECRET_KEY",
    "assessment_raise.protocol_digest": "names rules that anybody may read",
    "assessment_review.answers_digest": "of option codes, to find the same answers",
    "assessment_tombstone.key_hash": "as that of an assessment",
    "assessment_tombstone.reference_hash": "keyed hash of a name",
    "auth_user.password": "hashed, salted and slow (Django)",
    "content_bucket.key": "keyed hash of a network, under a key of the day",
    "content_picture.digest": "names a public file",
    "content_sharelink.nonce": "the link is signed with SECRET_KEY",
    "content_version.digest": "names words",
    "django_session.session_data": "answers on the way, the token, who is logged in: nothing that a browser sends",
    "django_session.session_key": "keyed hash of what the cookie holds",
    "otp_static_statictoken.token": "keyed hash of a recovery code",
    "otp_totp_totpdevice.key": "encrypted under a key made of SECRET_KEY",
}
# Words and names: what people typed, and codes of ours.
WORDS = """
    assessment_assessment: variant protocol protocol_version language answers rules result consent_text consent_version
    assessment_auditevent: actor action
    assessment_contact: consent_text consent_version
    assessment_disposal: why
    assessment_hold: reason
    assessment_mail: key kind
    assessment_mailwish: cadence
    assessment_note: text
    assessment_override: reason
    assessment_raise: protocol_version reasons why
    assessment_review: state reason sport
    assessment_stepcount: question
    assessment_tombstone: end why proposed_by confirmed_by
    auth_group: name
    auth_permission: name codename
    auth_user: username first_name last_name email
    content_article: slug
    content_autosave: data
    content_clinicdetails: hours booking booking_link
    content_feedback: path text
    content_oldaddress: topic slug
    content_picture: name alt caption credit widths
    content_source: key title body url
    content_sport: slug name load
    content_teammember: name role registration
    content_topic: slug name summary
    content_version: title summary body figures pictures note returned_note clinically_reviewed_by
    django_admin_log: object_id object_repr change_message
    django_content_type: app_label model
    otp_static_staticdevice: name
    otp_totp_totpdevice: name
"""
TEXTS = (models.CharField, models.TextField, models.JSONField, models.BinaryField, models.FileField)


def test_of_every_stored_text_it_is_said_why_it_opens_nothing():
    words = {
        f"{table}.{column}"
        for table, columns in (line.strip().split(": ") for line in WORDS.strip().splitlines())
        for column in columns.split()
    }
    stored = {
        f"{model._meta.db_table}.{field.column}"
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.concrete_fields
        if isinstance(field, TEXTS)
    }
    assert not words & SECRETS.keys()
    assert stored == words | SECRETS.keys()


def test_the_shared_cache_holds_nothing_but_when_pages_changed():
    users = [
        str(file.relative_to(settings.BASE_DIR))
        for room in ("assessment", "content", "core", "site_project", "staff")
        for file in sorted((settings.BASE_DIR / room).rglob("*.py"))
        if "from django.core.cache import" in file.read_text(encoding="utf-8")
    ]
    assert users == ["content/page_cache/stamps.py"]
