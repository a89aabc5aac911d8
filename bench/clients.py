"""What asks: wrk for one request over and over, and patients who walk through a whole check."""

import http.client
import itertools
import re
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

CONNECTIONS = 8
# Patients come from many networks, and one alone has half of the threads (site_project/turns.py).
ADDRESSES = [f"10.{number}.0.1" for number in range(32)]
next_address = itertools.cycle(ADDRESSES).__next__
# What a form sends; the answer to each question; and a patient's way: (port, answers, consent), to how many requests.
Form = Mapping[str, str | Iterable[str]]
Answers = Mapping[str, str]
Walk = Callable[[int, Answers, str], int]


# What wrk is told, so that each request comes from the next address.
EVERYBODY = f"""
local requests, turn = {{}}, 0
init = function()
  for address in ("{" ".join(ADDRESSES)}"):gmatch("%S+") do
    wrk.headers["X-Forwarded-For"] = address
    requests[#requests + 1] = wrk.format()
  end
end
request = function()
  turn = turn % #requests + 1
  return requests[turn]
end"""


def find_text(pattern: str, text: str) -> str:
    """What stands in the first bracket of the pattern. Raises RuntimeError where the text does not have it."""
    found = re.search(pattern, text)
    if found is None:
        raise RuntimeError(f"There is no {pattern} in what came back.")
    return found[1]


def run_wrk(
    address: str, seconds: float, method: str = "GET", headers: Mapping[str, str] | None = None, body: str = ""
) -> tuple[float, float, int]:
    """Ask this address over and over with CONNECTIONS connections. Returns (requests a second, p99 in ms, requests)."""
    script = [f'wrk.method = "{method}"', f"wrk.body = [[{body}]]"]
    script += [f"wrk.headers[ [[{name}]] ] = [[{value}]]" for name, value in (headers or {}).items()]
    script.append(EVERYBODY)
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as file:
        file.write("\n".join(script))
        file.flush()
        command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout", "20s", "--latency", "-s", file.name]
        text = subprocess.run([*command, address], check=True, capture_output=True, text=True).stdout
    refused = re.search(r"Non-2xx or 3xx responses: (\d+)|Socket errors: .*", text)
    if refused:
        raise RuntimeError(f"{address}: {refused[0]}")
    whole = int(find_text(r"(\d+) requests in", text))
    number, unit = find_text(r"99%\s+([\d.]+)(?:us|ms|s)", text), find_text(r"99%\s+[\d.]+(us|ms|s)", text)
    p99 = float(number) * {"us": 0.001, "ms": 1, "s": 1000}[unit]
    return float(find_text(r"Requests/sec:\s+([\d.]+)", text)), p99, whole


class Browser:
    """Cookies, one connection, forms as a page has them, and a network of its own."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.address = next_address()
        self.cookies: dict[str, str] = {}
        self.requests = 0

    def ask(self, method: str, path: str, form: Form | None = None) -> tuple[int, str | None, str]:
        """Returns (status, where to, page)."""
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        headers |= {"Accept-Encoding": "gzip", "X-Forwarded-For": self.address}
        body = None
        if form is not None:
            body = urlencode(form, doseq=True)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.connection.request(method, path, body, headers)
        response = self.connection.getresponse()
        page = response.read()
        self.requests += 1
        for value in response.headers.get_all("Set-Cookie") or ():
            self.cookies.update({name: morsel.value for name, morsel in SimpleCookie(value).items()})
        if response.headers.get("Content-Encoding") == "gzip":
            page = unzip_page(page)
        if response.status >= 400:
            raise RuntimeError(f"{method} {path}: {response.status}")
        return response.status, response.headers.get("Location"), page.decode()

    def send(self, path: str, form: Form) -> str:
        """Send a form that leads to another page; returns that page's address."""
        _, where, _ = self.ask("POST", path, form)
        if where is None:
            raise RuntimeError(f"POST {path}: the form came back.")
        return where


def unzip_page(data: bytes) -> bytes:
    import gzip

    return gzip.decompress(data)


def find_hidden_fields(page: str) -> dict[str, str]:
    """The hidden fields of the page's last form, which is the question's on every page that has several."""
    return dict(re.findall(r'<input type="hidden" name="([\w-]+)" value="([^"]*)"', page))


def pick_fields(page: str, *names: str) -> dict[str, str]:
    found = find_hidden_fields(page)
    # Django's own widgets write the type later or earlier, and add an id.
    for tag in re.findall(r'<input[^>]*type="hidden"[^>]*>', page):
        found[find_text(r'name="([^"]*)"', tag)] = find_text(r'value="([^"]*)"', tag)
    return {name: found[name] for name in names}


def answer_questions(browser: Browser, answers: Answers, consent: str) -> dict[str, str]:
    """One patient's check on our site up to its last page, each page read; returns that page's form."""
    _, _, page = browser.ask("GET", "/check/")
    csrf = pick_fields(page, "csrfmiddlewaretoken")
    where = browser.send("/check/", {**csrf, "consent": consent})
    while where.startswith("/check/") and where not in ("/check/answers/", "/check/result/"):
        _, _, page = browser.ask("GET", where)
        code = where.split("/")[2]
        form = pick_fields(page, "csrfmiddlewaretoken", "token")
        where = browser.send(where, {**form, "answer": answers[code]})
    _, _, page = browser.ask("GET", "/check/answers/")
    return {**pick_fields(page, "csrfmiddlewaretoken", "token"), "consent": consent}


def walk_whole_check(port: int, answers: Answers, consent: str) -> int:
    """One patient's whole check on our site; returns the requests it took."""
    browser = Browser(port)
    where = browser.send("/check/answers/", answer_questions(browser, answers, consent))
    _, _, page = browser.ask("GET", where)
    if "Your code" not in page:
        raise RuntimeError("No result was shown.")
    browser.connection.close()
    return browser.requests


def walk_wizard(port: int, answers: Answers, consent: str) -> int:
    """The same patient in the wizard: one request a question, since its answer to one is the page of the next."""
    browser = Browser(port)
    _, where, page = browser.ask("GET", "/wizard/")
    while where is None:
        form = pick_fields(page, "csrfmiddlewaretoken", "wizard-current_step")
        code = form["wizard-current_step"]
        _, where, page = browser.ask("POST", "/wizard/", {**form, f"{code}-answer": answers[code]})
    _, _, page = browser.ask("GET", where)
    if page != "saved":
        raise RuntimeError("The wizard did not save.")
    browser.connection.close()
    return browser.requests


def walk_named_wizard(port: int, answers: Answers, consent: str) -> int:
    """The same patient in the wizard with an address a question: two requests a question, as on our site."""
    browser = Browser(port)
    where = "/named/"
    while where != "/wizard/done/":
        _, onward, page = browser.ask("GET", where)
        if onward is None:
            code = where.split("/")[2]
            form = pick_fields(page, "csrfmiddlewaretoken", "named_wizard-current_step")
            onward = browser.send(where, {**form, f"{code}-answer": answers[code]})
        where = onward
    _, _, page = browser.ask("GET", where)
    if page != "saved":
        raise RuntimeError("The wizard did not save.")
    browser.connection.close()
    return browser.requests


def press_at_once(port: int, answers: Answers, consent: str, number: int = 32) -> list[float]:
    """So many patients press the last button in one moment: seconds until each had the answer. Raises if one failed."""
    browsers = [Browser(port) for _ in range(number)]
    forms = [answer_questions(browser, answers, consent) for browser in browsers]
    for browser in browsers:
        browser.connection.close()  # while the others walked, the server did
    together = threading.Barrier(number)

    def press(browser: Browser, form: Form) -> float:
        together.wait()
        began = time.perf_counter()
        _, where, _ = browser.ask("POST", "/check/answers/", form)
        took = time.perf_counter() - began
        if where != "/check/result/":
            raise RuntimeError(f"No result: sent to {where}.")
        return took

    with ThreadPoolExecutor(number) as people:
        return list(people.map(press, browsers, forms))


def run_patients(
    walk: Walk, port: int, seconds: float, answers: Answers, consent: str, number: int = 4
) -> tuple[float, float, int]:
    """So many patients at once, one check after the other. Returns (checks a second, seconds for one, checks)."""
    end = time.perf_counter() + seconds
    took: list[float] = []
    failed: list[Exception] = []

    def go_on() -> None:
        try:
            while time.perf_counter() < end:
                began = time.perf_counter()
                walk(port, answers, consent)
                took.append(time.perf_counter() - began)
        except Exception as error:
            failed.append(error)

    began = time.perf_counter()
    threads = [threading.Thread(target=go_on) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]
    whole = time.perf_counter() - began
    return len(took) / whole, sorted(took)[len(took) // 2], len(took)


def has_wrk() -> bool:
    return any(Path(folder, "wrk").exists() for folder in ("/usr/bin", "/usr/local/bin"))
