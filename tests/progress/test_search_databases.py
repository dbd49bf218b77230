"""The same questions to SQLite and to PostgreSQL: the same answers, in the same order."""

from __future__ import annotations

import pytest
from django.db import connection

from accounts.models import User
from competencies.models import Term
from competencies.stems import Indexed, parse, tokens
from progress.queries.full_text import find
from progress.queries.search import search
from study.models import Note
from tests.factories import NOW, make_objective, make_reference, make_sheet, make_term

QUERIES = {
    "churn": ["churn", "attrition", "met-k1.1", "rate-sheet"],
    "CHURNED customers": ["met-k1.1"],
    "gronroos": ["gap-model"],
    "grönroos": ["gap-model"],
    "measure": ["measurement", "met-k1.2"],
    "met-k1": ["statement met-k1", "met-k1.1", "met-k1.2"],
    "MET-K1.2": ["met-k1.2"],
    "voice-of-the-customer": ["voice"],
    "r&d": ["met-k1.2"],
    "2003": ["reichheld-2003"],
    "sesame": ["note met-k1.2"],
    "zzz": [],
    "'; DROP TABLE x; -- churn": [],
    "churn & !customer | (": ["met-k1.1"],
    "churn:* <-> \\": ["churn", "attrition", "met-k1.1", "rate-sheet"],
    "% _ churn%": ["churn", "attrition", "met-k1.1", "rate-sheet"],
    "κόσμος": ["note met-k1.1"],
}
TEXTS = [
    "The customer's e-mail: a.b@c.org, https://x.org/y?z=1 & <b>bold</b> 50% +5 -3.5 1,000 #1 ~about x_y C:/d",
    "Grönroos \N{EN DASH} “quoted” … 5\N{NO-BREAK SPACE}\N{MULTIPLICATION SIGN} 3 Ünï Straße κόσμος 中文",
    "MET-K1.2; net-promoter/score_2 (R&D) don't 3rd 2nd k1",
]


@pytest.fixture
def corpus(candidate: User) -> None:
    first = make_objective(
        "MET-K1.1", text="Explain why customers leave", study_text="They churn, then *churned* again."
    )
    second = make_objective("MET-K1.2", text="Plan it", study_text="Measured by R&D, in net-promoter terms.")
    make_term("Churn", definition="Who leaves.")
    make_term("Attrition", definition="Churning, said politely.")
    make_term("Gap Model", definition="After Grönroos.")
    make_term("Measurement", definition="What is said.")
    make_term("Voice", definition="The voice of the customer, heard.")
    make_sheet("Rate Sheet", summary="Churn, churn and churn.")
    make_reference()
    Note.objects.create(candidate=candidate, objective=second, text="Open sesame.", updated_at=NOW)
    Note.objects.create(candidate=candidate, objective=first, text="\N{GREEK SMALL LETTER KAPPA}όσμος", updated_at=NOW)


def check(candidate: User) -> None:
    found = {}
    for text in QUERIES:
        groups = search(parse(text, most=8), candidate=candidate, at=NOW) if parse(text, most=8).phrases else []
        found[text] = [called(group.name, hit.href) for group in groups for hit in group.hits]
    assert found == QUERIES


def called(kind: str, href: str) -> str:
    name = href.removesuffix("#note").strip("/").rpartition("/")[2].lower()
    return {"notes": f"note {name}", "statements": f"statement {name}"}.get(kind, name)


@pytest.mark.django_db
def test_sqlite_finds(corpus: None, candidate: User) -> None:
    check(candidate)


@pytest.mark.postgres
def test_postgresql_finds(corpus: None, candidate: User) -> None:
    check(candidate)
    assert connection.vendor == "postgresql"


@pytest.mark.postgres
def test_both_part_and_rank_a_text_alike(db: None) -> None:
    for number, text in enumerate(TEXTS):
        make_term(f"Term {number}", definition=text)
    rows = Term.objects.all()
    words = {text[token.start : token.end] for text in TEXTS for token in tokens(text) if token.stem}
    for query in (parse(word, most=8) for word in sorted(words)):
        indexed = {term.pk: Indexed([term.name], [term.definition]) for term in rows}
        expected = {pk: round(text.rank(query), 4) for pk, text in indexed.items() if text.holds(query)}
        found = find(rows, query, names=["name"], texts=["definition"])
        assert {each.pk: each.rank for each in found} == expected, query
