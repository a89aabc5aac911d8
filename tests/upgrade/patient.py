"""A patient who walks through the check by what its pages offer, whichever version of the code makes them."""

import re
from html.parser import HTMLParser

# A well adult with an ordinary strain. What a page offers of these is chosen, else the calmest thing it has.
WELL = {
    "who": ["me"],
    "age": ["18_49"],
    "where": ["lower_left"],
    "start": ["movement"],
    "duration": ["under_2_weeks"],
    "sport": ["golf"],
}
CALM = ("none", "no", "same", "better", "never")
QUESTION = re.compile(r"/check/([a-z0-9_]+)/")


class Controls(HTMLParser):
    """The attributes of what can be sent with the forms of a page."""

    def __init__(self, page):
        super().__init__()
        self.found = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        if tag in ("input", "button"):
            self.found.append(dict(attrs))


def offered(response, name):
    """The values that the page has under this name, each once, in their order."""
    controls = Controls(response.content.decode()).found
    return list(dict.fromkeys(control.get("value", "") for control in controls if control.get("name") == name))


def question(response):
    """The code of the question that the page asks, or ""."""
    found = QUESTION.fullmatch(response.request["PATH_INFO"])
    return found[1] if found and offered(response, "answer") else ""


def yes(response):
    """The value of the button that agrees to what the page asks consent for."""
    return next(value for value in offered(response, "consent") if value != "no")


def begin(client, agree=True):
    """Start a check; return the page of its first question. agree: an emergency may be saved at once."""
    start = client.get("/check/")
    return client.post("/check/", {"consent": yes(start) if agree else "no"}, follow=True)


def answer(client, response, *options):
    """Answer the question of this page; return the page that follows."""
    sent = {"token": offered(response, "token")[0], "answer": options}
    response = client.post(response.request["PATH_INFO"], sent, follow=True)
    assert response.status_code == 200, f"{options} was refused at {response.request['PATH_INFO']}"
    return response


def walk(client, response, answers=None, until=""):
    """Answer question after question; return the first page that asks none, or the page of the question `until`."""
    while (code := question(response)) and code != until:
        options = offered(response, "answer")
        wanted = {**WELL, **(answers or {})}.get(code, CALM[:0])
        chosen = [option for option in wanted if option in options] or [calmest(options)]
        response = answer(client, response, *chosen)
    return response


def calmest(options):
    return next((option for option in CALM if option in options), options[0])


def finish(client, response, agree=True):
    """Send what was answered to the clinic, or only look at the result; return the page of the result."""
    sent = {"token": offered(response, "token")[0], "consent": yes(response) if agree else "no"}
    return client.post("/check/answers/", sent, follow=True)
