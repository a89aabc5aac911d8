"""Two versions of an article side by side, word by word."""

import datetime
import difflib
import re
from typing import Any, NamedTuple, Protocol

# A word with the space before it, so that a run of changed words is one change.
PIECES = re.compile(r"\s*\S+|\s+$")
# Above this many pairs a stretch is shown as taken out and put in whole: the comparison would take seconds.
MOST_PAIRS = 1_000_000
# So many unchanged lines stay around a change; the rest is folded.
AROUND = 2


class DiffPart(NamedTuple):
    """kind: "same", "removed", "added", or "folded" (text: how many lines are left out)."""

    kind: str
    text: str


class VersionWords(Protocol):
    """What a version of an article says, as far as it is compared."""

    title: str
    summary: str
    body: str
    figures: list[dict[str, Any]]
    pictures: list[dict[str, Any]]
    written: datetime.date
    review_due: datetime.date


def diff_texts(old: str, new: str) -> list[DiffPart]:
    """Parts that lead from the old text to the new one. Unchanged stretches far from any change are folded."""
    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    if len(before) * len(after) > MOST_PAIRS:
        return diff_stretch(old, new)
    parts: list[DiffPart] = []
    for kind, a, b, c, d in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            parts += fold_unchanged_lines(before[a:b], first=a == 0, last=b == len(before))
        else:
            parts += diff_stretch("".join(before[a:b]), "".join(after[c:d]))
    return parts


def diff_stretch(old: str, new: str) -> list[DiffPart]:
    """Parts of one stretch that changed, to the word."""
    one, two = PIECES.findall(old), PIECES.findall(new)
    if not one or not two or len(one) * len(two) > MOST_PAIRS:
        return [DiffPart("removed", old)] * bool(old) + [DiffPart("added", new)] * bool(new)
    parts: list[DiffPart] = []
    for kind, a, b, c, d in difflib.SequenceMatcher(None, one, two, autojunk=False).get_opcodes():
        if kind == "equal":
            parts.append(DiffPart("same", "".join(one[a:b])))
            continue
        if b > a:
            parts.append(DiffPart("removed", "".join(one[a:b])))
        if d > c:
            parts.append(DiffPart("added", "".join(two[c:d])))
    return parts


def fold_unchanged_lines(lines: list[str], first: bool, last: bool) -> list[DiffPart]:
    """Unchanged lines with the middle left out."""
    head, tail = (0 if first else AROUND), (0 if last else AROUND)
    left_out = len(lines) - head - tail
    if left_out < 3:
        return [DiffPart("same", "".join(lines))] * bool(lines)
    folded = DiffPart("folded", str(left_out))
    return [
        *[DiffPart("same", "".join(lines[:head]))] * bool(head),
        folded,
        *[DiffPart("same", "".join(lines[len(lines) - tail :]))] * bool(tail),
    ]


def diff_versions(old: VersionWords, new: VersionWords) -> list[tuple[str, list[DiffPart]]]:
    """[(name of the part, Parts)] for each part of an article that differs between two versions."""
    pairs = [
        ("Title", old.title, new.title),
        ("One-line answer", old.summary, new.summary),
        ("Text", old.body, new.body),
        ("Published figures", format_figures(old), format_figures(new)),
        ("Words of pictures", format_pictures(old), format_pictures(new)),
        ("Dates", format_dates(old), format_dates(new)),
    ]
    return [(name, diff_texts(before, after)) for name, before, after in pairs if before != after]


def find_first_changed_section(old: str, new: str) -> int | None:
    """How many headings and folds of the new text stand up to its first changed line; None if nothing has changed."""
    before, after = old.split("\n"), new.split("\n")
    pairs = enumerate(zip(before, after, strict=False))
    changed = next((at for at, (one, other) in pairs if one != other), min(len(before), len(after)))
    if before == after:
        return None
    return sum(bool(re.match(r"(#{1,6}|:::\s*fold) ", line)) for line in after[: changed + 1])


def format_figures(version: VersionWords) -> str:
    return "".join("{label}: {percent}% of {of} [@{source}]\n".format(**figure) for figure in version.figures)


def format_pictures(version: VersionWords) -> str:
    return "".join("{name}: {alt} {caption} ({credit})\n".format(**picture) for picture in version.pictures)


def format_dates(version: VersionWords) -> str:
    return f"Written {version.written}\nNext review due {version.review_due}\n"
