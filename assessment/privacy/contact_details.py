"""Contact details under lock: encrypted with the keys of the setting CONTACT_KEYS, the newest of them first.

A new key is put in front; older ones still read what they locked. Without a key nothing can be locked, so nothing is
asked.
"""

import json
import re
from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.crypto import salted_hmac

from core.keyed_hashes import list_hashes
from core.typed import telephone
from core.typed.mail_address import tidy_address


class UnreadableError(Exception):
    """None of the present keys opens these details."""


def list_contact_keys() -> list[str]:
    """The present keys. On one's own machine there is always one; elsewhere only those that the clinic made."""
    if settings.LOCAL and not settings.CONTACT_KEYS:
        key = salted_hmac("assessment.contact", "key", algorithm="sha256").digest()
        return [urlsafe_b64encode(key).decode()]
    return settings.CONTACT_KEYS


def can_encrypt() -> bool:
    return bool(list_contact_keys())


def encrypt_details(details: dict[str, str]) -> str:
    """These details, readable only with one of the keys. Raises ValueError when there is none."""
    return build_cipher().encrypt(json.dumps(details).encode()).decode()


def decrypt_details(locked: str) -> dict[str, str]:
    """The details again. Raises UnreadableError."""
    if not can_encrypt():
        raise UnreadableError
    try:
        details: dict[str, str] = json.loads(build_cipher().decrypt(locked))
        return details
    except InvalidToken as error:
        raise UnreadableError from error


def build_search_keys(details: dict[str, str]) -> dict[str, str]:
    """What is stored beside the locked details to find them again: telephone_key and email_key, "" for none."""
    return {
        "telephone_key": next(iter(hash_telephone(details["telephone"])), ""),
        "email_key": next(iter(hash_email(details["email"])), ""),
    }


def hash_telephone(number: str) -> list[str]:
    """The keyed hashes of a number, however it is written; [] when it has too few digits to tell people apart.

    +1 555 010 0123 and 555 010 0123 are one; an extension does not count. The first is what is stored. The former
    ones stand behind: a row that has one is found before manage.py index_contacts has renewed it.
    """
    digits = telephone.read_national_digits(telephone.tidy_number(number))
    return (hash_value("telephone", digits) if len(digits) >= 5 else []) + former_telephone_keys(number)


def former_telephone_keys(number: str) -> list[str]:
    """The keyed hashes that were stored before phonenumbers read the numbers: of the last nine digits."""
    digits = re.sub(r"\D", "", telephone.tidy_number(number).casefold().split("x")[0])
    return hash_value("telephone", digits[-9:]) if len(digits) >= 5 else []


def hash_email(address: str) -> list[str]:
    """The keyed hashes of an address; [] when it is none."""
    address = tidy_address(address).casefold()
    return hash_value("email", address) if "@" in address else []


def hash_value(kind: str, value: str) -> list[str]:
    """The hash under SECRET_KEY, then under each of its fallbacks. After a change of key: manage.py index_contacts."""
    return list_hashes(f"assessment.contact.{kind}", value)


def build_cipher() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in list_contact_keys()])
