"""Whether a clinician has signed the rules of the check, for staff to see.

A signature is for one digest: one changed rule or word, and it holds no longer. Who signs what, and where the digest
comes from: docs/clinical-safety/sign-off.md.
"""

from dataclasses import dataclass

from django.conf import settings
from django.utils import timezone

from ..protocol import wording
from ..protocol.back_pain import PROTOCOL


@dataclass(frozen=True)
class ApprovalStatement:
    """What staff read about an approval; approved is true only while it holds."""

    approved: bool
    text: str


def running_digest() -> str:
    """The digest of the rules and words that this site runs now."""
    return wording.digest_protocol(PROTOCOL, wording.load_words())


def describe_approval(digest: str | None = None) -> ApprovalStatement:
    """The approval of the rules with this digest; without one, of the rules that this site runs."""
    approver, on, signed = (
        settings.CLINICAL_APPROVER,
        settings.CLINICAL_APPROVAL_DATE,
        settings.CLINICAL_APPROVED_DIGEST,
    )
    gap = ""
    if approver and on:
        day = f"{on.day} {on:%B %Y}"
        if not signed:
            gap = "The approval does not say for which rules: CLINICAL_APPROVED_DIGEST is not set"
        elif on > timezone.localdate():
            gap = f"The approval begins on {day}"
        elif signed != (digest or running_digest()):
            gap = f"The approval is for other rules (digest {signed[:12]})"
        else:
            return ApprovalStatement(True, f"Approved by {approver} on {day}")
    if digest and gap:
        # An older check may have followed rules that were approved in their time: say only what is known.
        return ApprovalStatement(False, gap)
    return ApprovalStatement(False, ". ".join(filter(None, ["Protocol not clinically approved", gap])))
