"""The group Editors: people who keep the articles current, and see nothing of patients' checks."""

from django.db import migrations

NAME = "Editors"
ALLOWED = {
    "article": ("add", "change", "view"),
    "source": ("add", "change", "view"),
    "sport": ("add", "change", "view"),
    "topic": ("add", "change", "view"),
    # Words are never changed: a change to an article appends a version.
    "version": ("view",),
}


def add(apps, schema_editor):
    alias = schema_editor.connection.alias
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission = apps.get_model("auth", "Permission")
    Group = apps.get_model("auth", "Group")
    group, _ = Group.objects.using(alias).get_or_create(name=NAME)
    for model, actions in ALLOWED.items():
        # Django makes these rows only after all migrations have run; made here, it finds them and leaves them.
        content_type, _ = ContentType.objects.using(alias).get_or_create(app_label="content", model=model)
        for action in actions:
            permission, _ = Permission.objects.using(alias).get_or_create(
                content_type=content_type, codename=f"{action}_{model}", defaults={"name": f"Can {action} {model}"}
            )
            group.permissions.add(permission)


def remove(apps, schema_editor):
    apps.get_model("auth", "Group").objects.using(schema_editor.connection.alias).filter(name=NAME).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("content", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [migrations.RunPython(add, remove)]
