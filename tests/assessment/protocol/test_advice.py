"""The result in words."""

import pytest

from assessment.protocol import wording
from assessment.protocol.advice import compose_result, list_if_so_signs
from assessment.protocol.back_pain import PROTOCOL
from assessment.protocol.engine import assess_answers
from assessment.protocol.model import Level

from ..walks import STRAIN

PLACES = {
    "emergency_number": "112",
    "crisis_line": "116",
    "clinic": ", the test clinic",
}


WORDS = wording.load_words()


def result(**changes):
    return compose_result(PROTOCOL, assess_answers(PROTOCOL, {**STRAIN, **changes}), wording.load_words(), PLACES)


def texts(lines):
    return [line["text"] for line in lines]


def test_an_unfinished_check_has_no_result():
    with pytest.raises(ValueError, match="not finished"):
        compose_result(PROTOCOL, assess_answers(PROTOCOL, {}), wording.load_words(), PLACES)


def test_the_emergency_number_of_the_settings_is_shown():
    assert result(now=["chest"])["heading"] == "Call 112 now"


def test_no_place_is_left_open_in_any_result():
    for changes in ({}, {"now": ["chest"]}, {"life": ["self_harm"]}, {"also": ["fever"]}, {"legs": ["one_numb"]}):
        assert "{" not in str([value for key, value in result(**changes).items() if key != "reasons"]).replace("{'", "")


def test_an_emergency_shows_no_small_talk_and_nothing_to_read():
    told = result(age=["60_64"], legs=["one_pain", "spreading"])
    assert told["also"] == []
    assert told["articles"] == []


def test_an_emergency_tells_the_hospital_what_else_was_urgent():
    told = result(legs=["weak_one", "spreading"])
    assert texts(told["also"]) == [wording.load_words()["rules"]["weak_one"]["reason"]]
    told = result(start=["effort"], aftermath=["swollen", "trait"])
    assert texts(told["also"]) == [wording.load_words()["rules"]["swollen"]["reason"]]


def test_an_emergency_tells_no_maybe_and_gives_no_advice_for_a_lesser_level():
    told = result(also=["not_sure"], history=["procedure"], clot=["none"], medicines=["overdose"])
    assert texts(told["also"]) == [wording.load_words()["rules"]["procedure"]["reason"]]
    assert not any("who did the operation" in line for line in told["do"])


def test_a_crisis_line_is_told_nothing_of_the_body():
    assert result(pain=["night"], life=["self_harm"])["also"] == []


def test_who_was_stopped_early_is_told_what_else_to_say():
    told = {
        code: next((line for line in result(**changes)["do"] if line.startswith("Say this too")), "")
        for code, changes in {
            "now": {"now": ["chest"]},
            "saddle": {"saddle": ["numb"]},
            "also": {"also": ["cola"]},
            "medicines": {"medicines": ["overdose"]},
            "maternity": {"history": ["pregnant"], "pregnancy": ["fluid"]},
            "crisis": {"life": ["self_harm"]},
        }.items()
    }
    everything = ("fever", "injected drugs", "pregnant", "cancer", "blood thinner", "antibiotic")
    assert all(part in told["now"] and part in told["saddle"] for part in everything)
    assert [part for part in everything if part not in told["also"]] == ["fever"]
    assert [part for part in everything if part in told["medicines"]] == ["antibiotic"]
    assert (told["maternity"], told["crisis"]) == ("", "")
    assert [code for code, line in told.items() if "sildenafil" in line] == ["now"]


def test_too_many_painkillers_are_met_with_kindness_and_the_crisis_line():
    told = result(medicines=["overdose"])
    said = " ".join(told["do"])
    assert PLACES["crisis_line"] in said
    assert "not wanting to live" in said
    assert "do not stop them all at once" in said
    assert "very sleepy" in said


def test_who_wants_to_die_is_asked_before_the_painkillers_end_the_check():
    assert result(life=["self_harm"], medicines=["overdose"])["variant"] == "crisis"


def test_the_crisis_line_is_told_for_low_mood_and_not_for_worry():
    assert PLACES["crisis_line"] in str(result(life=["low"]))
    assert PLACES["crisis_line"] not in str(result(life=["worried"]))


def test_nobody_who_has_given_birth_reads_of_a_baby_that_moves_less():
    for changes in ({"after_birth": ["none"]}, {"after_birth": ["wound"]}, {"after_birth": ["heavy"]}):
        assert "moves less" not in str(result(history=["birth"], **changes))


def test_an_early_pregnancy_is_not_sent_to_a_unit_it_does_not_have():
    both = result(history=["pregnant"], pregnancy=["bleeding", "one_sided"])
    assert both["variant"] == "department"
    assert "outside the womb" in texts(both["reasons"])[0]
    bleeding = result(history=["pregnant"], pregnancy=["bleeding"])
    assert any("Before 20 weeks" in line and "emergency department" in line for line in bleeding["do"])


def test_dark_pee_with_a_sick_belly_is_not_put_down_to_muscle_alone():
    told = result(start=["effort"], aftermath=["none"], also=["cola", "belly", "vomiting"])
    said = " ".join(texts(told["reasons"]))
    assert "liver" in said
    assert "more exercise" not in told["avoid"]


@pytest.mark.parametrize("changes", [{}, {"also": ["weight"]}, {"start": ["gradual"]}, {"history": ["height"]}])
def test_nobody_is_told_that_a_start_is_no_warning_sign(changes):
    assert "is no warning sign" not in str(result(**changes))


def test_no_emergency_tells_to_drink_and_not_to_drink():
    told = result(start=["effort"], aftermath=["trait"])
    assert any("Drink water in small sips" in line for line in told["do"])
    assert not any("drinking" in line for line in told["avoid"])


def test_a_leak_is_thought_of_in_pregnancy():
    assert any("maternity unit" in line for line in result(saddle=["pee_leak"])["do"])


@pytest.mark.parametrize("changes", [{"also": ["cola"]}, {"start": ["effort"], "aftermath": ["trait"]}])
def test_muscle_that_may_break_down_gets_no_anti_inflammatory(changes):
    assert sum("ibuprofen" in line for line in result(**changes)["avoid"]) == 1


def test_the_articles_name_the_patients_own_sport():
    assert "golf" in result()["articles"]
    assert "combat-sports" in result(sport=["combat"])["articles"]


def test_the_sport_and_the_first_days_stay_when_many_rules_have_articles():
    told = result(
        start=["gradual"], legs=["one_pain"], medicines=["anti_inflammatory_risk"], life=["stops_day", "afraid"]
    )
    assert told["level"] == "self_care"
    assert {"golf", "first-days-at-home"} <= set(told["articles"])
    assert len(told["articles"]) == 5


def test_a_rule_that_says_the_same_and_more_takes_the_place_of_the_lesser():
    told = result(legs=["one_pain", "one_numb"])
    assert not any("often calms down" in text for text in texts(told["reasons"] + told["also"]))


def test_not_sure_is_told_once_for_a_question():
    told = result(now=["not_sure"])
    assert len(told["reasons"]) == 1
    assert "You were not sure about “Signs that need help now”" in texts(told["reasons"])[0]
    assert not told["also"]


def test_not_sure_about_many_questions_is_one_line_and_one_list_a_variant():
    told = result(
        **{code: ["not_sure"] for code in ("now", "start", "aftermath", "saddle", "also", "life")}, clot=["none"]
    )
    assert [line["unsure"] for line in told["reasons"]] == [True]
    said = texts(told["reasons"])[0]
    assert all(f"“{name}”" in said for name in ("Signs that need help now", "How it started", "Other signs"))
    assert [part["heading"].count("not sure") for part in told["if_so"]] == [1, 0, 0]


def test_an_option_that_is_listed_alone_says_what_it_is_about():
    told = result(legs=["not_sure"], both_legs=["not_sure"], clot=["none"])["if_so"]
    assert any(sign.startswith("In both legs: It began") for part in told for sign in part["signs"])


def test_a_young_athlete_who_may_have_a_pars_injury_reads_to_rest_first_and_once():
    told = result(age=["16_17"], duration=["2_6_weeks"], trend=["same"], load=["arching"])
    assert told["do"][0].startswith("Rest from sport that arches")
    assert "arches" not in " ".join(told["avoid"])
    assert sum("under 18. Pain that lasts" in text for text in texts(told["reasons"] + told["also"])) == 1


def test_not_sure_adds_no_advice_for_what_nobody_said():
    told = result(medicines=["not_sure"])
    assert not any("packs" in line for line in told["do"])
    assert any("ibuprofen" in line for line in told["avoid"])


def test_not_sure_about_an_emergency_sign_names_the_signs_and_says_to_call():
    options = wording.load_words()["questions"]["now"]["options"]
    [part] = result(now=["not_sure"])["if_so"]
    assert part["heading"] == "You answered “not sure”. Call 112 at once if any of this is so:"
    assert part["signs"] == [text for code, text in options.items() if code not in ("none", "not_sure")]


@pytest.mark.parametrize(
    "changes",
    [
        {"history": ["not_sure"]},
        {code: ["not_sure"] for code in ("duration", "trend", "known", "stiff", "load")},
        {"where": ["not_sure"]},
        {"now": ["chest"], "saddle": ["not_sure"]},
    ],
)  # fmt: skip
def test_not_sure_about_what_is_no_emergency_by_itself_frightens_nobody(changes):
    assert result(pregnancy=["none"], after_birth=["none"], **changes)["if_so"] == []


ASKED_OF_ALL = ("now", "start", "saddle", "legs", "pain", "also", "history", "medicines", "life")
UNSURE_WALKS = [
    *({question: ["not_sure"]} for question in ASKED_OF_ALL),
    {"also": ["fever"], "history": ["not_sure"]},
    {"also": ["fever"], "history": ["not_sure"], "age": ["65_74"]},
    {"history": ["pregnant"], "pregnancy": ["not_sure"]},
    {"history": ["period"], "pregnancy": ["not_sure"]},
    {"pain": ["not_sure"], "age": ["65_74"]},
    {"pain": ["sudden"], "vessels": ["not_sure"], "age": ["50_59"]},
    {"where": ["not_sure"], "pain": ["sudden"]},
    {"start": ["effort"], "aftermath": ["not_sure"], "pain": ["climbing", "not_sure"], "also": ["belly", "not_sure"]},
    {"start": ["fall"], "legs": ["one_pain", "not_sure"], "both_legs": ["not_sure"]},
]  # fmt: skip


@pytest.mark.parametrize("changes", UNSURE_WALKS)
def test_exactly_the_signs_that_would_be_an_emergency_are_named(changes):
    asked = {
        code: ["not_sure"] for code in ("aftermath", "both_legs", "vessels", "pregnancy", "after_birth", "clot", "load")
    }
    answers = {**STRAIN, **asked, **changes}
    outcome = assess_answers(PROTOCOL, answers)
    wanted = []
    for step in outcome.path.steps:
        for sign in step.question.codes("plain") if "not_sure" in step.answer else ():
            kept = [code for code in step.answer if code != "not_sure" and step.question.many]
            if assess_answers(PROTOCOL, {**answers, step.question.code: [*kept, sign]}).level == Level.EMERGENCY:
                text = wording.load_words()["questions"][step.question.code]
                wanted.append((f"{text['about']}: " if "about" in text else "") + text["options"][sign])
    told = [sign for part in list_if_so_signs(PROTOCOL, outcome, wording.load_words()) for sign in part["signs"]]
    assert sorted(told) == sorted(wanted)


def test_not_sure_about_pregnancy_signs_names_the_maternity_unit_first():
    told = result(history=["pregnant"], pregnancy=["not_sure"])
    assert told["level"] == "urgent"
    assert "early pregnancy unit today" in told["do"][0]
    first, second = told["if_so"]
    assert first["heading"].endswith("Call 112 at once if any of this is so:")
    assert "Call your maternity unit at once" in second["heading"]
    assert len(second["signs"]) == 6


def test_nobody_is_asked_to_call_a_maternity_unit_at_an_age_without_pregnancies():
    told = result(age=["75_plus"], also=["fever"], history=["not_sure"])
    assert "pregnan" not in str(told["if_so"]) + str(told["do"])


def test_whoever_may_be_pregnant_reads_which_signs_of_it_need_help_now():
    for option in ("pregnant", "period"):
        told = result(history=[option], pregnancy=["none"], sport=["none"])
        assert told["level"] == ("self_care" if option == "pregnant" else "soon")
        assert any("tip of a shoulder" in sign for sign in told["now_if"]["signs"])
    assert any(
        "baby moves less" in sign for sign in result(history=["pregnant"], pregnancy=["none"])["now_if"]["signs"]
    )
    assert result()["now_if"]["signs"] == wording.load_words()["now_if"]["signs"]


def read_plan(**answers):
    """{day: [lines]} of this result."""
    return {step["day"]: [line["text"] for line in step["lines"]] for step in result(**answers)["plan"]}


def plan_of(**changes):
    """{day: [codes of the steps]} of this result, without those of today."""
    codes = {text["text"]: code for code, text in WORDS["plan"].items()}
    return {step["day"]: [codes[line["text"]] for line in step["lines"]] for step in result(**changes)["plan"][1:]}


def test_the_plan_of_a_plain_strain_is_five_steps_in_six_weeks():
    assert plan_of(sport=["none"]) == {
        "day_3": ["walk_more"],
        "week_1": ["exercises"],
        "week_2": ["check_again"],
        "week_6": ["still_there", "keep_going"],
    }


def test_under_18_pain_is_looked_at_after_2_weeks_and_adults_read_nothing_of_it():
    assert "young" in plan_of(age=["16_17"], load=["none"])["week_2"]
    assert "young" not in plan_of()["week_2"]


def test_the_plan_begins_today_with_what_to_do():
    told = result()
    today = told["plan"][0]
    assert (today["day"], today["after"]) == ("today", 0)
    assert [line["text"] for line in today["lines"]] == told["do"]


def test_an_emergency_has_no_plan():
    assert result(now=["chest"])["plan"] == []


def test_an_urgent_plan_asks_for_nothing_before_somebody_has_looked():
    assert plan_of(also=["fever"]) == {"day_1": ["nobody_yet"], "seen": ["once_seen"]}


def test_who_is_to_be_seen_within_2_weeks_is_asked_then_if_anybody_did():
    assert plan_of(legs=["one_numb"])["week_2"] == ["seen"]


def test_a_golfer_goes_back_by_the_steps_of_golf_and_another_sport_by_those_for_all():
    read = {
        sport: [line["article"] for step in result(sport=[sport])["plan"][1:] for line in step["lines"]]
        for sport in ("golf", "other", "none")
    }
    assert "golf" in read["golf"]
    assert "planning-your-load" in read["other"]
    assert not {"golf", "planning-your-load"} & set(read["none"])


@pytest.mark.parametrize("medicines", ["thinner", "not_sure"])
def test_a_step_that_is_not_for_somebody_is_left_out_in_doubt_too(medicines):
    assert "sport" in plan_of()["week_1"]
    assert "sport" not in plan_of(medicines=[medicines]).get("week_1", [])


def test_what_a_step_is_for_must_be_certain():
    assert "fear" in plan_of(life=["afraid"])["day_3"]
    assert "fear" not in str(plan_of(life=["not_sure"]))


def test_nobody_is_asked_what_changed_since_a_visit_that_never_was():
    answers = {"duration": ["3_months"], "trend": ["same"], "stiff": ["none"], "load": ["none"]}
    assert "Say first what is new or different." in result(known=["changed"], **answers)["do"]
    assert "Say first what is new or different." not in result(known=["never"], **answers)["do"]


@pytest.mark.parametrize("changes", [{"age": ["60_64"]}, {"age": ["75_plus"]}, {"history": ["steroids"]}])
def test_who_should_ask_before_taking_ibuprofen_is_told_so_once(changes):
    assert sum("ibuprofen" in line for line in result(**changes)["avoid"]) == 1
    assert not any("ibuprofen" in line for line in result()["avoid"])


def test_a_teenager_alone_first_reads_to_fetch_an_adult():
    assert result(age=["13_15_alone"], load=["none"])["do"][0].startswith("Show this page to a parent")


def test_a_helper_reads_how_to_help_somebody_who_does_not_want_to_live():
    told = result(life=["self_harm"])
    assert told["do"][0].startswith(f"Call {PLACES['crisis_line']}")
    [helper] = [line for line in told["do"] if line.startswith("Are you here for someone else?")]
    assert "Stay with them." in helper
    assert f"Call {PLACES['crisis_line']} together" in helper


def test_an_emergency_answer_that_was_taken_back_is_recalled_with_what_to_do_if_it_was_true():
    before = [["now", "chest", "ambulance"], ["age", "18_49", "ambulance"], ["now", "no longer asked", "ambulance"]]
    told = compose_result(PROTOCOL, assess_answers(PROTOCOL, STRAIN), wording.load_words(), PLACES, before)
    [line] = told["taken_back"]
    assert line["answers"] == [["now", "chest"]]
    assert line["text"] == (
        "You first told us “Pain, pressure or tightness in my chest”, and then changed it. "
        "If it was so after all: Call 112 now."
    )
    assert result()["taken_back"] == []


def test_a_clinic_without_a_telephone_is_not_one_to_call():
    places = {**PLACES, "clinic": ""}
    told = compose_result(
        PROTOCOL, assess_answers(PROTOCOL, {**STRAIN, "also": ["fever"]}), wording.load_words(), places
    )
    assert told["do"][0].startswith("Call your doctor or an urgent care center today.")
    told = compose_result(
        PROTOCOL, assess_answers(PROTOCOL, {**STRAIN, "legs": ["one_numb"]}), wording.load_words(), places
    )
    assert told["do"][0] == "Call today to book a visit within 2 weeks: with your doctor or a physical therapist."


def test_a_visit_can_be_at_the_clinic_too():
    booked = "Call today to book a visit within 2 weeks: with your doctor, the test clinic or a physical therapist."
    assert result(legs=["one_numb"])["do"][0] == booked


def test_the_medicine_caution_stays_when_something_else_decides():
    assert any("ibuprofen" in line for line in result(medicines=["thinner"], also=["weight"])["avoid"])


def test_a_strain_is_told_that_no_warning_sign_was_found():
    assert texts(result()["reasons"])[0] == wording.load_words()["common"]["no_rules_reason"]
