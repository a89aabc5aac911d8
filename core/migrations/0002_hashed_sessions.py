"""The table of sessions holds a keyed hash of each key, as core/sessions.py does from now on: nobody is logged out."""

from django.db import migrations

from core.sessions import hash_session_key


def hash_keys(apps, schema_editor):
    sessions = apps.get_model("sessions", "Session").objects.using(schema_editor.connection.alias)
    for key in list(sessions.values_list("session_key", flat=True)):
        sessions.filter(session_key=key).update(session_key=hash_session_key(key)[0])


def end_sessions(apps, schema_editor):
    """The way back has no keys: everybody logs in again, and checks that are under way begin again."""
    apps.get_model("sessions", "Session").objects.using(schema_editor.connection.alias).all().delete()


class Migration(migrations.Migration):
    dependencies = [("core", "0001_labels"), ("sessions", "0001_initial")]
    operations = [migrations.RunPython(hash_keys, end_sessions)]
