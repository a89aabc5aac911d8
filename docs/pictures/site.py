"""python -m docs.pictures.site: the picture of the README, three pages as on a phone. Needs Chromium."""

import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from tests.assessment.walks import STRAIN
from tests.browser.conftest import CHROMIUM, FLAGS
from tests.serving import ROOT, serve_site

FILE = ROOT / "docs/pictures/site.png"
WIDTH, HEIGHT, GAP = 390, 760, 24


def answer_until(page: Page, last: str) -> None:
    """Walk the check with the answers of an ordinary strain, up to this page."""
    page.goto("/check/")
    page.locator("main form button[type=submit]").first.click()
    while not page.url.rstrip("/").endswith(last):
        code = page.url.rstrip("/").rsplit("/", 1)[1]
        for option in STRAIN.get(code, ()):
            page.locator(f'main input[value="{option}"]').check()
        page.locator("main form button[type=submit]").first.click()


def take_pictures(folder: Path) -> list[Image.Image]:
    taken = []
    with serve_site(folder) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, base_url=address)
        page.goto("/")
        page.screenshot(path=folder / "home.png")
        answer_until(page, "/saddle")
        page.screenshot(path=folder / "question.png")
        answer_until(page, "/result")
        page.screenshot(path=folder / "result.png")
        browser.close()
    for name in ("home", "question", "result"):
        with Image.open(folder / f"{name}.png") as image:
            taken.append(image.convert("RGB"))
    return taken


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        taken = take_pictures(Path(folder))
    whole = Image.new("RGB", (len(taken) * (WIDTH + GAP) + GAP, HEIGHT + 2 * GAP), "#8a9a98")
    for number, image in enumerate(taken):
        whole.paste(image, (GAP + number * (WIDTH + GAP), GAP))
    whole.quantize(64, dither=Image.Dither.NONE).save(FILE, optimize=True)
    print(f"{FILE.relative_to(ROOT)}: {FILE.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
