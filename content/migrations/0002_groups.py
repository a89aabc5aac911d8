"""The groups of those who write, approve and review articles. None of them sees anything of patients' checks."""

from django.db import migrations


def can(model, *verbs):
    """Django's own permissions for a model, as (model, codename, name)."""
    return [(model, f"{verb}_{model}", f"Can {verb} {model}") for verb in verbs]


READ = [
    row for model in ("article", "feedback", "picture", "source", "sport", "topic", "version") for row in can(model, "view")
]
GROUPS = {
    # Words are never changed: a change to an article appends a version.
    "Editors": [
        *(row for model in ("article", "source", "sport", "topic") for row in can(model, "add", "change", "view")),
        *can("version", "view"),
        *can("feedback", "view"),
        *can("picture", "add", "change", "view"),
    ],
    # The second pair of eyes. Somebody who also writes is in both groups, and still never approves their own text.
    "Approvers": [*READ, ("version", "approve_version", "Can approve what others wrote")],
    "Clinical reviewers": [
        *READ,
        ("version", "review_version_clinically", "Can sign the clinical review of what others wrote"),
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
            kind, _ = ContentType.objects.using(alias).get_or_create(app_label="content", model=model)
            permission, _ = Permission.objects.using(alias).get_or_create(
                content_type=kind, codename=codename, defaults={"name": name}
            )
            group.permissions.add(permission)


def remove_groups(apps, schema_editor):
    groups = apps.get_model("auth", "Group").objects.using(schema_editor.connection.alias)
    groups.filter(name__in=GROUPS).delete()


class Migration(migrations.Migration):
    replaces = [("content", "0002_editors"), ("content", "0003_feedback"), ("content", "0008_desk_rules")]
    dependencies = [
        ("content", "0001_tables"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [migrations.RunPython(add_groups, remove_groups)]
