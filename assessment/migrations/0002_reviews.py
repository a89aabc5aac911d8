"""The table of reviews.

What is a note was once called a review. PostgreSQL names keys and indexes after the first name of a table, so that a new
database only has the names of an old one when it goes the same way.
"""

import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [("assessment", "0007_notes"), ("assessment", "0008_reviews")]

    dependencies = [
        ("assessment", "0001_tables"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RenameModel('Review', 'Note'),
        migrations.RenameField('Note', 'reviewer', 'author'),
        migrations.CreateModel(
            name='Review',
            fields=[
                ('assessment', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='review', serialize=False, to='assessment.assessment')),
                ('level', models.PositiveSmallIntegerField(choices=[(3, 'Emergency'), (2, 'Urgent: within 24 hours'), (1, 'Soon: within 2 weeks'), (0, 'Self-care')], help_text="The level staff work by: the check's own, until somebody overrides it.")),
                ('state', models.CharField(choices=[('new', 'New'), ('in_review', 'In review'), ('contacted', 'Contacted'), ('closed', 'Closed')], default='new', max_length=10)),
                ('reason', models.CharField(blank=True, choices=[('advised', 'Spoke with the patient'), ('booked', 'Visit booked, or sent to other care'), ('enough', 'The advice given is enough, nothing to add'), ('unreached', 'Could not be reached'), ('duplicate', 'Same patient, dealt with in another check'), ('other', 'Another reason (say it in the note)'), ('earlier', 'Reviewed before there was a queue')], max_length=10, verbose_name='why closed')),
                ('submitted_at', models.DateTimeField()),
                ('due_at', models.DateTimeField(help_text='When somebody should have looked at it: deadlines.py.')),
                ('reviewed_at', models.DateTimeField(help_text='When staff first had an answer for it.', null=True)),
                ('minutes', models.PositiveIntegerField(help_text='From submission to reviewed_at.', null=True)),
                ('closed_at', models.DateTimeField(null=True)),
                ('sport', models.CharField(blank=True, max_length=40)),
                ('answers_digest', models.CharField(help_text='Equal for equal answers.', max_length=64)),
                ('version', models.PositiveIntegerField(default=1)),
                ('rank', models.GeneratedField(db_persist=True, expression=models.Case(models.When(state='closed', then=models.Value(None)), models.When(state='contacted', then=models.Value(0)), default=django.db.models.expressions.CombinedExpression(models.F('level'), '+', models.Value(1)), output_field=models.SmallIntegerField(null=True)), help_text='Place in the queue: level + 1 while it waits, 0 when contacted, nothing when closed.', output_field=models.SmallIntegerField(null=True))),
                ('assigned_to', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.AddIndex(
            model_name='review',
            index=models.Index(condition=models.Q(('rank__isnull', False)), fields=['-rank', 'due_at', 'assigned_to', 'state', 'sport'], name='assessment_review_queue'),
        ),
        migrations.AddIndex(
            model_name='review',
            index=models.Index(fields=['-closed_at'], name='assessment_review_closed'),
        ),
        migrations.AddIndex(
            model_name='review',
            index=models.Index(fields=['level', '-closed_at'], name='assessment_review_cl_level'),
        ),
        migrations.AddIndex(
            model_name='review',
            index=models.Index(fields=['sport', '-closed_at'], name='assessment_review_cl_sport'),
        ),
        migrations.AddIndex(
            model_name='review',
            index=models.Index(fields=['assigned_to', '-closed_at'], name='assessment_review_cl_who'),
        ),
        migrations.AddIndex(
            model_name='review',
            index=models.Index(fields=['answers_digest', '-submitted_at'], name='assessment_review_same'),
        ),
        migrations.AddIndex(
            model_name='review',
            index=models.Index(fields=['submitted_at', 'level'], name='assessment_review_day'),
        ),
        migrations.AddIndex(
            model_name='review',
            index=models.Index(fields=['level', '-reviewed_at', 'minutes'], name='assessment_review_pace'),
        ),
        migrations.AddConstraint(
            model_name='review',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['new', 'in_review', 'contacted', 'closed'])), name='assessment_review_state'),
        ),
        migrations.AddConstraint(
            model_name='review',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'closed'), models.Q(('reason', ''), _negated=True), ('closed_at__isnull', False)), models.Q(models.Q(('state', 'closed'), _negated=True), ('closed_at__isnull', True), ('reason', '')), _connector='OR'), name='assessment_review_closed_with_reason'),
        ),
        migrations.AddConstraint(
            model_name='review',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'in_review'), _negated=True), ('assigned_to__isnull', False), _connector='OR'), name='assessment_review_has_reviewer'),
        ),
        migrations.AddConstraint(
            model_name='review',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['new', 'in_review']), ('reviewed_at__isnull', False), _connector='OR'), name='assessment_review_time'),
        ),
    ]
