"""Finished checks and what staff do with them, one file a subject."""

from .assessment import Assessment, Contact, DayCount, PausedCheck, StepCount
from .mail import Arrival, Mail, MailWish
from .raised import Raise
from .retention import Disposal, Hold, Tombstone
from .review import Note, Override, Review

__all__ = [
    "Arrival", "Assessment", "Contact", "DayCount", "Disposal", "Hold", "Mail", "MailWish", "Note", "Override",
    "PausedCheck", "Raise", "Review", "StepCount", "Tombstone",
]  # fmt: skip
