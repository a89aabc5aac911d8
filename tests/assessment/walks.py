"""Answers and walks that several tests share."""

import re

from assessment.privacy import consent
from assessment.protocol.back_pain import PROTOCOL
from assessment.protocol.engine import replay_answers

# An adult golfer with an ordinary strain: nothing to worry about.
STRAIN = {
    "now": ["none"],
    "age": ["18_49"],
    "where": ["lower_left"],
    "start": ["movement"],
    "saddle": ["none"],
    "legs": ["none"],
    "pain": ["none"],
    "also": ["none"],
    "history": ["none"],
    "life": ["none"],
    "medicines": ["none"],
    "duration": ["under_2_weeks"],
    "sport": ["golf"],
}


def find_token(response):
    """The check's token, as the page carries it."""
    return re.search(r'name="token" value="([0-9a-f]{64})"', response.content.decode())[1]


def begin_check(client, agree=consent.VERSION):
    """Start a check; return its token. agree: what the pressed button says, "no" for a check that is not saved."""
    response = client.post("/check/", {"consent": agree}, follow=True)
    return find_token(response)


def answer_question(client, question, *options, token):
    return client.post(f"/check/{question}/", {"answer": list(options), "token": token})


def walk_check(client, answers, finish=True, agree=consent.VERSION):
    """Answer question after question as the site asks them; return the last response and the token."""
    token = begin_check(client, agree)
    given = {}
    while True:
        path = replay_answers(PROTOCOL, given)
        if path.next is None:
            break
        code = path.next.code
        given[code] = answers[code]
        response = answer_question(client, code, *answers[code], token=token)
        assert response.status_code == 302, (code, response.status_code)
    if finish and not replay_answers(PROTOCOL, given).stopped:
        response = client.post("/check/answers/", {"token": token, "consent": agree})
    return response, token
