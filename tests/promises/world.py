"""A small world in which everybody owns one of everything, so that a leak has something to leak.

Carla studies in Cora's cohort, Oscar in Otto's; Ada is the admin. What belongs to Carla and Cora says "alder"
somewhere, what belongs to Oscar and Otto says "birch".
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.db import connection

from accounts.models import User
from cohorts.models import Cohort, Invitation, Membership
from cohorts.services import accept_invitation, invite_by_email, invite_by_link
from competencies.models import Blueprint
from questions.models import ProblemReport
from quizzes.models import Assignment, Attempt, Feedback, Response
from quizzes.services import (
    answer_placement,
    build_practice_quiz,
    check_response,
    finish_attempt,
    pause_attempt,
    record_answer,
    shared_mock,
    start_attempt,
    start_placement,
)
from quizzes.services.assigning import assign_quiz, build_mock_quiz, build_rule_quiz
from reviews.forms import Ticket
from reviews.models import ReviewLog, StudyPlan
from reviews.queries import next_question
from reviews.services import answer_review, build_schedule
from reviews.study_days import study_day
from tests.factories import (
    COMPETENCIES,
    make_blueprint,
    make_mock_question,
    make_options,
    make_question,
    make_reference,
    make_sheet,
    make_term,
    make_user,
)

ROLES = ("anonymous", "owner", "other", "coordinator", "outsider", "admin")
EQUAL_WEIGHTS = {"CUL": 17, "ORG": 17, "VOC": 17, "DES": 17, "MET": 16, "STR": 16}


@dataclass
class Part:
    """One candidate, one coordinator, and what is theirs: by name, the arguments of a URL."""

    tag: str
    candidate: User
    coordinator: User
    cohort: Cohort
    arguments: dict[str, dict[str, Any]] = field(default_factory=dict)
    ticket: str = ""


@dataclass
class World:
    now: datetime
    own: Part
    other: Part
    admin: User

    @property
    def people(self) -> dict[str, User | None]:
        return {
            "anonymous": None,
            "owner": self.own.candidate,
            "other": self.other.candidate,
            "coordinator": self.own.coordinator,
            "outsider": self.other.coordinator,
            "admin": self.admin,
        }


def make_world(now: datetime, *, canary: str = "") -> World:
    """`canary` is a word that every rationale holds."""
    fill_bank(canary)
    admin = make_user("ada", is_staff=True, is_superuser=True)
    own = make_part("alder", "carla", "cora", now)
    other = make_part("birch", "oscar", "otto", now)
    # As signing up leaves it; allauth would add what is missing on the first look at one's addresses.
    EmailAddress.objects.bulk_create(
        EmailAddress(user=person, email=person.email, primary=True, verified=True) for person in User.objects.all()
    )
    return World(now, own, other, admin)


def fill_bank(canary: str = "") -> None:
    """Two objectives per competency, each with two practice questions, and a sealed pool that fills one small mock."""
    make_blueprint()
    make_blueprint("small", item_count=6, **EQUAL_WEIGHTS)
    reference = make_reference()
    make_term("Churn").references.add(reference)
    make_sheet("Score").references.add(reference)
    for competency in COMPETENCIES:
        for objective in (f"{competency}-K1.1", f"{competency}-T1.1"):
            for make, number in ((make_question, "P1"), (make_question, "P2"), (make_mock_question, "M1")):
                code = f"{objective}-{number}"
                make(objective, code=code, stem=f"Stem of {code}?", options=options(code, canary))


def options(tag: str, canary: str) -> list[dict[str, str]]:
    return [{**each, "rationale": f"{canary}{each['rationale']}"} for each in make_options(tag)]


def make_part(tag: str, candidate_name: str, coordinator_name: str, now: datetime) -> Part:
    candidate = make_user(candidate_name, display_name=f"{candidate_name.title()} {tag}")
    coordinator = make_user(
        coordinator_name, role=User.Role.COORDINATOR, display_name=f"{coordinator_name.title()} {tag}"
    )
    cohort = Cohort.objects.create(name=f"Cohort {tag}", coordinator=coordinator)
    part = Part(tag, candidate, coordinator, cohort)
    plan = StudyPlan.objects.create(candidate=candidate, exam_on=now.date() + timedelta(days=40), changed_at=now)
    link, letter = join(part, now)
    due, waiting = assign(part, now)
    finished, learning, exam, sat = sit(part, now, due)
    timed = pause(part, now)
    report(part, finished, now)
    placed = place(part, now)
    reviewed = review(part, now)
    build_schedule(candidate=candidate, now=now)
    part.arguments = {
        "": {},
        "small": {"blueprint": "small"},
        "competency": {"code": "MET"},
        "statement": {"code": "MET-K1"},
        "objective": {"code": "MET-K1.1"},
        "term": {"code": "churn"},
        "sheet": {"code": "score"},
        "reference": {"code": "reichheld-2003"},
        "timed": {"code": timed.code},
        "paused question": {"code": timed.code, "position": 1},
        "finished": {"code": finished.code},
        "finished question": {"code": finished.code, "position": 1},
        "missed question": {"code": finished.code, "position": 2},
        "learning": {"code": learning.code},
        "checked question": {"code": learning.code, "position": 1},
        "open question": {"code": learning.code, "position": 2},
        "exam": {"code": exam.code},
        "exam question": {"code": exam.code, "position": 1},
        "sat": {"code": sat.code},
        "placed": {"code": placed.code},
        "placed question": {"code": placed.code, "position": 1},
        "due": {"code": due.code},
        "waiting": {"code": waiting.code},
        "cohort": {"code": cohort.code},
        "of cohort": {"cohort": cohort.code},
        "link": {"token": link.token},
        "letter": {"code": cohort.code, "token": letter.token},
        "member": {"code": cohort.code, "candidate": candidate.code},
        "reviewed": {"source": reviewed.source},
        "calendar": {"key": plan.calendar_key},
    }
    return part


def join(part: Part, now: datetime) -> tuple[Invitation, Invitation]:
    link = invite_by_link(cohort=part.cohort, now=now - timedelta(days=9))
    [letter] = invite_by_email(cohort=part.cohort, emails=[f"new.{part.tag}@example.org"], now=now)
    accept_invitation(
        invitation=link, candidate=part.candidate, sharing=Membership.Sharing.SCORES, now=now - timedelta(days=9)
    )
    return link, letter


def assign(part: Part, now: datetime) -> tuple[Assignment, Assignment]:
    """One that is due in a week and is finished by the candidate, and a mock exam that nobody started."""
    quiz = build_rule_quiz(author=part.coordinator, title=f"Week one {part.tag}", rule={}, question_count=6)
    quiz.feedback = Feedback.AFTER_DUE
    # Whole minutes, as a form gives them.
    minute = now.replace(second=0, microsecond=0)
    window = {"opens_at": minute - timedelta(days=8), "due_at": minute + timedelta(days=7), "attempts_allowed": 2}
    due = assign_quiz(cohort=part.cohort, code=uuid.uuid4(), quiz=quiz, **window)
    small = Blueprint.objects.get(code="small")
    mock = build_mock_quiz(author=part.coordinator, title=f"Mock exam {part.tag}", blueprint=small)
    mock.feedback = Feedback.AT_END
    return due, assign_quiz(cohort=part.cohort, code=uuid.uuid4(), quiz=mock, **window)


def sit(part: Part, now: datetime, due: Assignment) -> tuple[Attempt, Attempt, Attempt, Attempt]:
    """A finished practice quiz, an open one with its first question checked, an open mock exam, a finished one."""
    candidate = part.candidate
    finished = sit_through(candidate, now - timedelta(days=6), practice(part, Feedback.AT_END), None)
    sit_through(candidate, now - timedelta(days=5), due.quiz, due)
    mock = shared_mock(blueprint=Blueprint.objects.get(code="small"))
    sat = sit_through(candidate, now - timedelta(days=4), mock, None)
    exam = start_attempt(candidate=candidate, quiz=mock, now=now)
    answer(exam, 1, "B", now)
    learning = start_attempt(candidate=candidate, quiz=practice(part, Feedback.AFTER_EACH), now=now)
    check_response(response=Response.objects.get(attempt=learning, position=1), label="B", now=now)
    return finished, learning, exam, sat


def pause(part: Part, now: datetime) -> Attempt:
    """A practice quiz against the clock, paused."""
    timed = start_attempt(candidate=part.candidate, quiz=practice(part, Feedback.AT_END, minutes=30), now=now)
    return pause_attempt(attempt=timed, now=now)


def report(part: Part, finished: Attempt, now: datetime) -> None:
    """A problem with the first question, answered; its reporter has seen that, so that looking again writes nothing."""
    ProblemReport.objects.create(
        question=finished.responses.get(position=1).question,
        reporter=part.candidate,
        kind=ProblemReport.Kind.AMBIGUOUS,
        text=f"As {part.tag} I find two options right.",
        reported_at=now,
        answer=f"One of them is not right, {part.tag}.",
        answered_at=now,
        seen_at=now,
    )


def place(part: Part, now: datetime) -> Attempt:
    """An open placement test with its first question answered."""
    placed = start_placement(candidate=part.candidate, now=now)
    return answer_placement(attempt=placed, position=1, label="B", key=uuid.uuid4(), now=now, seconds=40)


def practice(part: Part, feedback: Feedback, *, minutes: int | None = None) -> Any:
    return build_practice_quiz(
        candidate=part.candidate,
        code=uuid.uuid4(),
        title=f"Practice {part.tag}",
        rule={},
        question_count=8,
        feedback=feedback,
        time_limit_minutes=minutes,
    )


def sit_through(candidate: User, at: datetime, quiz: Any, assignment: Assignment | None) -> Attempt:
    attempt = start_attempt(candidate=candidate, quiz=quiz, now=at, assignment=assignment)
    for position in range(1, attempt.question_count):
        answer(attempt, position, "ABCD"[position % 4], at)
    return finish_attempt(attempt=attempt, now=at + timedelta(minutes=30))


def answer(attempt: Attempt, position: int, label: str, at: datetime) -> None:
    record_answer(
        attempt_code=attempt.code,
        candidate=attempt.candidate,
        position=position,
        key=uuid.uuid4(),
        sequence=1,
        label=label,
        is_flagged=position == 2,
        seconds=40,
        now=at,
    )


def review(part: Part, now: datetime) -> ReviewLog:
    """One review answered; the ticket of the next is kept."""
    on = study_day(now, part.candidate.time_zone)
    asked = next_question(part.candidate, on=on, is_ahead=True)
    assert asked is not None
    source = uuid.uuid4()
    answer_review(
        candidate=part.candidate,
        source=source,
        question_id=asked.question.pk,
        label="B",
        confidence="sure",
        seconds=20,
        asked_at=now,
        now=now,
    )
    after = next_question(part.candidate, on=on, is_ahead=True)
    assert after is not None
    part.ticket = Ticket(uuid.uuid4(), after.question.pk, now).signed_for(part.candidate)
    return ReviewLog.objects.get(source=source)


def form_data(route: str, part: Part, now: datetime) -> Mapping[str, Any]:
    """What a form of this route is sent with, so that a post that gets through has its effect."""
    return {
        "quizzes:practice": {"code": str(uuid.uuid4()), "question_count": "5", "feedback": "at_end"},
        "quizzes:placement-question": {"label": "A", "seconds": "5", "key": str(uuid.uuid4()), "position": "2"},
        "quizzes:response-reason": {"reason": "misread"},
        "quizzes:attempt-repeat": {"code": str(uuid.uuid4()), "mode": "same"},
        "quizzes:short-mock-start": {"code": str(uuid.uuid4()), "size": "mini"},
        "quizzes:practice-reset": {"is_confirmed": "on"},
        "quizzes:response-detail": {"label": "A", "seconds": "5", "key": str(uuid.uuid4()), "sequence": "7"},
        "quizzes:attempt-pause": {"position": "1"},
        "quizzes:attempt-resume": {"position": "1"},
        "quizzes:response-flag": {"is_flagged": "yes"},
        "quizzes:problem-create": problem_data(),
        "reviews:problem-create": problem_data(),
        "quizzes:assignment-create": {
            "code": str(uuid.uuid4()),
            "title": "Drawn",
            "content": "rule",
            "question_count": "5",
            "feedback": "at_end",
            **window_data(now),
        },
        "quizzes:assignment-update": window_data(now),
        "reviews:review-answer": {"ticket": part.ticket, "label": "A"},
        "reviews:plan": {
            "blueprint": "small",
            "target_percent": "80",
            "time_zone": "Europe/Amsterdam",
            **{f"minutes_{day}": "25" for day in range(7)},
        },
        "reviews:special-days-create": {"kind": "off", "starts_on": f"{now + timedelta(days=9):%Y-%m-%d}"},
        "reviews:special-days-remove": {"kind": "off", "starts_on": f"{now + timedelta(days=9):%Y-%m-%d}"},
        "study:note-update": {"text": "A thought"},
        "study:highlight-create": {"passage": "The idea behind", "occurrence": "1"},
        "study:highlight-remove": {"passage": "The idea behind", "occurrence": "1"},
        "questions:sample-answer": {"label": "A"},
        "offline:set-create": {"kind": "reviews", "count": "10"},
        "cohorts:cohort-create": {"name": "Another"},
        "cohorts:cohort-update": {"name": "Renamed"},
        "cohorts:invitation-create": {"emails": "somebody@example.org"},
        "cohorts:invitation-accept": {"sharing": "scores"},
        "cohorts:membership-update": {"sharing": "progress"},
        "accounts:appearance": {"colour_scheme": "dark", "text_size": "130"},
        "accounts:profile": {"display_name": "Somebody", "time_zone": "UTC", "extra_time_percent": "25"},
    }.get(route, {})


def problem_data() -> dict[str, str]:
    return {"code": str(uuid.uuid4()), "kind": "key", "text": "The key should be another option."}


def window_data(now: datetime) -> dict[str, str]:
    day = "%Y-%m-%dT%H:%M"
    opens_at, due_at = now - timedelta(days=8), now + timedelta(days=9)
    return {"opens_at": opens_at.strftime(day), "due_at": due_at.strftime(day), "attempts_allowed": "3"}


def answer_data() -> dict[str, Any]:
    """What the exam room posts."""
    return {
        "key": str(uuid.uuid4()),
        "sequence": 2,
        "position": 1,
        "label": "A",
        "is_flagged": False,
        "seconds": 3,
    }


# What signing in and out, and nothing else, may change.
SESSION_TABLES = {"django_session", "usersessions_usersession", "cache", "sqlite_sequence"}


def tables_as_text() -> dict[str, str]:
    """Every row of every table but those of sessions, for comparing before and after."""
    found: dict[str, str] = {}
    with connection.cursor() as cursor:
        for table in sorted(set(connection.introspection.table_names(cursor)) - SESSION_TABLES):
            cursor.execute(f'SELECT * FROM "{table}" ORDER BY 1')
            kept = [place for place, column in enumerate(cursor.description) if column[0] != "last_login"]
            found[table] = repr([[row[place] for place in kept] for row in cursor.fetchall()])
    return found
