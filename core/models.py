"""The tables of core: each model stands beside the functions that are the only ones to write it."""

from .audit import AuditEvent, AuditHead
from .throttle import Bucket

__all__ = ["AuditEvent", "AuditHead", "Bucket"]
