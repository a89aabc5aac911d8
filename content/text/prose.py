"""A text as it is read: its paragraphs, list items, headings and table cells, each with what stands around it."""

import re
from dataclasses import dataclass, field
from functools import lru_cache

from markdown_it.token import Token

from . import markdown

# A new sentence begins with a capital, a number or a sign: "e.g. ten" is not the end of one.
SENTENCE_END = re.compile(r"[.!?][”\"')]*\s+(?=[^\sa-z])")


# Tokens of what holds passages of one number.
LISTS = ("bullet_list_", "ordered_list_", "table_")


@dataclass
class Passage:
    """A paragraph, list item, heading or table cell of a text, with what stands around it."""

    line: int
    kind: str  # "paragraph", "item", "heading", "cell" or "head" (of a column)
    text: str
    box: str = ""
    group: int = 0  # passages of one list or table have one number
    cites: tuple[tuple[int, str], ...] = ()  # (place in the text, source's key)
    column: int = 0  # of a cell or head: the first is 1
    links: list[tuple[str, str]] = field(default_factory=list)  # (what is shown, address)


# The starter articles are compared with one another.
@lru_cache(maxsize=128)
def read_passages(body: str) -> tuple[Passage, ...]:
    """The text in the order it is read. For all who ask: not to be changed."""
    found: list[Passage] = []
    boxes: list[str] = []
    lists = group = column = 0
    kind = "paragraph"
    for token in markdown.parse_as_read_cached(body):
        name = token.type
        if name.startswith("container_"):
            titles = follow_box(token, boxes, group + 1)
            group += len(titles)
            found += titles
        elif name.startswith(LISTS):
            # An opening token counts 1, a closing one -1.
            lists += token.nesting
            group += token.nesting == 1 and lists == 1
        elif name == "heading_open":
            kind = "heading"
        elif name == "tr_open":
            column = 0
        elif name in ("th_open", "td_open"):
            kind = "head" if name == "th_open" else "cell"
            column += 1
        elif name == "paragraph_open":
            kind = "item" if lists else "paragraph"
            group += not lists
        elif name == "inline":
            group += kind == "heading"
            line = token.map[0] + 1 if token.map else 1
            passage = Passage(
                line, kind, "", boxes[-1] if boxes else "", group, column=column if kind in ("head", "cell") else 0
            )
            fill_passage(token.children or [], passage)
            found.append(passage)
    return tuple(found)


def follow_box(token: Token, boxes: list[str], group: int) -> list[Passage]:
    """Note which boxes one is inside of; the title that begins a fold, read as a heading of that group.

    What an emergency box folds is read as what it shows; the title of that fold only names it.
    """
    if token.nesting != 1:
        boxes.pop()
        return []
    if boxes[-1:] == ["emergency"]:
        boxes.append("emergency")
        return []
    name, words = markdown.read_box(token)
    boxes.append(name)
    return [Passage(markdown.get_rows(token)[0] + 1, "heading", words, name, group)] if name == "fold" else []


def fill_passage(children: list[Token], passage: Passage) -> None:
    """Fill in the words of a passage, the sources it cites, and its links."""
    words: list[str] = []
    cites: list[tuple[int, str]] = []
    inside: tuple[int, str] | None = None
    for child in children:
        if child.type == "citation":
            # A citation leaves no gap before the full stop.
            if words:
                words[-1] = words[-1].rstrip(" ")
            cites += [(sum(map(len, words)), key) for key in child.meta["keys"]]
        elif child.type in ("softbreak", "hardbreak"):
            words.append(" ")
        elif child.type == "link_open":
            inside = (len(words), str(child.attrGet("href") or ""))
        elif child.type == "link_close" and inside:
            passage.links.append(("".join(words[inside[0] :]).strip(), inside[1]))
            inside = None
        elif child.content and child.type in ("text", "text_special", "code_inline"):
            words.append(child.content)
    passage.text, passage.cites = "".join(words).strip(), tuple(cites)


def locate_sentences(text: str) -> list[tuple[int, str]]:
    """[(where it starts, its words)] for each sentence of a passage's text."""
    starts = [0, *(gap.end() for gap in SENTENCE_END.finditer(text))]
    return [(start, text[start:end].strip()) for start, end in zip(starts, [*starts[1:], len(text)], strict=True)]


def find_claims(body: str) -> list[tuple[str, str]]:
    """[(what is said, source's key)] for each citation: the words since the one before it in the same passage."""
    found = []
    for passage in read_passages(body):
        before = last = 0
        for place, key in passage.cites:
            if place > last:
                before, last = last, place
            # A source that stands before its sentence is about what follows.
            said = passage.text[before:last] if last else passage.text
            found.append((said.strip(" .;,"), key))
    return found


def list_page_ids(body: str) -> set[str]:
    """Every place of the article's page that a link can lead to: its headings and folds, and the page's own parts."""
    places = markdown.locate_headings(markdown.parse_as_read_cached(body))
    return {*markdown.PAGE_IDS, *(place for _, _, place in places)}


def extract_running_text(body: str) -> str:
    """What the reading grade is computed of: a line for each paragraph and item, without headings and tables."""
    return "\n".join(passage.text for passage in read_passages(body) if passage.kind in ("paragraph", "item"))


def count_words(body: str) -> int:
    """How many words a reader meets: headings and tables too."""
    return sum(len(passage.text.split()) for passage in read_passages(body))
