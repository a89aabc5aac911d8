"""What the audit may tell of checks: the actions, and what the facts beside them are called."""

ACTIONS = {
    "sent": "saved the check",
    "call": "saved a wish to be called back about the check",
    "no_call": "deleted the call-back details of the check",
    "list": "looked at the queue",
    "search": "searched",
    "view": "opened the check",
    "print": "printed the check",
    "claim": "took the check",
    "assign": "gave the check to",
    "release": "put the check back",
    "contacted": "noted that the patient was contacted",
    "close": "closed the check",
    "reopen": "opened the closed check again",
    "note": "added a note",
    "override": "changed the level",
    "propose": "asked a colleague to agree to a lower level",
    "confirm": "agreed to the lower level",
    "decline": "did not agree to the lower level",
    "raise": "put the check before staff: newer rules ask for more",
    "accept_raise": "raised the level, as newer rules ask",
    "dismiss_raise": "kept the level, though newer rules ask for more",
    "refused": "tried something that was refused",
    "audit": "looked at the audit",
    "export": "took checks out of this site",
    "hold": "put a hold on the check: it is not deleted",
    "unhold": "ended the hold",
    "propose_deletion": "proposed to delete the check",
    "keep": "decided to keep the check",
    "delete": "deleted the check",
    "purge": "deleted the check, whose time was over",
    "withdraw_refused": "could not delete a held check for its patient",
    "alarm": "told staff that urgent checks wait and nobody looks",
}
# The rows that a fact may vouch for: row_digests.py.
KINDS = ("assessment", "review", "note", "override", "raise", "contact", "hold", "disposal", "tombstone")
FACTS = (
    "from", "to", "reason", "kind", "found", "page", "filters", "version", "user", "proposal", "what", "ids",
    "corrects", *KINDS,
)  # fmt: skip
