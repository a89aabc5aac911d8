"""What the library is made of, one file a subject."""

from .articles import (
    ALWAYS_THERE,
    TAKEN,
    WORDS,
    Article,
    CacheGeneration,
    FixedWordsError,
    OldAddress,
    OwnWordsError,
    Source,
    Sport,
    Topic,
    Version,
)
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
    "Feedback",
    "FixedWordsError",
    "OldAddress",
    "OwnWordsError",
    "Picture",
    "Presence",
    "Reminder",
    "ShareLink",
    "Source",
    "Sport",
    "Topic",
    "Version",
]
