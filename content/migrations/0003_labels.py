"""What moved to core, and what has another name. No table changes: only what Django calls them."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("content", "0002_groups"), ("core", "0001_labels")]
    operations = [
        migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel("Bucket")]),
        migrations.RenameModel("Edition", "CacheGeneration"),
    ]
