
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('assessment', '0009_queue'),
        ('auth', '0012_alter_user_first_name_max_length'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
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
        migrations.AlterModelOptions(
            name='assessment',
            options={'ordering': ['-level', 'finished_at'], 'permissions': [('export_assessment', 'Can take checks out of this site')], 'verbose_name': 'check'},
        ),
        migrations.AddField(
            model_name='assessment',
            name='key_hash',
            field=models.CharField(help_text="Of the patient's key to delete it: keys.py.", max_length=64, null=True, unique=True),
        ),
        migrations.AddField(
            model_name='assessment',
            name='retain_until',
            field=models.DateTimeField(db_index=True, help_text='Deleted then: retention.until.', null=True),
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
        migrations.CreateModel(
            name='Tombstone',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference_hash', models.CharField(help_text='HMAC of the reference.', max_length=64, unique=True)),
                ('key_hash', models.CharField(help_text='As the check had it: keys.py.', max_length=64, unique=True)),
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
                'indexes': [models.Index(condition=models.Q(('sent_at__isnull', True)), fields=['next_at'], name='assessment_mail_due')],
            },
        ),
    ]
