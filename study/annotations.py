"""What is laid over a study text once it is HTML: marks on passages, and links on the terms that it uses.

A passage is known by its words and by which of several like ones it is, counted over the text without tags and with
every run of white space as one space. static/js/study-highlight.js counts in the same way. The HTML is that of the
sanitiser: every tag is closed, and every "<" that begins none is escaped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from html import escape
from html.parser import HTMLParser
from itertools import pairwise
from typing import NamedTuple

VOID_TAGS = {"br", "hr"}
# Where a link would stand in another one, in a name that is read at a glance, or in what is quoted to the letter.
CLOSED_TO_LINKS = {"a", "code", "h2", "h3", "h4", "h5", "h6", "pre", "th"}


class Passage(NamedTuple):
    text: str
    occurrence: int = 1


class NamedTerm(NamedTuple):
    code: str
    href: str
    names: tuple[str, ...]


class Annotated(NamedTuple):
    html: str
    found: list[bool]  # whether each passage still stands in the text
    linked: list[str]  # codes of the terms that became links, in the order of the text


class _Piece(NamedTuple):
    """A tag as it is written, or a text with where it begins among all texts."""

    tag: str = ""
    text: str = ""
    start: int = 0
    is_open_to_links: bool = True


class _Span(NamedTuple):
    start: int
    end: int


class _Link(NamedTuple):
    start: int
    end: int
    term: NamedTerm


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[_Piece] = []
        self.length = 0
        self.open_tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.pieces.append(_Piece(tag=self.get_starttag_text() or ""))
        if tag not in VOID_TAGS:
            self.open_tags.append(tag)

    def handle_endtag(self, tag: str) -> None:
        self.pieces.append(_Piece(tag=f"</{tag}>"))
        if tag in self.open_tags:
            del self.open_tags[self.open_tags.index(tag) :]

    def handle_data(self, data: str) -> None:
        is_open = CLOSED_TO_LINKS.isdisjoint(self.open_tags)
        self.pieces.append(_Piece(text=data, start=self.length, is_open_to_links=is_open))
        self.length += len(data)


def normalized(text: str) -> str:
    return " ".join(text.split())


def text_of(html: str) -> str:
    """What the page reads, on one line."""
    return normalized("".join(piece.text for piece in _pieces(html)))


def has_passage(html: str, passage: Passage) -> bool:
    return _place(text_of(html), passage) is not None


def annotate(html: str, *, passages: Sequence[Passage] = (), terms: Sequence[NamedTerm] = ()) -> Annotated:
    """Passages in <mark>, the first of each with the id "highlight-<number>"; the first use of each term as a link."""
    pieces = _pieces(html)
    spans = _spans(pieces, passages)
    links = _links(pieces, terms)
    # Of two passages that begin at one place, the first gives its number.
    numbers = {span.start: number for number, span in reversed(list(enumerate(spans, 1))) if span}
    covered = [span for span in spans if span]
    written = [piece.tag or _written(piece, covered, numbers, links) for piece in pieces]
    return Annotated("".join(written), [span is not None for span in spans], [link.term.code for link in links])


def _pieces(html: str) -> list[_Piece]:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.pieces


def _spans(pieces: Sequence[_Piece], passages: Sequence[Passage]) -> list[_Span | None]:
    """Where each passage stands among all texts, white space as it is written."""
    raw = "".join(piece.text for piece in pieces)
    text = normalized(raw)
    # Of each character of the normalized text, its place in the raw one; a space stands where its run begins.
    places = [place for word in re.finditer(r"\S+", raw) for place in range(word.start(), word.end() + 1)]
    found = [_place(text, passage) for passage in passages]
    return [
        None if place is None else _Span(places[place], places[place + len(passage.text) - 1] + 1)
        for place, passage in zip(found, passages, strict=True)
    ]


def _place(text: str, passage: Passage) -> int | None:
    """Like passages may overlap: each place where the words begin counts."""
    if not passage.text:
        return None
    place = -1
    for _ in range(passage.occurrence):
        place = text.find(passage.text, place + 1)
        if place == -1:
            return None
    return place


def _links(pieces: Sequence[_Piece], terms: Sequence[NamedTerm]) -> list[_Link]:
    """The longest name first: in "customer effort score", the term is not "customer effort"."""
    links: list[_Link] = []
    for term in sorted(terms, key=lambda term: max(map(len, term.names), default=0), reverse=True):
        patterns = [_pattern(name) for name in term.names]
        uses = (use for piece in pieces if piece.is_open_to_links for use in _uses(piece, patterns))
        free = (use for use in uses if not any(use.start < link.end and link.start < use.end for link in links))
        if first := next(free, None):
            links.append(_Link(*first, term))
    return sorted(links, key=lambda link: link.start)


def _uses(piece: _Piece, patterns: Sequence[re.Pattern[str]]) -> Iterator[_Span]:
    spans = [match.span() for pattern in patterns for match in pattern.finditer(piece.text)]
    # Where several names fit, the longer one is meant: "NPS" within "NPS (net promoter score)" begins there as well.
    for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
        yield _Span(piece.start + start, piece.start + end)


# The glossary's names come again with every text; compiling them costs more than searching with them.
@lru_cache(maxsize=2048)
def _pattern(name: str) -> re.Pattern[str]:
    """One or many of it, spaces and hyphens alike; what is written in capitals is a word only so."""
    words = [re.escape(word) for word in re.split(r"[\s-]+", name) if word]
    body = r"[\s\-\N{HYPHEN}\N{NON-BREAKING HYPHEN}]+".join(words)
    if body.endswith("s"):
        body = f"{body[:-1]}s?"
    elif body.endswith("y"):
        body = f"{body[:-1]}(?:y|ys|ies)"
    else:
        body = f"{body}(?:s|es)?"
    flags = re.NOFLAG if name.isupper() else re.IGNORECASE
    return re.compile(rf"(?<![\w-]){body}(?![\w-])", flags)


def _written(piece: _Piece, covered: Sequence[_Span], numbers: dict[int, int], links: Sequence[_Link]) -> str:
    """A text with its links and marks, cut wherever one of them begins or ends; a mark stands inside a link."""
    end = piece.start + len(piece.text)
    opening = {link.start: link for link in links}
    closing = {link.end for link in links}
    edges = {edge for span in [*covered, *(_Span(link.start, link.end) for link in links)] for edge in span}
    cuts = sorted({piece.start, end, *(edge for edge in edges if piece.start < edge < end)})
    written = []
    for start, stop in pairwise(cuts):
        text = piece.text[start - piece.start : stop - piece.start]
        is_covered = any(span.start <= start < span.end for span in covered)
        written += [
            _opening(opening[start].term) if start in opening else "",
            _marked(text, numbers.get(start)) if is_covered else escape(text, quote=False),
            "</a>" if stop in closing else "",
        ]
    return "".join(written)


def _opening(term: NamedTerm) -> str:
    code = escape(term.code)
    return f'<a class="term" href="{escape(term.href)}" aria-describedby="term-{code}">'


def _marked(text: str, number: int | None) -> str:
    # Between two blocks a line break is no text, and a mark may not stand there.
    if not text.strip() and "\n" in text:
        return text
    named = f' id="highlight-{number}"' if number else ""
    return f"<mark{named}>{escape(text, quote=False)}</mark>"
