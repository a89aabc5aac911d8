"""What leaves the site: harmless in a spreadsheet, valid FHIR, asked for with a reason, of any length."""

import csv
import io
import json
import tracemalloc
from datetime import timedelta

import pytest
from django.utils import timezone
from fhir.resources.bundle import Bundle
from fhir.resources.questionnaire import Questionnaire

from assessment.clinic import exports, review_actions
from assessment.models import Assessment
from assessment.patient import records
from assessment.patient.session import Check
from assessment.protocol import wording
from assessment.protocol.back_pain import PROTOCOL
from assessment.protocol.export import make_questionnaire
from assessment.protocol.model import Level
from core.audit import AuditEvent

from ...staff.people import sign_in_staff
from ..cases import load_vignettes
from ..staff import SOON, URGENT, make_assessment, make_clerk, make_contact

pytestmark = pytest.mark.django_db
ADDRESS = "/admin/assessment/assessment/export/"
# From lists of what spreadsheets run, and from what turned up while libraries were tried.
HOSTILE = [
    "=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1+1", "\r=1+1", "\n=1+1", "==1+1", "\uff1d1+1", "\uff0b1", "\uff0d1",
    "\uff20A1",
    " =1+1", '=HYPERLINK("http://x","y")', "=cmd|' /C calc'!A0", '"=1+1', ",=1+1", "\u00a0=1",
]  # fmt: skip


@pytest.fixture
def lead(person):
    return person("Leads")


def body(answer):
    return b"".join(answer.streaming_content).decode()


def rows(text):
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True))


@pytest.mark.parametrize("cell", HOSTILE)
def test_no_cell_begins_like_a_formula_and_none_loses_a_letter(cell):
    record = make_assessment(SOON, result={**records.build_assessment(Check(answers=SOON)).result, "heading": cell})
    line = rows("".join(exports.stream_csv([record])))[0]
    shown = line["what the patient was told"]
    assert shown.lstrip()[:1] not in exports.FORMULA
    assert shown[:1] not in exports.FORMULA
    assert shown.removeprefix("'") == cell
    assert line["code"] == record.reference


def test_a_line_holds_what_was_asked_and_answered():
    record = make_assessment(URGENT)
    line = rows("".join(exports.stream_csv([record])))[0]
    assert line["level"] == line["level now"] == "urgent"
    for item in record.answers:
        assert line[f"answer: {item['question']}"] == "; ".join(part["text"] for part in item["answer"])


def test_a_question_that_is_no_longer_asked_keeps_its_answer():
    record = make_assessment(SOON)
    record.answers = [{"question": "gone", "title": "?", "short": "?", "answer": [{"option": "a", "text": "Yes"}]}]
    assert rows("".join(exports.stream_csv([record])))[0]["answers to questions from before"] == "gone: Yes"


def test_json_is_the_record():
    record = make_assessment(SOON)
    data = json.loads("".join(exports.stream_json([record])))
    assert data["checks"][0]["answers"] == record.answers
    assert data["checks"][0]["result"] == record.result


def test_every_format_of_nothing_is_still_whole():
    assert rows("".join(exports.stream_csv([]))) == []
    assert json.loads("".join(exports.stream_json([])))["checks"] == []
    Bundle.model_validate_json("".join(exports.stream_fhir([])))


def test_the_bundle_of_every_vignette_is_valid_fhir():
    unsaved = []
    for number, case in enumerate(load_vignettes()):
        record = records.build_assessment(Check(answers=case.answers))
        record.reference = f"CASE-{number}"
        record.review = record.build_review()
        unsaved.append(record)
    assert len(unsaved) > 100
    bundle = Bundle.model_validate_json("".join(exports.stream_fhir(unsaved)))
    assert len(bundle.entry) == 2 * len(unsaved)
    levels = {item.resource.prediction[0].qualitativeRisk.coding[0].code for item in bundle.entry[1::2]}
    assert levels == {level.code for level in Level}


def test_a_response_names_the_questionnaire_that_we_publish_and_answers_only_its_items():
    record = make_assessment(SOON)
    response = exports.build_questionnaire_response(record)
    published = Questionnaire.model_validate(make_questionnaire(PROTOCOL, wording.load_words()))
    assert response["questionnaire"] == f"{published.url}|{published.version}"
    items = {item.linkId: item for item in published.item}
    for item in response["item"]:
        known = [option.valueCoding.model_dump() for option in items[item["linkId"]].answerOption]
        assert all(answer["valueCoding"] in known for answer in item["answer"])


def test_a_risk_rests_on_its_response_and_says_what_staff_changed():
    record, nurse = make_assessment(SOON), make_clerk()
    review_actions.claim_review(nurse, record, 1)
    review_actions.override_level(nurse, record, 2, Level.URGENT, "worse now")
    record = Assessment.objects.select_related("review").get()
    first, second = exports.build_fhir_entries(record)
    assert second["resource"]["basis"] == [{"reference": first["fullUrl"]}]
    assert second["resource"]["prediction"][0]["qualitativeRisk"]["coding"][0]["code"] == "soon"
    assert second["resource"]["note"] == [{"text": "Staff of the clinic changed the level to urgent."}]


@pytest.mark.parametrize("kind", exports.FORMATS)
def test_a_lead_takes_the_checks_of_some_days_out_and_the_audit_knows_why(kind, lead):
    record = make_assessment(SOON)
    make_contact(record, telephone="555 0100 123", name="Ana Example")
    make_assessment(SOON, hours_ago=24 * 9)
    make_assessment(SOON, is_sample=True)
    day = timezone.localdate()
    answer = sign_in_staff(lead).post(
        ADDRESS, {"first": day - timedelta(days=2), "last": day, "kind": kind, "purpose": "quality"}
    )
    text = body(answer)
    assert "attachment" in answer["Content-Disposition"]
    assert "no-store" in answer["Cache-Control"]
    assert record.reference in text
    assert "555 0100" not in text
    assert "Example" not in text
    event = AuditEvent.objects.get(action="export")
    assert event.facts == {"kind": kind, "reason": "quality", "found": 1}
    assert event.actor == "leads"


def test_one_patients_check_is_taken_out_by_its_code(lead):
    records_ = [make_assessment(SOON), make_assessment(SOON)]
    code = records_[0].reference.replace("-", " ").lower()
    answer = sign_in_staff(lead).post(ADDRESS, {"code": code, "kind": "csv", "purpose": "patient"})
    assert [line["code"] for line in rows(body(answer))] == [records_[0].reference]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"purpose": ""}, "purpose"),
        ({"kind": "xlsx"}, "kind"),
        ({"code": "abc"}, "code"),
        ({"code": "\u200b"}, "code"),
        ({"code": "\0"}, "code"),
        ({"first": "2026-02-31"}, "first"),
        ({"first": "2026-03-02", "last": "2026-03-01"}, "last"),
        ({"level": "9"}, "level"),
    ],
)
def test_a_form_that_cannot_be_followed_says_why_and_takes_nothing_out(given, field, lead):
    answer = sign_in_staff(lead).post(ADDRESS, {"kind": "csv", "purpose": "care", **given})
    assert answer.status_code == 422
    assert f'id="id_{field}_error"' in answer.content.decode()
    assert not AuditEvent.objects.filter(action="export").exists()


@pytest.mark.parametrize(("first", "last", "found"), [("0001-01-01", "9999-12-31", 1), ("9999-12-31", "9999-12-31", 0)])
def test_days_that_no_database_holds_are_days_like_others(first, last, found, lead):
    make_assessment(SOON)
    sent = {"first": first, "last": last, "kind": "csv", "purpose": "quality"}
    assert len(rows(body(sign_in_staff(lead).post(ADDRESS, sent)))) == found


def test_who_did_not_just_show_who_they_are_takes_nothing_out(lead):
    client = sign_in_staff(lead)
    session = client.session
    session["staff_confirmed"] = 0
    session.save()
    assert "Is it still you?" in client.post(ADDRESS, {"kind": "csv", "purpose": "care"}).content.decode()
    assert not AuditEvent.objects.filter(action="export").exists()


def test_checks_are_read_in_portions_each_once(monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(exports, "PORTION", 2)
    made = [make_assessment(SOON).reference for _ in range(5)]
    with django_assert_num_queries(4):
        assert [record.reference for record in exports.read_in_batches(Assessment.objects.all())] == made


def test_a_long_file_needs_no_more_memory_than_a_short_one():
    record = make_assessment(SOON)

    def most(count):
        tracemalloc.start()
        for _ in exports.stream_fhir(record for _ in range(count)):
            pass
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak

    most(10)
    assert most(500) < 2 * most(50)
