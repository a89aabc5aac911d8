"""Logging in as staff in a real browser: without JavaScript, and with what JavaScript adds."""

import time

import pytest
from playwright.sync_api import expect

from staff.models import Phone

from ..assessment.staff import SOON, make_assessment, make_clerk
from ..staff.people import PASSWORD, read_code

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def as_at_a_clinic(settings, staff_groups):
    settings.SECOND_FACTOR = True


def press(page, name):
    with page.expect_navigation():
        page.get_by_role("button", name=name).click()


def give_password(page, name="nurse"):
    page.goto("/admin/assessment/assessment/")
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    press(page, "Log in")


def test_the_first_login_sets_up_a_phone_without_javascript(visitor):
    make_clerk("nurse", PASSWORD)
    page = visitor()
    give_password(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Set up your phone for logging in")
    box = page.locator(".qr-box svg").bounding_box()
    assert box["width"] == pytest.approx(box["height"], abs=1)
    assert box["width"] > 200
    page.get_by_text("The camera does not work").click()
    secret = page.locator(".secret code").inner_text()
    assert len(secret.replace(" ", "")) == 32
    page.get_by_label("Code", exact=True).fill("000000")
    press(page, "Finish")
    expect(page.locator("#id_code_error")).to_contain_text("This code is not right")
    assert page.locator(".secret code").inner_text() == secret
    Phone.objects.update(throttling_failure_timestamp=None)
    page.get_by_label("Code", exact=True).fill(read_code(Phone.objects.get()))
    press(page, "Finish")
    assert page.locator(".recovery li").count() == 10
    with page.expect_navigation():
        page.get_by_role("link", name="I have kept them: go on").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Review queue")


def test_somebody_whose_time_is_nearly_over_is_warned_and_can_stay(visitor, settings, monkeypatch):
    settings.SECOND_FACTOR = False
    settings.IDLE_MINUTES = 2
    make_clerk("nurse", PASSWORD)
    record = make_assessment(SOON)
    page = visitor(javascript=True, width=1280)
    give_password(page)
    page.goto(f"/admin/assessment/assessment/{record.pk}/change/")
    expect(page.get_by_role("alert")).to_have_count(0)
    real = time.time
    page.clock.install()
    monkeypatch.setattr("staff.idle.time.time", lambda: real() + 100)
    page.reload()
    monkeypatch.setattr("staff.idle.time.time", lambda: real() + 200)
    page.clock.fast_forward(100_000)
    expect(page.get_by_role("alert")).to_contain_text("You will be logged off in less than two minutes")
    page.get_by_role("button", name="Stay logged in").click()
    page.clock.fast_forward(2_000)
    expect(page.get_by_role("button", name="Stay logged in")).to_be_hidden()


def test_when_the_time_is_over_the_page_leaves_the_screen(visitor, settings, monkeypatch):
    settings.SECOND_FACTOR = False
    make_clerk("nurse", PASSWORD)
    record = make_assessment(SOON)
    page = visitor(javascript=True, width=1280)
    give_password(page)
    page.clock.install()
    page.goto(f"/admin/assessment/assessment/{record.pk}/change/")
    real = time.time
    monkeypatch.setattr("staff.idle.time.time", lambda: real() + 17 * 60)
    with page.expect_navigation(url="**/admin/login/**"):
        page.clock.fast_forward(17 * 60_000)
    expect(page.locator("body")).to_contain_text("You were logged off: for 15 minutes nothing was done here.")
    expect(page.locator("body")).not_to_contain_text(record.reference)


def test_when_the_time_is_over_unsent_words_stay_behind_a_press(visitor, settings, monkeypatch):
    settings.SECOND_FACTOR = False
    make_clerk("nurse", PASSWORD)
    record = make_assessment(SOON)
    page = visitor(javascript=True, width=1280)
    give_password(page)
    page.clock.install()
    page.goto(f"/admin/assessment/assessment/{record.pk}/change/")
    page.locator("textarea[name=note]").fill("連絡済み")
    real = time.time
    monkeypatch.setattr("staff.idle.time.time", lambda: real() + 17 * 60)
    page.clock.fast_forward(17 * 60_000)
    expect(page.get_by_role("heading", level=1)).to_have_text("You were logged off")
    expect(page.locator("body")).not_to_contain_text(record.reference)
    expect(page.locator("textarea")).to_be_hidden()
    page.get_by_text("Show my words").click()
    expect(page.locator("textarea")).to_have_value("連絡済み")
    assert page.locator("textarea").count() == 1
