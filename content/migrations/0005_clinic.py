"""What the clinic says of itself: its one row of hours and booking, and who works there. Approvers change both."""

from django.db import migrations, models

from core.watch import vouching

GIVEN = {"clinicdetails": ("change", "view"), "teammember": ("add", "change", "delete", "view")}


def add_row_and_permissions(apps, schema_editor):
    alias = schema_editor.connection.alias
    apps.get_model("content", "ClinicDetails").objects.using(alias).create()
    group = apps.get_model("auth", "Group").objects.using(alias).filter(name="Approvers").first()
    if group is None:
        return
    # A change of roles by the site itself, as the watch is told.
    with vouching.changing("role", group.pk):
        for model, verbs in GIVEN.items():
            # Django makes these rows only after all migrations have run; made here, it finds them and leaves them.
            kind, _ = (
                apps.get_model("contenttypes", "ContentType")
                .objects.using(alias)
                .get_or_create(app_label="content", model=model)
            )
            for verb in verbs:
                permission, _ = (
                    apps.get_model("auth", "Permission")
                    .objects.using(alias)
                    .get_or_create(
                        content_type=kind, codename=f"{verb}_{model}", defaults={"name": f"Can {verb} {model}"}
                    )
                )
                group.permissions.add(permission)


def take_permissions(apps, schema_editor):
    alias = schema_editor.connection.alias
    group = apps.get_model("auth", "Group").objects.using(alias).filter(name="Approvers").first()
    if group:
        with vouching.changing("role", group.pk):
            group.permissions.remove(
                *apps.get_model("auth", "Permission")
                .objects.using(alias)
                .filter(content_type__app_label="content", content_type__model__in=GIVEN)
            )


class Migration(migrations.Migration):
    dependencies = [("content", "0004_place_permissions")]
    operations = [
        migrations.CreateModel(
            name="ClinicDetails",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "hours",
                    models.TextField(
                        blank=True,
                        help_text=(
                            "Shown on the clinic's page and beside its number on a result. A line for each, "
                            "such as: Monday to Friday: 8 am to 6 pm. Say when you are closed, too."
                        ),
                        max_length=400,
                        verbose_name="when you are open",
                    ),
                ),
                (
                    "booking",
                    models.TextField(
                        blank=True,
                        help_text=(
                            "In plain words, a line for each step. The telephone number stands there "
                            "already: it is a setting of the site."
                        ),
                        max_length=600,
                        verbose_name="how to book",
                    ),
                ),
                (
                    "booking_link",
                    models.URLField(
                        blank=True,
                        help_text="The whole address, with https://.",
                        verbose_name="where to book online",
                    ),
                ),
            ],
            options={
                "verbose_name": "clinic: hours and how to book",
                "verbose_name_plural": "clinic: hours and how to book",
            },
        ),
        migrations.CreateModel(
            name="TeamMember",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "name",
                    models.CharField(
                        help_text="As patients know them, with a title if they have one.", max_length=120
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        help_text="In plain words, such as: physical therapist.",
                        max_length=120,
                        verbose_name="what they do",
                    ),
                ),
                (
                    "registration",
                    models.CharField(
                        blank=True,
                        help_text="With who gave it, if you want to show it.",
                        max_length=80,
                        verbose_name="registration number",
                    ),
                ),
                ("position", models.PositiveIntegerField(default=0, help_text="Small numbers first.")),
            ],
            options={
                "verbose_name": "person at the clinic",
                "verbose_name_plural": "clinic: who works here",
                "ordering": ["position", "name"],
            },
        ),
        migrations.RunPython(add_row_and_permissions, take_permissions),
    ]
