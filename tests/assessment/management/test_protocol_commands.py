"""verify_protocol, export_protocol, and the system check."""

import copy
import tomllib
from dataclasses import replace

import pytest
from django.apps import apps
from django.core import checks
from django.core.management import CommandError, call_command
from django.core.management.base import SystemCheckError

from assessment import system_checks
from assessment.protocol import export, verify, wording
from assessment.protocol.back_pain import PROTOCOL
from assessment.protocol.model import Level, Option, Question, Rule, chosen

FINDING = verify.Finding("no_source", "rule chest", "it cites no source")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty folder in the place of docs/clinical-safety."""
    monkeypatch.setattr(system_checks, "FOLDER", tmp_path / "clinical-safety")
    return system_checks.FOLDER


@pytest.fixture
def broken(monkeypatch):
    """A protocol with one finding."""
    monkeypatch.setattr(
        system_checks, "prove_protocol", lambda: verify.ProofReport(proofs=["Tried."], findings=[FINDING])
    )


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
    assert listed == {"0.0.1": {"en": "older"}, PROTOCOL.version: system_checks.compute_digests()}


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


def test_verify_prints_proofs_statistics_and_unseen_sources(capsys):
    call_command("verify_protocol")
    printed = capsys.readouterr().out
    for line in system_checks.prove_protocol().proofs:
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
    (folder / export.VERSIONS).write_text(export.add_version("", PROTOCOL, system_checks.load_all_words()))
    assert checks.run_checks(tags=["protocol"]) == []


@pytest.mark.usefixtures("broken")
@pytest.mark.parametrize("text", ["[", f'"{PROTOCOL.version}" = 1', f'["{PROTOCOL.version}"]\nen = "another"'])
def test_the_system_check_proves_what_the_list_of_versions_does_not_vouch_for(folder, text):
    folder.mkdir()
    (folder / export.VERSIONS).write_text(text)
    assert len(checks.run_checks(tags=["protocol"])) == 1


def with_option(protocol, words):
    """One more place where it can hurt."""
    more = [
        replace(part, options=(*part.options, Option("neck"))) if part.code == "where" else part
        for part in protocol.questions
    ]
    return replace(protocol, questions=tuple(more)), words


def with_rule(protocol, words):
    new = Rule("cold", Level.SOON, when=chosen("trend", "same"), sources=("nhs-back-pain",))
    return replace(protocol, rules=(*protocol.rules, new)), words


def with_question(protocol, words):
    new = Question("cold", (Option("yes"), Option("no")))
    return replace(protocol, questions=(*protocol.questions, new)), words


def with_rumour(protocol, words):
    first, *rest = protocol.rules
    return replace(protocol, rules=(replace(first, sources=("rumour",)), *rest)), words


def with_idle_word(protocol, words):
    words["rules"]["cold"] = {"reason": "You told us that it is cold."}
    return protocol, words


def without_table(protocol, words):
    del words["now_if"]
    return protocol, words


def with_text_for_list(protocol, words):
    words["rules"]["chest"]["do"] = "Call now."
    return protocol, words


MISTAKES = {
    with_option: "missing_words: en: questions.where.options.neck",
    with_rule: "missing_words: en: rules.cold.reason",
    with_question: "missing_words: en: questions.cold.title",
    with_rumour: "unknown_source: rule chest: there is no source 'rumour' in sources.toml",
    with_idle_word: "idle_words: en: rules.cold.reason",
    without_table: "missing_words: en: now_if.signs",
    with_text_for_list: "wrong_kind_of_words: en: rules.chest.do is a list of texts",
}


@pytest.fixture
def mistaken(request, monkeypatch):
    """The protocol or its words as somebody left them who changes them for the first time; the finding to read."""
    protocol, words = request.param(PROTOCOL, copy.deepcopy(wording.load_words()))
    monkeypatch.setattr(system_checks, "PROTOCOL", protocol)
    monkeypatch.setattr(system_checks, "load_all_words", lambda: {"en": words})
    # The other proofs take seconds, and these mistakes are not theirs to find.
    monkeypatch.setattr(verify, "PROOFS", (verify.prove_sourced,))
    monkeypatch.setattr(system_checks, "REPORTS", {})
    return MISTAKES[request.param]


@pytest.mark.parametrize("mistaken", MISTAKES, indirect=True)
def test_the_first_mistake_ends_the_system_check_with_its_finding(mistaken):
    with pytest.raises(SystemCheckError) as error:
        call_command("check", tags=["protocol"])
    assert mistaken in str(error.value)


@pytest.mark.parametrize("mistaken", MISTAKES, indirect=True)
def test_the_first_mistake_ends_verify_with_its_finding(mistaken):
    with pytest.raises(CommandError) as error:
        call_command("verify_protocol")
    assert mistaken in str(error.value)


@pytest.mark.slow
def test_no_proof_breaks_over_an_option_without_words():
    protocol, words = with_option(PROTOCOL, copy.deepcopy(wording.load_words()))
    found = verify.verify_protocol(protocol, {"en": words}).findings
    assert MISTAKES[with_option] in [str(finding)[: len(MISTAKES[with_option])] for finding in found]


def test_the_real_protocol_passes_every_system_check():
    call_command("check", tags=["protocol"])


def test_a_protocol_is_proven_once_a_process():
    assert system_checks.prove_protocol() is system_checks.prove_protocol()


def test_the_words_are_read_when_the_site_starts(monkeypatch, tmp_path):
    wording.load_words.cache_clear()
    apps.get_app_config("assessment").ready()
    monkeypatch.setattr(wording, "FOLDER", tmp_path)
    assert wording.load_words("en")["meta"]["language"] == "en"
