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
from django.test import Client, RequestFactory, override_settings
from django.urls import get_resolver

from assessment.patient import pause_codes, views
from assessment.patient.session import KEY
from assessment.privacy import consent
from assessment.protocol import terms
from assessment.protocol.back_pain import PROTOCOL
from assessment.protocol.model import Level
from assessment.retention.views import DONE, WRONG
from content.models import Article, ClinicDetails, TeamMember
from content.starter import loader
from content.web import feedback
from core.throttle import take_token
from site_project.outage import render_unavailable

from ..assessment.walks import STRAIN, answer_question, begin_check, find_token, walk_check

TOPICS = list(tomllib.loads((loader.FOLDER / "topics.toml").read_text(encoding="utf-8")))
ARTICLES = sorted(file.stem for file in loader.FOLDER.glob("*.md"))
RESULTS = [*(level.code for level in Level if level != Level.EMERGENCY), *PROTOCOL.variants]
WITHDRAW = "/check/delete-what-i-sent/"
LOST = "/there/is/no/such/page/"


def find_answers_to_question(question):
    """Answers on whose path the question is asked."""
    for option in question.codes():
        for answers, _ in terms.find_walks(PROTOCOL, frozenset({(question.code, option)})):
            return answers
    raise LookupError(question.code)


def open_question(code, client):
    """The page of a question, with those before it answered; and the check's token."""
    answers, token = find_answers_to_question(PROTOCOL.question(code)), begin_check(client)
    session = client.session
    session[KEY]["answers"] = {question: list(given) for question, given in answers.items() if question != code}
    session.save()
    return client.get(f"/check/{code}/"), token


def send_no_answer(code, client):
    return answer_question(client, code, token=open_question(code, client)[1])


def send_contradiction(client):
    """ "None of these" ticked beside a sign."""
    token = begin_check(client)
    return answer_question(client, "now", "chest", "none", token=token)


def send_unknown_option(client):
    token = begin_check(client)
    return answer_question(client, "now", "no-such-option", token=token)


@cache
def find_endings():
    """For each level below an emergency, and for each variant of an emergency, the answers that lead there."""
    found = {}
    for rule in PROTOCOL.rules:
        for _, found_walk in terms.find_witnesses(PROTOCOL, rule):
            if found_walk:
                answers, outcome = found_walk
                found.setdefault(outcome.variant or outcome.level.code, answers)
        if found.keys() >= set(RESULTS):
            break
    return found


def open_result(answers, client):
    walk_check(client, answers)
    return client.get("/check/result/")


def open_start_finished(client):
    walk_check(client, STRAIN)
    return client.get("/check/")


def open_start_half_way(client):
    answer_question(client, "now", "none", token=begin_check(client))
    return client.get("/check/")


def open_answers(client):
    walk_check(client, STRAIN, finish=False)
    return client.get("/check/answers/")


def correct_emergency(client):
    answer_question(client, "now", "chest", token=begin_check(client))
    client.post("/check/correct/")
    token = find_token(client.get("/check/now/"))
    for code, options in STRAIN.items():
        answer_question(client, code, *options, token=token)
    return client.get("/check/answers/")


def send_corrected(client):
    token = find_token(correct_emergency(client))
    client.post("/check/answers/", {"token": token, "consent": consent.VERSION})
    return client.get("/check/result/")


def open_paused(client):
    token = begin_check(client)
    answer_question(client, "now", "none", token=token)
    client.post("/check/pause/", {"token": token})
    return client.get("/check/pause/")


def delete_while_paused(client):
    open_paused(client)
    return client.post("/check/delete/", follow=True)


def return_with_code(code, client):
    return client.post("/check/return/", {"code": code})


def come_back_beside_an_open_check(client):
    open_start_half_way(client)
    return client.get("/check/return/")


def use_up_limit(limit, who="127.0.0.1/32\n"):
    while take_token(limit, who):
        pass


def too_many_codes(client):
    use_up_limit(pause_codes.WRONG)
    return return_with_code("0000 0000 0000 0000", client)


def too_many_results(client):
    use_up_limit(views.build_submission_limit())
    return walk_check(client, STRAIN)[0]


def open_unsaved_result(client):
    walk_check(client, STRAIN, agree="no")
    return client.get("/check/result/")


def too_many_results_sent_late(client):
    _, token = walk_check(client, STRAIN, agree="no")
    use_up_limit(views.build_submission_limit())
    return client.post("/check/send/", {"token": token, "consent": consent.VERSION})


def send_old_words(address, client):
    """A button pressed under words of before: `address` is "", "answers/", "send/" or "call-back/"."""
    token = ""
    if address:
        _, token = walk_check(
            client, STRAIN, finish=address != "answers/", agree="no" if address == "send/" else consent.VERSION
        )
    return client.post(f"/check/{address}", {"token": token, "consent": "2020-01-01"})


def send_callback_form(details, client):
    _, token = walk_check(client, STRAIN)
    return client.post("/check/call-back/", {"token": token, "consent": consent.VERSION, **details})


def open_requested_callback(client):
    send_callback_form({"name": "Ana Example", "telephone": "555 0100 123"}, client)
    return client.get("/check/result/")


def too_many_keys(client):
    use_up_limit(WRONG)
    return client.post(WITHDRAW, {"key": "B" * 30})


def open_withdrawn(client):
    session = client.session
    session[DONE] = True
    session.save()
    return client.get(WITHDRAW)


def send_note(client, page="/causes/overuse/", headers=None, **given):
    return client.post("/feedback/", {"page": page, **given}, headers=headers)


def too_many_notes(client):
    use_up_limit(feedback.LIMIT)
    return send_note(client, clear="no", text="The part on rest")


def send_to_newer_check(client):
    begin_check(client)
    return client.post("/check/now/", {"answer": "none", "token": "0" * 64})


def send_without_cookie(client):
    return Client(enforce_csrf_checks=True).post("/check/")


def open_article(slug):
    """The page of an article."""
    return lambda client: client.get(Article.objects.get(slug=slug).get_absolute_url())


def show_broken(client):
    """What the visitor sees when the site breaks: rendered without the middleware, as Django does."""
    return get_resolver().resolve_error_handler(500)(RequestFactory().get("/"))


def show_outage(client, method="get", **sent):
    """What the visitor sees while the database is away: the page asks it nothing."""
    request = getattr(RequestFactory(), method)("/check/now/", sent)
    return render_unavailable(request, OperationalError("away"))


def show_refusal(status):
    """The page of Django's own refusals, which no view of ours writes."""
    request = RequestFactory().get("/")
    return get_resolver().resolve_error_handler(status)(request, exception=PermissionDenied())


def return_with_used_code(client):
    """The code of a check that was taken up already, typed on another device."""
    code = re.search(r"<br><span[^>]*>([\d ]+)</span></h1>", open_paused(client).content.decode())[1]
    return_with_code(code, Client())
    return return_with_code(code, Client())


def send_while_unwritable(client):
    """Everything is answered, and the result cannot be saved."""
    _, token = walk_check(client, STRAIN, finish=False)
    with patch.object(views.records, "submit_check", side_effect=OperationalError("full")):
        return client.post("/check/answers/", {"token": token, "consent": consent.VERSION})


def open_address(address):
    return lambda client: client.get(address)


def open_clinic(client):
    """The page of a clinic that has said all it can."""
    ClinicDetails.objects.update(
        hours="Monday to Friday: 8 am to 6 pm\nSaturday: 9 am to noon",
        booking="Call us, or book online.",
        booking_link="https://clinic.example/book",
    )
    TeamMember.objects.create(name="Sample Person", role="physical therapist", registration="PT 0000")
    place = {"phone": "(202) 555-0123", "address": "1 Main Street", "map": "https://maps.example/"}
    with override_settings(CLINIC={**settings.CLINIC, **place}):
        return client.get("/clinic/")


WAYS = {
    "home": open_address("/"),
    **{f"topic {slug}": open_address(f"/{slug}/") for slug in TOPICS},
    **{f"article {slug}": open_article(slug) for slug in ARTICLES},
    "clinic": open_clinic,
    "clinic, nothing said": open_address("/clinic/"),
    "sheet of exercises": open_address("/treatment/exercises-at-home/sheet/"),
    "a to z": open_address("/a-z/"),
    "search": open_address("/search/"),
    "search, found": open_address("/search/?q=sciatca"),
    "search, help now": open_address("/search/?q=chest+pain"),
    "search, despair": open_address("/search/?q=want+to+die"),
    "search, nothing": open_address("/search/?q=zebra"),
    "start": open_address("/check/"),
    "start, half way": open_start_half_way,
    "start, finished": open_start_finished,
    **{
        f"question {question.code}": lambda client, code=question.code: open_question(code, client)[0]
        for question in PROTOCOL.questions
    },
    **{
        f"question {question.code}, unanswered": lambda client, code=question.code: send_no_answer(code, client)
        for question in PROTOCOL.questions
    },
    "question now, contradiction": send_contradiction,
    "question now, unknown": send_unknown_option,
    "answers": open_answers,
    "answers, an emergency taken back": correct_emergency,
    "delete": lambda client: open_start_half_way(client) and client.get("/check/delete/"),
    **{f"result {name}": lambda client, name=name: open_result(find_endings()[name], client) for name in RESULTS},
    "result, to print": lambda client: open_unsaved_result(client) and client.get("/check/result/print/"),
    "result, not saved": open_unsaved_result,
    "result, an emergency taken back": send_corrected,
    "result, wait to send": too_many_results_sent_late,
    "result, call back asked for": open_requested_callback,
    "result, call back without anything": lambda client: send_callback_form({}, client),
    "result, call back with what cannot be": lambda client: send_callback_form(
        {"name": "Ana Example", "telephone": "soon", "email": "ana"}, client
    ),
    "answers, wait to send": too_many_results,
    **{
        f"{address or 'start'}, words changed": lambda client, address=address: send_old_words(address, client)
        for address in ("", "answers/", "send/", "call-back/")
    },
    "pause": open_paused,
    "pause, written down": delete_while_paused,
    "return": open_address("/check/return/"),
    "return, beside an open check": come_back_beside_an_open_check,
    "return, nothing typed": lambda client: return_with_code("", client),
    "return, unknown code": lambda client: return_with_code("0000 0000 0000 0000", client),
    "return, too many codes": too_many_codes,
    "delete what was sent": open_address(WITHDRAW),
    "delete what was sent, wrong key": lambda client: client.post(WITHDRAW, {"key": "B" * 30}),
    "delete what was sent, too many keys": too_many_keys,
    "delete what was sent, done": open_withdrawn,
    "note, nothing chosen": lambda client: send_note(client, text="The part on rest"),
    "note, too long": lambda client: send_note(client, clear="no", text="x" * 501),
    "note, from another site": lambda client: send_note(client, clear="no", headers={"sec-fetch-site": "cross-site"}),
    "note, page gone": lambda client: send_note(client, page="/causes/nope/", clear="no", text="The part on rest"),
    "note, too many notes": too_many_notes,
    "deleted": lambda client: client.post("/check/delete/", follow=True),
    "ended, old": lambda client: client.post("/check/now/", {"answer": "none"}),
    "ended, newer": send_to_newer_check,
    "ended, no cookie": send_without_cookie,
    "return, used code": return_with_used_code,
    "result, not kept": send_while_unwritable,
    "not found": open_address(LOST),
    "unreadable": lambda client: show_refusal(400),
    "not open to you": lambda client: show_refusal(403),
    "broken": show_broken,
    "bare": lambda client: HttpResponse(render_to_string("bare.html", {"clinic": settings.CLINIC}), status=500),
    "outage": show_outage,
    "outage, sent answer": lambda client: show_outage(client, "post", answer="none", token="0" * 64),
    "style guide": open_address("/styleguide/"),
}
