"""python -m bench.rows [--sizes 1000,20000] [--write]: the staff pages and a patient's check as the assessments grow.

On SQLite and, where PostgreSQL's programs are there, on PostgreSQL. Each size is a database of its own, filled by
bench.fill; bench.queue asks for the pages of staff, and the check is walked through here.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

from bench import report
from bench.clients import find_text
from bench.databases import Database, list_databases
from bench.servers import ROOT, exit_on_sigterm, make_environment, run_manage

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as TestResponse

SIZES = (1_000, 100_000, 1_000_000)


class Measured(TypedDict):
    """What bench.queue prints of one database. pages: best ms, median ms, and queries, if they were counted."""

    rows: int
    database: str
    pages: dict[str, tuple[float, float, int | None]]


def run_python(env: Mapping[str, str], *arguments: str) -> str:
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=ROOT, env=env, check=True, stdout=subprocess.PIPE, text=True).stdout


ROUNDS = 3


def measure_sizes(name: str, database: Database, sizes: Sequence[int]) -> list[Measured]:
    """All sizes by turns, so that what else the machine does meets all of them; of the rounds the best counts."""
    with ExitStack() as stack:
        filled = []
        for rows in sizes:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-"))
            env = make_environment(folder, DATABASE_URL=stack.enter_context(database(Path(folder))))
            run_manage("migrate", "--verbosity", "0", env=env)
            run_python(env, "-m", "bench.fill", str(rows))
            filled.append(env)
            print(f"{name}: {rows:,} assessments are there", file=sys.stderr, flush=True)
        found: dict[int, Measured] = {}
        for _ in range(ROUNDS):
            for number, env in enumerate(filled):
                now: Measured = json.loads(run_python(env, "-m", "bench.queue").splitlines()[-1])
                now["pages"]["a patient's answer"] = json.loads(run_python(env, "-m", "bench.rows", "--answer"))
                now["pages"]["a whole check, saved"] = json.loads(run_python(env, "-m", "bench.rows", "--check"))
                before = found.get(number, now)
                now["pages"] = {page: min(before["pages"][page], took) for page, took in now["pages"].items()}
                found[number] = now
                print(json.dumps(now), file=sys.stderr, flush=True)
    return list(found.values())


def time_step(step: Callable[[], object], times: int = 15) -> tuple[float, float, None]:
    took = []
    for number in range(times + 2):
        began = time.perf_counter()
        step()
        if number > 1:
            took.append(1000 * (time.perf_counter() - began))
    return round(min(took), 1), round(statistics.median(took), 1), None


def time_patient(whole: bool) -> tuple[float, float, None]:
    """In this process and its database: one answer, or a whole check."""
    import django

    django.setup()
    from django.test import Client
    from django.test.utils import override_settings

    from assessment.privacy import consent
    from assessment.protocol.back_pain import PROTOCOL

    client = Client()
    mildest = {question.code: question.mildest for question in PROTOCOL.questions}

    def token(page: "TestResponse") -> str:
        return find_text(r'name="token" value="([0-9a-f]{64})"', page.content.decode())

    def walk(stop: str | None = None) -> str:
        page = client.post("/check/", {"consent": consent.VERSION}, follow=True)
        while (where := page.request["PATH_INFO"]) != "/check/answers/":
            code = where.split("/")[2]
            if code == stop:
                return token(page)
            answer = {"answer": mildest[code], "token": token(page)}
            page = client.post(where, answer, follow=True)
        page = client.post(where, {"token": token(page), "consent": consent.VERSION}, follow=True)
        if page.status_code != 200 or "RESULT" not in page.request["PATH_INFO"].upper():
            raise SystemExit("The check did not end in a result.")
        return ""

    storages = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    with override_settings(ALLOWED_HOSTS=["testserver"], STORAGES=storages):
        if whole:
            return time_step(walk, times=7)
        proof = walk(stop="legs")
        form = {"answer": mildest["legs"], "token": proof}
        return time_step(lambda: client.post("/check/legs/", form))


def format_growth(found: Sequence[Measured]) -> str:
    """One line a page, one column a size; the last column is the largest against the smallest."""
    lines = []
    for database in dict.fromkeys(one["database"] for one in found):
        sizes = [one for one in found if one["database"] == database]
        heads = [f"{one['rows']:,}" for one in sizes]
        lines += [
            "",
            f"{database}, ms (best of the rounds)",
            "",
            "| page | " + " | ".join(heads) + " | growth | queries |",
            "|---|" + "---:|" * (len(sizes) + 2),
        ]
        for page in sizes[0]["pages"]:
            took = [one["pages"][page][0] for one in sizes]
            queries = sizes[-1]["pages"][page][2]
            cells = [f"{ms:.1f}" for ms in took] + [f"x{took[-1] / took[0]:.2f}", str(queries or "")]
            lines.append(f"| {page} | " + " | ".join(cells) + " |")
    return "\n".join(lines).strip()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.rows", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sizes", default=SIZES, type=lambda text: tuple(map(int, text.split(","))))
    parser.add_argument("--quick", action="store_true", help="a thousand and ten thousand, to see that it works")
    parser.add_argument("--only", choices=["sqlite", "postgres"])
    parser.add_argument("--write", action="store_true", help="write the table into docs/benchmarks.md")
    parser.add_argument("--answer", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--check", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.answer or options.check:
        print(json.dumps(time_patient(options.check)))
        return
    exit_on_sigterm()
    found = []
    for name, database in list_databases().items():
        if options.only in (None, name):
            found += measure_sizes(name, database, (1_000, 10_000) if options.quick else options.sizes)
    print(format_growth(found))
    if options.write:
        report.replace_section("rows", format_growth(found))


if __name__ == "__main__":
    main()
