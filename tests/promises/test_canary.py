"""No byte of a key or a rationale leaves before its time, and nothing of one cohort reaches another.

Rationales carry a word that is searched in everything sent. The key is one letter, which cannot be searched: instead
the key of every question is changed, and the same page must come out the same to the byte.
"""

from __future__ import annotations

import random
import re
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Case, F, Value, When
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from cohorts.models import Cohort
from competencies.models import Blueprint
from questions.models import ProblemReport, Question
from quizzes.models import Assignment, Attempt, Feedback, ItemStatistics, Quiz, Response
from quizzes.services import (
    answer_placement,
    build_practice_quiz,
    finish_attempt,
    shared_mock,
    start_attempt,
    start_placement,
    starting,
)
from quizzes.services.assigning import assign_quiz, build_rule_quiz
from reviews.models import Card, ReviewLog
from reviews.views import reviews
from tests.factories import COMPETENCIES, make_cohort, make_question
from tests.progress.builders import make_answered
from tests.promises.access import ACCESS, object_of, route_of
from tests.promises.conftest import CANARY
from tests.promises.world import Part, World, answer_data, fill_bank, form_data

pytestmark = pytest.mark.django_db
# What differs from one response to the next by design: tokens, codes made per page, seconds left.
CHANGING = re.compile(
    r"csrfmiddlewaretoken\" value=\"\w+|x-csrftoken&quot;: &quot;\w+|x-csrftoken\": \"\w+"
    r"|[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}"
    r"|\d+:\d\d:\d\d|-seconds=\"\d+|Remaining-Seconds: \d+|name=\"ticket\" value=\"[^\"]+"
)
COUNT = 6
# Beside the share of an option.
PEERS = "of 40 first answers"


@pytest.fixture
def bank() -> None:
    fill_bank(CANARY)


def practice(candidate: User, now: datetime) -> Attempt:
    quiz = build_practice_quiz(
        candidate=candidate, code=uuid.uuid4(), title="At the end", rule={}, question_count=COUNT, feedback="at_end"
    )
    return start_attempt(candidate=candidate, quiz=quiz, now=now)


def mock(candidate: User, now: datetime) -> Attempt:
    return start_attempt(candidate=candidate, quiz=shared_mock(blueprint=Blueprint.objects.get(code="small")), now=now)


def assigned(candidate: User, now: datetime, *, is_open: bool = False) -> Attempt:
    """Handed in, but the keys are shown after the due date only."""
    coordinator = User.objects.filter(role=User.Role.COORDINATOR).get()
    quiz = build_rule_quiz(author=coordinator, title="After due", rule={}, question_count=COUNT)
    quiz.feedback = Feedback.AFTER_DUE
    assignment = assign_quiz(
        cohort=Cohort.objects.get(),
        code=uuid.uuid4(),
        quiz=quiz,
        opens_at=now - timedelta(hours=1),
        due_at=now + timedelta(days=2),
        attempts_allowed=1,
    )
    attempt = start_attempt(candidate=candidate, quiz=quiz, now=now, assignment=assignment)
    return attempt if is_open else finish_attempt(attempt=attempt, now=now)


def placement(candidate: User, now: datetime) -> Attempt:
    """All but the last drawn question are answered."""
    attempt = start_placement(candidate=candidate, now=now)
    for position in range(1, COUNT):
        answer_placement(attempt=attempt, position=position, label="B", key=uuid.uuid4(), now=now)
    return attempt


SITTINGS: dict[str, Callable[[User, datetime], Attempt]] = {
    "practice": practice,
    "mock": mock,
    "placement": placement,
    "assigned": assigned,
}


@pytest.fixture(params=list(SITTINGS))
def attempt(request: pytest.FixtureRequest, bank: None, candidate: User, coordinator: User, cohort: Cohort) -> Attempt:
    """Each of its questions has statistics, and the candidate reported it once before; key and answer are in both."""
    now = timezone.now()
    attempt = SITTINGS[request.param](candidate, now)
    shares = {label: {"count": 25 if label == "B" else 5, "share": 0.1} for label in "ABCD"}
    for response in attempt.responses.all():
        ItemStatistics.objects.create(
            question_id=response.question_id, n=40, facility=0.625, option_statistics=shares, computed_at=now
        )
        ProblemReport.objects.create(
            question_id=response.question_id,
            reporter=candidate,
            kind=ProblemReport.Kind.KEY,
            text=f"{CANARY}report",
            reported_at=now,
            answer=f"{CANARY}answer",
            answered_at=now,
        )
    return attempt


def arguments_of(attempt: Attempt) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every route with every object that this candidate has, whatever the route makes of it."""
    question: dict[str, Any] = {"code": attempt.code}
    named: dict[str, list[dict[str, Any]]] = {
        "": [{}],
        "small": [{"blueprint": "small"}],
        "competency": [{"code": "MET"}],
        "statement": [{"code": "MET-K1"}],
        "objective": [{"code": "MET-K1.1"}],
        "term": [{"code": "churn"}],
        "sheet": [{"code": "score"}],
        "reference": [{"code": "reichheld-2003"}],
        "question": [{**question, "position": place} for place in range(1, COUNT + 1)],
        "attempt": [question],
        "assignment": [{"code": each.code} for each in Assignment.objects.all()] or [{"code": uuid.UUID(int=0)}],
        "cohort": [{"code": each.code} for each in Cohort.objects.all()],
        "of cohort": [{"cohort": each.code} for each in Cohort.objects.all()],
    }
    kinds = {"finished": "attempt", "learning": "attempt", "exam": "attempt", "sat": "attempt", "due": "assignment"}
    kinds |= {"waiting": "assignment", "open question": "question", "checked question": "question"}
    kinds |= {"finished question": "question", "exam question": "question"}
    kinds |= {"placed": "attempt", "placed question": "question"}
    for route, kind in sorted({(route_of(e), kinds.get(object_of(e), object_of(e))) for e in ACCESS}):
        for arguments in named.get(kind, []):
            yield route, arguments


def everything_sent(client: Client, attempt: Attempt, part: Part, *, posting: bool) -> dict[str, str]:
    """By method and address: status, headers and body. What a post changes is taken back afterwards."""
    sent: dict[str, str] = {}
    for route, arguments in arguments_of(attempt):
        address = reverse(route, kwargs=arguments)
        for query in QUERIES.get(route, ("",)):
            sent[f"get {address}{query}"] = text_of(client.get(address + query))
        if route in FRAGMENTS:
            sent[f"htmx {address}"] = text_of(client.get(address, headers={"HX-Request": "true"}))
        if not posting or route in REVEALING:
            continue
        with transaction.atomic():
            if route == "quizzes:answer-record":
                for position in range(1, COUNT + 2):
                    answer = {**answer_data(), "position": position, "sequence": 1}
                    response = client.post(address, answer, content_type="application/json")
                    sent[f"answer {position}"] = text_of(response)
            else:
                data = {**form_data(route, part, timezone.now()), "sequence": "1"}
                sent[f"post {address}"] = text_of(client.post(address, data))
            transaction.set_rollback(True)
    return sent


# The sample question belongs to nobody's quiz, and is explained to everybody. What is taken along comes with its
# reasons; tests/offline/test_sets.py holds that no question of an exam is among it.
REVEALING = {"questions:sample-answer", "offline:set-create"}
QUERIES = {
    "quizzes:response-list": ("", "?show=wrong", "?page=2"),
    "quizzes:answered-list": ("", "?objective=MET-K1.1"),
    "progress:search": ("", "?q=stem"),
}
FRAGMENTS = {"quizzes:response-detail", "quizzes:practice-count", "reviews:schedule"}


def text_of(response: HttpResponse) -> str:
    headers = [f"{name}: {value}" for name, value in sorted(response.headers.items())]
    cookies = [morsel.OutputString() for name, morsel in response.cookies.items() if name not in ("csrf", "session")]
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return "\n".join([str(response.status_code), *headers, *cookies, body.decode(errors="replace")])


def part_of(attempt: Attempt) -> Part:
    cohort = Cohort.objects.get()
    return Part("alder", attempt.candidate, cohort.coordinator, cohort)


def change_every_key() -> None:
    following = {"A": "B", "B": "C", "C": "D", "D": "A"}
    Question.objects.update(key=Case(*(When(key=old, then=Value(new)) for old, new in following.items())))


def open_the_reasons(attempt: Attempt) -> None:
    """What the policy waits for happens."""
    now = timezone.now()
    if attempt.is_open:
        finish_attempt(attempt=attempt, now=now)
    Assignment.objects.update(opens_at=F("opens_at") - timedelta(days=9), due_at=now - timedelta(seconds=1))


def test_no_rationale_before_its_time_and_all_of_them_after(attempt: Attempt, candidate_client: Client) -> None:
    part = part_of(attempt)
    sent = everything_sent(candidate_client, attempt, part, posting=True)
    early = [door for door, text in sent.items() if CANARY in text or PEERS in text]
    open_the_reasons(attempt)
    later = candidate_client.get(reverse("quizzes:response-list", args=[attempt.code])).content.decode()
    reports = candidate_client.get(reverse("quizzes:problem-list")).content.decode()
    shown = {
        option["rationale"]
        for response in attempt.responses.select_related("question")
        for option in response.question.options
        if option["rationale"] in later
    }

    assert early == []
    assert len(sent) > 90
    assert len(shown) == 4 * COUNT
    assert later.count(PEERS) == 4 * COUNT
    assert reports.count(f"{CANARY}answer") == COUNT


def test_nothing_told_before_its_time_depends_on_the_key(
    attempt: Attempt, candidate_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    part = part_of(attempt)
    # Two looks at one moment; "20 minutes ago" is the same for a while.
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now)
    # Orders the options of a review.
    monkeypatch.setattr(reviews, "uuid4", lambda: uuid.UUID(int=4))
    Attempt.objects.update(started_at=now - timedelta(minutes=20, seconds=15))
    before = everything_sent(candidate_client, attempt, part, posting=False)
    with transaction.atomic():
        change_every_key()
        after = everything_sent(candidate_client, attempt, part, posting=False)
        transaction.set_rollback(True)
    open_the_reasons(attempt)
    address = reverse("quizzes:response-list", args=[attempt.code])
    explained = text_of(candidate_client.get(address))
    change_every_key()
    explained_otherwise = text_of(candidate_client.get(address))

    assert [door for door in before if plain(before[door]) != plain(after[door])] == []
    assert plain(explained) != plain(explained_otherwise)


# Minutes and the points of an hour move a little with each memory, and so with what an assignment told it.
PLANNED = ("progress:today", "progress:readiness")


def test_no_figure_tells_which_answers_of_an_assignment_were_right(
    bank: None, candidate: User, candidate_client: Client, cohort: Cohort, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Twice the same answers, of which once the first half was right and once the second: the score is the same."""
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now)
    monkeypatch.setattr(reviews, "uuid4", lambda: uuid.UUID(int=4))
    # With so many first answers before, every figure of progress and readiness is shown.
    earlier = [make_question(f"{competency}-K9.1") for competency in COMPETENCIES for _ in range(9)]
    make_answered(candidate, earlier, at=now - timedelta(days=2), confidence="sure")
    attempt = assigned(candidate, now, is_open=True)
    said = {"selected_label": "B", "answered_at": now, "confidence": "sure", "seconds": 60}
    attempt.responses.update(**said)
    half = COUNT // 2
    first, second = [
        told_where_wrong(candidate_client, attempt, places)
        for places in (range(1, half + 1), range(half + 1, COUNT + 1))
    ]

    assert [door for door in first if door != LATER and first[door] != second[door]] == []
    assert first[LATER] != second[LATER]


LATER = "the overview after the due date"


def told_where_wrong(client: Client, attempt: Attempt, places: range) -> dict[str, str]:
    planned = [f"get {reverse(name)}" for name in PLANNED]
    with transaction.atomic():
        Question.objects.filter(responses__attempt=attempt, responses__position__in=places).update(key="A")
        finish_attempt(attempt=Attempt.objects.get(pk=attempt.pk), now=timezone.now())
        finished = Attempt.objects.get(pk=attempt.pk)
        sent = everything_sent(client, finished, part_of(finished), posting=False)
        ReviewLog.objects.all().delete()
        Card.objects.all().delete()
        sent |= {door: text_of(client.get(door.removeprefix("get "))) for door in planned}
        open_the_reasons(finished)
        sent[LATER] = text_of(client.get(reverse("progress:overview")))
        transaction.set_rollback(True)
    return {door: plain(text) for door, text in sent.items()}


def plain(text: str) -> str:
    return CHANGING.sub("", text)


@pytest.mark.parametrize("kind", ["practice", "mock"])
def test_right_and_wrong_answers_are_acknowledged_alike(
    bank: None, candidate: User, candidate_client: Client, kind: str
) -> None:
    attempt = SITTINGS[kind](candidate, timezone.now())
    told: dict[str, set[tuple[int, int, tuple[str, ...]]]] = {"right": set(), "wrong": set()}
    Attempt.objects.update(deadline_at=timezone.now() + timedelta(minutes=59, seconds=30))
    for response in attempt.responses.select_related("question"):
        for sequence, label in enumerate("ABCD", start=1):
            data = {**answer_data(), "position": response.position, "sequence": sequence, "label": label}
            answer = candidate_client.post(
                reverse("quizzes:answer-record", args=[attempt.code]), data, content_type="application/json"
            )
            verdict = "right" if label == response.question.key else "wrong"
            told[verdict].add((answer.status_code, len(answer.content), tuple(sorted(answer.headers))))

    assert [status for status, *_ in told["right"]] == [200]
    assert told["right"] == told["wrong"]


def test_order_of_options_tells_nothing(bank: None, candidate: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """2,000 draws through the real start, seeded: where the key stands is even (chi-square, 3 degrees, p > 0.01)."""
    rng = random.Random(20_000)
    monkeypatch.setattr(starting, "uuid4", lambda: uuid.UUID(int=rng.getrandbits(128), version=4))
    quizzes = Quiz.objects.bulk_create(make_unsaved(candidate, number) for number in range(100))
    for quiz in quizzes:
        start_attempt(candidate=candidate, quiz=quiz, now=timezone.now())
    drawn = Response.objects.values_list("option_order", "question__key")
    places = Counter(order.index(key) for order, key in drawn)
    expected = drawn.count() / 4
    chi_square = sum((places[place] - expected) ** 2 / expected for place in range(4))

    assert drawn.count() == 2000
    assert chi_square < 11.34


def make_unsaved(candidate: User, number: int) -> Quiz:
    return Quiz(title=f"Draw {number}", kind=Quiz.Kind.PRACTICE, author=candidate, rule={}, question_count=20)


# Cohorts


@pytest.mark.parametrize(
    ("role", "own", "foreign"), [("coordinator", "alder", "birch"), ("outsider", "birch", "alder")]
)
def test_coordinators_see_nothing_of_another_cohort(world: World, role: str, own: str, foreign: str) -> None:
    client = Client()
    person = world.people[role]
    assert person is not None
    client.force_login(person)
    # A link that somebody is given tells whose cohort it is: that is what it is for.
    given = ("cohorts:invitation-accept",)
    sent = {}
    for part in (world.own, world.other):
        for entry in ACCESS:
            if route_of(entry) not in given:
                address = reverse(route_of(entry), kwargs=part.arguments[object_of(entry)])
                for query in ("", "?words=of") if route_of(entry) == "quizzes:question-search" else ("",):
                    sent[address + query] = text_of(client.get(address + query))

    assert [address for address, text in sent.items() if foreign in text.lower() and foreign not in address] == []
    assert len([address for address, text in sent.items() if own in text.lower()]) > 10


def test_members_who_share_progress_only_show_no_score(
    bank: None, coordinator: User, coordinator_client: Client, candidate: User
) -> None:
    """The board, the report, the questions and both files are the same to the byte whatever was answered."""
    cohort = make_cohort(coordinator, candidate, sharing="progress")
    now = timezone.now()
    quiz = build_rule_quiz(author=coordinator, title="Shared", rule={}, question_count=COUNT)
    window = {"opens_at": now - timedelta(hours=1), "due_at": now + timedelta(days=2), "attempts_allowed": 1}
    assignment = assign_quiz(cohort=cohort, code=uuid.uuid4(), quiz=quiz, **window)
    attempt = start_attempt(candidate=candidate, quiz=quiz, now=now, assignment=assignment)
    finish_attempt(attempt=attempt, now=now)
    names = ("assignment-board", "assignment-questions", "assignment-export")
    addresses = [reverse(f"quizzes:{name}", args=[assignment.code]) for name in names]
    addresses += [reverse(f"progress:{name}", args=[cohort.code]) for name in ("cohort-report", "cohort-report-export")]
    all_wrong = [plain(text_of(coordinator_client.get(address))) for address in addresses]
    attempt.responses.update(is_correct=True, selected_label="B")
    Attempt.objects.update(raw_score=COUNT)
    all_right = [plain(text_of(coordinator_client.get(address))) for address in addresses]
    cohort.memberships.update(sharing="scores")
    shared = [plain(text_of(coordinator_client.get(address))) for address in addresses]

    assert all_wrong == all_right
    assert [one == other for one, other in zip(all_right, shared, strict=True)] == [False] * 5
