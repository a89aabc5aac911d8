"""One picture for a guide, small enough to keep beside its words."""

from PIL import Image

from tests.serving import ROOT

MOST_BYTES = 120_000


def shoot(page, folder, name, height):
    """A small PNG in this folder: as wide as the guide shows it, in 64 colours. Stops where it is still too large."""
    page.set_viewport_size({"width": 1280, "height": height})
    path = folder / f"{name}.png"
    page.screenshot(path=path)
    with Image.open(path) as image:
        small = image.convert("RGB").resize((1040, round(image.height * 1040 / image.width)), Image.Resampling.LANCZOS)
    small.quantize(64, dither=Image.Dither.NONE).save(path, optimize=True)
    size = path.stat().st_size
    print(f"{path.relative_to(ROOT)}: {size:,} bytes")  # noqa: T201
    if size > MOST_BYTES:
        raise SystemExit(f"{path.name} is larger than {MOST_BYTES:,} bytes.")
