"""Every claim of the library with its source: the table that docs/claims.csv holds."""

import csv
import io

from ..text import prose

COLUMNS = ("article", "claim", "source", "address", "checked on")


def list_claims(library):
    """The claims of all articles, in their order; the figures of a sport's table after its text."""
    for file in library.files:
        found = prose.find_claims(file.body)
        for figure in file.data.get("figures", []):
            found.append((f"{figure['label']}: {figure['percent']}% of {figure['of']}", figure["source"]))
        for claim, key in found:
            source = library.sources.get(key, {})
            yield file.slug, claim, key, source.get("url", ""), source.get("checked", "")


def format_claims_csv(library):
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(list_claims(library))
    return text.getvalue()
