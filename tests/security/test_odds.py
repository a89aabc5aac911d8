"""The odds of docs/security.md follow from the limits and lengths in the code."""

from datetime import timedelta
from pathlib import Path

import pytest
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from assessment.patient import pause_codes
from assessment.privacy import deletion_key
from core.client_address import WIDTHS
from site_project import login
from staff import factors

PAGE = (Path(__file__).parents[2] / "docs/security.md").read_text(encoding="utf-8")
DAY = timedelta(days=1)
EVERYTHING = 1000 * 86_400
GOOD = (2 * TOTPDevice._meta.get_field("tolerance").default + 1) / 10 ** TOTPDevice._meta.get_field("digits").default
LONGEST_WAIT = timedelta(seconds=2 ** (factors.DOUBLINGS - 1))


def per_day(limit):
    return limit.capacity + DAY // limit.refill


def row(start):
    return next(line for line in PAGE.splitlines() if line.startswith(f"| {start}"))


@pytest.mark.parametrize(
    ("start", "guesses", "odds"),
    [
        ("pause code", EVERYTHING, EVERYTHING * 1000 / 10**pause_codes.LENGTH),
        ("deletion key", EVERYTHING, EVERYTHING * 1e6 / len(deletion_key.ALPHABET) ** deletion_key.LENGTH),
        ("password of one account", per_day(login.ONE_NAME), per_day(login.ONE_NAME) / 1e9),
        ("the same, on a stolen device that", per_day(login.KNOWN_DEVICE), None),
        ("the same, with the code", per_day(login.BESIDE_HERE), None),
        ("code of the phone", round(DAY / LONGEST_WAIT), round(DAY / LONGEST_WAIT) * GOOD),
        ("the same, on a stolen device |", per_day(factors.HERE), per_day(factors.HERE) * GOOD),
        ("recovery code", per_day(factors.PAPER), per_day(factors.PAPER) * 1e4 * factors.RECOVERY_CODES / 32**8),
    ],
)
def test_the_odds_are_those_of_the_code(start, guesses, odds):
    text = row(start)
    assert f"{guesses:,}" in text
    if odds and odds > 1e-20:
        assert f"{odds * 100:.2g} %" in text or f"{odds * 100:.5f} %" in text
        years = 1 / odds / 365.25
        assert "years" not in text or f"in {years:.2g} years" in text or f"in {years:.0f} years" in text
    elif odds:
        assert f"{odds * 100:.0e}" == "8e-24"


def test_a_recovery_code_has_forty_bits_and_good_codes_beside_a_password_are_few():
    assert len(StaticToken.random_token()) == 8
    text = row("the same, with the code")
    everywhere = per_day(login.BESIDE_HERE) * 10_000
    assert f"{everywhere:,} from 10,000" in text
    assert f"{everywhere * GOOD:.0f} a day are good codes" in text


def test_the_widths_and_the_places_for_hashing_are_those_of_the_code():
    assert WIDTHS == {4: ((32, 1), (24, 8)), 6: ((64, 1), (56, 4), (48, 16))}
    assert (login.HASHING._initial_value, login.HASHING_WITH_CODE._initial_value) == (3, 2)
    assert (login.ALL_NAMES_HERE.capacity, login.ALL_NAMES_HERE.refill) == (20, timedelta(minutes=1))
