"""The proofs over the protocol that this site runs, made once a process, and the system check that asks for them."""

import tomllib
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error

from .protocol import export, verify, wording
from .protocol.back_pain import PROTOCOL

FOLDER: Path = settings.BASE_DIR / "docs" / "clinical-safety"
REPORTS: dict[tuple[tuple[str, str], ...], verify.ProofReport] = {}


def load_all_words() -> dict[str, wording.Words]:
    """The words in each language offered."""
    return {language: wording.load_words(language) for language in wording.list_languages()}


def compute_digests() -> dict[str, str]:
    """The digest of rules and words, in each language."""
    return {language: wording.digest_protocol(PROTOCOL, text) for language, text in load_all_words().items()}


def prove_protocol() -> verify.ProofReport:
    """Every proof and finding. Takes seconds the first time; kept for as long as no rule or word changes."""
    key = tuple(sorted(compute_digests().items()))
    if key not in REPORTS:
        REPORTS[key] = verify.verify_protocol(PROTOCOL, load_all_words())
    return REPORTS[key]


def is_exported() -> bool:
    """Whether this protocol stands in versions.toml: export_protocol proved it before writing it there."""
    try:
        return (
            tomllib.loads((FOLDER / export.VERSIONS).read_text(encoding="utf-8")).get(PROTOCOL.version)
            == compute_digests()
        )
    except (OSError, ValueError):
        return False


def find_protocol_errors(app_configs: Any = None, **options: Any) -> list[CheckMessage]:
    """System check: an error for each finding.

    A protocol that was exported is not proven again, so that no command waits seconds for what is known: the digest
    covers each rule and word. Only a changed `verify` could find more now, and the tests always run that.
    """
    if is_exported():
        return []
    hint = "See every proof with: manage.py verify_protocol"
    return [
        Error(str(finding), hint=hint, obj="protocol", id="assessment.E001") for finding in prove_protocol().findings
    ]
