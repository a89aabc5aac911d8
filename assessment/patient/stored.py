"""Reading what another version of this site may have stored: in a session, or beside a code on paper.

While a release is rolled out two versions answer in turn, and after a rollback the older one finds what the newer one
left. So a field that is unknown here is left out, a missing one gets its default, and a value of a wrong kind counts as
missing. Only what lacks a field without a default, or one that is NEEDED, cannot be read.
"""

from collections.abc import Callable, Hashable, Mapping
from contextlib import suppress
from dataclasses import MISSING, Field, fields
from datetime import date, datetime
from functools import cache
from types import UnionType
from typing import Annotated, Any, TypeVar, cast, get_args, get_origin, get_type_hints, is_typeddict

Row = TypeVar("Row")
# metadata of a field whose default is for a new row only.
NEEDED = {"needed": True}


class MisfitError(ValueError):
    """A value is not of the kind that its field has here."""


def read_stored(cls: type[Row], data: object) -> Row | None:
    """This data as a dataclass; None where it is no such thing. See the top of this module.

    Annotated[kind, test] fits where the kind does and the test says yes. Of a dict of many, entries that do not fit
    count as missing; a list fits as a whole. A TypedDict is read like the dataclass, and stays a dict.
    """
    try:
        return cls(**read_fields(*list_fields(cast(Hashable, cls)), data))
    except MisfitError:
        return None


@cache
def list_fields(cls: Any) -> tuple[Mapping[str, Any], frozenset[str]]:
    """The kinds of its fields by name, and the names of those that must be there."""
    kinds = get_type_hints(cls, include_extras=True)
    if is_typeddict(cls):
        return kinds, cls.__required_keys__
    return kinds, frozenset(field.name for field in fields(cls) if is_needed(field))


def is_needed(field: Field[Any]) -> bool:
    return bool(field.metadata) or (field.default is MISSING and field.default_factory is MISSING)


def read_fields(kinds: Mapping[str, Any], needed: frozenset[str], data: object) -> dict[str, Any]:
    if not isinstance(data, dict):
        raise MisfitError
    found = {}
    for name, kind in kinds.items():
        with suppress(KeyError, MisfitError):
            found[name] = read_value(kind, data[name])
    if needed - found.keys():
        raise MisfitError
    return found


def read_value(kind: Any, value: object) -> Any:
    """The value as this kind, or MisfitError."""
    origin, parts = get_origin(kind), get_args(kind)
    if origin is Annotated:
        value = read_value(parts[0], value)
        if not all(test(value) for test in parts[1:]):
            raise MisfitError
        return value
    if origin is UnionType:
        for part in parts:
            with suppress(MisfitError):
                return read_value(part, value)
        raise MisfitError
    if is_typeddict(kind):
        return read_fields(*list_fields(kind), value)
    if type(value) is not (origin or kind):  # isinstance would let True pass for a number
        raise MisfitError
    return read_content(parts, value)


def read_content(parts: tuple[Any, ...], value: Any) -> Any:
    """What is in a list or dict with kinds of these parts, and whether a database takes a text."""
    if isinstance(value, list):
        return [read_value(parts[0], item) for item in value]
    if isinstance(value, dict):
        found = {}
        for key, item in value.items():
            with suppress(MisfitError):
                found[read_value(parts[0], key)] = read_value(parts[1], item)
        return found
    if isinstance(value, str) and not is_text(value):
        raise MisfitError
    return value


def is_text(value: str) -> bool:
    """PostgreSQL takes no NUL, and half a pair of surrogates is no text to anybody."""
    return "\0" not in value and not any("\ud800" <= sign <= "\udfff" for sign in value)


def is_token(value: str) -> bool:
    """Whether it may be the token of a check: 64 letters and digits."""
    return len(value) == 64 and value.isascii() and value.isalnum()


def is_time(value: str) -> bool:
    """Whether it is a time in ISO 8601 with its zone."""
    try:
        return datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False


def is_day(value: str) -> bool:
    try:
        return bool(date.fromisoformat(value))
    except ValueError:
        return False


def is_at_most(length: int) -> Callable[[str], bool]:
    """A test: no longer than its column."""
    return lambda value: len(value) <= length


Token = Annotated[str, is_token]
IsoTime = Annotated[str, is_time]
IsoDay = Annotated[str, is_day]
