"""Every table of the articles.

Nothing of ours is imported here: what a migration did stays as it was.
"""

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


# The table that search reads: one row for each version patients can read now. See content/web/search.py. SQLite: an FTS5
# table (rowid: the version's pk). PostgreSQL: a table with a tsvector and its GIN index. No foreign key: the rows are a
# copy that search brings up to date by itself, and the versions may be emptied without it.
SQLITE = [
    """CREATE VIRTUAL TABLE content_search USING fts5(
        title, summary, headings, body, tokenize='porter unicode61 remove_diacritics 2'
    )"""
]
POSTGRESQL = [
    """CREATE TABLE content_search (
        rowid bigint PRIMARY KEY, title text NOT NULL, summary text NOT NULL, headings text NOT NULL,
        body text NOT NULL,
        words tsvector GENERATED ALWAYS AS (
            setweight(to_tsvector('english', title), 'A') || setweight(to_tsvector('english', summary), 'B') ||
            setweight(to_tsvector('english', headings), 'C') || setweight(to_tsvector('english', body), 'D')
        ) STORED
    )""",
    "CREATE INDEX content_search_words ON content_search USING gin (words)",
]


def create_search_table(apps, schema_editor):
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement)


def drop_search_table(apps, schema_editor):
    schema_editor.execute("DROP TABLE content_search")


class Migration(migrations.Migration):

    initial = True
    replaces = [
        ("content", "0001_initial"),
        ("content", "0004_bucket_full_at"),
        ("content", "0005_search"),
        ("content", "0006_desk"),
        ("content", "0007_second_person"),
        ("content", "0009_edition"),
    ]

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Edition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.BigIntegerField()),
            ],
            options={
                'db_table': 'content_edition',
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Source',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.SlugField(help_text='Cited in an article as [@key], for example [@henschke-2009].', unique=True)),
                ('title', models.CharField(max_length=400)),
                ('body', models.CharField(max_length=200, verbose_name='journal or organisation')),
                ('year', models.PositiveSmallIntegerField(blank=True, help_text='Empty if the page gives none.', null=True)),
                ('url', models.URLField(max_length=500, verbose_name='address')),
                ('checked', models.DateField(blank=True, null=True, verbose_name='last looked at')),
            ],
            options={
                'ordering': ['key'],
            },
        ),
        migrations.CreateModel(
            name='Sport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(unique=True)),
                ('name', models.CharField(max_length=80)),
                ('load', models.CharField(max_length=200, verbose_name='what loads the back')),
                ('position', models.PositiveIntegerField(default=0)),
            ],
            options={
                'ordering': ['position', 'slug'],
            },
        ),
        migrations.CreateModel(
            name='Topic',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(unique=True)),
                ('name', models.CharField(max_length=80)),
                ('summary', models.CharField(max_length=200)),
                ('position', models.PositiveIntegerField(default=0)),
            ],
            options={
                'ordering': ['position', 'slug'],
            },
        ),
        migrations.CreateModel(
            name='Article',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(unique=True)),
                ('position', models.PositiveIntegerField(default=0, help_text='Order inside the topic: small numbers first.')),
                ('withdrawn', models.BooleanField(default=False, help_text='Takes the page off the site; its versions stay here.')),
                ('owner', models.ForeignKey(blank=True, help_text='Looks after this page, and gets a mail when its review is overdue.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('related', models.ManyToManyField(blank=True, related_name='related_from', to='content.article')),
                ('sport', models.OneToOneField(blank=True, help_text='Only in the topic Sports: the sport this page is about.', null=True, on_delete=django.db.models.deletion.PROTECT, to='content.sport')),
                ('topic', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='articles', to='content.topic')),
            ],
            options={
                'ordering': ['topic__position', 'position', 'slug'],
            },
        ),
        migrations.CreateModel(
            name='Feedback',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('path', models.CharField(max_length=200, verbose_name='page')),
                ('clear', models.BooleanField()),
                ('text', models.CharField(blank=True, max_length=500, verbose_name='what was unclear')),
                ('day', models.DateField()),
            ],
            options={
                'verbose_name_plural': 'feedback',
                'ordering': ['-day', '-pk'],
                'indexes': [models.Index(fields=['path', 'clear'], name='content_feedback_page')],
            },
        ),
        migrations.CreateModel(
            name='Picture',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.SlugField(help_text='Short, in small letters: it is how an article names it. For example: heat-pack', unique=True, validators=[django.core.validators.RegexValidator('^[a-z0-9-]+$', 'Use small letters, digits and hyphens only, such as heat-pack.')])),
                ('alt', models.CharField(help_text='What the picture shows, as you would say it on the telephone. Read aloud by screen readers.', max_length=250, verbose_name='words for those who do not see it')),
                ('caption', models.CharField(blank=True, max_length=250, verbose_name='words below it')),
                ('credit', models.CharField(help_text='Who made it, and that we may use it. For example: Clinic photograph, 2026', max_length=200)),
                ('digest', models.CharField(editable=False, max_length=64, unique=True)),
                ('width', models.PositiveIntegerField(editable=False)),
                ('height', models.PositiveIntegerField(editable=False)),
                ('widths', models.JSONField(default=list, editable=False)),
                ('uploaded_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('uploaded_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='Version',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=120)),
                ('summary', models.CharField(max_length=200)),
                ('body', models.TextField()),
                ('figures', models.JSONField(blank=True, default=list)),
                ('pictures', models.JSONField(blank=True, default=list, editable=False)),
                ('written', models.DateField()),
                ('review_due', models.DateField(verbose_name='next review due')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('note', models.CharField(max_length=200, verbose_name='what changed')),
                ('sent_at', models.DateTimeField(blank=True, null=True, verbose_name='sent for approval')),
                ('returned_at', models.DateTimeField(blank=True, null=True)),
                ('returned_note', models.CharField(blank=True, max_length=500, verbose_name='what should change')),
                ('approved_at', models.DateTimeField(blank=True, null=True)),
                ('publish_at', models.DateTimeField(blank=True, default=django.utils.timezone.now, null=True, verbose_name='patients read it from')),
                ('expires_at', models.DateTimeField(blank=True, null=True, verbose_name='taken off the site on')),
                ('clinically_reviewed_by', models.CharField(blank=True, max_length=120)),
                ('clinically_reviewed_on', models.DateField(blank=True, null=True)),
                ('grade', models.FloatField(editable=False, null=True, verbose_name='reading grade')),
                ('digest', models.CharField(blank=True, max_length=64, verbose_name='digest of the starter file')),
                ('approved_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('article', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='content.article')),
                ('author', models.ForeignKey(blank=True, help_text='Empty: it comes from the starter library.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('clinical_reviewer', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('returned_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('sources', models.ManyToManyField(blank=True, related_name='versions', to='content.source')),
            ],
            options={
                'ordering': ['-pk'],
                'permissions': [('approve_version', 'Can approve what others wrote'), ('review_version_clinically', 'Can sign the clinical review of what others wrote')],
            },
        ),
        migrations.CreateModel(
            name='ShareLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('nonce', models.CharField(max_length=43)),
                ('expires_at', models.DateTimeField()),
                ('article', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='share_link', to='content.article')),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='content.version')),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Autosave',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('data', models.JSONField()),
                ('changed_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('article', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='autosaves', to='content.article')),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('article', 'author'), name='content_autosave_one_an_editor'), models.UniqueConstraint(condition=models.Q(('article__isnull', True)), fields=('author',), name='content_autosave_one_new_article')],
            },
        ),
        migrations.CreateModel(
            name='OldAddress',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('topic', models.SlugField()),
                ('slug', models.SlugField()),
                ('since', models.DateTimeField(default=django.utils.timezone.now)),
                ('article', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='old_addresses', to='content.article')),
            ],
            options={
                'verbose_name_plural': 'old addresses',
                'default_permissions': (),
                'indexes': [models.Index(fields=['slug'], name='content_oldaddress_slug')],
                'constraints': [models.UniqueConstraint(fields=('topic', 'slug'), name='content_oldaddress_once')],
            },
        ),
        migrations.CreateModel(
            name='Presence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seen_at', models.DateTimeField()),
                ('article', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='presences', to='content.article')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('article', 'user'), name='content_presence_once')],
            },
        ),
        migrations.CreateModel(
            name='Reminder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('week', models.DateField()),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('user', 'week'), name='content_reminder_once_a_week')],
            },
        ),
        migrations.AddIndex(
            model_name='version',
            index=models.Index(fields=['article', '-id'], name='content_version_newest'),
        ),
        migrations.AddConstraint(
            model_name='version',
            constraint=models.CheckConstraint(condition=models.Q(('approved_at__isnull', True), ('author__isnull', True), models.Q(('approved_by__isnull', False), models.Q(('approved_by', models.F('author')), _negated=True)), _connector='OR'), name='content_version_second_person'),
        ),
        migrations.AddConstraint(
            model_name='version',
            constraint=models.CheckConstraint(condition=models.Q(('clinical_reviewer__isnull', True), ('author__isnull', True), models.Q(('clinical_reviewer', models.F('author')), _negated=True), _connector='OR'), name='content_version_clinical_second_person'),
        ),
        migrations.AddConstraint(
            model_name='version',
            constraint=models.CheckConstraint(condition=models.Q(('approved_at__isnull', True), ('publish_at__isnull', False), _connector='OR'), name='content_version_approved_has_time'),
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
        migrations.RunPython(create_search_table, drop_search_table),
    ]
