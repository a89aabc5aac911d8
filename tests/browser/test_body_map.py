"""The question where it hurts: a picture and a list that are one set of checkboxes, with JavaScript off."""

import pytest

from assessment.protocol.back_pain import PROTOCOL

from ..assessment.walks import STRAIN
from .test_journey import go_on

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CODES = [option.code for question in PROTOCOL.questions if question.code == "where" for option in question.options]
ZONES = [code for code in CODES if code not in ("elsewhere", "not_sure")]


def to_the_map(answered, **options):
    page = answered({question: STRAIN[question] for question in ("now", "age")}, **options)
    assert page.url.endswith("/check/where/")
    page.locator(".map").wait_for()
    return page


def ticked(page):
    return page.locator(".map :checked").evaluate_all("boxes => boxes.map(box => box.value)")


def shape(page, code):
    return page.locator(f'.zone:has(input[value="{code}"]) path')


@pytest.mark.parametrize("width", [390, 320])
def test_each_zone_of_the_picture_ticks_its_own_box_and_moves_nothing(answered, width):
    page = to_the_map(answered, javascript=True, width=width)  # only to measure; the page has no script
    # A thumb rests: the picture stands still from here on.
    page.locator(".map").evaluate("map => window.scrollTo(0, map.getBoundingClientRect().top + scrollY - 20)")
    still = page.evaluate("scrollY")
    for code in ZONES:
        box = shape(page, code).bounding_box()
        middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        page.mouse.click(*middle)
        assert ticked(page) == [code]
        page.mouse.click(*middle)
        assert ticked(page) == []
        assert page.evaluate("scrollY") == still, code


def test_a_zone_low_on_a_short_screen_does_not_pull_its_row_of_the_list_into_view(answered):
    page = to_the_map(answered, javascript=True)  # only to measure
    page.set_viewport_size({"width": 390, "height": 664})
    for code in ZONES:
        shape(page, code).evaluate("zone => window.scrollBy(0, zone.getBoundingClientRect().bottom - innerHeight + 24)")
        still = page.evaluate("scrollY")
        box = shape(page, code).bounding_box()
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        assert code in ticked(page)
        assert page.evaluate("scrollY") == still, code


@pytest.mark.parametrize("width", [390, 320])
def test_every_zone_is_large_enough_to_touch(answered, width):
    page = to_the_map(answered, width=width)
    for code in ZONES:
        box = shape(page, code).bounding_box()
        assert min(box["width"], box["height"]) >= 40, code
    for label in page.locator(".zone label").all():
        assert label.bounding_box()["height"] >= 44


def test_the_patients_left_is_on_the_left_of_the_picture_also_in_a_right_to_left_language(answered):
    page = to_the_map(answered, javascript=True)
    for direction in ("ltr", "rtl"):
        page.evaluate("direction => document.documentElement.dir = direction", direction)
        for band in ("upper", "middle", "lower", "buttock", "leg"):
            left, right = (shape(page, f"{band}_{side}").bounding_box()["x"] for side in ("left", "right"))
            assert left < right, (direction, band)


def test_the_keyboard_walks_the_list_in_order_and_the_space_bar_ticks(answered):
    page = to_the_map(answered, javascript=True)
    page.locator(f'input[value="{CODES[0]}"]').focus()
    for code in CODES:
        assert page.evaluate("document.activeElement.value") == code
        page.keyboard.press("Space")
        page.keyboard.press("Tab")
    assert ticked(page) == CODES


def test_what_was_touched_is_what_the_clinic_gets(answered):
    page = to_the_map(answered)
    for code in ("lower_left", "leg_right"):
        box = shape(page, code).bounding_box()
        shape(page, code).click(position={"x": box["width"] / 2, "y": box["height"] / 2})
    go_on(page)
    page.get_by_role("link", name="Back", exact=True).click()
    assert ticked(page) == ["lower_left", "leg_right"]


def test_without_the_stylesheet_it_is_a_plain_list(answered):
    page = to_the_map(answered)
    page.route("**/*.css", lambda route: route.fulfill(body="", content_type="text/css"))
    page.reload()
    assert all(not drawing.is_visible() for drawing in page.locator(".map svg").all())
    assert page.locator(".map .hint, .hint[hidden]").first.is_hidden()
    page.get_by_label("Lower back, left (below the ribs, or my side)").check()
    go_on(page)
    assert not page.url.endswith("/where/")


def test_an_empty_answer_leads_back_to_the_first_box(answered):
    page = to_the_map(answered)
    go_on(page)
    assert page.title().startswith("Error: ")
    target = page.locator(".error-summary a").get_attribute("href")
    assert page.locator(target).get_attribute("value") == CODES[0]


def test_the_map_fits_a_small_phone(answered):
    page = to_the_map(answered, javascript=True, width=320)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
