"""The group "Clinic staff": its members see finished checks and add reviews, and nothing of the articles."""

from django.apps.registry import Apps
from django.db import migrations

GROUP = "Clinic staff"
PERMISSIONS = {"assessment": ["view_assessment"], "review": ["add_review", "view_review"]}


def add_group(apps: Apps, schema_editor):
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission = apps.get_model("auth", "Permission")
    group, _ = apps.get_model("auth", "Group").objects.get_or_create(name=GROUP)
    for model, codenames in PERMISSIONS.items():
        kind, _ = ContentType.objects.get_or_create(app_label="assessment", model=model)
        for codename in codenames:
            # Django makes the permissions only after all migrations; the name is the one that it would give.
            verb = codename.split("_")[0]
            name = f"Can {verb} {'check' if model == 'assessment' else model}"
            permission, _ = Permission.objects.get_or_create(content_type=kind, codename=codename, defaults={"name": name})
            group.permissions.add(permission)


def remove_group(apps: Apps, schema_editor):
    apps.get_model("auth", "Group").objects.filter(name=GROUP).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("assessment", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [migrations.RunPython(add_group, remove_group)]
