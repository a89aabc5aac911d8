"""Reads and checks the values that settings.py takes from the environment. NAME_FILE=path reads NAME from that file.

Whatever cannot be used stops the start with ImproperlyConfigured, whose words name the variable and what to do. A
variable that is set but empty is, where that can be meant, as good as one that is not set: see each function.
"""

import os
import re
import stat
from base64 import urlsafe_b64decode
from collections.abc import Sequence
from datetime import date, time
from email.utils import parseaddr
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import available_timezones

import phonenumbers
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import validate_email
from environs import EnvError, FileAwareEnv

Number = TypeVar("Number", int, float)

WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LEVELS = ("emergency", "urgent", "soon", "self_care")
environment = FileAwareEnv(strip_whitespace=True)


# --- Checking ---------------------------------------------------------------------------------------------------------
def require(fine: bool, remedy: str) -> None:
    """Stop the start with these words unless it is fine."""
    if not fine:
        raise ImproperlyConfigured(remedy)


def require_safe(name: str, safe: bool, remedy: str) -> None:
    require(safe, f"The site does not start with an unsafe {name}. {remedy}")


def between(name: str, value: Number, least: Number, most: Number | None = None, words: str = "") -> Number:
    """The value, if it is neither less nor more. words: how a person reads which values may be, where numbers alone
    do not say it.
    """
    words = words or (f"{least} or more" if most is None else f"between {least} and {most}")
    require(least <= value and (most is None or value <= most), f"{name} must be {words}.")
    return value


def require_all_or_none(words: str, **given: object) -> None:
    """words: why these variables go together."""
    missing = [name for name, value in given.items() if not value]
    require(len(missing) in (0, len(given)), f"{words}: {', '.join(missing)} is not set.")


def require_fernet_key(words: str, key: str) -> None:
    """words: what the message calls this key."""
    try:
        usable = len(urlsafe_b64decode(key)) == 32
    except ValueError:
        usable = False
    require(usable, f"{words} is not a Fernet key (32 bytes in URL-safe base64).")


def close_to_others(*paths: Path) -> None:
    """Take the rights of every other user off these, where they are there: earlier versions left them open.

    A folder of another user's (a volume of a container, say) stays as it is: what the site makes in it is closed by
    itself. A file of another user's that anybody may read stops the start.
    """
    for path in paths:
        try:
            if (rights := stat.S_IMODE(path.stat().st_mode)) & 0o077:
                path.chmod(rights & ~0o077)
        except PermissionError as error:
            require(path.is_dir(), f"Others can read {path}: {error.strerror}. As its owner: chmod go= {path}")
        except OSError:
            pass  # not there yet, or on a disk that only reads


def quoted(text: str) -> bool:
    return len(text) > 1 and text[0] == text[-1] and text[0] in "'\""


# --- Reading one kind of value ----------------------------------------------------------------------------------------
def read_value(kind: str, name: str, default: object) -> Any:
    """A value as environs reads this kind ("bool", "int", ...): what it is depends on the kind."""
    written = os.environ.get(name, "").strip()
    # Some files of variables keep the quotes that others take off.
    require(
        name.endswith("PASSWORD") or not any(quoted(part.strip()) for part in (written, *written.split(","))),
        f"{name} stands in quotes. Write it without them.",
    )
    try:
        return getattr(environment, kind)(name, default)
    except (EnvError, ValueError) as error:
        raise ImproperlyConfigured(f"The environment variable {name} cannot be used: {error}") from error


def read_bool(name: str, default: bool) -> bool:
    value: bool = read_value("bool", name, default)
    return value


def read_text(name: str, default: str = "", shortest: int = 0) -> str:
    """shortest: how many characters it must have if it is not empty."""
    value: str = read_value("str", name, default)
    require(not value or len(value) >= shortest, f"{name} must have {shortest} characters or more.")
    require(value.isprintable(), f"{name} must be one line, without tabs or other signs that cannot be seen.")
    return value


def read_integer(name: str, default: int, least: int | None = None, most: int | None = None, words: str = "") -> int:
    """least, most, words: see between()."""
    value: int = read_value("int", name, default)
    return value if least is None else between(name, value, least, most, words)


def read_number(name: str, default: float, least: float, most: float) -> float:
    value: float = read_value("float", name, default)
    return between(name, value, least, most)


def read_path(name: str, default: Path) -> Path:
    value: Path = read_value("path", name, default)
    return value


def read_list(name: str, default: Sequence[str] = (), shortest: int = 0) -> list[str]:
    """What stands between commas, without the blanks around it; empty items are dropped.

    shortest: how many characters each must have.
    """
    found = [item.strip() for item in read_value("list", name, list(default))]
    items = [item for item in found if item]
    require(all(len(item) >= shortest for item in items), f"Each of {name} must have {shortest} characters or more.")
    return items


def read_date(name: str) -> date | None:
    """None where it is not set, or empty."""
    if not read_text(name):
        return None
    value: date = read_value("date", name, None)
    return value


def read_dates(name: str) -> set[date]:
    try:
        return {date.fromisoformat(day) for day in read_list(name)}
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} must hold dates such as 2026-12-25, separated by commas.") from error


def read_fernet_key(name: str) -> str:
    """Empty where it is not set."""
    key = read_text(name)
    if key:
        require_fernet_key(name, key)
    return key


def read_fernet_keys(name: str) -> list[str]:
    keys = read_list(name)
    for number, key in enumerate(keys, start=1):
        require_fernet_key(f"Key {number} of {name}", key)
    return keys


# --- Reading what one setting means -----------------------------------------------------------------------------------
def read_secret_key(local: bool) -> str:
    """On one's own machine any will do."""
    key = read_text("SECRET_KEY")
    require_safe(
        "SECRET_KEY",
        local or (len(key) >= 50 and len(set(key)) >= 5 and not key.startswith("django-insecure-")),
        "Set it to at least 50 random characters, or SECRET_KEY_FILE to a file that holds them.",
    )
    return key


def read_allowed_hosts(local: bool) -> list[str]:
    """Never empty: links in mails begin with the first."""
    hosts = read_list("ALLOWED_HOSTS")
    require(
        not any(re.search(r"/|[^\[:]:\d+$", host) for host in hosts),
        "ALLOWED_HOSTS must hold names of hosts alone, such as clinic.example: no https://, no port, no path.",
    )
    if local:
        return hosts or ["127.0.0.1", "localhost", "[::1]"]
    require_safe(
        "ALLOWED_HOSTS", bool(hosts) and "*" not in hosts, "Set it to the host names of this site, separated by commas."
    )
    return hosts


def read_addresses(name: str) -> list[str]:
    """E-mail addresses."""
    addresses = read_list(name)
    for address in addresses:
        require_email(name, address)
    return addresses


def require_email(name: str, written: str) -> None:
    """written: an address, or a name and the address in angle brackets."""
    try:
        validate_email(parseaddr(written)[1])
    except ValidationError as error:
        raise ImproperlyConfigured(f"{name} must be an e-mail address, such as it@clinic.example.") from error


def read_sender(name: str, default: str) -> str:
    sender = read_text(name, default)
    # Made of a name of this machine it need not be one that mails can be sent from.
    if sender != default:
        require_email(name, sender)
    return sender


def read_urls(name: str) -> list[str]:
    found = read_list(name)
    for url in found:
        require_url(name, url, ("http", "https"))
    return found


def read_url(name: str, default: str = "", schemes: Sequence[str] = ("http", "https")) -> str:
    """Empty where it is not set, and has no default."""
    url = read_text(name, default)
    if url:
        require_url(name, url, schemes)
    return url


def require_url(name: str, url: str, schemes: Sequence[str]) -> None:
    scheme, _, rest = url.partition("://")
    require(
        scheme in schemes and bool(rest), f"{name} must begin with {' or '.join(f'{each}://' for each in schemes)}."
    )


def read_time_zone(name: str, default: str) -> str:
    zone = read_text(name, default)
    require(zone in available_timezones(), f"{name} must be the name of a time zone, such as Europe/Berlin.")
    return zone


def read_debug(local: bool) -> bool:
    debug = read_bool("DEBUG", False)
    require_safe("DEBUG", local or not debug, "Unset it: with DEBUG on, error pages show private data.")
    return debug


def read_second_factor(local: bool) -> bool:
    """Whether staff need the second step. On one's own machine only if this says so, anywhere else always."""
    needed = read_bool("SECOND_FACTOR", not local)
    require(needed or local, "SECOND_FACTOR can be off only with LOCAL=true, on one's own machine.")
    return needed


def read_telephone(name: str, local: bool) -> str:
    """The number that patients are told to call. It may be empty on one's own machine only."""
    number = read_text(name)
    require(
        local or any(char.isdigit() for char in number),
        f"{name} must be the clinic's telephone number, as patients dial it: results tell them to call the clinic.",
    )
    return number


def read_country(name: str, default: str) -> str:
    country = read_text(name, default).upper()
    require(
        country in phonenumbers.SUPPORTED_REGIONS,
        f"{name} must be the two ISO letters of a country, such as US, or GB (not UK).",
    )
    return country


def read_shorter_retention(days: int) -> dict[str, int]:
    """For how many days assessments of a level are kept, for the levels that are kept for less than `days`."""
    names = {level: f"RETENTION_DAYS_{level.upper()}" for level in LEVELS}
    kept = {level: read_integer(name, days, 1, days, "between 1 and RETENTION_DAYS") for level, name in names.items()}
    return {level: shorter for level, shorter in kept.items() if shorter < days}


def read_hours(name: str, default: float) -> float:
    hours: float = read_value("float", name, default)
    require(0 < hours <= 1000, f"{name} must be more than 0 and at most 1000.")
    return hours


def read_clinic_hours(name: str, default: str) -> tuple[time, time]:
    """When the clinic opens and closes, from such as "09:00-17:00"."""
    try:
        opens, closes = (time.fromisoformat(part.strip()) for part in read_text(name, default).split("-"))
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} must look like 09:00-17:00.") from error
    require(opens < closes, f"{name} must end later than they begin.")
    return opens, closes


def read_days(name: str, default: Sequence[str]) -> set[int]:
    """Days of the week by number: Monday is 0."""
    days = [day.lower() for day in read_list(name, default)]
    require(bool(days) and set(days) <= set(WEEK), f"{name} must name days such as mon,tue,wed.")
    return {WEEK.index(day) for day in days}


def read_database(name: str, default: str, sqlite: dict[str, Any], server: dict[str, Any]) -> dict[str, Any]:
    """Django's settings of the database at this URL, with those that we add for its kind.

    sqlite: added for SQLite, whose folder is made. server: added for any other. What the URL itself gives as OPTIONS
    stays beside ours.
    """
    database: dict[str, Any] = read_value("dj_db_url", name, default)
    kind = database["ENGINE"].rpartition(".")[2]
    require(kind in ("sqlite3", "postgresql"), f"{name} must begin with postgresql:// or sqlite:///.")
    added = server
    if kind == "sqlite3":
        place = Path(database["NAME"])
        try:
            place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise ImproperlyConfigured(f"The database's folder cannot be made ({name}, DATA_DIR): {error}") from error
        close_to_others(place, *(place.with_name(f"{place.name}-{log}") for log in ("wal", "shm")))
        added = sqlite
    options = {**database.get("OPTIONS", {}), **added["OPTIONS"]}
    return {**database, **added, "OPTIONS": options}
