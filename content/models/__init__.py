"""What the articles are made of, one file a subject."""

from .articles import (
    ALWAYS_THERE,
    TAKEN,
    WORDS,
    Article,
    CacheGeneration,
    OldAddress,
    OwnWordsError,
    Source,
    Sport,
    StoredWordsError,
    Topic,
    Version,
)
from .clinic import ClinicDetails, TeamMember
from .editing import Autosave, Presence, Reminder, ShareLink
from .feedback import Feedback
from .pictures import Picture

__all__ = [
    "ALWAYS_THERE",
    "TAKEN",
    "WORDS",
    "Article",
    "Autosave",
    "CacheGeneration",
    "ClinicDetails",
    "Feedback",
    "OldAddress",
    "OwnWordsError",
    "Picture",
    "Presence",
    "Reminder",
    "ShareLink",
    "Source",
    "Sport",
    "StoredWordsError",
    "TeamMember",
    "Topic",
    "Version",
]
