"""What people were told is what is stored: none lost, none doubled, none in part, and the site comes back by itself."""

import shutil
import subprocess
from contextlib import contextmanager

import pytest

from assessment import backups

from . import scenarios
from .sites import QUIET, small_disk

pytestmark = pytest.mark.faults


def during(book, seen):
    """What was answered while the fault was there."""
    return [status for when, status in seen if book.away < when < book.back]


def test_32_people_at_once_and_none_is_refused(start, database, judge):
    site = start(database)
    book = scenarios.undisturbed(site)
    judge(site, book)
    assert (book.refused, book.broken) == (0, 0)


def test_workers_are_killed(start, database, judge):
    site = start(database)
    judge(site, scenarios.workers_killed(site))


def test_the_master_is_killed(start, database, judge):
    site = start(database)
    judge(site, scenarios.master_killed(site))


def test_master_and_workers_are_killed(start, database, judge):
    site = start(database)
    judge(site, scenarios.everything_killed(site))


def test_a_new_version_is_loaded_and_nobody_waits_at_a_closed_door(start, database, judge):
    site = start(database)
    book = scenarios.reloaded(site)
    judge(site, book)
    assert (book.refused, book.broken) == (0, 0)


def test_postgresql_is_killed_and_comes_back(start, databases, judge):
    site = start(databases("postgresql"))
    book = scenarios.database_killed(site)
    judge(site, book)
    assert book.refused > 0
    assert set(during(book, book.alive)) == {200}
    assert set(during(book, book.read)) <= {200, 503}


def test_the_disk_is_full_and_has_room_again(start, databases, judge, tmp_path):
    folder = tmp_path / "small"
    folder.mkdir()
    with small_disk(folder) as mounted:
        if not mounted:
            pytest.skip("nobody may mount a small disk here; the next test does it by a limit on files")
        site = start(databases("sqlite"), folder=folder)
        book = scenarios.disk_full(site, folder)
        judge(site, book)
        site.stop()
    assert book.refused > 0
    assert set(during(book, book.read)) == {200}


def test_no_file_can_grow_and_then_it_can(start, databases, judge):
    site = start(databases("sqlite"))
    book = scenarios.unwritable(site, site.no_room())
    judge(site, book)
    assert book.refused > 0
    assert set(during(book, book.read)) == {200}


def test_the_disk_of_postgresql_is_full_and_has_room_again(start, databases, judge):
    database = databases("postgresql")
    folder = database.folder / "small"
    folder.mkdir()
    with small_disk(folder) as mounted:
        if not mounted:
            pytest.skip("nobody may mount a small disk here")
        folder.chmod(0o700)
        subprocess.run(["chown", "postgres", str(folder)], check=True)
        database.sql(f"CREATE TABLESPACE small LOCATION '{folder}'")
        site = start(database, tablespace="TABLESPACE small")
        book = scenarios.disk_full(site, folder)
        judge(site, book)
        site.stop()
        database.sql(f"DROP DATABASE {database.database}")
        database.sql("DROP TABLESPACE small")
    assert book.refused > 0
    assert set(during(book, book.read)) == {200}


@contextmanager
def reads_only(database):
    """As a replica that has not been promoted yet, or a server set to read only."""
    database.sql(f"ALTER DATABASE {database.database} SET default_transaction_read_only = on")
    database.sql(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'site' AND pid <> pg_backend_pid()"
    )
    yield
    database.sql(f"ALTER DATABASE {database.database} RESET default_transaction_read_only")
    database.sql(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'site' AND pid <> pg_backend_pid()"
    )


def test_postgresql_reads_only_for_a_while(start, databases, judge):
    database = databases("postgresql")
    site = start(database)
    book = scenarios.unwritable(site, reads_only(database))
    judge(site, book)
    assert book.refused > 0
    assert set(during(book, book.read)) == {200}


def test_a_volume_turns_read_only(start, databases, judge, tmp_path):
    """As ext4 does after an error of the disk: it takes a repair, so in this test people give up."""
    image, folder = tmp_path / "image", tmp_path / "volume"
    folder.mkdir()
    with image.open("wb") as file:
        file.truncate(64 * 1024 * 1024)
    made = subprocess.run(["mkfs.ext4", "-q", "-E", "lazy_itable_init=0", str(image)], **QUIET)
    if made.returncode or subprocess.run(["mount", "-o", "loop", str(image), str(folder)], **QUIET).returncode:
        pytest.skip("nobody may mount a volume of its own here")
    try:
        site = start(databases("sqlite"), folder=folder)
        abort = ["mount", "-o", "remount,abort", str(folder)]
        book = scenarios.unwritable_for_good(site, lambda: subprocess.run(abort, check=True, **QUIET))
        site.stop()
        site.folder = tmp_path / "read"
        shutil.copytree(folder, site.folder, ignore=shutil.ignore_patterns("lost+found", "static"))
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
    judge(site, book)
    assert book.refused > 0
    assert set(during(book, book.read)) == {200}


def test_a_copy_taken_under_load_has_everybody_who_was_told_before(start, database, judge, tmp_path):
    site = start(database)
    book, before = scenarios.copied(site, tmp_path / "backups")
    judge(site, book)
    file = backups.copies(tmp_path / "backups")[0]
    rows = backups.about(file)["rows"]["assessment_assessment"]
    with site.restored(file) as stored:
        assert len(stored) == rows
        assert before <= stored
    assert len(before) > 0


def test_the_last_button_is_pressed_eight_times_at_once(start, database, judge):
    site = start(database)
    book = scenarios.pressed_eight_times(site)
    judge(site, book)
