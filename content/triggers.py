"""The database itself refuses to change the words of a stored version.

Models refuse it too, in plainer words; this holds for what passes them by: a bulk write, SQL typed by hand, another
program. Made anew after every migration, because SQLite forgets the triggers of a table that a migration rebuilds.
Deletion is left to the models (and to the foreign keys that protect a version): a trigger would stop `flush` too.
"""

from django.db import connections

SQLITE = """CREATE TRIGGER content_version_words BEFORE UPDATE ON content_version FOR EACH ROW WHEN {changed}
BEGIN SELECT RAISE(ABORT, 'A stored version keeps its words.'); END"""
POSTGRES = """CREATE OR REPLACE FUNCTION content_version_words() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'A stored version keeps its words.' USING ERRCODE = 'integrity_constraint_violation'; END $$;
CREATE TRIGGER content_version_words BEFORE UPDATE ON content_version FOR EACH ROW WHEN ({changed})
EXECUTE FUNCTION content_version_words()"""


def install(sender, using="default", **kwargs):
    """After `migrate`: the trigger on every column of words that the table has at this migration."""
    from content.models import WORDS, Version

    connection = connections[using]
    table = Version._meta.db_table
    with connection.cursor() as cursor:
        if table not in connection.introspection.table_names(cursor):
            return
        there = {column.name for column in connection.introspection.get_table_description(cursor, table)}
        columns = [column for column in (Version._meta.get_field(name).column for name in WORDS) if column in there]
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER IF EXISTS content_version_words")
            cursor.execute(SQLITE.format(changed=" OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in columns)))
        elif connection.vendor == "postgresql":
            cursor.execute("DROP TRIGGER IF EXISTS content_version_words ON content_version")
            cursor.execute(
                POSTGRES.format(changed=" OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in columns))
            )
