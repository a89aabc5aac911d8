"""Every form of the site, found by reading its pages, for the tests that fill them with hostile strings."""

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote_plus, unquote_to_bytes

TYPED = ("text", "textarea", "search", "email", "tel", "url", "number", "date", "datetime-local", "password")
ROW = r"^.*-\d+-"  # the name of a field in a table of fields, up to its last part
# Lists from which most people choose nothing.
LEFT_OPEN = ("sport", "related")
PLAIN = {
    "email": "ana@example.com", "tel": "202 555 0123", "url": "https://example.org/x", "number": "1",
    "date": "2027-01-01", "datetime-local": "",
}  # fmt: skip
# What is taken where plain words are not, by the last part of a field's name.
BY_NAME = {
    "slug": "plain", "key": "plain", "name": "plain", "username": "plain-name", "checked": "2026-01-01",
    "alt": "A warm pack on a back", "percent": "10", "source": "plain-source", "old_password": "correct horse battery",
    **dict.fromkeys(["password1", "password2", "new_password1", "new_password2"], "staple of a battery"),
}  # fmt: skip


class Hostile(NamedTuple):
    """A string as a form sends it. sent: percent-encoded; text: as Django reads it."""

    kind: str
    sent: str
    text: str


def load_strings():
    found = []
    for line in (Path(__file__).parent / "hostile_strings.txt").read_text().splitlines()[1:]:
        kind, times, part = line.split("\t")
        sent = part * int(times)
        found.append(Hostile(kind, sent, unquote_to_bytes(sent).decode("utf-8", "replace")))
    return found


class Form(NamedTuple):
    """fields: {name: (type, value)}, as the page shows it; button: (name, value) of what is pressed, or None."""

    method: str
    action: str
    fields: dict
    button: tuple | None

    def list_typed(self):
        return [name for name, (kind, _) in self.fields.items() if kind in TYPED]

    def encode(self, **sent):
        """The body, with these fields as they are sent, and words in those that are empty.

        A new password is typed twice. A row of a table of fields may stay empty; one of which a field is sent is full.
        """
        sent = {f"{name[:-1]}2": value for name, value in sent.items() if name.endswith("password1")} | sent
        tables = {re.sub(r"\w+$", "", name) for name in sent if re.search(ROW, name)}
        rows = {}
        for name, (kind, value) in self.fields.items():
            if kind == "select" and not value:
                continue
            filled = kind in TYPED and (not re.search(ROW, name) or name.startswith(tuple(tables)))
            plain = BY_NAME.get(re.sub(ROW, "", name)) or PLAIN.get(kind, "Plain words")
            rows[name] = quote_plus(value or (plain if filled else ""))
        if self.button:
            rows[self.button[0]] = quote_plus(self.button[1])
        return "&".join(f"{quote_plus(name)}={value}" for name, value in (rows | sent).items())


class FormReader(HTMLParser):
    """The forms of a page; each once for every button that has a name."""

    def __init__(self, page):
        super().__init__()
        self.forms, self.form, self.area, self.choice = [], None, None, None
        self.found = {}
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        at = dict(attrs)
        if tag == "form":
            self.form = (at.get("method", "get").lower(), at.get("action") or "", {}, [])
        owner = self.form or (self.forms_by_id(at["form"]) if at.get("form") else None)
        name = at.get("name")
        if owner is None or not name:
            return
        fields, buttons = owner[2], owner[3]
        kind = at.get("type", "text").lower()
        if tag == "textarea":
            fields[name] = ("textarea", "")
            self.area = (fields, name)
        elif tag == "select":
            fields[name] = ("select", "")
            self.choice = (fields, name)
        elif tag == "button" or (tag == "input" and kind == "submit"):
            buttons.append((name, at.get("value", "")))
        elif tag == "input" and kind in ("radio", "checkbox"):
            if "checked" in at or (name not in fields and kind == "radio"):
                fields[name] = (kind, at.get("value", "on"))
        elif tag == "input" and kind != "file":
            fields[name] = (kind, at.get("value") or "")

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)

    def forms_by_id(self, _):
        return self.closed[-1] if getattr(self, "closed", None) else None

    def handle_data(self, data):
        if self.area:
            fields, name = self.area
            fields[name] = ("textarea", fields[name][1] + data)

    def handle_endtag(self, tag):
        if tag == "textarea" and self.area:
            fields, name = self.area
            fields[name] = ("textarea", fields[name][1].removeprefix("\n"))
            self.area = None
        elif tag == "form" and self.form:
            method, action, fields, buttons = self.form
            self.forms += [Form(method, action, fields, button) for button in buttons or [None]]
            self.closed = [*getattr(self, "closed", []), self.form]
            self.form = None


class OptionReader(FormReader):
    """As FormReader, with the first option of a list that has a value chosen where none is."""

    def handle_starttag(self, tag, attrs):
        super().handle_starttag(tag, attrs)
        at = dict(attrs)
        if tag == "option" and self.choice and at.get("value"):
            fields, name = self.choice
            if "selected" in at or not (fields[name][1] or name in LEFT_OPEN):
                fields[name] = ("select", at["value"])

    def handle_endtag(self, tag):
        super().handle_endtag(tag)
        if tag == "select":
            self.choice = None
