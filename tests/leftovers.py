"""Folders of a test run that are gone after it, however it ended: by itself, by Ctrl-C, or by kill -9.

`python -m tests.leftovers FOLDER` waits until its parent is gone, then takes away what still runs on that folder.
"""

import atexit
import fcntl
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

# In the environment of whatever a run starts: which folder it belongs to.
OWNER = "BACK_SPASM_TEST_FOLDER"


def make_folder(prefix, place=None):
    """A new folder of this process; those of processes that ended without taking theirs away go first."""
    place = place or tempfile.gettempdir()
    for left in Path(place).glob(f"{prefix}*"):
        if is_left(left):
            sweep_folder(left)
    made = Path(tempfile.mkdtemp(prefix=prefix, dir=place))
    # Locked before it has its name, so that nobody finds it unlocked. Held until this process ends.
    lock = os.open(made / "alive.new", os.O_CREAT | os.O_WRONLY)
    fcntl.flock(lock, fcntl.LOCK_EX)
    (made / "alive.new").rename(made / "alive")
    atexit.register(sweep_folder, made)
    return made


def is_left(path):
    """Whether the process that made this folder is gone: its lock went with it."""
    try:
        with (path / "alive").open() as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def sweep_after_kill(path):
    """Sweep this folder also when this process is killed. Returns the process that waits for that."""
    command = [sys.executable, "-m", "tests.leftovers", str(path)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, cwd=Path(__file__).parents[1], start_new_session=True)


def sweep_folder(path):
    """End the processes of this folder, unmount what is mounted in it, and take it away."""
    for attempt in range(100):
        pids, servers = list_processes(path), list_postmasters(path)
        # PostgreSQL gives its shared memory back when it is asked to end at once, not when it is killed.
        for pid in servers + pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGQUIT if pid in servers and attempt < 50 else signal.SIGKILL)
        if not pids + servers:
            break
        time.sleep(0.1)
    for line in Path("/proc/mounts").read_text().splitlines():
        if (place := line.split()[1]).startswith(f"{path}/"):
            subprocess.run(["umount", "--lazy", place], check=False)
    shutil.rmtree(path, ignore_errors=True)


def list_processes(path):
    """The processes that were started for this folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if f"{OWNER}={path}\0".encode() in (process / "environ").read_bytes():
                found.append(int(process.name))
    return [pid for pid in found if pid != os.getpid()]


def list_postmasters(path):
    """PostgreSQL writes its titles over its environment, so it is found by its own file."""
    found = []
    for file in path.glob("**/postmaster.pid"):
        with suppress(OSError, ValueError, IndexError):
            pid = int(file.read_text().splitlines()[0])
            if str(file.parent).encode() in Path(f"/proc/{pid}/cmdline").read_bytes():
                found.append(pid)
    return found


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    sys.stdin.buffer.read()
    sweep_folder(Path(sys.argv[1]))
