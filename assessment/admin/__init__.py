"""The clinic's staff pages: the queue, one page for each check, the audit, and where people leave the check."""

from django.contrib import admin

from ..models import Assessment, AuditEvent, StepCount
from .queue import QueueAdmin
from .steps import StepCountAdmin
from .trail import AuditEventAdmin

admin.site.register(Assessment, QueueAdmin)
admin.site.register(AuditEvent, AuditEventAdmin)
admin.site.register(StepCount, StepCountAdmin)
