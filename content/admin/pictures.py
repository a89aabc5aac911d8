"""Pictures: uploaded once, used in articles by name."""

from django import forms
from django.contrib import admin
from django.db.models import Q
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe

from .. import images
from ..models import Picture, Version
from ..text import markdown
from .common import STYLES, NoDeletionMixin


class PictureWordsForm(forms.ModelForm):
    """The words of a picture, which can change."""

    class Meta:
        model = Picture
        fields = ("name", "alt", "caption", "credit")
        error_messages = {"name": {"invalid": "Use small letters, digits and hyphens only, such as heat-pack."}}

    def clean_alt(self):
        alt = self.cleaned_data["alt"].strip()
        if len(alt.split()) < 3:
            raise forms.ValidationError("Say in a few words what the picture shows.")
        return alt


class PictureUploadForm(PictureWordsForm):
    """A new picture: its words, and the file."""

    upload = forms.FileField(
        label="File",
        help_text="A photograph or drawing as JPEG, PNG or WebP, 300 pixels wide or more, 12 MB at most. "
        "Where and when it was taken is removed.",
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )

    def clean_upload(self):
        try:
            self.made = images.process_upload(self.cleaned_data["upload"])
        except images.UnusableImageError as error:
            raise forms.ValidationError(str(error)) from None
        if same := Picture.objects.filter(digest=self.made.digest).first():
            raise forms.ValidationError(f"This picture is here already. Its name is “{same.name}”.")
        return self.cleaned_data["upload"]


@admin.register(Picture)
class PictureAdmin(NoDeletionMixin, admin.ModelAdmin):
    list_display = ("preview", "name", "alt", "credit", "how_to_use")
    list_display_links = ("name",)
    search_fields = ("name", "alt", "caption", "credit")
    ordering = ("name",)

    class Media:
        css = STYLES

    def changelist_view(self, request, extra_context=None):
        # Our own templates.
        drawings = [(name, shows, mark_safe(markdown.render_drawing(name))) for name, shows in markdown.list_drawings()]  # noqa: S308
        return super().changelist_view(request, {"drawings": drawings, **(extra_context or {})})

    def get_form(self, request, obj=None, change=False, **kwargs):
        return super().get_form(
            request, obj, change=change, form=PictureWordsForm if obj else PictureUploadForm, **kwargs
        )

    def get_fields(self, request, obj=None):
        if obj:
            return ("preview", "name", "how_to_use", "alt", "caption", "credit", "used_in")
        return ("upload", "name", "alt", "caption", "credit")

    def get_readonly_fields(self, request, obj=None):
        # Articles name it, and versions were approved with it: another picture gets another name.
        return ("preview", "name", "how_to_use", "used_in") if obj else ()

    def save_model(self, request, obj, form, change):
        if not change:
            images.save_files(form.made)
            obj.digest, obj.width, obj.height = form.made.digest, form.made.width, form.made.height
            obj.widths, obj.uploaded_by = sorted(form.made.files), request.user
        super().save_model(request, obj, form, change)

    @admin.display(description="Picture")
    def preview(self, obj):
        address = reverse("picture", args=[obj.digest, obj.widths[0]])
        return format_html('<img class="thumbnail" src="{}" alt="{}" loading="lazy">', address, obj.alt)

    @admin.display(description="In an article, write")
    def how_to_use(self, obj):
        return format_html("<code>::: picture {}</code>", obj.name)

    @admin.display(description="Used in")
    def used_in(self, obj):
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

    used_in.help_text = (
        "An article shows the words of a picture as they were when the article was last written. "
        "After a change here, save the article again and send it for approval."
    )
