"""What reads a value from the environment, and what it refuses, one function at a time."""

from datetime import date, time
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from site_project import env

NAME = "BACK_SPASM_TEST"


@pytest.fixture
def given(monkeypatch):
    """Set the variable that these tests read."""
    return lambda value: monkeypatch.setenv(NAME, value)


@pytest.mark.parametrize(
    ("read", "value", "expected"),
    [
        (lambda: env.read_bool(NAME, False), "yes", True),
        (lambda: env.read_text(NAME), "some words", "some words"),
        (lambda: env.read_integer(NAME, 1), "7", 7),
        (lambda: env.read_integer(NAME, 1, least=7, most=7), "7", 7),
        (lambda: env.read_number(NAME, 1.0, least=0.5, most=2), "0.5", 0.5),
        (lambda: env.read_path(NAME, Path("/a")), "/b", Path("/b")),
        (lambda: env.read_list(NAME), " a , b,,c d,", ["a", "b", "c d"]),
        (lambda: env.read_list(NAME, ["a"]), "", []),
        (lambda: env.read_date(NAME), "2026-03-01", date(2026, 3, 1)),
        (lambda: env.read_date(NAME), "", None),
        (lambda: env.read_dates(NAME), "2026-03-01, 2026-03-02", {date(2026, 3, 1), date(2026, 3, 2)}),
        (lambda: env.read_country(NAME, "US"), "de", "DE"),
        (lambda: env.read_clinic_hours(NAME, "09:00-17:00"), "08:30 - 12:00", (time(8, 30), time(12))),
        (lambda: env.read_days(NAME, ["mon"]), "SUN, tue", {6, 1}),
        (lambda: env.read_hours(NAME, 1.0), "1000", 1000.0),
        (lambda: env.read_fernet_key(NAME), "A" * 43 + "=", "A" * 43 + "="),
        (lambda: env.read_fernet_key(NAME), "", ""),
    ],
)
def test_a_value_is_read(given, read, value, expected):
    given(value)
    assert read() == expected


@pytest.mark.parametrize(
    ("read", "expected"),
    [
        (lambda: env.read_bool(NAME, True), True),
        (lambda: env.read_text(NAME, "words"), "words"),
        (lambda: env.read_integer(NAME, 5), 5),
        (lambda: env.read_number(NAME, 1.5, least=1, most=2), 1.5),
        (lambda: env.read_path(NAME, Path("/a")), Path("/a")),
        (lambda: env.read_list(NAME, ["a", "b"]), ["a", "b"]),
        (lambda: env.read_list(NAME), []),
        (lambda: env.read_date(NAME), None),
        (lambda: env.read_dates(NAME), set()),
        (lambda: env.read_country(NAME, "US"), "US"),
        (lambda: env.read_clinic_hours(NAME, "09:00-17:00"), (time(9), time(17))),
        (lambda: env.read_days(NAME, ["mon", "fri"]), {0, 4}),
        (lambda: env.read_fernet_keys(NAME), []),
    ],
)
def test_a_variable_that_is_not_set_has_its_default(read, expected):
    assert read() == expected


@pytest.mark.parametrize(
    ("read", "value"),
    [
        (lambda: env.read_bool(NAME, False), "perhaps"),
        (lambda: env.read_text(NAME, shortest=3), "ab"),
        (lambda: env.read_integer(NAME, 1), "1.5"),
        (lambda: env.read_integer(NAME, 5, least=1, most=9), "0"),
        (lambda: env.read_integer(NAME, 5, least=1, most=9), "10"),
        (lambda: env.read_number(NAME, 1, least=0.5, most=2), "inf"),
        (lambda: env.read_list(NAME, shortest=3), "abc,ab"),
        (lambda: env.read_date(NAME), "1 March"),
        (lambda: env.read_dates(NAME), "2026-03-01, soon"),
        (lambda: env.read_country(NAME, "US"), "UK"),
        (lambda: env.read_clinic_hours(NAME, "09:00-17:00"), "09:00"),
        (lambda: env.read_clinic_hours(NAME, "09:00-17:00"), "09:00-09:00"),
        (lambda: env.read_days(NAME, ["mon"]), "monday"),
        (lambda: env.read_hours(NAME, 1.0), "0"),
        (lambda: env.read_hours(NAME, 1.0), "nan"),
        (lambda: env.read_fernet_key(NAME), "A" * 40 + "="),
        (lambda: env.read_fernet_keys(NAME), "A" * 43 + "=, short"),
        (lambda: env.read_database(NAME, "", {"OPTIONS": {}}, {"OPTIONS": {}}), "nonsense"),
    ],
)
def test_a_value_that_cannot_be_used_stops_the_start_and_names_its_variable(given, read, value):
    given(value)
    with pytest.raises(ImproperlyConfigured, match=NAME):
        read()


@pytest.mark.parametrize(
    ("least", "most", "words", "message"),
    [
        (2, 3, "", "X must be between 2 and 3."),
        (2, None, "", "X must be 2 or more."),
        (2, None, "two at least", "X must be two at least."),
    ],
)
def test_a_range_is_said_in_words(least, most, words, message):
    with pytest.raises(ImproperlyConfigured) as refused:
        env.between("X", 1, least, most, words)
    assert str(refused.value) == message


def test_variables_that_go_together_are_all_set_or_none():
    env.require_all_or_none("Both", A="", B=None)
    env.require_all_or_none("Both", A="a", B=date(2026, 3, 1))
    with pytest.raises(ImproperlyConfigured, match=r"^Both: B is not set\.$"):
        env.require_all_or_none("Both", A="a", B="")


def test_the_folder_of_an_sqlite_file_is_made(tmp_path):
    found = env.read_database(
        NAME, f"sqlite:///{tmp_path}/new/db.sqlite3", {"OPTIONS": {"timeout": 1}}, {"OPTIONS": {}}
    )
    assert (tmp_path / "new").is_dir()
    assert found["OPTIONS"] == {"timeout": 1}


@pytest.mark.parametrize(("before", "after"), [(0o644, 0o600), (0o666, 0o600), (0o600, 0o600), (0o400, 0o400)])
def test_an_open_database_is_closed_to_others_and_its_logs_with_it(tmp_path, before, after):
    files = [tmp_path / f"db.sqlite3{log}" for log in ("", "-wal", "-shm")]
    for file in files:
        file.touch()
        file.chmod(before)
    env.read_database(NAME, f"sqlite:///{tmp_path}/db.sqlite3", {"OPTIONS": {}}, {"OPTIONS": {}})
    assert {file.stat().st_mode & 0o777 for file in files} == {after}


def refuse(path, mode):
    raise PermissionError(1, "Operation not permitted")


def test_an_open_file_of_another_user_stops_the_start_and_says_what_to_do(tmp_path, monkeypatch):
    (tmp_path / "db").touch()
    (tmp_path / "db").chmod(0o644)  # whatever the umask of this process is
    monkeypatch.setattr(Path, "chmod", refuse)
    with pytest.raises(ImproperlyConfigured, match=f"chmod go= {tmp_path}/db"):
        env.close_to_others(tmp_path / "db")


def test_a_folder_of_another_user_stays_as_it_is(tmp_path, monkeypatch):
    tmp_path.chmod(0o755)
    monkeypatch.setattr(Path, "chmod", refuse)
    env.close_to_others(tmp_path, tmp_path / "nothing")
