"""Draws static/share.png, what other sites show when somebody passes on a page: python docs/pictures/share.py

It names no clinic, so that every clinic can use it. Needs Pillow and the Liberation fonts (Debian: fonts-liberation).
"""

from collections.abc import Iterator
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

FONTS = Path("/usr/share/fonts/truetype/liberation")
Point = tuple[float, float]
SIZE, TEAL, WHITE, PALE, WARM = (1200, 630), "#0a4d54", "#ffffff", "#dcece8", "#ffa07c"
# The mark (static/icon.svg): the curve of a back as two cubic Beziers and the sore place, in a box of 32 x 32.
CURVES: list[tuple[Point, Point, Point, Point]] = [
    ((14, 6), (19, 9), (12, 13), (16, 16)),
    ((16, 16), (20, 19), (14, 23), (18, 26)),
]
STROKE, SPOT, RADIUS = 3.5, (21.5, 20), 3


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
    scale, left, top = 34, -240, 86
    dots = [(point, STROKE / 2, WHITE) for curve in CURVES for point in trace_bezier(curve)]
    for (across, down), radius, color in [*dots, (SPOT, RADIUS, WARM)]:
        x, y, half = left + across * scale, top + down * scale, radius * scale
        pen.ellipse((x - half, y - half, x + half, y + half), fill=color)
    large = ImageFont.truetype(FONTS / "LiberationSans-Bold.ttf", 168)
    small = ImageFont.truetype(FONTS / "LiberationSans-Regular.ttf", 84)
    pen.multiline_text((720, 250), "Has your back\nseized up?", WHITE, large, spacing=36)
    pen.multiline_text(
        (720, 740), "Plain, sourced help,\nand a check that tells you\nhow soon to get help.", PALE, small, spacing=30
    )
    return picture.resize(SIZE, Image.Resampling.LANCZOS).quantize(64)


if __name__ == "__main__":
    draw_share_picture().save(Path(__file__).parents[2] / "static" / "share.png", optimize=True)
