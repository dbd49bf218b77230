"""The same questions to SQLite and to PostgreSQL: the same answers, in the same order."""

from __future__ import annotations

import pytest
from django.db import connection

from accounts.models import User
from competencies.models import Reference, Term
from competencies.stems import Indexed, parse, tokens
from progress.queries.full_text import find
from progress.queries.search import Kind, kinds, search
from quizzes.models import Attempt
from study.models import Note
from tests.factories import (
    NOW,
    make_attempt,
    make_objective,
    make_question,
    make_reference,
    make_sheet,
    make_term,
)

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
def test_both_part_and_rank_every_field_alike(corpus: None, candidate: User) -> None:
    """What the migrations put into a vector is what search looks for in the fields."""
    for number, text in enumerate(TEXTS):
        make_term(f"Term {number}", definition=text, also=text[:40])
        make_sheet(f"Sheet {number}", summary=text, body=text[::-1])
        Reference.objects.create(
            code=str(number), kind="book", authors=text[:40], title=text[40:80], publication=text, year=1900
        )
        answer(candidate, text)
    for kind in kinds(candidate, NOW):
        told = told_of(kind)
        indexed = {pk: Indexed(names, texts) for pk, (names, texts) in told.items()}
        words = set().union(*(words_of(" ".join(names + texts)) for names, texts in told.values()))
        assert words
        for query in (parse(word, most=8) for word in sorted(words)):
            expected = [(pk, round(text.rank(query), 4)) for pk, text in indexed.items() if text.holds(query)]
            found = find(kind.rows, query, names=kind.names, texts=kind.texts)
            assert [(each.pk, each.rank) for each in found] == expected, (kind.name, query)


@pytest.mark.postgres
def test_postgresql_finds_what_a_text_says_by_now(db: None) -> None:
    term = make_term("Loyalty", definition="The older word.")
    Term.objects.update(definition="The newer word.")
    found = {word: find(Term.objects.all(), parse(word, most=8), names=["name"]) for word in ("older", "newer")}
    assert {word: [each.pk for each in rows] for word, rows in found.items()} == {"older": [], "newer": [term.pk]}


def answer(candidate: User, stem: str) -> None:
    attempt = make_attempt(candidate, make_question(stem=stem), state=Attempt.State.GRADED, submitted_at=NOW)
    attempt.responses.update(selected_label="A", is_correct=False, answered_at=NOW)


def told_of(kind: Kind) -> dict[int, tuple[list[str], list[str]]]:
    """Names and texts of each row, in their order."""
    told = {}
    for pk, *fields in kind.rows.values_list("pk", *kind.names, *kind.texts):
        words = [str(field or "") for field in fields]
        told[pk] = (words[: len(kind.names)], words[len(kind.names) :])
    return told


def words_of(text: str) -> set[str]:
    return {text[token.start : token.end] for token in tokens(text) if token.stem}
