"""The table that search reads: one row for each version patients can read now. See content/search.py.

SQLite: an FTS5 table (rowid: the version's pk). PostgreSQL: a table with a tsvector and its GIN index. No foreign key:
the rows are a copy that search brings up to date by itself, and the versions may be emptied without it.
"""

from django.db import migrations

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


def create(apps, schema_editor):
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement)


def drop(apps, schema_editor):
    schema_editor.execute("DROP TABLE content_search")


class Migration(migrations.Migration):
    dependencies = [("content", "0004_bucket_full_at")]
    operations = [migrations.RunPython(create, drop)]
