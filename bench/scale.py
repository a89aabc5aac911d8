"""python -m bench.scale: how many processor cores so many checks a day need, counted and then tried in a simulation.

The costs come from docs/benchmarks.json. Patients come by chance through the busiest hour; each reads a page, thinks,
answers; each request waits until one of the web processes is free. What comes out beside the arithmetic: how long
requests wait. It knows nothing of the network and nothing of the database's own limits: see docs/scaling.md.
"""

import argparse
import heapq
import json
import random
from dataclasses import dataclass
from typing import TypedDict

from bench.report import DOCS

# What the arithmetic takes for granted. Change them here and both the page and the simulation change.
BUSIEST_HOUR = 0.12  # share of a day's patients; clinics see 8 to 12 % of their calls in one hour
READS = 5  # articles read for each check
THINK = 8.0  # seconds between the pages of one patient
FULL = 0.6  # the busiest hour leaves two fifths of each core free
STEPS = 15  # questions of the usual walk


@dataclass
class Cost:
    """Seconds of a processor core for one: question shown, answer taken, article from what is kept, whole check."""

    get: float
    post: float
    read: float
    check: float


class Simulated(TypedDict):
    """used: share of the cores; p50, p99: seconds that a request waits and works; requests: how many."""

    used: float
    p50: float
    p99: float
    requests: int


def load_costs() -> Cost:
    rows = json.loads((DOCS / "benchmarks.json").read_text(encoding="utf-8"))["rows"]
    names = {"get": "question_get", "post": "question_post", "read": "hit", "check": "check"}
    return Cost(**{field: rows[name]["cpu"] / 1000 for field, name in names.items()})


def count_cores(cost: Cost, checks_a_day: int) -> float:
    """Cores for web processes in the busiest hour, at most FULL used."""
    a_second = checks_a_day * BUSIEST_HOUR / 3600
    return a_second * (cost.check + READS * cost.read) / FULL


def simulate_hour(cost: Cost, checks_a_day: int, processes: int, seconds: int = 600, seed: int = 1) -> Simulated:
    """The busiest hour, a part of it."""
    chance = random.Random(seed)
    a_second = checks_a_day * BUSIEST_HOUR / 3600
    # A check is its questions and answers, and the rest (start, all answers, result) at its beginning and end.
    rest = max(cost.check - STEPS * (cost.get + cost.post), 0) / 4
    walk = [rest, rest, *[cost.get, cost.post] * STEPS, rest, rest]
    # (when, whose, the costs of the pages they go through, which of those is next)
    events: list[tuple[float, int, list[float], int]] = []
    clock, number = 0.0, 0
    while clock < seconds:
        clock += chance.expovariate(a_second)
        heapq.heappush(events, (clock, number, walk, 0))
        number += 1
        for _ in range(READS):
            heapq.heappush(events, (clock + chance.uniform(-30, 30), number, [cost.read], 0))
            number += 1
    free = [0.0] * processes
    took: list[float] = []
    busy = 0.0
    while events:
        now, who, pages, page = heapq.heappop(events)
        if now > seconds:
            continue
        begins = max(now, heapq.heappop(free))
        # No two requests cost the same: spread around the mean as a queue of short tasks does.
        work = chance.gammavariate(4, pages[page] / 4)
        heapq.heappush(free, begins + work)
        if now > seconds / 4:  # until then the hour only fills up
            took.append(begins + work - now)
            busy += work
        if page + 1 < len(pages):
            # An answer leads to the next page at once; a page is read first.
            pause = 0.05 if pages[page] == cost.post else chance.expovariate(1 / THINK)
            heapq.heappush(events, (begins + work + pause, who, pages, page + 1))
    took.sort()
    return {
        "used": busy / (processes * seconds * 3 / 4),
        "p50": took[len(took) // 2],
        "p99": took[len(took) * 99 // 100],
        "requests": len(took),
    }


def format_scale(cost: Cost) -> str:
    lines = [
        "| checks a day | a second, busiest hour | cores by arithmetic | simulated: used | half within | 99 % within |",
        "|---:|---:|---:|---:|---:|---:|",
    ]
    for checks in (1_000, 10_000, 100_000, 1_000_000):
        need = count_cores(cost, checks)
        number = max(1, round(need + 0.49))
        seen = simulate_hour(cost, checks, number, seconds=300 if checks == 1_000_000 else 1200)
        lines.append(
            f"| {checks:,} | {checks * BUSIEST_HOUR / 3600:.2f} | {need:.2f} ({number}) | {100 * seen['used']:.0f} % | "
            f"{1000 * seen['p50']:.0f} ms | {1000 * seen['p99']:.0f} ms |"
        )
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.scale", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--write", action="store_true", help="write the table into docs/scaling.md")
    options = parser.parse_args()
    text = format_scale(load_costs())
    print(text)
    if options.write:
        from bench import report

        report.replace_section("scale", text, page="scaling.md")


if __name__ == "__main__":
    main()
