"""Whoever has a password that somebody else chose sees nothing of the staff pages before they have chosen their own."""

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client

from staff.models import Phone

from .people import PASSWORD, read_code, sign_in_staff

pytestmark = pytest.mark.django_db
GIVEN, OWN = "plain sailing tomorrow", "sailing on my own today"
CHANGE = "/admin/password_change/"


@pytest.fixture(autouse=True)
def one_step(settings):
    settings.SECOND_FACTOR = False


@pytest.fixture
def lead(person):
    return sign_in_staff(person("Leads"))


def log_in(name, password):
    client = Client()
    client.post("/admin/login/?next=/admin/", {"username": name, "password": password})
    return client


def choose(client, old, new):
    return client.post(CHANGE, {"old_password": old, "new_password1": new, "new_password2": new})


def must_choose(client):
    return client.get("/admin/").get("Location") == CHANGE


def make_account(lead):
    lead.post("/admin/auth/user/add/", {"username": "berta", "password1": GIVEN, "password2": GIVEN})
    return User.objects.get(username="berta")


def test_the_first_account_chooses_its_own_password_and_then_sees_the_start_page(capsys):
    call_command("first_account")
    password = capsys.readouterr().out.split()[-1]
    client = log_in("admin", password)
    assert must_choose(client)
    assert "Choose a password of your own" in client.get(CHANGE).content.decode()
    assert choose(client, password, OWN).status_code == 302
    assert client.get("/admin/").status_code == 200
    assert log_in("admin", OWN).get("/admin/").status_code == 200


def test_the_second_step_comes_first(lead, settings):
    settings.SECOND_FACTOR = True
    user = make_account(lead)
    client = log_in("berta", GIVEN)
    assert client.get("/admin/")["Location"].startswith("/admin/login/")
    assert client.get(CHANGE)["Location"].startswith("/admin/login/")
    client.get("/admin/set-up/")
    client.post("/admin/set-up/", {"code": read_code(Phone.objects.get(user=user))})
    assert must_choose(client)


def test_no_form_is_taken_and_no_page_shown_before(lead, person):
    user = make_account(lead)
    user.groups.set(User.objects.get(username="leads").groups.all())
    client = log_in("berta", GIVEN)
    for where in ("/admin/auth/user/", "/admin/auth/user/add/", "/admin/assessment/assessment/", "/admin/confirm/"):
        assert client.get(where).get("Location") == CHANGE, where
        assert client.post(where, {"username": "x"}).get("Location") == CHANGE, where
    assert client.post("/admin/logout/").status_code == 200


def test_it_is_asked_at_each_log_in_until_it_is_done(lead):
    make_account(lead)
    assert must_choose(log_in("berta", GIVEN))
    assert must_choose(log_in("berta", GIVEN))


def test_the_given_password_is_no_password_of_ones_own(lead):
    make_account(lead)
    client = log_in("berta", GIVEN)
    assert "This is the password that you have." in choose(client, GIVEN, GIVEN).content.decode()
    assert must_choose(client)


def test_a_password_that_a_lead_gave_anew_is_a_given_one_again(lead, person):
    user = person("Clinic staff")
    assert not must_choose(log_in(user.username, PASSWORD))
    lead.post(f"/admin/auth/user/{user.pk}/password/", {"password1": GIVEN, "password2": GIVEN})
    client = log_in(user.username, GIVEN)
    assert must_choose(client)
    choose(client, GIVEN, OWN)
    assert not must_choose(log_in(user.username, OWN))


@pytest.mark.parametrize("who", ["lead", "person"])
def test_a_new_password_opens_no_account_that_is_closed_meanwhile(lead, person, monkeypatch, who):
    user = person("Clinic staff")
    client = log_in(user.username, PASSWORD)
    set_password = User.set_password

    def close(self, password):
        User.objects.filter(pk=user.pk).update(is_active=False)
        set_password(self, password)

    monkeypatch.setattr(User, "set_password", close)
    if who == "lead":
        lead.post(f"/admin/auth/user/{user.pk}/password/", {"password1": GIVEN, "password2": GIVEN})
    else:
        choose(client, PASSWORD, GIVEN)
    stored = User.objects.get(pk=user.pk)
    assert stored.check_password(GIVEN)
    assert not stored.is_active
