"""Telephone numbers: read as they are dialled in the clinic's country (the setting CLINIC_COUNTRY), with + as anywhere.

Emergency numbers and crisis lines (911, 112, 988, 116 123) have other rules: they are dialled as they are written.
"""

import re

import phonenumbers
from django.conf import settings
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat

from .tidy import tidy_value

# What people write before a number, such as "Phone:" or "my mobile", and round it.
LABEL = re.compile(r"^(?:[^\W\d_]{2,}[.:]*\s+|[^\W\d_]+[.:]+\s*)+(?=[\d+(])")
QUOTES = " '\"\u2018\u2019\u201c\u201d\u00ab\u00bb.,;:"
EXTENSION = re.compile(r"#|(?<![^\W\d_])ext(?:ension|n)?\.?", re.IGNORECASE)


def tidy_number(typed: str) -> str:
    """A number in the signs of a keyboard, without the words before it; "ext" or "#" as x."""
    number = LABEL.sub("", tidy_value(typed).strip(QUOTES))
    return " ".join(EXTENSION.sub("x", number).split())


def parse_number(number: str) -> PhoneNumber | None:
    """The number with its country and extension; None for what is dialled in no country."""
    try:
        return phonenumbers.parse(number, settings.CLINIC_COUNTRY)
    except NumberParseException:
        return None


def is_whole_number(number: str) -> bool:
    """Whether it has as many digits as numbers of its country have, with the area code or, where one may, without."""
    found = parse_number(number)
    return found is not None and phonenumbers.is_possible_number(found)


def read_national_digits(number: str) -> str:
    """The same digits however it is written, without the code of its country and its extension; "" for no number.

    Without the country, so that a number that was saved with its + is found by what its owner says on the telephone.
    """
    found = parse_number(number)
    return str(found.national_number) if found else ""


def build_telephone_link(number: str) -> str:
    """The address of a link that calls it (RFC 3966): from anywhere if it can be, else by the digits as written."""
    number = LABEL.sub("", tidy_value(number).strip(QUOTES))
    found = parse_number(number)
    if found is None or not phonenumbers.is_possible_number(found):
        return build_short_number_link(number)
    if phonenumbers.is_valid_number(found) and phonenumbers.can_be_internationally_dialled(found):
        return phonenumbers.format_number(found, PhoneNumberFormat.RFC3966)
    if found.extension:
        return f"{build_short_number_link(number.rpartition(found.extension)[0])};ext={found.extension}"
    return build_short_number_link(number)


def build_short_number_link(number: str) -> str:
    """The address of a link that calls an emergency number or a crisis line: its digits, and nothing before them."""
    return "tel:" + phonenumbers.normalize_diallable_chars_only(tidy_value(number)).replace("#", "%23")
