"""What other parts of the site may ask of the accounts: that somebody proves again who they are, to give back what was
typed into a form that is refused, and whether two accounts can be two people."""

from .recent_login import require_recent_login
from .words import give_back_words, is_staff_post, render_words

__all__ = ["give_back_words", "is_staff_post", "render_words", "require_recent_login"]
