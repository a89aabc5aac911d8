"""The pages in engines of before @layer, :has, custom properties and what else is young: plain, whole and readable."""

import os
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client

from content.models import Article

from ..assessment.walks import walk_check
from ..serving import ROOT
from .conftest import lend
from .old_engines import ENGINES, IOS_15, read_as
from .pages import find_endings, open_question

PATIENTS = (ROOT / "static/site.css").read_text()
# What is wrong with a page as it is drawn, in words.
LOOK = """() => {
  const found = new Set(), box = element => element.getBoundingClientRect();
  const style = element => getComputedStyle(element), words = element => (element.innerText ?? '').slice(0, 30);
  const shown = selector => [...document.querySelectorAll(selector)].filter(element => box(element).width > 1);
  const note = (element, trouble) => found.add(`${element.localName} "${words(element)}": ${trouble}`);
  const size = element => parseFloat(style(element).fontSize);
  if (document.scrollingElement.scrollWidth > innerWidth) note(document.body, 'wider than the screen');
  if (!/sans-serif|system-ui/.test(style(document.body).fontFamily)) note(document.body, 'letters as of a typewriter');
  for (const logo of shown('header svg')) if (box(logo).height > 48) note(logo, `a logo ${box(logo).height} px high`);
  for (const drawing of shown('svg')) if (box(drawing).height > 700) note(drawing, 'a huge drawing');
  for (const text of shown('main p, main li, main h1, main label')) {
    if (box(text).left < 8 || box(text).right > innerWidth - 4) note(text, 'touches the edge');
  }
  for (const title of shown('main h1')) if (size(title) < 1.2 * size(document.body)) note(title, 'small');
  shown('.site-nav a, .site-footer a').reduce((one, next) => {
    if (Math.abs(box(one).top - box(next).top) < 4 && box(next).left - box(one).right < 8) note(next, 'touches a link');
    return next;
  }, document.body);
  const light = color => {
    const [red, green, blue] = color.match(/[\\d.]+/g).map(part => part / 255)
      .map(part => part <= .04045 ? part / 12.92 : ((part + .055) / 1.055) ** 2.4);
    return .2126 * red + .7152 * green + .0722 * blue + .05;
  };
  const behind = element => {
    if (!element) return 'rgb(255, 255, 255)';
    const color = style(element).backgroundColor;
    return /^rgba.*, 0\\)$/.test(color) ? behind(element.parentElement) : color;
  };
  for (const element of shown('h1, h2, h3, p, li, a, label, button, dt, dd, input[type=submit]')) {
    const [low, high] = [light(style(element).color), light(behind(element))].sort((one, other) => one - other);
    if (high / low < 4.5) note(element, `contrast ${(high / low).toFixed(1)}`);
  }
  return [...found];
}"""


def test_of_the_patients_style_sheet_an_iphone_of_2021_loses_nothing_but_finish():
    """Each thing here has a plain one beside it, or what browsers do by themselves."""
    lost = []
    read_as(IOS_15, PATIENTS, lost)
    rules = [one for one in lost if "{" not in one]
    assert [rule for rule in rules if ":has(" not in rule and ":focus-visible" not in rule] == []
    assert all(
        "text-wrap" in one or "content" in one or "anywhere" in one or "accent" in one for one in lost if "{" in one
    )


@pytest.mark.parametrize("template", [str(path.relative_to(ROOT)) for path in sorted(ROOT.glob("templates/**/*.html"))])
def test_a_drawing_is_of_a_size_where_no_style_says_one(template):
    for tag in re.findall(r"<(?:svg|img)\b[^>]*>", (ROOT / template).read_text()):
        assert re.search(r" width=.* height=", tag), tag


def look_as(page, name):
    """Give this browser the style sheets as the engine of this name reads them."""

    def reply(route):
        path = finders.find(route.request.url.split(settings.STATIC_URL)[1])
        route.fulfill(body=read_as(ENGINES[name], Path(path).read_text()), content_type="text/css")

    page.route("**/*.css", reply)
    return page


def keep_picture(page, *name):
    """For the eye: written where OLD_ENGINES names a folder."""
    if folder := os.environ.get("OLD_ENGINES"):
        page.screenshot(path=Path(folder) / f"{'-'.join(name)}.png".replace(" ", "_"), full_page=True)


def show_department_result(client):
    walk_check(client, find_endings()["department"])


def show_soon_result(client):
    walk_check(client, find_endings()["soon"])


# What leads there, and where.
PLACES = {
    "home": (None, "/"),
    "article": (None, "/sports/golf/"),
    "question": (lambda client: open_question("now", client), "/check/now/"),
    "map": (lambda client: open_question("where", client), "/check/where/"),
    "emergency": (show_department_result, "/check/result/"),
    "result": (show_soon_result, "/check/result/"),
    "login": (None, "/admin/login/"),
    "desk": ("Editors", "/admin/content/article/{golf}/change/"),
    "queue": ("Clinic staff", "/admin/assessment/assessment/"),
}


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("engine", ENGINES)
def test_pages_are_plain_whole_and_readable_in(engine, visitor, starter_articles, person, live_server):
    found = {}
    for name, (way, address) in PLACES.items():
        page, client = look_as(visitor(), engine), Client()
        if isinstance(way, str):
            client.force_login(person(way))
        elif way:
            way(client)
        if way:
            lend(client, page, live_server.url)
        page.goto(address.format(golf=Article.objects.get(slug="golf").pk))
        keep_picture(page, engine, name)
        # The staff pages are Django's, which need custom properties.
        if not (engine == "before 2017" and address.startswith("/admin/")):
            found[name] = page.evaluate(LOOK)
        page.context.close()
    assert {name: troubles for name, troubles in found.items() if troubles} == {}
