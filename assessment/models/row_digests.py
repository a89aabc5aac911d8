"""Keyed digests of the rows that an audit event vouches for: whoever has only the database cannot make them anew."""

import json
from datetime import UTC, datetime
from typing import Any

from django.db import models

from core import audit

# Of each kind of row, the columns that may change without anybody's action. clinic/reconcile.py looks at those in other
# ways.
FREE = {
    "assessment": {"corrects_id"},
    "review": {"rank"},
    "contact": {"locked", "telephone_key", "email_key"},
    "mail": {"next_at", "tries"},
}


def digest_rows(*rows: models.Model) -> dict[str, str]:
    """The facts that bind these rows to an event, one of a kind: {"note": "12:9f..."}."""
    return {name_kind(row): f"{row.pk}:{audit.sign_content(serialize_row(row))}" for row in rows}


def is_unchanged(row: models.Model, fact: str) -> bool:
    """Whether the row is as it was when the event with this fact was written."""
    number, _, digest = fact.partition(":")
    return number == str(row.pk) and audit.has_valid_signature(serialize_row(row), digest)


def serialize_row(row: Any) -> str:
    """What the digest covers, in one way of writing.

    With the token of the check: once that is deleted, nobody can find out by trying what a row said. Empty columns are
    left out, so that a column added to the table later changes no digest.
    """
    kind = name_kind(row)
    columns = [field for field in row._meta.concrete_fields if field.column not in FREE.get(kind, ())]
    values = {field.column: serialize_value(field, row) for field in columns}
    if kind == "contact":
        # What is under the lock: a newer key locks it anew.
        values["details"] = row.details()
    if kind not in ("assessment", "tombstone", "mail"):
        values["token"] = row.assessment.token
    return f"{kind}|{json.dumps({name: value for name, value in values.items() if value is not None}, sort_keys=True)}"


def name_kind(row: models.Model | type[models.Model]) -> str:
    """What facts call rows like this one."""
    return row._meta.model_name or ""


def serialize_value(field: "models.Field[Any, Any]", row: models.Model) -> Any:
    value = field.get_prep_value(getattr(row, field.attname))
    return value.astimezone(UTC).isoformat(timespec="microseconds") if isinstance(value, datetime) else value
