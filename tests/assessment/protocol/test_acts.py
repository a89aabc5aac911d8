"""What advice tells one to do: nothing that the answers forbid, and nothing where they leave a doubt."""

import re

import hypothesis
import pytest
from django.utils.text import slugify
from hypothesis import strategies as st

from assessment.protocol import verify, wording
from assessment.protocol.advice import compose_result
from assessment.protocol.back_pain import PROTOCOL
from assessment.protocol.engine import assess_answers, find_forbidden_acts, read_cautiously
from assessment.protocol.model import NONE, RATHER_NOT, UNSURE, Level, Truth
from content.starter import loader

from ..cases import BOUNDARIES, read_cases

WORDS = wording.load_words()
WELL = read_cases(BOUNDARIES / "rest.toml")["answers"]
ACTS = {act.code for act in PROTOCOL.acts}


def tell(**changes):
    """The result of the well adult with these answers."""
    return compose_result(PROTOCOL, assess_answers(PROTOCOL, {**WELL, **changes}), WORDS, {})


def list_told_acts(result):
    return {act.code for act in PROTOCOL.acts if any(verify.list_told(PROTOCOL, result, WORDS, act))}


def is_doubted(act, answers):
    """Whether an answer forbids the act, or could if it were known: read without the engine's own reading."""
    for ban in act.bans:
        if ban.when.truth(answers) >= Truth.UNSURE:
            return True
        if len(list(ban.when.atoms())) == 1 and RATHER_NOT in answers.get(next(ban.when.atoms()).question, ()):
            return True
    return False


def choose(data, question):
    """What this patient ticks: mostly nothing wrong, so that few walks end as an emergency."""
    if question.many and NONE in question.by_code and data.draw(st.integers(0, 5)):
        return [NONE]
    options = [option.code for option in question.options if option.kind != "none" or not question.many]
    most = 2 if question.many else 1
    return data.draw(st.lists(st.sampled_from(options), min_size=1, max_size=most, unique=True))


@hypothesis.settings(max_examples=300, suppress_health_check=list(hypothesis.HealthCheck), deadline=None)
@hypothesis.given(st.data())
def test_no_patient_is_told_to_do_what_an_answer_or_a_doubt_forbids(data):
    outcome = assess_answers(PROTOCOL, {question.code: choose(data, question) for question in PROTOCOL.questions})
    told = list_told_acts(compose_result(PROTOCOL, outcome, WORDS, {}))
    highest = max((fired.rule.level for fired in outcome.fired), default=Level.SELF_CARE)
    for act in PROTOCOL.acts:
        if is_doubted(act, outcome.path.answers) or (act.from_level is not None and highest >= act.from_level):
            assert act.code not in told
    if outcome.level == Level.EMERGENCY:
        assert told == set()


@pytest.mark.parametrize("doubt", [UNSURE, RATHER_NOT])
def test_who_is_not_sure_or_would_rather_not_say_gets_the_careful_line(doubt):
    assert not find_forbidden_acts(PROTOCOL, assess_answers(PROTOCOL, WELL).path.answers)
    told = tell(saddle=[doubt])
    assert "warmth" not in list_told_acts(told)
    assert "warmth" in find_forbidden_acts(
        PROTOCOL, {**{code: tuple(given) for code, given in WELL.items()}, "saddle": (doubt,)}
    )


def test_what_could_not_be_asked_any_more_forbids_everything():
    assert find_forbidden_acts(PROTOCOL, assess_answers(PROTOCOL, {**WELL, "now": ["chest"]}).path.answers) == ACTS


def test_a_follow_up_that_applies_and_has_no_answer_is_a_doubt():
    assert read_cautiously(PROTOCOL, {"start": ("fall",)})["aftermath"] == (UNSURE,)


def test_a_follow_up_that_the_answers_rule_out_is_no_doubt():
    read = read_cautiously(PROTOCOL, assess_answers(PROTOCOL, {**WELL, "age": ["65_74"]}).path.answers)
    assert "pregnancy" not in read
    assert not any(UNSURE in given for given in read.values())


def test_the_line_for_a_forbidden_act_stands_in_its_place():
    numb, well = tell(legs=["one_numb"]), tell()
    assert WORDS["advice"]["warmth"]["text"] in well["do"]
    assert WORDS["advice"]["warmth"]["instead"] in numb["do"]
    assert WORDS["advice"]["warmth"]["instead"] not in well["do"]


def test_a_patient_without_a_doubt_is_not_warned_of_a_painkiller():
    warning = WORDS["advice"]["anti_inflammatory"]["instead"]
    assert warning in tell(medicines=["thinner"])["avoid"]
    assert warning not in tell()["avoid"]


def test_no_result_warns_of_these_painkillers_twice():
    for question in PROTOCOL.questions:
        for option in question.codes():
            outcome = assess_answers(PROTOCOL, {**WELL, question.code: [option]})
            if outcome.level is not None:
                avoid = compose_result(PROTOCOL, outcome, WORDS, {})["avoid"]
                assert sum("ibuprofen" in line for line in avoid) <= 1, (question.code, option)


def test_who_is_not_sure_about_medicines_is_told_to_ask_before_taking_more():
    line = WORDS["advice"]["ask_first"]["instead"]
    assert line in tell(medicines=["not_sure"])["do"]
    assert line not in tell(also=["fever"])["do"]


def test_a_step_of_the_plan_waits_where_its_act_is_forbidden():
    steps = {line["text"] for step in tell(also=["fever"])["plan"] for line in step["lines"]}
    assert not steps & {WORDS["plan"][block.code]["text"] for block in PROTOCOL.plan if block.acts}


def test_a_sport_and_its_article_wait_until_somebody_has_looked():
    assert "golf" in tell(sport=["golf"])["articles"]
    assert "golf" not in tell(sport=["golf"], also=["fever"])["articles"]


def test_who_breastfeeds_hears_of_the_pharmacist_and_not_after_too_many_painkillers():
    line = WORDS["advice"]["breastfeeding"]["text"]
    assert line in tell(history=["birth"])["do"]
    assert line not in tell(history=["birth"], medicines=["not_sure"])["do"]


def test_there_is_always_something_to_do():
    for question in PROTOCOL.questions:
        for option in question.codes():
            outcome = assess_answers(PROTOCOL, {**WELL, question.code: [option]})
            assert outcome.level is None or compose_result(PROTOCOL, outcome, WORDS, {})["do"]


def test_a_step_leads_to_the_section_that_says_more_unless_it_is_forbidden():
    steps = {line["text"]: (line["article"], line["section"]) for line in tell()["plan"][0]["lines"]}
    assert steps[WORDS["advice"]["warmth"]["text"]] == ("heat-and-cold", "how-to-use-heat")
    assert not any("heat" in line["article"] for line in tell(legs=["one_numb"])["plan"][0]["lines"])


def test_every_section_and_article_that_advice_names_is_there():
    files = {file.slug: file for file in loader.read_starter().files}
    assert PROTOCOL.article_acts.keys() <= files.keys()
    for advice in (*PROTOCOL.advice, *PROTOCOL.plan):
        assert not advice.article or advice.article in files, advice.code
        if advice.section:
            headings = re.findall(r"^## (.+)$", files[advice.article].body, re.MULTILINE)
            assert advice.section in [slugify(heading) for heading in headings], advice.code


def test_a_step_leads_to_no_article_about_something_else():
    for advice in (*PROTOCOL.advice, *PROTOCOL.plan):
        assert set(PROTOCOL.article_acts.get(advice.article, ())) <= set(advice.acts), advice.code


def test_no_line_without_an_act_tells_one_to_move_to_warm_or_to_take_something():
    levels = [WORDS["levels"][level.code] for level in Level if level != Level.EMERGENCY]
    rules = [WORDS["rules"][rule.code] for rule in PROTOCOL.rules if rule.level != Level.EMERGENCY]
    lines = [
        line for part in (*levels, *rules) for kind in ("do", "do_first", "do_unsure") for line in part.get(kind, [])
    ]
    lines += [WORDS["plan"][block.code]["text"] for block in PROTOCOL.plan if not block.acts]
    assert lines
    telling = re.compile(
        r"\b(warmth?|heat|hot|walk|keep moving|exercise|stretch|massage|ibuprofen|acetaminophen)\b", re.I
    )
    assert [line for line in lines if telling.search(line)] == []
