"""The check as a browser sees it, request by request."""

import re
from datetime import timedelta

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.utils import timezone
from django.utils.dateformat import format as date_format

from assessment.models import Assessment
from assessment.patient import session
from assessment.patient.views import build_submission_limit
from assessment.privacy import consent, deletion_key
from assessment.protocol import signs, wording
from content.models import ClinicDetails
from core.sessions import SessionStore
from core.throttle import Bucket

from ...at_once import run_at_once
from ...staff.people import sign_in_staff
from ..staff import make_clerk
from ..walks import STRAIN, answer_question, begin_check, find_token, walk_check

pytestmark = pytest.mark.django_db


def send(client, token):
    """Press "Send to the clinic and show my result"."""
    return client.post("/check/answers/", {"token": token, "consent": consent.VERSION})


def text(response):
    return response.content.decode()


def test_a_finished_check_is_saved_and_shown(client):
    response, _ = walk_check(client, STRAIN)
    assert response.headers["Location"] == "/check/result/"
    page = client.get("/check/result/")
    record = Assessment.objects.get()
    assert record.reference in text(page)
    assert record.result["heading"] in text(page)


def test_an_emergency_answer_goes_straight_to_the_emergency_page(client):
    token = begin_check(client)
    response = answer_question(client, "now", "chest", token=token)
    assert response.headers["Location"] == "/check/result/"
    page = text(client.get("/check/result/"))
    assert "Call 911 now" in page
    assert 'href="tel:911"' in page
    assert Assessment.objects.get().get_level_display() == "Emergency"


def test_what_is_stored_is_what_was_read(client):
    walk_check(client, {**STRAIN, "legs": ["one_numb"]})
    record = Assessment.objects.get()
    page = text(client.get("/check/result/")).replace("&#x27;", "'")
    for line in [
        *record.result["do"],
        *record.result["avoid"],
        *[reason["text"] for reason in record.result["reasons"]],
    ]:
        assert line in page
    for item in record.answers:
        assert item["short"] in page
        assert all(part["text"] in page for part in item["answer"])


def test_who_is_not_sure_reads_before_all_else_which_signs_would_be_an_emergency(client):
    walk_check(client, {**STRAIN, "history": ["pregnant"], "pregnancy": ["not_sure"]})
    page = text(client.get("/check/result/"))
    fast, maternity = Assessment.objects.get().result["if_so"]
    places = [page.index(part) for part in (fast["heading"], fast["signs"][0], maternity["heading"], "Your plan")]
    assert places == sorted(places)
    assert all(sign in page for sign in maternity["signs"])


@pytest.mark.parametrize("page", ["/check/result/", "/check/result/print/"])
def test_the_title_of_a_result_tells_the_browsers_history_nothing_of_it(client, page):
    walk_check(client, {"now": ["chest"]})
    shown = text(client.get(page))
    title = shown[shown.index("<title>") + 7 : shown.index("</title>")]
    assert title.startswith("Your result")
    assert Assessment.objects.get().result["heading"] not in title
    assert Assessment.objects.get().result["heading"] in shown


def test_a_result_saved_before_there_was_a_plan_can_still_be_read(client):
    walk_check(client, STRAIN)
    result = Assessment.objects.get().result
    del result["if_so"], result["plan"]
    step = {"text": result["do"][0], "title": "Walking", "address": "/treatment/keep-moving/#walking"}
    old = {**result, "better": "Take this check again in 2 weeks.", "steps": [step]}
    page = render_to_string("assessment/result_body.html", {"result": old})
    assert all(line in page for line in (*result["do"], old["better"]))
    assert page.count('href="/treatment/keep-moving/#walking">Walking</a></li>') == 1


def test_a_step_of_the_plan_leads_to_the_section_that_says_more(client):
    walk_check(client, STRAIN)
    result = Assessment.objects.get().result
    result["plan"][1]["lines"][0] |= {"title": "Walking", "address": "/treatment/keep-moving/#walking"}
    page = render_to_string("assessment/result_body.html", {"result": result})
    assert page.count('href="/treatment/keep-moving/#walking">More<span class="visually-hidden">: Walking</span>') == 1


def test_the_plan_is_dated_and_saved_as_it_was_read(client):
    walk_check(client, STRAIN)
    page, today = text(client.get("/check/result/")), timezone.localdate()
    plan = Assessment.objects.get().result["plan"]
    days = [(today + timedelta(days=days)).isoformat() for days in (0, 3, 7, 14, 42)]
    assert [step["date"] for step in plan] == days
    for step in plan:
        assert f'<time datetime="{step["date"]}">{step["date_in_words"]}</time>' in page
        assert all(line["text"] in page for line in step["lines"])


def test_what_has_no_day_has_no_date(client):
    walk_check(client, {**STRAIN, "also": ["fever"]})
    last = Assessment.objects.get().result["plan"][-1]
    assert (last["day"], last["date"], last["date_in_words"]) == ("seen", "", "")


def test_the_parts_of_a_result_stand_in_the_order_in_which_they_are_needed(client):
    walk_check(client, STRAIN)
    page = text(client.get("/check/result/"))
    parts = ["<h1>", "Your plan", "Avoid", "See someone earlier", "Call 911 or go to", "Why we say", "Keep this plan"]
    places = [page.index(part) for part in [*parts, "called back", "Your code", "Your answers"]]
    assert places == sorted(places)


def test_who_has_two_weeks_reads_by_which_day(client):
    walk_check(client, {**STRAIN, "legs": ["one_numb"]})
    day = date_format(timezone.localdate() + timedelta(days=14), "l, F j")
    assert f"Be seen by <strong>{day}</strong>" in text(client.get("/check/result/"))


def test_the_key_is_not_folded(client):
    walk_check(client, STRAIN)
    page = text(client.get("/check/result/"))
    key = page.index(deletion_key.recover_key(Assessment.objects.get()))
    assert page.count("<details", 0, key) == page.count("</details>", 0, key)


@pytest.mark.parametrize(("variant", "links"), [("saddle", 1), ("now", 0)])
def test_who_is_sent_to_a_hospital_is_led_to_the_clinics_map(client, settings, variant, links):
    settings.CLINIC = {**settings.CLINIC, "emergency_map": "https://maps.example/?q=emergency"}
    walk_check(client, {**STRAIN, "saddle": ["numb"]} if variant == "saddle" else {"now": ["chest"]})
    assert text(client.get("/check/result/")).count('href="https://maps.example/?q=emergency"') == links


def test_without_a_map_of_the_clinics_no_result_leads_to_another_site(client):
    walk_check(client, {**STRAIN, "saddle": ["numb"]})
    assert 'href="http' not in text(client.get("/check/result/"))


@pytest.mark.parametrize(
    ("answers", "told"),
    [(STRAIN, False), ({**STRAIN, "legs": ["one_numb"]}, True), ({**STRAIN, "saddle": ["numb"]}, False)],
)
def test_who_is_told_to_call_the_clinic_reads_when_it_is_open(client, settings, answers, told):
    settings.CLINIC = {**settings.CLINIC, "phone": "(202) 555-0123"}
    ClinicDetails.objects.update(hours="Monday: 8 to 6\nTuesday: 9 to noon")
    walk_check(client, answers)
    for page in ("/check/result/", "/check/result/print/"):
        assert ("Monday: 8 to 6<br>Tuesday: 9 to noon" in text(client.get(page))) == told


def test_the_page_to_print_has_all_and_folds_nothing(client):
    walk_check(client, STRAIN)
    record, page = Assessment.objects.get(), text(client.get("/check/result/print/"))
    lines = [line["text"] for step in record.result["plan"] for line in step["lines"]]
    for told in [*lines, *record.result["avoid"], *record.result["watch"], record.reference]:
        assert told in page
    assert "Where it hurts" in page
    assert "<details" not in page


def test_the_file_holds_the_plan_and_no_answer_no_reason_and_no_code(client):
    walk_check(client, STRAIN)
    response, record = client.get("/check/result/plan.txt"), Assessment.objects.get()
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert response.headers["Content-Disposition"] == 'attachment; filename="my-plan.txt"'
    file = text(response)
    lines = [line["text"] for step in record.result["plan"] for line in step["lines"]]
    assert all(line in file for line in [*lines, *record.result["avoid"], *record.result["now_if"]["signs"]])
    reasons = [reason["text"] for reason in record.result["reasons"]]
    for private in [record.reference, deletion_key.recover_key(record), "18 to 49", "Golf", *reasons]:
        assert private not in file


def test_an_emergency_has_no_plan_to_save(client):
    answer_question(client, "now", "chest", token=begin_check(client))
    assert "plan.txt" not in text(client.get("/check/result/"))
    assert client.get("/check/result/plan.txt").status_code == 404


def test_the_mail_to_oneself_holds_the_sites_address_and_nothing_else(client):
    walk_check(client, STRAIN)
    mail = re.search(r'href="(mailto:[^"]*)"', text(client.get("/check/result/")))[1]
    assert mail == "mailto:?subject=A%20page%20I%20want%20to%20keep&amp;body=http%3A%2F%2Ftestserver%2F"


@pytest.mark.parametrize("address", ["/check/result/print/", "/check/result/plan.txt"])
def test_without_a_result_there_is_nothing_to_print_or_to_save(client, address):
    assert client.get(address).headers["Location"] == "/check/"


def test_the_first_page_and_a_result_lead_to_all_signs(client):
    first = text(client.get("/check/"))
    walk_check(client, STRAIN)
    for page in (first, text(client.get("/check/result/"))):
        assert "All signs that need help now or today" in page
        assert f"<li>{signs.load_signs().signs['numb-saddle'].words}</li>" in page


def test_the_first_page_names_each_sign_in_its_line_and_folds_the_whole_words_below(client):
    page, shown = text(client.get("/check/")), wording.load_words()["now_if"]["signs"]
    named = [sign.short for sign in signs.load_signs().signs.values() if sign.line in shown]
    assert len(named) == len(shown)
    line = page[page.index("<summary>") : page.index("</summary>")].lower()
    assert all(short and short in line for short in named)


@pytest.mark.parametrize(
    ("answers", "why"),
    [
        ({"also": ["blood"]}, "you answered “Pink or red pee (not just after beets)”."),
        ({"saddle": ["numb"]}, "you answered “"),
        ({"now": ["not_sure"]}, "You were not sure about "),
    ],
)
def test_who_must_hurry_reads_why_in_their_own_answers_beside_the_action(client, answers, why):
    walk_check(client, {**STRAIN, **answers})
    page = text(client.get("/check/result/"))
    assert f"<strong>Why:</strong> {why}" in page[: page.index("tel:", page.index("<h1>"))]


def test_a_page_of_the_check_without_a_check_leads_to_its_start_page(client):
    assert client.get("/check/legs/").headers["Location"] == "/check/"
    assert client.get("/check/answers/").headers["Location"] == "/check/"
    assert client.get("/check/result/").headers["Location"] == "/check/"


def test_jumping_ahead_leads_back_to_the_open_question(client):
    begin_check(client)
    assert client.get("/check/life/").headers["Location"] == "/check/now/"
    assert client.get("/check/answers/").headers["Location"] == "/check/now/"


def test_answering_a_question_that_is_not_open_stores_nothing(client):
    token = begin_check(client)
    assert answer_question(client, "life", "none", token=token).headers["Location"] == "/check/now/"
    assert client.session["check"]["answers"] == {}


def test_a_refresh_shows_the_answer_that_was_given(client):
    token = begin_check(client)
    answer_question(client, "now", "none", token=token)
    assert re.search(r'<input[^>]*value="none"[^>]*checked', text(client.get("/check/now/")))


def test_a_changed_early_answer_keeps_the_later_ones(client):
    _, token = walk_check(client, STRAIN, finish=False)
    response = answer_question(client, "sport", "tennis", token=token)
    assert response.headers["Location"] == "/check/answers/"


def test_a_changed_answer_that_opens_a_question_leads_to_it(client):
    _, token = walk_check(client, STRAIN, finish=False)
    response = answer_question(client, "start", "fall", token=token)
    assert response.headers["Location"] == "/check/aftermath/"


def test_answers_of_a_question_that_closed_are_not_saved(client):
    _, token = walk_check(client, {**STRAIN, "start": ["fall"], "aftermath": ["swollen"]}, finish=False)
    answer_question(client, "start", "movement", token=token)
    send(client, token)
    record = Assessment.objects.get()
    assert "aftermath" not in [item["question"] for item in record.answers]
    assert record.get_level_display() == "Self-care"


def test_pressing_the_last_button_again_shows_the_same_result(client):
    _, token = walk_check(client, STRAIN)
    again = send(client, token)
    assert again.headers["Location"] == "/check/result/"
    assert Assessment.objects.count() == 1


def test_a_second_press_with_the_old_cookie_still_finds_the_result(client):
    _, token = walk_check(client, STRAIN, finish=False)
    old = Client()
    old.cookies["sessionid"] = client.cookies["sessionid"].value
    send(client, token)
    assert send(old, token).headers["Location"] == "/check/result/"
    assert Assessment.objects.get().reference in text(old.get("/check/result/"))
    assert Assessment.objects.count() == 1


def test_a_second_press_with_the_old_cookie_finds_nothing_after_some_minutes(client, monkeypatch):
    _, token = walk_check(client, STRAIN, finish=False)
    old = Client()
    old.cookies["sessionid"] = client.cookies["sessionid"].value
    send(client, token)
    later = timezone.now() + session.SECOND_PRESS
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    assert send(old, token).status_code == 409


def test_a_second_press_counts_with_the_token_of_that_check_only(client):
    _, token = walk_check(client, STRAIN, finish=False)
    old, other = Client(), Client()
    old.cookies["sessionid"] = other.cookies["sessionid"] = client.cookies["sessionid"].value
    send(client, token)
    assert send(other, "0" * len(token)).status_code == 409
    assert send(old, token).headers["Location"] == "/check/result/"


def test_after_a_second_press_too_a_cleared_device_leaves_no_way_back(client):
    _, token = walk_check(client, STRAIN, finish=False)
    second, other = Client(), Client()
    second.cookies["sessionid"] = other.cookies["sessionid"] = client.cookies["sessionid"].value
    send(client, token)
    assert send(second, token).headers["Location"] == "/check/result/"
    second.post("/check/delete/")
    assert send(other, token).status_code == 409


def test_after_the_device_was_cleared_the_old_cookie_finds_nothing(client):
    _, token = walk_check(client, STRAIN, finish=False)
    old = Client()
    old.cookies["sessionid"] = client.cookies["sessionid"].value
    send(client, token)
    client.post("/check/delete/")
    assert send(old, token).status_code == 409


def test_a_server_that_is_killed_while_the_session_ends_leaves_the_way_to_the_result(client, monkeypatch):
    _, token = walk_check(client, STRAIN, finish=False)
    old = Client()
    old.cookies["sessionid"] = client.cookies["sessionid"].value
    delete = SessionStore.delete

    def delete_and_die(store, key=None):
        delete(store, key)
        raise KeyboardInterrupt

    monkeypatch.setattr(SessionStore, "delete", delete_and_die)
    with pytest.raises(KeyboardInterrupt):
        send(client, token)
    monkeypatch.undo()
    assert send(old, token).headers["Location"] == "/check/result/"
    assert Assessment.objects.get().reference in text(old.get("/check/result/"))


def test_no_other_browser_finds_the_result_with_what_the_pages_or_the_table_hold(client):
    _, token = walk_check(client, STRAIN)
    for sent in (token, Assessment.objects.get().token, find_token(client.get("/check/result/"))):
        for page in ("now", "answers", "send"):
            assert Client().post(f"/check/{page}/", {"token": sent}).status_code == 409


def test_who_deleted_what_they_sent_finds_nothing_with_the_old_cookie(client):
    _, token = walk_check(client, STRAIN, finish=False)
    old = Client()
    old.cookies["sessionid"] = client.cookies["sessionid"].value
    send(client, token)
    Assessment.objects.get().delete()
    assert send(old, token).status_code == 409


@pytest.mark.django_db(transaction=True)
def test_eight_presses_at_once_save_one_record():
    client = Client()
    _, token = walk_check(client, STRAIN, finish=False)
    cookie = client.cookies["sessionid"].value

    def press(_):
        one = Client()
        one.cookies["sessionid"] = cookie
        return send(one, token)

    answers = run_at_once(8, press)
    assert {response.status_code for response in answers} == {302}
    assert {response.headers["Location"] for response in answers} == {"/check/result/"}
    assert Assessment.objects.count() == 1


def test_an_earlier_tab_cannot_answer_for_a_newer_check(client):
    old = begin_check(client)
    begin_check(client)
    response = answer_question(client, "now", "chest", token=old)
    assert response.status_code == 409
    assert "earlier check" in text(response)
    assert not Assessment.objects.exists()


def test_a_forged_token_saves_nothing(client):
    walk_check(client, STRAIN, finish=False)
    assert send(client, "f" * 64).status_code == 409
    assert send(Client(), "f" * 64).status_code == 409
    assert not Assessment.objects.exists()


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"answer": ""},
        {"answer": "knee"},
        {"answer": "x" * 10_000},
        {"answer": "a\0b"},
        {"answer": ["none", "chest"]},
    ],
)
def test_an_answer_that_is_not_on_the_page_is_a_field_error(client, sent):
    token = begin_check(client)
    response = client.post("/check/now/", {**sent, "token": token})
    assert response.status_code == 422
    assert "There is a problem" in text(response)
    assert "<title>Error: " in text(response)
    assert client.session["check"]["answers"] == {}


def test_a_refused_answer_keeps_what_was_ticked(client):
    token = begin_check(client)
    page = text(client.post("/check/now/", {"answer": ["none", "chest"], "token": token}))
    assert page.count("checked") == 2
    assert "Choose &quot;None of these&quot; on its own" in page


def test_an_unknown_question_is_not_found(client):
    begin_check(client)
    assert client.get("/check/knee/").status_code == 404


def test_no_answer_and_no_reference_is_in_any_address(client):
    response, _ = walk_check(client, STRAIN)
    assert response.headers["Location"] == "/check/result/"
    assert "?" not in response.headers["Location"]


def test_the_session_key_changes_at_the_start_and_at_the_end(client):
    begin_check(client)
    first = client.session.session_key
    begin_check(client)
    assert client.session.session_key != first
    before = client.session.session_key
    walk_check(client, {"now": ["chest"]})
    assert client.session.session_key != before


def test_answers_leave_the_session_when_they_are_saved(client):
    walk_check(client, STRAIN)
    assert set(client.session.keys()) == {"result", "note"}


def test_deleting_my_answers_forgets_them(client):
    _, _ = walk_check(client, STRAIN, finish=False)
    key = client.session.session_key
    response = client.post("/check/delete/")
    assert response.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert "This device is clear" in client.get(response.headers["Location"]).content.decode()
    assert client.get("/check/answers/").headers["Location"] == "/check/"
    assert not SessionStore().exists(key)


def test_a_cleared_device_keeps_nothing_that_tells_this_visitor_from_the_next():
    client = Client(enforce_csrf_checks=True)
    token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', text(client.get("/check/")))[1]
    client.post("/check/", {"csrfmiddlewaretoken": token, "consent": consent.VERSION})
    assert client.post("/check/delete/", {"csrfmiddlewaretoken": token}).status_code == 302
    assert not any(cookie.value for cookie in client.cookies.values())
    token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', text(client.get("/check/")))[1]
    begun = client.post("/check/", {"csrfmiddlewaretoken": token, "consent": consent.VERSION})
    assert begun.headers["Location"] == "/check/now/"


def test_who_works_here_has_other_forms_open_when_a_device_is_cleared():
    client = sign_in_staff(make_clerk())
    client.get("/check/")
    kept = client.cookies["csrftoken"].value
    client.post("/check/delete/")
    assert client.cookies["csrftoken"].value == kept


def test_deleting_an_open_check_asks_first_and_looking_deletes_nothing(client):
    walk_check(client, STRAIN, finish=False)
    assert "Delete your answers?" in text(client.get("/check/delete/"))
    assert client.get("/check/answers/").status_code == 200


def test_looking_at_the_page_of_a_clear_device_clears_no_result(client):
    walk_check(client, STRAIN)
    assert client.get("/check/delete/").headers["Location"] == "/check/"
    assert client.get("/check/result/").status_code == 200


def test_who_does_no_sport_need_not_read_the_list_of_sports(client):
    token = begin_check(client)
    for code, options in STRAIN.items():
        if code == "sport":
            break
        answer_question(client, code, *options, token=token)
    page = text(client.get("/check/sport/"))
    assert page.index("No sport") < page.index("Baseball")


def corrected(client, agree=consent.VERSION):
    """The page of all answers after chest pain, which ended the check, was taken back; and the check's token."""
    answer_question(client, "now", "chest", token=begin_check(client, agree))
    client.post("/check/correct/")
    token = find_token(client.get("/check/now/"))
    for code, options in STRAIN.items():
        answer_question(client, code, *options, token=token)
    return client.get("/check/answers/"), token


RECALLED = "You first told us “Pain, pressure or tightness in my chest”, and then changed it."


@pytest.mark.parametrize("agree", [consent.VERSION, "no"])
def test_a_milder_result_recalls_the_emergency_that_was_taken_back(client, agree):
    page, token = corrected(client, agree)
    assert RECALLED in text(page)
    client.post("/check/answers/", {"token": token, "consent": agree})
    assert RECALLED in text(client.get("/check/result/"))
    if agree == "no":
        assert not Assessment.objects.exists()


def test_of_two_emergencies_taken_back_both_are_recalled(client):
    token = begin_check(client)
    for sign in ("chest", "tearing"):
        answer_question(client, "now", sign, token=token)
        client.post("/check/correct/")
        token = find_token(client.get("/check/now/"))
    for code, options in STRAIN.items():
        answer_question(client, code, *options, token=token)
    [line] = client.get("/check/answers/").context["taken_back"]
    assert [option for _, option in line["answers"]] == ["chest", "tearing"]


@pytest.mark.parametrize("agree", [consent.VERSION, "no"])
def test_a_result_that_is_no_emergency_is_corrected_without_recalling_anything(client, agree):
    walk_check(client, {**STRAIN, "also": ["fever"]}, agree=agree)
    client.post("/check/correct/")
    token = find_token(client.get("/check/sport/"))
    answer_question(client, "also", "none", token=token)
    assert client.get("/check/answers/").context["taken_back"] == []


@pytest.mark.parametrize("agree", [consent.VERSION, "no"])
def test_the_code_and_key_of_the_result_that_was_corrected_can_still_be_read(client, agree):
    _, token = corrected(client)
    client.post("/check/answers/", {"token": token, "consent": agree})
    first = Assessment.objects.order_by("pk")[0]
    page = text(client.get("/check/result/"))
    assert first.reference in page
    assert deletion_key.recover_key(first) in page


def test_a_page_with_an_answer_says_what_changing_it_does(client):
    token = begin_check(client)
    said = "We keep your other answers, and ask only what is new."
    assert said not in text(client.get("/check/now/"))
    answer_question(client, "now", "none", token=token)
    assert said in text(client.get("/check/now/"))


def test_after_clearing_the_device_the_result_is_gone(client):
    walk_check(client, STRAIN)
    client.post("/check/delete/")
    assert client.get("/check/result/").headers["Location"] == "/check/"


def test_a_wrong_press_on_an_emergency_can_be_corrected_and_both_records_stay(client):
    token = begin_check(client)
    answer_question(client, "now", "chest", token=token)
    response = client.post("/check/correct/")
    assert response.headers["Location"] == "/check/now/"
    token = find_token(client.get("/check/now/"))
    assert answer_question(client, "now", "none", token=token).headers["Location"] == "/check/age/"
    walked = {code: options for code, options in STRAIN.items() if code != "now"}
    for code, options in walked.items():
        answer_question(client, code, *options, token=token)
    send(client, token)
    first, second = Assessment.objects.order_by("pk")
    assert second.corrects == first
    assert [first.level, second.level] == [3, 0]


@pytest.mark.django_db(transaction=True)  # a foreign key is looked at when the transaction ends
@pytest.mark.parametrize("agree", [consent.VERSION, "no"])
def test_a_corrected_check_is_saved_although_the_record_it_corrects_was_deleted(client, agree):
    answer_question(client, "now", "chest", token=begin_check(client))
    client.post("/check/correct/")
    Assessment.objects.all().delete()
    token = find_token(client.get("/check/now/"))
    for code, options in STRAIN.items():
        answer_question(client, code, *options, token=token)
    client.post("/check/answers/", {"token": token, "consent": agree})
    if agree == "no":
        client.post("/check/send/", {"token": token, "consent": consent.VERSION})
    assert Assessment.objects.get().corrects is None
    assert client.get("/check/result/").status_code == 200


def full(settings):
    """One result an hour from one network; it has been sent."""
    settings.SUBMISSIONS_PER_HOUR = 1
    walk_check(Client(), STRAIN)


def test_a_network_that_sends_very_many_results_waits_and_loses_nothing(client, settings):
    full(settings)
    response, token = walk_check(client, STRAIN)
    assert response.status_code == 429
    assert response.headers["Retry-After"] == "3600"
    assert "Please wait 60 minutes, then send it again" in text(response)
    assert Assessment.objects.count() == 1
    Bucket.objects.all().delete()
    assert send(client, token).headers["Location"] == "/check/result/"
    assert Assessment.objects.count() == 2


def test_who_must_wait_to_send_can_have_the_result_at_once_without_saving(client, settings):
    full(settings)
    _, token = walk_check(client, STRAIN)
    client.post("/check/answers/", {"token": token, "consent": "no"})
    page = client.get("/check/result/")
    assert "The clinic cannot see this result" in text(page)
    late = client.post("/check/send/", {"token": token, "consent": consent.VERSION})
    assert late.status_code == 429
    assert "Please wait 60 minutes, then send it again" in text(late)
    assert Assessment.objects.count() == 1


def test_nobody_waits_for_the_page_of_an_emergency(client, settings):
    full(settings)
    token = begin_check(client)
    assert answer_question(client, "now", "chest", token=token).headers["Location"] == "/check/result/"
    page = text(client.get("/check/result/"))
    assert "Call 911 now" in page
    assert "The clinic cannot see this result" in page
    assert Assessment.objects.count() == 1


def test_a_flood_of_emergencies_from_one_network_is_shown_and_not_saved(client, settings):
    settings.SUBMISSIONS_PER_HOUR = 40  # two at once
    for _ in range(4):
        browser = Client()
        answer_question(browser, "now", "chest", token=begin_check(browser))
        assert "Call 911 now" in text(browser.get("/check/result/"))
    assert Assessment.objects.count() == 2


def test_a_full_waiting_room_sends_its_results_at_once(settings):
    assert build_submission_limit().capacity == 30
    settings.SUBMISSIONS_PER_HOUR = 1
    assert build_submission_limit().capacity == 1


def test_results_that_are_not_sent_do_not_count(client, settings):
    settings.SUBMISSIONS_PER_HOUR = 1
    for _ in range(3):
        response, _ = walk_check(client, STRAIN, agree="no")
        assert response.status_code == 302


def test_staff_who_try_the_check_stay_signed_in(client, person):
    client.force_login(person("Clinic staff"))
    walk_check(client, STRAIN)
    client.post("/check/delete/")
    assert client.get("/admin/").status_code == 200


def test_check_pages_are_never_stored_by_a_browser(client):
    walk_check(client, STRAIN)
    for address in ("/check/", "/check/now/", "/check/result/print/", "/check/result/plan.txt"):
        assert client.get(address).headers["Cache-Control"] == "no-store, private"


def test_every_form_of_the_check_tells_the_browser_not_to_refill_it(client):
    begin_check(client)
    assert 'autocomplete="off"' in text(client.get("/check/now/"))
    walk_check(client, STRAIN, finish=False)
    assert '<form action="/check/answers/" method="post" autocomplete="off">' in text(client.get("/check/answers/"))


def test_a_form_without_its_cookie_gets_a_kind_page():
    strict = Client(enforce_csrf_checks=True)
    response = strict.post("/check/")
    assert response.status_code == 403
    assert "cookie" in text(response)


def test_a_step_costs_at_most_four_queries(client, django_assert_max_num_queries):
    token = begin_check(client)
    answer_question(client, "now", "none", token=token)
    with django_assert_max_num_queries(4):
        client.get("/check/age/")
    with django_assert_max_num_queries(4):
        answer_question(client, "age", "18_49", token=token)


def test_without_a_result_there_is_nothing_to_correct(client):
    assert client.post("/check/correct/")["Location"] == "/check/"
