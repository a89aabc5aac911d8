"""Saved checks that newer rules would give a higher level: found, put before staff, decided on.

Only answers that were given count: nothing is walked, and a question that was not asked says nothing. Nothing saved is
changed. Each version of the protocol raises a check once, and only with something that no version before it has said.
"""

from collections.abc import Iterable
from typing import Any, TypedDict

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from core import audit
from core.people import display_name

from .. import deadlines
from ..models import Assessment, Raise, row_digests
from ..models.mail import record_arrival
from ..models.review import Override, Review, ReviewState, StaleError
from ..protocol import wording
from ..protocol.back_pain import PROTOCOL
from ..protocol.back_pain.former_codes import find_present_code
from ..protocol.engine import FiredRule, fire_rules
from ..protocol.model import Level
from .review_actions import (
    ConflictError,
    RefusedError,
    change_review,
    describe_last_change,
    find_highest_level,
    read_review,
    require_reading,
)


class WordedChoice(TypedDict):
    """A question and its answer, as the patient read them."""

    question: str
    answer: str


class RaiseReason(TypedDict):
    """A rule that asks for more, why, and the answers that met it."""

    rules: list[str]
    level: str
    unsure: bool
    text: str
    because: list[WordedChoice]


# --- Finding ----------------------------------------------------------------------------------------------------------
def read_given_answers(record: Assessment) -> dict[tuple[str, str], WordedChoice]:
    """What the patient answered, by the (question, option) that it is in the present protocol; without what has no
    equal there."""
    found: dict[tuple[str, str], WordedChoice] = {}
    for item in record.answers:
        for part in item["answer"]:
            option = find_present_code(PROTOCOL, item["question"], part["option"])
            if option:
                found[item["question"], option] = {"question": item["short"], "answer": part["text"]}
    return found


def find_rules_for_more(record: Assessment) -> list[FiredRule]:
    """The present rules, met by the answers that were given, that ask for more than the check says and staff work by;
    the highest level first."""
    if record.protocol != PROTOCOL.code:
        return []
    answers: dict[str, tuple[str, ...]] = {}
    for question, option in read_given_answers(record):
        answers[question] = (*answers.get(question, ()), option)
    present = max(record.level, record.review.level)
    return [fired for fired in fire_rules(PROTOCOL, answers) if fired.level > present]


def list_raise_reasons(record: Assessment, fired: Iterable[FiredRule]) -> list[RaiseReason]:
    given, words = read_given_answers(record), wording.load_words()
    return [
        {
            "rules": [item.rule.code],
            "level": item.level.code,
            "unsure": item.unsure,
            "text": words["rules"][item.rule.code]["reason"],
            "because": [given[pair] for pair in item.because],
        }
        for item in fired
    ]


# --- Putting before staff ---------------------------------------------------------------------------------------------
def raise_assessment(record: Assessment, fired: list[FiredRule]) -> Raise | None:
    """Put the check before staff, at the highest level that these rules ask for; None when that was done before."""
    level = fired[0].level
    with transaction.atomic():
        # As in deletion: whoever writes beside a check takes its row first. So two runs raise it once, too.
        if not Assessment.objects.select_for_update().filter(pk=record.pk).exists() or is_told(record, fired):
            return None
        now = timezone.now()
        made = Raise.objects.create(
            assessment=record, protocol_version=PROTOCOL.version, level=level, raised_at=now,
            protocol_digest=wording.digest_protocol(PROTOCOL, wording.load_words()),
            reasons=list_raise_reasons(record, fired), due_at=deadlines.compute_deadline(level, now),
        )  # fmt: skip
        if not record.is_sample:
            record_arrival(record.pk, level)
        facts = {"from": Level(record.review.level).code, "to": level.code, "what": PROTOCOL.version}
        audit.record_event(None, "raise", record, **facts, **row_digests.digest_rows(made))
    return made


def is_told(record: Assessment, fired: list[FiredRule]) -> bool:
    """Whether this version, or one before it, has raised the check as high and for the same rules."""
    codes = {item.rule.code for item in fired}
    return any(
        made.protocol_version == PROTOCOL.version
        or (made.level >= fired[0].level and codes <= {code for reason in made.reasons for code in reason["rules"]})
        for made in Raise.objects.filter(assessment=record)
    )


# --- Deciding ---------------------------------------------------------------------------------------------------------
def decide_raise(actor: User, record: Assessment, version: int, accepted: bool, why: str = "") -> Raise:
    """Work on the check at the higher level, also when it was closed, or dismiss it with a reason; nothing else changes
    then. Raises RefusedError, ConflictError."""
    review = read_review(record, version)
    if review.assigned_to and review.state != ReviewState.CLOSED and review.assigned_to_id != actor.pk:
        raise RefusedError(f"{display_name(review.assigned_to)} has this check. Take it over first.")
    if not accepted and not why:
        raise RefusedError("Write why no more is needed.")
    waiting = list(Raise.objects.undecided().filter(assessment=record))
    if not waiting:
        raise ConflictError(f"{describe_last_change(record)}. There is nothing to decide any more.")
    first, *others = waiting
    level = find_highest_level(record, review)
    require_reading(actor, record, level if accepted else max(level, first.level))
    action = "accept_raise" if accepted else "dismiss_raise"
    with transaction.atomic():
        try:
            for made in waiting:
                made.record_decision(actor, accepted, why)
        except StaleError as stale:
            raise ConflictError(f"{describe_last_change(record)}, after you had opened it.") from stale
        for made in others:
            audit.record_event(actor, action, record, what=made.protocol_version, **row_digests.digest_rows(made))
        if accepted:
            work_by_raise(actor, record, review, first)
        else:
            audit.record_event(actor, action, record, what=first.protocol_version, **row_digests.digest_rows(first))
    return first


def work_by_raise(actor: User, record: Assessment, review: Review, made: Raise) -> None:
    """The check is open and mine, at the level of the raise unless staff have a higher one, and due with it."""
    waits = review.state in (ReviewState.NEW, ReviewState.IN_REVIEW)
    due_at = min(review.due_at, made.due_at) if waits else made.due_at
    values: dict[str, Any] = {
        "state": ReviewState.IN_REVIEW,
        "assigned_to": actor,
        "reason": "",
        "closed_at": None,
        "due_at": due_at,
    }
    facts: dict[str, Any] = {"what": made.protocol_version}
    rows: list[Raise | Override] = [made]
    if made.level > review.level:
        override = Override.objects.create(
            assessment=record, from_level=review.level, to_level=made.level, reason=str(made).capitalize(),
            needs_second=False, proposed_by=actor, decided_by=actor, decided_at=timezone.now(), accepted=True,
        )  # fmt: skip
        values["level"] = made.level
        facts["proposal"] = override.pk
        rows.append(override)
    change_review(actor, record, review.version, "accept_raise", facts=facts, made=rows, **values)
