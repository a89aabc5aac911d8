"""Readers' feedback, which the group Editors may read, and the buckets that slow down who floods it."""

from django.db import migrations, models


def add(apps, schema_editor):
    alias = schema_editor.connection.alias
    # As in 0002: Django makes these rows only after all migrations have run; made here, it finds them.
    content_type, _ = (
        apps.get_model("contenttypes", "ContentType")
        .objects.using(alias)
        .get_or_create(app_label="content", model="feedback")
    )
    permission, _ = (
        apps.get_model("auth", "Permission")
        .objects.using(alias)
        .get_or_create(
            content_type=content_type, codename="view_feedback", defaults={"name": "Can view feedback"}
        )
    )
    # Somebody may have renamed or removed the group: then who reads feedback is theirs to say.
    group = apps.get_model("auth", "Group").objects.using(alias).filter(name="Editors").first()
    if group:
        group.permissions.add(permission)


def remove(apps, schema_editor):
    alias = schema_editor.connection.alias
    apps.get_model("auth", "Permission").objects.using(alias).filter(
        content_type__app_label="content", codename="view_feedback"
    ).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("content", "0002_editors"),
    ]

    operations = [
        migrations.CreateModel(
            name="Bucket",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=64, unique=True)),
                ("tokens", models.FloatField()),
                ("filled_at", models.DateTimeField()),
            ],
            options={"default_permissions": ()},
        ),
        migrations.CreateModel(
            name="Feedback",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("path", models.CharField(max_length=200, verbose_name="page")),
                ("clear", models.BooleanField()),
                ("text", models.CharField(blank=True, max_length=500, verbose_name="what was unclear")),
                ("day", models.DateField()),
            ],
            options={
                "verbose_name_plural": "feedback",
                "ordering": ["-day", "-pk"],
                "indexes": [models.Index(fields=["path", "clear"], name="content_feedback_page")],
            },
        ),
        migrations.RunPython(add, remove),
    ]
