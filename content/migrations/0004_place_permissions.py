"""What patients read at once, without approval, is changed by approvers: topics, sports, and sources that are there."""

from django.db import migrations

from core.watch import vouching

MOVED = ["add_topic", "change_topic", "add_sport", "change_sport", "change_source"]


def move_permissions(apps, schema_editor, from_name, to_name):
    alias = schema_editor.connection.alias
    found = apps.get_model("auth", "Group").objects.using(alias).filter(name__in=[from_name, to_name])
    groups = {group.name: group for group in found}
    # A change of roles by the site itself, as the watch is told.
    with vouching.changing("role", *(group.pk for group in groups.values())):
        permissions = apps.get_model("auth", "Permission").objects.using(alias)
        permissions = permissions.filter(content_type__app_label="content", codename__in=MOVED)
        if from_name in groups:
            groups[from_name].permissions.remove(*permissions)
        if to_name in groups:
            groups[to_name].permissions.add(*permissions)


def give_to_approvers(apps, schema_editor):
    move_permissions(apps, schema_editor, "Editors", "Approvers")


def give_back_to_editors(apps, schema_editor):
    move_permissions(apps, schema_editor, "Approvers", "Editors")


class Migration(migrations.Migration):
    dependencies = [("content", "0003_labels"), ("core", "0002_hashed_sessions")]
    operations = [migrations.RunPython(give_to_approvers, give_back_to_editors)]
