"""A witness outside: heads of the audit's chain, signed, where whoever has the database cannot reach them.

Somebody who puts back an older copy of the whole audit, or cuts its end off and puts back the head that was sealed
then, leaves a chain that is whole in itself. A head that was published later contradicts it for ever: in mails
(assessment/clinic/notifications.py), and in a file on another disk (the setting AUDIT_WITNESS), a line each, that is
only ever added to. Whoever has no key of the audit cannot make one up.

How the digest of a head is made is core/audit.py's business alone.
"""

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.core import checks
from django.utils import timezone

from .. import audit
from ..audit import AuditEvent, BrokenChainError

ACTIONS = {
    "witness_lost": "could not publish the head of the audit",
    "witness_back": "published the head of the audit again",
}
SHAPE = re.compile(
    r"(?P<number>[1-9]\d{0,17}):(?P<digest>[0-9a-f]{64})(:(?P<time>\d{8}T\d{6}Z):(?P<signature>[0-9a-f]{64}))?"
)
TIME = "%Y%m%dT%H%M%SZ"
# How far back in the file the newest line is looked for: it has less than 250 characters.
TAIL = 4096


class WitnessError(Exception):
    """The head could not be published; the message says why and what to do."""


@dataclass(frozen=True)
class PublishedHead:
    """As it is written outside: "number:digest:time:signature". One of verify_audit's own, noted by hand, may end
    after the digest; nobody signed for that.
    """

    number: int
    digest: str
    time: str = ""
    signature: str = ""

    def __str__(self) -> str:
        return ":".join(filter(None, (str(self.number), self.digest, self.time, self.signature)))

    def content_to_sign(self) -> str:
        return f"witness|{self.number}|{self.digest}|{self.time}"

    @property
    def is_signed(self) -> bool:
        return audit.has_valid_signature(self.content_to_sign(), self.signature)

    @property
    def words(self) -> str:
        """Which one it is, for a sentence."""
        if not self.time:
            return "noted"
        at = datetime.strptime(self.time, TIME).replace(tzinfo=UTC)
        return f"published on {at:%Y-%m-%d at %H:%M} UTC"


def sign_head() -> PublishedHead | None:
    """The head as it is now, to be published; None before the first event. Raises BrokenChainError."""
    number, digest = audit.read_head()
    if not number:
        return None
    time = timezone.now().astimezone(UTC).strftime(TIME)
    unsigned = PublishedHead(number, digest, time)
    return PublishedHead(number, digest, time, audit.sign_content(unsigned.content_to_sign()))


def parse_head(text: str) -> PublishedHead:
    """The head in this text, however a mail program broke and quoted its line. Raises ValueError."""
    found = SHAPE.fullmatch(re.sub(r"[\s>]", "", text))
    if not found:
        raise ValueError("A head looks like 1234:0f3a..., as verify_audit, a mail or the file of heads has it.")
    head = PublishedHead(int(found["number"]), found["digest"], found["time"] or "", found["signature"] or "")
    if head.time:
        datetime.strptime(head.time, TIME)  # noqa: DTZ007 (only whether there is such a time)
    return head


# --- The file ---------------------------------------------------------------------------------------------------------
def publish_head() -> bool:
    """Add the present head to the file of AUDIT_WITNESS, if the chain grew since the last; return whether it did.

    Raises WitnessError, also where the chain does not hold what the last line says. An event tells when it begins to
    fail and when it works again.
    """
    try:
        grew = append_head(Path(settings.AUDIT_WITNESS))
    except (OSError, BrokenChainError, WitnessError) as error:
        if not is_failing():
            audit.record_event(None, "witness_lost")
        raise WitnessError(f"The head of the audit was not published. {error}") from error
    if is_failing():
        audit.record_event(None, "witness_back")
    return grew


def append_head(file: Path) -> bool:
    """See publish_head(). The file must be there: where its disk is away, none is begun on the disk below."""
    head = sign_head()
    # Append only, as chattr +a wants it, and never made.
    with os.fdopen(os.open(file, os.O_RDWR | os.O_APPEND), "r+b", buffering=0) as stream:
        stream.seek(-min(TAIL, stream.seek(0, os.SEEK_END)), os.SEEK_END)
        tail = stream.read(TAIL)
        last = next((found for line in reversed(tail.splitlines()) if (found := read_line(line))), None)
        if last is not None:
            for contradiction in find_contradictions([last]):
                raise WitnessError(contradiction)
        if head is None or (last is not None and last.number == head.number):
            return False
        # A full disk may have cut the last line off.
        begin = b"" if not tail or tail.endswith(b"\n") else b"\n"
        line = begin + f"{head}\n".encode()
        if stream.write(line) != len(line):
            raise WitnessError(f"The disk of {file} is full.")
        os.fsync(stream.fileno())
    return True


def read_line(line: bytes) -> PublishedHead | None:
    """The signed head in this line, or None: a full disk leaves lines that are cut off."""
    try:
        head = parse_head(line.decode("ascii"))
    except ValueError:
        return None
    return head if head.time else None


def read_heads(file: Path) -> list[PublishedHead]:
    """All heads of the file. Raises OSError, and ValueError where it has none."""
    with file.open("rb") as stream:
        heads = [head for line in stream if (head := read_line(line))]
    if not heads:
        raise ValueError(f"{file} holds no head of an audit.")
    return heads


def is_failing() -> bool:
    """Whether the last attempt to publish failed."""
    newest = AuditEvent.objects.filter(action__in=ACTIONS).order_by("-number").values_list("action", flat=True).first()
    return newest == "witness_lost"


# --- Against the chain ------------------------------------------------------------------------------------------------
def find_contradictions(heads: Iterable[PublishedHead]) -> Iterator[str]:
    """A sentence for the first of these heads that was forged, and for the first that the chain does not hold."""
    heads = list(heads)
    if forged := next((head for head in heads if head.time and not head.is_signed), None):
        yield f"The head of event {forged.number}, {forged.words}, was not signed by this site."
    heads = [head for head in heads if head.is_signed or not head.time]
    digests = audit.find_digests(head.number for head in heads)
    for head in heads:
        if head.number not in digests:
            goes_to = max(AuditEvent.objects.order_by("-number").values_list("number", flat=True)[:1], default=0)
            missing = audit.describe_missing(goes_to + 1, head.number)
            yield (
                f"{missing} missing: the head of event {head.number} was {head.words}, and the chain goes to {goes_to}."
            )
            return
        if digests[head.number] != head.digest:
            yield (
                f"Event {head.number} is not the one whose head was {head.words}: an older copy was put back, "
                "and the chain went on differently."
            )
            return


def find_witness_warnings(app_configs: object = None, **options: object) -> list[checks.CheckMessage]:
    """System check of `manage.py check --deploy`: a file of heads that cannot be written to is no witness."""
    file = settings.AUDIT_WITNESS
    if not file or (Path(file).is_file() and os.access(file, os.R_OK | os.W_OK)):
        return []
    return [
        checks.Warning(
            f"AUDIT_WITNESS: {file} is no file that can be written to. Heads of the audit are published by mail only.",
            hint="Is its disk away? For the first time, make it: touch.",
            id="core.W001",
        )
    ]
