"""The pages patients read. They set no cookie and are the same for everybody, so a cache may stand in front."""

import calendar
import datetime
from collections.abc import Callable, Iterable
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from django.conf import settings
from django.contrib.humanize.templatetags.humanize import apnumber
from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps.views import sitemap as sitemap_view
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import conditional_page, require_http_methods, require_safe

from core import throttle
from core.typed.tidy import tidy_line

from .. import images
from ..models import Article, ClinicDetails, OldAddress, Picture, ShareLink, TeamMember, Topic, Version
from ..text import markdown, sheet, signs
from ..text.styleguide import build_samples
from . import article_page, feedback, search, structured_data
from .feed import ArticleFeed


class FirstStep(NamedTuple):
    """What helps a back that has just seized up. address: of the article that says more; "" where it is not shown."""

    drawing: str
    title: str
    words: str
    article: str
    section: str
    address: str = ""


FIRST_STEPS = (
    FirstStep(
        "rest-calves-on-chair",
        "Ease it",
        "Stuck standing? Lean on a table and breathe. Then let yourself down: on your back, lower legs on a chair.",
        "first-days-at-home",
        "the-first-hour",
    ),
    FirstStep(
        "out-of-bed-2",
        "Get up safely",
        "Roll onto your side. Let your legs slide over the edge. Push up with your arms.",
        "keep-moving",
        "getting-up-without-the-grab",
    ),
    FirstStep(
        "walking", "Walk a little", "A short, slow walk every hour or two, as far as you can.", "keep-moving", "walking"
    ),
)

# The drawing of a topic of the starter articles, by its slug.
TOPIC_DRAWINGS = {
    "symptoms": "sore-back",
    "causes": "tight-muscle",
    "treatment": "clinician-visit",
    "prevention": "bridge-2",
}

# A page for the sitemap: its path, and when it last changed if that is known.
SitemapEntry = tuple[str, datetime.datetime | None]
if TYPE_CHECKING:
    BaseSitemap = Sitemap[SitemapEntry]
else:
    BaseSitemap = Sitemap


def cache_publicly(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """GET and HEAD only; may be kept by anyone, who asks before showing it again whether it changed.

    Our own server keeps it too, and asks for the cache generation: see content/page_cache/wsgi.py.
    """
    shown = require_safe(conditional_page(cache_control(public=True, max_age=0, must_revalidate=True)(view)))
    shown.kept = True  # type: ignore[attr-defined]  # a mark for is_cacheable_path() of content/page_cache/wsgi.py
    return shown


@cache_publicly
def show_home(request: HttpRequest) -> HttpResponse:
    topics = group_by_topic(Article.objects.published())
    addresses = {article.slug: article.get_absolute_url() for _, articles in topics for article in articles}
    context = {
        "topics": [(topic, articles, TOPIC_DRAWINGS.get(topic.slug, "")) for topic, articles in topics],
        "signs_in_short": signs.list_signs_in_short(),
        "steps": [step._replace(address=addresses.get(step.article, "")) for step in FIRST_STEPS],
    }
    return render(request, "content/home.html", context)


@cache_publicly
def show_topic(request: HttpRequest, topic: str) -> HttpResponse:
    articles = list(Article.objects.published().filter(topic__slug=topic))
    found = articles[0].topic if articles else get_object_or_404(Topic, slug=topic)
    return render(request, "content/topic.html", {"topic": found, "articles": articles})


@cache_publicly
def show_article(request: HttpRequest, topic: str, slug: str) -> HttpResponse:
    version = find_live_version(topic, slug)
    if version is None:
        return redirect_old_address(topic, slug)
    context = article_page.build_article_context(version)
    data = structured_data.build_medical_web_page(request, version, context["sources"])
    address = reverse("sheet", args=[topic, slug]) if sheet.has_moves(version.body) else ""
    return render(request, "content/article.html", {**context, "data": data, "sheet": address})


@cache_publicly
def show_sheet(request: HttpRequest, topic: str, slug: str) -> HttpResponse:
    """The moves of an article on one sheet of paper. One that has moved, or has none, sends to the article."""
    version = find_live_version(topic, slug)
    if version is None:
        return redirect_old_address(topic, slug)
    found = sheet.build_sheet(version.body, settings.CLINIC["emergency_number"], version.shown_pictures)
    if found is None:
        return redirect(version.article)
    context = {"version": version, "article": version.article, "sheet": found, "days": list(calendar.day_abbr)}
    return render(request, "content/sheet.html", context)


def find_live_version(topic: str, slug: str) -> Version | None:
    """The words that patients read at this address."""
    return (
        Version.objects.live()
        .select_related("article__topic", "article__sport")
        .filter(article__slug=slug, article__topic__slug=topic)
        .first()
    )


def redirect_old_address(topic: str, slug: str) -> HttpResponse:
    """To where the article of this old address stands now. Asked only when no page answers under the address."""
    old = get_object_or_404(OldAddress.objects.select_related("article__topic"), topic=topic, slug=slug)
    if not old.article.current:
        raise Http404
    return redirect(old.article, permanent=True)


@require_safe
@cache_control(public=True, max_age=365 * 24 * 3600, immutable=True)
def serve_picture(request: HttpRequest, digest: str, width: int) -> FileResponse:
    """One file of an uploaded picture. Its name is its content, so it may be kept for ever."""
    found = get_object_or_404(Picture, digest=digest)
    if width not in found.widths:
        raise Http404
    try:
        file = images.get_file_path(found.digest, width).open("rb")
    except FileNotFoundError:
        raise Http404 from None
    return FileResponse(file, content_type="image/webp")


@require_safe
def show_draft(request: HttpRequest, token: str) -> HttpResponse:
    """Words that nobody approved yet, for somebody with the link. Headers: see site_project/headers.py."""
    link = ShareLink.find(token)
    if link is None:
        return render(request, "content/draft_gone.html", status=404)
    context = article_page.build_article_context(link.version, render=markdown.render_article_uncached)
    return render(request, "content/draft.html", {**context, "until": link.expires_at})


@cache_publicly
def show_a_to_z(request: HttpRequest) -> HttpResponse:
    """Every article by the first letter of its title, or of its sport."""
    rows = [
        (make_index_name(article.sport.name if article.sport else article.live_version.title), article)
        for article in Article.objects.published()
    ]
    rows.sort(key=lambda row: (find_first_letter(row[0]), row[0].casefold(), row[1].slug))
    letters = [(letter, list(group)) for letter, group in groupby(rows, key=lambda row: find_first_letter(row[0]))]
    return render(request, "content/a_to_z.html", {"letters": letters})


def make_index_name(title: str) -> str:
    """A title as it stands in an index: "The first days" under F."""
    first, _, rest = title.partition(" ")
    return f"{rest[0].upper()}{rest[1:]}" if rest and first.lower() in ("the", "a", "an") else title


def find_first_letter(name: str) -> str:
    """The capital a name stands under, whatever sign it begins with."""
    return next((char.upper() for char in name if char.isalnum()), "0")


@require_safe
def search_articles(request: HttpRequest) -> HttpResponse:
    """What was typed is about somebody's health: the page is kept nowhere, and no line of a log holds it."""
    # What cannot be seen cannot be looked for, and would turn the page around (U+202E) or break it (NUL).
    typed = "".join(char if char.isprintable() else " " for char in tidy_line(request.GET.get("q", "")))
    query = " ".join(typed.split())[: search.LONGEST]
    found = search.find_articles(query)
    count = apnumber(len(found.results))
    return render(request, "content/search.html", {"query": query, "found": found, "count": count})


def group_by_topic(articles: Iterable[Article]) -> list[tuple[Topic, list[Article]]]:
    """[(topic, its articles)], for articles that come in the order of their topics."""
    return [(topic, list(group)) for topic, group in groupby(articles, key=lambda article: article.topic)]


@cache_publicly
def show_clinic(request: HttpRequest) -> HttpResponse:
    """How to reach the clinic, and who works there. What is empty is left out: nothing is made up."""
    context = {
        "details": ClinicDetails.objects.first(),
        "team": TeamMember.objects.all(),
        "data": structured_data.build_clinic(request),
    }
    return render(request, "content/clinic.html", context)


@cache_publicly
def show_privacy(request: HttpRequest) -> HttpResponse:
    """What is kept, for how long, and who sees it: from the settings, so that it stays true when they change."""
    hours = settings.SESSION_COOKIE_AGE // 3600
    return render(request, "content/privacy.html", {"hours": hours, "days": settings.RETENTION_DAYS})


@cache_publicly
def show_accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "content/accessibility.html")


@cache_publicly
def show_how_we_write(request: HttpRequest) -> HttpResponse:
    return render(request, "content/how_we_write.html")


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def receive_feedback(request: HttpRequest) -> HttpResponse:
    """Take what a reader says about a page.

    Exempt from CSRF protection since that needs a cookie, and pages of articles set none. Nothing here rests on who
    sends: no session is read, and a forged request could store only what anybody may send. What keeps other sites from
    making our readers send is that the browser says where a form comes from.
    """
    if request.method != "POST":
        return redirect("how_we_write")
    found = feedback.find_page(request.POST.get("page", ""))
    if found is None:
        return render(request, "content/feedback_gone.html", {"text": request.POST.get("text", "")[:5000]}, status=400)
    form = feedback.FeedbackForm(request.POST)
    context = {"form": form, "address": found[0], "title": found[1]}
    if not feedback.is_from_this_site(request):
        return render(request, "content/feedback.html", {**context, "refused": True}, status=403)
    if not form.is_valid():
        return render(request, "content/feedback.html", context, status=422)
    if not throttle.take_tokens(throttle.count_networks(feedback.LIMIT, request)):
        answer = render(request, "content/feedback.html", {**context, "wait": True}, status=429)
        answer.headers["Retry-After"] = feedback.LIMIT.wait
        return answer
    form.save_feedback(found[0])
    return redirect("thanks")


@never_cache
@require_safe
def show_thanks(request: HttpRequest) -> HttpResponse:
    """After sending, with a way back: browsers name the page before only to this site itself (Referrer-Policy)."""
    found = feedback.find_page(request.headers.get("Referer", "").removeprefix(feedback.get_own_origin(request)))
    return render(request, "content/feedback_thanks.html", {"page": found})


class PageSitemap(BaseSitemap):
    """Every page that a search engine should know."""

    def items(self) -> list[SitemapEntry]:
        articles = list(Article.objects.published())
        newest = max((article.live_version.live_since for article in articles), default=None)
        return [
            (reverse("home"), newest),
            (reverse("a_to_z"), newest),
            *((reverse(name), None) for name in ("clinic", "privacy", "accessibility", "how_we_write")),
            *(
                (topic.get_absolute_url(), max(article.live_version.live_since for article in group))
                for topic, group in group_by_topic(articles)
            ),
            *((article.get_absolute_url(), article.live_version.live_since) for article in articles),
        ]

    def location(self, item: SitemapEntry) -> str:
        return item[0]

    def lastmod(self, item: SitemapEntry) -> datetime.datetime | None:
        return item[1]


@cache_publicly
def show_sitemap(request: HttpRequest) -> HttpResponse:
    return sitemap_view(request, {"pages": PageSitemap})


@cache_publicly
def show_feed(request: HttpRequest) -> HttpResponse:
    return ArticleFeed()(request)


@cache_publicly
def show_robots(request: HttpRequest) -> HttpResponse:
    lines = [
        "User-agent: *",
        "Disallow: /check/",
        "Disallow: /admin/",
        "Disallow: /search/",
        f"Sitemap: {request.build_absolute_uri(reverse('sitemap'))}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
def show_styleguide(request: HttpRequest) -> HttpResponse:
    """Every component in every state, for those who change the look: on one's own machine only."""
    if not settings.LOCAL:
        raise Http404
    return render(request, "content/styleguide.html", build_samples(settings.CLINIC["emergency_number"]))
