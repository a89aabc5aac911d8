"""The form of an article's page: its next words, and where it stands."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.contrib.admin.widgets import AdminDateWidget, AdminTextareaWidget, AdminTextInputWidget
from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from core.pages import stale
from core.typed.fields import DayField, DecimalField, LineField, MomentField, Tidied
from core.typed.tidy import tidy_markdown

from ..models import ALWAYS_THERE, Article, Autosave, OldAddress, Picture, Source, Version
from ..starter import loader
from ..text import drawings, markdown, signs
from ..text.problems import find_problems
from .common import format_person

if TYPE_CHECKING:
    BaseArticleForm = forms.ModelForm[Article]
    BaseRows = forms.BaseFormSet[Any]
else:
    BaseArticleForm, BaseRows = forms.ModelForm, forms.BaseFormSet

LONGEST_NOTE = 200
SPORT_STAYS = "A page about a sport keeps its sport's address: it cannot be moved."


class MarkdownArea(forms.Textarea):
    """A textarea with a toolbar. Without JavaScript the toolbar stays hidden and the textarea is just that."""

    uploads = sources = pages = ()

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        context = {
            "boxes": (*markdown.CARDS, "note"),
            "uploads": self.uploads,
            "drawings": drawings.list_drawings(),
            "signs": signs.list_choices(),
            "sources": self.sources,
            "pages": self.pages,
        }
        textarea = super().render(name, value, attrs, renderer)
        return render_to_string("admin/content/article/textarea.html", {**context, "textarea": textarea})


class MarkdownField(Tidied, forms.CharField):
    """The text of an article, as it is stored: one line end after its last word, as starter files have it."""

    tidy = staticmethod(tidy_markdown)

    def to_python(self, value: Any) -> str:
        return f"{body}\n" if (body := super().to_python(value)) else ""


class FigureForm(forms.Form):
    """One published figure, a bar of the chart on the page."""

    label = LineField(max_length=120, label="What was counted")
    percent = DecimalField(min_value=0, max_value=100, max_digits=5, decimal_places=2, label="Per cent")
    of = LineField(max_length=200, label="Out of whom")
    source = LineField(max_length=50, label="Source (key)", widget=forms.TextInput(attrs={"list": "source-keys"}))

    def clean_source(self) -> str:
        key: str = self.cleaned_data["source"].removeprefix("@")
        if not Source.objects.filter(key=key).exists():
            raise forms.ValidationError(f"There is no source with the key “{key}”. Add it under Sources first.")
        return key

    def build_figure(self) -> dict[str, Any]:
        """As a version keeps it."""
        percent = float(self.cleaned_data["percent"])
        values = {name: self.cleaned_data[name] for name in ("label", "of", "source")}
        return {"label": values["label"], "percent": int(percent) if percent == int(percent) else percent, **values}


def tidy_figure(figure: dict[str, Any]) -> dict[str, Any]:
    """A stored figure as it would be stored again."""
    words = {name: FigureForm.base_fields[name].to_python(figure[name]) for name in ("label", "of", "source")}
    return {**figure, **words}


class BaseFigureRows(BaseRows):
    """Rows that all may be left empty: an emptied row is a row taken away."""

    def initial_form_count(self) -> int:
        return 0

    def total_form_count(self) -> int:
        return super().total_form_count() if self.is_bound else len(self.initial or ()) + self.extra


FigureRows = forms.formset_factory(FigureForm, BaseFigureRows, extra=2, max_num=40, absolute_max=60, can_delete=True)


def make_moment_field(label: str, help_text: str) -> MomentField:
    """A date with a time by the clock of the clinic, picked with what the browser brings."""
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    help_text += f" Clinic time ({settings.TIME_ZONE})."
    return MomentField(widget=widget, required=False, label=label, help_text=help_text)


class ArticleForm(BaseArticleForm):
    """An article's address, and the words of its next version."""

    overtaken = False
    WORDS = ("title", "summary", "body", "written", "review_due", "publish_at", "expires_at")
    # Set by the admin on the class it makes for one request.
    user: User | None = None

    title = LineField(max_length=120, widget=AdminTextInputWidget)
    summary = LineField(
        max_length=200,
        widget=AdminTextareaWidget(attrs={"rows": 3}),
        label="One-line answer",
        help_text="What the reader most needs to know, in at most 200 characters.",
    )
    body = MarkdownField(
        # Not max_length on the field: a browser would cut what is pasted in without a word.
        widget=MarkdownArea(attrs={"rows": 34, "cols": 80, "spellcheck": "true"}),
        label="Text",
    )
    written = DayField(widget=AdminDateWidget, label="Date written")
    review_due = DayField(widget=AdminDateWidget, label="Next review due")
    publish_at = make_moment_field(label="Publish on", help_text="Leave it empty: as soon as somebody approves it.")
    expires_at = make_moment_field(
        label="Take off the site on", help_text="Almost always empty. For a page that is true only for a time."
    )
    note = LineField(
        max_length=LONGEST_NOTE,
        required=False,
        widget=AdminTextInputWidget(attrs={"placeholder": "in a few words, for your colleagues"}),
        label="What changed?",
        help_text="Needed with new words. For your colleagues; patients do not see it.",
    )
    # The version the words on this page came from, to notice when somebody else was faster.
    opened_on = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Article
        fields = ("topic", "slug", "sport", "position", "owner", "related")
        labels = {"slug": "Last part of the address"}
        error_messages = {
            "slug": {
                "invalid": "Use only the letters a to z, numbers and hyphens, such as “golf-swing”: no spaces.",
                "unique": "Another page has this address. Choose another.",
            }
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.newest = self.instance.newest if self.instance.pk else None
        self.conflict: Version | None = None
        figures: list[dict[str, Any]] = []
        if self.newest:
            for name in self.WORDS:
                self.initial.setdefault(name, getattr(self.newest, name))
            if self.newest.approved_at:
                # The schedule of words that are approved is not that of the next ones.
                self.initial["publish_at"] = None
            self.initial["opened_on"] = self.newest.pk
            figures = self.newest.figures
        self.stored = dict(self.initial)
        if self.instance.sport_id and "slug" in self.fields:
            self.fields["slug"].help_text = SPORT_STAYS
        self.saved = Autosave.objects.filter(article=self.instance.pk, author=self.user).first() if self.user else None
        if self.saved and not self.is_bound:
            self.initial.update(self.read_autosaved_values(self.saved.data))
            figures = read_typed_figures(self.saved.data)
        data = self.data if self.is_bound else None
        self.figures = FigureRows(data, prefix="figures", initial=[] if self.is_bound else figures)
        self.set_choices()

    def is_multipart(self) -> bool:
        # Sent so, a long text is not blown up by escaping each of its signs.
        return True

    def set_choices(self) -> None:
        body = self.fields["body"].widget
        self.uploads = list(Picture.objects.values_list("name", flat=True))
        body.uploads = self.uploads
        body.sources = Source.objects.values_list("key", "title")
        body.pages = [
            (reverse("article", args=place), title)
            for *place, title in Version.objects.live()
            .order_by("title")
            .values_list("article__topic__slug", "article__slug", "title")
        ]
        if isinstance(owner := self.fields.get("owner"), forms.ModelChoiceField):
            owner.queryset = get_user_model().objects.filter(is_active=True, is_staff=True)
            owner.label_from_instance = format_person  # type: ignore[assignment]  # on this form alone
        if isinstance(related := self.fields.get("related"), forms.ModelChoiceField):
            if self.instance.pk:
                related.queryset = Article.objects.exclude(pk=self.instance.pk)
            titles = dict(Article.objects.newest_titles())
            related.label_from_instance = lambda article: titles.get(article.pk, article.slug)  # type: ignore[assignment]  # likewise

    def read_autosaved_values(self, data: dict[str, list[str]]) -> dict[str, Any]:
        """What was typed and not saved, as initial values."""
        names = {*self.WORDS, "note", "opened_on", *(self._meta.fields or ())}
        if self.instance.pk:
            # A page is moved by who looks at its address now, not by what was once typed there.
            names -= {"topic", "slug", "sport"}
            # Nor is undone what somebody else saved since then.
            seen = stale.parse_marks((data.get(stale.SEEN) or [""])[-1])
            now = stale.mark_fields(self.instance, ArticleForm.Meta.fields)
            names -= {name for name, mark in now.items() if seen.get(name) != mark}
        many = {"related"}
        return {
            name: values if name in many else values[-1] for name, values in data.items() if name in names and values
        }

    def has_changed_place(self) -> bool:
        """Whether something of where the article stands is on the page otherwise than it is stored."""
        # The admin's own class counts the words among its fields too.
        place = [name for name in ArticleForm.Meta.fields if name in self.fields]
        if self.is_bound:
            return not {*place}.isdisjoint(self.changed_data)
        return any(self.fields[name].has_changed(self.stored.get(name), self.initial.get(name)) for name in place)

    def clean_body(self) -> str:
        body: str = self.cleaned_data["body"]
        known = set(Source.objects.values_list("key", flat=True))
        about = {"title": self.cleaned_data.get("title", ""), "page": self.instance.slug}
        if found := find_problems(body, known, self.uploads, **about):
            raise forms.ValidationError([str(problem) for problem in found])
        return body

    def clean(self) -> dict[str, Any]:
        super().clean()
        data = self.cleaned_data
        if data.get("written") and data.get("review_due") and data["review_due"] <= data["written"]:
            self.add_error("review_due", "The next review comes after the day it was written.")
        if data.get("publish_at") and data.get("expires_at") and data["expires_at"] <= data["publish_at"]:
            self.add_error("expires_at", "It would be taken off the site before it is published.")
        if data.get("expires_at") and self.instance.slug in ALWAYS_THERE:
            self.add_error("expires_at", "Every page of the site leads to this one, so it has no end.")
        if self.instance.slug in ALWAYS_THERE and {"topic", "slug"} & set(self.changed_data):
            self.add_error("slug", "Every page of the site leads to this address, so it stays.")
        if {"topic", "slug"} & {*self.changed_data} and OldAddress.objects.led_elsewhere(
            data.get("slug"), self.instance
        ):
            self.add_error("slug", "This address led to another page within the last year. Choose another.")
        if not self.figures.is_valid():
            self.add_error(None, "One of the published figures cannot be used: see the rows below the text.")
        self.validate_sport(data)
        if self.has_changed_words(data) and not data.get("note"):
            self.add_error("note", "Say in a few words what you changed.")
        self.validate_no_edit_conflict(data)
        return data

    def collect_words(self) -> dict[str, Any]:
        """The words of the next version."""
        values = {name: self.cleaned_data[name] for name in (*self.WORDS, "note")}
        rows = [row for row in self.figures if row.has_changed() and not row.cleaned_data.get("DELETE")]
        return {**values, "figures": [row.build_figure() for row in rows]}

    def has_changed_words(self, data: dict[str, Any]) -> bool:
        """Whether there is anything to append; False as long as something is wrong with a field."""
        if self.errors or not self.figures.is_valid():
            return False
        if not self.newest:
            return True
        new = self.collect_words()
        # Words from before all were tidied are no change when they are tidied now.
        old = {name: self.fields[name].to_python(getattr(self.newest, name)) for name in self.WORDS}
        # An approved version's own schedule is over; only a new wish is a change.
        old |= {
            "publish_at": self.initial.get("publish_at"), "figures": [tidy_figure(row) for row in self.newest.figures],
        }  # fmt: skip
        return any(new[name] != old[name] for name in new if name != "note")

    def validate_sport(self, data: dict[str, Any]) -> None:
        topic, sport = data.get("topic"), data.get("sport")
        slug = data.get("slug", self.instance.slug)
        if topic and (topic.slug == loader.SPORTS) != bool(sport):
            self.add_error("sport", "An article in the sports topic names its sport; in other topics this stays empty.")
        elif sport and slug != sport.slug:
            if self.instance.pk and "slug" in self.changed_data:
                self.add_error("slug", f"{SPORT_STAYS} It is “{sport.slug}”.")
            else:
                self.add_error("sport", f"The page about {sport.name} has the address “{sport.slug}”.")

    def validate_no_edit_conflict(self, data: dict[str, Any]) -> None:
        if not self.instance.pk:
            return
        # Held until the save is done, so that two editors who press Save at once come one after the other.
        stale.lock_for_save(Article.objects.all()).get(pk=self.instance.pk)
        newest = self.instance.versions.newest().select_related("author").get()
        if newest.pk in (data.get("opened_on"), self.parse_number("brought_together")):
            return
        self.conflict, self.overtaken = newest, True
        raise forms.ValidationError(
            f"{format_person(newest.author)} changed this article while you had it open (“{newest.note}”). Nothing was "
            "saved yet, and your text is still below. Look at what changed, put into your text what belongs there, "
            "tick the box above the buttons, and save again. Both versions stay in the history."
        )

    def parse_number(self, name: str) -> int | None:
        value = self.data.get(name, "")
        return int(value) if value.isascii() and value.isdigit() and len(value) < 19 else None


def read_typed_figures(data: Mapping[str, list[Any]]) -> list[dict[str, Any]]:
    """Rows of figures as typed and not saved."""
    rows: dict[int, dict[str, Any]] = {}
    for name, values in data.items():
        prefix, _, rest = name.partition("-")
        index, _, field = rest.partition("-")
        if prefix == "figures" and re.fullmatch("[0-9]{1,3}", index) and field in FigureForm.base_fields and values:
            rows.setdefault(int(index), {})[field] = values[-1]
    return [rows[index] for index in sorted(rows) if any(rows[index].values())]
