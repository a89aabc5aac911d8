"""The anatomical drawings: muscles of the back, disc, small joints, stress crack, spasm, sciatic nerve.

They are drawn by hand: anatomy/NAME.svg, with classes and colors by name; here the palette of both schemes comes in.
A drawing is 640 units wide and shown at 320 px or more, so its text of 31 units is over 15 px.
"""

import re
from pathlib import Path

from ..figures import figure

DRAWINGS = Path(__file__).resolve().parents[1] / "anatomy"

# Text is in the accent, on the page's own grounds: AAA contrast (7:1) in both schemes. Where it stands on bone: `.i`.
LIGHT = {
    "line": "#3a2a2c", "accent": "#6f3a0b", "halo": "#fff", "skin": "#eacfb6", "hair": "#8b7468",
    "bone": "#f3e6cd", "bone-behind": "#dbc8a5", "muscle": "#d98a70", "muscle-deep": "#bd5f4d",
    "muscle-pale": "#e5b39c", "disc": "#86b9c6", "disc-middle": "#d8eef1", "nerve": "#e8b02e",
}  # fmt: skip
DARK = {
    "line": "#161113", "accent": "#ffd9a0", "halo": "#161113", "skin": "#c9a88c", "hair": "#6a564c",
    "bone": "#e6d8bd", "bone-behind": "#b7a483", "muscle": "#c9775f", "muscle-deep": "#a94d3f",
    "muscle-pale": "#c99a84", "disc": "#6aa3b1", "disc-middle": "#cfe6ea", "nerve": "#e8b02e",
}  # fmt: skip

# o outlined shape, g inner line, s shade, a arrow,
# p pointer of a label (h: its halo), t its text (e ends at x, f starts there), i on bone.
STYLE = """
svg{stroke-width:3;stroke-linejoin:round;stroke-linecap:round}
.o{stroke:var(--line)}
.g{fill:none;stroke:var(--line);opacity:.5}
.s{opacity:.15}
.a{fill:none;stroke:var(--accent);stroke-width:8}
.p{fill:none;stroke:var(--accent);stroke-width:3}
.h{fill:none;stroke:var(--halo);stroke-width:7}
.t{font:600 31px system-ui,sans-serif;fill:var(--accent);text-anchor:middle;stroke:none}
.e{text-anchor:end}
.f{text-anchor:start}
.i{fill:#2a1c1e}
"""


def make_style(drawing: str) -> str:
    """The <style> of a drawing: the colors it uses, for light and dark, and the classes."""
    used = [name for name in LIGHT if f"--{name})" in drawing + STYLE]
    light, dark = (";".join(f"--{name}:{colors[name]}" for name in used) for colors in (LIGHT, DARK))
    scheme = f"svg{{{light}}}@media(prefers-color-scheme:dark){{svg{{{dark}}}}}"
    return f"<style>{scheme}{STYLE.replace(chr(10), '')}</style>"


def read_drawing(name: str) -> str:
    """A drawing as it is served: `{style}` and `{back}` (the outline of a body from behind) are filled in."""
    source = (DRAWINGS / f"{name}.svg").read_text(encoding="utf-8")
    drawing = re.sub(r"<!--.*?-->", "", source, flags=re.DOTALL)
    drawing = drawing.replace("{back}", (DRAWINGS / "back.txt").read_text(encoding="utf-8"))
    drawing = re.sub(r'fill="([a-z-]+)"', lambda color: fill_named(color[1]), drawing)
    drawing = re.sub(r'<path class="p" (d="[^"]*")/>', r'<path class="h" \1/><path class="p" \1/>', drawing)
    drawing = re.sub(r"\s+", " ", drawing).replace("> <", "><").strip()
    return drawing.replace("{style}", make_style(drawing)) + "\n"


def fill_named(name: str) -> str:
    """The attribute for a color of the palette; other words (none, url(...)) stay."""
    return f'fill="var(--{name})"' if name in LIGHT else f'fill="{name}"'


@figure(
    "muscles",
    "The muscles of the back from behind. Near the skin: the trapezius from neck to mid back, the latissimus "
    "dorsi from armpit to low back, the gluteus maximus in the buttock. Deeper: the erector spinae beside the "
    "whole spine, the quadratus lumborum between the last rib and the hip bone.",
)
def draw_muscles():
    return read_drawing("muscles")


@figure(
    "spasm",
    "Two drawings of a muscle between two bones. At rest it is long and soft. In a spasm it is short, thick "
    "and tight, and pulls the bones together.",
)
def draw_spasm():
    return read_drawing("spasm")


@figure(
    "disc",
    "Two bones of the spine from the side, a disc between them, a nerve behind. Healthy: the disc is even and "
    "the nerve runs free. Bulging: the soft middle pushes the disc out at the back, against the nerve. The "
    "disc stays in its place.",
)
def draw_disc():
    return read_drawing("disc")


@figure(
    "joints",
    "The low back and pelvis from behind. The facet joints are small and lie left and right between two bones "
    "of the spine. The sacroiliac joints are long and lie where the spine meets the hip bones.",
)
def draw_joints():
    return read_drawing("joints")


@figure(
    "pars",
    "Two bones of the low back from the side. A crack runs across the thin bridge of bone behind the upper "
    "one. An arrow shows leaning back, which squeezes the bridge.",
)
def draw_pars():
    return read_drawing("pars")


@figure(
    "nerve",
    "The hips and legs from behind. Nerve roots leave the low back and join to the sciatic nerve. It runs "
    "through the buttock and down the back of the leg to the foot.",
)
def draw_nerve():
    return read_drawing("nerve")


@figure(
    "tight-muscle",
    "The low back from behind: the spine, the hip bones and the long muscles. On one side a muscle is tight.",
)
def draw_tight_muscle():
    return read_drawing("tight-muscle")
