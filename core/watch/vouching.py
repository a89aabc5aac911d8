"""What stands beside the checks is watched too: accounts, roles, articles, settings. A change past the site is found.

Each kind of thing is registered with a function that reads what matters of it, in parts ("password", "roles", ...).
Whenever the site itself changes a part, an event of the audit holds the new keyed digest of it; whoever changes it with
SQL, or a setting in the environment, cannot make such an event. `manage.py watch_audit` looks every few minutes, and an
event then says since when it is known. The change stays a finding of `manage.py verify_audit` until somebody accepts it
there (--accept): no later change through the site covers it up.

What is there when watch_audit first runs is adopted as it is; until then nothing is written for the kind.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models.signals import post_delete, post_save, pre_delete, pre_save

from .. import audit
from ..audit import Actor, AuditEvent

ACTIONS = {
    "adopted": "took as it was found:",
    "vouched": "changed through the site:",
    "noticed": "noticed a change past the site:",
    "accepted": "was told on the server to accept a change past the site:",
}
# Of one thing: {part: everything that matters of it, as something that json can write}.
State = dict[str, Any]
# Of one kind, for these keys or all: {key: (what people call it, its state)}.
Reader = Callable[[Collection[str] | None], dict[str, tuple[str, State]]]


@dataclass(frozen=True)
class Kind:
    """words: what a finding calls one, such as "The account"."""

    code: str
    words: str
    read: Reader


KINDS: dict[str, Kind] = {}


def register_kind(kind: Kind, parts: Collection[str]) -> None:
    """Watch this kind of thing from the next `watch_audit` on. parts: the names of all parts that `read` may give."""
    KINDS[kind.code] = kind
    audit.register_actions({}, ["kind", "key", "what", "found", *(f"{kind.code}.{part}" for part in parts)])


def serialize_part(kind: str, key: str, part: str, value: Any) -> str:
    return f"{kind}|{key}|{part}|{json.dumps(value, sort_keys=True, default=serialize_odd)}"


def serialize_odd(value: Any) -> Any:
    """What json cannot write by itself."""
    if isinstance(value, set | frozenset):
        return sorted(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return str(value)


# --- What the audit says ----------------------------------------------------------------------------------------------
@dataclass
class Vouched:
    """What the events say of one thing. right: {part: digest of what it should be}; seen: {part: the digest of what
    was noticed instead}; noticed: {part: (number, time) of that event}, "" for the whole of it.
    """

    right: dict[str, str] = field(default_factory=dict)
    seen: dict[str, str] = field(default_factory=dict)
    noticed: dict[str, tuple[int, datetime]] = field(default_factory=dict)

    def add_event(self, number: int, at: datetime, action: str, facts: dict[str, Any]) -> None:
        parts = {name.partition(".")[2]: digest for name, digest in facts.items() if "." in name}
        whole = [""] if facts.get("what") else []
        if action == "noticed":
            self.seen |= parts | dict.fromkeys(whole, facts.get("what", ""))
            self.noticed |= dict.fromkeys([*parts, *whole], (number, at))
            return
        if facts.get("what") == "gone":
            self.right.clear()
        self.right |= parts
        # What the site does later covers up nothing that was noticed.
        if action != "vouched":
            for part in [*self.noticed] if facts.get("what") else parts:
                self.seen.pop(part, None)
                self.noticed.pop(part, None)


def read_vouched(kind: str, keys: Collection[str] | None = None) -> dict[str, Vouched]:
    """What the events say of things of this kind: {key: ...}."""
    events = AuditEvent.objects.filter(action__in=ACTIONS, facts__kind=kind, facts__key__isnull=False)
    if keys is not None:
        events = events.filter(facts__key__in=keys)
    told: dict[str, Vouched] = defaultdict(Vouched)
    for number, at, action, facts in events.order_by("number").values_list("number", "at", "action", "facts"):
        told[facts["key"]].add_event(number, at, action, facts)
    return told


def is_adopted(kind: str) -> bool:
    """Whether this kind is watched by now."""
    return AuditEvent.objects.filter(action="adopted", facts__kind=kind, facts__key__isnull=True).exists()


# --- Changes through the site -----------------------------------------------------------------------------------------
ACTOR: ContextVar[Actor] = ContextVar("actor", default=None)


@contextmanager
def name_actor(actor: Actor) -> Iterator[None]:
    """Whoever acts in this block is named in its events; otherwise the site itself is."""
    token = ACTOR.set(actor)
    try:
        yield
    finally:
        ACTOR.reset(token)


# An event about no check: (None, its facts).
Told = tuple[None, dict[str, audit.Fact]]


@dataclass(frozen=True)
class Change:
    """Things as they were before a change. right: {key: parts that were then as the audit says}; unnoticed: the
    differences that no event told of.
    """

    kind: str
    before: dict[str, dict[str, str]]
    right: dict[str, set[str]]
    unnoticed: list["Difference"]


def begin_change(kind: str, *keys: object) -> Change | None:
    """Look at these things before they are changed; None while their kind is not watched. Then end_change()."""
    if kind not in KINDS or not is_adopted(kind):
        return None
    change = Change(kind, {}, {}, [])
    things, told = read_at_once(kind, [str(key) for key in keys])
    for key, (name, contents) in things.items():
        change.before[key] = contents
        change.right[key] = {part for part, content in contents.items() if is_right(told[key], part, content)}
        found = compare_thing(KINDS[kind], key, name, contents, told[key])
        change.unnoticed.extend(difference for difference in found if difference.is_new)
    return change


def end_change(change: Change | None, *new: object) -> None:
    """Vouch for what was changed since: of things there before (and of these new ones) only the parts that were as the
    audit says. In the transaction of the change.
    """
    if change is None:
        return
    keys = {*change.before, *(str(key) for key in new)}
    with transaction.atomic(savepoint=False):
        if any(describe_change(change, keys)):
            # Once more, now that nobody else tells anything: somebody who changed the same may have come between.
            audit.lock_head()
            unnoticed, told = describe_change(change, keys)
            if unnoticed:
                audit.record_events(None, "noticed", unnoticed)
            if told:
                audit.record_events(ACTOR.get(), "vouched", told)


def describe_change(change: Change, keys: Collection[str]) -> tuple[list[Told], list[Told]]:
    """The events that are due after a change of these things: of what was changed before it, past the site; of it."""
    things, vouched = read_at_once(change.kind, keys)
    after = {key: contents for key, (_, contents) in things.items()}
    told: list[Told] = []
    for key in sorted(keys):
        was, now, right = change.before.get(key), after.get(key), change.right.get(key, set())
        facts: dict[str, audit.Fact] = {"kind": change.kind, "key": key}
        if was is not None and now is None and right == set(was):
            told.append((None, {**facts, "what": "gone"}))
        elif now is not None:
            wrong = {part for part in now if not is_right(vouched[key], part, now[part])}
            if parts := wrong if was is None else wrong & right:
                told.append((None, {**facts, **sign_parts(change.kind, now, parts)}))
    changed = after != change.before
    return [(None, difference.facts) for difference in change.unnoticed if changed], told


@contextmanager
def changing(kind: str, *keys: object) -> Iterator[None]:
    """A block, as one transaction, in which the site changes these things."""
    with transaction.atomic():
        change = begin_change(kind, *keys)
        yield
        end_change(change)


def watch_saves(model: type[models.Model], kind: str, free: Collection[str] = ()) -> None:
    """From now on the site vouches for what save() and delete() make of this model's rows, whose key is their own.

    update() and SQL go past it. free: columns that say nothing of the thing, for save(update_fields=...).
    """

    def is_free(update_fields: Collection[str] | None) -> bool:
        return update_fields is not None and set(update_fields) <= set(free)

    def begin(instance: Any, update_fields: Collection[str] | None = None, **kwargs: Any) -> None:
        if is_free(update_fields):
            return
        keys = [] if instance.pk is None else [instance.pk]
        begun = getattr(instance, "_changes", [])
        instance._changes = [*begun, begin_change(kind, *keys)]

    def end(instance: Any, update_fields: Collection[str] | None = None, **kwargs: Any) -> None:
        if not is_free(update_fields):
            end_change(instance._changes.pop(), instance.pk)

    for signal, receiver in ((pre_save, begin), (pre_delete, begin), (post_save, end), (post_delete, end)):
        signal.connect(receiver, sender=model, weak=False, dispatch_uid=f"vouching.{kind}.{receiver.__name__}")


def read_at_once(kind: str, keys: Collection[str]) -> tuple[dict[str, tuple[str, dict[str, str]]], dict[str, Vouched]]:
    """What read_things() and read_vouched() give of one moment: nobody changed one of these between the two."""
    things = read_things(kind, keys)
    while True:
        told, again = read_vouched(kind, keys), read_things(kind, keys)
        if again == things:
            return things, told
        things = again


def read_things(kind: str, keys: Collection[str] | None = None) -> dict[str, tuple[str, dict[str, str]]]:
    """{key: (what people call it, {part: its content})} of those that are there."""
    return {
        key: (name, {part: serialize_part(kind, key, part, value) for part, value in state.items()})
        for key, (name, state) in KINDS[kind].read(keys).items()
    }


def sign_parts(kind: str, contents: dict[str, str], parts: Collection[str]) -> dict[str, str]:
    return {f"{kind}.{part}": audit.sign_content(contents[part]) for part in sorted(parts)}


def is_right(vouched: Vouched, part: str, content: str) -> bool:
    return audit.has_valid_signature(content, vouched.right.get(part, ""))


# --- Changes past the site --------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Difference:
    """A change past the site. what: changed, added, gone, or restored (it is as before again). part: "" for the whole.

    facts: what an event about it holds. noticed: number and time of the event that says since when it is known.
    """

    kind: Kind
    key: str
    name: str
    part: str
    what: str
    facts: dict[str, audit.Fact]
    noticed: tuple[int, datetime] | None

    @property
    def is_new(self) -> bool:
        return self.noticed is None

    def __str__(self) -> str:
        thing = f"{self.kind.words} {self.name}" if self.name else self.kind.words
        part = f", {self.part.replace('_', ' ')}" if self.part else ""
        done = {
            "changed": "Changed past the site",
            "restored": "Changed past the site, and as before again",
            "added": "Added past the site",
            "gone": "Removed past the site",
        }[self.what]
        since = "not noticed before"
        if self.noticed:
            number, at = self.noticed
            since = f"noticed on {at.astimezone(UTC):%Y-%m-%d at %H:%M} UTC, event {number}"
        return f"{done}: {thing}{part}. Nobody knows by whom; {since}."


def find_differences() -> Iterator[Difference]:
    """All changes past the site that nobody accepted, of every kind that is watched."""
    for kind in KINDS.values():
        with audit.open_snapshot():
            if not is_adopted(kind.code):
                continue
            things, told = read_things(kind.code), read_vouched(kind.code)
        for key, (name, contents) in sorted(things.items(), key=lambda item: (len(item[0]), item[0])):
            yield from compare_thing(kind, key, name, contents, told.pop(key, Vouched()))
        for key, vouched in told.items():
            facts: dict[str, audit.Fact] = {"kind": kind.code, "key": key, "what": "gone"}
            if vouched.right:
                known = vouched.noticed.get("") if vouched.seen.get("") == "gone" else None
                yield Difference(kind, key, key, "", "gone", facts, known)
            elif "" in vouched.noticed:
                yield Difference(kind, key, key, "", "restored", facts, vouched.noticed[""])


def compare_thing(kind: Kind, key: str, name: str, contents: dict[str, str], vouched: Vouched) -> Iterator[Difference]:
    facts: dict[str, audit.Fact] = {"kind": kind.code, "key": key}
    if not vouched.right:
        known = vouched.noticed.get("") if vouched.seen.get("") == "added" else None
        whole = {**facts, "what": "added", **sign_parts(kind.code, contents, contents)}
        yield Difference(kind, key, name, "", "added", whole, known)
        return
    if "" in vouched.noticed:
        back = {**facts, **sign_parts(kind.code, contents, contents.keys() & vouched.right.keys())}
        yield Difference(kind, key, name, "", "restored", {**back, "what": "back"}, vouched.noticed[""])
    for part, content in contents.items():
        # A part without a digest came with newer code: collect_unknown_parts().
        if part not in vouched.right:
            continue
        told = {**facts, **sign_parts(kind.code, contents, [part])}
        if is_right(vouched, part, content):
            if part in vouched.noticed:
                yield Difference(kind, key, name, part, "restored", told, vouched.noticed[part])
        else:
            same = audit.has_valid_signature(content, vouched.seen.get(part, ""))
            yield Difference(kind, key, name, part, "changed", told, vouched.noticed.get(part) if same else None)


def adopt_unknown() -> int:
    """Take what is not watched yet as it is: kinds of things, and parts that came with newer code. Return how many
    things."""
    number = 0
    for kind in KINDS.values():
        with transaction.atomic():
            known, told = is_adopted(kind.code), read_vouched(kind.code)
            events: list[Told] = []
            for key, (_, contents) in read_things(kind.code).items():
                right = told[key].right if key in told else {}
                parts = contents.keys() - right.keys()
                if parts and (right or not known):
                    events.append((None, {"kind": kind.code, "key": key, **sign_parts(kind.code, contents, parts)}))
            number += len(events)
            if not known:
                events.append((None, {"kind": kind.code, "found": len(events)}))
            if events:
                audit.record_events(None, "adopted", events)
    return number


def notice_changes() -> list[Difference]:
    """Adopt what is unknown, and write an event for each change past the site that has none yet; return those."""
    adopt_unknown()
    new = [difference for difference in find_differences() if difference.is_new]
    if new:
        audit.record_events(None, "noticed", [(None, difference.facts) for difference in new])
    return new


def accept_changes() -> list[Difference]:
    """From now on all of it is right as it is; return what was accepted."""
    found = list(find_differences())
    if found:
        audit.record_events(None, "accepted", [(None, difference.facts) for difference in found])
    return found


# --- Settings ---------------------------------------------------------------------------------------------------------
def read_settings(keys: Collection[str] | None) -> dict[str, tuple[str, State]]:
    """One thing, whose parts are the settings on which safety hangs: WATCHED_SETTINGS."""
    return {"site": ("", {name.lower(): getattr(settings, name) for name in settings.WATCHED_SETTINGS})}
