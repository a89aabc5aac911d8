"""A site of its own behind the web server that clinics run, for what has to be measured from outside."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[1]


def find_free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


@contextmanager
def serve_site(folder, **environment):
    """The address of a site with the starter articles, its data in this folder, started as `make run` starts it."""
    folder, port = Path(folder), find_free_port()
    folder.mkdir(exist_ok=True)
    environment = {
        **{name: value for name, value in os.environ.items() if name != "DATABASE_URL"},
        "DATA_DIR": str(folder),
        "PYTHONWARNINGS": "",
        **environment,
    }
    run = {"env": environment, "cwd": ROOT, "stdout": subprocess.DEVNULL}
    for command in (["migrate"], ["load_articles"], ["collectstatic", "--no-input"]):
        subprocess.run([sys.executable, "manage.py", *command, "--verbosity", "0"], check=True, **run)
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(
            [
                *(sys.executable, "-m", "gunicorn", "--config", "site_project/gunicorn.conf.py"),
                *("--bind", f"127.0.0.1:{port}", "site_project.wsgi"),
            ],
            **{**run, "stdout": log},
            stderr=log,
        )
        try:
            address = f"http://127.0.0.1:{port}"
            for _ in range(150):
                try:
                    urllib.request.urlopen(f"{address}/robots.txt", timeout=5).close()
                    break
                except OSError:
                    if server.poll() is not None:
                        raise RuntimeError((folder / "log").read_text()) from None
                    time.sleep(0.2)
            yield address
        finally:
            server.terminate()
            server.wait(timeout=30)
