"""A morning at the clinic: forty checks, two clerks at once, and nobody's words lost."""

import re

import pytest
from playwright.sync_api import expect

from assessment import audit
from assessment.models import AuditEvent, Override, Review

from ..assessment.staff import EMERGENCY, SOON, URGENT, ask_call, clerk, finished
from ..assessment.walks import STRAIN

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
PASSWORD = "correct horse battery"


@pytest.fixture
def forty(staff_groups):
    """Two emergencies and a late urgent check among thirty-seven others, sent over the last day."""
    for number in range(37):
        finished(SOON if number % 2 else STRAIN, hours_ago=number % 9)
    late = finished(URGENT, hours_ago=9)
    ask_call(late, telephone="555 0100 123")
    return {"emergencies": [finished(EMERGENCY, hours_ago=hours) for hours in (5, 3)], "late": late}


@pytest.fixture
def sign_in(visitor):
    def enter(name, width=1280):
        clerk(name, PASSWORD)
        page = visitor(javascript=True, width=width)
        page.goto("/admin/")
        page.get_by_label("Username").fill(name)
        page.get_by_label("Password").fill(PASSWORD)
        with page.expect_navigation():
            page.get_by_role("button", name="Log in").click()
        return page

    return enter


def press(page, name, **options):
    with page.expect_navigation():
        page.get_by_role("button", name=name, **options).first.click()


def follow(page, name):
    with page.expect_navigation():
        page.get_by_role("link", name=name).first.click()


def heading(page):
    return page.get_by_role("heading", level=1).inner_text()


def test_a_working_day(forty, sign_in):
    ana, ben = sign_in("ana"), sign_in("ben")
    first, second = forty["emergencies"]
    late = forty["late"]

    # Ten seconds: the three that matter stand on top, and say so.
    follow(ana, "Review queue")
    top = ana.locator("#result_list tbody tr").all()[:3]
    assert [row.locator(".field-reference").inner_text() for row in top] == [
        first.reference, second.reference, late.reference,
    ]  # fmt: skip
    assert ["overdue by 4 h" in top[0].inner_text(), "overdue by 5 h" in top[2].inner_text()] == [True, True]
    assert "2 waiting" in re.sub(r"\s+", " ", ana.get_by_label("Waiting, by level").inner_text())

    # Both open the same one, both take it: one has it, the other is told who.
    for page in (ana, ben):
        page.goto("/admin/assessment/assessment/next/")
        assert first.reference in heading(page)
    press(ana, "Take this check")
    press(ben, "Take this check")
    expect(ben.get_by_role("alert")).to_contain_text(re.compile(r"ana took the check \(\d\d:\d\d\)"))
    assert Review.objects.get(pk=first.pk).assigned_to.username == "ana"
    follow(ben, "Next in the queue")
    assert second.reference in heading(ben)

    # An emergency is lowered by two.
    ana.get_by_text("Change the level").first.click()
    ana.get_by_label("The level it should have").select_option("1")
    ana.get_by_label("Reason", exact=True).fill("Old rib pain, seen in hospital yesterday")
    press(ana, "Change the level")
    expect(ana.get_by_text("A second person must agree")).to_be_visible()
    assert ana.get_by_role("button", name="I agree").count() == 0
    ben.goto("/admin/")
    follow(ben, first.reference)
    expect(ben.get_by_text("Old rib pain, seen in hospital yesterday").first).to_be_visible()
    press(ben, "I agree")
    assert "Soon" in heading(ben)
    assert Override.objects.get().decided_by.username == "ben"

    # Ana's page is out of date now: what she typed stays.
    ana.get_by_label("What you did or agreed").fill("Called: they will come on Tuesday")
    press(ana, "Patient was contacted")
    expect(ana.get_by_role("alert")).to_contain_text("ben agreed to the lower level")
    assert ana.get_by_label("What you did or agreed").input_value() == "Called: they will come on Tuesday"
    press(ana, "Patient was contacted")

    # The next one by telephone: found by number, called, closed, and on to the next.
    ana.goto("/admin/assessment/assessment/")
    ana.get_by_label("Find by code").fill("555 0100 123")
    press(ana, "Find")
    assert late.reference in heading(ana)
    assert ana.get_by_role("link", name="555 0100 123").get_attribute("href") == "tel:5550100123"
    assert "555" not in ana.url
    press(ana, "Take this check")
    ana.get_by_label("What you did or agreed").fill("Fever is gone. Visit at 14:00.")
    ana.get_by_label("To close it: why?").select_option("booked")
    press(ana, "Close the check")
    expect(ana.get_by_text("This is the next check in the queue.")).to_be_visible()
    assert second.reference in heading(ana)

    # On paper: one sheet.
    ana.goto(f"/admin/assessment/assessment/{late.pk}/print/")
    sheet = ana.pdf(format="A4")
    assert len(re.findall(rb"/Type\s*/Page\b", sheet)) == 1
    expect(ana.get_by_text("Fever is gone. Visit at 14:00.")).to_be_visible()

    # Everything left its trace, and nothing of what was typed is in it.
    done = set(AuditEvent.objects.values_list("actor", "action"))
    for actor, action in [
        ("ana", "list"), ("ana", "view"), ("ana", "claim"), ("ben", "refused"), ("ana", "propose"), ("ben", "confirm"),
        ("ana", "refused"), ("ana", "contacted"), ("ana", "search"), ("ana", "close"), ("ana", "print"),
    ]:  # fmt: skip
        assert (actor, action) in done
    assert "rib" not in str(list(AuditEvent.objects.values()))
    audit.verify()


def test_the_queue_works_by_keyboard_and_on_a_tablet(forty, sign_in):
    page = sign_in("ana", width=768)
    page.goto("/admin/assessment/assessment/")
    assert page.evaluate("document.documentElement.scrollWidth") <= 768
    page.get_by_label("Find by code").fill(forty["late"].reference)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert forty["late"].reference in heading(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 768
    take = page.get_by_role("button", name="Take this check")
    take.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_text(f"You have {forty['late'].reference} now.")).to_be_visible()
