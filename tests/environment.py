"""Loaded before Django's settings are: gives the tests a safe environment, and a PostgreSQL cluster when asked for.

TEST_DATABASE=postgres starts a temporary PostgreSQL in a folder of its own, on a Unix socket only; tests/leftovers.py
stops it at the end.
"""

import os
import pwd
import shutil
import subprocess

import pytest

from . import leftovers

folder = leftovers.make_folder("back-spasm-tests-")
(folder / "static").mkdir()  # WhiteNoise warns when its folder is missing
os.environ.update(
    LOCAL="true",
    SECRET_KEY="for tests only: " + "0123456789abcdefghijklmnopqrstuvwxyz" * 2,
    DATA_DIR=str(folder),
)
approval = ("CLINICAL_APPROVER", "CLINICAL_APPROVAL_DATE", "CLINICAL_APPROVED_DIGEST")
for name in ("DEBUG", "ALLOWED_HOSTS", "SECRET_KEY_FILE", "DATABASE_URL", "REDIS_URL", *approval):
    os.environ.pop(name, None)
# The Playwright driver runs an event loop in the test's own thread; the tests' database calls stay synchronous.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


def as_postgres(*command):
    """The command as a user that PostgreSQL's programs accept: they refuse to run as root."""
    return ["runuser", "-u", "postgres", "--", *command] if os.geteuid() == 0 else list(command)


def start_postgres():
    """Start a temporary cluster; return its DATABASE_URL. It stops when the tests end."""
    for program in ("initdb", "pg_ctl"):
        if not shutil.which(program):
            pytest.exit(f"TEST_DATABASE=postgres needs PostgreSQL 15's {program} on PATH.", returncode=2)
    cluster = leftovers.make_folder("back-spasm-postgres-", "/tmp")  # a short path: sockets lie in it
    if os.geteuid() == 0:
        os.chown(cluster, pwd.getpwnam("postgres").pw_uid, -1)
    data, log = cluster / "data", cluster / "log"
    options = f"-k {cluster} -c listen_addresses='' -c fsync=off"
    for command in (
        ["initdb", "-D", str(data), "-U", "site", "-A", "trust", "-E", "UTF8", "--no-sync"],
        ["pg_ctl", "-D", str(data), "-l", str(log), "-o", options, "-w", "start"],
    ):
        subprocess.run(as_postgres(*command), check=True, stdout=subprocess.DEVNULL, cwd=cluster)
    return f"postgresql://site@/postgres?host={cluster}"


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests():
    """Before pytest-django reads the settings."""
    wanted = os.environ.get("TEST_DATABASE", "sqlite")
    if wanted == "postgres":
        os.environ["DATABASE_URL"] = start_postgres()
    elif wanted != "sqlite":
        pytest.exit(f"TEST_DATABASE is {wanted!r}; it can be sqlite or postgres.", returncode=2)
