from __future__ import annotations

from typing import Any

import pytest

from accounts.models import User
from competencies.matching import Part
from competencies.models import Reference, Statement
from competencies.stems import parse
from progress.queries.search import Group, Hit, search
from quizzes.models import Attempt, Feedback
from study.models import Note
from tests.factories import (
    NOW,
    make_attempt,
    make_objective,
    make_question,
    make_quiz,
    make_reference,
    make_sheet,
    make_term,
)

pytestmark = pytest.mark.django_db


def look_for(query: str, candidate: User | None = None) -> dict[str, Group]:
    return {group.name: group for group in search(parse(query, most=8), candidate=candidate, at=NOW)}


def text_of(parts: list[Part]) -> str:
    return "".join(part.text for part in parts)


def titles_of(group: Group) -> list[str]:
    return [text_of(hit.title) for hit in group.hits]


def only_hit(query: str, name: str, candidate: User | None = None) -> Hit:
    (hit,) = look_for(query, candidate)[name].hits
    return hit


def needle_reference(number: int) -> Reference:
    reference = make_reference(f"work-{number}")
    reference.title = "The needle"
    reference.save(update_fields=["title"])
    return reference


def answered(candidate: User, *stems: str, label: str = "B") -> Attempt:
    questions = [make_question(stem=stem) for stem in stems]
    quiz = make_quiz(author=candidate, feedback=Feedback.AT_END)
    attempt = make_attempt(candidate, *questions, quiz=quiz, state=Attempt.State.GRADED, submitted_at=NOW, raw_score=0)
    attempt.responses.update(selected_label=label, is_correct=label == "B", answered_at=NOW)
    return attempt


def test_every_kind_is_searched(candidate: User) -> None:
    make_objective("MET-K1.1", text="Weigh the needle")
    make_term("Needle")
    make_sheet("Needles")
    Statement.objects.filter(code="MET-K1").update(text="Needled")
    needle_reference(1)
    Note.objects.create(candidate=candidate, objective=make_objective("MET-K2.1"), text="Find needles.", updated_at=NOW)
    attempt = answered(candidate, "Who lost the needle?")
    found = look_for("NEEDLE", candidate)
    assert {name: group.hits[0].href for name, group in found.items()} == {
        "objectives": "/study/objectives/MET-K1.1/",
        "terms": "/study/glossary/needle/",
        "sheets": "/study/sheets/needles/",
        "statements": "/study/statements/MET-K1/",
        "references": "/study/references/work-1/",
        "notes": "/study/objectives/MET-K2.1/#note",
        "answered": f"/attempts/{attempt.code}/questions/1/",
    }


@pytest.mark.parametrize(
    "query", ["tail needle", "needle definition", "Things needle", "needle MET-K1.1", "gronroos needle"]
)
def test_all_words_must_occur_wherever_they_stand(query: str) -> None:
    make_objective("MET-K1.1", text="Needle", study_text="With a **tail** by Grönroos, a definition of other things.")
    make_objective("MET-K1.2", text="Needle", study_text="")
    assert look_for(query)["objectives"].total == 1
    assert look_for(f"{query} hay") == {}


def test_a_term_is_found_by_its_other_names() -> None:
    make_term("Net Promoter Score", also="NPS, promoter score")
    assert titles_of(look_for("nps")["terms"]) == ["Net Promoter Score (NPS, promoter score)"]


def test_names_come_before_texts_and_the_name_itself_first() -> None:
    make_term("Alpha", definition="Not the customer effort.")
    make_term("Customer effort score")
    make_term("Ease", also="Customer effort")
    assert [title.partition(" (")[0] for title in titles_of(look_for("customer effort")["terms"])] == [
        "Ease",
        "Customer effort score",
        "Alpha",
    ]


def test_the_kind_with_the_best_match_comes_first() -> None:
    make_objective("MET-K1.1", text="Reduce churn among members")
    make_term("Churn")
    assert list(look_for("churn")) == ["terms", "objectives"]
    assert list(look_for("churn members")) == ["objectives"]
    assert list(look_for("MET-K1")) == ["statements", "objectives"]


def test_words_are_marked_in_title_and_excerpt_as_they_are_written() -> None:
    make_objective("MET-K1.1", text="Name Needles", study_text=f"{'hay ' * 90}a *Needle* {'hay ' * 90}")
    hit = only_hit("needle", "objectives")
    assert hit.title == [Part("Name ", False), Part("Needles", True)]
    assert [part.text for part in hit.excerpt if part.is_marked] == ["Needle"]
    assert text_of(hit.excerpt).startswith("… hay")
    assert (hit.code, hit.competency, hit.is_correct) == ("MET-K1.1", "MET", None)


def test_what_speaks_of_it_most_comes_first_among_texts() -> None:
    make_term("Alpha", definition="A needle.")
    make_term("Beta", definition="A needle, needles and a needle.")
    assert titles_of(look_for("needle")["terms"]) == ["Beta", "Alpha"]


def test_kinds_are_shown_by_twenty_and_counted() -> None:
    for number in range(1, 23):
        make_term(f"Needle {number}")
    make_objective("MET-K2.1", text="Needle")
    group = look_for("needle")["terms"]
    assert (len(group.hits), group.total) == (20, 22)
    query = parse("needle", most=8)
    (second,) = search(query, candidate=None, at=NOW, only="terms", page="2")
    assert (second.name, len(second.hits), second.total) == ("terms", 2, 22)
    assert not {hit.href for hit in second.hits} & {hit.href for hit in group.hits}
    assert len(search(query, candidate=None, at=NOW, only="hay", page="x")) == 2
    assert [group.page.number for group in search(query, candidate=None, at=NOW, only="hay", page="2")] == [1, 1]


@pytest.mark.parametrize(("label", "is_correct"), [("A", False), ("B", True)])
def test_answered_questions_are_quoted_with_their_mark(candidate: User, label: str, is_correct: bool) -> None:
    answered(candidate, f"{'hay ' * 90}a **needle**?", label=label)
    hit = only_hit("needle", "answered", candidate)
    assert hit.is_correct is is_correct
    assert text_of(hit.title).endswith("a needle?")
    assert hit.excerpt == []


def test_options_and_rationales_are_not_searched(candidate: User) -> None:
    answered(candidate, "Which one?")
    assert look_for("rationale", candidate) == {}


def test_nothing_is_found_in_other_peoples_notes(candidate: User, other_candidate: User) -> None:
    objective = make_objective("MET-K1.1")
    Note.objects.create(candidate=other_candidate, objective=objective, text="A needle.", updated_at=NOW)
    assert look_for("needle", candidate) == {}


def test_nothing_is_found_in_other_peoples_answers(candidate: User, other_candidate: User) -> None:
    answered(other_candidate, "Who lost the needle?")
    assert look_for("needle", candidate) == {}
    assert look_for("needle") == {}


def test_nothing_is_found_in_what_a_running_exam_asks(candidate: User) -> None:
    question = answered(candidate, "Who lost the needle?").responses.get().question
    make_attempt(candidate, question, feedback=Feedback.AT_END)
    assert look_for("needle", candidate) == {}


@pytest.mark.parametrize("rows", [1, 3])
def test_query_count_is_fixed(candidate: User, rows: int, django_assert_num_queries: Any) -> None:
    for number in range(1, rows + 1):
        make_objective(f"MET-K{number}.1", text="Needle").references.add(needle_reference(number))
        make_term(f"Needle {number}")
        make_sheet(f"Needle {number}")
        Note.objects.create(
            candidate=candidate, objective=make_objective(f"MET-K{number}.2"), text="Needle", updated_at=NOW
        )
    answered(candidate, *["A needle?"] * rows)
    # Each kind but the statements has hits.
    with django_assert_num_queries(13):
        look_for("needle", candidate)
