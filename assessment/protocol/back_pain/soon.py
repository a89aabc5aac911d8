"""Rules that ask for a visit within 2 weeks."""

from __future__ import annotations

from ..model import AtLeast, Level, Rule, all_of, chosen
from .conditions import CHRONIC, FRAGILE, FROM_60, NOT_BETTER, SIX_WEEKS, TEEN, TWO_WEEKS, UNDER_18, UPPER_BACK

SOON = Level.SOON

RULES = (
    Rule("sudden", SOON, when=chosen("pain", "sudden"), sources=("dashed", "hse-aorta-2022")),
    Rule(
        "chronic",
        SOON,
        when=CHRONIC,
        sources=("who-2023", "acp-2017"),
        articles=("three-months-or-longer", "living-with-long-lasting-pain"),
    ),
    Rule(
        "six_weeks",
        SOON,
        when=all_of(chosen("duration", "6_12_weeks"), NOT_BETTER),
        sources=("menezes-costa-2012", "acp-2017"),
        articles=("without-surgery",),
    ),
    Rule("worse", SOON, when=chosen("trend", "worse"), sources=("nhs-back-pain",)),
    Rule(
        "no_help",
        SOON,
        when=chosen("known", "no_help"),
        sources=("nice-ng59", "who-2023"),
        articles=("three-months-or-longer",),
    ),
    Rule(
        "blood_test",
        SOON,
        when=all_of(CHRONIC, FROM_60),
        sources=("nice-ng12",),
        articles=("back-pain-after-60",),
        instead_of=("age_75",),
    ),
    Rule(
        "changed", SOON, when=chosen("known", "changed"), sources=("nice-ng59",), articles=("three-months-or-longer",)
    ),
    Rule(
        "never_seen",
        SOON,
        when=chosen("known", "never"),
        sources=("nice-ng59", "who-2023"),
        articles=("three-months-or-longer",),
    ),
    Rule(
        "inflammatory",
        SOON,
        when=AtLeast(
            3, tuple(chosen("stiff", code) for code in ("morning", "moving", "half_night", "buttock", "family", "skin"))
        ),
        sources=("nice-ng65",),
        articles=("inflammation-in-the-back",),
    ),
    Rule(
        "numb_one",
        SOON,
        when=chosen("legs", "one_numb"),
        sources=("sheffield-sciatica",),
        articles=("nerves",),
        instead_of=("leg_pain",),
    ),
    Rule(
        "leg_pain_lasting",
        SOON,
        when=all_of(chosen("legs", "one_pain"), SIX_WEEKS),
        sources=("sheffield-sciatica",),
        articles=("leg-pain", "nerves"),
        instead_of=("leg_pain",),
    ),
    Rule(
        "both_legs_steady",
        SOON,
        when=chosen("both_legs", "steady"),
        sources=("bnssg-stenosis", "girft-2023"),
        articles=("spinal-stenosis", "nerves"),
    ),
    Rule(
        "not_both",
        SOON,
        when=chosen("both_legs", "no"),
        sources=("sheffield-sciatica",),
        articles=("nerves",),
        instead_of=("leg_pain",),
    ),
    Rule("accident_old", SOON, when=chosen("start", "accident_old"), sources=("nhs-back-pain", "downie-2013")),
    Rule(
        "upper_back",
        SOON,
        when=UPPER_BACK,
        sources=("nhs-back-pain", "finucane-2020"),
        articles=("upper-and-middle-back-pain",),
    ),
    Rule("bone_spot", SOON, when=chosen("pain", "bone"), sources=("downie-2013", "finucane-2020")),
    Rule(
        "fused",
        SOON,
        when=chosen("history", "fused"),
        sources=("westerveld-2009",),
        articles=("inflammation-in-the-back",),
    ),
    Rule(
        "height",
        SOON,
        when=chosen("history", "height"),
        sources=("breaking-spine", "ros-vertebral", "vertebral-2021"),
        articles=("back-pain-after-60",),
    ),
    Rule(
        "operation",
        SOON,
        when=chosen("history", "operation"),
        sources=("acr-2021",),
        articles=("when-surgery-is-considered",),
    ),
    # Who does not feel much below an injury cannot answer for the signs there.
    Rule("cord_injury", SOON, when=chosen("history", "cord_injury"), sources=("pva-dysreflexia", "spinal-research")),
    Rule("stress_leak", SOON, when=chosen("saddle", "pee_stress"), sources=("webmd-leak", "girft-2023")),
    Rule("skin", SOON, when=chosen("pain", "skin"), sources=("nhs-shingles",)),
    Rule(
        "age_75",
        SOON,
        when=chosen("age", "75_plus"),
        sources=("downie-2013", "vertebral-2021", "acr-2021"),
        articles=("back-pain-after-60",),
    ),
    Rule("fragile_chronic", SOON, when=all_of(FRAGILE, CHRONIC), sources=("downie-2013",)),
    Rule(
        "stops_day_lasting",
        SOON,
        when=all_of(chosen("life", "stops_day"), TWO_WEEKS),
        sources=("nhs-back-pain",),
        articles=("back-to-work-and-daily-life",),
        instead_of=("stops_day",),
    ),
    Rule(
        "low",
        SOON,
        when=chosen("life", "low"),
        sources=("nice-ng59", "henschke-2008"),
        articles=("stress-and-sleep", "living-with-long-lasting-pain"),
    ),
    Rule(
        "afraid_lasting",
        SOON,
        when=all_of(chosen("life", "afraid"), TWO_WEEKS),
        sources=("nice-ng59",),
        articles=("living-with-long-lasting-pain", "without-surgery"),
        instead_of=("afraid",),
    ),
    Rule(
        "teen",
        SOON,
        when=all_of(TEEN, TWO_WEEKS),
        sources=("bmj-teenagers-2015", "perth-children"),
        articles=("back-pain-in-teenagers",),
        instead_of=("teen_16",),
    ),
    Rule(
        "teen_16",
        SOON,
        when=all_of(chosen("age", "16_17"), TWO_WEEKS, NOT_BETTER),
        sources=("bmj-teenagers-2015", "patel-2017"),
        articles=("back-pain-in-teenagers",),
    ),
    Rule(
        "teen_alone",
        SOON,
        when=chosen("age", "13_15_alone"),
        sources=("nice-ng59",),
        articles=("back-pain-in-teenagers",),
    ),
    Rule(
        "pars",
        SOON,
        when=all_of(UNDER_18, chosen("load", "arching")),
        sources=("pars-pediatrics", "patel-2017"),
        articles=("stress-fracture-young-backs",),
        instead_of=("arching",),
    ),
    Rule("impact", SOON, when=chosen("load", "impact"), sources=("pelvic-stress-2019",), articles=("overuse",)),
    Rule(
        "late_bleeding",
        SOON,
        when=all_of(chosen("history", "period"), FROM_60),
        sources=("nhs-late-bleeding",),
        instead_of=("period",),
    ),
    Rule(
        "low_energy",
        SOON,
        when=chosen("load", "low_energy"),
        sources=("pelvic-stress-2019", "beck-2021"),
        articles=("too-little-recovery",),
    ),
)
