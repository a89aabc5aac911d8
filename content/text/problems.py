"""What must be put right in a text before it is saved: patients would read it wrongly, or not at all."""

import re
from collections.abc import Collection, Container, Iterable, Iterator
from typing import NamedTuple

from markdown_it.rules_block.table import escapedSplit
from markdown_it.token import Token

from core.typed.tidy import tidy_markdown

from . import shared, signs
from .markdown import (
    BOX_LINE,
    CARDS,
    CONTAINERS,
    FOLDED,
    LISTS,
    LONGEST,
    PICTURES,
    get_rows,
    locate_pictures,
    opens_box,
    parse_markdown_cached,
    read_box,
)


class Problem(NamedTuple):
    """What must be put right before a text is saved: the line it is about (the first is 1; None: the whole text)."""

    line: int | None
    message: str

    def __str__(self) -> str:
        return f"Line {self.line}: {self.message}" if self.line else self.message


# A line of a list: its mark, or a second line of the same thing, set in.
LISTED = re.compile(r"\s*(?:[-*+]|\d{1,9}[.)])\s+\S|\s{2,}\S")
# A line of steps.
NUMBERED = re.compile(r"\s*\d{1,9}[.)]\s+\S|\s{2,}\S")
# The line below the first row of a table: |---|---|
RULER = re.compile(r"\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$")


def find_problems(
    body: str, known: Collection[str], uploads: Collection[str] = (), title: str = "", page: str = ""
) -> list[Problem]:
    """What must be put right before the text is saved.

    known: the keys of all sources there are; uploads: the names of all uploaded pictures; title, page: those of the
    article, by which its emergency box is held against the register of signs (page: the last part of its address).
    """
    body = tidy_markdown(body)
    if len(body) > LONGEST:
        return [Problem(None, f"The text has {len(body):,} characters; an article can have {LONGEST:,}.")]
    found: list[Problem] = []
    lines = body.split("\n")
    if open_boxes := find_unclosed_boxes(body, lines):
        # What follows would be read as part of the box: its own mistakes are named when the box is closed.
        before = find_problems("\n".join(lines[: (open_boxes[0].line or 1) - 1]), known, uploads)
        return [*before, *open_boxes]
    tokens = parse_markdown_cached(body)
    cells = unopened = folds = 0
    for token in tokens:
        if token.type == "table_open":
            cells = count_cells(lines[get_rows(token)[0]])
        elif token.type == "inline" and token.map:
            found += find_broken_tables(token)
            inline, unopened = find_inline_problems(token, known, uploads, unopened)
            found += inline
        else:
            found += find_block_problems(token, cells, lines, folds)
            folds += token.nesting * token.type.startswith("container_fold_")
    cards = [(read_box(token)[0], get_rows(token)[0] + 1) for token in tokens if opens_box(token)]
    pictures = [(name, get_rows(token)[0] + 1) for name, token in locate_pictures(tokens)]
    message = f"There is no picture “{{}}”. {describe_pictures(uploads)}"
    found += [Problem(row, message.format(name)) for name, row in pictures if name not in {*PICTURES, *uploads}]
    names = " or ".join(f"“::: shared {name}”" for name in shared.WORDS)
    found += [
        Problem(get_rows(token)[0] + 1, f"There are no shared words “{token.content}”: write {names}.")
        for token in tokens
        if token.type == "shared" and token.content not in shared.WORDS
    ]
    found += find_repeated_names(cards, CARDS, "There is more than one “::: {}” box; an article has one.")
    found += find_repeated_names(pictures, {name for name, _ in pictures}, "The picture “{}” is there more than once.")
    # A line that is no list is named once.
    lines_named = {problem.line for problem in found if problem.line}
    found += [problem for problem in find_sign_problems(body, title, page) if problem.line not in lines_named]
    return list(dict.fromkeys(found))


def find_sign_problems(body: str, title: str = "", page: str = "") -> list[Problem]:
    """Where the text says less of the warning signs than their register (content/text/signs.py)."""
    boxes, lines, levels = locate_signs(body)
    found = [Problem(row, message) for row, line in lines if (message := signs.describe_line_problem(line))]
    message = "The line “::: signs” names a level: “::: signs emergency” or “::: signs urgent”."
    found += [Problem(row, message) for row, level in levels if level not in signs.LEVELS]
    named = {level for _, level in levels}
    if "emergency" in named:
        message = "“::: signs emergency” is the emergency box of this page, with every sign; take this one out."
        found += [Problem(row, message) for row in boxes]
    else:
        for name, heading in signs.find_missing_groups(title, [line for _, line in lines]):
            message = f"By its title this page is for the group “{name}” ({heading}): its emergency box needs the line "
            message += f"“- {name}”, which stands for all signs of the group."
            found.append(Problem(boxes[0] if boxes else None, message))
    for level in signs.LEVELS if page == signs.PAGE[1] else ():
        if level not in named:
            message = f"Every page leads to this one for all signs: it needs the line “::: signs {level}”."
            found.append(Problem(None, message))
    return found


def locate_signs(body: str) -> tuple[list[int], list[tuple[int, str]], list[tuple[int, str]]]:
    """Where the text has emergency boxes, the lines in them, and its lines “::: signs” with what they name."""
    boxes: list[int] = []
    lines: list[tuple[int, str]] = []
    levels: list[tuple[int, str]] = []
    inside = False
    for token in parse_markdown_cached(body):
        row = get_rows(token)[0] + 1
        if token.type.startswith("container_emergency_"):
            inside = opens_box(token)
            boxes += [row] if inside else []
        elif token.type == "signs":
            levels.append((row, token.content))
        elif inside and token.type == "inline":
            lines.append((row, token.content))
    return boxes, lines, levels


def find_block_problems(token: Token, cells: int, lines: list[str], folds: int) -> Iterator[Problem]:
    """Problems of a box, a heading, or a row of a table whose first row has that many cells; inside so many folds."""
    first = get_rows(token)[0]
    if opens_box(token):
        yield from find_box_problems(token, lines, folds)
    elif token.type == "heading_open" and token.tag == "h1":
        yield Problem(first + 1, "A heading inside the text starts with ## (the page has its main heading already).")
    elif token.type == "heading_open" and token.tag == "h2" and folds:
        yield Problem(first + 1, "A heading inside a fold starts with ###: the fold's title is the one above it.")
    elif token.type == "tr_open" and first < len(lines):
        yield from find_row_problems(first, cells, lines)


def find_unclosed_boxes(body: str, lines: list[str]) -> list[Problem]:
    """A Problem for each box whose last line ::: is missing."""
    code = {
        row
        for token in parse_markdown_cached(body)
        if token.type in ("fence", "code_block")
        for row in range(*get_rows(token))
    }
    opened = []
    for number, row in enumerate(lines):
        mark = None if number in code else BOX_LINE.fullmatch(row)
        if mark and mark[1]:
            opened.append((number + 1, mark[1]))
        elif mark and opened:
            opened.pop()
    named = [(line, words.split()[0]) for line, words in opened]
    return [make_unclosed_problem(line, name) for line, name in named if name in CONTAINERS]


def make_unclosed_problem(line: int, name: str) -> Problem:
    return Problem(line, f"The box “{name}” is not closed. Put ::: on a line of its own after its last line.")


def describe_pictures(uploads: Collection[str]) -> str:
    return f"The pictures are: {', '.join([*PICTURES, *sorted(uploads)])}."


def find_repeated_names(named: Iterable[tuple[str, int]], once: Container[str], message: str) -> Iterator[Problem]:
    """A Problem at the second place of each of these names that an article has once."""
    seen = set()
    for name, line in named:
        if name in once and name in seen:
            yield Problem(line, message.format(name))
        seen.add(name)


def find_box_problems(token: Token, lines: list[str], folds: int) -> Iterator[Problem]:
    """Problems of one box: inside something else, not closed, without what its line or its place asks for."""
    begin, end = get_rows(token)
    name, words = read_box(token)
    if token.level and not (token.level == folds == 1 and name in FOLDED):
        yield Problem(begin + 1, describe_wrong_place(name, folds))
        return
    if end >= len(lines) or lines[end].strip(": ") or ":::" not in lines[end]:
        yield make_unclosed_problem(begin + 1, name)
        return
    if name == "figure" and not words:
        yield Problem(begin + 1, "A figure names its picture on its first line: “::: figure muscles”.")
    if name == "fold" and (not words or set(words) & set("[]*`")):
        yield Problem(begin + 1, "A fold has a title of plain words on its first line: “::: fold What studies say”.")
    # Two lines without a dash would be read as one sentence: "lying in bed" and "lifting" as "lying in bed lifting".
    rows = [(number, row) for number, row in enumerate(lines[begin + 1 : end], start=begin + 2) if row.strip()]
    if not rows and name != "emergency":
        yield Problem(begin + 1, f"The box “::: {name}” is empty: {describe_content(name)}.")
    for number, row in rows if name in (*CARDS, *LISTS, "steps") else ():
        if re.fullmatch(r"\s*(?:[-*+]|\d{1,9}[.)])", row):
            yield Problem(number, f"This line of the box “{name}” has no words.")
        elif name == "steps" and not NUMBERED.match(row):
            yield Problem(
                number,
                f"The box “steps” holds steps in their order: start each line in it with its number, “1. "
                f"{shorten_quote(row.lstrip('-*+ '))}”. What is no step stands after the box.",
            )
        elif not LISTED.match(row):
            yield Problem(
                number,
                f"The box “{name}” holds a list: start each line in it with a dash and a space, "
                f"“- {shorten_quote(row)}”. What is no list stands after the box.",
            )


def describe_wrong_place(name: str, folds: int) -> str:
    """What is wrong with a box that stands where it may not."""
    if folds and name in CARDS:
        return f"The box “::: {name}” stands in a fold, where nobody sees it: take it out of the fold."
    return f"The box “::: {name}” stands inside something else; a box stands on its own."


def describe_content(name: str) -> str:
    """What a box holds, for somebody who left it empty."""
    if name == "figure":
        return "write below its first line what to see in the picture; one without words is “::: picture NAME” alone"
    if name in ("note", "fold"):
        return "write its words below its first line"
    mark = "with its number before it: “1. ...”" if name == "steps" else "after a dash: “- ...”"
    return f"write one thing on each line, {mark}"


def find_row_problems(row: int, first: int, lines: list[str]) -> Iterator[Problem]:
    """A row of a table with more cells than its first row: the page would leave them out without a word; or fewer."""
    here = count_cells(lines[row])
    if here != first:
        yield Problem(
            row + 1,
            f"This row of the table has {format_cell_count(here)}, the first row has {first}. "
            + ("Leave an empty line after the table." if here == 1 else "Every row needs as many as the first."),
        )


def count_cells(row: str) -> int:
    """How many cells a row of a table has. A bar that is a sign of the text is written \\|."""
    found = escapedSplit(row.strip())
    return len(found) - (found[:1] == [""]) - (len(found) > 1 and found[-1:] == [""])


def find_broken_tables(token: Token) -> Iterator[Problem]:
    """A paragraph that was meant as a table, and is read as one run of words and bars."""
    rows = token.content.split("\n")
    first = get_rows(token)[0] + 1
    ruler = next((at for at, row in enumerate(rows) if "|" in row and RULER.match(row)), None)
    if ruler:
        above, below = count_cells(rows[ruler - 1]), count_cells(rows[ruler])
        if above != below:
            yield Problem(
                first + ruler - 1,
                f"This table has {format_cell_count(above)} in the first row and {below} in the line below it. Both "
                f"need the same number: write {'|---' * above}| below the first row.",
            )
    elif ruler == 0:
        yield Problem(first, "A table starts with the names of its columns, above the line |---|---|.")
    else:
        barred = [count_cells(row) > 1 for row in rows]
        # A bar in one sentence is a sign; a row of a table begins with one, or has another row below it.
        bars = next(
            (
                at
                for at, row in enumerate(rows)
                if barred[at] and (row.strip().startswith("|") or barred[at : at + 2] == [True, True])
            ),
            None,
        )
        if bars is not None:
            yield Problem(
                first + bars,
                f"This table lacks its second line: write {'|---' * count_cells(rows[bars])}| below the first row.",
            )


def format_cell_count(number: int) -> str:
    return f"{number} cell" if number == 1 else f"{number} cells"


def shorten_quote(words: str) -> str:
    words = words.strip()
    return words if len(words) <= 40 else words[:37].rstrip() + "..."


def find_inline_problems(
    token: Token, known: Collection[str], uploads: Collection[str], unopened: int
) -> tuple[list[Problem], int]:
    """([Problem], how many boxes were meant and not opened so far) of the words of one paragraph, item or cell."""
    found: list[Problem] = []
    line = get_rows(token)[0] + 1
    for child in token.children or []:
        words = child.content
        if child.type in ("softbreak", "hardbreak"):
            line += 1
        elif child.type == "citation":
            found += [
                Problem(
                    line,
                    f"There is no source “{key}” in the list. Choose one in the field Source above the text, or add it "
                    "to the list first (New: source).",
                )
                for key in child.meta["keys"]
                if key not in known
            ]
        elif child.type != "text":
            continue
        elif message := describe_text_problem(words, uploads):
            found.append(Problem(line, message))
        elif message := describe_unopened_box(words):
            unopened += 1
            found.append(Problem(line, message))
        elif words.startswith(":::") and unopened:
            # It closes what was named already.
            unopened -= 1
        elif words.startswith(":::"):
            found.append(Problem(line, "This ::: closes no box. Take it out, or open a box above it."))
    return found, unopened


def describe_text_problem(words: str, uploads: Collection[str]) -> str | None:
    """What is wrong with words that were meant as a source or as a picture, and are read as words."""
    if "[@" in words:
        quoted = shorten_quote(words[words.index("[@") :].partition("]")[0])
        return (
            f"“{quoted}]” is no source of the list. Take it out; "
            "choose one in the field Source above the text, and press Add source."
        )
    named = re.match(r":::\s*picture\s+([a-z0-9-]+)", words)
    if named and (named[1] in PICTURES or named[1] in uploads):
        return f"The picture “{named[1]}” needs a line of its own, outside of boxes and lists, with nothing else on it."
    if re.match(r":::\s*picture", words):
        return f"“{shorten_quote(words)}” is not a picture this site has. {describe_pictures(uploads)}"
    return None


def describe_unopened_box(words: str) -> str | None:
    """What is wrong with words that were meant to open a box."""
    if named := re.match(rf":::+\s*({'|'.join(CONTAINERS)})\s+\S", words):
        brings = "brings its own heading" if named[1] in (*CARDS, *LISTS) else "has no heading"
        return f"The box “{named[1]}” {brings}. Write “::: {named[1]}” and nothing after it."
    if re.match(r":::+\s*\w", words):
        return f"“{shorten_quote(words)}” is not a box this site knows. The boxes are: {', '.join(CONTAINERS)}."
    return None
