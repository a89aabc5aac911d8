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
TWO_WEEKS = chosen("duration", "2_6_weeks", "6_12_weeks", "3_months")
SIX_WEEKS = chosen("duration", "6_12_weeks", "3_months")
CHRONIC = chosen("duration", "3_months")
NOT_BETTER = chosen("trend", "same", "worse")
UPPER_BACK = chosen("where", "upper_left", "upper_right", "middle_left", "middle_right")
# Without those that are an emergency by themselves.
LEG_SIGN = chosen("legs", "one_numb", "both", "weak_one", "unsteady")
FALL = chosen("start", "fall")
FRAGILE = chosen("history", "thin_bones", "steroids")
PLAYS_SPORT = chosen(
    "sport", "baseball", "golf", "tennis", "cricket", "gymnastics", "rowing", "weightlifting", "running", "swimming",
    "american_football", "ice_hockey", "cycling", "volleyball", "basketball", "soccer", "dance", "combat", "skiing", "other",
)  # fmt: skip

QUESTIONS = (
    checklist("now", "chest", "breathless", "collapse", "tearing", "unwell", "lump"),
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
    Question("start", options("movement", "gradual", "effort", "fall", "accident", "accident_old", UNSURE), red_flag=True),
    checklist(
        "aftermath", "bone", "heat", "swollen", "sickle", when=chosen("start", "accident", "fall", "effort", "accident_old")
    ),
    checklist("saddle", "pee_hard", "pee_leak", "bowel", "numb", "sex", "old"),
    checklist("legs", "one_pain", "one_numb", "weak_one", "both", "weak_both", "spreading", "unsteady", "old"),
    Question(
        "both_legs", options("new", "steady", "sore", "no", UNSURE), red_flag=True, when=chosen("legs", "both"),
        order=("no", "steady", "new"),
    ),
    checklist("pain", "night", "sudden", "climbing", "hard", "waves", "band"),
    checklist("vessels", "pressure", "smoker", "family", when=every(chosen("pain", "sudden"), BELOW_60)),
    checklist(
        "also", "fever", "sweats", "weight", "burning", "blood", "cola", "belly", "vomiting", "rash", "shape",
    ),
    checklist(
        "history", "cancer", "thin_bones", "height", "steroids", "fused", "defences", "infection", "procedure",
        "operation", "pregnant",
    ),
    checklist(
        "pregnancy", "bleeding", "tightenings", "fluid", "movements", "one_sided", "shoulder", when=chosen("history", "pregnant")
    ),
    checklist("medicines", "thinner", "anti_inflammatory_risk", "overdose", "black"),
    Question("duration", options("under_2_weeks", "2_6_weeks", "6_12_weeks", "3_months", UNSURE)),
    Question("trend", options("better", "same", "worse", UNSURE), when=TWO_WEEKS, order=("better", "same", "worse")),
    Question("known", options("same", "changed", "never", UNSURE), red_flag=True, when=CHRONIC, order=("same", "never", "changed")),
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
    ),
    checklist("load", "arching", "impact", "cannot_bear", "low_energy", when=every(PLAYS_SPORT, some(UNDER_18, TWO_WEEKS))),
    checklist("life", "cannot_stand", "stops_day", "afraid", "low", "self_harm"),
)  # fmt: skip

RULES = (
    # Emergency: heart, lungs, great vessels, very unwell
    Rule("chest", EMERGENCY, chosen("now", "chest"), ("nhs_back_pain", "ne_ambulance"), "ambulance"),
    Rule("breathless", EMERGENCY, chosen("now", "breathless"), ("nice_ng158", "ne_ambulance"), "ambulance"),
    Rule("collapse", EMERGENCY, chosen("now", "collapse"), ("metcalfe_2016",), "ambulance"),
    Rule("tearing", EMERGENCY, chosen("now", "tearing"), ("dashed",), "ambulance"),
    Rule("unwell", EMERGENCY, chosen("now", "unwell"), ("nhs_back_pain",), "ambulance"),
    Rule("aneurysm", EMERGENCY, chosen("now", "lump"), ("azhar_2014",), "ambulance"),
    Rule("vessel_60", EMERGENCY, every(chosen("pain", "sudden"), FROM_60), ("azhar_2014", "metcalfe_2016"), "ambulance", instead_of=("sudden_50",)),
    Rule(
        "vessel_50", EMERGENCY,
        every(chosen("pain", "sudden"), chosen("age", "50_59"), chosen("vessels", "pressure", "smoker")), ("azhar_2014", "dashed"), "ambulance",
        instead_of=("sudden_50",),
    ),
    Rule("vessel_family", EMERGENCY, every(chosen("pain", "sudden"), chosen("vessels", "family")), ("dashed",), "ambulance"),
    # Emergency: injury
    Rule("accident", EMERGENCY, chosen("start", "accident"), ("nhs_back_pain", "downie_2013"), "ambulance"),
    Rule("heat", EMERGENCY, chosen("aftermath", "heat"), ("casa_2015",), "ambulance"),
    Rule("fused_fall", EMERGENCY, every(FALL, chosen("history", "fused")), ("westerveld_2009",), "department", instead_of=("fused",)),
    Rule("fall_nerve", EMERGENCY, every(FALL, LEG_SIGN), ("nhs_back_pain", "finucane_2020"), "department", instead_of=("fall",)),
    Rule("kidney_injury", EMERGENCY, every(FALL, chosen("also", "blood")), ("eau_trauma",), "department"),
    # Emergency: nerves
    Rule(
        "cauda_equina", EMERGENCY, chosen("saddle", "pee_hard", "pee_leak", "bowel", "numb", "sex"),
        ("girft_2023", "csp_2024", "nhs_back_pain"), "department",
    ),
    Rule("both_legs_new", EMERGENCY, chosen("both_legs", "new"), ("nhs_back_pain", "csp_2024"), "department"),
    Rule("weak_both", EMERGENCY, chosen("legs", "weak_both"), ("nhs_back_pain",), "department"),
    Rule("spreading", EMERGENCY, chosen("legs", "spreading"), ("cks_sciatica", "gcare"), "department"),
    Rule(
        "cord", EMERGENCY, every(chosen("legs", "unsteady"), some(chosen("pain", "band"), chosen("legs", "weak_one"))),
        ("nice_ng234", "northern_trust"), "department",
    ),
    Rule(
        "cancer_nerve", EMERGENCY, every(chosen("history", "cancer"), some(LEG_SIGN, chosen("pain", "band"))),
        ("nice_ng234",), "department", instead_of=("cancer",)),
    Rule(
        "thinner_nerve", EMERGENCY, every(chosen("medicines", "thinner"), chosen("pain", "sudden"), LEG_SIGN),
        ("epidural_haematoma",), "department",
    ),
    # Emergency: infection, kidney, belly
    Rule(
        "deep_infection", EMERGENCY,
        every(chosen("also", "fever"), some(chosen("history", "defences", "procedure"), LEG_SIGN)),
        ("sea_cohort", "accessmedicine_sea", "finucane_2020"), "department", instead_of=("fever",)),
    Rule("procedure_nerve", EMERGENCY, every(chosen("history", "procedure"), LEG_SIGN), ("accessmedicine_sea",), "department"),
    Rule(
        "kidney_blocked", EMERGENCY,
        every(chosen("pain", "waves"), some(chosen("also", "fever"), FROM_60, chosen("history", "pregnant"))),
        ("nice_ng118", "azhar_2014"), "department", instead_of=("waves",)),
    Rule(
        "kidney_infection_severe", EMERGENCY,
        every(chosen("also", "fever"), chosen("also", "burning"), chosen("also", "vomiting")), ("cks_pyelonephritis",), "department", instead_of=("burning", "vomiting", "fever",)),
    Rule(
        "belly_severe", EMERGENCY, every(chosen("also", "belly"), chosen("also", "vomiting", "fever")),
        ("nice_ng104",), "department", instead_of=("belly", "vomiting",)),
    # Emergency: athletes
    Rule("cola_urine", EMERGENCY, chosen("also", "cola"), ("rhabdo",), "department"),
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
        ("eichner_2017",), "department", instead_of=("sickle",)),
    # Emergency: pregnancy, medicines, mind
    Rule("ectopic", EMERGENCY, chosen("pregnancy", "shoulder"), ("nhs_ectopic",), "ambulance"),
    Rule(
        "pregnancy_now", EMERGENCY,
        some(
            chosen("pregnancy", "bleeding", "tightenings", "fluid", "movements"),
            every(chosen("history", "pregnant"), chosen("also", "fever")),
        ),
        ("uhb_maternity", "mama_academy"), "maternity",
    ),
    Rule("overdose", EMERGENCY, chosen("medicines", "overdose"), ("fda_acetaminophen",), "department"),
    Rule("black_stools", EMERGENCY, chosen("medicines", "black"), ("nsaid_label",), "department"),
    Rule("self_harm", EMERGENCY, chosen("life", "self_harm"), ("nice_ng225",), "crisis"),
    # Urgent: nerves
    Rule("weak_one", URGENT, chosen("legs", "weak_one"), ("nhs_lothian", "cks_sciatica"), articles=("nerves",), instead_of=("leg_pain", "numb_one",)),
    Rule("unsteady", URGENT, chosen("legs", "unsteady"), ("northern_trust",), articles=("nerves",)),
    Rule("band", URGENT, chosen("pain", "band"), ("northern_trust", "nice_ng234")),
    # Urgent: bones and injury
    Rule("fall_fragile", URGENT, every(FALL, some(FRAGILE, FROM_65)), ("northern_trust", "downie_2013"), instead_of=("fall",)),
    Rule("fall_thinner", URGENT, every(FALL, chosen("medicines", "thinner")), ("epidural_haematoma",), instead_of=("fall",)),
    Rule("bone_point", URGENT, chosen("aftermath", "bone"), ("downie_2013", "finucane_2020"), instead_of=("fall",)),
    Rule(
        "fragile", URGENT, every(FRAGILE, chosen("duration", "under_2_weeks", "2_6_weeks", "6_12_weeks")),
        ("downie_2013", "vertebral_2021"),),
    Rule("sickle", URGENT, chosen("aftermath", "sickle"), ("eichner_2017",)),
    Rule("swollen", URGENT, chosen("aftermath", "swollen"), ("rhabdo",)),
    Rule("cannot_bear", URGENT, chosen("load", "cannot_bear"), ("sacral_stress",)),
    # Urgent: infection, cancer, unexplained
    Rule("fever", URGENT, chosen("also", "fever"), ("nhs_back_pain", "northern_trust")),
    Rule(
        "quiet_infection", URGENT,
        every(chosen("history", "defences", "infection"), chosen("pain", "night")), ("sea_cohort", "accessmedicine_sea"), instead_of=("recent_infection", "night",)),
    Rule("procedure", URGENT, chosen("history", "procedure"), ("accessmedicine_sea",)),
    Rule("sweats", URGENT, chosen("also", "sweats"), ("finucane_2020",)),
    Rule("weight", URGENT, chosen("also", "weight"), ("nhs_back_pain", "nice_ng12")),
    Rule("night", URGENT, chosen("pain", "night"), ("nhs_back_pain", "northern_trust")),
    Rule("cancer", URGENT, chosen("history", "cancer"), ("downie_2013", "nice_ng234")),
    Rule("shape", URGENT, chosen("also", "shape"), ("nhs_back_pain",)),
    Rule(
        "upper_back_flags", URGENT,
        every(
            UPPER_BACK,
            some(FROM_50, FALL, chosen("pain", "sudden"), chosen("history", "defences"), chosen("medicines", "thinner")),
        ),
        ("nhs_back_pain", "finucane_2020"), instead_of=("upper_back",)),
    # Urgent: kidney, belly, skin, vessels
    Rule("waves", URGENT, chosen("pain", "waves"), ("nice_ng118",)),
    Rule("burning", URGENT, chosen("also", "burning"), ("cks_pyelonephritis",)),
    Rule("blood", URGENT, chosen("also", "blood"), ("cks_pyelonephritis", "nice_ng12")),
    Rule("belly", URGENT, chosen("also", "belly"), ("nice_ng104",)),
    Rule("vomiting", URGENT, chosen("also", "vomiting"), ("cks_pyelonephritis",)),
    Rule("rash", URGENT, chosen("also", "rash"), ("nhs_shingles",)),
    Rule(
        "sudden_50", URGENT, every(chosen("pain", "sudden"), chosen("age", "50_59")), ("azhar_2014",), instead_of=("sudden",),
    ),
    Rule("thinner_sudden", URGENT, every(chosen("medicines", "thinner"), chosen("pain", "sudden")), ("epidural_haematoma",)),
    Rule("thinner_leg", URGENT, every(chosen("medicines", "thinner"), LEG_SIGN), ("epidural_haematoma",)),
    Rule(
        "sudden_pressure", URGENT, every(chosen("pain", "sudden"), chosen("vessels", "pressure")), ("dashed",), instead_of=("sudden",),
    ),
    Rule("one_sided_pregnancy", URGENT, chosen("pregnancy", "one_sided"), ("nhs_ectopic",)),
    # Urgent: athletes, inflammation, function, children
    Rule("climbing", URGENT, chosen("pain", "climbing"), ("compartment_2024",)),
    Rule("hard", URGENT, chosen("pain", "hard"), ("compartment_2024", "compartment_2024b")),
    Rule("red_eye", URGENT, chosen("stiff", "red_eye"), ("nice_ng65",)),
    Rule("cannot_stand", URGENT, chosen("life", "cannot_stand"), ("nhs_back_pain",)),
    Rule("under_13", URGENT, chosen("age", "under_13"), ("perth_children", "nice_ng59")),
    # Soon
    Rule("sudden", SOON, chosen("pain", "sudden"), ("dashed",)),
    Rule("chronic", SOON, CHRONIC, ("who_2023", "acp_2017"), articles=("three-months-or-longer",)),
    Rule("six_weeks", SOON, every(chosen("duration", "6_12_weeks"), NOT_BETTER), ("menezes_costa_2012", "acp_2017"), articles=("without-surgery",)),
    Rule("worse", SOON, chosen("trend", "worse"), ("nhs_back_pain",)),
    Rule("changed", SOON, chosen("known", "changed", "never"), ("nice_ng59",), articles=("three-months-or-longer",)),
    Rule(
        "inflammatory", SOON, AtLeast(3, tuple(
            chosen("stiff", code) for code in ("morning", "moving", "half_night", "buttock", "family", "skin")
        )), ("nice_ng65",),
    ),
    Rule("numb_one", SOON, chosen("legs", "one_numb"), ("cks_sciatica",), articles=("nerves",), instead_of=("leg_pain",)),
    Rule("leg_pain_lasting", SOON, every(chosen("legs", "one_pain"), SIX_WEEKS), ("cks_sciatica",), articles=("nerves",), instead_of=("leg_pain",)),
    Rule("both_legs_steady", SOON, chosen("both_legs", "steady"), ("girft_2023",), articles=("nerves",)),
    Rule("accident_old", SOON, chosen("start", "accident_old"), ("vertebral_2021",)),
    Rule("upper_back", SOON, UPPER_BACK, ("nhs_back_pain", "finucane_2020")),
    Rule("fused", SOON, chosen("history", "fused"), ("westerveld_2009",)),
    Rule("height", SOON, chosen("history", "height"), ("vertebral_2021", "ros_height")),
    Rule("operation", SOON, chosen("history", "operation"), ("acr_2021",), articles=("when-surgery-is-considered",)),
    Rule("age_75", SOON, chosen("age", "75_plus"), ("downie_2013", "vertebral_2021")),
    Rule("fragile_chronic", SOON, every(FRAGILE, CHRONIC), ("downie_2013",)),
    Rule("stops_day_lasting", SOON, every(chosen("life", "stops_day"), TWO_WEEKS), ("nhs_back_pain",), instead_of=("stops_day",)),
    Rule("low", SOON, chosen("life", "low"), ("nice_ng59", "henschke_2008")),
    Rule("afraid_lasting", SOON, every(chosen("life", "afraid"), TWO_WEEKS), ("nice_ng59",), articles=("without-surgery",), instead_of=("afraid",)),
    Rule("teen", SOON, every(TEEN, TWO_WEEKS), ("nice_ng59", "pars_2020"), instead_of=("teen_16",)),
    Rule("teen_16", SOON, every(chosen("age", "16_17"), TWO_WEEKS, NOT_BETTER), ("pars_2020",)),
    Rule("teen_alone", SOON, chosen("age", "13_15_alone"), ("nice_ng59",)),
    Rule("pars", SOON, every(UNDER_18, chosen("load", "arching")), ("pars_2020", "spondylolysis_general"), instead_of=("arching",)),
    Rule("impact", SOON, chosen("load", "impact"), ("sacral_stress",), articles=("overuse",)),
    Rule("low_energy", SOON, chosen("load", "low_energy"), ("sacral_stress", "reds"), articles=("too-little-recovery",)),
    # Self-care: these raise nothing, they add a reason or a caution
    Rule("for_other", SELF_CARE, chosen("who", "other"), ("nhs_back_pain",)),
    Rule("long_standing", SELF_CARE, chosen("saddle", "old"), ("girft_2023",)),
    Rule("old_leg", SELF_CARE, chosen("legs", "old"), ("girft_2023",)),
    Rule("leg_pain", SELF_CARE, chosen("legs", "one_pain"), ("cks_sciatica",), articles=("nerves",)),
    Rule("pregnant", SELF_CARE, chosen("history", "pregnant"), ("uhb_maternity", "mhra_2023")),
    Rule("recent_infection", SELF_CARE, chosen("history", "infection"), ("sea_cohort",)),
    Rule("no_anti_inflammatory", SELF_CARE, chosen("medicines", "thinner", "anti_inflammatory_risk"), ("nice_ng59", "nsaid_label")),
    Rule("stops_day", SELF_CARE, chosen("life", "stops_day"), ("menezes_costa_2012",), articles=("first-days-at-home",)),
    Rule("afraid", SELF_CARE, chosen("life", "afraid"), ("lancet_2018",)),
    Rule("strain", SELF_CARE, chosen("start", "movement"), ("acp_2017", "lancet_2018"), articles=("what-a-spasm-feels-like",)),
    Rule("effort", SELF_CARE, chosen("start", "effort"), ("wilson_2021", "rhabdo"), articles=("overuse", "too-little-recovery")),
    Rule("gradual", SELF_CARE, chosen("start", "gradual"), ("wilson_2021",), articles=("overuse",)),
    Rule("fall", SELF_CARE, FALL, ("downie_2013",)),
    Rule("arching", SELF_CARE, chosen("load", "arching"), ("spondylolysis_general",)),
)  # fmt: skip

SEEN = "2026-11-22"  # when the project's evidence review saw the fact in public material
SOURCES = {
    "nhs_back_pain": Source("Back pain", "NHS", 2025, "https://www.nhs.uk/conditions/back-pain/", SEEN),
    "ne_ambulance": Source(
        "Ambulance calls for low back pain in north-east England", "PubMed Central PMC8892451", 2022,
        "https://www.ncbi.nlm.nih.gov/pmc/articles/PMC8892451/", SEEN),
    "nice_ng158": Source(
        "Venous thromboembolic diseases: diagnosis, management and thrombophilia testing (NG158)", "NICE", 2020,
        "https://www.nice.org.uk/guidance/ng158"),
    "metcalfe_2016": Source(
        "Ruptured abdominal aortic aneurysm: early symptoms and missed diagnosis (UK cohort)", "Metcalfe and colleagues", 2016,
        "https://pubmed.ncbi.nlm.nih.gov/?term=Metcalfe+2016+ruptured+abdominal+aortic+aneurysm+misdiagnosis", SEEN),
    "azhar_2014": Source(
        "Misdiagnosis of ruptured abdominal aortic aneurysm: systematic review and meta-analysis",
        "Journal of Endovascular Therapy", 2014, "https://pubmed.ncbi.nlm.nih.gov/25101588/", SEEN),
    "dashed": Source("Diagnosis of acute aortic syndrome in the emergency department (DAShED)", "The SGEM", 2024,
        "https://thesgem.com/", SEEN),
    "downie_2013": Source(
        "Red flags to screen for malignancy and fracture in patients with low back pain: systematic review", "BMJ", 2013,
        "https://doi.org/10.1136/bmj.f7095", SEEN),
    "casa_2015": Source(
        "National Athletic Trainers' Association position statement: exertional heat illnesses", "Journal of Athletic Training",
        2015, "https://doi.org/10.4085/1062-6050-50.9.07"),
    "westerveld_2009": Source(
        "Spinal fractures in patients with ankylosing spinal disorders: systematic review", "European Spine Journal", 2009,
        "https://doi.org/10.1007/s00586-008-0764-0"),
    "finucane_2020": Source(
        "International Framework for Red Flags for Potential Serious Spinal Pathologies",
        "Journal of Orthopaedic & Sports Physical Therapy", 2020, "https://doi.org/10.2519/jospt.2020.9971", SEEN),
    "eau_trauma": Source("Guidelines on urological trauma", "European Association of Urology", 2024,
        "https://uroweb.org/guidelines/urological-trauma"),
    "girft_2023": Source("National suspected cauda equina syndrome pathway", "Getting It Right First Time", 2023,
        "https://gettingitrightfirsttime.co.uk/", SEEN),
    "csp_2024": Source("Cauda equina syndrome: summary for practice", "Chartered Society of Physiotherapy", 2024,
        "https://www.csp.org.uk/", SEEN),
    "cks_sciatica": Source("Sciatica (lumbar radiculopathy)", "NICE Clinical Knowledge Summaries", 2024,
        "https://cks.nice.org.uk/topics/sciatica-lumbar-radiculopathy/"),
    "gcare": Source("Back pain pathway: red flags", "G-care Gloucestershire", 2024,
        "https://g-care.glos.nhs.uk/pathway/75/resource/3", SEEN),
    "nice_ng234": Source("Spinal metastases and metastatic spinal cord compression (NG234)", "NICE", 2023,
        "https://www.nice.org.uk/guidance/ng234", SEEN),
    "northern_trust": Source("Back pain: when to get help", "Northern Health and Social Care Trust", 2024,
        "https://www.northerntrust.hscni.net/", SEEN),
    "epidural_haematoma": Source("Spontaneous spinal epidural haematoma with anticoagulants: reviews of cases",
        "PubMed", 2020, "https://pubmed.ncbi.nlm.nih.gov/?term=spontaneous+spinal+epidural+hematoma+anticoagulant+review"),
    "sea_cohort": Source("Spinal epidural abscess: 457 patients proven by MRI", "eScholarship, University of California", 2020,
        "https://escholarship.org/uc/item/15t8q6sk", SEEN),
    "accessmedicine_sea": Source("Spinal epidural abscess (textbook chapter)", "AccessMedicine", 2022,
        "https://accessmedicine.mhmedical.com/", SEEN),
    "nice_ng118": Source("Renal and ureteric stones: assessment and management (NG118)", "NICE", 2019,
        "https://www.nice.org.uk/guidance/ng118"),
    "cks_pyelonephritis": Source("Pyelonephritis - acute", "NICE Clinical Knowledge Summaries", 2024,
        "https://cks.nice.org.uk/topics/pyelonephritis-acute/", SEEN),
    "nice_ng104": Source("Pancreatitis (NG104)", "NICE", 2018, "https://www.nice.org.uk/guidance/ng104"),
    "rhabdo": Source("Rhabdomyolysis and work", "CDC, NIOSH", 2024, "https://www.cdc.gov/niosh/rhabdo/"),
    "compartment_2024": Source("Lumbar paraspinal compartment syndrome after lifting (report and review)", "Cureus", 2024,
        "https://doi.org/10.7759/cureus.62314", SEEN),
    "compartment_2024b": Source("Lumbar paraspinal compartment syndrome: review",
        "Journal of Orthopaedic Surgery and Research", 2024, "https://doi.org/10.1186/s13018-024-04860-3", SEEN),
    "eichner_2017": Source("Sickle cell trait and lumbar paraspinal muscle breakdown in American football",
        "Medicine & Science in Sports & Exercise", 2017, "https://pubmed.ncbi.nlm.nih.gov/?term=Eichner+2017+sickle+lumbar", SEEN),
    "nhs_ectopic": Source("Ectopic pregnancy", "NHS", 2022, "https://www.nhs.uk/conditions/ectopic-pregnancy/", SEEN),
    "uhb_maternity": Source("When to call the maternity unit", "University Hospitals Birmingham", 2024,
        "https://www.uhb.nhs.uk/", SEEN),
    "mama_academy": Source("Warning signs in pregnancy", "Mama Academy", 2024, "https://www.mamaacademy.org.uk/", SEEN),
    "fda_acetaminophen": Source("Acetaminophen: avoiding liver injury", "US Food and Drug Administration", 2024,
        "https://www.fda.gov/drugs/information-drug-class/acetaminophen"),
    "nsaid_label": Source("Nonsteroidal anti-inflammatory drugs (NSAIDs): label warnings", "US Food and Drug Administration", 2024,
        "https://www.fda.gov/drugs/postmarket-drug-safety-information-patients-and-providers/nonsteroidal-anti-inflammatory-drugs-nsaids"),
    "nice_ng225": Source("Self-harm: assessment, management and preventing recurrence (NG225)", "NICE", 2022,
        "https://www.nice.org.uk/guidance/ng225"),
    "nhs_lothian": Source("Foot drop: referral guideline", "NHS Lothian", 2024, "https://apps.nhslothian.scot/", SEEN),
    "vertebral_2021": Source("Finding vertebral fractures that were missed", "PubMed Central PMC8203169", 2021,
        "https://www.ncbi.nlm.nih.gov/pmc/articles/PMC8203169/", SEEN),
    "sacral_stress": Source("Sacral and pelvic stress fractures in athletes", "PubMed Central PMC6745814", 2019,
        "https://www.ncbi.nlm.nih.gov/pmc/articles/PMC6745814/", SEEN),
    "reds": Source("Relative energy deficiency in sport and bone stress injury", "PubMed Central PMC8192811", 2021,
        "https://www.ncbi.nlm.nih.gov/pmc/articles/PMC8192811/", SEEN),
    "nice_ng12": Source("Suspected cancer: recognition and referral (NG12)", "NICE", 2015,
        "https://www.nice.org.uk/guidance/ng12", SEEN),
    "nhs_shingles": Source("Shingles", "NHS", 2024, "https://www.nhs.uk/conditions/shingles/", SEEN),
    "nice_ng65": Source("Spondyloarthritis in over 16s: diagnosis and management (NG65)", "NICE", 2017,
        "https://www.nice.org.uk/guidance/ng65", SEEN),
    "perth_children": Source("Back pain in children: emergency department guideline", "Perth Children's Hospital", 2023,
        "https://pch.health.wa.gov.au/", SEEN),
    "nice_ng59": Source("Low back pain and sciatica in over 16s: assessment and management (NG59)", "NICE", 2016,
        "https://www.nice.org.uk/guidance/ng59", SEEN),
    "who_2023": Source("Guideline for non-surgical management of chronic primary low back pain in adults",
        "World Health Organization", 2023, "https://www.who.int/publications/i/item/9789240081789", SEEN),
    "acp_2017": Source("Noninvasive treatments for acute, subacute, and chronic low back pain",
        "American College of Physicians", 2017, "https://doi.org/10.7326/M16-2367", SEEN),
    "menezes_costa_2012": Source("The prognosis of acute and persistent low-back pain: a meta-analysis", "CMAJ", 2012,
        "https://www.cmaj.ca/content/184/11/E613", SEEN),
    "ros_height": Source("Spinal fractures and height loss", "Royal Osteoporosis Society", 2023, "https://theros.org.uk/"),
    "acr_2021": Source("ACR Appropriateness Criteria: low back pain, 2021 update", "American College of Radiology", 2021,
        "https://gravitas.acr.org/", SEEN),
    "henschke_2008": Source("Prognosis in patients with recent onset low back pain: inception cohort", "BMJ", 2008,
        "https://www.ncbi.nlm.nih.gov/pmc/articles/PMC2483884/", SEEN),
    "pars_2020": Source("Back pain in adolescent athletes and spondylolysis", "Journal of Family Practice 69(8)", 2020,
        "https://pubmed.ncbi.nlm.nih.gov/?term=J+Fam+Pract+2020+69+8+spondylolysis", SEEN),
    "spondylolysis_general": Source("Spondylolysis in young athletes", "Aspetar Sports Medicine Journal", 2020,
        "https://journal.aspetar.com/", SEEN),
    "mhra_2023": Source("NSAIDs: avoid from week 20 of pregnancy unless advised", "MHRA Drug Safety Update", 2023,
        "https://www.gov.uk/drug-safety-update"),
    "lancet_2018": Source("Low back pain series", "The Lancet", 2018, "https://doi.org/10.1016/S0140-6736(18)30480-X", SEEN),
    "wilson_2021": Source("Prevalence and risk factors for back pain in sports: systematic review with meta-analysis",
        "British Journal of Sports Medicine", 2021, "https://doi.org/10.1136/bjsports-2020-102537", SEEN),
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
    sport_articles={"baseball": "baseball", "golf": "golf", "tennis": "tennis"},
)
