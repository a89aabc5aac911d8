"""The key with which a patient deletes what they sent: 30 letters, about 129 bits, shown with the result.

It is made from the token of the check and from SECRET_KEY, so that nothing which opens anything is stored: the record
holds only a keyed hash of it. Unlike the reference, which is a name, it opens; so staff never see it.
"""

from typing import Protocol

from django.conf import settings
from django.utils.crypto import salted_hmac

from core.keyed_hashes import list_hashes, list_secrets
from core.typed.tidy import FOR_LETTERS, read_code

# Twenty letters, no vowels and none that look alike: no key spells a word.
ALPHABET = "BCDFGHJKLMNPQRSTVWXZ"
LENGTH = 30


class KeyedRecord(Protocol):
    """A saved assessment, as far as its key goes: nothing here knows the models."""

    token: str
    key_hash: str


def derive_key(token: str, secret: str | None = None) -> str:
    """The key of the check with this token, in six groups of five letters."""
    digest = salted_hmac(
        "assessment.keys.made", token, secret=secret or settings.SECRET_KEY, algorithm="sha256"
    ).digest()
    number, key = int.from_bytes(digest), ""
    for _ in range(LENGTH):
        number, place = divmod(number, len(ALPHABET))
        key += ALPHABET[place]
    return "-".join(key[start : start + 5] for start in range(0, LENGTH, 5))


def parse_key(text: str) -> str:
    """What somebody typed, as the letters of a key; "" when it cannot be one."""
    return read_code(text, ALPHABET, LENGTH, FOR_LETTERS)


def parse_reference(text: str) -> str:
    """The reference of a check meant by "ktrbn xdwlc", as it is stored; "" when it cannot be one."""
    letters = read_code(text, ALPHABET, 10, FOR_LETTERS)
    return letters and f"{letters[:5]}-{letters[5:]}"


def list_key_hashes(key: str) -> list[str]:
    """What a record may hold of this key: under the present SECRET_KEY, which is stored, and under those before it."""
    return list_hashes("assessment.keys.hashed", parse_key(key))


def recover_key(record: KeyedRecord) -> str:
    """The key of a saved record, for the page of its own patient; "" when the secrets it was made with are gone."""
    for secret in list_secrets():
        key = derive_key(record.token, secret)
        if record.key_hash in list_key_hashes(key):
            return key
    return ""


def list_reference_hashes(reference: str) -> list[str]:
    """What a tombstone may hold of this reference, the present SECRET_KEY first."""
    return list_hashes("assessment.tombstone", reference)
