"""How much may be sent to the site at once. Holds without a proxy too, and before anything of a body is read."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template import loader

from content.public import list_signs_of_every_page
from core.pages.requests import GetResponse

# Bytes. Patients and readers send words; the names of the fields and what stands between them need room too.
MOST = 2 * settings.DATA_UPLOAD_MAX_MEMORY_SIZE
# Editors send pictures (content/images.py): 24 MB and a form around it.
MOST_OF_STAFF = 25 * 1024 * 1024


def refuse_large_bodies(get_response: GetResponse) -> GetResponse:
    """Middleware: 413 for a body that is too large, 411 for one that does not say how large it is (no browser's form).

    Django never reads a body without a length: it would be taken for an empty form.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if "HTTP_TRANSFER_ENCODING" in request.META:
            return render_refusal(411)
        most = MOST_OF_STAFF if request.path_info.startswith("/admin/") else MOST
        # A server lets only numbers through.
        if int(request.META.get("CONTENT_LENGTH") or 0) > most:
            return render_refusal(413)
        return get_response(request)

    return middleware


def render_refusal(status: int) -> HttpResponse:
    context = {
        "clinic": settings.CLINIC,
        "signs": list_signs_of_every_page(),
        "megabytes": MOST_OF_STAFF // 1024**2 - 1,
    }
    return HttpResponse(loader.render_to_string("413.html", context), status=status)
