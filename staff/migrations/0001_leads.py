"""Leads answer for accounts. What else they may do, the rooms say in their own migrations (staff/roles.py)."""

from django.db import migrations


def add(apps, schema_editor):
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission = apps.get_model("auth", "Permission")
    group, _ = apps.get_model("auth", "Group").objects.get_or_create(name="Leads")
    kind, _ = ContentType.objects.get_or_create(app_label="auth", model="user")
    for verb in ("add", "change", "view"):
        # Django makes the permissions only after all migrations; the name is the one that it would give.
        permission, _ = Permission.objects.get_or_create(
            content_type=kind, codename=f"{verb}_user", defaults={"name": f"Can {verb} user"}
        )
        group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
