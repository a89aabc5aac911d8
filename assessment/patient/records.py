"""From answers to a saved record, in one transaction."""

import secrets
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from typing import Annotated, Any, TypedDict

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.dateformat import format as date_format

from content.public import find_article_links

from ..models import Assessment
from ..privacy.deletion_key import ALPHABET
from ..protocol import wording
from ..protocol.advice import answers_in_words, compose_result
from ..protocol.back_pain import PROTOCOL
from ..protocol.engine import assess_answers
from ..protocol.model import Level
from .session import Check
from .stored import IsoTime, Token, is_at_most, read_stored


def make_reference() -> str:
    """Two groups of five letters, such as "KTRBN-XDWLC": 43 bits."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(10))
    return f"{letters[:5]}-{letters[5:]}"


def read_placeholders() -> dict[str, str]:
    """What the words leave open, from the clinic's settings. A clinic that gave no number is not one to call."""
    clinic = settings.CLINIC
    name = f"{clinic['name']} ({clinic['phone']})" if clinic["phone"] else ""
    return {
        "emergency_number": clinic["emergency_number"],
        "crisis_line": clinic["crisis_line"],
        "clinic": f", {name}" if name else "",
    }


def build_assessment(check: Check, language: str = "en") -> Assessment:
    """The record of this check, not saved yet. Raises ValueError while questions are open."""
    words = wording.load_words(language)
    outcome = assess_answers(PROTOCOL, check.answers)
    if outcome.level is None:
        raise ValueError("The check is not finished: there is no level to save.")
    result = compose_result(PROTOCOL, outcome, words, read_placeholders(), check.taken_back)
    result["articles"] = find_article_links(result["articles"])
    finished = timezone.now()
    result["plan"] = [date_step(step, timezone.localdate(finished)) for step in link_plan(result["plan"])]
    return Assessment(
        token=check.token,
        level=outcome.level,
        variant=outcome.variant,
        protocol=PROTOCOL.code,
        protocol_version=PROTOCOL.version,
        protocol_digest=wording.digest_running_protocol(PROTOCOL, language),
        language=language,
        answers=answers_in_words(outcome.path.steps, words),
        rules=[{"code": item.rule.code, "level": item.level.code, "unsure": item.unsure} for item in outcome.fired],
        result=result,
        started_at=datetime.fromisoformat(check.started),
        finished_at=finished,
        corrects_id=check.corrects,
    )


def link_plan(plan: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The plan of advice.compose_plan; in the place of articles that are published, their titles and addresses."""
    links = {
        link["slug"]: link for link in find_article_links(line["article"] for day in plan for line in day["lines"])
    }

    def link(line: dict[str, str]) -> dict[str, str]:
        shown = {name: line[name] for name in ("text", "picture") if line[name]}
        if found := links.get(line["article"]):
            section = f"#{line['section']}" if line["section"] else ""
            shown |= {"title": found["title"], "address": f"{found['address']}{section}"}
        return shown

    return [{**day, "lines": [link(line) for line in day["lines"]]} for day in plan]


def date_step(step: dict[str, Any], today: date) -> dict[str, Any]:
    """A day of the plan with its date, "2026-12-14" and in words, in the place of how many days after the result."""
    after = step.pop("after")
    day = None if after is None else today + timedelta(days=after)
    return {**step, "date": day.isoformat() if day else "", "date_in_words": date_format(day, "l, F j") if day else ""}


def list_taken_back(record: Assessment) -> list[list[str]]:
    """What is taken back when this emergency is corrected, and was before: see Check.taken_back."""
    before = [[*pair, line["variant"]] for line in record.result.get("taken_back", []) for pair in line["answers"]]
    stopped = assess_answers(PROTOCOL, record.chosen_codes).deciding if record.variant else ()
    return before + [[*pair, record.variant] for pair in stopped]


def submit_check(check: Check, agreed: dict[str, str]) -> Assessment:
    """The one saved record of this check, however often it is sent. Raises ValueError while questions are open.

    agreed: what the patient said yes to, from consent.build_consent.
    """
    return save_assessment(build_assessment(check), agreed)


def save_assessment(record: Assessment, agreed: dict[str, str]) -> Assessment:
    """Save a new record with the consent to it; return it, or the one that its token already has."""
    record.consent_text, record.consent_version = agreed["consent_text"], agreed["consent_version"]
    record.consent_at = datetime.fromisoformat(agreed["consent_at"])
    for _ in range(5):
        if record.corrects_id and not Assessment.objects.filter(pk=record.corrects_id).exists():
            # The record it corrects was deleted, perhaps just now.
            record.corrects_id = None
        record.reference = make_reference()
        try:
            with transaction.atomic(durable=True):
                record.save()
            return record
        except IntegrityError:
            # Either this check was saved a moment ago, or the reference is taken.
            saved = Assessment.objects.filter(token=record.token).first()
            if saved:
                return saved
            record._state.adding, record.pk = True, None
    raise RuntimeError("No free reference was found in five tries.")


def read_given_consent(record: Assessment) -> dict[str, str]:
    """What its patient said yes to, as consent.build_consent says it; {} for nothing."""
    if not record.consent_at:
        return {}
    return {
        "consent_text": record.consent_text,
        "consent_version": record.consent_version,
        "consent_at": record.consent_at.isoformat(),
    }


# What a session holds of a result that its patient did not send: read again by another version, perhaps.
class ChosenOption(TypedDict):
    option: str
    text: str


class WordedAnswer(TypedDict):
    """See advice.answers_in_words."""

    question: str
    title: str
    short: str
    answer: list[ChosenOption]


class MetRule(TypedDict):
    code: str
    level: str
    unsure: bool


class Because(TypedDict):
    question: str
    answer: str


class Reason(TypedDict):
    rules: list[str]
    unsure: bool
    text: str
    because: list[Because]
    sources: list[str]


class TakenBackLine(TypedDict):
    variant: str
    answers: list[Annotated[list[str], lambda pair: len(pair) == 2]]
    text: str


class Signs(TypedDict):
    heading: str
    signs: list[str]


class ArticleLink(TypedDict):
    slug: str
    title: str
    address: str


class LinkedStep(TypedDict):
    text: str
    title: str
    address: str


class PlannedText(TypedDict):
    text: str


class PlannedLine(PlannedText, total=False):
    title: str
    address: str
    picture: str


class PlannedDay(TypedDict):
    """See advice.compose_plan; date as in "2026-12-14" and in words, both "" where no day can be named."""

    day: str
    due: str
    date: str
    date_in_words: str
    lines: list[PlannedLine]


class ShownAdvice(TypedDict):
    """What the page of a result cannot be without."""

    level: str
    label: str
    heading: str
    lead: str
    reasons: list[Reason]
    do: list[str]
    avoid: list[str]


class ShownResult(ShownAdvice, total=False):
    """See advice.compose_result."""

    variant: str
    time: str
    also: list[Reason]
    notes: list[str]
    taken_back: list[TakenBackLine]
    if_so: list[Signs]
    watch: list[str]
    better: str  # before there was a plan
    plan: list[PlannedDay]
    now_if: Signs | None
    steps: list[LinkedStep]  # before there was a plan
    articles: list[ArticleLink]


@dataclass
class PackedAssessment:
    """An assessment that is not saved, as JSON data; its fields are those of the model."""

    token: Token
    level: Annotated[int, lambda level: level in set(Level)]
    protocol: Annotated[str, is_at_most(40)]
    protocol_version: Annotated[str, is_at_most(20)]
    protocol_digest: Annotated[str, is_at_most(64)]
    answers: Annotated[list[WordedAnswer], bool]
    result: ShownResult
    started_at: IsoTime
    finished_at: IsoTime
    rules: list[MetRule]
    variant: Annotated[str, is_at_most(20)] = ""
    language: Annotated[str, is_at_most(10)] = "en"
    corrects_id: int | None = None


TIMES = ("started_at", "finished_at")


def pack_assessment(record: Assessment) -> dict[str, Any]:
    """A record that is not saved, as JSON data."""
    data = {field.name: getattr(record, field.name) for field in fields(PackedAssessment)}
    # A record just made has an enum there, which JSON would turn into a number only later.
    return {**data, "level": int(record.level), **{name: getattr(record, name).isoformat() for name in TIMES}}


def unpack_assessment(data: object) -> Assessment | None:
    """The record again: not saved, without a reference. None for what is no such record here."""
    packed = read_stored(PackedAssessment, data)
    if packed is None:
        return None
    times = {name: datetime.fromisoformat(getattr(packed, name)) for name in TIMES}
    return Assessment(**{**vars(packed), **times})
