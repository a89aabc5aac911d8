"""The files for those who run the site, and what the guides say, name only what is there."""

import configparser
import re
from pathlib import Path

import pytest
from django.core.management import get_commands

ROOT = Path(__file__).parents[1]
UNITS = sorted([*(ROOT / "deploy").glob("*.service"), *(ROOT / "deploy").glob("*.timer")])
SETTINGS = set(re.findall(r'read\("\w+", "(\w+)"', (ROOT / "site_project/settings.py").read_text()))
GUIDES = ["README.md", "docs/operations.md"]


def unit(file):
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    parser.optionxform = str
    parser.read_string(file.read_text())
    return parser


def names(file):
    """The settings that an environment file sets."""
    found = re.findall(r"^(\w+)=", (ROOT / file).read_text(), re.M)
    return [name.removesuffix("_FILE") for name in found]


def test_every_setting_in_the_environment_file_is_read_by_the_site():
    assert names("deploy/back-spasm.env")
    assert not set(names("deploy/back-spasm.env")) - SETTINGS


def test_the_proxies_files_name_only_settings_that_are_there():
    for file in ("Caddyfile", "nginx.conf"):
        found = set(re.findall(r"\b([A-Z]+_[A-Z_]+)=", (ROOT / "deploy" / file).read_text()))
        assert found
        assert found <= SETTINGS, found - SETTINGS


@pytest.mark.parametrize("file", GUIDES)
def test_every_command_that_a_guide_names_is_there(file):
    found = set(re.findall(r"manage\.py ([a-z_]+)", (ROOT / file).read_text()))
    assert found
    assert found <= set(get_commands()), found - set(get_commands())


def test_each_timer_starts_a_command_that_is_there():
    timers = [file for file in UNITS if file.suffix == ".timer"]
    assert timers
    for file in timers:
        started = unit(file)["Timer"]["Unit"]
        command = re.fullmatch(r"back-spasm@(\w+)\.service", started)[1]
        assert file.stem == f"back-spasm@{command}"
        assert command in get_commands()


@pytest.mark.parametrize("file", UNITS, ids=lambda file: file.name)
def test_a_unit_file_names_files_of_ours_that_are_there(file):
    for started in re.findall(r"^ExecStart=(.*)$", file.read_text(), re.M):
        for name in re.findall(r"site_project/[\w.]+", started):
            assert (ROOT / name).is_file()


def test_the_unit_files_that_the_guide_enables_are_there():
    found = re.findall(r"back-spasm[@\w]*\.(?:service|timer|env)", (ROOT / "docs/operations.md").read_text())
    assert len(found) > 4
    for name in found:
        assert (ROOT / "deploy" / name).is_file(), name


def test_each_test_in_the_table_of_security_is_there():
    found = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", (ROOT / "docs/security.md").read_text())
    assert len(found) > 20
    for file, name in found:
        assert f"def {name}(" in (ROOT / file).read_text(), f"{file}::{name}"


@pytest.mark.parametrize("name", sorted(SETTINGS))
def test_every_setting_is_explained_in_the_readme(name):
    assert f"`{name}`" in (ROOT / "README.md").read_text()
