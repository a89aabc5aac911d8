"""The whole check with the keys alone: Tab to reach, Space and the arrows to choose, Enter to go on."""

import re

import pytest

from assessment.protocol.back_pain import PROTOCOL

from ..assessment.walks import STRAIN

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
LONGEST = 60  # more presses of Tab than any page of the check needs

# Where the focus is, and whether a reader sees it: a ring of at least 2 px that is not transparent, within the window.
FOCUS = """() => {
  const element = document.activeElement;
  const ring = (e) => {
    const style = getComputedStyle(e);
    return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2 && !/, 0\\)$/.test(style.outlineColor);
  };
  const box = element.getBoundingClientRect();
  return {
    tag: element.localName, name: element.name || "", value: element.value || "",
    text: (element.innerText || "").trim(), href: element.getAttribute("href") || "", type: element.type || "",
    ring: [element, ...(element.labels || []), element.closest(".option")].some((e) => e && ring(e)),
    inside: box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    where: location.pathname,
  };
}"""


@pytest.fixture
def keys(visitor, starter_articles):
    """A reader with a keyboard. JavaScript is on only to ask where the focus is: the pages have none."""
    return Keys(visitor(javascript=True, width=390))


class Keys:
    def __init__(self, page):
        self.page, self.steps = page, 0

    def focus(self):
        return self.page.evaluate(FOCUS)

    def press(self, key):
        """One key; whatever has the focus then must be seen to have it."""
        self.page.keyboard.press(key)
        self.steps += 1
        found = self.focus()
        if found["tag"] != "body":
            assert found["ring"], f"the focus cannot be seen: {found}"
            assert found["inside"], f"the focus is out of sight: {found}"
        return found

    def tab_to(self, wanted):
        """Tab until the focus is on what is wanted."""
        for _ in range(LONGEST):
            found = self.press("Tab")
            if wanted(found):
                return found
        raise AssertionError(f"Tab does not reach it on {self.page.url}")

    def enter(self):
        """Enter on a link or a button, and the page it leads to."""
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        self.steps += 1

    def go_on(self, text):
        self.tab_to(lambda found: found["tag"] in ("a", "button") and text in found["text"])
        self.enter()

    def choose(self, question, wanted):
        """Tick the wanted options of the question on this page."""
        if question.many:
            for option in [option for option in question.codes() if option in wanted]:
                self.tab_to(lambda found, option=option: (found["name"], found["value"]) == ("answer", option))
                self.press("Space")
                assert self.page.locator(f'input[value="{option}"]').is_checked()
            return
        found = self.tab_to(lambda found: found["name"] == "answer")
        self.press("Space")
        for _ in question.codes():
            if found["value"] == wanted[0]:
                break
            found = self.press("ArrowDown")
        assert self.page.locator(f'input[value="{wanted[0]}"]').is_checked()


def walk(keys, answers):
    """From the first page to the page with all answers, or to an emergency."""
    keys.page.goto("/")
    keys.go_on("Start the check")
    start(keys)
    while found := re.search(r"/check/([a-z_]+)/$", keys.page.url):
        question = PROTOCOL.question(found[1])
        if question is None:
            break
        keys.choose(question, answers[question.code])
        keys.go_on("Continue")


def start(keys):
    keys.go_on("Start the check")


def test_the_whole_check_by_keyboard(keys):
    walk(keys, STRAIN)
    assert keys.page.locator("h1").inner_text() == "Check your answers"
    keys.go_on("how my result")
    assert keys.page.locator("h1").inner_text() == "Look after your back at home for the next 2 weeks"
    assert keys.steps > 2 * len(STRAIN)


def test_an_emergency_and_its_number_by_keyboard(keys):
    walk(keys, {"now": ["chest"]})
    assert keys.page.locator("h1").inner_text() == "Call 911 now"
    assert keys.tab_to(lambda found: found["href"].startswith("tel:"))["text"] == "Call 911"


def test_an_answer_is_changed_by_keyboard(keys):
    walk(keys, STRAIN)
    keys.tab_to(lambda found: found["href"] == "/check/sport/")
    keys.enter()
    keys.choose(PROTOCOL.question("sport"), ["tennis"])
    keys.go_on("Continue")
    assert "Tennis" in keys.page.locator(".answers").inner_text()


def test_the_first_tab_skips_to_the_main_text(keys):
    keys.page.goto("/sports/golf/")
    assert keys.press("Tab")["href"] == "#main"
    keys.page.keyboard.press("Enter")
    inside = keys.page.evaluate(
        "document.activeElement.id === 'main' || document.querySelector('main').contains(document.activeElement)"
    )
    assert inside
    found = keys.press("Tab")
    assert keys.page.evaluate("document.querySelector('main').contains(document.activeElement)"), found


def test_the_way_out_of_an_error_by_keyboard(keys):
    keys.page.goto("/check/")
    start(keys)
    keys.go_on("Continue")
    assert keys.page.evaluate("document.activeElement.className") == "error-summary"
    found = keys.press("Tab")
    assert found["href"].startswith("#")
    keys.page.keyboard.press("Enter")
    assert keys.focus()["name"] == "answer"
    keys.press("Space")
    assert keys.page.locator("input[name=answer]").first.is_checked()
