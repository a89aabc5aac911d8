"""Where two people are needed: an account that one of them has just made, or can open, is no second person."""

from datetime import timedelta

from django.contrib.auth.models import User
from django.db.models import Q
from django.utils import timezone

from core.audit import AuditEvent

# How long somebody who made an account, gave it a password or took its phone away may still be the one who uses it.
UNTIL_IT_IS_THEIRS = timedelta(days=14)


def list_opened_accounts(user: int) -> set[int]:
    """The accounts that this one can have opened: those that it made or reset, and those that these made or reset."""
    since = timezone.now() - UNTIL_IT_IS_THEIRS
    opening = Q(action="reset") | Q(action="account", facts__what__in=("new", "password"))
    opened: dict[int, set[int]] = {}
    for actor, facts in AuditEvent.objects.filter(opening, at__gt=since).values_list("actor_id", "facts"):
        opened.setdefault(actor or 0, set()).add(facts["user"])
    found: set[int] = set()
    waiting = [user]
    while waiting:
        new = opened.get(waiting.pop(), set()) - found
        found |= new
        waiting += new
    return found - {user}


def explain_dependence(second: User, first: User) -> str:
    """Why these two accounts may not be the two people, in words for `second`; "" when they may."""
    for one, other, words in (
        (first, second, "{} made your account, or gave it a password,"),
        (second, first, "You made the account of {}, or gave it a password,"),
    ):
        if other.pk in list_opened_accounts(one.pk):
            name = first.get_full_name() or first.get_username()
            return f"{words.format(name)} less than {UNTIL_IT_IS_THEIRS.days} days ago. Somebody else must agree to it."
    return ""
