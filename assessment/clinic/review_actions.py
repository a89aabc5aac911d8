"""What staff do with a check. Each act is one transaction: the change, the note that goes with it, and its audit event.

`version` is the one that the person had on the screen. Whoever was slower gets a ConflictError that says who was faster
and with what; nothing is written then.
"""

from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from core import audit
from core.audit import AuditEvent

from .. import deadlines
from ..models import Assessment, row_digests
from ..models.review import Note, Override, Reason, Review, StaleError, State
from ..protocol.model import Level

# Acts after which a form that somebody else has open is out of date.
CHANGES = (
    "claim", "assign", "release", "contacted", "close", "reopen", "override", "propose", "confirm", "decline",
)  # fmt: skip


class RefusedError(Exception):
    """What was asked for is not possible; the message says why, to the person who asked."""


class ConflictError(RefusedError):
    """Somebody else changed the check after this person had opened it."""


def name(user) -> str:
    """A colleague's name, as colleagues read it."""
    return user.get_full_name() or user.get_username()


def last_change(record: Assessment) -> str:
    """The newest change of a check in words: "Ana Example closed the check at 14:30"."""
    event = AuditEvent.objects.filter(record_id=record.pk, action__in=CHANGES).order_by("-number").first()
    if event is None:
        return "Somebody changed this check"
    user = get_user_model().objects.filter(pk=event.actor_id).first()
    who = name(user) if user else event.actor or "The site"
    text = event.words
    if event.action == "assign" and event.facts.get("user"):
        other = get_user_model().objects.filter(pk=event.facts["user"]).first()
        text = f"{text} {name(other) if other else 'somebody'}"
    return f"{who} {text} ({deadlines.moment(event.at, timezone.now())})"


def change(
    actor: User, record: Assessment, version: int, action: str, note: str = "", facts=None, made=None, **values
) -> Review:
    """Write these values, a note and the event. Raises ConflictError, RefusedError.

    made: the override that the act wrote before, if it did.
    """
    review = Review.objects.get(pk=record.pk)
    before = review.state
    with transaction.atomic():
        try:
            review.change(version, **values)
        except StaleError as stale:
            raise ConflictError(f"{last_change(record)}, after you had opened it.") from stale
        except ValueError as illegal:
            raise RefusedError(illegal_move(before, values["state"])) from illegal
        rows = [review, made] if made else [review]
        if note:
            rows.append(Note.objects.create(assessment=record, author=actor, text=note))
        if values.get("state", before) != before:
            facts = {"from": before, "to": values["state"], **(facts or {})}
        audit.log(actor, action, record, version=review.version, **(facts or {}), **row_digests.of(*rows))
    return review


def illegal_move(start: str, end: str) -> str:
    if start == State.CLOSED:
        return "This check is closed. Open it again first."
    if start == State.NEW:
        return "Take this check first."
    return f"A check does not go from “{State(start).label}” to “{State(end).label}”."


def mine(actor: User, review: Review) -> None:
    """Only the person who has a check decides on it. Raises RefusedError."""
    if review.state == State.CLOSED:
        raise RefusedError("This check is closed. Open it again first.")
    if review.assigned_to_id is None or review.state == State.NEW:
        raise RefusedError("Take this check first.")
    if review.assigned_to_id != actor.pk:
        raise RefusedError(f"{name(review.assigned_to)} has this check. Take it over first.")


def current(record: Assessment, version: int) -> Review:
    """The review as it is. Raises ConflictError when the person had another version on the screen.

    Before any rule is looked at: "Ben closed it at 14:30" says more than "it is closed". Between here and the writing,
    Review.change keeps watch.
    """
    review = Review.objects.select_related("assigned_to").get(pk=record.pk)
    if review.version != version:
        raise ConflictError(f"{last_change(record)}, after you had opened it.")
    return review


def claim(actor: User, record: Assessment, version: int) -> Review:
    """Take a check that waits: nobody's, or one that was given to me. Taking one over says so by `assign`."""
    review = current(record, version)
    if review.state == State.CLOSED:
        raise RefusedError(illegal_move(State.CLOSED, State.IN_REVIEW))
    if review.assigned_to_id not in (None, actor.pk):
        raise ConflictError(f"{last_change(record)}. {name(review.assigned_to)} has this check.")
    state = State.IN_REVIEW if review.state == State.NEW else review.state
    return change(actor, record, version, "claim", state=state, assigned_to=actor)


def assign(actor: User, record: Assessment, version: int, to) -> Review:
    """Give an open check to a colleague, or take it over. A new one stays new until they take it up."""
    review = current(record, version)
    if review.state == State.CLOSED:
        raise RefusedError(illegal_move(State.CLOSED, State.IN_REVIEW))
    state = State.IN_REVIEW if to.pk == actor.pk and review.state == State.NEW else review.state
    return change(actor, record, version, "assign", facts={"user": to.pk}, assigned_to=to, state=state)


def release(actor: User, record: Assessment, version: int) -> Review:
    """Put a check back into the queue, for anybody."""
    review = current(record, version)
    if review.state == State.CLOSED:
        raise RefusedError(illegal_move(State.CLOSED, State.NEW))
    state = State.NEW if review.state == State.IN_REVIEW else review.state
    return change(actor, record, version, "release", assigned_to=None, state=state)


def answered(review: Review) -> dict:
    """The first answer of staff stops the clock, once."""
    if review.reviewed_at:
        return {}
    now = timezone.now()
    return {"reviewed_at": now, "minutes": max(int((now - review.submitted_at).total_seconds() // 60), 0)}


def contacted(actor: User, record: Assessment, version: int, note: str) -> Review:
    """The patient was reached; the note says what was agreed."""
    review = current(record, version)
    mine(actor, review)
    if review.state == State.CONTACTED:
        raise RefusedError("This patient was contacted already. Add a note, or close the check.")
    return change(actor, record, version, "contacted", note, state=State.CONTACTED, **answered(review))


def close(actor: User, record: Assessment, version: int, reason: str, note: str = "") -> Review:
    """Out of the queue, with a reason. An emergency or urgent check, and "other", need a note."""
    review = current(record, version)
    mine(actor, review)
    if not note and needs_note(review, reason):
        raise RefusedError("Write in the note what you did.")
    if Override.objects.filter(assessment=record, decided_at__isnull=True).exists():
        raise RefusedError("A lower level is proposed and waits for a second person. Decide on that first.")
    return change(
        actor, record, version, "close", note, {"reason": reason},
        state=State.CLOSED, reason=reason, closed_at=timezone.now(), **answered(review),
    )  # fmt: skip


def needs_note(review: Review, reason: str) -> bool:
    """Whether closing for this reason must be explained: nobody has written yet what came of an urgent check."""
    if reason == Reason.OTHER:
        return True
    return review.level >= Level.URGENT and not Note.objects.filter(assessment=review.pk).exists()


def reopen(actor: User, record: Assessment, version: int) -> Review:
    """Back into the queue and to me, with the clock of its level starting now."""
    review = current(record, version)
    values = {"due_at": deadlines.due(review.level, timezone.now())}
    return change(
        actor, record, version, "reopen",
        state=State.IN_REVIEW, assigned_to=actor, reason="", closed_at=None, **values,
    )  # fmt: skip


def add_note(actor: User, record: Assessment, text: str) -> Note:
    """Notes are added whatever state a check is in, and never stand in each other's way."""
    with transaction.atomic():
        note = Note.objects.create(assessment=record, author=actor, text=text)
        audit.log(actor, "note", record, **row_digests.of(note))
    return note


def levels(review: Review, to: int) -> dict:
    """What a new level changes. Raised: its clock starts now, but nothing is due later than it was. Lowered: its clock
    counts from when the patient sent the check."""
    if to > review.level:
        due_at = min(review.due_at, deadlines.due(to, timezone.now()))
    else:
        due_at = deadlines.due(to, review.submitted_at)
    return {"level": to, "due_at": due_at}


def override(actor: User, record: Assessment, version: int, to: int, reason: str) -> Override:
    """Another level than the present one, with a reason. Lowering what is or was an emergency is only proposed."""
    review = current(record, version)
    mine(actor, review)
    if to == review.level:
        raise RefusedError("The check has this level already.")
    lowers = to < review.level and Level.EMERGENCY in (review.level, record.level)
    decision = {} if lowers else {"decided_by": actor, "decided_at": timezone.now(), "accepted": True}
    try:
        with transaction.atomic():
            made = Override.objects.create(
                assessment=record, from_level=review.level, to_level=to, reason=reason,
                needs_second=lowers, proposed_by=actor, **decision,
            )  # fmt: skip
            facts = {"from": Level(review.level).code, "to": Level(to).code, "proposal": made.pk}
            values = {} if lowers else levels(review, to)
            change(actor, record, version, "propose" if lowers else "override", facts=facts, made=made, **values)
    except IntegrityError as taken:
        raise ConflictError("A lower level is proposed already and waits for a second person.") from taken
    return made


def decide(actor: User, record: Assessment, version: int, accepted: bool) -> Override:
    """Agree to the lower level that a colleague proposed, or not. Proposers can take theirs back, not agree to it."""
    review = current(record, version)
    proposal = Override.objects.filter(assessment=record, decided_at__isnull=True).first()
    if proposal is None:
        raise ConflictError(f"{last_change(record)}. There is no open proposal.")
    if accepted and proposal.from_level != review.level:
        raise ConflictError(f"{last_change(record)}. The proposal was about another level: decline it.")
    facts = {"from": Level(proposal.from_level).code, "to": Level(proposal.to_level).code, "proposal": proposal.pk}
    with transaction.atomic():
        try:
            proposal.decide(actor, accepted)
        except ValueError as own:
            raise RefusedError("You proposed this lower level yourself. A second person must agree to it.") from own
        except StaleError as stale:
            raise ConflictError(f"{last_change(record)}, after you had opened it.") from stale
        values = levels(review, proposal.to_level) if accepted else {}
        change(actor, record, version, "confirm" if accepted else "decline", facts=facts, made=proposal, **values)
    return proposal


def next_in_queue(user, after: Assessment | None = None) -> int | None:
    """The first check that waits for this person or for anybody, and is not the one they come from."""
    waiting = Review.objects.waiting().filter(rank__gt=0).order_by("-rank", "due_at", "pk")
    # It is nearly always among the first; a database asked for "mine or nobody's" may look at all of a long queue.
    for pk, owner in waiting.values_list("pk", "assigned_to")[:200]:
        if owner in (None, user.pk) and not (after and pk == after.pk):
            return pk
    free = waiting.filter(Q(assigned_to=None) | Q(assigned_to=user)).exclude(pk=after.pk if after else 0)
    return free.values_list("pk", flat=True).first()
