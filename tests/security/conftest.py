"""Prints what came of the hostile strings."""

import os
from pathlib import Path

from django.db import connection

from .hostile_table import add_up, draw_table


def pytest_terminal_summary(terminalreporter):
    reports = [each for found in ("passed", "failed") for each in terminalreporter.stats.get(found, [])]
    kinds, fields = add_up(reports)
    if not kinds or hasattr(terminalreporter.config, "workerinput"):  # the workers of xdist know a part each
        return
    lines = list(draw_table("kind", kinds))
    terminalreporter.section(f"hostile strings through {len(fields)} fields, {connection.vendor}")
    terminalreporter.write_line("\n".join(lines))
    if file := os.environ.get("HOSTILE_TABLE"):
        with Path(file).open("a") as table:
            head = f"## {connection.vendor}: {len(fields)} fields"
            print(head, "", *lines, "", *draw_table("page and field", fields), "", sep="\n", file=table)
