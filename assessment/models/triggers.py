"""What the database itself refuses to be done to checks and reviews: triggers, see core/triggers.py.

They hold against mistakes, in code and by hand; that somebody went around them is for the audit's chain to show.
"""

from functools import partial

from core import audit
from core.triggers import differs, missing, refusal, remove

from .assessment import Assessment, Contact
from .retention import Disposal, Hold, Tombstone
from .review import MOVES, Note, Override, Review

# Everything of a check, but the link to one that is deleted.
FROZEN = [
    "token", "reference", "level", "variant", "protocol", "protocol_version", "protocol_digest", "language", "answers",
    "rules", "result", "started_at", "finished_at", "consent_text", "consent_version", "consent_at", "is_sample",
    "retain_until", "key_hash",
]  # fmt: skip
ALLOWED = " OR ".join(
    f"(OLD.state = '{start}' AND NEW.state = '{end}')" for start, ends in MOVES.items() for end in sorted(ends)
)
# Who may lower what: an accepted override stands behind every change of level, and two people behind an emergency's.
BACKED = """EXISTS (
  SELECT 1 FROM assessment_override o JOIN assessment_assessment a ON a.id = o.assessment_id
  WHERE o.assessment_id = NEW.assessment_id AND o.accepted AND o.from_level = OLD.level AND o.to_level = NEW.level
    AND (NEW.level > OLD.level OR (OLD.level < 3 AND a.level < 3) OR o.decided_by_id <> o.proposed_by_id))"""
# What an act of staff changes in a review. The times of samples are set as if they had been worked on long ago.
WORKED = ("level", "state", "assigned_to_id", "reason", "due_at")
TIMES = ("reviewed_at", "minutes", "closed_at")
SAMPLE = "EXISTS (SELECT 1 FROM assessment_assessment a WHERE a.id = NEW.assessment_id AND a.is_sample)"
GUARDS = [
    refusal("check_change", Assessment, "UPDATE", "A saved check is never changed.", differs(*FROZEN)),
    refusal("tombstone_change", Tombstone, "UPDATE", "A tombstone is never changed."),
    refusal("note_change", Note, "UPDATE", "A note is never changed."),
    refusal(
        "override_change", Override, "UPDATE", "An override is decided once and never changed.",
        "OLD.decided_at IS NOT NULL OR "
        + differs("assessment_id", "from_level", "to_level", "reason", "needs_second", "proposed_by_id", "proposed_at"),
    ),
    refusal(
        "review_move", Review, "UPDATE", "A check does not go that way.",
        f"OLD.state <> NEW.state AND NOT ({ALLOWED})",
    ),
    refusal(
        "review_level", Review, "UPDATE", "A level is changed only by an accepted override.",
        f"OLD.level <> NEW.level AND NOT {BACKED}",
    ),
    refusal(
        "review_version", Review, "UPDATE", "A change of a review counts its version up.",
        # One that counted up without its event is found by evidence.py.
        f"NEW.version <> OLD.version + 1 AND ({differs(*WORKED, 'version')} OR {differs(*TIMES)} AND NOT {SAMPLE})",
    ),
    refusal(
        "review_frozen", Review, "UPDATE", "What a review took from its check is never changed.",
        differs("assessment_id", "submitted_at", "sport", "answers_digest"),
    ),
    # The details may be locked with a newer key and indexed anew; whose they are and what was agreed to stays.
    refusal(
        "contact_change", Contact, "UPDATE", "What a patient agreed to is never changed.",
        differs("assessment_id", "consent_text", "consent_version", "consent_at"),
    ),
    refusal("hold_change", Hold, "UPDATE", "A hold is never changed."),
    refusal("disposal_change", Disposal, "UPDATE", "A proposal to delete is never changed."),
]  # fmt: skip

# With those of the audit, which vouches for all of it.
ALL_GUARDS = [*audit.TRIGGERS, *GUARDS]
remove_guards = partial(remove, ALL_GUARDS)
missing_guards = partial(missing, ALL_GUARDS)
