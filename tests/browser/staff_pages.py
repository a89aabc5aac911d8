"""Every page that staff and editors can meet, and the states of it that say something else: how one gets there."""

import re
import time
from types import SimpleNamespace

from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.test import Client
from django.urls import URLPattern, get_resolver
from django.utils import timezone

from assessment.clinic import agreement, raises, review_actions
from assessment.models import Assessment, Contact, Review
from assessment.protocol.model import Level
from assessment.retention import deletion
from content.models import Article, ClinicDetails, Feedback, Source, Version
from staff import idle

from ..assessment.staff import EMERGENCY, SOON, URGENT, look_at, make_assessment, make_contact
from ..assessment.walks import STRAIN
from ..marks import show
from ..staff.people import PASSWORD, make_phone, sign_in_staff

ROLES = ("Clinic staff", "Leads", "Auditors", "Editors", "Approvers", "Clinical reviewers")
QUEUE, DESK = "/admin/assessment/assessment/", "/admin/content/"


# --- The clinic -------------------------------------------------------------------------------------------------------
def make_clinic():
    """Forty checks in every state and a person of each role with a browser of their own: {"Leads": Client, ...}.

    record: checks by what is the matter with them.
    """
    call_command("load_articles", verbosity=0)
    people = {name: make_person(name) for name in ROLES}
    nurse, lead = people["Clinic staff"], people["Leads"]
    call_command("sample_checks", count=30, seed=7, verbosity=0)
    made = {
        "new": make_assessment(URGENT, hours_ago=9),
        "mine": make_assessment(SOON),
        "theirs": make_assessment(SOON),
        "contacted": make_assessment(SOON),
        "closed": make_assessment(STRAIN),
        "emergency": make_assessment(EMERGENCY, hours_ago=3),
        "proposed": make_assessment(EMERGENCY, hours_ago=5),
        "raised": make_assessment(SOON),
        "newer rules": make_assessment(
            {**STRAIN, "history": ["defences"]}, level=Level.SELF_CARE, protocol_version="1.0.1"
        ),
        "held": make_assessment(SOON),
        "leaving": make_assessment(STRAIN),
    }
    make_contact(made["new"])
    make_contact(made["mine"], email="ana@example.org")
    for name in ("mine", "contacted", "closed", "raised"):
        review_actions.claim_review(nurse, made[name], 1)
    for name in ("theirs", "proposed"):
        review_actions.claim_review(lead, made[name], 1)
    review_actions.mark_contacted(nurse, made["contacted"], 2, "Spoke with her. She comes on Tuesday at nine.")
    review_actions.close_review(nurse, made["closed"], 2, "enough", "Nothing to add.")
    look_at(lead, made["proposed"])
    review_actions.override_level(lead, made["proposed"], 2, Level.SOON, "An old rib pain, seen in hospital yesterday.")
    review_actions.override_level(nurse, made["raised"], 2, Level.URGENT, "Worse than she wrote.")
    raises.raise_assessment(made["newer rules"], raises.find_rules_for_more(made["newer rules"]))
    deletion.place_hold(lead, made["held"], "complaint")
    deletion.propose_deletion(nurse, made["leaving"], "trial")
    article = Article.objects.get(slug="golf")
    draft = article.append_version(
        title="Golf, said more simply", summary="y", body="## New\n\nShort words.", note="Shorter", author=None,
        written=timezone.localdate(), review_due=timezone.localdate(), sent_at=timezone.now(), approved_at=None,
    )  # fmt: skip
    Feedback.objects.create(path="/sports/golf/", clear=False, text="Which stretch is meant?", day=timezone.localdate())
    return SimpleNamespace(
        people=people, record=made, article=article, draft=draft,
        browser={"": Client(), **{name: sign_in_staff(user) for name, user in people.items()}},
    )  # fmt: skip


def make_person(role):
    name = role.lower().replace(" ", "-")
    user = User.objects.create_user(name, password=PASSWORD, is_staff=True, first_name="Sample", last_name=role)
    user.groups.add(Group.objects.get(name=role))
    return user


# --- Ways -------------------------------------------------------------------------------------------------------------
def open_staff_address(address, who="Clinic staff", follow=True):
    return lambda clinic: clinic.browser[who].get(
        address.format(draft=clinic.draft.pk, golf=clinic.article.pk), follow=follow
    )


def send_form(address, data, who="Clinic staff"):
    return lambda clinic: clinic.browser[who].post(address.format(draft=clinic.draft.pk, golf=clinic.article.pk), data)


def open_record(name, who="Clinic staff", page="change"):
    return lambda clinic: clinic.browser[who].get(f"{QUEUE}{clinic.record[name].pk}/{page}/")


def send_action(name, what, who="Clinic staff", page="change", version="", **form):
    """Send a check's form, as of the version that the row has now unless another is given."""

    def way(clinic):
        record = clinic.record[name]
        seen = version or Review.objects.get(pk=record.pk).version
        return clinic.browser[who].post(f"{QUEUE}{record.pk}/{page}/", {"action": what, "version": seen, **form})

    return way


def open_empty_queue(clinic):
    Assessment.objects.all().delete()
    return clinic.browser["Clinic staff"].get(QUEUE)


def open_cases(clinic):
    """Of the rule that decided the most closed checks."""
    rule = max(agreement.measure_agreement()[1], key=lambda rule: rule.decided)
    return clinic.browser["Clinic staff"].get(f"{QUEUE}agreement/{rule.code}/")


def open_unreadable_contact(clinic):
    Contact.objects.filter(assessment=clinic.record["new"]).update(locked="under another key")
    return open_record("new")(clinic)


def send_bulk_action(action, **form):
    """Two checks ticked: one that can be closed and one that a colleague has."""

    def way(clinic):
        ticked = [clinic.record["mine"].pk, clinic.record["theirs"].pk]
        versions = {f"version-{pk}": Review.objects.get(pk=pk).version for pk in ticked}
        return clinic.browser["Clinic staff"].post(
            QUEUE, {"action": action, "_selected_action": ticked, "index": "0", **versions, **form}, follow=True
        )

    return way


def found_several(clinic):
    make_contact(clinic.record["theirs"])
    return clinic.browser["Clinic staff"].post(f"{QUEUE}find/", {"q": "555 0100 123"})


def give_password(clinic, with_phone):
    user = User.objects.create_user("newcomer", password=PASSWORD, is_staff=True)
    user.groups.add(Group.objects.get(name="Clinic staff"))
    if with_phone:
        make_phone(user)
    client = Client()
    client.post("/admin/login/", {"username": "newcomer", "password": PASSWORD})
    return client


def guess_passwords(clinic):
    client = Client(REMOTE_ADDR="192.0.2.200")
    while (answer := client.post("/admin/login/", {"username": "nurse", "password": "no"})).status_code != 429:
        pass
    return answer


def take_second_step(with_phone, code=None):
    def way(clinic):
        client, page = give_password(clinic, with_phone), "code" if with_phone else "set-up"
        return client.get(f"/admin/{page}/") if code is None else client.post(f"/admin/{page}/", {"code": code})

    return way


def open_confirmation(clinic, data=None):
    """The page that asks for password and code once more."""
    client = clinic.browser["Leads"]
    change_session(client, staff_confirmed=0)
    return client.get(f"{QUEUE}export/", follow=True) if data is None else client.post("/admin/confirm/", data)


def come_too_late(clinic, data=None):
    client = clinic.browser["Clinic staff"]
    change_session(client, **{idle.SEEN: int(time.time()) - 3600})
    return client.post(f"{QUEUE}1/change/", data) if data else client.get(QUEUE, follow=True)


def change_session(client, **values):
    session = client.session
    session.update(values)
    session.save()


def open_account(page, **form):
    def way(clinic):
        user = clinic.people["Auditors"]
        address = f"/admin/auth/user/{user.pk}/{page}/"
        lead = clinic.browser["Leads"]
        return lead.post(address, {**show(user), **form}) if form else lead.get(address)

    return way


def article_form(clinic, **changes):
    newest = clinic.article.newest
    return {
        "title": newest.title, "summary": newest.summary, "body": newest.body, "written": newest.written,
        "review_due": newest.review_due, "note": "x", "opened_on": newest.pk, "topic": clinic.article.topic_id,
        "slug": clinic.article.slug, "position": clinic.article.position,
        "figures-TOTAL_FORMS": 2, "figures-INITIAL_FORMS": 0, **show(clinic.article), **changes,
    }  # fmt: skip


def article_error(clinic):
    data = article_form(clinic, title="", note="", body="::: do\nnot closed", written="yesterday")
    return clinic.browser["Editors"].post(f"{DESK}article/{clinic.article.pk}/change/", data)


def article_conflict(clinic):
    data = article_form(clinic, title="Mine", note="Mine", opened_on=clinic.article.versions.last().pk)
    return clinic.browser["Editors"].post(f"{DESK}article/{clinic.article.pk}/change/", data)


def open_unsent_version(clinic):
    Version.objects.filter(pk=clinic.draft.pk).update(sent_at=None)
    return open_staff_address(DESK + "version/{draft}/change/", "Approvers")(clinic)


def open_source(clinic):
    return clinic.browser["Approvers"].get(f"{DESK}source/{Source.objects.first().pk}/change/")


def open_clinic_details(clinic):
    return clinic.browser["Approvers"].get(f"{DESK}clinicdetails/{ClinicDetails.objects.get().pk}/change/")


NOTE = {"note": "She cannot lift her foot. Sent to the clinic at once."}
EXPORT = QUEUE + "export/"
WAYS = {
    # Logging in.
    "login": open_staff_address("/admin/login/", ""),
    "login, wrong": send_form("/admin/login/", {"username": "nurse", "password": "no"}, ""),
    "login, many wrong": guess_passwords,
    "code": take_second_step(True),
    "code, wrong": take_second_step(True, "000000"),
    "set-up": take_second_step(False),
    "set-up, wrong": take_second_step(False, "000000"),
    "set-up, again": open_staff_address("/admin/set-up/"),
    "recovery codes": send_form("/admin/recovery-codes/", {}),
    "once more": open_confirmation,
    "once more, wrong": lambda clinic: open_confirmation(clinic, {"password": "no", "code": ""}),
    "logged off": come_too_late,
    "logged off with words": lambda clinic: come_too_late(clinic, {"action": "note", **NOTE}),
    "password change": open_staff_address("/admin/password_change/"),
    "password change, wrong": send_form("/admin/password_change/", {"old_password": "no"}),
    "password changed": open_staff_address("/admin/password_change/done/"),
    "not allowed": open_staff_address(QUEUE, "Editors"),
    # Start pages.
    **{f"start, {role}": open_staff_address("/admin/", role) for role in ROLES},
    # The queue.
    "queue": open_staff_address(QUEUE),
    "queue, overdue emergencies": open_staff_address(f"{QUEUE}?level=3&due=over"),
    "queue, mine": open_staff_address(f"{QUEUE}?who=mine"),
    "queue, closed": open_staff_address(f"{QUEUE}?state=closed"),
    "queue, newer rules": open_staff_address(f"{QUEUE}?raised=yes"),
    "queue, nothing fits": open_staff_address(f"{QUEUE}?level=3&who=mine&state=contacted"),
    "queue, empty": open_empty_queue,
    "several to a colleague": send_bulk_action("assign_selected"),
    "several to close": send_bulk_action("close_selected"),
    "several to close, no reason": send_bulk_action("close_selected", apply="1"),
    "several closed": send_bulk_action("close_selected", apply="1", reason="other", note=NOTE["note"]),
    "several taken": send_bulk_action("claim_selected"),
    "find": open_staff_address(f"{QUEUE}find/"),
    "find, no search": send_form(f"{QUEUE}find/", {"q": "Ana"}),
    "find, nothing": send_form(f"{QUEUE}find/", {"q": "555 8888 888"}),
    "find, several": found_several,
    # One check.
    **{f"check, {name}": open_record(name) for name in (
        "new", "mine", "theirs", "contacted", "closed", "emergency", "proposed", "raised", "newer rules", "held",
    )},
    "check, own proposal": open_record("proposed", "Leads"),
    "check, unreadable contact": open_unreadable_contact,
    "check, newer rules, reason missing": send_action("newer rules", "dismiss_raise", enough=""),
    "check, note missing": send_action("mine", "note", note=""),
    "check, reason missing": send_action("mine", "close", **NOTE),
    "check, level and reason missing": send_action("mine", "override", level="", why=""),
    "check, colleague missing": send_action("mine", "assign", to=""),
    "check, somebody was faster": send_action("mine", "contacted", version="1", **NOTE),
    "check, somebody took it": send_action("theirs", "override", level="2", why="Worse than it looks", version="1"),
    "check, nothing chosen": send_action("new", "explode"),
    "print": open_record("mine", page="print"),
    "print, newer rules": open_record("newer rules", page="print"),
    "print, proposed": open_record("proposed", page="print"),
    # How a check ends, and leaves.
    "ending": open_record("mine", "Leads", page="ending"),
    "ending, own proposal": open_record("leaving", page="ending"),
    "ending, a colleague's proposal": open_record("leaving", "Leads", page="ending"),
    "ending, held": open_record("held", "Leads", page="ending"),
    "ending, why missing": send_action("mine", "propose", page="ending"),
    "ending, refused": send_action("held", "propose", page="ending", why="trial"),
    "endings": open_staff_address(f"{QUEUE}endings/", "Leads"),
    "endings, no code": send_form(f"{QUEUE}endings/", {"q": "what"}, "Leads"),
    "endings, unknown code": send_form(f"{QUEUE}endings/", {"q": "KTRBN-XDWLC"}, "Leads"),
    "take out": open_staff_address(EXPORT, "Leads"),
    "take out, wrong": send_form(
        EXPORT, {"code": "x", "first": "2026-09-09", "last": "2026-01-01", "kind": "csv"}, "Leads"
    ),
    "mails": open_staff_address(f"{QUEUE}e-mails/"),
    "cases of a rule": open_cases,
    "where people leave": open_staff_address("/admin/assessment/stepcount/"),
    # The audit.
    "audit": open_staff_address("/admin/core/auditevent/", "Auditors"),
    "audit, logins": open_staff_address("/admin/core/auditevent/?action=login", "Auditors"),
    "audit, nothing": open_staff_address("/admin/core/auditevent/?action=alarm", "Auditors"),
    # Accounts.
    "accounts": open_staff_address("/admin/auth/user/", "Leads"),
    "accounts, new": open_staff_address("/admin/auth/user/add/", "Leads"),
    "accounts, new, wrong": send_form(
        "/admin/auth/user/add/", {"username": "x y", "password1": "a", "password2": "b"}, "Leads"
    ),
    "account": open_account("change"),
    "account, wrong": open_account("change", email="no address"),
    "account, overtaken": open_account("change", first_name="Other", _seen=""),
    "account, password": open_account("password"),
    "account, password, wrong": open_account("password", password1="a", password2="b"),
    "account, history": open_account("history"),
    "account, phone lost": open_account("lost-phone"),
    # The editors' desk.
    "articles": open_staff_address(f"{DESK}article/", "Editors"),
    "articles, overdue": open_staff_address(f"{DESK}article/?show=overdue", "Editors"),
    "articles, waiting": open_staff_address(f"{DESK}article/?show=approval", "Approvers"),
    "article": open_staff_address(DESK + "article/{golf}/change/", "Editors"),
    "article, wrong": article_error,
    "article, somebody was faster": article_conflict,
    "article, new": open_staff_address(f"{DESK}article/add/", "Editors"),
    "article, new, wrong": send_form(f"{DESK}article/add/", {"title": "", "body": ""}, "Editors"),
    "article, history": open_staff_address(DESK + "article/{golf}/history/", "Editors"),
    "article, compare": open_staff_address(DESK + "article/{golf}/compare/", "Editors"),
    "guide": open_staff_address(f"{DESK}article/guide/", "Editors"),
    "version, to its editor": open_staff_address(DESK + "version/{draft}/change/", "Editors"),
    "version, to approve": open_staff_address(DESK + "version/{draft}/change/", "Approvers"),
    "version, to review": open_staff_address(DESK + "version/{draft}/change/", "Clinical reviewers"),
    "version, not sent": open_unsent_version,
    "version, note missing": send_form(DESK + "version/{draft}/give_back/", {}, "Approvers"),
    "version, shared": send_form(DESK + "version/{draft}/share/", {}, "Editors"),
    "pictures": open_staff_address(f"{DESK}picture/", "Editors"),
    "picture, new": open_staff_address(f"{DESK}picture/add/", "Editors"),
    "picture, new, wrong": send_form(f"{DESK}picture/add/", {"name": "x y"}, "Editors"),
    "sources": open_staff_address(f"{DESK}source/", "Editors"),
    "source": open_source,
    "source, new": open_staff_address(f"{DESK}source/add/", "Editors"),
    "source, new, wrong": send_form(f"{DESK}source/add/", {"key": "x y"}, "Editors"),
    "topics": open_staff_address(f"{DESK}topic/", "Editors"),
    "topic, new": open_staff_address(f"{DESK}topic/add/", "Approvers"),
    "sports": open_staff_address(f"{DESK}sport/", "Editors"),
    "sport, new": open_staff_address(f"{DESK}sport/add/", "Approvers"),
    "clinic, details": open_staff_address(f"{DESK}clinicdetails/", "Approvers"),
    "clinic, to change": open_clinic_details,
    "clinic, people": open_staff_address(f"{DESK}teammember/", "Approvers"),
    "clinic, new person": open_staff_address(f"{DESK}teammember/add/", "Approvers"),
    "feedback": open_staff_address(f"{DESK}feedback/", "Editors"),
}  # fmt: skip
# Ways whose answer is not 200; the rest is.
STATUS = {
    "login, many wrong": 429,
    **dict.fromkeys(("not allowed", "logged off with words"), 403),
    **dict.fromkeys(("check, somebody was faster", "check, somebody took it"), 409),
    **dict.fromkeys(("article, somebody was faster", "account, overtaken"), 409),
}


def list_plain_addresses(resolver=None, prefix="/"):
    """Every address of the staff pages without a variable part, so that no new page escapes."""
    for item in (resolver or get_resolver()).url_patterns:
        route = prefix + re.sub(r"[\^$]", "", str(item.pattern))
        if not isinstance(item, URLPattern):
            yield from list_plain_addresses(item, route)
        elif route.startswith("/admin/") and not re.search(r"[<(?]", route):
            yield route
