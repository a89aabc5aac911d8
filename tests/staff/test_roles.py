"""A role has exactly its permissions, and each staff address answers each role as this table says.

The addresses come from the resolver: a new page without a line here fails.
"""

import re

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, Permission, User
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from assessment.clinic import review_actions
from assessment.models import Assessment, Note, Review
from assessment.privacy import deletion_key
from assessment.retention import deletion
from content.models import Article, Autosave, ClinicDetails, Feedback, Picture, Source, Sport, TeamMember, Topic
from staff.roles import DESK, ROLES

from ..assessment.staff import SOON, URGENT, make_assessment
from .people import PASSWORD, make_phone, sign_in_staff

pytestmark = pytest.mark.django_db
NOBODY, HALF, GONE, STAFF, LEAD, AUDITOR, EDITOR, APPROVER, REVIEWER, SUPER = (
    "nobody", "password only", "deactivated", "Clinic staff", "Leads", "Auditors", "Editors", "Approvers",
    "Clinical reviewers", "superuser",
)  # fmt: skip
OUTSIDE = [NOBODY, HALF, GONE]
EVERYBODY = {STAFF, LEAD, AUDITOR, EDITOR, APPROVER, REVIEWER, SUPER}
CLINIC, LEADS = {STAFF, LEAD, SUPER}, {LEAD, SUPER}
LIBRARY, WRITE, APPROVE, REVIEW = (
    {EDITOR, APPROVER, REVIEWER, SUPER},
    {EDITOR, SUPER},
    {APPROVER, SUPER},
    {REVIEWER, SUPER},
)
# Name of an address: who gets the page. Everybody else who is staff gets 403, others the login.
PAGES = {
    "index": EVERYBODY,
    "password_change": EVERYBODY,
    "password_change_done": EVERYBODY,
    "jsi18n": EVERYBODY,
    "set_up": EVERYBODY,
    "confirm": EVERYBODY,
    "here": EVERYBODY,
    "assessment_assessment_changelist": CLINIC,
    "assessment_assessment_change": CLINIC,
    "assessment_find": CLINIC,
    "assessment_print": CLINIC,
    "assessment_ending": CLINIC,
    "assessment_endings": CLINIC,
    "assessment_mails": CLINIC,
    "assessment_export": LEADS,
    "assessment_stepcount_changelist": CLINIC,
    "core_auditevent_changelist": {AUDITOR, SUPER},
    "auth_user_changelist": LEADS,
    "auth_user_add": LEADS,
    "auth_user_change": LEADS,
    "auth_user_history": LEADS,
    "auth_user_password_change": LEADS,
    "auth_user_lost_phone": LEADS,
    "auth_user_delete": set(),
    "content_article_changelist": LIBRARY,
    "content_article_add": WRITE,
    "content_article_change": WRITE,
    "content_article_history": LIBRARY,
    "content_article_compare": LIBRARY,
    "content_article_guide": LIBRARY,
    # Only a new proof for a form that is open: who is logged in may have one.
    "content_article_token": EVERYBODY,
    "content_article_delete": set(),
    "content_version_change": LIBRARY,
    "content_version_history": LIBRARY,
    "content_version_add": set(),
    "content_version_delete": set(),
    **{f"content_{kind}_{page}": who for kind in ("picture", "source", "sport", "topic") for page, who in (
        ("changelist", LIBRARY), ("change", LIBRARY), ("history", LIBRARY), ("delete", set()),
    )},
    **dict.fromkeys(("content_picture_add", "content_source_add"), WRITE),
    **dict.fromkeys(("content_sport_add", "content_topic_add"), APPROVE),
    # What the clinic says of itself. The one row of its details is made by a migration; who left is deleted.
    **{f"content_{kind}_{page}": APPROVE for kind in ("clinicdetails", "teammember") for page in (
        "changelist", "change", "history",
    )},
    "content_clinicdetails_add": set(),
    "content_clinicdetails_delete": set(),
    **dict.fromkeys(("content_teammember_add", "content_teammember_delete"), APPROVE),
    "content_feedback_changelist": LIBRARY,
    "content_feedback_change": LIBRARY,
    "content_feedback_history": LIBRARY,
    "content_feedback_add": set(),
    "content_feedback_delete": set(),
}  # fmt: skip
# Sent on by these pages to the one where they may read the same.
SENT_ON = {"content_article_change": {APPROVER, REVIEWER}}
# Steps that a form takes (POST): who may. Everybody else who is staff gets 403; to look at one takes it for nobody.
STEPS = {
    **dict.fromkeys(("recovery_codes",), EVERYBODY),
    **{f"content_article_{step}": WRITE for step in (
        "new_desk", "new_preview", "new_discard", "desk", "preview", "discard",
    )},
    # What was right comes back by the hand of either; a page goes and comes by an approver's.
    "content_version_restore": WRITE | APPROVE,
    **dict.fromkeys(("content_article_withdraw", "content_article_put_back"), APPROVE),
    **{f"content_version_{step}": WRITE for step in ("send", "take_back", "share")},
    **{f"content_version_{step}": APPROVE for step in ("approve", "give_back", "unschedule")},
    "content_version_review": REVIEW,
}  # fmt: skip
# Answered in a way of their own, each with its test: by a redirect or a 404.
OTHERWISE = {
    "login", "logout", "code", "autocomplete", "view_on_site", "app_list", "assessment_next", "assessment_cases",
    "content_version_changelist",
}  # fmt: skip


def addresses(resolver=None, prefix="/"):
    """Every pattern under /admin/, as (name, address with a place for the one argument it may have)."""
    for item in (resolver or get_resolver()).url_patterns:
        route = prefix + str(item.pattern).lstrip("^")
        if isinstance(item, URLResolver):
            yield from addresses(item, route)
        elif isinstance(item, URLPattern) and route.startswith("/admin/"):
            yield item.name, route


def test_every_staff_address_is_in_a_table():
    # Without a name: the admin's own way to its changed pages, and its last pattern, which finds nothing.
    names = {name for name, _ in addresses() if name}
    assert names == set(PAGES) | set(STEPS) | OTHERWISE
    assert len(names) == len(PAGES) + len(STEPS) + len(OTHERWISE)


@pytest.fixture
def visitors(person, settings):
    """A browser for each of OUTSIDE and EVERYBODY."""
    half = Client()
    user = User.objects.create_user("half", password=PASSWORD, is_staff=True, is_superuser=True)
    make_phone(user)
    half.post("/admin/login/", {"username": "half", "password": PASSWORD})
    boss = User.objects.create_superuser("boss", password=PASSWORD)
    gone = sign_in_staff(User.objects.create_superuser("gone", password=PASSWORD))
    User.objects.filter(username="gone").update(is_active=False)
    roles = sorted(EVERYBODY - {SUPER})
    return {
        NOBODY: Client(), HALF: half, GONE: gone, SUPER: sign_in_staff(boss),
        **{name: sign_in_staff(person(name)) for name in roles},
    }  # fmt: skip


@pytest.fixture
def numbers(db):
    """The number of a row of each kind that an address can be about, by the beginning of its name."""
    today = timezone.localdate()
    topic = Topic.objects.create(slug="causes", name="Causes", summary="x")
    article = Article.objects.create(slug="overuse", topic=topic)
    words = {"title": "x", "summary": "y", "body": "z", "note": "n", "written": today, "review_due": today}
    article.append_version(**words, approved_at=timezone.now())
    return {
        "assessment": make_assessment(SOON).pk,
        "auth": User.objects.create_user("colleague", is_staff=True).pk,
        "content_article": article.pk,
        "content_version": article.append_version(**words, approved_at=None, sent_at=timezone.now()).pk,
        "content_topic": topic.pk,
        "content_sport": Sport.objects.create(slug="golf", name="Golf", load="x").pk,
        "content_source": Source.objects.create(key="a-2020", title="x", body="y", year=2020, url="https://example.org/").pk,
        "content_picture": Picture.objects.create(name="x", alt="y", digest="z", width=1, height=1, widths=[1]).pk,
        "content_clinicdetails": ClinicDetails.objects.get().pk,
        "content_teammember": TeamMember.objects.create(name="Sample Person", role="physical therapist").pk,
        "content_feedback": Feedback.objects.create(path="/causes/overuse/", clear=True, day=today).pk,
    }  # fmt: skip


def address(name, numbers):
    route = next(route for named, route in addresses() if named == name)
    number = next((number for kind, number in numbers.items() if name.startswith(kind)), 0)
    return re.sub("<[^>]*>", str(number), route)


def said(answer):
    """The status, or "login" for being sent there."""
    to_login = answer.status_code == 302 and answer["Location"].startswith(("/admin/login/?next=", "/admin/code/"))
    return "login" if to_login else answer.status_code


def rolled_back(action):
    """The answer to what was never done."""
    with transaction.atomic():
        answer = action()
        transaction.set_rollback(True)
    return answer


def test_a_page_answers_each_role_as_the_table_says(visitors, numbers):
    wrong = []
    for name, allowed in PAGES.items():
        for who, client in visitors.items():
            found = said(rolled_back(lambda: client.get(address(name, numbers))))  # noqa: B023
            wanted = 200 if who in allowed else 302 if who in SENT_ON.get(name, ()) else 403
            if found != ("login" if who in OUTSIDE else wanted):
                wrong.append(f"{name} for {who}: {found}")
    assert wrong == []


def test_a_page_that_somebody_may_not_see_takes_no_form_from_them(visitors, numbers):
    wrong = []
    for name, allowed in PAGES.items():
        for who, client in visitors.items():
            if who not in allowed and who not in SENT_ON.get(name, ()):
                found = said(rolled_back(lambda: client.post(address(name, numbers), {"action": "claim"})))  # noqa: B023
                if found not in (("login",) if who in OUTSIDE else (403, 405)):
                    wrong.append(f"{name} for {who}: {found}")
    assert wrong == []


def test_a_step_is_taken_by_whom_the_table_names_and_by_nobody_who_only_looks(visitors, numbers):
    wrong = []
    for name, allowed in STEPS.items():
        for who, client in visitors.items():
            looked = said(rolled_back(lambda: client.get(address(name, numbers))))  # noqa: B023
            taken = said(rolled_back(lambda: client.post(address(name, numbers), {})))  # noqa: B023
            if who in OUTSIDE:
                fits = (looked, taken) == ("login", "login")
            else:
                fits = looked in (302, 405) and (taken in (200, 302, 422) if who in allowed else taken == 403)
            if not fits:
                wrong.append(f"{name} for {who}: {looked}, {taken}")
    assert wrong == []


# --- One row and another ----------------------------------------------------------------------------------------------
def test_a_colleague_reads_an_assessment_and_does_not_decide_on_it(visitors, person):
    record, nurse = make_assessment(URGENT), person("Clinic staff", "other-nurse")
    review_actions.claim_review(nurse, record, 1)
    where = f"/admin/assessment/assessment/{record.pk}/change/"
    for who in (STAFF, LEAD):
        client = visitors[who]
        assert client.get(where).status_code == 200
        for sent in (
            {"action": "contacted"},
            {"action": "close", "reason": "other"},
            {"action": "override", "level": "1"},
        ):
            answer = client.post(where, {"version": "2", "note": "x", "why": "x", **sent})
            assert answer.status_code == 422
            assert "has this check. Take it over first." in answer.content.decode()
    assert Review.objects.get(pk=record.pk).version == 2


def test_nobody_changes_or_deletes_a_note(visitors):
    models = {model.__name__ for model in admin.site._registry}
    assert not models & {"Note", "Override", "Contact", "Review", "Tombstone", "AuditHead"}
    record = make_assessment(SOON)
    where = f"/admin/assessment/assessment/{record.pk}/change/"
    visitors[STAFF].post(where, {"action": "note", "version": "1", "note": "She walks again."})
    note = Note.objects.get()
    visitors[LEAD].post(where, {"action": "note", "version": "1", "note": "Not so.", "id": note.pk, "pk": note.pk})
    assert list(Note.objects.values_list("text", flat=True)) == ["She walks again.", "Not so."]


def test_of_a_deleted_assessment_no_page_is_left_for_anybody(visitors):
    record = make_assessment(SOON)
    deletion.withdraw_assessment(deletion_key.recover_key(record))
    for page in ("change", "print", "ending"):
        where = f"/admin/assessment/assessment/{record.pk}/{page}/"
        found = {who: said(client.get(where)) for who, client in visitors.items()}
        assert found == {
            who: "login" if who in OUTSIDE else 404 if who in CLINIC else 403 for who in visitors
        }, page  # fmt: skip


def test_a_held_assessment_is_deleted_by_no_role(visitors, person):
    record, nurse = make_assessment(SOON), person("Clinic staff", "other-nurse")
    deletion.propose_deletion(nurse, record, "trial")
    deletion.place_hold(nurse, record, "complaint")
    for who in sorted(EVERYBODY):
        visitors[who].post(f"/admin/assessment/assessment/{record.pk}/ending/", {"action": "confirm"})
    assert Assessment.objects.filter(pk=record.pk).exists()


def test_the_unsaved_text_of_another_editor_is_nobodys_to_read_or_throw_away(visitors, numbers, person):
    other = person("Editors", "other-editor")
    number = numbers["content_article"]
    Autosave.objects.create(article_id=number, author=other, data={"body": ["Zq7unsaved"]})
    for who in sorted(WRITE):
        page = visitors[who].get(f"/admin/content/article/{number}/change/").content.decode()
        assert "Zq7unsaved" not in page
        visitors[who].post(f"/admin/content/article/{number}/discard/")
    assert Autosave.objects.get().author == other


def test_a_link_to_one_draft_opens_no_other_and_ends_with_the_next(visitors, numbers):
    step = f"/admin/content/version/{numbers['content_version']}/share/"

    def made():
        return re.search(r'readonly value="https?://[^/]*([^"]*)"', visitors[EDITOR].post(step).content.decode())[1]

    first = made()
    assert Client().get(first).status_code == 200
    for forged in (first[:-2] + "x/", first.replace("/drafts/", "/drafts/x"), "/drafts/1/"):
        assert Client().get(forged).status_code == 404
    second = made()
    assert (Client().get(first).status_code, Client().get(second).status_code) == (404, 200)


OPEN = {"login", "logout", "code", "set_up"}


def test_no_staff_address_of_any_room_opens_without_both_steps(visitors):
    """Whatever page a room adds: a stranger, and a password alone, get to the login and no further."""
    for name, route in addresses():
        if name in OPEN or route == "/admin/login/":
            continue
        for who in (NOBODY, HALF):
            answer = visitors[who].get(re.sub("<[^>]*>|\\(.*\\)", "1", route).replace("$", ""))
            assert answer.status_code in (302, 301, 404, 405), (who, name)
            if answer.status_code in (301, 302):
                assert answer["Location"].startswith(("/admin/login/", "/admin/code/", "/admin/1")), (who, name)


@pytest.mark.parametrize("who", [AUDITOR, EDITOR])
def test_who_may_not_see_assessments_cannot_change_them_either(who, visitors):
    record, client = make_assessment(SOON), visitors[who]
    for address in (
        f"/admin/assessment/assessment/{record.pk}/change/",
        f"/admin/assessment/assessment/{record.pk}/ending/",
        "/admin/assessment/assessment/endings/",
        "/admin/assessment/assessment/export/",
        "/admin/assessment/assessment/find/",
        "/admin/assessment/assessment/",
    ):
        assert client.post(address, {"action": "propose", "why": "trial", "version": "1"}).status_code == 403
    assert record.reference not in client.get("/admin/").content.decode()


@pytest.mark.parametrize("action", ["confirm", "hold", "release"])
def test_what_leads_decide_is_refused_to_the_others(action, visitors):
    record = make_assessment(SOON)
    address = f"/admin/assessment/assessment/{record.pk}/ending/"
    visitors[LEAD].post(address, {"action": "propose", "why": "trial"})
    assert visitors[STAFF].post(address, {"action": action, "reason": "a complaint"}).status_code == 403
    record.refresh_from_db()


def test_a_lead_neither_sees_nor_changes_a_superuser(visitors):
    boss = User.objects.get(username="boss")
    lead = visitors[LEAD]
    assert ">boss<" not in lead.get("/admin/auth/user/").content.decode()
    for page in ("change", "password", "lost-phone"):
        answer = lead.post(f"/admin/auth/user/{boss.pk}/{page}/", {"password1": "x", "password2": "x"})
        assert answer.status_code in (302, 403, 404)
        assert answer.get("Location", "/admin/") == "/admin/"
    boss.refresh_from_db()
    assert boss.check_password(PASSWORD)
    assert boss.totpdevice_set.exists()


def test_the_code_page_and_what_only_sends_on(visitors):
    for who in (STAFF, LEAD, AUDITOR, EDITOR, SUPER):
        assert visitors[who].get("/admin/code/")["Location"] == "/admin/"
        assert visitors[who].get("/admin/recovery-codes/")["Location"] == "/admin/set-up/"
    assert visitors[HALF].get("/admin/code/").status_code == 200
    assert visitors[NOBODY].get("/admin/code/")["Location"].startswith("/admin/login/")
    assert visitors[HALF].post("/admin/recovery-codes/").status_code == 302
    assert visitors[AUDITOR].get("/admin/assessment/assessment/next/").status_code == 403


@pytest.mark.parametrize("name", ROLES)
def test_a_role_has_exactly_its_permissions(name):
    found = {
        f"{app}.{code}"
        for app, code in Permission.objects.filter(group__name=name).values_list("content_type__app_label", "codename")
    }
    assert found == ROLES[name]


def test_there_are_no_other_roles_than_those_of_the_clinic_and_of_the_desk():
    assert set(Group.objects.values_list("name", flat=True)) <= {*ROLES, *DESK}


def test_the_roles_of_the_desk_are_all_about_articles():
    found = Permission.objects.filter(group__name__in=DESK).values_list("content_type__app_label", flat=True)
    assert set(found) == {"content"}


def test_nobody_reads_the_keys_of_phones_here():
    assert not [model for model in admin.site._registry if model._meta.app_label in ("otp_totp", "otp_static")]
