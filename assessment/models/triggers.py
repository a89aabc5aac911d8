"""What the database itself refuses to be done to checks and reviews: triggers, see core/triggers.py.

They hold against mistakes, in code and by hand; that somebody went around them is for the audit's chain to show.
"""

from functools import partial

from core import audit
from core.triggers import build_change_condition, find_missing_triggers, make_refusal_trigger, remove_triggers

from ..protocol.model import Level
from .assessment import Assessment, Contact
from .raised import Raise
from .retention import Disposal, Hold, Tombstone
from .review import MOVES, Note, Override, Review

# Everything of a check, but the link to one that is deleted.
APPEND_ONLY_COLUMNS = [
    "token", "reference", "level", "variant", "protocol", "protocol_version", "protocol_digest", "language", "answers",
    "rules", "result", "started_at", "finished_at", "consent_text", "consent_version", "consent_at", "is_sample",
    "retain_until", "key_hash",
]  # fmt: skip
ALLOWED = " OR ".join(
    f"(OLD.state = '{start}' AND NEW.state = '{end}')" for start, ends in MOVES.items() for end in sorted(ends)
)
EMERGENCY = Level.EMERGENCY.value
# Who may lower what: an accepted override stands behind every change of level, and two people behind an emergency's.
BACKED = f"""EXISTS (
  SELECT 1 FROM assessment_override o JOIN assessment_assessment a ON a.id = o.assessment_id
  WHERE o.assessment_id = NEW.assessment_id AND o.accepted AND o.from_level = OLD.level AND o.to_level = NEW.level
    AND (NEW.level > OLD.level OR (OLD.level < {EMERGENCY} AND a.level < {EMERGENCY})
      OR o.decided_by_id <> o.proposed_by_id))"""  # noqa: S608 (the number of a level)
# What an action of staff changes in a review. The times of samples are set as if they had been worked on long ago.
WORKED = ("level", "state", "assigned_to_id", "reason", "due_at")
TIMES = ("reviewed_at", "minutes", "closed_at")
SAMPLE = "EXISTS (SELECT 1 FROM assessment_assessment a WHERE a.id = NEW.assessment_id AND a.is_sample)"
# A check that came as urgent, or that staff work on as such, and that nobody has opened or printed.
URGENT = Level.URGENT.value
UNREAD = f"""(OLD.level >= {URGENT} OR EXISTS (
  SELECT 1 FROM assessment_assessment a WHERE a.id = NEW.assessment_id AND a.level >= {URGENT}))
AND NOT EXISTS (SELECT 1 FROM assessment_auditevent e
  WHERE e.record_id = NEW.assessment_id AND e.action IN ('view', 'print'))"""  # noqa: S608 (the number of a level)
TRIGGERS = [
    make_refusal_trigger(
        "check_change",
        Assessment,
        "UPDATE",
        "A saved check is never changed.",
        build_change_condition(*APPEND_ONLY_COLUMNS),
    ),
    make_refusal_trigger("tombstone_change", Tombstone, "UPDATE", "A tombstone is never changed."),
    make_refusal_trigger("note_change", Note, "UPDATE", "A note is never changed."),
    make_refusal_trigger(
        "override_change",
        Override,
        "UPDATE",
        "An override is decided once and never changed.",
        "OLD.decided_at IS NOT NULL OR "
        + build_change_condition(
            "assessment_id", "from_level", "to_level", "reason", "needs_second", "proposed_by_id", "proposed_at"
        ),
    ),
    make_refusal_trigger(
        "raise_change",
        Raise,
        "UPDATE",
        "A raise is decided once and never changed.",
        "OLD.decided_at IS NOT NULL OR "
        + build_change_condition(
            "assessment_id", "protocol_version", "protocol_digest", "level", "reasons", "raised_at", "due_at"
        ),
    ),
    make_refusal_trigger(
        "review_move",
        Review,
        "UPDATE",
        "A check does not go that way.",
        f"OLD.state <> NEW.state AND NOT ({ALLOWED})",
    ),
    make_refusal_trigger(
        "review_level",
        Review,
        "UPDATE",
        "A level is changed only by an accepted override.",
        f"OLD.level <> NEW.level AND NOT {BACKED}",
    ),
    make_refusal_trigger(
        "review_unread",
        Review,
        "UPDATE",
        "An urgent check is read before anything comes of it.",
        "(OLD.level <> NEW.level OR OLD.state <> NEW.state AND NEW.state IN ('contacted', 'closed')) "
        f"AND {UNREAD} AND NOT {SAMPLE}",
    ),
    make_refusal_trigger(
        "review_version",
        Review,
        "UPDATE",
        "A change of a review counts its version up.",
        # One that counted up without its event is found by clinic/reconcile.py.
        "NEW.version <> OLD.version + 1 AND "
        f"({build_change_condition(*WORKED, 'version')} OR {build_change_condition(*TIMES)} AND NOT {SAMPLE})",
    ),
    make_refusal_trigger(
        "review_frozen",
        Review,
        "UPDATE",
        "What a review took from its check is never changed.",
        build_change_condition("assessment_id", "submitted_at", "sport", "answers_digest"),
    ),
    # The details may be locked with a newer key and indexed anew; whose they are and what was agreed to stays.
    make_refusal_trigger(
        "contact_change",
        Contact,
        "UPDATE",
        "What a patient agreed to is never changed.",
        build_change_condition("assessment_id", "consent_text", "consent_version", "consent_at"),
    ),
    make_refusal_trigger("hold_change", Hold, "UPDATE", "A hold is never changed."),
    make_refusal_trigger("disposal_change", Disposal, "UPDATE", "A proposal to delete is never changed."),
]

# With those of the audit, which vouches for all of it.
ALL_TRIGGERS = [*audit.TRIGGERS, *TRIGGERS]
drop_triggers = partial(remove_triggers, ALL_TRIGGERS)
list_dropped_triggers = partial(find_missing_triggers, ALL_TRIGGERS)
