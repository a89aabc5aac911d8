"""An uploaded picture made safe and small: read by what it is, drawn anew, kept as WebP in the widths phones need.

The upload itself is thrown away. Drawing it anew leaves nothing of it but its pixels: no place where a photograph was
taken, no name of a camera, no script in a comment. SVG is never read.
"""

import contextlib
import hashlib
import io
import os
import tempfile
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from django.conf import settings
from PIL import Image, ImageCms, ImageOps

FORMATS = ("JPEG", "PNG", "WEBP")
MOST_BYTES = 12 * 1024 * 1024
# A photograph of a good camera; four bytes a pixel while it is read.
MOST_PIXELS = 40_000_000
LEAST_WIDTH = 300
# A picture is shown 384 px wide at most: once, twice and three times as fine.
WIDTHS = (390, 780, 1200)
# A whole article has 30 KiB on its first visit, of which the page itself takes about half.
MOST_FILE_BYTES = 12 * 1024
QUALITIES = (80, 70, 60, 50, 42, 35, 28)


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
    data = upload.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise UnusableImageError(
            f"The file is larger than {MOST_BYTES // 1024 // 1024} MB. Save it smaller and try again."
        )
    image = normalize_image(read_image(data))
    if image.width < LEAST_WIDTH:
        raise UnusableImageError(
            f"The picture is {image.width} pixels wide; it needs {LEAST_WIDTH} or more to look sharp."
        )
    if image.height > 2.5 * image.width:
        raise UnusableImageError("The picture is more than two and a half times as high as it is wide. Cut it first.")
    files: dict[int, bytes] = {}
    for width in sorted({min(width, image.width) for width in WIDTHS}):
        small = image.resize((width, max(1, round(image.height * width / image.width))), Image.Resampling.LANCZOS)
        if webp := encode_webp(small, must=not files):
            files[width] = webp
    largest = files[max(files)]
    return ProcessedImage(hashlib.sha256(largest).hexdigest(), image.width, image.height, files)


def read_image(data: bytes) -> Image.Image:
    """The pixels of the first frame. What a file claims to be by its name or type is not asked."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            # Only the first bytes are read here: the size is known before anything is unpacked.
            image = Image.open(io.BytesIO(data), formats=FORMATS)
            if image.width * image.height > MOST_PIXELS:
                raise Image.DecompressionBombError
            image.load()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        million = MOST_PIXELS // 1_000_000
        raise UnusableImageError(f"The picture has more than {million} million pixels. Save it smaller.") from error
    # Pillow's readers raise many kinds of errors on broken files, SyntaxError and struct.error among them.
    except Exception as error:
        raise UnusableImageError(
            "This is not a JPEG, PNG or WebP picture that can be read. Other kinds are not taken."
        ) from error
    return image


def normalize_image(image: Image.Image) -> Image.Image:
    """Turned as the camera says, in plain sRGB colours, with transparent parts kept."""
    image = ImageOps.exif_transpose(image)
    mode = "RGBA" if "A" in image.getbands() or "transparency" in image.info else "RGB"
    profile = image.info.get("icc_profile")
    if profile and image.mode in ("RGB", "RGBA"):
        # With a broken profile the colours may be a little off, which is no reason to refuse the picture.
        with contextlib.suppress(ImageCms.PyCMSError, OSError, ValueError):
            image = ImageCms.profileToProfile(image, ImageCms.ImageCmsProfile(io.BytesIO(profile)), SRGB) or image
    return image.convert(mode)


SRGB = ImageCms.createProfile("sRGB")


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
