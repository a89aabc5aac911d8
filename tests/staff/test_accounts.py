"""Leads answer for accounts; nobody raises themselves, and each change is in the audit."""

import re

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from core.audit import AuditEvent
from staff import factors
from staff.models import Phone
from staff.roles import SAYS

from ..at_once import run_at_once
from ..marks import show
from .people import PASSWORD, make_phone, read_code, sign_in_staff

pytestmark = pytest.mark.django_db
NEW = {
    "username": "berta", "first_name": "", "last_name": "", "email": "",
    "password1": "plain sailing tomorrow", "password2": "plain sailing tomorrow",
}  # fmt: skip


@pytest.fixture
def lead(person):
    return sign_in_staff(person("Leads"))


def group(name):
    return Group.objects.get(name=name).pk


def facts(action):
    return list(AuditEvent.objects.filter(action=action).values_list("facts", flat=True))


def test_a_lead_makes_an_account_that_is_staff_and_no_superuser(lead):
    answer = lead.post("/admin/auth/user/add/", {**NEW, "groups": [group("Clinic staff")], "is_superuser": "on"})
    assert answer.status_code == 302
    made = User.objects.get(username="berta")
    assert (made.is_staff, made.is_superuser, made.is_active) == (True, False, True)
    assert [item.name for item in made.groups.all()] == ["Clinic staff"]
    assert facts("roles") == [{"user": made.pk, "from": "", "to": "clinic-staff"}]


@pytest.mark.parametrize(("page", "own"), [("password", "/admin/password_change/"), ("lost-phone", "/admin/set-up/")])
def test_ones_own_password_and_phone_are_changed_with_those_that_are_there(person, page, own):
    """Found by an attack: an open screen of a lead became the whole account."""
    user = person("Leads")
    client, before = sign_in_staff(user), user.password
    for answer in (
        client.get(f"/admin/auth/user/{user.pk}/{page}/"),
        client.post(f"/admin/auth/user/{user.pk}/{page}/", {name: NEW[name] for name in ("password1", "password2")}),
    ):
        assert answer["Location"] == own
    user.refresh_from_db()
    assert user.password == before
    assert factors.has_phone(user)


def stands(client, user):
    shown = client.get(f"/admin/auth/user/{user.pk}/change/").content.decode()
    return re.findall(r"<li><strong>(Done|Still to do)\.</strong> ([^<]+)</li>", shown)


def test_a_new_account_says_what_is_done_and_what_is_still_to_do(lead):
    shown = lead.post("/admin/auth/user/add/", NEW, follow=True).content.decode()
    assert "Where this account stands" in shown
    user = User.objects.get(username="berta")
    assert stands(lead, user) == [
        ("Done", "Password: set. Nobody has logged in with it yet: tell the person name and password, not by e-mail."),
        ("Still to do", "Give a role, below: without one there is nothing to do here."),
        ("Still to do", "Phone for codes: the person sets it up at the first login."),
    ]


def test_an_account_that_is_ready_says_so(lead, person):
    user = person("Clinic staff")
    make_phone(user)
    user.last_login = timezone.now()
    user.save()
    assert stands(lead, user) == [
        ("Done", "Password: set."), ("Done", "Role: Clinic staff."), ("Done", "Phone for codes: set up."),
    ]  # fmt: skip


def test_an_ended_account_says_what_its_person_reads(lead, person):
    user = person("Clinic staff")
    user.is_active = False
    user.save()
    [(_, text)] = stands(lead, user)
    assert "reads only that name or password is wrong" in text
    right, wrong = (
        re.search(r'class="errornote">(.*?)</p>', Client().post("/admin/login/", login).content.decode(), re.DOTALL)[1]
        for login in ({"username": user.username, "password": PASSWORD}, {"username": "nobody", "password": "x"})
    )
    assert right == wrong


@pytest.mark.parametrize("usable", [True, False])
def test_an_account_shows_no_words_of_programmers(lead, person, usable):
    user = person("Clinic staff")
    if not usable:
        user.set_unusable_password()
        user.save()
    # Without the tokens of its forms, in which any four letters come up by chance.
    shown = re.sub(r'value="[^"]*"', "", lead.get(f"/admin/auth/user/{user.pk}/change/").content.decode())
    for word in ("pbkdf2", "algorithm", "salt", "Designates", "hash"):
        assert word not in shown
    assert ("<strong>Set</strong>" in shown, "<strong>Not set</strong>" in shown) == (usable, not usable)
    assert "By groups" not in lead.get("/admin/auth/user/").content.decode()


def test_every_role_says_beside_its_tick_what_it_may(lead):
    shown = lead.get("/admin/auth/user/add/").content.decode()
    assert Group.objects.count() == len(SAYS)
    for role in Group.objects.all():
        assert f"{role.name}: {SAYS[role.name]}" in shown


def test_changing_roles_is_in_the_audit_with_both(lead, person):
    user = person("Clinic staff")
    lead.post(
        f"/admin/auth/user/{user.pk}/change/",
        {"username": user.username, "groups": [group("Leads"), group("Editors")], "is_active": "on", **show(user)},
    )
    assert facts("roles") == [{"user": user.pk, "from": "clinic-staff", "to": "editors,leads"}]


def test_nobody_changes_their_own_roles(lead):
    user = User.objects.get(username="leads")
    lead.post(
        f"/admin/auth/user/{user.pk}/change/",
        {"username": "leads", "groups": [group("Auditors")], "is_superuser": "on", "is_active": "on"},
    )
    user.refresh_from_db()
    assert [item.name for item in user.groups.all()] == ["Leads"]
    assert not user.is_superuser
    assert user.is_active


def test_a_lead_cannot_make_a_superuser(lead, person):
    user = person("Clinic staff")
    lead.post(
        f"/admin/auth/user/{user.pk}/change/",
        {"first_name": "Nora", "is_superuser": "on", "is_active": "on", **show(user)},
    )
    user.refresh_from_db()
    assert user.first_name == "Nora"
    assert not user.is_superuser


@pytest.mark.parametrize("page", ["add/", "{}/change/", "{}/password/", "{}/lost-phone/"])
def test_accounts_are_changed_only_by_who_has_just_shown_who_they_are(lead, person, page):
    user = person("Clinic staff")
    session = lead.session
    session["staff_confirmed"] = 0
    session.save()
    address = f"/admin/auth/user/{page.format(user.pk)}"
    assert lead.get(address)["Location"] == f"/admin/confirm/?next={address}"
    assert "Is it still you?" in lead.post(address, NEW).content.decode()
    assert not facts("account")
    assert not facts("reset")


def test_a_lost_phone_is_taken_away_and_its_sessions_need_a_code_at_once(lead, person):
    user = person("Clinic staff")
    theirs = sign_in_staff(user)
    assert theirs.get("/admin/").status_code == 200
    lead.post(f"/admin/auth/user/{user.pk}/lost-phone/")
    assert theirs.get("/admin/").status_code == 302
    assert not Phone.objects.filter(user=user).exists()
    assert facts("reset") == [{"user": user.pk}]


def test_looking_at_the_page_for_a_lost_phone_takes_nothing_away(lead, person):
    user = person("Clinic staff")
    make_phone(user)
    assert lead.get(f"/admin/auth/user/{user.pk}/lost-phone/").status_code == 200
    assert Phone.objects.filter(user=user).exists()


def test_a_new_password_by_a_lead_is_in_the_audit(lead, person):
    user = person("Clinic staff")
    lead.post(f"/admin/auth/user/{user.pk}/password/", {"password1": NEW["password1"], "password2": NEW["password2"]})
    user.refresh_from_db()
    assert user.check_password(NEW["password1"])
    assert {"user": user.pk, "what": "password"} in facts("account")


def test_an_account_that_was_closed_is_logged_out_for_good(lead, person):
    user = person("Clinic staff")
    theirs, other = sign_in_staff(user), sign_in_staff(person("Editors"))
    assert theirs.get("/admin/").status_code == other.get("/admin/").status_code == 200
    place = f"/admin/auth/user/{user.pk}/change/"
    lead.post(place, {"username": user.username, "groups": [group("Clinic staff")], **show(user)})
    user.refresh_from_db()
    lead.post(place, {"username": user.username, "groups": [group("Clinic staff")], "is_active": "on", **show(user)})
    user.refresh_from_db()
    assert user.is_active
    assert theirs.get("/admin/").status_code == 302
    assert other.get("/admin/").status_code == 200


def test_an_account_is_closed_and_never_deleted(lead, person):
    user = person("Clinic staff")
    lead.post(f"/admin/auth/user/{user.pk}/change/", {"username": user.username, **show(user)})
    user.refresh_from_db()
    assert not user.is_active
    assert lead.post(f"/admin/auth/user/{user.pk}/delete/", {"post": "yes"}).status_code == 403


def test_password_and_code_open_the_page_that_needs_them(lead, person):
    device = Phone.objects.get(user__username="leads")
    session = lead.session
    session["staff_confirmed"] = 0
    session.save()
    address = "/admin/auth/user/add/"
    for given in ({"password": "no", "code": read_code(device)}, {"password": PASSWORD, "code": "000000"}):
        assert lead.post("/admin/confirm/", {**given, "next": address}).status_code == 422
        Phone.objects.update(throttling_failure_timestamp=None)
    answer = lead.post("/admin/confirm/", {"password": PASSWORD, "code": read_code(device), "next": address})
    assert answer["Location"] == address
    assert lead.get(address).status_code == 200


def test_at_an_open_screen_nobody_guesses_the_password_where_it_is_changed(lead):
    new = {"new_password1": "another long word 73", "new_password2": "another long word 73"}
    for _ in range(5):
        answer = lead.post("/admin/password_change/", {"old_password": "a guess", **new})
        assert "too many tries" not in answer.content.decode()
    answer = lead.post("/admin/password_change/", {"old_password": PASSWORD, **new})
    assert "too many tries" in answer.content.decode()


def test_at_an_open_screen_nobody_guesses_the_password(lead):
    device = Phone.objects.get(user__username="leads")
    for _ in range(5):
        lead.post("/admin/confirm/", {"password": "a guess", "code": ""})
    answer = lead.post("/admin/confirm/", {"password": PASSWORD, "code": read_code(device)})
    assert "too many tries" in answer.content.decode()


def test_whoever_keeps_the_server_lets_the_last_superuser_in_again(person):
    user = person("Leads")
    make_phone(user)
    call_command("lost_phone", user.username)
    assert not Phone.objects.exists()
    assert facts("reset") == [{"user": user.pk}]
    with pytest.raises(CommandError, match="no account"):
        call_command("lost_phone", "nobody")


def test_a_superuser_needs_no_role(person):
    boss = person("Leads")
    boss.groups.clear()
    boss.is_superuser = True
    boss.save()
    done = dict.fromkeys(text for _, text in stands(sign_in_staff(boss), boss))
    assert "Role: none is needed, a superuser may do everything." in done


def test_only_roles_are_called_roles():
    accounts = admin.site.get_model_admin(User)
    labels = [
        accounts.formfield_for_manytomany(User._meta.get_field(name), None).label
        for name in ("groups", "user_permissions")
    ]
    assert labels == ["Roles", "User permissions"]


@pytest.mark.parametrize("others", [["Leads"], ["Editors", "Approvers"], [role for role in SAYS if role != "Auditors"]])
def test_no_account_audits_itself(lead, person, others):
    user = person("Clinic staff")
    given = {"username": user.username, "is_active": "on", "groups": [group(name) for name in ("Auditors", *others)]}
    for address, sent in [(f"{user.pk}/change", {**given, **show(user)}), ("add", {**NEW, **given, "username": "x"})]:
        answer = lead.post(f"/admin/auth/user/{address}/", sent)
        assert answer.status_code == 422
        assert "has no other, and is no superuser" in answer.content.decode()
    assert [item.name for item in user.groups.all()] == ["Clinic staff"]
    assert not User.objects.filter(username="x").exists()


def test_a_superuser_is_no_auditor(person):
    root, user = sign_in_staff(User.objects.create_superuser("root")), person("Auditors")
    sent = {"username": user.username, "is_active": "on", "groups": [group("Auditors")], "is_superuser": "on"}
    assert root.post(f"/admin/auth/user/{user.pk}/change/", {**sent, **show(user)}).status_code == 422
    user.refresh_from_db()
    assert not user.is_superuser


def test_no_account_is_renamed(lead, person):
    """The audit names people: who renames two accounts could sign as a colleague."""
    user = person("Clinic staff")
    sent = {"username": "somebody", "groups": [group("Clinic staff")], "is_active": "on", **show(user)}
    lead.post(f"/admin/auth/user/{user.pk}/change/", sent)
    assert not User.objects.filter(username="somebody").exists()


@pytest.mark.parametrize("name", ["LEADS", "Leads", "b\u0435rta"])
def test_no_name_looks_like_a_colleagues(name, lead):
    assert lead.post("/admin/auth/user/add/", {**NEW, "username": name}).status_code == 422
    assert not User.objects.filter(username=name).exists()


@pytest.mark.django_db(transaction=True)
def test_two_accounts_of_one_name_made_at_the_same_moment_are_one(staff_groups, person):
    leads = [sign_in_staff(person("Leads", f"lead-{number}")) for number in range(3)]

    def make(number):
        name = ("berta", "Berta", "berta")[number]
        return leads[number].post("/admin/auth/user/add/", {**NEW, "username": name}).status_code

    assert sorted(run_at_once(3, make)) == [302, 422, 422]
    assert User.objects.filter(username__iexact="berta").count() == 1


@pytest.mark.parametrize("name", ["\u0418\u0432\u0430\u043d", "zo\u00eb.m-2"])
def test_a_name_may_be_of_any_alphabet(name, lead):
    assert lead.post("/admin/auth/user/add/", {**NEW, "username": name}).status_code == 302
