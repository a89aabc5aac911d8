"""One check on one page."""

import html
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assessment.clinic import review_actions
from assessment.models import Assessment, Note, Override, Review
from assessment.privacy import consent
from assessment.privacy.form_token import make_form_token
from core import audit
from core.audit import AuditEvent

from ..staff import EMERGENCY, SOON, URGENT, look_at, make_assessment, make_clerk, make_contact
from ..walks import STRAIN, walk_check

pytestmark = pytest.mark.django_db
QUEUE = "/admin/assessment/assessment/"


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def url(record):
    return f"{QUEUE}{record.pk}/change/"


def page(response, status=200):
    assert response.status_code == status
    return html.unescape(response.content.decode())


@pytest.fixture
def staff(ana):
    return signed_in(ana)


@pytest.fixture
def mine(ana):
    """A check that ana has taken."""
    record = make_assessment(SOON)
    review_actions.claim_review(ana, record, 1)
    return record


def review(record):
    return Review.objects.get(pk=record.pk)


def do(client, record, action, version=None, **data):
    return client.post(url(record), {"action": action, "version": version or review(record).version, **data})


def test_it_shows_what_the_patient_answered_and_read(staff):
    record = make_assessment(SOON)
    shown = page(staff.get(url(record)))
    for line in [record.result["heading"], *record.result["do"], *[item["text"] for item in record.result["reasons"]]]:
        assert line in shown
    for item in record.answers:
        assert item["title"] in shown
        for part in item["answer"]:
            assert part["text"] in shown


def test_it_shows_why_by_answers_and_rules(staff):
    shown = page(staff.get(url(make_assessment(URGENT))))
    assert "Other signs: Fever or shaking chills" in shown
    assert "Rule: fever" in shown


def test_it_shows_rules_version_digest_and_articles(staff):
    articles = [{"title": "Golf", "address": "/sports/golf/"}]
    record = make_assessment(SOON, result={**make_assessment(SOON).result, "articles": articles})
    shown = page(staff.get(url(record)))
    assert f"{record.protocol} {record.protocol_version}" in shown
    assert record.protocol_digest[:12] in shown
    assert "Protocol not clinically approved" in shown
    assert '<a href="/sports/golf/">Golf</a>' in shown


def test_it_shows_what_the_patient_agreed_to(staff, client):
    walk_check(client, STRAIN)
    record = Assessment.objects.get()
    shown = page(staff.get(url(record)))
    assert record.consent_text in shown
    assert f"wording {consent.VERSION}" in shown
    assert "Not asked for" in shown


def test_contact_details_are_opened_here_and_that_is_in_the_audit(staff):
    record = make_assessment(SOON)
    make_contact(record, email="ana@example.org")
    shown = page(staff.get(url(record)))
    assert "Ana Example" in shown
    assert 'href="tel:5550100123"' in shown
    assert "ana@example.org" in shown
    event = AuditEvent.objects.get(action="view")
    assert (event.action, event.record_id, event.reference) == ("view", record.pk, record.reference)
    assert event.facts == {"what": "contact"}


def test_details_under_another_key_are_said_to_be_unreadable(staff, settings):
    record = make_assessment(SOON)
    asked = make_contact(record)
    settings.CONTACT_KEYS = ["A" * 43 + "="]
    shown = page(staff.get(url(record)))
    assert "Cannot be read with the present keys" in shown
    assert asked.locked not in shown
    assert "Ana Example" not in shown
    assert AuditEvent.objects.get(action="view").facts == {"what": ""}


def test_contact_details_are_on_no_list(staff):
    make_contact(make_assessment(SOON))
    assert "Ana Example" not in page(staff.get(QUEUE))


def test_no_page_has_anything_inline(staff, mine):
    make_contact(mine)
    for address in (url(mine), QUEUE, f"{QUEUE}find/", f"{QUEUE}{mine.pk}/print/", "/admin/"):
        shown = page(staff.get(address))
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*src=)", shown), address


def test_a_day_of_one_check(staff, ana):
    record = make_assessment(SOON)
    do(staff, record, "claim")
    assert review(record).assigned_to == ana
    do(staff, record, "note", note="First try: no answer")
    do(staff, record, "contacted", note="Agreed: visit on Tuesday")
    assert review(record).state == "contacted"
    response = do(staff, record, "close", note="", reason="booked", onward="on")
    assert review(record).state == "closed"
    assert response.url == QUEUE
    shown = page(staff.get(url(record)))
    for words in ("First try: no answer", "Agreed: visit on Tuesday", "closed the check: Visit booked"):
        assert words in shown
    do(staff, record, "reopen")
    assert review(record).state == "in_review"
    do(staff, record, "release")
    assert review(record).state == "new"
    assert audit.verify_chain()


def test_after_a_decision_comes_the_next_check_if_wished(staff, mine):
    worse, other = make_assessment(EMERGENCY), make_assessment(URGENT)
    response = do(staff, mine, "close", reason="enough", onward="on")
    assert response.url == url(worse)
    do(staff, worse, "claim")
    assert do(staff, worse, "contacted", note="In hospital").status_code == 422  # unread; the page shows it now
    assert do(staff, worse, "contacted", note="In hospital").url == url(worse)
    assert do(staff, worse, "contacted", note="Again", onward="on").status_code == 422
    assert do(staff, worse, "close", reason="booked", onward="on").url == url(other)


def test_an_empty_note_is_a_field_error(staff, mine):
    for action in ("note", "contacted"):
        assert "Write what you did or agreed." in page(do(staff, mine, action, note=" "), 422)
    assert not Note.objects.exists()


def test_closing_without_a_reason_keeps_the_note(staff, mine):
    shown = page(do(staff, mine, "close", note="A long story"), 422)
    assert "Choose why it can be closed." in shown
    assert "A long story</textarea>" in shown


def test_closing_for_another_reason_without_a_note_says_what_is_missing(staff, mine):
    shown = page(do(staff, mine, "close", reason="other"), 422)
    assert "Write in the note what you did." in shown
    assert '<option value="other" selected>' in shown


def test_the_second_clerk_is_told_who_and_what_and_keeps_the_words(staff, ana, ben, mine):
    opened = review(mine).version
    review_actions.assign_review(ben, mine, opened, ben)
    review_actions.close_review(ben, mine, opened + 1, "booked", "Ben was faster")
    shown = page(do(staff, mine, "close", opened, reason="enough", note="My careful words"), 409)
    assert "My careful words</textarea>" in shown
    assert re.search(r"ben closed the check \(\d\d:\d\d\), after you had opened it", shown)
    assert "Ben was faster" in shown
    assert Note.objects.count() == 1


def test_a_conflict_is_told_with_who_and_what(staff, ana, ben, mine):
    opened = review(mine).version
    review_actions.assign_review(ben, mine, opened, ana)
    shown = page(do(staff, mine, "contacted", opened, note="My careful words"), 409)
    assert "ben gave the check to ana" in shown
    assert "after you had opened it" in shown
    assert "My careful words</textarea>" in shown
    # Pressing again, now with open eyes, goes through.
    version = re.search(r'name="version" value="(\d+)"', shown)[1]
    assert do(staff, mine, "contacted", version, note="My careful words").status_code == 302
    assert Note.objects.get().text == "My careful words"


@pytest.mark.parametrize("field", ["note", "why"])
def test_words_beside_another_button_stay_in_their_field(staff, ana, field):
    record = make_assessment(SOON)
    answer = staff.post(url(record), {"action": "claim", "version": "1", field: "She cannot lift her foot"})
    assert answer.status_code == 200
    assert f"You have {record.reference} now." in answer.content.decode()
    assert re.search(rf'<textarea name="{field}"[^>]*>\s*She cannot lift her foot</textarea>', answer.content.decode())
    assert (review(record).assigned_to, review(record).state) == (ana, "in_review")
    assert not Note.objects.exists()


def test_words_beside_a_button_that_a_colleague_pressed_first_stay_too(staff, ben):
    record = make_assessment(SOON)
    review_actions.claim_review(ben, record, 1)
    answer = staff.post(url(record), {"action": "claim", "version": "1", "note": "She cannot lift her foot"})
    assert answer.status_code == 409
    assert "She cannot lift her foot</textarea>" in answer.content.decode()


def test_what_an_act_takes_does_not_stay(staff, mine):
    words = {"note": "Called her", "why": "Worse than she wrote", "level": "2"}
    answer = staff.post(url(mine), {"action": "note", "version": "2", **words})
    shown = answer.content.decode()
    assert "Worse than she wrote</textarea>" in shown
    assert "Called her</textarea>" not in shown
    assert '<option value="2" selected>' in shown


def test_notes_of_two_at_once_are_both_kept(staff, ben, mine):
    opened = review(mine).version
    do(signed_in(ben), mine, "note", opened, note="From Ben")
    do(staff, mine, "note", opened, note="From Ana")
    assert [note.text for note in Note.objects.all()] == ["From Ben", "From Ana"]


def test_a_refusal_is_in_the_audit(staff, ben, mine):
    do(signed_in(ben), mine, "close", reason="enough", note="x")
    event = AuditEvent.objects.get(action="refused")
    assert (event.actor, event.facts) == ("ben", {"what": "close", "reason": "rule"})


def test_a_colleague_takes_over_and_gives_back(staff, ana, ben, mine):
    client = signed_in(ben)
    assert "Take it over from ana" in page(client.get(url(mine)))
    do(client, mine, "over")
    assert review(mine).assigned_to == ben
    do(client, mine, "assign", to=ana.pk)
    assert review(mine).assigned_to == ana
    assert "gave the check to ana" in page(staff.get(url(mine)))


def test_a_check_is_given_only_to_people_who_work_the_queue(staff, person, mine):
    editor = person("Editors")
    assert do(staff, mine, "assign", to=editor.pk).status_code == 422
    assert do(staff, mine, "assign", to="").status_code == 422


def test_another_level_needs_a_reason_and_shows_the_one_before(staff, mine):
    shown = page(do(staff, mine, "override", level="2", why=" "), 422)
    assert "Write the reason" in shown
    assert do(staff, mine, "override", level="2", why="Weak foot").status_code == 302
    shown = page(staff.get(url(mine)))
    assert "The check said: Soon: within 2 weeks." in shown
    assert "Weak foot" in shown
    assert "changed the level: Soon to Urgent" in shown


@pytest.mark.parametrize("level", ["", "7", "x"])
def test_a_level_that_does_not_exist_is_a_field_error(staff, mine, level):
    assert do(staff, mine, "override", level=level, why="Because").status_code == 422


def test_an_emergency_is_lowered_by_two_on_the_page(staff, ana, ben):
    record = make_assessment(EMERGENCY)
    staff.get(url(record))
    do(staff, record, "claim")
    response = do(staff, record, "override", level="1", why="Old rib pain")
    assert "A second person must agree" in page(staff.get(response.url))
    assert review(record).level == 3
    own = page(staff.get(url(record)))
    assert "I agree" not in own
    assert page(do(staff, record, "confirm"), 422).count("second person must agree") == 1
    other = signed_in(ben)
    assert "Old rib pain" in page(other.get(url(record)))
    do(other, record, "confirm")
    assert review(record).level == 1
    assert Override.objects.get().decided_by == ben
    assert "agreed to the lower level: Emergency to Soon" in page(staff.get(url(record)))


def test_a_proposal_can_be_declined_and_is_gone_then(staff, ben):
    record = make_assessment(EMERGENCY)
    do(staff, record, "claim")
    do(staff, record, "override", level="1", why="Old rib pain")
    do(signed_in(ben), record, "decline")
    assert review(record).level == 3
    assert do(signed_in(ben), record, "confirm").status_code == 409


@pytest.mark.parametrize("action", ["", "explode", "reviews-0-note"])
def test_an_unknown_action_changes_nothing(staff, mine, action):
    before = review(mine).version
    assert do(staff, mine, action).status_code == 422
    assert review(mine).version == before


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 30, "1.5"])
@pytest.mark.parametrize("action", ["release", "contacted", "assign"])
def test_a_forged_version_is_refused(staff, ana, mine, action, version):
    data = {"action": action, "version": version, "note": "x", "to": ana.pk}
    assert staff.post(url(mine), data).status_code in (409, 422)
    assert review(mine).version == 2


@pytest.mark.parametrize("pk", [999999, 9223372036854775808, 10**30])
def test_a_check_that_is_not_there_is_not_found(staff, pk):
    for address in (f"{QUEUE}{pk}/change/", f"{QUEUE}{pk}/print/"):
        assert staff.get(address).status_code == 404


def test_notes_are_shown_as_text(staff, mine):
    do(staff, mine, "note", note="<script>alert(1)</script>")
    assert "<script>alert(1)" not in staff.get(url(mine)).content.decode()


def test_the_same_telephone_and_the_same_answers_are_pointed_out(staff):
    record, same_number = make_assessment(SOON), make_assessment(URGENT, hours_ago=24 * 30)
    make_contact(record, telephone="555 0100 123")
    make_contact(same_number, telephone="+1 555 0100-123", name="A. Example")
    same_answers, too_old = make_assessment(SOON, hours_ago=24 * 6), make_assessment(SOON, hours_ago=24 * 8)
    make_assessment(STRAIN)
    shown = page(staff.get(url(record))).split('id="twins"')[1].split("</section>")[0]
    assert shown.count("<li>") == 2
    assert re.search(same_number.reference + r".*the same telephone or e-mail", shown)
    assert re.search(same_answers.reference + r".*the same answers within 7 days", shown)
    assert too_old.reference not in shown


@pytest.mark.parametrize(("answers", "alike"), [(EMERGENCY, False), ({**STRAIN, "legs": ["weak_both"]}, True)])
def test_equal_answers_say_something_only_when_there_are_enough_of_them(staff, answers, alike):
    record, other = make_assessment(answers), make_assessment(answers, hours_ago=2)
    assert record.level == other.level == 3
    assert ("the same answers within 7 days" in page(staff.get(url(record)))) == alike


def test_the_same_telephone_counts_also_after_one_answer(staff):
    record, other = make_assessment(EMERGENCY), make_assessment(EMERGENCY, hours_ago=2)
    make_contact(record), make_contact(other)
    shown = page(staff.get(url(record)))
    assert re.search(other.reference + r".*: the same telephone or e-mail<", shown)


def test_a_number_that_a_colleague_learned_stands_beside_the_patients_own(staff, mine):
    make_contact(mine)
    do(staff, mine, "note", note="Her number ends in 124")
    do(staff, mine, "note", note="Still 124: her brother said so")
    call = page(staff.get(url(mine))).split('id="contact"')[1].split("</section>")[0]
    beside = re.findall(r"555 0100 123<|Still 124|Her number ends in 124", call)
    assert beside == ["555 0100 123<", "Still 124", "Her number ends in 124"]
    assert "it stands here for whoever calls next" in call
    assert "Read the notes below before you call" in page(staff.get(f"{QUEUE}{mine.pk}/print/"))


def test_without_a_wish_to_be_called_no_number_is_asked_for(staff, mine):
    do(staff, mine, "note", note="Her number ends in 124")
    assert "another number" not in page(staff.get(url(mine)))


def test_a_corrected_check_points_to_its_correction_and_back(staff):
    first = make_assessment(EMERGENCY)
    second = make_assessment(STRAIN, corrects=first)
    assert "it corrects an answer of this check" in page(staff.get(url(first)))
    assert "this check corrects an answer of it" in page(staff.get(url(second)))


def test_without_a_likely_twin_nothing_is_said(staff):
    assert "Perhaps the same patient" not in page(staff.get(url(make_assessment(SOON))))


def test_who_else_has_it_open_is_said(staff, ben, mine):
    signed_in(ben).get(url(mine))
    shown = page(staff.get(url(mine)))
    assert "ben has opened this check 0 min ago." in shown
    assert "ana has opened" not in shown


def test_who_looked_is_on_the_page(staff, ben, mine):
    signed_in(ben).get(url(mine))
    signed_in(ben).get(f"{QUEUE}{mine.pk}/print/")
    assert "ben: 2 times" in page(staff.get(url(mine)))


def test_the_sheet_has_level_reasons_answers_contact_and_notes(staff, ana, mine):
    make_contact(mine)
    review_actions.mark_contacted(ana, mine, 2, "Visit on Tuesday")
    shown = page(staff.get(f"{QUEUE}{mine.pk}/print/"))
    for words in (
        mine.reference,
        "Soon",
        "Legs and hands:",
        "Ana Example",
        "555 0100 123",
        "Visit on Tuesday",
        "by ana",
    ):
        assert words in shown
    event = AuditEvent.objects.get(action="print")
    assert (event.actor, event.record_id, event.facts) == ("ana", mine.pk, {"what": "contact"})


def test_the_page_costs_the_same_after_a_long_history(staff, ana, ben, mine):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            page(staff.get(url(mine)))
        return len(queries)

    review_actions.add_note(ana, mine, "One")
    signed_in(ben).get(url(mine))
    few = cost()
    for number in range(15):
        review_actions.add_note(ben, mine, f"Note {number}")
        make_contact(make_assessment(SOON))
    review_actions.override_level(ana, mine, 2, 2, "Weak foot")
    assert cost() == few
    assert few <= 22


def test_a_patient_who_asks_for_a_call_is_findable(client, staff):
    walk_check(client, SOON)
    record = Assessment.objects.get()
    data = {"name": "Ana", "telephone": "555 0100 123", "email": "", "consent": consent.VERSION}
    data["token"] = make_form_token(record.token)
    assert client.post("/check/call-back/", data).status_code == 302
    assert staff.post(f"{QUEUE}find/", {"q": "5550100123"}).url == url(record)
    client.post("/check/call-back/remove/")
    assert "No check was found" in page(staff.post(f"{QUEUE}find/", {"q": "5550100123"}))


def test_an_open_check_that_is_not_due_says_when_it_is(staff):
    record = make_assessment(URGENT, finished_at=timezone.now() - timedelta(minutes=30))
    assert "Due in 3 h" in page(staff.get(url(record)))


@pytest.mark.parametrize("proposed", [False, True])
def test_enter_presses_no_decision(ana, proposed):
    record = make_assessment(EMERGENCY)
    review_actions.claim_review(ana, record, 1)
    if proposed:
        review_actions.override_level(ana, look_at(ana, record), 2, 2, "Called")
    for who in (ana, make_clerk("ben")):
        client = signed_in(who)
        first = re.search(r'<button[^>]*name="action"[^>]*>', page(client.get(url(record))))[0]
        assert ('value=""' in first, "disabled" in first, 'form="act-form"' in first) == (True, False, True)
