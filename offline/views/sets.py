"""Taking a set of questions along, and taking in the answers given to it. Both speak JSON with the offline page."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.models import User
from competencies.markdown import render_inline_markdown, render_markdown
from offline import queries, services
from offline.forms import VALID_FOR, PrepareSetForm, TakenTicket, read_answers
from offline.queries import TakenQuestion
from quizzes.services import StartRefused
from reviews.study_days import study_day
from reviews.tasks import build_schedule


@require_POST
def set_create(request: HttpRequest) -> JsonResponse:
    """Holds keys and rationales of questions not yet answered: practice questions, and because they were asked for."""
    if not request.user.is_authenticated:
        return _refused(401, "Sign in to take questions along.")
    now = timezone.now()
    form = PrepareSetForm(request.POST)
    if not form.is_valid():
        return _refused(422, str(next(iter(form.errors.values()))[0]))
    try:
        services.count_set(candidate=request.user, now=now)
        taken = _take(request.user, form.cleaned_data["kind"], form.cleaned_data["count"], now)
    except services.SetRefused as refusal:
        return _refused(429, str(refusal))
    except StartRefused as refusal:
        return _refused(422, refusal.sentence)
    if not taken:
        return _refused(422, "There are no practice questions to take along.")
    return JsonResponse(
        {
            "candidate": str(request.user.code),
            "appearance": {"colourScheme": request.user.colour_scheme, "textSize": str(request.user.text_size)},
            "prepared_at": now.isoformat(),
            "valid_until": (now + VALID_FOR).isoformat(),
            "questions": [_question(each, request.user, now) for each in taken],
        }
    )


@require_POST
def answers_record(request: HttpRequest) -> JsonResponse:
    """Every way this ends is JSON with a status of its own; static/js/offline/sender.js reads them."""
    if not request.user.is_authenticated:
        return _refused(401, "Sign in to send your answers.")
    now = timezone.now()
    try:
        posted = read_answers(request, request.user, now=now)
    except ValidationError as error:
        return _refused(422, str(error.message))
    if posted.candidate != str(request.user.code):
        return _refused(409, "These answers are somebody else's.")
    refused = services.record_taken_answers(candidate=request.user, answers=posted.sound, now=now)
    if posted.sound:
        build_schedule.delay_on_commit(request.user.pk)
    told = posted.refused | {str(source): sentence for source, sentence in refused.items()}
    return JsonResponse({"results": told})


def _take(candidate: User, kind: str, count: int, now: datetime) -> list[TakenQuestion]:
    if kind == "practice":
        return queries.questions_to_practice(services.start_practice(candidate=candidate, count=count, now=now), at=now)
    return queries.questions_to_review(candidate, on=study_day(now, candidate.time_zone), count=count, at=now)


def _question(taken: TakenQuestion, candidate: User, now: datetime) -> dict[str, Any]:
    question = taken.question
    objective, competency = question.objective, question.objective.statement.competency
    ticket = TakenTicket(taken.source, question.pk, taken.kind == "practice", now)
    return {
        "source": str(taken.source),
        "ticket": ticket.signed_for(candidate),
        "kind": taken.kind,
        "stem": render_markdown(question.stem),
        "options": [
            {
                "label": option["label"],
                "text": render_inline_markdown(option["text"]),
                "rationale": render_markdown(option["rationale"]),
            }
            for option in taken.options
        ],
        "key": question.key,
        "competency": {"code": competency.code, "name": competency.name},
        "objective": {"code": objective.code, "text": objective.text, "href": objective.get_absolute_url()},
    }


def _refused(status: int, sentence: str) -> JsonResponse:
    return JsonResponse({"error": sentence}, status=status)
