"""The figures over the staff's start page, for those who may see checks."""

from django import template

from .. import counters, figures
from ..models import Override

register = template.Library()


@register.inclusion_tag("admin/assessment/dashboard.html", takes_context=True)
def assessment_dashboard(context):
    user = context["request"].user
    if not user.has_perm("assessment.view_assessment"):
        return {"allowed": False}
    found, medians = figures.queue(user), figures.pace()
    days = figures.per_day()
    return {
        "allowed": True,
        "may_act": user.has_perm("assessment.change_review"),
        "levels": [{**row, "median": medians[row["level"]]} for row in figures.by_level(found)],
        "mine": found["mine"],
        "unassigned": found["unassigned"],
        "overdue": found["overdue"],
        "call": found["call"],
        "plus": "+" if found["more"] else "",
        "proposals": Override.objects.filter(decided_at__isnull=True)
        .exclude(proposed_by=user)
        .select_related("assessment")
        .only("assessment__reference", "to_level")[:20],
        "agreement": figures.agreement(),
        "day_rows": days,
        "day_chart": figures.chart(days),
        "pace": figures.PACE,
        "judged": figures.JUDGED,
        "steps": counters.present(),
    }
