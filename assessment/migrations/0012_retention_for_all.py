from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("assessment", "0011_fill_retention")]
    operations = [
        migrations.AlterField(
            model_name="assessment",
            name="retain_until",
            field=models.DateTimeField(db_index=True, help_text="Deleted then: retention.until."),
        ),
        migrations.AlterField(
            model_name="assessment",
            name="key_hash",
            field=models.CharField(
                help_text="Of the patient's key to delete it: keys.py.", max_length=64, unique=True
            ),
        ),
    ]
