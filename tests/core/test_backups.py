"""A copy of the database is whole, can be restored, and never writes over anything."""

import contextlib
import errno
import json
import os
import shutil
import sqlite3
import traceback
from unittest import mock

import pytest
from cryptography.fernet import Fernet
from django.conf import settings as site_settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection

from assessment.models import Assessment
from core import backups

from ..assessment.walks import STRAIN, walk_check
from ..site_project.test_settings import read


@pytest.fixture
def record(client, transactional_db):
    walk_check(client, STRAIN)
    return Assessment.objects.get()


def copy(folder, keep=14):
    return backups.make_backup(folder, keep)


def place(folder):
    """Somewhere new to restore to."""
    return str(folder / "restored.sqlite3") if connection.vendor == "sqlite" else "restored_by_a_test"


@pytest.fixture
def restored(tmp_path):
    """restored(file): the references of the checks in what a copy was restored to."""
    made = []

    def read(file):
        target = place(tmp_path)
        backups.restore_backup(file, target)
        made.append((file, target))
        if connection.vendor == "sqlite":
            with sqlite3.connect(target) as database:
                found = [row[0] for row in database.execute("SELECT reference FROM assessment_assessment")]
            database.close()
            return found
        other = connection.copy("other")
        other.settings_dict = {**other.settings_dict, "NAME": target}
        with other.cursor() as cursor:
            cursor.execute("SELECT reference FROM assessment_assessment")
            found = [row[0] for row in cursor.fetchall()]
        other.close()
        return found

    yield read
    for file, target in made:
        backups.remove_restored(file, target)


def test_what_was_saved_comes_back(record, tmp_path, restored):
    assert restored(copy(tmp_path)) == [record.reference]


def test_a_locked_copy_comes_back_and_shows_nothing(record, tmp_path, settings, restored):
    settings.BACKUP_KEY = Fernet.generate_key().decode()
    file = copy(tmp_path)
    assert file.name.endswith(".locked")
    assert record.reference.encode() not in file.read_bytes()
    assert b"assessment_assessment" not in file.read_bytes()
    assert restored(file) == [record.reference]
    assert not list(tmp_path.glob("*.open"))


@pytest.mark.parametrize("key", ["", Fernet.generate_key().decode()], ids=["none", "another"])
def test_a_locked_copy_does_not_open_with_another_key(record, tmp_path, settings, key):
    settings.BACKUP_KEY = Fernet.generate_key().decode()
    file = copy(tmp_path)
    settings.BACKUP_KEY = key
    with pytest.raises(backups.BackupError, match="BACKUP_KEY"):
        backups.restore_backup(file, place(tmp_path))
    assert not (tmp_path / "restored.sqlite3").exists()


@pytest.mark.parametrize("size", [0, 1, 99, 100, 101, 250])
def test_locking_gives_back_every_byte_at_every_length(tmp_path, settings, monkeypatch, size):
    monkeypatch.setattr(backups, "CHUNK", 100)
    settings.BACKUP_KEY = Fernet.generate_key().decode()
    file, opened = tmp_path / "file", tmp_path / "opened"
    file.write_bytes(bytes(range(250))[:size])
    backups.encrypt_file(file)
    backups.decrypt_file(file, opened)
    assert opened.read_bytes() == bytes(range(250))[:size]


@pytest.mark.parametrize("change", ["cut off", "left out", "swapped", "one bit"])
def test_a_locked_copy_that_was_changed_is_refused(tmp_path, settings, monkeypatch, change):
    monkeypatch.setattr(backups, "CHUNK", 100)
    settings.BACKUP_KEY = Fernet.generate_key().decode()
    file = tmp_path / "file"
    file.write_bytes(bytes(300))
    backups.encrypt_file(file)
    whole = file.read_bytes()
    head = len(backups.MAGIC) + 7
    start, first, second, third = whole[:head], whole[head:][:116], whole[head:][116:232], whole[head:][232:]
    changed = {
        "cut off": start + first + second,
        "left out": start + first + third,
        "swapped": start + second + first + third,
        "one bit": start + first + second + third[:-1] + bytes([third[-1] ^ 1]),
    }
    file.write_bytes(changed[change])
    with pytest.raises(backups.BackupError, match="damaged"):
        backups.decrypt_file(file, tmp_path / "opened")


def test_a_copy_is_for_its_owner_only_and_nothing_half_done_stays(record, tmp_path):
    file = copy(tmp_path / "backups")
    assert file.stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "backups").stat().st_mode & 0o777 == 0o700
    assert sorted(found.name for found in file.parent.iterdir()) == [file.name, f"{file.name}.json"]


@pytest.mark.parametrize("key", ["", Fernet.generate_key().decode()], ids=["open", "locked"])
def test_nobody_else_can_read_a_copy_at_any_moment(record, tmp_path, settings, monkeypatch, key):
    settings.BACKUP_KEY = key
    seen = set()

    def look(call):
        def looking(*args):
            done = call(*args)
            seen.update(file.stat().st_mode & 0o777 for file in tmp_path.iterdir())
            return done

        return looking

    for name in ("copy_sqlite", "copy_postgres", "inspect_sqlite", "read_pieces", "digest_file", "sync_to_disk"):
        monkeypatch.setattr(backups, name, look(getattr(backups, name)))
    before = os.umask(0)
    try:
        copy(tmp_path)
    finally:
        os.umask(before)
    assert seen == {0o600}


def test_what_is_restored_is_for_its_owner_only(record, tmp_path, restored):
    if connection.vendor == "postgresql":
        pytest.skip("its files belong to the server")
    file = copy(tmp_path)
    before = os.umask(0)
    try:
        restored(file)
    finally:
        os.umask(before)
    assert (tmp_path / "restored.sqlite3").stat().st_mode & 0o777 == 0o600


def test_beside_a_copy_stands_how_many_rows_each_table_has(record, tmp_path):
    file = copy(tmp_path)
    told = json.loads((tmp_path / f"{file.name}.json").read_text())
    assert told["rows"]["assessment_assessment"] == 1
    assert told["sha256"] == backups.digest_file(file)


def test_only_the_newest_copies_stay(record, tmp_path):
    files = [copy(tmp_path, keep=2) for _ in range(4)]
    assert backups.list_backups(tmp_path) == files[2:]
    assert len(list(tmp_path.iterdir())) == 4


def test_nothing_is_overwritten(record, tmp_path, restored):
    file = copy(tmp_path)
    restored(file)
    with pytest.raises(backups.BackupError, match="there already"):
        backups.restore_backup(file, place(tmp_path))


def test_a_damaged_copy_is_refused(record, tmp_path):
    file = copy(tmp_path)
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)
    with pytest.raises(backups.BackupError, match="not as it was written"):
        backups.restore_backup(file, place(tmp_path))


def test_rows_that_do_not_come_back_are_named_and_nothing_stays(record, tmp_path, restored):
    file = copy(tmp_path)
    note = tmp_path / f"{file.name}.json"
    told = json.loads(note.read_text())
    told["rows"]["assessment_assessment"] = 2
    note.write_text(json.dumps(told))
    with pytest.raises(backups.BackupError, match="assessment_assessment: 1 of 2"):
        backups.restore_backup(file, place(tmp_path))
    told["rows"]["assessment_assessment"] = 1
    note.write_text(json.dumps(told))
    assert restored(file) == [record.reference]


def test_a_copy_without_its_note_is_refused(record, tmp_path):
    file = copy(tmp_path)
    (tmp_path / f"{file.name}.json").unlink()
    with pytest.raises(backups.BackupError, match="beside it"):
        backups.restore_backup(file, place(tmp_path))


def test_the_commands_say_what_they_did(record, tmp_path, capsys):
    call_command("backup", str(tmp_path), "--keep", "3")
    file = backups.list_backups(tmp_path)[0]
    call_command("restore", str(file), "--verify")
    printed = capsys.readouterr().out
    assert str(file) in printed
    assert "can be restored" in printed
    assert not list(site_settings.DATA_DIR.glob("restore_*"))


def test_the_commands_say_what_is_wrong_in_words(tmp_path):
    with pytest.raises(CommandError, match="There must be a copy"):
        call_command("restore", str(tmp_path / "nothing"), "--verify")
    with pytest.raises(CommandError, match="--keep"):
        call_command("backup", str(tmp_path), "--keep", "0")
    (tmp_path / "file").touch()
    with pytest.raises(CommandError, match="cannot be used"):
        call_command("backup", str(tmp_path / "file"))


def test_a_copy_that_the_disk_has_no_room_for_says_so_and_leaves_nothing(record, tmp_path, monkeypatch):
    def full(path):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(backups, "sync_to_disk", full)
    with pytest.raises(backups.BackupError, match=r"could not be made: .*No space left on device"):
        copy(tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_file_that_is_no_database_is_called_damaged(tmp_path):
    (tmp_path / "copy.sqlite3").write_bytes(b"not a database, and long enough to look like one " * 100)
    with pytest.raises(backups.BackupError, match=r"copy\.sqlite3 is damaged"):
        backups.inspect_sqlite(tmp_path / "copy.sqlite3")


def test_a_database_with_a_broken_index_is_called_damaged(tmp_path):
    file = tmp_path / "copy.sqlite3"
    with contextlib.closing(sqlite3.connect(file)) as database:
        database.execute("CREATE TABLE checks (code TEXT)")
        database.execute("CREATE INDEX codes ON checks (code)")
        database.execute("INSERT INTO checks VALUES ('KTRBN')")
        database.commit()
        database.execute("PRAGMA writable_schema = ON")
        database.execute(
            "UPDATE sqlite_master SET sql = 'CREATE INDEX codes ON checks (code || 1)' WHERE name = 'codes'"
        )
        database.commit()
    with pytest.raises(backups.BackupError, match=r"copy\.sqlite3 is damaged: take another copy"):
        backups.inspect_sqlite(file)


def test_a_file_that_was_never_locked_is_no_locked_copy(tmp_path, settings):
    settings.BACKUP_KEY = Fernet.generate_key().decode()
    (tmp_path / "copy").write_bytes(b"plain")
    with pytest.raises(backups.BackupError, match="copy is no locked copy"):
        backups.decrypt_file(tmp_path / "copy", tmp_path / "opened")


@pytest.mark.parametrize("told", ["", "{}", "[]", "sha256"])
def test_a_note_that_cannot_be_read_is_refused(tmp_path, told):
    (tmp_path / "copy").write_bytes(b"x")
    (tmp_path / "copy.json").write_text(told)
    with pytest.raises(backups.BackupError, match=r"copy\.json cannot be read"):
        backups.read_manifest(tmp_path / "copy")


def test_a_copy_is_restored_to_the_place_that_is_named(record, tmp_path, capsys):
    file = copy(tmp_path)
    call_command("restore", str(file), "--to", place(tmp_path))
    try:
        assert f"is restored to {place(tmp_path)}" in capsys.readouterr().out
    finally:
        backups.remove_restored(file, place(tmp_path))


def test_the_commands_keep_silent_when_they_are_asked_to(record, tmp_path, capsys):
    call_command("backup", str(tmp_path), verbosity=0)
    call_command("restore", str(backups.list_backups(tmp_path)[0]), "--verify", verbosity=0)
    assert capsys.readouterr().out == ""


@pytest.mark.skipif(connection.vendor == "postgresql", reason="there the copy can be restored")
def test_a_copy_of_postgresql_is_not_restored_into_sqlite(tmp_path):
    (tmp_path / "copy.dump").write_bytes(b"x")
    told = {"database": "postgresql", "rows": {}, "sha256": backups.digest_file(tmp_path / "copy.dump")}
    (tmp_path / "copy.dump.json").write_text(json.dumps(told))
    with pytest.raises(CommandError, match="set DATABASE_URL"):
        call_command("restore", str(tmp_path / "copy.dump"), "--to", "elsewhere")


@pytest.fixture
def server(tmp_path, monkeypatch):
    """A PostgreSQL whose programs are this test's own: answer(code, program) writes one."""
    to = {"NAME": "site", "HOST": "db.example", "PORT": 5433, "USER": "clinic", "PASSWORD": "", "OPTIONS": {}}
    monkeypatch.setitem(site_settings.DATABASES, "default", to)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)

    def answer(code, program="pg_dump"):
        (tmp_path / program).write_text(f"#!/bin/sh\n{code}\n")
        (tmp_path / program).chmod(0o755)
        return to

    return answer


def test_postgresqls_programs_are_told_where_the_database_is(server, tmp_path):
    server(f'echo "$PGHOST $PGPORT $PGUSER $PGPASSWORD $*" > {tmp_path}/told')
    backups.run_postgres_program("pg_dump", "--format=custom", name="site")
    assert (tmp_path / "told").read_text() == "db.example 5433 clinic  --dbname=site --format=custom\n"


def test_a_socket_in_the_options_is_where_postgresqls_programs_look(server, tmp_path):
    server(f'echo "$PGHOST $*" > {tmp_path}/told')["OPTIONS"]["host"] = "/run/postgresql"
    backups.run_postgres_program("pg_dump", "--list", database=False)
    assert (tmp_path / "told").read_text() == "/run/postgresql --list\n"


def test_a_program_of_postgresql_that_fails_is_a_copy_that_failed(server):
    server("echo 'server version mismatch' >&2; exit 1")
    with pytest.raises(backups.BackupError, match="pg_dump failed: server version mismatch"):
        backups.run_postgres_program("pg_dump", name="site")


def test_a_role_that_may_make_no_databases_is_told_so_in_words(tmp_path, monkeypatch):
    cursor = mock.MagicMock()
    cursor.__enter__.return_value.fetchone.return_value = None
    cursor.__enter__.return_value.execute.side_effect = lambda sql, *values: refuse_new_database(sql)
    monkeypatch.setattr(backups, "connection", mock.Mock(vendor="postgresql", cursor=lambda: cursor))
    (tmp_path / "copy.dump").write_bytes(b"x")
    told = {"database": "postgresql", "rows": {}, "sha256": backups.digest_file(tmp_path / "copy.dump")}
    (tmp_path / "copy.dump.json").write_text(json.dumps(told))
    with pytest.raises(CommandError, match="CREATEDB"):
        call_command("restore", str(tmp_path / "copy.dump"), "--verify")


def refuse_new_database(sql):
    if sql.startswith("CREATE DATABASE"):
        raise ProgrammingError("permission denied to create database")


def test_without_postgresqls_programs_it_says_what_to_install(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda program: None)
    with pytest.raises(backups.BackupError, match="pg_dump"):
        backups.run_postgres_program("pg_dump")


def test_a_key_for_copies_that_is_none_stops_the_start_and_is_not_printed():
    key = "-".join(["short", "and", "wrong"])
    with pytest.raises(ImproperlyConfigured, match="BACKUP_KEY") as stopped:
        read(BACKUP_KEY=key)
    assert key not in "".join(traceback.format_exception(stopped.value))
