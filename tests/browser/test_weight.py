"""What a first visit weighs on the wire, from the web server that clinics run: compressed, with hashed file names."""

import re

import pytest

from ..assessment.walks import STRAIN
from ..serving import ROOT, serve_site

# A page with its style; with the pictures that are seen at first; with those that load as one comes near them.
PAGE, PICTURES, WHOLE = 15 * 1024, 30 * 1024, 50 * 1024
pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with serve_site(tmp_path_factory.mktemp("site")) as address:
        yield address


class Scales:
    """A browser that keeps nothing, and weighs what a page makes it fetch: headers and body, as they come."""

    def __init__(self, chromium, site):
        self.context = chromium.new_context(base_url=site, viewport={"width": 390, "height": 844})
        self.page = self.context.new_page()
        self.devtools = self.context.new_cdp_session(self.page)
        self.parts = {}
        self.devtools.on("Network.requestWillBeSent", self.note_name)
        self.devtools.on("Network.loadingFinished", self.note_size)
        self.devtools.send("Network.enable")
        self.devtools.send("Network.setCacheDisabled", {"cacheDisabled": True})
        self.names = {}

    def note_name(self, event):
        if event["type"] == "Document":
            self.page_loader = event["loaderId"]
            self.names.clear()
            self.parts.clear()
        if event["loaderId"] == self.page_loader:  # what the page before it still asks for does not count
            self.names[event["requestId"]] = event["request"]["url"]

    def note_size(self, event):
        if name := self.names.get(event["requestId"]):
            self.parts[name] = self.parts.get(name, 0) + event["encodedDataLength"]

    def weigh(self, address):
        """Bytes on the wire of this address as a first visit: {url: bytes}."""
        answer = self.page.goto(address, wait_until="networkidle")
        assert answer.status == 200
        assert self.page.url.endswith(address), f"sent on to {self.page.url}"
        return dict(self.parts)

    def read_on(self):
        """The same when the page has been read to its end: what is folded stays so."""
        self.page.evaluate("document.documentElement.style.scrollBehavior = 'auto'")
        for _ in range(30):
            self.page.mouse.wheel(0, 800)
            self.page.wait_for_timeout(50)
        self.page.wait_for_load_state("networkidle")
        return dict(self.parts)

    def split(self, parts):
        """Bytes of (the page with its style, that and the pictures seen at first, all) of this address's parts."""
        lazy = self.page.evaluate(
            "[...document.images].filter(i => i.loading === 'lazy').map(i => (i.currentSrc || i.src).split('#')[0])"
        )
        first = {url: size for url, size in parts.items() if url not in lazy}
        bare = {url: size for url, size in first.items() if not re.search("/static/(figures|thumbnails)/", url)}
        return sum(bare.values()), sum(first.values()), sum(parts.values())


@pytest.fixture
def scales(chromium, site):
    scales = Scales(chromium, site)
    yield scales
    scales.context.close()


def report(parts, capsys):
    lines = [f"{size:7.0f} {url.partition('//')[2].partition('/')[2]}" for url, size in parts.items()]
    with capsys.disabled():
        print(f"\n{sum(parts.values()):7.0f} bytes in {len(parts)} requests: " + " |".join(lines), end="")  # noqa: T201
    return sum(parts.values())


@pytest.mark.parametrize("address", ["/symptoms/", "/a-z/", "/search/?q=leg+pain", "/check/"])
def test_a_page_weighs_15_kib_at_most(scales, address, capsys):
    assert 1000 < report(scales.weigh(address), capsys) <= PAGE


def test_the_first_page_weighs_15_kib_and_30_with_its_first_pictures_and_50_with_all(scales, capsys):
    scales.weigh("/")
    parts = scales.read_on()
    report(parts, capsys)
    page, first, whole = scales.split(parts)
    assert 1000 < page <= PAGE
    assert page < first <= PICTURES
    assert first + 20_000 < whole <= WHOLE


def test_the_exercises_weigh_30_kib_at_first_and_50_with_all_their_pictures(scales, capsys):
    scales.weigh("/treatment/exercises-at-home/")
    parts = scales.read_on()
    report(parts, capsys)
    _, first, whole = scales.split(parts)
    assert first <= PICTURES
    assert first + 10_000 < whole <= WHOLE


@pytest.mark.parametrize(
    "address",
    ["/sports/golf/", "/sports/american-football/", "/symptoms/signs-that-need-help-now/", "/causes/overuse/"],
)
def test_an_article_weighs_30_kib_at_most(scales, address, capsys):
    assert 1000 < report(scales.weigh(address), capsys) <= PICTURES


def test_the_page_to_print_weighs_50_kib_at_most_with_its_twelve_pictures(scales, capsys):
    parts = scales.weigh("/treatment/exercises-at-home/sheet/")
    report(parts, capsys)
    page, _, whole = scales.split(parts)
    assert 1000 < page <= PAGE
    assert len(parts) > 12
    assert whole <= WHOLE


def test_every_question_and_the_result_weigh_15_kib_at_most_and_30_with_pictures(scales, capsys):
    page = scales.page
    page.goto("/check/")
    page.get_by_role("button", name="Start").first.click()
    heaviest = {}
    while (found := re.search(r"(/check/([a-z_]+)/)$", page.url)) and found[2] in STRAIN:
        parts = scales.weigh(found[1])
        assert sum(parts.values()) <= PAGE, parts
        heaviest = max(heaviest, parts, key=lambda parts: sum(parts.values()))
        for option in STRAIN[found[2]]:
            page.locator(f'input[name="answer"][value="{option}"]').check()
        page.get_by_role("button", name="Continue").click()
    report(heaviest, capsys)
    assert 1000 < report(scales.weigh("/check/answers/"), capsys) <= PAGE
    page.get_by_role("button", name="Show my result").first.click()
    page.wait_for_url("**/check/result/")
    parts = scales.weigh("/check/result/")
    assert 1000 < report(parts, capsys) <= PICTURES
    assert scales.split(parts)[0] <= PAGE


def test_the_style_sheet_is_sent_compressed_and_under_a_hashed_name(scales):
    style = [url for url in scales.weigh("/") if url.endswith(".css")]
    assert len(style) == 1
    assert re.search(r"/site\.[0-9a-f]{12}\.css$", style[0])
    assert scales.parts[style[0]] < (ROOT / "static/site.css").stat().st_size / 2
