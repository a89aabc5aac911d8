"""python -m bench [--quick] [--write]: what the site costs, as ratios within one run. See docs/benchmarks.md.

Starts everything itself on 127.0.0.1 with data in a folder of its own, takes turns between what is compared, and takes
the median of the rounds. --write puts the table and the chart into docs/.
"""

import argparse
import importlib.util
import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from bench import clients, report, walks
from bench.servers import Server, exit_on_sigterm, make_environment, prepare_site, start_server

PAGE = "/causes/muscle-strain/"
BROWSER = {"Accept-Encoding": "gzip, deflate, br"}
# A function of seconds that returns (how many a second, ms, how many), beside the server that does the work.
Workload = tuple[Server, Callable[[float], tuple[float, float, int]]]


def list_mildest_answers() -> tuple[dict[str, str], str]:
    """The mildest answer to each question, which is the longest of the usual walks, and the version of the consent."""
    import django

    django.setup()
    from assessment.privacy import consent
    from assessment.protocol.back_pain import PROTOCOL

    return {question.code: question.mildest for question in PROTOCOL.questions}, consent.VERSION


def walk_into_check(
    site: Server, given: clients.Answers, consent: str
) -> tuple[str, str, dict[str, str], clients.Form]:
    """A patient in the middle of a check: (open question, the one before it, headers, body of the answer to that)."""
    browser = clients.Browser(site.port)
    _, _, page = browser.ask("GET", "/check/")
    csrf = clients.pick_fields(page, "csrfmiddlewaretoken")
    where = here = browser.send("/check/", {**csrf, "consent": consent})
    body: clients.Form = {}
    for _ in range(8):
        _, _, page = browser.ask("GET", where)
        form = clients.pick_fields(page, "csrfmiddlewaretoken", "token")
        here, body = where, {**form, "answer": given[where.split("/")[2]]}
        where = browser.send(where, body)
    cookies = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    return where, here, {"Cookie": cookies, **BROWSER}, body


def fetch_etag(site: Server) -> str:
    browser = clients.Browser(site.port)
    browser.connection.request("GET", PAGE, headers=BROWSER)
    return str(browser.connection.getresponse().headers["ETag"])


def list_workloads(servers: Mapping[str, Server], given: clients.Answers, consent: str) -> dict[str, Workload]:
    site = servers["site"]
    question, answered, headers, body = walk_into_check(site, given, consent)
    typed = {**headers, "Content-Type": "application/x-www-form-urlencoded"}
    known = {**BROWSER, "If-None-Match": fetch_etag(site)}

    def load(
        server: str, path: str, method: str = "GET", headers: Mapping[str, str] = BROWSER, body: str = ""
    ) -> Workload:
        return servers[server], lambda s: clients.run_wrk(servers[server].address + path, s, method, headers, body)

    def whole(server: str, walk: clients.Walk) -> Workload:
        return servers[server], lambda s: clients.run_patients(walk, servers[server].port, 2 * s, given, consent)

    found = {
        "bare": load("bare", "/"),
        "one_line": load("one_line", "/"),
        "hit": load("site", PAGE),
        "known": load("site", PAGE, headers=known),
        # A query string is never kept, so Django makes the page.
        "miss": load("site", f"{PAGE}?again"),
        "question_get": load("site", question, headers=headers),
        "question_post": load("site", answered, "POST", typed, urlencode(body)),
        "check": whole("site", clients.walk_whole_check),
        "wizard": whole("wizard", clients.walk_wizard),
        "named": whole("wizard", clients.walk_named_wizard),
        "bare_plain": load("bare_plain", "/"),
        "one_line_plain": load("one_line_plain", "/"),
        "hit_plain": load("site_plain", PAGE),
        "known_plain": load("site_plain", PAGE, headers=known),
    }
    try:
        clients.Browser(site.port).ask("GET", "/search/?q=back+pain")
        found["search"] = load("site", "/search/?q=back+pain")
    except RuntimeError:
        print("There is no search to measure.", file=sys.stderr)
    return found


def measure_site(rounds: int, seconds: float, folder: Path) -> tuple[report.Taken, report.Machine]:
    """The samples of each kind of request, and what the site's worker is."""
    env = make_environment(folder)
    prepare_site(env)
    given, consent = list_mildest_answers()
    # The site's own kind of worker has threads, which cost Python much of its speed on requests as short as these. So
    # what is nearest to the limit is measured with the plain kind as well.
    plain = ("--worker-class", "sync")
    programs: dict[str, tuple[Any, ...]] = {
        "bare": ("bench.small:answer_without_framework", env),
        "one_line": ("bench.small:make_one_line_site()", env),
        "site": ("site_project.wsgi", env),
        "wizard": ("site_project.wsgi", {**env, "DJANGO_SETTINGS_MODULE": "bench.wizard.settings"}),
        "bare_plain": ("bench.small:answer_without_framework", env, *plain),
        "one_line_plain": ("bench.small:make_one_line_site()", env, *plain),
        "site_plain": ("site_project.wsgi", env, *plain),
    }
    with ExitStack() as stack:
        servers = {name: stack.enter_context(start_server(*program)) for name, program in programs.items()}
        work = list_workloads(servers, given, consent)
        taken: report.Taken = {name: [] for name in work}
        for number in range(rounds + 1):
            for name, (server, run) in work.items():
                before = server.read_cpu()
                rate, ms, count = run(seconds if number else 1)
                cpu = 1000 * (server.read_cpu() - before) / max(count, 1)
                if number:  # the first warms up
                    taken[name].append({"rate": rate, "ms": ms, "cpu": cpu})
                    print(f"{number}/{rounds} {name:14} {rate:9.1f}/s  cpu {cpu:8.3f} ms", file=sys.stderr, flush=True)
        memory, memory_small = servers["site"].read_memory(), servers["one_line"].read_memory()
        crowds = [clients.press_at_once(servers["site"].port, given, consent) for _ in range(min(rounds, 3))]
        at_once = sorted(took for crowd in crowds for took in crowd)
    cold = []
    for _ in range(3):
        with start_server(*programs["site"]) as again:
            cold.append(again.cold)
    command = [sys.executable, "-m", "bench.queries"]
    queries = json.loads(subprocess.run(command, env=env, check=True, stdout=subprocess.PIPE).stdout)
    return taken, {
        "memory": memory,
        "memory_small": memory_small,
        "at_once": at_once,
        "cold": statistics.median(cold),
        "queries": queries,
    }


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="two short rounds, to see that it works")
    parser.add_argument("--write", action="store_true", help="write docs/benchmarks.md and its chart")
    options = parser.parse_args()
    if not clients.has_wrk():
        sys.exit("This needs wrk (Debian: apt install wrk).")
    if not importlib.util.find_spec("formtools"):
        sys.exit("This needs django-formtools, which the check is compared with.")
    exit_on_sigterm()
    rounds, seconds = (2, 1) if options.quick else (5, 2)
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        taken, machine = measure_site(rounds, seconds, Path(folder))
    walked = walks.measure_walks(*((1, 2) if options.quick else (4, 3)), *list_mildest_answers())
    found = report.summarize_rounds(taken, machine)
    print(report.format_budgets(found), report.format_requests(found), report.format_walks(walked), sep="\n\n")
    if options.write:
        report.write_report(found, walked)


if __name__ == "__main__":
    main()
