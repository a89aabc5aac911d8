"""A form that was sent too long after password and code is asked for them on its way, and loses nothing."""

import re
import time

import pytest

from assessment.models import Hold
from core.audit import AuditEvent
from staff.models import Phone

from ..assessment.staff import SOON, make_assessment
from .people import PASSWORD, read_code, sign_in_staff

pytestmark = pytest.mark.django_db
EXPORT = "/admin/assessment/assessment/export/"


@pytest.fixture
def lead(person):
    """A browser in which password and code were given long ago."""
    client = sign_in_staff(person("Leads"))
    session = client.session
    session["staff_confirmed"] = 0
    session.save()
    return client


def hidden(answer):
    """The form of the page as a browser would send it, without what a person types."""
    page = answer.content.decode()
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page))


def proof():
    return {"again-password": PASSWORD, "again-code": read_code(Phone.objects.get())}


@pytest.mark.parametrize(("minutes", "status"), [(0, 200), (-6, 302), (40, 302)])
def test_a_login_counts_as_recent_for_minutes_and_not_when_it_seems_to_be_still_to_come(lead, minutes, status):
    """Later than now: the clock was set back."""
    session = lead.session
    session["staff_confirmed"] = int(time.time()) + minutes * 60
    session.save()
    assert lead.get(EXPORT).status_code == status


def wait(client, minutes):
    """As if password and code had been given so many minutes earlier."""
    session = client.session
    session["staff_confirmed"] -= minutes * 60
    session.save()


HELD = ("action", "hold"), ("reason", "A complaint")


def test_a_form_that_was_seen_in_time_may_be_filled_in_for_ten_minutes_more(person):
    client, record = sign_in_staff(person("Leads")), make_assessment(SOON)
    address = f"/admin/assessment/assessment/{record.pk}/ending/"
    client.get(address)
    wait(client, 14)
    assert client.post(address, dict(HELD)).status_code == 302
    assert Hold.objects.exists()


@pytest.mark.parametrize("opened", ["nothing", "too late", "another form", "before the last login"])
def test_a_form_that_was_not_seen_in_time_is_asked_about_as_a_page_is(person, opened):
    """Found by an attack: whoever came to an open screen could send any form for ten minutes longer."""
    client, record = sign_in_staff(person("Leads")), make_assessment(SOON)
    address = f"/admin/assessment/assessment/{record.pk}/ending/"
    if opened == "another form":
        client.get(EXPORT)
    if opened == "before the last login":
        client.get(address)
        client.post("/admin/confirm/", {"password": PASSWORD, "code": read_code(Phone.objects.get())})
    wait(client, 6)
    if opened == "too late":
        client.get(address)
    assert "Is it still you?" in client.post(address, dict(HELD)).content.decode()
    assert not Hold.objects.exists()


@pytest.mark.parametrize("address", ["/admin/set-up/", "/admin/recovery-codes/", "/admin/auth/user/add/", EXPORT])
def test_six_minutes_after_the_login_no_guarded_form_is_taken_unasked(person, address):
    client = sign_in_staff(person("Leads"))
    wait(client, 6)
    assert "Is it still you?" in client.post(address, {"code": "000000"}).content.decode()


def test_the_form_goes_on_with_password_and_code(lead):
    record = make_assessment(SOON)
    address = f"/admin/assessment/assessment/{record.pk}/ending/"
    asked = lead.post(address, {"action": "hold", "reason": "Asked for by <the> court"})
    assert asked.status_code == 200
    assert "What you filled in is kept" in asked.content.decode()
    assert hidden(asked)["reason"] == "Asked for by &lt;the&gt; court"
    assert not Hold.objects.exists()
    answer = lead.post(address, {"action": "hold", "reason": "Asked for by <the> court", **proof()})
    assert answer.status_code == 302
    assert Hold.objects.get().reason == "Asked for by <the> court"
    assert list(AuditEvent.objects.order_by("number").values_list("action", flat=True))[-2:] == ["confirmed", "hold"]


@pytest.mark.parametrize("wrong", [{"again-password": "a guess"}, {"again-code": "000000"}, {"again-code": ""}])
def test_without_them_nothing_is_done_and_the_form_stays(lead, wrong):
    record = make_assessment(SOON)
    address = f"/admin/assessment/assessment/{record.pk}/ending/"
    answer = lead.post(address, {"action": "hold", "reason": "A complaint", **proof(), **wrong})
    assert answer.status_code == 422
    assert hidden(answer)["reason"] == "A complaint"
    assert not Hold.objects.exists()


def test_whoever_takes_assessments_out_gets_the_form_back_as_it_was_and_then_the_file(lead):
    make_assessment(SOON)
    chosen = {"kind": "json", "purpose": "order", "level": "1", "first": "", "last": "", "code": ""}
    asked = lead.post(EXPORT, chosen)
    assert {name: value for name, value in hidden(asked).items() if name in chosen} == chosen
    back = lead.post(EXPORT, {**chosen, **proof()})
    assert '<option value="order" selected>' in back.content.decode()
    assert "press “Make the file”" in back.content.decode()
    assert not AuditEvent.objects.filter(action="export").exists()
    assert lead.post(EXPORT, chosen)["Content-Disposition"].startswith("attachment")


def test_a_password_in_the_form_is_not_put_on_the_page(lead, person):
    user = person("Clinic staff")
    answer = lead.post(f"/admin/auth/user/{user.pk}/password/", {"password1": "Zq7secret", "password2": "Zq7secret"})
    assert "Zq7secret" not in answer.content.decode()


def test_whoever_may_not_do_it_may_not_after_that_either(person):
    client = sign_in_staff(person("Auditors"))
    session = client.session
    session["staff_confirmed"] = 0
    session.save()
    assert client.post(EXPORT, {"kind": "csv", "purpose": "care", **proof()}).status_code == 403
