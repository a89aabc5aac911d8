"""Telephone numbers: one number however it is written, whole or not, and what a link dials."""

import pytest

from core.typed import telephone


@pytest.mark.parametrize(
    "written", ["555 010 0123", "+1 (555) 010-0123", "5550100123", "555.010.0123 ext 4", "1 555 010 0123"]
)
def test_a_number_has_the_same_digits_however_it_is_written(written):
    assert telephone.read_national_digits(written) == "5550100123"


@pytest.mark.parametrize("written", ["+44 7700 900123", "+44 (0)7700 900123", "011 44 7700 900123", "07700 900123"])
def test_a_number_of_another_country_has_the_digits_that_its_owner_says(written):
    assert telephone.read_national_digits(written) == "7700900123"


@pytest.mark.parametrize("written", ["", "call me", "+", "+999 12345678"])
def test_what_no_country_dials_has_no_digits(written):
    assert telephone.read_national_digits(written) == ""


@pytest.mark.parametrize(
    "written", ["202 555 0123", "555 0100", "202 555 0123 x4", "+44 20 7946 0958", "+49 30 12345678"]
)
def test_a_number_is_whole_with_its_area_code_or_within_the_area_or_with_its_country(written):
    assert telephone.is_whole_number(written)


@pytest.mark.parametrize("written", ["12345", "202 555 01234", "020 7946 0958", "+44 20", "+999 12345678", "1" * 300])
def test_a_number_with_too_few_or_too_many_digits_for_its_country_is_not_whole(written):
    assert not telephone.is_whole_number(written)


def test_a_number_without_its_country_is_of_the_clinics_country(settings):
    settings.CLINIC_COUNTRY = "GB"
    assert telephone.is_whole_number("020 7946 0958")
    assert telephone.build_telephone_link("020 7946 0958") == "tel:+44-20-7946-0958"


@pytest.mark.parametrize(
    ("written", "link"),
    [
        ("(202) 555-0123", "tel:+1-202-555-0123"),
        ("202 555 0123 ext 45", "tel:+1-202-555-0123;ext=45"),
        ("+44 20 7946 0958", "tel:+44-20-7946-0958"),
        ("1-800-FLOWERS", "tel:+1-800-356-9377"),
    ],
)
def test_a_link_to_a_number_that_there_can_be_works_from_anywhere(written, link):
    assert telephone.build_telephone_link(written) == link


@pytest.mark.parametrize(
    ("written", "link"),
    [
        ("555 0100 123", "tel:5550100123"),
        ("555 0100 123 x 12", "tel:5550100123;ext=12"),
        ("555 0100", "tel:5550100"),
        ("+1 555 0100 123", "tel:+15550100123"),
        ("\uff15\uff15\uff15 0100 123 x \uff14", "tel:5550100123;ext=4"),
        ("0044 20 7946 0958", "tel:00442079460958"),
    ],
)
def test_a_link_to_any_other_number_dials_it_as_it_is_written(written, link):
    assert telephone.build_telephone_link(written) == link


def test_a_number_for_callers_of_one_country_is_dialled_as_it_is_written(settings):
    settings.CLINIC_COUNTRY = "AU"
    assert telephone.build_telephone_link("1800 55 1800") == "tel:1800551800"


@pytest.mark.parametrize("country", ["US", "GB", "DE", "AU", "FR"])
@pytest.mark.parametrize("number", ["911", "112", "999", "000", "988", "116 123", "13 11 14"])
def test_an_emergency_number_is_dialled_as_it_is_written_in_every_country(settings, country, number):
    settings.CLINIC_COUNTRY = country
    assert telephone.build_short_number_link(number) == f"tel:{number.replace(' ', '')}"


@pytest.mark.parametrize("country", ["US", "GB", "DE", "AU", "FR"])
@pytest.mark.parametrize("number", ["911", "112", "999", "988", "116 123", "13 11 14"])
def test_a_clinic_whose_number_is_a_short_one_is_called_by_it(settings, country, number):
    settings.CLINIC_COUNTRY = country
    assert telephone.build_telephone_link(number) == f"tel:{number.replace(' ', '')}"
