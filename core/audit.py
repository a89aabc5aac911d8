"""Who did what with which assessment, and when: added, never changed, and chained so that a later change is seen.

Each event holds the hash of the one before and a hash of itself with it, keyed with the setting AUDIT_KEYS: whoever
has only the database can change rows, and cannot make the chain whole again. The one row of AuditHead says how far the
chain goes, under a seal of the same key: without it, the newest events could be cut off unseen. Somebody who puts back
an older copy of it, seal and all, is found out only by what lies elsewhere (core/watch/witness.py). It asks two things
here, and need not know how they are answered: read_head() and find_digests().

Nothing of a patient's health, contact or search words ever goes into an event: facts are short codes from a list, and
keyed digests of the rows that were written with it. With those, rows are found that were changed, removed or added by
hand (assessment/clinic/reconcile.py).
"""

import hmac
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC
from hashlib import sha256
from typing import NamedTuple, Protocol

from django.conf import settings
from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.db import connection, models, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from .append_only import AppendOnly
from .keyed_hashes import list_secrets
from .triggers import make_refusal_trigger

Actor = AbstractUser | AnonymousUser | None
Fact = str | int | bool | None
# Which actions there are and how each reads after a name, and what a fact may be called: each application registers its
# own when it starts. Values of facts are whole numbers, yes or no, or short codes: never words that somebody typed.
ACTIONS: dict[str, str] = {}
FACTS: set[str] = set()
CODE = re.compile(r"[a-z0-9_.,:-]{0,120}")


class Subject(Protocol):
    """What an event can be about: an assessment."""

    @property
    def pk(self) -> int: ...

    @property
    def reference(self) -> str: ...


def register_actions(actions: dict[str, str], facts: Iterable[str]) -> None:
    """Let events tell of these actions ({code: words after a name}), with facts of these names beside them.

    Raises ValueError where an action of the same code reads differently.
    """
    if taken := [code for code, words in actions.items() if ACTIONS.get(code, words) != words]:
        raise ValueError(f"The audit knows these actions already: {', '.join(sorted(taken))}.")
    ACTIONS.update(actions)
    FACTS.update(facts)


class AuditEvent(AppendOnly):
    """One thing that one person did. actor: the user name at that time; empty for the site itself."""

    # Given under the lock of AuditHead, so without a gap: a missing number is a missing event.
    number = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField("when")
    actor = models.CharField("who", max_length=150, blank=True)
    # Not a foreign key: an event stays as it is when the account or the assessment goes.
    actor_id = models.BigIntegerField(null=True)
    action = models.CharField("what", max_length=20, help_text="One of ACTIONS.")
    record_id = models.BigIntegerField(null=True)
    reference = models.CharField("check", max_length=11, blank=True)
    facts = models.JSONField(default=dict)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        db_table = "assessment_auditevent"
        verbose_name = "audit event"
        ordering = ["-number"]
        default_permissions = ["view"]
        indexes = [
            models.Index(fields=["record_id", "-number"], name="assessment_audit_record"),
            models.Index(fields=["action", "-number"], name="assessment_audit_action"),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.actor or 'the site'} {self.action_in_words} {self.reference}".rstrip()

    @property
    def action_in_words(self) -> str:
        """The action as people read it after a name."""
        return ACTIONS.get(self.action, self.action)

    def content_to_sign(self) -> str:
        """Everything that the hash covers, in one way of writing."""
        when = self.at.astimezone(UTC).isoformat(timespec="microseconds")
        parts = [
            self.number, when, self.actor, self.actor_id, self.action, self.record_id, self.reference, self.facts,
            self.previous,
        ]  # fmt: skip
        return json.dumps(parts, sort_keys=True, separators=(",", ":"))


class AuditHead(models.Model):
    """How far the chain goes: the one row that every append locks."""

    number = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, blank=True)
    seal = models.CharField(max_length=64, blank=True)

    class Meta:
        db_table = "assessment_audithead"
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.number}:{self.hash}"

    def content_to_sign(self) -> str:
        return f"head|{self.number}|{self.hash}"

    def seal_and_save(self) -> None:
        """Seal and save. Call it with the row locked."""
        self.seal = sign_content(self.content_to_sign())
        self.save()


TRIGGERS = [
    make_refusal_trigger("audit_change", AuditEvent, "UPDATE", "An audit event is never changed."),
    # On PostgreSQL only: SQLite empties tables row by row (flush).
    make_refusal_trigger(
        "audit_delete", AuditEvent, "DELETE", "An audit event is never deleted.", vendors=("postgresql",)
    ),
]


def list_chain_keys() -> list[bytes]:
    """The keys of the chain, the newest first. Without AUDIT_KEYS they come from SECRET_KEY and its fallbacks."""
    if settings.AUDIT_KEYS:
        return [key.encode() for key in settings.AUDIT_KEYS]
    return [
        salted_hmac("assessment.audit", "key", secret=secret, algorithm="sha256").digest() for secret in list_secrets()
    ]


def sign_content(content: str, key: bytes | None = None) -> str:
    return hmac.new(key or list_chain_keys()[0], content.encode(), sha256).hexdigest()


def has_valid_signature(content: str, signature: str) -> bool:
    """Whether one of the keys made this signature."""
    return any(hmac.compare_digest(sign_content(content, key), signature) for key in list_chain_keys())


def validate_facts(facts: Mapping[str, Fact]) -> dict[str, Fact]:
    """These facts, if none of them could hold words about a person. Raises ValueError."""
    for name, value in facts.items():
        short = value is None or isinstance(value, int) or (isinstance(value, str) and CODE.fullmatch(value))
        if name not in FACTS or not short:
            raise ValueError(f"{name} is no fact for the audit")
    return dict(facts)


def record_event(actor: Actor, action: str, subject: Subject | None = None, **facts: Fact) -> AuditEvent:
    """Add an event, in the transaction of what it tells about.

    actor: who did it; None: the site itself, and whoever has no account. subject: an assessment, or None. Call it last
    in a transaction: until the end of that, every other append waits.
    """
    return record_events(actor, action, [(subject, facts)])[0]


def record_events(
    actor: Actor, action: str, told: Iterable[tuple[Subject | None, Mapping[str, Fact]]]
) -> list[AuditEvent]:
    """Add an event of the same kind for each (subject, facts), all at once."""
    user = actor if actor and actor.is_authenticated else None
    if action not in ACTIONS:
        raise ValueError(f"{action!r} is no action of the audit")
    events = [
        AuditEvent(
            actor=user.get_username() if user else "",
            actor_id=user.pk if user else None,
            action=action,
            record_id=subject.pk if subject else None,
            reference=subject.reference if subject else "",
            facts=validate_facts(facts),
        )
        for subject, facts in told
    ]
    append_events(events)
    return events


def append_events(events: Iterable[AuditEvent]) -> None:
    """Number, sign and store these events, in their order; those without a time get it now."""
    events = list(events)
    # No savepoint: an action whose event cannot be written is not done either.
    with transaction.atomic(savepoint=False):
        head = lock_head()
        for event in events:
            event.number, event.previous = head.number + 1, head.hash
            event.at = event.at or timezone.now()
            event.hash = sign_content(event.content_to_sign())
            head.number, head.hash = event.number, event.hash
        AuditEvent.objects.bulk_create(events)
        head.seal_and_save()


def lock_head() -> AuditHead:
    """The head, locked until the transaction ends (SQLite: a writer has the whole database to itself).

    Where somebody took it away or set it back, work goes on after the newest event, and the chain shows the break.
    """
    heads = AuditHead.objects.select_for_update().filter(pk=1)
    head = heads.first()
    if head is None:
        AuditHead.objects.bulk_create([AuditHead(pk=1)], ignore_conflicts=True)
        head = heads.get()
    newest = AuditEvent.objects.order_by("-number").values_list("number", flat=True).first() or 0
    if newest > head.number:
        head.number, head.hash = newest, "lost"
    return head


class BrokenChainError(Exception):
    """The chain is not whole; the message names the first event that is wrong."""


class Head(NamedTuple):
    """How many events the chain has, and the digest that stands for all of them."""

    number: int
    digest: str


def describe_missing(first: int, last: int) -> str:
    return f"Event {first} is" if first == last else f"Events from {first} on are"


def follow_chain(events: models.QuerySet[AuditEvent]) -> tuple[int, str]:
    """Walk these events from the beginning of the chain; return the last number and hash. Raises BrokenChainError."""
    number, previous = 0, ""
    for event in events.order_by("number").iterator(chunk_size=2000):
        if event.number != number + 1:
            missing = describe_missing(number + 1, event.number - 1)
            raise BrokenChainError(f"{missing} missing: the next one is {event.number}.")
        if event.previous != previous:
            raise BrokenChainError(f"Event {event.number} does not follow event {number}.")
        if not has_valid_signature(event.content_to_sign(), event.hash):
            raise BrokenChainError(f"Event {event.number} was changed.")
        number, previous = event.number, event.hash
    return number, previous


def verify_chain() -> Head:
    """Walk the whole chain; return its head. Raises BrokenChainError."""
    # The newest number first and the head after it: what is added meanwhile only moves the head.
    newest = AuditEvent.objects.order_by("-number").values_list("number", flat=True).first() or 0
    head = read_head()
    number, last = follow_chain(AuditEvent.objects.filter(number__lte=head.number))
    if number < head.number:
        raise BrokenChainError(f"{describe_missing(number + 1, head.number)} missing: the chain went to {head.number}.")
    if last != head.digest:
        raise BrokenChainError(f"Event {number} is not the one that the head of the chain names.")
    if newest > head.number:
        raise BrokenChainError(f"Event {head.number + 1} lies after the end of the chain.")
    return head


def read_head() -> Head:
    """The head as it is stored. Raises BrokenChainError where its seal is not right."""
    head = AuditHead.objects.filter(pk=1).first()
    if head is None:
        if AuditEvent.objects.exists():
            raise BrokenChainError("The head of the chain is missing.")
        return Head(0, "")
    if not has_valid_signature(head.content_to_sign(), head.seal):
        raise BrokenChainError("The head of the chain was changed.")
    return Head(head.number, head.hash)


def find_digests(numbers: Iterable[int]) -> dict[int, str]:
    """The digest that stood for the chain when it had so many events, for those of these numbers that it has."""
    wanted, found = sorted(set(numbers)), dict[int, str]()
    for start in range(0, len(wanted), 500):
        events = AuditEvent.objects.filter(number__in=wanted[start : start + 500])
        found.update(events.values_list("number", "hash"))
    return found


@contextmanager
def open_snapshot() -> Iterator[None]:
    """A transaction that sees what is stored at one moment: patients and staff go on meanwhile."""
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost and connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield
