"""Words as PostgreSQL's full text search takes them, for a database that has none: its configuration "english".

A text is folded (capitals, accents), parted at everything that is no letter or figure, its stop words are dropped and
the rest is brought to its stem by the Snowball stemmer for English: "measuring" is found by "measures". The rank of a
text is that of ts_rank for words joined by "or": each word adds w / j^2 for its j-th place, of weight w, beside its
heaviest place in full (src/backend/utils/adt/tsrank.c).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import snowballstemmer

# The weights of ts_rank for a name (A) and for a text (D).
NAME_WEIGHT = 1.0
TEXT_WEIGHT = 0.1
# What the sum of 1 / j^2 comes to.
RANK_LIMIT = 1.64493406685
# Longer ones are not indexed.
MOST_IN_WORD = 2046

# PostgreSQL's english.stop.
ENGLISH_STOP = """
i me my myself we our ours ourselves you your yours yourself yourselves he him his himself she her hers herself it its
itself they them their theirs themselves what which who whom this that these those am is are was were be been being have
has had having do does did doing a an the and but if or because as until while of at by for with about against between
into through during before after above below to from up down in out on off over under again further then once here there
when where why how all any both each few more most other some such no nor not only own same so than too very s t can
will just don should now
"""
STOP_WORDS = frozenset(ENGLISH_STOP.split())

# Marks beyond ASCII that part words; written as in a regular expression. For PostgreSQL the same stand in a migration.
MARKS = (
    "\u00a0-\u00bf\u00d7\u00f7\u2000-\u206f\N{EURO SIGN}\N{TRADE MARK SIGN}\N{MINUS SIGN}\N{LEFTWARDS ARROW}"
    "\N{RIGHTWARDS ARROW}\N{ALMOST EQUAL TO}\N{NOT EQUAL TO}\N{LESS-THAN OR EQUAL TO}\N{GREATER-THAN OR EQUAL TO}"
)


class _Accents(dict[int, str]):
    """Letters without their accents, one character for each; filled as characters are met."""

    def __missing__(self, point: int) -> str:
        apart = unicodedata.normalize("NFD", chr(point))
        self[point] = apart[0].lower() if all("\u0300" <= accent <= "\u036f" for accent in apart[1:]) else chr(point)
        return self[point]


_ACCENTS = _Accents()
_PARTING = re.compile(rf"[!-/:-@\[-`{{-~{MARKS}]")
_FIGURE = re.compile(r"[0-9]")
_TOKEN = re.compile(r"\S+")


class Token(NamedTuple):
    """A word of a text: where it stands, which one it is from 1, and its stem; none for a stop word."""

    start: int
    end: int
    place: int
    stem: str


@lru_cache(maxsize=50_000)
def stem_of(word: str) -> str:
    """Of a folded word. None of a stop word; what holds a figure, such as a code, stands for itself."""
    if word in STOP_WORDS or len(word.encode()) > MOST_IN_WORD:
        return ""
    # A stemmer each time: it holds the word that it works on, and several threads ask.
    return word if _FIGURE.search(word) else str(snowballstemmer.stemmer("english").stemWord(word))


def parted(text: str) -> str:
    """Without capitals, accents and marks. As long as the text, so that a place in it is the same place in the text."""
    lowered = text.lower()
    # A few capitals become two characters when they are lowered, such as the dotted I.
    if len(lowered) != len(text):
        lowered = "".join(each.lower() if len(each.lower()) == 1 else each for each in text)
    return _PARTING.sub(" ", lowered if lowered.isascii() else lowered.translate(_ACCENTS))


def tokens(text: str) -> Iterator[Token]:
    for place, match in enumerate(_TOKEN.finditer(parted(text)), 1):
        yield Token(match.start(), match.end(), place, stem_of(match.group()))


def tokens_asked_for(text: str, query: Query) -> Iterator[Token]:
    """Of all tokens, those with a stem of the query: what begins otherwise is counted, and not looked at."""
    folded, stems = parted(text), query.stems
    place = end = 0
    for match in re.finditer(rf"(?:{'|'.join(query.roots)})\S*", folded):
        place += len(folded[end : match.start()].split())
        is_whole = match.start() == 0 or folded[match.start() - 1].isspace()
        end = match.end()
        place += is_whole
        stem = stem_of(match.group())
        if is_whole and stem in stems:
            yield Token(match.start(), end, place, stem)


@dataclass(frozen=True, slots=True)
class Phrase:
    """What somebody typed without a space in it, such as "measures", "R&D" or "MET-K1": its words follow each other."""

    text: str  # folded
    stems: tuple[tuple[int, str], ...]  # each with its distance from the first


@dataclass(frozen=True, slots=True)
class Query:
    """Every phrase must occur."""

    phrases: tuple[Phrase, ...]

    @property
    def stems(self) -> list[str]:
        return sorted({stem for phrase in self.phrases for _, stem in phrase.stems})

    @property
    def words(self) -> list[str]:
        """One for each stem."""
        return list({stem_of(word): word for word in self.text.split() if stem_of(word)}.values())

    @property
    def roots(self) -> list[str]:
        """Letters that words of the stems begin with: to a word, stemming adds or changes two letters at most."""
        return [stem if _FIGURE.search(stem) else stem[:-2] or stem[:1] for stem in self.stems]

    @property
    def text(self) -> str:
        return " ".join(phrase.text for phrase in self.phrases)


class Indexed:
    """The words of names and of texts, in this order, as to_tsvector and its concatenation place them.

    Of texts, which are long, only those that `query` asks for, where it is given.
    """

    def __init__(self, names: Sequence[str], texts: Sequence[str] = (), *, query: Query | None = None) -> None:
        self.places: dict[str, dict[int, float]] = {}
        named = [token for token in tokens(" ".join(names)) if token.stem]
        self._add(named, NAME_WEIGHT, 0)
        text = " ".join(texts)
        told = tokens_asked_for(text, query) if query else tokens(text)
        self._add(told, TEXT_WEIGHT, named[-1].place if named else 0)

    def _add(self, found: Iterable[Token], weight: float, offset: int) -> None:
        for token in found:
            if token.stem:
                self.places.setdefault(token.stem, {})[offset + token.place] = weight

    def holds(self, query: Query) -> bool:
        return all(self._holds_phrase(phrase) for phrase in query.phrases)

    def _holds_phrase(self, phrase: Phrase) -> bool:
        starts = self.places.get(phrase.stems[0][1], {})
        return any(
            all(start + distance in self.places.get(stem, {}) for distance, stem in phrase.stems) for start in starts
        )

    def rank(self, query: Query) -> float:
        stems = query.stems
        return sum(_rank(list(self.places[stem].values())) for stem in stems if stem in self.places) / len(stems)


def _rank(weights: Sequence[float]) -> float:
    heaviest = max(weights)
    place = weights.index(heaviest) + 1
    total = sum(weight / number**2 for number, weight in enumerate(weights, 1))
    return (heaviest + total - heaviest / place**2) / RANK_LIMIT


def parse(text: str, *, most: int) -> Query:
    """The first phrases that say anything, each once; marks and stop words ask for nothing."""
    phrases = (_phrase(chunk) for chunk in unicodedata.normalize("NFC", text).split())
    told = dict.fromkeys(phrase for phrase in phrases if phrase.stems)
    return Query(tuple(told)[:most])


@lru_cache(maxsize=1_000)
def _phrase(chunk: str) -> Phrase:
    found = [token for token in tokens(chunk) if token.stem]
    text = " ".join(parted(chunk).split())
    return Phrase(text, tuple((token.place - found[0].place, token.stem) for token in found))


def distance(name: str, query: Query) -> int:
    """How far a name is from what was asked: 0 is the name itself, then all of it in a row, all, some, none."""
    folded = " ".join(parted(name).split())
    if folded == query.text:
        return 0
    if not any(root in folded for root in query.roots):
        return 4
    indexed = Indexed([name])
    if indexed.holds(Query((_phrase(query.text),))):
        return 1
    if indexed.holds(query):
        return 2
    return 3 if any(stem in indexed.places for stem in query.stems) else 4


def spans(text: str, query: Query) -> list[tuple[int, int]]:
    """Where the phrases stand in a text, from left to right, none within another."""
    found = {token.place: token for token in tokens_asked_for(text, query)}
    hits = []
    for token in found.values():
        for phrase in query.phrases:
            words = [found.get(token.place + distance) for distance, _ in phrase.stems]
            if all(word and word.stem == stem for word, (_, stem) in zip(words, phrase.stems, strict=True)):
                hits.append((token.start, max(word.end for word in words if word)))
    return _apart(sorted(hits, key=lambda hit: (hit[0], -hit[1])))


def _apart(hits: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    kept: list[tuple[int, int]] = []
    for start, end in hits:
        if not kept or start >= kept[-1][1]:
            kept.append((start, end))
    return kept
