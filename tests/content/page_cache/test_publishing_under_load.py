"""Many readers while somebody publishes: nobody reads old words after the editor was told that they are saved.

Two web processes, and then two machines of two processes each that share a database and a Redis.
"""

import contextlib
import http.client
import os
import re
import shutil
import subprocess
import sys
import threading
import time
from urllib.parse import urlsplit

import pytest

from tests.serving import ROOT, serve_site

pytestmark = pytest.mark.slow
PAGE = "/causes/muscle-strain/"
READERS = 6
TIMES = 40

# A process of its own, as the editor's request is one: it answers when the words are saved, not before.
EDITOR = """
import sys
import django
django.setup()
from django.utils import timezone
from content.models import Article
for line in sys.stdin:
    article, now = Article.objects.get(slug="muscle-strain"), timezone.now()
    words = {name: getattr(article.current, name) for name in ("summary", "body", "written", "review_due")}
    article.append_version(**words, title=f"Words {line.strip()}", note="Test", approved_at=now, publish_at=now)
    print("saved", flush=True)
"""


@contextlib.contextmanager
def editor(folder, **environment):
    """publish(number): the page has the title "Words <number>" when it returns."""
    settings = {"DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "site_project.settings"}
    process = subprocess.Popen(
        [sys.executable, "-c", EDITOR],
        env={**os.environ, **settings, **environment},
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )

    def publish(number):
        process.stdin.write(f"{number}\n")
        process.stdin.flush()
        assert process.stdout.readline() == "saved\n"

    try:
        yield publish
    finally:
        process.stdin.close()
        assert process.wait(timeout=30) == 0
        process.stdout.close()


class Reader(threading.Thread):
    """Reads the page over and over; remembers each page that was older than what had been saved when it asked."""

    def __init__(self, address, saved):
        super().__init__(daemon=True)
        self.address, self.saved, self.go_on = urlsplit(address).netloc, saved, True
        self.old, self.pages, self.failed = [], 0, None

    def run(self):
        try:
            connection = http.client.HTTPConnection(self.address, timeout=30)
            while self.go_on:
                wanted = self.saved[0]
                connection.request("GET", PAGE)
                page = connection.getresponse().read().decode()
                number = int(re.search(r"<h1>Words (\d+)</h1>", page)[1])
                self.pages += 1
                if number < wanted:
                    self.old.append((number, wanted))
            connection.close()
        except Exception as error:
            self.failed = error


def publish_under_load(publish, addresses):
    saved = [0]
    publish(0)
    readers = [Reader(addresses[number % len(addresses)], saved) for number in range(READERS)]
    for reader in readers:
        reader.start()
    try:
        for number in range(1, TIMES + 1):
            time.sleep(0.1)
            publish(number)
            saved[0] = number
    finally:
        for reader in readers:
            reader.go_on = False
        for reader in readers:
            reader.join(timeout=30)
    assert [reader.failed for reader in readers if reader.failed] == []
    assert [reader.old for reader in readers if reader.old] == []
    # Most came from what is kept, or the test would say nothing.
    assert sum(reader.pages for reader in readers) > 10 * TIMES


def test_nobody_reads_old_words_on_two_web_processes(tmp_path):
    with serve_site(tmp_path, WEB_CONCURRENCY="2") as address, editor(tmp_path) as publish:
        publish_under_load(publish, [address])


@pytest.fixture
def redis(tmp_path):
    """The address of a Redis of this test's own."""
    pytest.importorskip("redis")
    if not shutil.which("redis-server"):
        pytest.skip("needs redis-server (Debian: apt install redis-server)")
    socket = tmp_path / "redis.sock"
    server = subprocess.Popen(
        ["redis-server", "--port", "0", "--unixsocket", str(socket), "--save", "", "--dir", str(tmp_path)],
        stdout=subprocess.DEVNULL,
    )
    for _ in range(100):
        if socket.exists():
            break
        time.sleep(0.1)
    yield f"unix://{socket}"
    server.terminate()
    server.wait(timeout=10)


def test_nobody_reads_old_words_on_two_machines_with_one_redis(tmp_path, redis):
    machines = [tmp_path / "one", tmp_path / "two"]
    for folder in (*machines, tmp_path / "editor"):
        folder.mkdir()
    shared = {"REDIS_URL": redis, "DATABASE_URL": f"sqlite:///{tmp_path / 'shared.sqlite3'}", "WEB_CONCURRENCY": "2"}
    with (
        serve_site(machines[0], **shared) as one,
        serve_site(machines[1], **shared) as two,
        editor(tmp_path / "editor", **shared) as publish,
    ):
        publish_under_load(publish, [one, two])
