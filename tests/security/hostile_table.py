"""What came of the hostile strings, a row a kind of string: printed at the end of `make fuzz`, and with
HOSTILE_TABLE=FILE added to a Markdown file, with a row a field."""

from collections import Counter

# What a test hands over with its report: {page and field: {kind: {column: number}}}
PROPERTY = "hostile strings"
COLUMNS = (
    "sent", "requests", "2xx", "3xx", "4xx", "5xx", "stored as typed", "stored tidied", "refused in words",
    "read, not stored", "taken without it", "shown",
)  # fmt: skip


def add_up(reports):
    """({kind: {column: number}}, {page and field: the same}) of all tests."""
    kinds, fields = {}, {}
    for report in reports:
        for rows in (value for name, value in report.user_properties if name == PROPERTY):
            for field, found in rows.items():
                for kind, row in found.items():
                    kinds.setdefault(kind, Counter()).update(row)
                    fields.setdefault(field, Counter()).update(row)
    return kinds, fields


def draw_table(first, rows):
    """Lines of Markdown: a row each, and their sum."""
    total = sum(rows.values(), Counter())
    yield f"| {first} | {' | '.join(COLUMNS)} |"
    yield "|---|" + "---:|" * len(COLUMNS)
    for name, row in [*sorted(rows.items()), ("all", total)]:
        yield f"| {name} | {' | '.join(str(row[column]) for column in COLUMNS)} |"
