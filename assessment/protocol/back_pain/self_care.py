"""Rules that raise nothing: they add a reason or a caution to looking after oneself at home."""

from __future__ import annotations

from ..model import Level, Rule, chosen
from .conditions import CHRONIC, FALL

SELF_CARE = Level.SELF_CARE

RULES = (
    Rule(
        "chronic",
        SELF_CARE,
        when=CHRONIC,
        sources=("who-2023", "nice-ng59", "suri-2012"),
        articles=("three-months-or-longer", "living-with-long-lasting-pain"),
    ),
    Rule(
        "long_standing",
        SELF_CARE,
        when=chosen("saddle", "old"),
        sources=("royal-free-ces", "patient-leak", "bnssg-stenosis"),
    ),
    Rule(
        "old_leg",
        SELF_CARE,
        when=chosen("legs", "old"),
        sources=("bnssg-stenosis", "girft-2023"),
        articles=("leg-pain",),
    ),
    Rule(
        "leg_pain",
        SELF_CARE,
        when=chosen("legs", "one_pain"),
        sources=("sheffield-sciatica",),
        articles=("leg-pain", "nerves"),
    ),
    Rule(
        "pregnant",
        SELF_CARE,
        when=chosen("history", "pregnant"),
        sources=("northern-trust", "mhra-2023"),
        articles=("back-pain-in-pregnancy",),
    ),
    Rule(
        "birth",
        SELF_CARE,
        when=chosen("history", "birth"),
        sources=("northern-trust", "awhonn-birth", "abb-birth-clot"),
        articles=("back-pain-in-pregnancy",),
    ),
    Rule(
        "no_anti_inflammatory",
        SELF_CARE,
        when=chosen("medicines", "thinner", "anti_inflammatory_risk"),
        sources=("nice-ng59", "nsaid-label"),
        articles=("pain-medicines",),
        instead_of=("ask_first",),
    ),
    Rule(
        "one_kidney",
        SELF_CARE,
        when=chosen("history", "kidney"),
        sources=("nsaid-label",),
        articles=("pain-medicines",),
    ),
    Rule("wakes", SELF_CARE, when=chosen("pain", "wakes"), sources=("nhs-back-pain",), articles=("night-pain",)),
    # From 75 and with thin bones or steroids, other rules decide and say the same.
    Rule("ask_first", SELF_CARE, when=chosen("age", "60_64", "65_74"), sources=("otc-label", "nsaid-label")),
    Rule("young", SELF_CARE, when=chosen("age", "13_15", "16_17"), sources=("bmj-teenagers-2015", "perth-children")),
    Rule(
        "stops_day",
        SELF_CARE,
        when=chosen("life", "stops_day"),
        sources=("menezes-costa-2012",),
        articles=("first-days-at-home", "back-to-work-and-daily-life"),
    ),
    Rule(
        "afraid", SELF_CARE, when=chosen("life", "afraid"), sources=("lancet-2018",), articles=("keep-moving", "myths")
    ),
    Rule(
        "worried",
        SELF_CARE,
        when=chosen("life", "worried"),
        sources=("nice-ng59", "menezes-costa-2012"),
        articles=("stress-and-sleep", "myths"),
    ),
    Rule(
        "strain",
        SELF_CARE,
        when=chosen("start", "movement"),
        sources=("steffens-2015", "acp-2017"),
        articles=("what-a-spasm-feels-like", "muscle-strain"),
    ),
    Rule(
        "effort",
        SELF_CARE,
        when=chosen("start", "effort"),
        sources=("wilson-2021", "niosh-rhabdo"),
        articles=("overuse", "too-little-recovery"),
    ),
    Rule(
        "gradual",
        SELF_CARE,
        when=chosen("start", "gradual", "suddenly"),
        sources=("wilson-2021",),
        articles=("overuse",),
    ),
    Rule("fall", SELF_CARE, when=FALL, sources=("downie-2013",)),
)
