"""What the database itself does when rows change, by triggers, on SQLite and PostgreSQL.

They are taken away before every `migrate` and made anew after it: SQLite cannot rebuild a table that a trigger names.
Whoever owns the database can drop them; they hold against mistakes, in code and by hand.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.apps import AppConfig
from django.db import connections
from django.db.models import Model
from django.db.models.signals import post_migrate, pre_migrate


@dataclass(frozen=True)
class Trigger:
    """Do something for each row of a table at a moment, such as "BEFORE UPDATE".

    do: {vendor: SQL}; a database that is not named has no such trigger. when: SQL over OLD and NEW, with {is_not} for
    each database's word for "differs, NULL counted". needs: tables besides its own, without which it is not made.
    """

    name: str
    table: str
    moment: str
    do: dict[str, str]
    when: str = ""
    needs: tuple[str, ...] = ()


def make_refusal_trigger(
    name: str,
    model: type[Model],
    event: str,
    message: str,
    when: str = "",
    vendors: Sequence[str] = ("sqlite", "postgresql"),
) -> Trigger:
    """Refuse `when` on `event` of a model's table, saying `message`."""
    do = {
        "sqlite": f"SELECT RAISE(ABORT, '{message}')",
        "postgresql": f"RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation'",
    }
    does = {vendor: do[vendor] for vendor in vendors}
    return Trigger(f"guard_{name}", model._meta.db_table, f"BEFORE {event}", does, when)


def build_change_condition(*columns: str) -> str:
    """SQL for `when`: one of these columns is changed."""
    return "(" + " OR ".join(f"OLD.{column} {{is_not}} NEW.{column}" for column in columns) + ")"


def build_sqlite_statements(trigger: Trigger) -> list[str]:
    when = f"WHEN {trigger.when.format(is_not='IS NOT')}" if trigger.when else ""
    return [
        f"CREATE TRIGGER {trigger.name} {trigger.moment} ON {trigger.table} FOR EACH ROW {when} "
        f"BEGIN {trigger.do['sqlite']}; END"
    ]


def build_postgresql_statements(trigger: Trigger) -> list[str]:
    condition = trigger.when.format(is_not="IS DISTINCT FROM") or "true"
    row = "OLD" if trigger.moment == "BEFORE DELETE" else "NEW"
    return [
        # A function of its own for each, since a trigger's WHEN clause may not look into other tables.
        f"CREATE OR REPLACE FUNCTION {trigger.name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF {condition} THEN {trigger.do['postgresql']}; END IF; RETURN {row}; END $$",
        f"CREATE TRIGGER {trigger.name} {trigger.moment} ON {trigger.table} "
        f"FOR EACH ROW EXECUTE FUNCTION {trigger.name}()",
    ]


# Every trigger that a database of this site has.
REGISTERED: list[Trigger] = []
MAKE = {"sqlite": build_sqlite_statements, "postgresql": build_postgresql_statements}


def remove_triggers(triggers: Iterable[Trigger], using: str = "default") -> None:
    replace_triggers(triggers, using, lambda trigger: [])


def install_triggers(triggers: Iterable[Trigger], using: str = "default") -> None:
    """Make them, in place of those of the same names."""
    replace_triggers(triggers, using, MAKE[connections[using].vendor])


def replace_triggers(triggers: Iterable[Trigger], using: str, make: Callable[[Trigger], list[str]]) -> None:
    connection = connections[using]
    on = " ON {}" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        there = set(connection.introspection.table_names(cursor))
        for trigger in triggers:
            if trigger.table in there and connection.vendor in trigger.do:
                cursor.execute(f"DROP TRIGGER IF EXISTS {trigger.name}{on.format(trigger.table)}")
                for statement in make(trigger) if there.issuperset(trigger.needs) else ():
                    cursor.execute(statement)


def find_missing_triggers(triggers: Iterable[Trigger], using: str = "default") -> list[str]:
    """The names of those that the database does not have."""
    connection = connections[using]
    query = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(query)
        found = {name for (name,) in cursor.fetchall()}
    return [trigger.name for trigger in triggers if connection.vendor in trigger.do and trigger.name not in found]


def reinstall_after_migrate(app_config: AppConfig, triggers: Sequence[Trigger]) -> None:
    """From now on: take them away before every `migrate` of this application, and make them anew after it."""
    REGISTERED.extend(triggers)
    pre_migrate.connect(lambda using, **_: remove_triggers(triggers, using), sender=app_config, weak=False)
    post_migrate.connect(lambda using, **_: install_triggers(triggers, using), sender=app_config, weak=False)
