"""Where editors keep the articles current. Saving an article appends a version; nothing is overwritten or deleted."""

from django import forms
from django.contrib import admin
from django.db import models
from django.db.models import Count, OuterRef, Prefetch, Q, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join

from content import library, markdown
from content.models import Article, Feedback, Source, Sport, Topic, Version

BODY_HELP = format_html(
    "Headings start with ##. A source is cited as [@key] right after its sentence. "
    "A box starts with one of {} on a line of its own, holds a list, and ends with ::: on a line of its own.",
    ", ".join(f"::: {name}" for name in markdown.CONTAINERS),
)


def review_words(version):
    """Whether a clinician has reviewed these words, in words."""
    if version.clinically_reviewed_on:
        day = date_format(version.clinically_reviewed_on)
        return f"Reviewed by {version.clinically_reviewed_by} on {day}"
    return "Not yet clinically reviewed"


class ArticleForm(forms.ModelForm):
    """An article's address, and the words of its next version."""

    WORDS = ("title", "summary", "body", "written", "review_due", "note")

    title = forms.CharField(max_length=120, widget=admin.widgets.AdminTextInputWidget)
    summary = forms.CharField(
        max_length=200,
        widget=admin.widgets.AdminTextareaWidget(attrs={"rows": 3}),
        label="One-line answer",
        help_text="What the reader most needs to know, in at most 200 characters.",
    )
    body = forms.CharField(
        widget=admin.widgets.AdminTextareaWidget(attrs={"rows": 40}), label="Text (Markdown)", help_text=BODY_HELP
    )
    written = forms.DateField(widget=admin.widgets.AdminDateWidget, label="Date written")
    review_due = forms.DateField(widget=admin.widgets.AdminDateWidget, label="Next review due")
    note = forms.CharField(
        max_length=200,
        widget=admin.widgets.AdminTextInputWidget,
        label="What changed?",
        help_text="For your colleagues; patients do not see it.",
    )
    # The version the words on this page came from, to notice when somebody else was faster.
    opened_on = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Article
        fields = ("topic", "slug", "sport", "position", "related", "withdrawn")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        newest = self.instance.newest if self.instance.pk else None
        if newest:
            for name in self.WORDS:
                if name != "note":
                    self.initial.setdefault(name, getattr(newest, name))
            self.initial["opened_on"] = newest.pk
        if self.instance.pk and "related" in self.fields:
            self.fields["related"].queryset = Article.objects.exclude(pk=self.instance.pk)

    def clean_body(self):
        # Browsers send \r\n; stored as the library files are, so that two versions compare line by line.
        body = self.cleaned_data["body"].replace("\r\n", "\n").strip() + "\n"
        if found := markdown.problems(body, set(Source.objects.values_list("key", flat=True))):
            raise forms.ValidationError(found)
        return body

    def clean(self):
        data = super().clean()
        if data.get("written") and data.get("review_due") and data["review_due"] <= data["written"]:
            self.add_error("review_due", "The next review comes after the day it was written.")
        self.check_sport(data)
        self.check_nobody_was_faster(data)
        return data

    def check_sport(self, data):
        topic, sport = data.get("topic"), data.get("sport")
        slug = data.get("slug", self.instance.slug)
        if topic and (topic.slug == library.SPORTS) != bool(sport):
            self.add_error("sport", "An article in the sports topic names its sport; in other topics this stays empty.")
        elif sport and slug != sport.slug:
            self.add_error("sport", f"The page about {sport.name} has the address “{sport.slug}”.")

    def check_nobody_was_faster(self, data):
        if not self.instance.pk:
            return
        # Held until the save is done, so that two editors who press Save at once come one after the other.
        Article.objects.select_for_update().get(pk=self.instance.pk)
        newest = self.instance.versions.newest().select_related("author").get()
        if data.get("opened_on") != newest.pk:
            raise forms.ValidationError(
                f"{newest.author or 'The starter library'} changed this article while you had it open "
                f"(“{newest.note}”). Nothing was saved, and your text is still below. Open the article in a second "
                "tab, bring the two texts together there, and save that."
            )


class NoDeletion:
    """What articles stand on stays: withdraw an article instead of deleting it."""

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Article)
class ArticleAdmin(NoDeletion, admin.ModelAdmin):
    form = ArticleForm
    list_display = ("title", "topic", "state", "clinical_review", "next_review", "last_change")
    list_filter = ("topic", "withdrawn")
    list_select_related = ("topic",)
    search_fields = ("slug", "versions__title")
    ordering = ("topic__position", "position", "slug")
    filter_horizontal = ("related",)
    readonly_fields = ("clinical_review", "past_versions")
    fieldsets = (
        (None, {"fields": ("clinical_review", *ArticleForm.WORDS, "opened_on")}),
        ("Where it stands", {"fields": ("topic", "slug", "sport", "position", "related", "withdrawn")}),
        ("Past versions", {"fields": ("past_versions",)}),
    )

    def get_queryset(self, request):
        newest = Version.objects.filter(article=OuterRef("pk")).order_by("-pk")
        return (
            super()
            .get_queryset(request)
            .annotate(newest_title=Subquery(newest.values("title")[:1]), due=Subquery(newest.values("review_due")[:1]))
            .prefetch_related(
                Prefetch("versions", Version.objects.newest().select_related("author"), to_attr="newest_versions")
            )
        )

    def get_readonly_fields(self, request, obj=None):
        # Other pages, bookmarks and search engines know the address.
        return (*self.readonly_fields, "slug") if obj else self.readonly_fields

    def save_model(self, request, obj, form, change):
        old = obj.newest if change else None
        super().save_model(request, obj, form, change)
        now = timezone.now()
        obj.append(
            **{name: form.cleaned_data[name] for name in ArticleForm.WORDS},
            figures=old.figures if old else [],
            author=request.user,
            approved_by=request.user,
            approved_at=now,
            publish_at=now,
        )

    def view_on_site(self, obj):
        return obj.get_absolute_url() if obj.current else None

    @admin.display(ordering="newest_title")
    def title(self, obj):
        return obj.newest.title if obj.newest else obj.slug

    def state(self, obj):
        newest = obj.newest
        if obj.withdrawn:
            return "Withdrawn"
        if not newest or not newest.approved_at:
            return "Waits for approval"
        if newest.publish_at > timezone.now():
            return f"Published from {date_format(timezone.localtime(newest.publish_at), 'DATETIME_FORMAT')}"
        return "Published"

    def clinical_review(self, obj):
        return review_words(obj.newest) if obj.pk and obj.newest else "Not yet clinically reviewed"

    clinical_review.help_text = "Saving a change asks for a new clinical review."

    @admin.display(ordering="due", description="next review due")
    def next_review(self, obj):
        if not obj.newest:
            return "-"
        day = date_format(obj.newest.review_due)
        return f"Overdue since {day}" if obj.newest.review_is_overdue else day

    @admin.display(description="last changed by")
    def last_change(self, obj):
        if not obj.newest:
            return "-"
        day = date_format(timezone.localtime(obj.newest.created_at))
        return f"{obj.newest.author or 'starter library'}, {day}"

    def past_versions(self, obj):
        if not obj.pk:
            return "None yet."
        rows = (
            (
                reverse("admin:content_version_change", args=[version.pk]),
                date_format(timezone.localtime(version.created_at), "DATETIME_FORMAT"),
                version.author or "starter library",
                version.note,
                review_words(version),
            )
            for version in obj.versions.select_related("author").defer("body", "figures")
        )
        return format_html(
            "<table><thead><tr><th>Saved</th><th>By</th><th>What changed</th><th>Clinical review</th></tr></thead>"
            "<tbody>{}</tbody></table>",
            format_html_join("", '<tr><td><a href="{}">{}</a></td><td>{}</td><td>{}</td><td>{}</td></tr>', rows),
        )


@admin.register(Version)
class VersionAdmin(NoDeletion, admin.ModelAdmin):
    """One past version to read; reached from its article."""

    fields = (
        "article", "title", "summary", "body", "written", "review_due", "note", "author", "created_at", "approved_by",
        "approved_at", "publish_at", "clinically_reviewed_by", "clinically_reviewed_on", "sources",
    )  # fmt: skip

    def has_module_permission(self, request):
        return False

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False


class Place(NoDeletion, admin.ModelAdmin):
    """A topic or a sport: its slug is part of addresses, so it stays."""

    list_display = ("name", "slug", "position")
    ordering = ("position", "slug")

    def get_readonly_fields(self, request, obj=None):
        return ("slug",) if obj else ()


admin.site.register([Topic, Sport], Place)


@admin.register(Source)
class SourceAdmin(NoDeletion, admin.ModelAdmin):
    list_display = ("key", "title", "body", "year", "checked")
    search_fields = ("key", "title", "body")
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}
    ordering = ("key",)

    def get_readonly_fields(self, request, obj=None):
        # Articles cite it by this key.
        return ("key",) if obj else ()


@admin.register(Feedback)
class FeedbackAdmin(NoDeletion, admin.ModelAdmin):
    """What readers said, page by page; to read only."""

    list_display = ("day", "path", "clear", "text")
    list_display_links = None
    list_filter = ("clear", "day")
    search_fields = ("path", "text")
    list_per_page = 50
    show_full_result_count = False

    def changelist_view(self, request, extra_context=None):
        pages = (
            Feedback.objects.values("path")
            .annotate(yes=Count("pk", filter=Q(clear=True)), no=Count("pk", filter=Q(clear=False)))
            .order_by("-no", "-yes", "path")[:100]
        )
        return super().changelist_view(request, {"pages": pages, "title": "What readers said", **(extra_context or {})})

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False
