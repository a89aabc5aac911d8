"""A browser in which somebody has logged in before: nobody elsewhere can keep that person out of it."""

import re

import pytest
from django.test import Client

from staff import known_devices
from staff.models import Phone as TOTPDevice

from .people import PASSWORD, make_phone, read_code

pytestmark = pytest.mark.django_db
COOKIE = "known-device"


@pytest.fixture
def nurse(person):
    return person("Clinic staff")


def log_in(user, client=None):
    client = client or Client()
    device = TOTPDevice.objects.filter(user=user).first() or make_phone(user)
    client.post("/admin/login/", {"username": user.username, "password": PASSWORD})
    client.post("/admin/code/", {"code": read_code(device)})
    return client


def is_known(client, user, rf):
    request = rf.get("/")
    request.COOKIES = {name: morsel.value for name, morsel in client.cookies.items()}
    return bool(known_devices.find_known_device(request, user))


def test_both_steps_make_the_browser_known_and_the_password_alone_does_not(nurse, rf):
    client = Client()
    make_phone(nurse)
    client.post("/admin/login/", {"username": nurse.username, "password": PASSWORD})
    assert COOKIE not in client.cookies
    assert is_known(log_in(nurse), nurse, rf)


def test_a_browser_bears_a_mark_that_somebody_logged_in_there(nurse):
    assert known_devices.is_marked(log_in(nurse).cookies[COOKIE].value)


def test_setting_up_a_phone_makes_the_browser_known(nurse, rf):
    client = Client()
    client.post("/admin/login/", {"username": nurse.username, "password": PASSWORD})
    client.get("/admin/set-up/")
    client.post("/admin/set-up/", {"code": read_code(TOTPDevice.objects.get())})
    assert is_known(client, nurse, rf)


def test_where_a_password_is_enough_it_makes_the_browser_known(nurse, rf, settings):
    settings.SECOND_FACTOR = False
    client = Client()
    client.post("/admin/login/", {"username": nurse.username, "password": PASSWORD})
    assert is_known(client, nurse, rf)


def test_the_cookie_names_nobody_and_no_script_and_no_other_site_can_use_it(nurse, settings):
    cookie = log_in(nurse).cookies[COOKIE]
    assert re.fullmatch(r"[0-9a-f]{32}(\.[0-9a-f]{32}){2}", cookie.value)
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Strict", "/")
    settings.SESSION_COOKIE_SECURE = True
    assert known_devices.get_cookie_name() == "__Host-known-device"


def test_it_outlives_logging_out_and_ends_with_the_password(nurse, rf):
    client = log_in(nurse)
    client.post("/admin/logout/")
    assert is_known(client, nurse, rf)
    nurse.set_password("another horse battery")
    nurse.save()
    assert not is_known(client, nurse, rf)


def test_it_is_of_no_use_for_another_account_or_another_number(nurse, person, rf):
    client, lead = log_in(nurse), person("Leads")
    assert not is_known(client, lead, rf)
    number, *macs = client.cookies[COOKIE].value.split(".")
    client.cookies[COOKIE] = ".".join([number[::-1], *macs])
    assert not is_known(client, nurse, rf)


def test_two_who_share_a_computer_are_both_known_there(nurse, person, rf):
    client, lead = log_in(nurse), person("Leads")
    client.post("/admin/logout/")
    log_in(lead, client)
    assert is_known(client, nurse, rf)
    assert is_known(client, lead, rf)


def test_of_very_many_the_newest_are_known(nurse, person, rf):
    client = log_in(nurse)
    number = client.cookies[COOKIE].value.split(".")[0]
    client.cookies[COOKIE] = ".".join([number, *("0" * 32 for _ in range(known_devices.MOST))])
    client.post("/admin/logout/")
    TOTPDevice.objects.update(last_t=-1)
    log_in(nurse, client)
    assert is_known(client, nurse, rf)
    assert len(client.cookies[COOKIE].value) < 1000


@pytest.mark.parametrize("value", ["", ".", "x", "0" * 32, "0" * 32 + ".", "é" * 32 + ".é", ".".join(["0" * 32] * 500)])
def test_what_is_no_such_cookie_is_nobody(nurse, rf, value):
    request = rf.get("/")
    request.COOKIES = {COOKIE: value}
    assert known_devices.find_known_device(request, nurse) == ""
    assert known_devices.find_known_device(request, None) == ""


def test_a_new_secret_key_with_the_old_one_as_a_fallback_keeps_the_browser_known(nurse, rf, settings):
    client = log_in(nurse)
    old, settings.SECRET_KEY = settings.SECRET_KEY, "another key, long enough for what it is for here, 1234567890"
    assert not is_known(client, nurse, rf)
    settings.SECRET_KEY_FALLBACKS = [old]
    assert is_known(client, nurse, rf)
