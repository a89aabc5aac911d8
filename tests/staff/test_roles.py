"""A role has exactly its permissions, and each staff address answers each role as this table says.

The addresses come from the resolver: a new page without a line here fails.
"""

import re

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, Permission, User
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from staff.roles import DESK, ROLES

from ..assessment.staff import SOON, finished
from .people import PASSWORD, phone, signed_in

pytestmark = pytest.mark.django_db
NOBODY, HALF, STAFF, LEAD, AUDITOR, EDITOR, SUPER = (
    "nobody", "password only", "Clinic staff", "Leads", "Auditors", "Editors", "superuser",
)  # fmt: skip
WHO = [NOBODY, HALF, STAFF, LEAD, AUDITOR, EDITOR, SUPER]
CLINIC, LEADS, EVERYBODY = {STAFF, LEAD, SUPER}, {LEAD, SUPER}, {STAFF, LEAD, AUDITOR, EDITOR, SUPER}
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
    "assessment_auditevent_changelist": {AUDITOR, SUPER},
    "auth_user_changelist": LEADS,
    "auth_user_add": LEADS,
    "auth_user_change": LEADS,
    "auth_user_history": LEADS,
    "auth_user_password_change": LEADS,
    "auth_user_lost_phone": LEADS,
    "auth_user_delete": set(),
}
# Answered in a way of their own, each with its test: by a redirect, a 404, a POST only.
OTHERWISE = {"login", "logout", "code", "recovery_codes", "autocomplete", "view_on_site", "app_list", "assessment_next"}


def addresses(resolver=None, prefix="/"):
    """Every pattern under /admin/, as (name, address with a place for the one argument it may have)."""
    for item in (resolver or get_resolver()).url_patterns:
        route = prefix + str(item.pattern).lstrip("^")
        if isinstance(item, URLResolver):
            yield from addresses(item, route)
        elif isinstance(item, URLPattern) and route.startswith("/admin/"):
            yield item.name, route


def staff_addresses():
    """Those of this list; the editors' desk has its own test of who may do what."""
    return {name: route for name, route in addresses() if name and not name.startswith("content_")}


def test_every_staff_address_is_in_the_table():
    assert set(staff_addresses()) == set(PAGES) | OTHERWISE


@pytest.fixture
def visitors(person, settings):
    """A browser for each of WHO."""
    half = Client()
    user = User.objects.create_user("half", password=PASSWORD, is_staff=True, is_superuser=True)
    phone(user)
    half.post("/admin/login/", {"username": "half", "password": PASSWORD})
    boss = User.objects.create_superuser("boss", password=PASSWORD)
    return {
        NOBODY: Client(),
        HALF: half,
        SUPER: signed_in(boss),
        **{name: signed_in(person(name)) for name in (STAFF, LEAD, AUDITOR, EDITOR)},
    }


@pytest.mark.parametrize("name", PAGES)
def test_a_page_answers_each_role_as_the_table_says(name, visitors):
    record, colleague = finished(SOON), User.objects.create_user("colleague", is_staff=True)
    number = record.pk if name.startswith("assessment") else colleague.pk
    route = staff_addresses()[name]
    start, _, rest = route.partition("<")
    address = f"{start}{number}{rest.partition('>')[2]}" if rest else route
    found = {}
    for who, client in visitors.items():
        answer = client.get(address)
        to_login = answer.status_code == 302 and answer["Location"].startswith(("/admin/login/?next=", "/admin/code/"))
        found[who] = "login" if to_login else answer.status_code
    allowed = PAGES[name]
    wanted = {who: 200 if who in allowed else 403 if who in EVERYBODY else "login" for who in WHO}
    assert found == wanted


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
def test_who_may_not_see_checks_cannot_act_on_them_either(who, visitors):
    record, client = finished(SOON), visitors[who]
    for address in (
        f"/admin/assessment/assessment/{record.pk}/change/",
        f"/admin/assessment/assessment/{record.pk}/ending/",
        "/admin/assessment/assessment/endings/",
        "/admin/assessment/assessment/export/",
        "/admin/assessment/assessment/find/",
        "/admin/assessment/assessment/",
    ):
        assert client.post(address, {"act": "propose", "why": "trial", "version": "1"}).status_code == 403
    assert record.reference not in client.get("/admin/").content.decode()


@pytest.mark.parametrize("act", ["confirm", "hold", "release"])
def test_what_leads_decide_is_refused_to_the_others(act, visitors):
    record = finished(SOON)
    address = f"/admin/assessment/assessment/{record.pk}/ending/"
    visitors[LEAD].post(address, {"act": "propose", "why": "trial"})
    assert visitors[STAFF].post(address, {"act": act, "reason": "a complaint"}).status_code == 403
    record.refresh_from_db()


def test_a_lead_neither_sees_nor_changes_a_superuser(visitors):
    boss = User.objects.get(username="boss")
    lead = visitors[LEAD]
    assert "boss" not in lead.get("/admin/auth/user/").content.decode()
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
        assert visitors[who].get("/admin/recovery-codes/").status_code == 405
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
