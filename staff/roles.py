"""Who may do what. A role is a group with exactly these permissions; a person has one role or several.

The migration of each room gives its own permissions; here they stand together, and tests/staff/test_roles.py holds both
to it. Nobody needs to be a superuser for daily work.
"""

from collections.abc import Iterable

REVIEW = {
    "assessment.view_assessment", "assessment.view_review", "assessment.change_review", "assessment.view_note",
    "assessment.add_note", "assessment.view_override", "assessment.add_override", "assessment.view_contact",
    "assessment.add_disposal",
}  # fmt: skip
ROLES = {
    # Works the review queue; may propose that an assessment is deleted.
    "Clinic staff": REVIEW,
    # Also: answers for accounts, takes data out, keeps an assessment from being deleted, agrees to a deletion.
    "Leads": REVIEW
    | {
        "assessment.export_assessment", "assessment.hold_assessment", "assessment.confirm_disposal",
        "auth.view_user", "auth.add_user", "auth.change_user",
    },
    # Reads what staff did, and nothing of patients.
    "Auditors": {"core.view_auditevent"},
}  # fmt: skip
# Of the editors' desk; their permissions are given by content's migrations, and are all about content.
DESK = ("Editors", "Approvers", "Clinical reviewers")
# As whoever gives a role reads it; more in docs/staff-guide.md and docs/editors-guide.md.
SAYS = {
    "Clinic staff": "work the queue, see contact details, propose a deletion",
    "Leads": "as clinic staff; also take checks out, hold a check, agree to a deletion, look after accounts",
    "Auditors": "read who did what, and nothing of patients",
    "Editors": "write articles, add sources",
    "Approvers": "read what others wrote, and publish it; change topics, sports, sources and the page of the clinic",
    "Clinical reviewers": "sign that an article is clinically right",
}
# Who reads what staff did is none of those whom it tells of.
ALONE = "Auditors"


def find_role_conflict(names: Iterable[str], superuser: bool = False) -> str:
    """Why one account may not have these roles together, in words; "" when it may.

    Where two people are needed, what they do names the account and refuses the same one twice, a superuser's too
    (publishing.approve_version, review_actions.decide_override, deletion.confirm_deletion, and the tables themselves).
    The one rule that roles alone must keep is that nobody audits themselves.
    """
    if ALONE in names and (superuser or len({*names}) > 1):
        return (
            f"{ALONE} read what the others did, so an account with this role has no other, and is no superuser. "
            "Give it to a person, or to an account, of its own."
        )
    return ""
