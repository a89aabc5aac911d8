"""How often somebody wants an e-mail that something waits."""

from typing import TYPE_CHECKING

from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from core.pages.requests import StaffRequest
from core.pages.stale import StaleGuard

from ..models import MailWish
from ..models.mail import Cadence
from .permissions import require_permissions

if TYPE_CHECKING:
    Base = forms.ModelForm[MailWish]
else:
    Base = forms.ModelForm


class WishForm(StaleGuard, Base):
    class Meta:
        model = MailWish
        fields = ["cadence"]
        widgets = {"cadence": forms.RadioSelect}


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def edit_mail_preferences(request: StaffRequest) -> HttpResponse:
    require_permissions(request, "view_assessment", "change_review")
    wish = MailWish.objects.filter(user=request.user).first() or MailWish(user=request.user, cadence=Cadence.DAILY)
    form = WishForm(request.POST or None, instance=wish)
    if form.is_bound and form.is_valid():
        form.save()
        messages.success(request, "Your choice is kept.")
        return redirect("admin:assessment_mails")
    context = {**admin.site.each_context(request), "title": "My e-mails", "form": form}
    return render(
        request, "admin/assessment/mails.html", context, status=(409 if form.overtaken else 422) if form.errors else 200
    )
