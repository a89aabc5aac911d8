from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("assessment", "0003_consent_and_contact"),
    ]

    operations = [
        migrations.CreateModel(
            name="StepCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(help_text="The day the question was shown.")),
                ("question", models.CharField(max_length=40)),
                ("shown", models.PositiveIntegerField(default=0)),
                ("answered", models.PositiveIntegerField(default=0)),
            ],
            options={
                "verbose_name": "count of a question",
                "verbose_name_plural": "where people leave the check",
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(fields=("day", "question"), name="assessment_stepcount_once")
                ],
            },
        ),
    ]
