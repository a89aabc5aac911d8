"""Rules that ask for a clinician today, within 24 hours."""

from __future__ import annotations

from ..model import Level, Rule, all_of, any_of, chosen
from .conditions import (
    ACCIDENT_DAYS,
    BREATH,
    CALF,
    FALL,
    FRAGILE,
    FROM_50,
    FROM_60,
    FROM_65,
    ILL,
    INFECTION,
    INJURY,
    LEG_SIGN,
    NOT_BETTER,
    OLD_ACCIDENT,
    PREGNANT,
    RECENT,
    SICKLE,
    TWO_WEEKS,
    UNDER_18,
    UPPER_BACK,
    WEAK,
    WINDED,
)

URGENT = Level.URGENT

RULES = (
    # Nerves
    Rule(
        "weak_one",
        URGENT,
        when=chosen("legs", "weak_one"),
        sources=("lothian-red-flags",),
        articles=("nerves",),
        instead_of=("leg_pain", "numb_one"),
    ),
    Rule(
        "unsteady",
        URGENT,
        when=chosen("legs", "unsteady"),
        sources=("northern-trust", "royal-free-dcm"),
        articles=("nerves",),
    ),
    Rule(
        "both_legs_lasting",
        URGENT,
        when=chosen("both_legs", "not_eased"),
        sources=("bnssg-stenosis", "csp-2024"),
        articles=("nerves",),
    ),
    Rule("saddle_private", URGENT, when=chosen("saddle", "rather_not"), sources=("girft-2023", "royal-free-ces")),
    Rule("band", URGENT, when=chosen("pain", "band"), sources=("northern-trust", "rnoh-spine-cancer")),
    # Lungs, legs, skin
    Rule(
        "breath",
        URGENT,
        when=BREATH,
        sources=("nhs-lung-clot", "asthma-lung-pe"),
        articles=("upper-and-middle-back-pain",),
    ),
    Rule(
        "winded",
        URGENT,
        when=WINDED,
        sources=("nhs-lung-clot", "asthma-lung-pe"),
        articles=("when-it-is-not-your-back",),
    ),
    Rule("calf", URGENT, when=CALF, sources=("gstt-clot", "nhs-leg-clot"), articles=("when-it-is-not-your-back",)),
    Rule(
        "skin_weak",
        URGENT,
        when=all_of(chosen("pain", "skin"), any_of(WEAK, FROM_60, chosen("history", "steroids"))),
        sources=("nhs-shingles",),
        articles=("when-it-is-not-your-back",),
        instead_of=("skin",),
    ),
    # Bones and injury
    Rule(
        "fall_fragile",
        URGENT,
        when=all_of(INJURY, any_of(FRAGILE, FROM_65, chosen("history", "cord_injury"))),
        sources=("northern-trust", "downie-2013", "acr-2021"),
        instead_of=("fall",),
    ),
    Rule(
        "fall_thinner",
        URGENT,
        when=all_of(FALL, chosen("medicines", "thinner")),
        sources=("wong-2017", "spinal-haematoma"),
        instead_of=("fall",),
    ),
    Rule(
        "fused_60",
        URGENT,
        when=all_of(chosen("history", "fused"), FROM_60),
        sources=("westerveld-2009",),
        articles=("inflammation-in-the-back",),
        instead_of=("fused",),
    ),
    Rule(
        "bone_point",
        URGENT,
        when=all_of(
            chosen("pain", "bone"), any_of(FROM_50, FRAGILE, FALL, OLD_ACCIDENT, INFECTION, chosen("history", "fused"))
        ),
        sources=("langdon-2010", "downie-2013"),
        instead_of=("fall",),
    ),
    Rule(
        "fragile",
        URGENT,
        when=all_of(
            FRAGILE,
            any_of(RECENT, chosen("duration", "2_6_weeks"), all_of(chosen("duration", "6_12_weeks"), NOT_BETTER)),
        ),
        sources=("downie-2013", "vertebral-2021", "acr-2021"),
        instead_of=("fragile_later",),
    ),
    Rule(
        "accident_days",
        URGENT,
        when=ACCIDENT_DAYS,
        sources=("nhs-back-pain", "kao-2017", "aso-escario-2019"),
        instead_of=("accident_old",),
    ),
    Rule("sickle_trait", URGENT, when=chosen("aftermath", "trait"), sources=("nata-sickle-2012", "eichner-2017")),
    Rule("sickle_pain", URGENT, when=SICKLE, sources=("nice-cg143", "uclh-sickle")),
    Rule("swollen", URGENT, when=chosen("aftermath", "swollen"), sources=("niosh-rhabdo",)),
    Rule("cannot_bear", URGENT, when=chosen("load", "cannot_bear"), sources=("pelvic-stress-2019",)),
    # Infection, cancer, unexplained
    Rule("fever", URGENT, when=chosen("also", "fever"), sources=("nhs-back-pain", "northern-trust")),
    Rule(
        "quiet_infection",
        URGENT,
        when=all_of(INFECTION, any_of(chosen("pain", "night", "lying", "wakes"), ILL, NOT_BETTER)),
        sources=("ajem-2019", "sea-cohort", "yusuf-2019"),
        instead_of=("recent_infection", "night", "lying", "ill", "ill_risk"),
    ),
    Rule(
        "weak_defences",
        URGENT,
        when=WEAK,
        sources=("colip-2018", "ajem-2019", "accessmedicine-sea"),
        instead_of=("recent_infection",),
    ),
    Rule("back_wound", URGENT, when=chosen("also", "wound"), sources=("nhs-decompression",)),
    Rule(
        "procedure", URGENT, when=chosen("history", "procedure"), sources=("accessmedicine-sea", "stgeorges-epidural")
    ),
    Rule("sweats", URGENT, when=chosen("also", "sweats"), sources=("finucane-2020",)),
    Rule("weight", URGENT, when=chosen("also", "weight"), sources=("nhs-back-pain", "nice-ng12")),
    Rule(
        "night",
        URGENT,
        when=chosen("pain", "night"),
        sources=("nhs-back-pain", "northern-trust"),
        articles=("night-pain",),
    ),
    Rule(
        "lying",
        URGENT,
        when=chosen("pain", "lying"),
        sources=("nhs-back-pain", "finucane-2020"),
        articles=("night-pain",),
    ),
    Rule(
        "ill_risk",
        URGENT,
        when=any_of(
            all_of(chosen("also", "ill"), FROM_50),
            all_of(
                ILL,
                any_of(
                    chosen("history", "cancer", "steroids", "pregnant", "birth", "procedure", "kidney"),
                    chosen("medicines", "thinner"),
                    chosen("start", "effort"),
                    chosen("pain", "bone"),
                ),
            ),
        ),
        sources=("finucane-2020",),
        instead_of=("ill",),
    ),
    Rule("yellow", URGENT, when=chosen("also", "yellow"), sources=("nidirect-jaundice", "nice-ng12")),
    Rule(
        "cancer_old_pain",
        URGENT,
        when=all_of(
            chosen("history", "cancer_old"),
            any_of(
                chosen("pain", "night", "lying", "wakes", "bone"),
                chosen("also", "sweats", "weight", "ill", "tired", "shape"),
                UPPER_BACK,
                NOT_BETTER,
            ),
        ),
        sources=("nice-ng234", "breast-spine-2018"),
        instead_of=("cancer_old", "ill_risk"),
    ),
    Rule(
        "cancer", URGENT, when=chosen("history", "cancer"), sources=("downie-2013", "rnoh-spine-cancer", "nice-ng234")
    ),
    Rule("shape", URGENT, when=chosen("also", "shape"), sources=("nhs-back-pain",)),
    Rule(
        "upper_back_flags",
        URGENT,
        when=all_of(
            UPPER_BACK, any_of(FROM_50, INJURY, WEAK, chosen("history", "steroids"), chosen("medicines", "thinner"))
        ),
        sources=("nhs-back-pain", "finucane-2020", "downie-2013"),
        instead_of=("upper_back",),
    ),
    # Kidney, belly, skin, vessels
    Rule(
        "waves", URGENT, when=chosen("pain", "waves"), sources=("nice-ng118",), articles=("when-it-is-not-your-back",)
    ),
    Rule(
        "burning",
        URGENT,
        when=chosen("also", "burning"),
        sources=("nhs-kidney", "cks-pyelonephritis"),
        articles=("when-it-is-not-your-back",),
    ),
    Rule(
        "blood",
        URGENT,
        when=chosen("also", "blood"),
        sources=("nhs-kidney", "nhs-blood-in-urine"),
        articles=("when-it-is-not-your-back",),
    ),
    Rule(
        "belly",
        URGENT,
        when=chosen("also", "belly"),
        sources=("nidirect-pancreatitis",),
        articles=("when-it-is-not-your-back",),
    ),
    Rule(
        "low_belly",
        URGENT,
        when=chosen("also", "low_belly"),
        sources=("hse-appendicitis", "nidirect-ectopic"),
        articles=("when-it-is-not-your-back",),
    ),
    Rule(
        "vomiting",
        URGENT,
        when=chosen("also", "vomiting"),
        sources=("nhs-kidney",),
        articles=("when-it-is-not-your-back",),
    ),
    Rule(
        "rash",
        URGENT,
        when=chosen("also", "rash"),
        sources=("nhs-shingles",),
        articles=("when-it-is-not-your-back",),
        instead_of=("skin", "skin_weak"),
    ),
    # "Within minutes" alone, without "very strong": a stone or a strain far more often, but at this age not at home.
    Rule(
        "sudden_start",
        URGENT,
        when=all_of(chosen("start", "suddenly"), FROM_60),
        sources=("nice-ng156", "azhar-2014"),
        instead_of=("gradual",),
    ),
    Rule(
        "sudden_new",
        URGENT,
        when=all_of(chosen("pain", "sudden"), any_of(RECENT, chosen("duration", "2_6_weeks", "6_12_weeks"))),
        sources=("dashed", "hse-aorta-2022"),
        instead_of=("sudden",),
    ),
    Rule(
        "sudden_50",
        URGENT,
        when=all_of(chosen("pain", "sudden"), chosen("age", "50_59")),
        sources=("racgp-2013", "azhar-2014"),
        instead_of=(
            "sudden",
            "sudden_new",
        ),
    ),
    Rule(
        "thinner_sudden",
        URGENT,
        when=all_of(chosen("medicines", "thinner"), chosen("pain", "sudden")),
        sources=("fedor-2011", "spinal-haematoma"),
    ),
    Rule(
        "thinner_strain",
        URGENT,
        when=all_of(
            chosen("medicines", "thinner"), chosen("start", "movement", "effort"), chosen("life", "stops_day"), RECENT
        ),
        sources=("fedor-2011", "psoas-bleed-2020"),
    ),
    Rule(
        "thinner_young",
        URGENT,
        when=all_of(chosen("age", "13_15_alone"), chosen("medicines", "thinner")),
        sources=("fedor-2011", "nice-ng59"),
    ),
    Rule(
        "thinner_leg",
        URGENT,
        when=all_of(chosen("medicines", "thinner"), LEG_SIGN),
        sources=("fedor-2011", "spinal-haematoma"),
    ),
    Rule(
        "vessel_upper_young",
        URGENT,
        when=all_of(UPPER_BACK, chosen("pain", "sudden")),
        sources=("westover-2010", "januzzi-2004", "hse-aorta-2022"),
        instead_of=("sudden", "sudden_new", "upper_back"),
    ),
    Rule(
        "sudden_pressure",
        URGENT,
        when=all_of(chosen("pain", "sudden"), chosen("vessels", "pressure")),
        sources=("dashed", "hse-aorta-2022"),
        instead_of=(
            "sudden",
            "sudden_new",
        ),
    ),
    Rule(
        "early_pregnancy",
        URGENT,
        when=chosen("pregnancy", "bleeding"),
        sources=("nidirect-ectopic", "li-2014"),
        articles=("back-pain-in-pregnancy",),
    ),
    Rule(
        "one_sided",
        URGENT,
        when=chosen("pregnancy", "one_sided"),
        sources=("nidirect-ectopic", "nice-ng126", "li-2014"),
        articles=("back-pain-in-pregnancy",),
    ),
    # With an odd period alone: a pregnancy is not known yet.
    Rule(
        "pregnancy_signs",
        URGENT,
        when=chosen("pregnancy", "constant", "headache", "tightenings"),
        sources=("nidirect-ectopic", "action-pre-eclampsia"),
        articles=("back-pain-in-pregnancy",),
    ),
    Rule(
        "pregnancy_fall_later",
        URGENT,
        when=all_of(PREGNANT, any_of(all_of(FALL, TWO_WEEKS), OLD_ACCIDENT)),
        sources=("ggc-pregnancy-fall",),
        articles=("back-pain-in-pregnancy",),
        instead_of=("fall",),
    ),
    Rule("wound", URGENT, when=chosen("after_birth", "wound"), sources=("awhonn-birth", "march-of-dimes-birth")),
    # The page of signs is not shown at these ages: a tick there is a slip, or rare enough to need its own team.
    Rule(
        "pregnancy_age",
        URGENT,
        when=all_of(chosen("history", "pregnant", "birth"), any_of(chosen("age", "under_13"), FROM_60)),
        sources=("fsrh-40",),
    ),
    # Athletes, inflammation, function, children
    Rule("climbing", URGENT, when=chosen("pain", "climbing"), sources=("kroenung-2024",)),
    Rule("hard", URGENT, when=chosen("pain", "hard"), sources=("kroenung-2024", "lagreca-2024")),
    Rule(
        "red_eye",
        URGENT,
        when=chosen("stiff", "red_eye"),
        sources=("nice-ng65",),
        articles=("inflammation-in-the-back",),
    ),
    Rule("bleeds", URGENT, when=chosen("medicines", "bleeds"), sources=("healthwise-bleeding",)),
    Rule("dry", URGENT, when=chosen("medicines", "dry"), sources=("havering-sick-days", "brunston-sick-days")),
    Rule(
        "borrowed",
        URGENT,
        when=chosen("medicines", "borrowed"),
        sources=("nnepc-opioids", "live-well-opioids"),
        articles=("prescription-pain-medicines",),
    ),
    Rule("cannot_stand", URGENT, when=chosen("life", "cannot_stand"), sources=("nhs-back-pain",)),
    Rule(
        "child_night",
        URGENT,
        when=all_of(UNDER_18, any_of(chosen("pain", "wakes"), ILL)),
        sources=("nenc-children-back", "pmm-back-red-flags", "perth-children"),
        instead_of=("ill", "wakes"),
    ),
    Rule("under_13", URGENT, when=chosen("age", "under_13"), sources=("perth-children", "nice-ng59")),
)
