"""What the rules cost: an answer through the real route beside a bare view that only writes the same two rows.

Both run in the same process on the same database, alternating, with the same middleware, session and user.
"""

from __future__ import annotations

import json
import uuid
from datetime import timedelta
from statistics import median
from time import perf_counter

import pytest
from django.db import transaction
from django.http import HttpRequest, JsonResponse
from django.test import Client
from django.urls import include, path, reverse
from django.utils import timezone

from accounts.models import User
from quizzes.models import Answer, Attempt, Response
from tests.factories import make_attempt, make_question

MOST = 1.5
ROUNDS = 80
# Other processes disturb a block now and then; a slower answer would show in every block.
BLOCKS = 4


def bare(request: HttpRequest, code: uuid.UUID) -> JsonResponse:
    """No lock, no key, no sequence, no deadline, no check of anything: one read, two writes."""
    sent = json.loads(request.body)
    now = timezone.now()
    with transaction.atomic():
        response = Response.objects.get(attempt__code=code, attempt__candidate=request.user, position=sent["position"])
        Answer.objects.create(
            attempt_id=response.attempt_id,
            response=response,
            key=sent["key"],
            sequence=sent["sequence"],
            label=sent["label"],
            is_flagged=sent["is_flagged"],
            answered_at=now,
        )
        response.selected_label, response.answered_at = sent["label"], now
        response.is_flagged, response.sequence = sent["is_flagged"], sent["sequence"]
        response.save(update_fields=["selected_label", "answered_at", "is_flagged", "sequence"])
    return JsonResponse({"sequence": response.sequence, "label": response.selected_label})


urlpatterns = [path("bare/<uuid:code>/", bare, name="bare"), path("", include("ccxp_prep.urls"))]


@pytest.fixture
def attempts(candidate: User) -> dict[str, Attempt]:
    question = make_question()
    deadline = timezone.now() + timedelta(hours=3)
    return {name: make_attempt(candidate, question, deadline_at=deadline) for name in ("bare", "real")}


def ratio(client: Client, attempts: dict[str, Attempt]) -> float:
    addresses = {
        "bare": reverse("bare", args=[attempts["bare"].code]),
        "real": reverse("quizzes:answer-record", args=[attempts["real"].code]),
    }

    def post(name: str, sequence: int) -> float:
        answer = {
            "key": str(uuid.uuid4()),
            "sequence": sequence,
            "position": 1,
            "label": "ABCD"[sequence % 4],
            "is_flagged": False,
            "seconds": 3,
        }
        start = perf_counter()
        reply = client.post(addresses[name], answer, content_type="application/json")
        taken = perf_counter() - start
        assert reply.status_code == 200
        return taken

    def block(number: int) -> float:
        taken: dict[str, list[float]] = {"bare": [], "real": []}
        for sequence in range(number * ROUNDS + 1, (number + 1) * ROUNDS + 1):
            # Each goes first every other time, so that neither always follows a warm cache.
            for name in ("bare", "real") if sequence % 2 else ("real", "bare"):
                taken[name].append(post(name, sequence))
        real, plain = (median(taken[name]) for name in ("real", "bare"))
        print(f"answer {real * 1000:.2f} ms, bare view {plain * 1000:.2f} ms, ratio {real / plain:.2f}")
        return real / plain

    return min(block(number) for number in range(BLOCKS))


@pytest.mark.urls(__name__)
@pytest.mark.django_db(transaction=True)
def test_an_answer_costs_little_more_than_its_writes_on_sqlite(
    candidate_client: Client, attempts: dict[str, Attempt]
) -> None:
    assert ratio(candidate_client, attempts) <= MOST


@pytest.mark.urls(__name__)
@pytest.mark.postgres
def test_an_answer_costs_little_more_than_its_writes_on_postgresql(
    candidate_client: Client, attempts: dict[str, Attempt]
) -> None:
    assert ratio(candidate_client, attempts) <= MOST
