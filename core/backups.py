"""Whole copies of the database, taken while patients use it, and proof that each can be restored.

A copy is one file, and beside it FILE.json: how many rows each table has, and the file's SHA-256. SQLite is copied by
VACUUM INTO: a plain copy of the file misses what still stands in the write-ahead log. PostgreSQL is copied by
pg_dump, whose rows are counted in the very snapshot that it writes out.
"""

import hashlib
import json
import os
import secrets
import shutil
import sqlite3
import subprocess
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, TypedDict, cast

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.backends.utils import CursorWrapper
from django.utils import timezone

PREFIX = "back-spasm-"
LOCKED = ".locked"
MAGIC = b"back-spasm backup 1\n"
CHUNK = 1024 * 1024
COUNT = 'SELECT count(*) FROM "{}"'  # of a name that the database itself gave


class Manifest(TypedDict):
    """What stands beside a copy. rows: how many, by table."""

    database: str
    rows: dict[str, int]
    sha256: str


class BackupError(Exception):
    """The copy could not be made, is damaged, or does not hold what it should. Says what to do."""


def make_backup(folder: Path, keep: int) -> Path:
    """A new copy in this folder, whole or not at all; then only the newest `keep` stay. Raises BackupError."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise BackupError(f"{folder} cannot be used: {error}") from error
    # With the fraction of a second, so that two copies of one second are two, and names sort by age.
    name = f"{PREFIX}{timezone.now():%Y%m%dT%H%M%S.%fZ}.{'sqlite3' if connection.vendor == 'sqlite' else 'dump'}"
    unfinished = folder / f".{name}.unfinished"
    try:
        # Before there is anything in it.
        unfinished.touch(mode=0o600)
        counts = copy_sqlite(unfinished) if connection.vendor == "sqlite" else copy_postgres(unfinished)
        if settings.BACKUP_KEY:
            name += LOCKED
            encrypt_file(unfinished)
        sync_to_disk(unfinished)
        about: Manifest = {"database": connection.vendor, "rows": counts, "sha256": digest_file(unfinished)}
        note = folder / f"{name}.json"
        note.touch(mode=0o600)
        note.write_text(json.dumps(about, indent=1, sort_keys=True) + "\n")
        sync_to_disk(note)
        unfinished.rename(folder / name)
        sync_to_disk(folder)
    except (OSError, sqlite3.Error) as error:
        raise BackupError(f"The copy could not be made: {error}") from error
    finally:
        unfinished.unlink(missing_ok=True)
    for old in list_backups(folder)[:-keep]:
        old.unlink()
        (folder / f"{old.name}.json").unlink(missing_ok=True)
    return folder / name


def list_backups(folder: Path) -> list[Path]:
    """The finished copies in this folder, oldest first."""
    return sorted(file for file in folder.glob(f"{PREFIX}*") if file.suffix != ".json")


def copy_sqlite(target: Path) -> dict[str, int]:
    with closing(sqlite3.connect(settings.DATABASES["default"]["NAME"], timeout=20)) as source:
        source.execute("VACUUM INTO ?", [str(target)])
    return inspect_sqlite(target)


def inspect_sqlite(file: Path) -> dict[str, int]:
    """Rows by table of an SQLite file that is sound. Raises BackupError."""
    try:
        with closing(sqlite3.connect(f"file:{file}?mode=ro&immutable=1", uri=True)) as database:
            if database.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
                raise BackupError(f"{file.name} is damaged: take another copy.")
            names = database.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name"
            )
            return {name: database.execute(COUNT.format(name)).fetchone()[0] for (name,) in names.fetchall()}
    except sqlite3.DatabaseError as error:
        raise BackupError(f"{file.name} is damaged ({error}): take another copy.") from error


def copy_postgres(target: Path) -> dict[str, int]:
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("SELECT pg_export_snapshot()")
        (snapshot,) = cursor.fetchall()[0]
        counts = count_postgres(cursor)
        run_postgres_program("pg_dump", "--format=custom", "--no-owner", f"--snapshot={snapshot}", f"--file={target}")
    run_postgres_program("pg_restore", "--list", str(target), database=False)
    return counts


def count_postgres(cursor: CursorWrapper) -> dict[str, int]:
    cursor.execute(
        "SELECT table_name FROM information_schema.tables "
        "WHERE table_schema = 'public' AND table_type = 'BASE TABLE' ORDER BY table_name"
    )
    counts = {}
    for (name,) in cursor.fetchall():
        cursor.execute(COUNT.format(name))
        (counts[name],) = cursor.fetchall()[0]
    return counts


def run_postgres_program(program: str, *options: str, database: bool = True, name: str | None = None) -> None:
    """Run one of PostgreSQL's own programs on our database, or on another of this name. Raises BackupError."""
    to = settings.DATABASES["default"]
    environment = dict(os.environ)
    for variable, value in (("PGHOST", "HOST"), ("PGPORT", "PORT"), ("PGUSER", "USER"), ("PGPASSWORD", "PASSWORD")):
        if to.get(value):
            environment[variable] = str(to[value])
    if to.get("OPTIONS", {}).get("host"):
        environment["PGHOST"] = to["OPTIONS"]["host"]
    if not shutil.which(program):
        raise BackupError(
            f"PostgreSQL's {program} is not on the PATH. Install the client programs of the server's version."
        )
    where = [f"--dbname={name or connection.settings_dict['NAME']}"] if database else []
    command = [program, *where, *options]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise BackupError(f"{program} failed: {done.stderr.strip()}")


def sync_to_disk(path: Path) -> None:
    """Wait until it is on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def digest_file(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


# --- Locked copies: pieces of 1 MiB under AES-256-GCM, each bound to its place and to whether it is the last one, so
# that no piece can be left out, moved, or cut off (the STREAM construction, as in age and Tink).


def read_backup_key() -> bytes:
    return urlsafe_b64decode(settings.BACKUP_KEY)


def build_nonce(start: bytes, number: int, last: bool) -> bytes:
    return start + number.to_bytes(4) + bytes([last])


def read_pieces(stream: BinaryIO, size: int) -> Iterator[tuple[int, bytes, bool]]:
    """(number, piece, whether it is the last)."""
    number, piece = 0, stream.read(size)
    while True:
        following = stream.read(size)
        yield number, piece, not following
        if not following:
            return
        number, piece = number + 1, following


def encrypt_file(file: Path) -> None:
    """Encrypt this file in place of itself."""
    start, box = secrets.token_bytes(7), AESGCM(read_backup_key())
    locked = file.with_name(f"{file.name}.locked")
    locked.touch(mode=0o600)
    with file.open("rb") as plain, locked.open("wb") as out:
        out.write(MAGIC + start)
        for number, piece, last in read_pieces(plain, CHUNK):
            out.write(box.encrypt(build_nonce(start, number, last), piece, MAGIC))
    locked.replace(file)


def decrypt_file(file: Path, target: Path) -> None:
    """Write the plain copy to target. Raises BackupError when the key is another, or the file was changed."""
    if not settings.BACKUP_KEY:
        raise BackupError("The copy is locked: set BACKUP_KEY to the key it was locked with.")
    with file.open("rb") as stream, target.open("wb") as out:
        if stream.read(len(MAGIC)) != MAGIC:
            raise BackupError(f"{file.name} is no locked copy.")
        start, box = stream.read(7), AESGCM(read_backup_key())
        try:
            for number, piece, last in read_pieces(stream, CHUNK + 16):
                out.write(box.decrypt(build_nonce(start, number, last), piece, MAGIC))
        except (InvalidTag, ValueError) as error:
            raise BackupError("The copy was locked with another key than BACKUP_KEY, or it is damaged.") from error


# --- Restoring -------------------------------------------------------------------------------------------------------


def read_manifest(file: Path) -> Manifest:
    """What was noted when the copy was made, for a file that is still the same. Raises BackupError."""
    note = file.with_name(f"{file.name}.json")
    if not file.is_file() or not note.is_file():
        raise BackupError(f"There must be a copy {file.name} and beside it {note.name}.")
    try:
        told = cast("Manifest", json.loads(note.read_text()))
        expected = told["sha256"]
    except (ValueError, KeyError, TypeError) as error:
        raise BackupError(f"{note.name} cannot be read.") from error
    if digest_file(file) != expected:
        raise BackupError(f"{file.name} is not as it was written: it is damaged, or was changed.")
    return told


@contextmanager
def open_plain_copy(file: Path, beside: Path) -> Iterator[Path]:
    """The copy as its database wrote it: the file itself, or one unlocked beside the target, gone afterwards."""
    if file.suffix != LOCKED:
        yield file
        return
    opened = beside / f".{file.name}.{secrets.token_hex(4)}.open"
    opened.touch(mode=0o600)
    try:
        decrypt_file(file, opened)
        yield opened
    finally:
        opened.unlink(missing_ok=True)


def restore_backup(file: Path, target: str) -> dict[str, int]:
    """Restore to a place that is not there yet: a path for SQLite, a database's name for PostgreSQL.

    Returns the rows by table, which are those of the copy. Raises BackupError, and leaves nothing behind.
    """
    told = read_manifest(file)
    return (restore_sqlite if told["database"] == "sqlite" else restore_postgres)(file, target, told["rows"])


def restore_sqlite(file: Path, target: str, expected: dict[str, int]) -> dict[str, int]:
    place = Path(target)
    try:
        place.touch(mode=0o600, exist_ok=False)
    except FileExistsError as error:
        raise BackupError(f"{place} is there already, and nothing is overwritten. Give another place.") from error
    try:
        with open_plain_copy(file, place.parent) as source:
            shutil.copyfile(source, place)
        compare_row_counts(inspect_sqlite(place), expected)
        sync_to_disk(place)
    except BaseException:
        place.unlink(missing_ok=True)
        raise
    return expected


def restore_postgres(file: Path, target: str, expected: dict[str, int]) -> dict[str, int]:
    if connection.vendor != "postgresql":
        raise BackupError("This is a copy of PostgreSQL: set DATABASE_URL to the server it should be restored to.")
    with connection.cursor() as cursor:
        name = connection.ops.quote_name(target)
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [target])
        if cursor.fetchone():
            raise BackupError(f"The database {target} is there already, and nothing is overwritten. Give another name.")
        try:
            cursor.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
        except DatabaseError as error:
            raise BackupError(
                f"PostgreSQL makes no new database for the role of DATABASE_URL ({str(error).strip()}). As its "
                f"administrator: ALTER ROLE ... CREATEDB, or use a DATABASE_URL with a role that has it."
            ) from error
        try:
            with open_plain_copy(file, Path(settings.DATA_DIR)) as source:
                run_postgres_program(
                    "pg_restore", "--no-owner", "--exit-on-error", "--single-transaction", str(source), name=target
                )
            compare_row_counts(count_restored_rows(target), expected)
        except BaseException:
            with suppress(Exception):
                cursor.execute(f"DROP DATABASE {name}")
            raise
    return expected


def count_restored_rows(name: str) -> dict[str, int]:
    """Rows by table of another database on our server."""
    other = connection.copy("restored")
    other.settings_dict = {**other.settings_dict, "NAME": name}
    try:
        with other.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")
            return count_postgres(cursor)
    finally:
        other.close()


def remove_restored(file: Path, target: str) -> None:
    """Take away what restore_backup() made of this copy."""
    if read_manifest(file)["database"] == "sqlite":
        Path(target).unlink()
        return
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE {connection.ops.quote_name(target)}")


def compare_row_counts(found: dict[str, int], expected: dict[str, int]) -> None:
    if found != expected:
        wrong = sorted(table for table in {*found, *expected} if found.get(table) != expected.get(table))
        told = ", ".join(f"{table}: {found.get(table, 'no table')} of {expected.get(table, 0)}" for table in wrong)
        raise BackupError(f"Not everything came back ({told}).")
