"""Words as search sees them: without accents and endings, and what somebody may have meant to type."""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import lru_cache

WORD = re.compile(r"[^\W_]+(?:['\u2019\u02bc][^\W_]+)*")
ENDINGS = (
    *("ational", "ations", "ation", "fulness", "ousness", "iveness", "nesses", "ness", "ments", "ment", "ings", "ing"),
    *("edly", "ied", "ies", "ers", "er", "ed", "es", "ly", "s", "e", "y"),
)


def fold_text(text: str) -> str:
    """Lower case, without accents and apostrophes: "Ciática" as "ciatica", "can't" as "cant"."""
    if not text.isascii():
        whole = unicodedata.normalize("NFKD", text)
        text = "".join(char for char in whole if not unicodedata.combining(char))
    return re.sub(r"['\u2019\u02bc]", "", text).casefold()


def tokenize_text(text: str) -> list[str]:
    """The words of a text, folded, in order."""
    return re.findall(r"[^\W_]+", fold_text(text))


@lru_cache(maxsize=20_000)
def stem_word(word: str) -> str:
    """A folded word without its endings: rougher than the databases' own stems, to compare and not to find."""
    # Twice, for two endings on one another: recover(y), recov(er).
    for _ in range(2):
        ending = next((end for end in ENDINGS if word.endswith(end) and len(word) - len(end) >= 3), "")
        word = word.removesuffix(ending)
    # runn(ing), swimm(er)
    return word[:-1] if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "ls" else word


@lru_cache(maxsize=4096)
def stem_text(text: str) -> frozenset[str]:
    """The roots of the words of a text."""
    return frozenset(map(stem_word, tokenize_text(text)))


def measure_edit_distance(one: str, other: str, most: int) -> int:
    """How many letters were added, lost, changed or swapped with a neighbour; more than `most` counts as most + 1."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        last, before, row = before, row, [i]
        for j, char in enumerate(other, start=1):
            cost = min(row[j - 1] + 1, before[j] + 1, before[j - 1] + (letter != char))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == char:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return row[-1]


def choose_max_edits(word: str) -> int:
    """How many slips of the finger a word of this length may hold and still be known."""
    return 0 if len(word) < 4 else 1 if len(word) < 8 else 2


def make_bigrams(word: str) -> set[str]:
    marked = f"^{word}$"
    return {marked[i : i + 2] for i in range(len(marked) - 1)}


class Vocabulary:
    """Every word that can be found, with the number of texts that hold it.

    texts: folded words with spaces between. titles: likewise; their words are likelier than others. extra: more words.
    """

    def __init__(self, texts: Iterable[str], titles: Iterable[str] = (), extra: Iterable[str] = ()) -> None:
        self.counts = Counter(word for text in texts for word in set(text.split()))
        self.titles = {word for title in titles for word in title.split()}
        for word in extra:
            self.counts.setdefault(word, 1)
        self.roots: dict[str, list[str]] = defaultdict(list)
        for word in sorted(self.counts, key=lambda word: (-self.counts[word], word)):
            self.roots[stem_word(word)].append(word)
        self.by_pair: dict[str, list[str]] = defaultdict(list)
        for word in self.counts:
            if len(word) > 2:
                for pair in make_bigrams(word):
                    self.by_pair[pair].append(word)

    def has_word(self, word: str) -> bool:
        return word in self.counts or stem_word(word) in self.roots

    def find_related_words(self, word: str, most: int = 3) -> list[str]:
        """The commonest other words of the same root: "recovery" for "recover", which the databases keep apart."""
        return [other for other in self.roots.get(stem_word(word), ()) if other != word][:most]

    def suggest_words(self, word: str, most: int = 2) -> list[str]:
        """The likeliest words of this vocabulary for one it does not know, best first; at most `most` of them."""
        slip = choose_max_edits(word)
        if not slip:
            return []
        begun = sorted((w for w in self.counts if w.startswith(word)), key=lambda w: (-self.counts[w], w))
        # One slip touches at most three pairs of neighbours, so the others are shared.
        shared = Counter(other for pair in make_bigrams(word) for other in self.by_pair.get(pair, ()))
        ranked = sorted(
            (found, other[0] != word[0], other not in self.titles, -self.counts[other], other)
            for other, count in shared.items()
            if count >= max(1, len(word) + 1 - 3 * slip) and (found := measure_edit_distance(word, other, slip)) <= slip
        )
        near: list[str] = []
        if ranked:
            # Of those that are as near and as likely as the best: same slips, same first letter, a title's word or not.
            near = [other for *key, _, other in ranked if key == list(ranked[0][:3])]
        elif not begun:
            near = [
                f"{word[:i]} {word[i:]}"
                for i in range(3, len(word) - 2)
                if word[:i] in self.counts and word[i:] in self.counts
            ]
        return list(dict.fromkeys([*near, *begun]))[:most]
