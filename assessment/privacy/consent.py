"""What a patient is told before anything is kept, word for word.

The words are stored with what they allow, together with VERSION. Whoever changes WORDS gives them a new VERSION;
tests/assessment/privacy/test_consent.py holds both together.
"""

from django.conf import settings
from django.utils import timezone

VERSION = "2026-11-23"
WORDS = {
    # Over the button that starts a check: an emergency answer ends it at once, without another page to ask on.
    "start": (
        "If an answer shows an emergency, we save your answers and result for {kept}. Only the staff of {clinic} can "
        "see them. In all other cases we ask you at the end."
    ),
    # On the last page before the result.
    "finish": (
        "If you send your answers and result, they are kept for {kept}, with no name. Only the staff of {clinic} can "
        "see them."
    ),
    # Beside the form that asks for a call back.
    "contact": (
        "What you write here is locked and kept apart from your answers, for {kept} at most. Only the staff of "
        "{clinic} can read it, and only to call you back. You can take it away again on this page."
    ),
}


def period_in_words(days: int) -> str:
    """365 is "1 year", 90 is "90 days"."""
    number, unit = (days // 365, "year") if days % 365 == 0 else (days, "day")
    return f"{number} {unit}{'' if number == 1 else 's'}"


def render_consent(part: str) -> str:
    """One of WORDS as the patient reads it here."""
    return WORDS[part].format(kept=period_in_words(settings.RETENTION_DAYS), clinic=settings.CLINIC["name"])


def build_consent(part: str) -> dict[str, str]:
    """What is stored with a patient's yes to this part: the words, their version, and now (ISO 8601)."""
    return {
        "consent_text": render_consent(part),
        "consent_version": VERSION,
        "consent_at": timezone.now().isoformat(),
    }


class WordsChangedError(Exception):
    """The words under which the patient pressed the button are not the present ones: show them, and ask again."""


def describe_consent(part: str) -> dict[str, str]:
    """For a page: the words, and the version that its button sends back."""
    return {"words": render_consent(part), "version": VERSION}


def read_consent_answer(part: str, pressed: str) -> dict[str, str]:
    """The consent that a pressed button gives, or {} for a no. pressed: a version, "no", or "" when nothing was sent.

    Only a yes to the present words is a yes. Raises WordsChangedError for any others.
    """
    if pressed in ("no", ""):
        return {}
    if pressed != VERSION:
        raise WordsChangedError
    return build_consent(part)
