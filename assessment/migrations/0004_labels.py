"""What moved to core, and what has another name. No table changes: only what Django calls them."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("assessment", "0003_groups"), ("core", "0001_labels")]
    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.DeleteModel("AuditEvent"), migrations.DeleteModel("AuditHead")]
        ),
        migrations.RenameModel("Draft", "PausedCheck"),
    ]
