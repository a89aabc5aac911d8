"""From what was measured to a table and a chart. Ratios are taken within a round and only then the median."""

import json
import math
import statistics
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NotRequired, TypedDict

DOCS = Path(__file__).parents[1] / "docs"
NAMES = {
    "bare": "Python without a framework",
    "one_line": "Django, one view of one line",
    "hit": "An article, kept",
    "known": "An article the reader has (304)",
    "miss": "An article, made anew",
    "search": "A search",
    "question_get": "A question of the check (GET)",
    "question_post": "An answer (POST)",
    "check": "A whole check, saved",
    "wizard": "The same as a formtools wizard",
    "named": "The same, an address a question",
    "bare_plain": "Python without a framework (sync worker)",
    "one_line_plain": "Django, one view of one line (sync worker)",
    "hit_plain": "An article, kept (sync worker)",
    "known_plain": "An article the reader has (304, sync worker)",
}


class Sample(TypedDict):
    """One kind of request in one round. rate: how many a second; cpu: ms of the server's processor for one."""

    rate: float
    cpu: float
    ms: NotRequired[float]


class Row(TypedDict):
    """The medians of the rounds. ratio: how many times as many a second as the one-line view."""

    rate: float
    ms: float
    cpu: float
    ratio: float


class Ratio(TypedDict):
    """How many times as many a second, and how many times less CPU for one."""

    rate: float
    cpu: float


class Machine(TypedDict):
    """memory: MiB (PSS, private). at_once: seconds, sorted. cold: seconds. queries: by kind of page."""

    memory: tuple[float, float]
    memory_small: tuple[float, float]
    at_once: list[float]
    cold: float
    queries: dict[str, int]


class Summary(TypedDict):
    rows: dict[str, Row]
    machine: Machine
    wizard: Ratio
    named: Ratio
    rounds: int


Taken = dict[str, list[Sample]]
# (database, patients at once): the samples of each walk.
Walked = dict[tuple[str, int], Taken]


def summarize_rounds(taken: Taken, machine: Machine) -> Summary:
    rows: dict[str, Row] = {}
    for name in NAMES:
        if not taken.get(name):
            continue
        like = "one_line_plain" if name.endswith("_plain") else "one_line"
        unit = [one["rate"] / other["rate"] for one, other in zip(taken[name], taken[like], strict=True)]
        rows[name] = {
            "rate": statistics.median(one["rate"] for one in taken[name]),
            "ms": statistics.median(one["ms"] for one in taken[name]),
            "cpu": statistics.median(one["cpu"] for one in taken[name]),
            "ratio": statistics.median(unit),
        }
    return {
        "rows": rows,
        "machine": machine,
        "wizard": compare_costs(taken["check"], taken["wizard"]),
        "named": compare_costs(taken["check"], taken["named"]),
        "rounds": len(taken["hit"]),
    }


def compare_costs(ours: Sequence[Sample], theirs: Sequence[Sample]) -> Ratio:
    paired = list(zip(ours, theirs, strict=True))
    return {
        "rate": statistics.median(one["rate"] / other["rate"] for one, other in paired),
        "cpu": statistics.median(other["cpu"] / one["cpu"] for one, other in paired),
    }


def format_requests(found: Summary) -> str:
    lines = ["| what | a second | x one-line view | CPU of the server, ms |", "|---|---:|---:|---:|"]
    for name, row in found["rows"].items():
        ratio = f"{row['ratio']:.2f}" if row["ratio"] >= 0.01 else f"{row['ratio']:.4f}"
        lines.append(f"| {NAMES[name]} | {row['rate']:,.1f} | {ratio} | {row['cpu']:.2f} |")
    machine, wizard, named = found["machine"], found["wizard"], found["named"]
    lines += [
        "",
        f"A whole check against the wizard: {wizard['rate']:.2f} times as many a second, "
        f"{wizard['cpu']:.2f} times less CPU. Against the wizard with an address a question: {named['rate']:.2f} and "
        f"{named['cpu']:.2f} times.",
        f"One worker: {machine['memory'][0]:.0f} MiB (PSS), the one-line site {machine['memory_small'][0]:.0f} MiB. "
        f"Cold start to the first answer: {machine['cold']:.1f} s.",
    ]
    return "\n".join(lines)


def format_budgets(found: Summary) -> str:
    """What the site may cost (the budgets it was built to), what it costs in this run, and whether that is met."""
    queries, took = found["machine"]["queries"], found["machine"]["at_once"]
    p99 = took[math.ceil(0.99 * len(took)) - 1]
    hit, whole = found["rows"]["hit"]["ratio"], found["wizard"]["rate"]
    step = max(queries["question"], queries["answer"])
    lines = ["| what | budget | figure | |", "|---|---|---|---|"]
    for what, budget, figure, met in (
        ("an article read again, x one-line view", "1.0 or more", f"{hit:.2f}", hit >= 1),
        ("SQL queries of an article made anew", "3 at most", queries["article"], queries["article"] <= 3),
        (
            "SQL queries of a step of the check",
            "4 at most",
            f"{queries['question']} (GET), {queries['answer']} (POST)",
            step <= 4,
        ),
        ("a whole check, x formtools wizard", "5 or more", f"{whole:.2f}", whole >= 5),
        ("32 patients press the last button at once, SQLite", "p99 1 s", f"{p99:.2f} s, none refused", p99 <= 1),
    ):
        lines.append(f"| {what} | {budget} | {figure} | {'met' if met else '**not met**'} |")
    for what, budget, where in (
        ("staff queue with 1,000,000 checks", "2 x that with 1,000", "`python -m bench.rows`: see below"),
        (
            "first load, on the wire",
            "15 KiB; 30 KiB with the pictures seen at first, 50 KiB read to its end",
            "`tests/browser/test_weight.py`, each page",
        ),
        ("Lighthouse, mobile", "100 in all four", "`make lighthouse`, each page"),
    ):
        lines.append(f"| {what} | {budget} | {where} | |")
    return "\n".join(lines)


def draw_chart(rows: Mapping[str, Row]) -> str:
    """CPU of the server for one request of each kind, a one-line view being 1."""
    unit = rows["one_line"]["cpu"]
    shown = [
        (NAMES[name], row["cpu"] / unit)
        for name, row in rows.items()
        if name not in ("check", "wizard", "named") and not name.endswith("_plain")
    ]
    wide, label, line = 420, 250, 26
    most = max(value for _, value in shown)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {label + wide + 70} {line * len(shown) + 30}" '
        'font-family="sans-serif" font-size="13">',
        "<title>CPU of the server for one request; a Django view of one line is 1</title>",
    ]
    for number, (name, value) in enumerate(shown):
        y = number * line + 8
        length = max(1, round(wide * value / most))
        parts.append(f'<text x="{label - 8}" y="{y + 13}" text-anchor="end">{name}</text>')
        parts.append(f'<rect x="{label}" y="{y}" width="{length}" height="17" fill="#0b6e6e"/>')
        parts.append(f'<text x="{label + length + 6}" y="{y + 13}">{value:.2f}</text>')
    y = line * len(shown) + 22
    parts.append(f'<text x="{label}" y="{y}">CPU of the server for one request; a one-line view is 1</text></svg>')
    return "\n".join(parts) + "\n"


def replace_section(name: str, text: str, page: str = "benchmarks.md") -> None:
    """Put the text between the marks of this name in a page of docs/."""
    file = DOCS / page
    begin, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    before, _, rest = file.read_text(encoding="utf-8").partition(begin)
    after = rest.partition(end)[2]
    file.write_text(f"{before}{begin}\n{text}\n{end}{after}", encoding="utf-8")


def format_walks(found: Walked) -> str:
    """Whole checks, one line for each database and number of patients at once: see bench.walks."""
    lines = [
        "| database | patients at once | checks a second | wizard | wizard, an address a question "
        "| x wizard (CPU) | x the other (CPU) |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    for (database, number), taken in found.items():
        rates = [statistics.median(one["rate"] for one in taken[name]) for name in ("check", "wizard", "named")]
        ratios = [compare_costs(taken["check"], taken[name]) for name in ("wizard", "named")]
        cells = [f"{rate:.1f}" for rate in rates] + [f"{one['rate']:.1f} ({one['cpu']:.1f})" for one in ratios]
        lines.append(f"| {database} | {number} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def write_report(found: Summary, walked: Walked) -> None:
    """The tables and the chart of docs/benchmarks.md, and the figures that docs/scaling.md counts with."""
    replace_section("budgets", format_budgets(found))
    replace_section("bench", format_requests(found))
    replace_section("walks", format_walks(walked))
    (DOCS / "benchmarks.svg").write_text(draw_chart(found["rows"]), encoding="utf-8")
    (DOCS / "benchmarks.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
