"""How much a result has to say: what is printed must fit on one sheet, A4 or Letter."""

from collections.abc import Iterator

from .models import Assessment

# Letters in a line of two columns, and the lines up to which a sheet holds them: {points of the letters: lines}.
LINE = 60
SHEET = {9: 80, 8: 108, 7: 146}


def points(record: Assessment) -> int:
    """The size of letters that brings this result and its answers onto one sheet: 9, 8, 7 or 6."""
    result = record.result
    shown = [result[part] for part in ("if_so", "do", "avoid", "watch", "better", "now_if")]
    told = [line["text"] for line in result["reasons"] + result["also"]]
    given = [" ".join([item["short"], *(part["text"] for part in item["answer"])]) for item in record.answers]
    needed = sum(1 + len(text) // LINE for text in texts([shown, told, given]))
    return next((size for size, lines in SHEET.items() if needed <= lines), 6)


def texts(part: object) -> Iterator[str]:
    """Every text in this data."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, (dict, list)):
        for inner in part.values() if isinstance(part, dict) else part:
            yield from texts(inner)
