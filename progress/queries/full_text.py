"""Which rows hold what somebody looks for, and how well: PostgreSQL's full text search, or the same on SQLite.

Texts are folded and parted alike, and PostgreSQL's configuration "english" knows the stop words and stems that
`competencies.stems` knows, so both find the same rows. PostgreSQL keeps the words of each text beside it, in a column
that is part of no model (competencies/migrations/0003_search_vectors.py). There is no index on them: the rank of all
that is found must be read in any case, and a bank is small.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchRank, SearchVectorField
from django.db import connections
from django.db.models import F, Func, QuerySet
from django.db.models.sql.compiler import SQLCompiler

from competencies.stems import Indexed, Query, parted

CONFIG = "english"
# As many digits as two ways of adding the same figures agree on.
RANK_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Found:
    pk: Any
    rank: float
    names: tuple[str, ...]


def find(rows: QuerySet[Any], query: Query, *, names: Sequence[str] = (), texts: Sequence[str] = ()) -> list[Found]:
    """The rows that hold every phrase in the fields given, in their own order. One query.

    PostgreSQL looks where the migrations have put the words of these fields, all of one table.
    """
    is_postgres = connections[rows.db].vendor == "postgresql"
    return (_find_in_database if is_postgres else _find_here)(rows, query, names, texts)


class StoredVector(Func):
    """The words that PostgreSQL keeps in the row of a field."""

    output_field = SearchVectorField()

    def as_sql(self, compiler: SQLCompiler, *args: Any, **extra: Any) -> tuple[str, Any]:
        (field,) = self.get_source_expressions()
        column, _ = compiler.compile(field)
        table, _, _ = column.rpartition(".")
        return f"{table}.search_vector", []


def _find_in_database(rows: QuerySet[Any], query: Query, names: Sequence[str], texts: Sequence[str]) -> list[Found]:
    vector = StoredVector(F([*names, *texts][0]))
    phrases = [SearchQuery(phrase.text, config=CONFIG, search_type="phrase") for phrase in query.phrases]
    words = [SearchQuery(word, config=CONFIG) for word in query.words]
    found = (
        rows.alias(vector=vector)
        .filter(vector=reduce(and_, phrases))
        .annotate(rank=SearchRank(F("vector"), reduce(or_, words)))
    )
    return [
        Found(pk, round(rank, RANK_DIGITS), tuple(own)) for pk, rank, *own in found.values_list("pk", "rank", *names)
    ]


def _find_here(rows: QuerySet[Any], query: Query, names: Sequence[str], texts: Sequence[str]) -> list[Found]:
    found, roots = [], query.roots
    for pk, *fields in rows.values_list("pk", *names, *texts):
        told = [str(field or "") for field in fields]
        folded = parted(" ".join(told))
        if not all(root in folded for root in roots):
            continue
        indexed = Indexed(told[: len(names)], told[len(names) :], query=query)
        if indexed.holds(query):
            found.append(Found(pk, round(indexed.rank(query), RANK_DIGITS), tuple(told[: len(names)])))
    return found
