from __future__ import annotations

import random
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_POST, require_safe

from accounts.decorators import signed_in
from accounts.http import SignedInRequest
from questions.models import Question
from questions.queries import sources_of
from reviews import queries, services, tasks
from reviews.forms import CONFIDENCES, AnswerReviewForm, Ticket
from reviews.models import Rating
from reviews.queries import AskedReview, Fading, Outcome, StudySession
from reviews.scheduler import DESIRED_RETENTION
from reviews.study_days import is_past_midnight, study_day
from study.queries import note_on

# What each kind of question is called, and what that means.
KINDS = {
    "new": ("New", "You have not met this objective."),
    "review": ("Review", "You have met this objective. Do you still know it?"),
    "again": ("Once more", "You missed or guessed this objective earlier today."),
    "ahead": ("Ahead", "Today's session is over. This one gains most of what is left."),
}


@require_safe
@signed_in
def review_list(request: SignedInRequest) -> HttpResponse:
    now = timezone.now()
    on = study_day(now, request.user.time_zone)
    session = queries.study_session(request.user, on=on)
    title, lead = _headline(session, is_night=is_past_midnight(now, request.user.time_zone))
    answered = queries.answered_today(request.user, on=on)
    context = {
        "session": session,
        "title": title,
        "lead": lead,
        "answered": answered,
        "right": sum(review.is_right for review in answered),
        "missed": sum(not review.is_right for review in answered),
        "upcoming": None if session.state == "open" else queries.next_planned_day(request.user, on=on),
        "ahead_href": _address("reviews:review-next", is_ahead=True),
    }
    return render(request, "reviews/review_list.html", context)


@require_safe
@signed_in
def review_next(request: SignedInRequest) -> HttpResponse:
    now = timezone.now()
    on = study_day(now, request.user.time_zone)
    asked = queries.next_question(request.user, on=on, is_ahead=_is_ahead(request))
    if asked is None:
        return redirect("reviews:review-list")
    ticket = Ticket(uuid4(), asked.question.pk, now)
    form = AnswerReviewForm(request.user, initial={"ticket": ticket.signed_for(request.user)})
    return _render_question(request, asked, ticket.source, form)


@require_POST
@signed_in
def review_answer(request: SignedInRequest) -> HttpResponse:
    now = timezone.now()
    form = AnswerReviewForm(request.user, request.POST)
    if not form.is_valid():
        return _ask_again(request, form)
    answer = form.answer(at=now)
    try:
        services.answer_review(candidate=request.user, now=now, **answer)
    except services.ReviewRefused as refusal:
        messages.warning(request, str(refusal))
        return redirect(_address("reviews:review-next", is_ahead=_is_ahead(request)))
    tasks.build_schedule.delay_on_commit(request.user.pk)
    return redirect(_address("reviews:review-detail", answer["source"], is_ahead=_is_ahead(request)))


@require_safe
@signed_in
def review_detail(request: SignedInRequest, source: UUID) -> HttpResponse:
    log = queries.get_review_for(request.user, source)
    outcome = queries.outcome_of(request.user, log, on=study_day(timezone.now(), request.user.time_zone))
    is_ahead = _is_ahead(request)
    is_correct = log.selected_label == log.question.key
    context = {
        "log": log,
        "options": shown_options(log.question, log.source, chosen=log.selected_label),
        "is_correct": is_correct,
        "outcome": outcome,
        "reason": reason_of_return(outcome, rating=log.rating, is_correct=is_correct),
        "terms": list(log.question.objective.terms.all()),
        "sources": sources_of(log.question),
        "note": note_on(request.user, log.question.objective),
        "next_href": _next_href(outcome, is_ahead=is_ahead),
        "undo_href": _address("reviews:review-undo", source, is_ahead=is_ahead),
    }
    return render(request, "reviews/review_detail.html", context)


@require_POST
@signed_in
def review_undo(request: SignedInRequest, source: UUID) -> HttpResponse:
    log = queries.get_review_for(request.user, source)
    try:
        services.undo_review(candidate=request.user, source=source, now=timezone.now())
    except services.ReviewRefused as refusal:
        messages.warning(request, str(refusal))
        return redirect(_address("reviews:review-detail", source, is_ahead=_is_ahead(request)))
    tasks.build_schedule.delay_on_commit(request.user.pk)
    code = log.question.objective.code
    messages.success(request, f"Your answer is undone. {code} is where it was before.")
    return redirect(_address("reviews:review-next", is_ahead=_is_ahead(request)))


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


def reason_of_return(outcome: Outcome, *, rating: int, is_correct: bool) -> str:
    """Why the objective comes back when it does."""
    when = outcome.comes_back.when
    if when in ("undone", "unaskable", "session"):
        return ""
    if when == "rest":
        return "Asking it again at once would not help. Read first, and let it settle."
    if when == "today":
        counts = "A right guess may be luck, so it counts as missed. " if is_correct else ""
        return f"{counts}You get it once more to put it right today, with another question if there is one."
    sentences = [_effect(rating, is_correct=is_correct), _fades(outcome.fading), _order(outcome)]
    return " ".join(filter(None, sentences))


def _effect(rating: int, *, is_correct: bool) -> str:
    if not is_correct:
        return "You missed it, so it comes back sooner than before."
    if rating == Rating.AGAIN:
        return "A right guess may be luck, so it comes back as soon as if it had been missed."
    if rating == Rating.HARD:
        return "You were right but not sure, so it comes back sooner than if you had been."
    return "You knew it, so it can wait."


def _fades(fading: Fading | None) -> str:
    """The memory model in numbers that mean something: how long it stays, and what is left of it then."""
    if fading is None:
        return ""
    on, recall = date_format(fading.on, "j F"), round(100 * fading.recall)
    if not fading.firm_days:
        return f"On {on} your chance of still knowing it will be about {recall} %."
    days = "a day" if fading.firm_days == 1 else f"{fading.firm_days} days"
    return f"Your chance of still knowing it stays above 90 % for about {days}; on {on} it will be about {recall} %."


def _order(outcome: Outcome) -> str:
    """Why then and not earlier or later."""
    if outcome.days_left is not None and outcome.days_left >= 0:
        if outcome.comes_back.when in ("not-planned", "not-expected"):
            return "Until your exam, other objectives raise your score more for the time they take."
        return "Up to your exam, each day first asks what will raise your score most for the time it takes."
    return f"It is asked when your chance of still knowing it has fallen to about {round(100 * DESIRED_RETENTION)} %."


def _headline(session: StudySession, *, is_night: bool) -> tuple[str, str]:
    """The title of the page and the sentence below it."""
    if session.state == "exam-day" and is_night:
        return "Your exam was yesterday", "Nothing is planned for tonight."
    if session.state == "open":
        noun = "objective" if session.left == 1 else "objectives"
        title = f"{session.left} {noun} left today" if session.answered else f"{session.left} {noun} today"
        minutes = "About a minute" if session.minutes == 1 else f"About {session.minutes} minutes"
        questions = "one question" if session.left == 1 else "one question on each"
        return title, f"{minutes}, {questions}. Stop any time: what you answered counts."
    return {
        "bank-empty": ("No questions yet", "There are no published practice questions. You can read in the meantime."),
        "exam-day": ("Your exam is today", "Nothing more is planned. Good luck."),
        "mock-day": ("Today is for a mock exam", "Sit it in one go, without notes. Nothing else is planned."),
        "no-minutes": ("Your plan has no minutes", "None of the days ahead has any, so nothing can be planned."),
        "day-off": ("A day off", "Your plan has no minutes for today, and the schedule reckons with that."),
        "time-used": _time_used(session),
        "done": _done(session),
    }[session.state]


def _time_used(session: StudySession) -> tuple[str, str]:
    minutes = "one minute" if session.capacity == 1 else f"{session.capacity} minutes"
    if not session.answered:
        return "Not enough time today", f"Your plan has {minutes} for today, too little for the next question."
    return "Done for today", f"The {minutes} of your plan are used. What is left waits for the days to come."


def _done(session: StudySession) -> tuple[str, str]:
    if not session.can_go_on:
        return "Everything was asked today", "There is nothing left to ask. Come back tomorrow."
    if session.answered:
        return "Done for today", "What you answered has been saved. More today would gain little."
    return "Nothing to ask today", "You are likely to still know what you have met, so asking it now would gain little."


def _is_ahead(request: SignedInRequest) -> bool:
    """Whether the candidate goes on beyond today's session."""
    return request.GET.get("ahead") == "1"


def _address(name: str, *arguments: Any, is_ahead: bool) -> str:
    return reverse(name, args=arguments) + ("?ahead=1" if is_ahead else "")


def _next_href(outcome: Outcome, *, is_ahead: bool) -> str:
    if outcome.left or (is_ahead and outcome.can_go_on):
        return _address("reviews:review-next", is_ahead=is_ahead)
    return ""


def _render_question(
    request: SignedInRequest, asked: AskedReview, source: UUID, form: AnswerReviewForm
) -> HttpResponse:
    # Only what may be seen before the answer reaches the template: neither the key nor a rationale.
    options = [
        {"letter": option["letter"], "label": option["label"], "text": option["text"], "is_chosen": option["is_chosen"]}
        for option in shown_options(asked.question, source, chosen=form.data.get("label", ""))
    ]
    title, meaning = KINDS[asked.kind]
    context = {
        "source": source,
        "kind": asked.kind,
        "title": title,
        "meaning": meaning,
        "left": asked.left,
        "minutes_left": asked.minutes_left,
        "is_leech": asked.is_leech,
        "stem": asked.question.stem,
        "objective": asked.question.objective,
        "competency": asked.question.objective.statement.competency,
        "options": options,
        "confidences": CONFIDENCES,
        "confidence": form.data.get("confidence", ""),
        "form": form,
        "answer_href": _address("reviews:review-answer", is_ahead=_is_ahead(request)),
    }
    return render(request, "reviews/review_next.html", context)


def _ask_again(request: SignedInRequest, form: AnswerReviewForm) -> HttpResponse:
    """The same question with a sentence and what was chosen, or the next one when it is not known what was asked."""
    ticket = form.asked
    on = study_day(timezone.now(), request.user.time_zone)
    asked = queries.same_question(request.user, ticket.question_id, on=on) if ticket else None
    if ticket is None or asked is None:
        messages.warning(request, "That question could not be read any more. This is the one whose turn it is.")
        return redirect(_address("reviews:review-next", is_ahead=_is_ahead(request)))
    return _render_question(request, asked, ticket.source, form)
