"""Checks as files for other programs: CSV for a spreadsheet, JSON, and a FHIR R5 Bundle.

Every format is made row by row, so that a file of any length needs the memory of one portion. Names, telephone numbers
and addresses are in none of them, nor are notes of staff.
"""

import csv
import json
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.utils import timezone

from ..models import Assessment
from ..protocol.back_pain import PROTOCOL
from ..protocol.export import make_urn
from ..protocol.model import Level

PORTION = 500
# A spreadsheet runs a cell that begins with one of these as a formula. Also in their wide forms, which some turn back.
FORMULA = set("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")


def read_in_batches(queryset: QuerySet[Assessment]) -> Iterator[Assessment]:
    """The checks in the order of their numbers. By number, not by a cursor: nothing stays open in the database."""
    last = 0
    rows = queryset.select_related("review").defer("consent_text").order_by("pk")
    while portion := list(rows.filter(pk__gt=last)[:PORTION]):
        yield from portion
        last = portion[-1].pk


def format_time(at: datetime) -> str:
    """By the clock of the clinic, as the form filters, with how far it is from UTC: "2026-07-01T09:30:00-04:00"."""
    return timezone.localtime(at).isoformat(timespec="seconds")


# --- CSV --------------------------------------------------------------------------------------------------------------
def escape_formula(text: str) -> str:
    """The text as a cell that no spreadsheet takes for a formula: an apostrophe in front where one could begin."""
    return f"'{text}" if text[:1] in FORMULA or text.lstrip()[:1] in FORMULA else text


class LineWriter:
    """What csv.writer writes to: write() hands the line back."""

    def write(self, text: str) -> str:
        return text


COLUMNS = [
    "code", "sent", "level", "level now", "state", "why closed", "what the patient was told", "reasons", "rules",
    "protocol", "protocol version", "language", "consent version",
]  # fmt: skip


def stream_csv(records: Iterable[Assessment]) -> Iterator[str]:
    """A heading, then a line for each check; one column for each question of the present protocol."""
    write = csv.writer(LineWriter(), quoting=csv.QUOTE_ALL).writerow
    questions = [question.code for question in PROTOCOL.questions]
    # The mark at the beginning tells spreadsheets that the text is UTF-8.
    yield "\ufeff" + write([*COLUMNS, *(f"answer: {code}" for code in questions), "answers to questions from before"])
    for record in records:
        answers = {item["question"]: "; ".join(part["text"] for part in item["answer"]) for item in record.answers}
        old = "; ".join(f"{code}: {text}" for code, text in answers.items() if code not in questions)
        review = record.review
        cells = [
            record.reference,
            format_time(record.finished_at),
            Level(record.level).code,
            Level(review.level).code,
            review.state,
            review.reason,
            record.result["heading"],
            "; ".join(reason["text"] for reason in record.result["reasons"]),
            "; ".join(rule["code"] for rule in record.rules),
            record.protocol,
            record.protocol_version,
            record.language,
            record.consent_version,
            *(answers.get(code, "") for code in questions),
            old,
        ]
        yield write([escape_formula(cell) for cell in cells])


# --- JSON -------------------------------------------------------------------------------------------------------------
def stream_json(records: Iterable[Assessment]) -> Iterator[str]:
    """One object: {"made_at", "checks": [...]}; a line a check."""
    yield f'{{"made_at": "{format_time(timezone.now())}", "checks": ['
    yield from join_items(records, build_json_items)
    yield "\n]}\n"


def join_items(records: Iterable[Assessment], make: Callable[[Assessment], Iterator[dict[str, Any]]]) -> Iterator[str]:
    comma = "\n"
    for record in records:
        for item in make(record):
            yield comma + json.dumps(item, ensure_ascii=False)
            comma = ",\n"


def build_json_items(record: Assessment) -> Iterator[dict[str, Any]]:
    review = record.review
    yield {
        "code": record.reference,
        "sent": format_time(record.finished_at),
        "level": Level(record.level).code,
        "review": {"level": Level(review.level).code, "state": review.state, "reason": review.reason},
        "protocol": {
            "code": record.protocol, "version": record.protocol_version, "digest": record.protocol_digest,
        },
        "language": record.language,
        "consent_version": record.consent_version,
        "answers": record.answers,
        "rules": record.rules,
        "result": record.result,
    }  # fmt: skip


# --- FHIR R5 ----------------------------------------------------------------------------------------------------------
def stream_fhir(records: Iterable[Assessment]) -> Iterator[str]:
    """A Bundle of type collection: for each check a QuestionnaireResponse, and a RiskAssessment that rests on it.

    The patient is named by nothing but the code of the check, as an identifier.
    """
    now = format_time(timezone.now())
    yield f'{{"resourceType": "Bundle", "type": "collection", "timestamp": "{now}", "entry": ['
    yield from join_items(records, build_fhir_entries)
    yield "\n]}\n"


def build_fhir_entries(record: Assessment) -> Iterator[dict[str, Any]]:
    response, risk = make_urn("response", record.reference), make_urn("risk", record.reference)
    yield {"fullUrl": response, "resource": build_questionnaire_response(record)}
    yield {"fullUrl": risk, "resource": build_risk_assessment(record, response)}


def build_shared_fields(record: Assessment, kind: str) -> dict[str, Any]:
    code = {"system": make_urn("reference"), "value": record.reference}
    return {
        "resourceType": kind,
        "id": make_urn(kind, record.reference).removeprefix("urn:uuid:"),
        "language": record.language,
        "identifier": [code],
        "subject": {"type": "Patient", "identifier": code},
    }


def build_questionnaire_response(record: Assessment) -> dict[str, Any]:
    """The answers in the words that the patient read. Stopped: an emergency answer ended the check."""
    return {
        **build_shared_fields(record, "QuestionnaireResponse"),
        "questionnaire": f"{make_urn(record.protocol)}|{record.protocol_version}",
        "status": "stopped" if record.level == Level.EMERGENCY else "completed",
        "authored": format_time(record.finished_at),
        "item": [
            {
                "linkId": item["question"],
                "text": item["title"],
                "answer": [
                    {
                        "valueCoding": {
                            "system": make_urn(record.protocol, item["question"]),
                            "code": part["option"],
                            "display": part["text"],
                        }
                    }
                    for part in item["answer"]
                ],
            }
            for item in record.answers
        ],
    }


def build_risk_assessment(record: Assessment, response: str) -> dict[str, Any]:
    """The level that the rules gave, why, and what the patient was told to do."""
    level, now = Level(record.level), Level(record.review.level)
    reasons = " ".join(reason["text"] for reason in record.result["reasons"])
    changed = [{"text": f"Staff of the clinic changed the level to {now.code}."}] if now != level else []
    return {
        **build_shared_fields(record, "RiskAssessment"),
        "status": "final",
        "method": {
            "coding": [{"system": make_urn("protocol"), "code": record.protocol, "version": record.protocol_version}],
            "text": f"Rules {record.protocol} {record.protocol_version}, digest {record.protocol_digest}",
        },
        "code": {"text": "Symptom check of back pain: how soon to be seen"},
        "occurrenceDateTime": format_time(record.finished_at),
        "basis": [{"reference": response}],
        "prediction": [
            {
                "outcome": {"text": record.result["heading"]},
                "qualitativeRisk": {
                    "coding": [{"system": make_urn(record.protocol, "level"), "code": level.code}],
                    "text": record.result["label"],
                },
                **({"rationale": reasons} if reasons else {}),
            }
        ],
        "mitigation": record.result["lead"],
        **({"note": changed} if changed else {}),
    }


class ExportFormat(NamedTuple):
    """One kind of file: how it is called and made, its content type, and the ending of its name."""

    label: str
    stream: Callable[[Iterable[Assessment]], Iterator[str]]
    content_type: str
    ending: str


FORMATS = {
    "csv": ExportFormat("Spreadsheet (CSV)", stream_csv, "text/csv; charset=utf-8", "csv"),
    "json": ExportFormat("JSON", stream_json, "application/json", "json"),
    "fhir": ExportFormat("FHIR R5 Bundle (JSON)", stream_fhir, "application/fhir+json; fhirVersion=5.0", "fhir.json"),
}
