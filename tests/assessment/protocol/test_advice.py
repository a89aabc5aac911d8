"""The result in words."""

import pytest

from assessment.protocol import wording
from assessment.protocol.advice import compose
from assessment.protocol.back_pain import PROTOCOL
from assessment.protocol.engine import assess

from ..walks import STRAIN

PLACES = {
    "emergency_number": "112",
    "crisis_line": "116",
    "clinic": ", the test clinic",
    "or_clinic": " or the test clinic",
}


def result(**changes):
    return compose(PROTOCOL, assess(PROTOCOL, {**STRAIN, **changes}), wording.load(), PLACES)


def texts(lines):
    return [line["text"] for line in lines]


def test_an_unfinished_check_has_no_result():
    with pytest.raises(ValueError, match="not finished"):
        compose(PROTOCOL, assess(PROTOCOL, {}), wording.load(), PLACES)


def test_the_emergency_number_of_the_settings_is_shown():
    assert result(now=["chest"])["heading"] == "Call 112 now"


def test_no_place_is_left_open_in_any_result():
    for changes in ({}, {"now": ["chest"]}, {"life": ["self_harm"]}, {"also": ["fever"]}, {"legs": ["one_numb"]}):
        assert "{" not in str([value for key, value in result(**changes).items() if key != "reasons"]).replace("{'", "")


def test_an_emergency_shows_only_its_own_reasons_and_nothing_to_read():
    told = result(now=["chest"])
    assert told["also"] == []
    assert told["articles"] == []


def test_the_articles_name_the_patients_own_sport():
    assert "golf" in result()["articles"]
    assert "combat-sports" in result(sport=["combat"])["articles"]


def test_the_sport_and_the_first_days_stay_when_many_rules_have_articles():
    told = result(start=["gradual"], legs=["one_pain"], medicines=["thinner"], life=["stops_day", "afraid"])
    assert told["level"] == "self_care"
    assert {"golf", "first-days-at-home"} <= set(told["articles"])
    assert len(told["articles"]) == 5


def test_a_rule_that_says_the_same_and_more_takes_the_place_of_the_lesser():
    told = result(legs=["one_pain", "one_numb"])
    assert not any("often calms down" in text for text in texts(told["reasons"] + told["also"]))


def test_not_sure_is_told_once_for_a_question():
    told = result(now=["not_sure"])
    assert len(told["reasons"]) == 1
    assert "You were not sure about “Signs that need help now”" in texts(told["reasons"])[0]
    assert not told["also"]


def test_not_sure_adds_no_advice_for_what_nobody_said():
    told = result(medicines=["not_sure"])
    assert not any("packs" in line for line in told["do"])
    assert any("ibuprofen" in line for line in told["avoid"])


def test_not_sure_about_an_emergency_sign_says_when_to_call():
    assert "call 112 at once" in result(now=["not_sure"])["do"][0]


def test_a_teenager_alone_first_reads_to_fetch_an_adult():
    assert result(age=["13_15_alone"], load=["none"])["do"][0].startswith("Show this page to a parent")


def test_a_result_for_somebody_else_says_so_at_every_level():
    for changes in ({"now": ["chest"]}, {"also": ["fever"]}, {}):
        told = result(**{"who": ["other"], **changes})
        expected = [] if "now" in changes else ["This is for the person you answered for."]
        assert told["notes"] == expected


def test_a_clinic_without_a_telephone_is_not_one_to_call():
    places = {**PLACES, "clinic": "", "or_clinic": ""}
    told = compose(PROTOCOL, assess(PROTOCOL, {**STRAIN, "also": ["fever"]}), wording.load(), places)
    assert told["do"][0].startswith("Call your doctor or an urgent care center today.")


def test_the_medicine_caution_stays_when_something_else_decides():
    assert any("ibuprofen" in line for line in result(medicines=["thinner"], also=["weight"])["avoid"])


def test_a_strain_is_told_that_no_warning_sign_was_found():
    assert texts(result()["reasons"])[0] == wording.load()["common"]["no_rules_reason"]
