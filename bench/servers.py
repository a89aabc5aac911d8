"""Starts and stops what is measured, each behind the gunicorn that clinics run, and reads what it costs the machine."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).parents[1]
TICK = os.sysconf("SC_CLK_TCK")


def find_free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def make_environment(folder: str | Path, **more: str) -> dict[str, str]:
    """What every program of the bench is started with: no secret, no setting of this machine, data in the folder."""
    own = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    return {
        **own,
        "LOCAL": "true",
        "SECRET_KEY": "for the bench only: " + "0123456789abcdef" * 4,
        "DATA_DIR": str(folder),
        "DJANGO_SETTINGS_MODULE": "site_project.settings",
        # One client stands for a thousand patients.
        "SUBMISSIONS_PER_HOUR": "1000000",
        # So that each client has the address that it says (bench/clients.py).
        "TRUSTED_PROXIES": "1",
        **more,
    }


def run_manage(*command: str, env: Mapping[str, str]) -> None:
    subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=env, check=True, stdout=subprocess.DEVNULL)


def prepare_site(env: Mapping[str, str]) -> None:
    for command in (["migrate"], ["load_articles"], ["collectstatic", "--no-input"]):
        run_manage(*command, "--verbosity", "0", env=env)


def stop_program(number: int, frame: FrameType | None) -> None:
    sys.exit("Stopped.")


def exit_on_sigterm() -> None:
    """Let whoever ends this program with SIGTERM end what it started too."""
    signal.signal(signal.SIGTERM, stop_program)


class Server:
    """cold: seconds to its first answer."""

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self.process, self.port, self.cold = process, port, 0.0
        self.address = f"http://127.0.0.1:{port}"

    def list_workers(self) -> list[int]:
        path = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(pid) for pid in path.read_text().split()]

    def read_cpu(self) -> float:
        """Seconds of processor time its workers have used."""
        used = 0
        for pid in self.list_workers():
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            used += int(fields[11]) + int(fields[12])
        return used / TICK

    def read_memory(self) -> tuple[float, float]:
        """MiB of the first worker: (PSS, what it has to itself)."""
        lines = Path(f"/proc/{self.list_workers()[0]}/smaps_rollup").read_text().splitlines()
        found = {line.split(":")[0]: int(line.split()[1]) for line in lines[1:]}
        return found["Pss"] / 1024, (found["Private_Clean"] + found["Private_Dirty"]) / 1024


@contextmanager
def start_server(application: str, env: Mapping[str, str], *options: str) -> Iterator[Server]:
    """A Server with one worker for this WSGI application ("module:name")."""
    port = find_free_port()
    command = [sys.executable, "-m", "gunicorn", "--config", "site_project/gunicorn.conf.py"]
    began = time.perf_counter()
    with Path(os.devnull).open("w") as output:
        process = subprocess.Popen(
            [*command, "--bind", f"127.0.0.1:{port}", *options, application],
            cwd=ROOT,
            env=env,
            stdout=output,
            stderr=output,
        )
        server = Server(process, port)
        try:
            while True:
                try:
                    urllib.request.urlopen(server.address, timeout=10).close()
                    break
                except OSError as error:
                    if process.poll() is not None:
                        raise RuntimeError(f"{application} did not start") from error
                    time.sleep(0.02)
            server.cold = time.perf_counter() - began
            yield server
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=60)
