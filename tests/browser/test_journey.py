"""Whole journeys: a patient on a phone with JavaScript off, and the clerk who reads what the patient read."""

import re

import pytest
from playwright.sync_api import expect

from assessment.models import Assessment, Contact
from assessment.patient import views
from core.throttle import take_token

from ..assessment.walks import STRAIN

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def go_on(page):
    """Press Continue and wait for the next page: a reload asked for while it is on its way has no page to reload."""
    with page.expect_navigation():
        page.get_by_role("button", name="Continue").click()


def press_twice(page, button, address):
    """The second press ends the way that the first one began, so no single navigation can be waited for."""
    page.get_by_role("button", name=button).dblclick()
    expect(page).to_have_url(re.compile(f"{address}$"))
    page.wait_for_load_state()


def tick(page, *options):
    for option in options:
        page.locator(f'input[name="answer"][value="{option}"]').check()


def walk(page, answers):
    """From the start page of the check to the page with all answers, or to an emergency."""
    page.get_by_role("button", name="Start the check").click()
    while found := re.search(r"/check/([a-z_]+)/$", page.url):
        if found[1] in ("answers", "result"):
            break
        tick(page, *answers[found[1]])
        go_on(page)


def words(page, selector="main"):
    """The visible words, line by line."""
    return [line.strip() for line in page.locator(selector).inner_text().splitlines() if line.strip()]


def test_from_the_home_page_to_the_clinics_screen(visitor, starter_articles, person):
    patient = visitor()
    patient.goto("/")
    patient.get_by_role("main").get_by_role("link", name="Causes", exact=True).click()
    patient.get_by_role("link", name="Overuse and repetitive motion").first.click()
    assert patient.locator("h1").inner_text() == "Overuse and repetitive motion"
    patient.get_by_role("main").get_by_role("link", name=re.compile("check your symptoms", re.I)).first.click()
    walk(patient, {**STRAIN, "legs": ["one_numb"]})
    patient.get_by_role("button", name="Send to the clinic").click()
    assert patient.locator("h1").inner_text() == "Book a visit in the next 2 weeks with a doctor or physical therapist"
    reference = patient.locator(".reference").first.inner_text()
    for folded in patient.locator("summary").all():
        folded.click()
    read = words(patient)

    person("Clinic staff")
    clerk = visitor(javascript=True)
    clerk.goto("/admin/")
    clerk.get_by_label("Username").fill("clinic-staff")
    clerk.get_by_label("Password").fill("correct horse battery")
    clerk.get_by_role("button", name="Log in").click()
    clerk.get_by_role("link", name="Checks", exact=True).first.click()
    clerk.get_by_role("link", name=reference).click()
    seen = "\n".join(words(clerk, ".as-read"))
    record = Assessment.objects.get(reference=reference)
    told = [record.result["heading"], record.result["lead"], *record.result["do"], *record.result["avoid"]]
    told += [reason["text"] for reason in record.result["reasons"] + record.result["also"]]
    told += [line["text"] for step in record.result["plan"] for line in step["lines"]]
    told += [*record.result["watch"], *record.result["now_if"]["signs"]]
    for line in [*told, *(item["short"] for item in record.answers)]:
        assert any(line in shown for shown in read), f"the patient did not read: {line}"
    for line in [*told, *(item["title"] for item in record.answers)]:
        assert line in seen, f"the clerk does not see: {line}"
    clerk.get_by_role("button", name="Take this check").click()
    clerk.get_by_role("textbox", name="What you did or agreed").fill("Called back. Visit on Tuesday.")
    clerk.get_by_role("button", name="Patient was contacted").click()
    expect(clerk.get_by_text("Contacted, clinic-staff")).to_be_visible()


def test_an_emergency_answer_shows_the_number_at_once(visitor):
    page = visitor()
    page.goto("/check/")
    walk(page, {"now": ["chest"]})
    assert page.locator("h1").inner_text() == "Call 911 now"
    assert page.get_by_role("main").get_by_role("link", name="Call 911").first.get_attribute("href") == "tel:911"
    assert Assessment.objects.get().level == 3


def test_refresh_and_back_lose_nothing(visitor):
    page = visitor()
    page.goto("/check/")
    page.get_by_role("button", name="Start the check").click()
    tick(page, "none")
    go_on(page)
    tick(page, "50_59")
    go_on(page)
    page.reload()
    assert page.locator("h1").inner_text() == "Where is the pain?"
    page.go_back()
    assert page.locator("h1").inner_text() == "How old is the person with the pain?"
    page.reload()
    assert page.locator('input[value="50_59"]').is_checked()
    page.get_by_role("link", name="Back", exact=True).click()
    assert page.locator('input[value="none"]').is_checked()


def test_two_tabs_of_one_check_end_in_one_record(answered):
    one = answered(STRAIN)
    two = one.context.new_page()
    two.goto("/check/sport/")
    tick(two, "tennis")
    go_on(two)
    one.get_by_role("button", name="Send to the clinic").click()
    two.get_by_role("button", name="Send to the clinic").click()
    assert one.locator(".reference").first.inner_text() == two.locator(".reference").first.inner_text()
    assert Assessment.objects.count() == 1


def test_a_double_press_of_the_last_button_ends_on_the_result(answered):
    page = answered(STRAIN)
    press_twice(page, "Send to the clinic", "/check/result/")
    assert page.locator("h1").inner_text() == "Look after your back at home for the next 2 weeks"
    assert Assessment.objects.count() == 1


def test_an_error_is_announced_and_its_link_leads_to_the_answers(visitor):
    page = visitor(javascript=True)  # to ask where the focus is; the page itself has no script
    page.goto("/check/")
    page.get_by_role("button", name="Start the check").click()
    go_on(page)
    assert page.title().startswith("Error: ")
    assert page.evaluate("document.activeElement.className") == "error-summary"
    link = page.locator(".error-summary a")
    target = link.get_attribute("href")
    assert page.locator(target).get_attribute("name") == "answer"


def test_nothing_scrolls_sideways_on_a_small_phone(visitor, starter_articles):
    page = visitor(javascript=True, width=320)
    for address in ("/", "/sports/golf/", "/symptoms/signs-that-need-help-now/", "/check/"):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, address


def test_reading_sets_no_cookie(visitor, starter_articles):
    page = visitor()
    for address in ("/", "/sports/golf/", "/causes/"):
        page.goto(address)
    assert page.context.cookies() == []


def test_a_result_is_shown_without_saving_and_can_be_sent_after_all(answered):
    page = answered(STRAIN)
    press_twice(page, "send nothing", "/check/result/")
    page.reload()
    assert page.locator("h1").inner_text() == "Look after your back at home for the next 2 weeks"
    assert page.locator(".reference").count() == 0
    assert not Assessment.objects.exists()
    press_twice(page, "Send it to the clinic", "/check/result/")
    expect(page.locator(".reference")).not_to_have_count(0)
    assert page.locator(".reference").first.inner_text() == Assessment.objects.get().reference


def test_a_patient_asks_for_a_call_back_and_takes_it_away_again(answered):
    page = answered(STRAIN)
    page.get_by_role("button", name="Send to the clinic").click()
    page.get_by_text("Ask to be called back").click()
    page.get_by_label("Your name").fill("Ana Example")
    page.get_by_role("button", name="Ask for a call back").click()
    assert page.title().startswith("Error: ")
    page.get_by_label("Telephone number").fill("555 0100 123")
    page.get_by_role("button", name="Ask for a call back").click()
    assert "Ana Example, 555 0100 123" in words(page)
    page.get_by_role("button", name="Do not call me").click()
    assert page.get_by_label("Your name").input_value() == ""
    assert not Contact.objects.exists()


def test_a_check_stopped_on_one_phone_is_finished_on_another(visitor, answered):
    *before, last = STRAIN
    first = answered({question: STRAIN[question] for question in before})
    asked = first.locator("h1").inner_text()
    with first.expect_navigation():
        first.get_by_role("button", name="Stop now, come back later").click()
    code = re.search(r"\d{4} \d{4} \d{4} \d{4}", first.locator("h1").inner_text())[0]
    first.reload()
    assert code in first.locator("h1").inner_text()
    assert code.replace(" ", "") not in first.url

    second = visitor()
    second.goto("/check/")
    second.get_by_role("link", name="Come back to a check").click()
    second.get_by_label("Your code").fill("1" + code[1:] if code[0] != "1" else "2" + code[1:])
    with second.expect_navigation():
        second.get_by_role("button", name="Go on with my check").click()
    assert second.title().startswith("Error: ")
    second.get_by_label("Your code").fill(code.replace(" ", "-"))
    press_twice(second, "Go on with my check", f"/check/{last}/")
    assert second.locator("h1").inner_text() == asked
    tick(second, *STRAIN[last])
    go_on(second)
    with second.expect_navigation():
        second.get_by_role("button", name="Send to the clinic").click()
    assert Assessment.objects.get().chosen_codes == STRAIN

    with first.expect_navigation():
        first.reload()
    assert first.url.endswith("/check/return/")
    first.get_by_label("Your code").fill(code)
    with first.expect_navigation():
        first.get_by_role("button", name="Go on with my check").click()
    assert "We cannot find an open check for this code" in first.locator("main").inner_text()
    assert Assessment.objects.count() == 1


def test_who_wrote_the_code_down_leaves_nothing_on_the_device(visitor):
    page = visitor()
    page.goto("/check/")
    page.get_by_role("button", name="Start the check").click()
    press_twice(page, "Stop now, come back later", "/check/pause/")
    code = page.locator("h1").inner_text().split("\n")[1]
    with page.expect_navigation():
        page.get_by_role("button", name="I have written it down").click()
    assert page.locator("h1").inner_text() == "This device is clear"
    page.go_back()
    page.reload()
    assert code not in page.content()


def test_who_must_wait_to_send_sees_why_without_scrolling(answered, settings):
    page = answered(STRAIN, refusals=True)
    settings.SUBMISSIONS_PER_HOUR = 1
    take_token(views.build_submission_limit(), "127.0.0.1/32\n")
    with page.expect_navigation():
        page.get_by_role("button", name="Send to the clinic").click()
    note = page.get_by_role("alert")
    assert "Please wait 60 minutes" in note.inner_text()
    assert 0 <= note.bounding_box()["y"] <= 600
    with page.expect_navigation():
        page.get_by_role("button", name="send nothing").click()
    assert page.url.endswith("/check/result/")


def test_a_reminder_is_a_file_for_the_calendar(answered):
    page = answered(STRAIN)
    page.get_by_role("button", name="send nothing").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Remind me in 2 weeks").click()
    assert download.value.suggested_filename == "check-again.ics"
