"""Every page a patient can meet, and every state of it that shows an error: how a visitor gets there."""

import re
import tomllib
from functools import cache
from unittest.mock import patch

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.urls import get_resolver

from assessment.patient import pause_codes, views
from assessment.patient.session import KEY
from assessment.privacy import consent
from assessment.protocol import terms
from assessment.protocol.back_pain import PROTOCOL
from assessment.protocol.model import Level
from assessment.retention.views import DONE
from content.models import Article
from content.starter import loader
from content.web import feedback
from core.throttle import take
from site_project.outage import unavailable

from ..assessment.walks import STRAIN, answer, begin, token_in, walk

TOPICS = list(tomllib.loads((loader.FOLDER / "topics.toml").read_text(encoding="utf-8")))
ARTICLES = sorted(file.stem for file in loader.FOLDER.glob("*.md"))
RESULTS = [*(level.code for level in Level if level != Level.EMERGENCY), *PROTOCOL.variants]
WITHDRAW = "/check/delete-what-i-sent/"
LOST = "/there/is/no/such/page/"


def witness(question):
    """Answers on whose path the question is asked."""
    for option in question.codes():
        for answers, _ in terms.walks(PROTOCOL, frozenset({(question.code, option)})):
            return answers
    raise LookupError(question.code)


def asked(code, client):
    """The page of a question, with those before it answered; and the check's token."""
    answers, token = witness(PROTOCOL.question(code)), begin(client)
    session = client.session
    session[KEY]["answers"] = {question: list(given) for question, given in answers.items() if question != code}
    session.save()
    return client.get(f"/check/{code}/"), token


def unanswered(code, client):
    return answer(client, code, token=asked(code, client)[1])


def contradiction(client):
    """ "None of these" ticked beside a sign."""
    token = begin(client)
    return answer(client, "now", "chest", "none", token=token)


def unknown(client):
    token = begin(client)
    return answer(client, "now", "no-such-option", token=token)


@cache
def endings():
    """For each level below an emergency, and for each door of an emergency, the answers that lead there."""
    found = {}
    for rule in PROTOCOL.rules:
        for _, found_walk in terms.shown(PROTOCOL, rule):
            if found_walk:
                answers, outcome = found_walk
                found.setdefault(outcome.variant or outcome.level.code, answers)
        if found.keys() >= set(RESULTS):
            break
    return found


def result(answers, client):
    walk(client, answers)
    return client.get("/check/result/")


def finished(client):
    walk(client, STRAIN)
    return client.get("/check/")


def half_way(client):
    answer(client, "now", "none", token=begin(client))
    return client.get("/check/")


def check_answers(client):
    walk(client, STRAIN, finish=False)
    return client.get("/check/answers/")


def corrected(client):
    answer(client, "now", "chest", token=begin(client))
    client.post("/check/correct/")
    token = token_in(client.get("/check/now/"))
    for code, options in STRAIN.items():
        answer(client, code, *options, token=token)
    return client.get("/check/answers/")


def corrected_result(client):
    token = token_in(corrected(client))
    client.post("/check/answers/", {"token": token, "consent": consent.VERSION})
    return client.get("/check/result/")


def paused(client):
    token = begin(client)
    answer(client, "now", "none", token=token)
    client.post("/check/pause/", {"token": token})
    return client.get("/check/pause/")


def written_down(client):
    paused(client)
    return client.post("/check/delete/", follow=True)


def come_back(code, client):
    return client.post("/check/return/", {"code": code})


def come_back_beside_an_open_check(client):
    half_way(client)
    return client.get("/check/return/")


def use_up(limit, who="127.0.0.1"):
    while take(limit, who):
        pass


def too_many_codes(client):
    use_up(pause_codes.CLIENT)
    return come_back("0000 0000 0000", client)


def too_many_results(client):
    use_up(views.submissions())
    return walk(client, STRAIN)[0]


def unsaved(client):
    walk(client, STRAIN, agree="no")
    return client.get("/check/result/")


def too_many_results_sent_late(client):
    _, token = walk(client, STRAIN, agree="no")
    use_up(views.submissions())
    return client.post("/check/send/", {"token": token, "consent": consent.VERSION})


def words_changed(address, client):
    """A button pressed under words of before: `address` is "", "answers/", "send/" or "call-back/"."""
    token = ""
    if address:
        _, token = walk(
            client, STRAIN, finish=address != "answers/", agree="no" if address == "send/" else consent.VERSION
        )
    return client.post(f"/check/{address}", {"token": token, "consent": "2020-01-01"})


def call_back(details, client):
    _, token = walk(client, STRAIN)
    return client.post("/check/call-back/", {"token": token, "consent": consent.VERSION, **details})


def called_back(client):
    call_back({"name": "Ana Example", "telephone": "555 0100 123"}, client)
    return client.get("/check/result/")


def too_many_keys(client):
    use_up(views.TRIES)
    return client.post(WITHDRAW, {"key": "B" * 30})


def withdrawn(client):
    session = client.session
    session[DONE] = True
    session.save()
    return client.get(WITHDRAW)


def note(client, page="/causes/overuse/", headers=None, **given):
    return client.post("/feedback/", {"page": page, **given}, headers=headers)


def too_many_notes(client):
    use_up(feedback.LIMIT)
    return note(client, clear="no", text="The part on rest")


def newer(client):
    begin(client)
    return client.post("/check/now/", {"answer": "none", "token": "0" * 64})


def no_cookie(client):
    return Client(enforce_csrf_checks=True).post("/check/")


def article(slug):
    """The page of an article of the library."""
    return lambda client: client.get(Article.objects.get(slug=slug).get_absolute_url())


def broken(client):
    """What the visitor sees when the site breaks: rendered without the middleware, as Django does."""
    return get_resolver().resolve_error_handler(500)(RequestFactory().get("/"))


def outage(client, method="get", **sent):
    """What the visitor sees while the database is away: the page asks it nothing."""
    request = getattr(RequestFactory(), method)("/check/now/", sent)
    return unavailable(request, OperationalError("away"))


def unreadable(status):
    """The page of Django's own refusals, which no view of ours writes."""
    request = RequestFactory().get("/")
    return get_resolver().resolve_error_handler(status)(request, exception=PermissionDenied())


def used_code(client):
    """The code of a check that was taken up already, typed on another device."""
    code = re.search(r"<br>([\d ]+)</h1>", paused(client).content.decode())[1]
    come_back(code, Client())
    return come_back(code, Client())


def unkept(client):
    """Everything is answered, and the result cannot be saved."""
    _, token = walk(client, STRAIN, finish=False)
    with patch.object(views.records, "save", side_effect=OperationalError("full")):
        return client.post("/check/answers/", {"token": token, "consent": consent.VERSION})


def at(address):
    return lambda client: client.get(address)


WAYS = {
    "home": at("/"),
    **{f"topic {slug}": at(f"/{slug}/") for slug in TOPICS},
    **{f"article {slug}": article(slug) for slug in ARTICLES},
    "a to z": at("/a-z/"),
    "search": at("/search/"),
    "search, found": at("/search/?q=sciatca"),
    "search, help now": at("/search/?q=chest+pain"),
    "search, despair": at("/search/?q=want+to+die"),
    "search, nothing": at("/search/?q=zebra"),
    "start": at("/check/"),
    "start, half way": half_way,
    "start, finished": finished,
    **{
        f"question {question.code}": lambda client, code=question.code: asked(code, client)[0]
        for question in PROTOCOL.questions
    },
    **{
        f"question {question.code}, unanswered": lambda client, code=question.code: unanswered(code, client)
        for question in PROTOCOL.questions
    },
    "question now, contradiction": contradiction,
    "question now, unknown": unknown,
    "answers": check_answers,
    "answers, an emergency taken back": corrected,
    "delete": lambda client: half_way(client) and client.get("/check/delete/"),
    **{f"result {name}": lambda client, name=name: result(endings()[name], client) for name in RESULTS},
    "result, not saved": unsaved,
    "result, an emergency taken back": corrected_result,
    "result, wait to send": too_many_results_sent_late,
    "result, call back asked for": called_back,
    "result, call back without anything": lambda client: call_back({}, client),
    "result, call back with what cannot be": lambda client: call_back(
        {"name": "Ana Example", "telephone": "soon", "email": "ana"}, client
    ),
    "answers, wait to send": too_many_results,
    **{
        f"{address or 'start'}, words changed": lambda client, address=address: words_changed(address, client)
        for address in ("", "answers/", "send/", "call-back/")
    },
    "pause": paused,
    "pause, written down": written_down,
    "return": at("/check/return/"),
    "return, beside an open check": come_back_beside_an_open_check,
    "return, nothing typed": lambda client: come_back("", client),
    "return, unknown code": lambda client: come_back("0000 0000 0000", client),
    "return, too many codes": too_many_codes,
    "delete what was sent": at(WITHDRAW),
    "delete what was sent, wrong key": lambda client: client.post(WITHDRAW, {"key": "B" * 30}),
    "delete what was sent, too many keys": too_many_keys,
    "delete what was sent, done": withdrawn,
    "note, nothing chosen": lambda client: note(client, text="The part on rest"),
    "note, too long": lambda client: note(client, clear="no", text="x" * 501),
    "note, from another site": lambda client: note(client, clear="no", headers={"sec-fetch-site": "cross-site"}),
    "note, page gone": lambda client: note(client, page="/causes/nope/", clear="no", text="The part on rest"),
    "note, too many notes": too_many_notes,
    "deleted": lambda client: client.post("/check/delete/", follow=True),
    "ended, old": lambda client: client.post("/check/now/", {"answer": "none"}),
    "ended, newer": newer,
    "ended, no cookie": no_cookie,
    "return, used code": used_code,
    "result, not kept": unkept,
    "not found": at(LOST),
    "unreadable": lambda client: unreadable(400),
    "not open to you": lambda client: unreadable(403),
    "broken": broken,
    "bare": lambda client: HttpResponse(render_to_string("bare.html", {"clinic": settings.CLINIC}), status=500),
    "outage": outage,
    "outage, sent answer": lambda client: outage(client, "post", answer="none", token="0" * 64),
    "style guide": at("/styleguide/"),
}
