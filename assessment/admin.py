"""The clinic's list of finished checks: most urgent first, then longest waiting."""

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.html import format_html
from django.utils.timesince import timesince

from . import approval, counters
from .models import Assessment, Contact, Review, StepCount
from .protocol import wording
from .protocol.back_pain import PROTOCOL


class ReviewedFilter(admin.SimpleListFilter):
    title = "reviewed"
    parameter_name = "reviewed"

    def lookups(self, request, model_admin):
        return [("no", "Not yet"), ("yes", "Yes")]

    def queryset(self, request, queryset):
        if self.value() in ("no", "yes"):
            return queryset.filter(is_reviewed=self.value() == "yes")
        return queryset


class CallBackFilter(admin.SimpleListFilter):
    title = "call back"
    parameter_name = "call_back"

    def lookups(self, request, model_admin):
        return [("yes", "Asked for")]

    def queryset(self, request, queryset):
        return queryset.filter(asks_call=True) if self.value() == "yes" else queryset


class ReviewForm(forms.ModelForm):
    """Saving without a note is a mistake to be told, not a review to be skipped in silence."""

    def has_changed(self):
        return True


class ReviewInline(admin.StackedInline):
    model = Review
    form = ReviewForm
    fields = ["note", "signed"]
    readonly_fields = ["signed"]
    extra = 1
    max_num = 50
    verbose_name = "review"
    verbose_name_plural = "Reviews: a note here marks the check as reviewed by you"

    @admin.display(description="By")
    def signed(self, review):
        if not review.pk:
            return "You, when you save"
        name = review.reviewer.get_full_name() or review.reviewer.get_username()
        return f"{name}, {timezone.localtime(review.reviewed_at):%d %B %Y, %H:%M}"

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Assessment)
class AssessmentAdmin(admin.ModelAdmin):
    list_display = ["reference", "urgency", "waiting", "advice", "call_back", "review_state", "sample"]
    list_filter = [ReviewedFilter, CallBackFilter, "level", "is_sample", "finished_at"]
    list_per_page = 50
    search_fields = ["reference"]
    search_help_text = "The code the patient reads out, for example KTRBN-XDWLC"
    fields = ["facts", "contact_details", "rules_approval", "consent", "as_read"]
    readonly_fields = ["facts", "contact_details", "rules_approval", "consent", "as_read"]
    inlines = [ReviewInline]
    show_full_result_count = False

    class Media:
        css = {"all": ["staff.css"]}

    def get_queryset(self, request):
        reviews = Review.objects.filter(assessment=OuterRef("pk"))
        asked = Contact.objects.filter(assessment=OuterRef("pk"))
        found = super().get_queryset(request).annotate(is_reviewed=Exists(reviews), asks_call=Exists(asked))
        return found.prefetch_related("reviews__reviewer")

    @admin.display(description="Level", ordering="level")
    def urgency(self, record):
        return record.get_level_display()

    @admin.display(description="Waiting", ordering="finished_at")
    def waiting(self, record):
        return timesince(record.finished_at, depth=1)

    @admin.display(description="Told to")
    def advice(self, record):
        return record.result["heading"]

    @admin.display(description="Sample")
    def sample(self, record):
        return "Sample" if record.is_sample else ""

    @admin.display(description="Review")
    def review_state(self, record):
        last = list(record.reviews.all())[-1:]
        return f"Reviewed by {last[0].reviewer}" if last else "Not reviewed"

    @admin.display(description="Call back")
    def call_back(self, record):
        return "Asked for" if record.asks_call else ""

    @admin.display(description="Call back")
    def contact_details(self, record):
        asked = Contact.objects.filter(assessment=record).first()
        if asked is None:
            return "Not asked for"
        details = asked.details()
        when = f"asked for on {timezone.localtime(asked.consent_at):%d %B %Y, %H:%M}"
        if details is None:
            return f"Cannot be read with the present keys ({when})"
        given = " · ".join(filter(None, (details["name"], details["telephone"], details["email"])))
        return f"{given} ({when})"

    @admin.display(description="What the patient agreed to")
    def consent(self, record):
        if not record.consent_at:
            return "Nothing on record"
        when = f"{timezone.localtime(record.consent_at):%d %B %Y, %H:%M}"
        return f'"{record.consent_text}" (wording {record.consent_version}, {when})'

    @admin.display(description="Check")
    def facts(self, record):
        return format_html(
            "{} · finished {} · rules {} (digest {}){}{}",
            record.get_level_display(),
            f"{timezone.localtime(record.finished_at):%d %B %Y, %H:%M}",
            record.protocol_version,
            record.protocol_digest[:12],
            " · SAMPLE, not a patient" if record.is_sample else "",
            f" · the patient corrected an answer of {record.corrects.reference}" if record.corrects else "",
        )

    @admin.display(description="Approval of the rules it followed")
    def rules_approval(self, record):
        return approval.statement(record.protocol_digest).text

    @admin.display(description="What the patient read")
    def as_read(self, record):
        return render_to_string("assessment/staff_record.html", {"record": record, "result": record.result})

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(request, {"approval": approval.statement(), **(extra_context or {})})

    def change_view(self, request, object_id, form_url="", extra_context=None):
        context = {"approval": approval.statement(), **(extra_context or {})}
        return super().change_view(request, object_id, form_url, context)

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        # What Django asks for before it lets somebody add a review; every field of the check itself is read-only.
        return request.user.has_perm("assessment.view_assessment") and request.user.has_perm("assessment.add_review")

    def has_delete_permission(self, request, obj=None):
        return False

    def save_model(self, request, obj, form, change):
        """The check itself stays as the patient saw it."""

    def save_formset(self, request, form, formset, change):
        for review in formset.save(commit=False):
            review.reviewer = request.user
            review.save()
        formset.save_m2m()


@admin.register(StepCount)
class StepCountAdmin(admin.ModelAdmin):
    """One page to look at: where people leave the check. There is nothing to change, so there are no other pages."""

    def get_urls(self):
        view = self.admin_site.admin_view(self.changelist_view)
        return [path("", view, name="assessment_stepcount_changelist")]

    def changelist_view(self, request, extra_context=None):
        if not self.has_view_permission(request):
            raise PermissionDenied
        texts = wording.load()["questions"]
        labels = [(question.code, texts[question.code]["short"]) for question in PROTOCOL.questions]
        rows = counters.totals(labels, timezone.localdate())
        context = {
            **self.admin_site.each_context(request),
            "title": "Where people leave the check",
            "days": counters.DAYS,
            "rows": rows,
            "chart": counters.chart(rows),
            "media": self.media,
        }
        return TemplateResponse(request, "admin/assessment/stepcount/change_list.html", context)

    class Media:
        css = {"all": ["staff.css"]}

    def has_module_permission(self, request):
        return self.has_view_permission(request)

    def has_view_permission(self, request, obj=None):
        # These counts have no permission of their own: who may see checks may see them.
        return request.user.has_perm("assessment.view_assessment")

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
