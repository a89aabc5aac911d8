"""The application that gunicorn serves."""

from wsgiref.util import setup_testing_defaults

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from content.page_cache import generation, stamps


@pytest.fixture
def one_connection(db, tmp_path, monkeypatch):
    """The test's transaction stays open, as with Django's own test client; the cache has a stamp of its own."""
    monkeypatch.setattr(stamps, "generation_stamp", stamps.FileStamp(tmp_path / "edition"))
    monkeypatch.setattr(generation.Current, "generation", None)
    monkeypatch.setattr(generation, "close_old_connections", lambda: None)
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def ask(path):
    from site_project.wsgi import application

    answer = []
    environ = {"PATH_INFO": path, "HTTP_HOST": "localhost"}
    setup_testing_defaults(environ)
    parts = application(environ, lambda status, headers, *_: answer.append(status))
    body = b"".join(parts)
    if hasattr(parts, "close"):
        parts.close()
    return answer[0], body


def test_the_application_that_gunicorn_serves_answers_with_a_page(one_connection, settings):
    settings.ALLOWED_HOSTS = ["localhost"]
    status, body = ask("/check/")
    assert status == "200 OK"
    assert b"<form" in body
    assert ask("/no-such-page/")[0] == "404 Not Found"
