"""A clinic's database of version 0.1.0 under the present code: nobody loses what they were in the middle of.

Everything is asked for as people and programs ask for it: addresses, commands, SQL. Where a model stands in the code is
nobody's business here, so it is found by its table.
"""

import io
import re

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from assessment.privacy.form_token import make_form_token
from assessment.protocol.back_pain import PROTOCOL

from ..security.test_at_rest import read_dump
from . import patient, schema
from .make_dumps import totp

# What came into the starter library after 0.1.0.
NEW_ARTICLES = ["prescription-pain-medicines"]


@pytest.fixture(autouse=True)
def second_factor(settings):
    """As at a clinic: a session counts only with the phone that it was opened with."""
    settings.SECOND_FACTOR = True


def model_of(table):
    (found,) = [model for model in apps.get_models() if model._meta.db_table == table]
    return found


def address(table, page, *args):
    """Of an admin page of the model with this table."""
    options = model_of(table)._meta
    return reverse(f"admin:{options.app_label}_{options.model_name}_{page}", args=args)


def checks():
    return model_of("assessment_assessment").objects


def sql(query, *values):
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return cursor.fetchall() if cursor.description else None


def text(response, status=200):
    assert response.status_code == status, response.status_code
    return re.sub(r"\s+", " ", response.content.decode())


def verify_audit(noted=""):
    """The "number:hash" that the command prints. It ends in an error when something is not whole."""
    output, errors = io.StringIO(), io.StringIO()
    call_command("verify_audit", *(["--noted", noted] if noted else []), stdout=output, stderr=errors)
    assert not errors.getvalue()
    return output.getvalue().split()[-1]


# --- The database -----------------------------------------------------------------------------------------------------
def test_an_upgraded_database_has_the_shape_of_a_fresh_one(migrated, shape_of):
    assert schema.differences(shape_of(migrated.fresh), shape_of(migrated.upgraded)) == []


def test_no_row_is_lost_and_none_is_made(site, facts):
    now = schema.counts(connection)
    assert {table: now.get(table) for table in facts["counts"]} == facts["counts"]


def test_every_migration_has_run(site):
    call_command("migrate", check_unapplied=True, verbosity=0)


def test_no_content_type_and_no_permission_is_left_over_or_doubled(site):
    kinds = sql("SELECT app_label, model FROM django_content_type")
    assert sorted(kinds) == sorted((model._meta.app_label, model._meta.model_name) for model in apps.get_models())
    rights = sql(
        "SELECT t.app_label, p.codename FROM auth_permission p JOIN django_content_type t ON t.id = p.content_type_id"
    )
    assert len(rights) == len(set(rights))
    expected = {
        (options.app_label, code)
        for options in (model._meta for model in apps.get_models())
        for code in [
            *(f"{action}_{options.model_name}" for action in options.default_permissions),
            *(code for code, _ in options.permissions),
        ]
    }
    assert set(rights) == expected


def test_the_database_still_refuses_changes_to_what_is_frozen(site):
    for statement in (
        "UPDATE assessment_auditevent SET actor = 'somebody'",
        "UPDATE assessment_assessment SET level = 0",
        "UPDATE assessment_note SET text = 'nothing'",
        "UPDATE content_version SET title = 'nothing'",
    ):
        with pytest.raises(DatabaseError, match=r"never|keeps|stored"), transaction.atomic():
            sql(statement)


# --- The audit --------------------------------------------------------------------------------------------------------
def test_the_audit_is_whole_and_ends_where_it_ended(site, facts):
    assert verify_audit() == facts["head"]


def test_a_head_that_was_noted_before_the_upgrade_is_still_part_of_the_chain(site, facts):
    assert verify_audit(noted=facts["noted"]) == facts["head"]


def test_accounts_articles_and_mails_from_before_the_upgrade_are_taken_as_they_are(site, facts):
    call_command("watch_audit")
    verify_audit(noted=facts["head"])


def test_the_chain_goes_on_from_there(site, facts, visitor):
    visitor(facts["people"]["nora"]["session"]).get(address("assessment_assessment", "changelist"))
    head = verify_audit(noted=facts["head"])
    assert int(head.partition(":")[0]) == int(facts["head"].partition(":")[0]) + 1


# --- Patients ---------------------------------------------------------------------------------------------------------
def test_a_patient_half_way_goes_on_at_the_same_question_and_finishes(site, facts, visitor):
    met = facts["sessions"]["half way"]
    client, before = visitor(met["session"]), checks().count()
    page = client.get("/check/answers/", follow=True)
    assert patient.question(page) == "pain"
    page = patient.finish(client, patient.walk(client, page))
    saved = checks().latest("pk")
    assert checks().count() == before + 1
    assert saved.reference in text(page)
    given = {item["question"]: [part["option"] for part in item["answer"]] for item in saved.answers}
    # Whom the check is for is not asked any more.
    kept = {code: options for code, options in met["answers"].items() if code in PROTOCOL.by_code}
    assert {code: given[code] for code in kept} == kept
    verify_audit(noted=facts["head"])


def test_a_patient_sees_their_result_with_its_key_and_the_call_they_asked_for(site, facts, visitor):
    met = facts["sessions"]["result"]
    page = text(visitor(met["session"]).get("/check/result/"))
    assert all(words in page for words in (met["heading"], met["reference"], met["key"], met["call"]["telephone"]))


def test_a_call_back_that_was_asked_for_can_be_taken_back(site, facts, visitor):
    met = facts["sessions"]["result"]
    page = visitor(met["session"]).post("/check/call-back/remove/", follow=True)
    assert met["call"]["telephone"] not in text(page)
    assert sql("SELECT COUNT(*) FROM assessment_contact WHERE assessment_id = %s", met["pk"]) == [(0,)]
    verify_audit(noted=facts["head"])


def test_a_result_that_was_kept_private_is_shown_and_can_be_sent_after_all(site, facts, visitor):
    met = facts["sessions"]["result kept private"]
    client, before = visitor(met["session"]), checks().count()
    page = client.get("/check/result/")
    assert met["heading"] in text(page)
    sent = {"token": patient.offered(page, "token")[0], "consent": patient.yes(page)}
    page = text(client.post("/check/send/", sent, follow=True))
    assert checks().count() == before + 1
    assert checks().latest("pk").reference in page
    assert met["heading"] in page


def test_a_patient_who_is_correcting_an_emergency_goes_on_with_that(site, facts, visitor):
    met = facts["sessions"]["correcting"]
    client = visitor(met["session"])
    page = client.get("/check/answers/", follow=True)
    assert patient.question(page) == "pain"
    page = text(patient.finish(client, patient.walk(client, page)))
    assert checks().latest("pk").corrects_id == met["corrects"]["pk"]
    assert met["corrects"]["reference"] in page
    assert met["corrects"]["key"] in page


def test_a_corrected_result_still_names_the_first_one(site, facts, visitor):
    met = facts["sessions"]["corrected"]
    page = text(visitor(met["session"]).get("/check/result/"))
    assert met["reference"] in page
    assert met["first_reference"] in page


def test_the_code_on_paper_brings_a_paused_check_back_once(site, facts):
    client = Client()
    page = client.post("/check/return/", {"code": facts["pause"]["code"]}, follow=True)
    assert patient.question(page) == facts["pause"]["next"]
    assert patient.offered(page, "token") == [make_form_token(facts["pause"]["token"])]
    assert Client().post("/check/return/", {"code": facts["pause"]["code"]}).status_code == 422
    before = checks().count()
    patient.finish(client, patient.walk(client, page))
    assert checks().count() == before + 1


def test_the_key_deletes_what_was_sent_and_leaves_a_tombstone(site, facts):
    met = facts["sessions"]["result"]
    page = Client().post("/check/delete-what-i-sent/", {"key": met["key"]}, follow=True)
    assert page.redirect_chain
    assert not checks().filter(pk=met["pk"]).exists()
    assert sql("SELECT COUNT(*) FROM assessment_tombstone") == [(facts["counts"]["assessment_tombstone"] + 1,)]
    verify_audit(noted=facts["head"])


@pytest.mark.parametrize("what", ["deleted by patient", "deleted by staff"])
def test_the_key_of_a_check_that_was_deleted_before_is_still_known(site, facts, what):
    page = Client().post("/check/delete-what-i-sent/", {"key": facts["checks"][what]["key"]})
    assert page.status_code == 302


def test_a_check_that_is_held_cannot_be_deleted(site, facts):
    held = facts["checks"]["held"]
    assert Client().post("/check/delete-what-i-sent/", {"key": held["key"]}).status_code == 409
    assert checks().filter(pk=held["pk"]).exists()


def test_who_tries_too_many_codes_is_told_to_stop(site):
    """In the table of before. Its buckets are named by the day, so those of the dump meet nobody any more."""
    answers = [Client().post("/check/return/", {"code": "1111 1111 1111 1111"}).status_code for _ in range(30)]
    assert answers[:20] == [422] * 20
    assert 429 in answers[20:]


def test_what_a_patients_browser_or_the_table_had_before_opens_nothing_for_somebody_else(site, facts):
    tokens = [token for (token,) in sql("SELECT token FROM assessment_assessment")]
    assert tokens
    assert {Client().post("/check/now/", {"token": token}).status_code for token in tokens} == {409}


def test_nothing_that_people_hold_is_in_any_table_any_more(site, facts):
    dump = "\n".join(read_dump())
    people, sessions = facts["people"].values(), facts["sessions"].values()
    held = [facts["pause"]["code"], facts["pause"]["session"], *(met["session"] for met in [*people, *sessions])]
    held += [code for person in people for code in (*person["paper"], person["phone"], person["password"])]
    held += [met["key"] for met in [*sessions, *facts["checks"].values()] if "key" in met]
    assert len(held) > 100
    assert [one for one in held if one in dump or re.sub(r"[ -]", "", one) in dump] == []


# --- Staff ------------------------------------------------------------------------------------------------------------
def test_a_nurse_who_was_logged_in_sees_the_queue_with_every_open_check(site, facts, visitor):
    page = text(visitor(facts["people"]["nora"]["session"]).get(address("assessment_assessment", "changelist")))
    opened = [met for met in facts["checks"].values() if met["state"] not in (None, "closed")]
    assert len(opened) == 8
    assert [met["reference"] for met in opened if met["reference"] not in page] == []


def test_contact_details_are_readable_on_the_page_of_their_check(site, facts, visitor):
    client = visitor(facts["people"]["nora"]["session"])
    for name in ("in review", "contacted"):
        met = facts["checks"][name]
        page = text(client.get(address("assessment_assessment", "change", met["pk"])))
        assert [words for words in met["call"].values() if words not in page] == []


def test_a_check_is_found_by_the_telephone_number_and_the_address_of_its_patient(site, facts, visitor):
    client = visitor(facts["people"]["nora"]["session"])
    page = text(client.post(reverse("admin:assessment_find"), {"q": "+1 555 0100 123"}))
    for met in (facts["checks"]["in review"], facts["sessions"]["result"]):
        assert met["reference"] in page
    met = facts["checks"]["contacted"]
    answer = client.post(reverse("admin:assessment_find"), {"q": met["call"]["email"]})
    assert answer.headers["Location"] == address("assessment_assessment", "change", met["pk"])


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("in review", ["Rang twice, nobody answered.", "nora"]),
        ("overridden", ["Pain after a heavy meal.", "nick"]),
        ("proposed lower", ["The chest pain was a bruise."]),
        ("closed", ["Nothing to add."]),
    ],
)
def test_what_staff_wrote_stands_on_the_page_of_its_check(site, facts, visitor, what, words):
    client = visitor(facts["people"]["lee"]["session"])
    page = text(client.get(address("assessment_assessment", "change", facts["checks"][what]["pk"])))
    assert [part for part in words if part not in page] == []


def test_a_hold_stands_with_its_reason_where_deletion_is_decided(site, facts, visitor):
    client = visitor(facts["people"]["lee"]["session"])
    page = text(client.get(reverse("admin:assessment_ending", args=[facts["checks"]["held"]["pk"]])))
    assert "A complaint is open." in page


def test_each_check_has_the_level_and_the_state_that_it_had(site, facts):
    stored = {
        pk: (own, level, state)
        for pk, own, level, state in sql(
            "SELECT a.id, a.level, r.level, r.state FROM assessment_assessment a "
            "JOIN assessment_review r ON r.assessment_id = a.id"
        )
    }
    for name, met in facts["checks"].items():
        expected = (met["own_level"], met["level"], met["state"]) if met["state"] else None
        assert stored.get(met["pk"]) == expected, name


def test_a_second_person_agrees_to_what_was_proposed_before_the_upgrade(site, facts, visitor):
    met = facts["checks"]["proposed lower"]
    client, here = visitor(facts["people"]["nick"]["session"]), address("assessment_assessment", "change", met["pk"])
    version = patient.offered(client.get(here), "version")[0]
    assert client.post(here, {"action": "confirm", "version": version}).status_code == 302
    assert sql("SELECT level FROM assessment_review WHERE assessment_id = %s", met["pk"]) == [(2,)]
    verify_audit(noted=facts["head"])


def test_a_second_person_agrees_to_a_deletion_that_was_proposed_before_the_upgrade(site, facts, visitor):
    met = facts["checks"]["proposed for deletion"]
    client = visitor(facts["people"]["lee"]["session"])
    here = reverse("admin:assessment_ending", args=[met["pk"]])
    page = client.get(here)
    actions = patient.offered(page, "action")
    assert "confirm" in actions, actions
    client.post(here, {"action": "confirm"})
    assert not checks().filter(pk=met["pk"]).exists()
    verify_audit(noted=facts["head"])


def test_an_auditor_still_opens_the_audit_and_nothing_of_patients(site, facts, visitor):
    client = visitor(facts["people"]["ada"]["session"])
    page = text(client.get(address("assessment_auditevent", "changelist")))
    assert "opened the closed check again" in page
    assert client.get(address("assessment_assessment", "changelist")).status_code == 403
    assert visitor(facts["people"]["nora"]["session"]).get(
        address("assessment_auditevent", "changelist")
    ).status_code == 403  # fmt: skip


def test_auditors_hold_exactly_one_right_and_it_is_to_read_the_audit(site):
    held = sql(
        "SELECT t.app_label, t.model, p.codename FROM auth_group g "
        "JOIN auth_group_permissions h ON h.group_id = g.id JOIN auth_permission p ON p.id = h.permission_id "
        "JOIN django_content_type t ON t.id = p.content_type_id WHERE g.name = 'Auditors'"
    )
    options = model_of("assessment_auditevent")._meta
    assert held == [(options.app_label, options.model_name, "view_auditevent")]


@pytest.mark.parametrize("second", ["phone", "paper"])
def test_a_colleague_logs_in_with_the_password_and_the_second_step_they_had(site, facts, settings, second):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    client, lee = Client(), facts["people"]["lee"]
    queue = address("assessment_assessment", "changelist")
    given = {"username": "lee", "password": lee["password"], "next": queue}
    assert client.post("/admin/login/", given).status_code == 302
    assert client.get(queue).status_code == 302
    code = totp(lee["phone"]) if second == "phone" else lee["paper"][3]
    assert client.post("/admin/code/", {"code": code, "next": queue}).headers["Location"] == queue
    assert client.get(queue).status_code == 200


def test_everybody_is_still_in_their_group(site, facts):
    for name, person in facts["people"].items():
        user = get_user_model().objects.get(username=name)
        assert list(user.groups.values_list("name", flat=True)) == ([person["group"]] if person["group"] else [])
        assert user.is_superuser is (name == "admin")


# --- Editors and readers ----------------------------------------------------------------------------------------------
def test_readers_have_the_words_that_were_approved(site, facts):
    page = facts["articles"]["published"]
    assert page["title"] in text(Client().get(page["address"]))
    assert page["address"] in text(Client().get("/search/", {"q": page["title"]}))


def test_the_old_address_of_an_article_that_moved_leads_to_the_new_one(site, facts):
    moved = facts["articles"]["moved"]
    answer = Client().get(moved["old"])
    assert (answer.status_code, answer.headers["Location"]) == (301, moved["new"])
    assert Client().get(moved["new"]).status_code == 200


def test_an_editor_finds_the_text_that_was_not_saved_and_the_draft_behind_it(site, facts, visitor):
    article = facts["articles"]["drafted"]
    client = visitor(facts["people"]["ed"]["session"])
    page = text(client.get(address("content_article", "change", article["pk"])))
    assert article["typed"] in page
    assert article["draft"] in page


def test_an_editor_reads_what_readers_said(site, facts, visitor):
    client = visitor(facts["people"]["ed"]["session"])
    assert facts["articles"]["feedback"] in text(client.get(address("content_feedback", "changelist")))


def test_an_approver_finds_what_waits(site, visitor, facts):
    (waiting,) = sql("SELECT id FROM content_version WHERE title = 'Words that wait for approval'")
    client = visitor(facts["people"]["amy"]["session"])
    assert "Words that wait for approval" in text(client.get(address("content_version", "change", *waiting)))


def test_the_words_of_the_starter_library_are_not_loaded_a_second_time(site, facts):
    there = set(sql("SELECT slug FROM content_article"))
    call_command("load_articles", stdout=io.StringIO())
    assert set(sql("SELECT slug FROM content_article")) - there == {(slug,) for slug in NEW_ARTICLES}
