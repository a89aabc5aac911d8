"""The page of an article while somebody writes: preview, findings, unsaved text, who else is here; a version's page."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from content import publishing
from content.admin.common import describe_state
from content.admin.versions import ApproveForm
from content.models import Article, Autosave, Feedback, OldAddress, Presence, ShareLink
from content.text.drawings import DRAWINGS, list_drawings

from .test_editors import address, figure_rows, form, save

pytestmark = pytest.mark.django_db
HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "<!-- x --><svg onload=alert(1)>",
    "::: note\n::: do\n<iframe src=//example.org></iframe>\n:::\n:::",
    '::: picture x"><script>alert(1)</script>',
    "</textarea></iframe><script>alert(1)</script>",
    '"></iframe><script>alert(1)</script>',
    "|a|b|\n|---|---|\n" + "|<b onclick=x>1</b>|2|\n" * 3000,
]


def step(name, article=None):
    return reverse(f"admin:content_article_{name}", args=[article.pk] if article else [])


def version_step(name, version):
    return reverse(f"admin:content_version_{name}", args=[version.pk])


def frames(page):
    """What the preview's frame holds, as the browser reads the attribute."""
    found = re.search(r'srcdoc="([^"]*)"', page)[1]
    for sign, plain in [("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&#x27;", "'"), ("&amp;", "&")]:
        found = found.replace(sign, plain)
    return found


def harmless(page):
    # The page's own block of data is no script, and holds no sign that could end it.
    page = re.sub(r'<script type="application/ld\+json">[^<>]*</script>', "", page)
    assert not re.search(r"<(script|iframe|img|style|object|embed)\b", page)
    assert not re.search(r"<[^>]*\s(on\w+|style)=", page)
    assert not re.search(r'(?:href|src)="\s*(?:javascript|data|vbscript):', page, re.IGNORECASE)


# --- Preview and findings --------------------------------------------------------------------------------------------
@pytest.mark.slow
@pytest.mark.parametrize("body", HOSTILE)
def test_hostile_text_is_harmless_in_every_preview_and_on_the_page(editing, add, client, body):
    article = add(body=body)
    harmless(client.get("/causes/overuse/").content.decode())
    harmless(editing.post(step("preview", article), form(article)).content.decode())
    answer = editing.post(step("desk", article), form(article)).json()
    harmless(answer["preview"])
    harmless(answer["checks"])
    whole = editing.get(address(article)).content.decode()
    harmless(frames(whole))
    # Outside the frame the page has its own scripts, each a file, and one frame.
    outside = re.sub(r'srcdoc="[^"]*"', "", whole)
    assert not re.search(r"<script(?![^>]*\ssrc=)[^>]*>(?!\s*</script>)", outside)
    assert len(re.findall(r"<iframe\b", outside)) == 1
    assert "alert(1)</script>" not in outside


def test_the_preview_shows_what_is_typed_and_stores_nothing(editing, add):
    article = add()
    page = editing.post(
        step("preview", article), form(article, title="Unsaved", body="## New\n\nWords.")
    ).content.decode()
    assert "<h1>Unsaved</h1>" in page
    assert "These words are not saved" in page
    assert article.versions.count() == 1
    assert not Autosave.objects.exists()


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"body": "x" * 120_000},
        {"written": "yesterday", "review_due": "²", "topic": "²", "sport": "x"},
        {"figures-0-percent": "many", "figures-0-label": "x", "figures-x-label": "y", "figures-9-of": "z"},
        {"title": "\0", "body": "\0", "note": "\0"},
        {"figures-0-source": "a\0b", "figures-0-label": "\0", "figures-0-percent": "5"},
        {"topic": "9" * 40},
    ],
)
def test_whatever_is_typed_has_a_preview_and_is_kept(editing, add, sent):
    article = add()
    for name, pk in [("desk", article), ("new_desk", None), ("preview", article), ("new_preview", None)]:
        assert editing.post(step(name, pk), {**sent, "changed": "1"}).status_code == 200


def test_a_preview_on_a_site_without_topics(editing):
    assert editing.post(step("new_preview"), {"title": "x", "body": "y"}).status_code == 200


def test_findings_name_what_to_put_right_while_writing(editing, add):
    article = add()
    body = "::: do\n\nIn a study 40% of 500 golfers had pain. Look [here](/causes/overuse/)."
    checks = editing.post(step("desk", article), form(article, body=body)).json()["checks"]
    for words in ("is not closed", "has no source of its own", "does not say where it leads", "Reading grade"):
        assert words in checks


def test_words_that_a_button_put_in_are_named_when_they_are_still_there(editing, add):
    article = add()
    body = "::: do\n- one thing on each line\n:::\n"
    checks = editing.post(step("desk", article), form(article, body=body)).json()["checks"]
    assert "Line 2</a>: “one thing on each line” came from a button" in checks


def test_what_must_be_put_right_leads_to_its_line_and_is_counted_beside_the_buttons(editing, add):
    article = add()
    body = "| a | b | c |\n|---|---|\n| 1 | 2 | 3 |\n"
    answer = editing.post(step("desk", article), form(article, body=body)).json()
    assert 'data-line="1">Line 1</a>: This table has 3 cells' in answer["checks"]
    assert answer["count"] == "1 to put right · 1 to look at"
    assert "1 to put right" in save(editing, article, body=body).content.decode()


def test_every_error_is_named_above_the_form_with_a_link_to_its_field(editing, add):
    article = add()
    page = save(editing, article, title="", note="").content.decode()
    assert '<a href="#id_title">Title</a>: This field is required.' in page
    page = save(editing, article, title="x", note="").content.decode()
    assert '<a href="#id_note">What changed?</a>: Say in a few words what you changed.' in page


def test_pictures_and_sources_added_in_another_window_come_when_the_editor_is_back(editing, add, sources):
    answer = editing.post(step("desk", article := add()), {**form(article), "back": "1"}).json()
    assert ["who-2023", "Guideline"] in answer["sources"]
    assert answer["pictures"] == []


def test_a_broken_link_to_another_page_is_named(editing, add):
    article = add()
    checks = editing.post(step("desk", article), form(article, body="See [golf](/sports/golf/).")).json()["checks"]
    assert "leads to /sports/golf/, which is no page" in checks


@pytest.mark.parametrize("name", ["desk", "preview", "discard", "withdraw", "put_back"])
def test_steps_ask_for_a_post_and_its_proof(editing, add, editor, name):
    from django.test import Client

    article = add()
    assert editing.get(step(name, article)).status_code == 405
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(editor)
    assert strict.post(step(name, article)).status_code == 403


@pytest.mark.parametrize("name", ["desk", "preview", "discard", "withdraw", "put_back"])
def test_who_may_only_read_cannot_take_a_step(signed_in, add, colleague, name):
    article = add()
    reader = signed_in(colleague("Clinical reviewers"))
    assert reader.post(step(name, article)).status_code == 403
    article.refresh_from_db()
    assert not article.withdrawn


def test_clinic_staff_see_nothing_of_the_desk(signed_in, add, colleague):
    article = add()
    clerk = signed_in(colleague("Clinic staff"))
    for name in ("compare", "change"):
        assert clerk.get(step(name, article)).status_code == 403
    assert clerk.get(reverse("admin:content_article_guide")).status_code == 403


# --- Unsaved text ----------------------------------------------------------------------------------------------------
def test_what_was_typed_is_there_again_after_a_crash(editing, add, sources):
    article = add()
    figure = {"label": "Golfers", "percent": "37,", "of": "many", "source": "who"}
    typed = {**form(article, title="Half a tit", body="Half a sen", written="2026-1"), **figure_rows([figure])}
    editing.post(step("desk", article), {**typed, "changed": "1"})
    page = editing.get(address(article)).content.decode()
    assert "which you had not saved" in page
    for words in ('value="Half a tit"', "Half a sen", 'value="2026-1"', 'value="37,"'):
        assert words in page
    assert article.versions.count() == 1


def test_an_unsaved_address_moves_no_page_later(moving, add):
    article = add()
    moving.post(step("desk", article), {**form(article, title="Half", slug="elsewhere", position=7), "changed": "1"})
    opened = moving.get(address(article)).context["adminform"].form
    assert (opened.initial["slug"], opened.initial["position"]) == ("overuse", "7")
    assert opened.has_changed_place()


def test_a_new_article_is_there_again_after_a_crash(editing, topic):
    editing.post(step("new_desk"), {"title": "Brand new", "changed": "1"})
    assert 'value="Brand new"' in editing.get(reverse("admin:content_article_add")).content.decode()


def test_unsaved_text_is_its_authors_alone(editing, add, signed_in, colleague):
    article = add()
    editing.post(step("desk", article), {**form(article, title="Mine alone"), "changed": "1"})
    other = signed_in(colleague("Editors"))
    assert "Mine alone" not in other.get(address(article)).content.decode()
    other.post(step("desk", article), {**form(article, title="Another"), "changed": "1"})
    assert 'value="Mine alone"' in editing.get(address(article)).content.decode()


def test_a_call_without_a_change_keeps_nothing(editing, add):
    article = add()
    assert "saved" not in editing.post(step("desk", article), form(article)).json()
    assert not Autosave.objects.exists()


def test_saving_lets_go_of_the_unsaved_text(editing, add):
    article = add()
    editing.post(step("desk", article), {**form(article, title="Half"), "changed": "1"})
    save(editing, article, title="Whole")
    assert not Autosave.objects.exists()


def test_a_call_that_is_overtaken_by_its_save_keeps_nothing(editing, add, sources):
    figure = {"label": "Golfers", "percent": 37.5, "of": "1,170 golfers", "source": "who-2023"}
    article = add(figures=[figure])
    typed = {**form(article, title="Whole"), "changed": "1"}
    save(editing, article, title="Whole")
    editing.post(step("desk", article), typed)
    assert not Autosave.objects.exists()


def test_a_form_that_comes_back_with_an_error_is_kept_too(editing, add):
    article = add()
    save(editing, article, title="Kept", body="Rare [@nobody]")
    assert 'value="Kept"' in editing.get(address(article)).content.decode()


def test_unsaved_text_can_be_thrown_away(editing, add):
    article = add()
    editing.post(step("desk", article), {**form(article, title="Half"), "changed": "1"})
    assert editing.post(step("discard", article)).status_code == 302
    assert 'value="Overuse"' in editing.get(address(article)).content.decode()


def test_unsaved_text_on_older_words_meets_the_newer_ones_when_it_is_saved(editing, add, words):
    article = add()
    editing.post(step("desk", article), {**form(article, title="Half"), "changed": "1"})
    opened = article.newest.pk
    article.append_version(**words(title="Faster"))
    page = editing.get(address(article)).content.decode()
    assert "Somebody has saved another version since then" in page
    assert f'name="opened_on" value="{opened}"' in page


# --- Who else is here ------------------------------------------------------------------------------------------------
def test_an_editor_is_told_who_else_has_the_article_open(editing, add, signed_in, colleague):
    article = add()
    signed_in(colleague("Editors", name="erik")).get(address(article))
    assert "Erik Example has this article open now" in editing.get(address(article)).content.decode()
    assert "Erik Example" in editing.post(step("desk", article), form(article)).json()["others"]


def test_nobody_is_told_of_themselves(editing, add):
    article = add()
    editing.get(address(article))
    assert editing.post(step("desk", article), form(article)).json()["others"] == ""


@pytest.mark.parametrize("seconds", [121, -2400])
def test_who_is_silent_for_two_minutes_or_was_seen_before_the_clock_was_set_back_is_gone(
    editing, add, signed_in, colleague, seconds
):
    article = add()
    signed_in(colleague("Editors")).get(address(article))
    Presence.objects.update(seen_at=timezone.now() - timedelta(seconds=seconds))
    assert editing.post(step("desk", article), form(article)).json()["others"] == ""


# --- The page of one version -----------------------------------------------------------------------------------------
@pytest.fixture
def waiting(editing, add):
    """A draft of a live article that waits for approval."""
    article = add()
    save(editing, article, title="Simpler", _send="1")
    return article.versions.first()


def test_an_approver_lands_on_the_newest_words_and_publishes_them(waiting, signed_in, approver, client):
    browser = signed_in(approver)
    page = browser.get(address(waiting.article), follow=True).content.decode()
    assert "What is different from what patients read now" in page
    assert browser.post(version_step("approve", waiting)).status_code == 302
    assert "<h1>Simpler</h1>" in client.get("/causes/overuse/").content.decode()


def test_an_author_who_may_approve_is_refused_and_told_why(editing, waiting, editor, approver, client):
    editor.groups.add(*approver.groups.all())
    page = editing.get(version_step("change", waiting)).content.decode()
    assert "You wrote this text, so somebody else has to approve it" in page
    answer = editing.post(version_step("approve", waiting))
    assert answer.status_code == 422
    assert "<h1>Overuse</h1>" in client.get("/causes/overuse/").content.decode()


@pytest.mark.parametrize("name", ["approve", "give_back", "unschedule", "review"])
def test_an_editor_alone_can_neither_approve_nor_review(editing, waiting, name):
    assert editing.post(version_step(name, waiting), {"name": "E", "note": "n"}).status_code == 403


@pytest.mark.parametrize("name", ["send", "take_back", "share", "review"])
def test_an_approver_alone_neither_writes_nor_reviews(signed_in, approver, waiting, name):
    assert signed_in(approver).post(version_step(name, waiting), {"name": "A"}).status_code == 403


@pytest.mark.parametrize("name", ["approve", "send", "share"])
def test_a_step_by_get_changes_nothing(signed_in, approver, waiting, name):
    assert signed_in(approver).get(version_step(name, waiting)).status_code == 302
    waiting.refresh_from_db()
    assert waiting.is_awaiting_approval
    assert not ShareLink.objects.exists()


def test_an_approver_reads_what_is_different_before_the_button_that_publishes_it(signed_in, approver, waiting):
    page = signed_in(approver).get(version_step("change", waiting)).content.decode()
    assert page.index("What is different from what patients read now") < page.index('value="Approve"')


def test_a_line_is_no_link_where_there_is_no_text_to_go_to(editing, add, signed_in, approver):
    article = add()
    save(editing, article, body="Click [here](/causes/overuse/).\n", _send="1")
    page = signed_in(approver).get(version_step("change", article.versions.first())).content.decode()
    assert "Line 1: The link “here” does not say" in page
    assert 'href="#id_body"' not in page


def test_after_approving_one_is_told_who_reads_it_with_a_link_to_the_page(signed_in, approver, waiting):
    page = signed_in(approver).post(version_step("approve", waiting), follow=True).content.decode()
    assert 'Patients read this now: <a href="/causes/overuse/">see the page</a>' in page


def test_after_approving_for_a_later_day_one_is_told_that_day(signed_in, approver, waiting):
    sent = {"publish_at": "2031-05-06T07:08"}
    page = signed_in(approver).post(version_step("approve", waiting), sent, follow=True).content.decode()
    assert "Patients read it from 6 May 2031, 07:08 UTC." in page
    assert "see the page" not in page


def test_an_approver_takes_a_dangerous_page_off_the_site_and_puts_it_back(signed_in, approver, waiting, client):
    publishing.approve_version(waiting, approver)
    browser = signed_in(approver)
    page = browser.get(version_step("change", waiting)).content.decode()
    assert "View on site" in page
    assert "Withdraw the page" in page
    page = browser.post(step("withdraw", waiting.article), follow=True).content.decode()
    assert client.get("/causes/overuse/").status_code == 404
    assert "Put it back on the site" in page
    browser.post(step("put_back", waiting.article))
    assert client.get("/causes/overuse/").status_code == 200


def test_an_approver_goes_back_to_older_words_which_another_person_approves(
    signed_in, approver, waiting, colleague, client
):
    publishing.approve_version(waiting, approver)
    browser = signed_in(approver)
    first = waiting.article.versions.last()
    page = browser.get(version_step("change", waiting)).content.decode()
    assert version_step("change", first) in page
    assert "Restore these words as a new draft" in browser.get(version_step("change", first)).content.decode()
    page = browser.post(version_step("restore", first), follow=True).content.decode()
    assert "Patients do not read them yet" in page
    restored = waiting.article.versions.first()
    browser.post(version_step("send", restored))
    assert browser.post(version_step("approve", restored)).status_code == 422
    signed_in(colleague("Approvers")).post(version_step("approve", restored))
    assert "<h1>Overuse</h1>" in client.get("/causes/overuse/").content.decode()


def test_who_sends_a_text_is_told_who_can_approve_it(editing, add, approver):
    page = editing.post(address(article := add()), form(article, title="New", _send="1"), follow=True).content.decode()
    assert "Saved and sent. Ada Example can approve it. No mail goes out" in page
    assert (
        "Ada Example can approve it" in editing.get(version_step("change", article.versions.first())).content.decode()
    )


def test_who_sends_a_text_is_told_that_nobody_can_approve_it(editing, add, django_user_model):
    article = add()
    page = editing.post(address(article), form(article, title="New", _send="1"), follow=True).content.decode()
    assert "Nobody else may approve it yet" in page


def test_a_figure_without_a_source_needs_a_reason_that_stays_in_the_log(editing, add, signed_in, approver):
    article = add()
    save(editing, article, body="In our clinic 80% of people were back at work after a week.\n", _send="1")
    version, browser = article.versions.first(), signed_in(approver)
    assert "These figures have no source" in browser.get(version_step("change", version)).content.decode()
    answer = browser.post(version_step("approve", version))
    assert answer.status_code == 422
    assert "A figure has no source: “In our clinic 80%" in answer.content.decode()
    browser.post(version_step("approve", version), {"no_source_because": "Our own count of 2026"})
    version.refresh_from_db()
    assert version.approved_by == approver
    log = editing.get(reverse("admin:content_article_history", args=[article.pk])).content.decode()
    assert "Our own count of 2026" in log


def test_the_next_version_has_a_note_of_its_own(editing, add):
    article = add()
    save(editing, article, title="Simpler", note="Said it more simply")
    assert not editing.get(address(article)).context["adminform"].form.initial.get("note")


def test_words_are_compared_with_those_that_patients_read(editing, add):
    article = add()
    for title in ("Second", "Third"):
        save(editing, article, title=title, opened_on=article.versions.first().pk)
    page = editing.get(address(article)).content.decode()
    live = article.versions.last()
    assert re.search(rf'name="old" value="{live.pk}"[^>]* checked', page)
    assert page.count("Patients read this now") == 1


def test_approved_words_are_compared_with_what_patients_read_before(editing, add, approver, signed_in):
    article = add()
    for title in ("Second", "Third"):
        save(editing, article, title=title, note=f"Called it {title}", opened_on=article.versions.first().pk)
    newest = article.versions.first()
    newest = publishing.send_for_approval(newest, newest.author)
    browser = signed_in(approver)
    assert ": Called it Second</li>" in browser.get(version_step("change", newest)).content.decode()
    publishing.approve_version(newest, approver)
    page = browser.get(version_step("change", newest))
    assert page.context["against"] == article.versions.last()
    assert "What is different from what patients read before" in page.content.decode()
    assert ": Called it Second</li>" in page.content.decode()


def test_dates_are_written_in_one_way(editing, waiting, approver):
    publishing.approve_version(waiting, approver)
    page = editing.get(version_step("change", waiting)).content.decode()
    assert not re.search(r"[ap]\.m\.", page)
    assert "Approved by Ada Example, " in page


def test_a_day_that_cannot_be_read_is_said_at_its_field(signed_in, approver, waiting):
    answer = signed_in(approver).post(version_step("approve", waiting), {"publish_at": "soon"})
    assert answer.status_code == 422
    assert "Enter a valid date/time" in answer.content.decode()


def test_an_approver_gives_a_text_back_with_a_note_that_the_author_reads(signed_in, approver, waiting, editing):
    signed_in(approver).post(version_step("give_back", waiting), {"note": "Name the source"})
    page = editing.get(address(waiting.article)).content.decode()
    assert "Changes asked for" in page
    assert "Name the source" in page


def test_a_clinical_review_is_signed_under_the_accounts_name_whatever_is_sent(signed_in, reviewer, waiting):
    browser = signed_in(reviewer)
    assert "reviewed by Carla Example”" in browser.get(version_step("change", waiting)).content.decode()
    browser.post(version_step("review", waiting), {"name": "Dr. Somebody Else"})
    waiting.refresh_from_db()
    assert waiting.clinically_reviewed_by == "Carla Example"
    assert not waiting.approved_at


def test_who_took_which_step_is_in_the_history_of_the_article(signed_in, approver, waiting, editing):
    signed_in(approver).post(version_step("approve", waiting))
    page = editing.get(reverse("admin:content_article_history", args=[waiting.article_id])).content.decode()
    assert "Approved (version" in page
    assert "ada" in page


def test_an_old_version_is_restored_as_a_draft(editing, waiting):
    first = waiting.article.versions.last()
    assert editing.post(version_step("restore", first)).status_code == 302
    assert list(waiting.article.versions.values_list("title", flat=True)) == ["Overuse", "Simpler", "Overuse"]


def test_a_version_that_does_not_exist_leads_away(editing):
    assert editing.get(reverse("admin:content_version_change", args=[99])).status_code == 302
    assert editing.post(reverse("admin:content_version_send", args=[99])).status_code == 404


def test_any_two_versions_are_compared_word_by_word(editing, waiting):
    first = waiting.article.versions.last()
    page = editing.get(step("compare", waiting.article), {"old": waiting.pk, "new": first.pk}).content.decode()
    assert re.search(r"<del>.*Overuse.*</del>", page)
    assert re.search(r"<ins>.*Simpler.*</ins>", page)


@pytest.mark.parametrize("chosen", [{}, {"old": "x", "new": "-1"}, {"old": "99", "new": "9" * 40}])
def test_a_comparison_of_what_is_not_there_shows_the_newest(editing, waiting, chosen):
    assert "Simpler" in editing.get(step("compare", waiting.article), chosen).content.decode()


def test_versions_of_another_article_are_not_compared(editing, waiting, add):
    other = add("nerves", title="Sore nerves")
    page = editing.get(step("compare", waiting.article), {"old": other.newest.pk}).content.decode()
    assert "Sore nerves" not in page


# --- Link to a draft -------------------------------------------------------------------------------------------------
def shared(editing, version):
    page = editing.post(version_step("share", version)).content.decode()
    return re.search(r'value="http://testserver(/drafts/[^"]+)"', page)[1]


def test_a_link_shows_the_draft_to_somebody_without_an_account(editing, waiting, client):
    answer = client.get(shared(editing, waiting))
    page = answer.content.decode()
    assert "<h1>Simpler</h1>" in page
    assert "DRAFT" in page
    assert 'content="noindex"' in page
    assert "<form" not in page
    assert answer.headers["Cache-Control"] == "no-store, private"
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert not answer.cookies


def test_a_link_is_only_for_reading(editing, waiting, client):
    assert client.post(shared(editing, waiting)).status_code == 405


def test_a_new_link_ends_the_old_one(editing, waiting, client):
    old, new = shared(editing, waiting), shared(editing, waiting)
    assert client.get(old).status_code == 404
    assert client.get(new).status_code == 200


def test_a_link_ends_after_a_week(editing, waiting, client):
    address = shared(editing, waiting)
    ShareLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert "This link has ended" in client.get(address).content.decode()


def test_a_link_ends_with_approval_and_with_withdrawal(editing, waiting, client, approver, editor):
    address = shared(editing, waiting)
    publishing.withdraw_article(waiting.article, editor)
    assert client.get(address).status_code == 404
    publishing.put_back_article(waiting.article, approver)
    address = shared(editing, waiting)
    publishing.approve_version(waiting, approver)
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("token", ["x", "WzEsMl0", "WzEsMl0:1xVLDq:aaaa", "%00", "ü"])
def test_a_made_up_link_leads_nowhere(client, db, token):
    assert client.get(f"/drafts/{token}/").status_code == 404


def test_an_approved_text_has_no_link(editing, waiting, approver):
    publishing.approve_version(waiting, approver)
    assert "/drafts/" not in editing.post(version_step("share", waiting), follow=True).content.decode()


# --- Moving an article -----------------------------------------------------------------------------------------------
def test_a_moved_article_leaves_a_permanent_redirect(moving, add, client):
    article = add()
    assert save(moving, article, slug="too-much").status_code == 302
    article.refresh_from_db()
    assert save(moving, article, slug="overdone").status_code == 302
    for old in ("/causes/overuse/", "/causes/too-much/"):
        answer = client.get(old)
        assert (answer.status_code, answer.headers["Location"]) == (301, "/causes/overdone/")


def test_an_address_that_led_to_another_page_within_a_year_is_not_taken_over(moving, add):
    strain, other = add("muscle-strain"), add("other")
    save(moving, strain, slug="gone-away")
    refused = save(moving, other, slug="muscle-strain")
    assert refused.status_code == 422
    assert "led to another page within the last year" in refused.content.decode()
    OldAddress.objects.update(since=timezone.now() - timedelta(days=366))
    assert save(moving, other, slug="muscle-strain").status_code == 302


def test_a_page_goes_back_to_its_own_old_address(moving, add):
    article = add()
    save(moving, article, slug="too-much")
    article.refresh_from_db()
    assert save(moving, article, slug="overuse").status_code == 302


def test_an_editor_alone_takes_no_page_off_the_site(editing, add):
    article = add()
    assert editing.post(step("withdraw", article)).status_code == 403
    article.refresh_from_db()
    assert not article.withdrawn


def test_a_new_topic_is_a_move_too(moving, add, client, django_user_model):
    from content.models import Topic

    article = add()
    other = Topic.objects.create(slug="symptoms", name="Symptoms", summary="x")
    save(moving, article, topic=other.pk)
    assert client.get("/causes/overuse/").headers["Location"] == "/symptoms/overuse/"


def test_an_old_address_never_hides_a_page(add, client):
    article = add()
    article.slug = "moved"
    article.save()
    add("overuse", title="Another")
    assert "<h1>Another</h1>" in client.get("/causes/overuse/").content.decode()


def test_an_old_address_of_a_withdrawn_page_is_not_found(add, client, editor):
    article = add()
    article.slug = "moved"
    article.save()
    publishing.withdraw_article(article, editor)
    assert client.get("/causes/overuse/").status_code == 404


def test_there_and_back_again_is_no_circle(add, client):
    article = add()
    for slug in ("moved", "overuse"):
        article.slug = slug
        article.save()
    assert client.get("/causes/overuse/").status_code == 200
    assert client.get("/causes/moved/").headers["Location"] == "/causes/overuse/"


def test_what_readers_said_moves_with_the_page(add):
    article = add()
    Feedback.objects.create(path="/causes/overuse/", clear=False, day=timezone.localdate())
    article.slug = "moved"
    article.save()
    assert Feedback.objects.get().path == "/causes/moved/"


def test_a_result_still_leads_to_an_article_that_was_moved(add):
    from content.public import find_article_links

    article = add()
    article.slug = "moved"
    article.save()
    assert find_article_links(["overuse"]) == [{"slug": "overuse", "title": "Overuse", "address": "/causes/moved/"}]


def test_what_an_emergency_box_lacks_is_said_beside_the_text(editing, add):
    article = add()
    errors = save(editing, article, body="::: emergency\n- chest pain\n:::\n").context["adminform"].form.errors
    assert "“chest pain” is no sign of the register" in errors["body"][0]
    pregnant = {"title": "Back pain in pregnancy", "body": "::: emergency\n- heat\n:::\n"}
    errors = save(editing, article, **pregnant).context["adminform"].form.errors
    assert "needs the line “- pregnancy”" in errors["body"][0]
    assert article.versions.count() == 1


def test_an_editor_chooses_signs_from_the_register(editing, add):
    page = editing.get(reverse("admin:content_article_change", args=[add().pk])).content.decode()
    assert '<option value="pregnancy">pregnancy: all of these</option>' in page
    assert '<option value="heat">heat: ' in page
    assert '<option value="fever">' not in page  # urgent


def test_the_address_of_the_signs_that_need_help_stays(moving, add):
    article = add("signs-that-need-help-now")
    assert "slug" in save(moving, article, slug="signs").context["adminform"].form.errors


def test_the_page_of_a_sport_moves_only_with_its_sport(moving, add, sports, golf):
    article = add("golf", place={"topic": sports, "sport": golf})
    errors = save(moving, article, sport=golf.pk, slug="gulf").context["adminform"].form.errors
    assert "cannot be moved" in errors["slug"][0]


# --- The list --------------------------------------------------------------------------------------------------------
def listed(browser, **chosen):
    page = browser.get(reverse("admin:content_article_changelist"), chosen)
    assert page.status_code == 200
    return [article.slug for article in page.context["cl"].result_list]


@pytest.fixture
def many(add, words, editor):
    """One article in each state."""
    day = timezone.localdate()
    article = add("scheduled")
    article.append_version(**words(publish_at=timezone.now() + timedelta(days=2)))
    article = add("waits")
    article.append_version(**words(author=editor, approved_at=None, sent_at=timezone.now()))
    add("draft", approved_at=None)
    add("returned", approved_at=None, sent_at=timezone.now(), returned_at=timezone.now())
    add("gone", place={"withdrawn": True}, review_due=day - timedelta(days=400))
    add("reviewed", clinically_reviewed_on=day, clinically_reviewed_by="Carla")
    add("late", review_due=day - timedelta(days=3), place={"owner": editor})
    add("later", review_due=day - timedelta(days=300))


@pytest.mark.parametrize(
    ("show", "slugs"),
    [
        ("approval", {"waits"}),
        ("mine", {"waits", "late"}),
        ("overdue", {"late", "later"}),
        ("scheduled", {"scheduled"}),
        ("draft", {"draft"}),
        ("returned", {"returned"}),
        ("off", {"draft", "returned", "gone"}),
        ("nonsense", {"scheduled", "waits", "draft", "returned", "gone", "reviewed", "late", "later"}),
    ],
)
def test_the_list_can_be_narrowed_to_what_there_is_to_do(editing, many, show, slugs):
    assert set(listed(editing, show=show)) == slugs


def test_what_is_not_clinically_reviewed_can_be_listed(editing, many):
    assert "reviewed" not in listed(editing, show="clinical")


def test_overdue_pages_come_first_and_then_what_waits(editing, many):
    assert set(listed(editing)[:2]) == {"late", "later"}
    assert listed(editing)[2] == "waits"
    assert listed(editing, show="overdue") == ["later", "late"]


def test_the_list_says_state_grade_and_what_readers_said(editing, many):
    for clear in (True, False, False):
        Feedback.objects.create(path="/causes/waits/", clear=clear, day=timezone.localdate())
    page = editing.get(reverse("admin:content_article_changelist")).content.decode()
    assert "Waits for approval; patients read other words" in page
    assert "1 / 2" in page
    assert re.search(r'class="field-reading_grade">\d\.\d<', page)


def test_the_list_says_where_one_has_unsaved_text_oneself(editing, add, signed_in, colleague):
    article = add()
    editing.post(step("desk", article), {**form(article, title="Half"), "changed": "1"})
    link = reverse("admin:content_article_changelist")
    assert "you have unsaved text here" in editing.get(link).content.decode()
    assert "you have unsaved text here" not in signed_in(colleague("Editors")).get(link).content.decode()


def test_the_list_costs_the_same_whatever_its_length(editing, many, add, django_assert_max_num_queries):
    for number in range(20):
        add(f"more-{number}")
    with django_assert_max_num_queries(12):
        editing.get(reverse("admin:content_article_changelist"))


def test_bodies_are_not_loaded_for_the_list(editing, many, django_capture_on_commit_callbacks):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(
        connection,
    ) as queries:
        editing.get(reverse("admin:content_article_changelist"))
    assert not [query for query in queries.captured_queries if '"content_version"."body"' in query["sql"]]


def test_an_editor_of_a_new_article_looks_after_it(editing, topic, editor):
    page = editing.get(reverse("admin:content_article_add")).content.decode()
    assert f'<option value="{editor.pk}" selected>' in page
    assert Article.objects.count() == 0


def test_the_guide_is_linked_from_the_desk_and_can_be_read(editing, add):
    link = reverse("admin:content_article_guide")
    assert link in editing.get(address(add())).content.decode()
    assert link in editing.get(reverse("admin:content_article_changelist")).content.decode()
    assert "<h1>" in editing.get(link).content.decode()


def test_the_page_of_pictures_shows_the_drawings_of_the_site_by_name(editing):
    page = editing.get(reverse("admin:content_picture_changelist")).content.decode()
    for name, words in list_drawings():
        assert f"<strong>{name}</strong>: {escape(words)}" in page
    assert page.count("/figures/") >= len(DRAWINGS) > 29


def test_a_picture_is_chosen_by_what_it_shows(editing, add):
    page = editing.get(address(add())).content.decode()
    assert f'<option value="golf">golf: {escape(DRAWINGS["golf"].alt)}</option>' in page


def test_an_article_without_words_has_no_two_versions_to_compare(editing, topic):
    article = Article.objects.create(slug="empty", topic=topic)
    assert editing.get(step("compare", article)).status_code == 404


def test_the_list_of_all_versions_is_the_list_of_articles(editing):
    answer = editing.get(reverse("admin:content_version_changelist"))
    assert (answer.status_code, answer["Location"]) == (302, reverse("admin:content_article_changelist"))


def test_who_approves_words_of_a_withdrawn_page_is_told_that_nobody_reads_them(waiting, signed_in, approver, editor):
    publishing.withdraw_article(waiting.article, editor)
    page = signed_in(approver).post(version_step("approve", waiting), follow=True).content.decode()
    assert "put it back on the site, and patients read it" in page


def test_words_whose_end_has_come_are_called_expired(waiting):
    now = timezone.now()
    waiting.approved_at, waiting.expires_at = now - timedelta(days=2), now - timedelta(days=1)
    assert describe_state(waiting, now).startswith("Expired on ")
    assert describe_state(waiting, now - timedelta(days=1, hours=1)) == "Published"


@pytest.mark.parametrize("loses", [True, False])
def test_who_approves_is_asked_about_a_clinical_review_only_where_one_is_lost(waiting, loses):
    asked = ApproveForm(version=waiting, loses_review=loses).fields
    assert ("without_clinical_review" in asked) == loses
