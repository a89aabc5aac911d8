"""Contact details under lock: encrypted with the keys of the setting CONTACT_KEYS, the newest of them first.

A new key is put in front; older ones still read what they locked. Without a key nothing can be locked, so nothing is
asked.
"""

import json
from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.crypto import salted_hmac


class UnreadableError(Exception):
    """None of the present keys opens these details."""


def keys() -> list[str | bytes]:
    """The present keys. On one's own machine there is always one; elsewhere only those that the clinic made."""
    if settings.LOCAL and not settings.CONTACT_KEYS:
        return [urlsafe_b64encode(salted_hmac("assessment.contact", "key", algorithm="sha256").digest())]
    return settings.CONTACT_KEYS


def available() -> bool:
    return bool(keys())


def lock(details: dict[str, str]) -> str:
    """These details, readable only with one of the keys. Raises ValueError when there is none."""
    return box().encrypt(json.dumps(details).encode()).decode()


def unlock(locked: str) -> dict[str, str]:
    """The details again. Raises UnreadableError."""
    if not available():
        raise UnreadableError
    try:
        return json.loads(box().decrypt(locked))
    except InvalidToken as error:
        raise UnreadableError from error


def box() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys()])
