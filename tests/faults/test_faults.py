"""What people were told is what is stored: none lost, none doubled, none in part, and the site comes back by itself."""

import shutil
import subprocess

import pytest

from core import backups

from . import scenarios
from .clerks import decide_at_once, list_events
from .sites import QUIET, mount_disk, mount_small_disk

pytestmark = pytest.mark.faults


def test_32_people_at_once_and_none_is_refused(site, judge):
    book = scenarios.undisturbed(site)
    judge(site, book)
    assert (book.refused, book.broken) == (0, 0)


def test_workers_are_killed(site, judge):
    judge(site, scenarios.workers_killed(site))


def test_the_master_is_killed(site, judge):
    judge(site, scenarios.master_killed(site))


def test_master_and_workers_are_killed(site, judge):
    judge(site, scenarios.everything_killed(site))


def test_a_new_version_is_loaded_and_nobody_is_turned_away(site, judge):
    book = scenarios.reloaded(site)
    judge(site, book)
    assert (book.refused, book.broken) == (0, 0)


def test_the_last_button_is_pressed_eight_times_at_once(site, judge):
    judge(site, scenarios.pressed_eight_times(site))


def test_postgresql_is_killed_and_comes_back(site_of, databases, judge):
    site = site_of(databases("postgresql"))
    book = scenarios.database_killed(site)
    judge(site, book)
    assert set(book.during(book.alive)) == {200}
    assert set(book.during(book.read)) <= {200, 503}


def test_postgresql_is_restarted_under_patients_readers_and_a_clerk(site_of, databases, judge):
    site = site_of(databases("postgresql"))
    book, desk = scenarios.database_restarted(site)
    judge(site, book)
    assert desk.book.wrong == []
    done = [action for _, action in list_events(site, [desk.pk])]
    assert len(desk.done) <= len(done) <= len(desk.done) + desk.unsure
    # Never twice the same: each action followed the one before.
    assert done == [("claim", "release")[at % 2] for at in range(len(done))]


def test_no_file_can_grow_and_then_it_can(site_of, databases, judge):
    site = site_of(databases("sqlite"))
    book = scenarios.unwritable(site, site.no_room())
    judge(site, book)
    assert set(book.during(book.read)) == {200}


def test_postgresql_reads_only_for_a_while(site_of, databases, judge):
    site = site_of(databases("postgresql"))
    book = scenarios.unwritable(site, site.reads_only())
    judge(site, book)
    assert set(book.during(book.read)) == {200}


def test_the_disk_is_full_and_has_room_again(start, run, databases, judge):
    folder = run / "small"
    folder.mkdir()
    with mount_small_disk(folder) as there:
        if not there:
            pytest.skip("nobody may mount a small disk here; another test does it by a limit on files")
        site = start(databases("sqlite"), folder=folder)
        book = scenarios.disk_full(site, folder)
        judge(site, book)
        site.stop()
    assert set(book.during(book.read)) == {200}


def test_the_disk_of_postgresql_is_full_and_has_room_again(start, databases, judge):
    database = databases("postgresql")
    folder = database.folder / "small"
    folder.mkdir()
    with mount_small_disk(folder) as there:
        if not there:
            pytest.skip("nobody may mount a small disk here")
        folder.chmod(0o700)
        shutil.chown(folder, "postgres")
        database.sql(f"CREATE TABLESPACE small LOCATION '{folder}'")
        site = start(database, tablespace="TABLESPACE small")
        book = scenarios.disk_full(site, folder)
        judge(site, book)
        site.stop()
        database.sql(f"DROP DATABASE {site.environment['DATABASE']} WITH (FORCE)")
        database.sql("DROP TABLESPACE small")
    assert set(book.during(book.read)) == {200}


def test_a_volume_turns_read_only(start, run, databases, judge):
    """As ext4 does after an error of the disk: it takes a repair, so in this test people give up."""
    image, folder = run / "image", run / "volume"
    folder.mkdir()
    with image.open("wb") as file:
        file.truncate(64 * 1024 * 1024)
    if not shutil.which("mkfs.ext4"):
        pytest.skip("mkfs.ext4 is not on PATH (Debian: e2fsprogs)")
    subprocess.run(["mkfs.ext4", "-q", "-E", "lazy_itable_init=0", str(image)], check=True, **QUIET)
    with mount_disk(folder, "-o", "loop", str(image)) as there:
        if not there:
            pytest.skip("nobody may mount a volume here")
        site = start(databases("sqlite"), folder=folder)
        abort = ["mount", "-o", "remount,abort", str(folder)]
        book = scenarios.unwritable_for_good(site, lambda: subprocess.run(abort, check=True, **QUIET))
        site.stop()
        site.folder = run / "read"
        shutil.copytree(folder, site.folder, ignore=shutil.ignore_patterns("lost+found", "static"))
    judge(site, book)
    assert set(book.during(book.read)) == {200}


def test_a_copy_taken_under_load_has_everybody_who_was_told_before(site, judge, tmp_path):
    book, before = scenarios.copied_while_used(site, tmp_path / "backups")
    judge(site, book)
    file = backups.list_backups(tmp_path / "backups")[0]
    rows = backups.read_manifest(file)["rows"]["assessment_assessment"]
    with site.restored(file) as stored:
        assert len(stored) == rows
        assert before <= stored
    assert len(before) >= 16


def test_two_clerks_decide_on_the_same_check_at_once(site, note):
    pairs, done = decide_at_once(site)
    assert [pair.statuses for pair in pairs] == [[302, 409]] * 8
    assert all(pair.told for pair in pairs)
    stored = list_events(site, [pair.pk for pair in pairs])
    assert len(stored) == done == 16
    assert len(list_events(site, [pair.pk for pair in pairs], "('refused')")) == 8
    note(site.database, done, len(stored))


def test_a_code_on_paper_opens_the_check_after_everything_was_killed(site, note):
    codes, led, book = scenarios.put_aside_and_killed(site)
    assert [where for where, _ in led] == ["/check/age/"] * len(codes)
    # Each its own check.
    assert len({token for _, token in led}) == len(codes) == 8
    assert not book.wrong
    note(site.database, len(codes), len(led))


def test_a_reader_writes_to_us_while_nothing_can_be_saved(site, note):
    refused, sent, words = scenarios.word_from_a_reader(site, site.unwritable())
    assert refused[0] == 503
    assert words in refused[2]
    assert sent[:2] == (302, "/feedback/thanks/")
    stored = site.database.query(site, "SELECT text FROM content_feedback")
    assert stored == [(words,)]
    note(site.database, 1, len(stored))
