"""list_pairs: the table, the sheets, and what the readers answered."""

import csv
import io

import pytest
from django.core.management import CommandError, call_command

from assessment.protocol.model import Level
from assessment.protocol.pairs import Table


@pytest.fixture
def few(monkeypatch):
    """Only pairs of these answers, so that it takes no minute."""
    wanted = {("start", "fall"), ("history", "thin_bones"), ("also", "fever"), ("medicines", "thinner")}
    wanted |= {("history", "none"), ("start", "movement")}
    full = Table.list_terms
    monkeypatch.setattr(
        Table, "list_terms", lambda self, highest=Level.EMERGENCY: (t for t in full(self, highest) if t <= wanted)
    )


def read_table(*options):
    out, errors = io.StringIO(), io.StringIO()
    call_command("list_pairs", *options, stdout=out, stderr=errors)
    return list(csv.DictReader(io.StringIO(out.getvalue()))), errors.getvalue()


def test_a_row_gives_level_rules_and_advice_for_ages_that_end_alike(few):
    rows, counts = read_table()
    (row,) = (row for row in rows if row["answers"] == "history=thin_bones + start=fall" and "18_49" in row["ages"])
    assert (row["level"], row["rules met"].split()[0]) == ("urgent", "fall_fragile")
    assert row["heading"]
    assert row["advice"] == ""
    assert "pairs: 13\n" in counts
    assert "triples: 1\n" in counts


def test_a_row_below_urgent_gives_what_to_do(few):
    (row,) = (
        row for row in read_table()[0] if row["answers"] == "history=none + start=movement" and "18_49" in row["ages"]
    )
    assert row["level"] == "self_care"
    assert "Keep moving" in row["advice"]


def test_low_leaves_out_what_is_urgent(few):
    assert {row["level"] for row in read_table("--low")[0]} <= {"self_care", "soon"}


def test_sheets_are_written_and_what_two_readers_say_is_merged(few, tmp_path, capsys):
    call_command("list_pairs", sheets=str(tmp_path), seed=3)
    assert "of them decoys" in capsys.readouterr().out
    with (tmp_path / "key.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text("".join(f"{row['number']} {row['level']} {row['level']}\n" for row in rows))
    call_command("list_pairs", merge=[str(tmp_path), str(tmp_path / "a.txt"), str(tmp_path / "b.txt")])
    assert "outside what the readers allow: 0" in capsys.readouterr().out
    assert {file.name for file in tmp_path.iterdir()} >= {"merged.csv", "groups.toml"}


def test_answers_that_cannot_be_merged_are_an_error(tmp_path):
    with pytest.raises(CommandError, match=r"a\.txt"):
        call_command("list_pairs", merge=[str(tmp_path), "a.txt", "b.txt"])
