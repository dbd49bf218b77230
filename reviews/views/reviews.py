from __future__ import annotations

import random
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.decorators import signed_in
from accounts.http import SignedInRequest
from questions.models import Question
from reviews import queries, services, tasks
from reviews.forms import CONFIDENCES, AnswerReviewForm, Ticket
from reviews.models import Rating, ReviewLog
from reviews.scheduler import DESIRED_RETENTION
from reviews.study_days import study_day


@require_safe
@signed_in
def review_list(request: SignedInRequest) -> HttpResponse:
    on = study_day(timezone.now(), request.user.time_zone)
    due = queries.due_reviews(request.user, on=on)
    upcoming = None if due.due else queries.next_reviews(request.user, on=on)
    return render(request, "reviews/review_list.html", {"due": due, "upcoming": upcoming})


@require_safe
@signed_in
def review_next(request: SignedInRequest) -> HttpResponse:
    now = timezone.now()
    review = queries.most_urgent_review(request.user, on=study_day(now, request.user.time_zone))
    if review is None:
        return redirect("reviews:review-list")
    ticket = Ticket(uuid4(), review.question.pk, now)
    form = AnswerReviewForm(request.user, initial={"ticket": ticket.signed_for(request.user)})
    return _render_question(request, review.question, ticket.source, form, due=review.due)


@require_POST
@signed_in
def review_answer(request: SignedInRequest) -> HttpResponse:
    now = timezone.now()
    form = AnswerReviewForm(request.user, request.POST)
    if not form.is_valid():
        return _ask_again(request, form, now)
    answer = form.answer(at=now)
    try:
        services.answer_review(candidate=request.user, now=now, **answer)
    except services.ReviewRefused as refusal:
        messages.warning(request, str(refusal))
        return redirect("reviews:review-next")
    tasks.build_schedule.delay_on_commit(request.user.pk)
    return redirect("reviews:review-detail", answer["source"])


@require_safe
@signed_in
def review_detail(request: SignedInRequest, source: UUID) -> HttpResponse:
    log = queries.get_review_for(request.user, source)
    on = study_day(timezone.now(), request.user.time_zone)
    card = queries.card_of(log)
    context = {
        "log": log,
        "options": shown_options(log.question, log.source, chosen=log.selected_label),
        "is_correct": log.selected_label == log.question.key,
        "reason": reason_of_return(log),
        "terms": list(log.question.objective.terms.all()),
        "sources": queries.sources_of(log.question),
        "card": card,
        "days_away": (card.due_on - on).days if card else None,
        "due": queries.count_due(request.user, on=on),
    }
    return render(request, "reviews/review_detail.html", context)


def shown_options(question: Question, source: UUID, *, chosen: str = "") -> list[dict[str, Any]]:
    """In an order of this review's own, the same before and after the answer. They hold the key."""
    options = random.Random(source.int).sample(question.options, len(question.options))
    return [
        {
            **option,
            "letter": letter,
            "is_key": option["label"] == question.key,
            "is_chosen": option["label"] == chosen,
        }
        for letter, option in zip("ABCD", options, strict=False)
    ]


def reason_of_return(log: ReviewLog) -> str:
    """Why the objective comes back when it does."""
    percent = round(100 * DESIRED_RETENTION)
    if log.selected_label != log.question.key:
        return "It was missed, so it comes back sooner than before, with another question where there is one."
    if log.rating == Rating.AGAIN:
        return "A right guess may be luck, so it comes back as soon as if it had been missed."
    if log.rating == Rating.HARD:
        return "You were right but not sure, so it comes back sooner than it would have."
    return f"You knew it, so it rests until your chance of still knowing it has fallen to about {percent} %."


def _render_question(
    request: SignedInRequest, question: Question, source: UUID, form: AnswerReviewForm, *, due: int
) -> HttpResponse:
    # Only what may be seen before the answer reaches the template: neither the key nor a rationale.
    options = [
        {"letter": option["letter"], "label": option["label"], "text": option["text"], "is_chosen": option["is_chosen"]}
        for option in shown_options(question, source, chosen=form.data.get("label", ""))
    ]
    context = {
        "stem": question.stem,
        "competency": question.objective.statement.competency,
        "options": options,
        "confidences": CONFIDENCES,
        "confidence": form.data.get("confidence", ""),
        "form": form,
        "due": due,
    }
    return render(request, "reviews/review_next.html", context)


def _ask_again(request: SignedInRequest, form: AnswerReviewForm, now: datetime) -> HttpResponse:
    """The same question with a sentence and what was chosen, or the next one when it is not known what was asked."""
    ticket = form.asked
    question = queries.askable_question(ticket.question_id) if ticket else None
    if ticket is None or question is None:
        messages.warning(request, "That question could not be read any more. This is the one whose turn it is.")
        return redirect("reviews:review-next")
    due = queries.count_due(request.user, on=study_day(now, request.user.time_zone))
    return _render_question(request, question, ticket.source, form, due=due)
