"""The questions, in the order they are asked."""

from __future__ import annotations

from ..model import NONE, UNSURE, Condition, Option, Question, all_of, any_of, chosen
from .conditions import (
    BELOW_50,
    BELOW_60,
    BIRTH,
    BREATH,
    CALF,
    CHRONIC,
    FERTILE,
    FROM_13,
    PLAYS_SPORT,
    SPORT_ARTICLES,
    TWO_WEEKS,
    UNDER_18,
    WINDED,
)


def make_options(*codes: str) -> tuple[Option, ...]:
    kinds = {NONE: "none", "old": "none", UNSURE: "unsure"}
    return tuple(Option(code, kind=kinds.get(code, "plain")) for code in codes)


def make_checklist(code: str, *codes: str, when: Condition | None = None) -> Question:
    """A red-flag page: any number of signs, or "None of these"; "I am not sure" may stand beside signs."""
    return Question(code, make_options(*codes, NONE, UNSURE), many=True, red_flag=True, when=when)


QUESTIONS = (
    make_checklist(
        "now", "chest", "heavy", "effort", "breathless", "collapse", "tearing", "clammy", "unwell", "lump", "cord"
    ),
    Question(
        "age",
        make_options("under_13", "13_15", "13_15_alone", "16_17", "18_49", "50_59", "60_64", "65_74", "75_plus"),
        mild="18_49",
    ),
    Question(
        "where",
        make_options(
            "upper_left",
            "upper_right",
            "middle_left",
            "middle_right",
            "lower_left",
            "lower_right",
            "buttock_left",
            "buttock_right",
            "leg_left",
            "leg_right",
            "elsewhere",
            UNSURE,
        ),
        many=True,
    ),
    Question(
        "start",
        make_options("movement", "gradual", "suddenly", "effort", "fall", "accident", "accident_old", UNSURE),
        red_flag=True,
        mild="movement",
    ),
    make_checklist("aftermath", "head", "heat", "swollen", "trait", when=chosen("start", "fall", "effort")),
    make_checklist("saddle", "pee_hard", "pee_leak", "bowel", "numb", "sex", "rather_not", "old"),
    make_checklist(
        "legs", "one_pain", "calf", "one_numb", "weak_one", "both", "weak_both", "spreading", "unsteady", "old"
    ),
    Question(
        "both_legs",
        make_options("new", "not_eased", "steady", "no", UNSURE),
        red_flag=True,
        when=chosen("legs", "both"),
        order=("no", "steady", "not_eased", "new"),
    ),
    make_checklist(
        "pain", "night", "lying", "wakes", "sudden", "climbing", "hard", "waves", "breath", "band", "skin", "bone"
    ),
    make_checklist(
        "vessels", "pressure", "smoker", "family", "stimulants", when=all_of(chosen("pain", "sudden"), BELOW_60)
    ),
    make_checklist(
        "also",
        "fever",
        "sweats",
        "weight",
        "ill",
        "tired",
        "yellow",
        "winded",
        "burning",
        "blood",
        "cough_blood",
        "cola",
        "belly",
        "low_belly",
        "vomiting",
        "rash",
        "shape",
        "wound",
    ),
    make_checklist(
        "history",
        "cancer",
        "cancer_old",
        "thin_bones",
        "height",
        "steroids",
        "fused",
        "injects",
        "defences",
        "infection",
        "procedure",
        "operation",
        "cord_injury",
        "sickle",
        "kidney",
        "pregnant",
        "birth",
        "period",
    ),
    make_checklist(
        "pregnancy",
        "bleeding",
        "tightenings",
        "fluid",
        "movements",
        "one_sided",
        "shoulder",
        "constant",
        "headache",
        when=all_of(chosen("history", "pregnant", "period"), FERTILE),
    ),
    make_checklist("after_birth", "heavy", "headache", "wound", when=BIRTH),
    make_checklist("clot", "still", "journey", "before", "estrogen", when=any_of(BREATH, WINDED, CALF)),
    # Before the medicines: too many painkillers end the check, and who wants to die should have been asked.
    make_checklist("life", "cannot_stand", "stops_day", "afraid", "worried", "low", "self_harm"),
    make_checklist("medicines", "thinner", "anti_inflammatory_risk", "overdose", "borrowed", "black", "bleeds", "dry"),
    # A child below 13 is sent to a children's doctor whatever comes now: no more questions than can change that.
    Question(
        "duration",
        make_options("under_2_weeks", "spells", "2_6_weeks", "6_12_weeks", "3_months", UNSURE),
        mild="under_2_weeks",
        when=FROM_13,
    ),
    Question(
        "trend", make_options("better", "same", "worse", UNSURE), when=TWO_WEEKS, order=("better", "same", "worse")
    ),
    Question(
        "known",
        make_options("same", "no_help", "changed", "never", UNSURE),
        red_flag=True,
        when=chosen("duration", "spells", "3_months"),
        order=("same", "never", "changed"),
    ),
    Question(
        "stiff",
        make_options("morning", "moving", "half_night", "buttock", "family", "skin", "red_eye", NONE, UNSURE),
        many=True,
        red_flag=True,
        when=all_of(CHRONIC, BELOW_50),
    ),
    Question("sport", make_options(*SPORT_ARTICLES, "other", NONE), when=FROM_13),
    make_checklist(
        "load", "arching", "impact", "cannot_bear", "low_energy", when=all_of(PLAYS_SPORT, any_of(UNDER_18, TWO_WEEKS))
    ),
)
