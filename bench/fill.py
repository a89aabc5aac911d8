"""python -m bench.fill ROWS [OPEN]: an empty database filled with that many assessments, most of them closed.

By statements that make many rows each: a million in minutes. OPEN of them, the newest, are not closed (200). The
words of each come from a few dozen real walks, so a row is as long as a real one.
"""

import random
import sys
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from django.contrib.auth.models import User

    from assessment.models import Assessment

BATCH = 50_000
YEAR = 365 * 24 * 3600
SAMPLE_DETAILS = {"name": "Sample", "telephone": "555 0100 000", "email": ""}


def write_reference_sql(number: str) -> str:
    """SQL: the reference with this number, ten digits to the base of 20."""
    from assessment.privacy.deletion_key import ALPHABET

    signs = [f"substr('{ALPHABET}', CAST(({number} / {20**place}) % 20 AS integer) + 1, 1)" for place in range(10)]
    return " || ".join([*signs[:5], "'-'", *signs[5:]])


def write_reference(number: int) -> str:
    """The same in Python."""
    from assessment.privacy.deletion_key import ALPHABET

    signs = [ALPHABET[number // 20**place % 20] for place in range(10)]
    return f"{''.join(signs[:5])}-{''.join(signs[5:])}"


def choose_interval(waiting: int) -> float:
    """Seconds between two checks that wait: they came within a day or, where they are many, a year."""
    return min(430.0, YEAR / waiting)


def write_series_sql(vendor: str) -> str:
    """SQL: a table n with the numbers from %s to %s in its column i."""
    if vendor == "sqlite":
        return "WITH RECURSIVE n(i) AS (SELECT %s UNION ALL SELECT i + 1 FROM n WHERE i < %s)"
    return "WITH n(i) AS (SELECT generate_series(%s::bigint, %s::bigint))"


def fill_database(rows: int, waiting: int = 200) -> None:
    from django.db import connection
    from django.utils import timezone

    from assessment.models import Assessment

    if Assessment.objects.exists():
        sys.exit("This database has assessments in it. The bench fills an empty one only.")
    staff = make_staff()
    patterns = make_patterns()
    now = timezone.now()
    add_rows(write_statements(connection.vendor, now, rows, waiting, patterns, staff), rows)
    add_events(now, rows, waiting, staff)
    for pattern in patterns:
        pattern.delete()
    add_findable_contact(rows, now)
    close_books(rows)


def make_staff() -> "list[User]":
    """Two members of the clinic's staff, whose keys follow each other."""
    from django.contrib.auth.models import Group, User

    staff = []
    for name in ("bench-one", "bench-two"):
        user = User.objects.create_user(name, is_staff=True)
        user.groups.add(Group.objects.get(name="Clinic staff"))
        staff.append(user)
    return staff


def make_patterns() -> "list[Assessment]":
    """Assessments of real walks, that the rows are copied from."""
    from assessment.management.commands.sample_checks import draw_answers
    from assessment.patient import records
    from assessment.patient.session import Check

    chance = random.Random(1)
    patterns = []
    for _ in range(40):
        record = records.build_assessment(Check(answers=draw_answers(chance)))
        # A sample, so that no event tells of it: those below begin at 1.
        record.reference, record.is_sample = records.make_reference(), True
        record.save()
        patterns.append(record)
    return patterns


def write_statements(
    vendor: str, now: "datetime", rows: int, waiting: int, patterns: "list[Assessment]", staff: "list[User]"
) -> list[str]:
    """SQL that adds rows: assessments, reviews, contact details, notes.

    {series} is filled in later. Each has two placeholders: the first and the last number of its rows.
    """
    from assessment.models import Assessment
    from assessment.privacy import contact_details

    ago = {
        "sqlite": "strftime('%%Y-%%m-%%d %%H:%%M:%%f', '{now}', (-{seconds}) || ' seconds')",
        "postgresql": "('{now}'::timestamptz - ({seconds}) * interval '1 second')",
    }[vendor]

    def at(seconds: str) -> str:
        return ago.format(now=now.strftime("%Y-%m-%d %H:%M:%S"), seconds=seconds)

    # Row i was sent so long ago: the last ones, which wait, within a day (or, where they are many, a year), the others
    # over the year before.
    apart = choose_interval(waiting)
    is_open = f"(i > {rows - waiting})"
    seconds = f"(CASE WHEN {is_open} THEN ({rows} - i) * {apart} ELSE 86400 + ({rows} - i) * {YEAR}.0 / {rows} END)"
    # Of those that wait, a third is somebody's and an eighth of the rest contacted.
    is_contacted = f"({is_open} AND i %% 3 <> 0 AND i %% 8 = 1)"
    is_new = f"({is_open} AND i %% 3 <> 0 AND i %% 8 <> 1)"
    true = "1" if vendor == "sqlite" else "true"
    pad = "substr('{0}' || i, -64)" if vendor == "sqlite" else "right('{0}' || i::text, 64)"
    zeros = pad.format("0" * 64)
    copied = [
        field.column or ""
        for field in Assessment._meta.concrete_fields
        if field.column not in ("id", "token", "reference", "finished_at", "is_sample", "corrects_id", "key_hash")
    ]
    first = patterns[0].pk
    join = f"n JOIN assessment_assessment p ON p.id = {first} + (i * 7) %% {len(patterns)}"
    made = (
        "INSERT INTO assessment_assessment (id, token, key_hash, reference, finished_at, is_sample, "
        f"{', '.join(copied)}) "
        f"{{series}} SELECT 1000 + i, {zeros}, {zeros}, {write_reference_sql('i')}, {at(seconds)}, {true}, "
        f"{', '.join('p.' + column for column in copied)} FROM {join}"
    ).replace(" % 20", " %% 20")
    who = f"{staff[0].pk} + i %% 2"
    opened = (
        "INSERT INTO assessment_review (assessment_id, level, state, reason, assigned_to_id, submitted_at, due_at, "
        "reviewed_at, minutes, closed_at, sport, answers_digest, version) "
        f"{{series}} SELECT 1000 + i, r.level, CASE WHEN NOT {is_open} THEN 'closed' WHEN {is_new} THEN 'new' "
        f"WHEN {is_contacted} THEN 'contacted' ELSE 'in_review' END, CASE WHEN {is_open} THEN '' ELSE 'advised' END, "
        f"CASE WHEN {is_new} THEN NULL ELSE {who} END, {at(seconds)}, {at(f'{seconds} - 14400')}, "
        f"CASE WHEN {is_open} AND NOT {is_contacted} THEN NULL ELSE {at(f'{seconds} - 3600')} END, "
        f"CASE WHEN {is_open} AND NOT {is_contacted} THEN NULL ELSE 60 END, "
        f"CASE WHEN {is_open} THEN NULL ELSE {at(f'{seconds} - 7200')} END, r.sport, r.answers_digest, 3 "
        f"FROM {join} JOIN assessment_review r ON r.assessment_id = p.id"
    )
    locked = contact_details.encrypt_details(SAMPLE_DETAILS)
    asked = (
        "INSERT INTO assessment_contact (assessment_id, locked, telephone_key, email_key, consent_text, "
        f"consent_version, consent_at) {{series}} SELECT 1000 + i, '{locked}', {zeros}, '', 'yes', '1', "
        f"{at(seconds)} FROM n WHERE i %% 3 = 0"
    )
    noted = (
        "INSERT INTO assessment_note (assessment_id, author_id, written_at, text) "
        f"{{series}} SELECT 1000 + i, {who}, {at(seconds)}, 'Spoke with the patient.' FROM n WHERE NOT {is_open}"
    )
    return [made, opened, asked, noted]


def add_rows(statements: Sequence[str], rows: int) -> None:
    from django.db import connection, transaction

    vendor = connection.vendor
    if vendor == "sqlite":
        with connection.cursor() as cursor:
            # Nobody needs this database after a power cut; and its indexes should fit into memory while they grow.
            for setting in ("synchronous=OFF", "cache_size=-500000"):
                cursor.execute(f"PRAGMA {setting}")
    began = time.perf_counter()
    for start in range(1, rows + 1, BATCH):
        with transaction.atomic(), connection.cursor() as cursor:
            if vendor == "postgresql":
                cursor.execute("SET LOCAL statement_timeout = 0; SET LOCAL synchronous_commit TO off")
            span = [start, min(start + BATCH - 1, rows)]
            for statement in statements:
                cursor.execute(statement.replace("{series}", write_series_sql(vendor)), span)
        print(f"{span[1]:>9} assessments, {time.perf_counter() - began:.0f} s", flush=True)


def add_events(now: "datetime", rows: int, waiting: int, staff: "list[User]") -> None:
    """One event a check, signed and chained as the site does it: verify_audit finds nothing wrong."""
    from datetime import timedelta

    from core import audit

    apart = choose_interval(waiting)
    began = time.perf_counter()
    for start in range(1, rows + 1, BATCH):
        numbers = range(start, min(start + BATCH, rows + 1))
        audit.append_events(
            audit.AuditEvent(
                at=now - timedelta(seconds=ago * apart if ago < waiting else 86400 + ago * YEAR / rows),
                actor=staff[number % 2].username,
                actor_id=staff[number % 2].pk,
                action="close" if number % 2 else "view",
                record_id=1000 + number,
                reference=write_reference(number),
                facts={"reason": "advised"},
            )
            for number in numbers
            for ago in [rows - number]
        )
        print(f"{numbers[-1]:>9} events, {time.perf_counter() - began:.0f} s", flush=True)


def add_findable_contact(rows: int, now: "datetime") -> None:
    """The contact details of one assessment in the middle, which a search by telephone finds."""
    from assessment.models import Assessment, Contact
    from assessment.privacy import contact_details

    target = Assessment.objects.order_by("pk")[rows // 3]
    Contact.objects.filter(assessment=target).delete()
    keys = contact_details.build_search_keys({"telephone": "555 0199 999", "email": ""})
    locked = contact_details.encrypt_details(SAMPLE_DETAILS)
    yes = {"consent_text": "yes", "consent_version": "1", "consent_at": now}
    Contact.objects.create(assessment=target, locked=locked, **keys, **yes)


def close_books(rows: int) -> None:
    """New rows are numbered after these, and the planner knows how many there are."""
    from django.db import connection

    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET statement_timeout = 0")
            cursor.execute("SELECT setval(pg_get_serial_sequence('assessment_assessment', 'id'), %s)", [rows + 1001])
        cursor.execute("ANALYZE")


if __name__ == "__main__":
    import django

    django.setup()
    fill_database(*map(int, sys.argv[1:]))
