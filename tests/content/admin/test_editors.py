import importlib
import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.db import connection
from django.forms.models import model_to_dict
from django.urls import reverse
from django.utils import timezone

from content import publishing
from content.models import ALWAYS_THERE, Article, Topic, Version
from core.watch import vouching

from ...marks import show

pytestmark = pytest.mark.django_db


def form(article, **changes):
    """What a browser sends from the article's page."""
    newest = article.newest
    return {
        "title": newest.title,
        "summary": newest.summary,
        "body": newest.body,
        "written": newest.written,
        "review_due": newest.review_due,
        "note": "Said it more simply",
        "opened_on": newest.pk,
        "topic": article.topic_id,
        "slug": article.slug,
        "position": article.position,
        **figure_rows(newest.figures),
        **show(article),
        **changes,
    }


def figure_rows(figures):
    """Rows of published figures as a browser sends them."""
    sent = {"figures-TOTAL_FORMS": len(figures) + 2, "figures-INITIAL_FORMS": 0}
    for number, figure in enumerate(figures):
        sent |= {f"figures-{number}-{name}": value for name, value in figure.items()}
    return sent


def address(article):
    return reverse("admin:content_article_change", args=[article.pk])


def save(editing, article, **changes):
    return editing.post(address(article), form(article, **changes))


# What pages show at once, without approval.
AT_ONCE = ["add_topic", "change_topic", "add_sport", "change_sport", "change_source"]
CLINIC = [
    "view_clinicdetails", "change_clinicdetails",
    *(f"{verb}_teammember" for verb in ("view", "add", "change", "delete")),
]  # fmt: skip


@pytest.mark.parametrize(
    ("group", "own"),
    [
        ("Editors", ["add_article", "change_article", "add_picture", "change_picture", "add_source"]),
        ("Approvers", ["approve_version", *AT_ONCE, *CLINIC]),
        ("Clinical reviewers", ["review_version_clinically"]),
    ],
)
def test_each_role_of_the_desk_reads_everything_and_does_its_own(group, own):
    permissions = Group.objects.get(name=group).permissions.values_list("content_type__app_label", "codename")
    models = ("article", "feedback", "picture", "source", "sport", "topic", "version")
    assert set(permissions) == {("content", name) for name in (*(f"view_{model}" for model in models), *own)}


def test_the_move_of_these_permissions_is_no_change_past_the_site():
    roles = importlib.import_module("content.migrations.0004_place_permissions")
    vouching.notice_changes()
    here = SimpleNamespace(connection=connection)
    roles.give_back_to_editors(apps, here)
    assert Group.objects.get(name="Editors").permissions.filter(codename__in=AT_ONCE).count() == len(AT_ONCE)
    roles.give_to_approvers(apps, here)
    assert list(vouching.find_differences()) == []


@pytest.mark.parametrize("model", ["topic", "sport", "source"])
def test_an_editor_does_not_change_what_patients_read_at_once(editing, topic, golf, sources, model):
    row = apps.get_model("content", model).objects.first()
    shown = "title" if model == "source" else "name"
    sent = {**model_to_dict(row, exclude=["checked"]), **show(row), shown: "Changed by one person"}
    answer = editing.post(reverse(f"admin:content_{model}_change", args=[row.pk]), sent)
    assert answer.status_code == 403
    row.refresh_from_db()
    assert getattr(row, shown) != "Changed by one person"


def test_an_editor_does_not_move_a_page_that_patients_have_read(editing, add, topic):
    article = add()
    other = Topic.objects.create(slug="symptoms", name="Symptoms", summary="x")
    save(editing, article, slug="too-much", topic=other.pk, position=7)
    assert Article.objects.get().get_absolute_url() == "/causes/overuse/"
    assert Article.objects.get().position == 7


def test_an_editor_moves_a_page_that_nobody_has_read(editing, add):
    save(editing, add(approved_at=None), slug="too-much")
    assert Article.objects.get().slug == "too-much"


def test_editors_see_only_the_articles(editing):
    apps = editing.get(reverse("admin:index")).context["app_list"]
    assert [app["app_label"] for app in apps] == ["content"]


def test_the_form_opens_on_the_newest_words(editing, add, words):
    article = add()
    article.append_version(**words(title="Newer"))
    assert 'value="Newer"' in editing.get(address(article)).content.decode()


def test_saving_appends_a_draft_and_patients_go_on_reading_the_live_page(editing, editor, add, client):
    article = add()
    assert save(editing, article, title="Simpler").status_code == 302
    version = Article.objects.get().newest
    assert (version.title, version.author, version.approved_by, version.approved_at, version.note) == (
        "Simpler",
        editor,
        None,
        None,
        "Said it more simply",
    )
    assert article.versions.count() == 2
    assert "<h1>Overuse</h1>" in client.get("/causes/overuse/").content.decode()


def test_saving_changed_words_asks_for_a_new_clinical_review(editing, add):
    article = add(clinically_reviewed_by="A. Clinician", clinically_reviewed_on=timezone.localdate())
    save(editing, article, body=article.newest.body.replace("more", "mre"))
    assert Article.objects.get().newest.clinically_reviewed_on is None
    assert "Not yet clinically reviewed" in editing.get(address(article)).content.decode()


def test_a_clinical_review_holds_for_the_same_words_with_another_review_date(editing, add):
    article = add(clinically_reviewed_by="A. Clinician", clinically_reviewed_on=timezone.localdate())
    save(editing, article, review_due="2031-01-01")
    assert Article.objects.get().newest.clinically_reviewed_by == "A. Clinician"


def test_a_save_that_changes_no_words_makes_no_version(editing, add):
    article = add()
    assert save(editing, article, position=7, note="").status_code == 302
    assert article.versions.count() == 1
    assert Article.objects.get().position == 7


def test_figures_from_before_all_was_tidied_are_no_change(editing, add, sources):
    old = {"label": "Cafe\u0301  goers\u200b", "percent": 37.3, "of": " 1,170\u00a0golfers", "source": "who-2023"}
    article = add(figures=[old])
    save(editing, article, position=7, note="")
    assert Article.objects.get().position == 7
    assert article.versions.count() == 1


def test_a_draft_can_be_sent_in_one_step(editing, add):
    article = add()
    save(editing, article, title="Simpler", _send="1")
    assert article.versions.first().is_awaiting_approval


def test_saving_keeps_the_published_figures(editing, add, sources):
    figure = {"label": "x", "percent": 37.3, "of": "y", "source": "who-2023"}
    article = add(figures=[figure])
    save(editing, article, title="Simpler")
    assert Article.objects.get().newest.figures == [figure]


def test_a_published_figure_is_a_row_that_can_be_added_and_emptied(editing, add, sources):
    first = {"label": "x", "percent": 1, "of": "y", "source": "who-2023"}
    article = add(figures=[first])
    new = {"label": "Golfers", "percent": "37.30", "of": "1,170 golfers", "source": "@henschke-2009"}
    save(editing, article, **figure_rows([dict.fromkeys(first, ""), new]))
    assert Article.objects.get().newest.figures == [
        {"label": "Golfers", "percent": 37.3, "of": "1,170 golfers", "source": "henschke-2009"}
    ]


@pytest.mark.parametrize(
    "wrong", [{"percent": "101"}, {"percent": "many"}, {"source": "nobody"}, {"label": ""}, {"percent": "NaN"}]
)
def test_a_figure_that_cannot_be_used_is_said_at_its_row_and_nothing_is_lost(editing, add, sources, wrong):
    row = {"label": "Golfers", "percent": "37", "of": "1,170 golfers", "source": "who-2023", **wrong}
    article = add()
    answer = save(editing, article, **figure_rows([row]))
    assert answer.context["figure_rows"].forms[0].errors
    assert "1,170 golfers" in answer.content.decode()
    assert article.versions.count() == 1


def test_saving_links_the_sources_that_are_cited_now(editing, add, sources):
    article = add()
    save(editing, article, body="Rare. [@who-2023]")
    assert [source.key for source in Article.objects.get().newest.sources.all()] == ["who-2023"]


def test_line_ends_of_browsers_are_not_stored(editing, add):
    article = add()
    save(editing, article, body="One.\r\n\r\nTwo.\r\n")
    assert Article.objects.get().newest.body == "One.\n\nTwo.\n"


def test_what_changed_must_be_said(editing, add):
    article = add()
    assert "note" in save(editing, article, title="x", note="").context["adminform"].form.errors
    assert article.versions.count() == 1


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("Rare [@nobody]", "no source “nobody”"),
        ("::: danger\nx\n:::", "Line 1: “::: danger” is not a box this site knows"),
    ],
)
def test_a_bad_citation_or_box_is_an_error_at_the_text(editing, add, body, said):
    article = add()
    errors = save(editing, article, body=body).context["adminform"].form.errors
    assert said in " ".join(errors["body"])
    assert article.versions.count() == 1


def test_a_review_before_the_writing_is_an_error(editing, add):
    article = add()
    assert "review_due" in save(editing, article, review_due="2001-01-01").context["adminform"].form.errors


@pytest.mark.parametrize("name", ["title", "summary", "body", "note"])
def test_what_nobody_sees_is_not_kept(editing, add, name):
    article = add()
    save(editing, article, **{"summary": "Other words", name: "a\0\u200b\u202e\u00a0b"})
    assert getattr(Article.objects.get().newest, name).strip() == "a b"


def test_an_editor_who_was_slower_is_told_and_keeps_the_text(editing, add, words):
    article = add()
    sent = form(article, body="My long work\n")
    article.append_version(**words(title="Faster", note="I was first"))
    answer = editing.post(address(article), sent)
    assert "changed this article while you had it open" in answer.content.decode()
    assert "I was first" in answer.content.decode()
    assert "My long work" in answer.content.decode()
    assert f'name="opened_on" value="{sent["opened_on"]}"' in answer.content.decode()
    assert Article.objects.get().current.title == "Faster"


def test_an_editor_who_was_slower_sees_what_changed_and_can_save_after_it(editing, add, words):
    article = add()
    sent = form(article, body="My long work\n")
    article.append_version(**words(title="Faster", note="I was first"))
    answer = editing.post(address(article), sent).content.decode()
    assert re.search(r"<ins>.*Faster.*</ins>", answer)
    faster = article.versions.first()
    assert f'name="brought_together" value="{faster.pk}"' in answer
    editing.post(address(article), {**sent, "brought_together": faster.pk})
    assert list(article.versions.values_list("title", flat=True)) == ["Overuse", "Faster", "Overuse"]


def test_a_box_ticked_for_an_older_change_does_not_pass_a_newer_one(editing, add, words):
    article = add()
    sent = form(article, body="My long work\n")
    article.append_version(**words(title="Faster"))
    ticked = article.versions.first().pk
    article.append_version(**words(title="Fastest"))
    editing.post(address(article), {**sent, "brought_together": ticked})
    assert article.versions.count() == 3


def test_a_form_that_does_not_say_what_it_was_opened_on_is_refused(editing, add):
    article = add()
    save(editing, article, title="x", opened_on="")
    assert article.versions.count() == 1


def test_a_new_article_is_added_with_its_first_words(editing, topic, words):
    sent = {key: value for key, value in words().items() if key != "approved_at"} | figure_rows([])
    answer = editing.post(
        reverse("admin:content_article_add"), {**sent, "topic": topic.pk, "slug": "nerves", "position": 5}
    )
    assert answer.status_code == 302
    assert Article.objects.get(slug="nerves").newest.title == "Overuse"
    assert editing.get("/causes/nerves/").status_code == 404


def test_an_article_about_a_sport_stands_at_the_address_of_the_sport(editing, sports, golf, words):
    sent = {key: value for key, value in words().items() if key != "approved_at"} | figure_rows([])
    place = {"topic": sports.pk, "sport": golf.pk, "slug": "gulf", "position": 5}
    answer = editing.post(reverse("admin:content_article_add"), {**sent, **place})
    assert "sport" in answer.context["adminform"].form.errors
    assert not Article.objects.exists()


def test_who_moves_a_page_is_told_its_new_address(moving, add):
    article = add()
    answer = moving.post(address(article), form(article, title="Newer", slug="too-much"), follow=True)
    said = "The address is now /causes/too-much/. The old one leads to it."
    assert said in answer.content.decode()
    answer = moving.post(address(article), form(Article.objects.get(), title="Newest"), follow=True)
    assert "The address is now" not in answer.content.decode()


def test_a_wrong_last_part_of_the_address_is_said_in_plain_words(moving, add):
    article = add()
    answer = save(moving, article, slug="too much").content.decode()
    assert "Last part of the address</a>: Use only the letters a to z, numbers and hyphens" in answer
    add("nerves")
    assert "Another page has this address." in save(moving, article, slug="nerves").content.decode()


def test_a_page_about_a_sport_says_that_it_cannot_be_moved(moving, add, sports, golf):
    article = add("golf", place={"topic": sports, "sport": golf})
    said = "A page about a sport keeps its sport's address: it cannot be moved."
    assert said in moving.get(address(article)).content.decode()


def test_where_a_page_stands_is_in_sight_when_it_is_about_to_change(moving, add):
    article = add()
    assert folded(moving.get(address(article)))
    assert not folded(save(moving, article, slug="too-much", title=""))


def folded(answer):
    """Whether “Where it stands” is folded up."""
    return "collapse" in str([fieldset.classes for fieldset in answer.context["adminform"]])


def test_an_article_in_the_sports_topic_names_its_sport(moving, add, sports):
    article = add()
    assert "sport" in save(moving, article, topic=sports.pk).context["adminform"].form.errors


def test_an_article_cannot_be_related_to_itself(editing, add):
    article = add()
    assert "related" in save(editing, article, related=[article.pk]).context["adminform"].form.errors


def test_related_articles_can_be_chosen(editing, add):
    article, other = add(), add("nerves")
    save(editing, article, related=[other.pk])
    assert list(article.related.all()) == [other]


def test_past_versions_are_listed_and_can_be_read_but_not_changed(editing, add, words):
    article = add()
    article.append_version(**words(title="Newer"))
    first = article.versions.last()
    link = reverse("admin:content_version_change", args=[first.pk])
    assert link in editing.get(address(article)).content.decode()
    assert "asked for more than it was ready for" in editing.get(link).content.decode()
    assert editing.post(link, {"title": "x"}).status_code == 403
    assert Version.objects.get(pk=first.pk).title == "Overuse"


def test_the_list_says_what_each_article_needs(editing, add, words, django_assert_max_num_queries):
    add("late", title="Late", review_due=timezone.localdate().replace(year=2001, month=3, day=1))
    add("gone", title="Gone", place={"withdrawn": True})
    add("draft", title="Draft", approved_at=None)
    # Session, user, two for permissions, one for each filter's choices, two counts, articles, versions.
    with django_assert_max_num_queries(12):
        found = editing.get(reverse("admin:content_article_changelist")).content.decode()
    for words in (
        "Overdue since 1 March 2001",
        "Withdrawn",
        "Waits for approval",
        "Not yet clinically reviewed",
        "starter library",
    ):
        assert words in found


def test_an_article_can_be_found_by_words_of_its_title(editing, add):
    add("one", title="Sore nerves")
    add("two", title="Overuse")
    found = editing.get(reverse("admin:content_article_changelist"), {"q": "nerves"}).content.decode()
    assert "Sore nerves" in found
    assert "Overuse" not in found


def test_view_on_site_leads_to_the_page(editing, add):
    article = add()
    assert 'href="/causes/overuse/" class="viewsitelink"' in editing.get(address(article)).content.decode()


def test_a_page_patients_cannot_read_has_no_view_on_site(editing, add):
    article = add(place={"withdrawn": True})
    assert "viewsitelink" not in editing.get(address(article)).content.decode()


@pytest.mark.parametrize("model", ["article", "version", "topic", "sport", "source"])
def test_not_even_a_superuser_deletes(admin_client, add, golf, sources, model):
    add()
    row = apps.get_model("content", model).objects.first()
    assert admin_client.get(reverse(f"admin:content_{model}_delete", args=[row.pk])).status_code == 403


@pytest.mark.parametrize("model", ["topic", "sport", "source"])
def test_addresses_of_topics_and_keys_stay(editing, topic, golf, sources, model):
    row = apps.get_model("content", model).objects.first()
    form = editing.get(reverse(f"admin:content_{model}_change", args=[row.pk])).context["adminform"].form
    assert not {"slug", "key"} & set(form.fields)


def test_a_draft_that_cannot_be_sent_is_saved_and_said_why(editing, add, monkeypatch):
    def refuse(version, user):
        raise publishing.PublishingError("Somebody else sent it.")

    monkeypatch.setattr(publishing, "send_for_approval", refuse)
    article = add()
    page = editing.post(address(article), form(article, title="New", _send="1"), follow=True).content.decode()
    assert "Somebody else sent it." in page
    assert article.versions.first().title == "New"


def test_the_list_shows_an_article_that_has_no_words_yet(editing, topic):
    Article.objects.create(slug="empty", topic=topic)
    page = editing.get(reverse("admin:content_article_changelist")).content.decode()
    assert re.search(r'class="field-last_change[^"]*">-<', page)
    assert re.search(r'class="field-next_review[^"]*">-<', page)


def test_words_do_not_go_off_the_site_before_they_come_onto_it(editing, add):
    day = timezone.localdate()
    moments = {"publish_at": f"{day + timedelta(3)}T09:00", "expires_at": f"{day + timedelta(2)}T09:00"}
    article = add()
    answer = save(editing, article, title="New", **moments)
    assert "before it is published" in str(answer.context["adminform"].form.errors["expires_at"])
    assert article.versions.count() == 1


def test_a_page_that_every_page_leads_to_has_no_end(editing, add):
    article = add(ALWAYS_THERE[0])
    answer = save(editing, article, title="New", expires_at=f"{timezone.localdate() + timedelta(2)}T09:00")
    assert "so it has no end" in str(answer.context["adminform"].form.errors["expires_at"])
