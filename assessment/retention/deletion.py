"""The end of a check: its time is over, its patient deletes it, or two of the staff do. What is left is a tombstone.

What goes: answers, result, contact details, notes, levels changed by staff, proposals. What stays besides the
tombstone: the audit of who did what, which holds no health text.
"""

import logging
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils import timezone

from core import audit
from core.second_person import explain_dependence

from ..clinic.review_actions import ConflictError, RefusedError
from ..models import Assessment, Disposal, Hold, Mail, Tombstone, row_digests
from ..models.mail import MAIL_DAYS
from ..models.retention import DeletionCause
from ..patient import pause_codes
from ..privacy import deletion_key

logger = logging.getLogger(__name__)
BATCH = 500


class HeldError(RefusedError):
    """A hold keeps the check."""


def delete_assessment(record: Assessment, how: DeletionCause, **people: str) -> Tombstone:
    """Delete the check and everything that hangs on it. Call it in a transaction. Raises HeldError."""
    # The row of the check itself is the lock: whoever places a hold takes it too.
    locked = Assessment.objects.select_for_update().filter(pk=record.pk).only("reference", "key_hash").first()
    if locked is None:
        raise ConflictError("This check is deleted already.")
    if Hold.objects.filter(pk=record.pk).exists():
        raise HeldError("This check is held: it cannot be deleted before the hold ends.")
    hashes = {"reference_hash": deletion_key.list_reference_hashes(locked.reference)[0], "key_hash": locked.key_hash}
    Assessment.objects.filter(pk=record.pk).delete()
    return Tombstone.objects.create(**hashes, end=how, **people)


def find_tombstone(reference: str) -> Tombstone | None:
    """What became of the check with this code, when it is deleted."""
    return Tombstone.objects.filter(reference_hash__in=deletion_key.list_reference_hashes(reference)).first()


# --- Two of the staff -------------------------------------------------------------------------------------------------
def propose_deletion(actor: User, record: Assessment, why: str) -> None:
    """A colleague decides on it. Raises ConflictError when there is a proposal, HeldError."""
    with transaction.atomic():
        if Hold.objects.filter(pk=record.pk).exists():
            raise HeldError("This check is held: it cannot be deleted before the hold ends.")
        proposal, made = Disposal.objects.get_or_create(assessment=record, defaults={"why": why, "proposed_by": actor})
        if not made:
            raise ConflictError("A colleague has proposed to delete this check already.")
        audit.record_event(actor, "propose_deletion", record, reason=why, **row_digests.digest_rows(proposal))


def decline_deletion(actor: User, record: Assessment) -> None:
    """Not deleted after all: the proposal is declined, or taken back. Raises ConflictError."""
    with transaction.atomic():
        if not Disposal.objects.filter(assessment=record).delete()[0]:
            raise ConflictError("There is no proposal any more.")
        audit.record_event(actor, "keep", record)


def confirm_deletion(actor: User, record: Assessment) -> Tombstone:
    """The second person agrees, and the check is gone. Raises RefusedError for one's own proposal, ConflictError."""
    with transaction.atomic():
        proposal = Disposal.objects.select_for_update().filter(pk=record.pk).first()
        if proposal is None:
            raise ConflictError("There is no proposal any more.")
        if proposal.proposed_by_id == actor.pk:
            raise RefusedError("You proposed this deletion yourself. A second person must agree to it.")
        if why_not := explain_dependence(actor, proposal.proposed_by):
            raise RefusedError(why_not)
        left = delete_assessment(
            record, DeletionCause.STAFF, why=proposal.why,
            proposed_by=proposal.proposed_by.get_username(), confirmed_by=actor.get_username(),
        )  # fmt: skip
        audit.record_event(actor, "delete", record, reason=proposal.why, **row_digests.digest_rows(left))
    truncate_wal()
    return left


def place_hold(actor: User, record: Assessment, reason: str) -> None:
    """Nobody deletes this check, nor does time, until release_hold(). Raises ConflictError."""
    with transaction.atomic():
        if not Assessment.objects.select_for_update().filter(pk=record.pk).exists():
            raise ConflictError("This check is deleted already.")
        held, made = Hold.objects.get_or_create(assessment=record, defaults={"reason": reason, "placed_by": actor})
        if not made:
            raise ConflictError("A colleague holds this check already.")
        audit.record_event(actor, "hold", record, **row_digests.digest_rows(held))


def release_hold(actor: User, record: Assessment) -> None:
    """The hold ends. A check whose time is over goes with the next purge. Raises ConflictError."""
    with transaction.atomic():
        if not Hold.objects.filter(pk=record.pk).delete()[0]:
            raise ConflictError("There is no hold any more.")
        audit.record_event(actor, "unhold", record)


# --- The patient ------------------------------------------------------------------------------------------------------
def withdraw_assessment(key: str) -> bool:
    """Delete the check that this key opens; False when there never was one. Raises HeldError.

    Pressed twice, or after its time, it is deleted all the same: True.
    """
    if not deletion_key.parse_key(key):
        return False
    hashes = deletion_key.list_key_hashes(key)
    # Before the transaction: on SQLite that holds up every patient's answer, and machines send wrong keys.
    record = Assessment.objects.filter(key_hash__in=hashes).only("reference").first()
    if record is None:
        return Tombstone.objects.filter(key_hash__in=hashes).exists()
    try:
        with transaction.atomic():
            left = delete_assessment(record, DeletionCause.PATIENT)
            audit.record_event(None, "delete", record, what="patient", **row_digests.digest_rows(left))
    except ConflictError:
        return True
    truncate_wal()
    return True


# --- Time -------------------------------------------------------------------------------------------------------------
def purge_expired(now: datetime | None = None) -> dict[str, int]:
    """Delete what is older than promised; return how many of what. Not in a transaction of one's own.

    failed: checks that could not be deleted now; they hold up no other, and the next run tries again.
    """
    now = now or timezone.now()
    deleted = failed = 0
    stay: list[int] = []
    due = Assessment.objects.filter(retain_until__lt=now, hold=None).order_by("pk")
    while batch := list(due.exclude(pk__in=stay).only("pk", "reference")[:BATCH]):
        # In portions, so that patients who send a check meanwhile wait for a moment only.
        ended: list[tuple[Assessment, dict[str, str]]] = []
        with transaction.atomic():
            for record in batch:
                number = record.pk
                try:
                    with transaction.atomic():
                        left = delete_assessment(record, DeletionCause.EXPIRED)
                except RefusedError:
                    stay.append(number)  # held, or deleted, since the list was read
                    continue
                except (InterfaceError, OperationalError):
                    raise  # nothing can be deleted now
                except Exception as error:
                    stay.append(number)
                    failed += 1
                    logger.error("check %s could not be deleted: %s", number, type(error).__name__)
                    continue
                ended.append((record, row_digests.digest_rows(left)))
            # With each portion: the audit tells of every deletion, also of a run that was killed half way.
            if ended:
                audit.record_events(None, "purge", ended)
        deleted += len(ended)
    over = pause_codes.purge_paused_checks() + Session.objects.filter(expire_date__lt=now).delete()[0]
    mails, _ = Mail.objects.filter(made_at__lt=now - timedelta(days=MAIL_DAYS)).delete()
    return {"assessments": deleted, "unfinished": over, "mails": mails, "failed": failed}


def truncate_wal() -> bool:
    """Leave no copy of what was deleted beside the database; False when somebody who reads kept a part of it.

    On SQLite secure_delete has overwritten the rows in the pages; older copies of the pages are still in the log, until
    it is written back and cut. On PostgreSQL autovacuum takes the dead rows away in its own time.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        return True
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        busy, _, _ = cursor.fetchone()
    return not busy
