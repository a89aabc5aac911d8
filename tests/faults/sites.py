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
from assessment.protocol.engine import assess_answers

from ..environment import as_postgres
from ..leftovers import OWNER
from ..serving import ROOT, find_free_port

# A check and what is saved with it: without a review it would be in nobody's queue.
ROWS = (
    "SELECT token, reference, a.level, answers, consent_version, r.state FROM assessment_assessment a "
    "LEFT JOIN assessment_review r ON r.assessment_id = a.id"
)
QUIET = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
# Two of the clinic's staff, and how they sign in.
CLERKS, PASSWORD = ("ana", "ben"), "correct horse battery"
EDITOR = "edith"
# In one process: each takes a second to start.
SET_UP = f"""
from django.contrib.auth.models import Group, User
from django.core.management import call_command
call_command("migrate", verbosity=0)
call_command("load_articles", verbosity=0)
for name in {(*CLERKS, EDITOR)}:
    user = User.objects.create_user(name, f"{{name}}@clinic.example", "{PASSWORD}", is_staff=True)
    user.groups.add(Group.objects.get(name="Editors" if name == "{EDITOR}" else "Clinic staff"))
"""


def run_manage(environment, *commands):
    for command in commands:
        subprocess.run(
            [sys.executable, "manage.py", *command, "--verbosity", "0"],
            check=True,
            cwd=ROOT,
            env={**environment, "PYTHONWARNINGS": ""},
            stdout=subprocess.DEVNULL,
        )


def list_children(pid):
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def make_plain_environment(run):
    """What every process of a run starts with; run: its folder."""
    return {**{name: value for name, value in os.environ.items() if name != "DATABASE_URL"}, OWNER: str(run)}


class Sqlite:
    """One file for each site, copied from one that has the starter articles and two clerks in it."""

    name, workers = "sqlite", 1

    def __init__(self, run):
        self.run, self.template = run, run / "template"
        self.template.mkdir()
        environment = {**make_plain_environment(run), "DATA_DIR": str(self.template)}
        run_manage(environment, ["shell", "-c", SET_UP], ["collectstatic", "--no-input"])

    def new(self, folder):
        """The environment of a site whose data are in this folder."""
        shutil.copy(self.template / "db.sqlite3", folder / "db.sqlite3")
        (folder / "static").symlink_to(self.template / "static")
        return {"DATA_DIR": str(folder)}

    def query(self, site, statement):
        with closing(sqlite3.connect(site.folder / "db.sqlite3")) as connection:
            rows = connection.execute(statement).fetchall()
            connection.commit()
            return rows

    def rows(self, site):
        assert self.query(site, "PRAGMA integrity_check") == [("ok",)]
        return [(*row[:3], json.loads(row[3]), *row[4:]) for row in self.query(site, ROWS)]

    def references(self, file):
        with closing(sqlite3.connect(file)) as connection:
            return {row[1] for row in connection.execute(ROWS)}


class Postgres:
    """One cluster on a Unix socket; a database for each site.

    fsync is off: what was written before a kill is with the system, which lives on. Power cuts are not tried here.
    """

    name, workers = "postgresql", 2

    def __init__(self, run, sqlite):
        self.run, self.static, self.number = run, sqlite.template / "static", 0
        self.folder = run / "cluster"
        self.folder.mkdir()
        if os.geteuid() == 0:
            os.chown(self.folder, pwd.getpwnam("postgres").pw_uid, -1)
        self.control("initdb", "-U", "site", "-A", "trust", "-E", "UTF8", "--no-sync")
        self.start()
        self.sql("CREATE DATABASE template_site")
        environment = {
            **make_plain_environment(run),
            "DATA_DIR": str(sqlite.template),
            "DATABASE_URL": self.url("template_site"),
        }
        run_manage(environment, ["shell", "-c", SET_UP])

    def control(self, program, *options):
        command = as_postgres(program, "-D", str(self.folder / "data"), *options)
        subprocess.run(command, check=True, cwd=self.folder, **QUIET)

    @property
    def how(self):
        options = f"-k {self.folder} -c listen_addresses='' -c max_connections=60 -c fsync=off"
        return ("-l", str(self.folder / "log"), "-o", options, "-w", "-t", "60")

    def start(self):
        self.control("pg_ctl", *self.how, "start")

    def restart(self):
        """As for a new version of PostgreSQL: it asks nobody."""
        self.control("pg_ctl", *self.how, "-m", "fast", "restart")

    def kill(self):
        """The postmaster and all its processes at once, as in a power cut."""
        postmaster = int((self.folder / "data/postmaster.pid").read_text().splitlines()[0])
        for pid in [postmaster, *list_children(postmaster)]:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        # The next postmaster takes even a dead one for alive, until the system has forgotten it.
        deadline = time.monotonic() + 30
        while Path(f"/proc/{postmaster}").exists() and time.monotonic() < deadline:
            time.sleep(0.05)

    def url(self, name):
        return f"postgresql://site@/{name}?host={self.folder}"

    def sql(self, statement, name="postgres"):
        import psycopg

        with psycopg.connect(self.url(name), autocommit=True) as connection:
            done = connection.execute(statement)
            return done.fetchall() if done.description else []

    def new(self, folder, tablespace=""):
        self.number += 1
        name = f"site_{self.number}"
        self.sql(f"CREATE DATABASE {name} TEMPLATE template_site {tablespace}")
        (folder / "static").symlink_to(self.static)
        return {"DATA_DIR": str(folder), "DATABASE_URL": self.url(name), "DATABASE": name}

    def query(self, site, statement):
        return self.sql(statement, site.environment["DATABASE"])

    def rows(self, site):
        return self.query(site, ROWS)

    def references(self, name):
        return {row[1] for row in self.sql(ROWS, name)}


class Site:
    """gunicorn with a supervisor that starts it again, as systemd does."""

    def __init__(self, folder, database, environment, fault=""):
        self.folder, self.database, self.port = folder, database, find_free_port()
        self.environment = {
            **make_plain_environment(database.run),
            "WEB_CONCURRENCY": "1" if fault else str(database.workers),
            "SUBMISSIONS_PER_HOUR": "1000000",
            "PYTHONWARNINGS": "",
            **environment,
            **({"FAULT": fault} if fault else {}),
        }
        self.module = "tests.faults.wsgi" if fault else "site_project.wsgi"
        self.log = folder.parent / f"{folder.name}.log"
        self.earlier = set()
        self.resume()
        self.wait()

    def start(self):
        command = [sys.executable, "-m", "gunicorn", "--config", "site_project/gunicorn.conf.py"]
        command += ["--bind", f"127.0.0.1:{self.port}", self.module]
        with self.log.open("a") as log:
            # Ctrl-C is for the tests, which then end this.
            self.master = subprocess.Popen(
                command, cwd=ROOT, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )

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
        return list_children(self.master.pid)

    def kill(self, *pids):
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def kill_all(self):
        self.kill(self.master.pid, *self.workers)

    def reload(self):
        self.master.send_signal(signal.SIGHUP)

    def halt(self):
        self.wanted = False
        self.supervisor.join()
        self.master.terminate()
        try:
            self.master.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.kill_all()
            self.master.wait()

    def resume(self):
        self.wanted = True
        self.start()
        self.supervisor = threading.Thread(target=self.supervise, daemon=True)
        self.supervisor.start()

    def stop(self):
        if self.wanted:
            self.halt()

    def rows(self):
        """The checks that were saved since begin_anew()."""
        return [row for row in self.database.rows(self) if row[0] not in self.earlier]

    def begin_anew(self):
        self.earlier = {row[0] for row in self.database.rows(self)}

    @contextmanager
    def restored(self, file):
        """The references in what this copy is restored to."""
        target = str(self.folder / "restored.sqlite3") if self.database.name == "sqlite" else "restored_copy"
        run_manage(self.environment, ["restore", str(file), "--verify"], ["restore", str(file), "--to", target])
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

    @contextmanager
    def reads_only(self):
        """PostgreSQL as a replica that has not been promoted yet, or a server set to read only."""
        name = self.environment["DATABASE"]
        cut = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
        self.database.sql(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
        self.database.sql(cut)
        yield
        self.database.sql(f"ALTER DATABASE {name} RESET default_transaction_read_only")
        self.database.sql(cut)

    def unwritable(self):
        return self.no_room() if self.database.name == "sqlite" else self.reads_only()


def is_partial(row):
    """Whether this row is not one whole check: answers to the end, the level that they give, a consent and a review."""
    _, _, level, answers, consented, state = row
    given = {item["question"]: [part["option"] for part in item["answer"]] for item in answers}
    try:
        return assess_answers(PROTOCOL, given).level != level or not consented or not state
    except ValueError:
        return True


@contextmanager
def mount_disk(folder, *options):
    """A file system at this folder; yields False where nobody may mount one, as in most containers."""
    done = subprocess.run(["mount", *options, str(folder)], check=False, **QUIET)
    try:
        yield done.returncode == 0
    finally:
        if done.returncode == 0:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)


def mount_small_disk(folder, megabytes=40):
    return mount_disk(folder, "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs")


@contextmanager
def fill_disk(folder):
    """Not one byte is free on the file system of this folder."""
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as file:
        for size in (65536, 512):
            with suppress(OSError):
                while True:
                    file.write(b"\0" * size)
    yield
    ballast.unlink()
