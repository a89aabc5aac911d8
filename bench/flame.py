"""python -m bench.flame [--write]: where the time of a kept article, of an answer and of a question goes, as pictures.

Takes the processor's stack 1,000 times a second of its time while requests run in this process, and draws each as an
SVG: a box is a function, its width the share of the samples it was in, what it called stands on it. gunicorn is in the
picture of the article (its plain worker on a socket, since the threads of its usual worker cannot be sampled so); the
others begin at the site's WSGI application.
"""

import argparse
import io
import os
import signal
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from html import escape
from pathlib import Path
from types import CodeType, FrameType
from typing import Any, TypeVar
from wsgiref.types import WSGIApplication

from bench.report import DOCS
from bench.servers import exit_on_sigterm, make_environment, prepare_site

EVERY = 0.001  # seconds of processor time between two samples
WIDE, HIGH, SHORTEST = 1000, 16, 0.004  # of the picture; boxes of a smaller share are left out
OURS = ("assessment", "content", "core", "site_project", "staff")
Stacks = Counter[tuple[str, ...]]
Result = TypeVar("Result")


class Sampler:
    """Counts stacks, as tuples of names from the outermost function in, while it is on."""

    def __init__(self) -> None:
        self.stacks: Stacks = Counter()
        self.on = False

    def take_sample(self, number: int, frame: FrameType | None) -> None:
        if not self.on:
            return
        names = []
        while frame is not None:
            names.append(name_function(frame.f_code))
            frame = frame.f_back
        names.reverse()
        self.stacks[tuple(names[names.index(ENTRY) + 1 :] if ENTRY in names else names)] += 1

    def start(self) -> None:
        signal.signal(signal.SIGPROF, self.take_sample)
        signal.setitimer(signal.ITIMER_PROF, EVERY, EVERY)

    def stop(self) -> None:
        signal.setitimer(signal.ITIMER_PROF, 0)


def name_function(code: CodeType) -> str:
    """Such as "django/core/handlers/base: get_response"."""
    path = code.co_filename.rpartition("site-packages/")[2].removeprefix(f"{DOCS.parent}/").removesuffix(".py")
    if path.startswith("/"):
        path = Path(path).name
    return f"{path}: {code.co_name}"


def run_sampled(sampler: Sampler, call: Callable[[], Result]) -> Result:
    """The call, with the sampler on."""
    sampler.on = True
    try:
        return call()
    finally:
        sampler.on = False


ENTRY = f"bench/{Path(__file__).stem}: run_sampled"


# --- What is run ------------------------------------------------------------------------------------------------------
class Patient:
    """One patient in this process: a WSGI environment a request, cookies kept."""

    def __init__(self, application: WSGIApplication, sampler: Sampler) -> None:
        self.application, self.sampler = application, sampler
        self.cookies: dict[str, str] = {}

    def ask(
        self, method: str, path: str, form: Mapping[str, str] | None = None, watch: bool = False
    ) -> tuple[str, str]:
        """(where it leads, or nothing; the page)."""
        from http.cookies import SimpleCookie
        from urllib.parse import urlencode

        body = urlencode(form or {}).encode()
        environ = {
            "REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": "", "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "SCRIPT_NAME": "", "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": "127.0.0.1", "HTTP_ACCEPT_ENCODING": "gzip",
            "HTTP_COOKIE": "; ".join(f"{key}={value}" for key, value in self.cookies.items()),
            "CONTENT_TYPE": "application/x-www-form-urlencoded", "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": io.BytesIO(body), "wsgi.errors": sys.stderr, "wsgi.url_scheme": "http",
        }  # fmt: skip
        begun: list[tuple[str, list[tuple[str, str]]]] = []

        def start_response(
            status: str, headers: list[tuple[str, str]], exc_info: Any = None
        ) -> Callable[[bytes], None]:
            begun.append((status, headers))
            return lambda part: None

        def run() -> bytes:
            parts = self.application(environ, start_response)
            page = b"".join(parts)
            getattr(parts, "close", lambda: None)()
            return page

        page = run_sampled(self.sampler, run) if watch else run()
        status, sent = begun[-1]
        if not status.startswith(("2", "3")):
            raise RuntimeError(f"{method} {path}: {status}")
        headers = {}
        for key, value in sent:
            if key == "Set-Cookie":
                self.cookies.update({one: morsel.value for one, morsel in SimpleCookie(value).items()})
            headers[key.lower()] = value
        if headers.get("content-encoding") == "gzip":
            import gzip

            page = gzip.decompress(page)
        return headers.get("location", ""), page.decode()

    def walk(self, answers: Mapping[str, str], consent: str, method: str) -> None:
        """A check to its last question; requests with this method to a question are watched."""
        from bench.clients import pick_fields

        _, page = self.ask("GET", "/check/")
        where, _ = self.ask("POST", "/check/", {**pick_fields(page, "csrfmiddlewaretoken"), "consent": consent})
        while where != "/check/answers/":
            _, page = self.ask("GET", where, watch=method == "GET")
            form = {**pick_fields(page, "csrfmiddlewaretoken", "token"), "answer": answers[where.split("/")[2]]}
            where, _ = self.ask("POST", where, form, watch=method == "POST")


def silence_logs() -> None:
    """The lines of the log are made as ever, and go nowhere."""
    import logging

    for handler in logging.getLogger().handlers:
        if isinstance(handler, logging.StreamHandler):
            handler.setStream(Path(os.devnull).open("w"))  # noqa: SIM115 (open as long as the logs are)


def sample_check(method: str, seconds: float) -> Stacks:
    """Counted stacks of the questions of whole walks, GET or POST."""
    from time import process_time

    from bench.__main__ import list_mildest_answers
    from site_project.wsgi import application

    given, consent = list_mildest_answers()
    silence_logs()
    sampler = Sampler()
    Patient(application, sampler).walk(given, consent, "")
    sampler.start()
    end = process_time() + seconds
    while process_time() < end:
        Patient(application, sampler).walk(given, consent, method)
    sampler.stop()
    return sampler.stacks


def sample_article(seconds: float) -> Stacks:
    """Counted stacks of a kept article behind gunicorn's plain worker, without its waiting for connections."""
    import socket
    import subprocess
    from types import SimpleNamespace

    from gunicorn.config import Config
    from gunicorn.glogging import Logger
    from gunicorn.workers.sync import SyncWorker

    from bench.__main__ import PAGE
    from site_project.wsgi import application

    config = Config()
    config.set("accesslog", None)
    worker = SyncWorker(1, os.getppid(), [], SimpleNamespace(), 30, config, Logger(config))
    worker.wsgi = application
    sampler = Sampler()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(3)
        address = f"http://127.0.0.1:{listener.getsockname()[1]}{PAGE}"
        # Another process asks, so that none of its time is in the picture.
        command = ["wrk", "-t1", "-c1", f"-d{seconds}s", "-H", "Accept-Encoding: gzip, deflate, br", address]
        asking = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        number = 0
        while asking.poll() is None:
            try:
                answering, peer = listener.accept()
            except TimeoutError:
                continue
            number += 1
            if number == 5:  # one of the first made the page
                sampler.start()
            run_sampled(sampler, partial(worker.handle, listener, answering, peer))
        sampler.stop()
    return sampler.stacks


# --- The picture ------------------------------------------------------------------------------------------------------
@dataclass
class Node:
    """A function as it was called from one place: how many samples it was in, and what it called."""

    count: int = 0
    of: "dict[str, Node]" = field(default_factory=dict)


def build_tree(stacks: Stacks) -> Node:
    root = Node()
    for names, count in stacks.items():
        root.count += count
        node = root
        for one in names:
            node = node.of.setdefault(one, Node())
            node.count += count
    return root


def list_boxes(node: Node, whole: int, x: float = 0.0, level: int = 0) -> Iterator[tuple[str, float, float, int, int]]:
    """(name, x and width as shares of the picture, level, count) of each function, callers before what they call."""
    for one, child in sorted(node.of.items()):
        width = child.count / whole
        if width >= SHORTEST:
            yield one, x, width, level, child.count
            yield from list_boxes(child, whole, x, level + 1)
        x += width


def draw_flame(stacks: Stacks, title: str) -> str:
    """The SVG: ours in one colour, other people's code in another; the name and share of a box is its tooltip."""
    root = build_tree(stacks)
    found = list(list_boxes(root, root.count))
    levels = 1 + max(level for *_, level, _ in found)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {levels * HIGH + 30}" '
        'font-family="sans-serif" font-size="10">',
        f"<title>{escape(title)}</title>",
        f'<text x="4" y="14" font-size="12">{escape(title)}: {root.count:,} samples; ours is green</text>',
    ]
    for one, x, width, level, count in found:
        colour = "#7cc4a4" if one.startswith(OURS) else "#e3c98f"
        y, wide = 24 + (levels - 1 - level) * HIGH, width * WIDE
        parts.append(
            f"<g><title>{escape(one)}, {100 * count / root.count:.1f} %</title>"
            f'<rect x="{x * WIDE:.1f}" y="{y}" width="{max(wide - 0.5, 0.5):.1f}" height="{HIGH - 1}" fill="{colour}"/>'
        )
        short = one.rpartition("/")[2]
        fits = int(wide / 5.4)
        if fits > 3:
            parts.append(f'<text x="{x * WIDE + 2:.1f}" y="{y + 11}">{escape(short[:fits])}</text>')
        parts.append("</g>")
    return "\n".join([*parts, "</svg>"]) + "\n"


def format_shares(stacks: Stacks, number: int = 14) -> str:
    """A table of the functions that most samples were in themselves or in what they called, outermost left out."""
    whole = stacks.total()
    inside: Counter[str] = Counter()
    for names, count in stacks.items():
        inside.update(dict.fromkeys(names, count))
    lines = ["| share | function |", "|---:|---|"]
    for one, count in [pair for pair in inside.most_common() if pair[1] < 0.9 * whole][:number]:
        lines.append(f"| {100 * count / whole:.0f} % | `{one}` |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.flame", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a second each, to see that it works")
    parser.add_argument("--write", action="store_true", help="write the pictures into docs/")
    options = parser.parse_args()
    exit_on_sigterm()
    seconds = 1 if options.quick else 10
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        env = make_environment(folder)
        prepare_site(env)
        os.environ.update(env)
        runs: dict[str, tuple[str, Callable[[], Stacks]]] = {
            "article": ("A kept article, with gunicorn", lambda: sample_article(seconds)),
            "question": ("A question (GET)", lambda: sample_check("GET", seconds)),
            "answer": ("An answer (POST)", lambda: sample_check("POST", seconds)),
        }
        for file, (title, run) in runs.items():
            stacks = run()
            print(f"\n{title}\n\n{format_shares(stacks)}")
            if options.write:
                (DOCS / f"flame-{file}.svg").write_text(draw_flame(stacks, title), encoding="utf-8")


if __name__ == "__main__":
    main()
