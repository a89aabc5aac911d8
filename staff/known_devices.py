"""Browsers in which a person has logged in before: whoever guesses elsewhere does not keep that person out.

A cookie holds a random number and, for each account that was logged in to here, a MAC over both: it names nobody, is
of no use for another account, and ends when the account gets another password. It opens nothing: guesses made with it
are counted by themselves.
"""

import re
import secrets
from typing import cast

from django.conf import settings
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.crypto import constant_time_compare, salted_hmac

from core.keyed_hashes import list_secrets

LIFE = 365 * 24 * 60 * 60
# Accounts that one browser remembers, the newest first, and its mark.
MOST = 21
SHAPE = re.compile(rf"[0-9a-f]{{32}}(\.[0-9a-f]{{32}}){{0,{MOST}}}")


def get_cookie_name() -> str:
    return "__Host-known-device" if settings.SESSION_COOKIE_SECURE else "known-device"


def list_macs(device: str, user: User) -> list[str]:
    """Each proves that this account was logged in to on this device, since it got its password.

    The first is made with the present SECRET_KEY, the others with those before it.
    """
    hashes = [user.get_session_auth_hash(), *user.get_session_auth_fallback_hash()]
    return [
        salted_hmac("staff.known_devices", f"{device}:{user.pk}:{own}", secret=secret, algorithm="sha256").hexdigest()[
            :32
        ]
        for secret, own in zip(list_secrets(), hashes, strict=True)
    ]


def list_marks(device: str) -> list[str]:
    """Each proves that somebody logged in on this device, without the database; in the order of list_macs()."""
    return [
        salted_hmac("staff.known_devices.anybody", device, secret=secret, algorithm="sha256").hexdigest()[:32]
        for secret in list_secrets()
    ]


def is_marked(cookie: str) -> bool:
    """Whether anybody has logged in on the device with this cookie: its requests have their turn before those of
    guessers (site_project/turns.py). What it may do, find_known_device() says.
    """
    device, *macs = cookie.split(".") if SHAPE.fullmatch(cookie) else [""]
    return any(constant_time_compare(mac, mark) for mark in list_marks(device) for mac in macs)


def read_cookie(request: HttpRequest) -> list[str]:
    """[number of the device, MAC, MAC, ...]; a new number where there is none."""
    found = request.COOKIES.get(get_cookie_name(), "")
    return found.split(".") if SHAPE.fullmatch(found) else [secrets.token_hex(16)]


def find_known_device(request: HttpRequest, user: User | None) -> str:
    """What guesses at this account from this device are counted under; "" where nobody logged in to it here."""
    device, *macs = read_cookie(request)
    if user is None or not any(constant_time_compare(mac, own) for own in list_macs(device, user) for mac in macs):
        return ""
    return f"{device}\n{user.pk}"


def remember_device(request: HttpRequest, response: HttpResponseBase, user: User) -> None:
    """The person has just logged in here, and gave all that there is to give."""
    device, *macs = read_cookie(request)
    kept = list(dict.fromkeys([list_marks(device)[0], list_macs(device, user)[0], *macs]))[:MOST]
    cast(HttpResponse, response).set_cookie(
        get_cookie_name(),
        ".".join([device, *kept]),
        max_age=LIFE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )
