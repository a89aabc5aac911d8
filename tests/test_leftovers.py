"""What a killed test run leaves behind is taken away."""

import os
import subprocess
import sys
import time
from pathlib import Path

from . import leftovers
from .serving import ROOT

# Makes a folder, starts something for it, says where and what, and waits to be killed.
RUN = """
import os, subprocess, sys, time
from tests import leftovers
made = leftovers.make_folder("run-", sys.argv[1])
if sys.argv[2:]:
    leftovers.sweep_after_kill(made)
child = subprocess.Popen(["sleep", "600"], env={**os.environ, leftovers.OWNER: str(made)})
print(made, child.pid, flush=True)
time.sleep(600)
"""


def killed_run(place, *swept):
    """(its folder, the process it had started)"""
    command = [sys.executable, "-c", RUN, str(place), *swept]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as run:
        folder, child = run.stdout.readline().split()
        # A process that has just begun has no name yet.
        until = time.monotonic() + 5
        while not lives(child) and time.monotonic() < until:
            time.sleep(0.01)
        run.kill()
    return Path(folder), int(child)


def lives(pid):
    try:
        return b"sleep" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


def test_the_next_run_sweeps_what_a_killed_one_left_and_nothing_of_one_that_runs(tmp_path):
    running = leftovers.make_folder("run-", tmp_path)
    left, child = killed_run(tmp_path)
    assert left.exists()
    assert lives(child)
    leftovers.make_folder("run-", tmp_path)
    assert not left.exists()
    assert not lives(child)
    assert running.exists()


def test_a_run_is_swept_as_soon_as_it_is_killed(tmp_path):
    left, child = killed_run(tmp_path, "swept")
    begun = time.monotonic()
    while (left.exists() or lives(child)) and time.monotonic() - begun < 60:
        time.sleep(0.05)
    assert not left.exists()
    assert not lives(child)


def test_a_sweep_spares_its_own_process_and_those_of_other_folders(tmp_path):
    other = subprocess.Popen(["sleep", "600"], env={**os.environ, leftovers.OWNER: str(tmp_path / "other")})
    try:
        leftovers.sweep_folder(tmp_path / "mine")
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()
