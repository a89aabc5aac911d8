"""Before there was a second person, saving an article approved it. Such words wait for one now; grades are filled in."""

from django.db import migrations
from django.db.models import F


def forward(apps, schema_editor):
    from content import prose, reading

    Version = apps.get_model("content", "Version")
    rows = Version.objects.using(schema_editor.connection.alias)
    own = rows.filter(author__isnull=False, approved_at__isnull=False)
    own.filter(approved_by__isnull=True).update(sent_at=F("approved_at"), approved_at=None)
    own.filter(approved_by=F("author")).update(sent_at=F("approved_at"), approved_at=None, approved_by=None)
    for version in rows.filter(grade__isnull=True).only("pk", "body").iterator():
        rows.filter(pk=version.pk).update(grade=reading.grade(prose.sentences(version.body)))


class Migration(migrations.Migration):
    dependencies = [("content", "0006_desk")]
    operations = [migrations.RunPython(forward, migrations.RunPython.noop)]
