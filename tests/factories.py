"""Small builders without surprises: each makes one valid row, and takes what a test cares about by name."""

from __future__ import annotations

import itertools
import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.utils.text import slugify

from accounts.models import User
from cohorts.models import Cohort, Membership
from competencies.models import Blueprint, BlueprintArea, Competency, Objective, Reference, Sheet, Statement, Term
from questions.models import Question
from quizzes.models import Assignment, Attempt, Feedback, Quiz, Response
from reviews.models import StudyPlan

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)  # a Monday
TODAY = date(2026, 3, 2)
PASSWORD = "correct horse battery staple"
COMPETENCIES = {
    "CUL": "Customer-Centric Culture",
    "ORG": "Organizational Adoption and Accountability",
    "VOC": "Voice of the Customer, Customer Insight, and Understanding",
    "DES": "Experience Design, Improvement, and Innovation",
    "MET": "Metrics, Measurement, and ROI",
    "STR": "Customer Experience Strategy",
}
_number = itertools.count(1)


def make_user(name: str, **fields: Any) -> User:
    return User.objects.create_user(f"{name}@example.com", PASSWORD, **{"display_name": name.title(), **fields})


def make_competency(code: str = "MET") -> Competency:
    position = list(COMPETENCIES).index(code) + 1
    return Competency.objects.get_or_create(code=code, defaults={"name": COMPETENCIES[code], "position": position})[0]


def make_statement(code: str = "MET-K1") -> Statement:
    competency, _, tail = code.partition("-")
    kind = {"T": Statement.Kind.JOB_TASK, "K": Statement.Kind.KNOWLEDGE, "S": Statement.Kind.SKILL}[tail[0]]
    return Statement.objects.get_or_create(
        code=code,
        defaults={
            "competency": make_competency(competency),
            "kind": kind,
            "position": int(tail[1:]),
            "text": f"Statement {code}",
        },
    )[0]


def make_objective(code: str = "MET-K1.1", **fields: Any) -> Objective:
    statement, _, position = code.partition(".")
    return Objective.objects.get_or_create(
        code=code,
        defaults={
            "statement": make_statement(statement),
            "position": int(position),
            "text": f"Explain {code}",
            "study_text": f"The idea behind **{code}**.",
            **fields,
        },
    )[0]


def make_reference(code: str = "reichheld-2003") -> Reference:
    return Reference.objects.get_or_create(
        code=code,
        defaults={
            "kind": Reference.Kind.ARTICLE,
            "authors": "Reichheld, F. F.",
            "year": 2003,
            "title": "The One Number You Need to Grow",
            "publication": "Harvard Business Review 81(12), 46-54",
        },
    )[0]


def make_term(name: str = "Churn", *objectives: str, **fields: Any) -> Term:
    """Of MET-K1.1, unless objectives are named."""
    term = Term.objects.create(
        **{"code": slugify(name), "name": name, "definition": f"What **{name}** means.", **fields}
    )
    term.objectives.set([make_objective(code) for code in objectives or ["MET-K1.1"]])
    return term


def make_sheet(title: str = "Score", *objectives: str, **fields: Any) -> Sheet:
    """A formula of MET-K1.1, unless objectives are named."""
    kind = fields.get("kind", Sheet.Kind.FORMULA)
    sheet = Sheet.objects.create(
        **{
            "code": slugify(title),
            "kind": kind,
            "position": Sheet.objects.filter(kind=kind).count() + 1,
            "title": title,
            "summary": f"What {title} answers.",
            "body": f"The parts of **{title}**.",
            **fields,
        }
    )
    sheet.objectives.set([make_objective(code) for code in objectives or ["MET-K1.1"]])
    return sheet


def make_options(tag: str = "") -> list[dict[str, str]]:
    return [
        {"label": label, "text": f"Option {label} {tag}".strip(), "rationale": f"Rationale {label} {tag}".strip()}
        for label in "ABCD"
    ]


def make_question(objective: str = "MET-K1.1", **fields: Any) -> Question:
    """A published practice question whose key is B."""
    number = next(_number)
    question = Question.objects.create(
        **{
            "code": f"{objective}-P{number}",
            "objective": make_objective(objective),
            "pool": Question.Pool.PRACTICE,
            "status": Question.Status.PUBLISHED,
            "cognitive_level": Question.CognitiveLevel.APPLICATION,
            "difficulty": 3,
            "stem": f"Stem {number}?",
            "options": make_options(str(number)),
            "key": "B",
            **fields,
        }
    )
    question.references.add(make_reference())
    return question


def make_mock_question(objective: str = "MET-K1.1", **fields: Any) -> Question:
    return make_question(objective, **{"pool": Question.Pool.MOCK, "code": f"{objective}-M{next(_number)}", **fields})


def make_blueprint(code: str = "six-areas", *, item_count: int = 100, **weights: int) -> Blueprint:
    """An edition with one area per competency given by weight; without any, the handbook's six."""
    weights = weights or {"CUL": 14, "ORG": 19, "VOC": 14, "DES": 17, "MET": 20, "STR": 16}
    position = Blueprint.objects.count() + 1
    blueprint = Blueprint.objects.create(
        code=code, name=code.replace("-", " ").capitalize(), position=position, item_count=item_count, minutes=180
    )
    for place, (competency, weight) in enumerate(weights.items(), start=1):
        area = BlueprintArea.objects.create(
            blueprint=blueprint, code=competency, name=COMPETENCIES[competency], weight=weight, position=place
        )
        area.competencies.add(make_competency(competency))
    return blueprint


def make_quiz(**fields: Any) -> Quiz:
    return Quiz.objects.create(**{"title": "Practice quiz", "kind": Quiz.Kind.PRACTICE, "question_count": 3, **fields})


def make_attempt(candidate: User, *questions: Question, quiz: Quiz | None = None, **fields: Any) -> Attempt:
    """An attempt in progress with one unanswered response per question, in the order given."""
    quiz = quiz or make_quiz(author=candidate, question_count=max(len(questions), 1))
    attempt = Attempt.objects.create(
        **{
            "quiz": quiz,
            "candidate": candidate,
            "feedback": quiz.feedback,
            "cut_score": quiz.cut_score,
            "question_count": max(len(questions), 1),
            "started_at": NOW,
            **fields,
        }
    )
    Response.objects.bulk_create(
        Response(attempt=attempt, position=place, question=question, option_order="ABCD")
        for place, question in enumerate(questions, start=1)
    )
    return attempt


def make_cohort(coordinator: User, *candidates: User, sharing: str = Membership.Sharing.SCORES) -> Cohort:
    cohort = Cohort.objects.create(name="Spring cohort", coordinator=coordinator)
    for candidate in candidates:
        Membership.objects.create(cohort=cohort, candidate=candidate, sharing=sharing, joined_at=NOW)
    return cohort


def make_assignment(cohort: Cohort, quiz: Quiz | None = None, **fields: Any) -> Assignment:
    return Assignment.objects.create(
        **{
            "cohort": cohort,
            "quiz": quiz or make_quiz(author=cohort.coordinator, feedback=Feedback.AT_END),
            "opens_at": NOW - timedelta(days=1),
            "due_at": NOW + timedelta(days=7),
            **fields,
        }
    )


def make_study_plan(candidate: User, **fields: Any) -> StudyPlan:
    return StudyPlan.objects.create(**{"candidate": candidate, "changed_at": NOW, **fields})


def make_key() -> str:
    """What a client makes once per choice."""
    return str(uuid.uuid4())


def make_mock_attempt(candidate: User, *, count: int = 6, **fields: Any) -> Attempt:
    """An open mock exam of `count` sealed questions, started at NOW, three hours long.

    Keys and rationales carry the word "canary", which no byte of an open exam may hold.
    """
    blueprint = Blueprint.objects.filter(code="small").first() or make_blueprint("small", item_count=count, MET=100)
    quiz = Quiz.objects.get_or_create(
        kind=Quiz.Kind.MOCK,
        author=None,
        blueprint=blueprint,
        defaults={
            "title": "Mock exam: Small",
            "question_count": count,
            "time_limit_minutes": 180,
            "feedback": Feedback.AT_END,
        },
    )[0]
    questions = [
        make_mock_question(
            f"MET-K{number}.1",
            options=[
                {"label": label, "text": f"Option {label} of {number}", "rationale": f"canary {label} {number}"}
                for label in "ABCD"
            ],
        )
        for number in range(1, count + 1)
    ]
    attempt = make_attempt(
        candidate, *questions, quiz=quiz, **{"deadline_at": NOW + timedelta(hours=3), "started_at": NOW, **fields}
    )
    attempt.responses.update(option_order="CADB")
    return attempt
