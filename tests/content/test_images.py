"""Pictures as phones, cameras and programs write them: every mode and turn, broken side notes, and what it costs."""

import io
import os
import random
import re
import subprocess
import sys
import warnings

import pytest
from PIL import Image, ImageCms

from content import images
from content.images import UnusableImageError, process_upload

from ..serving import ROOT

LEFT, RIGHT = (200, 60, 20), (20, 60, 200)


def two_halves(width=400, height=320, mode="RGB"):
    """Reddish on the left, blueish on the right."""
    image = Image.new("RGB", (width, height), RIGHT)
    image.paste(LEFT, (0, 0, width // 2, height))
    if mode == "I;16":
        return image.convert("I").point(lambda value: value * 257).convert(mode)
    return image.quantize(2) if mode == "P" else image.convert(mode)


def as_file(image, kind="PNG", **options):
    file = io.BytesIO()
    image.save(file, kind, **{"PNG": {"compress_level": 1}, "WEBP": {"method": 0}}.get(kind, {}) | options)
    return file.getvalue()


def process(data):
    """(its size, itself), read as an upload is; without the files that are made of it."""
    with warnings.catch_warnings(action="ignore"):
        width, height, image = images.draw_small(images.open_image(io.BytesIO(data)))
    return (width, height), image.convert("RGBA")


def color_at(image, x, y):
    """The color at this part of the width and of the height."""
    return image.getpixel((int(image.width * x), int(image.height * y)))


def is_near(color, other, by=12):
    return all(abs(one - two) <= by for one, two in zip(color, other, strict=False))


def refusal(data):
    with pytest.raises(UnusableImageError) as error:
        process_upload(io.BytesIO(data))
    return str(error.value)


@pytest.mark.parametrize(
    ("kind", "mode"),
    [
        *(("PNG", mode) for mode in ("L", "LA", "P", "RGB", "RGBA", "I;16")),
        *(("JPEG", mode) for mode in ("L", "RGB", "CMYK", "YCbCr")),
        *(("WEBP", mode) for mode in ("RGB", "RGBA")),
    ],
)
@pytest.mark.parametrize("width", [400, 2600])
def test_a_picture_of_any_mode_keeps_its_colors(kind, mode, width):
    told = two_halves(mode="L" if mode == "I;16" else mode).convert("RGB")
    _, drawn = process(as_file(two_halves(width, width * 3 // 4, mode), kind))
    for x in (0.25, 0.75):
        assert is_near(color_at(drawn, x, 0.5), color_at(told, x, 0.5))


def test_black_and_white_dots_become_gray_where_they_are_drawn_smaller():
    _, drawn = process(as_file(Image.new("L", (2600, 1950), 128).convert("1")))
    assert is_near(drawn.resize((1, 1)).getpixel((0, 0)), (128, 128, 128))


MODES = ["1", "L", "LA", "P", "PA", "RGB", "RGBA", "RGBX", "CMYK", "YCbCr", "LAB", "HSV", "I", "I;16", "F"]


@pytest.mark.parametrize("mode", MODES)
def test_there_is_no_mode_that_cannot_be_drawn(mode):
    small = images.convert_colors(images.reduce_image(Image.new(mode, (40, 30)), 4), None)
    assert (small.mode, small.size) == ("RGBA" if mode in ("LA", "PA", "RGBA") else "RGB", (10, 8))


@pytest.mark.parametrize("width", [400, 2600])
@pytest.mark.parametrize("mode", ["LA", "RGBA", "P", "RGB", "L"])
def test_clear_parts_stay_clear_in_every_mode_that_has_them(mode, width):
    image = two_halves(width, width * 3 // 4)
    options = {"transparency": {"P": 0, "RGB": RIGHT, "L": 0}[mode]} if mode in ("P", "RGB", "L") else {}
    if mode == "P":
        image = image.quantize(2)
        options["transparency"] = image.getpixel((width - 1, 1))
    elif mode == "L":
        image = image.convert("L").point(
            lambda value: 0 if value == image.convert("L").getpixel((width - 1, 1)) else 99
        )
    elif mode != "RGB":
        image = image.convert(mode)
        image.putalpha(two_halves(width, width * 3 // 4, "RGB").getchannel("R").point(lambda value: 255 * (value > 99)))
    _, made = process(as_file(image, **options))
    assert [color_at(made, at, 0.5)[3] for at in (0.25, 0.75)] == [255, 0]


def corners(width, height):
    """A picture whose top left corner is reddish."""
    image = Image.new("RGB", (width, height), RIGHT)
    image.paste(LEFT, (0, 0, width // 2, height // 2))
    return image


@pytest.mark.parametrize(
    ("orientation", "x", "y"),
    [
        (1, 0.2, 0.2),
        (2, 0.8, 0.2),
        (3, 0.8, 0.8),
        (4, 0.2, 0.8),
        (5, 0.2, 0.2),
        (6, 0.8, 0.2),
        (7, 0.8, 0.8),
        (8, 0.2, 0.8),
    ],
)
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_taken_in_any_way_stands_upright(kind, orientation, x, y):
    exif = Image.Exif()
    exif[images.ORIENTATION] = orientation
    size, drawn = process(as_file(corners(1400, 1000), kind, exif=exif))
    assert size == ((1400, 1000) if orientation < 5 else (1000, 1400))
    top, left = orientation in (1, 2, 5, 6), orientation in (1, 4, 5, 8)
    for x in (0.2, 0.8):
        for y in (0.2, 0.8):
            expected = LEFT if (x < 0.5, y < 0.5) == (left, top) else RIGHT
            assert is_near(color_at(drawn, x, y), expected)


def broken_exif(kind):
    """Bytes where a camera's notes should be."""
    exif = Image.Exif()
    exif[images.ORIENTATION], exif[0x010F] = 6, "A camera of some name"
    whole = exif.tobytes()
    return {
        "cut off": whole[:20],
        "cut in a value": whole[:-8],
        "nothing": b"Exif\0\0",
        "words": b"Exif\0\0no notes at all",
        "far away": whole[:10] + b"\xff\xff\xff\x7f" + whole[14:],
        "many": whole[:14] + b"\xff\xff" + whole[16:],
        "unknown turn": whole.replace(b"\x06\x00\x00\x00", b"\x63\x00\x00\x00"),
    }[kind]


@pytest.mark.parametrize("notes", ["cut off", "cut in a value", "nothing", "words", "far away", "many", "unknown turn"])
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_broken_side_notes_are_no_reason_to_refuse_a_picture(kind, notes):
    size, _ = process(as_file(two_halves(), kind, exif=broken_exif(notes)))
    assert set(size) == {400, 320}


def test_a_second_picture_in_a_phones_file_is_left_out():
    size, drawn = process(as_file(two_halves(), "MPO", save_all=True, append_images=[Image.new("RGB", (80, 60))]))
    assert size == (400, 320)
    assert is_near(color_at(drawn, 0.25, 0.5), LEFT)


def test_a_list_of_second_pictures_that_cannot_be_read_is_no_reason_to_refuse_a_picture():
    data = as_file(two_halves(), "MPO", save_all=True, append_images=[Image.new("RGB", (80, 60))])
    assert process(data.replace(b"\x01\xb0", b"\x7f\xb0"))[0] == (400, 320)


LAB_PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA", "P", "CMYK"])
@pytest.mark.parametrize("profile", [b"no profile", b"", LAB_PROFILE])
def test_a_color_profile_that_does_not_fit_is_no_reason_to_refuse_a_picture(mode, profile):
    data = as_file(two_halves(mode=mode), "JPEG" if mode == "CMYK" else "PNG", icc_profile=profile)
    assert process(data)[0] == (400, 320)


def wide_profile():
    """sRGB with its red and green columns exchanged: colors that were written in it come back exchanged."""
    data = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    red, green = (data.index(name) for name in (b"rXYZ", b"gXYZ"))
    data[red : red + 4], data[green : green + 4] = b"gXYZ", b"rXYZ"
    return bytes(data)


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "P"])
def test_colors_of_another_color_space_become_those_of_screens(mode):
    _, made = process(as_file(two_halves(mode=mode), icc_profile=wide_profile()))
    assert is_near(color_at(made, 0.25, 0.5), (LEFT[1], LEFT[0], LEFT[2]), 40)


def moving(kind):
    return as_file(two_halves(), kind, save_all=True, append_images=[two_halves().rotate(180)], duration=100)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"\0\0\0\x24ftypheic\0\0\0\0mif1heic", "on an iPhone choose Settings, Camera, Formats, Most Compatible"),
        (b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic", "This is a HEIC picture"),
        (b"\0\0\0\x1cftypavif\0\0\0\0avif", "This is a AVIF file"),
        (moving("GIF"), "This is a GIF file"),
        (as_file(two_halves(), "TIFF"), "This is a TIFF file"),
        (b"\xef\xbb\xbf<?xml version='1.0'?>\n<!-- x -->\n<svg/>", "This is a SVG file"),
        (b"", "not a JPEG, PNG or WebP"),
        (moving("WEBP"), "The picture moves"),
        (moving("PNG"), "The picture moves"),
        (as_file(two_halves())[:-200], "damaged or cut off"),
        (as_file(two_halves(), "JPEG")[:-200], "damaged or cut off"),
        (as_file(two_halves(), "WEBP")[:-20], "picture that can be read"),
    ],
)
def test_what_cannot_be_taken_is_named_with_what_to_do(data, words):
    assert re.search(words, refusal(data))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_file_with_any_byte_changed_is_taken_or_refused_in_words(monkeypatch, kind):
    exif, chance = Image.Exif(), random.Random(7)
    exif[images.ORIENTATION] = 6
    monkeypatch.setattr(images, "QUALITIES", (10,))
    monkeypatch.setattr(images, "WIDTHS", (40,))
    whole = as_file(two_halves(320, 300), kind, exif=exif, icc_profile=wide_profile())
    refused = 0
    for _ in range(150):
        data = bytearray(whole)
        for _ in range(chance.randint(1, 4)):
            data[chance.randrange(min(len(data), 1200))] = chance.randrange(256)
        try:
            process_upload(io.BytesIO(data[: chance.choice([len(data), len(data) - 9, 200])]))
        except UnusableImageError:
            refused += 1
    assert 0 < refused < 150


MEASURE = """
import os, re, sys
import django
django.setup()
from django.contrib import admin
from django.urls import get_resolver
get_resolver().url_patterns
from content.images import UnusableImageError, process_upload
for name in sys.argv[1:]:
    with open(name, "rb") as file:
        try:
            print(process_upload(file).width, end=" ")
        except UnusableImageError as error:
            print(error, end=" ")
    most = int(re.search(r"VmHWM:\\s+(\\d+) kB", open("/proc/self/status").read())[1])
    print(f"{most // 1024} MB {os.path.basename(name)}")
"""


@pytest.mark.slow
def test_the_largest_pictures_we_take_need_less_than_300_mb(tmp_path):
    phone, camera, drawing = (8160, 6120), (5664, 4248), (7296, 5472)
    files = {
        "phone.jpg": as_file(two_halves(*phone), "JPEG"),
        "print.jpg": as_file(two_halves(*phone, "CMYK"), "JPEG"),
        "progressive.jpg": as_file(two_halves(*camera), "JPEG", progressive=True, subsampling=0),
        "narrow.jpg": as_file(two_halves(2399, 5990), "JPEG", progressive=True, subsampling=0),
        "large.png": as_file(two_halves(*drawing), compress_level=1),
        "clear.png": as_file(two_halves(*drawing), compress_level=1, transparency=RIGHT),
        "wide.png": as_file(two_halves(26600, 1500), compress_level=1),
        "web.webp": as_file(two_halves(4032, 3024), "WEBP", method=0),
        # Refused, and cheap.
        "huge.webp": as_file(two_halves(*drawing), "WEBP", method=0),
    }
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    measured = subprocess.run(
        [sys.executable, "-c", MEASURE, *(str(tmp_path / name) for name in files)],
        cwd=ROOT, check=True, capture_output=True, text=True,
    ).stdout.splitlines()  # fmt: skip
    assert len(measured) == len(files)
    assert all(int(re.search(r"(\d+) MB", line)[1]) < 300 for line in measured), "\n".join(measured)
    assert all(re.match(r"\d+ \d+ MB", line) for line in measured[:-1]), measured
    assert "million pixels" in measured[-1]


def test_libjpeg_gives_up_a_picture_that_it_would_have_to_unpack_whole(monkeypatch):
    """Not every such picture says that it is progressive."""
    assert os.environ["JPEGMEM"] == "150M"
    data = as_file(two_halves(1600, 1200), "JPEG", progressive=True)
    process(data)
    monkeypatch.setenv("JPEGMEM", "1M")
    assert "damaged" in refusal(data)
