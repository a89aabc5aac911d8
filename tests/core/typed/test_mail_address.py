"""E-mail addresses: one form, and links that write to one reader (RFC 6068)."""

import re
from urllib.parse import unquote

import pytest

from core.typed.mail_address import build_mail_link, tidy_address

# RFC 6068: mailtoURI without hfields, for one address with a dot-atom on both sides.
QTEXT = r"(?:[A-Za-z0-9!$'*+._~-]|%[0-9A-F]{2})+"
RFC_6068 = re.compile(rf"mailto:{QTEXT}@{QTEXT}")


@pytest.mark.parametrize(
    "written",
    [
        "ana@example.com", " ana@example.com ", "mailto:ana@example.com", "Ana Example <ana@example.com>",
        "<ana@example.com>", "\u201cana@example.com\u201d", "ana@example.com.", "ana\u200b@example.com",
        "\u202aana@example.com\u202c", "ana\uff20example.com", "ana @ example.com", "ana@example.com;",
    ],
)  # fmt: skip
def test_an_address_is_one_however_it_is_pasted(written):
    assert tidy_address(written) == "ana@example.com"


@pytest.mark.parametrize(
    "address",
    [
        "ana@example.com",
        "me?bcc=all@example.com",
        "me?subject=hi&body=x@example.com",
        "a,b@example.com",
        "a%0d%0aBcc:x@example.com",
        "o'neil+back@example.com",
        'a"b c"@example.com',
        "ana#x@example.com",
        "josé@exämple.com",
        "ana@example.com?bcc=x",
    ],
)
def test_a_link_writes_to_this_address_and_to_no_other(address):
    link = build_mail_link(address)
    assert RFC_6068.fullmatch(link)
    assert unquote(link) == f"mailto:{address}"


def test_a_link_without_a_reader_brings_its_subject_and_its_text():
    link = build_mail_link("", subject="Mine & yours", body="https://clinic.example/?a")
    assert link == "mailto:?subject=Mine%20%26%20yours&body=https%3A%2F%2Fclinic.example%2F%3Fa"


def test_a_link_to_a_plain_address_is_as_it_is_read():
    assert build_mail_link("o'neil+back@example.com") == "mailto:o'neil+back@example.com"
