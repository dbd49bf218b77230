"""Small builders for the tests of what is taken along."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.models import User

SETS = reverse("offline:set-create")
ANSWERS = reverse("offline:answers-record")


def take_along(client: Client, *, kind: str = "reviews", count: int = 10) -> list[dict[str, Any]]:
    """The questions of a new set."""
    response = client.post(SETS, {"kind": kind, "count": count})
    assert response.status_code == 200, response.content
    questions: list[dict[str, Any]] = response.json()["questions"]
    return questions


def answer_to(question: Mapping[str, Any], **fields: Any) -> dict[str, Any]:
    """A right and sure answer, given at a moment that every set was taken along before."""
    return {
        "source": question["source"],
        "ticket": question["ticket"],
        "label": question["key"],
        "confidence": "sure",
        "seconds": 20,
        "answered_at": "2099-01-01T00:00:00.000Z",
        **fields,
    }


def send(client: Client, candidate: User, *answers: Mapping[str, Any]) -> HttpResponse:
    body = json.dumps({"candidate": str(candidate.code), "answers": answers})
    return client.post(ANSWERS, body, content_type="application/json")


def results(response: HttpResponse) -> dict[str, str]:
    told: dict[str, str] = json.loads(response.content)["results"]
    return told
