"""Whole checks, ours and two wizards of django-formtools, one patient at a time and eight, on SQLite and PostgreSQL.

Each database is of this run's own, and each site the one worker that `make run` starts. A round takes turns between the
three; ratios are taken within a round.
"""

import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from bench import clients
from bench.databases import list_databases
from bench.report import Walked
from bench.servers import make_environment, prepare_site, start_server

AT_ONCE = (1, 8)
WALKS: dict[str, tuple[str, clients.Walk]] = {
    "check": ("site", clients.walk_whole_check),
    "wizard": ("wizard", clients.walk_wizard),
    "named": ("wizard", clients.walk_named_wizard),
}


def measure_walks(rounds: int, seconds: float, given: clients.Answers, consent: str) -> Walked:
    """{(database, patients at once): {walk: [{"rate", "cpu": ms of the server's processor for one}, ...]}}."""
    found: Walked = {}
    for name, database in list_databases().items():
        with tempfile.TemporaryDirectory(prefix="bench-") as folder, database(Path(folder)) as address:
            env = make_environment(folder, DATABASE_URL=address)
            prepare_site(env)
            found |= measure_database(name, env, rounds, seconds, given, consent)
    return found


def measure_database(
    database: str, env: Mapping[str, str], rounds: int, seconds: float, given: clients.Answers, consent: str
) -> Walked:
    other = {**env, "DJANGO_SETTINGS_MODULE": "bench.wizard.settings"}
    found: Walked = {(database, number): {name: [] for name in WALKS} for number in AT_ONCE}
    with start_server("site_project.wsgi", env) as site, start_server("site_project.wsgi", other) as wizard:
        servers = {"site": site, "wizard": wizard}
        for turn in range(rounds + 1):
            for number in AT_ONCE:
                for name, (where, walk) in WALKS.items():
                    server = servers[where]
                    before = server.read_cpu()
                    long = seconds if turn else 1  # the first warms up
                    rate, _, count = clients.run_patients(walk, server.port, long, given, consent, number)
                    cpu = 1000 * (server.read_cpu() - before) / max(count, 1)
                    if turn:
                        found[database, number][name].append({"rate": rate, "cpu": cpu})
                        line = f"{database} {turn}/{rounds} {number} at once {name:7}{rate:7.2f}/s  cpu {cpu:7.1f} ms"
                        print(line, file=sys.stderr, flush=True)
    return found
