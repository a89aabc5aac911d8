"""The pictures of the guides: of a site of its own with sample data, small enough to keep beside the words."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from tests.browser.conftest import CHROMIUM, FLAGS
from tests.serving import ROOT, serve_site

MOST_BYTES = 120_000
PASSWORD = "only for these pictures"
SignIn = Callable[[str], Page]


@contextmanager
def serve_sample_site(*commands: list[str]) -> Iterator[tuple[SignIn, Path]]:
    """(what signs somebody in and gives their page, the site's folder), after these commands of manage.py.

    The accounts made for the pictures have PASSWORD.
    """
    with tempfile.TemporaryDirectory() as folder:
        # The server and the commands read the same folder and the same key.
        os.environ.update(LOCAL="true", SECRET_KEY="for pictures only", DATA_DIR=folder, TIME_ZONE="UTC")
        with serve_site(folder) as address, sync_playwright() as playwright:
            for command in commands:
                subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)

            def sign_in(name: str) -> Page:
                page = browser.new_page(viewport={"width": 1280, "height": 800}, base_url=address)
                page.goto("/admin/")
                page.fill("#id_username", name)
                page.fill("#id_password", PASSWORD)
                with page.expect_navigation():
                    page.get_by_role("button", name="Log in").click()
                return page

            yield sign_in, Path(folder)
            browser.close()


def take_picture(page: Page, folder: Path, name: str, height: int) -> None:
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
