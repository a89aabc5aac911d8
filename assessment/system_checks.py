"""The proofs over the protocol that this site runs, made once a process, and the system check that asks for them."""

import tomllib
from pathlib import Path

from django.conf import settings
from django.core.checks import Error

from .protocol import export, verify, wording
from .protocol.back_pain import PROTOCOL

FOLDER: Path = settings.BASE_DIR / "docs" / "clinical-safety"
done: dict[tuple[tuple[str, str], ...], verify.Report] = {}


def words() -> dict[str, wording.Words]:
    """The words in each language offered."""
    return {language: wording.load(language) for language in wording.languages()}


def digests() -> dict[str, str]:
    """The digest of rules and words, in each language."""
    return {language: wording.digest(PROTOCOL, text) for language, text in words().items()}


def report() -> verify.Report:
    """Every proof and finding. Takes seconds the first time; kept for as long as no rule or word changes."""
    key = tuple(sorted(digests().items()))
    if key not in done:
        done[key] = verify.verify(PROTOCOL, words())
    return done[key]


def exported() -> bool:
    """Whether this protocol stands in versions.toml: export_protocol proved it before writing it there."""
    try:
        return tomllib.loads((FOLDER / export.VERSIONS).read_text(encoding="utf-8")).get(PROTOCOL.version) == digests()
    except (OSError, ValueError):
        return False


def check(app_configs=None, **options):
    """System check: an error for each finding.

    A protocol that was exported is not proven again, so that no command waits seconds for what is known: the digest
    covers each rule and word. Only a changed `verify` could find more now, and the tests always run that.
    """
    if exported():
        return []
    hint = "See every proof with: manage.py verify_protocol"
    return [Error(str(finding), hint=hint, obj="protocol", id="assessment.E001") for finding in report().findings]
