"""Draws all pictures to static/figures/, and small to static/thumbnails/, writes figures.toml, and puts them on one
sheet, light and dark: var/figures/.

    python -m content.illustrations.draw_figures [NAME ...]

With names (or beginnings of names) only those are drawn, only to var/figures/, to be looked at.
"""

import hashlib
import importlib
import sys
from multiprocessing import Pool
from pathlib import Path

from .drawing import Scene, draw_scene
from .figures import FIGURES
from .movements import write_movement
from .thumbnails import SHEETS, write_thumbnails

STUDIO = Path(__file__).parent
ROOT = STUDIO.parents[1]
DRAWN, SMALL, LOOK = ROOT / "static/figures", ROOT / "static/thumbnails", ROOT / "var/figures"
# What the register gives a digest of: all that a picture depends on.
SOURCES = ("*.py", "scenes/*.py", "anatomy/*", "characters.toml", "characters/*.npz", "requirements.txt")


def load_scenes() -> None:
    """Imports every module of scenes/, so that its pictures stand in the list."""
    for path in sorted((STUDIO / "scenes").glob("*.py")):
        importlib.import_module(f"{__package__}.scenes.{path.stem}")


def draw_figure(name: str) -> str:
    """The SVG of a picture."""
    load_scenes()
    made = FIGURES[name].make()
    if isinstance(made, str):
        return made
    return draw_scene(made).write() if isinstance(made, Scene) else write_movement(made)


def digest(path: Path) -> str:
    """The SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def read_size(svg: str) -> tuple[int, int]:
    """Width and height of an SVG, from its viewBox."""
    _, _, width, height = svg.split('viewBox="')[1].split('"')[0].split()
    return int(width), int(height)


def write_register(sizes: dict[str, tuple[int, int]]) -> None:
    """Writes figures.toml: each picture with its alt text, size and digest; each source with its digest; thumbnails."""
    lines = ["# Made by `make drawings`. Change a text in scenes/, not here.", "", "[sources]"]
    sources = sorted({path for pattern in SOURCES for path in STUDIO.glob(pattern)})
    lines += [f'"{path.relative_to(STUDIO).as_posix()}" = "{digest(path)}"' for path in sources]
    for name, (width, height) in sorted(sizes.items()):
        figure = FIGURES[name]
        alt = figure.alt.replace("\\", "\\\\").replace('"', '\\"')
        lines += ["", f"[figures.{name}]", f'alt = "{alt}"', f'group = "{figure.group}"']
        lines += [f"width = {width}", f"height = {height}", f'sha256 = "{digest(DRAWN / f"{name}.svg")}"']
    for name, sheet in SHEETS.items():
        height, names = sheet.height, ", ".join(f'"{name}"' for name in sheet.list_names())
        lines += ["", f"[thumbnails.{name}]", f"names = [{names}]"]
        lines += [f"width = {height * 4 // 3}", f"height = {height}", f'sha256 = "{digest(SMALL / f"{name}.svg")}"']
    (STUDIO / "figures.toml").write_text("\n".join(lines) + "\n")


def draw_thumbnails() -> None:
    """Writes static/thumbnails/ from the drawn files."""
    SMALL.mkdir(parents=True, exist_ok=True)
    for name, sheet in SHEETS.items():
        drawings = {name: (DRAWN / f"{name}.svg").read_text() for name in sheet.list_names()}
        (SMALL / f"{name}.svg").write_text(write_thumbnails(drawings, sheet.height, sheet.error))


def write_sheet(names: list[str]) -> None:
    """Puts the pictures on one page, light; the browser's dark scheme shows the other colors."""
    cards = "".join(
        f'<figure><img src="{name}.svg" alt=""><figcaption>{name}<br>{FIGURES[name].alt}</figcaption></figure>'
        for name in names
    )
    style = (
        ":root{color-scheme:light dark}body{font:13px sans-serif;background:#fcf7ef;color:#14262b;display:flex;"
        "flex-wrap:wrap;gap:12px}figure{margin:0;width:320px}img{width:320px;height:240px;object-fit:contain;"
        "background:#f4e6d4;border-radius:12px}figure:nth-child(4n+1) img{background:#dcece8}"
        "figure:nth-child(4n+2) img{background:#e0ebf3}figure:nth-child(4n+3) img{background:#f8e1d8}"
        "@media(prefers-color-scheme:dark){body{background:#12191b;color:#f5f0e8}img{background:#3a4548}"
        "figure:nth-child(4n+1) img{background:#1d3c3c}figure:nth-child(4n+2) img{background:#24384a}"
        "figure:nth-child(4n+3) img{background:#4a3430}}"
    )
    page = f"<!doctype html><meta charset=utf-8><title>Pictures</title><style>{style}</style>{cards}"
    (LOOK / "sheet.html").write_text(page)


def main() -> None:
    """Draws all pictures, or those whose names begin as asked."""
    load_scenes()
    wanted = tuple(sys.argv[1:])
    names = [name for name in sorted(FIGURES) if not wanted or name.startswith(wanted)]
    DRAWN.mkdir(parents=True, exist_ok=True)
    LOOK.mkdir(parents=True, exist_ok=True)
    sizes = {}
    with Pool() as pool:
        for name, svg in zip(names, pool.imap(draw_figure, names), strict=True):
            sizes[name] = read_size(svg)
            (LOOK / f"{name}.svg").write_text(svg)
            if not wanted:
                (DRAWN / f"{name}.svg").write_text(svg)
            print(f"{name:32} {sizes[name][0]} x {sizes[name][1]}  {len(svg)} bytes", flush=True)
    write_sheet(names)
    if not wanted:
        for path in DRAWN.glob("*.svg"):
            if path.stem not in FIGURES:
                path.unlink()
        draw_thumbnails()
        write_register(sizes)


if __name__ == "__main__":
    main()
