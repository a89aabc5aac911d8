"""A few articles to test with: one topic, one sport, two sources, and articles as a test needs them."""

import datetime

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone

from content.models import Article, Source, Sport, Topic
from content.page_cache import generation, stamps

YEAR = datetime.timedelta(days=365)


@pytest.fixture
def topic(db):
    return Topic.objects.create(slug="causes", name="Causes", summary="Why backs seize up.")


@pytest.fixture
def sports(db):
    return Topic.objects.create(slug="sports", name="Your sport", summary="By sport.", position=9)


@pytest.fixture
def golf(db):
    return Sport.objects.create(slug="golf", name="Golf", load="A fast, one-sided swing.")


@pytest.fixture
def sources(db):
    """Two sources: henschke-2009 and who-2023."""
    for key, title in [("henschke-2009", "Serious causes are rare"), ("who-2023", "Guideline")]:
        Source.objects.create(key=key, title=title, body="A journal", year=2009, url=f"https://example.org/{key}")


@pytest.fixture
def words():
    """Words for a version, with changes: words(title="...")."""

    def make(**changes):
        today = timezone.localdate()
        return {
            "title": "Overuse",
            "summary": "Too much, too soon.",
            "body": "Your back was asked for more than it was ready for.\n",
            "written": today,
            "review_due": today + YEAR,
            "note": "First words",
            "approved_at": timezone.now(),
            **changes,
        }

    return make


@pytest.fixture
def add(topic, words):
    """Add a published article: add("overuse", body="...")."""

    def make(slug="overuse", *, place=None, **changes):
        article = Article.objects.create(slug=slug, **{"topic": topic, **(place or {})})
        article.append_version(**words(**changes))
        return article

    return make


@pytest.fixture
def editor(db, django_user_model):
    user = django_user_model.objects.create_user("edith", is_staff=True)
    user.groups.add(Group.objects.get(name="Editors"))
    return user


@pytest.fixture
def colleague(db, django_user_model):
    """Make another staff account in these groups: colleague("Approvers")."""

    def make(*groups, name="kim"):
        user = django_user_model.objects.create_user(name, is_staff=True, first_name=name.title(), last_name="Example")
        user.groups.set(Group.objects.filter(name__in=groups))
        return user

    return make


@pytest.fixture
def approver(colleague):
    return colleague("Approvers", name="ada")


@pytest.fixture
def reviewer(colleague):
    return colleague("Clinical reviewers", name="carla")


@pytest.fixture
def signed_in(db):
    """A browser of its own in which this user is signed in."""

    def make(user):
        client = Client()
        client.force_login(user)
        return client

    return make


@pytest.fixture
def editing(client, editor):
    """A browser in which the editor is signed in."""
    client.force_login(editor)
    return client


@pytest.fixture
def moving(colleague, signed_in):
    """A browser in which somebody is signed in who writes and approves, and so may move a page."""
    return signed_in(colleague("Editors", "Approvers", name="mo"))


@pytest.fixture
def own_generation(db, tmp_path, monkeypatch):
    """A cache generation and a stamp of this test's own; returns the stamp."""
    stamp = stamps.FileStamp(tmp_path / "edition")
    monkeypatch.setattr(stamps, "generation_stamp", stamp)
    monkeypatch.setattr(generation.Current, "generation", None)
    # The test's own transaction must stay open.
    monkeypatch.setattr(generation, "close_old_connections", lambda: None)
    return stamp
