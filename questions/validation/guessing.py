"""What a test-wise candidate can guess from the options alone, without knowing the subject.

Single cues follow the flaws that Haladyna, Downing and Rodriguez (2002) list; the learned guesser weighs seventeen
features of an option against each other and so finds what no rule of thumb names. Neither knows what a word means.
"""

from __future__ import annotations

import re
import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from questions.validation.content import LABELS, QuestionContent
from questions.validation.words import ABSOLUTES, HEDGES, word_stems, words

Floats = npt.NDArray[np.float64]

RIDGE = 1.0
FOLDS = 5
NEWTON_STEPS = 12
ALL_ABOVE = re.compile(r"\ball (of )?(the|these) (above|options|answers)\b", re.IGNORECASE)
NONE_ABOVE = re.compile(r"\b(none|neither) (of )?(the|these) (above|options|answers)\b", re.IGNORECASE)
DETAIL = re.compile(r"[,;:()\d]|\band\b|\bor\b")


@dataclass(frozen=True, slots=True)
class Choice:
    """A question as a guesser meets it: the stem, four options, and which of them is the key."""

    group: str  # questions of one group are never learned from and guessed in the same fold
    stem: str
    options: tuple[str, ...]
    key: int


def read_choice(content: QuestionContent) -> Choice | None:
    """Nothing where the question has not four options and a key among them; other checks say so."""
    texts = {option.label: option.text for option in content.options if option.text}
    if tuple(sorted(texts)) != LABELS or content.key not in texts:
        return None
    options = tuple(texts[label] for label in LABELS)
    return Choice(content.objective.partition(".")[0], content.stem, options, LABELS.index(content.key))


# Single cues: each scores an option, and the guesser takes the highest score

Cue = Callable[[Choice], Sequence[float]]


def _echoes(choice: Choice) -> list[float]:
    stem = word_stems(choice.stem)
    return [len(found & stem) / len(found) if (found := word_stems(option)) else 0.0 for option in choice.options]


def _convergence(choice: Choice) -> list[float]:
    """Mean Jaccard index of an option's words with each other option's."""
    sets = [set(words(option)) for option in choice.options]
    return [
        statistics.fmean(len(one & other) / max(1, len(one | other)) for other in sets if other is not one)
        for one in sets
    ]


def _count(pattern: re.Pattern[str]) -> Cue:
    return lambda choice: [len(pattern.findall(option)) for option in choice.options]


def _known(vocabulary: set[str], sign: int) -> Cue:
    return lambda choice: [sign * sum(word in vocabulary for word in words(option)) for option in choice.options]


def _place(wanted: int) -> Cue:
    return lambda choice: [place == wanted for place in range(len(choice.options))]


CUES: Mapping[str, Cue] = {
    "the longest option": lambda choice: [len(option) for option in choice.options],
    "the shortest option": lambda choice: [-len(option) for option in choice.options],
    "words of the stem": _echoes,
    "likeness to the other options": _convergence,
    "no absolute word": _known(ABSOLUTES, -1),
    "a hedging word": _known(HEDGES, 1),
    "all of the above": _count(ALL_ABOVE),
    "none of the above": _count(NONE_ABOVE),
    "punctuation and detail": _count(DETAIL),
    **{f"place {label}": _place(place) for place, label in enumerate(LABELS)},
}


def cue_accuracy(cue: Cue, choices: Sequence[Choice]) -> float:
    """Share of keys found by the cue alone; among equals it takes one at random, which counts as its expected value."""
    total = 0.0
    for choice in choices:
        scores = cue(choice)
        best = [place for place, score in enumerate(scores) if score == max(scores)]
        total += (choice.key in best) / len(best)
    return total / len(choices)


# The learned guesser


def learned_accuracy(choices: Sequence[Choice]) -> float:
    """Share of keys found by a conditional logit that learned from the other folds."""
    features = np.array([_features(choice) for choice in choices])
    features -= features.mean(axis=1, keepdims=True)
    spread = features.std(axis=(0, 1))
    features /= np.where(spread > 0, spread, 1.0)
    keys = np.array([choice.key for choice in choices])
    groups = {group: place for place, group in enumerate(sorted({choice.group for choice in choices}))}
    folds = np.array([groups[choice.group] % FOLDS for choice in choices])
    found = 0.0
    for fold in range(FOLDS):
        test = folds == fold
        scores = features[test] @ _fit(features[~test], keys[~test])
        best = np.isclose(scores, scores.max(axis=1, keepdims=True))
        found += float((best[np.arange(len(best)), keys[test]] / best.sum(axis=1)).sum())
    return found / len(choices)


def _fit(features: Floats, keys: npt.NDArray[np.int64]) -> Floats:
    """Weights of the conditional logit (McFadden 1974) with a ridge, by Newton's method.

    `features` are questions x options x features, `keys` the place of each key.
    """
    weights = np.zeros(features.shape[2])
    chosen = features[np.arange(len(keys)), keys].sum(axis=0)
    for _ in range(NEWTON_STEPS):
        utility = features @ weights
        shares = np.exp(utility - utility.max(axis=1, keepdims=True))
        shares /= shares.sum(axis=1, keepdims=True)
        expected = np.einsum("qo,qof->qf", shares, features)
        gradient = chosen - expected.sum(axis=0) - RIDGE * weights
        curvature = np.einsum("qo,qof,qog->fg", shares, features, features, optimize=True) - expected.T @ expected
        weights += np.linalg.solve(curvature + RIDGE * np.eye(len(weights)), gradient)
    return weights


def _features(choice: Choice) -> list[list[float]]:
    """Seventeen per option."""
    split = [words(option) for option in choice.options]
    lengths = [len(option) for option in choice.options]
    mean_length = statistics.fmean(lengths)
    echoes, convergence, details = _echoes(choice), _convergence(choice), CUES["punctuation and detail"](choice)
    return [
        [
            length / mean_length,
            length == max(lengths),
            length == min(lengths),
            len(found),
            len(set(found)) / max(1, len(found)),
            statistics.fmean(map(len, found)) if found else 0.0,
            echoes[place],
            echoes[place] == max(echoes),
            convergence[place],
            convergence[place] == max(convergence),
            sum(word in ABSOLUTES for word in found),
            sum(word in HEDGES for word in found),
            details[place],
            details[place] == max(details),
            place == 0,
            place == 1,
            place == 2,
        ]
        for place, (found, length) in enumerate(zip(split, lengths, strict=True))
    ]
