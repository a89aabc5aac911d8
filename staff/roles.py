"""Who may do what. A role is a group with exactly these permissions; a person has one role or several.

The migration of each room gives its own permissions; here they stand together, and tests/staff/test_roles.py holds both
to it. Nobody needs to be a superuser for daily work.
"""

REVIEW = {
    "assessment.view_assessment", "assessment.view_review", "assessment.change_review", "assessment.view_note",
    "assessment.add_note", "assessment.view_override", "assessment.add_override", "assessment.view_contact",
    "assessment.add_disposal",
}  # fmt: skip
ROLES = {
    # Works the review queue; may propose that a check is deleted.
    "Clinic staff": REVIEW,
    # Also: answers for accounts, takes data out, keeps a check from being deleted, agrees to a deletion.
    "Leads": REVIEW
    | {
        "assessment.export_assessment", "assessment.hold_assessment", "assessment.confirm_disposal",
        "auth.view_user", "auth.add_user", "auth.change_user",
    },
    # Reads what staff did, and nothing of patients.
    "Auditors": {"assessment.view_auditevent"},
}  # fmt: skip
# Of the editors' desk; their permissions are given by content's migrations, and are all about content.
DESK = ("Editors", "Approvers", "Clinical reviewers")
