"""A form that somebody else's save has overtaken is refused, on every page that changes a row, and nothing is lost."""

import re
from html.parser import HTMLParser

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.utils import timezone

from assessment.models import MailWish
from content.models import Article, ClinicDetails, Picture, Source, Sport, TeamMember, Topic
from core.pages.stale import StaleGuard

from .people import sign_in_staff

pytestmark = pytest.mark.django_db


class Sent(HTMLParser):
    """What a browser sends of the form of a page, as it stands: {name: [values]}."""

    def __init__(self, page, form):
        super().__init__()
        self.found, self.inside, self.area, self.select = {}, False, None, None
        self.form = form
        self.feed(page)

    def keep(self, name, value):
        self.found.setdefault(name, []).append(value)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "form":
            self.inside = given.get("id") == self.form
        if not self.inside:
            return
        name = given.get("name")
        if tag == "input" and name and given.get("type") not in ("submit", "file"):
            if given.get("type") not in ("checkbox", "radio") or "checked" in given:
                self.keep(name, given.get("value", "on" if given.get("type") == "checkbox" else ""))
        elif tag == "textarea":
            self.area, self.text = name, ""
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select and "selected" in given:
            self.keep(self.select, given["value"])

    def handle_data(self, data):
        if self.area:
            self.text += data

    def handle_endtag(self, tag):
        if tag == "textarea" and self.area:
            self.keep(self.area, self.text.removeprefix("\n"))
            self.area = None
        elif tag == "select":
            self.select = None
        elif tag == "form":
            self.inside = False


def read_form(answer, form):
    return Sent(answer.content.decode(), form).found


def make_topic():
    return Topic.objects.create(slug="causes", name="Causes", summary="Why backs seize up.")


def make_article():
    article = Article.objects.create(slug="overuse", topic=make_topic())
    today = timezone.localdate()
    article.append_version(
        title="Overuse", summary="Too much, too soon.", body="Your back was asked for more.\n", written=today,
        review_due=today + timezone.timedelta(days=300), note="First words", approved_at=timezone.now(),
    )  # fmt: skip
    return article


def make_picture():
    return Picture.objects.create(
        name="heat-pack",
        alt="A warm pack in use",
        credit="Clinic",
        digest="a" * 64,
        width=400,
        height=300,
        widths=[400],
    )


# Of each page that changes a row: how to make one, what a colleague changes meanwhile, and what one types oneself.
PAGES = {
    "auth.User": (
        lambda: User.objects.create_user("leaver", is_staff=True),
        {"is_active": False}, {"first_name": "Ana"},
    ),
    "content.Article": (make_article, {"slug": "too-much"}, {"position": "7"}),
    "content.ClinicDetails": (
        ClinicDetails.objects.get, {"hours": "Monday: 8 am to noon"}, {"booking": "Call us."},
    ),
    "content.Picture": (make_picture, {"caption": "Not on bare skin"}, {"credit": "Clinic photograph"}),
    "content.Source": (
        lambda: Source.objects.create(key="who-2023", title="Guideline", body="WHO", year=2023, url="https://e.org/"),
        {"title": "Guideline, corrected"}, {"body": "World Health Organization"},
    ),
    "content.Sport": (
        lambda: Sport.objects.create(slug="golf", name="Golf", load="A fast swing."),
        {"name": "Golf and putting"}, {"load": "A fast, one-sided swing."},
    ),
    "content.TeamMember": (
        lambda: TeamMember.objects.create(name="Sample Person", role="physical therapist"),
        {"name": "Sample Name"}, {"role": "nurse"},
    ),
    "content.Topic": (make_topic, {"summary": "Why it hurts."}, {"name": "Why"}),
}  # fmt: skip


@pytest.fixture
def root(db):
    return sign_in_staff(User.objects.create_superuser("root"))


def test_every_page_that_changes_a_row_is_in_this_test(rf):
    request = rf.get("/")
    request.user = User.objects.create_superuser("root")
    changing = {item.model._meta.label for item in admin.site._registry.values() if item.has_change_permission(request)}
    assert changing == PAGES.keys()


def test_no_page_has_rows_below_its_form_that_the_guard_does_not_see():
    assert not [item for item in admin.site._registry.values() if item.inlines or item.list_editable]


@pytest.mark.parametrize("label", PAGES)
def test_a_stale_form_undoes_nothing_and_loses_nothing(root, label):
    make, theirs, mine = PAGES[label]
    row = make()
    address = f"/admin/{row._meta.app_label}/{row._meta.model_name}/{row.pk}/change/"
    form = f"{row._meta.model_name}_form"
    sent = {**read_form(root.get(address), form), **mine}
    for name, value in theirs.items():
        setattr(row, name, value)
    row.save()
    answer = root.post(address, sent)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Somebody changed this while you had it open" in page
    again = read_form(answer, form)
    for name, value in theirs.items():
        assert getattr(type(row).objects.get(pk=row.pk), name) == value
        shown = {True: "Yes", False: "No"}.get(value, value)
        assert f"it is “{shown}” now" in page
        assert again.get(name) == sent.get(name)
    assert {name: again[name] for name in mine} == {name: [value] for name, value in mine.items()}
    # Seen and meant.
    assert root.post(address, again).status_code == 302
    saved = type(row).objects.get(pk=row.pk)
    assert {name: str(getattr(saved, name)) for name in mine} == mine


def test_roles_given_meanwhile_are_not_taken_back(root, person):
    user = person("Clinic staff")
    address = f"/admin/auth/user/{user.pk}/change/"
    sent = {**read_form(root.get(address), "user_form"), "first_name": "Ana"}
    user.groups.add(Group.objects.get(name="Editors"))
    answer = root.post(address, sent)
    assert answer.status_code == 409
    assert user.groups.count() == 2
    said = re.search("it is “([^”]*)” now. You sent “([^”]*)”", answer.content.decode())
    assert "Editors: write articles" in said[1]
    assert "Editors" not in said[2]


def test_a_login_meanwhile_is_no_change_of_the_account(root, person):
    user = person("Clinic staff")
    address = f"/admin/auth/user/{user.pk}/change/"
    sent = {**read_form(root.get(address), "user_form"), "first_name": "Ana"}
    User.objects.filter(pk=user.pk).update(last_login=timezone.now(), password="another")
    assert root.post(address, sent).status_code == 302


@pytest.mark.parametrize(
    ("make", "theirs"),
    [
        (make_article, {"withdrawn": True}),
        (lambda: User.objects.create_user("ana", is_staff=True), {"password": "another", "last_login": timezone.now()}),
    ],
)
def test_what_is_on_no_form_and_changes_while_it_is_saved_is_kept(root, monkeypatch, make, theirs):
    row = make()
    address = f"/admin/{row._meta.app_label}/{row._meta.model_name}/{row.pk}/change/"
    mine = {"note": "x", "title": "More"} if isinstance(row, Article) else {"first_name": "Ana"}
    sent = {**read_form(root.get(address), f"{row._meta.model_name}_form"), **mine}
    look = StaleGuard.refuse_stale

    def overtake(form):
        type(row).objects.filter(pk=row.pk).update(**theirs)
        look(form)

    monkeypatch.setattr(StaleGuard, "refuse_stale", overtake)
    assert root.post(address, sent).status_code == 302
    saved = type(row).objects.get(pk=row.pk)
    assert {name: getattr(saved, name) for name in theirs} == theirs


def test_a_form_without_marks_undoes_nothing(root):
    topic = make_topic()
    sent = {"name": "Old name", "summary": topic.summary, "position": topic.position}
    assert root.post(f"/admin/content/topic/{topic.pk}/change/", sent).status_code == 409
    assert Topic.objects.get().name == "Causes"


def test_unsaved_text_from_before_brings_no_old_place_back(root):
    article = make_article()
    address = f"/admin/content/article/{article.pk}/change/"
    typed = {**read_form(root.get(address), "article_form"), "title": "Half a tit", "position": "3"}
    root.post(f"/admin/content/article/{article.pk}/desk/", {**typed, "changed": "1"})
    opened = read_form(root.get(address), "article_form")
    assert (opened["title"], opened["position"]) == (["Half a tit"], ["3"])
    Article.objects.update(position=9)
    opened = read_form(root.get(address), "article_form")
    assert (opened["title"], opened["position"]) == (["Half a tit"], ["9"])


def test_a_choice_of_mails_made_in_another_tab_is_kept(person):
    user = person("Clinic staff")
    nurse, address = sign_in_staff(user), "/admin/assessment/assessment/e-mails/"
    MailWish.objects.create(user=user, cadence="none")
    page = nurse.get(address)
    sent = {"cadence": "daily", "_seen": re.search('name="_seen" value="([^"]*)"', page.content.decode())[1]}
    MailWish.objects.update(cadence="at_once")
    answer = nurse.post(address, sent)
    assert answer.status_code == 409
    assert MailWish.objects.get().cadence == "at_once"
    assert "it is “At once when" in answer.content.decode()
