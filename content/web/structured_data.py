"""What machines read of an article and of the clinic, as JSON-LD of schema.org. Nothing is said that is not true."""

import json
import re
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe

from ..models import Source, Version

# In a data block nothing may end the script element or open a comment (as in django.utils.html.json_script).
ESCAPES = {ord(char): f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"}


def build_medical_web_page(request: HttpRequest, version: Version, sources: Iterable[Source]) -> SafeString:
    """The JSON of a <script type="application/ld+json"> for an article's page."""
    article = version.article
    address = request.build_absolute_uri(article.get_absolute_url())
    places = [
        ("Home", "/"),
        (article.topic.name, article.topic.get_absolute_url()),
        (version.title, article.get_absolute_url()),
    ]
    data = {
        "@context": "https://schema.org",
        "@type": "MedicalWebPage",
        "@id": address,
        "url": address,
        "name": version.title,
        "description": version.summary,
        "inLanguage": "en",
        "dateModified": version.live_since.isoformat(),
        "audience": {"@type": "MedicalAudience", "audienceType": "Patient"},
        "publisher": build_publisher(request),
        "breadcrumb": {
            "@type": "BreadcrumbList",
            "itemListElement": [
                {"@type": "ListItem", "position": number, "name": name, "item": request.build_absolute_uri(path)}
                for number, (name, path) in enumerate(places, start=1)
            ],
        },
        "citation": [build_citation(source) for source in sources],
    }
    if version.clinically_reviewed_on:
        data["lastReviewed"] = version.clinically_reviewed_on.isoformat()
        data["reviewedBy"] = {"@type": "Person", "name": version.clinically_reviewed_by}
    return write_data(data)


def build_clinic(request: HttpRequest) -> SafeString:
    """The same for the clinic's own page."""
    place = {"hasMap": settings.CLINIC["map"]} if settings.CLINIC["map"] else {}
    return write_data({"@context": "https://schema.org", **build_publisher(request), **place})


def write_data(data: dict[str, Any]) -> SafeString:
    return mark_safe(json.dumps(data, ensure_ascii=False).translate(ESCAPES))  # noqa: S308


def build_publisher(request: HttpRequest) -> dict[str, str]:
    clinic = settings.CLINIC
    data = {"@type": "MedicalClinic", "name": clinic["name"], "url": request.build_absolute_uri("/")}
    if clinic["phone"]:
        data["telephone"] = clinic["phone"]
    if clinic["address"]:
        data["address"] = clinic["address"]
    return data


def build_citation(source: Source) -> dict[str, Any]:
    # How we came to read it is a word for the reader of the page and no part of a publisher's name.
    body = re.sub(r"\s*\((?:copy|abstract|[^()]*\bread in)\b[^()]*\)$", "", source.body)
    data = {
        "@type": "CreativeWork",
        "name": source.title,
        "url": source.url,
        "publisher": {"@type": "Organization", "name": body},
    }
    if source.year:
        data["datePublished"] = str(source.year)
    return data
