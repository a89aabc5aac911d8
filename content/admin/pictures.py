"""Pictures: uploaded once, used in articles by name."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join

from core.pages.admin import TidySearchMixin
from core.typed.fields import ADMIN_FIELDS

from .. import images
from ..models import Picture, Version
from ..text import drawings
from .common import STYLES, LooksFirstMixin, NoDeletionMixin, as_staff_request

if TYPE_CHECKING:
    BaseForm = forms.ModelForm[Picture]
    BaseAdmin = admin.ModelAdmin[Picture]
else:
    BaseForm, BaseAdmin = forms.ModelForm, admin.ModelAdmin


class PictureWordsForm(BaseForm):
    """The words of a picture, which can change."""

    class Meta:
        model = Picture
        fields = ("name", "alt", "caption", "credit")
        error_messages = {"name": {"invalid": "Use small letters, digits and hyphens only, such as heat-pack."}}

    def clean_alt(self) -> str:
        alt: str = self.cleaned_data["alt"]
        if len(alt.split()) < 3:
            raise forms.ValidationError("Say in a few words what the picture shows.")
        return alt


class PictureUploadForm(PictureWordsForm):
    """A new picture: its words, and the file."""

    upload = forms.FileField(
        label="File",
        help_text="A photograph or drawing as JPEG, PNG or WebP, 300 pixels wide or more, 24 MB at most. "
        "Where and when it was taken is removed.",
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )

    def clean_upload(self) -> "UploadedFile[Any]":
        upload: UploadedFile[Any] = self.cleaned_data["upload"]
        made: images.ProcessedImage | None = getattr(upload, "made", None)
        try:
            # Remembered with the file: LooksFirstMixin asks twice, the second time within the transaction.
            self.made = made or images.process_upload(upload)
        except images.UnusableImageError as error:
            raise forms.ValidationError(str(error)) from None
        upload.made = self.made  # type: ignore[attr-defined]
        if same := Picture.objects.filter(digest=self.made.digest).first():
            raise forms.ValidationError(f"This picture is here already. Its name is “{same.name}”.")
        return upload


@admin.register(Picture)
class PictureAdmin(LooksFirstMixin, TidySearchMixin, NoDeletionMixin, BaseAdmin):
    list_display = ("preview", "name", "alt", "credit", "how_to_use")
    list_display_links = ("name",)
    search_fields = ("name", "alt", "caption", "credit")
    ordering = ("name",)
    formfield_overrides = ADMIN_FIELDS

    class Media:
        css = STYLES

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        shown = [(name, shows, drawings.render_drawing(name)) for name, shows in drawings.list_drawings()]
        return super().changelist_view(request, {"drawings": shown, **(extra_context or {})})

    def add_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().add_view(request, *args, **kwargs)
        except IntegrityError:
            # The same name or picture came at the same time: at a second look it is there, and the form says so.
            return super().add_view(request, *args, **kwargs)

    def get_form(
        self, request: HttpRequest, obj: Picture | None = None, change: bool = False, **kwargs: Any
    ) -> type[BaseForm]:
        return super().get_form(
            request, obj, change=change, form=PictureWordsForm if obj else PictureUploadForm, **kwargs
        )

    def get_fields(self, request: HttpRequest, obj: Picture | None = None) -> tuple[str, ...]:
        if obj:
            return ("preview", "name", "how_to_use", "alt", "caption", "credit", "used_in")
        return ("upload", "name", "alt", "caption", "credit")

    def get_readonly_fields(self, request: HttpRequest, obj: Picture | None = None) -> tuple[str, ...]:
        # Articles name it, and versions were approved with it: another picture gets another name.
        return ("preview", "name", "how_to_use", "used_in") if obj else ()

    def save_model(self, request: HttpRequest, obj: Picture, form: Any, change: bool) -> None:
        if not change:
            images.save_files(form.made)
            obj.digest, obj.width, obj.height = form.made.digest, form.made.width, form.made.height
            obj.widths, obj.uploaded_by = sorted(form.made.files), as_staff_request(request).user
        super().save_model(request, obj, form, change)

    @admin.display(description="Picture")
    def preview(self, obj: Picture) -> str:
        address = reverse("picture", args=[obj.digest, obj.widths[0]])
        return format_html(
            '<img class="thumbnail" src="{}" width="{}" height="{}" alt="{}" loading="lazy">',
            *(address, obj.widths[0], round(obj.height * obj.widths[0] / obj.width), obj.alt),
        )

    @admin.display(description="In an article, write")
    def how_to_use(self, obj: Picture) -> str:
        return format_html("<code>::: picture {}</code>", obj.name)

    @admin.display(description="Used in")
    def used_in(self, obj: Picture) -> str:
        """Articles whose newest or published words show it."""
        shown = Q(pk__in=Version.objects.newest()) | Q(pk__in=Version.objects.live())
        found = Version.objects.filter(shown).exclude(pictures=[]).select_related("article").defer("body", "figures")
        articles = {
            version.article_id: version
            for version in found.order_by("pk")
            if any(picture["name"] == obj.name for picture in version.pictures)
        }
        rows = [
            (reverse("admin:content_article_change", args=[version.article_id]), version.title)
            for version in articles.values()
        ]
        return format_html_join(", ", '<a href="{}">{}</a>', rows) or "No article yet"
