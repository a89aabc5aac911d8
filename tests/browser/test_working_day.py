"""A morning at the clinic: forty checks, two clerks at once, and nobody's words lost."""

import csv
import re
import time
from contextlib import ExitStack
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from playwright.sync_api import expect

from assessment.models import Assessment, Note, Override, Review
from core.audit import AuditEvent
from staff.models import Phone
from staff.roles import ROLES

from ..assessment.staff import EMERGENCY, SOON, URGENT, make_assessment, make_contact
from ..assessment.walks import STRAIN
from ..staff.people import PASSWORD, make_phone, read_code

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
QUEUE = "/admin/assessment/assessment/"


@pytest.fixture
def forty(staff_groups):
    """Two emergencies and a late urgent check among thirty-seven others, sent over the last day."""
    for number in range(37):
        make_assessment(SOON if number % 2 else STRAIN, hours_ago=number % 9)
    late = make_assessment(URGENT, hours_ago=9)
    make_contact(late, telephone="555 0100 123")
    return {"emergencies": [make_assessment(EMERGENCY, hours_ago=hours) for hours in (5, 3)], "late": late}


@pytest.fixture
def leads(staff_groups):
    """The role of a lead, which staff_groups does not bring back."""
    group, _ = Group.objects.get_or_create(name="Leads")
    for name in ROLES["Leads"]:
        app, codename = name.split(".")
        group.permissions.add(Permission.objects.get(content_type__app_label=app, codename=codename))


@pytest.fixture
def sign_in(visitor, settings, leads):
    """Open a browser in which somebody gives password and code, as at a clinic."""
    settings.SECOND_FACTOR = True

    def enter(name, role="Clinic staff", width=1280):
        user = get_user_model().objects.create_user(name, password=PASSWORD, is_staff=True)
        user.groups.add(Group.objects.get(name=role))
        page = visitor(javascript=True, width=width)
        page.goto("/admin/")
        page.get_by_label("Username").fill(name)
        page.get_by_label("Password").fill(PASSWORD)
        device = make_phone(user)
        press(page, "Log in")
        page.get_by_label("Code").fill(read_code(device))
        press(page, "Log in")
        return page

    return enter


def press(page, name, **options):
    with page.expect_navigation():
        page.get_by_role("button", name=name, **options).first.click()


def press_at_once(name, *pages):
    """Each of them presses before either has an answer."""
    with ExitStack() as both:
        for page in pages:
            both.enter_context(page.expect_navigation())
        for page in pages:
            page.get_by_role("button", name=name).first.evaluate("button => setTimeout(() => button.click())")


def follow(page, name):
    with page.expect_navigation():
        page.get_by_role("link", name=name).first.click()


def heading(page):
    return page.get_by_role("heading", level=1).inner_text()


def note(page):
    return page.get_by_label("What you did or agreed")


def test_a_working_day(forty, sign_in, monkeypatch, capsys):
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

    # Both open the same one, write, and take it in the same moment: one has it, the other is told who; both keep words.
    for page, words in ((ana, "Ana calls her"), (ben, "Ben calls her")):
        page.goto(f"{QUEUE}next/")
        assert first.reference in heading(page)
        note(page).fill(words)
    press_at_once("Take this check", ana, ben)
    owner = Review.objects.get(pk=first.pk).assigned_to.username
    fast, slow = (ana, ben) if owner == "ana" else (ben, ana)
    other = {"ana": "ben", "ben": "ana"}[owner]
    expect(slow.get_by_role("alert")).to_contain_text(re.compile(rf"{owner} took the check \(\d\d:\d\d\)"))
    expect(fast.get_by_text(f"You have {first.reference} now.")).to_be_visible()
    assert [note(ana).input_value(), note(ben).input_value()] == ["Ana calls her", "Ben calls her"]
    press(slow, "Add the note")
    follow(slow, "Next in the queue")
    assert second.reference in heading(slow)

    # An emergency is lowered by two: a clerk proposes, a lead agrees.
    lea = sign_in("lea", "Leads")
    note(fast).fill("")
    fast.get_by_text("Change the level").first.click()
    fast.get_by_label("The level it should have").select_option("1")
    fast.get_by_label("Reason", exact=True).fill("Old rib pain, seen in hospital yesterday")
    press(fast, "Change the level")
    expect(fast.get_by_text("A second person must agree")).to_be_visible()
    assert fast.get_by_role("button", name="I agree").count() == 0
    lea.goto("/admin/")
    follow(lea, first.reference)
    expect(lea.get_by_text("Old rib pain, seen in hospital yesterday").first).to_be_visible()
    press(lea, "I agree")
    assert "Soon" in heading(lea)
    assert Override.objects.get().decided_by.username == "lea"

    # The clerk's page is out of date now: what was typed stays, and goes on.
    note(fast).fill("Called: they will come on Tuesday")
    press(fast, "Patient was contacted")
    expect(fast.get_by_role("alert")).to_contain_text("lea agreed to the lower level")
    assert note(fast).input_value() == "Called: they will come on Tuesday"
    press(fast, "Patient was contacted")
    expect(fast.get_by_text("This is the next check in the queue.")).to_be_visible()
    assert Review.objects.get(pk=first.pk).state == "contacted"

    # Meanwhile the other clerk works on, check by check; each decision leads to the next.
    press(slow, "Take this check")
    note(slow).fill("They called an ambulance and are in hospital")
    slow.get_by_label("To close it: why?").select_option("advised")
    press(slow, "Close the check")
    assert late.reference in heading(slow)
    assert Review.objects.get(pk=second.pk).state == "closed"

    # A patient on the telephone: found by number, called, closed, and on to the next.
    fast.goto(QUEUE)
    fast.get_by_label("Find by code").fill("555 0100 123")
    press(fast, "Find")
    assert late.reference in heading(fast)
    assert fast.get_by_role("link", name="555 0100 123").get_attribute("href") == "tel:5550100123"
    assert "555" not in fast.url
    press(fast, "Take this check")
    note(slow).fill("I know this family")
    press(slow, "Take this check")
    expect(slow.get_by_role("alert")).to_contain_text(f"{owner} took the check")
    press(slow, "Add the note")
    note(fast).fill("Fever is gone. Visit at 14:00.")
    fast.get_by_label("To close it: why?").select_option("booked")
    press(fast, "Close the check")
    expect(fast.get_by_text("This is the next check in the queue.")).to_be_visible()
    expected = Review.objects.waiting().filter(rank__gt=0).order_by("-rank", "due_at", "pk").first().assessment
    assert expected.reference in heading(fast)

    # On paper: one sheet, with the notes of both.
    fast.goto(f"{QUEUE}{late.pk}/print/")
    assert len(re.findall(rb"/Type\s*/Page\b", fast.pdf(format="A4"))) == 1
    for words in ("Fever is gone. Visit at 14:00.", "I know this family"):
        expect(fast.get_by_text(words)).to_be_visible()

    # The lead takes the day out as a file: who she is once more, and what for.
    real = time.time
    monkeypatch.setattr("staff.recent_login.time.time", lambda: real() + 6 * 60)
    lea.goto("/admin/")
    follow(lea, "Take checks out")
    assert heading(lea) == "Is it still you?"
    lea.get_by_label("Password").fill(PASSWORD)
    lea.get_by_label("Code").fill(read_code(Phone.objects.get(user__username="lea")))
    press(lea, "Go on")
    press(lea, "Make the file")
    expect(lea.locator("#id_purpose_error")).to_be_visible()
    lea.get_by_label("What for?").select_option("quality")
    with lea.expect_download() as file:
        lea.get_by_role("button", name="Make the file").click()
    with Path(file.value.path()).open(encoding="utf-8-sig", newline="") as lines:
        assert {line["code"] for line in csv.DictReader(lines)} == set(
            Assessment.objects.values_list("reference", flat=True)
        )

    # Nobody's words are lost, everything left its trace under the right name, and nothing that was typed is in it.
    assert set(Note.objects.values_list("author__username", "text")) == {
        (other, f"{other.title()} calls her"), (owner, "Called: they will come on Tuesday"),
        (other, "They called an ambulance and are in hospital"), (other, "I know this family"),
        (owner, "Fever is gone. Visit at 14:00."),
    }  # fmt: skip
    done = set(AuditEvent.objects.values_list("actor", "action", "record_id"))
    for wanted in [
        ("ana", "login", None), ("ben", "login", None), ("lea", "login", None), ("ana", "list", None),
        (owner, "view", first.pk), (other, "view", first.pk), (owner, "claim", first.pk), (other, "refused", first.pk),
        (other, "note", first.pk), (owner, "propose", first.pk), ("lea", "view", first.pk),
        ("lea", "confirm", first.pk),
        (owner, "refused", first.pk), (owner, "contacted", first.pk), (other, "claim", second.pk),
        (other, "close", second.pk), (owner, "search", None), (owner, "claim", late.pk), (other, "refused", late.pk),
        (other, "note", late.pk), (owner, "close", late.pk), (owner, "print", late.pk), ("lea", "confirmed", None),
        ("lea", "export", None),
    ]:  # fmt: skip
        assert wanted in done, wanted
    assert AuditEvent.objects.get(action="export").facts == {"kind": "csv", "reason": "quality", "found": 40}
    told = str(list(AuditEvent.objects.values()))
    assert not [word for word in ("rib", "Tuesday", "Fever", "family", "555 0100", "ambulance") if word in told]
    call_command("verify_audit")
    assert "events, whole." in capsys.readouterr().out


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
    expect(page.get_by_role("listitem").filter(has_text=f"You have {forty['late'].reference} now.")).to_be_visible()
