"""Pictures that editors upload: what is taken, what becomes of it, how it is shown."""

import io
import re
import struct
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image, PngImagePlugin

from content import images
from content.admin.pictures import PictureUploadForm
from content.models import Picture
from content.text.problems import find_problems

from ...marks import show

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


def scene(width=480, height=300, mode="RGB"):
    """Something like a photograph: soft shapes with some grain."""
    image = Image.blend(
        Image.radial_gradient("L").resize((width, height)), Image.effect_noise((width, height), 30), 0.15
    )
    return Image.merge("RGB", [image, image.transpose(Image.Transpose.FLIP_LEFT_RIGHT), image]).convert(mode)


def as_file(image, kind="JPEG", **options):
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def upload(editing, data, name="heat-pack", **changes):
    sent = {
        "upload": SimpleUploadedFile("x.jpg", data, "image/jpeg"),
        "name": name,
        "alt": "A hand lays a heat pack on a lower back",
        "caption": "Wrap it in a cloth.",
        "credit": "Clinic photograph, 2026",
        **changes,
    }
    return editing.post(reverse("admin:content_picture_add"), sent)


def errors(answer):
    assert answer.status_code == 422
    assert not Picture.objects.exists()
    return answer.context["adminform"].form.errors


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_is_kept_as_webp_in_the_widths_that_phones_need(editing, kind):
    assert upload(editing, as_file(scene(1600, 1000), kind)).status_code == 302
    picture = Picture.objects.get()
    assert (picture.width, picture.height, picture.widths[0]) == (1600, 1000, 390)
    for width in picture.widths:
        with Image.open(images.get_file_path(picture.digest, width)) as file:
            assert (file.format, file.width) == ("WEBP", width)
        assert images.get_file_path(picture.digest, width).stat().st_size <= images.MOST_FILE_BYTES


def test_a_small_picture_is_not_blown_up(editing):
    upload(editing, as_file(scene(500, 400)))
    assert Picture.objects.get().widths == [390, 500]


def test_nothing_of_the_upload_is_left_but_its_pixels(editing):
    exif = Image.Exif()
    exif[0x010F], exif[0x9286] = "SecretCamera", "SecretComment"
    exif.get_ifd(0x8825)[1] = "N"
    upload(editing, as_file(scene(), exif=exif, comment=b"SecretComment"))
    picture = Picture.objects.get()
    for width in picture.widths:
        data = images.get_file_path(picture.digest, width).read_bytes()
        assert b"Secret" not in data
        with Image.open(io.BytesIO(data)) as file:
            assert not file.getexif()
            assert not {"exif", "xmp", "icc_profile", "comment"} & file.info.keys()


def test_words_in_a_png_are_left_behind(editing):
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", "<script>Secret</script>")
    upload(editing, as_file(scene(400, 300), "PNG", pnginfo=text))
    picture = Picture.objects.get()
    assert b"Secret" not in images.get_file_path(picture.digest, 390).read_bytes()


def test_clear_parts_stay_clear(editing):
    image = scene(600, 400, "RGBA")
    image.putalpha(Image.linear_gradient("L").resize((600, 400)))
    upload(editing, as_file(image, "PNG"))
    with Image.open(images.get_file_path(Picture.objects.get().digest, 390)) as file:
        assert file.mode == "RGBA"


def bomb(width, height):
    """A PNG that says it is huge and holds nearly nothing."""

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = zlib.compress(b"\0" * 100_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "not a JPEG, PNG or WebP"),
        (b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>", "not a JPEG, PNG or WebP"),
        (b"<html><script>alert(1)</script>", "not a JPEG, PNG or WebP"),
        (b"GIF89a" + b"\0" * 100, "not a JPEG, PNG or WebP"),
        (b"%PDF-1.7", "not a JPEG, PNG or WebP"),
        (b"\xff\xd8\xff\xe0 not really", "not a JPEG, PNG or WebP"),
        (bomb(30_000, 30_000), "million pixels"),
        (bomb(500, 400), "damaged or cut off"),
    ],
)
def test_what_is_no_picture_is_refused_by_what_it_is(editing, data, words):
    assert words in str(errors(upload(editing, data))["upload"])


def test_a_broken_picture_is_refused(editing):
    assert "damaged or cut off" in str(errors(upload(editing, as_file(scene())[:2000]))["upload"])


def test_a_file_that_is_too_large_is_refused(editing, monkeypatch):
    monkeypatch.setattr(images, "MOST_BYTES", 1000)
    assert "larger than" in str(errors(upload(editing, as_file(scene())))["upload"])


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_unpacked(editing, monkeypatch):
    monkeypatch.setitem(images.MOST_PIXELS, "JPEG", 1000)
    assert "million pixels" in str(errors(upload(editing, as_file(scene())))["upload"])


@pytest.mark.parametrize(("size", "words"), [((200, 200), "300 or more"), ((400, 1100), "as high as it is wide")])
def test_a_picture_of_no_use_on_a_page_is_refused(editing, size, words):
    assert words in str(errors(upload(editing, as_file(scene(*size))))["upload"])


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "golf"),
        ("name", "Heat"),
        ("name", "a b"),
        ("name", "../x"),
        ("alt", ""),
        ("alt", "photo"),
        ("credit", ""),
        ("upload", ""),
    ],
)
def test_name_words_and_credit_are_asked_for(editing, field, value):
    assert field in errors(upload(editing, as_file(scene()), **{field: value}))


def test_the_same_picture_twice_is_told_its_name(editing):
    data = as_file(scene())
    upload(editing, data)
    answer = upload(editing, data, name="another")
    assert "Its name is “heat-pack”" in str(answer.context["adminform"].form.errors["upload"])


def test_the_same_picture_at_the_same_time_is_told_its_name(editing, monkeypatch):
    data, look = as_file(scene()), PictureUploadForm.clean_upload
    upload(editing, data)

    def look_too_early(form):
        monkeypatch.setattr(PictureUploadForm, "clean_upload", look)
        form.made = images.process_upload(form.cleaned_data["upload"])
        return form.cleaned_data["upload"]

    monkeypatch.setattr(PictureUploadForm, "clean_upload", look_too_early)
    answer = upload(editing, data, name="another")
    assert "Its name is “heat-pack”" in str(answer.context["adminform"].form.errors["upload"])


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_broken_side_notes_of_a_camera_break_no_page(editing, kind):
    assert upload(editing, as_file(scene(), kind, exif=b"Exif\0\0MM\0*\0\0\0\x08\0\x05\x01\x12")).status_code == 302


def test_a_picture_as_an_iphone_takes_it_is_refused_with_what_to_do(editing):
    said = str(errors(upload(editing, b"\0\0\0\x24ftypheic\0\0\0\0mif1heic"))["upload"])
    assert "Settings, Camera, Formats, Most Compatible" in said


def test_a_picture_keeps_its_file_and_name(editing):
    upload(editing, as_file(scene()))
    picture = Picture.objects.get()
    page = reverse("admin:content_picture_change", args=[picture.pk])
    assert not {"upload", "name"} & set(editing.get(page).context["adminform"].form.fields)
    assert editing.post(page, {"alt": "Better words for it", "credit": "Clinic", **show(picture)}).status_code == 302
    assert Picture.objects.get().alt == "Better words for it"
    assert editing.post(reverse("admin:content_picture_delete", args=[picture.pk])).status_code == 403


@pytest.fixture
def picture(editing):
    upload(editing, as_file(scene(800, 500)))
    return Picture.objects.get()


def test_an_article_shows_it_with_its_words_and_room_kept_free(add, client, picture):
    add(body="Answer.\n\n## More\n\n::: picture heat-pack\n")
    page = client.get("/causes/overuse/").content.decode()
    image = re.search(r"<img [^>]*>", page)[0]
    assert 'alt="A hand lays a heat pack on a lower back"' in image
    assert 'width="390" height="244"' in image
    assert 'loading="lazy"' in image
    assert f"/pictures/{picture.digest}-390.webp 390w, /pictures/{picture.digest}-780.webp 780w" in image
    assert "Wrap it in a cloth.<br>Picture: Clinic photograph, 2026" in page


def test_a_picture_above_the_first_heading_is_loaded_at_once(add, client, picture):
    add(body="::: picture heat-pack\n\n## More\n")
    assert 'loading="lazy"' not in client.get("/causes/overuse/").content.decode()


def test_an_article_with_a_picture_costs_no_more_queries(add, client, picture, sources, django_assert_max_num_queries):
    add(body="Rare. [@who-2023]\n\n::: picture heat-pack\n")
    with django_assert_max_num_queries(3):
        client.get("/causes/overuse/")


def test_new_words_of_a_picture_reach_readers_only_with_a_new_version(add, client, picture):
    add(body="::: picture heat-pack\n")
    Picture.objects.update(alt="Other words")
    assert "A hand lays" in client.get("/causes/overuse/").content.decode()


def test_words_of_a_picture_are_escaped(add, client, picture):
    Picture.objects.update(alt='"><script>1</script>', caption="<b>x</b>", credit="<i>y</i>")
    add(body="::: picture heat-pack\n")
    page = client.get("/causes/overuse/").content.decode()
    assert not re.search(r"<(script|b|i)>", page)


def test_its_files_may_be_kept_for_ever_and_are_nothing_but_webp(client, picture):
    answer = client.get(reverse("picture", args=[picture.digest, 390]))
    assert answer.headers["Content-Type"] == "image/webp"
    assert set(answer.headers["Cache-Control"].split(", ")) == {"max-age=31536000", "public", "immutable"}
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert b"".join(answer.streaming_content).startswith(b"RIFF")
    answer.close()


@pytest.mark.parametrize("address", ["/pictures/{}-391.webp", "/pictures/..-390.webp", "/pictures/x-390.webp"])
def test_no_other_file_is_ever_served(client, picture, address):
    assert client.get(address.format(picture.digest)).status_code == 404


def test_a_lost_file_is_not_found(client, picture):
    images.get_file_path(picture.digest, 390).unlink()
    assert client.get(reverse("picture", args=[picture.digest, 390])).status_code == 404


def test_an_unknown_picture_is_said_in_words_with_the_uploaded_ones_named():
    ((_line, said),) = find_problems("::: picture nobody\n", (), ["heat-pack"])
    assert said.startswith("There is no picture “nobody”. The pictures are: recovery, kneehug, ")
    assert said.endswith(", heat-pack.")


def test_where_a_picture_is_used_can_be_seen(editing, add, picture):
    add(body="::: picture heat-pack\n")
    page = editing.get(reverse("admin:content_picture_change", args=[picture.pk])).content.decode()
    assert ">Overuse</a>" in page
