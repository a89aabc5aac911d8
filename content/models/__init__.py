"""What the library is made of, one file a subject."""

from content.models.desk import Autosave, Presence, Reminder, ShareLink
from content.models.feedback import Bucket, Feedback
from content.models.library import (
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
from content.models.pictures import Picture

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
