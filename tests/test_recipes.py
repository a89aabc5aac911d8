"""The recipes of CONTRIBUTING.md do what they say: each is applied to a copy as it stands, and its commands are run.

A block is a patch (```diff step=1) or a command that changes something as a patch would (```console step=6), something
to do before the steps (```console do), a command with parts of what it prints once all is done (```console proves), or
with steps left out (```console without=2,3), when it must fail. NN in what is printed is any number.
"""

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple

import pytest

from assessment.protocol.back_pain import VERSION

from .copies import copy_repository, make_environment

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
WANTED = ["question", "option", "rule", "article", "sport", "setting", "staff action", "language"]
BLOCK = re.compile(r"^```(?:diff|console) (step|do|proves|without)(?:=([\d,]+))?\n(.*?)^```$", re.M | re.S)


class Block(NamedTuple):
    """kind: "step", "do", "proves" or "without"; about: the numbers of the steps that it names."""

    kind: str
    about: tuple[int, ...]
    text: str


def read_recipes(page=PAGE):
    """{what is added: its blocks, in order}."""
    found = {}
    for name, text in re.findall(r"^## Add an? (.+?)\n(.*?)(?=^## |\Z)", page, re.M | re.S):
        found[name] = [
            Block(kind, tuple(map(int, filter(None, about.split(",")))), body)
            for kind, about, body in BLOCK.findall(text)
        ]
    return found


RECIPES = read_recipes()


def select(name, kind):
    return [block for block in RECIPES[name] if block.kind == kind]


def run(folder, command):
    environment = {**make_environment(folder), "PYTHONDONTWRITEBYTECODE": "1", "PYTEST_ADDOPTS": "-p no:cacheprovider"}
    done = subprocess.run(
        command, shell=True, cwd=folder, env=environment, check=False, text=True, capture_output=True, timeout=600
    )
    return done.returncode, done.stdout + done.stderr


def apply_recipe(folder, name, without=()):
    """The copy as it is after every step but these."""
    for block in select(name, "do"):
        change_by_command(folder, block)
    for block in select(name, "step"):
        if block.about[0] in without:
            continue
        if block.text.startswith("$ "):
            change_by_command(folder, block)
        else:
            change_by_patch(folder, block)


def change_by_command(folder, block):
    status, said = run(folder, block.text.removeprefix("$ "))
    assert status == 0, said


def change_by_patch(folder, block):
    done = subprocess.run(
        ["git", "apply", "--unidiff-zero", "-"],
        cwd=folder,
        input=block.text,
        text=True,
        capture_output=True,
        check=False,
        # A copy is no repository, and lies in none.
        env={**os.environ, "GIT_CEILING_DIRECTORIES": str(folder.parent)},
    )
    assert done.returncode == 0, (block.text, done.stderr)


def check_command(folder, block):
    """Run what stands after "$"; every line below it must be part of what is printed."""
    command, *lines = block.text.removeprefix("$ ").splitlines()
    status, said = run(folder, command)
    assert (status == 0) == (block.kind == "proves"), said[-3000:]
    for line in lines:
        assert is_printed(line, said), (line, said[-3000:])


def is_printed(line, said):
    """Whether this is part of what was said; NN stands for any number."""
    return re.search(re.escape(line).replace("NN", r"\d+"), said) is not None


@pytest.mark.parametrize(
    ("line", "said", "expected"),
    [
        ("NN articles, nothing", "\n70 articles, nothing to put right.", True),
        ("NN articles, nothing", "articles, nothing to put right.", False),
        ("missing_words: en: a.b", "missing_words: en: a.b in en.toml", True),
        ("missing_words: en: a.b", "missing_words: en: aXb", False),
    ],
)
def test_what_is_printed_is_compared_loosely_where_it_says_so(line, said, expected):
    assert is_printed(line, said) == expected


def test_no_recipe_holds_on_to_what_every_real_change_changes():
    assert VERSION not in PAGE
    assert re.findall(r"^\d+ articles", PAGE, re.M) == []


def test_there_is_a_recipe_for_each_usual_change():
    assert list(RECIPES) == WANTED
    for name in WANTED:
        numbers = [block.about[0] for block in select(name, "step")]
        assert numbers == list(range(1, len(numbers) + 1)), name
        assert select(name, "proves"), name
        assert select(name, "without"), name


def test_the_page_keeps_to_its_own_rule_about_lines():
    assert [line for line in PAGE.splitlines() if len(line) > 120 and not line.startswith(("+", "-", " "))] == []


@pytest.mark.slow
@pytest.mark.parametrize("name", WANTED)
def test_a_recipe_leads_where_it_says(tmp_path, name):
    folder = copy_repository(tmp_path / "copy")
    apply_recipe(folder, name)
    for block in select(name, "proves"):
        check_command(folder, block)


FORGOTTEN = [
    pytest.param(name, block, id=f"{name} without {','.join(map(str, block.about))}")
    for name in RECIPES
    for block in select(name, "without")
]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "block"), FORGOTTEN)
def test_a_forgotten_step_is_named(tmp_path, name, block):
    folder = copy_repository(tmp_path / "copy")
    apply_recipe(folder, name, without=block.about)
    check_command(folder, block)


def test_the_tools_of_the_recipes_are_there():
    assert shutil.which("git")
