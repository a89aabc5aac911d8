"""Phones and recovery codes, in django-otp's tables and with its checks, but so that who reads the tables has neither;
and whose password was chosen by somebody else.

The seed of a phone must be read again to know its codes: it is encrypted, under a key made from SECRET_KEY. Recovery
codes are only compared: a keyed hash is stored. After a change of SECRET_KEY both work while the old one is among
SECRET_KEY_FALLBACKS; a phone that is used meanwhile is locked anew with the present one.
"""

import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from functools import partial
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.contrib.auth.models import User
from django.db import models
from django.utils.crypto import salted_hmac
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from core.keyed_hashes import list_hashes, list_secrets

SEED_BYTES, NONCE_BYTES = 20, 12
# The width of django-otp's column for a recovery code: 64 bits of the hash. A code has 40.
WIDTH = 16


class UnreadableSeedError(Exception):
    """No present key opens the seed of this phone: SECRET_KEY was changed without keeping the old one."""


def list_seed_boxes() -> list[AESGCM]:
    """What locks seeds, the present SECRET_KEY first. AES-GCM, since a locked seed must fit into 80 letters."""
    make = partial(salted_hmac, "staff.phone.seed", "key", algorithm="sha256")
    return [AESGCM(make(secret=secret).digest()) for secret in list_secrets()]


def lock_seed(seed: bytes) -> str:
    """The seed as the table holds it: 64 letters for 20 bytes."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return urlsafe_b64encode(nonce + list_seed_boxes()[0].encrypt(nonce, seed, None)).decode()


def open_seed(locked: str) -> bytes:
    """The seed again. Raises UnreadableSeedError."""
    try:
        stored = urlsafe_b64decode(locked)
    except ValueError as error:
        raise UnreadableSeedError from error
    for box in list_seed_boxes():
        try:
            return box.decrypt(stored[:NONCE_BYTES], stored[NONCE_BYTES:], None)
        except (InvalidTag, ValueError):
            continue
    raise UnreadableSeedError


def make_locked_seed() -> str:
    return lock_seed(secrets.token_bytes(SEED_BYTES))


def hash_recovery_code(user_id: int, code: str) -> list[str]:
    """What is stored of a recovery code of this person, as typed without hyphens: the first. The others are older."""
    return [found[:WIDTH] for found in list_hashes("staff.recovery_code", f"{user_id}:{code}")]


class Phone(TOTPDevice):  # type: ignore[misc]  # django-otp has no types
    """An app that shows codes. Make one with key=make_locked_seed()."""

    class Meta:
        proxy = True
        default_permissions = ()

    @property
    def bin_key(self) -> bytes:
        return open_seed(self.key)

    @property
    def is_readable(self) -> bool:
        try:
            return bool(self.bin_key)
        except UnreadableSeedError:
            return False

    def verify_token(self, token: Any) -> bool:
        """As django-otp's. Raises UnreadableSeedError. What it saves of a right code is locked with the present key."""
        self.key = lock_seed(self.bin_key)
        return bool(super().verify_token(token))


class Paper(StaticDevice):  # type: ignore[misc]  # django-otp has no types
    """The sheet with the recovery codes."""

    class Meta:
        proxy = True
        default_permissions = ()

    def verify_token(self, token: str) -> bool:
        known = self.token_set.filter(token__in=hash_recovery_code(self.user_id, token)).first()
        return bool(super().verify_token(known.token if known else ""))


class GivenPassword(models.Model):
    """The password of this account is known to whoever made or reset it, until its person has chosen their own."""

    user = models.OneToOneField(User, models.CASCADE, primary_key=True, related_name="+")

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"Given password of {self.user}"
