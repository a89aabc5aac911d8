"""Checks from before get their time and the hash of a key. Leads and auditors get what they need."""

from django.db import migrations

GROUPS = {
    "Clinic staff": [("disposal", "add_disposal", "Can add disposal")],
    "Leads": [
        ("assessment", "view_assessment", "Can view check"),
        ("assessment", "export_assessment", "Can take checks out of this site"),
        ("review", "view_review", "Can view review"),
        ("review", "change_review", "Can change review"),
        ("note", "view_note", "Can view note"),
        ("note", "add_note", "Can add note"),
        ("override", "view_override", "Can view override"),
        ("override", "add_override", "Can add override"),
        ("contact", "view_contact", "Can view contact"),
        ("disposal", "add_disposal", "Can add disposal"),
        ("disposal", "confirm_disposal", "Can agree to the deletion of a check that a colleague proposed"),
        ("hold", "hold_assessment", "Can keep a check from being deleted"),
    ],
    "Auditors": [("auditevent", "view_auditevent", "Can view audit event")],
}


def fill(apps, schema_editor):
    from assessment import keys, retention

    Assessment = apps.get_model("assessment", "Assessment")
    batch = []
    for check in Assessment.objects.only("token", "level", "finished_at").order_by("pk").iterator(chunk_size=500):
        check.retain_until = retention.until(check.level, check.finished_at)
        check.key_hash = keys.hashed(keys.made_from(check.token))
        batch.append(check)
        if len(batch) == 500:
            Assessment.objects.bulk_update(batch, ["retain_until", "key_hash"])
            batch = []
    Assessment.objects.bulk_update(batch, ["retain_until", "key_hash"])


def permit(apps, schema_editor):
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission = apps.get_model("auth", "Permission")
    for group_name, permissions in GROUPS.items():
        group, _ = apps.get_model("auth", "Group").objects.get_or_create(name=group_name)
        for model, codename, name in permissions:
            # Django makes the permissions only after all migrations; the name is the one that it would give.
            kind, _ = ContentType.objects.get_or_create(app_label="assessment", model=model)
            permission, _ = Permission.objects.get_or_create(
                content_type=kind, codename=codename, defaults={"name": name}
            )
            group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [
        ("assessment", "0010_retention"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RunPython(permit, migrations.RunPython.noop),
    ]
