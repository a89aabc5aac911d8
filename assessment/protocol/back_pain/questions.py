"""The questions, in the order they are asked."""

from __future__ import annotations

from ..model import NONE, UNSURE, Condition, Option, Question, chosen, every, some
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


def options(*codes: str) -> tuple[Option, ...]:
    kinds = {NONE: "none", "old": "none", UNSURE: "unsure"}
    return tuple(Option(code, kind=kinds.get(code, "plain")) for code in codes)


def checklist(code: str, *codes: str, when: Condition | None = None) -> Question:
    """A red-flag page: any number of signs, or "None of these"; "I am not sure" may stand beside signs."""
    return Question(code, options(*codes, NONE, UNSURE), many=True, red_flag=True, when=when)


QUESTIONS = (
    checklist(
        "now", "chest", "heavy", "effort", "breathless", "collapse", "tearing", "clammy", "unwell", "lump", "cord"
    ),
    Question("who", options("me", "other")),
    Question(
        "age", options("under_13", "13_15", "13_15_alone", "16_17", "18_49", "50_59", "60_64", "65_74", "75_plus")
    ),
    Question(
        "where",
        options(
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
        options("movement", "gradual", "suddenly", "effort", "fall", "accident", "accident_old", UNSURE),
        red_flag=True,
    ),
    checklist("aftermath", "heat", "swollen", "sickle", when=chosen("start", "fall", "effort")),
    checklist("saddle", "pee_hard", "pee_leak", "bowel", "numb", "sex", "pee_stress", "old"),
    checklist("legs", "one_pain", "calf", "one_numb", "weak_one", "both", "weak_both", "spreading", "unsteady", "old"),
    Question(
        "both_legs",
        options("new", "steady", "sore", "no", UNSURE),
        red_flag=True,
        when=chosen("legs", "both"),
        order=("no", "steady", "new"),
    ),
    checklist("pain", "night", "sudden", "climbing", "hard", "waves", "breath", "band", "skin", "bone"),
    checklist("vessels", "pressure", "smoker", "family", when=every(chosen("pain", "sudden"), BELOW_60)),
    checklist(
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
    checklist(
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
    checklist(
        "pregnancy",
        "bleeding",
        "tightenings",
        "fluid",
        "movements",
        "one_sided",
        "shoulder",
        when=every(chosen("history", "pregnant", "period"), FERTILE),
    ),
    checklist("after_birth", "heavy", "headache", "wound", when=BIRTH),
    checklist("clot", "blood", "still", "journey", "before", "estrogen", when=some(BREATH, WINDED, CALF)),
    # Before the medicines: too many painkillers end the check, and who wants to die should have been asked.
    checklist("life", "cannot_stand", "stops_day", "afraid", "worried", "low", "self_harm"),
    checklist("medicines", "thinner", "anti_inflammatory_risk", "overdose", "black"),
    # A child below 13 is sent to a children's doctor whatever comes now: no more questions than can change that.
    Question("duration", options("under_2_weeks", "2_6_weeks", "6_12_weeks", "3_months", UNSURE), when=FROM_13),
    Question("trend", options("better", "same", "worse", UNSURE), when=TWO_WEEKS, order=("better", "same", "worse")),
    Question(
        "known",
        options("same", "no_help", "changed", "never", UNSURE),
        red_flag=True,
        when=CHRONIC,
        order=("same", "never", "changed"),
    ),
    Question(
        "stiff",
        options("morning", "moving", "half_night", "buttock", "family", "skin", "red_eye", NONE, UNSURE),
        many=True,
        red_flag=True,
        when=every(CHRONIC, BELOW_50),
    ),
    Question("sport", options(*SPORT_ARTICLES, "other", NONE), when=FROM_13),
    checklist(
        "load", "arching", "impact", "cannot_bear", "low_energy", when=every(PLAYS_SPORT, some(UNDER_18, TWO_WEEKS))
    ),
)
