"""What the page of an article asks for while somebody writes, and the steps that take a whole article."""

import datetime
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse, QueryDict
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import get_text_list
from django.views.decorators.http import require_GET, require_POST
from markdown_it import MarkdownIt

from core import readability
from core.pages.requests import StaffRequest
from core.typed.tidy import tidy_line, tidy_markdown

from .. import publishing
from ..models import ALWAYS_THERE, Article, Autosave, Picture, Presence, Source, Sport, Topic, Version
from ..starter.lint import map_link_targets
from ..text import diff, markdown, prose
from ..text.lint import HIGHEST_GRADE, lint_article, lint_placeholders
from ..text.problems import find_problems
from ..web import article_page
from .common import APPROVE, describe_approvers, describe_review, describe_state, format_moment, format_person
from .forms import ArticleForm, read_typed_figures

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin

# Words that somebody types, and the articles to read next (None: those that are stored).
Related = Iterable[Version] | None
TypedVersion = tuple[Version, Related]

Row = TypeVar("Row", bound=Model)

# More than the longest article; what is beyond is cut, as the page would.
LONGEST = markdown.LONGEST
# Names of buttons and of what proves a request to be ours: nothing somebody typed.
NOT_TYPED = ("csrfmiddlewaretoken", "_draft", "_send", "changed", "back", "brought_together")


def load_editable_article(admin: "ModelAdmin[Article]", request: StaffRequest, pk: int | None) -> Article | None:
    """The article (None: a new one), for somebody who may write it."""
    article = get_object_or_404(Article.objects.select_related("topic", "sport"), pk=pk) if pk else None
    if not (admin.has_change_permission(request, article) if article else admin.has_add_permission(request)):
        raise PermissionDenied
    return article


# --- While somebody writes -------------------------------------------------------------------------------------------
@require_POST
def sync_editor(request: StaffRequest, admin: "ModelAdmin[Article]", pk: int | None = None) -> HttpResponse:
    """One call of the page's script: keeps what was typed, and answers with preview, findings and who else is here."""
    article = load_editable_article(admin, request, pk)
    version, related = read_posted_version(request.POST, article)
    answer: dict[str, Any] = {}
    if "changed" in request.POST:
        answer["saved"] = autosave_version(request, article, version)
    if article:
        Presence.objects.mark(article, request.user)
    answer["preview"] = render_preview_document(request, version, related)
    seen = lint_version(version)
    answer["checks"] = render_to_string("admin/content/article/findings.html", seen, request)
    answer["count"] = seen["count"]
    answer["others"] = describe_other_editors(article, request.user)
    if "back" in request.POST:
        # The editor was in another window, perhaps to upload a picture or to add a source.
        answer["pictures"] = list(Picture.objects.values_list("name", flat=True))
        answer["sources"] = list(Source.objects.values_list("key", "title"))
    return JsonResponse(answer)


@require_POST
def show_preview(request: StaffRequest, admin: "ModelAdmin[Article]", pk: int | None = None) -> HttpResponse:
    """The page as it would be with the words typed so far, in a window of its own."""
    version, related = read_posted_version(request.POST, load_editable_article(admin, request, pk))
    return render(
        request,
        "admin/content/article/preview.html",
        article_page.build_article_context(version, related, markdown.render_article_uncached),
    )


@require_GET
def send_csrf_token(request: HttpRequest) -> HttpResponse:
    """A fresh proof for the page's forms, after somebody signed in again in another window."""
    return JsonResponse({"token": get_token(request)})


@require_POST
def discard_autosave(request: StaffRequest, admin: "ModelAdmin[Article]", pk: int | None = None) -> HttpResponse:
    """Let go of what this editor typed and did not save."""
    article = load_editable_article(admin, request, pk)
    Autosave.objects.filter(article=article, author=request.user).delete()
    messages.success(request, "Your unsaved text is gone. This is the last saved version.")
    name, args = ("change", [pk]) if pk else ("add", [])
    return HttpResponseRedirect(reverse(f"admin:content_article_{name}", args=args))


def autosave_version(request: StaffRequest, article: Article | None, version: Version) -> str:
    """Keep what was typed, if it is not what this editor saved last; in words, what was done.

    A call may come in after the save it was overtaken by: its words are stored already.
    """
    newest = article and article.newest
    same = ("title", "summary", "body", "figures", "written", "review_due")
    version.body = version.body.strip() + "\n"
    if (
        newest
        and newest.author_id == request.user.pk
        and all(getattr(newest, name) == getattr(version, name) for name in same)
    ):
        Autosave.objects.filter(article=article, author=request.user).delete()
        return "These words are saved."
    save_autosave(article, request)
    return f"Kept as unsaved text at {date_format(timezone.localtime(), 'H:i:s T')}."


def save_autosave(article: Article | None, request: StaffRequest) -> None:
    """Remember what was typed, as typed, for this editor alone. PostgreSQL takes no NUL in JSON."""
    data = {
        name.replace("\0", ""): [value.replace("\0", "\N{REPLACEMENT CHARACTER}") for value in values]
        for name, values in request.POST.lists()
        if name not in NOT_TYPED
    }
    Autosave.objects.update_or_create(
        article=article, author=request.user, defaults={"data": data, "changed_at": timezone.now()}
    )


def read_posted_version(data: QueryDict, article: Article | None) -> TypedVersion:
    """build_typed_version() of what a browser sent."""
    return build_typed_version(data, article, read_typed_figures(dict(data.lists())))


def build_typed_version(
    data: Mapping[str, str], article: Article | None, figures: Iterable[Mapping[str, Any]]
) -> TypedVersion:
    """What a form says, right or wrong, as a Version that is not stored; and the articles to read next (None: as now).

    Nothing is refused here: somebody is in the middle of writing.
    """
    if article is None:
        topic = find_by_key(Topic.objects.all(), parse_whole_number(data.get("topic"))) or Topic.objects.first()
        sport = find_by_key(Sport.objects.all(), parse_whole_number(data.get("sport")))
        article = Article(topic=topic or Topic(name="Topic", slug="topic"), sport=sport, slug="new")
    today = timezone.localdate()
    version = Version(
        article=article,
        title=tidy_line(data.get("title", ""))[:120],
        summary=tidy_line(data.get("summary", ""))[:200],
        body=tidy_markdown(data.get("body", ""))[:LONGEST],
        written=parse_day(data.get("written")) or today,
        review_due=parse_day(data.get("review_due")) or today,
    )
    version.pictures = Picture.objects.as_shown(markdown.find_uploaded_names(version.body))
    version.figures = [
        {name: tidy_line(str(row.get(name, ""))) for name in ("label", "of", "source")}
        | {"percent": parse_percent(row.get("percent"))}
        for row in figures
    ]
    return version, None if article.pk else ()


def find_by_key(rows: QuerySet[Row], key: int | None) -> Row | None:
    """The row of this primary key, or None."""
    return None if key is None else rows.filter(pk=key).first()


def parse_whole_number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else None


def parse_day(text: str | None) -> datetime.date | None:
    try:
        day: datetime.date | None = ArticleForm.base_fields["written"].clean(text)
    except ValidationError:
        return None
    return day


def parse_percent(text: Any) -> float:
    try:
        return min(100.0, max(0.0, float(text)))
    except (TypeError, ValueError):
        return 0


def render_preview_document(request: HttpRequest, version: Version, related: Related = None) -> SafeString:
    """A whole page for the preview's frame. The frame runs no script and has this page's own policy."""
    context = article_page.build_article_context(version, related, markdown.render_article_uncached)
    return render_to_string("admin/content/article/preview.html", {**context, "framed": True}, request)


def lint_version(version: Version) -> dict[str, Any]:
    """What to look at in the words: what keeps them from being saved first."""
    known = set(Source.objects.values_list("key", flat=True))
    uploads = {picture["name"] for picture in version.pictures}
    stops = find_problems(version.body, known, uploads, title=version.title, page=version.article.slug)
    found = lint_article(
        version.body, title=version.title, summary=version.summary, known=known, addresses=map_live_link_targets()
    )
    # The form's own problems are named first, with the uploaded pictures known.
    advice = lint_placeholders(version.body) + [finding for finding in found if finding.code != "form"]
    return {
        "stops": stops,
        "findings": advice,
        "count": " · ".join(
            f"{len(some)} {what}" for some, what in ((stops, "to put right"), (advice, "to look at")) if some
        )
        or "Nothing to put right",
        "grade": readability.compute_reading_grade(prose.extract_running_text(version.body)),
        "words": prose.count_words(version.body),
        "highest": HIGHEST_GRADE,
    }


def map_live_link_targets() -> dict[str, set[str] | None]:
    """Every page an article may link to. Whether a place on another page exists is left to lint_articles."""
    rows = Version.objects.live().values_list("article__topic__slug", "article__slug")
    found = {reverse("article", args=row) for row in rows}
    found |= {reverse("topic", args=[slug]) for slug in Topic.objects.values_list("slug", flat=True)}
    return map_link_targets(()) | dict.fromkeys(found)


def describe_other_editors(article: Article | None, user: User) -> str:
    """Who else has it open, in words; "" if nobody."""
    if article is None:
        return ""
    names = [format_person(presence.user) for presence in Presence.objects.others(article, user)]
    if not names:
        return ""
    verb = "has" if len(names) == 1 else "have"
    return (
        f"{get_text_list(names, 'and')} {verb} this article open now. Talk to each other before you both change it; "
        "nothing is lost if you do not."
    )


# --- The page itself -------------------------------------------------------------------------------------------------
def build_editor_context(request: StaffRequest, form: ArticleForm, article: Article | None) -> dict[str, Any]:
    """What the page of an article shows around its form."""
    if form.is_bound:
        version, related = read_posted_version(request.POST, article)
    else:
        version, related = build_initial_version(form, article)
    newest = form.newest
    live = article.current if article else None
    name, args = ("content_article_{}", [article.pk]) if article else ("content_article_new_{}", [])
    return {
        "frame": render_preview_document(request, version, related),
        **lint_version(version),
        "others": describe_other_editors(article, request.user),
        "recovered": form.saved if not form.is_bound else None,
        "outdated": form.saved
        and newest
        and not form.is_bound
        and str(newest.pk) not in form.saved.data.get("opened_on", []),
        "conflict": form.conflict,
        "conflict_changes": diff_conflict(form),
        "newest": newest,
        "newest_state": describe_state(newest) if newest else "",
        "newest_review": describe_review(newest) if newest else "",
        "live": live,
        "approvers": describe_approvers(newest) if newest and newest.is_awaiting_approval else "",
        "figure_rows": form.figures,
        "address": {step: reverse(f"admin:{name.format(step)}", args=args) for step in ("desk", "preview", "discard")},
        "versions": list_versions(article),
        "is_nav_sidebar_enabled": False,
        "can": list_page_permissions(request.user, article),
        "title": newest.title if newest else "New article",
        "subtitle": None,
    }


def build_initial_version(form: ArticleForm, article: Article | None) -> TypedVersion:
    """The words the page opens on, as build_typed_version() gives them."""
    values = {name: form.get_initial_for_field(form.fields[name], name) for name in form.fields}
    data = {name: str(value) for name, value in values.items() if value is not None and name != "related"}
    return build_typed_version(data, article, form.figures.initial or ())


def diff_conflict(form: ArticleForm) -> list[tuple[str, list[diff.DiffPart]]] | None:
    """What the other editor changed since this one opened the page."""
    if not form.conflict:
        return None
    opened = find_by_key(form.instance.versions.all(), form.parse_number("opened_on"))
    return diff.diff_versions(opened, form.conflict) if opened else None


def list_versions(article: Article | None) -> list[dict[str, Any]]:
    if not article:
        return []
    versions = list(article.versions.select_related("author", "approved_by").defer("body", "figures", "pictures"))
    current = article.current.pk if article.current else 0
    newest = versions[0].pk if versions else 0
    return [
        {
            "version": version,
            "by": format_person(version.author),
            "state": describe_listed_state(version, current),
            "live": version.pk == current,
            # What patients read is what one wants to compare with; when it is the newest, the one before.
            "compared": version.pk == current if current != newest else number == 1,
            "approved": f"{format_person(version.approved_by)}, {format_moment(version.approved_at)}"
            if version.approved_by and version.approved_at
            else "",
            "review": describe_review(version),
        }
        for number, version in enumerate(versions)
    ]


def describe_listed_state(version: Version, current: int) -> str:
    """describe_state() of one version in a list, beside the one that patients read (its primary key; 0: none)."""
    if version.pk == current:
        return "Patients read this now"
    return "Replaced by newer words" if version.approved_at and version.pk < current else describe_state(version)


def list_page_permissions(user: User, article: Article | None) -> dict[str, bool]:
    """What this user may do with the whole page, whoever wrote its words: {"withdraw", "put_back"}."""
    if article is None:
        return {"withdraw": False, "put_back": False}
    return {
        "withdraw": not article.withdrawn and article.slug not in ALWAYS_THERE and user.has_perm(APPROVE),
        "put_back": article.withdrawn and user.has_perm(APPROVE),
    }


# --- Steps that take a whole article ---------------------------------------------------------------------------------
@require_GET
def show_version_diff(request: StaffRequest, admin: "ModelAdmin[Article]", pk: int) -> HttpResponse:
    """Two versions of an article, word by word: ?old=1&new=2. Without them: the newest and the one before."""
    article = get_object_or_404(Article.objects.select_related("topic"), pk=pk)
    if not admin.has_view_permission(request, article):
        raise PermissionDenied
    versions = article.versions.select_related("author")
    new = find_by_key(versions, parse_whole_number(request.GET.get("new"))) or versions.first()
    if new is None:
        raise Http404
    old = (
        find_by_key(versions, parse_whole_number(request.GET.get("old")))
        or versions.filter(pk__lt=new.pk).first()
        or new
    )
    if old.pk > new.pk:
        old, new = new, old
    return render(
        request,
        "admin/content/article/compare.html",
        {
            **admin.admin_site.each_context(request),
            "title": f"What changed in “{new.title}”",
            "article": article,
            "opts": admin.opts,
            "old": old,
            "new": new,
            "old_by": format_person(old.author),
            "new_by": format_person(new.author),
            "changes": diff.diff_versions(old, new),
            "versions": list_versions(article),
            "media": admin.media,
        },
    )


@require_POST
def withdraw_page(request: StaffRequest, admin: "ModelAdmin[Article]", pk: int) -> HttpResponse:
    article = get_object_or_404(Article, pk=pk)
    if not request.user.has_perm(APPROVE):
        raise PermissionDenied
    return take_article_step(
        request,
        admin,
        article,
        lambda: publishing.withdraw_article(article, request.user),
        "Took the page off the site",
    )


@require_POST
def put_back_page(request: StaffRequest, admin: "ModelAdmin[Article]", pk: int) -> HttpResponse:
    article = get_object_or_404(Article, pk=pk)
    if not request.user.has_perm(APPROVE):
        raise PermissionDenied
    return take_article_step(
        request,
        admin,
        article,
        lambda: publishing.put_back_article(article, request.user),
        "Put the page back on the site",
    )


def take_article_step(
    request: StaffRequest, admin: "ModelAdmin[Article]", article: Article, step: Callable[[], object], said: str
) -> HttpResponse:
    """Take a step, write it into the article's log, and say how it went."""
    try:
        step()
    except publishing.PublishingError as refused:
        messages.error(request, str(refused))
    else:
        admin.log_change(request, article, said)
        messages.success(request, f"{said}.")
    return HttpResponseRedirect(reverse("admin:content_article_change", args=[article.pk]))


@require_GET
def show_guide(request: StaffRequest, admin: "ModelAdmin[Article]") -> HttpResponse:
    """docs/editors-guide.md, for those who write here."""
    if not admin.has_module_permission(request):
        raise PermissionDenied
    return render(
        request,
        "admin/content/article/guide.html",
        {
            **admin.admin_site.each_context(request),
            "title": "Editors' guide",
            "opts": admin.opts,
            "guide": render_guide(),
            "media": admin.media,
        },
    )


def render_guide() -> SafeString:
    """The guide as HTML; its pictures are static files under the same names."""
    tokens = GUIDE.parse((settings.BASE_DIR / "docs/editors-guide.md").read_text(encoding="utf-8"))
    for token in (child for block in tokens for child in block.children or []):
        if token.type == "image":
            token.attrSet("src", static(str(token.attrGet("src"))))
    # Our own file, with HTML switched off.
    return mark_safe(str(GUIDE.renderer.render(tokens, GUIDE.options, {})))  # noqa: S308


GUIDE = MarkdownIt("commonmark", {"html": False}).enable("table")
