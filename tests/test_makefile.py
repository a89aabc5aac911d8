"""Every target of the Makefile is explained by `make help`, and starts alone and first in a fresh copy of the files."""

import os
import re
import signal
import subprocess
from pathlib import Path

import pytest

from .copies import copy_repository

ROOT = Path(__file__).parents[1]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
PHONY = re.findall(r"^\.PHONY: (.+)$", MAKEFILE, re.M)
TARGETS = sorted(re.findall(r"^([a-z][a-z-]*):(?!=)", MAKEFILE, re.M))
# Done in seconds, and need nothing but Python.
QUICK = ["help", "demo", "demo-remove", "lint-articles", "rooms", "triage-report"]
# Would reach for the network, or write over what the tests stand on.
NEVER = ["audit", "clean", "lock"]
# Stopped after a while: what is wrong with a target's prerequisites shows in its first seconds.
LONG = sorted({*TARGETS} - {*QUICK, *NEVER})
SECONDS = 12
BROKEN = re.compile(r"Traceback|ImproperlyConfigured|No such file|ModuleNotFoundError|No rule to make|no such table")


@pytest.fixture(scope="module")
def fresh(tmp_path_factory):
    """A copy of the repository's files as after the first installation: no data, no key, nothing made."""
    return copy_repository(tmp_path_factory.mktemp("fresh"))


def run_make(folder, *words, timeout=300):
    """The exit status and everything that was printed; the status of what had to be stopped is None."""
    inherited = ("SECRET_KEY", "DATA_DIR", "LOCAL", "DJANGO_SETTINGS_MODULE", "DATABASE_URL", "REDIS_URL")
    # What was chosen for the run of make that these tests are part of.
    inherited += ("MAKEFLAGS", "DATABASE", "ARGS")
    environment = {name: value for name, value in os.environ.items() if name not in inherited}
    environment |= {"PORT": "0", "ROUNDS": "1"}
    with subprocess.Popen(
        ["make", *words],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            said = process.communicate(timeout=timeout)[0]
            return process.returncode, said
        except subprocess.TimeoutExpired:
            # Only the group that was started here.
            os.killpg(process.pid, signal.SIGTERM)
            return None, process.communicate(timeout=60)[0]


def test_every_target_is_phony_and_stands_in_the_help(fresh):
    assert sorted(PHONY) == TARGETS
    status, said = run_make(fresh, "help")
    assert status == 0
    listed = dict(re.findall(r"^  make (\S+) +(\S.*)$", said, re.M))
    assert sorted(listed) == TARGETS
    assert run_make(fresh) == (status, said)


def test_the_help_fits_a_terminal_and_has_headings(fresh):
    said = run_make(fresh, "help")[1]
    assert max(map(len, said.splitlines())) <= 120
    assert len(re.findall(r"^\S.*$", said, re.M)) >= 3


def test_every_target_is_explained_in_the_list_of_commands():
    page = (ROOT / "docs/commands.md").read_text(encoding="utf-8")
    assert {name for name in TARGETS if f"`make {name}`" not in page} == set()


@pytest.mark.parametrize("name", TARGETS)
def test_every_target_knows_what_it_needs(fresh, name):
    status, said = run_make(fresh, "--dry-run", name)
    assert status == 0
    assert not BROKEN.search(said), said


@pytest.mark.parametrize("name", ["test", "fuzz"])
def test_a_target_for_both_databases_hands_the_chosen_one_on(fresh, name):
    assert "TEST_DATABASE=sqlite " in run_make(fresh, "--dry-run", name)[1]
    assert "TEST_DATABASE=postgres " in run_make(fresh, "--dry-run", name, "DATABASE=postgres")[1]


@pytest.mark.parametrize("name", TARGETS)
def test_a_target_that_starts_django_makes_the_key_that_django_reads(name):
    recipe = re.search(rf"^{name}:(.*)\n((?:\t.*\n)*)", MAKEFILE, re.M)
    starts_django = re.search(r"\$\(MANAGE\)|-m (bench|docs\.make_\w+|tests\.browser)", recipe[2])
    assert bool(starts_django) == ("var/secret-key" in recipe[1])


@pytest.mark.slow
@pytest.mark.parametrize("name", QUICK)
def test_a_quick_target_runs_alone_and_first(tmp_path, name):
    status, said = run_make(copy_repository(tmp_path), name)
    assert status == 0, said
    assert not BROKEN.search(said), said


@pytest.mark.slow
@pytest.mark.parametrize("name", LONG)
def test_a_long_target_starts_alone_and_first(tmp_path, name):
    copy = copy_repository(tmp_path)
    program = copy / "var/lighthouse/node_modules/.bin/lighthouse"
    if name == "lighthouse":  # not from the network: one that fails at once
        program.parent.mkdir(parents=True)
        program.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
        program.chmod(0o755)
    status, said = run_make(copy, name, "ARGS=--co" if name in ("test", "access") else "ARGS=", timeout=SECONDS)
    assert not BROKEN.search(said), said
    # What ended by itself ended well, or said in a line what this machine lacks.
    assert status in (0, None) or len(said.splitlines()) < 5, said
