"""Back never meets a page that asks to send a form again."""

import pytest
from playwright.sync_api import expect

from ..assessment.staff import SOON, make_clerk
from ..staff.people import PASSWORD
from .test_journey import go_on, tick, walk

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_back_after_a_missing_answer_shows_the_question_with_its_answer(visitor):
    page = visitor()
    page.goto("/check/")
    page.get_by_role("button", name="Start the check").click()
    question = page.url
    go_on(page)
    expect(page.get_by_role("alert")).to_contain_text("There is a problem")
    tick(page, "none")
    go_on(page)
    assert page.url != question
    page.go_back()
    assert page.url == question
    expect(page.locator('input[value="none"]')).to_be_checked()
    expect(page.get_by_role("alert")).to_have_count(0)


def test_back_after_a_refused_call_back_shows_the_result(visitor):
    page = visitor()
    page.goto("/check/")
    walk(page, SOON)
    page.get_by_role("button", name="Send to the clinic").click()
    result = page.url
    page.get_by_text("Ask to be called back").click()
    page.get_by_label("Your name").fill("Ana Example")
    page.get_by_role("button", name="Ask for a call back").click()
    expect(page.get_by_role("alert")).to_contain_text("Write a telephone number")
    expect(page.get_by_label("Your name")).to_have_value("Ana Example")
    page.get_by_label("Telephone number").fill("555 0100 123")
    page.get_by_role("button", name="Ask for a call back").click()
    expect(page.get_by_role("main")).to_contain_text("555 0100 123")
    page.go_back()
    assert page.url.split("#")[0] == result
    expect(page.get_by_role("main")).to_contain_text("555 0100 123")


@pytest.mark.parametrize(
    ("address", "field"), [("/check/return/", "Your code"), ("/check/delete-what-i-sent/", "Your key")]
)
def test_back_after_a_wrong_code_shows_the_field(visitor, address, field):
    page = visitor()
    page.goto(address)
    page.get_by_label(field).fill("1234")
    page.get_by_role("main").get_by_role("button").first.click()
    expect(page.get_by_label(field)).to_have_value("1234")
    page.goto("/privacy/")
    page.go_back()
    expect(page.get_by_label(field)).to_be_visible()


def test_back_after_a_wrong_password_shows_the_login(visitor, staff_groups):
    make_clerk("nurse", PASSWORD)
    page = visitor(javascript=True, width=1280)
    page.goto("/admin/login/?next=/admin/assessment/assessment/")
    for password in ("a guess", PASSWORD):
        page.get_by_label("Username").fill("nurse")
        page.get_by_label("Password").fill(password)
        with page.expect_navigation():
            page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Review queue")
    page.go_back()
    assert "/admin/" in page.url
    expect(page.locator("#header")).to_be_visible()
