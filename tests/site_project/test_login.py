"""Whoever guesses passwords of staff is slowed down, whatever headers they send, and keeps out nobody else."""

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.throttle import take_token
from site_project import login
from staff.models import Phone

from ..staff.people import make_phone, read_code

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"


def enter(client, name="clinic-staff", password="a wrong guess", code=None, **headers):
    sent = {"username": name, "password": password} | ({} if code is None else {"code": code})
    return client.post("/admin/login/?next=/admin/", sent, headers=headers)


def guess_everywhere():
    """As from so many networks that this name has no guess left."""
    while take_token(login.ONE_NAME, "clinic-staff"):
        pass


def log_in_wholly(user, client):
    device = Phone.objects.filter(user=user).first() or make_phone(user)
    enter(client, user.username, PASSWORD)
    assert client.post("/admin/code/", {"code": read_code(device)}).status_code == 302
    Phone.objects.update(last_t=-1)
    client.post("/admin/logout/")


def is_logged_in(client):
    return "_auth_user_id" in client.session


def test_after_five_wrong_guesses_the_right_password_alone_waits_and_a_code_is_asked_for(client, person):
    person("Clinic staff")
    for _ in range(login.ONE_NAME_HERE.capacity):
        answer = enter(client)
        assert answer.status_code == 200
        assert 'name="code"' not in answer.content.decode()
    answer = enter(client, password=PASSWORD)
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "60"
    page = answer.content.decode()
    assert f'<p class="errornote">\n    {login.LoginForm.WAIT}' in page
    assert 'name="username" value="clinic-staff"' in page
    assert 'name="code"' in page
    assert not is_logged_in(client)


def test_the_right_password_with_the_code_passes_on_the_network_of_the_guesser_too(client, person):
    device = make_phone(person("Clinic staff"))
    guess_everywhere()
    for _ in range(login.ONE_NAME_HERE.capacity):
        enter(client)
    assert enter(client, password=PASSWORD).status_code == 429
    assert enter(client, password=PASSWORD, code=read_code(device)).status_code == 302
    assert is_logged_in(client)


def test_the_code_that_came_with_the_password_is_used_up_and_the_second_step_takes_the_next_one(client, person):
    device = make_phone(person("Clinic staff"))
    code = read_code(device)
    enter(client, password=PASSWORD, code=code)
    assert client.get("/admin/").headers["Location"].startswith("/admin/login/")
    assert client.post("/admin/code/", {"code": code}).status_code == 422
    Phone.objects.update(throttling_failure_timestamp=None)
    assert client.post("/admin/code/", {"code": read_code(device, 1)}).status_code == 302


@pytest.mark.parametrize("code", ["", "000000", "abc", "1" * 20, "²²²²²²"])
def test_a_wrong_code_helps_nobody_and_makes_the_owner_of_the_phone_wait_for_nothing(client, person, code):
    device = make_phone(person("Clinic staff"))
    guess_everywhere()
    for _ in range(3):
        assert enter(client, password=PASSWORD, code=code).status_code == 429
    assert enter(client, password=PASSWORD, code=read_code(device)).status_code == 302


@pytest.mark.parametrize("password", ["a wrong guess", ""])
def test_beside_a_wrong_password_nothing_tells_a_right_code_from_a_wrong_one(client, person, monkeypatch, password):
    device = make_phone(person("Clinic staff"))
    guess_everywhere()
    hashed, found = [], []
    check = User.check_password
    monkeypatch.setattr(User, "check_password", lambda user, raw: hashed.append(raw) or check(user, raw))
    enter(client, password=password, code="000000")  # makes the rows of the limits
    for code in (read_code(device), "000000"):
        hashed.clear()
        with CaptureQueriesContext(connection) as queries:
            answer = enter(client, password=password, code=code)
        work = [query["sql"].partition(" ")[0] for query in queries]
        found.append((answer.status_code, answer.context["form"].errors, len(hashed), work))
    assert found[0] == found[1]
    assert enter(client, password=PASSWORD, code=read_code(device)).status_code == 302


def test_beside_a_wrong_code_a_right_password_is_not_looked_at(client, person, monkeypatch):
    make_phone(person("Clinic staff"))
    guess_everywhere()
    hashed = []
    monkeypatch.setattr(User, "check_password", lambda user, raw: hashed.append(raw))
    enter(client, password=PASSWORD, code="000000")
    assert len(hashed) == 1
    assert PASSWORD not in hashed


def test_codes_beside_a_password_are_guesses_of_the_network_too(client, person):
    device = make_phone(person("Clinic staff"))
    guess_everywhere()
    for _ in range(login.BESIDE_HERE.capacity):
        enter(client, password=PASSWORD, code="000000")
    assert enter(client, password=PASSWORD, code=read_code(device)).status_code == 429
    assert enter(Client(REMOTE_ADDR="192.0.2.50"), password=PASSWORD, code=read_code(device)).status_code == 302


def test_while_many_codes_are_looked_at_a_further_one_is_not(client, person):
    device = make_phone(person("Clinic staff"))
    guess_everywhere()
    for _ in range(2):
        assert login.HASHING_WITH_CODE.acquire(blocking=False)
    try:
        assert enter(client, password=PASSWORD, code=read_code(device)).status_code == 429
    finally:
        login.HASHING_WITH_CODE.release(2)
    assert enter(client, password=PASSWORD, code=read_code(device)).status_code == 302


def test_a_right_code_beside_a_wrong_password_stays_good_so_that_guessers_use_up_nobodys(client, person):
    device = make_phone(person("Clinic staff"))
    guess_everywhere()
    code = read_code(device)
    assert enter(client, code=code).status_code == 429
    assert enter(client, password=PASSWORD, code=code).status_code == 302


def test_who_holds_a_phone_and_guesses_the_password_is_slowed_down(client, person):
    device = make_phone(person("Clinic staff"))
    guess_everywhere()
    for _ in range(login.WITH_CODE.capacity):
        assert enter(client, code=read_code(device)).status_code == 429
    elsewhere = Client(REMOTE_ADDR="192.0.2.50")
    assert enter(elsewhere, password=PASSWORD, code=read_code(device)).status_code == 429


def test_a_known_device_passes_while_the_account_is_guessed_at_from_everywhere_and_from_its_own_network(person):
    user, device = person("Clinic staff"), Client()
    log_in_wholly(user, device)
    guess_everywhere()
    while take_token(login.ALL_NAMES_HERE, "127.0.0.1/32\n"):
        pass
    assert enter(Client(), password=PASSWORD).status_code == 429
    assert enter(device, password=PASSWORD).status_code == 302
    assert is_logged_in(device)


def test_guesses_on_a_known_device_are_counted_too_and_leave_the_owner_elsewhere_alone(person):
    user, device, other = person("Clinic staff"), Client(), Client()
    log_in_wholly(user, device)
    log_in_wholly(user, other)
    for _ in range(login.KNOWN_DEVICE.capacity):
        assert enter(device).status_code == 200
    assert enter(device, password=PASSWORD).status_code == 429
    assert enter(other, password=PASSWORD).status_code == 302


def test_sixteen_networks_of_one_home_do_not_lock_a_colleague_out(person):
    person("Clinic staff")
    answers = [enter(Client(REMOTE_ADDR=f"2001:db8:0:{number % 16:x}::1")).status_code for number in range(32)]
    assert answers[:20] == [200] * login.ONE_NAME_HERE.capacity * 4
    assert 429 in answers[20:]
    assert enter(Client(REMOTE_ADDR="2001:db8:1::1"), password=PASSWORD).status_code == 302


def test_wrong_logins_behind_a_proxy_that_writes_ports_lock_nobody_else_out(person, settings):
    settings.TRUSTED_PROXIES = 1
    person("Clinic staff")
    for number in range(21):
        enter(Client(), f"name-{number}", **{"x-forwarded-for": f"203.0.113.7:{50000 + number}"})
    assert enter(Client(), password=PASSWORD, **{"x-forwarded-for": "198.51.100.9:50000"}).status_code == 302
    assert enter(Client(), password=PASSWORD, **{"x-forwarded-for": "203.0.113.7:60000"}).status_code == 429


def test_a_guess_that_is_refused_costs_no_hashing(client, person, monkeypatch):
    user, device = person("Clinic staff"), Client()
    log_in_wholly(user, device)
    guess_everywhere()
    hashed = []
    monkeypatch.setattr(User, "check_password", lambda user, raw: hashed.append(raw))
    enter(client)
    assert not hashed
    enter(device)
    assert hashed == ["a wrong guess"]


def test_while_many_passwords_are_hashed_a_further_unknown_one_is_not_and_a_known_device_is_let_in(client, person):
    user, device = person("Clinic staff"), Client()
    log_in_wholly(user, device)
    slots = 3
    for _ in range(slots):
        assert login.HASHING.acquire(blocking=False)
    try:
        assert enter(client, password=PASSWORD).status_code == 429
        assert enter(device, password=PASSWORD).status_code == 302
    finally:
        login.HASHING.release(slots)
    assert enter(client, password=PASSWORD).status_code == 302


def test_a_place_for_hashing_is_free_again_after_a_wrong_password(client):
    for number in range(4):
        assert enter(client, f"name-{number}").status_code == 200


def test_a_header_cannot_pretend_to_be_another_network(client, person):
    person("Clinic staff")
    for number in range(login.ONE_NAME_HERE.capacity):
        enter(client, **{"x-forwarded-for": f"192.0.2.{number}", "x-real-ip": f"192.0.2.{number}"})
    assert enter(client, **{"x-forwarded-for": "192.0.2.99"}).status_code == 429


def test_behind_one_proxy_the_network_it_saw_counts_and_not_what_the_client_says(client, person, settings):
    settings.TRUSTED_PROXIES = 1
    person("Clinic staff")
    for number in range(login.ONE_NAME_HERE.capacity):
        enter(client, **{"x-forwarded-for": f"203.0.113.{number}, 192.0.2.1"})
    assert enter(client, **{"x-forwarded-for": "203.0.113.99, 192.0.2.1"}).status_code == 429
    assert enter(client, **{"x-forwarded-for": "203.0.113.99, 192.0.2.2"}).status_code == 200


def test_the_name_in_other_letters_is_the_same_name(client, person):
    for number in range(login.ONE_NAME_HERE.capacity):
        enter(client, name="Clinic-Staff" if number % 2 else "clinic-staff")
    assert enter(client, name="CLINIC-STAFF").status_code == 429


def test_one_network_cannot_try_many_names(client):
    for number in range(login.ALL_NAMES_HERE.capacity):
        assert enter(client, name=f"name-{number}").status_code == 200
    assert enter(client, name="another").status_code == 429


def test_many_networks_cannot_try_one_name(client, person):
    person("Clinic staff")
    for _ in range(login.ONE_NAME.capacity - 3):
        take_token(login.ONE_NAME, "clinic-staff")
    answers = [enter(Client(REMOTE_ADDR=f"192.0.{number}.50")).status_code for number in range(4)]
    assert answers == [200, 200, 200, 429]
    assert enter(Client(REMOTE_ADDR="192.0.9.50"), password=PASSWORD).status_code == 429


def test_one_network_cannot_shut_out_a_colleague_elsewhere(client, person):
    person("Clinic staff")
    for _ in range(40):
        enter(client)
    assert enter(Client(REMOTE_ADDR="192.0.2.50"), password=PASSWORD).status_code == 302


def test_who_knows_the_password_never_waits(client, person):
    person("Clinic staff")
    for _ in range(login.ALL_NAMES_HERE.capacity + 1):
        assert enter(client, password=PASSWORD).status_code == 302
        client.logout()


def test_a_form_without_a_name_or_password_costs_nothing_and_is_no_error(client):
    for _ in range(login.ONE_NAME_HERE.capacity + 1):
        assert enter(client, name="").status_code == 200
    assert enter(client, name="x\0y").status_code == 200


def test_the_login_page_opens_and_leads_on(client, person):
    assert client.get("/admin/").headers["Location"] == "/admin/login/?next=/admin/"
    assert client.get("/admin/login/").status_code == 200
    client.force_login(person("Clinic staff"))
    assert client.get("/admin/login/").headers["Location"] == "/admin/"
