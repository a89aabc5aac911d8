"""The least that a web server can answer with, to measure the site against."""

from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path


def answer_without_framework(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """No framework at all."""
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "5")])
    return [b"hello"]


def show_one_line(request: HttpRequest) -> HttpResponse:
    return HttpResponse("hello")


urlpatterns = [path("", show_one_line)]


def make_one_line_site() -> WSGIApplication:
    """Django with one view of one line and no middleware."""
    # The last is for the web process (site_project/turns.py), as in bench/servers.py.
    settings.configure(
        ROOT_URLCONF=__name__, ALLOWED_HOSTS=["127.0.0.1"], SECRET_KEY="bench", MIDDLEWARE=[], TRUSTED_PROXIES=1
    )
    django.setup()
    return get_wsgi_application()
