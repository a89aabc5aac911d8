"""A bucket is one moment. Those of before hold a few minutes of counting, so they are dropped and not converted."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("content", "0003_feedback"),
    ]

    operations = [
        migrations.DeleteModel(name="Bucket"),
        migrations.CreateModel(
            name="Bucket",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=64, unique=True)),
                (
                    "full_at",
                    models.BigIntegerField(
                        db_index=True, help_text="When it is full again, in milliseconds since 1970."
                    ),
                ),
            ],
            options={"default_permissions": ()},
        ),
    ]
