"""Texts that say nearly the same, found without comparing every text with every other.

Both measures are exact. Features stand from rare to common; a pair that reaches the limit shares a feature among the
first few of each text (prefix filtering: Bayardo, Ma and Srikant 2007, “Scaling up all pairs similarity search”), so
only such pairs are compared.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations

SHINGLE = 3  # words
JACCARD_LIMIT = 0.6
COSINE_LIMIT = 0.9

Pair = tuple[int, int]


def near_duplicates(texts: Sequence[str]) -> dict[Pair, float]:
    """Pairs of places, the lower first, of texts that share too much, with the greater of two likenesses.

    Shingles of three words from a Jaccard index of .6 on, words weighted by TF-IDF from a cosine of .9 on.
    """
    found: dict[Pair, float] = {}
    split = [re.findall(r"[a-z0-9]+", text.lower()) for text in texts]
    for pair, likeness in (*_like_shingles(split), *_like_words(split)):
        found[pair] = max(likeness, found.get(pair, 0.0))
    return found


def _like_shingles(texts: Sequence[Sequence[str]]) -> Iterator[tuple[Pair, float]]:
    shingles = [{" ".join(text[start : start + SHINGLE]) for start in range(len(text) - SHINGLE + 1)} for text in texts]
    frequency = Counter(shingle for text in shingles for shingle in text)

    def prefix(text: set[str]) -> list[str]:
        ordered = sorted(text, key=lambda shingle: (frequency[shingle], shingle))
        return ordered[: len(text) - math.ceil(JACCARD_LIMIT * len(text)) + 1]

    for one, other in _pairs_sharing_one(map(prefix, shingles)):
        shared = len(shingles[one] & shingles[other])
        likeness = shared / (len(shingles[one]) + len(shingles[other]) - shared)
        if likeness >= JACCARD_LIMIT:
            yield (one, other), likeness


def _like_words(texts: Sequence[Sequence[str]]) -> Iterator[tuple[Pair, float]]:
    frequency = Counter(word for text in texts for word in set(text))
    vectors = [_unit_vector(Counter(text), frequency, len(texts)) for text in texts]

    def prefix(vector: Mapping[str, float]) -> list[str]:
        taken: list[str] = []
        left = sum(weight**2 for weight in vector.values())
        for word in sorted(vector, key=lambda word: (frequency[word], word)):
            if left < COSINE_LIMIT**2:
                break
            taken.append(word)
            left -= vector[word] ** 2
        return taken

    for one, other in _pairs_sharing_one(map(prefix, vectors)):
        likeness = sum(weight * vectors[other].get(word, 0.0) for word, weight in vectors[one].items())
        if likeness >= COSINE_LIMIT:
            yield (one, other), likeness


def _unit_vector(counts: Mapping[str, int], frequency: Mapping[str, int], total: int) -> dict[str, float]:
    weights = {word: count * math.log(total / frequency[word]) for word, count in counts.items()}
    length = math.hypot(*weights.values())
    return {word: weight / length for word, weight in weights.items() if weight}


def _pairs_sharing_one(prefixes: Iterable[Iterable[str]]) -> set[Pair]:
    places: dict[str, list[int]] = defaultdict(list)
    for place, prefix in enumerate(prefixes):
        for feature in prefix:
            places[feature].append(place)
    return {pair for sharing in places.values() for pair in combinations(sharing, 2)}
