"""Which way imports may run: docs and code agree, or this fails."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ("content", "assessment", "staff", "site_project")
# The only ways between the rooms.
DOORS = {("assessment", "content.doors"), ("assessment", "staff.doors"), ("staff", "content.doors")}


def imports(file):
    """Every module that a file of the project imports."""
    return modules(file.read_text(encoding="utf-8"), file.relative_to(ROOT).with_suffix("").parts[:-1])


def modules(source, package):
    """Every module that this source imports, with relative imports made absolute for a file in this package."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            module = ".".join((*base, *([node.module] if node.module else [])))
            yield module
            yield from (f"{module}.{name.name}" for name in node.names)


def files(room):
    return list((ROOT / room).rglob("*.py"))


def within(module, name):
    return module == name or module.startswith(name + ".")


@pytest.mark.parametrize("file", files("assessment/protocol"), ids=lambda file: file.name)
def test_the_protocol_imports_nothing_of_django_or_of_ours(file):
    for module in imports(file):
        assert not within(module, "django"), module
        assert not any(within(module, room) for room in ROOMS) or within(module, "assessment.protocol"), module


@pytest.mark.parametrize("room", ["content", "assessment", "staff"])
def test_rooms_meet_only_through_their_doors(room):
    for file in files(room):
        for module in imports(file):
            for other in ROOMS:
                if other != room and within(module, other):
                    allowed = any(room == start and (within(module, door) or door == module) for start, door in DOORS)
                    assert allowed, f"{file.relative_to(ROOT)} imports {module}"


@pytest.mark.parametrize("room", ["content", "assessment", "staff"])
def test_models_know_nothing_of_views_forms_and_admin(room):
    for file in files(room):
        if file.stem in ("models", "records", "checks"):
            for module in imports(file):
                for upper in ("views", "forms", "admin", "urls"):
                    assert not within(module, f"{room}.{upper}"), f"{file.name} imports {module}"


def test_every_way_of_importing_is_seen():
    source = "import a.b\nfrom c import d\nfrom . import e\nfrom ..f import g\ndef h():\n    from i import j\n"
    assert {"a.b", "c.d", "room.sub.e", "room.f.g", "i.j"} <= set(modules(source, ("room", "sub")))
