"""An editor's week at the desk, as the people of a clinic would do it; and the desk's pages under the strict policy."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone
from PIL import Image

from content.models import Article, Autosave, Picture, Source, Version

from .conftest import lend

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def at_the_desk(visitor, live_server):
    """Open a browser in which this user is signed in."""

    def make(user, javascript=True, width=1280):
        page = visitor(javascript=javascript, width=width)
        sign_in(page, user, live_server.url)
        return page

    return make


@pytest.fixture
def photograph(tmp_path):
    path = tmp_path / "photo.jpg"
    Image.radial_gradient("L").resize((1200, 800)).convert("RGB").save(path)
    return path


def sign_in(page, user, address):
    client = Client()
    client.force_login(user)
    lend(client, page, address)


def golf():
    return Article.objects.get(slug="golf")


def press(page, name):
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).click()


def caret_before(page, words):
    """The caret in the text before these words."""
    page.locator("#id_body").evaluate(
        "(area, words) => { area.focus(); const at = area.value.indexOf(words); area.setSelectionRange(at, at); }",
        words,
    )


def previewed(page):
    return page.frame_locator(".frame iframe").locator("article")


def kept(page, words):
    """Wait until the server has kept these words as unsaved text, and the page has shown its answer."""
    for _ in range(100):
        if any(words in saved.data["body"][0] for saved in Autosave.objects.all()):
            return page.locator("#kept", has_text="Kept as unsaved text").wait_for()
        page.wait_for_timeout(100)
    raise AssertionError(words)


def test_an_editors_week(at_the_desk, visitor, starter_articles, person, photograph, monkeypatch):
    edith, ada = person("Editors"), person("Approvers")
    # In a small clinic somebody does both; that changes nothing about their own texts.
    edith.groups.add(Group.objects.get(name="Approvers"))
    editor, patient = at_the_desk(edith), visitor()

    # Monday: a picture, and a draft of a page that patients are reading.
    editor.goto("/admin/content/picture/add/")
    editor.get_by_label("File").set_input_files(photograph)
    editor.get_by_label("Name", exact=False).first.fill("heat-pack")
    editor.get_by_label("Words for those who do not see it").fill("A heat pack on a lower back")
    editor.get_by_label("Credit").fill("Clinic photograph")
    press(editor, "Save")
    assert Picture.objects.get().widths[0] == 390
    editor.goto("/admin/content/article/")
    editor.get_by_role("link", name="Back spasms in golf").click()
    caret_before(editor, "## Why golf loads your back")
    editor.get_by_role("button", name="Do", exact=True).click()
    editor.keyboard.type("warm up before the first tee")
    editor.get_by_role("button", name="Table", exact=True).click()
    editor.get_by_role("button", name="Add the table").click()
    caret_before(editor, "## Why golf loads your back")
    editor.get_by_label("Picture", exact=True).select_option("heat-pack")
    caret_before(editor, "\n\n::: emergency")
    editor.get_by_label("Source", exact=True).fill("who-2023")
    editor.get_by_role("button", name="Add source").click()
    kept(editor, "who-2023")
    preview = previewed(editor)
    preview.locator("img[alt='A heat pack on a lower back']").wait_for(state="attached")
    preview.locator(".do li", has_text="warm up before the first tee").wait_for(state="attached")
    preview.locator("td", has_text="row 2, 1").wait_for(state="attached")
    assert "Reading grade" in editor.locator("#checks").inner_text()
    patient.goto("/sports/golf/")
    assert "warm up before the first tee" not in patient.locator("article").inner_text()

    # Tuesday: the browser crashed; the text is there. It is sent.
    again = at_the_desk(edith)
    again.goto(editor.url)
    assert again.get_by_text("which you had not saved").is_visible()
    assert "warm up before the first tee" in again.locator("#id_body").input_value()
    text = again.locator("#id_body")
    text.fill(text.input_value().replace("| column", "| Day").replace("| row", "| Walk"))
    again.get_by_label("What changed?").fill("A warm-up, with a picture")
    press(again, "Save and send for approval")
    assert again.get_by_text("Saved and sent").is_visible()
    draft = golf().newest
    assert not Autosave.objects.exists()

    # Nobody approves their own text, not even past the page.
    again.goto(f"/admin/content/version/{draft.pk}/change/")
    assert again.get_by_text("You wrote this text, so somebody else has to approve it.").is_visible()
    assert again.get_by_role("button", name="Approve").count() == 0

    # Wednesday: another person approves it, for tomorrow.
    approver = at_the_desk(ada)
    approver.goto("/admin/content/article/?show=approval")
    approver.get_by_role("link", name="Back spasms in golf").click()
    approver.locator(".diff ins", has_text="warm up before the first tee").wait_for()
    later = timezone.localtime() + timedelta(hours=2)
    approver.get_by_label("Publish on").fill(f"{later:%Y-%m-%dT%H:%M}")
    press(approver, "Approve")
    assert approver.get_by_text("Scheduled for").first.is_visible()
    patient.goto("/sports/golf/")
    assert "warm up before the first tee" not in patient.locator("article").inner_text()

    # Thursday: its time has come, without anything being started.
    real = timezone.now
    with monkeypatch.context() as clock:
        clock.setattr(timezone, "now", lambda: real() + timedelta(hours=3))
        patient.goto("/sports/golf/")
        assert "warm up before the first tee" in patient.locator("article").inner_text()
        image = patient.locator("img[alt='A heat pack on a lower back']")
        image.scroll_into_view_if_needed()
        assert patient.request.get(image.get_attribute("src")).headers["content-type"] == "image/webp"

    # Friday: compare, restore, move.
    editor = at_the_desk(edith)
    editor.goto(f"/admin/content/article/{golf().pk}/change/")
    press(editor, "Compare the two")
    editor.locator(".diff ins", has_text="warm up before the first tee").wait_for()
    first = golf().versions.last()
    editor.goto(f"/admin/content/version/{first.pk}/change/")
    press(editor, "Restore these words as a new draft")
    assert editor.locator("#id_body").input_value() == first.body
    editor.goto(f"/admin/content/article/{Article.objects.get(slug='nerves').pk}/change/")
    editor.get_by_text("Where it stands").click()
    editor.get_by_label("Last part of the address").fill("sore-nerves")
    press(editor, "Save draft")
    patient.goto("/causes/nerves/")
    assert patient.url.endswith("/causes/sore-nerves/")
    assert patient.locator("h1").is_visible()


@pytest.fixture
def writing(at_the_desk, starter_articles, person):
    """An editor's page of the article about golf, with a short text."""
    page = at_the_desk(person("Editors"))
    page.goto(f"/admin/content/article/{golf().pk}/change/")
    page.locator("#id_body").fill("One.\n\nTwo.\n")
    return page


def test_a_box_and_its_lines_come_with_their_dashes(writing):
    caret_before(writing, "ne.")
    writing.get_by_role("button", name="Avoid", exact=True).click()
    writing.keyboard.type("lying in bed all day")
    writing.keyboard.press("Enter")
    writing.keyboard.type("lifting with a twist")
    box = "::: avoid\n- lying in bed all day\n- lifting with a twist\n:::"
    assert writing.locator("#id_body").input_value() == f"One.\n\n{box}\n\nTwo.\n"


@pytest.mark.parametrize(
    ("name", "block"),
    [
        ("Do", "::: do\n- walk a little\n:::"),
        ("Avoid", "::: avoid\n- walk a little\n:::"),
        ("Steps", "::: steps\n1. walk a little\n:::"),
    ],
)
def test_a_button_puts_in_a_block_of_lines(writing, name, block):
    caret_before(writing, "ne.")
    writing.get_by_role("button", name=name, exact=True).click()
    writing.keyboard.type("walk a little")
    assert writing.locator("#id_body").input_value() == f"One.\n\n{block}\n\nTwo.\n"


def test_a_fold_comes_around_the_chosen_lines_with_its_title_to_be_typed(writing):
    writing.locator("#id_body").evaluate("area => { area.focus(); area.setSelectionRange(0, 3); }")
    writing.get_by_role("button", name="Fold", exact=True).click()
    writing.keyboard.type("More")
    assert writing.locator("#id_body").input_value() == "::: fold More\nOne.\n:::\n\nTwo.\n"


def test_a_block_can_be_put_into_a_fold(writing):
    writing.locator("#id_body").fill("::: fold More\nOne.\n\nTwo.\n:::\n")
    caret_before(writing, "ne.")
    writing.get_by_role("button", name="Do", exact=True).click()
    writing.keyboard.type("walk")
    assert writing.locator("#id_body").input_value() == "::: fold More\nOne.\n\n::: do\n- walk\n:::\n\nTwo.\n:::\n"


def test_a_drawing_comes_with_words_below_it_to_be_typed(writing):
    caret_before(writing, "ne.")
    writing.get_by_label("Picture", exact=True).select_option("golf")
    writing.keyboard.type("The trunk turns.")
    block = "::: figure golf\nThe trunk turns.\n:::"
    assert writing.locator("#id_body").input_value() == f"One.\n\n{block}\n\nTwo.\n"


def test_a_fold_in_the_preview_stays_open_while_one_writes_in_it(writing):
    text = writing.locator("#id_body")
    text.fill("One.\n\n::: fold More\nFolded words.\n:::\n")
    text.press("ArrowUp")
    text.press("ArrowUp")
    text.press("End")
    preview = writing.frame_locator(".frame iframe")
    with writing.expect_response("**/desk/"):
        text.press_sequentially(" And more.")
    preview.get_by_text("And more.").wait_for(state="visible")
    with writing.expect_response("**/desk/"):
        text.press_sequentially(" Still.")
    preview.get_by_text("And more. Still.").wait_for(state="visible")


def test_a_sign_goes_into_the_emergency_box_or_makes_one(writing):
    text, sign = writing.locator("#id_body"), writing.get_by_label("Sign for the emergency box")
    caret_before(writing, "ne.")
    sign.select_option("heat")
    assert text.input_value() == "One.\n\n::: emergency\n- heat\n:::\n\nTwo.\n"
    caret_before(writing, "wo.")
    sign.select_option("pregnancy")
    assert text.input_value() == "One.\n\n::: emergency\n- heat\n- pregnancy\n:::\n\nTwo.\n"


def test_an_emergency_box_is_whole_as_it_comes(writing):
    caret_before(writing, "ne.")
    writing.get_by_label("Box", exact=True).select_option("emergency")
    assert writing.locator("#id_body").input_value() == "One.\n\n::: emergency\n:::\n\nTwo.\n"


@pytest.mark.parametrize("caret", ["- a", "::: avoid", ":: avoid", "- b", "::\n\nTwo"])
def test_a_picture_never_lands_in_a_box(writing, caret):
    box = "::: avoid\n- a\n\n- b\n:::"
    writing.locator("#id_body").fill(f"One.\n\n{box}\n\nTwo.\n")
    caret_before(writing, caret)
    writing.get_by_label("Picture", exact=True).select_option("golf")
    text = writing.locator("#id_body").input_value()
    figure = "::: figure golf\nwhat to see in the picture\n:::"
    before, after = (f"{figure}\n\n", "") if caret == "::: avoid" else ("", f"\n\n{figure}")
    assert text == f"One.\n\n{before}{box}{after}\n\nTwo.\n"


def test_enter_before_the_words_of_a_line_keeps_them_in_the_list(writing):
    writing.locator("#id_body").fill("- walk\n")
    caret_before(writing, "walk")
    writing.keyboard.press("Enter")
    assert writing.locator("#id_body").input_value() == "- \n- walk\n"


def test_enter_on_an_empty_line_of_a_list_ends_the_list(writing):
    writing.locator("#id_body").fill("1. walk")
    writing.keyboard.press("Enter")
    assert writing.locator("#id_body").input_value() == "1. walk\n2. "
    writing.keyboard.press("Enter")
    assert writing.locator("#id_body").input_value() == "1. walk\n"


def test_a_table_comes_in_the_size_asked_for_and_after_the_box(writing):
    writing.locator("#id_body").fill("One.\n\n::: avoid\n\n- a\n\n- b\n\n:::\n\nTwo.\n")
    caret_before(writing, "- a")
    writing.get_by_role("button", name="Table", exact=True).click()
    writing.get_by_label("Columns").fill("3")
    writing.get_by_label("Rows below the headings").fill("1")
    writing.keyboard.press("Enter")
    table = "| column 1 | column 2 | column 3 |\n|---|---|---|\n| row 1, 1 | row 1, 2 | row 1, 3 |"
    assert writing.locator("#id_body").input_value().endswith(f"- b\n\n:::\n\n{table}\n\nTwo.\n")
    # Left without an answer, nothing is put in.
    before = writing.locator("#id_body").input_value()
    writing.get_by_role("button", name="Table", exact=True).click()
    writing.keyboard.press("Escape")
    assert writing.locator("#id_body").input_value() == before


def test_only_a_source_of_the_list_is_put_in_by_its_key_or_its_title(writing):
    text, field = writing.locator("#id_body"), writing.get_by_label("Source", exact=True)
    add = writing.get_by_role("button", name="Add source")
    caret_before(writing, "\n\nTwo")
    for typed in ("", "inception cohort"):
        field.fill(typed)
        add.click()
        assert writing.get_by_text("Choose a source from the list").is_visible()
        assert text.input_value() == "One.\n\nTwo.\n"
    field.fill(Source.objects.get(key="who-2023").title)
    add.click()
    assert text.input_value() == "One. [@who-2023]\n\nTwo.\n"
    assert writing.locator("#toolbar-says").is_hidden()


def test_a_link_leads_to_a_page_of_the_list_or_to_a_whole_address(writing):
    text, field = writing.locator("#id_body"), writing.get_by_label("Page or address")
    add = writing.get_by_role("button", name="Add link")
    caret_before(writing, "\n\nTwo")
    field.fill("www.example.org")
    add.click()
    assert writing.get_by_text("its whole address, starting with https://").is_visible()
    assert text.input_value() == "One.\n\nTwo.\n"
    field.fill("in golf")
    add.click()
    assert text.input_value() == "One. [Back spasms in golf](/sports/golf/)\n\nTwo.\n"
    assert text.evaluate("text => text.value.slice(text.selectionStart)") == "\n\nTwo.\n"
    text.evaluate("text => text.setSelectionRange(6, 6 + 'Back spasms in golf'.length)")
    field.fill("https://example.org/a")
    add.click()
    assert "[Back spasms in golf](https://example.org/a)" in text.input_value()


def test_the_checks_stay_in_sight_and_lead_to_their_line(writing):
    long = "Words of a paragraph that is long enough to take several rows of the window. " * 8
    body = f"{long}\n\n## Part\n\n" * 12 + "Rare [@nobody]\n\n" + f"{long}\n\n" * 12
    text = writing.locator("#id_body")
    text.fill(body)
    link = writing.locator("#checks [data-line]", has_text="Line 49")
    link.wait_for()
    writing.get_by_label("Box", exact=True).select_option("note")
    kept(writing, "::: note")
    assert writing.locator("#count").inner_text().startswith("1 to put right")
    for place in ("content", "figures"):
        writing.evaluate(f"document.getElementById('{place}').scrollIntoView()")
        heading = writing.get_by_role("heading", name="Checks").bounding_box()
        assert 0 <= heading["y"] < 844
        assert writing.get_by_role("heading", name="Put this right").bounding_box()["y"] > heading["y"]
    link.click()
    mark = writing.locator(".mark").bounding_box()
    assert 100 < mark["y"] < 700
    assert 15 < mark["height"] < 60
    # It marks that line, not another: the words under it are those before which the caret stands.
    before, after = writing.evaluate("[id_body.value.slice(0, id_body.selectionStart), id_body.selectionEnd]")
    assert len(before) == after
    writing.keyboard.type("Now: ")
    assert "Now: Rare [@nobody]" in text.input_value()
    assert writing.locator(".mark").is_hidden()


def test_the_desk_works_without_javascript(at_the_desk, starter_articles, person):
    page = at_the_desk(person("Editors"), javascript=False)
    page.goto(f"/admin/content/article/{golf().pk}/change/")
    assert previewed(page).locator("h1").inner_text() == "Back spasms in golf"
    assert page.get_by_role("toolbar").count() == 0
    text = page.locator("#id_body")
    text.fill("Golf is fun.\n\n" + text.input_value())
    with page.context.expect_page() as opened:
        page.get_by_role("button", name="Preview in a new window").click()
    assert "Golf is fun." in opened.value.locator("article").inner_text()
    page.get_by_label("What changed?").fill("Fun")
    press(page, "Save draft")
    assert golf().newest.body.startswith("Golf is fun.")


def test_a_text_survives_signing_in_again_in_another_window(chromium, live_server, starter_articles, person):
    edith = person("Editors")
    # Not a visitor: the refusal of the old proof is what this is about.
    page = chromium.new_context(base_url=live_server.url).new_page()
    sign_in(page, edith, live_server.url)
    page.goto(f"/admin/content/article/{golf().pk}/change/")
    # Signing in gives the browser a new session and a new proof for its forms; this page still holds the old one.
    page.context.clear_cookies()
    sign_in(page, edith, live_server.url)
    page.locator("#id_body").fill("Written with a new session.")
    kept(page, "Written with a new session.")
    page.get_by_label("What changed?").fill("Text")
    press(page, "Save draft")
    assert golf().newest.body == "Written with a new session.\n"
    page.context.close()


def test_the_desk_says_which_of_its_requests_nobody_made(chromium, live_server, starter_articles, person):
    """Only what an editor does keeps the session: static/desk.js looks every 45 seconds who else is writing."""
    # Not a visitor: the moved clock is a script that the preview's frame refuses, and says so.
    page = chromium.new_context(base_url=live_server.url).new_page()
    sign_in(page, person("Editors"), live_server.url)
    page.clock.install()
    page.goto(f"/admin/content/article/{golf().pk}/change/")
    by_itself = []
    page.on("request", lambda sent: sent.url.endswith("/desk/") and by_itself.append("x-by-itself" in sent.headers))

    def answered(seconds):
        with page.expect_response("**/desk/"):
            page.clock.run_for(1000 * seconds)

    answered(46)
    page.locator("#id_title").press("End")
    page.locator("#id_title").type(".")
    answered(1)
    answered(46)
    assert by_itself == [True, False, True]
    page.context.close()


def test_two_editors_are_told_of_each_other_and_lose_nothing(at_the_desk, starter_articles, person):
    address = f"/admin/content/article/{golf().pk}/change/"
    one = at_the_desk(person("Editors"))
    erik = person("Editors", "erik")
    two = at_the_desk(erik)
    for page in (one, two):
        page.goto(address)
    assert two.get_by_text("editors has this article open now").is_visible()
    for page, title in [(one, "Golf, first"), (two, "Golf, second")]:
        page.locator("#id_title").fill(title)
        page.get_by_label("What changed?").fill(title)
        press(page, "Save draft")
    assert two.locator("#conflict ins", has_text="first").is_visible()
    assert two.locator("#id_title").input_value() == "Golf, second"
    two.get_by_label("I have looked at it").check()
    press(two, "Save draft")
    assert list(golf().versions.values_list("title", flat=True)[:2]) == ["Golf, second", "Golf, first"]


def test_the_preview_runs_no_script_and_follows_width_and_colours(at_the_desk, starter_articles, person):
    page = at_the_desk(person("Editors"))
    page.goto(f"/admin/content/article/{golf().pk}/change/")
    text = page.locator("#id_body")
    text.fill('<script>parent.hacked = 1</script> <img src=x onerror="parent.hacked = 1">\n\n' + text.input_value())
    kept(page, "parent.hacked")
    assert page.evaluate("window.hacked") is None
    back = "getComputedStyle(document.querySelector('.frame iframe').contentDocument.body).backgroundColor"
    light = page.evaluate(back)
    page.get_by_role("button", name="Dark").click()
    assert page.evaluate(back) != light
    page.get_by_role("button", name="Dark").click()
    assert page.evaluate(back) == light
    wide = "document.querySelector('.frame iframe').contentWindow.innerWidth"
    assert page.evaluate(wide) == 390
    page.get_by_role("button", name="Desktop").click()
    assert page.evaluate(wide) > 900


@pytest.mark.parametrize("width", [768, 1280])
def test_no_page_of_the_desk_breaks_the_policy_or_scrolls_sideways(at_the_desk, starter_articles, person, width):
    edith = person("Editors")
    edith.groups.set(Group.objects.exclude(name="Clinic staff"))
    page = at_the_desk(edith, width=width)
    article = golf()
    version = Version.objects.create(
        article=article, author=None, title="x", summary="y", body="z", note="n", sent_at=timezone.now(),
        written=timezone.localdate(), review_due=timezone.localdate(),
    )  # fmt: skip
    for address in [
        "article/", "article/?show=overdue", "article/add/", f"article/{article.pk}/change/", "article/guide/",
        f"article/{article.pk}/history/", f"article/{article.pk}/compare/", f"version/{version.pk}/change/",
        "picture/", "picture/add/", "source/", "source/add/", "topic/", "sport/", "feedback/",
    ]:  # fmt: skip
        page.goto(f"/admin/content/{address}")
        page.wait_for_load_state("networkidle")
        if not re.search("history|source/$|feedback", address):
            assert page.evaluate("document.documentElement.scrollWidth") <= width, address
