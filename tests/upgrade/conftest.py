"""Two databases beside the tests' own: one that 0.1.0 left and the present code has migrated, and a fresh one."""

import json
import lzma
import os
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client

DUMPS = Path(__file__).parent / "dumps"
ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Place:
    """A database: the path of a file of SQLite, or a name in the tests' cluster of PostgreSQL."""

    name: str

    @property
    def url(self):
        if connection.vendor == "sqlite":
            return f"sqlite:///{self.name}"
        return os.environ["DATABASE_URL"].replace("/postgres?", f"/{self.name}?")

    def drop(self):
        if connection.vendor == "sqlite":
            for end in ("", "-wal", "-shm"):
                Path(f"{self.name}{end}").unlink(missing_ok=True)
        else:
            psql("postgres", f'DROP DATABASE "{self.name}" WITH (FORCE)')


def psql(database, sql):
    """Run SQL in a database of the tests' cluster."""
    place = connection.settings_dict
    command = ["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-o", os.devnull, "-U", place["USER"], "-d", database]
    command += ["-h", place["HOST"] or place["OPTIONS"]["host"]]
    subprocess.run(command, input=sql, check=True, text=True)


def empty(name, folder):
    """A new database of this process."""
    if connection.vendor == "sqlite":
        return Place(str(folder / f"{name}.sqlite3"))
    place = Place(f"{name}_{os.getpid()}")
    psql("postgres", f'CREATE DATABASE "{place.name}"')
    return place


def restored(name, folder):
    """What lies in dumps/, in a database of its own."""
    place = empty(name, folder)
    if connection.vendor == "sqlite":
        Path(place.name).write_bytes(lzma.decompress((DUMPS / "0.1.0.sqlite3.xz").read_bytes()))
    else:
        psql(place.name, lzma.decompress((DUMPS / "0.1.0.postgresql.sql.xz").read_bytes()).decode())
    return place


def migrating(place, folder):
    """manage.py migrate of the present code, under way."""
    data = folder / "data"
    data.mkdir(exist_ok=True)
    environment = {**os.environ, "DATABASE_URL": place.url, "DATA_DIR": str(data), "PYTHONWARNINGS": ""}
    command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    return subprocess.Popen(
        command, cwd=ROOT, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )


@contextmanager
def connected(place, blocker):
    """The site works on this database in place of the tests' own."""
    before = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = place.name
    cache.clear()
    ContentType.objects.clear_cache()
    try:
        with blocker.unblock():
            yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before
        cache.clear()
        ContentType.objects.clear_cache()


@pytest.fixture(scope="session")
def migrated(tmp_path_factory):
    """Both databases, made once and side by side. No test leaves anything in them: see site."""
    folder = tmp_path_factory.mktemp("upgrade")
    places = SimpleNamespace(upgraded=restored("upgraded", folder), fresh=empty("fresh", folder))
    for process in [migrating(place, folder) for place in (places.upgraded, places.fresh)]:
        said, _ = process.communicate(timeout=300)
        assert not process.returncode, said
    yield places
    for place in (places.upgraded, places.fresh):
        place.drop()


@pytest.fixture(scope="session")
def facts():
    """What the dump of this engine holds, as make_dumps wrote it down."""
    return json.loads((DUMPS / "0.1.0.json").read_text(encoding="utf-8"))[connection.vendor]


@pytest.fixture
def site(migrated, django_db_blocker):
    """The site after the upgrade. What a test does there is taken back at its end."""
    with connected(migrated.upgraded, django_db_blocker):
        whole = transaction.atomic()
        whole._from_testcase = True  # as Django's own tests do: what must be durable may stand inside
        with whole:
            yield
            connection.check_constraints()
            transaction.set_rollback(True)


@pytest.fixture
def visitor():
    """A browser with the cookie that it had before the upgrade."""

    def make(session):
        client = Client()
        client.cookies[settings.SESSION_COOKIE_NAME] = session
        stored = client.session
        if "staff_confirmed" in stored:  # in the dump a time far ahead, which counts as none
            stored["staff_confirmed"] = int(time.time())
            stored.save()
        return client

    return make


@pytest.fixture
def shape_of(django_db_blocker):
    """The shape of a database, as schema.py reads it."""
    from . import schema

    def read(place):
        with connected(place, django_db_blocker):
            return schema.read(connection)

    return read
