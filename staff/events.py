"""What happens to accounts, told to whoever keeps the trail (assessment/apps.py)."""

from django.dispatch import Signal

# who: a user or a request, None for the site. action: one of ACTIONS. facts: short codes and numbers, never words that
# somebody typed.
happened = Signal()

ACTIONS = {
    "login": "logged in",
    "login_failed": "tried to log in and gave a wrong password",
    "code_failed": "gave a wrong code",
    "logout": "logged out",
    "expired": "was logged off",
    "confirmed": "gave password and code once more",
    "set_up": "set up a phone for the codes",
    "reset": "took away the phone for the codes of",
    "account": "opened or changed the account of",
    "roles": "changed the roles of",
}


def tell(who, action: str, **facts) -> None:
    happened.send(sender=None, who=who, action=action, facts=facts)
