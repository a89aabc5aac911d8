"""Draws static/share.png, what other sites show when somebody passes on a page: python docs/pictures/share.py

It names no clinic, so that every clinic can use it. Needs Pillow and the Liberation fonts (Debian: fonts-liberation).
"""

from collections.abc import Iterator
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

FONTS = Path("/usr/share/fonts/truetype/liberation")
Point = tuple[float, float]
SIZE, TEAL, WHITE, PALE = (1200, 630), "#0b5563", "#ffffff", "#d5ecee"
# The mark beside the clinic's name: the curve of a back as two cubic Beziers, in a box of 20 x 32.
CURVES: list[tuple[Point, Point, Point, Point]] = [
    ((8, 2), (13, 7), (6, 11), (11, 16)),
    ((11, 16), (16, 21), (8, 25), (12, 30)),
]


def trace_bezier(curve: tuple[Point, Point, Point, Point], steps: int = 80) -> Iterator[Point]:
    for step in range(steps + 1):
        t = step / steps
        weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3)
        weighted = list(zip(weights, curve, strict=True))
        yield sum(w * x for w, (x, _) in weighted), sum(w * y for w, (_, y) in weighted)


def draw_share_picture() -> Image.Image:
    # Twice as large and then made small: that smooths the edges.
    picture = Image.new("RGB", (SIZE[0] * 2, SIZE[1] * 2), TEAL)
    pen = ImageDraw.Draw(picture)
    scale, left, top, half = 30, 60, 148, 58
    for curve in CURVES:
        for across, down in trace_bezier(curve):
            x, y = left + across * scale, top + down * scale
            pen.ellipse((x - half, y - half, x + half, y + half), fill=PALE)
    large = ImageFont.truetype(FONTS / "LiberationSans-Bold.ttf", 168)
    small = ImageFont.truetype(FONTS / "LiberationSans-Regular.ttf", 84)
    pen.multiline_text((720, 250), "Has your back\nseized up?", WHITE, large, spacing=36)
    pen.multiline_text(
        (720, 740), "Plain, sourced help,\nand a check that tells you\nhow soon to get help.", PALE, small, spacing=30
    )
    return picture.resize(SIZE, Image.Resampling.LANCZOS).quantize(64)


if __name__ == "__main__":
    draw_share_picture().save(Path(__file__).parents[2] / "static" / "share.png", optimize=True)
