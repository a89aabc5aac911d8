"""The drawings that come with the site, by name.

Those of the register content/illustrations/figures.toml ([figures.name] with alt, width, height) are files,
static/figures/<name>.svg. Those that stand small among others are also in a file with those ([thumbnails.sheet]),
static/thumbnails/<sheet>.svg#<name>. A chart is a template, content/pictures/<name>.html, with its figures in words.
"""

import re
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

REGISTER = Path(__file__).parents[1] / "illustrations/figures.toml"
TEMPLATES = ("recovery",)
# Names of earlier drawings, for versions written before: what is drawn for them now.
RENAMED = {
    "blocking": "american-football", "grappling": "combat-sports", "hockey": "ice-hockey", "kick": "soccer",
    "landing": "basketball", "lifting": "weightlifting", "kneehug": "knee-to-chest-2", "tilt": "pelvic-tilt-2",
    "kneeroll": "knee-rolls-2", "cat": "cat-camel-1", "heels": "bottom-to-heels-2", "bridge": "bridge-2",
    "out-of-car": "out-of-car-2",
}  # fmt: skip


class Drawing(NamedTuple):
    """A drawing of the register: its words for those who do not see it, and its size in pixels."""

    alt: str
    width: int
    height: int


def read_register(path: Path) -> dict[str, Drawing]:
    """{name: Drawing} of the register; none where there is no such file."""
    rows = tomllib.loads(path.read_text(encoding="utf-8"))["figures"] if path.exists() else {}
    return {name: Drawing(row["alt"], row["width"], row["height"]) for name, row in rows.items()}


def read_thumbnails(path: Path) -> dict[str, tuple[str, int, int]]:
    """{name: (address below static/, width, height)} of the register's thumbnails."""
    rows = tomllib.loads(path.read_text(encoding="utf-8"))["thumbnails"] if path.exists() else {}
    return {
        name: (f"thumbnails/{sheet}.svg", row["width"], row["height"])
        for sheet, row in rows.items()
        for name in row["names"]
    }


DRAWINGS = read_register(REGISTER)
THUMBNAILS = read_thumbnails(REGISTER)
NAMES = (*TEMPLATES, *DRAWINGS)


def render_drawing(name: str, *, lazy: bool = True) -> SafeString:
    """A drawing, with the words that come with a chart. LookupError for a name that is none of NAMES."""
    if name in TEMPLATES:
        return render_to_string(f"content/pictures/{name}.html")
    drawing = DRAWINGS[name]
    return format_html(
        '<figure><img class="picture" src="{}" width="{}" height="{}" alt="{}"{}></figure>',
        *(static(f"figures/{name}.svg"), drawing.width, drawing.height, drawing.alt),
        mark_safe(' loading="lazy"') if lazy else "",
    )


def take_picture(figure: SafeString) -> SafeString:
    """The picture of a figure, without the words below it."""
    return mark_safe(str(re.findall(r"<svg.*</svg>|<img[^>]*>", figure, re.DOTALL)[0]))  # noqa: S308


@lru_cache(maxsize=1)
def list_drawings() -> list[tuple[str, str]]:
    """[(name, what it shows in words)] of all drawings; no words where a template has no title."""
    return [(name, DRAWINGS[name].alt if name in DRAWINGS else read_title(name)) for name in NAMES]


def read_title(template: str) -> str:
    found = re.search(r"<title>([^<]+)</title>", render_to_string(f"content/pictures/{template}.html"))
    return found[1] if found else ""
