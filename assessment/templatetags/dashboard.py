"""The statistics over the staff's start page, for those who may see checks."""

from typing import Any

from django import template
from django.template import Context

from ..clinic import agreement, statistics
from ..models import Override
from ..patient import step_counts

register = template.Library()


@register.inclusion_tag("admin/assessment/dashboard.html", takes_context=True)
def assessment_dashboard(context: Context) -> dict[str, Any]:
    user = context["request"].user
    if not user.has_perm("assessment.view_assessment"):
        return {"allowed": False}
    found, medians = statistics.count_queue(user), statistics.measure_pace()
    days = statistics.count_per_day()
    judged, rules = agreement.measure_agreement()
    return {
        "allowed": True,
        "may_review": user.has_perm("assessment.change_review"),
        "levels": [{**row, "median": medians[row["level"]]} for row in statistics.summarize_levels(found)],
        "mine": found["mine"],
        "unassigned": found["unassigned"],
        "overdue": found["overdue"],
        "call": found["call"],
        "plus": "+" if found["more"] else "",
        "proposals": Override.objects.filter(decided_at__isnull=True)
        .exclude(proposed_by=user)
        .select_related("assessment")
        .only("assessment__reference", "to_level")[:20],
        "judged": judged,
        "rules": rules,
        "day_rows": days,
        "day_chart": statistics.draw_day_chart(days),
        "pace": statistics.PACE,
        "steps": step_counts.summarize_steps(),
    }
