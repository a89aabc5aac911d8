"""What the rooms may ask of the accounts: that somebody proves again who they are, and what happened to accounts."""

from .events import ACTIONS, happened
from .fresh import fresh

__all__ = ["ACTIONS", "fresh", "happened"]
