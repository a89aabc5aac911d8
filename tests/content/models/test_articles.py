from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from content.models import Article, ShareLink, Sport, StoredWordsError, Topic, Version
from content.models.articles import OldAddress
from content.models.editing import Autosave, Presence, Reminder

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["title", "summary", "body", "figures", "written", "article"])
def test_the_words_of_a_stored_version_cannot_be_saved_over(add, name):
    version = add().current
    other = {"figures": [{"label": "x"}], "written": version.written - timedelta(1), "article": add("other")}
    setattr(version, name, other.get(name, "something else"))
    with pytest.raises(StoredWordsError, match=name):
        version.save()
    assert Version.objects.get(pk=version.pk).title == "Overuse"


def test_the_words_of_stored_versions_cannot_be_updated_in_bulk(add):
    add()
    with pytest.raises(StoredWordsError, match="body"):
        Version.objects.update(body="something else")


def test_the_words_of_stored_versions_cannot_be_changed_by_bulk_update(add):
    version = add().current
    version.title = "something else"
    with pytest.raises(StoredWordsError, match="title"):
        Version.objects.bulk_update([version], ["title"])


def test_the_database_refuses_one_hand_for_both_signatures(add):
    version, user, other = add().current, *(User.objects.create_user(name) for name in ("both", "other"))
    rows = Version.objects.filter(pk=version.pk)
    rows.update(approved_by=user, clinical_reviewer=other)
    with pytest.raises(IntegrityError, match="does not approve"), transaction.atomic():
        rows.update(clinical_reviewer=user)
    with pytest.raises(IntegrityError, match="does not approve"), transaction.atomic():
        rows.update(approved_by=other)
    version.refresh_from_db()
    version.pk, version._state.adding, version.clinical_reviewer = None, True, user
    with pytest.raises(IntegrityError, match="does not approve"), transaction.atomic():
        version.save()


def test_stored_words_are_not_written_over_when_many_are_added(add):
    version = add().current
    version.title = "something else"
    with pytest.raises(StoredWordsError, match="title"):
        Version.objects.bulk_create([version], update_conflicts=True, unique_fields=["id"], update_fields=["title"])
    assert Version.objects.get().title == "Overuse"


def test_versions_that_are_new_may_be_added_many_at_once(add, words):
    article = add()
    Version.objects.bulk_create([Version(article=article, **words(title=title)) for title in ("Second", "Third")])
    assert {version.title for version in article.versions.all()} == {"Overuse", "Second", "Third"}


def test_an_article_that_patients_cannot_read_has_no_live_version(add):
    article = add(approved_at=None)
    with pytest.raises(Version.DoesNotExist, match="cannot read overuse"):
        _ = article.live_version


def test_a_version_that_nobody_approved_is_live_since_no_time(add):
    version = add(approved_at=None).versions.get()
    with pytest.raises(ValueError, match="Nobody approved"):
        _ = version.live_since


def test_a_reading_grade_that_is_given_is_kept(add):
    assert add(grade=3.5).versions.get().grade == 3.5


def test_a_version_cannot_be_deleted(add):
    article = add()
    with pytest.raises(StoredWordsError):
        article.current.delete()
    with pytest.raises(StoredWordsError):
        Version.objects.filter(article=article).delete()


def test_the_clinical_review_of_a_stored_version_can_be_noted(add):
    version = add().current
    version.clinically_reviewed_by, version.clinically_reviewed_on = "Dr Sample", timezone.localdate()
    version.save()
    assert Version.objects.get(pk=version.pk).clinically_reviewed_by == "Dr Sample"


def test_a_page_shows_the_newest_approved_version(add, words):
    article = add()
    article.append_version(**words(title="Newer"))
    article.append_version(**words(title="Draft", approved_at=None))
    assert Article.objects.published().get().current.title == "Newer"


def test_a_version_waits_for_its_time(add, words):
    article = add()
    tomorrow = timezone.now() + timedelta(days=1)
    article.append_version(**words(title="Tomorrow", publish_at=tomorrow))
    assert article.current.title == "Overuse"
    assert Version.objects.live(now=tomorrow).get().title == "Tomorrow"


def test_an_article_without_an_approved_version_is_not_published(add):
    add(approved_at=None)
    assert not Article.objects.published().exists()


def test_a_withdrawn_article_is_not_published(add):
    add(place={"withdrawn": True})
    assert not Article.objects.published().exists()
    assert not Version.objects.live().exists()


def test_published_articles_come_with_their_versions_in_two_queries(add, django_assert_num_queries):
    add("one", title="One", place={"position": 2})
    add("two", title="Two", place={"position": 1})
    with django_assert_num_queries(2):
        found = [(article.topic.slug, article.sport, article.current.title) for article in Article.objects.published()]
    assert found == [("causes", None, "Two"), ("causes", None, "One")]


def test_a_version_is_linked_to_the_sources_it_cites(add, sources):
    figure = {"label": "x", "percent": 1, "of": "y", "source": "henschke-2009"}
    version = add(body="First. [@who-2023]\n", figures=[figure]).current
    assert set(version.sources.values_list("key", flat=True)) == {"henschke-2009", "who-2023"}
    assert version.citations() == ("who-2023", "henschke-2009")


def test_two_articles_cannot_share_a_slug_even_in_two_topics(add, sports):
    add()
    with pytest.raises(IntegrityError), transaction.atomic():
        Article.objects.create(topic=sports, slug="overuse")


@pytest.mark.parametrize("slug", ["check", "admin", "static"])
def test_a_topic_cannot_take_the_address_of_another_part_of_the_site(slug):
    with pytest.raises(ValidationError, match="another part"):
        Topic(slug=slug, name="x", summary="x").full_clean()


def test_a_sport_has_one_article(add, golf, sports):
    add("golf", place={"topic": sports, "sport": golf})
    with pytest.raises(IntegrityError), transaction.atomic():
        Article.objects.create(topic=sports, slug="golf-2", sport=Sport.objects.get())


def test_an_insert_that_would_write_over_stored_words_is_refused(add):
    version = add().current
    with pytest.raises(StoredWordsError, match="body"):
        Version.objects.bulk_create([version], update_conflicts=True, update_fields=["body"], unique_fields=["pk"])


def test_the_next_change_is_the_first_page_to_come_or_to_go(add, words):
    article, now = add(), timezone.now()
    assert Version.objects.next_change(now) is None
    day = timedelta(days=1)
    coming = words(approved_at=now, publish_at=now + 2 * day, expires_at=now + 9 * day, title="Comes")
    Version.objects.create(article=article, **coming)
    assert Version.objects.next_change(now) == now + 2 * day
    assert Version.objects.next_change(now + 3 * day) == now + 9 * day
    assert Version.objects.next_change(now + 10 * day) is None


def test_rows_of_the_desk_are_named_by_page_person_and_time(add):
    article, ana, moment = add(), User(username="ana"), datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
    named = [
        (Autosave(author=ana), "new article: ana"),
        (Autosave(article=article, author=ana), f"{article}: ana"),
        (Presence(article=article, user=ana), f"{article}: ana"),
        (ShareLink(article=article, expires_at=moment), f"{article} until 2026-03-01 09:30"),
        (Reminder(user=ana, week="2026-W09"), "ana, week of 2026-W09"),
        (OldAddress(topic=article.topic, slug="strain"), f"/{article.topic}/strain/"),
    ]
    assert [str(row) for row, _ in named] == [name for _, name in named]
