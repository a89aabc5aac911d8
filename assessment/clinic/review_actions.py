"""What staff do with a check. Each action is one transaction: the change, the note with it, and its audit event.

`version` is the one that the person had on the screen. Whoever was slower gets a ConflictError that says who was faster
and with what; nothing is written then.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from core import audit
from core.audit import AuditEvent
from core.people import display_name
from core.second_person import explain_dependence

from .. import deadlines
from ..models import Assessment, Raise, row_digests
from ..models.review import ClosingReason, Note, Override, Review, ReviewState, StaleError
from ..protocol.model import Level

# Actions after which a form that somebody else has open is out of date.
CHANGES = (
    "claim", "assign", "release", "contacted", "close", "reopen", "override", "propose", "confirm", "decline",
    "accept_raise", "dismiss_raise",
)  # fmt: skip


class RefusedError(Exception):
    """What was asked for is not possible; the message says why, to the person who asked."""


class ConflictError(RefusedError):
    """Somebody else changed the check after this person had opened it."""


def describe_last_change(record: Assessment) -> str:
    """The newest change of a check in words: "Ana Example closed the check at 14:30"."""
    event = AuditEvent.objects.filter(record_id=record.pk, action__in=CHANGES).order_by("-number").first()
    if event is None:
        return "Somebody changed this check"
    user = User.objects.filter(pk=event.actor_id).first() if event.actor_id else None
    who = display_name(user) if user else event.actor or "The site"
    text = event.action_in_words
    if event.action == "assign" and event.facts.get("user"):
        other = User.objects.filter(pk=event.facts["user"]).first()
        text = f"{text} {display_name(other) if other else 'somebody'}"
    return f"{who} {text} ({deadlines.time_in_words(event.at, timezone.now())})"


def change_review(
    actor: User,
    record: Assessment,
    version: int,
    action: str,
    note: str = "",
    facts: dict[str, Any] | None = None,
    made: Iterable[Override | Raise] = (),
    **values: Any,
) -> Review:
    """Write these values, a note and the event. Raises ConflictError, RefusedError.

    made: what the action wrote before, one of a kind.
    """
    review = Review.objects.get(pk=record.pk)
    before = review.state
    with transaction.atomic():
        try:
            review.change_at_version(version, **values)
        except StaleError as stale:
            raise ConflictError(f"{describe_last_change(record)}, after you had opened it.") from stale
        except ValueError as illegal:
            raise RefusedError(describe_illegal_move(before, values["state"])) from illegal
        rows: list[Review | Override | Raise | Note] = [review, *made]
        if note:
            rows.append(Note.objects.create(assessment=record, author=actor, text=note))
        if values.get("state", before) != before:
            facts = {"from": before, "to": values["state"], **(facts or {})}
        audit.record_event(
            actor, action, record, version=review.version, **(facts or {}), **row_digests.digest_rows(*rows)
        )
    return review


def describe_illegal_move(start: str, end: str) -> str:
    if start == ReviewState.CLOSED:
        return "This check is closed. Open it again first."
    if start == ReviewState.NEW:
        return "Take this check first."
    return f"A check does not go from “{ReviewState(start).label}” to “{ReviewState(end).label}”."


def require_owner(actor: User, review: Review) -> None:
    """Only the person who has a check decides on it. Raises RefusedError."""
    if review.state == ReviewState.CLOSED:
        raise RefusedError("This check is closed. Open it again first.")
    owner = review.assigned_to
    if owner is None or review.state == ReviewState.NEW:
        raise RefusedError("Take this check first.")
    if owner.pk != actor.pk:
        raise RefusedError(f"{display_name(owner)} has this check. Take it over first.")


def read_review(record: Assessment, version: int) -> Review:
    """The review as it is. Raises ConflictError when the person had another version on the screen.

    Before any rule is looked at: "Ben closed it at 14:30" says more than "it is closed". Between here and the writing,
    Review.change_at_version keeps watch.
    """
    review = Review.objects.select_related("assigned_to").get(pk=record.pk)
    if review.version != version:
        raise ConflictError(f"{describe_last_change(record)}, after you had opened it.")
    return review


def claim_review(actor: User, record: Assessment, version: int) -> Review:
    """Take a check that waits: nobody's, or one that was given to me. Taking one over says so by `assign`."""
    review = read_review(record, version)
    if review.state == ReviewState.CLOSED:
        raise RefusedError(describe_illegal_move(ReviewState.CLOSED, ReviewState.IN_REVIEW))
    owner = review.assigned_to
    if owner is not None and owner.pk != actor.pk:
        raise ConflictError(f"{describe_last_change(record)}. {display_name(owner)} has this check.")
    state = ReviewState.IN_REVIEW if review.state == ReviewState.NEW else review.state
    return change_review(actor, record, version, "claim", state=state, assigned_to=actor)


def assign_review(actor: User, record: Assessment, version: int, to: User) -> Review:
    """Give an open check to a colleague, or take it over. A new one stays new until they take it up."""
    review = read_review(record, version)
    if review.state == ReviewState.CLOSED:
        raise RefusedError(describe_illegal_move(ReviewState.CLOSED, ReviewState.IN_REVIEW))
    state = ReviewState.IN_REVIEW if to.pk == actor.pk and review.state == ReviewState.NEW else review.state
    return change_review(actor, record, version, "assign", facts={"user": to.pk}, assigned_to=to, state=state)


def release_review(actor: User, record: Assessment, version: int) -> Review:
    """Put a check back into the queue, for anybody."""
    review = read_review(record, version)
    if review.state == ReviewState.CLOSED:
        raise RefusedError(describe_illegal_move(ReviewState.CLOSED, ReviewState.NEW))
    state = ReviewState.NEW if review.state == ReviewState.IN_REVIEW else review.state
    return change_review(actor, record, version, "release", assigned_to=None, state=state)


def build_answer_times(review: Review) -> dict[str, Any]:
    """The first answer of staff stops the clock, once."""
    if review.reviewed_at:
        return {}
    now = timezone.now()
    return {"reviewed_at": now, "minutes": max(int((now - review.submitted_at).total_seconds() // 60), 0)}


def mark_contacted(actor: User, record: Assessment, version: int, note: str) -> Review:
    """The patient was reached; the note says what was agreed."""
    review = read_review(record, version)
    require_owner(actor, review)
    if review.state == ReviewState.CONTACTED:
        raise RefusedError("This patient was contacted already. Add a note, or close the check.")
    require_reading(actor, record, find_highest_level(record, review))
    return change_review(
        actor, record, version, "contacted", note, state=ReviewState.CONTACTED, **build_answer_times(review)
    )


def close_review(
    actor: User, record: Assessment, version: int, reason: str, note: str = "", among_others: bool = False
) -> Review:
    """Out of the queue, with a reason. An emergency or urgent check, and "other", need a note.

    among_others: it is one of several that are closed at once.
    """
    review = read_review(record, version)
    require_owner(actor, review)
    level = find_highest_level(record, review)
    if among_others and level >= Level.URGENT:
        raise RefusedError("Emergencies and urgent checks are closed one by one, on their own page.")
    require_reading(actor, record, level)
    if not note and needs_note(review, reason):
        raise RefusedError("Write in the note what you did.")
    if Override.objects.filter(assessment=record, decided_at__isnull=True).exists():
        raise RefusedError("A lower level is proposed and waits for a second person. Decide on that first.")
    if Raise.objects.undecided().filter(assessment=record).exists():
        raise RefusedError("Newer rules ask for more. Decide on that first.")
    return change_review(
        actor, record, version, "close", note, {"reason": reason},
        state=ReviewState.CLOSED, reason=reason, closed_at=timezone.now(), **build_answer_times(review),
    )  # fmt: skip


def find_highest_level(record: Assessment, review: Review) -> int:
    """Of the one that the check came with and the one that staff work by."""
    return max(record.level, review.level)


def require_reading(actor: User, record: Assessment, level: int) -> None:
    """What comes of an emergency or urgent check is decided by somebody who has read it. Raises RefusedError.

    That somebody has, the database asks too (models/triggers.py).
    """
    read = AuditEvent.objects.filter(record_id=record.pk, actor_id=actor.pk, action__in=("view", "print"))
    if level >= Level.URGENT and not read.exists():
        raise RefusedError("You have not opened this check yet. Read it first, then decide.")


def needs_note(review: Review, reason: str) -> bool:
    """Whether closing for this reason must be explained: nobody has written yet what came of an urgent check."""
    if reason == ClosingReason.OTHER:
        return True
    return review.level >= Level.URGENT and not Note.objects.filter(assessment=review.pk).exists()


def reopen_review(actor: User, record: Assessment, version: int) -> Review:
    """Back into the queue and to me. It is due when it was: what was late is not in time again."""
    if read_review(record, version).state != ReviewState.CLOSED:
        raise RefusedError("This check is not closed.")
    return change_review(
        actor, record, version, "reopen", state=ReviewState.IN_REVIEW, assigned_to=actor, reason="", closed_at=None
    )


def add_note(actor: User, record: Assessment, text: str) -> Note:
    """Notes are added whatever state a check is in, and never stand in each other's way."""
    with transaction.atomic():
        note = Note.objects.create(assessment=record, author=actor, text=text)
        audit.record_event(actor, "note", record, **row_digests.digest_rows(note))
    return note


def build_level_change(review: Review, to: int) -> dict[str, Any]:
    """What a new level changes. Raised: its clock starts now, but nothing is due later than it was. Lowered: its clock
    counts from when the patient sent the check."""
    if to > review.level:
        due_at = min(review.due_at, deadlines.compute_deadline(to, timezone.now()))
    else:
        due_at = deadlines.compute_deadline(to, review.submitted_at)
    return {"level": to, "due_at": due_at}


def override_level(actor: User, record: Assessment, version: int, to: int, reason: str) -> Override:
    """Another level than the present one, with a reason. Lowering what is or was an emergency is only proposed."""
    review = read_review(record, version)
    require_owner(actor, review)
    if to == review.level:
        raise RefusedError("The check has this level already.")
    require_reading(actor, record, find_highest_level(record, review))
    lowers = to < review.level and Level.EMERGENCY in (review.level, record.level)
    decision = {} if lowers else {"decided_by": actor, "decided_at": timezone.now(), "accepted": True}
    try:
        with transaction.atomic():
            made = Override.objects.create(
                assessment=record, from_level=review.level, to_level=to, reason=reason,
                needs_second=lowers, proposed_by=actor, **decision,
            )  # fmt: skip
            facts = {"from": Level(review.level).code, "to": Level(to).code, "proposal": made.pk}
            values = {} if lowers else build_level_change(review, to)
            change_review(
                actor, record, version, "propose" if lowers else "override", facts=facts, made=[made], **values
            )
    except IntegrityError as taken:
        raise ConflictError("A lower level is proposed already and waits for a second person.") from taken
    return made


def decide_override(actor: User, record: Assessment, version: int, accepted: bool) -> Override:
    """Agree to the lower level that a colleague proposed, or not. Proposers can take theirs back, not agree to it."""
    review = read_review(record, version)
    proposal = Override.objects.filter(assessment=record, decided_at__isnull=True).first()
    if proposal is None:
        raise ConflictError(f"{describe_last_change(record)}. There is no open proposal.")
    if accepted and proposal.from_level != review.level:
        raise ConflictError(f"{describe_last_change(record)}. The proposal was about another level: decline it.")
    if accepted and (why_not := explain_dependence(actor, proposal.proposed_by)):
        raise RefusedError(why_not)
    require_reading(actor, record, find_highest_level(record, review))
    facts = {"from": Level(proposal.from_level).code, "to": Level(proposal.to_level).code, "proposal": proposal.pk}
    with transaction.atomic():
        try:
            proposal.record_decision(actor, accepted)
        except ValueError as own:
            raise RefusedError("You proposed this lower level yourself. A second person must agree to it.") from own
        except StaleError as stale:
            raise ConflictError(f"{describe_last_change(record)}, after you had opened it.") from stale
        values = build_level_change(review, proposal.to_level) if accepted else {}
        change_review(
            actor, record, version, "confirm" if accepted else "decline", facts=facts, made=[proposal], **values
        )
    return proposal


def find_next_in_queue(user: User, after: Assessment | None = None) -> int | None:
    """The first check that waits for this person or for anybody, and is not the one they come from."""
    here = after.pk if after else 0
    places = (find_next_review(user, here), find_next_raised(user, here))
    return min((place for place in places if place), default=(0, None, None))[-1]


def find_next_review(user: User, here: int) -> tuple[int, datetime, int] | None:
    """(-rank, due_at, key) of the first review that waits for this person or for anybody."""
    waiting = Review.objects.waiting().filter(rank__gt=0).order_by("-rank", "due_at", "pk")
    # It is nearly always among the first; a database asked for "mine or nobody's" may look at all of a long queue.
    for rank, due_at, pk, owner in waiting.values_list("rank", "due_at", "pk", "assigned_to")[:200]:
        if owner in (None, user.pk) and pk != here:
            return -rank, due_at, pk
    free = waiting.filter(Q(assigned_to=None) | Q(assigned_to=user)).exclude(pk=here)
    return next(((-rank, due_at, pk) for rank, due_at, pk in free.values_list("rank", "due_at", "pk")[:1]), None)


def find_next_raised(user: User, here: int) -> tuple[int, datetime, int] | None:
    """The same of what newer rules raised. A closed check is free for anybody, whoever had it."""
    review = "assessment__review__"
    free = Q(**{f"{review}assigned_to": None}) | Q(**{f"{review}assigned_to": user})
    raised = Raise.objects.undecided().filter(free | Q(**{f"{review}state": ReviewState.CLOSED}))
    rows = raised.exclude(assessment=here).values_list("level", "due_at", "assessment")[:1]
    return next(((-(level + 1), due_at, pk) for level, due_at, pk in rows), None)
