"""An uploaded picture made safe and small: read by what it is, drawn anew, kept as WebP in the widths phones need.

The upload itself is thrown away. Drawing it anew leaves nothing of it but its pixels: no place where a photograph was
taken, no name of a camera, no script in a comment. SVG is never read.
"""

import contextlib
import hashlib
import io
import os
import re
import tempfile
import threading
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from django.conf import settings
from PIL import Image, ImageCms

# libjpeg unpacks a whole progressive picture before it draws the first line: past this it gives up.
os.environ.setdefault("JPEGMEM", "150M")

MOST_BYTES = 24 * 1024 * 1024
# The most pixels of a picture that is read with 300 MB for the whole process: a JPEG is made small while it is read, a
# PNG takes four bytes a pixel, WebP sixteen.
MOST_PIXELS = {"JPEG": 120_000_000, "MPO": 120_000_000, "PNG": 40_000_000, "WEBP": 12_500_000}
MOST_PIXELS_PROGRESSIVE = 25_000_000
LEAST_WIDTH = 300
# A picture is shown 384 px wide at most: once, twice and three times as fine.
WIDTHS = (390, 780, 1200)
# A whole article has 30 KiB on its first visit, of which the page itself takes about half.
MOST_FILE_BYTES = 12 * 1024
QUALITIES = (80, 70, 60, 50, 42, 35, 28)
SRGB = ImageCms.createProfile("sRGB")
ORIENTATION = 0x0112
# What puts a picture upright, by what the camera noted.
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
SIDEWAYS = [TURNS[orientation] for orientation in (5, 6, 7, 8)]
# Other kinds that people send, by their first bytes.
OTHER_KINDS = {
    rb"....ftyp(hei|hev|mif1|msf1)": "HEIC",
    rb"....ftypavi": "AVIF",
    rb"GIF8": "GIF",
    rb"II[*+]\0|MM\0[*+]": "TIFF",
    rb"\W{0,9}<.{0,900}svg": "SVG",
}
HEIC = (
    "This is a HEIC picture, as many phones take them. Send it as JPEG: on an iPhone choose Settings, Camera, Formats, "
    "Most Compatible, and take it anew; on another phone, or for a picture you have, open it and save it as JPEG."
)
# One at a time: two would need the memory twice.
ONE_AT_A_TIME = threading.Lock()


class UnusableImageError(Exception):
    """An upload that is no picture we take; the message says why in plain words."""


@dataclass
class ProcessedImage:
    """What became of an upload. digest: SHA-256 of its largest file; files: {width: WebP bytes}."""

    digest: str
    width: int
    height: int
    files: dict[int, bytes]


def process_upload(upload: IO[bytes]) -> ProcessedImage:
    """Made from a file object that an editor sent. Raises UnusableImageError."""
    if upload.seek(0, os.SEEK_END) > MOST_BYTES:
        raise UnusableImageError(
            f"The file is larger than {MOST_BYTES // 1024 // 1024} MB. Save it smaller and try again."
        )
    # Pillow warns of side notes that it cannot read. They go anyway.
    with ONE_AT_A_TIME, warnings.catch_warnings(action="ignore"):
        image = open_image(upload)
        try:
            width, height, image = draw_small(image)
        except UnusableImageError:
            raise
        # Pillow's readers raise many kinds of errors on broken files, SyntaxError and struct.error among them.
        except Exception as error:
            raise UnusableImageError(
                "The picture cannot be read to its end: the file is damaged or cut off. Save or send it anew."
            ) from error
        files: dict[int, bytes] = {}
        for shown in sorted({min(shown, width) for shown in WIDTHS}):
            size = (shown, max(1, round(height * shown / width)))
            if webp := encode_webp(image.resize(size, Image.Resampling.LANCZOS), must=not files):
                files[shown] = webp
    largest = files[max(files)]
    return ProcessedImage(hashlib.sha256(largest).hexdigest(), width, height, files)


def open_image(upload: IO[bytes]) -> Image.Image:
    """A picture of a kind and size that we can read, none of its pixels unpacked yet. Raises UnusableImageError.

    What a file claims to be by its name or type is not asked.
    """
    upload.seek(0)
    start = upload.read(1000)
    try:
        image = Image.open(upload, formats=("JPEG", "PNG", "WEBP"))
    except Image.DecompressionBombError as error:
        raise UnusableImageError("The picture has far too many million pixels. Save it smaller.") from error
    except Exception as error:
        raise UnusableImageError(describe_other_kind(start)) from error
    most = MOST_PIXELS_PROGRESSIVE if "progressive" in image.info else MOST_PIXELS[image.format or ""]
    if image.width * image.height > most:
        raise UnusableImageError(
            f"The picture has more than {most // 1_000_000} million pixels. Save it smaller, or as a JPEG that is not "
            "progressive."
        )
    # A phone's JPEG may hold more than one picture, the first of which is meant (MPO).
    if image.format != "MPO" and getattr(image, "is_animated", False):
        raise UnusableImageError("The picture moves. Articles show still pictures: save one of it as JPEG or PNG.")
    return image


def describe_other_kind(start: bytes) -> str:
    """What to do about a file that begins so and is none of our kinds."""
    kind = next((kind for pattern, kind in OTHER_KINDS.items() if re.match(pattern, start, re.DOTALL)), "")
    if kind == "HEIC":
        return HEIC
    named = f"a {kind} file, " if kind else ""
    return f"This is {named}not a JPEG, PNG or WebP picture that can be read. Save it as JPEG or PNG."


def draw_small(image: Image.Image) -> tuple[int, int, Image.Image]:
    """(width, height, picture): its size upright; itself upright, in RGB or RGBA, not much larger than we need it.

    Raises UnusableImageError for a shape that no page has room for, and whatever Pillow raises on a broken file.
    """
    # A JPEG can be made small while it is read; any other picture may say at its end which way is up.
    if image.format not in ("JPEG", "MPO"):
        image.load()
    turn = read_turn(image)
    width, height = image.size[::-1] if turn in SIDEWAYS else image.size
    if width < LEAST_WIDTH:
        raise UnusableImageError(f"The picture is {width} pixels wide; it needs {LEAST_WIDTH} or more to look sharp.")
    if height > 2.5 * width:
        raise UnusableImageError("The picture is more than two and a half times as high as it is wide. Cut it first.")
    factor = max(1, width // WIDTHS[-1])
    image.draft(image.mode, (max(1, image.width // factor), max(1, image.height // factor)))
    image.load()
    read_width = image.height if turn in SIDEWAYS else image.width
    small = convert_colors(reduce_image(image, max(1, read_width // WIDTHS[-1])), image.info.get("icc_profile"))
    return width, height, small if turn is None else small.transpose(turn)


def read_turn(image: Image.Image) -> Image.Transpose | None:
    """What puts it upright, if anything. Notes that are cut off or make no sense say nothing."""
    with contextlib.suppress(Exception):
        return TURNS.get(image.getexif().get(ORIENTATION, 1))
    return None


def reduce_image(image: Image.Image, factor: int) -> Image.Image:
    """This many times smaller, in L, RGB, RGBA or CMYK. In bands: a whole copy in such a mode may take 160 MB."""
    band = factor * max(1, 2_000_000 // (image.width * factor))
    small = None
    for top in range(0, image.height, band):
        part = simplify_mode(image.crop((0, top, image.width, min(top + band, image.height)))).reduce(factor)
        small = small or Image.new(part.mode, (part.width, -(-image.height // factor)))
        small.paste(part, (0, top // factor))
    return small or image


def simplify_mode(image: Image.Image) -> Image.Image:
    """The same in L, RGB, RGBA or CMYK: pixels of these can be averaged."""
    if image.mode.startswith("I"):  # 16 bits of gray
        return image.point(lambda value: value / 256).convert("L")
    if image.has_transparency_data:
        return image.convert("RGBA")
    return image if image.mode in ("L", "CMYK") else image.convert("RGB")


def convert_colors(image: Image.Image, profile: bytes | None) -> Image.Image:
    """The same in sRGB, as RGB or RGBA."""
    mode = "RGBA" if image.mode == "RGBA" else "RGB"
    if profile:
        # With a broken profile the colors may be a little off, which is no reason to refuse the picture.
        with contextlib.suppress(ImageCms.PyCMSError, OSError, TypeError, ValueError):
            described = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            image = ImageCms.profileToProfile(image, described, SRGB, outputMode=mode) or image
    return image.convert(mode)


def encode_webp(image: Image.Image, must: bool) -> bytes | None:
    """The image as WebP in the best quality that fits MOST_FILE_BYTES; None if none does, unless it must be."""
    # Only pixels go on: what else was in the file stays behind.
    bare = Image.new(image.mode, image.size)
    bare.paste(image)
    for quality in (*QUALITIES, 10) if must else QUALITIES:
        file = io.BytesIO()
        bare.save(file, "WEBP", quality=quality, method=6, alpha_quality=70, exif=b"", icc_profile=b"")
        if file.tell() <= MOST_FILE_BYTES:
            return file.getvalue()
    return file.getvalue() if must else None


def get_file_path(digest: str, width: int) -> Path:
    """Where a file lies. Both parts come from a row of Picture, never from an address."""
    return Path(settings.MEDIA_ROOT) / f"{digest}-{int(width)}.webp"


def save_files(made: ProcessedImage) -> None:
    """Write the files, whole or not at all."""
    # For this user only, as mkstemp's file is: the site shows them itself.
    settings.MEDIA_ROOT.mkdir(mode=0o700, parents=True, exist_ok=True)
    for width, data in made.files.items():
        handle, name = tempfile.mkstemp(dir=settings.MEDIA_ROOT, suffix=".part")
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(get_file_path(made.digest, width))
