"""What other parts of the site may ask of the accounts: that somebody proves again who they are."""

from .recent_login import require_recent_login

__all__ = ["require_recent_login"]
