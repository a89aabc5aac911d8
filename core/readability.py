"""How many years of school a text asks for: the Flesch-Kincaid grade (Kincaid and colleagues, 1975).

Plain Python that imports nothing of ours: the articles and the protocol, which knows no Django, are measured by it.
"""

import re
from functools import lru_cache

import pyphen

HYPHENS = pyphen.Pyphen(lang="en_US")


def split_sentences(text: str) -> list[str]:
    """The sentences of a text; each line counts as one, so that a list item does."""
    return [part for part in re.split(r"[.!?:;]+\s|\n", text) if re.search(r"\w", part)]


def split_words(text: str) -> list[str]:
    return re.findall(r"[A-Za-z']+", text)


@lru_cache(maxsize=256)
def compute_reading_grade(text: str) -> float:
    """The US school grade at which the text can be read: 0.39 words a sentence + 11.8 syllables a word - 15.59."""
    found = split_words(text)
    if not found:
        return 0.0
    syllables = sum(1 + HYPHENS.inserted(word.strip("'")).count("-") for word in found)
    grade: float = round(
        0.39 * len(found) / max(len(split_sentences(text)), 1) + 11.8 * syllables / len(found) - 15.59, 1
    )
    return grade
