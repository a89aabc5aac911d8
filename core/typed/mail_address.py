"""E-mail addresses as people type them, and the links that write to them."""

import re
from urllib.parse import quote

from .tidy import tidy_value

ROUND_IT = " '\"\u2018\u2019\u201c\u201d<>.,;:"
# Of the signs that an address may have (RFC 5322, atext) those that mean nothing else in a link.
SAFE = "!$'*+-._~"


def tidy_address(typed: str) -> str:
    """The address alone: without a name or mailto: before it, brackets, quotes, and the full stop of its sentence."""
    address = tidy_value(typed)
    if named := re.search(r"<([^<>]*@[^<>]*)>", address):
        address = named[1]
    address = re.sub(r"^mailto:|\s*(@)\s*", r"\1", address.strip(ROUND_IT), flags=re.IGNORECASE)
    return address.strip()


def build_mail_link(address: str, **fields: str) -> str:
    """The address of a link that writes to it (RFC 6068): to this one reader, whatever signs the address has.

    address: empty where who writes chooses the reader. fields: subject and body.
    """
    name, at, host = tidy_address(address).rpartition("@")
    query = "&".join(f"{field}={quote(text, safe=SAFE)}" for field, text in fields.items())
    return f"mailto:{quote(name, safe=SAFE)}{at}{quote(host, safe=SAFE)}{query and '?'}{query}"
