"""What advice tells one to do (acts), which answers forbid it, and the advice itself.

A line or an article that only tells one to call, to ask, to tell or to leave something out has no act. An article that
weighs many things has none either, and has cautions of its own: its acts are what it is about as a whole. Warmth means
a warm pack on the back; that is fine in a pregnancy too.
"""

from __future__ import annotations

from ..model import Act, Advice, Ban, Level, all_of, any_of, chosen
from .conditions import FALL, FRAGILE, FROM_60, FROM_65, RECENT, SPORT_ARTICLES, UNDER_18

WARMTH, KEEP_MOVING, CHANGE_POSITION = "warmth", "keep_moving", "change_position"
EXERCISE, SPORT = "exercise", "sport_and_lifting"
PAINKILLER, ANTI_INFLAMMATORY = "pharmacist_painkiller", "anti_inflammatory"

# What asks for a visit soon, and for no sport or exercises before it. What is more urgent forbids them by its level.
HURT_BACK = (
    Ban(chosen("start", "accident_old"), ("nhs-back-pain",)),
    Ban(chosen("pain", "bone"), ("downie-2013",)),
    Ban(chosen("pain", "sudden"), ("dashed",)),
    Ban(chosen("history", "cord_injury"), ("paraplegie-feeling",)),
)

ACTS = (
    Act(
        WARMTH,
        (
            Ban(chosen("legs", "one_numb", "both", "spreading"), ("sfh-heat-ice", "ctm-sciatica")),
            Ban(chosen("saddle", "numb"), ("sfh-heat-ice",)),
            Ban(chosen("history", "cord_injury"), ("paraplegie-feeling",)),
            # Skin that is sore, broken or feels less.
            Ban(chosen("pain", "skin"), ("sfh-heat-ice",)),
            Ban(chosen("also", "rash", "wound"), ("sfh-heat-ice",)),
            Ban(chosen("history", "procedure"), ("sfh-heat-ice",)),
            # Infection or swelling.
            Ban(chosen("also", "fever", "shape"), ("deroyal-heat",)),
            Ban(chosen("after_birth", "wound"), ("deroyal-heat",)),
            Ban(chosen("legs", "calf"), ("deroyal-heat",)),
            Ban(chosen("aftermath", "swollen"), ("deroyal-heat",)),
            Ban(chosen("pain", "climbing", "hard"), ("lagreca-2024", "deroyal-heat")),
            Ban(all_of(FALL, RECENT), ("fpnotebook-heat",)),
        ),
    ),
    Act(
        KEEP_MOVING,
        (
            Ban(chosen("start", "accident"), ("nhs-back-pain",)),
            Ban(
                all_of(
                    chosen("start", "accident_old"),
                    chosen("duration", "under_2_weeks", "spells", "2_6_weeks", "6_12_weeks"),
                ),
                ("nhs-back-pain",),
            ),
            Ban(chosen("life", "cannot_stand"), ("nhs-back-pain",)),
            Ban(chosen("load", "cannot_bear"), ("pelvic-stress-2019",)),
            Ban(
                chosen("legs", "weak_one", "weak_both", "spreading", "unsteady"),
                ("lothian-red-flags", "northern-trust"),
            ),
            Ban(chosen("pain", "bone"), ("downie-2013",)),
            Ban(all_of(FALL, any_of(FRAGILE, FROM_65)), ("northern-trust", "acr-2021")),
            Ban(chosen("history", "cord_injury"), ("paraplegie-feeling",)),
            Ban(chosen("aftermath", "heat", "swollen", "trait"), ("niosh-rhabdo", "nata-sickle-2012")),
            Ban(chosen("history", "sickle"), ("uclh-sickle",)),
            Ban(chosen("also", "cola"), ("niosh-rhabdo",)),
            Ban(chosen("pain", "climbing", "hard"), ("lagreca-2024",)),
            Ban(chosen("now", "effort"), ("nhs-angina",)),
        ),
    ),
    Act(CHANGE_POSITION, (Ban(chosen("start", "accident", "accident_old"), ("nhs-back-pain",)),)),
    Act(
        EXERCISE,
        (*HURT_BACK, Ban(chosen("history", "operation"), ("acr-2021",))),
        from_level=Level.URGENT,
    ),
    Act(
        SPORT,
        (
            *HURT_BACK,
            Ban(chosen("legs", "one_numb", "both"), ("sheffield-sciatica",)),
            Ban(chosen("load", "impact", "low_energy"), ("pelvic-stress-2019",)),
            Ban(all_of(UNDER_18, chosen("load", "arching")), ("pars-pediatrics",)),
        ),
        from_level=Level.URGENT,
    ),
    Act(
        PAINKILLER,
        (
            Ban(chosen("medicines", "overdose"), ("fda-acetaminophen-qa",)),
            Ban(chosen("medicines", "borrowed"), ("nnepc-opioids",)),
            # Acetaminophen and a liver that is not well.
            Ban(chosen("also", "yellow"), ("fda-acetaminophen-qa",)),
            Ban(chosen("medicines", "black"), ("nsaid-label",)),
            # It tells a child to see to it alone.
            Ban(chosen("age", "under_13", "13_15_alone"), ("nhs-reye",)),
        ),
    ),
    Act(
        ANTI_INFLAMMATORY,
        (
            Ban(chosen("medicines", "thinner", "anti_inflammatory_risk"), ("nice-ng59", "nsaid-label")),
            Ban(chosen("medicines", "bleeds", "dry"), ("healthwise-bleeding", "havering-sick-days")),
            Ban(chosen("medicines", "overdose", "black"), ("fda-acetaminophen-qa", "nsaid-label")),
            Ban(FROM_60, ("otc-label", "nsaid-label")),
            Ban(any_of(UNDER_18, chosen("age", "under_13")), ("nhs-reye",)),
            Ban(chosen("history", "steroids"), ("otc-label", "nsaid-label")),
            Ban(chosen("history", "kidney", "sickle"), ("nsaid-label", "uclh-sickle")),
            Ban(chosen("also", "yellow", "belly"), ("nsaid-label",)),
            Ban(chosen("history", "pregnant", "period"), ("mhra-2023", "fda-nsaid-2020")),
            Ban(chosen("history", "birth"), ("nsaid-label",)),
            # Muscle that breaks down, or a body that is dried out: the kidneys.
            Ban(chosen("start", "effort"), ("lipman-2017",)),
            Ban(chosen("aftermath", "heat", "swollen", "trait"), ("niosh-rhabdo", "nata-sickle-2012")),
            Ban(chosen("also", "cola", "vomiting"), ("niosh-rhabdo", "lipman-2017")),
            Ban(chosen("pain", "climbing", "hard"), ("lagreca-2024",)),
        ),
    ),
)

URGENT, SOON, SELF_CARE = Level.URGENT, Level.SOON, Level.SELF_CARE

ADVICE = (
    Advice("move_until_seen", (KEEP_MOVING, CHANGE_POSITION), levels=(URGENT,)),
    Advice("move_gently", (KEEP_MOVING,), levels=(SOON,), article="keep-moving", section="walking"),
    Advice("move", (KEEP_MOVING,), levels=(SELF_CARE,), article="keep-moving", section="walking"),
    Advice("warmth", (WARMTH,), levels=(SOON, SELF_CARE), article="heat-and-cold", section="how-to-use-heat"),
    Advice("no_warmth", (WARMTH,), levels=(URGENT,), warns=True),
    Advice("position", (CHANGE_POSITION,), levels=(SELF_CARE,)),
    Advice(
        "painkiller",
        (PAINKILLER,),
        levels=(SOON, SELF_CARE),
        article="pain-medicines",
        section="how-much-is-too-much",
    ),
    Advice("ask_first", (PAINKILLER,), levels=(URGENT,), warns=True),
    Advice("back_to_sport", (SPORT,), levels=(SOON, SELF_CARE), article="planning-your-load", section="after-a-break"),
    Advice("days_in_bed", (KEEP_MOVING,), levels=(SOON,), avoid=True),
    Advice("in_bed", (KEEP_MOVING,), levels=(SELF_CARE,), avoid=True),
    Advice("anti_inflammatory", (ANTI_INFLAMMATORY,), levels=(URGENT, SOON, SELF_CARE), avoid=True, warns=True),
    Advice("breastfeeding", (PAINKILLER,), levels=(URGENT, SOON, SELF_CARE), rules=("birth",)),
    Advice("not_afraid", (KEEP_MOVING,), levels=(SOON, SELF_CARE), rules=("afraid",)),
)

ARTICLE_ACTS = {
    "first-days-at-home": (KEEP_MOVING,),
    "keep-moving": (KEEP_MOVING,),
    "back-to-work-and-daily-life": (KEEP_MOVING,),
    "planning-your-load": (SPORT,),
    "heat-and-cold": (WARMTH,),
    "exercises-at-home": (EXERCISE,),
    "core-and-hips": (EXERCISE,),
    "stop-it-coming-back": (EXERCISE,),
    "muscle-strain": (SPORT,),
    "overuse": (SPORT,),
    **dict.fromkeys(SPORT_ARTICLES.values(), (SPORT,)),
}
