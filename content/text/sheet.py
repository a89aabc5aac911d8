"""An article's moves on one page to print: what stands before them, and of each move its pictures and its steps.

A move is a heading of the third level with a figure and steps below it. Its paragraphs, folds, sources and what comes
after the last move are left to the article.
"""

from collections.abc import Container, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from django.utils.safestring import SafeString
from markdown_it.token import Token

from . import markdown

PARTS = {"container_figure_open", "container_steps_open"}
FOLD = ("container_fold",)
FOLD_AND_WORDS = (*FOLD, "paragraph")


class Move(NamedTuple):
    """name: its heading; text: all of it, with the heading, as HTML."""

    name: str
    text: SafeString


class Sheet(NamedTuple):
    """before: what stands before the first move, as HTML."""

    before: SafeString
    moves: list[Move]


@lru_cache(maxsize=256)
def has_moves(body: str) -> bool:
    """Whether an article has a page to print."""
    return next(locate_moves(markdown.parse_markdown_cached(body)), None) is not None


def build_sheet(body: str, emergency_number: str, pictures: Sequence[markdown.UploadedPicture] = ()) -> Sheet | None:
    """The moves of an article on one page; None for an article without any. pictures: those of the version."""
    tokens = markdown.parse_as_read(body)
    moves = list(locate_moves(tokens))
    if not moves:
        return None
    # Pictures load at once: some browsers print only what is there.
    env = {
        "sources": (),
        "number": emergency_number,
        "pictures": {picture.name: picture for picture in pictures},
        "all_signs": False,
        "lazy": False,
    }
    markdown.mark_boxes(tokens)
    return Sheet(
        markdown.render_tokens(list(shorten(tokens[: moves[0][0]], FOLD)), env),
        [
            Move(
                markdown.read_heading_text(tokens[start + 1]),
                markdown.render_tokens(list(shorten(tokens[start:end], FOLD_AND_WORDS)), env),
            )
            for start, end in moves
        ],
    )


def locate_moves(tokens: Sequence[Token]) -> Iterator[tuple[int, int]]:
    """(number of its first token, of the one after its last) of each move."""
    starts = [index for index, token in enumerate(tokens) if token.type == "heading_open" and not token.level]
    for start, end in pairwise([*starts, len(tokens)]):
        if tokens[start].tag == "h3" and {token.type for token in tokens[start:end]} >= PARTS:
            yield start, end


def shorten(tokens: Iterable[Token], left_out: Container[str]) -> Iterator[Token]:
    """Tokens without these blocks, without words below pictures (the steps say the same), and without source marks."""
    block = ""
    for token in tokens:
        name = token.type.removesuffix("_open").removesuffix("_close")
        if block:
            if (name, token.level) != (block, 0):
                continue
            block = ""
        elif not token.level and (name in left_out or name == "container_figure"):
            block = name
        token.children = [child for child in token.children or [] if child.type != "citation"]
        if name not in left_out or token.level:
            yield token
