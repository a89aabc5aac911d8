"""Rules that stop the check at once. variant: which variant of an emergency the patient is sent to."""

from __future__ import annotations

from ..model import UNSURE, AtLeast, Level, Rule, all_of, any_of, chosen
from .conditions import (
    ACCIDENT_DAYS,
    BIRTH,
    BOTH_LEGS,
    BREATH,
    CALF,
    CANCER,
    CLOT_RISK,
    FALL,
    FRAGILE,
    FROM_50,
    FROM_60,
    ILL,
    INFECTION,
    INJURY,
    LEG_SIGN,
    PREGNANT,
    RECENT,
    SICKLE,
    UNDER_18,
    UNLIKE_STRAIN,
    UPPER_BACK,
    WEAK,
    WINDED,
)

EMERGENCY = Level.EMERGENCY

RULES = (
    # Heart, lungs, great vessels, very unwell
    Rule(
        "chest", EMERGENCY, when=chosen("now", "chest"), sources=("nhs-back-pain", "capsey-2022"), variant="ambulance"
    ),
    Rule(
        "heavy",
        EMERGENCY,
        when=chosen("now", "heavy"),
        sources=("mayo-heart", "nhs-angina"),
        variant="ambulance",
    ),
    Rule(
        "effort_pain",
        EMERGENCY,
        when=chosen("now", "effort"),
        sources=("nhs-angina",),
        variant="ambulance",
    ),
    Rule(
        "breathless",
        EMERGENCY,
        when=chosen("now", "breathless"),
        sources=("asthma-lung-pe", "capsey-2022"),
        variant="ambulance",
    ),
    Rule(
        "collapse",
        EMERGENCY,
        when=chosen("now", "collapse"),
        sources=("metcalfe-2016", "nice-ng156"),
        variant="ambulance",
    ),
    Rule(
        "tearing", EMERGENCY, when=chosen("now", "tearing"), sources=("hse-aorta-2022", "dashed"), variant="ambulance"
    ),
    Rule(
        "unwell",
        EMERGENCY,
        when=chosen("now", "clammy", "unwell"),
        sources=("sepsis-trust", "hse-aorta-2022", "mayo-heart"),
        variant="ambulance",
    ),
    Rule(
        "aneurysm",
        EMERGENCY,
        when=chosen("now", "lump"),
        sources=("nice-ng156", "nhs-aneurysm", "azhar-2014"),
        variant="ambulance",
    ),
    Rule(
        "vessel_60",
        EMERGENCY,
        when=all_of(chosen("pain", "sudden"), FROM_60),
        sources=("nice-ng156", "azhar-2014"),
        variant="ambulance",
        instead_of=("sudden_50",),
    ),
    Rule(
        "vessel_50",
        EMERGENCY,
        when=all_of(
            chosen("pain", "sudden"),
            chosen("vessels", "pressure", "smoker"),
            any_of(chosen("age", "50_59"), ILL, chosen("history", "cord_injury")),
        ),
        sources=("nice-ng156", "racgp-2013"),
        variant="ambulance",
        instead_of=("sudden_50",),
    ),
    # Below 50 without any of these it is a spasm far more often: see vessel_upper_young.
    Rule(
        "vessel_upper",
        EMERGENCY,
        when=all_of(
            UPPER_BACK,
            chosen("pain", "sudden"),
            any_of(FROM_50, chosen("vessels", "pressure", "smoker", "family", "stimulants")),
        ),
        sources=("hse-aorta-2022", "januzzi-2004"),
        variant="ambulance",
        instead_of=("vessel_upper_young",),
    ),
    # The walls of large arteries are weaker then; before, it can be a pregnancy outside the womb.
    Rule(
        "pregnancy_sudden",
        EMERGENCY,
        when=any_of(
            all_of(chosen("pain", "sudden"), any_of(PREGNANT, BIRTH)),
            all_of(chosen("pain", "sudden"), chosen("pregnancy", "tightenings", "one_sided", "bleeding")),
        ),
        sources=("hse-aorta-2022", "nidirect-ectopic"),
        variant="ambulance",
    ),
    Rule(
        "vessel_stimulants",
        EMERGENCY,
        when=all_of(chosen("pain", "sudden"), chosen("vessels", "stimulants")),
        sources=("westover-2010", "dean-2014"),
        variant="ambulance",
    ),
    Rule(
        "vessel_family",
        EMERGENCY,
        when=all_of(chosen("pain", "sudden"), chosen("vessels", "family")),
        sources=("marfan-aorta", "nice-ng156"),
        variant="ambulance",
    ),
    Rule(
        "lung_clot",
        EMERGENCY,
        when=any_of(
            AtLeast(2, (BREATH, WINDED, CALF)),
            chosen("also", "cough_blood"),
            all_of(any_of(BREATH, WINDED), CLOT_RISK),
            all_of(BREATH, chosen("history", "pregnant")),
        ),
        sources=("gstt-clot", "nhs-lung-clot", "abb-birth-clot", "wells-lung-clot"),
        variant="department",
        instead_of=("breath", "winded", "calf"),
    ),
    # Injury
    Rule(
        "accident",
        EMERGENCY,
        when=chosen("start", "accident"),
        sources=("nhs-back-pain", "downie-2013"),
        variant="ambulance",
    ),
    Rule(
        "accident_bone",
        EMERGENCY,
        # A child is not asked how long ago.
        when=all_of(
            any_of(ACCIDENT_DAYS, all_of(chosen("start", "accident_old"), chosen("age", "under_13"))),
            any_of(chosen("life", "cannot_stand"), chosen("pain", "bone")),
        ),
        sources=("nhs-back-pain", "aso-escario-2019"),
        variant="ambulance",
        instead_of=("accident_days", "bone_point", "cannot_stand"),
    ),
    Rule(
        "head",
        EMERGENCY,
        when=chosen("aftermath", "head"),
        sources=("nhs-concussion",),
        variant="department",
    ),
    Rule("heat", EMERGENCY, when=chosen("aftermath", "heat"), sources=("cdc-heat", "casa-2015"), variant="ambulance"),
    Rule(
        "fused_fall",
        EMERGENCY,
        # A child is not asked how long ago.
        when=all_of(
            any_of(INJURY, all_of(chosen("start", "accident_old"), chosen("age", "under_13"))),
            chosen("history", "fused"),
        ),
        sources=("westerveld-2009",),
        variant="department",
        instead_of=("fused",),
    ),
    Rule(
        "fall_cannot_stand",
        EMERGENCY,
        when=all_of(FALL, chosen("life", "cannot_stand"), any_of(FRAGILE, FROM_60)),
        sources=("nhs-hip",),
        variant="ambulance",
        instead_of=("cannot_stand", "fall", "fall_fragile"),
    ),
    Rule(
        "fall_nerve",
        EMERGENCY,
        when=all_of(INJURY, LEG_SIGN),
        sources=("nhs-back-pain", "finucane-2020"),
        variant="department",
        instead_of=("fall",),
    ),
    Rule(
        "kidney_injury",
        EMERGENCY,
        when=all_of(FALL, chosen("also", "blood")),
        sources=("eau-trauma",),
        variant="department",
    ),
    # Nerves
    Rule(
        "cauda_equina",
        EMERGENCY,
        when=chosen("saddle", "pee_hard", "bowel", "numb", "sex"),
        sources=("girft-2023", "girft-pathway", "csp-2024", "royal-free-ces", "nhs-back-pain"),
        variant="department",
    ),
    # The same; it can be the waters in a pregnancy, which is asked later.
    Rule(
        "cauda_leak",
        EMERGENCY,
        when=chosen("saddle", "pee_leak"),
        sources=("girft-2023", "csp-2024", "nhs-back-pain"),
        variant="department",
    ),
    # Shame, or not knowing, is how it is missed: with a leg sign both count as a yes.
    Rule(
        "saddle_nerve",
        EMERGENCY,
        when=all_of(chosen("saddle", "rather_not", UNSURE), LEG_SIGN),
        sources=("girft-2023", "royal-free-ces"),
        variant="department",
        instead_of=("saddle_private",),
    ),
    Rule(
        "both_legs_new",
        EMERGENCY,
        when=chosen("both_legs", "new"),
        sources=("nhs-back-pain", "csp-2024"),
        variant="department",
    ),
    Rule(
        "weak_both",
        EMERGENCY,
        when=chosen("legs", "weak_both"),
        sources=("nhs-back-pain", "northern-trust"),
        variant="department",
    ),
    Rule(
        "spreading",
        EMERGENCY,
        when=chosen("legs", "spreading"),
        sources=("gcare", "lothian-red-flags"),
        variant="department",
    ),
    Rule(
        "cord",
        EMERGENCY,
        when=all_of(
            chosen("legs", "unsteady"),
            any_of(chosen("pain", "band"), chosen("legs", "weak_one", "one_numb"), BOTH_LEGS),
        ),
        sources=("royal-free-dcm", "rnoh-spine-cancer"),
        variant="department",
    ),
    Rule(
        "cancer_nerve",
        EMERGENCY,
        when=all_of(CANCER, any_of(LEG_SIGN, chosen("pain", "band"))),
        sources=("bmj-mscc-2023", "nice-ng234"),
        variant="department",
        instead_of=("cancer", "cancer_old_pain", "cancer_old"),
    ),
    Rule(
        "thinner_nerve",
        EMERGENCY,
        when=all_of(chosen("medicines", "thinner"), chosen("pain", "sudden", "climbing"), LEG_SIGN),
        sources=("fedor-2011", "spinal-haematoma"),
        variant="department",
    ),
    Rule(
        "dysreflexia",
        EMERGENCY,
        when=chosen("now", "cord"),
        sources=("pva-dysreflexia", "spinal-research"),
        variant="ambulance",
    ),
    # Infection, kidney, belly
    Rule(
        "deep_infection",
        EMERGENCY,
        when=all_of(
            chosen("also", "fever"),
            any_of(
                WEAK,
                chosen("history", "procedure"),
                chosen("also", "wound"),
                LEG_SIGN,
                all_of(chosen("pain", "night"), chosen("pain", "bone")),
            ),
        ),
        sources=("sea-cohort", "accessmedicine-sea", "yusuf-2019", "ajem-2019"),
        variant="department",
        instead_of=("fever", "back_wound", "weak_defences"),
    ),
    # Fever is missing in about half of them.
    Rule(
        "infection_nerve",
        EMERGENCY,
        when=all_of(
            LEG_SIGN,
            any_of(
                chosen("history", "injects"),
                all_of(chosen("history", "defences"), INFECTION),
                all_of(chosen("history", "defences", "infection"), any_of(UNLIKE_STRAIN, ILL)),
            ),
        ),
        sources=("colip-2018", "ajem-2019", "sea-cohort"),
        variant="department",
        instead_of=("weak_defences", "quiet_infection"),
    ),
    Rule(
        "procedure_nerve",
        EMERGENCY,
        when=all_of(chosen("history", "procedure"), LEG_SIGN),
        sources=("accessmedicine-sea",),
        variant="department",
    ),
    Rule(
        "kidney_blocked",
        EMERGENCY,
        when=all_of(chosen("pain", "waves"), any_of(chosen("also", "fever"), FROM_60, PREGNANT)),
        sources=("bnssg-stones", "lothian-colic", "azhar-2014"),
        variant="department",
        instead_of=("waves",),
    ),
    Rule(
        "kidney_infection_severe",
        EMERGENCY,
        when=all_of(chosen("also", "fever"), chosen("also", "burning"), chosen("also", "vomiting")),
        sources=("cks-pyelonephritis", "nhs-kidney"),
        variant="department",
        instead_of=("burning", "vomiting", "fever"),
    ),
    Rule(
        "kidney_one",
        EMERGENCY,
        when=all_of(
            chosen("history", "kidney"),
            any_of(chosen("pain", "waves"), chosen("also", "fever", "burning", "blood", "vomiting")),
        ),
        sources=("gpnotebook-colic", "cks-pyelonephritis"),
        variant="department",
        instead_of=("one_kidney", "waves", "burning", "blood", "vomiting", "fever"),
    ),
    Rule(
        "belly_severe",
        EMERGENCY,
        when=all_of(chosen("also", "belly"), chosen("also", "vomiting", "fever")),
        sources=("nidirect-pancreatitis",),
        variant="department",
        instead_of=("belly", "vomiting"),
    ),
    Rule(
        "yellow_ill",
        EMERGENCY,
        when=all_of(chosen("also", "yellow"), any_of(chosen("also", "fever", "vomiting"), ILL)),
        sources=("nidirect-jaundice",),
        variant="department",
        instead_of=("yellow", "fever", "vomiting", "ill", "ill_risk"),
    ),
    # A young child with a sign
    Rule(
        "child_signs",
        EMERGENCY,
        when=all_of(
            chosen("age", "under_13"),
            any_of(
                chosen("also", "fever", "weight", "ill", "tired"),
                chosen("pain", "night", "lying", "wakes"),
                LEG_SIGN,
                chosen("life", "cannot_stand"),
            ),
        ),
        sources=("perth-children",),
        variant="department",
        instead_of=("under_13", "child_night"),
    ),
    # Athletes
    Rule(
        "cola_urine",
        EMERGENCY,
        when=chosen("also", "cola"),
        sources=("niosh-rhabdo", "dark-urine"),
        variant="department",
    ),
    Rule(
        "compartment",
        EMERGENCY,
        when=all_of(chosen("pain", "climbing"), any_of(chosen("pain", "hard"), chosen("start", "effort"))),
        sources=("kroenung-2024", "lagreca-2024"),
        variant="department",
        instead_of=("climbing", "hard"),
    ),
    Rule(
        "rhabdo",
        EMERGENCY,
        when=any_of(
            all_of(chosen("aftermath", "swollen"), chosen("pain", "climbing")),
            all_of(chosen("start", "effort"), chosen("also", "blood")),
        ),
        sources=("niosh-rhabdo",),
        variant="department",
        instead_of=("blood", "swollen"),
    ),
    Rule(
        "sickle_effort",
        EMERGENCY,
        when=all_of(chosen("start", "effort"), any_of(chosen("aftermath", "trait"), SICKLE)),
        sources=("eichner-2017", "nata-sickle-2012"),
        variant="department",
        instead_of=("sickle_trait", "sickle_pain"),
    ),
    Rule(
        "sickle_crisis",
        EMERGENCY,
        when=all_of(
            SICKLE,
            any_of(
                chosen("pain", "night", "lying", "sudden", "climbing", "breath"),
                chosen("also", "fever", "winded", "ill", "tired", "yellow", "vomiting"),
                chosen("life", "cannot_stand"),
                LEG_SIGN,
            ),
        ),
        sources=("nice-cg143", "uclh-sickle"),
        variant="department",
        instead_of=("sickle_pain", "sickle_trait"),
    ),
    # Pregnancy, medicines, mind
    Rule(
        "ectopic",
        EMERGENCY,
        when=chosen("pregnancy", "shoulder"),
        sources=("nidirect-ectopic", "li-2014"),
        variant="ambulance",
    ),
    Rule(
        "ectopic_bleeding",
        EMERGENCY,
        when=all_of(chosen("history", "pregnant"), chosen("pregnancy", "one_sided"), chosen("pregnancy", "bleeding")),
        sources=("nidirect-ectopic", "nice-ng126", "chelwest-early"),
        variant="department",
        instead_of=("one_sided", "early_pregnancy"),
    ),
    Rule(
        "pregnancy_now",
        EMERGENCY,
        # With an odd period alone, cramps and bleeding are mostly that: see early_pregnancy.
        when=any_of(
            chosen("pregnancy", "fluid", "movements"),
            all_of(
                PREGNANT,
                any_of(
                    chosen("pregnancy", "bleeding", "tightenings", "constant", "headache"),
                    chosen("also", "fever", "belly", "yellow"),
                ),
            ),
        ),
        sources=("uhb-maternity-2022", "mama-academy", "tommys-preterm", "action-pre-eclampsia"),
        variant="maternity",
        instead_of=("early_pregnancy", "pregnancy_signs", "belly", "yellow"),
    ),
    # Weeks are not asked: from 23 weeks on any blow is looked at, before that the blood group can need an injection.
    Rule(
        "pregnancy_fall",
        EMERGENCY,
        when=all_of(PREGNANT, any_of(FALL, chosen("start", "accident_old")), RECENT),
        sources=("ggc-pregnancy-fall",),
        variant="maternity",
        instead_of=("pregnancy_fall_later", "fall"),
    ),
    Rule(
        "after_birth",
        EMERGENCY,
        when=any_of(
            chosen("after_birth", "heavy", "headache"), all_of(BIRTH, chosen("also", "fever", "belly", "yellow"))
        ),
        sources=("awhonn-birth", "babycentre-birth", "march-of-dimes-birth", "action-pre-eclampsia"),
        variant="maternity",
        instead_of=("birth", "wound", "belly", "yellow"),
    ),
    Rule(
        "overdose",
        EMERGENCY,
        when=chosen("medicines", "overdose"),
        sources=("fda-acetaminophen-qa", "cdc-opioids", "live-well-opioids"),
        variant="department",
    ),
    Rule(
        "borrowed_child",
        EMERGENCY,
        when=all_of(any_of(UNDER_18, chosen("age", "under_13")), chosen("medicines", "borrowed")),
        sources=("nnepc-opioids",),
        variant="department",
        instead_of=("borrowed",),
    ),
    Rule(
        "steroid_crisis",
        EMERGENCY,
        when=all_of(chosen("history", "steroids"), chosen("also", "vomiting")),
        sources=("nca-adrenal", "addisons-emergency"),
        variant="department",
        instead_of=("vomiting",),
    ),
    Rule(
        "black_stools",
        EMERGENCY,
        when=chosen("medicines", "black"),
        sources=("nhs-wales-bleeding", "healthwise-bleeding", "nsaid-label"),
        variant="department",
    ),
    Rule(
        "self_harm",
        EMERGENCY,
        when=chosen("life", "self_harm"),
        sources=("nidirect-crisis", "tewv-crisis"),
        variant="crisis",
    ),
)
