"""The shape of a database in a normal form: two databases with the same shape give the same dict.

Read from the database's own catalogue, so that it does not matter by which migrations the shape came about. Left out is
what depends on the way: the order of columns, and the names that nobody chose (see MADE).
"""

import re
from collections import Counter

# PostgreSQL and Django end the names they make with one of these; which one depends on whether the table was made with
# the constraint or got it later.
MADE = ("_pkey", "_key", "_uniq", "_check")


def read(connection):
    """{"tables", "indexes", "triggers", "functions", "groups", "permissions", "content_types"}, ready for JSON."""
    with connection.cursor() as cursor:
        shape = {"sqlite": sqlite, "postgresql": postgresql}[connection.vendor](cursor)
        return {**shape, **rights(cursor)}


def rows(cursor, query, *values):
    cursor.execute(query, values or None)
    return cursor.fetchall()


def said(*words):
    """What there is to say of a column, in one line."""
    return " ".join(word for word in words if word)


def squeeze(text):
    return " ".join(text.split())


# --- Who may do what --------------------------------------------------------------------------------------------------
def rights(cursor):
    """Groups, permissions and content types: rows, but the site does not work without exactly these."""
    permission = "t.app_label || '.' || t.model || '.' || p.codename"
    named = "auth_permission p JOIN django_content_type t ON t.id = p.content_type_id"
    held = "JOIN auth_group_permissions h ON h.permission_id = p.id JOIN auth_group g ON g.id = h.group_id"
    groups = {name: [] for (name,) in rows(cursor, "SELECT name FROM auth_group")}
    for group, label in rows(cursor, f"SELECT g.name, {permission} FROM {named} {held}"):
        groups[group].append(label)
    return {
        "groups": {name: sorted(labels) for name, labels in groups.items()},
        "permissions": sorted(
            f"{label}: {name}" for label, name in rows(cursor, f"SELECT {permission}, p.name FROM {named}")
        ),
        "content_types": sorted(
            label for (label,) in rows(cursor, "SELECT app_label || '.' || model FROM django_content_type")
        ),
    }


# Filled by Django as it migrates, and told by rights(); and what full-text search keeps for itself.
OWN = ("django_migrations", "django_content_type", "auth_permission", "auth_group_permissions")


def counts(connection):
    """{table: its number of rows}, for the tables that people fill."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table not in OWN and not table.startswith("content_search_"):
                ((found[table],),) = rows(cursor, f'SELECT COUNT(*) FROM "{table}"')
    return found


# --- SQLite -----------------------------------------------------------------------------------------------------------
def sqlite(cursor):
    found = {"tables": {}, "indexes": [], "triggers": [], "functions": []}
    query = "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite!_%' ESCAPE '!'"
    for kind, name, sql in rows(cursor, query):
        if kind == "table":
            found["tables"][name] = sqlite_table(cursor, name, sql)
        else:
            found[{"index": "indexes", "trigger": "triggers"}[kind]].append(f"{name}: {squeeze(sql)}")
    return {**found, "indexes": sorted(found["indexes"]), "triggers": sorted(found["triggers"])}


def sqlite_table(cursor, name, sql):
    """What PRAGMAs say of a table, and from its CREATE statement what they do not say."""
    if sql.upper().startswith("CREATE VIRTUAL"):
        return {"made_by": squeeze(sql)}
    columns = {}
    for _, column, kind, notnull, default, key, hidden in rows(cursor, f'PRAGMA table_xinfo("{name}")'):
        columns[column] = said(
            kind, notnull and "NOT NULL", default is not None and f"DEFAULT {default}", key and f"KEY {key}",
            {2: "VIRTUAL", 3: "STORED"}.get(hidden),
        )  # fmt: skip
    constraints, body = [], sql[sql.index("(") : sql.rindex(")") + 1]
    for part in pieces(body[1:-1]):
        word, _, rest = part.partition(" ")
        if word.upper() in ("CONSTRAINT", "CHECK"):
            constraints.append(part)
        elif word.upper() not in ("UNIQUE", "PRIMARY", "FOREIGN"):  # those are asked for below
            columns[word.strip('"')] = said(
                columns[word.strip('"')],
                bracketed(rest, "GENERATED ALWAYS AS"),
                *(words for words in ("AUTOINCREMENT", "DEFERRABLE INITIALLY DEFERRED") if words in rest.upper()),
            )
            if check := bracketed(rest, "CHECK"):
                constraints.append(f"{word}: CHECK {check}")
    for _, index, unique, origin, _ in rows(cursor, f'PRAGMA index_list("{name}")'):
        if unique and origin == "u":
            over = [column for _, _, column in rows(cursor, f'PRAGMA index_info("{index}")')]
            constraints.append(f"UNIQUE {', '.join(over)}")
    keys = [
        f"{column} -> {table}.{to} ON UPDATE {update} ON DELETE {delete}"
        for _, _, table, column, to, update, delete, _ in rows(cursor, f'PRAGMA foreign_key_list("{name}")')
    ]
    options = squeeze(sql[sql.rindex(")") + 1 :])
    return {"columns": columns, "constraints": sorted(constraints), "keys": sorted(keys), "options": options}


TOKEN = re.compile(r"""'(?:[^']|'')*'|"[^"]*"|\s+|.""", re.DOTALL)


def pieces(body):
    """The parts of a CREATE TABLE's body: cut at each comma outside of brackets and quotes."""
    found, depth = [""], 0
    for token in TOKEN.findall(body):
        depth += {"(": 1, ")": -1}.get(token, 0)
        if token == "," and not depth:
            found.append("")
        else:
            found[-1] += " " if token.isspace() else token
    return [part.strip() for part in found]


def bracketed(text, word):
    """The brackets that follow this word, with what is in them; "" when the text does not have the word."""
    start = text.upper().find(f"{word} (")
    if start < 0:
        return ""
    found, depth = "", 0
    for token in TOKEN.findall(text[start + len(word) + 1 :]):
        depth += {"(": 1, ")": -1}.get(token, 0)
        found += token
        if not depth:
            return found
    raise ValueError(f"A bracket is not closed in {text}")


# --- PostgreSQL -------------------------------------------------------------------------------------------------------
COLUMNS = """
SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, pg_get_expr(d.adbin, d.adrelid),
       a.attidentity::text, a.attgenerated::text, l.collname
FROM pg_class c
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
LEFT JOIN pg_collation l ON l.oid = a.attcollation
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
"""
CONSTRAINTS = """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE connamespace = 'public'::regnamespace AND contype <> 'n'
"""
# Those that stand behind a constraint are told by it.
INDEXES = """
SELECT pg_get_indexdef(i.indexrelid) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
WHERE c.relnamespace = 'public'::regnamespace
  AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x'))
"""
TRIGGERS = "SELECT pg_get_triggerdef(oid), tgenabled::text FROM pg_trigger WHERE NOT tgisinternal"
FUNCTIONS = "SELECT oid::regprocedure::text, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace"


CAST = re.compile(r"::(character varying|text)(\[\])?")
IN_BRACKETS = re.compile(r"\(('(?:[^']|'')*'|ARRAY\[[^\[\]]*\])\)")


def uncast(text):
    """Without casts between kinds of text: PostgreSQL writes them elsewhere after a database went through pg_dump."""
    text, found = CAST.sub("", text), 1
    while found:
        text, found = IN_BRACKETS.subn(r"\1", text)
    return text


def postgresql(cursor):
    tables = {}
    for table, column, kind, notnull, default, identity, generated, collation in rows(cursor, COLUMNS):
        columns = tables.setdefault(table, {"columns": {}, "constraints": []})["columns"]
        columns[column] = said(
            kind, notnull and "NOT NULL", default and f"{'GENERATED' if generated else 'DEFAULT'} {uncast(default)}",
            identity and f"IDENTITY {identity}", collation and collation != "default" and f"COLLATE {collation}",
        )  # fmt: skip
    for table, name, says in rows(cursor, CONSTRAINTS):
        told = uncast(says)
        tables[table]["constraints"].append(told if name.endswith(MADE) else f"{name}: {told}")
    for table in tables.values():
        table["constraints"].sort()
    return {
        "tables": tables,
        "indexes": sorted(uncast(index) for (index,) in rows(cursor, INDEXES)),
        "triggers": sorted(f"{trigger} ({enabled})" for trigger, enabled in rows(cursor, TRIGGERS)),
        "functions": sorted(f"{name}: {squeeze(body)}" for name, body in rows(cursor, FUNCTIONS)),
    }


# --- Comparing --------------------------------------------------------------------------------------------------------
def lines(shape, path=""):
    """The shape as flat lines, each with the way to it."""
    if isinstance(shape, dict):
        for name, value in shape.items():
            yield f"{path}{name}"
            yield from lines(value, f"{path}{name} / ")
    elif isinstance(shape, list):
        for value in shape:
            yield f"{path}{value}"
    else:
        yield f"{path}{shape}"


def differences(before, now):
    """What only one of the two shapes has: "- ..." the first, "+ ..." the second; [] for the same shape."""
    one, other = Counter(lines(before)), Counter(lines(now))
    return sorted(f"- {line}" for line in (one - other).elements()) + sorted(
        f"+ {line}" for line in (other - one).elements()
    )
