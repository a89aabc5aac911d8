"""Where two people are needed: an account that one of them has just made, or can open, is no second person."""

from datetime import timedelta

from django.contrib.auth.models import User
from django.db.models import Q
from django.utils import timezone

from core.audit import AuditEvent

# How long somebody who made an account, gave it a password or took its phone away may still be the one who uses it.
UNTIL_IT_IS_THEIRS = timedelta(days=14)


def explain_dependence(second: User, first: User) -> str:
    """Why this account may not be the second person beside that one, in words for `second`; "" when it may."""
    since = timezone.now() - UNTIL_IT_IS_THEIRS
    opened = Q(action="reset") | Q(action="account", facts__what__in=("new", "password"))
    handed = AuditEvent.objects.filter(opened, actor_id=first.pk, at__gt=since, facts__user=second.pk).exists()
    return (
        f"{first.get_full_name() or first.get_username()} made your account, or gave it a password, less than "
        f"{UNTIL_IT_IS_THEIRS.days} days ago. Somebody else must agree to it."
        if handed and second.pk != first.pk
        else ""
    )
