"""Security headers on every response: public pages, staff pages and error pages alike.

The policy and its reasons: docs/decisions/0002-headers.md. Django brings its own middleware for the first of them in
6.0; at the move to 6.2 LTS this file goes.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponseNotAllowed
from django.http.response import HttpResponseBase

from core.pages.requests import GetResponse

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "font-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
HEADERS = {
    "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in POLICY.items()),
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    "X-Permitted-Cross-Domain-Policies": "none",
}
# What a picture needs of these. A page has up to twelve, and what only a page obeys would be half of what each weighs.
# A drawing has its colors in a style of its own; without leave for it, it is black in a tab of its own.
PICTURE_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
}
PAGE_ONLY = ("Cross-Origin-Opener-Policy", "Referrer-Policy")  # of Django's SecurityMiddleware
METHODS = ("GET", "HEAD", "POST", "OPTIONS")
# Nothing under these addresses may be kept by a browser, a proxy or a search engine.
PRIVATE = ("/check/", "/admin/", "/drafts/", "/search/")


def add_security_headers(get_response: GetResponse) -> GetResponse:
    """Middleware: add HEADERS to whatever the site answers, the redirect to https included; a picture needs fewer."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        picture = response.headers.get("Content-Type", "").startswith("image/")
        for name in PAGE_ONLY if picture else ():
            del response.headers[name]
        for name, value in (PICTURE_HEADERS if picture else HEADERS).items():
            response.setdefault(name, value)
        # path_info: the same wherever the site is mounted.
        if request.path_info.startswith(PRIVATE) and not request.path.startswith(settings.STATIC_URL):
            response["Cache-Control"] = "no-store, private"
            response["X-Robots-Tag"] = "noindex"
        return response

    return middleware


def refuse_other_methods(get_response: GetResponse) -> GetResponse:
    """Middleware: refuse other methods than METHODS. Inside Django's SecurityMiddleware, which adds headers."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        return get_response(request) if request.method in METHODS else HttpResponseNotAllowed(METHODS)

    return middleware
