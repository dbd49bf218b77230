"""Finding words in texts: what a query asks for, where it occurs, and an excerpt with the words marked.

Case and accents do not count. Folding keeps the length of a text, so a place in the folded text is the same place in
the text that is shown.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

MOST_WORDS = 8
SHORTEST_WORD = 2
EXCERPT_LENGTH = 200
# How much of an excerpt stands before the first match.
LEAD_LENGTH = 60


# From a letter or figure to the last one before a space: "R&D", "net-promoter".
_WORD = re.compile(r"\w(?:\S*\w)?")


Span = tuple[int, int]


class Part(NamedTuple):
    """A piece of a text; together the pieces are the text."""

    text: str
    is_marked: bool


class _Folds(dict[int, str]):
    """One character for each, without case and accent; filled as characters are met."""

    def __missing__(self, point: int) -> str:
        base = unicodedata.normalize("NFKD", chr(point))[0]
        folded = base.casefold()
        self[point] = folded if len(folded) == 1 else base
        return self[point]


# What a keyboard has no key for.
_FOLDS = _Folds(
    {
        ord("\N{LEFT SINGLE QUOTATION MARK}"): "'",
        ord("\N{RIGHT SINGLE QUOTATION MARK}"): "'",
        ord("\N{HYPHEN}"): "-",
        ord("\N{NON-BREAKING HYPHEN}"): "-",
        ord("\N{EN DASH}"): "-",
    }
)


def fold(text: str) -> str:
    return text.lower() if text.isascii() else text.translate(_FOLDS)


def search_words(query: str) -> list[str]:
    """Folded, each once, in the order given; marks around a word and single characters are left out."""
    found = _WORD.findall(fold(unicodedata.normalize("NFC", query)))
    return [word for word in dict.fromkeys(found) if len(word) >= SHORTEST_WORD]


def has_all(folded: str, words: Sequence[str]) -> bool:
    return all(word in folded for word in words)


def marked(text: str, words: Sequence[str]) -> list[Part]:
    """The text in pieces, with every occurrence of a word marked."""
    return marked_at(text, _spans(text, words))


def marked_at(text: str, spans: Sequence[Span]) -> list[Part]:
    parts: list[Part] = []
    end = 0
    for start, stop in spans:
        parts += [Part(text[end:start], False)] if start > end else []
        parts.append(Part(text[start:stop], True))
        end = stop
    return [*parts, Part(text[end:], False)] if end < len(text) else parts


def excerpt(text: str, words: Sequence[str], *, length: int = EXCERPT_LENGTH) -> list[Part]:
    """About `length` characters around the first word that occurs; the beginning where none does."""
    return excerpt_at(text, _spans(text, words), length=length)


def excerpt_at(text: str, spans: Sequence[Span], *, length: int = EXCERPT_LENGTH) -> list[Part]:
    """About `length` characters around the first span, cut between words; the beginning where there is none."""
    start = max(0, spans[0][0] - LEAD_LENGTH) if spans else 0
    start = max(0, min(start, len(text) - length))
    stop = min(len(text), start + length)
    # Not in the middle of a word, unless a single word fills everything.
    if start and (space := text.find(" ", start, spans[0][0] if spans else stop)) != -1:
        start = space + 1
    if stop < len(text) and (space := text.rfind(" ", spans[0][1] if spans else start, stop)) != -1:
        stop = space
    inside = [
        (max(left, start) - start, min(right, stop) - start) for left, right in spans if left < stop and right > start
    ]
    parts = marked_at(text[start:stop], inside)
    before = [Part("… ", False)] if start else []
    after = [Part(" …", False)] if stop < len(text) else []
    return [*before, *parts, *after]


def _spans(text: str, words: Sequence[str]) -> list[Span]:
    if not words:
        return []
    # The longest first, so that "customers" is not marked as "customer" and an s.
    pattern = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    return [match.span() for match in re.finditer(pattern, fold(text))]


_RULE_OF_TABLE = re.compile(r"^[ \t]*\|?[ \t]*:?-{2,}:?[ \t]*(?:\|[ \t:|-]*)?$", re.MULTILINE)
_START_OF_LINE = re.compile(r"^[ \t]*(?:#{1,6}|>|[-*+]|\d{1,2}[.)])[ \t]+|^[ \t]*\|[ \t]*", re.MULTILINE)
_END_OF_ROW = re.compile(r"[ \t]*\|[ \t]*$", re.MULTILINE)
_CELLS = re.compile(r"[ \t]*\|[ \t]*")
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_EMPHASIS = re.compile(r"(?<![\w*_\\])[*_]{1,3}(?=\S)|(?<=[^\s\\])[*_]{1,3}(?![\w*_])|`")
_ESCAPE = re.compile(r"\\([^\w\s])")


def plain_text(markdown: str) -> str:
    """One line without the marks of Markdown: good enough to search and to quote from, not to render."""
    text = _START_OF_LINE.sub("", _RULE_OF_TABLE.sub("", markdown))
    text = _CELLS.sub(" · ", _END_OF_ROW.sub("", text)) if "|" in text else text
    text = _LINK.sub(r"\1", text) if "](" in text else text
    text = _EMPHASIS.sub("", text)
    text = _ESCAPE.sub(r"\1", text) if "\\" in text else text
    return " ".join(text.split())
