"""Every claim of the starter articles with its source: the table that docs/claims.csv holds."""

import csv
import datetime
import io
from collections.abc import Iterator

from ..text import prose
from .loader import StarterContent

COLUMNS = ("article", "claim", "source", "address", "checked on")


def list_claims(starter: StarterContent) -> Iterator[tuple[str, str, str, str, datetime.date | str]]:
    """The claims of all articles, in their order; the figures of a sport's table after its text."""
    for file in starter.files:
        found = prose.find_claims(file.body)
        for figure in file.data.get("figures", []):
            found.append((f"{figure['label']}: {figure['percent']}% of {figure['of']}", figure["source"]))
        for claim, key in found:
            source = starter.sources.get(key, {})
            yield file.slug, claim, key, source.get("url", ""), source.get("checked", "")


def format_claims_csv(starter: StarterContent) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(list_claims(starter))
    return text.getvalue()
