"""People (or programs) that send and read slowly, how others fare meanwhile, and the proxies that are shipped."""

import os
import re
import selectors
import shutil
import socket
import subprocess
import threading
import time
import urllib.request
from contextlib import contextmanager, suppress
from types import SimpleNamespace

import pytest

from ..serving import ROOT, find_free_port

# Of a run: (in front, attack, pages answered of those asked for, the longest wait in seconds).
SLOW = pytest.StashKey()
# With the cookie Django looks for the secret in the body.
BODY = (
    b"POST /admin/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: csrftoken=abcdefghijabcdefghijabcdefghij12\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 200000\r\n\r\n"
)
# {name: (what each sends first, what it sends every second after that, how much it is ready to take in)}.
ATTACKS = {
    "idle connections": (b"", b"", None),
    "slow headers": (b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n", b"X-A: b\r\n", None),
    "slow bodies": (BODY, b"a", None),
    "bodies that never come": (BODY.replace(b"200000", b"12000000"), b"", None),
    "bodies in chunks": (BODY.replace(b"Content-Length: 200000", b"Transfer-Encoding: chunked"), b"1\r\na\r\n", None),
    "answers that nobody reads": (b"GET /causes/ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" * 30, b"", 2048),
    "connections left open": (b"GET /livez HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n", b"", None),
}


class SlowClients(threading.Thread):
    """So many connections that behave like this attack, each begun again when it was closed. Use with `with`."""

    def __init__(self, port, number, attack):
        super().__init__(daemon=True)
        self.port, self.number = port, number
        self.first, self.then, self.takes = attack
        self.selector, self.clients, self.over = selectors.DefaultSelector(), set(), threading.Event()

    def __enter__(self):
        self.start()

    def __exit__(self, *error):
        self.over.set()
        self.join()

    def run(self):
        most = self.number
        while not self.over.is_set():
            self.begin(most)
            most = 50  # more in a second would be a flood, which is another thing
            until = time.monotonic() + 1
            while time.monotonic() < until and not self.over.is_set():
                self.read()
            self.send()
        for client in list(self.clients):
            self.leave(client)

    def begin(self, most):
        with suppress(OSError):
            for _ in range(min(self.number - len(self.clients), most)):
                client = socket.socket()
                self.clients.add(client)
                if self.takes:
                    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, self.takes)
                else:
                    self.selector.register(client, selectors.EVENT_READ)
                client.settimeout(2)
                client.connect(("127.0.0.1", self.port))
                client.setblocking(False)
                client.send(self.first)

    def read(self):
        for key, _ in self.selector.select(0.2):
            try:
                if not key.fileobj.recv(65536):
                    (self.selector.unregister if b"close" in self.first else self.leave)(key.fileobj)
            except BlockingIOError:
                pass
            except OSError:
                self.leave(key.fileobj)

    def send(self):
        for client in list(self.clients) if self.then else []:
            try:
                client.send(self.then)
            except OSError:
                self.leave(client)

    def leave(self, client):
        with suppress(KeyError):
            self.selector.unregister(client)
        self.clients.discard(client)
        client.close()


def read_pages(port, seconds, patience=8):
    """How a reader fares who asks again and again: how often answered, of how often, the longest wait in seconds."""
    found = SimpleNamespace(answered=0, asked=0, longest=0.0)
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        found.asked += 1
        begun = time.monotonic()
        with suppress(OSError):
            urllib.request.urlopen(f"http://127.0.0.1:{port}/causes/", timeout=patience).read()
            found.answered += 1
        found.longest = max(found.longest, time.monotonic() - begun)
        time.sleep(0.1)
    return found


# --- The proxies, with the files that are shipped: only ports, names and the certificate are others -------------------
def find_proxy(program):
    """Its path. Without it the test is skipped, unless REQUIRE_PROXIES says that it must run."""
    found = shutil.which(program, path=f"{os.environ['PATH']}:/usr/sbin")
    if not found and not os.environ.get("REQUIRE_PROXIES"):
        pytest.skip(f"{program} is not installed")
    return found or program


def write_caddy(folder, port, upstream):
    return (
        [find_proxy("caddy"), "run", "--config", str(ROOT / "deploy/Caddyfile"), "--adapter", "caddyfile"],
        {
            "SITE_HOST": f"http://127.0.0.1:{port}",
            "UPSTREAM": f"127.0.0.1:{upstream}",
            "CADDY_ADMIN": f"unix/{folder}/admin.sock",
            "XDG_DATA_HOME": str(folder),
            "XDG_CONFIG_HOME": str(folder),
        },
    )


def write_nginx(folder, port, upstream):
    shipped = (ROOT / "deploy/nginx.conf").read_text()
    site = re.sub(r"\n *ssl_certificate\w* [^;]*;", "", shipped)
    for before, after in (
        ("listen 443 ssl;", f"listen 127.0.0.1:{port};"),
        ("listen 80;", f"listen 127.0.0.1:{find_free_port()};"),
        ("127.0.0.1:8000", f"127.0.0.1:{upstream}"),
    ):
        assert before in site
        site = site.replace(before, after)
    (folder / "site.conf").write_text(site)
    places = "".join(
        f"{name}_temp_path {folder}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    # Around it what stands in Debian's own nginx.conf.
    (folder / "nginx.conf").write_text(
        f"daemon off; pid {folder}/pid; error_log {folder}/log; events {{ worker_connections 768; }}\n"
        f"http {{ {places} include {folder}/site.conf; }}\n"
    )
    return [find_proxy("nginx"), "-c", str(folder / "nginx.conf"), "-e", str(folder / "log")], {}


WRITE = {"caddy": write_caddy, "nginx": write_nginx}


@contextmanager
def serve_through(name, folder, upstream):
    """The port of this proxy in front of a site; "direct": of the site itself."""
    if name == "direct":
        yield upstream
        return
    folder.mkdir()
    port = find_free_port()
    command, environment = WRITE[name](folder, port, upstream)
    with (folder / "out").open("w") as out:
        proxy = subprocess.Popen(command, env={**os.environ, **environment}, stdout=out, stderr=out)
    try:
        for _ in range(100):
            with suppress(OSError):
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            assert proxy.poll() is None, (folder / "out").read_text()
            time.sleep(0.1)
        yield port
    finally:
        proxy.terminate()
        proxy.wait(timeout=10)
