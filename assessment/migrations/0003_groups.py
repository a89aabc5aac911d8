"""The groups of those who review checks and of those who answer for it. Neither sees anything of the articles."""

from django.db import migrations

REVIEW = [
    ("assessment", "view_assessment", "Can view check"),
    ("review", "view_review", "Can view review"),
    ("review", "change_review", "Can change review"),
    ("note", "view_note", "Can view note"),
    ("note", "add_note", "Can add note"),
    ("override", "view_override", "Can view override"),
    ("override", "add_override", "Can add override"),
    ("contact", "view_contact", "Can view contact"),
    ("disposal", "add_disposal", "Can add disposal"),
]
GROUPS = {
    "Clinic staff": REVIEW,
    "Leads": [
        *REVIEW,
        ("assessment", "export_assessment", "Can take checks out of this site"),
        ("disposal", "confirm_disposal", "Can agree to the deletion of a check that a colleague proposed"),
        ("hold", "hold_assessment", "Can keep a check from being deleted"),
    ],
}


def add_groups(apps, schema_editor):
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission = apps.get_model("auth", "Permission")
    Group = apps.get_model("auth", "Group")
    alias = schema_editor.connection.alias
    for group_name, permissions in GROUPS.items():
        group, _ = Group.objects.using(alias).get_or_create(name=group_name)
        for model, codename, name in permissions:
            # Django makes these rows only after all migrations have run; made here, it finds them and leaves them.
            kind, _ = ContentType.objects.using(alias).get_or_create(app_label="assessment", model=model)
            permission, _ = Permission.objects.using(alias).get_or_create(
                content_type=kind, codename=codename, defaults={"name": name}
            )
            group.permissions.add(permission)


def remove_groups(apps, schema_editor):
    groups = apps.get_model("auth", "Group").objects.using(schema_editor.connection.alias)
    groups.filter(name__in=GROUPS).delete()


class Migration(migrations.Migration):
    replaces = [("assessment", "0002_clinic_staff"), ("assessment", "0009_queue"), ("assessment", "0011_fill_retention")]
    dependencies = [
        ("assessment", "0002_reviews"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [migrations.RunPython(add_groups, remove_groups)]
