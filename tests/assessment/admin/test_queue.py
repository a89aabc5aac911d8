"""What clinic staff see and may do on the queue."""

import html
import re
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assessment.admin.queue import BoundedPaginator, list_deciding_answers
from assessment.admin.search import build_search, parse_reference
from assessment.clinic import review_actions
from assessment.models import Assessment, Contact, Review
from assessment.privacy import contact_details
from core import audit
from core.audit import AuditEvent

from ..staff import EMERGENCY, SOON, URGENT, look_at, make_assessment, make_clerk, make_contact
from ..walks import STRAIN

pytestmark = pytest.mark.django_db
QUEUE = "/admin/assessment/assessment/"


@pytest.fixture
def staff(ana):
    """The browser of a clerk called ana."""
    return signed_in(ana)


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def page(response, status=200):
    assert response.status_code == status
    return html.unescape(response.content.decode())


def rows(shown):
    """The references in the list, in its order."""
    return re.findall(r'field-reference"><a[^>]*>([A-Z]{5}-[A-Z]{5})<', shown)


def queue(client, query=""):
    return rows(page(client.get(QUEUE + query)))


def url(record):
    return f"{QUEUE}{record.pk}/change/"


def row_of(client, record, query=""):
    """The cells of one check in the list, as text."""
    shown = page(client.get(QUEUE + query))
    row = next(row for row in re.findall(r"<tr>.*?</tr>", shown, re.S) if record.reference in row)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", row))


def test_the_most_urgent_come_first_then_what_is_due_first(staff):
    calm, soon = make_assessment(STRAIN, hours_ago=90), make_assessment(SOON)
    late, early = make_assessment(URGENT, hours_ago=1), make_assessment(URGENT, hours_ago=6)
    worst = make_assessment(EMERGENCY)
    assert queue(staff) == [record.reference for record in (worst, early, late, soon, calm)]


def test_a_row_says_level_clock_and_why_in_words(staff):
    record = make_assessment(URGENT, hours_ago=6.5)
    row = row_of(staff, record)
    assert "Urgent" in row
    assert "overdue by 2 h" in row
    assert "Fever or shaking chills" in row
    assert "due in 3 h" in row_of(staff, make_assessment(URGENT, hours_ago=0.5))


def test_answers_that_the_patient_was_not_sure_of_are_said_as_such(staff):
    assert "Not sure: Bladder, bowel" in row_of(staff, make_assessment({**STRAIN, "saddle": ["not_sure"]}))


def test_a_raised_level_puts_a_check_higher_and_shows_what_it_was(staff, ana):
    soon, urgent = make_assessment(SOON), make_assessment(URGENT)
    review_actions.claim_review(ana, soon, 1)
    review_actions.override_level(ana, soon, 2, 3, "Cannot pass urine, said on the telephone")
    assert queue(staff) == [soon.reference, urgent.reference]
    assert "Emergency was Soon" in row_of(staff, soon)


def test_closed_checks_leave_the_queue_and_are_found_under_closed(staff, ana):
    record, other = make_assessment(SOON), make_assessment(SOON)
    review_actions.claim_review(ana, record, 1)
    review_actions.close_review(ana, record, 2, "enough")
    assert queue(staff) == [other.reference]
    assert queue(staff, "?state=closed") == [record.reference]


def test_answered_checks_stand_at_the_end_of_the_queue(staff, ana):
    worst, calm = make_assessment(EMERGENCY), make_assessment(STRAIN)
    review_actions.claim_review(ana, worst, 1)
    review_actions.mark_contacted(ana, look_at(ana, worst), 2, "They are in hospital")
    assert queue(staff) == [calm.reference, worst.reference]
    assert "answered" in row_of(staff, worst)


@pytest.fixture
def mixed(ana):
    """An overdue emergency of a colleague, an urgent one of mine, and a new one that asks for a call."""
    ben = make_clerk("ben")
    theirs, mine, free = (
        make_assessment(EMERGENCY, hours_ago=3),
        make_assessment(URGENT),
        make_assessment({**SOON, "sport": ["tennis"]}),
    )
    review_actions.claim_review(ben, theirs, 1)
    review_actions.claim_review(ana, mine, 1)
    make_contact(free)
    return {"theirs": theirs.reference, "mine": mine.reference, "free": free.reference}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("who=mine", ["mine"]),
        ("who=nobody", ["free"]),
        ("who=others", ["theirs"]),
        ("level=2", ["mine"]),
        ("due=over", ["theirs"]),
        ("state=new", ["free"]),
        ("state=in_review", ["theirs", "mine"]),
        ("call_back=yes", ["free"]),
        ("sport=tennis", ["free"]),
        ("sport=tennis&who=mine", []),
        ("level=9", ["theirs", "mine", "free"]),
        ("state=nonsense", ["theirs", "mine", "free"]),
        ("level=high", ["theirs", "mine"]),
        ("state=waits", ["theirs", "mine", "free"]),
        ("level=high&sport=tennis", []),
    ],
)
def test_the_queue_can_be_narrowed(staff, mixed, query, found):
    assert queue(staff, f"?{query}") == [mixed[name] for name in found]


def test_every_filter_says_how_many_it_holds(staff, mixed):
    shown = page(staff.get(QUEUE))
    for label in ("Emergency (1)", "Me (1)", "Nobody (1)", "Colleagues (1)", "Overdue (1)", "New (1)", "Asked for (1)"):
        assert label in shown
    assert "In review (2)" in shown
    assert "Tennis or another racket sport (1)" in shown


def test_the_usual_views_are_one_press_away_and_say_how_many_they_hold(staff, ana):
    late, free = make_assessment(SOON, hours_ago=24 * 40), make_assessment(URGENT, hours_ago=30)
    review_actions.claim_review(ana, late, 1)
    wanted, called, calm = make_assessment(URGENT), make_assessment(EMERGENCY), make_assessment(SOON)
    for record in (wanted, called, calm):
        make_contact(record)
    review_actions.claim_review(ana, called, 1)
    review_actions.mark_contacted(ana, look_at(ana, called), 2, "She comes at nine")
    links = re.findall(r'<a class="button" href="(\?[^"]+)">([^<]+)</a>', page(staff.get(QUEUE)))
    found = {name: queue(staff, query) for query, name in links}
    assert found == {
        "Mine, overdue (1)": [late.reference],
        "Nobody's, overdue (1)": [free.reference],
        "To call, emergency or urgent (1)": [wanted.reference],
    }


def test_the_view_that_is_shown_is_marked_and_leads_back_to_all(staff):
    shown = page(staff.get(f"{QUEUE}?who=mine&due=over"))
    assert re.findall(r'aria-current="page">([^<]+)<', shown) == ["Mine, overdue (0)"]
    assert '<a class="button" href="?">All open</a>' in shown
    assert "All open" not in page(staff.get(QUEUE))


def queries_of(client, address):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return [query["sql"] for query in queries]


def test_the_queue_costs_the_same_for_many_checks(staff, ana):
    make_assessment(SOON)
    staff.get(QUEUE)  # makes the head of the audit
    few = queries_of(staff, QUEUE)
    for _ in range(12):
        review_actions.claim_review(ana, make_assessment(EMERGENCY), 1)
        make_contact(make_assessment(URGENT))
    assert len(queries_of(staff, QUEUE)) == len(few)
    assert len(few) <= 14


@pytest.mark.parametrize(
    "address",
    [
        QUEUE,
        f"{QUEUE}?state=closed",
        f"{QUEUE}?sport=golf&due=over",
        f"{QUEUE}?level=high&state=waits&call_back=yes",
        "/admin/",
    ],
)
def test_no_page_counts_the_whole_table(staff, address):
    make_assessment(SOON)
    for sql in queries_of(staff, address):
        if "COUNT(" in sql and "assessment_" in sql:
            # So many rows, so many days, or of so many checks.
            assert re.search(r'LIMIT|"submitted_at" >=|"assessment_id" IN \(\d', sql), sql


@pytest.mark.parametrize("query", ["", "?state=closed", "?level=2", "?who=nobody"])
def test_contacts_are_read_only_of_checks_that_are_shown_or_counted(staff, query):
    """In the query of the list itself, PostgreSQL read every contact there is."""
    make_contact(make_assessment(URGENT))
    for sql in queries_of(staff, f"{QUEUE}{query}"):
        assert "assessment_contact" not in sql or re.search(r"IN \(\d+", sql), sql


def test_a_level_shows_what_waits_and_then_what_was_answered(staff, ana, monkeypatch):
    answered = make_assessment(URGENT, hours_ago=5)
    review_actions.claim_review(ana, answered, 1)
    review_actions.mark_contacted(ana, look_at(ana, answered), 2, "She comes at nine")
    waiting = [make_assessment(URGENT, hours_ago=hours) for hours in (3, 2)]
    make_assessment(EMERGENCY), make_assessment(SOON)
    wanted = [record.reference for record in (*waiting, answered)]
    assert queue(staff, "?level=2") == wanted
    assert queue(staff, "?level=2&state=contacted") == wanted[2:]
    assert queue(staff, "?level=2&state=new") == wanted[:2]
    assert queue(staff, "?level=2&state=waits") == wanted[:2]
    monkeypatch.setattr(BoundedPaginator, "LIMIT", 1)
    assert queue(staff, "?level=2") == wanted[:1]


@pytest.mark.parametrize("number", ["0", "99", "x"])
def test_a_page_of_the_queue_that_is_not_there_leads_back_to_the_first(staff, number):
    record = make_assessment(SOON)
    answer = staff.get(f"{QUEUE}?p={number}", follow=True)
    assert answer.status_code == 200
    assert record.reference in answer.content.decode()


def test_a_list_leads_no_further_than_its_limit(monkeypatch, staff):
    monkeypatch.setattr(BoundedPaginator, "LIMIT", 2)
    for _ in range(3):
        make_assessment(SOON)
    assert "These are the first 2" in page(staff.get(QUEUE))


@pytest.mark.parametrize("text", ["{0}", " {0} ", "{1}", "{2}"])
def test_a_check_is_found_by_its_code_however_it_is_typed(staff, text):
    record = make_assessment(SOON)
    code = record.reference
    response = staff.post(
        f"{QUEUE}find/", {"q": text.format(code, code.lower().replace("-", ""), code.replace("-", " "))}
    )
    assert response.status_code == 302
    assert response.url == url(record)


def test_a_code_in_an_address_is_found_too_whatever_its_state(staff, ana):
    record = make_assessment(SOON)
    review_actions.claim_review(ana, record, 1)
    review_actions.close_review(ana, record, 2, "enough")
    make_assessment(SOON)
    assert queue(staff, f"?q={record.reference.lower()}") == [record.reference]
    assert queue(staff, "?q=ZZZZZ-ZZZZZ") == []
    assert queue(staff, "?q=5550100123") == []


@pytest.mark.parametrize(
    "text", ["555 0100 123", "+1 (555) 010-0123", "555.0100.123", "555 0100 123 x4", "ANA@example.org"]
)
def test_a_check_is_found_by_telephone_or_e_mail(staff, text):
    record = make_assessment(SOON)
    make_contact(record, email="ana@Example.org")
    make_assessment(SOON)
    assert staff.post(f"{QUEUE}find/", {"q": text}).url == url(record)


def test_a_check_whose_number_has_a_former_key_is_found(staff):
    record = make_assessment(SOON)
    make_contact(record)
    Contact.objects.update(telephone_key=contact_details.former_telephone_keys("555 0100 123")[0])
    assert staff.post(f"{QUEUE}find/", {"q": "+1 (555) 010-0123"}).url == url(record)


def test_several_checks_of_one_number_are_listed(staff):
    found = [make_assessment(SOON), make_assessment(URGENT)]
    for record in found:
        make_contact(record)
    shown = page(staff.post(f"{QUEUE}find/", {"q": "5550100123"}))
    assert all(record.reference in shown for record in found)


def test_a_search_without_result_says_so_and_keeps_what_was_typed(staff):
    shown = page(staff.post(f"{QUEUE}find/", {"q": "555 9999 999"}))
    assert "No check was found" in shown
    assert 'value="555 9999 999"' in shown


@pytest.mark.parametrize("text", ["", "Ana", "numb leg", "12", "KTRBN", "'; DROP TABLE x; --", "\x00"])
def test_what_is_no_code_number_or_address_is_told_so(staff, text):
    assert "This is none of them" in page(staff.post(f"{QUEUE}find/", {"q": text}), 422)


def test_what_kind_of_search_it_is():
    assert parse_reference("bcdfg-hjklm") == "BCDFG-HJKLM"
    assert parse_reference("bcdfg-hjkla") == ""
    assert [build_search(text)[0] for text in ("BCDFG HJKLM", "a@b", "555-0100", "word")] == [
        "reference", "email", "telephone", "",
    ]  # fmt: skip


def test_a_search_is_in_the_audit_without_its_words(staff):
    make_contact(make_assessment(SOON), telephone="555 7788 990")
    staff.post(f"{QUEUE}find/", {"q": "555 7788 990"})
    event = AuditEvent.objects.get(action="search")
    # The rest of an event is its number, time, person and hashes, in which any few digits come up by chance.
    assert event.facts == {"kind": "telephone", "found": 1}
    assert (event.actor, event.record_id, event.reference) == ("ana", None, "")


def test_looking_at_the_queue_is_in_the_audit(staff):
    staff.get(f"{QUEUE}?who=mine&level=3")
    event = AuditEvent.objects.get(action="list")
    assert (event.actor, event.action, event.facts) == ("ana", "list", {"page": 1, "filters": "level,who", "found": 0})


def bulk(client, action, records, **data):
    ticked = {"action": action, "_selected_action": [record.pk for record in records], "index": "0"}
    return client.post(QUEUE, {**ticked, "select_across": "0", **data})


def shown_versions(records):
    return {f"version-{record.pk}": Review.objects.get(pk=record.pk).version for record in records}


def test_several_checks_are_taken_at_once_and_each_is_answered_for(staff, ana):
    free, taken = make_assessment(SOON), make_assessment(SOON)
    review_actions.claim_review(make_clerk("ben"), taken, 1)
    response = bulk(staff, "claim_selected", [free, taken])
    shown = page(staff.get(response.url))
    assert f"{free.reference}: Yours now." in shown
    assert f"{taken.reference}: ben took the check" in shown
    assert Review.objects.get(pk=free.pk).assigned_to == ana
    assert Review.objects.get(pk=taken.pk).assigned_to.username == "ben"


def test_several_checks_are_given_to_a_colleague(staff):
    ben, records = make_clerk("ben"), [make_assessment(SOON), make_assessment(URGENT)]
    asked = page(bulk(staff, "assign_selected", records))
    assert all(record.reference in asked for record in records)
    assert not Review.objects.filter(assigned_to=ben).exists()
    done = page(bulk(staff, "assign_selected", records, apply="1", to=ben.pk, **shown_versions(records)))
    assert done.count("With ben now.") == 2
    assert "2 of 2 done" in done
    assert Review.objects.filter(assigned_to=ben, state="new").count() == 2
    assert AuditEvent.objects.filter(action="assign").count() == 2


def test_closing_several_says_of_each_what_became_of_it(staff, ana):
    fine, untaken, urgent = make_assessment(SOON), make_assessment(SOON), make_assessment(URGENT)
    for record in (fine, urgent):
        review_actions.claim_review(ana, record, 1)
    records = [fine, untaken, urgent]
    done = page(bulk(staff, "close_selected", records, apply="1", reason="enough", note="", **shown_versions(records)))
    assert "1 of 3 done" in done
    assert "Take this check first." in done
    assert "Emergencies and urgent checks are closed one by one, on their own page." in done
    assert list(Review.objects.filter(state="closed").values_list("pk", flat=True)) == [fine.pk]


@pytest.mark.parametrize("answers", [EMERGENCY, URGENT])
def test_emergencies_and_urgent_checks_are_never_closed_with_others_even_when_read(staff, ana, answers):
    record = look_at(ana, make_assessment(answers))
    review_actions.claim_review(ana, record, 1)
    data = {"apply": "1", "reason": "enough", "note": "ok", **shown_versions([record])}
    assert "0 of 1 done" in page(bulk(staff, "close_selected", [record], **data))
    assert Review.objects.get().state == "in_review"


def test_what_a_colleague_changed_meanwhile_is_not_closed_with_the_others(staff, ana):
    record = make_assessment(SOON)
    review_actions.claim_review(ana, record, 1)
    versions = shown_versions([record])
    review_actions.override_level(ana, record, 2, 2, "Weak foot")
    review_actions.assign_review(make_clerk("ben"), record, 3, ana)
    done = page(bulk(staff, "close_selected", [record], apply="1", reason="enough", note="x", **versions))
    assert "0 of 1 done" in done
    assert "ben gave the check to ana" in done


def test_a_check_that_was_closed_meanwhile_is_told_and_not_left_out(staff, ana):
    record = make_assessment(SOON)
    review_actions.claim_review(ana, record, 1)
    versions = shown_versions([record])
    review_actions.close_review(ana, record, 2, "enough")
    done = page(bulk(staff, "close_selected", [record], apply="1", reason="enough", note="x", **versions))
    assert record.reference in done
    assert "ana closed the check" in done


def test_closing_several_needs_a_reason(staff, ana):
    record = make_assessment(SOON)
    review_actions.claim_review(ana, record, 1)
    shown = page(bulk(staff, "close_selected", [record], apply="1", note="my words", **shown_versions([record])), 422)
    assert "Choose why it can be closed." in shown
    assert "my words" in shown


@pytest.mark.parametrize("version", ["", "x", "99999999999999999999", "-1"])
def test_a_forged_version_changes_nothing(staff, ana, version):
    record = make_assessment(SOON)
    review_actions.claim_review(ana, record, 1)
    data = {"reason": "enough", "note": "x", "apply": "1", f"version-{record.pk}": version}
    assert "0 of 1 done" in page(bulk(staff, "close_selected", [record], **data))


def test_whoever_may_only_look_has_no_actions(ana):
    looker = get_user_model().objects.create_user("looker", is_staff=True)
    looker.user_permissions.add(Permission.objects.get(codename="view_assessment"))
    client, record = signed_in(looker), make_assessment(SOON)
    shown = page(client.get(QUEUE))
    assert record.reference in shown
    assert 'name="action"' not in shown
    bulk(client, "claim_selected", [record])
    assert Review.objects.get().assigned_to is None
    assert client.get(f"{QUEUE}next/").status_code == 403
    assert client.post(url(record), {"action": "claim", "version": 1}).status_code == 403
    make_contact(record)
    assert "555 0100 123" not in page(client.get(url(record)))
    assert "may not see the contact details" in page(client.get(url(record)))
    assert client.post(f"{QUEUE}find/", {"q": "5550100123"}).status_code == 403


def test_staff_cannot_add_change_or_delete_checks(staff):
    record = make_assessment(SOON)
    for address in ("add/", f"{record.pk}/delete/", f"{record.pk}/history/"):
        assert staff.get(QUEUE + address).status_code == 404
        assert staff.post(QUEUE + address, {"post": "yes"}).status_code == 404
    assert Assessment.objects.get() == record


def test_clinic_staff_see_nothing_of_the_articles_or_the_audit(staff):
    shown = page(staff.get("/admin/"))
    assert "Articles" not in shown
    assert "Audit events" not in shown
    assert staff.get("/admin/content/article/").status_code == 403
    assert staff.get("/admin/core/auditevent/").status_code == 403


def test_editors_see_nothing_of_the_checks(person):
    client, record = signed_in(person("Editors")), make_assessment(SOON)
    shown = page(client.get("/admin/"))
    assert "Symptom checks" not in shown
    assert "Waiting for the clinic" not in shown
    for address in (QUEUE, url(record), f"{QUEUE}{record.pk}/print/", f"{QUEUE}find/", f"{QUEUE}next/"):
        assert client.get(address).status_code == 403


def test_somebody_who_is_not_signed_in_sees_no_check(client):
    record = make_assessment(SOON)
    for address in (QUEUE, url(record), f"{QUEUE}{record.pk}/print/", f"{QUEUE}find/", f"{QUEUE}next/"):
        response = client.get(address)
        assert response.status_code == 302
        assert response.url.startswith("/admin/login/")


def test_the_audit_can_be_read_by_those_allowed_and_that_is_in_it(ana):
    auditor = get_user_model().objects.create_user("auditor", is_staff=True)
    auditor.user_permissions.add(Permission.objects.get(codename="view_auditevent"))
    review_actions.claim_review(ana, make_assessment(SOON), 1)
    client = signed_in(auditor)
    shown = page(client.get("/admin/core/auditevent/"))
    assert "took the check" in shown
    assert "looked at the audit" in shown
    only = page(client.get("/admin/core/auditevent/?action=claim"))
    assert only.count("field-number") == 1
    for address in ("add/", "1/change/", "1/delete/"):
        assert client.get(f"/admin/core/auditevent/{address}").status_code == 404


def test_the_start_page_tells_what_waits_and_how_the_protocol_does(staff, ana):
    ben = make_clerk("ben")
    make_assessment(EMERGENCY, hours_ago=3)
    for answers, to in ((SOON, None), (SOON, 2)):
        record = make_assessment(answers, hours_ago=2)
        version = review_actions.claim_review(ben, record, 1).version
        if to is not None:
            review_actions.override_level(ben, record, version, to, "Weak foot")
            version += 1
        review_actions.close_review(ben, look_at(ben, record), version, "advised", "Called")
    shown = page(staff.get("/admin/"))
    assert "Waiting for the clinic" in shown
    assert "3 h" in shown
    assert "Of the last 2 checks that staff opened and closed, 1 kept their level: <strong>50%</strong>" in shown
    assert re.search(r"one leg is numb[^<]*</a></th><td>2</td><td>1</td><td>1</td><td>0</td><td>50%", shown)
    assert "2 h" in shown
    assert "<svg" in shown
    assert "style=" not in shown.split('id="content"')[1]


def test_a_proposal_asks_for_a_second_person_on_the_start_page_of_others_only(staff, ana):
    record = make_assessment(EMERGENCY)
    review_actions.claim_review(ana, record, 1)
    review_actions.override_level(ana, look_at(ana, record), 2, 1, "Rib")
    assert "A second person is asked for" not in page(staff.get("/admin/"))
    assert (
        record.reference in page(signed_in(make_clerk("ben")).get("/admin/")).split("A second person is asked for")[1]
    )


def test_the_next_check_is_a_step_away_and_an_empty_queue_is_said(staff):
    assert staff.get(f"{QUEUE}next/").url == QUEUE
    assert "Nothing is waiting for you." in page(staff.get(QUEUE))
    make_assessment(STRAIN)
    worst = make_assessment(EMERGENCY)
    assert staff.get(f"{QUEUE}next/").url == url(worst)


def test_everything_done_on_these_pages_is_one_whole_chain(staff):
    record = make_assessment(SOON)
    staff.get(QUEUE)
    staff.get(url(record))
    staff.post(f"{QUEUE}find/", {"q": record.reference})
    staff.get(f"{QUEUE}{record.pk}/print/")
    staff.post(url(record), {"action": "claim", "version": 1})
    actions = list(AuditEvent.objects.order_by("number").values_list("action", flat=True))
    assert actions == ["login", "sent", "list", "view", "search", "print", "claim"]
    assert audit.verify_chain().number == 7


def test_a_check_from_long_ago_is_due_since_long_ago(staff):
    record = make_assessment(URGENT, finished_at=timezone.now() - timedelta(days=9))
    assert "overdue by 8 days" in row_of(staff, record)


def test_the_way_back_from_a_check_leads_to_the_list_one_came_from(staff):
    record = make_assessment(URGENT)
    staff.get(f"{QUEUE}?who=nobody&level=2&q=KTRBN-XDWLC")
    assert f'href="{QUEUE}?level=2&who=nobody">Back to the queue' in page(staff.get(url(record)))
    staff.get(QUEUE)
    assert f'href="{QUEUE}">Back to the queue' in page(staff.get(url(record)))


def test_a_short_answer_stands_in_the_list_with_its_question(staff):
    record = make_assessment(
        {
            **STRAIN,
            "duration": ["3_months"],
            "trend": ["better"],
            "known": ["never"],
            "stiff": ["none"],
            "sport": ["none"],
        }
    )
    assert "Looked at before: No, never" in row_of(staff, record)


def test_all_checks_of_the_list_are_taken_at_once_when_all_were_chosen(staff, ana):
    records = [make_assessment(SOON), make_assessment(SOON)]
    bulk(staff, "claim_selected", records[:1], select_across="1")
    assert set(Review.objects.values_list("assigned_to", flat=True)) == {ana.pk}


@pytest.mark.parametrize("action", ["claim_selected", "close_selected"])
def test_more_checks_than_may_be_changed_at_once_are_all_left_alone(staff, monkeypatch, action):
    monkeypatch.setattr("assessment.admin.bulk.MOST", 1)
    response = bulk(staff, action, [make_assessment(SOON), make_assessment(SOON)])
    assert "Choose at most 1 checks at once." in page(staff.get(response["Location"]))
    assert set(Review.objects.values_list("assigned_to", "version")) == {(None, 1)}


def test_an_answered_check_that_was_put_back_stands_under_no_name(staff, ana):
    record = make_assessment(SOON)
    review_actions.claim_review(ana, record, 1)
    review_actions.mark_contacted(ana, record, 2, "Called")
    assert "Contacted, ana" in row_of(staff, record)
    review_actions.release_review(ana, record, 3)
    row = row_of(staff, record)
    assert "Contacted" in row
    assert "Contacted, " not in row


def test_an_answer_behind_two_reasons_is_listed_once():
    item = {"question": "Your legs?", "answer": "One of my legs is numb and weak since the day before yesterday"}
    reason = {"unsure": False, "because": [item]}
    assert list_deciding_answers([reason, reason]) == [item["answer"]]
