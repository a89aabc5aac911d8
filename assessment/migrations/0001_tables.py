"""Every table of the symptom check.

Nothing of ours is imported here: what a migration did stays as it was.
"""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True
    replaces = [
        ("assessment", "0001_initial"),
        ("assessment", "0003_consent_and_contact"),
        ("assessment", "0004_stepcount"),
        ("assessment", "0005_draft"),
        ("assessment", "0006_audit"),
        ("assessment", "0010_retention"),
        ("assessment", "0012_retention_for_all"),
        ("assessment", "0013_day_counts"),
        ("assessment", "0014_chain_begins_at_one"),
    ]

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Assessment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token', models.CharField(editable=False, max_length=64, unique=True)),
                ('reference', models.CharField(max_length=11, unique=True)),
                ('level', models.PositiveSmallIntegerField(choices=[(3, 'Emergency'), (2, 'Urgent: within 24 hours'), (1, 'Soon: within 2 weeks'), (0, 'Self-care')])),
                ('variant', models.CharField(blank=True, help_text='Which variant of an emergency: ambulance, maternity ...', max_length=20)),
                ('protocol', models.CharField(max_length=40)),
                ('protocol_version', models.CharField(max_length=20)),
                ('protocol_digest', models.CharField(max_length=64)),
                ('language', models.CharField(max_length=10)),
                ('answers', models.JSONField(help_text='Each question and answer as worded, in the order asked.')),
                ('rules', models.JSONField(help_text="The rules met: code, level asked for, and whether only because of a 'not sure'.")),
                ('result', models.JSONField(help_text='The result page as the patient read it.')),
                ('started_at', models.DateTimeField()),
                ('finished_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('consent_text', models.TextField(blank=True, help_text='What the patient agreed to, as worded. Samples have none.')),
                ('consent_version', models.CharField(blank=True, max_length=20)),
                ('consent_at', models.DateTimeField(blank=True, null=True)),
                ('retain_until', models.DateTimeField(db_index=True, help_text='Deleted then: retention.compute_retention_end.')),
                ('key_hash', models.CharField(help_text="Of the patient's deletion key: deletion_key.py.", max_length=64, unique=True)),
                ('is_sample', models.BooleanField(default=False, help_text="Made by 'make demo', not by a patient.", verbose_name='sample')),
                ('corrects', models.ForeignKey(blank=True, help_text='The earlier check in which the patient pressed the wrong answer.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='corrected_by', to='assessment.assessment')),
            ],
            options={
                'verbose_name': 'check',
                'ordering': ['-level', 'finished_at'],
                'permissions': [('export_assessment', 'Can take checks out of this site')],
            },
        ),
        migrations.CreateModel(
            name='DayCount',
            fields=[
                ('day', models.DateField(help_text="In the clinic's time zone.", primary_key=True, serialize=False)),
                ('total', models.PositiveIntegerField()),
                ('hurry', models.PositiveIntegerField(help_text='Urgent or emergency, as staff had them when it was counted.')),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='MailWish',
            fields=[
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('cadence', models.CharField(choices=[('at_once', 'At once when an emergency or urgent check comes in, and once a day what waits'), ('daily', 'Once a day what waits'), ('none', 'No e-mail')], default='daily', max_length=10, verbose_name='e-mail')),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Draft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(help_text='HMAC of the code, which is stored nowhere.', max_length=64, unique=True)),
                ('token', models.CharField(help_text='Of the check, which is paused once at most.', max_length=64, unique=True)),
                ('data', models.JSONField()),
                ('expires_at', models.DateTimeField(db_index=True)),
            ],
            options={
                'db_table': 'assessment_draft',
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Arrival',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('assessment', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='assessment.assessment')),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Contact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('locked', models.TextField(help_text='Name, telephone and e-mail, encrypted together.')),
                ('telephone_key', models.CharField(blank=True, db_index=True, editable=False, max_length=64)),
                ('email_key', models.CharField(blank=True, db_index=True, editable=False, max_length=64)),
                ('consent_text', models.TextField(help_text='What the patient agreed to, as worded.')),
                ('consent_version', models.CharField(max_length=20)),
                ('consent_at', models.DateTimeField()),
                ('assessment', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='contact', to='assessment.assessment')),
            ],
        ),
        migrations.CreateModel(
            name='Mail',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=80, unique=True)),
                ('kind', models.CharField(choices=[('new', 'New checks'), ('daily', 'What waits'), ('alarm', 'Nobody has looked')], max_length=10)),
                ('count', models.PositiveIntegerField(default=0, help_text='How many checks, where the mail says it.')),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('next_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('sent_at', models.DateTimeField(null=True)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Review',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('written_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('text', models.TextField(help_text='What you did or agreed with the patient.', max_length=4000, verbose_name='note')),
                ('assessment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notes', to='assessment.assessment')),
                ('reviewer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['written_at', 'pk'],
                'default_permissions': ('add', 'view'),
            },
        ),
        migrations.CreateModel(
            name='Override',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('from_level', models.PositiveSmallIntegerField(choices=[(3, 'Emergency'), (2, 'Urgent: within 24 hours'), (1, 'Soon: within 2 weeks'), (0, 'Self-care')])),
                ('to_level', models.PositiveSmallIntegerField(choices=[(3, 'Emergency'), (2, 'Urgent: within 24 hours'), (1, 'Soon: within 2 weeks'), (0, 'Self-care')])),
                ('reason', models.TextField(max_length=1000)),
                ('needs_second', models.BooleanField()),
                ('proposed_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('decided_at', models.DateTimeField(null=True)),
                ('accepted', models.BooleanField(null=True)),
                ('assessment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='overrides', to='assessment.assessment')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['proposed_at', 'pk'],
                'default_permissions': ('add', 'view'),
            },
        ),
        migrations.CreateModel(
            name='StepCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(help_text='The day the question was shown.')),
                ('question', models.CharField(max_length=40)),
                ('shown', models.PositiveIntegerField(default=0)),
                ('answered', models.PositiveIntegerField(default=0)),
            ],
            options={
                'verbose_name': 'count of a question',
                'verbose_name_plural': 'where people leave the check',
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('day', 'question'), name='assessment_stepcount_once')],
            },
        ),
        migrations.CreateModel(
            name='Tombstone',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference_hash', models.CharField(help_text='HMAC of the reference.', max_length=64, unique=True)),
                ('key_hash', models.CharField(help_text='As the check had it: deletion_key.py.', max_length=64, unique=True)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('end', models.CharField(choices=[('expired', 'Its time was over'), ('patient', 'The patient deleted it'), ('staff', 'Two of the staff deleted it')], max_length=10)),
                ('why', models.CharField(blank=True, choices=[('asked', 'The patient asked for it'), ('mistake', 'Sent by mistake, or by somebody else'), ('trial', 'Sent to try the site out'), ('order', 'An authority ordered it')], max_length=10)),
                ('proposed_by', models.CharField(blank=True, max_length=150)),
                ('confirmed_by', models.CharField(blank=True, max_length=150)),
            ],
            options={
                'ordering': ['-at', '-pk'],
                'default_permissions': (),
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('end', 'staff'), _negated=True), models.Q(models.Q(('why', ''), _negated=True), models.Q(('proposed_by', ''), _negated=True), models.Q(('confirmed_by', ''), _negated=True), models.Q(('proposed_by', models.F('confirmed_by')), _negated=True)), _connector='OR'), name='assessment_tombstone_two_people')],
            },
        ),
        migrations.CreateModel(
            name='Disposal',
            fields=[
                ('assessment', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='disposal', serialize=False, to='assessment.assessment')),
                ('why', models.CharField(choices=[('asked', 'The patient asked for it'), ('mistake', 'Sent by mistake, or by somebody else'), ('trial', 'Sent to try the site out'), ('order', 'An authority ordered it')], max_length=10, verbose_name='why')),
                ('proposed_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'permissions': [('confirm_disposal', 'Can agree to the deletion of a check that a colleague proposed')],
                'default_permissions': ('add',),
            },
        ),
        migrations.CreateModel(
            name='Hold',
            fields=[
                ('assessment', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='hold', serialize=False, to='assessment.assessment')),
                ('reason', models.CharField(max_length=300)),
                ('placed_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('placed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'permissions': [('hold_assessment', 'Can keep a check from being deleted')],
                'default_permissions': (),
            },
        ),
        migrations.AddIndex(
            model_name='assessment',
            index=models.Index(condition=models.Q(('corrects__isnull', False)), fields=['corrects'], name='assessment_corrections'),
        ),
        migrations.AddIndex(
            model_name='mail',
            index=models.Index(condition=models.Q(('sent_at__isnull', True)), fields=['next_at'], name='assessment_mail_due'),
        ),
        migrations.AddConstraint(
            model_name='override',
            constraint=models.UniqueConstraint(condition=models.Q(('decided_at__isnull', True)), fields=('assessment',), name='assessment_override_one_open'),
        ),
        migrations.AddConstraint(
            model_name='override',
            constraint=models.CheckConstraint(condition=models.Q(('from_level', models.F('to_level')), _negated=True), name='assessment_override_changes'),
        ),
        migrations.AddConstraint(
            model_name='override',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('accepted__isnull', True), ('decided_at__isnull', True), ('decided_by__isnull', True)), models.Q(('accepted__isnull', False), ('decided_at__isnull', False), ('decided_by__isnull', False)), _connector='OR'), name='assessment_override_decided'),
        ),
        migrations.AddConstraint(
            model_name='override',
            constraint=models.CheckConstraint(condition=models.Q(('needs_second', False), ('accepted__isnull', True), ('accepted', False), models.Q(('decided_by', models.F('proposed_by')), _negated=True), _connector='OR'), name='assessment_override_two_people'),
        ),
        migrations.AddConstraint(
            model_name='override',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('from_level', 3), _negated=True), ('needs_second', True), _connector='OR'), name='assessment_override_second'),
        ),
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
