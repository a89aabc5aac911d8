"""What the present protocol would say to checks that are already saved."""

import json
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from assessment.management.commands import replay_assessments
from assessment.models import Assessment, Raise
from assessment.patient import records
from assessment.patient.session import Check
from assessment.protocol.back_pain import PROTOCOL
from assessment.protocol.model import Level, Question, chosen

from ..walks import STRAIN

pytestmark = pytest.mark.django_db
SINCE = "2026-03-01"
NUMB = {**STRAIN, "legs": ["one_numb"]}


@pytest.fixture
def saved():
    """Save a finished check, with other things in its record than the present protocol would write."""

    def make(answers=STRAIN, finished="2026-03-02T12:00", **fields):
        record = records.build_assessment(Check(answers=answers))
        record.reference = records.make_reference()
        record.finished_at = timezone.make_aware(datetime.fromisoformat(finished))
        for name, value in fields.items():
            setattr(record, name, value)
        record.save()
        return record

    return make


@pytest.fixture
def replayed(capsys):
    """Run the command; return its report."""

    def run(since=SINCE, **options):
        call_command("replay_assessments", since=since, json=True, **options)
        return json.loads(capsys.readouterr().out)

    return run


@pytest.fixture
def protocol(monkeypatch):
    """Let the present protocol be another one than that of the saved checks."""

    def use(**changes):
        monkeypatch.setattr(replay_assessments, "PROTOCOL", replace(PROTOCOL, **changes))

    return use


def with_rule(code, **changes):
    return tuple(replace(rule, **changes) if rule.code == code else rule for rule in PROTOCOL.rules)


def test_under_the_same_protocol_nothing_changes(saved, replayed):
    saved()
    saved(NUMB)
    saved({"now": ["chest"]})
    done = replayed()
    assert done["checks"] == 3
    assert (done["changed"], done["cannot_be_compared"]) == ([], [])
    assert done["levels"] == [{"from": level, "to": level, "count": 1} for level in ("emergency", "soon", "self_care")]


def test_a_changed_level_is_told_with_the_rules_gained_and_lost(saved, replayed):
    old = [{"code": "gone", "level": "soon", "unsure": True}, {"code": "strain", "level": "self_care", "unsure": False}]
    record = saved(NUMB, level=Level.SELF_CARE, rules=old)
    (change,) = replayed()["changed"]
    assert (change["reference"], change["from"], change["to"]) == (record.reference, "self_care", "soon")
    assert change["gained"] == [{"code": "numb_one", "level": "soon", "unsure": False}]
    assert change["lost"] == [{"code": "gone", "level": "soon", "unsure": True}]


def test_a_rule_that_asks_for_another_level_is_lost_and_gained(saved, replayed, protocol):
    saved(NUMB)
    protocol(rules=with_rule("numb_one", level=Level.URGENT))
    done = replayed()
    (change,) = done["changed"]
    assert [rule["level"] for rule in change["gained"] + change["lost"]] == ["urgent", "soon"]
    assert done["levels"] == [{"from": "soon", "to": "urgent", "count": 1}]


def test_a_rule_that_changes_no_level_is_told_too(saved, replayed, protocol):
    saved()
    protocol(rules=tuple(rule for rule in PROTOCOL.rules if rule.code != "strain"))
    (change,) = replayed()["changed"]
    assert (change["from"], change["to"]) == ("self_care", "self_care")
    assert [rule["code"] for rule in change["lost"]] == ["strain"]


def test_another_variant_of_an_emergency_is_a_change(saved, replayed, protocol):
    saved({"now": ["chest"]})
    protocol(rules=with_rule("chest", variant="department"))
    (change,) = replayed()["changed"]
    assert (change["from"], change["to"]) == ("emergency (ambulance)", "emergency (department)")


def refusals(done):
    assert done["changed"] == done["levels"] == []
    return [item["why"] for item in done["cannot_be_compared"]]


def without(question, option):
    """The questions, one of them without one of its options."""
    return tuple(
        replace(asked, options=tuple(given for given in asked.options if given.code != option))
        if asked.code == question
        else asked
        for asked in PROTOCOL.questions
    )


def test_an_unknown_question_cannot_be_compared(saved, replayed, protocol):
    saved()
    protocol(questions=tuple(question for question in PROTOCOL.questions if question.code != "sport"))
    assert refusals(replayed()) == ["unknown question 'sport'"]


def test_an_unknown_option_cannot_be_compared(saved, replayed, protocol):
    saved()
    protocol(questions=without("sport", "golf"))
    assert refusals(replayed()) == ["unknown option 'golf' of question 'sport'"]


def test_an_answer_that_is_not_allowed_any_more_cannot_be_compared(saved, replayed, protocol):
    saved({**STRAIN, "where": ["lower_left", "lower_right"]})
    protocol(questions=tuple(replace(asked, many=asked.many and asked.code != "where") for asked in PROTOCOL.questions))
    assert refusals(replayed()) == ["the answer to 'where' is no longer allowed (several)"]


def test_a_question_that_nobody_was_asked_cannot_be_compared(saved, replayed, protocol):
    saved()
    added = Question("balance", PROTOCOL.question("known").options)
    words = replay_assessments.wording.load_words()
    words = {**words, "questions": {**words["questions"], "balance": words["questions"]["known"]}}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(replay_assessments.wording, "load_words", lambda: words)
        protocol(questions=(*PROTOCOL.questions, added))
        assert refusals(replayed()) == ["question 'balance' would be open"]


def test_an_emergency_that_is_none_any_more_leaves_questions_open(saved, replayed, protocol):
    saved({"now": ["chest"]})
    protocol(rules=with_rule("chest", level=Level.URGENT, variant="", when=chosen("now", "chest")))
    assert refusals(replayed()) == ["question 'age' would be open"]


def test_a_check_of_another_protocol_cannot_be_compared(saved, replayed):
    saved(protocol="knee_pain")
    assert refusals(replayed()) == ["it followed another protocol, 'knee_pain'"]


def test_checks_finished_before_the_date_are_left_out(saved, replayed):
    saved(finished="2026-02-28T23:59")
    saved(finished="2026-03-01T00:00")
    assert replayed()["checks"] == 1


def test_the_day_begins_where_the_clinic_is(saved, replayed, settings):
    settings.TIME_ZONE = "America/New_York"
    with timezone.override("America/New_York"):
        saved(finished="2026-02-28T23:30")
        assert replayed()["checks"] == 0


def test_samples_are_left_out_unless_asked_for(saved, replayed):
    saved(is_sample=True)
    assert replayed()["checks"] == 0
    assert replayed(samples=True)["checks"] == 1


def test_no_record_is_changed(saved, replayed, protocol):
    for answers in (STRAIN, NUMB, {"now": ["chest"]}):
        saved(answers)
    before = list(Assessment.objects.order_by("pk").values())
    protocol(rules=with_rule("numb_one", level=Level.URGENT))
    assert len(replayed()["changed"]) == 1
    assert list(Assessment.objects.order_by("pk").values()) == before


@pytest.mark.slow
def test_many_checks_are_read_in_few_queries_without_their_result_pages(saved, replayed, django_assert_num_queries):
    first = saved(NUMB)
    for number in range(1200):
        copy = records.build_assessment(Check(answers=NUMB))
        copy.reference, copy.finished_at = f"COPY-{number}", first.finished_at + timedelta(minutes=number)
        copy.save()
    # One walks them all; the other reads pages of 500 until there is none.
    with django_assert_num_queries(1 + 4) as queries:
        done = replayed()
    assert done["levels"] == [{"from": "soon", "to": "soon", "count": 1201}]
    assert not [query for query in queries.captured_queries if '"result"' in query["sql"]]


# --- What newer rules ask for -----------------------------------------------------------------------------------------
@pytest.fixture
def former(saved):
    """A check of an earlier version that the present rules raise to urgent."""

    def make(**fields):
        answers = {**STRAIN, "history": ["defences"]}
        return saved(answers, level=Level.SELF_CARE, protocol_version="1.0.1", **fields)

    return make


def test_checks_whose_answers_ask_for_more_are_told_and_none_is_raised(former, saved, replayed):
    record = former()
    saved()
    done = replayed()
    rules = [{"code": "weak_defences", "level": "urgent", "unsure": False}]
    assert done["more"] == [{"reference": record.reference, "from": "self_care", "to": "urgent", "rules": rules}]
    assert done["raised"] == 0
    assert not Raise.objects.exists()


def test_they_are_put_before_staff_when_that_is_wished_and_each_once(former, replayed):
    record = former()
    assert replayed(put=True)["raised"] == 1
    assert Raise.objects.get().assessment == record
    again = replayed(put=True)
    assert (len(again["more"]), again["raised"]) == (1, 0)


def test_the_option_is_called_raise(former, capsys):
    former()
    call_command("replay_assessments", "--raise", since=SINCE)
    said = capsys.readouterr().out
    assert "its answers ask for urgent now: weak_defences (urgent)" in said
    assert "1 checks whose answers ask for more now, 1 of them put before staff by this run." in said


def test_a_check_that_cannot_be_compared_is_raised_by_what_it_says(former, replayed, protocol):
    former()
    protocol(questions=without("sport", "golf"))
    done = replayed(put=True)
    assert (len(done["cannot_be_compared"]), done["raised"]) == (1, 1)


def test_only_checks_since_the_date_are_raised_and_samples_when_asked_for(former, replayed):
    former(finished="2026-02-28T12:00")
    sample = former(is_sample=True)
    assert replayed(put=True)["raised"] == 0
    assert replayed(put=True, samples=True)["raised"] == 1
    assert Raise.objects.get().assessment == sample


def test_checks_are_raised_page_by_page_and_none_is_left_out(former, replayed, monkeypatch):
    monkeypatch.setattr(replay_assessments, "PAGE", 2)
    for _ in range(5):
        former()
    assert replayed(put=True)["raised"] == 5


@pytest.mark.parametrize("since", ["yesterday", "2026-02-30", "01.03.2026", "", "2026-03-01T00:00", "2026-3-1"])
def test_a_bad_date_is_a_plain_error(since):
    with pytest.raises(CommandError, match="is not a date such as 2026-01-31") as error:
        call_command("replay_assessments", since=since)
    assert error.value.returncode == 2


def test_the_first_day_of_all_is_no_crash(settings, replayed):
    settings.TIME_ZONE = "Asia/Tokyo"
    with timezone.override("Asia/Tokyo"), pytest.raises(CommandError, match="is not a date"):
        replayed("0001-01-01")


def test_the_date_must_be_given():
    with pytest.raises(CommandError, match="--since"):
        call_command("replay_assessments")


def test_people_read_each_change_and_the_counts(saved, protocol, capsys):
    changed = saved(NUMB)
    saved()
    unknown = saved({**STRAIN, "sport": ["tennis"]})
    protocol(rules=with_rule("numb_one", level=Level.URGENT), questions=without("sport", "tennis"))
    call_command("replay_assessments", since=SINCE)
    printed = capsys.readouterr().out
    line = f"{changed.reference}: soon -> urgent; gained numb_one (urgent); lost numb_one (soon)"
    assert line in printed.splitlines()
    assert f"{unknown.reference}: cannot be compared: unknown option 'tennis' of question 'sport'" in printed
    assert "3 checks: 1 unchanged, 1 changed, 1 cannot be compared. No record was changed." in printed


def test_a_site_without_checks_is_no_error(replayed):
    done = replayed()
    assert (done["checks"], done["levels"]) == (0, [])


def test_a_change_names_only_what_there_is_of_gained_and_lost_rules():
    lost = [{"code": "numb_one", "level": "soon", "unsure": False}]
    change = {"reference": "ABCDE-FGHJK", "from": "soon", "to": "self_care", "gained": [], "lost": lost}
    assert replay_assessments.change_in_words(change) == "ABCDE-FGHJK: soon -> self_care; lost numb_one (soon)"
