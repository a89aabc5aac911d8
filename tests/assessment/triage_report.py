"""make triage-report: how the protocol does on our vignettes, beside what was published of other symptom checkers.

Prints a Markdown table. Measures as in Kopka 2023: accuracy by level, and which way the errors go.
"""

import sys
from collections import Counter
from math import sqrt

from assessment.protocol import wording
from assessment.protocol.back_pain import PROTOCOL
from assessment.protocol.engine import assess_answers
from assessment.protocol.model import Level

from . import cases

LEVELS = [level.code for level in sorted(Level, reverse=True)]
# Overall, emergency and self-care cases given the right level. Semigran: BMJ 2015, 23 checkers, 45 vignettes.
# Hill: Medical Journal of Australia 2020, 19 checkers, 48 vignettes. Schmieding: JMIR 2022, median of 22 apps.
PUBLISHED = {
    "Semigran 2015": {"overall": "57 %", "emergency": "80 %", "self_care": "33 %"},
    "Hill 2020": {"overall": "49 %", "emergency": "63 %", "self_care": "40 %"},
    "Schmieding 2022": {"overall": "55.8 %"},
}
WARNING = (
    "Read this with care: the makers of the rules wrote these vignettes and their answers, in a clinician's way. Such "
    "cases flatter a tool. The published figures are from other cases, many complaints and several tools, so the "
    "columns cannot be compared one to one. What counts is how people do who answer for themselves."
)


def decide_level(answers) -> str:
    """The level of these answers; "none" while questions are open."""
    level = assess_answers(PROTOCOL, answers).level
    return "none" if level is None else level.code


def wilson_interval(hits: int, total: int, z: float = 1.959964) -> tuple[float, float]:
    """The Wilson score interval of a proportion, 95 % unless told: (low, high) from 0 to 1 (Wilson 1927)."""
    share, spread = hits / total, z * z / total
    middle = (share + spread / 2) / (1 + spread)
    half = z / (1 + spread) * sqrt(share * (1 - share) / total + spread / (4 * total))
    return max(0.0, middle - half), min(1.0, middle + half)


def rank_level(level: str) -> int:
    """0 for self-care to 3 for emergency; -1 for no level, which is worse than too low a one."""
    return Level[level.upper()] if level in LEVELS else -1


def format_share(hits: int, total: int) -> str:
    low, high = wilson_interval(hits, total)
    return f"{hits}/{total} = {100 * hits / total:.1f} % ({100 * low:.1f} to {100 * high:.1f})"


def format_table(head, rows) -> list[str]:
    return [f"| {' | '.join(row)} |" for row in [head, ["---"] * len(head), *rows]]


def format_report(pairs) -> str:
    """The whole report. pairs: (case, the level the protocol gave)."""
    counts = Counter((case.expected, got) for case, got in pairs)
    expected = Counter(case.expected for case, _ in pairs)
    total = len(pairs)
    emergency, self_care = expected["emergency"], expected["self_care"]

    def number(which) -> int:
        return sum(1 for case, got in pairs if which(case, got))

    exact = number(lambda case, got: got == case.expected)
    fits = number(lambda case, got: got == case.expected or got in case.acceptable)
    under = number(lambda case, got: rank_level(got) < rank_level(case.expected))
    over = number(lambda case, got: rank_level(got) > rank_level(case.expected))
    rows = [
        ("Cases", str(total), None),
        ("Exact level", format_share(exact, total), "overall"),
        ("Exact or another acceptable level", format_share(fits, total), None),
        ("Emergency sensitivity", format_share(counts["emergency", "emergency"], emergency), "emergency"),
        ("Under-triage: a lower level than expected", format_share(under, total), None),
        ("Over-triage: a higher level than expected", format_share(over, total), None),
        ("Over-triage: self-care sent to emergency", format_share(counts["self_care", "emergency"], self_care), None),
        *[
            (f"Exact level, cases of {level}", format_share(counts[level, level], expected[level]), level)
            for level in LEVELS
            if level != "emergency"
        ],
    ]
    digest = wording.digest_protocol(PROTOCOL, wording.load_words())
    lines = [f"# Triage of {total} vignettes by {PROTOCOL.code} {PROTOCOL.version} ({digest[:12]})", "", WARNING, ""]
    lines += format_table(
        ["Measure (95 % Wilson interval)", "This protocol", *PUBLISHED],
        [[name, ours, *[study.get(key, "") for study in PUBLISHED.values()]] for name, ours, key in rows],
    )
    lines += ["", "Rows: what the case calls for. Columns: what the protocol said.", ""]
    columns = LEVELS + ["none"] * any(got == "none" for _, got in pairs)
    lines += format_table(
        ["expected", *columns, "all"],
        [[level, *[str(counts[level, got]) for got in columns], str(expected[level])] for level in LEVELS],
    )
    others = [(case, got) for case, got in pairs if got != case.expected]
    if others:
        lines += ["", "Cases with another level than expected:", ""]
        lines += format_table(
            ["case", "expected", "given", "acceptable too"],
            [
                [case.id, case.expected, got, "yes" if got in case.acceptable else "**no**"]
                for case, got in sorted(others, key=lambda pair: -rank_level(pair[0].expected))
            ],
        )
    return "\n".join(lines)


def describe_boundaries(boundaries: list[cases.Case]) -> str:
    """What the report says of the cases that it does not count."""
    right = sum(1 for case in boundaries if not any(cases.list_complaints(PROTOCOL, case)))
    return (
        f"Not counted above: {len(boundaries)} boundary cases, of which {right} got all they ask for. Each stands on "
        "one side of a line that a guideline draws, a sign there or not; so many of them at the edges would say "
        "nothing of how often the tool is right."
    )


if __name__ == "__main__":
    told = format_report([(case, decide_level(case.answers)) for case in cases.load_vignettes()])
    sys.stdout.write(f"{told}\n\n{describe_boundaries(cases.load_boundaries())}\n")
