"""What an editor should look at first, for the staff's start page."""

from django import template
from django.template.context import Context

from ..admin.articles import annotate_for_list
from ..admin.common import APPROVE
from ..models import Article

register = template.Library()


@register.inclusion_tag("admin/content/waiting.html", takes_context=True)
def texts_waiting(context: Context) -> dict[str, int]:
    """approve: how many texts of others wait for this person's approval; returned: how many of their own came back."""
    user = context["request"].user
    if not user.has_module_perms("content"):
        return {}
    articles = annotate_for_list(Article.objects.all())
    return {
        "approve": user.has_perm(APPROVE) and articles.filter(stage="waits").exclude(newest_author=user.pk).count(),
        "returned": articles.filter(stage="returned", newest_author=user.pk).count(),
    }
