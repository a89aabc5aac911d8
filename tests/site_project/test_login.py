"""Whoever guesses passwords of staff is slowed down, by network and by name, whatever headers they send."""

import pytest
from django.test import Client

from core.throttle import take_token
from site_project import login

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"


def enter(client, name="clinic-staff", password="a wrong guess", **headers):
    return client.post("/admin/login/?next=/admin/", {"username": name, "password": password}, headers=headers)


def test_after_five_wrong_guesses_even_the_right_password_waits(client, person):
    person("Clinic staff")
    for _ in range(login.ONE_NAME_HERE.capacity):
        assert enter(client).status_code == 200
    answer = enter(client, password=PASSWORD)
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "60"
    page = answer.content.decode()
    assert f'<p class="errornote">\n    {login.LoginForm.WAIT}' in page
    assert 'name="username" value="clinic-staff"' in page
    assert "_auth_user_id" not in client.session


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
    for number in range(login.ONE_NAME.capacity):
        assert take_token(login.ONE_NAME, "clinic-staff"), number
    assert enter(Client(REMOTE_ADDR="192.0.2.50"), password=PASSWORD).status_code == 429


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
