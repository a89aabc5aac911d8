"""The two databases, a site on each, and the table at the end (`--write-table`: also into docs/faults.md)."""

import shutil
from types import SimpleNamespace

import pytest

from .. import leftovers
from ..serving import ROOT
from . import slow
from .sites import Postgres, Site, Sqlite, is_partial

COLUMNS = (
    "what happens", "database", "told", "stored", "lost", "doubled", "partial", "503", "cut off", "wrong",
    "nobody finished for, s", "no process answered for, s",
)  # fmt: skip
PAGE = ROOT / "docs/faults.md"
MARK = "<!-- written by make faults -->"
TABLE, CAUGHT = pytest.StashKey(), pytest.StashKey()


def pytest_addoption(parser):
    parser.addoption("--write-table", action="store_true", help="Keep the tables of a whole run in docs/faults.md.")


def pytest_configure(config):
    config.stash[TABLE], config.stash[CAUGHT], config.stash[slow.SLOW] = [], {}, []


@pytest.fixture(scope="session")
def run():
    """The folder of this run. Whatever runs or is mounted in it goes with it, also when this process is killed."""
    folder = leftovers.make_folder("back-spasm-faults-", "/tmp")  # a short path: PostgreSQL's socket lies in it
    folder.chmod(0o755)  # PostgreSQL runs as a user of its own
    watch = leftovers.sweep_after_kill(folder)
    yield folder
    leftovers.sweep_folder(folder)
    watch.communicate()


@pytest.fixture(scope="session")
def databases(run):
    """Each made when it is first asked for."""
    made = {}

    def get(name):
        if "sqlite" not in made:
            made["sqlite"] = Sqlite(run)
        if name == "postgresql" and name not in made:
            if not shutil.which("initdb"):
                pytest.skip("PostgreSQL's initdb is not on PATH")
            made[name] = Postgres(run, made["sqlite"])
        return made[name]

    return get


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request, databases):
    return databases(request.param)


@pytest.fixture(scope="session")
def start_in(run):
    """Start a site in a folder of its own, or in this one."""
    sites = []

    def serve(database, fault="", folder=None, **options):
        if folder is None:
            folder = run / f"site-{len(sites)}"
            folder.mkdir()
        sites.append(Site(folder, database, database.new(folder, **options), fault))
        return sites[-1]

    yield serve
    for site in sites:
        site.stop()


@pytest.fixture
def start(start_in):
    """As start_in; what was started is stopped after the test."""
    sites = []

    def serve(*args, **options):
        sites.append(start_in(*args, **options))
        return sites[-1]

    yield serve
    for site in sites:
        site.stop()


@pytest.fixture(scope="session")
def site_of(start_in):
    """The one site that goes through most of it, on each database: it is never set up anew."""
    sites = {}

    def get(database):
        if database.name not in sites:
            sites[database.name] = start_in(database)
        sites[database.name].begin_anew()
        return sites[database.name]

    return get


@pytest.fixture
def site(site_of, database):
    return site_of(database)


@pytest.fixture
def note(request):
    """Keep a line for the table, named as the test is."""

    def keep(database, told, stored, lost=0, doubled=0, halves=0, book=None):
        name = request.node.name.partition("[")[0].removeprefix("test_").replace("_", " ")
        line = (name, database.name, told, stored, lost, doubled, halves)
        if book:
            gaps = (f"{seconds:.1f}" for seconds in (book.longest_gap, book.longest_away if book.alive else 0))
            line += (book.refused, book.broken, len(book.wrong), *gaps)
        else:
            line += ("", "", 0, "", "")
        request.config.stash[TABLE].append(tuple(map(str, line)))

    return keep


@pytest.fixture
def caught(request):
    """Keep a line for the table of built-in faults: it was noticed, and by what."""

    def keep(fault, by, on=""):
        on = on or request.getfixturevalue("database").name
        request.config.stash[CAUGHT].setdefault((fault, by), []).append(on)

    return keep


@pytest.fixture
def judge(request, note):
    """Compare what people were told with what is stored, and keep the line for the table."""

    def compare(site, book):
        rows = site.rows()
        stored = {row[1] for row in rows}
        told = {reference for _, _, reference in book.told}
        found = SimpleNamespace(
            told=len(told),
            stored=len(rows),
            lost=len(told - stored),
            doubled=0 if book.given_up else max(0, len(rows) - len(book.told)),
            partial=sum(is_partial(row) for row in rows),
            wrong=book.wrong[:5],
        )
        if "caught" not in request.node.path.name:
            note(site.database, found.told, found.stored, found.lost, found.doubled, found.partial, book)
        assert (found.lost, found.doubled, found.partial, found.wrong) == (0, 0, 0, []), (found, tail(site.log))
        # Who gave up may be saved without having read it.
        assert book.given_up or found.told == found.stored
        assert found.told > 0
        return found

    return compare


def tail(log, lines=20):
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])


# --- What the run found -----------------------------------------------------------------------------------------------
def markdown(rows):
    head, *lines = rows
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *lines))


def caught_rows(config):
    found = config.stash[CAUGHT].items()
    return [("fault built in", "noticed as", "on"), *((fault, by, ", ".join(names)) for (fault, by), names in found)]


def slow_rows(config):
    return [
        ("in front", "300 at once", "pages answered, of those asked for", "longest wait, s"),
        *config.stash[slow.SLOW],
    ]


def pytest_terminal_summary(terminalreporter, exitstatus, config):
    for title, rows in (
        ("what people were told, and what is stored", [COLUMNS, *config.stash[TABLE]]),
        ("readers beside slow clients", slow_rows(config)),
        ("faults built in on purpose, and noticed", caught_rows(config)),
    ):
        if len(rows) > 1:
            widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
            terminalreporter.section(title)
            for row in rows:
                line = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
                terminalreporter.write_line(line.rstrip())
    if config.getoption("--write-table", False):
        if exitstatus:
            terminalreporter.write_line(f"{PAGE.name} stays as it is: not all tests passed.")
            return
        before, _, _ = PAGE.read_text().partition(MARK)
        tables = [f"## What people were told, and what is stored\n\n{markdown([COLUMNS, *config.stash[TABLE]])}"]
        tables += [f"## Readers beside slow clients\n\n{markdown(slow_rows(config))}"]
        tables += [f"## Faults built in on purpose, and noticed\n\n{markdown(caught_rows(config))}"]
        PAGE.write_text("\n\n".join([before + MARK, *tables]) + "\n")
