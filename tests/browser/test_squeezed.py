"""The squeezed style sheet draws what the written one draws: every element of these pages, light and dark."""

import pytest

from site_project.static_files import squeeze_css

from ..assessment.walks import STRAIN
from ..serving import ROOT

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
pytest.importorskip("minify", reason="no squeezer for this machine: style sheets stay as they are written")

WRITTEN = (ROOT / "static/site.css").read_text()
# What is drawn in another way once the sheet at this address is there: of each element, and of what stands before and
# after it. The name of a font means the same in small letters (CSS Fonts 4, 2.1); no picture has no place.
DIFFERENCES = """async address => {
  const drawn = () => [...document.querySelectorAll('*')].flatMap(element => ['', '::before', '::after'].map(part => {
    const style = getComputedStyle(element, part);
    const value = name => name === 'font-family' ? style[name].toLowerCase().replaceAll('"', '') : style[name];
    const names = [...style].filter(name => name !== 'background-position' || style.backgroundImage !== 'none');
    return names.map(name => `${element.localName}${part} { ${name}: ${value(name)} }`);
  }));
  const before = drawn(), link = document.querySelector('link[rel=stylesheet]');
  await new Promise((loaded, failed) => { link.onload = loaded; link.onerror = failed; link.href = address; });
  const after = drawn();
  return [before.length, ...before.flatMap((told, at) => told.filter((one, place) => one !== after[at][place]))];
}"""
# What selects, in which order: selectors and conditions of each rule, with the names of what it sets.
RULES = """css => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  const told = rule => [
    rule.constructor.name,
    rule.selectorText ?? rule.conditionText?.replaceAll(" ", "") ?? rule.name ?? [...(rule.nameList ?? [])].join(),
    [...(rule.style ?? [])], [...(rule.cssRules ?? [])].map(told),
  ];
  return [...sheet.cssRules].map(told);
}"""


def differences(page, colours):
    """What is drawn in one way by the written style sheet and in another by the squeezed one."""
    page.emulate_media(color_scheme=colours)
    sheet = squeeze_css(WRITTEN)
    page.route("**/squeezed.css", lambda route: route.fulfill(body=sheet, content_type="text/css"))
    elements, *found = page.evaluate(DIFFERENCES, "/static/squeezed.css")
    assert elements > 3 * 20
    return found


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("address", ["/", "/sports/golf/"])
def test_an_article_looks_the_same(visitor, starter_articles, address, colours):
    page = visitor(javascript=True)  # only to measure
    page.goto(address)
    assert differences(page, colours) == []


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_a_question_looks_the_same(answered, colours):
    page = answered({question: STRAIN[question] for question in ("now", "age")}, javascript=True)
    assert differences(page, colours) == []


@pytest.mark.parametrize("name", sorted(file.name for file in (ROOT / "static").glob("*.css")))
def test_a_browser_reads_the_same_rules_in_the_same_order(chromium, name):
    written = (ROOT / "static" / name).read_text()
    page = chromium.new_page()
    try:
        assert page.evaluate(RULES, squeeze_css(written)) == page.evaluate(RULES, written)
    finally:
        page.close()
