"""One version to read, and the steps it can take: sent, approved, given back, reviewed, restored, shared."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse

from content import compare, workflow
from content.admin import desk
from content.admin.common import SCRIPTS, STYLES, NoDeletion, moment, person, review_words, state
from content.admin.forms import moment_field
from content.models import Article, ShareLink, Version

READ, WRITE, APPROVE, REVIEW = (
    f"content.{name}" for name in ("view_version", "change_article", "approve_version", "review_version_clinically")
)


class ApproveForm(forms.Form):
    publish_at = moment_field(label="Publish on", help_text="Empty: now.")
    expires_at = moment_field(label="Take off the site on", help_text="Almost always empty.")
    without_clinical_review = forms.BooleanField(
        required=False, label="Publish without a clinical review; the page says “Not yet clinically reviewed”"
    )


class ReturnForm(forms.Form):
    note = forms.CharField(max_length=500, label="What should change?", widget=forms.Textarea(attrs={"rows": 3}))


class ClinicalForm(forms.Form):
    name = forms.CharField(
        max_length=120,
        label="Your name and profession, as patients read them",
        help_text="Patients read: “Clinically reviewed by ...”, with today's date.",
    )


class NoForm(forms.Form):
    """A step that needs no more than the press of its button."""


# step: (permission, form, what to do with (version, user, **what the form says), what is said afterwards)
STEPS = {
    "send": (WRITE, NoForm, workflow.send, "Sent. Somebody else can approve it now"),
    "take_back": (WRITE, NoForm, workflow.take_back, "Taken back. It is a draft again"),
    "approve": (APPROVE, ApproveForm, workflow.approve, "Approved"),
    "give_back": (APPROVE, ReturnForm, workflow.give_back, "Given back, with your note"),
    "unschedule": (APPROVE, NoForm, workflow.unschedule, "Not scheduled any more. It waits for approval again"),
    "review": (REVIEW, ClinicalForm, workflow.review_clinically, "Clinical review signed"),
    "restore": (WRITE, NoForm, workflow.restore, "Restored as a new draft"),
}


@admin.register(Version)
class VersionAdmin(NoDeletion, admin.ModelAdmin):
    """One version; reached from its article."""

    class Media:
        css = STYLES
        js = SCRIPTS

    def get_urls(self):
        view = self.admin_site.admin_view
        steps = [
            path(f"<int:pk>/{name}/", view(self.take), {"step": name}, name=f"content_version_{name}") for name in STEPS
        ]
        share = path("<int:pk>/share/", view(self.share), name="content_version_share")
        return [*steps, share, *super().get_urls()]

    def has_module_permission(self, request):
        return False

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def changelist_view(self, request, extra_context=None):
        return HttpResponseRedirect(reverse("admin:content_article_changelist"))

    def change_view(self, request, object_id, form_url="", extra_context=None):
        version = self.get_object(request, object_id)
        if version is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if request.method != "GET" or not self.has_view_permission(request, version):
            raise PermissionDenied
        return self.show(request, version)

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("article__topic", "article__sport", "author", "approved_by")

    def show(self, request, version, bound=None, status=200, link=None):
        """The page of one version. bound: (step, its form) when it came back with errors."""
        article, user = version.article, request.user
        now_read = workflow.live(article)
        before = article.versions.filter(pk__lt=version.pk).first()
        against = now_read if now_read and now_read.pk != version.pk else before
        own = version.author_id == user.pk
        newer = article.versions.filter(pk__gt=version.pk).exists()
        can = {
            "send": user.has_perm(WRITE) and not newer and not version.approved_at and not version.waits,
            "take_back": user.has_perm(WRITE) and version.waits,
            "approve": user.has_perm(APPROVE) and version.waits and not own,
            "give_back": user.has_perm(APPROVE) and version.waits and not own,
            "unschedule": user.has_perm(APPROVE) and state(version).startswith("Scheduled"),
            "review": user.has_perm(REVIEW)
            and not own
            and not version.clinically_reviewed_on
            and bool(version.waits or version.approved_at),
            "restore": user.has_perm(WRITE) and newer,
            "share": user.has_perm(WRITE) and not version.approved_at and not article.withdrawn,
        }
        made = {
            "approve": ApproveForm(initial={"publish_at": version.publish_at, "expires_at": version.expires_at}),
            "give_back": ReturnForm(),
            "review": ClinicalForm(initial={"name": user.get_full_name()}),
            **({bound[0]: bound[1]} if bound else {}),
        }
        context = {
            **self.admin_site.each_context(request),
            "title": version.title,
            "opts": self.opts,
            "version": version,
            "article": article,
            "state": "Replaced" if now_read and version.approved_at and version.pk < now_read.pk else state(version),
            "by": person(version.author),
            "approved": f"{person(version.approved_by)}, {moment(version.approved_at)}" if version.approved_by else "",
            "returned": f"{person(version.returned_by)}, {moment(version.returned_at)}" if version.returned_at else "",
            "review": review_words(version),
            "own": own and user.has_perm(APPROVE) and version.waits,
            "loses_review": now_read
            and now_read.clinically_reviewed_on
            and not version.clinically_reviewed_on
            and now_read.pk != version.pk,
            "is_live": now_read and now_read.pk == version.pk,
            "newer": newer,
            "against": against,
            "changes": compare.versions(against, version) if against else None,
            "can": can,
            "forms": made,
            "frame": desk.document(request, version),
            **desk.look(version),
            "share_link": link,
            "shared": ShareLink.objects.filter(version=version).first(),
            "may_write": user.has_perm(WRITE),
            "is_nav_sidebar_enabled": False,
            "media": self.media,
        }
        return render(request, "admin/content/version/change_form.html", context, status=status)

    def take(self, request, pk, step):
        """Take one of STEPS."""
        permission, form_class, do, said = STEPS[step]
        if request.method != "POST":
            # Somebody signed in again on the way here.
            return self.back(pk)
        if not request.user.has_perm(permission):
            raise PermissionDenied
        version = get_object_or_404(self.get_queryset(request), pk=pk)
        form = form_class(request.POST)
        if form.is_valid():
            try:
                result = do(version, request.user, **form.cleaned_data)
            except workflow.Refused as refused:
                form.add_error(None, str(refused))
        if not form.is_valid():
            for error in form.non_field_errors() if form_class is NoForm else ():
                messages.error(request, error)
            return self.show(request, version, (step, form), 422)
        self.log_step(request, version, said)
        messages.success(request, f"{said}.")
        if step == "restore":
            return HttpResponseRedirect(reverse("admin:content_article_change", args=[result.article_id]))
        return self.back(pk)

    def share(self, request, pk):
        """A new link to this draft, shown once; an earlier one to this article ends."""
        if request.method != "POST":
            return self.back(pk)
        if not request.user.has_perm(WRITE):
            raise PermissionDenied
        version = get_object_or_404(self.get_queryset(request), pk=pk)
        if version.approved_at or version.article.withdrawn:
            messages.error(request, "Only a draft has such a link.")
            return self.back(pk)
        link = ShareLink.make(version, request.user)
        self.log_step(request, version, "Made a link to this draft")
        address = request.build_absolute_uri(reverse("draft", args=[link.token]))
        return self.show(request, version, link={"address": address, "until": link.expires_at})

    def back(self, pk):
        return HttpResponseRedirect(reverse("admin:content_version_change", args=[pk]))

    def log_step(self, request, version, said):
        """Into the history of the article: who took which step."""
        site = self.admin_site
        site.get_model_admin(Article).log_change(request, version.article, f"{said} (version {version.pk})")
