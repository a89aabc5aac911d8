"""Whether what is stored of checks is what the audit says: no row changed, removed or added by hand.

The events of a check are replayed: each names the rows that its action wrote, with a digest of them (row_digests.py).
Then every row must be there as the newest event has it, and no other one; so must each mail to staff, and the note to
write one. Samples are left out, and so are paused checks and counts: the clinic works on none of them.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.utils import timezone

from core.audit import AuditEvent, open_snapshot

from ..models import (
    Arrival,
    Assessment,
    Contact,
    Disposal,
    Hold,
    Mail,
    Note,
    Override,
    Raise,
    Review,
    Tombstone,
    row_digests,
)
from ..models.mail import MAIL_DAYS
from ..privacy import contact_details
from ..protocol.model import Level

BATCH = 200
CheckRow = Review | Note | Override | Raise | Contact | Hold | Disposal
# The rows of a check that events speak of, and what a finding calls them.
ROWS: dict[type[CheckRow], str] = {
    Review: "Where staff are with it",
    Note: "A note",
    Override: "A change of level",
    Raise: "What newer rules ask for",
    Contact: "The wish for a call back",
    Hold: "A hold",
    Disposal: "A proposal to delete it",
}
# Actions after which rows of this kind are gone, but for the one that the action itself wrote.
CLEARS = {"call": "contact", "no_call": "contact", "unhold": "hold", "keep": "disposal"}
ENDS = ("delete", "purge")


def name_kind(model: type[models.Model]) -> str:
    """What facts call the rows of this model."""
    return str(model._meta.model_name)


class AuditedRows:
    """What the events of one check say, read in their order. rows: of each kind, {number: its newest fact}."""

    def __init__(self) -> None:
        self.reference, self.saved, self.ended = "", "", False
        # The number of the event that saved it, and whether staff were told of it.
        self.number, self.told = 0, False
        self.corrects: int | None = None
        self.rows: dict[str, dict[int, str]] = defaultdict(dict)

    def add_event(self, number: int, action: str, reference: str, facts: dict[str, Any]) -> None:
        self.reference = reference
        self.number = self.number or number
        self.told |= action == "told"
        self.saved = facts.get("assessment", self.saved)
        self.corrects = facts.get("corrects", self.corrects)
        self.ended |= action in ENDS
        if action in CLEARS:
            self.rows[CLEARS[action]].clear()
        for model in ROWS:
            if fact := facts.get(name_kind(model)):
                self.rows[name_kind(model)][int(fact.partition(":")[0])] = fact


def find_discrepancies() -> Iterator[str]:
    """A sentence for each thing that is not as the audit says, then how many checks it knows nothing of."""
    unknown = last = 0
    while numbers := list_next_numbers(last):
        with open_snapshot():
            found, strange = reconcile_range(last + 1, numbers[-1])
        yield from found
        unknown += strange
        last = numbers[-1]
    if unknown:
        checks = (
            "1 stored check is not in the audit: it"
            if unknown == 1
            else f"{unknown} stored checks are not in the audit: they"
        )
        yield f"{checks} did not come in through this site."
    with open_snapshot():
        found = [*reconcile_tombstones(), *reconcile_mails()]
    yield from found


def list_next_numbers(last: int) -> list[int]:
    """The next numbers that checks have, or that events name."""
    stored = Assessment.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]
    named = AuditEvent.objects.filter(record_id__gt=last).order_by("record_id").values_list("record_id", flat=True)
    numbers = {*stored, *(number for number in named.distinct()[:BATCH] if number)}
    return sorted(numbers)[:BATCH]


def reconcile_range(first: int, last: int) -> tuple[list[str], int]:
    """The findings about the checks with these numbers, and how many of them the audit does not know."""
    told: dict[int, AuditedRows] = defaultdict(AuditedRows)
    within = (first, last)
    events = AuditEvent.objects.filter(record_id__range=within).order_by("number")
    for record_id, *event in events.values_list("record_id", "number", "action", "reference", "facts"):
        told[record_id or 0].add_event(*event)
    assessments = Assessment.objects.filter(pk__range=within).in_bulk()
    stored: dict[type[CheckRow], dict[int, list[CheckRow]]] = {model: defaultdict(list) for model in ROWS}
    for model, rows in stored.items():
        found_rows: models.QuerySet[CheckRow] = models.QuerySet(model)
        for row in found_rows.filter(assessment__in=assessments):
            row.assessment = assessments[row.assessment_id]
            rows[row.assessment_id].append(row)
    untold = set(Arrival.objects.filter(assessment__in=assessments).values_list("assessment_id", flat=True))
    begun = AuditEvent.objects.filter(action="told").order_by("number").values_list("number", flat=True).first()
    found: list[str] = []
    unknown = 0
    for number in sorted({*told, *assessments}):
        says, record = told[number], assessments.get(number)
        if record is None:
            if says.saved and not says.ended:
                found.append(f"{says.reference}: It is gone, and nobody deleted it.")
        elif says.saved:
            own = {model: stored[model][number] for model in ROWS}
            found += [f"{says.reference}: {finding}" for finding in find_differences(record, own, says)]
            # Checks from before the audit told of it are known by nothing.
            if (
                record.level >= Level.URGENT
                and begun
                and says.number > begun
                and not says.told
                and number not in untold
            ):
                found.append(f"{says.reference}: The note that staff are to be told of it is gone.")
        elif not record.is_sample:
            unknown += 1
    return found, unknown


def find_differences(
    record: Assessment, stored: dict[type[CheckRow], list[CheckRow]], says: AuditedRows
) -> Iterator[str]:
    """What is not as told with this check and its rows."""
    if says.ended:
        yield "It is there again, though it was deleted."
    if not row_digests.is_unchanged(record, says.saved):
        yield "What the patient sent was changed."
    if record.corrects_id != says.corrects and (
        record.corrects_id or (says.corrects and Assessment.objects.filter(pk=says.corrects).exists())
    ):
        yield "Which earlier check it corrects was changed."
    for model, words in ROWS.items():
        expected = dict(says.rows[name_kind(model)])
        for row in stored[model]:
            fact = expected.pop(row.pk, None)
            if fact is None:
                yield f"{words} was added."
            elif difference := find_row_difference(row, fact, words):
                yield difference
        yield from (f"{words} is gone." for _ in expected)


def find_row_difference(row: CheckRow, fact: str, words: str) -> str:
    """What is not as told with a row that the audit knows; "" when all of it is."""
    details = row.details() if isinstance(row, Contact) else None
    if isinstance(row, Contact) and details is None:
        return "The call-back details cannot be read with the present CONTACT_KEYS."
    if not row_digests.is_unchanged(row, fact):
        return f"{words} was changed."
    if isinstance(row, Contact) and details is not None and not is_findable(row, details):
        return "The search does not find the call-back details. Run manage.py index_contacts."
    return ""


def is_findable(asked: Contact, details: dict[str, str]) -> bool:
    """Whether its search keys are those of its details, under a present or a former SECRET_KEY."""
    return asked.telephone_key in (
        contact_details.hash_telephone(details["telephone"]) or [""]
    ) and asked.email_key in (contact_details.hash_email(details["email"]) or [""])


def reconcile_tombstones() -> Iterator[str]:
    """Each deletion has left its tombstone, as it was, and there is no other."""
    last = right = 0
    ends = AuditEvent.objects.filter(action__in=ENDS).order_by("number")
    while events := list(ends.filter(number__gt=last).values_list("number", "reference", "facts")[:BATCH]):
        # Deletions of before the audit vouched for rows name no tombstone.
        told = [(name, data["tombstone"]) for _, name, data in events if "tombstone" in data]
        facts = {int(fact.partition(":")[0]): (name, fact) for name, fact in told}
        stones: dict[int, Tombstone] = models.QuerySet(Tombstone).in_bulk(facts)
        right += len(stones)
        for number, (name, fact) in facts.items():
            if number not in stones:
                yield f"{name}: The trace of its deletion is gone."
            elif not row_digests.is_unchanged(stones[number], fact):
                yield f"{name}: The trace of its deletion was changed."
        last = events[-1][0]
    if added := models.QuerySet(Tombstone).count() - right:
        yield "1 trace of a deleted check was added." if added == 1 else f"{added} traces of deleted checks were added."


def reconcile_mails(now: datetime | None = None) -> Iterator[str]:
    """Each mail to staff is there as it was written or sent, until its time is over, and there is no other."""
    events = AuditEvent.objects.filter(action__in=("mail", "mailed", "unmailed")).order_by("number")
    told: dict[int, tuple[str, datetime]] = {}
    began = None
    for at, action, facts in events.values_list("at", "action", "facts"):
        began = began or at
        number = int(facts["mail"].partition(":")[0])
        # Mails go by the day on which they were written, however late they were sent.
        _, written = told.pop(number, ("", at))
        if action != "unmailed":
            told[number] = facts["mail"], written
    kept_since = (now or timezone.now()) - timedelta(days=MAIL_DAYS)
    for mail in Mail.objects.order_by("pk").iterator():
        fact, _ = told.pop(mail.pk, ("", None))
        if not fact:
            # Mails from before the audit vouched for them are known by nothing.
            if began and mail.made_at >= began:
                yield f"Mail {mail.pk} to staff was added."
        elif not row_digests.is_unchanged(mail, fact):
            yield f"Mail {mail.pk} to staff was changed, or marked as sent and was not."
    for number, (_, at) in told.items():
        if at > kept_since:
            yield f"Mail {number} to staff is gone."
