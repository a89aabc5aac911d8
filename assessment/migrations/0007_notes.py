from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("assessment", "0006_audit"),
    ]

    operations = [
        # What was called a review is a note now: the word "review" is for where the clinic is with a check.
        migrations.RenameModel("Review", "Note"),
        migrations.RenameField("Note", "reviewer", "author"),
        migrations.RenameField("Note", "reviewed_at", "written_at"),
        migrations.RenameField("Note", "note", "text"),
    ]
