"""What the pages for people name is there: files, functions, commands, targets, links."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest
from django.core.management import get_commands

ROOT = Path(__file__).parents[1]
PAGES = sorted(
    {ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")}
    - {ROOT / "docs/clinical-safety/flow.md", *(ROOT / "docs/examples").glob("*.md")}
)
OURS = ("core", "content", "assessment", "staff")
FOLDERS = (*OURS, "site_project", "tests", "bench", "docs", "deploy", "templates", "static", "requirements")
# Pages that tell of what was: they name old places on purpose.
PAST = {"0011-one-register-of-sources.md", "0012-the-house.md"}


def each(pages):
    return pytest.mark.parametrize("page", [pytest.param(page, id=str(page.relative_to(ROOT))) for page in pages])


def read_prose(page):
    """The page without its blocks of code."""
    return re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.M | re.S)


def quoted(page):
    return re.findall(r"`([^`\n]+)`", read_prose(page))


@cache
def list_names(file):
    """Everything that a module defines or sets: functions, classes, methods as Class.method, names."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        if isinstance(node, ast.ClassDef):
            found |= {f"{node.name}.{part.name}" for part in node.body if isinstance(part, ast.FunctionDef)}
        if isinstance(node, ast.Name | ast.alias):
            found.add(getattr(node, "id", None) or node.asname or node.name)
    return found


def find_missing_file(name):
    """Whether this looks like a file or folder of ours and is not there."""
    name = name.partition("::")[0].rstrip("/")
    if not re.fullmatch(r"[\w./@-]+", name) or name.partition("/")[0] not in FOLDERS or "/" not in name:
        return False
    return not (ROOT / name).exists()


@cache
def list_modules():
    """{its last name: the files} of every module of ours."""
    found = {}
    for app in (*OURS, "site_project", "bench"):
        for file in (ROOT / app).rglob("*.py"):
            name = file.parent.name if file.name == "__init__.py" else file.stem
            found.setdefault(name, []).append(file)
    return found


def is_missing_name(name):
    """Whether this looks like module.function of ours, and no module of that name has it."""
    match = re.fullmatch(r"((?:\w+\.)*)(\w+)\.(\w+)(?:\(\))?", name)
    if not match or match[3] in ("py", "md", "toml", "html", "css", "js", "txt", "csv", "json", "svg", "sqlite3"):
        return False
    path, module, function = match[1], match[2], match[3]
    files = list_modules().get(module, [])
    if path and path.partition(".")[0] in OURS:
        wanted = ROOT / (path.replace(".", "/") + module)
        if (wanted / f"{function}.py").exists() or (wanted / function).is_dir():
            return False
        files = [file for file in (wanted.with_suffix(".py"), wanted / "__init__.py") if file.exists()]
        if not files:
            return True
    elif path or not files:
        return False
    folders = [file.parent for file in files if file.name == "__init__.py"]
    if any((folder / f"{function}.py").exists() or (folder / function).is_dir() for folder in folders):
        return False
    return not any(function in list_names(file) for file in files)


@each(PAGES)
def test_every_file_that_a_page_names_is_there(page):
    past = page.name in PAST
    assert past or [name for name in quoted(page) if find_missing_file(name)] == []


@each(PAGES)
def test_every_function_that_a_page_names_is_there(page):
    past = page.name in PAST
    assert past or [name for name in quoted(page) if is_missing_name(name)] == []


@pytest.mark.parametrize("name", ["core/nothing.py", "tests/assessment/test_nowhere.py::test_it", "docs/none.md"])
def test_a_file_that_is_not_there_is_noticed(name):
    assert find_missing_file(name)


@pytest.mark.parametrize(
    "name", ["advice.nothing", "content.public.nothing", "content.edition.read", "engine.assess()"]
)
def test_a_function_that_is_not_there_is_noticed(name):
    assert is_missing_name(name)


@pytest.mark.parametrize("name", ["advice.compose_result", "content.public.register_sources", "content.page_cache"])
def test_a_function_that_is_there_is_found(name):
    assert not is_missing_name(name)


@each(PAGES)
def test_every_link_between_the_pages_leads_somewhere(page):
    for target in re.findall(r"\]\(([^)\s]+)\)", read_prose(page)):
        if re.match(r"https?:|mailto:|/", target):
            continue
        name, _, place = target.partition("#")
        file = (page.parent / name).resolve() if name else page
        assert file.exists(), target
        if place and file.suffix == ".md":
            heads = re.findall(r"^#+ (.+)$", file.read_text(encoding="utf-8"), re.M)
            assert place in {re.sub(r"[^\w -]", "", head.lower()).replace(" ", "-") for head in heads}, target


@each(PAGES)
def test_every_target_that_a_page_names_is_in_the_makefile(page):
    targets = set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
    named = {name.split()[1] for name in quoted(page) if re.match(r"make [a-z]", name)}
    assert named <= targets, named - targets


def test_every_command_of_ours_is_explained_and_every_one_that_is_named_is_there():
    page = (ROOT / "docs/commands.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`manage\.py ([a-z_]+)`", page))
    assert named == {name for name, app in get_commands().items() if app in OURS}


def test_the_path_of_an_answer_and_of_words_names_functions_of_its_files():
    rows = re.findall(r"^\| \d+\. [^|]+\| ([^|]+)\| ([^|]*)\|$", (ROOT / "docs/architecture.md").read_text(), re.M)
    assert len(rows) > 20
    for files, functions in rows:
        there = set().union(*(list_names(ROOT / name) for name in re.findall(r"`([^`]+)`", files)))
        assert set(re.findall(r"`([^`]+)`", functions)) <= there, (files, functions)


def test_the_first_page_is_short_and_honest():
    page = (ROOT / "README.md").read_text(encoding="utf-8")
    assert len(page.splitlines()) <= 90
    assert "No clinician has approved" in page
    assert all((ROOT / name).exists() for name in re.findall(r"!\[[^]]+\]\(([^)]+)\)", page))
