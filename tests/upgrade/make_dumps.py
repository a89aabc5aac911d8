"""Makes what lies in dumps/: databases as version 0.1.0 left them (commit 01b9dc3), for the tests of an upgrade.

    python -m tests.upgrade.make_dumps

Run it only in a checkout of that commit, with this folder laid into it, and with PostgreSQL 15's programs on PATH: the
point of the dumps is that no later code had a hand in them. A later release adds dumps of its own under its own name.

Everything is done as people do it, through the site's pages or the functions behind them, so that events, digests and
triggers are what a clinic would have. Under the keys of tests/environment.py, so that the tests can open it all. The
imports of the site stand inside the functions: the names are those of 0.1.0, and this file is read long after it.
"""

import io
import json
import logging
import lzma
import os
import re
import subprocess
import sys
import tempfile
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace

VERSION, COMMIT = "0.1.0", "01b9dc3"
DUMPS = Path(__file__).parent / "dumps"
PASSWORD = "correct horse battery staple"
# Name: group. "admin" comes from manage.py first_account.
PEOPLE = {
    "nora": "Clinic staff",
    "nick": "Clinic staff",
    "lee": "Leads",
    "ada": "Auditors",
    "ed": "Editors",
    "amy": "Approvers",
    "clara": "Clinical reviewers",
}
EMERGENCY, URGENT, SOON = {"now": ["chest"]}, {"also": ["fever"]}, {"legs": ["one_numb"]}
CALL = {"name": "Ana Example", "telephone": "555 0100 123", "email": "ana@patient.example"}
CALL_BY_MAIL = {"name": "Ben Example", "telephone": "", "email": "ben@patient.example"}
# What would be over when the tests run is over at this time instead: sessions, codes of paused checks, links to drafts.
# Only columns that nothing vouches for are set so (see far_away); how long checks are kept is written into the audit,
# so there the clinic's own setting says a hundred years (RETENTION_DAYS, in main).
FAR = datetime(2120, 1, 1, tzinfo=UTC)


def main():
    """Each engine in a process of its own: Django knows one default database."""
    if sys.argv[1:]:
        return make(sys.argv[1])
    DUMPS.mkdir(exist_ok=True)
    facts = {"version": VERSION, "commit": COMMIT, "password": PASSWORD}
    for vendor in ("sqlite", "postgresql"):
        environment = {**os.environ, "RETENTION_DAYS": str(100 * 365)}
        with tempfile.NamedTemporaryFile() as told:
            command = [sys.executable, "-m", "tests.upgrade.make_dumps", vendor, told.name]
            subprocess.run(command, check=True, env=environment)
            facts[vendor] = json.loads(Path(told.name).read_text(encoding="utf-8"))
    write(f"{VERSION}.json", facts)


def write(name, data):
    (DUMPS / name).write_text(json.dumps(data, indent=1, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")


def make(vendor):
    from tests import environment

    if vendor == "postgresql":
        os.environ["DATABASE_URL"] = environment.start_postgres()
    os.environ["DJANGO_SETTINGS_MODULE"] = "site_project.settings"
    import django
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection
    from django.test.utils import override_settings, setup_test_environment

    django.setup()
    logging.disable(logging.INFO)  # a line a request
    setup_test_environment()
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with override_settings(STORAGES={**settings.STORAGES, "staticfiles": plain}):
        from . import schema

        call_command("migrate", verbosity=0)
        write(f"{VERSION}-schema-{vendor}.json", schema.read(connection))
        facts = fill()
        far_away()
        facts["head"] = audit_head()
        facts["counts"] = schema.counts(connection)
    empty = sorted(table for table, number in facts["counts"].items() if not number)
    print(f"{vendor}: {sum(facts['counts'].values())} rows; nothing in {', '.join(empty)}")  # noqa: T201
    dump(vendor, connection, environment)
    Path(sys.argv[2]).write_text(json.dumps(facts), encoding="utf-8")


# --- What happens at the clinic ---------------------------------------------------------------------------------------
def fill():
    from django.core.management import call_command

    output = io.StringIO()
    call_command("first_account", stdout=output)
    admin_password = re.search(r"password: +(\S+)", output.getvalue())[1]
    call_command("load_library", verbosity=0, stdout=io.StringIO())
    expired()
    call_command("sample_checks", count=10, seed=7, stdout=io.StringIO())
    people, clients = staff(admin_password)
    facts = {"people": people, "articles": articles(clients)}
    facts["checks"] = checks(clients)
    call_command("send_notifications", stdout=io.StringIO())
    facts["noted"] = audit_head()
    facts["sessions"], facts["pause"] = visitors()  # after the mails: of these nobody was told yet
    for client in (clients["nora"], clients["lee"]):
        assert client.get("/admin/").status_code == 200  # counts the days that are over
        assert client.get("/admin/assessment/assessment/").status_code == 200
    assert clients["ada"].get("/admin/assessment/auditevent/").status_code == 200
    return facts


def browser(number=[0]):  # noqa: B006 (counts)
    """Each visitor comes from a network of their own, so that none of them has to wait."""
    from django.test import Client

    number[0] += 1
    return Client(REMOTE_ADDR=f"198.51.100.{number[0]}")


def session_of(client):
    from django.conf import settings

    return client.cookies[settings.SESSION_COOKIE_NAME].value


def expired():
    """A check whose time was over: sent first, so that the purge of a far day meets nothing else."""
    from assessment import disposal

    sent(browser(), {})
    assert disposal.purge(FAR.replace(year=2130))["checks"] == 1


def staff(admin_password):
    """Accounts in each group, each with a phone and a browser that is logged in."""
    from django.contrib.auth import get_user_model
    from django.contrib.auth.models import Group
    from django_otp.plugins.otp_totp.models import TOTPDevice

    people, clients = {}, {}
    for name, group in {"admin": "", **PEOPLE}.items():
        if group:
            made = get_user_model().objects.create_user(name, f"{name}@clinic.example", PASSWORD, is_staff=True)
            made.groups.add(Group.objects.get(name=group))
        password = PASSWORD if group else admin_password
        client = clients[name] = browser()
        client.post("/admin/login/?next=/admin/", {"username": name, "password": password, "next": "/admin/"})
        client.get("/admin/set-up/")
        phone = TOTPDevice.objects.get(user__username=name)
        page = client.post("/admin/set-up/", {"code": totp(phone.key), "next": "/admin/"})
        codes = re.findall(r"<code>([a-z2-7]{4}-[a-z2-7]{4})</code>", page.content.decode())
        assert len(codes) == 10
        people[name] = {
            "group": group, "password": password, "phone": phone.key, "paper": codes, "session": session_of(client),
        }  # fmt: skip
    nora = clients["nora"]
    assert nora.post("/admin/assessment/assessment/e-mails/", {"cadence": "at_once"}).status_code == 302
    clients["nobody"] = browser()
    for _ in range(3):  # a bucket that is not full, and an event of a wrong password
        clients["nobody"].post("/admin/login/?next=/admin/", {"username": "nora", "password": "a guess"})
    return people, clients


def totp(key):
    """What a phone with this key (hexadecimal) shows now."""
    from django_otp.oath import TOTP

    return f"{TOTP(bytes.fromhex(key)).token():06}"


def articles(clients):
    """An article with approved new words, one with a draft, one that moved; and what hangs on them."""
    from django.contrib.auth import get_user_model
    from django.core.files.uploadedfile import SimpleUploadedFile
    from PIL import Image

    from content import reminders, workflow
    from content.models import Article, ShareLink

    ed, amy, clara = (get_user_model().objects.get(username=name) for name in ("ed", "amy", "clara"))
    file = io.BytesIO()
    Image.radial_gradient("L").resize((480, 300)).save(file, "PNG")
    picture = {
        "upload": SimpleUploadedFile("x.png", file.getvalue(), "image/png"), "name": "heat-pack",
        "alt": "A hand lays a heat pack on a lower back", "credit": "Clinic photograph, 2026",
    }  # fmt: skip
    assert clients["ed"].post("/admin/content/picture/add/", picture).status_code == 302

    published, drafted, moved = list(Article.objects.published())[:3]
    title = "Words that a person wrote and two others read"
    words = workflow.write(published, ed, words_of(published, title=title))
    words = workflow.send(words, ed)
    words = workflow.review_clinically(words, clara, "Clara Example, physiotherapist")
    workflow.approve(words, amy)

    draft = workflow.write(drafted, ed, words_of(drafted, title="Words that nobody approved yet"))
    ShareLink.make(draft, ed)
    waiting = workflow.write(moved, ed, words_of(moved, title="Words that wait for approval"))
    workflow.send(waiting, ed)
    typed = "Words that were typed and not saved"
    sent = {"title": typed, "summary": "A line", "body": "Typed.\n", "changed": "1", "opened_on": draft.pk}
    assert clients["ed"].post(f"/admin/content/article/{drafted.pk}/desk/", sent).status_code == 200

    old = moved.get_absolute_url()
    moved.slug += "-moved"
    moved.save()
    for page, clear, text in ((published, "yes", ""), (drafted, "no", "What is a spasm?")):
        note = {"page": page.get_absolute_url(), "clear": clear, "text": text}
        assert browser().post("/feedback/", note).status_code == 302
    assert reminders.send_reminders(date(2032, 1, 5)) == 1  # to ed: by then every page is overdue
    return {
        "published": {"address": published.get_absolute_url(), "title": title},
        "drafted": {"pk": drafted.pk, "typed": typed, "draft": draft.title},
        "moved": {"old": old, "new": moved.get_absolute_url()},
        "feedback": "What is a spasm?",
    }


def words_of(article, **changes):
    newest = article.newest
    names = ("title", "summary", "body", "figures", "written", "review_due")
    return {**{name: getattr(newest, name) for name in names}, "note": "For the clinic", "publish_at": None, **changes}


def sent(client, answers, call=None):
    """A patient sends a check, and asks for a call back; returns the saved record."""
    from assessment.models import Assessment

    from . import patient

    page = patient.walk(client, patient.begin(client), answers)
    if "/answers/" in page.request["PATH_INFO"]:
        page = patient.finish(client, page)
    assert page.request["PATH_INFO"] == "/check/result/"
    record = Assessment.objects.get(pk=client.session["result"])
    if call:
        given = {**call, "token": record.token, "consent": patient.offered(page, "consent")[0]}
        assert client.post("/check/call-back/", given).status_code == 302
    return record


def checks(clients):
    """One check of each kind that the clinic can have, by what became of it."""
    from django.contrib.auth import get_user_model

    from assessment import disposal, keys, workflow
    from assessment.models import Review
    from assessment.protocol.model import Level

    nora, nick, lee = (get_user_model().objects.get(username=name) for name in ("nora", "nick", "lee"))
    as_lee, as_nora = SimpleNamespace(user=lee), SimpleNamespace(user=nora)

    def version(record):
        return Review.objects.get(pk=record.pk).version

    def taken(record):
        page = {"act": "claim", "version": version(record)}
        assert clients["nora"].post(f"/admin/assessment/assessment/{record.pk}/change/", page).status_code == 302

    made = {
        "open": sent(browser(), EMERGENCY),
        "in review": sent(browser(), URGENT, CALL),
        "contacted": sent(browser(), SOON, CALL_BY_MAIL),
        "closed": sent(browser(), {}),
        "overridden": sent(browser(), EMERGENCY),
        "proposed lower": sent(browser(), EMERGENCY),
        "raised": sent(browser(), SOON),
        "held": sent(browser(), URGENT),
        "proposed for deletion": sent(browser(), {}),
        "deleted by staff": sent(browser(), URGENT, CALL),
        "deleted by patient": sent(browser(), {}),
    }
    for name in ("in review", "contacted", "closed", "overridden", "proposed lower", "raised"):
        taken(made[name])
    workflow.add_note(nora, made["in review"], "Rang twice, nobody answered.")
    workflow.contacted(nora, made["contacted"], 2, "Agreed on a visit on Friday.")
    workflow.close(nora, made["closed"], 2, "enough", "Nothing to add.")
    workflow.reopen(nora, made["closed"], 3)
    workflow.close(nora, made["closed"], 4, "advised")
    workflow.override(nora, made["overridden"], 2, Level.URGENT, "Seen by a doctor this morning.")
    workflow.decide(nick, made["overridden"], version(made["overridden"]), False)
    workflow.override(nora, made["overridden"], version(made["overridden"]), Level.SOON, "Pain after a heavy meal.")
    workflow.decide(nick, made["overridden"], version(made["overridden"]), True)
    workflow.override(nora, made["proposed lower"], 2, Level.URGENT, "The chest pain was a bruise.")
    workflow.override(nora, made["raised"], 2, Level.URGENT, "Told us more on the telephone.")
    workflow.release(nora, made["raised"], 3)
    workflow.assign(lee, made["raised"], 4, nick)
    disposal.hold(as_lee, made["proposed for deletion"], "A court asked.")
    disposal.release(as_lee, made["proposed for deletion"])
    disposal.hold(as_lee, made["held"], "A complaint is open.")
    disposal.propose(as_nora, made["proposed for deletion"], "trial")
    disposal.propose(as_nora, made["deleted by staff"], "mistake")
    disposal.confirm(as_lee, made["deleted by staff"])
    key = keys.made_from(made["deleted by patient"].token)
    assert browser().post("/check/delete-what-i-sent/", {"key": key}).status_code == 302
    clients["nora"].post("/admin/assessment/assessment/find/", {"q": CALL["telephone"]})
    clients["nora"].get(f"/admin/assessment/assessment/{made['contacted'].pk}/print/")
    return {name: facts_of(record) for name, record in made.items()}


def facts_of(record):
    """What its patient and the staff know of a check."""
    from assessment import keys
    from assessment.models import Contact, Review

    review = Review.objects.filter(pk=record.pk).first()
    asked = Contact.objects.filter(assessment=record.pk).first()
    return {
        "pk": record.pk,
        "reference": record.reference,
        "key": keys.made_from(record.token),
        "heading": record.result["heading"],
        "own_level": record.level,
        "level": review and review.level,
        "state": review and review.state,
        "call": asked and asked.details(),
    }


def visitors():
    """Patients whom the change of version meets half way: {where they are: their session}, and a code on paper."""
    from assessment.models import Assessment

    from . import patient

    sessions = {}
    client = browser()
    patient.walk(client, patient.begin(client), until="pain")
    sessions["half way"] = {"session": session_of(client), "answers": client.session["check"]["answers"]}

    client = browser()
    record = sent(client, SOON, CALL)
    sessions["result"] = {"session": session_of(client), **facts_of(record)}

    client = browser()
    page = patient.finish(client, patient.walk(client, patient.begin(client, agree=False), SOON), agree=False)
    heading = client.session["unsaved_result"]["result"]["heading"]
    sessions["result kept private"] = {"session": session_of(client), "heading": heading}
    assert heading in page.content.decode()

    # A wrong answer stopped the check: it is corrected half way, and by another patient up to the end.
    client = browser()
    record = sent(client, EMERGENCY)
    page = client.post("/check/correct/", follow=True)
    patient.walk(client, patient.answer(client, page, "none"), until="pain")
    sessions["correcting"] = {"session": session_of(client), "corrects": facts_of(record)}
    client = browser()
    record = sent(client, EMERGENCY)
    page = patient.walk(client, patient.answer(client, client.post("/check/correct/", follow=True), "none"))
    patient.finish(client, page)
    corrected = Assessment.objects.get(pk=client.session["result"])
    assert corrected.corrects_id == record.pk
    sessions["corrected"] = {
        "session": session_of(client), **facts_of(corrected), "first_reference": record.reference,
    }  # fmt: skip

    client = browser()
    page = patient.walk(client, patient.begin(client), until="history")
    token = patient.offered(page, "token")[0]
    page = client.post("/check/pause/", {"token": token}, follow=True)
    code = re.search(r"<h1>Your code is<br>([0-9 ]{14})</h1>", page.content.decode())[1]
    return sessions, {"code": code, "next": "history", "token": token, "session": session_of(client)}


# --- What would be over -----------------------------------------------------------------------------------------------
def far_away():
    """No event and no digest covers these columns: sessions, paused checks and links to drafts are nobody's acts."""
    from assessment.sessions import SessionStore
    from django.contrib.sessions.models import Session

    from assessment.models import Draft
    from content.models import ShareLink
    from staff import fresh, idle

    for key in Session.objects.values_list("session_key", flat=True):
        store = SessionStore(key)
        if idle.SINCE in store:
            store[idle.SINCE] = store[idle.SEEN] = store[fresh.GIVEN] = int(FAR.timestamp())
            store.save()
    Session.objects.update(expire_date=FAR)
    Draft.objects.update(expires_at=FAR)
    ShareLink.objects.update(expires_at=FAR)


def audit_head():
    """The "number:hash" that verify_audit prints, when all is whole."""
    from django.core.management import call_command

    output = io.StringIO()
    call_command("verify_audit", stdout=output)
    return output.getvalue().split()[-1]


# --- Into a file ------------------------------------------------------------------------------------------------------
def dump(vendor, connection, environment):
    name = {"sqlite": f"{VERSION}.sqlite3.xz", "postgresql": f"{VERSION}.postgresql.sql.xz"}[vendor]
    if vendor == "sqlite":
        # The whole file: SQL text (iterdump) loses the tables of full-text search.
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder, "copy.sqlite3")
            connection.cursor().execute("VACUUM INTO %s", [str(copy)])
            data = copy.read_bytes()
    else:
        place = connection.settings_dict
        connection.close()
        command = ["pg_dump", "-h", place["OPTIONS"]["host"], "-U", "site", "--no-owner", "--no-privileges", "postgres"]
        data = subprocess.run(environment.as_postgres(*command), check=True, capture_output=True, cwd="/").stdout
        # Only newer programs know these two, and older ones stop at them.
        data = re.sub(rb"^\\(un)?restrict .*\n", b"", data, flags=re.MULTILINE)
    packed = lzma.compress(data, preset=9 | lzma.PRESET_EXTREME)
    assert len(packed) < 600_000, f"{name} would have {len(packed)} bytes"
    (DUMPS / name).write_bytes(packed)


if __name__ == "__main__":
    main()
