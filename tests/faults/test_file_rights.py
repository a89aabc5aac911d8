"""Whatever the site writes is for its own user only, however open the machine is set."""

import os
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from urllib.request import urlopen

import pytest

from ..serving import ROOT, serve_site

pytestmark = pytest.mark.faults


@pytest.fixture
def open_machine():
    before = os.umask(0)
    yield
    os.umask(before)


def list_open(folder):
    """What other users may do anything with."""
    return {
        str(file.relative_to(folder)): oct(stat.S_IMODE(file.stat().st_mode))
        for file in folder.rglob("*")
        if file.stat().st_mode & 0o077
    }


def test_database_logs_copies_static_files_and_stamps_are_closed_to_others(tmp_path, open_machine):
    folder = tmp_path / "data"
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    with serve_site(folder, TMPDIR=str(tmp_path)) as address:
        urlopen(f"{address}/causes/").close()
        urlopen(f"{address}/check/").close()
        # The log of the server itself is made by the test.
        (folder / "log").chmod(0o600)
        with closing(sqlite3.connect(folder / "db.sqlite3")) as reader:
            reader.execute("SELECT 1 FROM django_migrations").fetchall()
            for command in (["backup", str(folder / "backups")], ["purge"], ["load_articles"]):
                subprocess.run(
                    [sys.executable, "manage.py", *command, "--verbosity", "0"],
                    check=True, cwd=ROOT, env={**environment, "DATA_DIR": str(folder), "PYTHONWARNINGS": ""},
                )  # fmt: skip
            names = {file.name for file in folder.iterdir()}
            assert {"db.sqlite3", "db.sqlite3-wal", "db.sqlite3-shm", "static", "backups", "edition"} <= names
            assert list_open(folder) == {}
