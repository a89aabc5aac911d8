"""A fresh database has the shape that version 0.1.0 gave it, however many migrations it takes to get there."""

import json
import re

import pytest
from django.db import connection

from . import schema
from .conftest import DUMPS

# Models that have moved or changed their name since 0.1.0, as "app.model": their tables, rows and rights stayed.
MOVED = {
    "assessment.auditevent": "core.auditevent",
    "assessment.audithead": "core.audithead",
    "content.bucket": "core.bucket",
    "assessment.draft": "assessment.pausedcheck",
    "content.edition": "content.cachegeneration",
}

# Tables that have come since 0.1.0, as "app.model".
ADDED = {"assessment.raise", "content.clinicdetails", "content.teammember", "staff.givenpassword"}
OF_ADDED = r"assessment[._]raise|guard_raise|content[._](clinicdetails|teammember)|staff[._]givenpassword"
# Models without a table of their own that have come: all they bring is a content type.
PROXIES = {"staff.paper", "staff.phone"}
# Rights that went from one role to another.
HANDED_ON = ("Editors", "Approvers", {
    "content.source.change_source", "content.sport.add_sport", "content.sport.change_sport", "content.topic.add_topic",
    "content.topic.change_topic",
})  # fmt: skip
OWNED = ("indexes", "triggers", "functions")
# Triggers that have come to tables of 0.1.0, each with its function where there are such.
ADDED_TRIGGERS = ("guard_review_unread", "guard_version_signatures", "guard_version_signatures_new")


def without_added(shape, labels):
    """The shape without these tables and what is theirs: indexes, triggers and their functions, content types, rights.

    Raises ValueError for an entry that is about nothing there.
    """
    for label in labels:
        table, name = label.replace(".", "_"), label.partition(".")[2]
        if table not in shape["tables"]:
            raise ValueError(f"{table} is not among the tables, so it cannot have come.")
        theirs = re.compile(rf"\b{table}(\b|_edition_)|\bguard_{name}_")
        shape = {
            **shape,
            "tables": {key: value for key, value in shape["tables"].items() if key != table},
            **{kind: [item for item in shape[kind] if not theirs.search(item)] for kind in OWNED},
            "content_types": [item for item in shape["content_types"] if item != label],
            "permissions": [item for item in shape["permissions"] if not item.startswith(f"{label}.")],
            "groups": {
                group: [right for right in rights if not right.startswith(f"{label}.")]
                for group, rights in shape["groups"].items()
            },
        }
    return shape


def without_triggers(shape, names):
    """The shape without these triggers and their functions. Raises ValueError for one that is not there."""
    for name in names:
        theirs = re.compile(rf"\b{name}\b")
        if not any(theirs.search(item) for item in shape["triggers"]):
            raise ValueError(f"{name} is not among the triggers, so it cannot have come.")
        shape = {
            **shape,
            **{kind: [item for item in shape[kind] if not theirs.search(item)] for kind in ("triggers", "functions")},
        }
    return shape


def moved(shape, table):
    """The shape with the content types, permissions and rights of what moved under the new label.

    Raises ValueError for an entry of the table that is about nothing there.
    """
    for before, now in table.items():
        if before not in shape["content_types"]:
            raise ValueError(f"{before} is not among the content types, so it cannot have moved.")
        shape = {
            **shape,
            "content_types": sorted(now if label == before else label for label in shape["content_types"]),
            "permissions": sorted(renamed(label, before, now) for label in shape["permissions"]),
            "groups": {
                group: sorted(renamed(label, before, now) for label in labels)
                for group, labels in shape["groups"].items()
            },
        }
    return shape


def handed_on(shape, giver, taker, rights):
    """The shape with these rights in the hands of the taker. Raises ValueError for one that the giver never had."""
    had = set(shape["groups"][giver])
    if not rights <= had:
        raise ValueError(f"{giver} never had {', '.join(sorted(rights - had))}.")
    groups = {giver: sorted(had - rights), taker: sorted({*shape["groups"][taker], *rights})}
    return {**shape, "groups": {**shape["groups"], **groups}}


def renamed(permission, before, now):
    """app.model.codename, with or without ": what people read", where it is one of this model."""
    if not permission.startswith(f"{before}."):
        return permission
    code, colon, words = permission.removeprefix(f"{before}.").partition(":")
    old, new = (label.partition(".")[2] for label in (before, now))
    if code.endswith(f"_{old}"):
        code = code.removesuffix(old) + new
    return f"{now}.{code}{colon}{words}"


@pytest.fixture
def before():
    return json.loads((DUMPS / f"0.1.0-schema-{connection.vendor}.json").read_text(encoding="utf-8"))


def test_a_fresh_database_has_the_shape_that_0_1_0_gave_it(before, migrated, shape_of):
    now = without_triggers(without_added(shape_of(migrated.fresh), ADDED), ADDED_TRIGGERS)
    kinds = [label for label in now["content_types"] if label not in PROXIES]
    assert len(now["content_types"]) - len(kinds) == len(PROXIES)
    was = handed_on(moved(before, MOVED), *HANDED_ON)
    assert schema.differences(was, {**now, "content_types": kinds}) == []


def test_the_shape_of_0_1_0_holds_what_the_site_rests_on(before):
    """So that an empty reading is never taken for an equal one."""
    assert {"assessment_assessment", "assessment_auditevent", "content_version", "content_search"} <= set(
        before["tables"]
    )
    assert len(before["triggers"]) >= 40
    assert len(before["indexes"]) >= 70
    assert "guard_audit_change" in " ".join(before["triggers"])
    assert len(before["content_types"]) == 39
    assert set(before["groups"]) == {
        "Approvers", "Auditors", "Clinic staff", "Clinical reviewers", "Editors", "Leads",
    }  # fmt: skip


def test_what_moved_takes_its_rights_along(before):
    shape = moved(before, {"assessment.auditevent": "core.auditevent", "assessment.draft": "assessment.pausedcheck"})
    assert shape["groups"]["Auditors"] == ["core.auditevent.view_auditevent"]
    assert "core.auditevent.view_auditevent: Can view audit event" in shape["permissions"]
    assert "assessment.pausedcheck" in shape["content_types"]
    assert not {"assessment.auditevent", "assessment.draft"} & set(shape["content_types"])


def test_a_move_of_what_was_never_there_is_an_error(before):
    with pytest.raises(ValueError, match=r"assessment\.nothing is not among"):
        moved(before, {"assessment.nothing": "core.nothing"})


def test_what_has_come_is_left_out_with_all_that_is_its_own_and_nothing_else(migrated, shape_of):
    shape = shape_of(migrated.fresh)
    gone = schema.differences(shape, without_added(shape, ADDED))
    assert all(re.search(OF_ADDED, line) for line in gone)
    assert {line.removeprefix("- ").partition(" ")[0] for line in gone} >= {"tables", "indexes", "triggers"}


def test_a_table_that_never_came_is_an_error(before):
    with pytest.raises(ValueError, match="assessment_raise is not among"):
        without_added(before, {"assessment.raise"})


def test_a_trigger_that_never_came_is_an_error(before):
    with pytest.raises(ValueError, match="guard_nothing is not among"):
        without_triggers(before, ["guard_nothing"])


CHANGES = {
    "a column": 'ALTER TABLE "content_sport" ADD COLUMN "more" varchar(9) NULL',
    "an index": 'CREATE INDEX "more" ON "content_sport" ("name", "load")',
    "the rows of an index": 'DROP INDEX "content_feedback_page"; CREATE INDEX "content_feedback_page" ON '
    '"content_feedback" ("path", "clear") WHERE "clear"',
    "a right": "DELETE FROM auth_group_permissions WHERE group_id IN (SELECT id FROM auth_group WHERE name = 'Leads')",
    "a table": 'CREATE TABLE "much_more" ("id" integer PRIMARY KEY)',
}
ONLY = {
    "sqlite": {"a trigger": "DROP TRIGGER guard_note_change"},
    "postgresql": {
        "a trigger": "DROP TRIGGER guard_note_change ON assessment_note",
        "a function": "CREATE OR REPLACE FUNCTION guard_note_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RETURN NEW; END $$",
        "a check": 'ALTER TABLE "content_version" DROP CONSTRAINT "content_version_second_person"',
        "a unique column": 'ALTER TABLE "assessment_draft" DROP CONSTRAINT "assessment_draft_token_key"',
        "a default": 'ALTER TABLE "content_sport" ALTER COLUMN "name" SET DEFAULT \'x\'',
    },
}


def test_a_difference_of_any_kind_is_seen(site):
    was = schema.read(connection)
    for what, sql in {**CHANGES, **ONLY[connection.vendor]}.items():
        with connection.cursor() as cursor:
            for statement in sql.split("; ") if "$$" not in sql else [sql]:
                cursor.execute(statement)
        now = schema.read(connection)
        assert schema.differences(was, now), what
        was = now


def test_sqlite_tells_checks_generated_columns_and_keys_from_each_other():
    """Its catalogue holds them only in the words of CREATE TABLE."""
    sql = """CREATE TABLE "t" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "a" text NOT NULL CHECK ((a <> ',(')),
        "b" integer GENERATED ALWAYS AS (CASE WHEN "a" = 'x' THEN NULL ELSE (1 + 1) END) STORED, "c" bigint NULL
        REFERENCES "t" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "one" CHECK (("c" > 0 OR "b" = 2)),
        CONSTRAINT "two" UNIQUE ("a", "c"))"""
    parts = schema.pieces(sql[sql.index("(") + 1 : -1])
    assert [part.split()[0] for part in parts] == ['"id"', '"a"', '"b"', '"c"', "CONSTRAINT", "CONSTRAINT"]
    assert schema.bracketed(parts[1], "CHECK") == "((a <> ',('))"
