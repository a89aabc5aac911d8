"""What the database itself refuses, by triggers, on SQLite and PostgreSQL.

They are taken away before every `migrate` and made anew after it: SQLite cannot rebuild a table that a trigger names.
Whoever owns the database can drop them; they hold against mistakes, in code and by hand. That somebody went around them
is for the audit's chain to show.
"""

from dataclasses import dataclass

from django.apps import apps
from django.db import connections

from .reviews import MOVES


@dataclass(frozen=True)
class Guard:
    """Refuse `when` (SQL over OLD and NEW) on `event` of a model's table, saying `message`.

    vendors: where it is made. A delete is refused on PostgreSQL only: SQLite empties tables row by row (flush).
    """

    name: str
    model: str
    event: str
    message: str
    when: str = ""
    vendors: tuple[str, ...] = ("sqlite", "postgresql")

    @property
    def table(self) -> str:
        return apps.get_model("assessment", self.model)._meta.db_table


def differs(*columns: str) -> str:
    """SQL: one of these columns is changed. {is_not} is each database's word for "differs, NULL counted"."""
    return "(" + " OR ".join(f"OLD.{column} {{is_not}} NEW.{column}" for column in columns) + ")"


# Everything of a check, but the link to one that is deleted.
FROZEN = [
    "token", "reference", "level", "variant", "protocol", "protocol_version", "protocol_digest", "language", "answers",
    "rules", "result", "started_at", "finished_at", "consent_text", "consent_version", "consent_at", "is_sample",
    "retain_until", "key_hash",
]  # fmt: skip
ALLOWED = " OR ".join(
    f"(OLD.state = '{start}' AND NEW.state = '{end}')" for start, ends in MOVES.items() for end in sorted(ends)
)
# Who may lower what: an accepted override stands behind every change of level, and two people behind an emergency's.
BACKED = """EXISTS (
  SELECT 1 FROM assessment_override o JOIN assessment_assessment a ON a.id = o.assessment_id
  WHERE o.assessment_id = NEW.assessment_id AND o.accepted AND o.from_level = OLD.level AND o.to_level = NEW.level
    AND (NEW.level > OLD.level OR (OLD.level < 3 AND a.level < 3) OR o.decided_by_id <> o.proposed_by_id))"""
# What an act of staff changes in a review. The times of samples are set as if they had been worked on long ago.
WORKED = ("level", "state", "assigned_to_id", "reason", "due_at")
TIMES = ("reviewed_at", "minutes", "closed_at")
SAMPLE = "EXISTS (SELECT 1 FROM assessment_assessment a WHERE a.id = NEW.assessment_id AND a.is_sample)"
GUARDS = [
    Guard("audit_change", "AuditEvent", "UPDATE", "An audit event is never changed."),
    Guard(
        "audit_delete", "AuditEvent", "DELETE", "An audit event is never deleted.",
        # audit.prune moves the beginning of the chain first.
        when="OLD.number >= (SELECT first FROM assessment_audithead WHERE id = 1)",
        vendors=("postgresql",),
    ),
    Guard("check_change", "Assessment", "UPDATE", "A saved check is never changed.", differs(*FROZEN)),
    Guard("tombstone_change", "Tombstone", "UPDATE", "A tombstone is never changed."),
    Guard("note_change", "Note", "UPDATE", "A note is never changed."),
    Guard(
        "override_change", "Override", "UPDATE", "An override is decided once and never changed.",
        "OLD.decided_at IS NOT NULL OR "
        + differs("assessment_id", "from_level", "to_level", "reason", "needs_second", "proposed_by_id", "proposed_at"),
    ),
    Guard(
        "review_move", "Review", "UPDATE", "A check does not go that way.",
        f"OLD.state <> NEW.state AND NOT ({ALLOWED})",
    ),
    Guard(
        "review_level", "Review", "UPDATE", "A level is changed only by an accepted override.",
        f"OLD.level <> NEW.level AND NOT {BACKED}",
    ),
    Guard(
        "review_version", "Review", "UPDATE", "A change of a review counts its version up.",
        # One that counted up without its event is found by evidence.py.
        f"NEW.version <> OLD.version + 1 AND ({differs(*WORKED, 'version')} OR {differs(*TIMES)} AND NOT {SAMPLE})",
    ),
    Guard(
        "review_frozen", "Review", "UPDATE", "What a review took from its check is never changed.",
        differs("assessment_id", "submitted_at", "sport", "answers_digest"),
    ),
    # The details may be locked with a newer key and indexed anew; whose they are and what was agreed to stays.
    Guard(
        "contact_change", "Contact", "UPDATE", "What a patient agreed to is never changed.",
        differs("assessment_id", "consent_text", "consent_version", "consent_at"),
    ),
    Guard("hold_change", "Hold", "UPDATE", "A hold is never changed."),
    Guard("disposal_change", "Disposal", "UPDATE", "A proposal to delete is never changed."),
]  # fmt: skip


def sqlite(guard: Guard) -> list[str]:
    name = f"guard_{guard.name}"
    when = f"WHEN {guard.when.format(is_not='IS NOT')}" if guard.when else ""
    return [
        f"DROP TRIGGER IF EXISTS {name}",
        f"CREATE TRIGGER {name} BEFORE {guard.event} ON {guard.table} FOR EACH ROW {when} "
        f"BEGIN SELECT RAISE(ABORT, '{guard.message}'); END",
    ]


def postgresql(guard: Guard) -> list[str]:
    name = f"guard_{guard.name}"
    condition = guard.when.format(is_not="IS DISTINCT FROM") or "true"
    row = "OLD" if guard.event == "DELETE" else "NEW"
    return [
        # A function of its own for each, since a trigger's WHEN clause may not look into other tables.
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF {condition} THEN RAISE EXCEPTION '{guard.message}' USING ERRCODE = 'integrity_constraint_violation'; "
        f"END IF; RETURN {row}; END $$",
        f"DROP TRIGGER IF EXISTS {name} ON {guard.table}",
        f"CREATE TRIGGER {name} BEFORE {guard.event} ON {guard.table} FOR EACH ROW EXECUTE FUNCTION {name}()",
    ]


def each(using):
    """(cursor, guard) for every guard whose table is there and that this database has."""
    connection = connections[using]
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        for guard in GUARDS:
            if guard.table in tables and connection.vendor in guard.vendors:
                yield cursor, guard


def install(using="default", **kwargs) -> None:
    """Make the guards. Receiver of post_migrate."""
    make = {"sqlite": sqlite, "postgresql": postgresql}.get(connections[using].vendor)
    for cursor, guard in each(using) if make else ():
        for statement in make(guard):
            cursor.execute(statement)


def remove(using="default", **kwargs) -> None:
    """Take the guards away. Receiver of pre_migrate."""
    on = " ON {}" if connections[using].vendor == "postgresql" else ""
    for cursor, guard in each(using):
        cursor.execute(f"DROP TRIGGER IF EXISTS guard_{guard.name}{on.format(guard.table)}")


def missing(using="default") -> list[str]:
    """The names of the guards that the database does not have."""
    connection = connections[using]
    query = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(query)
        found = {name for (name,) in cursor.fetchall()}
    wanted = [f"guard_{guard.name}" for guard in GUARDS if connection.vendor in guard.vendors]
    return [name for name in wanted if name not in found]
