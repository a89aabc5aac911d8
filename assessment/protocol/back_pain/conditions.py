"""Conditions that more than one question or rule uses."""

from __future__ import annotations

from ..model import UNSURE, AtLeast, all_of, any_of, chosen

# The sports one can choose, in the order shown, with the address of each one's article.
SPORT_ARTICLES = {
    "baseball": "baseball",
    "golf": "golf",
    "tennis": "tennis",
    "cricket": "cricket",
    "gymnastics": "gymnastics",
    "rowing": "rowing",
    "weightlifting": "weightlifting",
    "running": "running",
    "swimming": "swimming",
    "american_football": "american-football",
    "ice_hockey": "ice-hockey",
    "cycling": "cycling",
    "volleyball": "volleyball",
    "basketball": "basketball",
    "soccer": "soccer",
    "dance": "dance",
    "combat": "combat-sports",
    "skiing": "skiing",
}

TEEN = chosen("age", "13_15", "13_15_alone")
UNDER_18 = chosen("age", "13_15", "13_15_alone", "16_17")  # under 13 is urgent in any case
FROM_50 = chosen("age", "50_59", "60_64", "65_74", "75_plus")
BELOW_50 = chosen("age", "13_15", "13_15_alone", "16_17", "18_49")
BELOW_60 = any_of(BELOW_50, chosen("age", "under_13", "50_59"))
FROM_60 = chosen("age", "60_64", "65_74", "75_plus")
FROM_65 = chosen("age", "65_74", "75_plus")
FROM_13 = any_of(BELOW_50, FROM_50)
# Where age tells nothing against a pregnancy; at 55 the end of fertility is taken for granted (FSRH), inside one band.
FERTILE = chosen("age", "13_15", "13_15_alone", "16_17", "18_49", "50_59")
PREGNANT = all_of(chosen("history", "pregnant"), FERTILE)
BIRTH = all_of(chosen("history", "birth"), FERTILE)
RECENT = chosen("duration", "under_2_weeks", "spells")
TWO_WEEKS = chosen("duration", "2_6_weeks", "6_12_weeks", "3_months")
SIX_WEEKS = chosen("duration", "6_12_weeks", "3_months")
CHRONIC = chosen("duration", "3_months")
NOT_BETTER = chosen("trend", "same", "worse")
UPPER_BACK = chosen("where", "upper_left", "upper_right", "middle_left", "middle_right")
# Without those that are an emergency by themselves. Who takes "both" back has it in one leg.
BOTH_LEGS = any_of(
    chosen("both_legs", "steady", "not_eased"), all_of(chosen("legs", "both"), chosen("both_legs", "no"))
)
LEG_SIGN = any_of(chosen("legs", "one_numb", "weak_one", "unsteady"), BOTH_LEGS)
FALL = chosen("start", "fall")
# A serious accident of the last 3 days ends the check; after months it decides nothing today.
ACCIDENT_DAYS = all_of(chosen("start", "accident_old"), RECENT)
OLD_ACCIDENT = all_of(chosen("start", "accident_old"), TWO_WEEKS)
INJURY = any_of(
    FALL,
    all_of(chosen("start", "accident_old"), chosen("duration", "under_2_weeks", "spells", "2_6_weeks", "6_12_weeks")),
)
FRAGILE = chosen("history", "thin_bones", "steroids")
WEAK = chosen("history", "injects", "defences")
INFECTION = chosen("history", "infection")
CANCER = chosen("history", "cancer", "cancer_old")
SICKLE = chosen("history", "sickle")
# How pain behaves that is no strain's.
UNLIKE_STRAIN = chosen("pain", "night", "lying")
# Very tired alone counts as ill, but for an age from 50 by itself: see ill_risk.
ILL = chosen("also", "ill", "tired")
# A clot in the lung: one sign is common and mostly harmless, two together or one with a risk are not. In a pregnancy
# stairs get harder in any case: there it takes the pain on breathing in.
BREATH, WINDED, CALF = chosen("pain", "breath"), chosen("also", "winded"), chosen("legs", "calf")
CLOT_RISK = any_of(chosen("clot", "still", "journey", "before", "estrogen"), chosen("history", "cancer", "birth"))
PLAYS_SPORT = chosen("sport", *SPORT_ARTICLES, "other")
# Harmless alone, and what is harmless beside none of them.
PREGNANCY, BIRTH_OR_KIDNEY = chosen("history", "pregnant"), chosen("history", "birth", "kidney")
RISKS = (PREGNANCY, chosen("history", "birth"), chosen("history", "kidney"), chosen("medicines", "thinner"))
PLAIN_FACTS = (
    chosen("where", "buttock_left", "buttock_right", "leg_left", "leg_right", UNSURE),
    chosen("start", "gradual", "suddenly", "effort"),
    chosen("legs", "one_pain"),
    chosen("pain", "wakes"),
    chosen("life", "afraid", "worried"),
    chosen("medicines", "anti_inflammatory_risk"),
    chosen("duration", "spells", "2_6_weeks", "6_12_weeks", "3_months", UNSURE),
    PLAYS_SPORT,
)
# What can wait at home from 18 to 49, and not at these ages.
AGE_AND_MORE = any_of(
    all_of(
        TEEN,
        any_of(
            chosen("where", "buttock_left", "buttock_right", "leg_left", "leg_right"),
            chosen("start", "gradual", "suddenly"),
            chosen("medicines", "anti_inflammatory_risk"),
            chosen("duration", UNSURE),
        ),
    ),
    all_of(
        UNDER_18,
        any_of(
            chosen("legs", "one_pain"),
            chosen("history", "kidney", "pregnant", "birth"),
            chosen("life", "stops_day"),
            chosen("duration", "spells", "6_12_weeks", "3_months"),
        ),
    ),
    all_of(chosen("age", "50_59"), chosen("history", "pregnant")),
    all_of(chosen("age", "13_15", "50_59", "60_64", "65_74"), chosen("medicines", "thinner")),
    all_of(
        chosen("age", "60_64", "65_74"),
        AtLeast(
            2,
            (
                chosen("where", "leg_left", "leg_right"),
                chosen("start", "gradual", "effort"),
                chosen("legs", "one_pain"),
                chosen("pain", "wakes"),
                chosen("medicines", "anti_inflammatory_risk"),
                chosen("duration", "spells", "2_6_weeks", UNSURE),
            ),
        ),
    ),
    all_of(chosen("age", "60_64"), any_of(chosen("history", "kidney"), chosen("life", "stops_day"), FALL)),
    all_of(chosen("age", "65_74"), any_of(chosen("pain", "wakes"), chosen("duration", "spells", UNSURE))),
)
