"""python -m bench.queries: how many SQL queries pages need, as JSON {"article", "question", "answer"}: the most of any.

In this process, on its database with the starter articles in it. Transactions that are opened and closed count as
queries too.
"""

import json
import logging
from typing import TYPE_CHECKING, Any

from bench.clients import find_text

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as TestResponse


def count_queries() -> dict[str, int]:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext, override_settings

    from assessment.privacy import consent
    from assessment.protocol.back_pain import PROTOCOL
    from bench.__main__ import PAGE

    client = Client()
    found: dict[str, int] = {}
    mildest = {question.code: question.mildest for question in PROTOCOL.questions}

    def asked(kind: str, method: str, *arguments: Any) -> "TestResponse":
        with CaptureQueriesContext(connection) as queries:
            page: TestResponse = getattr(client, method)(*arguments)
        found[kind] = max(found.get(kind, 0), len(queries))
        return page

    with override_settings(ALLOWED_HOSTS=["testserver"]):
        for _ in range(2):  # the first request of a process, and one after it; what is kept lies in front of both
            asked("article", "get", PAGE)
        where = client.post("/check/", {"consent": consent.VERSION}).headers["Location"]
        while where != "/check/answers/":
            page = asked("question", "get", where).content.decode()
            token = find_text(r'name="token" value="([0-9a-f]{64})"', page)
            answer = mildest[where.split("/")[2]]
            where = asked("answer", "post", where, {"answer": answer, "token": token}).headers["Location"]
    return found


if __name__ == "__main__":
    import django

    django.setup()
    logging.disable(logging.INFO)
    print(json.dumps(count_queries()))
