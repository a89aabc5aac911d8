"""The two databases, and the table at the end."""

import shutil
import tempfile
from pathlib import Path
from types import SimpleNamespace

import pytest

from .sites import Postgres, Site, Sqlite, partial

TABLE = []
COLUMNS = ("scenario", "database", "told", "stored", "lost", "doubled", "partial", "503", "cut off", "wrong", "gap s")


@pytest.fixture(scope="session")
def databases(tmp_path_factory):
    """Each made when it is first asked for."""
    folder, made = tmp_path_factory.mktemp("databases"), {}

    def get(name):
        if "sqlite" not in made:
            made["sqlite"] = Sqlite(folder)
        if name == "postgresql" and name not in made:
            if not shutil.which("initdb"):
                pytest.skip("PostgreSQL's initdb is not on PATH")
            # PostgreSQL runs as a user of its own, and pytest's folders are closed to others.
            home = Path(tempfile.mkdtemp(prefix="back-spasm-faults-", dir="/tmp"))
            made["home"] = home
            made[name] = Postgres(home, made["sqlite"])
        return made[name]

    yield get
    if "postgresql" in made:
        made["postgresql"].stop()
        shutil.rmtree(made["home"], ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request, databases):
    return databases(request.param)


@pytest.fixture
def start(tmp_path):
    """Start a site; it is stopped at the end. folder: where its data are, when that matters."""
    sites = []

    def serve(database, fault="", arguments="", folder=None, **options):
        if folder is None:
            folder = tmp_path / f"site-{len(sites)}"
            folder.mkdir()
        site = Site(folder, database, database.new(folder, **options), fault, arguments)
        sites.append(site)
        return site

    yield serve
    for site in sites:
        site.stop()


@pytest.fixture
def judge(request):
    """Compare what people were told with what is stored, and keep the line for the table."""

    def compare(site, book):
        rows = site.database.rows(site)
        stored = {row[1] for row in rows}
        told = {reference for _, _, reference in book.told}
        found = SimpleNamespace(
            told=len(told),
            stored=len(rows),
            lost=len(told - stored),
            doubled=0 if book.given_up else max(0, len(rows) - len(book.told)),
            partial=sum(partial(row) for row in rows),
        )
        name = request.node.name.partition("[")[0].removeprefix("test_").replace("_", " ")
        if "caught" not in request.node.path.name:
            values = (*vars(found).values(), book.refused, book.broken, len(book.wrong), f"{book.longest_gap:.1f}")
            TABLE.append((name, site.database.name, *map(str, values)))
        assert (found.lost, found.doubled, found.partial) == (0, 0, 0), (found, str(site.log))
        assert not book.wrong, book.wrong[:5]
        # Who gave up may be saved without having read it.
        assert book.given_up or found.told == found.stored
        assert found.told > 0
        return found

    return compare


def pytest_terminal_summary(terminalreporter):
    if not TABLE:
        return
    widths = [max(len(row[at]) for row in (COLUMNS, *TABLE)) for at in range(len(COLUMNS))]
    terminalreporter.section("what people were told, and what is stored")
    for row in (COLUMNS, *TABLE):
        terminalreporter.write_line("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)))
