"""What the audit may tell of accounts: the actions, and what the facts beside them are called."""

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
FACTS = ("user", "what", "reason", "from", "to")
