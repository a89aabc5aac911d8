"""Back never meets a page that asks to send a form again."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_back_after_an_answer_that_was_missing_shows_the_question(visitor):
    page = visitor()
    page.goto("/check/")
    page.get_by_role("button", name="Start").first.click()
    question = page.url
    page.get_by_role("button", name="Continue").click()
    expect(page.locator(".error-message").first).to_be_visible()
    page.locator("input[type=checkbox], input[type=radio]").last.check()
    page.get_by_role("button", name="Continue").click()
    assert page.url != question
    page.go_back()
    assert page.url == question
    expect(page.get_by_role("button", name="Continue")).to_be_visible()
