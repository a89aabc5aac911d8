"""The staff pages look as the patients' pages do."""

import re

from django.conf import settings

# The admin's own name of a color, where it has one.
NAMES = {
    "body-bg": "card", "body-fg": "ink", "body-quiet-color": "muted", "hairline-color": "hair", "border-color": "line",
    "on-level": "on-brand",
}  # fmt: skip


def read_colors(css):
    return dict(re.findall(r"--([\w-]+): (#\w+);", css))


def test_the_staff_pages_have_the_colors_of_the_site_light_and_dark():
    static = settings.BASE_DIR / "static"
    light, dark = map(read_colors, re.findall(r":root \{\s+[^}]*--ink[^}]*\}", read(static / "site.css")))
    pairs = re.findall(r"--([\w-]+): light-dark\((#\w+), (#\w+)\)", read(static / "admin-look.css"))
    shared = {NAMES.get(name, name): pair for name, *pair in pairs if NAMES.get(name, name) in light}
    assert len(shared) >= 15
    assert shared == {name: [light[name], dark[name]] for name in shared}


def read(file):
    return file.read_text(encoding="utf-8")
