"""The drawn pictures agree with what they were drawn from. Drawing itself is `make drawings`."""

import hashlib
import re
import tomllib
from pathlib import Path

from core.readability import compute_reading_grade

ROOT = Path(__file__).parents[3]
STUDIO, DRAWN, SMALL = ROOT / "content/illustrations", ROOT / "static/figures", ROOT / "static/thumbnails"
REGISTER = tomllib.loads((STUDIO / "figures.toml").read_text())
FIGURES = REGISTER["figures"]
SOURCES = ("*.py", "scenes/*.py", "anatomy/*", "characters.toml", "characters/*.npz", "requirements.txt")
ADVICE = "`make drawings` draws them again."


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_every_drawn_file_is_the_one_that_the_register_knows():
    assert {path.stem: digest(path) for path in DRAWN.iterdir()} == {
        name: figure["sha256"] for name, figure in FIGURES.items()
    }, ADVICE


def test_the_small_drawings_are_those_that_the_register_knows_a_view_for_each():
    assert {path.stem: digest(path) for path in SMALL.iterdir()} == {
        name: sheet["sha256"] for name, sheet in REGISTER["thumbnails"].items()
    }, ADVICE
    for name, sheet in REGISTER["thumbnails"].items():
        views = re.findall('<view id="([^"]*)"', (SMALL / f"{name}.svg").read_text())
        assert views == sheet["names"], ADVICE


def test_no_source_has_changed_since_the_pictures_were_drawn():
    sources = {path for pattern in SOURCES for path in STUDIO.glob(pattern)}
    assert {path.relative_to(STUDIO).as_posix(): digest(path) for path in sources} == REGISTER["sources"], ADVICE


def test_every_picture_says_in_plain_words_what_there_is_to_see():
    texts = [figure["alt"] for figure in FIGURES.values()]
    assert all(len(text) >= 20 and text.endswith(".") for text in texts)
    assert compute_reading_grade(" ".join(texts)) <= 8


def test_a_picture_is_as_large_as_the_register_says():
    for name, figure in FIGURES.items():
        box = (DRAWN / f"{name}.svg").read_text().split('viewBox="')[1].split('"')[0].split()
        assert (int(box[2]), int(box[3])) == (figure["width"], figure["height"]), name


def test_a_picture_runs_nothing_and_fetches_nothing():
    outside = re.compile(r"<(script|image|foreignObject)|url\((?!#)|@import|\son[a-z]+=|href=\"(?!#)")
    for path in (*DRAWN.iterdir(), *SMALL.iterdir()):
        assert not outside.search(path.read_text()), path.name
