"""Checks that newer rules raised, on the staff pages: seen where they belong, decided by who may."""

import html
import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone

from assessment.clinic import raises, review_actions
from assessment.models import Assessment, Raise, Review
from assessment.protocol.back_pain import PROTOCOL
from assessment.protocol.model import Level
from core.audit import AuditEvent

from ..staff import EMERGENCY, SOON, URGENT, look_at, make_assessment, make_contact
from ..walks import STRAIN

pytestmark = pytest.mark.django_db
QUEUE = "/admin/assessment/assessment/"
LABEL = f"raised by protocol {PROTOCOL.version}: now urgent"


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def staff(ana):
    return signed_in(ana)


def page(response, status=200):
    assert response.status_code == status
    return re.sub(r"\s+", " ", html.unescape(response.content.decode()))


def queue(client, query=""):
    """The references in the list, in its order."""
    return re.findall(r'field-reference"><a[^>]*>([A-Z]{5}-[A-Z]{5})<', page(client.get(QUEUE + query)))


def url(record):
    return f"{QUEUE}{record.pk}/change/"


def act(client, record, action, **data):
    version = Review.objects.get(pk=record.pk).version
    return client.post(url(record), {"action": action, "version": version, **data})


def raise_former(actor=None, **fields):
    """A check of 1.0.1 that the present rules raise to urgent; closed by this person before."""
    record = make_assessment(
        {**STRAIN, "history": ["defences"]}, level=Level.SELF_CARE, protocol_version="1.0.1", **fields
    )
    if actor:
        review_actions.claim_review(actor, record, 1)
        review_actions.close_review(actor, record, 2, "advised", "Called")
        record = Assessment.objects.get(pk=record.pk)
    raises.raise_assessment(record, raises.find_rules_for_more(record))
    return record


# --- The queue --------------------------------------------------------------------------------------------------------
def test_a_raised_check_stands_among_those_of_its_new_level(staff):
    soon, raised, urgent, emergency = (
        make_assessment(SOON), raise_former(), make_assessment(URGENT, hours_ago=1), make_assessment(EMERGENCY)
    )  # fmt: skip
    assert queue(staff) == [record.reference for record in (emergency, urgent, raised, soon)]


def test_a_closed_check_that_is_raised_is_seen_again(staff, ben):
    soon, raised = make_assessment(SOON), raise_former(ben)
    assert queue(staff) == [raised.reference, soon.reference]
    assert queue(staff, "?state=waits") == [raised.reference, soon.reference]


def test_the_row_says_what_raised_it_when_it_is_due_and_where_it_stood(staff, ben):
    raise_former(ben, hours_ago=400)
    shown = page(staff.get(QUEUE))
    assert f'<span class="level level-2">Urgent</span> <span class="was raised">{LABEL}</span>' in shown
    assert re.search(r'field-due[^>]*><span class="time">due in \d+ (h|min)', shown)
    assert "Closed: Spoke with the patient, ben" in shown
    assert "Weak defenses" in shown


@pytest.mark.parametrize(
    ("query", "seen"),
    [
        ("?raised=yes", True),
        ("?level=2", True),
        ("?level=high", True),
        ("?level=0", False),
        ("?due=over", False),
        ("?state=contacted", False),
        ("?state=closed", True),
        ("?who=mine", False),
        ("?who=others", True),
        ("?call_back=yes", False),
        ("?sport=golf", True),
        ("?sport=tennis", False),
    ],
)
def test_the_filters_know_a_raised_check_by_its_new_level_and_its_own_clock(staff, ben, query, seen):
    raised = raise_former(ben)
    assert queue(staff, query) == ([raised.reference] if seen else [])


def test_a_raise_that_nobody_decided_in_time_is_overdue(staff, ben, monkeypatch):
    raised = raise_former(ben)
    later = timezone.now() + timedelta(days=3)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    staff = signed_in(ben)
    assert queue(staff, "?due=over") == [raised.reference]


def test_a_call_that_was_asked_for_is_found_among_what_is_raised(staff, ben):
    raised = raise_former(ben)
    make_contact(raised)
    assert queue(staff, "?call_back=yes") == [raised.reference]


def test_a_check_stands_once_and_where_it_is_most_urgent(staff, ana):
    raised = raise_former()
    assert queue(staff) == [raised.reference]
    review_actions.claim_review(ana, raised, 1)
    review_actions.override_level(ana, raised, 2, Level.EMERGENCY, "Worse")
    urgent = make_assessment(URGENT, hours_ago=5)
    assert queue(staff) == [raised.reference, urgent.reference]
    assert f'<span class="level level-3">Emergency</span> <span class="was raised">{LABEL}</span>' in page(
        staff.get(QUEUE)
    )


def test_the_view_of_raised_checks_is_one_press_away_while_there_are_any(staff, ben):
    assert "Raised by newer rules" not in page(staff.get(QUEUE))
    make_assessment(SOON)
    raised = raise_former(ben)
    assert '<a class="button" href="?raised=yes">Raised by newer rules (1)</a>' in page(staff.get(QUEUE))
    assert queue(staff, "?raised=yes") == [raised.reference]


def test_what_is_decided_is_out_of_the_queue_or_in_it_as_any_other(staff, ana, ben):
    raised = raise_former(ben)
    raises.decide_raise(ana, look_at(ana, raised), 3, False, "Seen since")
    assert queue(staff) == []
    other = raise_former(ben)
    raises.decide_raise(ana, other, 3, True)
    assert queue(staff) == [other.reference]
    assert "raised by protocol" not in page(staff.get(QUEUE))


def test_the_next_check_may_be_a_raised_one(staff, ben):
    raised = raise_former(ben)
    assert staff.get(f"{QUEUE}next/")["Location"] == url(raised)


# --- The check --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("address", ["change", "print"])
def test_the_page_says_which_rules_ask_for_more_and_why(staff, address):
    raised = raise_former()
    shown = page(staff.get(f"{QUEUE}{raised.pk}/{address}/"))
    assert LABEL.capitalize() in shown
    assert "By the rules of protocol 1.0.1 the check said: Self-care." in shown
    assert "What the patient read has not changed, and nobody has told them." in shown
    (reason,) = Raise.objects.get().reasons
    assert f"<strong>{reason['because'][0]['question']}: {reason['because'][0]['answer']}</strong>" in shown
    assert reason["text"] in shown
    assert "Rule weak_defences asks for: urgent" in shown


def test_who_takes_it_works_on_it_at_the_new_level(staff, ana, ben):
    raised = raise_former(ben)
    shown = page(staff.post(url(raised), {"action": "accept_raise", "version": 3}, follow=True))
    assert f"You have {raised.reference} now, as Urgent: within 24 hours." in shown
    assert "The check said: Self-care." in shown
    assert f"raised the level, as newer rules ask (protocol {PROTOCOL.version})" in shown
    assert "put the check before staff: newer rules ask for more" in shown
    assert "Dismiss" not in shown
    assert Review.objects.get(pk=raised.pk).assigned_to == ana


def test_who_dismisses_it_gives_a_reason_that_stays_on_the_page(staff, ben):
    raised = raise_former(ben)
    shown = page(act(staff, raised, "dismiss_raise", enough=""), 422)
    assert "Write why no more is needed: it is kept with the check." in shown
    assert Raise.objects.undecided().exists()
    act(staff, raised, "dismiss_raise", enough="Seen at the hospital since")
    shown = page(staff.get(url(raised)))
    assert "<blockquote>Seen at the hospital since</blockquote>" in shown
    assert "kept the level, though newer rules ask for more" in shown
    assert Review.objects.get(pk=raised.pk).state == "closed"


def test_a_colleague_who_was_faster_is_named_and_no_word_is_lost(staff, ben):
    raised = raise_former(ben)
    raises.decide_raise(ben, look_at(ben, raised), 3, False, "Seen since")
    shown = page(staff.post(url(raised), {"action": "dismiss_raise", "version": 3, "enough": "My own reason"}), 409)
    assert "ben kept the level" in shown
    assert "My own reason" in shown
    assert AuditEvent.objects.filter(action="refused", actor="ana").exists()


def test_a_reason_is_not_lost_when_another_button_is_pressed(staff):
    raised = raise_former()
    assert "Half a reason" in page(act(staff, raised, "claim", enough="Half a reason"))


def test_the_buttons_are_not_there_for_what_a_colleague_has(staff, ben):
    raised = raise_former()
    review_actions.claim_review(ben, raised, 1)
    shown = page(staff.get(url(raised)))
    assert LABEL.capitalize() in shown
    assert "ben has this check and decides, or you take it over." in shown
    assert 'value="accept_raise"' not in shown
    page(act(staff, raised, "accept_raise"), 422)


# --- Who may ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("role", ["Clinic staff", "Leads"])
def test_the_clinic_and_its_leads_decide(person, role):
    raised = raise_former()
    client = signed_in(person(role))
    assert 'value="accept_raise"' in page(client.get(url(raised)))
    assert act(client, raised, "dismiss_raise", enough="Seen since").status_code == 302
    assert not Raise.objects.undecided().exists()


@pytest.mark.parametrize("role", ["Auditors", "Editors", "Approvers", "Clinical reviewers"])
@pytest.mark.parametrize("action", ["accept_raise", "dismiss_raise"])
def test_nobody_else_sees_it_or_decides(person, role, action):
    raised = raise_former()
    client = signed_in(person(role))
    assert client.get(url(raised)).status_code == 403
    assert act(client, raised, action, enough="x").status_code == 403
    assert Raise.objects.undecided().exists()


@pytest.mark.parametrize("missing", ["change_review", "add_override"])
def test_who_may_not_change_levels_reads_and_does_not_decide(ana, missing):
    raised = raise_former()
    group = ana.groups.get()
    group.permissions.remove(Permission.objects.get(codename=missing))
    client = signed_in(ana)
    shown = page(client.get(url(raised)))
    assert LABEL.capitalize() in shown
    assert 'value="accept_raise"' not in shown
    assert act(client, raised, "accept_raise").status_code == 403


def test_an_auditor_reads_who_decided_what(person, ana):
    raised = raise_former()
    raises.decide_raise(ana, look_at(ana, raised), 1, False, "Seen since")
    shown = page(signed_in(person("Auditors")).get("/admin/core/auditevent/"))
    assert "kept the level, though newer rules ask for more" in shown
    assert "put the check before staff: newer rules ask for more" in shown
    assert "Seen since" not in shown
