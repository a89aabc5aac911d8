"""The score of MDN's HTTP Observatory, worked out from what the site answers on public, staff and error pages.

The rules and their points are those of the Observatory's public source (mdn/mdn-http-observatory), for what a site can
earn or lose; 100 and more is an A+. Only what we can be given points for is worked out, and all else must cost none.
"""

import re

import pytest

from ..site_project.test_settings import start

# One page of each kind, over https, as a browser meets them: printed as lines of JSON by a process of its own.
ANSWERS = """
import json, django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from django.test import Client
client = Client(HTTP_HOST="clinic.example", raise_request_exception=False)
for address in ("/", "/privacy/", "/check/", "/admin/login/", "/nothing/", "/livez"):
    answer = client.get(address, secure=True)
    cookies = [morsel.OutputString() for morsel in answer.cookies.values()]
    page = answer.content.decode()
    print(json.dumps({"address": address, "headers": dict(answer.headers), "cookies": cookies, "page": page}))
plain = client.get("/", secure=False)
print(json.dumps({"redirect": plain.headers["Location"], "status": plain.status_code}))
"""


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    import json

    folder = tmp_path_factory.mktemp("score")
    (folder / "static").mkdir()
    code = ANSWERS.replace(
        "django.setup()",
        "from django.conf import settings; settings.STORAGES['staticfiles']['BACKEND'] = "
        "'django.contrib.staticfiles.storage.StaticFilesStorage'; django.setup()",
        1,
    )
    done = start(code, DATA_DIR=str(folder))
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def directives(answer):
    parts = (part.split() for part in answer["headers"]["Content-Security-Policy"].split(";"))
    return {name: values for name, *values in parts}


def score(answer):
    """(points, what each was for)."""
    headers, policy = answer["headers"], directives(answer)
    given = {}
    strict = policy["default-src"] == ["'none'"] and not re.search(r"unsafe|https?:|data:|\*", str(policy))
    given["policy with default-src none and nothing unsafe"] = 10 if strict else -25
    safe = all(
        cookie.startswith("__Host-") and "Secure" in cookie and "HttpOnly" in cookie and "SameSite" in cookie
        for cookie in answer["cookies"]
    )
    given["cookies, if any: Secure, HttpOnly, SameSite"] = (5 if answer["cookies"] else 0) if safe else -40
    private = ("no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin")
    given["private referrer"] = 5 if headers.get("Referrer-Policy") in private else -5
    age = re.match(r"max-age=(\d+); includeSubDomains; preload$", headers.get("Strict-Transport-Security", ""))
    given["HSTS, ready for the preload list"] = 5 if age and int(age[1]) >= 31536000 else -20
    given["no framing, by policy"] = 5 if policy.get("frame-ancestors") == ["'none'"] else -20
    given["no sniffing"] = 0 if headers.get("X-Content-Type-Options") == "nosniff" else -5
    given["same-origin resources"] = 10 if headers.get("Cross-Origin-Resource-Policy") == "same-origin" else 0
    given["embedder policy"] = 10 if headers.get("Cross-Origin-Embedder-Policy") == "require-corp" else 0
    given["opener policy"] = 10 if headers.get("Cross-Origin-Opener-Policy") == "same-origin" else 0
    given["no open CORS"] = 0 if "Access-Control-Allow-Origin" not in headers else -50
    given["scripts of this site only"] = 0 if not re.search(r'<script[^>]+src="(?:https?:)?//', answer["page"]) else -50
    return 100 + sum(given.values()), given


@pytest.mark.parametrize("number", range(6))
def test_every_kind_of_page_has_the_highest_score(answers, number):
    points, given = score(answers[number])
    assert points == 155 + (5 if answers[number]["cookies"] else 0), given


def test_plain_http_leads_to_https_on_the_same_host(answers):
    assert answers[-1] == {"redirect": "https://clinic.example/", "status": 301}


def test_public_pages_set_no_cookie_and_the_check_does(answers):
    with_cookie = {answer["address"] for answer in answers[:-1] if answer["cookies"]}
    assert with_cookie == {"/check/", "/admin/login/"}


def test_no_page_names_the_software_or_its_version(answers):
    for answer in answers[:-1]:
        assert not {"Server", "X-Powered-By"} & set(answer["headers"])
        assert "gunicorn" not in answer["page"].lower()
        assert not re.search(r"django[ /]\d", answer["page"].lower())
