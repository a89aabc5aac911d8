"""verify_protocol, export_protocol, and the system check."""

import tomllib

import pytest
from django.apps import apps
from django.core import checks
from django.core.management import CommandError, call_command

from assessment import system_checks
from assessment.protocol import export, verify, wording
from assessment.protocol.back_pain import PROTOCOL

FINDING = verify.Finding("no_source", "rule chest", "it cites no source")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty folder in the place of docs/clinical-safety."""
    monkeypatch.setattr(system_checks, "FOLDER", tmp_path / "clinical-safety")
    return system_checks.FOLDER


@pytest.fixture
def broken(monkeypatch):
    """A protocol with one finding."""
    monkeypatch.setattr(system_checks, "report", lambda: verify.Report(proofs=["Tried."], findings=[FINDING]))


def contents(folder):
    return {file.name: file.read_text(encoding="utf-8") for file in folder.iterdir()}


def test_export_writes_the_four_files(folder, capsys):
    call_command("export_protocol")
    assert contents(folder).keys() == {"decision-table.csv", "flow.md", "questionnaire.json", "versions.toml"}
    assert capsys.readouterr().out.count("Wrote") == 4


def test_a_second_export_changes_nothing(folder, capsys):
    call_command("export_protocol")
    before = contents(folder)
    call_command("export_protocol")
    assert contents(folder) == before
    assert capsys.readouterr().out.endswith("The exported files are current.\n")


def test_check_writes_nothing_and_names_the_stale_files(folder):
    with pytest.raises(CommandError, match=r"versions\.toml, decision-table\.csv, flow\.md, questionnaire\.json"):
        call_command("export_protocol", check=True)
    assert not folder.exists()


def test_check_names_only_what_differs(folder):
    call_command("export_protocol")
    (folder / "flow.md").write_text("old")
    with pytest.raises(CommandError, match=r": flow\.md\.") as error:
        call_command("export_protocol", check=True)
    assert error.value.returncode == 1
    assert (folder / "flow.md").read_text() == "old"


def test_check_passes_when_all_is_current(folder):
    call_command("export_protocol")
    call_command("export_protocol", check=True)


@pytest.mark.parametrize("check", [False, True])
def test_another_digest_under_the_same_version_is_refused(folder, check):
    folder.mkdir()
    (folder / "versions.toml").write_text(f'["{PROTOCOL.version}"]\nen = "another"\n')
    with pytest.raises(CommandError, match="The protocol changed but its version did not: raise VERSION"):
        call_command("export_protocol", check=check)
    assert contents(folder).keys() == {"versions.toml"}


def test_older_versions_stay_in_the_list(folder):
    folder.mkdir()
    (folder / "versions.toml").write_text('["0.0.1"]\nen = "older"\n')
    call_command("export_protocol")
    listed = tomllib.loads((folder / "versions.toml").read_text())
    assert listed == {"0.0.1": {"en": "older"}, PROTOCOL.version: system_checks.digests()}


def test_a_list_of_versions_that_cannot_be_read_is_a_plain_error(folder):
    folder.mkdir()
    (folder / "versions.toml").write_text("[")
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("export_protocol")


@pytest.mark.usefixtures("broken")
def test_a_protocol_with_findings_is_not_exported(folder):
    with pytest.raises(CommandError, match="no_source: rule chest: it cites no source"):
        call_command("export_protocol")
    assert not folder.exists()


def test_verify_prints_proofs_figures_and_unseen_sources(capsys):
    call_command("verify_protocol")
    printed = capsys.readouterr().out
    for line in system_checks.report().proofs:
        assert line in printed
    assert f"rules: {len(PROTOCOL.rules)}" in printed
    assert "Sources that nobody has seen yet" in printed
    assert printed.endswith("No findings.\n")
    assert "now=chest" not in printed


def test_verify_prints_a_walk_for_each_rule_when_asked(capsys):
    call_command("verify_protocol", witnesses=True)
    printed = capsys.readouterr().out
    for rule in PROTOCOL.rules:
        assert f"- rule {rule.code}: now=" in printed


@pytest.mark.usefixtures("broken")
def test_verify_fails_with_the_findings():
    with pytest.raises(CommandError, match="1 findings:\nno_source: rule chest: it cites no source") as error:
        call_command("verify_protocol")
    assert error.value.returncode == 1


@pytest.mark.usefixtures("broken", "folder")
def test_the_system_check_has_an_error_for_each_finding():
    (error,) = checks.run_checks(tags=["protocol"])
    assert (error.id, error.msg) == ("assessment.E001", str(FINDING))


@pytest.mark.usefixtures("broken")
def test_the_system_check_does_not_prove_again_what_was_exported(folder):
    folder.mkdir()
    (folder / export.VERSIONS).write_text(export.versions("", PROTOCOL, system_checks.words()))
    assert checks.run_checks(tags=["protocol"]) == []


@pytest.mark.usefixtures("broken")
@pytest.mark.parametrize("text", ["[", f'"{PROTOCOL.version}" = 1', f'["{PROTOCOL.version}"]\nen = "another"'])
def test_the_system_check_proves_what_the_list_of_versions_does_not_vouch_for(folder, text):
    folder.mkdir()
    (folder / export.VERSIONS).write_text(text)
    assert len(checks.run_checks(tags=["protocol"])) == 1


def test_the_real_protocol_passes_every_system_check():
    call_command("check", tags=["protocol"])


def test_a_protocol_is_proven_once_a_process():
    assert system_checks.report() is system_checks.report()


def test_the_words_are_read_when_the_site_starts(monkeypatch, tmp_path):
    wording.load.cache_clear()
    apps.get_app_config("assessment").ready()
    monkeypatch.setattr(wording, "FOLDER", tmp_path)
    assert wording.load("en")["meta"]["language"] == "en"
