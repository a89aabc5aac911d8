"""The drawings that stand small beside words, a list of them in one file of static/thumbnails/: read from those drawn.

Shown some 100 pixels wide, a drawing needs fewer points, and one file packs better than eighteen. Each drawing has a
view of its own, `sports.svg#golf`; where a browser knew no views, the first place would show, which is empty.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

import numpy as np

from .drawing import DARK, STYLE
from .figures import FIGURES
from .outlines import UNITS, fit_closed, fit_open, write_path

CORNER = 45  # degrees that a line turns by
TALL = 720  # the height of a place in the units that STYLE's strokes are meant for
VALUES = {"l": 2, "h": 1, "v": 1, "q": 4, "s": 4, "c": 6}


@dataclass(frozen=True)
class Sheet:
    """Drawings in one file: these names, or those of a group. height: of a place, in units; it is a third wider.

    error: of an outline, in pixels (see outlines.py).
    """

    names: Sequence[str] = ()
    group: str = ""
    height: int = 240
    error: float = 1

    def list_names(self) -> list[str]:
        """The drawings in their order."""
        return [*self.names, *sorted(name for name, figure in FIGURES.items() if figure.group == self.group)]


SHEETS = {
    "sports": Sheet(group="sports", error=1.6),
    "steps": Sheet(("rest-calves-on-chair", "out-of-bed-2", "walking")),
    "topics": Sheet(("sore-back", "bridge-2", "clinician-visit"), height=390),
}


def read_lines(path: str) -> Iterator[tuple[np.ndarray, bool]]:
    """The lines of SVG path data as close points (x, y), and whether each is closed."""
    line: list[np.ndarray] = []
    for letter, text in re.findall(r"([a-zA-Z])([^a-zA-Z]*)", path):
        kind, values = letter.lower(), [float(number) for number in re.findall(r"-?[\d.]+", text)]
        if kind in "mz" and line:
            yield np.array(line), kind == "z"
            line = []
        if kind == "m":
            line, before = [np.array(values)], None
        while values and kind != "m":
            here, now, values = line[-1], values[: VALUES[kind]], values[VALUES[kind] :]
            start = here if letter.islower() else np.zeros(2)
            if kind in "hv":
                now = [now[0], here[1] - start[1]] if kind == "h" else [here[0] - start[0], now[0]]
            points = np.reshape(now, (-1, 2)) + start
            if kind == "s":
                points = np.vstack([here if before is None else 2 * here - before, points])
            before = points[-2] if kind in "sc" else None
            line.extend(_sample([here, *points]))
    if line:
        yield np.array(line), False


def _sample(controls: list[np.ndarray]) -> np.ndarray:
    """Points along a Bezier curve of any degree (de Casteljau), without its start."""
    t = np.linspace(0, 1, 13 if len(controls) > 2 else 2)[1:, None]
    while len(controls) > 1:
        controls = [a * (1 - t) + b * t for a, b in pairwise(controls)]
    return controls[0]


def simplify_path(path: str, scale: float, shift: np.ndarray, error: float) -> str:
    """The path at another size and place, with no more points than it needs there."""
    short = ""
    for points, closed in read_lines(path):
        pixels = (points * scale + shift) / UNITS
        curves = fit_closed(pixels, error, 0, CORNER) if closed else fit_open(pixels, error, 0)
        short += write_path(curves, closed)
    return short


def write_thumbnails(drawings: dict[str, str], height: int, error: float) -> str:
    """One SVG of these drawings {name: SVG}, in places one below the other, the first of them empty."""
    width, step = height * 4 // 3, height * 5 // 4
    colors: dict[tuple[str, str], str] = {}
    views = body = ""
    for number, (name, svg) in enumerate(drawings.items(), 1):
        head, drawn = svg.removesuffix("</svg>\n").split("</style>")
        own_style = head.replace(STYLE, "").replace(DARK, "").split("@media")
        light, dark = (dict(re.findall(r"\.(\w+){fill:(#\w+)}", part)) for part in own_style)
        classes = {
            own: colors.setdefault((color, dark.get(own, color)), f"c{len(colors)}") for own, color in light.items()
        }
        box = np.array(head.split('viewBox="')[1].split('"')[0].split(), float)
        scale = min((width, height) / box[2:])
        shift = ((width, height) - box[2:] * scale) / 2 - box[:2] * scale
        simplify = partial(simplify_path, scale=scale, shift=shift, error=error)
        drawn = re.sub(r'(?<= d=")[^"]*', lambda found, simplify=simplify: simplify(found[0]), drawn)
        drawn = re.sub(r'(?<=class=")\w+', lambda found, classes=classes: classes.get(found[0], found[0]), drawn)
        drawn = drawn.replace('id="a"', f'id="a{number}"').replace('"#a"', f'"#a{number}"')
        views += f'<view id="{name}" viewBox="0 {number * step} {width} {height}"/>'
        body += f'<g transform="translate(0 {number * step})">{drawn}</g>'
    light_style = "".join(f".{name}{{fill:{light}}}" for (light, _), name in colors.items())
    dark_style = "".join(f".{name}{{fill:{dark}}}" for (light, dark), name in colors.items() if light != dark)
    style = re.sub(
        r"stroke-width:([\d.]+)",
        lambda found: f"stroke-width:{float(found[1]) * height / TALL:.2g}",
        f"{STYLE}{light_style}@media(prefers-color-scheme:dark){{{dark_style}{DARK}}}",
    )
    start = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"><style>{style}</style>'
    return f"{start}{views}{body}</svg>\n"
