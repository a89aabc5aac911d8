"""What the database itself refuses, by triggers, on SQLite and PostgreSQL.

They are made anew after every `migrate`, since SQLite drops a table's triggers when a migration rebuilds the table.
Whoever owns the database can drop them; they hold against mistakes, in code and by hand. That somebody went around them
is for the audit's chain to show.
"""

from dataclasses import dataclass

from django.apps import apps
from django.db import connections


@dataclass(frozen=True)
class Guard:
    """Refuse `when` (SQL over OLD and NEW) on `event` of a model's table, saying `message`.

    vendors: where it is made. A delete is refused on PostgreSQL only: SQLite empties tables row by row (manage.py flush).
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


GUARDS = [
    Guard("audit_change", "AuditEvent", "UPDATE", "An audit event is never changed."),
    Guard(
        "audit_delete", "AuditEvent", "DELETE", "An audit event is never deleted.",
        # audit.prune moves the beginning of the chain first.
        when="OLD.number >= (SELECT first FROM assessment_audithead WHERE id = 1)",
        vendors=("postgresql",),
    ),
]  # fmt: skip


def sqlite(guard: Guard) -> list[str]:
    name = f"guard_{guard.name}"
    when = f"WHEN {guard.when}" if guard.when else ""
    return [
        f"DROP TRIGGER IF EXISTS {name}",
        f"CREATE TRIGGER {name} BEFORE {guard.event} ON {guard.table} FOR EACH ROW {when} "
        f"BEGIN SELECT RAISE(ABORT, '{guard.message}'); END",
    ]


def postgresql(guard: Guard) -> list[str]:
    name = f"guard_{guard.name}"
    condition = guard.when or "true"
    row = "OLD" if guard.event == "DELETE" else "NEW"
    return [
        # A function of its own for each, since a trigger's WHEN clause may not look into other tables.
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF {condition} THEN RAISE EXCEPTION '{guard.message}' USING ERRCODE = 'integrity_constraint_violation'; "
        f"END IF; RETURN {row}; END $$",
        f"DROP TRIGGER IF EXISTS {name} ON {guard.table}",
        f"CREATE TRIGGER {name} BEFORE {guard.event} ON {guard.table} FOR EACH ROW EXECUTE FUNCTION {name}()",
    ]


def install(using="default", **kwargs) -> None:
    """Make every guard whose table is there. Receiver of post_migrate."""
    connection = connections[using]
    make = {"sqlite": sqlite, "postgresql": postgresql}.get(connection.vendor)
    if make is None:
        return
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        for guard in GUARDS:
            if guard.table in tables and connection.vendor in guard.vendors:
                for statement in make(guard):
                    cursor.execute(statement)


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
