"""A site of its own behind gunicorn, with everything about it that can be broken: processes, database, disk."""

import json
import os
import pwd
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from assessment.protocol.back_pain import PROTOCOL
from assessment.protocol.engine import assess

from ..environment import as_postgres
from ..serving import ROOT, free_port

ROWS = "SELECT token, reference, level, answers, consent_version FROM assessment_assessment"
QUIET = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


def manage(environment, *commands):
    for command in commands:
        subprocess.run(
            [sys.executable, "manage.py", *command, "--verbosity", "0"], check=True, cwd=ROOT, env=environment
        )


def children(pid):
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


class Sqlite:
    """One file for each site, copied from one that has the library in it."""

    name, workers = "sqlite", 1

    def __init__(self, folder):
        self.template = folder / "template"
        self.template.mkdir()
        environment = {**os.environ, "DATA_DIR": str(self.template)}
        environment.pop("DATABASE_URL", None)
        manage(environment, ["migrate"], ["load_library"], ["collectstatic", "--no-input"])

    def new(self, folder):
        """The environment of a site whose data are in this folder."""
        shutil.copy(self.template / "db.sqlite3", folder / "db.sqlite3")
        (folder / "static").symlink_to(self.template / "static")
        return {"DATA_DIR": str(folder)}

    def rows(self, site):
        with closing(sqlite3.connect(site.folder / "db.sqlite3")) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            return [(*row[:3], json.loads(row[3]), row[4]) for row in connection.execute(ROWS)]

    def references(self, file):
        with closing(sqlite3.connect(file)) as connection:
            return {row[1] for row in connection.execute(ROWS)}

    def stop(self):
        pass


class Postgres:
    """One cluster, durable as a clinic's, on a Unix socket; a database for each site."""

    name, workers = "postgresql", 2

    def __init__(self, folder, sqlite):
        self.static = sqlite.template / "static"
        self.folder = folder / "cluster"
        self.folder.mkdir()
        os.chmod(folder, 0o755)
        if os.geteuid() == 0:
            os.chown(self.folder, pwd.getpwnam("postgres").pw_uid, -1)
        self.control("initdb", "-U", "site", "-A", "trust", "-E", "UTF8")
        self.start()
        self.number = 0
        self.sql("CREATE DATABASE template_site")
        environment = {**os.environ, "DATA_DIR": str(sqlite.template), "DATABASE_URL": self.url("template_site")}
        manage(environment, ["migrate"], ["load_library"])

    def control(self, program, *options):
        command = as_postgres(program, "-D", str(self.folder / "data"), *options)
        subprocess.run(command, check=True, cwd=self.folder, **QUIET)

    def start(self):
        options = f"-k {self.folder} -c listen_addresses='' -c max_connections=60"
        self.control("pg_ctl", "-l", str(self.folder / "log"), "-o", options, "-w", "start")

    def stop(self):
        self.control("pg_ctl", "-m", "immediate", "-w", "stop")

    def url(self, name):
        return f"postgresql://site@/{name}?host={self.folder}"

    def sql(self, statement, name="postgres"):
        import psycopg

        with psycopg.connect(self.url(name), autocommit=True) as connection:
            done = connection.execute(statement)
            return done.fetchall() if done.description else []

    def new(self, folder, tablespace=""):
        self.number += 1
        self.database = f"site_{self.number}"
        self.sql(f"CREATE DATABASE {self.database} TEMPLATE template_site {tablespace}")
        (folder / "static").symlink_to(self.static)
        return {"DATA_DIR": str(folder), "DATABASE_URL": self.url(self.database)}

    def rows(self, site):
        return self.sql(ROWS, self.database)

    def references(self, name):
        return {row[1] for row in self.sql(ROWS, name)}

    def kill(self):
        """The postmaster and all its processes at once, as in a power cut."""
        postmaster = int((self.folder / "data/postmaster.pid").read_text().splitlines()[0])
        for pid in [postmaster, *children(postmaster)]:
            os.kill(pid, signal.SIGKILL)
        deadline = time.monotonic() + 10
        while Path(f"/proc/{postmaster}").exists() and time.monotonic() < deadline:
            time.sleep(0.05)


class Site:
    """gunicorn with a supervisor that starts it again, as systemd does."""

    def __init__(self, folder, database, environment, fault="", arguments=""):
        self.folder, self.database, self.port = folder, database, free_port()
        self.environment = {
            **{name: value for name, value in os.environ.items() if name != "DATABASE_URL"},
            "WEB_CONCURRENCY": str(database.workers),
            "SUBMISSIONS_PER_HOUR": "1000000",
            "PYTHONWARNINGS": "",
            "GUNICORN_CMD_ARGS": arguments,
            **environment,
            **({"FAULT": fault} if fault else {}),
        }
        self.module = "tests.faults.wsgi" if fault else "site_project.wsgi"
        self.log = folder.parent / f"{folder.name}.log"
        self.resume()
        self.wait()

    def start(self):
        command = [sys.executable, "-m", "gunicorn", "--config", "site_project/gunicorn.conf.py"]
        command += ["--bind", f"127.0.0.1:{self.port}", self.module]
        with self.log.open("a") as log:
            self.master = subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=log, stderr=log)

    def supervise(self):
        while self.wanted:
            if self.master.poll() is not None:
                time.sleep(0.2)
                self.start()
            time.sleep(0.05)

    def wait(self):
        """Until it serves."""
        from .patients import Book, Person

        Person(self.port, Book()).press("GET", "/livez")

    @property
    def workers(self):
        return children(self.master.pid)

    def kill(self, *pids):
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def reload(self):
        self.master.send_signal(signal.SIGHUP)

    def halt(self):
        self.wanted = False
        self.supervisor.join()
        self.master.terminate()
        self.master.wait(timeout=40)

    def resume(self):
        self.wanted = True
        self.start()
        self.supervisor = threading.Thread(target=self.supervise)
        self.supervisor.start()

    def stop(self):
        if self.wanted:
            self.halt()

    @contextmanager
    def restored(self, file):
        """The references in what this copy is restored to."""
        target = str(self.folder / "restored.sqlite3") if self.database.name == "sqlite" else "restored_copy"
        manage(self.environment, ["restore", str(file), "--verify"], ["restore", str(file), "--to", target])
        yield self.database.references(target)
        if self.database.name == "postgresql":
            self.database.sql(f"DROP DATABASE {target}")

    @contextmanager
    def no_room(self):
        """No process of the site can make a file longer: a full disk where none can be mounted."""
        pids = self.workers
        for pid in pids:
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
        yield
        for pid in pids:
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


def partial(row):
    """Whether this row is not one whole check: answers to the end, the level that they give, and a consent."""
    _, _, level, answers, consented = row
    given = {item["question"]: [part["option"] for part in item["answer"]] for item in answers}
    try:
        return assess(PROTOCOL, given).level != level or not consented
    except ValueError:
        return True


@contextmanager
def small_disk(folder, megabytes=40):
    """A file system of its own of this size at this folder; yields False where nobody may mount one."""
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)], **QUIET)
    try:
        yield done.returncode == 0
    finally:
        if done.returncode == 0:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)


@contextmanager
def filled(folder):
    """Not one byte is free on the file system of this folder."""
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as file:
        for size in (65536, 512):
            with suppress(OSError):
                while True:
                    file.write(b"\0" * size)
    yield
    ballast.unlink()
