"""The protocol for back pain and back spasm: questions in the order asked, rules, sources. Data, no logic.

Where the published lists disagree, the choice made here and its reason are in docs/decisions/0003-protocol-choices.md.
No clinician has approved this protocol yet.
"""

from __future__ import annotations

from .model import (
    NONE,
    UNSURE,
    AtLeast,
    Condition,
    Level,
    Option,
    Protocol,
    Question,
    Rule,
    Source,
    chosen,
    every,
    some,
)

EMERGENCY, URGENT, SOON, SELF_CARE = Level.EMERGENCY, Level.URGENT, Level.SOON, Level.SELF_CARE
VERSION = "1.0.0"


def options(*codes: str) -> tuple[Option, ...]:
    kinds = {NONE: "none", "old": "none", UNSURE: "unsure"}
    return tuple(Option(code, kinds.get(code, "plain")) for code in codes)


def checklist(code: str, *codes: str, when: Condition | None = None) -> Question:
    """A red-flag page: any number of signs, or "None of these"; "I am not sure" may stand beside signs."""
    return Question(code, options(*codes, NONE, UNSURE), many=True, red_flag=True, when=when)


# --- Conditions used more than once ----------------------------------------------------------------------------------
TEEN = chosen("age", "13_15", "13_15_alone")
UNDER_18 = chosen("age", "13_15", "13_15_alone", "16_17")  # under 13 is urgent in any case
FROM_50 = chosen("age", "50_59", "60_64", "65_74", "75_plus")
BELOW_50 = chosen("age", "13_15", "13_15_alone", "16_17", "18_49")
BELOW_60 = some(BELOW_50, chosen("age", "under_13", "50_59"))
FROM_60 = chosen("age", "60_64", "65_74", "75_plus")
FROM_65 = chosen("age", "65_74", "75_plus")
FROM_13 = some(BELOW_50, FROM_50)
# Where age tells nothing against a pregnancy; at 55 the end of fertility is taken for granted (FSRH), inside one band.
FERTILE = chosen("age", "13_15", "13_15_alone", "16_17", "18_49", "50_59")
PREGNANT = every(chosen("history", "pregnant"), FERTILE)
BIRTH = every(chosen("history", "birth"), FERTILE)
TWO_WEEKS = chosen("duration", "2_6_weeks", "6_12_weeks", "3_months")
SIX_WEEKS = chosen("duration", "6_12_weeks", "3_months")
CHRONIC = chosen("duration", "3_months")
NOT_BETTER = chosen("trend", "same", "worse")
UPPER_BACK = chosen("where", "upper_left", "upper_right", "middle_left", "middle_right")
# Without those that are an emergency by themselves. Muscles sore from sport are no sign; who takes "both" back has it in
# one leg.
BOTH_LEGS = chosen("both_legs", "steady", "no")
LEG_SIGN = some(chosen("legs", "one_numb", "weak_one", "unsteady"), BOTH_LEGS)
FALL = chosen("start", "fall")
# A serious accident of the last 2 weeks ends the check; after months it decides nothing today.
INJURY = some(
    FALL,
    every(chosen("start", "accident_old"), chosen("duration", "under_2_weeks", "2_6_weeks", "6_12_weeks")),
)
FRAGILE = chosen("history", "thin_bones", "steroids")
WEAK = chosen("history", "injects", "defences")
# A clot in the lung: one sign is common and mostly harmless, two together or one with a risk are not. In a pregnancy
# stairs get harder in any case: there it takes the pain on breathing in.
BREATH, WINDED, CALF = chosen("pain", "breath"), chosen("also", "winded"), chosen("legs", "calf")
CLOT_RISK = some(chosen("clot", "still", "journey", "before", "estrogen"), chosen("history", "cancer", "birth"))
PLAYS_SPORT = chosen(
    "sport", "baseball", "golf", "tennis", "cricket", "gymnastics", "rowing", "weightlifting", "running", "swimming",
    "american_football", "ice_hockey", "cycling", "volleyball", "basketball", "soccer", "dance", "combat", "skiing", "other",
)  # fmt: skip

# Who most patients are: for the length that is told before the answer is known.
USUAL = {"age": "18_49"}

QUESTIONS = (
    checklist("now", "chest", "heavy", "effort", "breathless", "collapse", "tearing", "clammy", "unwell", "lump", "cord"),
    Question("who", options("me", "other")),
    Question("age", options("under_13", "13_15", "13_15_alone", "16_17", "18_49", "50_59", "60_64", "65_74", "75_plus")),
    Question(
        "where",
        options(
            "upper_left", "upper_right", "middle_left", "middle_right", "lower_left", "lower_right",
            "buttock_left", "buttock_right", "leg_left", "leg_right", UNSURE,
        ),
        many=True,
    ),
    Question("start", options("movement", "gradual", "suddenly", "effort", "fall", "accident", "accident_old", UNSURE), red_flag=True),
    checklist("aftermath", "heat", "swollen", "sickle", when=chosen("start", "fall", "effort")),
    checklist("saddle", "pee_hard", "pee_leak", "bowel", "numb", "sex", "pee_stress", "old"),
    checklist("legs", "one_pain", "calf", "one_numb", "weak_one", "both", "weak_both", "spreading", "unsteady", "old"),
    Question(
        "both_legs", options("new", "steady", "sore", "no", UNSURE), red_flag=True, when=chosen("legs", "both"),
        order=("no", "steady", "new"),
    ),
    checklist("pain", "night", "sudden", "climbing", "hard", "waves", "breath", "band", "skin", "bone"),
    checklist("vessels", "pressure", "smoker", "family", when=every(chosen("pain", "sudden"), BELOW_60)),
    checklist(
        "also", "fever", "sweats", "weight", "winded", "burning", "blood", "cola", "belly", "low_belly", "vomiting", "rash", "shape",
    ),
    checklist(
        "history", "cancer", "thin_bones", "height", "steroids", "fused", "injects", "defences", "infection",
        "procedure", "operation", "cord_injury", "pregnant", "birth", "period",
    ),
    checklist(
        "pregnancy", "bleeding", "tightenings", "fluid", "movements", "one_sided", "shoulder",
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
    Question("known", options("same", "no_help", "changed", "never", UNSURE), red_flag=True, when=CHRONIC, order=("same", "never", "changed")),
    Question(
        "stiff", options("morning", "moving", "half_night", "buttock", "family", "skin", "red_eye", NONE, UNSURE), many=True,
        red_flag=True, when=every(CHRONIC, BELOW_50),
    ),
    Question(
        "sport",
        options(
            "baseball", "golf", "tennis", "cricket", "gymnastics", "rowing", "weightlifting", "running", "swimming",
            "american_football", "ice_hockey", "cycling", "volleyball", "basketball", "soccer", "dance", "combat", "skiing",
            "other", NONE,
        ),
        when=FROM_13,
    ),
    checklist("load", "arching", "impact", "cannot_bear", "low_energy", when=every(PLAYS_SPORT, some(UNDER_18, TWO_WEEKS))),
)  # fmt: skip

RULES = (
    # Emergency: heart, lungs, great vessels, very unwell
    Rule("chest", EMERGENCY, chosen("now", "chest"), ("nhs_back_pain", "ne_ambulance"), "ambulance"),
    Rule("heavy", EMERGENCY, chosen("now", "heavy"), ("mayo_heart", "spartanburg_heart"), "ambulance"),
    Rule("effort_pain", EMERGENCY, chosen("now", "effort"), ("bu_angina", "spartanburg_heart"), "ambulance"),
    Rule("breathless", EMERGENCY, chosen("now", "breathless"), ("asthma_lung_pe", "ne_ambulance"), "ambulance"),
    Rule("collapse", EMERGENCY, chosen("now", "collapse"), ("metcalfe_2016", "nice_ng156"), "ambulance"),
    Rule("tearing", EMERGENCY, chosen("now", "tearing"), ("hse_aorta", "dashed"), "ambulance"),
    Rule("unwell", EMERGENCY, chosen("now", "clammy", "unwell"), ("sepsis_trust", "hse_aorta", "spartanburg_heart"), "ambulance"),
    Rule("aneurysm", EMERGENCY, chosen("now", "lump"), ("nice_ng156", "nhs_aneurysm", "azhar_2014"), "ambulance"),
    Rule("vessel_60", EMERGENCY, every(chosen("pain", "sudden"), FROM_60), ("nice_ng156", "azhar_2014"), "ambulance", instead_of=("sudden_50",)),
    Rule(
        "vessel_50", EMERGENCY,
        every(chosen("pain", "sudden"), chosen("age", "50_59"), chosen("vessels", "pressure", "smoker")), ("nice_ng156", "racgp_2013"), "ambulance",
        instead_of=("sudden_50",),
    ),
    Rule("vessel_upper", EMERGENCY, every(UPPER_BACK, chosen("pain", "sudden")), ("hse_aorta",), "ambulance"),
    Rule("vessel_family", EMERGENCY, every(chosen("pain", "sudden"), chosen("vessels", "family")), ("marfan_aorta", "nice_ng156"), "ambulance"),
    Rule(
        "lung_clot", EMERGENCY,
        some(AtLeast(2, (BREATH, WINDED, CALF)), chosen("clot", "blood"), every(some(BREATH, WINDED), CLOT_RISK), every(BREATH, chosen("history", "pregnant"))),
        ("gstt_clot", "nhs_lung_clot", "abb_birth_clot", "wells_lung_clot"), "department", instead_of=("breath", "winded", "calf"),
    ),
    # Emergency: injury
    Rule("accident", EMERGENCY, chosen("start", "accident"), ("nhs_back_pain", "downie_2013"), "ambulance"),
    Rule("heat", EMERGENCY, chosen("aftermath", "heat"), ("cdc_heat", "casa_2015"), "ambulance"),
    Rule(
        "fused_fall", EMERGENCY,
        # A child is not asked how long ago.
        every(some(INJURY, every(chosen("start", "accident_old"), chosen("age", "under_13"))), chosen("history", "fused")),
        ("westerveld_2009",), "department", instead_of=("fused",),
    ),
    Rule(
        "fall_cannot_stand", EMERGENCY, every(FALL, chosen("life", "cannot_stand"), some(FRAGILE, FROM_60)), ("nhs_hip",), "ambulance",
        instead_of=("cannot_stand", "fall", "fall_fragile"),
    ),
    Rule("fall_nerve", EMERGENCY, every(INJURY, LEG_SIGN), ("nhs_back_pain", "finucane_2020"), "department", instead_of=("fall",)),
    Rule("kidney_injury", EMERGENCY, every(FALL, chosen("also", "blood")), ("eau_trauma",), "department"),
    # Emergency: nerves
    Rule(
        "cauda_equina", EMERGENCY, chosen("saddle", "pee_hard", "pee_leak", "bowel", "numb", "sex"),
        ("girft_2023", "csp_2024", "nhs_back_pain"), "department",
    ),
    Rule("both_legs_new", EMERGENCY, chosen("both_legs", "new"), ("nhs_back_pain", "csp_2024"), "department"),
    Rule("weak_both", EMERGENCY, chosen("legs", "weak_both"), ("nhs_back_pain", "northern_trust"), "department"),
    Rule("spreading", EMERGENCY, chosen("legs", "spreading"), ("gcare", "nhs_lothian"), "department"),
    Rule(
        "cord", EMERGENCY, every(chosen("legs", "unsteady"), some(chosen("pain", "band"), chosen("legs", "weak_one", "one_numb"), BOTH_LEGS)),
        ("royal_free_dcm", "rnoh_mscc"), "department",
    ),
    Rule(
        "cancer_nerve", EMERGENCY, every(chosen("history", "cancer"), some(LEG_SIGN, chosen("pain", "band"))),
        ("bmj_mscc_2023", "nice_ng234"), "department", instead_of=("cancer",)),
    Rule(
        "thinner_nerve", EMERGENCY, every(chosen("medicines", "thinner"), chosen("pain", "sudden", "climbing"), LEG_SIGN),
        ("fedor_2011", "spinal_haematoma"), "department",
    ),
    Rule("dysreflexia", EMERGENCY, chosen("now", "cord"), ("pva_dysreflexia", "spinal_research"), "ambulance"),
    # Emergency: infection, kidney, belly
    Rule(
        "deep_infection", EMERGENCY,
        every(chosen("also", "fever"), some(WEAK, chosen("history", "procedure"), LEG_SIGN, every(chosen("pain", "night"), chosen("pain", "bone")))),
        ("sea_cohort", "accessmedicine_sea", "yusuf_2019", "ajem_2019"), "department", instead_of=("fever",)),
    Rule("procedure_nerve", EMERGENCY, every(chosen("history", "procedure"), LEG_SIGN), ("accessmedicine_sea",), "department"),
    Rule(
        "kidney_blocked", EMERGENCY,
        every(chosen("pain", "waves"), some(chosen("also", "fever"), FROM_60, PREGNANT)),
        ("bnssg_stones", "lothian_colic", "azhar_2014"), "department", instead_of=("waves",)),
    Rule(
        "kidney_infection_severe", EMERGENCY,
        every(chosen("also", "fever"), chosen("also", "burning"), chosen("also", "vomiting")), ("cks_pyelonephritis", "nhs_kidney"), "department", instead_of=("burning", "vomiting", "fever",)),
    Rule(
        "belly_severe", EMERGENCY, every(chosen("also", "belly"), chosen("also", "vomiting", "fever")),
        ("nidirect_pancreatitis",), "department", instead_of=("belly", "vomiting",)),
    # Emergency: a young child with a sign
    Rule(
        "child_signs", EMERGENCY,
        every(
            chosen("age", "under_13"),
            some(chosen("also", "fever", "weight"), chosen("pain", "night"), LEG_SIGN, chosen("life", "cannot_stand")),
        ),
        ("perth_children",), "department", instead_of=("under_13",),
    ),
    # Emergency: athletes
    Rule("cola_urine", EMERGENCY, chosen("also", "cola"), ("rhabdo", "dark_urine"), "department"),
    Rule(
        "compartment", EMERGENCY, every(chosen("pain", "climbing"), some(chosen("pain", "hard"), chosen("start", "effort"))),
        ("compartment_2024", "compartment_2024b"), "department", instead_of=("climbing", "hard",)),
    Rule(
        "rhabdo", EMERGENCY, some(
            every(chosen("aftermath", "swollen"), chosen("pain", "climbing")),
            every(chosen("start", "effort"), chosen("also", "blood")),
        ), ("rhabdo",), "department", instead_of=("blood", "swollen"),
    ),
    Rule(
        "sickle_effort", EMERGENCY, every(chosen("start", "effort"), chosen("aftermath", "sickle")),
        ("eichner_2017", "nata_sickle_2012"), "department", instead_of=("sickle",)),
    # Emergency: pregnancy, medicines, mind
    Rule("ectopic", EMERGENCY, chosen("pregnancy", "shoulder"), ("nidirect_ectopic", "li_2014"), "ambulance"),
    Rule(
        "ectopic_bleeding", EMERGENCY, every(chosen("history", "pregnant"), chosen("pregnancy", "one_sided"), chosen("pregnancy", "bleeding")),
        ("nidirect_ectopic", "nice_ng126", "chelwest_early"), "department", instead_of=("one_sided", "early_pregnancy"),
    ),
    Rule(
        "pregnancy_now", EMERGENCY,
        # With an odd period alone, cramps and bleeding are mostly that: see early_pregnancy.
        some(
            chosen("pregnancy", "fluid", "movements"),
            every(PREGNANT, some(chosen("pregnancy", "bleeding", "tightenings"), chosen("also", "fever"))),
        ),
        ("uhb_maternity", "mama_academy", "tommys_preterm"), "maternity", instead_of=("early_pregnancy",),
    ),
    Rule(
        "after_birth", EMERGENCY,
        some(chosen("after_birth", "heavy", "headache"), every(BIRTH, chosen("also", "fever"))),
        ("awhonn_birth", "babycentre_birth", "march_of_dimes_birth"), "maternity", instead_of=("birth", "wound"),
    ),
    Rule("overdose", EMERGENCY, chosen("medicines", "overdose"), ("fda_acetaminophen", "cdc_opioids", "live_well_opioids"), "department"),
    Rule("black_stools", EMERGENCY, chosen("medicines", "black"), ("nhs_wales_bleeding", "healthwise_bleeding", "nsaid_label"), "department"),
    Rule("self_harm", EMERGENCY, chosen("life", "self_harm"), ("nidirect_crisis", "tewv_crisis"), "crisis"),
    # Urgent: nerves
    Rule("weak_one", URGENT, chosen("legs", "weak_one"), ("nhs_lothian",), articles=("nerves",), instead_of=("leg_pain", "numb_one",)),
    Rule("unsteady", URGENT, chosen("legs", "unsteady"), ("northern_trust", "royal_free_dcm"), articles=("nerves",)),
    Rule("band", URGENT, chosen("pain", "band"), ("northern_trust", "rnoh_mscc")),
    # Urgent: lungs, legs, skin
    Rule("breath", URGENT, BREATH, ("nhs_lung_clot", "asthma_lung_pe"), articles=("upper-and-middle-back-pain",)),
    Rule("winded", URGENT, WINDED, ("nhs_lung_clot", "asthma_lung_pe"), articles=("when-it-is-not-your-back",)),
    Rule("calf", URGENT, CALF, ("gstt_clot", "nhs_leg_clot"), articles=("when-it-is-not-your-back",)),
    Rule(
        "skin_weak", URGENT, every(chosen("pain", "skin"), some(WEAK, chosen("history", "steroids"))), ("nhs_shingles",),
        articles=("when-it-is-not-your-back",), instead_of=("skin",),
    ),
    # Urgent: bones and injury
    Rule("fall_fragile", URGENT, every(INJURY, some(FRAGILE, FROM_65)), ("northern_trust", "downie_2013", "acr_2021"), instead_of=("fall",)),
    Rule("fall_thinner", URGENT, every(FALL, chosen("medicines", "thinner")), ("wong_2017", "spinal_haematoma"), instead_of=("fall",)),
    Rule("bone_point", URGENT, every(chosen("pain", "bone"), some(FROM_50, FRAGILE, chosen("start", "fall", "accident_old"))), ("langdon_2010", "downie_2013"), instead_of=("fall",)),
    Rule(
        "fragile", URGENT, every(FRAGILE, chosen("duration", "under_2_weeks", "2_6_weeks", "6_12_weeks")),
        ("downie_2013", "vertebral_2021", "acr_2021"),),
    Rule("sickle", URGENT, chosen("aftermath", "sickle"), ("nata_sickle_2012", "eichner_2017")),
    Rule("swollen", URGENT, chosen("aftermath", "swollen"), ("rhabdo",)),
    Rule("cannot_bear", URGENT, chosen("load", "cannot_bear"), ("sacral_stress",)),
    # Urgent: infection, cancer, unexplained
    Rule("fever", URGENT, chosen("also", "fever"), ("nhs_back_pain", "northern_trust")),
    Rule(
        "quiet_infection", URGENT,
        every(some(WEAK, chosen("history", "infection")), chosen("pain", "night")), ("sea_cohort", "accessmedicine_sea", "yusuf_2019"), instead_of=("recent_infection", "night",)),
    Rule("procedure", URGENT, chosen("history", "procedure"), ("accessmedicine_sea",)),
    Rule("sweats", URGENT, chosen("also", "sweats"), ("finucane_2020",)),
    Rule("weight", URGENT, chosen("also", "weight"), ("nhs_back_pain", "nice_ng12")),
    Rule("night", URGENT, chosen("pain", "night"), ("nhs_back_pain", "northern_trust"), articles=("night-pain",)),
    Rule("cancer", URGENT, chosen("history", "cancer"), ("downie_2013", "rnoh_mscc", "nice_ng234")),
    Rule("shape", URGENT, chosen("also", "shape"), ("nhs_back_pain",)),
    Rule(
        "upper_back_flags", URGENT,
        every(
            UPPER_BACK,
            some(FROM_50, INJURY, WEAK, chosen("history", "steroids"), chosen("medicines", "thinner")),
        ),
        ("nhs_back_pain", "finucane_2020", "downie_2013"), instead_of=("upper_back",)),
    # Urgent: kidney, belly, skin, vessels
    Rule("waves", URGENT, chosen("pain", "waves"), ("nice_ng118",), articles=("when-it-is-not-your-back",)),
    Rule("burning", URGENT, chosen("also", "burning"), ("nhs_kidney", "cks_pyelonephritis"), articles=("when-it-is-not-your-back",)),
    Rule("blood", URGENT, chosen("also", "blood"), ("nhs_kidney",), articles=("when-it-is-not-your-back",)),
    Rule("belly", URGENT, chosen("also", "belly"), ("nidirect_pancreatitis",), articles=("when-it-is-not-your-back",)),
    Rule("low_belly", URGENT, chosen("also", "low_belly"), ("hse_appendicitis", "nidirect_ectopic"), articles=("when-it-is-not-your-back",)),
    Rule("vomiting", URGENT, chosen("also", "vomiting"), ("nhs_kidney",), articles=("when-it-is-not-your-back",)),
    Rule("rash", URGENT, chosen("also", "rash"), ("nhs_shingles",), articles=("when-it-is-not-your-back",), instead_of=("skin", "skin_weak")),
    # "Within minutes" alone, without "very strong": a stone or a strain far more often, but at this age not at home.
    Rule("sudden_start", URGENT, every(chosen("start", "suddenly"), FROM_60), ("nice_ng156", "azhar_2014"), instead_of=("gradual",)),
    Rule(
        "sudden_50", URGENT, every(chosen("pain", "sudden"), chosen("age", "50_59")), ("racgp_2013", "azhar_2014"), instead_of=("sudden",),
    ),
    Rule("thinner_sudden", URGENT, every(chosen("medicines", "thinner"), chosen("pain", "sudden")), ("fedor_2011", "spinal_haematoma")),
    Rule("thinner_leg", URGENT, every(chosen("medicines", "thinner"), LEG_SIGN), ("fedor_2011", "spinal_haematoma")),
    Rule(
        "sudden_pressure", URGENT, every(chosen("pain", "sudden"), chosen("vessels", "pressure")), ("dashed", "hse_aorta"), instead_of=("sudden",),
    ),
    Rule("early_pregnancy", URGENT, chosen("pregnancy", "bleeding"), ("nidirect_ectopic", "li_2014"), articles=("back-pain-in-pregnancy",)),
    Rule("one_sided", URGENT, chosen("pregnancy", "one_sided"), ("nidirect_ectopic", "nice_ng126", "li_2014"), articles=("back-pain-in-pregnancy",)),
    Rule("wound", URGENT, chosen("after_birth", "wound"), ("awhonn_birth", "march_of_dimes_birth")),
    # The page of signs is not shown at these ages: a tick there is a slip, or rare enough to need its own team.
    Rule("pregnancy_age", URGENT, every(chosen("history", "pregnant", "birth"), some(chosen("age", "under_13"), FROM_60)), ("fsrh_40",)),
    # Urgent: athletes, inflammation, function, children
    Rule("climbing", URGENT, chosen("pain", "climbing"), ("compartment_2024",)),
    Rule("hard", URGENT, chosen("pain", "hard"), ("compartment_2024", "compartment_2024b")),
    Rule("red_eye", URGENT, chosen("stiff", "red_eye"), ("nice_ng65",), articles=("inflammation-in-the-back",)),
    Rule("cannot_stand", URGENT, chosen("life", "cannot_stand"), ("nhs_back_pain",)),
    Rule("under_13", URGENT, chosen("age", "under_13"), ("perth_children", "nice_ng59")),
    # Soon
    Rule("sudden", SOON, chosen("pain", "sudden"), ("dashed", "hse_aorta")),
    Rule("chronic", SOON, CHRONIC, ("who_2023", "acp_2017"), articles=("three-months-or-longer", "living-with-long-lasting-pain")),
    Rule("six_weeks", SOON, every(chosen("duration", "6_12_weeks"), NOT_BETTER), ("menezes_costa_2012", "acp_2017"), articles=("without-surgery",)),
    Rule("worse", SOON, chosen("trend", "worse"), ("nhs_back_pain",)),
    Rule("no_help", SOON, chosen("known", "no_help"), ("nice_ng59", "who_2023"), articles=("three-months-or-longer",)),
    Rule("blood_test", SOON, every(CHRONIC, FROM_60), ("nice_ng12",), instead_of=("age_75",), articles=("back-pain-after-60",)),
    Rule("changed", SOON, chosen("known", "changed"), ("nice_ng59",), articles=("three-months-or-longer",)),
    Rule("never_seen", SOON, chosen("known", "never"), ("nice_ng59", "who_2023"), articles=("three-months-or-longer",)),
    Rule(
        "inflammatory", SOON, AtLeast(3, tuple(
            chosen("stiff", code) for code in ("morning", "moving", "half_night", "buttock", "family", "skin")
        )), ("nice_ng65",), articles=("inflammation-in-the-back",),
    ),
    Rule("numb_one", SOON, chosen("legs", "one_numb"), ("sheffield_sciatica",), articles=("nerves",), instead_of=("leg_pain",)),
    Rule("leg_pain_lasting", SOON, every(chosen("legs", "one_pain"), SIX_WEEKS), ("sheffield_sciatica",), articles=("leg-pain", "nerves"), instead_of=("leg_pain",)),
    Rule("both_legs_steady", SOON, chosen("both_legs", "steady"), ("bnssg_stenosis", "girft_2023"), articles=("spinal-stenosis", "nerves")),
    Rule("not_both", SOON, chosen("both_legs", "no"), ("sheffield_sciatica",), articles=("nerves",), instead_of=("leg_pain",)),
    Rule("accident_old", SOON, chosen("start", "accident_old"), ("nhs_back_pain", "downie_2013")),
    Rule("upper_back", SOON, UPPER_BACK, ("nhs_back_pain", "finucane_2020"), articles=("upper-and-middle-back-pain",)),
    Rule("bone_spot", SOON, chosen("pain", "bone"), ("downie_2013", "finucane_2020")),
    Rule("fused", SOON, chosen("history", "fused"), ("westerveld_2009",), articles=("inflammation-in-the-back",)),
    Rule("height", SOON, chosen("history", "height"), ("breaking_spine", "ros_vertebral", "vertebral_2021"), articles=("back-pain-after-60",)),
    Rule("operation", SOON, chosen("history", "operation"), ("acr_2021",), articles=("when-surgery-is-considered",)),
    # Who does not feel much below an injury cannot answer for the signs there.
    Rule("cord_injury", SOON, chosen("history", "cord_injury"), ("pva_dysreflexia", "spinal_research")),
    Rule("stress_leak", SOON, chosen("saddle", "pee_stress"), ("webmd_leak", "girft_2023")),
    Rule("skin", SOON, chosen("pain", "skin"), ("nhs_shingles",)),
    Rule("age_75", SOON, chosen("age", "75_plus"), ("downie_2013", "vertebral_2021", "acr_2021"), articles=("back-pain-after-60",)),
    Rule("fragile_chronic", SOON, every(FRAGILE, CHRONIC), ("downie_2013",)),
    Rule("stops_day_lasting", SOON, every(chosen("life", "stops_day"), TWO_WEEKS), ("nhs_back_pain",), instead_of=("stops_day",), articles=("back-to-work-and-daily-life",)),
    Rule("low", SOON, chosen("life", "low"), ("nice_ng59", "henschke_2008"), articles=("stress-and-sleep", "living-with-long-lasting-pain")),
    Rule("afraid_lasting", SOON, every(chosen("life", "afraid"), TWO_WEEKS), ("nice_ng59",), articles=("living-with-long-lasting-pain", "without-surgery"), instead_of=("afraid",)),
    Rule("teen", SOON, every(TEEN, TWO_WEEKS), ("bmj_teenagers_2015", "perth_children"), instead_of=("teen_16",), articles=("back-pain-in-teenagers",)),
    Rule("teen_16", SOON, every(chosen("age", "16_17"), TWO_WEEKS, NOT_BETTER), ("bmj_teenagers_2015", "patel_2017"), articles=("back-pain-in-teenagers",)),
    Rule("teen_alone", SOON, chosen("age", "13_15_alone"), ("nice_ng59",), articles=("back-pain-in-teenagers",)),
    Rule("pars", SOON, every(UNDER_18, chosen("load", "arching")), ("accesspediatrics_pars", "patel_2017"), instead_of=("arching",), articles=("stress-fracture-young-backs",)),
    Rule("impact", SOON, chosen("load", "impact"), ("sacral_stress",), articles=("overuse",)),
    Rule("late_bleeding", SOON, every(chosen("history", "period"), FROM_60), ("nhs_late_bleeding",), instead_of=("period",)),
    Rule("low_energy", SOON, chosen("load", "low_energy"), ("sacral_stress", "beck_2021"), articles=("too-little-recovery",)),
    # Self-care: these raise nothing, they add a reason or a caution
    Rule("for_other", SELF_CARE, chosen("who", "other"), ("nhs_back_pain",)),
    Rule("long_standing", SELF_CARE, chosen("saddle", "old"), ("bnssg_stenosis", "girft_2023")),
    Rule("old_leg", SELF_CARE, chosen("legs", "old"), ("bnssg_stenosis", "girft_2023"), articles=("leg-pain",)),
    Rule("leg_pain", SELF_CARE, chosen("legs", "one_pain"), ("sheffield_sciatica",), articles=("leg-pain", "nerves")),
    Rule("pregnant", SELF_CARE, chosen("history", "pregnant"), ("northern_trust", "mhra_2023"), articles=("back-pain-in-pregnancy",)),
    Rule("birth", SELF_CARE, chosen("history", "birth"), ("northern_trust", "awhonn_birth", "abb_birth_clot"), articles=("back-pain-in-pregnancy",)),
    Rule("period", SELF_CARE, chosen("history", "period"), ("nidirect_ectopic", "li_2014")),
    Rule("recent_infection", SELF_CARE, chosen("history", "infection"), ("sea_cohort",)),
    Rule("no_anti_inflammatory", SELF_CARE, chosen("medicines", "thinner", "anti_inflammatory_risk"), ("nice_ng59", "nsaid_label"), instead_of=("ask_first",), articles=("pain-medicines",)),
    # From 75 and with thin bones or steroids, other rules decide and say the same.
    Rule("ask_first", SELF_CARE, chosen("age", "60_64", "65_74"), ("otc_label", "nsaid_label")),
    Rule("young", SELF_CARE, chosen("age", "13_15", "16_17"), ("bmj_teenagers_2015", "perth_children")),
    Rule("stops_day", SELF_CARE, chosen("life", "stops_day"), ("menezes_costa_2012",), articles=("first-days-at-home", "back-to-work-and-daily-life")),
    Rule("afraid", SELF_CARE, chosen("life", "afraid"), ("lancet_2018",), articles=("keep-moving", "myths")),
    Rule("worried", SELF_CARE, chosen("life", "worried"), ("nice_ng59", "menezes_costa_2012"), articles=("stress-and-sleep", "myths")),
    Rule("strain", SELF_CARE, chosen("start", "movement"), ("steffens_2015", "acp_2017"), articles=("what-a-spasm-feels-like", "muscle-strain")),
    Rule("effort", SELF_CARE, chosen("start", "effort"), ("wilson_2021", "rhabdo"), articles=("overuse", "too-little-recovery")),
    Rule("gradual", SELF_CARE, chosen("start", "gradual", "suddenly"), ("wilson_2021",), articles=("overuse",)),
    Rule("fall", SELF_CARE, FALL, ("downie_2013",)),
    Rule("arching", SELF_CARE, chosen("load", "arching"), ("accesspediatrics_pars",), articles=("stress-fracture-young-backs",)),
)  # fmt: skip

SEEN = "2026-11-22"  # when the project's evidence review saw the fact in public material
READ = "2026-11-23"  # when the source's words were read again, on the page itself or in a copy of it
SOURCES = {
    "bu_angina": Source("Angina (teaching text)", "Boston University School of Public Health", 0,
        "https://sphweb.bumc.bu.edu/otlt/MPH-Modules/PH/PH709_Heart/ada_files/ada_annotation2.html", READ),
    "spartanburg_heart": Source("Early heart attack warning signs", "Spartanburg Regional Healthcare System", 0,
        "https://www.spartanburgregional.com/care-treatment/heart/education/early-heart-attack-warning-signs-/", READ),
    "nhs_back_pain": Source("Back pain", "NHS (read in copies of the page)", 0, "https://www.nhs.uk/conditions/back-pain/", READ),
    "ne_ambulance": Source("Ambulance service use by patients with lower back pain: an observational study",
        "British Paramedic Journal", 2022, "https://pmc.ncbi.nlm.nih.gov/articles/PMC8892451", READ),
    "asthma_lung_pe": Source("What is a pulmonary embolism and what are the symptoms?", "Asthma + Lung UK", 0,
        "https://asthmaandlung.org.uk/conditions/pulmonary-embolism/what-symptoms", READ),
    "mayo_heart": Source("Heart attack symptoms: know what's a medical emergency", "Mayo Clinic", 2017,
        "https://www.mayoclinic.org/diseases-conditions/heart-attack/in-depth/heart-attack-symptoms/art-20047744", READ),
    "nhs_aneurysm": Source("Abdominal aortic aneurysm", "NHS (read in a copy of the page)", 0,
        "https://www.nhs.uk/conditions/abdominal-aortic-aneurysm/", READ),
    "gstt_clot": Source("Blood clots and deep vein thrombosis (DVT)", "Guy's and St Thomas' NHS Foundation Trust", 0,
        "https://www.guysandstthomas.nhs.uk/blood-clots-and-deep-vein-thrombosis/overview", READ),
    "nhs_leg_clot": Source("Deep vein thrombosis (DVT)", "NHS (read in an earlier version of the page)", 0,
        "https://www.nhs.uk/conditions/deep-vein-thrombosis-dvt/", READ),
    "nhs_lung_clot": Source("Pulmonary embolism", "NHS (read in copies of the page)", 0,
        "https://www.nhs.uk/conditions/pulmonary-embolism/", READ),
    "abb_birth_clot": Source("Pain in your calf, thigh, groin or when you breathe, after you have had your baby",
        "Aneurin Bevan University Health Board (NHS Wales)", 0,
        "https://abbhealthiertogether.cymru.nhs.uk/pregnant-women/after-you-have-had-your-baby-2/pain-your-calf-thigh-groin-or-when-you-breathe-dvt-or-pe", READ),
    "wells_lung_clot": Source("Wells criteria for pulmonary embolism", "WikEM", 0, "https://wikem.org/wiki/Wells_Criteria", READ),
    "sepsis_trust": Source("Adult sepsis safety net", "Patient.info with the UK Sepsis Trust", 0,
        "https://patient.info/infections/sepsis-septicaemia-leaflet/adult-sepsis-safety-net", READ),
    "metcalfe_2016": Source("Diagnosis of ruptured abdominal aortic aneurysm: a multicentre cohort study",
        "European Journal of Emergency Medicine", 2016, "https://doi.org/10.1097/MEJ.0000000000000281", READ),
    "azhar_2014": Source("Misdiagnosis of ruptured abdominal aortic aneurysm: systematic review and meta-analysis",
        "Journal of Endovascular Therapy", 2014, "https://pubmed.ncbi.nlm.nih.gov/25101588/", READ),
    "nice_ng156": Source("Abdominal aortic aneurysm: diagnosis and management (NG156)", "NICE", 2020,
        "https://www.nice.org.uk/guidance/ng156/chapter/Recommendations", READ),
    "racgp_2013": Source("Aortic aneurysms: screening, surveillance and referral", "Australian Family Physician", 2013,
        "https://www.racgp.org.au/afp/2013/june/aortic-aneurysms", READ),
    "dashed": Source("SGEM#430: diagnosing acute aortic syndrome in the ED (DAShED study)",
        "The Skeptics' Guide to Emergency Medicine", 2024,
        "https://thesgem.com/2024/02/sgem430-de-do-do-do-de-dash-dash-dashed-diagnosing-acute-aortic-syndrome-in-the-ed/", READ),
    "hse_aorta": Source("Symptoms - Aortic dissection", "HSE Ireland", 2022,
        "https://www2.hse.ie/conditions/aortic-dissection/symptoms-of-aortic-dissection", READ),
    "marfan_aorta": Source("Cardiac emergencies: know the signs of an aortic aneurysm and dissection", "The Marfan Foundation", 0,
        "https://marfan.org/resource-library/know-the-signs-of-an-aortic-aneurysm-and-dissection/", READ),
    "downie_2013": Source("Red flags to screen for malignancy and fracture in patients with low back pain: systematic review",
        "BMJ", 2013, "https://doi.org/10.1136/bmj.f7095", READ),
    "langdon_2010": Source("Vertebral compression fractures: new clinical signs to aid diagnosis",
        "Annals of the Royal College of Surgeons of England", 2010, "https://pubmed.ncbi.nlm.nih.gov/19995486/", READ),
    "cdc_heat": Source("Heat stress: heat-related illness", "CDC, NIOSH", 0,
        "https://www.cdc.gov/niosh/topics/heatstress/heatrelillness.html", READ),
    "casa_2015": Source("National Athletic Trainers' Association position statement: exertional heat illnesses",
        "Journal of Athletic Training", 2015, "https://doi.org/10.4085/1062-6050-50.9.07", READ),
    "westerveld_2009": Source(
        "Spinal fractures in patients with ankylosing spinal disorders: a systematic review of the literature",
        "European Spine Journal", 2009, "https://doi.org/10.1007/s00586-008-0764-0", READ),
    "finucane_2020": Source("International Framework for Red Flags for Potential Serious Spinal Pathologies",
        "Journal of Orthopaedic & Sports Physical Therapy", 2020, "https://doi.org/10.2519/jospt.2020.9971", SEEN),
    "eau_trauma": Source("Urological trauma: pocket guidelines", "European Association of Urology", 2019,
        "https://uroweb.org/guidelines/urological-trauma", READ),
    "girft_2023": Source("Pathway supports clinicians to diagnose and treat cauda equina syndrome without delay",
        "Getting It Right First Time (NHS England)", 2023,
        "https://gettingitrightfirsttime.co.uk/pathway-supports-clinicians-to-diagnose-and-treat-cauda-equina-syndrome-without-delay/", READ),
    "csp_2024": Source("The National Suspected Cauda Equina Syndrome Pathway: implications for physiotherapists",
        "Physiotherapy (Chartered Society of Physiotherapy)", 2024,
        "https://www.csp.org.uk/journal/article/physiotherapy-journal-march-2024/national-suspected-cauda-equina-syndrome-pathway", READ),
    "bnssg_stenosis": Source("Lumbar spinal stenosis (draft page)", "REMEDY, NHS Bristol, North Somerset and South Gloucestershire", 0,
        "https://remedy.bnssg.icb.nhs.uk/bnssg-icb/development-area/neurosurgery-draft/lumbarspinal-stenosis-draft", READ),
    "sheffield_sciatica": Source("Sciatica", "Sheffield Aches and Pains (NHS)", 0,
        "https://sheffieldachesandpains.com/conditions/sciatica", READ),
    "gcare": Source("Red flags for spinal conditions", "G-care, NHS Gloucestershire", 0,
        "https://g-care.glos.nhs.uk/pathway/75/resource/3", READ),
    "nhs_lothian": Source("Serious lumbar spine conditions: red flags", "NHS Lothian RefHelp", 0,
        "https://apps.nhslothian.scot/refhelp/guidelines/musculoskeletalphysiotherapy/lumbarspine/serious-lumbar-spine-conditions-red-flags", READ),
    "northern_trust": Source("Low back pain", "Northern Health and Social Care Trust", 0,
        "https://www.northerntrust.hscni.net/services/physiotherapy-services/physiotherapy-service-outpatient-service/low-back-pain/", READ),
    "pva_dysreflexia": Source("Autonomic dysreflexia: what you should know (read in a copy on docslib.org)",
        "Consortium for Spinal Cord Medicine, Paralyzed Veterans of America", 0,
        "https://docslib.org/doc/6931638/autonomic-dysreflexia-what-you-should-know", READ),
    "spinal_research": Source("Autonomic dysreflexia", "Spinal Research", 0, "https://spinal-research.org/autonomic-dysreflexia", READ),
    "webmd_leak": Source("Urinary incontinence and overactive bladder", "WebMD", 0, "https://www.webmd.com/urinary-incontinence-oab/default.htm", READ),
    "royal_free_dcm": Source("Degenerative cervical myelopathy: patient leaflet", "Royal Free London NHS Foundation Trust", 0,
        "https://royalfree.nhs.uk/patients-and-visitors/patient-information-leaflets/degenerative-cervical-myelopathy", READ),
    "nice_ng234": Source("Spinal metastases and metastatic spinal cord compression (NG234)", "NICE", 2023,
        "https://www.nice.org.uk/guidance/ng234/chapter/Recommendations", SEEN),
    "bmj_mscc_2023": Source("Spinal metastases and metastatic spinal cord compression: summary of updated NICE guidance", "BMJ", 2023,
        "https://doi.org/10.1136/bmj.p1973", READ),
    "rnoh_mscc": Source("Metastatic spinal cord compression: patient information", "Royal National Orthopaedic Hospital (NHS)", 0,
        "https://www.rnoh.nhs.uk/services/spinal-surgical-unit/metastatic-spinal-cord-compression/mscc-patient-information", READ),
    "fedor_2011": Source(
        "Spontaneous spinal epidural hematoma: a retrospective study on prognostic factors and review of the literature",
        "Korean Journal of Spine", 2011, "https://pmc.ncbi.nlm.nih.gov/articles/PMC4461739", READ),
    "spinal_haematoma": Source("Spontaneous spinal bleeding: 20 patients, more than half on anticoagulants (case series)",
        "PubMed Central PMC11358243", 0, "https://pmc.ncbi.nlm.nih.gov/articles/PMC11358243", READ),
    "wong_2017": Source("Antithrombotics in trauma: management strategies in the older patients", "Journal of Blood Medicine", 2017,
        "https://doi.org/10.2147/JBM.S125209", READ),
    "sea_cohort": Source("Diagnostic delays are common, and classic presentations are rare in spinal epidural abscess",
        "Western Journal of Emergency Medicine", 2025, "https://escholarship.org/uc/item/15t8q6sk", READ),
    "accessmedicine_sea": Source("Spinal epidural abscess (textbook section)", "AccessMedicine", 0,
        "https://accessmedicine.mhmedical.com/content.aspx?bookid=2715&sectionid=249058684", READ),
    "yusuf_2019": Source("Red flags for the early detection of spinal infection in back pain patients",
        "BMC Musculoskeletal Disorders", 2019, "https://doi.org/10.1186/s12891-019-2949-6", READ),
    "ajem_2019": Source(
        "High risk clinical characteristics for pyogenic spinal infection in acute neck or back pain: prospective cohort study",
        "American Journal of Emergency Medicine", 2019, "https://ajemjournal.com/article/S0735-67571930336-5/fulltext", READ),
    "nice_ng118": Source("Renal and ureteric stones: assessment and management (NG118)", "NICE", 2019,
        "https://www.nice.org.uk/guidance/ng118/chapter/Recommendations", READ),
    "bnssg_stones": Source("Renal calculi", "REMEDY, NHS Bristol, North Somerset and South Gloucestershire", 2021,
        "https://remedy.bnssg.icb.nhs.uk/adults/urology/renal-calculi", READ),
    "lothian_colic": Source("Renal/ureteric colic", "St John's Hospital emergency medicine handbook, NHS Lothian", 0,
        "https://www.rightdecisions.scot.nhs.uk/sjh-emergency-medicine/handbook/urology/renal-ureteric-colic", READ),
    "nhs_kidney": Source("Kidney infection", "NHS", 0, "https://nhs.uk/conditions/kidney-infection/treatment", READ),
    "cks_pyelonephritis": Source("Pyelonephritis - acute", "NICE Clinical Knowledge Summaries (read in summaries)", 0,
        "https://cks.nice.org.uk/topics/pyelonephritis-acute/", SEEN),
    "nidirect_pancreatitis": Source("Acute pancreatitis", "nidirect, Northern Ireland", 0,
        "https://www.nidirect.gov.uk/conditions/acute-pancreatitis", READ),
    "rhabdo": Source("Rhabdomyolysis: signs and symptoms", "CDC, NIOSH", 0,
        "https://www.cdc.gov/niosh/topics/rhabdo/symptoms.html", READ),
    "dark_urine": Source("Dark-colored urine: dehydration, liver, muscle and other causes", "United Medicines", 0,
        "https://unitedmedicines.com/dark-colored-urine/", READ),
    "compartment_2024": Source("Deadlift-Induced Paraspinal Compartment Syndrome: A Case Report", "Cureus", 2024,
        "https://doi.org/10.7759/cureus.62314", READ),
    "compartment_2024b": Source(
        "Paralumbar compartment syndrome, a rare sequela of deadlifting: a case report and review of current literature",
        "Journal of Orthopaedic Surgery and Research", 2024, "https://doi.org/10.1186/s13018-024-04860-3", READ),
    "eichner_2017": Source("Acute Lumbar Paraspinal Myonecrosis in Football Players with Sickle Cell Trait: A Case Series",
        "Medicine & Science in Sports & Exercise", 2017,
        "https://journals.lww.com/acsm-msse/Fulltext/2017/04000/Acute_Lumbar_Paraspinal_Myonecrosis_in_Football.1.aspx", SEEN),
    "nata_sickle_2012": Source("Guidelines to reduce or prevent onset of exertional sickling from athletic participation",
        "National Athletic Trainers' Association", 2012,
        "https://nata.org/press-release/050912/guidelines-reduce-or-prevent-onset-exertional-sickling-athletic-participation", READ),
    "nidirect_ectopic": Source("Ectopic pregnancy", "nidirect, Northern Ireland", 0,
        "https://www.nidirect.gov.uk/conditions/ectopic-pregnancy", READ),
    "nice_ng126": Source("Ectopic pregnancy and miscarriage (NG126; read in a summary)", "NICE", 2019,
        "https://www.nice.org.uk/guidance/ng126/chapter/Recommendations", READ),
    "chelwest_early": Source("Pain and bleeding in early pregnancy", "Chelsea and Westminster Hospital (NHS)", 0,
        "https://chelwest.nhs.uk/your-visit/patient-leaflets/womens-services/pain-and-bleeding-in-early-pregnancy", READ),
    "awhonn_birth": Source("POST-BIRTH warning signs (read on a hospital's page)", "Association of Women's Health, Obstetric and Neonatal Nurses", 0,
        "https://grmcbirthingcenter.com/about-mom/post-birth-warning-signs/", READ),
    "babycentre_birth": Source("Postnatal symptoms you should never ignore", "BabyCentre UK", 0,
        "https://www.babycentre.co.uk/a1011242/postnatal-symptoms-you-should-never-ignore", READ),
    "march_of_dimes_birth": Source("Warning signs of health problems after giving birth", "March of Dimes", 0,
        "https://www.marchofdimes.org/it-starts-with-mom/warning-signs-of-health-problems-after-giving-birth.aspx", READ),
    "li_2014": Source("Contraceptive use and the risk of ectopic pregnancy: a multi-center case-control study", "PLOS ONE", 2014,
        "https://pmc.ncbi.nlm.nih.gov/articles/PMC4262460", READ),
    "fsrh_40": Source("Contraceptive choice for over-40s depends on risk-benefit profile (on the FSRH's guidance)", "Guidelines in Practice", 0,
        "https://www.guidelinesinpractice.co.uk/womens-health/contraceptive-choice-for-over-40s-depends-on-risk-benefit-profile/312039.article", READ),
    "tommys_preterm": Source("Signs and symptoms of premature (preterm) labour", "Tommy's (read in a copy of the page)", 0,
        "https://www.tommys.org/pregnancy-information/premature-birth/risk-premature-birth/signs-and-symptoms-of-premature-labour", READ),
    "hse_appendicitis": Source("Symptoms - Appendicitis", "HSE Ireland", 0,
        "https://www2.hse.ie/conditions/appendicitis/symptoms.html", READ),
    "nhs_late_bleeding": Source("Postmenopausal bleeding", "NHS (read in a copy of the page)", 0,
        "https://limelighthealthhub.nhs.uk/health-a-to-z/postmenopausal-bleeding-2/", READ),
    "otc_label": Source("Organ-specific warnings for over-the-counter pain relievers: final rule (the label's words read in a copy)",
        "US Food and Drug Administration", 2009, "https://pubmed.ncbi.nlm.nih.gov/19507324/", READ),
    "uhb_maternity": Source("When to call the midwife", "University Hospitals Birmingham (NHS)", 2022,
        "https://www.uhb.nhs.uk/services/maternity/when-to-call-the-midwife.htm", READ),
    "mama_academy": Source("Call the midwife", "Mama Academy", 0,
        "https://www.mamaacademy.org.uk/pregnancy-birth/call-the-midwife/", READ),
    "fda_acetaminophen": Source("Acetaminophen and liver injury: Q & A for consumers",
        "US Food and Drug Administration (read in the copy on WebMD)", 0,
        "https://www.webmd.com/fda/acetaminophen-liver-injury-qa-consumers?page=3", READ),
    "cdc_opioids": Source("Opioid overdose: signs, by the CDC (read on a maker's page)", "Masimo", 0,
        "https://shop.masimo.com/en-us/category-pages/opioid-safety.html", READ),
    "live_well_opioids": Source("I want to reduce my pain medicines", "Live Well with Pain", 0,
        "https://livewellwithpain.co.uk/resources-for-people-with-pain/shortcuts/i-want-to-reduce-my-pain-medicines/", READ),
    "nsaid_label": Source("Medication guide for nonsteroidal anti-inflammatory drugs (NSAIDs)", "DailyMed, US National Library of Medicine", 0,
        "https://dailymed.nlm.nih.gov/dailymed/medguide.cfm?setid=449b273a-936a-4c49-b0c8-d0daa47733ae", READ),
    "nhs_wales_bleeding": Source("Vomiting blood", "NHS 111 Wales", 2023,
        "https://111.wales.nhs.uk/Encyclopaedia/v/article/vomitingblood", READ),
    "healthwise_bleeding": Source("Upper gastrointestinal bleeding", "CommonSpirit Health (Healthwise)", 0,
        "https://commonspirit.org/conditions-treatments/upper-gastrointestinal-bleeding", READ),
    "nidirect_crisis": Source("Mental health emergency - if you're in crisis or despair", "nidirect, Northern Ireland", 0,
        "https://nidirect.gov.uk/node/2219", READ),
    "tewv_crisis": Source("Crisis advice", "Tees, Esk and Wear Valleys NHS Foundation Trust", 0,
        "https://tewv.nhs.uk/services/crisis-advice", READ),
    "vertebral_2021": Source("Vertebral compression fractures in osteoporosis: two in three are not diagnosed (review)",
        "PubMed Central PMC8203169", 0, "https://pmc.ncbi.nlm.nih.gov/articles/PMC8203169", READ),
    "ros_vertebral": Source("Vertebral fractures", "Royal Osteoporosis Society", 0,
        "https://theros.org.uk/healthcare-professionals/clinical-quality-hub/clinical-quality-toolkits/vertebral-fractures/", READ),
    "breaking_spine": Source("The breaking spine: key messages on vertebral fractures", "Report (read in a copy on docslib.org)", 0,
        "https://docslib.org/doc/4560445/the-breaking-spine", READ),
    "sacral_stress": Source("Sacral stress fractures: a rare but curable cause of back pain in athletes", "Sports Health", 2019,
        "https://pmc.ncbi.nlm.nih.gov/articles/PMC6745814/", READ),
    "beck_2021": Source(
        "Risk factors, diagnosis and management of bone stress injuries in adolescent athletes: a narrative review", "Sports", 2021,
        "https://doi.org/10.3390/sports9040052", READ),
    "nhs_hip": Source("Hip fractures", "Hertfordshire Community NHS Trust", 0,
        "https://www.hct.nhs.uk/your-healthmanaging-conditions/hip-fractures-1065/", READ),
    "nice_ng12": Source("Suspected cancer: recognition and referral (NG12)", "NICE", 2015, "https://www.nice.org.uk/guidance/ng12", READ),
    "nhs_shingles": Source("Shingles", "NHS (read in copies of the page)", 0, "https://www.nhs.uk/conditions/shingles/", READ),
    "nice_ng65": Source("Spondyloarthritis in over 16s: diagnosis and management (NG65)", "NICE", 2017,
        "https://www.nice.org.uk/guidance/ng65/chapter/recommendations", READ),
    "perth_children": Source("Back pain: pre-referral guideline for family doctors", "Perth Children's Hospital", 0,
        "https://pch.health.wa.gov.au/For-health-professionals/Referrals-to-PCH/Prereferral-guidelines/Back-pain", READ),
    "bmj_teenagers_2015": Source("Teenagers with back pain", "BMJ", 2015, "https://doi.org/10.1136/bmj.h1275", READ),
    "nice_ng59": Source("Low back pain and sciatica in over 16s: assessment and management (NG59)", "NICE", 2016,
        "https://www.nice.org.uk/guidance/ng59/chapter/Recommendations", READ),
    "who_2023": Source(
        "WHO guideline for non-surgical management of chronic primary low back pain in adults in primary and community care settings",
        "World Health Organization", 2023, "https://www.ncbi.nlm.nih.gov/books/NBK599210", READ),
    "acp_2017": Source("Noninvasive treatments for acute, subacute, and chronic low back pain: clinical practice guideline",
        "American College of Physicians", 2017, "https://doi.org/10.7326/M16-2367", READ),
    "menezes_costa_2012": Source("The prognosis of acute and persistent low-back pain: a meta-analysis", "CMAJ", 2012,
        "https://www.cmaj.ca/content/184/11/E613", READ),
    "acr_2021": Source("ACR Appropriateness Criteria: Low Back Pain, 2021 update", "Journal of the American College of Radiology", 2021,
        "https://doi.org/10.1016/j.jacr.2021.08.002", READ),
    "henschke_2008": Source("Prognosis in patients with recent onset low back pain in Australian primary care: inception cohort study",
        "BMJ", 2008, "https://doi.org/10.1136/bmj.a171", READ),
    "patel_2017": Source("Evaluation and management of lower back pain in young athletes", "Translational Pediatrics", 2017,
        "https://doi.org/10.21037/tp.2017.06.01", READ),
    "accesspediatrics_pars": Source("Injury to the pars interarticularis in young athletes (textbook section)", "AccessPediatrics", 0,
        "https://accesspediatrics.mhmedical.com/content.aspx?bookid=2196&sectionid=167755703", READ),
    "mhra_2023": Source("NSAIDs: potential risks following prolonged use after 20 weeks of pregnancy", "MHRA Drug Safety Update", 2023,
        "https://www.gov.uk/drug-safety-update/non-steroidal-anti-inflammatory-drugs-nsaids-potential-risks-following-prolonged-use-after-20-weeks-of-pregnancy", READ),
    "lancet_2018": Source("Prevention and treatment of low back pain: evidence, challenges, and promising directions", "The Lancet", 2018,
        "https://research.vu.nl/en/publications/prevention-and-treatment-of-low-back-pain-evidence-challenges-and", READ),
    "steffens_2015": Source("What triggers an episode of acute low back pain? A case-crossover study", "Arthritis Care & Research", 2015,
        "https://doi.org/10.1002/acr.22533", READ),
    "wilson_2021": Source("Prevalence and risk factors for back pain in sports: a systematic review with meta-analysis",
        "British Journal of Sports Medicine", 2021, "https://doi.org/10.1136/bjsports-2020-102537", READ),
}  # fmt: skip

PROTOCOL = Protocol(
    code="back_pain",
    version=VERSION,
    questions=QUESTIONS,
    rules=RULES,
    sources=SOURCES,
    articles={
        Level.EMERGENCY: (),
        Level.URGENT: ("signs-that-need-help-now",),
        Level.SOON: ("without-surgery", "first-days-at-home"),
        Level.SELF_CARE: ("first-days-at-home", "stop-it-coming-back"),
    },
    # By option of the question "sport": the address of its article. "other" and "none" have none.
    sport_articles={
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
    },
)
