"""python -m bench [--quick] [--write]: what the site costs, as ratios within one run. See docs/benchmarks.md.

Starts everything itself on 127.0.0.1 with data in a folder of its own, takes turns between what is compared, and takes
the median of the rounds. --write puts the table and the chart into docs/.
"""

import argparse
import statistics
import sys
import tempfile
from pathlib import Path

from bench import clients, report
from bench.servers import environment, prepare, served

PAGE = "/causes/muscle-strain/"
BROWSER = {"Accept-Encoding": "gzip, deflate, br"}


def answers():
    """The mildest answer to each question: the longest of the usual walks."""
    import django

    django.setup()
    from assessment import consent
    from assessment.protocol.back_pain import PROTOCOL

    return {question.code: question.mildest for question in PROTOCOL.questions}, consent.VERSION


def in_a_check(site, given, consent):
    """A patient in the middle of a check: (address of the question, headers, body of the answer)."""
    browser = clients.Browser(site.port)
    _, _, page = browser.ask("GET", "/check/")
    csrf = clients.fields(page, "csrfmiddlewaretoken")
    _, where, _ = browser.ask("POST", "/check/", {**csrf, "consent": consent})
    for _ in range(8):
        _, _, page = browser.ask("GET", where)
        form = clients.fields(page, "csrfmiddlewaretoken", "token")
        here, body = where, {**form, "answer": given[where.split("/")[2]]}
        _, where, _ = browser.ask("POST", where, body)
    cookies = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    return site.address + here, {"Cookie": cookies, **BROWSER}, body


def variants(small, site, wizard, given, consent):
    """{name: a function of seconds that returns (a second, ms, how many), and the server that works for it}."""
    question, headers, body = in_a_check(site, given, consent)
    typed = {**headers, "Content-Type": "application/x-www-form-urlencoded"}
    etag = clients.Browser(site.port)
    etag.connection.request("GET", PAGE, headers=BROWSER)
    response = etag.connection.getresponse()
    response.read()
    known = {**BROWSER, "If-None-Match": response.headers["ETag"]}
    found = {
        "bare": (small["bare"], lambda s: clients.wrk(small["bare"].address + "/", s)),
        "one_line": (small["one_line"], lambda s: clients.wrk(small["one_line"].address + "/", s)),
        "hit": (site, lambda s: clients.wrk(site.address + PAGE, s, headers=BROWSER)),
        "known": (site, lambda s: clients.wrk(site.address + PAGE, s, headers=known)),
        # A query string is never kept, so Django makes the page.
        "miss": (site, lambda s: clients.wrk(f"{site.address}{PAGE}?again", s, headers=BROWSER)),
        "question_get": (site, lambda s: clients.wrk(question, s, headers=headers)),
        "question_post": (site, lambda s: clients.wrk(question, s, "POST", typed, clients.urlencode(body))),
        "check": (site, lambda s: clients.patients(clients.check, site.port, 2 * s, given, consent)),
        "wizard": (wizard, lambda s: clients.patients(clients.wizard, wizard.port, 2 * s, given, consent)),
    }
    try:
        clients.Browser(site.port).ask("GET", "/search/?q=back+pain")
        found["search"] = (site, lambda s: clients.wrk(f"{site.address}/search/?q=back+pain", s, headers=BROWSER))
    except RuntimeError:
        print("There is no search to measure.", file=sys.stderr)
    return found


def measure(rounds, seconds, folder):
    """{name: [{"rate", "ms", "cpu": ms of the server's processor for one}, ...]}, and what each server is."""
    env = environment(folder)
    prepare(env)
    given, consent = answers()
    bare, one_line, site, wizard = (
        served("bench.small:bare", env),
        served("bench.small:one_line_site()", env),
        served("site_project.wsgi", env),
        served("site_project.wsgi", {**env, "DJANGO_SETTINGS_MODULE": "bench.wizard.settings"}),
    )
    with bare as bare, one_line as one_line, site as site, wizard as wizard:
        small = {"bare": bare, "one_line": one_line}
        work = variants(small, site, wizard, given, consent)
        taken = {name: [] for name in work}
        for number in range(rounds + 1):
            for name, (server, run) in work.items():
                before = server.cpu()
                rate, ms, count = run(seconds if number else 0.5 if name in ("check", "wizard") else 1)
                cpu = 1000 * (server.cpu() - before) / max(count, 1)
                if number:  # the first warms up
                    taken[name].append({"rate": rate, "ms": ms, "cpu": cpu})
                    print(f"{number}/{rounds} {name:14} {rate:9.1f}/s  cpu {cpu:8.3f} ms", file=sys.stderr, flush=True)
        machine = {"memory": site.memory(), "memory_small": one_line.memory(), "cold": [site.cold]}
    for _ in range(2 if rounds > 1 else 0):
        with served("site_project.wsgi", env) as again:
            machine["cold"].append(again.cold)
    machine["cold"] = statistics.median(machine["cold"])
    return taken, machine


def main():
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="two short rounds, to see that it works")
    parser.add_argument("--write", action="store_true", help="write docs/benchmarks.md and its chart")
    options = parser.parse_args()
    if not clients.has_wrk():
        sys.exit("This needs wrk (Debian: apt install wrk).")
    rounds, seconds = (2, 1) if options.quick else (7, 2)
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        taken, machine = measure(rounds, seconds, Path(folder))
    found = report.summary(taken, machine)
    print(report.table(found))
    if options.write:
        report.write(found)


if __name__ == "__main__":
    main()
