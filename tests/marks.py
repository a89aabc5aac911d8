"""What the page of a form carries of the row it shows: see core/pages/stale.py."""

from core.pages import stale


def show(row):
    """As a browser sends it that has just opened the page of this row."""
    names = [field.name for field in (*row._meta.fields, *row._meta.many_to_many)]
    return {stale.SEEN: stale.write_marks(stale.mark_fields(row, names))}
