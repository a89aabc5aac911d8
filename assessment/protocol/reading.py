"""How many years of school a text asks for: the Flesch-Kincaid grade (Kincaid and colleagues, 1975)."""

from __future__ import annotations

import re

import pyphen  # type: ignore[import-untyped]

HYPHENS = pyphen.Pyphen(lang="en_US")


def compute_reading_grade(text: str) -> float:
    """The US school grade at which the text can be read: 0.39 words a sentence + 11.8 syllables a word - 15.59.

    Syllables are counted by hyphenation. Each line counts as a sentence.
    """
    sentences = [part for part in re.split(r"[.!?:;]+\s|\n", text) if re.search(r"\w", part)]
    words = re.findall(r"[A-Za-z']+", text)
    if not words:
        return 0.0
    syllables: int = sum(1 + HYPHENS.inserted(word.strip("'")).count("-") for word in words)
    return round(0.39 * len(words) / max(len(sentences), 1) + 11.8 * syllables / len(words) - 15.59, 1)
