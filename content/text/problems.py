"""What must be put right in a text before it is saved: patients would read it wrongly, or not at all."""

import re
from typing import NamedTuple

from markdown_it.rules_block.table import escapedSplit

from .markdown import CARDS, CONTAINERS, LONGEST, PICTURES, parse_markdown_cached


class Problem(NamedTuple):
    """What must be put right before a text is saved: the line it is about (the first is 1; None: the whole text)."""

    line: int | None
    message: str

    def __str__(self):
        return f"Line {self.line}: {self.message}" if self.line else self.message


# A line of a list: its mark, or a second line of the same thing, set in.
LISTED = re.compile(r"\s*(?:[-*+]|\d{1,9}[.)])\s+\S|\s{2,}\S")
# The line that opens a box, with what stands on it, or closes one. A picture is a line alone.
BOX_LINE = re.compile(r"\s*:::(?!\s*picture\b)\s*(.*?)\s*")
# The line below the first row of a table: |---|---|
RULER = re.compile(r"\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$")


def find_problems(body, known, uploads=()):
    """What must be put right before the text is saved, as Problems.

    known: the keys of all sources there are; uploads: the names of all uploaded pictures.
    """
    if len(body) > LONGEST:
        return [Problem(None, f"The text has {len(body):,} characters; an article can have {LONGEST:,}.")]
    found = []
    # The line ends that markdown-it knows, so that its line numbers fit.
    lines = re.split(r"\r\n?|\n", body)
    if open_boxes := find_unclosed_boxes(body, lines):
        # What follows would be read as part of the box: its own mistakes are named when the box is closed.
        before = find_problems("\n".join(lines[: open_boxes[0].line - 1]), known, uploads)
        return [*before, *open_boxes]
    cards, pictures, unopened = [], [], 0
    for token in parse_markdown_cached(body):
        line = token.map[0] + 1 if token.map else None
        if token.type.startswith("container_") and token.nesting == 1:
            name = token.info.strip()
            cards.append((name, line))
            found += find_box_problems(token, name, lines)
        elif token.type == "picture":
            pictures.append((token.content, line))
            if token.content not in PICTURES and token.content not in uploads:
                found.append(Problem(line, f"There is no picture “{token.content}”. {describe_pictures(uploads)}"))
        elif token.type == "heading_open" and token.tag == "h1":
            found.append(
                Problem(line, "A heading inside the text starts with ## (the page has its main heading already).")
            )
        elif token.type == "table_open":
            first = count_cells(lines[token.map[0]])
        elif token.type == "tr_open" and token.map[0] < len(lines):
            found += find_row_problems(token.map[0], first, lines)
        elif token.type == "inline" and line:
            found += find_broken_tables(token)
            inline, unopened = find_inline_problems(token, known, uploads, unopened)
            found += inline
    found += find_repeated_names(cards, CARDS, "There is more than one “::: {}” box; an article has one.")
    found += find_repeated_names(pictures, {name for name, _ in pictures}, "The picture “{}” is there more than once.")
    return list(dict.fromkeys(found))


def find_unclosed_boxes(body, lines):
    """A Problem for each box whose last line ::: is missing."""
    code = {
        row
        for token in parse_markdown_cached(body)
        if token.type in ("fence", "code_block")
        for row in range(*token.map)
    }
    opened = []
    for number, row in enumerate(lines):
        mark = None if number in code else BOX_LINE.fullmatch(row)
        if mark and mark[1]:
            opened.append((number + 1, mark[1]))
        elif mark and opened:
            opened.pop()
    return [make_unclosed_problem(line, name) for line, name in opened if name in CONTAINERS]


def make_unclosed_problem(line, name):
    return Problem(line, f"The box “{name}” is not closed. Put ::: on a line of its own after its last line.")


def describe_pictures(uploads):
    return f"The pictures are: {', '.join([*PICTURES, *sorted(uploads)])}."


def find_repeated_names(named, once, message):
    """A Problem at the second place of each of these names that an article has once."""
    seen = set()
    for name, line in named:
        if name in once and name in seen:
            yield Problem(line, message.format(name))
        seen.add(name)


def find_box_problems(token, name, lines):
    """Problems of one box: not closed, inside something else, or without the list its heading asks for."""
    begin, end = token.map
    if token.level:
        yield Problem(begin + 1, f"The box “::: {name}” stands inside something else; a box stands on its own.")
        return
    if end >= len(lines) or lines[end].strip(": ") or ":::" not in lines[end]:
        yield make_unclosed_problem(begin + 1, name)
        return
    if name == "note":
        return
    # Two lines without a dash would be read as one sentence: "lying in bed" and "lifting" as "lying in bed lifting".
    rows = [(number, row) for number, row in enumerate(lines[begin + 1 : end], start=begin + 2) if row.strip()]
    if not rows:
        yield Problem(begin + 1, f"The box “::: {name}” is empty: write one thing on each line, after a dash: “- ...”.")
    for number, row in rows:
        if not LISTED.match(row):
            yield Problem(
                number,
                f"The box “{name}” holds a list: start each line in it with a dash and a space, "
                f"“- {shorten_quote(row)}”. What is no list stands after the box.",
            )


def find_row_problems(row, first, lines):
    """A row of a table with more cells than its first row: the page would leave them out without a word; or fewer."""
    here = count_cells(lines[row])
    if here != first:
        yield Problem(
            row + 1,
            f"This row of the table has {format_cell_count(here)}, the first row has {first}. "
            + ("Leave an empty line after the table." if here == 1 else "Every row needs as many as the first."),
        )


def count_cells(row):
    """How many cells a row of a table has. A bar that is a sign of the text is written \\|."""
    found = escapedSplit(row.strip())
    return len(found) - (found[:1] == [""]) - (len(found) > 1 and found[-1:] == [""])


def find_broken_tables(token):
    """A paragraph that was meant as a table, and is read as one run of words and bars."""
    rows = token.content.split("\n")
    first = token.map[0] + 1
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


def format_cell_count(number):
    return f"{number} cell" if number == 1 else f"{number} cells"


def shorten_quote(words):
    words = words.strip()
    return words if len(words) <= 40 else words[:37].rstrip() + "..."


def find_inline_problems(token, known, uploads, unopened):
    """([Problem], how many boxes were meant and not opened so far) of the words of one paragraph, item or cell."""
    found, line = [], token.map[0] + 1
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
        elif "[@" in words:
            start = words.index("[@")
            found.append(
                Problem(
                    line,
                    f"“{shorten_quote(words[start:].partition(']')[0])}]” is no source of the list. Take it out; "
                    "choose one in the field Source above the text, and press Add source.",
                )
            )
        elif (shown := re.match(r":::\s*picture\s+([a-z0-9-]+)", words)) and (
            shown[1] in PICTURES or shown[1] in uploads
        ):
            found.append(
                Problem(
                    line,
                    f"The picture “{shown[1]}” needs a line of its own, outside of boxes and lists, with nothing "
                    "else on it.",
                )
            )
        elif re.match(r":::\s*picture", words):
            found.append(
                Problem(
                    line,
                    f"“{shorten_quote(words)}” is not a picture this site has. {describe_pictures(uploads)}",
                )
            )
        elif named := re.match(rf":::\s*({'|'.join(CONTAINERS)})\s+\S", words):
            unopened += 1
            found.append(
                Problem(
                    line, f"The box “{named[1]}” brings its own heading. Write “::: {named[1]}” and nothing after it."
                )
            )
        elif re.match(r":::\s*\w", words):
            unopened += 1
            found.append(
                Problem(
                    line,
                    f"“{shorten_quote(words)}” is not a box this site knows. The boxes are: {', '.join(CONTAINERS)}.",
                )
            )
        elif words.startswith(":::"):
            if unopened:
                # It closes what was named already.
                unopened -= 1
            else:
                found.append(Problem(line, "This ::: closes no box. Take it out, or open a box above it."))
    return found, unopened
