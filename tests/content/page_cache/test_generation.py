"""A cache generation ends with every change of what patients read, however it is made, and by itself in its time."""

import datetime
import os
import time

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.db.models import DateTimeField
from django.utils import timezone

from content.models import Article, CacheGeneration, ClinicDetails, Feedback, Source, Sport, TeamMember, Topic, Version
from content.page_cache import generation, stamps
from content.page_cache.watch import NOT_SHOWN, TRIGGERS, list_public_tables, start_generation_after_migrate
from core import throttle, triggers

pytestmark = pytest.mark.django_db
HOUR = datetime.timedelta(hours=1)


@pytest.fixture(autouse=True)
def stamp(own_generation):
    return own_generation


@pytest.fixture
def changes(stamp, django_capture_on_commit_callbacks):
    """Whether a step set the stamp, and how far it moved the number in the database."""

    def look(step):
        mark, number = stamp.read(), count()
        with django_capture_on_commit_callbacks(execute=True):
            step()
        return stamp.read() != mark, count() - number

    return look


def count():
    return CacheGeneration.objects.values_list("number", flat=True).first() or 0


WAYS = {
    "a saved topic": lambda: Topic.objects.get().save(),
    "a renamed topic, in bulk": lambda: Topic.objects.update(name="Why"),
    "a sport": lambda: Sport.objects.create(slug="golf", name="Golf", load="A swing."),
    "many sources at once": lambda: Source.objects.bulk_create(
        [Source(key=key, title="T", body="B", url="https://example.org/") for key in "ab"]
    ),
    "a source that is deleted": lambda: Source.objects.create(key="c", title="T", body="B", url="u").delete(),
    "a withdrawn article": lambda: Article.objects.update(withdrawn=True),
    "the clinic's hours": lambda: ClinicDetails.objects.update(hours="Monday: 8 am to noon"),
    "who works at the clinic": lambda: TeamMember.objects.create(name="Sample Person", role="nurse"),
    "an approval": lambda: Version.objects.update(approved_at=timezone.now()),
    "articles to read next": lambda: Article.objects.get().related.add(Article.objects.get()),
    "SQL": lambda: connection.cursor().execute("UPDATE content_article SET position = 7"),
}


@pytest.mark.parametrize("way", WAYS)
def test_every_way_of_changing_what_patients_read_sets_the_stamp_and_counts(way, add, changes):
    add()
    stamped, counted = changes(WAYS[way])
    assert stamped
    assert counted >= 1


def test_a_new_version_sets_the_stamp_and_counts(add, words, changes):
    add()
    stamped, counted = changes(lambda: Article.objects.get().append_version(**words(title="New words")))
    assert stamped
    assert counted >= 1


def test_what_no_page_shows_changes_nothing(add, changes):
    add()
    limit = throttle.RateLimit("a test", 1, HOUR)

    def step():
        Feedback.objects.create(path="/causes/overuse/", clear=True, day=timezone.localdate())
        throttle.take_token(limit, "somebody")
        list(Article.objects.published())

    assert changes(step) == (False, 0)


def test_every_table_is_counted_unless_it_is_named_as_not_shown():
    shown = {name.removeprefix("content_") for name in list_public_tables()}
    assert {"article", "article_related", "clinicdetails", "source", "sport", "teammember", "topic", "version"} <= shown
    assert not shown & NOT_SHOWN


def test_the_stamp_is_set_after_the_commit_and_never_before(add, stamp, django_capture_on_commit_callbacks):
    add()
    mark = stamp.read()
    with django_capture_on_commit_callbacks(execute=True):
        with transaction.atomic():
            Topic.objects.update(name="Why")
            assert stamp.read() == mark
        assert stamp.read() == mark
    assert stamp.read() != mark


def test_what_was_rolled_back_sets_no_stamp(add, stamp, django_capture_on_commit_callbacks):
    add()
    mark = stamp.read()
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        Topic.objects.update(name="Why")
        transaction.set_rollback(True)
    assert stamp.read() == mark


def test_two_changes_in_one_tick_of_the_clock_are_two_stamps(stamp):
    stamp.set()
    seen = set()
    for _ in range(50):
        stamp.set()
        os.utime(stamp.path, (1, 1))
        seen.add(stamp.read())
    assert len(seen) == 50


class Cache(dict):
    """Django's cache, as far as a stamp uses it; it does not answer while `away`."""

    away = False

    def get(self, key):
        if self.away:
            raise ConnectionError
        return super().get(key)

    def add(self, key, value, timeout):
        self.setdefault(key, value)

    def set(self, key, value, timeout):
        assert timeout is None
        self[key] = value


@pytest.fixture
def shared(monkeypatch):
    """The cache that several machines share."""
    shared = Cache()
    monkeypatch.setattr(stamps, "cache", shared)
    return shared


def test_machines_that_share_a_cache_see_each_others_changes(shared):
    one, two = stamps.CacheStamp(), stamps.CacheStamp()
    before = one.read()
    assert before == one.read() == two.read() is not None
    two.set()
    assert one.read() == two.read() != before


def test_a_cache_that_lost_its_stamp_gets_a_new_one(shared):
    stamp = stamps.CacheStamp()
    before = stamp.read()
    shared.clear()
    assert stamp.read() not in (None, before)


def test_nothing_is_kept_while_the_cache_is_away_and_it_is_not_asked_each_time(shared, add, monkeypatch):
    add()
    stamp = stamps.CacheStamp()
    monkeypatch.setattr(stamps, "generation_stamp", stamp)
    before = generation.read_generation()
    shared.away = True
    assert generation.read_generation() is None
    shared.away = False
    assert generation.read_generation() is None
    stamp.ask_again = 0.0
    # It may have missed something meanwhile.
    assert generation.read_generation() not in (None, before)


def test_a_cache_that_hangs_is_not_waited_for_at_every_write(shared, monkeypatch):
    tried = []

    def hang(*args, **kwargs):
        tried.append(args)
        raise TimeoutError

    monkeypatch.setattr(shared, "set", hang, raising=False)
    stamp = stamps.CacheStamp()
    for _ in range(100):
        stamp.set()
    assert len(tried) == 1
    monkeypatch.undo()
    monkeypatch.setattr(stamps, "cache", shared)
    before = stamps.CacheStamp().read()
    stamp.ask_again = 0.0
    stamp.set()
    assert stamp.read() != before


def test_an_edition_goes_on_while_nothing_changes(add):
    add()
    assert generation.read_generation() is generation.read_generation()


def test_a_stamp_ends_it(add, stamp):
    add()
    before = generation.read_generation()
    stamp.set()
    assert generation.read_generation() is not before


def test_a_change_without_a_stamp_ends_it_at_the_next_look_into_the_database(add):
    """A process was killed between its commit and its stamp, or somebody typed SQL."""
    add()
    before = generation.read_generation()
    Topic.objects.update(name="Why")
    assert generation.read_generation() is before
    before.recheck_at = time.monotonic()
    assert generation.read_generation() is not before


def test_between_two_looks_nothing_is_asked_of_the_database(add, django_assert_num_queries):
    add()
    generation.read_generation()
    with django_assert_num_queries(0):
        generation.read_generation()


def test_it_ends_when_words_come_by_themselves(add, words):
    article = Article.objects.get(slug=add().slug)
    comes = timezone.now() + datetime.timedelta(minutes=5)
    article.append_version(**words(publish_at=comes))
    assert generation.read_generation().until == min(comes.timestamp(), next_midnight())


def test_words_that_nobody_approved_do_not_come(add, words):
    add().append_version(**words(approved_at=None, publish_at=timezone.now() + datetime.timedelta(minutes=5)))
    assert generation.read_generation().until == next_midnight()


def test_it_ends_when_words_expire(add, words):
    goes = timezone.now() + datetime.timedelta(minutes=5)
    add(expires_at=goes)
    assert generation.read_generation().until == min(goes.timestamp(), next_midnight())


def test_no_moment_of_a_version_is_forgotten():
    """Whoever adds one: if live() looks at it, so must next_change(), or pages are kept beyond that moment."""
    moments = {field.name for field in Version._meta.concrete_fields if isinstance(field, DateTimeField)}
    looked_at = {"approved_at", "publish_at", "expires_at"}
    assert moments == looked_at | {"created_at", "sent_at", "returned_at"}


def test_it_ends_at_midnight_because_pages_say_when_a_review_is_overdue(add):
    add()
    assert generation.read_generation().until == next_midnight()


def next_midnight():
    day = timezone.localdate() + datetime.timedelta(days=1)
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time.min)).timestamp()


def test_it_is_over_at_that_very_moment(add, monkeypatch):
    add()
    before = generation.read_generation()
    monkeypatch.setattr(time, "time", lambda: before.until)
    assert generation.read_generation() is not before


def test_it_goes_on_while_the_database_is_away(add, monkeypatch):
    add()
    before = generation.read_generation()
    before.recheck_at = time.monotonic()
    monkeypatch.setattr(generation, "query_generation", away)
    assert generation.read_generation() is before


def test_nothing_is_kept_when_a_stamp_comes_and_the_database_is_away(add, stamp, monkeypatch):
    add()
    generation.read_generation()
    monkeypatch.setattr(generation, "query_generation", away)
    stamp.set()
    assert generation.read_generation() is None


def away():
    raise DatabaseError


def test_what_is_kept_never_takes_more_than_its_limit(add, monkeypatch):
    add()
    monkeypatch.setattr(generation, "LIMIT", 100)
    now = generation.read_generation()
    for number in range(30):
        now.store_page(number, "page", 40)
        assert now.size <= 100
        assert len(now.pages) == now.size // 40
    assert 29 in now.pages


@pytest.mark.django_db(transaction=True)
def test_the_triggers_come_back_with_every_migration(add):
    add()
    triggers.remove_triggers(TRIGGERS)
    call_command("migrate", verbosity=0)
    number = count()
    Topic.objects.create(slug="new", name="New", summary="New.")
    assert count() == number + 1


def test_a_generation_that_another_thread_just_asked_for_is_not_asked_for_again(stamp, django_assert_num_queries):
    stamp.set()
    known = generation.read_generation()
    with django_assert_num_queries(0):
        assert generation.renew_generation(stamp.read()) is known


def test_a_generation_in_which_nothing_changed_goes_on_when_the_database_is_asked_again(stamp):
    stamp.set()
    known = generation.read_generation()
    known.recheck_at = 0.0
    assert generation.read_generation() is known
    assert known.recheck_at > time.monotonic()


def test_a_migration_before_there_are_generations_starts_none(monkeypatch):
    before = count()
    start_generation_after_migrate()
    assert count() == before + 1
    monkeypatch.setattr(connection.introspection, "table_names", lambda cursor: ["auth_user"])
    start_generation_after_migrate()
    assert count() == before + 1


def test_words_that_came_while_the_clock_was_ahead_go_again_when_it_is_set_right(add, words, monkeypatch):
    article = Article.objects.get(slug=add().slug)
    now = timezone.now()
    article.append_version(**words(publish_at=now + datetime.timedelta(minutes=20)))
    with monkeypatch.context() as patch:
        patch.setattr(timezone, "now", lambda: now + datetime.timedelta(minutes=40))
        ahead = generation.read_generation()
    ahead.recheck_at = 0.0
    right = generation.read_generation()
    assert right is not ahead
    assert right.until <= (now + datetime.timedelta(minutes=20)).timestamp()
