"""The list of articles, and the page where one is written."""

import datetime
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypedDict, cast

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Count,
    DateTimeField,
    Exists,
    ExpressionWrapper,
    Field,
    IntegerField,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, Concat
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html

from core.pages.admin import TidySearchMixin
from core.typed.fields import ADMIN_FIELDS

from .. import publishing
from ..models import Article, Autosave, Feedback, Presence, Version
from . import desk
from .common import (
    APPROVE,
    SCRIPTS,
    STYLES,
    LooksFirstMixin,
    NoDeletionMixin,
    as_staff_request,
    describe_approvers,
    describe_state,
    format_person,
)
from .forms import ArticleForm


class ListColumns(TypedDict):
    """What annotate_for_list() and the list's own queryset add to an article."""

    newest_title: str | None
    newest_author: int | None
    newest_reviewed: datetime.date | None
    newest_grade: float | None
    due: datetime.date | None
    starts: datetime.datetime
    stage: str
    is_live: bool
    overdue: bool
    clear: int
    unclear: int
    unsaved: bool


if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    BaseAdmin = admin.ModelAdmin[Article]
    ListedArticle = WithAnnotations[Article, ListColumns]
else:
    BaseAdmin, ListedArticle = admin.ModelAdmin, Article


class NeedsFilter(admin.SimpleListFilter):
    """What somebody at the desk looks for."""

    title = "what to do"
    parameter_name = "show"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("approval", "Waits for approval"),
            ("mine", "Mine"),
            ("overdue", "Review overdue"),
            ("scheduled", "Scheduled"),
            ("draft", "Drafts"),
            ("returned", "Changes asked for"),
            ("clinical", "Not yet clinically reviewed"),
            ("off", "Not on the site"),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> QuerySet[Article]:
        user, now = request.user, timezone.now()
        wanted = {
            "approval": Q(stage="waits"),
            "mine": Q(owner=user) | Q(newest_author=user.pk),
            "overdue": Q(overdue=True),
            "scheduled": Q(stage="approved", starts__gt=now),
            "draft": Q(stage="draft"),
            "returned": Q(stage="returned"),
            "clinical": Q(newest_reviewed__isnull=True),
            "off": Q(is_live=False),
        }
        chosen = wanted.get(self.value() or "")
        return queryset if chosen is None else queryset.filter(chosen)


def count_feedback(clear: bool) -> Coalesce:
    """How many readers said so of the page an article stands at now."""
    rows = Feedback.objects.filter(path=OuterRef("page_path"), clear=clear).order_by()
    return Coalesce(Subquery(rows.values("path").annotate(number=Count("pk")).values("number")), 0)


def annotate_for_list(queryset: QuerySet[Article]) -> "QuerySet[ListedArticle]":
    """Articles with all that the list shows, sorts and filters by: one query, whatever the number of rows."""
    today = timezone.localdate()
    newest = Version.objects.filter(article=OuterRef("pk")).order_by("-pk")

    def of_newest(name: str, output_field: "Field[Any, Any] | None" = None) -> Subquery:
        return Subquery(newest.values(name)[:1], output_field=output_field)

    listed = queryset.annotate(
        newest_title=of_newest("title"),
        newest_author=of_newest("author"),
        newest_reviewed=of_newest("clinically_reviewed_on"),
        newest_grade=of_newest("grade"),
        due=of_newest("review_due"),
        starts=of_newest("publish_at", DateTimeField()),
        stage=Case(
            When(Exists(filter_newest(approved_at__isnull=False)), then=Value("approved")),
            When(Exists(filter_newest(returned_at__isnull=False)), then=Value("returned")),
            When(Exists(filter_newest(sent_at__isnull=False)), then=Value("waits")),
            default=Value("draft"),
        ),
        is_live=Exists(Version.objects.live().filter(article=OuterRef("pk"))),
        page_path=Concat(Value("/"), "topic__slug", Value("/"), "slug", Value("/"), output_field=CharField()),
    ).annotate(
        overdue=ExpressionWrapper(Q(due__lt=today, withdrawn=False), output_field=BooleanField()),
        # What somebody has to do something about stands first.
        order=Case(When(overdue=True, then=0), When(stage="waits", then=1), default=2, output_field=IntegerField()),
        clear=count_feedback(True),
        unclear=count_feedback(False),
    )
    return cast("QuerySet[ListedArticle]", listed)


def filter_newest(**wanted: Any) -> QuerySet[Version]:
    """The newest version of an article, if it is like this."""
    last = Version.objects.filter(article=OuterRef("article")).order_by("-pk").values("pk")[:1]
    return Version.objects.filter(article=OuterRef("pk"), pk=Subquery(last), **wanted)


@admin.register(Article)
class ArticleAdmin(LooksFirstMixin, TidySearchMixin, NoDeletionMixin, BaseAdmin):
    form = ArticleForm
    formfield_overrides = ADMIN_FIELDS
    change_form_template = "admin/content/article/change_form.html"
    list_display = ("title", "state", "next_review", "reading_grade", "readers", "clinical_review", "last_change")
    list_filter = (NeedsFilter, "topic")
    list_select_related = ("topic", "owner")
    search_fields = ("slug", "newest_title")
    search_help_text = "Words of the title or of the address"
    list_per_page = 100
    filter_horizontal = ("related",)
    # The note on what changed and the hidden opened_on stand beside the buttons: see change_form.html.
    fieldsets = (
        (None, {"fields": ("title", "summary", "body")}),
        ("Review and publication", {"fields": (("written", "review_due"), ("publish_at", "expires_at"))}),
        (
            "Where it stands",
            {
                "fields": ("topic", "slug", "sport", "position", "owner", "related"),
                "description": "These take effect as soon as you save, without approval. Only an approver moves a "
                "page that patients have read; its old address leads to the new one for ever.",
            },
        ),
    )

    class Media:
        css = STYLES
        js = SCRIPTS

    # --- The list ----------------------------------------------------------------------------------------------------
    def get_queryset(self, request: HttpRequest) -> QuerySet[Article]:
        newest = Version.objects.newest().select_related("author").defer("body", "figures", "pictures", "summary")
        # Not super(): it sorts before there is anything to sort by.
        found: QuerySet[Any] = annotate_for_list(Article.objects.all()).order_by(*self.get_ordering(request))
        unsaved = Autosave.objects.filter(article=OuterRef("pk"), author=as_staff_request(request).user)
        listed: QuerySet[Article] = found.annotate(unsaved=Exists(unsaved)).prefetch_related(
            Prefetch("versions", newest, to_attr="newest_versions")
        )
        return listed

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, {"title": "Articles", **(extra_context or {})})

    def get_ordering(self, request: HttpRequest) -> list[str | Combinable]:
        return ["order", "due", "slug"] if request.GET.get("show") == "overdue" else [
            "order", "topic__position", "position", "slug",
        ]  # fmt: skip

    @admin.display(ordering="newest_title")
    def title(self, obj: ListedArticle) -> str:
        return obj.newest_title or obj.slug

    @admin.display(ordering="stage")
    def state(self, obj: ListedArticle) -> str:
        if obj.withdrawn:
            return "Withdrawn"
        said = describe_state(obj.newest) if obj.newest else "Draft"
        if obj.stage != "approved" or obj.starts > timezone.now():
            said += "; patients read other words" if obj.is_live else "; not on the site"
        if obj.unsaved:
            said += "; you have unsaved text here"
        return said

    @admin.display(description="clinical review", ordering="newest_reviewed")
    def clinical_review(self, obj: ListedArticle) -> str:
        return date_format(obj.newest_reviewed, "j F Y") if obj.newest_reviewed else "Not yet"

    @admin.display(ordering="due", description="next review due")
    def next_review(self, obj: ListedArticle) -> str:
        if not obj.due:
            return "-"
        day = date_format(obj.due, "j F Y")
        return format_html("<strong>Overdue since {}</strong>", day) if obj.overdue else day

    @admin.display(ordering="newest_grade", description="grade")
    def reading_grade(self, obj: ListedArticle) -> str:
        return "-" if obj.newest_grade is None else f"{obj.newest_grade:.1f}"

    @admin.display(ordering="unclear", description="clear / not clear")
    def readers(self, obj: ListedArticle) -> str:
        return f"{obj.clear} / {obj.unclear}" if obj.clear or obj.unclear else "-"

    @admin.display(description="last changed by")
    def last_change(self, obj: ListedArticle) -> str:
        if not obj.newest:
            return "-"
        return f"{format_person(obj.newest.author)}, {date_format(timezone.localtime(obj.newest.created_at), 'j F Y')}"

    # --- The page of one article -------------------------------------------------------------------------------------
    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        own = [
            path("guide/", view(desk.show_guide), {"admin": self}, name="content_article_guide"),
            path("token/", view(desk.send_csrf_token), name="content_article_token"),
            path("new/desk/", view(desk.sync_editor), {"admin": self}, name="content_article_new_desk"),
            path("new/preview/", view(desk.show_preview), {"admin": self}, name="content_article_new_preview"),
            path("new/discard/", view(desk.discard_autosave), {"admin": self}, name="content_article_new_discard"),
            *(
                path(f"<int:pk>/{name}/", view(do), {"admin": self}, name=f"content_article_{name}")
                for name, do in [
                    ("desk", desk.sync_editor),
                    ("preview", desk.show_preview),
                    ("discard", desk.discard_autosave),
                    ("compare", desk.show_version_diff),
                    ("withdraw", desk.withdraw_page),
                    ("put_back", desk.put_back_page),
                ]
            ),
        ]
        return [*own, *super().get_urls()]

    def get_form(
        self, request: HttpRequest, obj: Article | None = None, change: bool = False, **kwargs: Any
    ) -> type[ArticleForm]:
        form = cast(type[ArticleForm], super().get_form(request, obj, change=change, **kwargs))
        # The class is made for this request alone.
        form.user = as_staff_request(request).user
        return form

    def get_field_queryset(self, db: str | None, db_field: Any, request: HttpRequest) -> None:
        """None: lists to choose from are sorted as their model says, for they lack what the list sorts by."""

    def get_prepopulated_fields(self, request: HttpRequest, obj: Article | None = None) -> dict[str, Sequence[str]]:
        # A new title does not move a page.
        return {} if obj else {"slug": ("title",)}

    def get_readonly_fields(self, request: HttpRequest, obj: Article | None = None) -> tuple[str, ...]:
        # Where patients find a page is no editor's to change alone: nobody approves an address.
        read = obj is not None and obj.pk is not None and obj.versions.filter(approved_at__isnull=False).exists()
        return ("topic", "slug", "sport") if read and not as_staff_request(request).user.has_perm(APPROVE) else ()

    def get_fieldsets(self, request: HttpRequest, obj: Article | None = None) -> list[Any]:
        words, dates, place = self.fieldsets
        if obj:
            return [words, dates, (place[0], {**place[1], "classes": ("collapse",)})]
        return [words, place, dates]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        today = timezone.localdate()
        start = {
            "owner": request.user.pk,
            "written": today,
            "review_due": today + datetime.timedelta(days=365),
            "note": "First version",
        }
        return {**start, **super().get_changeform_initial_data(request)}

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        article = self.get_object(request, object_id) if object_id else None
        if (
            article
            and article.newest
            and not self.has_change_permission(request, article)
            and self.has_view_permission(request, article)
        ):
            # Who approves or reviews reads the newest words; this page is for writing.
            return HttpResponseRedirect(reverse("admin:content_version_change", args=[article.newest.pk]))
        if article and request.method == "GET":
            Presence.objects.mark(article, as_staff_request(request).user)
        page = super().changeform_view(request, object_id, form_url, extra_context)
        if isinstance(page, TemplateResponse) and page.context_data and "adminform" in page.context_data:
            # Here, not in render_change_form: outside of the transaction.
            form, shown = page.context_data["adminform"].form, page.context_data.get("original")
            page.context_data |= desk.build_editor_context(as_staff_request(request), form, shown)
        return page

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Article | None = None,
    ) -> HttpResponse:
        form = context["adminform"].form
        if form.is_bound:
            # Sent, but not saved: kept as typed, in case the browser or the session ends now.
            desk.save_autosave(obj, as_staff_request(request))
        if form.has_changed_place():
            fieldsets = context["adminform"].fieldsets
            context["adminform"].fieldsets = [(name, {**options, "classes": ()}) for name, options in fieldsets]
        return super().render_change_form(request, context, add, change, form_url, obj)

    @transaction.atomic
    def save_model(self, request: HttpRequest, obj: Article, form: Any, change: bool) -> None:
        user = as_staff_request(request).user
        changed = form.has_changed_words(form.cleaned_data)
        super().save_model(request, obj, form, change)
        version = publishing.write_version(obj, user, form.collect_words()) if changed or not obj.newest else obj.newest
        said = (
            "Saved as a draft. Patients read it once it is sent and somebody else has approved it."
            if changed
            else "Saved. The words are unchanged, so there is no new version."
        )
        level = messages.SUCCESS
        if "_send" in request.POST:
            try:
                publishing.send_for_approval(version, user)
                said = f"Saved and sent. {describe_approvers(version)}"
            except publishing.PublishingError as refused:
                level, said = messages.WARNING, f"{said} {refused}"
        if change and {"topic", "slug"} & {*form.changed_data}:
            said += f" The address is now {obj.get_absolute_url()}. The old one leads to it."
        Autosave.objects.filter(article=obj if change else None, author=user).delete()
        messages.add_message(request, level, said)

    def response_add(self, request: HttpRequest, obj: Article, post_url_continue: str | None = None) -> HttpResponse:
        return self.response_change(request, obj)

    def response_change(self, request: HttpRequest, obj: Article) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:content_article_change", args=[obj.pk]))

    def view_on_site(self, obj: Article) -> str | None:
        return obj.get_absolute_url() if obj.current else None
