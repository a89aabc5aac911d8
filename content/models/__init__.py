"""What the library is made of, one file a subject."""

from .articles import (
    ALWAYS_THERE,
    TAKEN,
    WORDS,
    Article,
    Edition,
    OldAddress,
    OwnWords,
    Source,
    Sport,
    Topic,
    Version,
    WordsAreFixed,
    free_address,
)
from .editing import Autosave, Presence, Reminder, ShareLink
from .feedback import Bucket, Feedback
from .pictures import Picture

__all__ = [
    "ALWAYS_THERE",
    "TAKEN",
    "WORDS",
    "Article",
    "Autosave",
    "Bucket",
    "Edition",
    "Feedback",
    "OldAddress",
    "OwnWords",
    "Picture",
    "Presence",
    "Reminder",
    "ShareLink",
    "Source",
    "Sport",
    "Topic",
    "Version",
    "WordsAreFixed",
    "free_address",
]
