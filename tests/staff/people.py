"""Accounts with a phone, for the tests of logging in and of who may do what."""

import time

from django.test import Client
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp.oath import TOTP

from staff.models import Phone, make_locked_seed

PASSWORD = "correct horse battery"


def make_phone(user) -> Phone:
    return Phone.objects.create(user=user, name="phone", confirmed=True, key=make_locked_seed())


def read_code(device, steps=0) -> str:
    """What the phone shows now, or some steps of 30 seconds later."""
    totp = TOTP(device.bin_key, device.step, device.t0, device.digits)
    totp.time = time.time() + steps * device.step
    return f"{totp.token():06}"


def sign_in_staff(user) -> Client:
    """A browser in which this person has taken both steps a moment ago."""
    client = Client()
    client.force_login(user)
    session = client.session
    session[DEVICE_ID_SESSION_KEY] = make_phone(user).persistent_id
    session["staff_confirmed"] = int(time.time())
    session.pop("code_due", None)
    session.save()
    return client
