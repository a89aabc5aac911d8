"""What is changed past the site beside the checks is found, named, and stays a finding until somebody accepts it."""

import logging
import time

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, Permission, User
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import Client
from django.urls import clear_script_prefix, set_script_prefix
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from assessment.admin.audit import AuditEventAdmin
from assessment.models import MailWish
from assessment.models.mail import Cadence
from content.models import Article, Source, Sport, TeamMember, Topic, Version
from core import audit, triggers
from core.audit import AuditEvent
from core.watch import vouching
from staff import factors
from staff.models import Phone

from ...at_once import run_at_once
from ...staff.people import read_code

pytestmark = pytest.mark.django_db


@pytest.fixture
def watched(person):
    """A person with all that an account can have, an article with a version, and a first look of the timer."""
    ana = person("Clinic staff", "ana")
    User.objects.filter(pk=ana.pk).update(email="ana@example.org", first_name="Ana", last_name="Example")
    TOTPDevice.objects.create(user=ana, name="phone", confirmed=True)
    factors.make_recovery_codes(ana)
    MailWish.objects.create(user=ana, cadence=Cadence.AT_ONCE)
    editor, other, third = person("Editors", "editor"), person("Approvers", "other"), person("Approvers", "third")
    topic = Topic.objects.create(slug="causes", name="Causes", summary="Why")
    Sport.objects.create(slug="golf", name="Golf", load="A fast swing")
    TeamMember.objects.create(name="Sample Person", role="nurse")
    Source.objects.create(key="who-2023", title="Guideline", body="WHO", url="https://example.org/")
    article = Article.objects.create(slug="strain", topic=topic)
    article.append_version(
        title="Strain", summary="In short", body="Words.", written="2026-01-01", review_due="2027-01-01", note="New",
        author=editor, approved_by=other, approved_at="2026-01-02T00:00:00Z", clinically_reviewed_by="Dr Other",
        clinically_reviewed_on="2026-01-02", clinical_reviewer=third,
    )  # fmt: skip
    assert vouching.notice_changes() == []
    assert findings() == []
    return User.objects.get(pk=ana.pk)


def findings():
    """(what, kind, part) of each change past the site."""
    found = [(found.what, found.kind.code, found.part) for found in vouching.find_differences()]
    return found


def sql(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


YES = "1" if connection.vendor == "sqlite" else "true"
NO = "0" if connection.vendor == "sqlite" else "false"


@pytest.mark.parametrize(
    ("statement", "kind", "part"),
    [
        ("UPDATE auth_user SET password = 'md5$a$b' WHERE username = 'ana'", "account", "password"),
        (f"UPDATE auth_user SET is_superuser = {YES} WHERE username = 'ana'", "account", "roles"),
        (f"UPDATE auth_user SET is_active = {NO} WHERE username = 'ana'", "account", "active"),
        (f"UPDATE auth_user SET is_staff = {NO} WHERE username = 'ana'", "account", "active"),
        ("UPDATE auth_user SET email = 'thief@example.org' WHERE username = 'ana'", "account", "email"),
        ("UPDATE auth_user SET username = 'eve' WHERE username = 'ana'", "account", "name"),
        ("UPDATE auth_user SET first_name = 'Eve' WHERE username = 'ana'", "account", "name"),
        ("UPDATE auth_user SET last_name = 'Eve' WHERE username = 'ana'", "account", "name"),
        ("DELETE FROM auth_user_groups WHERE user_id = (SELECT id FROM auth_user WHERE username = 'ana')",
         "account", "roles"),
        ("UPDATE auth_user_groups SET group_id = (SELECT id FROM auth_group WHERE name = 'Leads') "
         "WHERE user_id = (SELECT id FROM auth_user WHERE username = 'ana')", "account", "roles"),
        ("INSERT INTO auth_user_user_permissions (user_id, permission_id) SELECT u.id, p.id FROM auth_user u, "
         "auth_permission p WHERE u.username = 'ana' AND p.codename = 'export_assessment'", "account", "roles"),
        ("UPDATE otp_totp_totpdevice SET key = '00'", "account", "phone"),
        ("UPDATE otp_totp_totpdevice SET tolerance = 20000", "account", "phone"),
        ("UPDATE otp_totp_totpdevice SET digits = 1", "account", "phone"),
        (f"UPDATE otp_totp_totpdevice SET confirmed = {NO}", "account", "phone"),
        ("DELETE FROM otp_totp_totpdevice", "account", "phone"),
        ("UPDATE otp_totp_totpdevice SET user_id = (SELECT id FROM auth_user WHERE username = 'other')",
         "account", "phone"),
        ("UPDATE otp_static_statictoken SET token = 'known' WHERE id = (SELECT MIN(id) FROM otp_static_statictoken)",
         "account", "codes"),
        ("DELETE FROM otp_static_statictoken", "account", "codes"),
        ("UPDATE auth_group SET name = 'Nurses' WHERE name = 'Clinic staff'", "role", "name"),
        ("DELETE FROM auth_group_permissions WHERE group_id = (SELECT id FROM auth_group WHERE name = 'Leads')",
         "role", "permissions"),
        ("INSERT INTO auth_group_permissions (group_id, permission_id) SELECT g.id, p.id FROM auth_group g, "
         "auth_permission p WHERE g.name = 'Auditors' AND p.codename = 'export_assessment'", "role", "permissions"),
        ("UPDATE assessment_mailwish SET cadence = 'none'", "wish", "cadence"),
        (f"UPDATE content_article SET withdrawn = {YES}", "article", "withdrawn"),
        ("UPDATE content_article SET slug = 'other'", "article", "address"),
        ("UPDATE content_topic SET summary = 'other'", "topic", "words"),
        ("UPDATE content_sport SET load = 'other'", "sport", "words"),
        ("UPDATE content_source SET title = 'other'", "source", "words"),
        ("UPDATE content_clinicdetails SET hours = 'Never'", "clinic", "words"),
        ("UPDATE content_teammember SET name = 'other'", "member", "words"),
    ],
)  # fmt: skip
def test_a_change_past_the_site_is_found_and_named(watched, statement, kind, part):
    sql(statement)
    assert ("changed", kind, part) in findings()


def changed(field):
    """SQL: another value of the same kind."""
    kind, name = field.get_internal_type(), f'"{field.column}"'
    if kind in ("DateTimeField", "DateField"):
        return "'2020-01-01'"
    if kind == "JSONField":
        return "'[1]'"
    if field.is_relation and name.endswith('_id"') and "article" not in name:
        return "(SELECT id FROM auth_user WHERE username = 'ana')"
    if field.is_relation:
        return "(SELECT MAX(id) FROM content_article)"
    return f"'x' || {name}"


# Not watched: the reading grade, which is computed from the words, and the row's own number.
VERSION_COLUMNS = [field for field in Version._meta.concrete_fields if field.name not in ("id", "grade")]


@pytest.mark.parametrize("field", VERSION_COLUMNS, ids=lambda field: field.column)
def test_each_column_of_a_version_is_watched(watched, field):
    Article.objects.create(slug="another", topic=Topic.objects.get())
    triggers.remove_triggers(triggers.REGISTERED)
    sql(f'UPDATE content_version SET "{field.column}" = {changed(field)}')
    assert [what for what, kind, _ in findings() if kind == "version"] == ["changed"]


@pytest.mark.parametrize(
    ("statements", "kind"),
    [
        (["DELETE FROM content_version"], "version"),
        (["DELETE FROM content_version", "DELETE FROM content_article"], "article"),
        (["DELETE FROM assessment_mailwish"], "wish"),
        (["DELETE FROM auth_group_permissions", "DELETE FROM auth_user_groups", "DELETE FROM auth_group"], "role"),
    ],
)
def test_a_row_removed_past_the_site_is_found(watched, statements, kind):
    for statement in statements:
        sql(statement)
    assert ("gone", kind, "") in findings()


def test_an_account_added_past_the_site_is_found_whatever_the_site_does_with_it_later(watched):
    User.objects.bulk_create([User(username="eve", password="x", is_staff=True)])
    assert findings() == [("added", "account", "")]
    eve = User.objects.get(username="eve")
    eve.set_password("correct horse battery")
    eve.save()
    eve.groups.add(Group.objects.get(name="Leads"))
    assert findings() == [("added", "account", "")]
    vouching.notice_changes()
    sql("DELETE FROM auth_user_groups WHERE user_id = %s", eve.pk)
    sql("DELETE FROM auth_user WHERE id = %s", eve.pk)
    assert findings() == [("restored", "account", "")]
    vouching.accept_changes()
    assert findings() == []


def test_what_the_site_changes_is_no_finding(watched, person):
    ana = watched
    ana.set_password("another horse battery")
    ana.save()
    ana.groups.set(Group.objects.filter(name__in=["Leads", "Auditors"]))
    ana.groups.remove(Group.objects.get(name="Leads"))
    Group.objects.get(name="Leads").user_set.add(ana)
    Group.objects.get(name="Leads").user_set.clear()
    ana.user_permissions.add(Permission.objects.first())
    ana.is_active, ana.email = False, "new@example.org"
    ana.save()
    factors.make_recovery_codes(ana)
    factors.forget_phone(ana)
    person("Leads", "ben")
    Group.objects.create(name="New").permissions.add(Permission.objects.first())
    Group.objects.filter(name="New").delete()
    source = Source.objects.get()
    source.title = "Guideline, corrected"
    source.save()
    wish = MailWish.objects.get()
    wish.cadence = Cadence.NONE
    wish.save()
    wish.delete()
    assert findings() == []


def test_where_the_site_is_mounted_is_no_change_of_an_article(watched):
    set_script_prefix("/backs/")
    try:
        assert findings() == []
    finally:
        clear_script_prefix()


def test_commands_of_django_are_no_finding(watched, monkeypatch):
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "correct horse battery")
    call_command("createsuperuser", username="root", email="", interactive=False, verbosity=0)
    monkeypatch.setattr("getpass.getpass", lambda *args, **kwargs: "another horse battery")
    call_command("changepassword", "ana")
    assert findings() == []
    told = AuditEvent.objects.filter(action="vouched").order_by("-number")
    assert "account.password" in told[0].facts


@pytest.mark.django_db(transaction=True)
def test_two_who_give_roles_at_the_same_moment_make_no_finding(staff_groups):
    ana = User.objects.create_user("ana", is_staff=True)
    names = ["Leads", "Editors", "Approvers", "Clinic staff"]
    vouching.notice_changes()
    run_at_once(4, lambda number: ana.groups.add(Group.objects.get(name=names[number])))
    assert ana.groups.count() == 4
    assert findings() == []
    assert not AuditEvent.objects.filter(action="noticed").exists()


@pytest.mark.django_db(transaction=True)
def test_two_who_save_one_account_at_the_same_moment_make_no_finding(staff_groups):
    ana = User.objects.create_user("ana", is_staff=True)
    columns = ["first_name", "email", "last_name", "password"]
    vouching.notice_changes()

    def save(number):
        mine = User.objects.get(pk=ana.pk)
        setattr(mine, columns[number], f"{time.monotonic()}")
        with transaction.atomic():
            mine.save()

    for _ in range(3):
        run_at_once(4, save)
    assert findings() == []
    assert not AuditEvent.objects.filter(action="noticed").exists()


def test_a_hash_that_django_renews_at_a_login_is_no_finding(watched, client, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher", *settings.PASSWORD_HASHERS]
    vouching.accept_changes()
    assert client.login(username="ana", password="correct horse battery")
    assert User.objects.get(username="ana").password.startswith("pbkdf2")
    assert findings() == []


def test_a_login_alone_writes_nothing_about_the_account(watched, client):
    assert client.login(username="ana", password="correct horse battery")
    assert not AuditEvent.objects.filter(action="vouched").exists()


def test_a_later_change_through_the_site_covers_nothing_up(watched):
    sql(f"UPDATE auth_user SET is_superuser = {YES}, password = 'md5$a$b' WHERE username = 'ana'")
    ana = User.objects.get(username="ana")
    ana.set_password("another horse battery")
    ana.is_superuser = False
    ana.email = "new@example.org"
    ana.save()
    ana.groups.add(Group.objects.get(name="Auditors"))
    assert set(findings()) == {("changed", "account", "password"), ("restored", "account", "roles")}


def test_a_deletion_through_the_site_of_what_was_changed_past_it_is_found(watched):
    sql("UPDATE assessment_mailwish SET cadence = 'none'")
    MailWish.objects.get().delete()
    assert findings() == [("gone", "wish", "")]


def test_a_change_is_noticed_once_with_its_time_and_again_when_it_changes_again(watched):
    sql(f"UPDATE auth_user SET is_superuser = {YES} WHERE username = 'ana'")
    assert "not noticed before" in str(next(vouching.find_differences()))
    assert [difference.part for difference in vouching.notice_changes()] == ["roles"]
    assert vouching.notice_changes() == []
    said = str(next(vouching.find_differences()))
    event = AuditEvent.objects.get(action="noticed")
    assert said.startswith("Changed past the site: the account ana, roles. Nobody knows by whom; noticed on 20")
    assert said.endswith(f"event {event.number}.")
    assert event.facts["key"] == str(watched.pk)
    sql("DELETE FROM auth_user_groups")
    assert [difference.name for difference in vouching.notice_changes()] == ["ana", "editor", "other", "third"]


def test_what_was_set_back_after_it_was_noticed_is_still_told(watched):
    sql(f"UPDATE auth_user SET is_superuser = {YES} WHERE username = 'ana'")
    vouching.notice_changes()
    sql(f"UPDATE auth_user SET is_superuser = {NO} WHERE username = 'ana'")
    assert findings() == [("restored", "account", "roles")]
    vouching.accept_changes()
    assert findings() == []


def test_what_was_removed_and_put_back_is_still_told(watched):
    kept = MailWish.objects.get()
    sql("DELETE FROM assessment_mailwish")
    vouching.notice_changes()
    MailWish.objects.bulk_create([kept])
    assert findings() == [("restored", "wish", "")]
    vouching.accept_changes()
    assert findings() == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("RETENTION_DAYS", 3650),
        ("CLINIC", {"name": "Other", "phone": "1"}),
        ("REVIEW_HOURS", {"emergency": 100.0}),
        ("ALLOWED_HOSTS", ["evil.example"]),
        ("CLINICAL_APPROVER", "Dr Nobody"),
        ("CLINICAL_APPROVED_DIGEST", "0" * 64),
        ("CLINIC_DAYS", {6}),
        ("SECOND_FACTOR", True),
        ("AUDIT_WITNESS", "/elsewhere"),
    ],
)
def test_another_setting_is_noticed_and_named(settings, name, value):
    vouching.notice_changes()
    setattr(settings, name, value)
    assert findings() == [("changed", "settings", name.lower())]


def test_every_watched_setting_is_there(settings):
    state = vouching.read_settings(None)["site"][1]
    assert set(state) == {name.lower() for name in settings.WATCHED_SETTINGS}


def test_no_secret_is_read_into_the_watch(settings):
    secret = {"SECRET_KEY", "SECRET_KEY_FALLBACKS", "CONTACT_KEYS", "AUDIT_KEYS", "BACKUP_KEY", "METRICS_TOKEN"}
    assert not secret & set(settings.WATCHED_SETTINGS)


def test_nothing_is_written_or_found_before_the_first_look(person):
    ana = person("Clinic staff", "ana")
    ana.set_password("another horse battery")
    ana.save()
    sql("DELETE FROM auth_user_groups")
    assert findings() == []
    assert not AuditEvent.objects.exists()
    call_command("verify_audit", verbosity=0)
    call_command("watch_audit")
    call_command("verify_audit", verbosity=0)


def test_a_part_that_newer_code_watches_is_adopted(watched, monkeypatch, settings):
    settings.WATCHED_SETTINGS = (*settings.WATCHED_SETTINGS, "USE_TZ")
    audit.register_actions({}, ["settings.use_tz"])
    assert findings() == []
    assert vouching.notice_changes() == []
    settings.USE_TZ = "other"
    assert findings() == [("changed", "settings", "use_tz")]


def test_the_page_of_the_audit_shows_the_parts_and_no_digest(watched):
    watched.set_password("another horse battery")
    watched.save()
    event = AuditEvent.objects.order_by("-number")[0]
    shown = AuditEventAdmin(AuditEvent, admin.site).details(event)
    # A database keeps names in its own order.
    assert sorted(shown.split(", ")) == [f"key {watched.pk}", "kind account", "part password"]


def test_an_event_names_who_acted(watched, person):
    lead = person("Leads", "lead")
    with vouching.name_actor(lead):
        watched.groups.add(Group.objects.get(name="Auditors"))
    assert AuditEvent.objects.order_by("-number")[0].actor == "lead"
    assert vouching.ACTOR.get() is None


def test_digests_hold_nothing_that_can_be_read(watched):
    told = str(list(AuditEvent.objects.values_list("facts", flat=True)))
    assert watched.password not in told
    assert "ana@example.org" not in told
    assert StaticDevice.objects.get().token_set.first().token not in told


def test_the_timer_says_and_logs_what_it_noticed(watched, capsys, caplog):
    sql(f"UPDATE auth_user SET is_superuser = {YES} WHERE username = 'ana'")
    with caplog.at_level(logging.ERROR):
        call_command("watch_audit")
    assert "the account ana, roles" in capsys.readouterr().err
    assert "account ana" not in caplog.text
    assert "change past the site" in caplog.text


def test_the_command_names_a_change_until_it_is_accepted(watched, capsys):
    sql(f"UPDATE auth_user SET is_superuser = {YES} WHERE username = 'ana'")
    for _ in range(2):
        with pytest.raises(CommandError, match=r"1 difference\.") as found:
            call_command("verify_audit")
        assert found.value.returncode == 1
    assert "the account ana, roles" in capsys.readouterr().err
    call_command("verify_audit", "--accept")
    said = capsys.readouterr().out
    assert "Accepted. Changed past the site: the account ana, roles." in said
    assert "events, whole" in said
    call_command("verify_audit", verbosity=0)


def test_a_broken_chain_lets_nothing_be_accepted(watched):
    sql(f"UPDATE auth_user SET is_superuser = {YES} WHERE username = 'ana'")
    audit.AuditHead.objects.update(number=1)
    events = AuditEvent.objects.count()
    with pytest.raises(CommandError, match="not whole"):
        call_command("verify_audit", "--accept")
    assert AuditEvent.objects.count() == events


def test_setting_up_a_phone_is_no_finding(watched, person):
    user, client = person("Clinic staff", "newcomer"), Client()
    client.force_login(user)
    client.get("/admin/set-up/")
    vouching.notice_changes()
    client.post("/admin/set-up/", {"code": read_code(Phone.objects.get(user=user, confirmed=False))})
    assert Phone.objects.filter(user=user, confirmed=True).exists()
    assert findings() == []
