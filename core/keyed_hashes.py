"""What is stored in the place of something that opens: a hash under SECRET_KEY, of no use without that."""

from django.conf import settings
from django.utils.crypto import salted_hmac


def list_secrets() -> tuple[str, ...]:
    """SECRET_KEY, then those before it (SECRET_KEY_FALLBACKS)."""
    return (settings.SECRET_KEY, *map(str, settings.SECRET_KEY_FALLBACKS))


def list_hashes(salt: str, value: str) -> list[str]:
    """The keyed hashes of this in 64 hexadecimal digits, one a secret. The first is what is stored from now on.

    salt: what it is for, such as "core.sessions.key"; each purpose has its own.
    """
    return [salted_hmac(salt, value, secret=secret, algorithm="sha256").hexdigest() for secret in list_secrets()]
