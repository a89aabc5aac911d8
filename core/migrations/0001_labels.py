"""The audit and the rate limits are the site's, not one application's. Their tables stay where and as they are.

On a database from before, content types, and with them the permissions, are carried over. On a new one the group
Auditors is made.
"""

from django.db import migrations, models

MOVED = [("assessment", "auditevent"), ("assessment", "audithead"), ("content", "bucket")]


def carry_over(apps, schema_editor):
    alias = schema_editor.connection.alias
    types = apps.get_model("contenttypes", "ContentType").objects.using(alias)
    moved = {model for label, model in MOVED if types.filter(app_label=label, model=model).update(app_label="core")}
    if "auditevent" in moved:
        return
    group, _ = apps.get_model("auth", "Group").objects.using(alias).get_or_create(name="Auditors")
    # Django makes these rows only after all migrations have run; made here, it finds them and leaves them.
    kind, _ = types.get_or_create(app_label="core", model="auditevent")
    permissions = apps.get_model("auth", "Permission").objects.using(alias)
    permission, _ = permissions.get_or_create(
        content_type=kind, codename="view_auditevent", defaults={"name": "Can view audit event"}
    )
    group.permissions.add(permission)


def carry_back(apps, schema_editor):
    types = apps.get_model("contenttypes", "ContentType").objects.using(schema_editor.connection.alias)
    for label, model in MOVED:
        types.filter(app_label="core", model=model).update(app_label=label)


class Migration(migrations.Migration):
    initial = True
    dependencies = [
        ("assessment", "0003_groups"),
        ("content", "0002_groups"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name='AuditHead',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('number', models.BigIntegerField(default=0)),
                        ('hash', models.CharField(blank=True, max_length=64)),
                        ('seal', models.CharField(blank=True, max_length=64)),
                    ],
                    options={
                        'db_table': 'assessment_audithead',
                        'default_permissions': (),
                    },
                ),
                migrations.CreateModel(
                    name='Bucket',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('key', models.CharField(max_length=64, unique=True)),
                        ('full_at', models.BigIntegerField(db_index=True, help_text='When it is full again, in milliseconds since 1970.')),
                    ],
                    options={
                        'db_table': 'content_bucket',
                        'default_permissions': (),
                    },
                ),
                migrations.CreateModel(
                    name='AuditEvent',
                    fields=[
                        ('number', models.BigIntegerField(primary_key=True, serialize=False)),
                        ('at', models.DateTimeField(verbose_name='when')),
                        ('actor', models.CharField(blank=True, max_length=150, verbose_name='who')),
                        ('actor_id', models.BigIntegerField(null=True)),
                        ('action', models.CharField(help_text='One of ACTIONS.', max_length=20, verbose_name='what')),
                        ('record_id', models.BigIntegerField(null=True)),
                        ('reference', models.CharField(blank=True, max_length=11, verbose_name='check')),
                        ('facts', models.JSONField(default=dict)),
                        ('previous', models.CharField(max_length=64)),
                        ('hash', models.CharField(max_length=64)),
                    ],
                    options={
                        'verbose_name': 'audit event',
                        'db_table': 'assessment_auditevent',
                        'ordering': ['-number'],
                        'default_permissions': ['view'],
                        'indexes': [models.Index(fields=['record_id', '-number'], name='assessment_audit_record'), models.Index(fields=['action', '-number'], name='assessment_audit_action')],
                    },
                ),
            ]
        ),
        migrations.RunPython(carry_over, carry_back),
    ]
