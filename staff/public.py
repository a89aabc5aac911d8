"""What other parts of the site may ask of the accounts: that somebody proves again who they are."""

from .fresh import fresh

__all__ = ["fresh"]
