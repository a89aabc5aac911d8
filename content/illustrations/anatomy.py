"""The anatomical drawings: muscles of the back, disc, small joints, stress crack, spasm, sciatic nerve.

anatomy/NAME.svg are drawn by hand, with classes and colors by name; `python content/illustrations/anatomy.py` sets the
palette of both schemes in and writes static/figures/NAME.svg, byte for byte the same each time. No packages needed.
A drawing is 640 units wide and shown at 320 px or more, so its text of 31 units is over 15 px.
"""

import re
from pathlib import Path

HERE = Path(__file__).resolve().parent
FIGURES = HERE.parents[1] / "static" / "figures"

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


def make_figure(source: str) -> str:
    """A drawing as it is served. source: its SVG by hand; `{style}` and `{back}` (a path's data) are filled in."""
    drawing = re.sub(r"<!--.*?-->", "", source, flags=re.DOTALL)
    drawing = drawing.replace("{back}", (HERE / "anatomy" / "back.txt").read_text(encoding="utf-8"))
    drawing = re.sub(r'fill="([a-z-]+)"', lambda color: fill_named(color[1]), drawing)
    drawing = re.sub(r'<path class="p" (d="[^"]*")/>', r'<path class="h" \1/><path class="p" \1/>', drawing)
    drawing = re.sub(r"\s+", " ", drawing).replace("> <", "><").strip()
    return drawing.replace("{style}", make_style(drawing)) + "\n"


def fill_named(name: str) -> str:
    """The attribute for a color of the palette; other words (none, url(...)) stay."""
    return f'fill="var(--{name})"' if name in LIGHT else f'fill="{name}"'


def main() -> None:
    FIGURES.mkdir(exist_ok=True)
    for path in sorted((HERE / "anatomy").glob("*.svg")):
        (FIGURES / path.name).write_text(make_figure(path.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
