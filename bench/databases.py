"""The databases that the bench starts for itself: functions of a folder, each a context that gives a DATABASE_URL."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

Database = Callable[[Path], AbstractContextManager[str]]


@contextmanager
def postgres(folder: Path) -> Iterator[str]:
    """The DATABASE_URL of a PostgreSQL of this run's own, on a Unix socket only."""
    cluster = Path(tempfile.mkdtemp(prefix="bench-postgres-", dir="/tmp"))  # a socket's path must be short
    if os.geteuid() == 0:
        os.chown(cluster, pwd.getpwnam("postgres").pw_uid, -1)

    def run(*command: str, check: bool = True) -> None:
        # Its programs refuse to run as root.
        own = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        subprocess.run([*own, *command], check=check, stdout=subprocess.DEVNULL, cwd=cluster)

    data = str(cluster / "data")
    run("initdb", "-D", data, "-U", "site", "-A", "trust", "-E", "UTF8")
    # Room for an index of a million rows, and no checkpoint every few seconds while they are made.
    options = f"-k {cluster} -c listen_addresses='' -c shared_buffers=512MB -c max_wal_size=8GB"
    run("pg_ctl", "-D", data, "-l", str(cluster / "log"), "-o", options, "-w", "start")
    try:
        yield f"postgresql://site@/postgres?host={cluster}"
    finally:
        run("pg_ctl", "-D", data, "-m", "immediate", "-w", "stop", check=False)
        shutil.rmtree(cluster, ignore_errors=True)


@contextmanager
def sqlite(folder: Path) -> Iterator[str]:
    yield f"sqlite:///{folder / 'db.sqlite3'}"


def list_databases() -> dict[str, Database]:
    """SQLite, and PostgreSQL where its programs are there: {name: a function of a folder}."""
    return {"sqlite": sqlite, "postgres": postgres} if shutil.which("initdb") else {"sqlite": sqlite}
