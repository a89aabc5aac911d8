"""Nobody approves their own words, held by the database; the groups Approvers and Clinical reviewers."""

from django.db import migrations, models

READ = {
    "article": ["view"],
    "feedback": ["view"],
    "picture": ["view"],
    "source": ["view"],
    "sport": ["view"],
    "topic": ["view"],
    "version": ["view"],
}
GROUPS = {
    # Who writes. The rest of their permissions is in 0002 and 0003.
    "Editors": {"picture": ["add", "change", "view"]},
    # The second pair of eyes. Somebody who also writes is in both groups, and still never approves their own text.
    "Approvers": {**READ, "version": ["view", "approve"]},
    "Clinical reviewers": {**READ, "version": ["view", "review_clinically"]},
}
# Permissions that are not one of Django's four: (code, name).
OWN = {
    "approve": ("approve_version", "Can approve what others wrote"),
    "review_clinically": ("review_version_clinically", "Can sign the clinical review of what others wrote"),
}


def add(apps, schema_editor):
    alias = schema_editor.connection.alias
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission = apps.get_model("auth", "Permission")
    Group = apps.get_model("auth", "Group")
    for name, allowed in GROUPS.items():
        if name == "Editors":
            # Somebody may have renamed or removed the group: then who uploads pictures is theirs to say.
            group = Group.objects.using(alias).filter(name=name).first()
            if not group:
                continue
        else:
            group, _ = Group.objects.using(alias).get_or_create(name=name)
        for model, actions in allowed.items():
            # As in 0002: Django makes these rows only after all migrations have run; made here, it finds them.
            kind, _ = ContentType.objects.using(alias).get_or_create(app_label="content", model=model)
            for action in actions:
                code, words = OWN.get(action, (f"{action}_{model}", f"Can {action} {model}"))
                permission, _ = Permission.objects.using(alias).get_or_create(
                    content_type=kind, codename=code, defaults={"name": words}
                )
                group.permissions.add(permission)


def remove(apps, schema_editor):
    groups = apps.get_model("auth", "Group").objects.using(schema_editor.connection.alias)
    groups.filter(name__in=["Approvers", "Clinical reviewers"]).delete()


class Migration(migrations.Migration):
    dependencies = [("content", "0007_second_person"), ("auth", "0012_alter_user_first_name_max_length")]
    operations = [
        migrations.AddConstraint(
            model_name='version',
            constraint=models.CheckConstraint(condition=models.Q(('approved_at__isnull', True), ('author__isnull', True), models.Q(('approved_by__isnull', False), models.Q(('approved_by', models.F('author')), _negated=True)), _connector='OR'), name='content_version_second_person'),
        ),
        migrations.AddConstraint(
            model_name='version',
            constraint=models.CheckConstraint(condition=models.Q(('clinical_reviewer__isnull', True), ('author__isnull', True), models.Q(('clinical_reviewer', models.F('author')), _negated=True), _connector='OR'), name='content_version_clinical_second_person'),
        ),
        migrations.AddConstraint(
            model_name='version',
            constraint=models.CheckConstraint(condition=models.Q(('approved_at__isnull', True), ('publish_at__isnull', False), _connector='OR'), name='content_version_approved_has_time'),
        ),
        migrations.RunPython(add, remove),
    ]
