"""Where two people are needed: accounts that one pair of hands has just made, or can open, are one person."""

from datetime import timedelta

from django.contrib.auth.models import User
from django.db.models import Q
from django.utils import timezone

from core.audit import AuditEvent
from core.people import display_name

# How long somebody who made an account, gave it a password or took its phone away may still be the one who uses it.
UNTIL_IT_IS_THEIRS = timedelta(days=14)


def list_hands(*users: int) -> list[set[int]]:
    """For each of these accounts, itself and those that can have opened it: who made or reset it, and who these."""
    since = timezone.now() - UNTIL_IT_IS_THEIRS
    opening = Q(action="reset") | Q(action="account", facts__what__in=("new", "password"))
    openers: dict[int, set[int]] = {}
    # Whoever works on the machine itself is in no audit, and could make any account.
    for actor, facts in AuditEvent.objects.filter(opening, at__gt=since, actor_id__isnull=False).values_list(
        "actor_id", "facts"
    ):
        openers.setdefault(facts["user"], set()).add(actor or 0)
    return [follow_openers(user, openers) for user in users]


def follow_openers(user: int, openers: dict[int, set[int]]) -> set[int]:
    found = {user}
    waiting = [user]
    while waiting:
        new = openers.get(waiting.pop(), set()) - found
        found |= new
        waiting += new
    return found


def explain_dependence(second: User, first: User) -> str:
    """Why these two accounts may not be the two people, in words for `second`; "" when they may.

    That one account is not two people is not asked here: every such rule has its own words for it, and its table.
    """
    if first.pk == second.pk:
        return ""
    of_first, of_second = list_hands(first.pk, second.pk)
    name = display_name(first)
    if first.pk in of_second:
        words = f"{name} made your account, or gave it a password,"
    elif second.pk in of_first:
        words = f"You made the account of {name}, or gave it a password,"
    elif of_first & of_second:
        words = f"One person made both your account and that of {name}, or gave them a password,"
    else:
        return ""
    return f"{words} less than {UNTIL_IT_IS_THEIRS.days} days ago. Somebody else must agree to it."
