"""What is stored of phones and recovery codes."""

import importlib
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from staff import factors, models
from staff.models import Phone

from .people import PASSWORD, make_phone, read_code

pytestmark = pytest.mark.django_db


@pytest.fixture
def nurse(person):
    return person("Clinic staff")


def enter(nurse, code):
    """Log in with the password and this code; the status of the answer to the code: 302 is in."""
    client = Client()
    client.post("/admin/login/", {"username": nurse.username, "password": PASSWORD})
    return client.post("/admin/code/", {"code": code}).status_code


def change_secret_key(settings, keep):
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY] if keep else []
    settings.SECRET_KEY = "another " * 10


def test_a_seed_is_stored_locked_and_opens_again():
    seed = bytes(range(20))
    locked = models.lock_seed(seed)
    assert len(locked) <= TOTPDevice._meta.get_field("key").max_length
    assert models.open_seed(locked) == seed
    assert models.lock_seed(seed) != locked


@pytest.mark.parametrize("stored", ["", "0" * 40, "no base64", "A" * 64])
def test_what_no_key_locked_is_told_from_a_seed(stored):
    with pytest.raises(models.UnreadableSeedError):
        models.open_seed(stored)


def test_recovery_codes_are_stored_as_hashes_that_are_no_codes(nurse):
    make_phone(nurse)
    codes = factors.make_recovery_codes(nurse)
    stored = set(StaticToken.objects.values_list("token", flat=True))
    assert len(stored) == len(codes) == 10
    assert not stored & {code.replace("-", "") for code in codes}
    assert enter(nurse, next(iter(stored))) == 422


def test_two_people_with_the_same_code_have_different_hashes():
    assert models.hash_recovery_code(1, "abcdefgh") != models.hash_recovery_code(2, "abcdefgh")


def test_phone_and_paper_outlive_a_change_of_the_key_with_the_old_one_as_a_fallback(nurse, settings):
    phone, codes = make_phone(nurse), factors.make_recovery_codes(nurse)
    change_secret_key(settings, keep=True)
    assert enter(nurse, read_code(phone)) == 302
    assert enter(nurse, codes[0]) == 302
    assert enter(nurse, codes[0]) == 422


def test_a_phone_that_was_used_needs_the_old_key_no_more(nurse, settings):
    phone = make_phone(nurse)
    change_secret_key(settings, keep=True)
    assert enter(nurse, read_code(phone)) == 302
    settings.SECRET_KEY_FALLBACKS = []
    phone.refresh_from_db()
    assert enter(nurse, read_code(phone, steps=1)) == 302


def test_a_phone_that_no_key_opens_is_told_and_another_is_set_up_once_it_is_taken_away(nurse, settings):
    phone = make_phone(nurse)
    code = read_code(phone)
    change_secret_key(settings, keep=False)
    client = Client()
    client.post("/admin/login/", {"username": nurse.username, "password": PASSWORD})
    answer = client.post("/admin/code/", {"code": code})
    assert answer.status_code == 422
    assert "can no longer read the key of your phone" in answer.content.decode()
    factors.forget_phone(nurse)
    assert client.get("/admin/set-up/").status_code == 200


def test_a_phone_that_was_begun_under_a_lost_key_begins_anew(nurse, settings):
    lost = factors.get_new_phone(nurse)
    assert factors.get_new_phone(nurse) == lost
    change_secret_key(settings, keep=False)
    assert factors.get_new_phone(nurse).is_readable
    assert Phone.objects.count() == 1


def test_the_migration_locks_what_is_there_and_goes_back(nurse):
    seed = bytes(range(20))
    TOTPDevice.objects.create(user=nurse, name="phone", key=seed.hex())
    StaticToken.objects.create(device=StaticDevice.objects.create(user=nurse, name="paper"), token="abcdefgh")
    migration = importlib.import_module("staff.migrations.0002_locked_factors")
    here = SimpleNamespace(connection=connection)
    migration.lock(apps, here)
    assert Phone.objects.get().bin_key == seed
    assert enter(nurse, "abcd-efgh") == 302
    migration.unlock(apps, here)
    assert TOTPDevice.objects.get().key == seed.hex()
    assert not StaticToken.objects.exists()
