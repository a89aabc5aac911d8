from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("assessment", "0004_stepcount"),
    ]

    operations = [
        migrations.CreateModel(
            name="Draft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "key",
                    models.CharField(
                        help_text="HMAC of the code, which is stored nowhere.", max_length=64, unique=True
                    ),
                ),
                (
                    "token",
                    models.CharField(
                        help_text="Of the check, which has one draft at most.", max_length=64, unique=True
                    ),
                ),
                ("data", models.JSONField()),
                ("expires_at", models.DateTimeField(db_index=True)),
            ],
            options={"default_permissions": ()},
        ),
    ]
