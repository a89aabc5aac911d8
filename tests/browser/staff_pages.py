"""Every page that staff and editors can meet, and the states of it that say something else: how one gets there."""

import re
import time
from types import SimpleNamespace

from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.test import Client
from django.urls import URLPattern, get_resolver
from django.utils import timezone

from assessment.clinic import review_actions
from assessment.models import Assessment, Contact, Review
from assessment.protocol.model import Level
from assessment.retention import deletion
from content.models import Article, Feedback, Source, Version
from staff import idle

from ..assessment.staff import EMERGENCY, SOON, URGENT, ask_call, finished
from ..assessment.walks import STRAIN
from ..staff.people import PASSWORD, phone, signed_in

ROLES = ("Clinic staff", "Leads", "Auditors", "Editors", "Approvers", "Clinical reviewers")
QUEUE, DESK = "/admin/assessment/assessment/", "/admin/content/"


# --- The clinic -------------------------------------------------------------------------------------------------------
def clinic():
    """Forty checks in every state and a person of each role with a browser of their own: {"Leads": Client, ...}.

    record: checks by what is the matter with them.
    """
    call_command("load_library", verbosity=0)
    people = {name: somebody(name) for name in ROLES}
    nurse, lead = people["Clinic staff"], people["Leads"]
    call_command("sample_checks", count=30, seed=7, verbosity=0)
    made = {
        "new": finished(URGENT, hours_ago=9), "mine": finished(SOON), "theirs": finished(SOON),
        "contacted": finished(SOON), "closed": finished(STRAIN), "emergency": finished(EMERGENCY, hours_ago=3),
        "proposed": finished(EMERGENCY, hours_ago=5), "raised": finished(SOON), "held": finished(SOON),
        "leaving": finished(STRAIN),
    }  # fmt: skip
    ask_call(made["new"])
    ask_call(made["mine"], email="ana@example.org")
    for name in ("mine", "contacted", "closed", "raised"):
        review_actions.claim(nurse, made[name], 1)
    for name in ("theirs", "proposed"):
        review_actions.claim(lead, made[name], 1)
    review_actions.contacted(nurse, made["contacted"], 2, "Spoke with her. She comes on Tuesday at nine.")
    review_actions.close(nurse, made["closed"], 2, "enough", "Nothing to add.")
    review_actions.override(lead, made["proposed"], 2, Level.SOON, "An old rib pain, seen in hospital yesterday.")
    review_actions.override(nurse, made["raised"], 2, Level.URGENT, "Worse than she wrote.")
    deletion.hold(lead, made["held"], "complaint")
    deletion.propose(nurse, made["leaving"], "trial")
    article = Article.objects.get(slug="golf")
    draft = article.append(
        title="Golf, said more simply", summary="y", body="## New\n\nShort words.", note="Shorter", author=None,
        written=timezone.localdate(), review_due=timezone.localdate(), sent_at=timezone.now(), approved_at=None,
    )  # fmt: skip
    Feedback.objects.create(path="/sports/golf/", clear=False, text="Which stretch is meant?", day=timezone.localdate())
    return SimpleNamespace(
        people=people, record=made, article=article, draft=draft,
        browser={"": Client(), **{name: signed_in(user) for name, user in people.items()}},
    )  # fmt: skip


def somebody(role):
    name = role.lower().replace(" ", "-")
    user = User.objects.create_user(name, password=PASSWORD, is_staff=True, first_name="Sample", last_name=role)
    user.groups.add(Group.objects.get(name=role))
    return user


# --- Ways -------------------------------------------------------------------------------------------------------------
def at(address, who="Clinic staff", follow=True):
    return lambda clinic: clinic.browser[who].get(
        address.format(draft=clinic.draft.pk, golf=clinic.article.pk), follow=follow
    )


def sent(address, data, who="Clinic staff"):
    return lambda clinic: clinic.browser[who].post(address.format(draft=clinic.draft.pk, golf=clinic.article.pk), data)


def check(name, who="Clinic staff", page="change"):
    return lambda clinic: clinic.browser[who].get(f"{QUEUE}{clinic.record[name].pk}/{page}/")


def act(name, what, who="Clinic staff", page="change", version="", **form):
    """Send a check's form, as of the version that the row has now unless another is given."""

    def way(clinic):
        record = clinic.record[name]
        seen = version or Review.objects.get(pk=record.pk).version
        return clinic.browser[who].post(f"{QUEUE}{record.pk}/{page}/", {"act": what, "version": seen, **form})

    return way


def empty(clinic):
    Assessment.objects.all().delete()
    return clinic.browser["Clinic staff"].get(QUEUE)


def unreadable(clinic):
    Contact.objects.filter(assessment=clinic.record["new"]).update(locked="under another key")
    return check("new")(clinic)


def bulk(action, **form):
    """Two checks ticked: one that can be closed and one that a colleague has."""

    def way(clinic):
        ticked = [clinic.record["mine"].pk, clinic.record["theirs"].pk]
        versions = {f"version-{pk}": Review.objects.get(pk=pk).version for pk in ticked}
        return clinic.browser["Clinic staff"].post(
            QUEUE, {"action": action, "_selected_action": ticked, "index": "0", **versions, **form}, follow=True
        )

    return way


def found_several(clinic):
    ask_call(clinic.record["theirs"])
    return clinic.browser["Clinic staff"].post(f"{QUEUE}find/", {"q": "555 0100 123"})


def password_given(clinic, with_phone):
    user = User.objects.create_user("newcomer", password=PASSWORD, is_staff=True)
    user.groups.add(Group.objects.get(name="Clinic staff"))
    if with_phone:
        phone(user)
    client = Client()
    client.post("/admin/login/", {"username": "newcomer", "password": PASSWORD})
    return client


def second_step(with_phone, code=None):
    def way(clinic):
        client, page = password_given(clinic, with_phone), "code" if with_phone else "set-up"
        return client.get(f"/admin/{page}/") if code is None else client.post(f"/admin/{page}/", {"code": code})

    return way


def not_fresh(clinic, data=None):
    """The page that asks for password and code once more."""
    client = clinic.browser["Leads"]
    remember(client, staff_confirmed=0)
    return client.get(f"{QUEUE}export/", follow=True) if data is None else client.post("/admin/confirm/", data)


def too_late(clinic, data=None):
    client = clinic.browser["Clinic staff"]
    remember(client, **{idle.SEEN: int(time.time()) - 3600})
    return client.post(f"{QUEUE}1/change/", data) if data else client.get(QUEUE, follow=True)


def remember(client, **values):
    session = client.session
    session.update(values)
    session.save()


def account(page, **form):
    def way(clinic):
        address = f"/admin/auth/user/{clinic.people['Auditors'].pk}/{page}/"
        return clinic.browser["Leads"].post(address, form) if form else clinic.browser["Leads"].get(address)

    return way


def article_form(clinic, **changes):
    newest = clinic.article.newest
    return {
        "title": newest.title, "summary": newest.summary, "body": newest.body, "written": newest.written,
        "review_due": newest.review_due, "note": "x", "opened_on": newest.pk, "topic": clinic.article.topic_id,
        "slug": clinic.article.slug, "position": clinic.article.position,
        "figures-TOTAL_FORMS": 2, "figures-INITIAL_FORMS": 0, **changes,
    }  # fmt: skip


def article_error(clinic):
    data = article_form(clinic, title="", note="", body="::: do\nnot closed", written="yesterday")
    return clinic.browser["Editors"].post(f"{DESK}article/{clinic.article.pk}/change/", data)


def article_conflict(clinic):
    data = article_form(clinic, title="Mine", note="Mine", opened_on=clinic.article.versions.last().pk)
    return clinic.browser["Editors"].post(f"{DESK}article/{clinic.article.pk}/change/", data)


def scheduled(clinic):
    Version.objects.filter(pk=clinic.draft.pk).update(sent_at=None)
    return at(DESK + "version/{draft}/change/", "Approvers")(clinic)


def a_source(clinic):
    return clinic.browser["Editors"].get(f"{DESK}source/{Source.objects.first().pk}/change/")


NOTE = {"note": "She cannot lift her foot. Sent to the clinic at once."}
EXPORT = QUEUE + "export/"
WAYS = {
    # The door.
    "login": at("/admin/login/", ""),
    "login, wrong": sent("/admin/login/", {"username": "nurse", "password": "no"}, ""),
    "code": second_step(True),
    "code, wrong": second_step(True, "000000"),
    "set-up": second_step(False),
    "set-up, wrong": second_step(False, "000000"),
    "set-up, again": at("/admin/set-up/"),
    "recovery codes": sent("/admin/recovery-codes/", {}),
    "once more": not_fresh,
    "once more, wrong": lambda clinic: not_fresh(clinic, {"password": "no", "code": ""}),
    "logged off": too_late,
    "logged off with words": lambda clinic: too_late(clinic, {"act": "note", **NOTE}),
    "password change": at("/admin/password_change/"),
    "password change, wrong": sent("/admin/password_change/", {"old_password": "no"}),
    "password changed": at("/admin/password_change/done/"),
    "not allowed": at(QUEUE, "Editors"),
    # Start pages.
    **{f"start, {role}": at("/admin/", role) for role in ROLES},
    # The queue.
    "queue": at(QUEUE),
    "queue, overdue emergencies": at(f"{QUEUE}?level=3&due=over"),
    "queue, mine": at(f"{QUEUE}?who=mine"),
    "queue, closed": at(f"{QUEUE}?state=closed"),
    "queue, nothing fits": at(f"{QUEUE}?level=3&who=mine&state=contacted"),
    "queue, empty": empty,
    "several to a colleague": bulk("assign"),
    "several to close": bulk("close"),
    "several to close, no reason": bulk("close", apply="1"),
    "several closed": bulk("close", apply="1", reason="other", note=NOTE["note"]),
    "several taken": bulk("take"),
    "find": at(f"{QUEUE}find/"),
    "find, no search": sent(f"{QUEUE}find/", {"q": "Ana"}),
    "find, nothing": sent(f"{QUEUE}find/", {"q": "555 8888 888"}),
    "find, several": found_several,
    # One check.
    **{f"check, {name}": check(name) for name in (
        "new", "mine", "theirs", "contacted", "closed", "emergency", "proposed", "raised", "held",
    )},
    "check, own proposal": check("proposed", "Leads"),
    "check, unreadable contact": unreadable,
    "check, note missing": act("mine", "note", note=""),
    "check, reason missing": act("mine", "close", **NOTE),
    "check, level and reason missing": act("mine", "override", level="", why=""),
    "check, colleague missing": act("mine", "assign", to=""),
    "check, somebody was faster": act("mine", "contacted", version="1", **NOTE),
    "check, somebody took it": act("theirs", "override", level="2", why="Worse than it looks", version="1"),
    "check, nothing chosen": act("new", "explode"),
    "print": check("mine", page="print"),
    "print, proposed": check("proposed", page="print"),
    # How a check ends, and leaves.
    "ending": check("mine", "Leads", page="ending"),
    "ending, own proposal": check("leaving", page="ending"),
    "ending, a colleague's proposal": check("leaving", "Leads", page="ending"),
    "ending, held": check("held", "Leads", page="ending"),
    "ending, why missing": act("mine", "propose", page="ending"),
    "ending, refused": act("held", "propose", page="ending", why="trial"),
    "endings": at(f"{QUEUE}endings/", "Leads"),
    "endings, no code": sent(f"{QUEUE}endings/", {"q": "what"}, "Leads"),
    "endings, unknown code": sent(f"{QUEUE}endings/", {"q": "KTRBN-XDWLC"}, "Leads"),
    "take out": at(EXPORT, "Leads"),
    "take out, wrong": sent(EXPORT, {"code": "x", "first": "2026-09-09", "last": "2026-01-01", "kind": "csv"}, "Leads"),
    "mails": at(f"{QUEUE}e-mails/"),
    "where people leave": at("/admin/assessment/stepcount/"),
    # The audit.
    "audit": at("/admin/core/auditevent/", "Auditors"),
    "audit, logins": at("/admin/core/auditevent/?action=login", "Auditors"),
    "audit, nothing": at("/admin/core/auditevent/?action=alarm", "Auditors"),
    # Accounts.
    "accounts": at("/admin/auth/user/", "Leads"),
    "accounts, new": at("/admin/auth/user/add/", "Leads"),
    "accounts, new, wrong": sent(
        "/admin/auth/user/add/", {"username": "x y", "password1": "a", "password2": "b"}, "Leads"
    ),
    "account": account("change"),
    "account, wrong": account("change", username=""),
    "account, password": account("password"),
    "account, password, wrong": account("password", password1="a", password2="b"),
    "account, history": account("history"),
    "account, phone lost": account("lost-phone"),
    # The editors' desk.
    "articles": at(f"{DESK}article/", "Editors"),
    "articles, overdue": at(f"{DESK}article/?show=overdue", "Editors"),
    "articles, waiting": at(f"{DESK}article/?show=approval", "Approvers"),
    "article": at(DESK + "article/{golf}/change/", "Editors"),
    "article, wrong": article_error,
    "article, somebody was faster": article_conflict,
    "article, new": at(f"{DESK}article/add/", "Editors"),
    "article, new, wrong": sent(f"{DESK}article/add/", {"title": "", "body": ""}, "Editors"),
    "article, history": at(DESK + "article/{golf}/history/", "Editors"),
    "article, compare": at(DESK + "article/{golf}/compare/", "Editors"),
    "guide": at(f"{DESK}article/guide/", "Editors"),
    "version, to its editor": at(DESK + "version/{draft}/change/", "Editors"),
    "version, to approve": at(DESK + "version/{draft}/change/", "Approvers"),
    "version, to review": at(DESK + "version/{draft}/change/", "Clinical reviewers"),
    "version, not sent": scheduled,
    "version, note missing": sent(DESK + "version/{draft}/give_back/", {}, "Approvers"),
    "version, shared": sent(DESK + "version/{draft}/share/", {}, "Editors"),
    "pictures": at(f"{DESK}picture/", "Editors"),
    "picture, new": at(f"{DESK}picture/add/", "Editors"),
    "picture, new, wrong": sent(f"{DESK}picture/add/", {"name": "x y"}, "Editors"),
    "sources": at(f"{DESK}source/", "Editors"),
    "source": a_source,
    "source, new": at(f"{DESK}source/add/", "Editors"),
    "source, new, wrong": sent(f"{DESK}source/add/", {"key": "x y"}, "Editors"),
    "topics": at(f"{DESK}topic/", "Editors"),
    "topic, new": at(f"{DESK}topic/add/", "Editors"),
    "sports": at(f"{DESK}sport/", "Editors"),
    "sport, new": at(f"{DESK}sport/add/", "Editors"),
    "feedback": at(f"{DESK}feedback/", "Editors"),
}  # fmt: skip
# Ways whose answer is not 200; the rest is.
STATUS = {
    **dict.fromkeys(("not allowed", "logged off with words"), 403),
    **dict.fromkeys(("check, somebody was faster", "check, somebody took it"), 409),
}


def plain_addresses(resolver=None, prefix="/"):
    """Every address of the staff pages without a variable part, so that no new page escapes."""
    for item in (resolver or get_resolver()).url_patterns:
        route = prefix + re.sub(r"[\^$]", "", str(item.pattern))
        if not isinstance(item, URLPattern):
            yield from plain_addresses(item, route)
        elif route.startswith("/admin/") and not re.search(r"[<(?]", route):
            yield route
