"""Who changes the articles: the words of a stored version are refused, every other change begins a new generation.

Models refuse the words too, with plainer words of their own; the database holds for what passes them by: a bulk write,
SQL typed by hand, another program. Deletion is left to the models (and to the foreign keys that protect a version): a
trigger would stop `flush` too. What a generation is: content/page_cache/generation.py.
"""

import re
from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from core.triggers import Trigger, build_change_condition, make_refusal_trigger

from ..models import WORDS, Version
from . import stamps

# Tables of the articles that no public page shows. Whoever adds a table need not think of this list: it then counts.
NOT_SHOWN = {"autosave", "bucket", "edition", "feedback", "presence", "reminder", "search", "sharelink"}
WRITE = re.compile(r'(?:INSERT (?:OR \w+ )?INTO|UPDATE|DELETE FROM) "?content_(\w+)')


def watch_connection(connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    """See every write that goes through Django on this connection: save(), update(), bulk_create() and SQL alike."""
    if stamp_public_write not in connection.execute_wrappers:
        connection.execute_wrappers.append(stamp_public_write)


def stamp_public_write(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
    result = execute(sql, params, many, context)
    if isinstance(sql, str) and (found := WRITE.match(sql)) and found[1] not in NOT_SHOWN:
        transaction.on_commit(stamps.generation_stamp.set, using=context["connection"].alias, robust=True)
    return result


# --- In the database -------------------------------------------------------------------------------------------------
def list_public_tables() -> set[str]:
    models = apps.get_app_config("content").get_models(include_auto_created=True)
    return {model._meta.db_table for model in models} - {f"content_{name}" for name in NOT_SHOWN}


NEXT = (
    "INSERT INTO content_edition (id, number) VALUES (1, 1) "
    "ON CONFLICT (id) DO UPDATE SET number = content_edition.number + 1"
)
TWO_SIGNATURES = "Whoever signs the clinical review of words does not approve them."
ONE_HAND = "NEW.approved_by_id = NEW.clinical_reviewer_id"
TRIGGERS = [
    make_refusal_trigger(
        "version_words",
        Version,
        "UPDATE",
        "A stored version keeps its words.",
        build_change_condition(
            *(field.column for field in Version._meta.concrete_fields if field.name in WORDS and field.column)
        ),
    ),
    # Not a constraint of the table: words from before this rule stay as they are.
    make_refusal_trigger("version_signatures_new", Version, "INSERT", TWO_SIGNATURES, ONE_HAND),
    make_refusal_trigger(
        "version_signatures",
        Version,
        "UPDATE",
        TWO_SIGNATURES,
        f"{ONE_HAND} AND {build_change_condition('approved_by_id', 'clinical_reviewer_id')}",
    ),
    *(
        Trigger(
            f"{table}_edition_{event}",
            table,
            f"AFTER {event}",
            {"sqlite": NEXT, "postgresql": NEXT},
            needs=("content_edition",),
        )
        for table in sorted(list_public_tables())
        for event in ("insert", "update", "delete")
    ),
]


def start_generation_after_migrate(using: str = "default", **kwargs: Any) -> None:
    """Receiver of post_migrate: a migration may have changed words."""
    connection = connections[using]
    with connection.cursor() as cursor:
        if "content_edition" in connection.introspection.table_names(cursor):
            cursor.execute(NEXT)
