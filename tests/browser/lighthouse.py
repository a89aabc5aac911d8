"""Lighthouse on the pages patients meet, as on a phone (`make lighthouse`).

Each page up to five times until it has 100 everywhere, else the best counts: the machine may be busy, and nothing makes
a page look faster than it is.

The check and the search ask search engines to stay away (noindex), for which Lighthouse takes off a third of its "seo";
that one audit is left out on their pages. The weight on the wire is held to the budgets of test_weight.py.
"""

import json
import os
import re
import secrets
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import sync_playwright

from ..assessment.walks import STRAIN
from ..serving import serve_site
from .conftest import CHROMIUM, FLAGS
from .test_weight import PAGE, PICTURES, WHOLE

PUBLIC = {
    "home": "/",
    "topic": "/symptoms/",
    "article": "/causes/overuse/",
    "sport": "/sports/golf/",
    "search": "/search/?q=leg+pain",
    "start": "/check/",
}
# Of what Chromium loads before anybody scrolls; all other pages: PAGE.
BUDGETS = {"home": WHOLE, "article": PICTURES, "sport": PICTURES, "result": PICTURES}
ROUNDS = int(os.environ.get("ROUNDS", "5"))
WIDTHS = (11, 14, 15, 5)


def measure_page(program, address, cookies=None):
    """Lighthouse's report on a page, as data; None if it came to nothing. cookies: of a page of the check."""
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        command = [
            *(program, address, "--quiet", "--no-enable-error-reporting", "--output=json"),
            *(f"--output-path={file.name}", f"--chrome-flags=--headless=new {' '.join(FLAGS)}"),
        ]
        if cookies is not None:
            command += ["--extra-headers", json.dumps({"Cookie": cookies})]
        if urlsplit(address).path.startswith(("/check/", "/search/")):
            command += ["--skip-audits=is-crawlable"]
        done = subprocess.run(command, check=False, env={**os.environ, "CHROME_PATH": CHROMIUM})
        return None if done.returncode else json.loads(Path(file.name).read_text(encoding="utf-8"))


def list_scores(report):
    return [round((category["score"] or 0) * 100) for category in report["categories"].values()]


def report_page(program, name, address, cookies=None):
    """Measure a page and print its row; whether every score is 100."""
    reports = []
    for _ in range(ROUNDS):
        report = measure_page(program, address, cookies)
        if report:
            reports.append(report)
            if min(list_scores(report)) == 100:
                break
    if not reports:
        print(f"{name:12} could not be measured")  # noqa: T201
        return False
    best = max(reports, key=list_scores)
    size = best["audits"]["total-byte-weight"]["numericValue"]
    light = size <= BUDGETS.get(name, PAGE)
    row = " ".join(f"{score:>{width}}" for score, width in zip(list_scores(best), WIDTHS, strict=True))
    print(f"{name:12}{row} {size:10.0f}{'' if light else '  over the budget'}", flush=True)  # noqa: T201
    for category in best["categories"].values():
        for part in category["auditRefs"]:
            audit = best["audits"][part["id"]]
            if part["weight"] and (audit["score"] or 0) < 1 and audit["scoreDisplayMode"] != "notApplicable":
                print(f"             {part['id']}: {audit['score']} {audit.get('displayValue', '')}")  # noqa: T201
    return light and min(list_scores(best)) == 100


def visit_private_pages(site):
    """(name, address, cookies) of a question with a picture, one without, and the result of a check."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(base_url=site)

        def cookies():
            return "; ".join(f"{cookie['name']}={cookie['value']}" for cookie in page.context.cookies())

        page.goto("/check/")
        yield "start", page.url, cookies()
        page.get_by_role("button", name="Start the check").click()
        page.wait_for_url("**/check/*/")
        while (code := re.search(r"/check/([a-z_]+)/$", page.url)[1]) in STRAIN:
            if code in ("where", "saddle"):
                yield f"q. {code}", page.url, cookies()
            for option in STRAIN[code]:
                page.locator(f'input[name="answer"][value="{option}"]').check()
            with page.expect_navigation():
                page.get_by_role("button", name="Continue").click()
        yield "answers", page.url, cookies()
        with page.expect_navigation():
            page.get_by_role("button", name="Send to the clinic").click()
        yield "result", page.url, cookies()
        browser.close()


def main(program):
    titles = ("performance", "accessibility", "best practices", "seo")
    print(f"{'page':12}{' '.join(f'{title:>{width}}' for title, width in zip(titles, WIDTHS, strict=True))}      bytes")  # noqa: T201
    with (
        tempfile.TemporaryDirectory() as folder,
        serve_site(folder, LOCAL="true", SECRET_KEY=secrets.token_urlsafe(64)) as site,
    ):
        good = [report_page(program, name, site + path) for name, path in PUBLIC.items()]
        good += [report_page(program, *page) for page in visit_private_pages(site)]
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
