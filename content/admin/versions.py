"""One version to read, and the steps it can take: sent, approved, given back, reviewed, restored, shared."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html

from core.pages.admin import ReadOnlyAdmin
from core.pages.requests import StaffRequest
from core.typed.fields import LineField, TextField

from .. import publishing
from ..models import Article, ShareLink, Version
from ..text import diff
from ..text.lint import find_unsourced_statistics
from . import desk
from .common import (
    APPROVE,
    REVIEW,
    SCRIPTS,
    STYLES,
    WRITE,
    as_staff_request,
    describe_approvers,
    describe_review,
    describe_state,
    format_moment,
    format_person,
)
from .forms import make_moment_field

if TYPE_CHECKING:
    BaseAdmin = admin.ModelAdmin[Version]
else:
    BaseAdmin = admin.ModelAdmin


class ApproveForm(forms.Form):
    publish_at = make_moment_field(label="Publish on", help_text="Empty: now.")
    expires_at = make_moment_field(label="Take off the site on", help_text="Almost always empty.")
    without_clinical_review = forms.BooleanField(
        required=False, label="Publish without a clinical review; the page says “Not yet clinically reviewed”"
    )
    no_source_because = LineField(
        max_length=200,
        required=False,
        label="Why may these figures stand without a source?",
        help_text="Only if they need none, such as figures of the clinic itself. Your words stay in the log.",
        widget=forms.TextInput(attrs={"class": "vLargeTextField"}),
    )

    def __init__(self, *args: Any, version: Version, loses_review: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unsourced = find_unsourced_statistics(version.body)
        if not loses_review:
            del self.fields["without_clinical_review"]
        if not self.unsourced:
            del self.fields["no_source_because"]


class ReturnForm(forms.Form):
    note = TextField(max_length=500, label="What should change?", widget=forms.Textarea(attrs={"rows": 3}))


class EmptyForm(forms.Form):
    """A step that needs no more than the press of its button."""


# step: (permission, form, what to do with (version, user, **what the form says), what is said afterwards)
STEPS: dict[str, tuple[str, type[forms.Form], Callable[..., Version], str]] = {
    "send": (WRITE, EmptyForm, publishing.send_for_approval, "Sent for approval"),
    "take_back": (WRITE, EmptyForm, publishing.take_back_version, "Taken back. It is a draft again"),
    "approve": (APPROVE, ApproveForm, publishing.approve_version, "Approved"),
    "give_back": (APPROVE, ReturnForm, publishing.return_version, "Given back, with your note"),
    "unschedule": (
        APPROVE,
        EmptyForm,
        publishing.unschedule_version,
        "Not scheduled any more. It waits for approval again",
    ),
    "review": (REVIEW, EmptyForm, publishing.sign_clinical_review, "Clinical review signed"),
    "restore": (WRITE, EmptyForm, publishing.restore_version, "Made a new draft of the old words"),
}
# Steps that somebody who only approves may take too: to put right what went out wrong.
MEND = ("restore",)
OF_THEIR_OWN = ("send", "take_back")


def can_take_step(user: User, step: str, version: Version) -> bool:
    """Whether this user may take the step, as far as permissions go."""
    permission = STEPS[step][0]
    own = version.author_id == user.pk
    mending = step in MEND or (step in OF_THEIR_OWN and own)
    return user.has_perm(permission) or (mending and user.has_perm(APPROVE))


@admin.register(Version)
class VersionAdmin(ReadOnlyAdmin, BaseAdmin):
    """One version; reached from its article."""

    class Media:
        css = STYLES
        js = SCRIPTS

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        steps = [
            path(f"<int:pk>/{name}/", view(self.take_step), {"step": name}, name=f"content_version_{name}")
            for name in STEPS
        ]
        share = path("<int:pk>/share/", view(self.make_share_link), name="content_version_share")
        return [*steps, share, *super().get_urls()]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:content_article_changelist"))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        version = self.get_object(request, object_id)
        if version is None:
            return super().change_view(request, object_id)
        if request.method != "GET" or not self.has_view_permission(request, version):
            raise PermissionDenied
        return self.render_version(as_staff_request(request), version)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Version]:
        return super().get_queryset(request).select_related("article__topic", "article__sport", "author", "approved_by")

    def render_version(
        self,
        request: StaffRequest,
        version: Version,
        bound: tuple[str, forms.Form] | None = None,
        status: int = 200,
        link: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The page of one version. bound: (step, its form) when it came back with errors."""
        article, user = version.article, request.user
        now_read = publishing.find_live_version(article)
        is_live = bool(now_read and now_read.pk == version.pk)
        before = article.versions.filter(pk__lt=version.pk)
        if is_live:
            # What patients read before, not what was tried on the way.
            before = before.filter(approved_at__isnull=False, publish_at__lte=version.publish_at)
        against = now_read if now_read and not is_live else before.first()
        read_before = against.pk if against and against.approved_at else 0
        approves = user.has_perm(APPROVE) and version.is_awaiting_approval
        # Nobody is asked to press a button that would refuse them.
        own = publishing.explain_own_hand(version, user, "approve") if approves else ""
        reviews = (
            user.has_perm(REVIEW)
            and not version.clinically_reviewed_on
            and bool(version.is_awaiting_approval or version.approved_at)
        )
        newer = article.versions.filter(pk__gt=version.pk).exists()
        can = {
            **desk.list_page_permissions(user, article),
            "send": can_take_step(user, "send", version)
            and not newer
            and not version.approved_at
            and not version.is_awaiting_approval,
            "take_back": can_take_step(user, "take_back", version) and version.is_awaiting_approval,
            "approve": approves and not own,
            "give_back": approves and version.author_id != user.pk,
            "unschedule": user.has_perm(APPROVE) and describe_state(version).startswith("Scheduled"),
            "review": reviews and not publishing.explain_own_hand(version, user, "review"),
            "restore": can_take_step(user, "restore", version) and newer,
            "share": user.has_perm(WRITE) and not version.approved_at and not article.withdrawn,
        }
        loses_review = publishing.loses_review(version, now_read)
        dates = {"publish_at": version.publish_at, "expires_at": version.expires_at}
        made = {
            "approve": ApproveForm(initial=dates, version=version, loses_review=loses_review),
            "give_back": ReturnForm(),
            **({bound[0]: bound[1]} if bound else {}),
        }
        context = {
            **self.admin_site.each_context(request),
            "title": version.title,
            "opts": self.opts,
            "version": version,
            "article": article,
            "state": desk.describe_listed_state(version, now_read.pk if now_read else 0),
            "by": format_person(version.author),
            "approved": f"{format_person(version.approved_by)}, {format_moment(version.approved_at)}"
            if version.approved_by and version.approved_at
            else "",
            "returned": f"{format_person(version.returned_by)}, {format_moment(version.returned_at)}"
            if version.returned_at
            else "",
            "review": describe_review(version),
            "own": own,
            "approvers": describe_approvers(version) if version.is_awaiting_approval else "",
            "live": now_read,
            "is_live": is_live,
            "failed": bound[0] if bound else "",
            "newer": newer,
            "against": against,
            "changes": diff.diff_versions(against, version) if against else None,
            "section": diff.find_first_changed_section(against.body, version.body) if against else None,
            "steps": article.versions.filter(pk__gt=read_before, pk__lte=version.pk)
            .select_related("author")
            .order_by("pk"),
            "versions": desk.list_versions(article),
            "can": can,
            "forms": made,
            "frame": desk.render_preview_document(request, version),
            **desk.lint_version(version),
            "reading": True,
            "share_link": link,
            "shared": ShareLink.objects.filter(version=version).first(),
            "may_write": user.has_perm(WRITE),
            "is_nav_sidebar_enabled": False,
            "media": self.media,
        }
        return render(request, "admin/content/version/change_form.html", context, status=status)

    def take_step(self, request: StaffRequest, pk: int, step: str) -> HttpResponse:
        """Take one of STEPS."""
        _permission, form_class, do, said = STEPS[step]
        if request.method != "POST":
            # Somebody signed in again on the way here.
            return self.redirect_to_version(pk)
        version = get_object_or_404(self.get_queryset(request), pk=pk)
        if not can_take_step(request.user, step, version):
            raise PermissionDenied
        about: dict[str, Any] = {}
        if step == "approve":
            about = {
                "version": version,
                "loses_review": publishing.loses_review(version, publishing.find_live_version(version.article)),
            }
        form = form_class(request.POST, **about)
        if form.is_valid():
            try:
                result = do(version, request.user, **form.cleaned_data)
            except publishing.PublishingError as refused:
                form.add_error(None, str(refused))
        if not form.is_valid():
            for error in form.non_field_errors() if form_class is EmptyForm else ():
                messages.error(request, str(error))
            return self.render_version(request, version, (step, form), 422)
        reason = form.cleaned_data.get("no_source_because")
        self.log_step(request, version, f"{said}, with figures without a source: “{reason}”" if reason else said)
        messages.success(request, format_html("{}. {}", said, self.describe_next_step(step, result)))
        if step == "restore":
            return HttpResponseRedirect(reverse("admin:content_article_change", args=[result.article_id]))
        return self.redirect_to_version(pk)

    def describe_next_step(self, step: str, version: Version) -> str:
        """What a step means for the readers, and what comes next."""
        if step == "send":
            return describe_approvers(version)
        if step == "restore":
            return "Patients do not read them yet: send the draft for approval, and somebody else approves it."
        if step != "approve":
            return ""
        if version.article.withdrawn:
            return "The page is withdrawn: put it back on the site, and patients read it."
        if version.publish_at and version.publish_at > timezone.now():
            return f"Patients read it from {format_moment(version.publish_at)}."
        address = version.article.get_absolute_url()
        return format_html('Patients read this now: <a href="{}">see the page</a>.', address)

    def make_share_link(self, request: StaffRequest, pk: int) -> HttpResponse:
        """A new link to this draft, shown once; an earlier one to this article ends."""
        if request.method != "POST":
            return self.redirect_to_version(pk)
        if not request.user.has_perm(WRITE):
            raise PermissionDenied
        version = get_object_or_404(self.get_queryset(request), pk=pk)
        if version.approved_at or version.article.withdrawn:
            messages.error(request, "Only a draft has such a link.")
            return self.redirect_to_version(pk)
        link = ShareLink.make(version, request.user)
        self.log_step(request, version, "Made a link to this draft")
        address = request.build_absolute_uri(reverse("draft", args=[link.token]))
        return self.render_version(request, version, link={"address": address, "until": link.expires_at})

    def redirect_to_version(self, pk: int) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:content_version_change", args=[pk]))

    def log_step(self, request: StaffRequest, version: Version, said: str) -> None:
        """Into the history of the article: who took which step."""
        site = self.admin_site
        site.get_model_admin(Article).log_change(request, version.article, f"{said} (version {version.pk})")
