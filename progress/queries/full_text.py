"""Which rows hold what somebody looks for, and how well: PostgreSQL's full text search, or the same on SQLite.

Texts are folded and parted alike, and PostgreSQL's configuration "english" knows the stop words and stems that
`competencies.stems` knows, so both find the same rows. There is no index: a look at the letters leaves few texts to
bring to their stems, and the rank of those must be computed in any case.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add, and_, or_
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchRank, SearchVector
from django.db import connections
from django.db.models import Case, Expression, F, Func, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Length, Lower, Replace
from django.db.models.lookups import Exact

from competencies.stems import MARKS, Indexed, Query, parted

CONFIG = "english"
# As many digits as two ways of adding the same figures agree on.
RANK_DIGITS = 4
# Where the database's own parser would see a number, a host, a path, a tag or a compound.
PARSED_MARKS = "-./@<>&_+:~"
ACCENTS = "[\u0300-\u036f]"


@dataclass(frozen=True, slots=True)
class Found:
    pk: Any
    rank: float
    names: tuple[str, ...]


def find(rows: QuerySet[Any], query: Query, *, names: Sequence[str] = (), texts: Sequence[str] = ()) -> list[Found]:
    """The rows that hold every phrase in the fields given, in their own order. One query."""
    is_postgres = connections[rows.db].vendor == "postgresql"
    return (_find_in_database if is_postgres else _find_here)(rows, query, names, texts)


def _find_in_database(rows: QuerySet[Any], query: Query, names: Sequence[str], texts: Sequence[str]) -> list[Found]:
    weighed = [(fields, weight) for fields, weight in ((names, "A"), (texts, "D")) if fields]
    vectors = [SearchVector(_folded(fields), config=CONFIG, weight=weight) for fields, weight in weighed]
    phrases = [SearchQuery(phrase.text, config=CONFIG, search_type="phrase") for phrase in query.phrases]
    words = [SearchQuery(word, config=CONFIG) for word in query.words]
    likely = reduce(and_, (Q(folded__contains=root) for root in query.roots))
    found = (
        rows.alias(folded=Lower(_folded([*names, *texts])))
        .filter(likely)
        .alias(vector=reduce(add, vectors))
        .filter(vector=reduce(and_, phrases))
        .annotate(rank=SearchRank(F("vector"), reduce(or_, words)))
    )
    return [
        Found(pk, round(rank, RANK_DIGITS), tuple(own)) for pk, rank, *own in found.values_list("pk", "rank", *names)
    ]


def _folded(fields: Sequence[str]) -> Expression:
    """Most texts are ASCII throughout and need none of the slow work."""
    text = Func(Value(" "), *map(F, fields), function="CONCAT_WS", output_field=TextField())
    is_ascii = Exact(Length(text), Func(text, function="OCTET_LENGTH", output_field=Length.output_field))
    parted = _replaced(text, f"[{MARKS}]", " ")
    without_accents = _normalized(_replaced(_normalized(parted, "NFD"), ACCENTS, ""), "NFC")
    plain: Expression = Case(When(is_ascii, then=text), default=without_accents, output_field=TextField())
    return reduce(
        lambda told, mark: Replace(told, Value(mark), Value(" "), output_field=TextField()), PARSED_MARKS, plain
    )


def _normalized(text: Expression, form: str) -> Expression:
    return Func(text, function="NORMALIZE", template=f"%(function)s(%(expressions)s, {form})", output_field=TextField())


def _replaced(text: Expression, pattern: str, by: str) -> Expression:
    return Func(text, Value(pattern), Value(by), Value("g"), function="REGEXP_REPLACE", output_field=TextField())


def _find_here(rows: QuerySet[Any], query: Query, names: Sequence[str], texts: Sequence[str]) -> list[Found]:
    found = []
    for pk, *fields in rows.values_list("pk", *names, *texts):
        told = [str(field or "") for field in fields]
        folded = parted(" ".join(told))
        if not all(root in folded for root in query.roots):
            continue
        indexed = Indexed(told[: len(names)], told[len(names) :])
        if indexed.holds(query):
            found.append(Found(pk, round(indexed.rank(query), RANK_DIGITS), tuple(told[: len(names)])))
    return found
