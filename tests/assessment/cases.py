"""The vignettes: stories with the answers such a patient would give, and the level the guidelines ask for."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "vignettes"


@dataclass(frozen=True)
class Case:
    """One vignette. acceptable: other levels that a careful clinician could choose too."""

    id: str
    story: str
    expected: str
    acceptable: list[str]
    guideline: str
    tags: list[str]
    answers: dict[str, list[str]]


def load() -> list[Case]:
    """Every vignette, file by file. Raises TypeError for one with a part too many or too few."""
    files = sorted(FOLDER.glob("*.toml"))
    return [Case(**case) for file in files for case in tomllib.loads(file.read_text(encoding="utf-8"))["case"]]
