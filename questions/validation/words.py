"""Words as the checks count them."""

from __future__ import annotations

import re

ABSOLUTES = {"always", "never", "all", "none", "only", "must"}
HEDGES = {"usually", "may", "often"}


def normal(text: str) -> str:
    """For comparing: case and white space aside."""
    return " ".join(text.casefold().split())


def words(text: str) -> list[str]:
    return re.findall(r"[a-z]+", text.lower())


def word_stems(text: str) -> set[str]:
    """Content words cut to six letters, so that “measure” meets “measuring”."""
    return {word[:6] for word in words(text) if len(word) >= 5}


def reading_grade(text: str) -> float:
    """Years of schooling that the text asks for: Flesch-Kincaid (Kincaid et al. 1975), tables left out.

    Syllables are groups of vowels, which is right for nine English words in ten. The packages that count better bring a
    pronouncing dictionary with them, for a figure whose median over a bank is all that is used.
    """
    prose = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("|"))
    found = words(prose)
    if not found:
        return 0.0
    sentences = max(1, len(re.findall(r"[.?!:](?=\s|$)", prose)))
    return 0.39 * len(found) / sentences + 11.8 * sum(map(_syllables, found)) / len(found) - 15.59


def _syllables(word: str) -> int:
    count = len(re.findall(r"[aeiouy]+", word))
    is_silent = word.endswith("e") and not word.endswith("le")
    return max(1, count - is_silent)
