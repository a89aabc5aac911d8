"""Telephone numbers: read as they are dialled in the clinic's country (the setting CLINIC_COUNTRY), with + as anywhere.

Emergency numbers and crisis lines (911, 112, 988, 116 123) have other rules: they are dialled as they are written.
"""

import phonenumbers
from django.conf import settings
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat


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
    number = phonenumbers.normalize_digits_only(number, keep_non_digits=True)
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
    return f"tel:{phonenumbers.normalize_diallable_chars_only(number)}"
