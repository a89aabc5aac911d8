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
    Question("who", make_options("me", "other")),
    Question(
        "age", make_options("under_13", "13_15", "13_15_alone", "16_17", "18_49", "50_59", "60_64", "65_74", "75_plus")
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
            UNSURE,
        ),
        many=True,
    ),
    Question(
        "start",
        make_options("movement", "gradual", "suddenly", "effort", "fall", "accident", "accident_old", UNSURE),
        red_flag=True,
    ),
    make_checklist("aftermath", "heat", "swollen", "sickle", when=chosen("start", "fall", "effort")),
    make_checklist("saddle", "pee_hard", "pee_leak", "bowel", "numb", "sex", "pee_stress", "old"),
    make_checklist(
        "legs", "one_pain", "calf", "one_numb", "weak_one", "both", "weak_both", "spreading", "unsteady", "old"
    ),
    Question(
        "both_legs",
        make_options("new", "steady", "sore", "no", UNSURE),
        red_flag=True,
        when=chosen("legs", "both"),
        order=("no", "steady", "new"),
    ),
    make_checklist("pain", "night", "sudden", "climbing", "hard", "waves", "breath", "band", "skin", "bone"),
    make_checklist("vessels", "pressure", "smoker", "family", when=all_of(chosen("pain", "sudden"), BELOW_60)),
    make_checklist(
        "also",
        "fever",
        "sweats",
        "weight",
        "winded",
        "burning",
        "blood",
        "cola",
        "belly",
        "low_belly",
        "vomiting",
        "rash",
        "shape",
    ),
    make_checklist(
        "history",
        "cancer",
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
        when=all_of(chosen("history", "pregnant", "period"), FERTILE),
    ),
    make_checklist("after_birth", "heavy", "headache", "wound", when=BIRTH),
    make_checklist("clot", "blood", "still", "journey", "before", "estrogen", when=any_of(BREATH, WINDED, CALF)),
    # Before the medicines: too many painkillers end the check, and who wants to die should have been asked.
    make_checklist("life", "cannot_stand", "stops_day", "afraid", "worried", "low", "self_harm"),
    make_checklist("medicines", "thinner", "anti_inflammatory_risk", "overdose", "black"),
    # A child below 13 is sent to a children's doctor whatever comes now: no more questions than can change that.
    Question("duration", make_options("under_2_weeks", "2_6_weeks", "6_12_weeks", "3_months", UNSURE), when=FROM_13),
    Question(
        "trend", make_options("better", "same", "worse", UNSURE), when=TWO_WEEKS, order=("better", "same", "worse")
    ),
    Question(
        "known",
        make_options("same", "no_help", "changed", "never", UNSURE),
        red_flag=True,
        when=CHRONIC,
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
