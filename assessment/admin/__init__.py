"""The clinic's staff pages: the queue, one page for each check, the audit, and where people leave the check."""

from django.contrib import admin

from core.audit import AuditEvent

from ..models import Assessment, StepCount
from .audit import AuditEventAdmin
from .queue import QueueAdmin
from .step_counts import StepCountAdmin

admin.site.register(Assessment, QueueAdmin)
admin.site.register(AuditEvent, AuditEventAdmin)
admin.site.register(StepCount, StepCountAdmin)
