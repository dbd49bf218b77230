"""What candidates do of an evening, by the services they would use."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import uuid4

from accounts.models import User
from competencies.models import Blueprint
from progress.demo.assigned import sits
from progress.demo.evenings import ago
from progress.demo.personas import Persona
from questions.models import Question
from quizzes.models import Assignment, Attempt, DrawRule, Feedback, Quiz, Response
from quizzes.services import (
    build_practice_quiz,
    check_response,
    finish_attempt,
    record_answer,
    shared_mock,
    start_attempt,
)
from reviews.queries import study_of
from reviews.scheduler import rating_for
from reviews.services import NewReview, record_reviews
from reviews.study_days import study_day

SEED = 2026
FLAGGED = 0.08
SAYS_WHY = 0.6
REASONS = {"knowledge": 50, "misread": 22, "reasoning": 23, "time": 5}


class Studying:
    def __init__(self, now: datetime, edition: Blueprint) -> None:
        self.now = now
        self.edition = edition
        self.rng = Random(SEED)
        # Flags and reasons lead to nothing else, so they leave all other numbers where they are.
        self.marks = Random(SEED)
        # By objective its practice questions, and by candidate when a review asked each.
        self.variants: dict[int, list[Question]] = defaultdict(list)
        for question in Question.objects.published().practice().with_blueprint().order_by("code"):
            self.variants[question.objective_id].append(question)
        self.asked: dict[int, dict[int, datetime]] = defaultdict(dict)

    def study(self, persona: Persona, candidate: User, assignments: dict[int, Assignment]) -> None:
        """In the order of time, because a memory is a fold over the past."""
        for days_ago in range(28, 0, -1):
            if days_ago in persona.evenings:
                self.review(persona, candidate, days_ago)
                self.practice(persona, candidate, days_ago)
            if days_ago in persona.retakes:
                self.retake(persona, candidate, days_ago)
            if days_ago in persona.sat_mocks:
                self.sit(persona, candidate, shared_mock(blueprint=self.edition), days_ago)
            if days_ago in assignments and sits(persona, assignments[days_ago], now=self.now):
                self.sit(persona, candidate, assignments[days_ago].quiz, days_ago, assignments[days_ago])
        if persona.name == "Carla":
            self.leave_one_open(persona, candidate)

    def review(self, persona: Persona, candidate: User, days_ago: int) -> None:
        """What they have met, in the order of the study queue, each by the question not asked for longest."""
        at = ago(self.now, days_ago, persona.time_zone)
        study = study_of(candidate, on=study_day(at, candidate.time_zone))
        met = [study.objectives[place] for place in study.session.queue.order if study.outset.is_met[place]]
        if persona.stumbles_over in study.outset.codes:
            met.insert(0, study.objectives[study.outset.codes.index(persona.stumbles_over)])
        reviews = [
            self.reviewed(persona, candidate, objective, days_ago, at + timedelta(seconds=45 * count))
            for count, objective in enumerate(dict.fromkeys(met[: persona.reviews]))
        ]
        record_reviews(candidate=candidate, reviews=reviews)

    def reviewed(self, persona: Persona, candidate: User, objective: int, days_ago: int, at: datetime) -> NewReview:
        asked = self.asked[candidate.pk]
        question = min(self.variants[objective], key=lambda each: asked.get(each.pk, datetime.min.replace(tzinfo=UTC)))
        asked[question.pk] = at
        label, confidence = self.choose(persona, question, days_ago)
        return NewReview(
            objective_id=objective,
            question_id=question.pk,
            source=uuid4(),
            selected_label=label,
            rating=rating_for(is_correct=label == question.key, confidence=confidence),
            seconds=self.rng.randint(15, 70),
            reviewed_at=at,
            is_from_review=True,
        )

    def practice(self, persona: Persona, candidate: User, days_ago: int) -> None:
        attempt = self.start_practice(persona, candidate, days_ago, count=10)
        self.check_each(persona, attempt, days_ago, count=10)
        finish_attempt(attempt=attempt, now=attempt.started_at + timedelta(minutes=15))

    def leave_one_open(self, persona: Persona, candidate: User) -> None:
        self.check_each(persona, self.start_practice(persona, candidate, 1, count=12), 1, count=5)

    def start_practice(self, persona: Persona, candidate: User, days_ago: int, *, count: int) -> Attempt:
        rule = DrawRule(unseen_first=True)
        title = "Mixed practice"
        if persona.areas:
            area = persona.areas[days_ago % len(persona.areas)]
            rule["competencies"], title = [area], f"Practice: {area}"
        return self.start(persona, candidate, days_ago, title=title, rule=rule, count=count)

    def retake(self, persona: Persona, candidate: User, days_ago: int) -> None:
        """The oldest practice quiz that was not taken again yet, half an hour after that of the evening."""
        practice = Attempt.objects.for_candidate(candidate).finished().filter(quiz__kind=Quiz.Kind.PRACTICE)
        old = practice.filter(assignment=None).order_by("started_at")[persona.retakes.index(days_ago)]
        codes = list(old.responses.order_by("position").values_list("question__code", flat=True))
        title, rule = f"{old.quiz.title}, again", DrawRule(questions=codes)
        attempt = self.start(persona, candidate, days_ago, title=title, rule=rule, count=len(codes), minutes=50)
        self.check_each(persona, attempt, days_ago, count=len(codes))
        finish_attempt(attempt=attempt, now=attempt.started_at + timedelta(minutes=15))

    def start(
        self,
        persona: Persona,
        candidate: User,
        days_ago: int,
        *,
        title: str,
        rule: DrawRule,
        count: int,
        minutes: int = 20,
    ) -> Attempt:
        quiz = build_practice_quiz(
            candidate=candidate,
            code=uuid4(),
            title=title,
            rule=rule,
            question_count=count,
            feedback=Feedback.AFTER_EACH,
        )
        at = ago(self.now, days_ago, persona.time_zone) + timedelta(minutes=minutes)
        return start_attempt(candidate=candidate, quiz=quiz, now=at)

    def check_each(self, persona: Persona, attempt: Attempt, days_ago: int, *, count: int) -> None:
        for response in self.responses(attempt)[:count]:
            label, confidence = self.choose(persona, response.question, days_ago)
            check_response(
                response=response,
                label=label,
                confidence=confidence,
                seconds=self.rng.randint(20, 110),
                is_flagged=self.marks.random() < FLAGGED,
                now=attempt.started_at + timedelta(seconds=80 * response.position),
            )

    def sit(
        self, persona: Persona, candidate: User, quiz: Quiz, days_ago: int, assignment: Assignment | None = None
    ) -> None:
        started_at = ago(self.now, days_ago, persona.time_zone) + timedelta(minutes=self.rng.randint(60, 90))
        attempt = start_attempt(candidate=candidate, quiz=quiz, now=started_at, assignment=assignment)
        answered_at = started_at
        for response in self.responses(attempt):
            label, confidence = self.choose(persona, response.question, days_ago)
            seconds = self.rng.randint(35, 100)
            answered_at += timedelta(seconds=seconds)
            record_answer(
                attempt_code=attempt.code,
                candidate=candidate,
                position=response.position,
                key=uuid4(),
                sequence=1,
                label=label,
                is_flagged=self.rng.random() < FLAGGED,
                confidence="" if attempt.is_mock else confidence,
                seconds=seconds,
                now=answered_at,
            )
        finish_attempt(attempt=attempt, now=answered_at + timedelta(minutes=2))

    def say_why(self, candidate: User) -> None:
        """For most of what went wrong."""
        wrong = Response.objects.filter(attempt__candidate=candidate, is_correct=False).exclude(selected_label="")
        reasons: dict[str, list[int]] = {reason: [] for reason in REASONS}
        for pk in wrong.order_by("pk").values_list("pk", flat=True):
            if self.marks.random() < SAYS_WHY:
                reasons[self.marks.choices([*REASONS], [*REASONS.values()])[0]].append(pk)
        for reason, found in reasons.items():
            Response.objects.filter(pk__in=found).update(miss_reason=reason)

    def choose(self, persona: Persona, question: Question, days_ago: int) -> tuple[str, str]:
        """A label and how sure they said they were: who knows is often sure, who does not seldom."""
        knows = self.rng.random() < persona.chance(question, days_ago)
        wrong = [option["label"] for option in question.distractors()]
        weights = (70, 25, 5) if knows else (15, 45, 40)
        confidence = self.rng.choices(["sure", "unsure", "guess"], weights)[0]
        return question.key if knows else self.rng.choice(wrong), confidence

    def responses(self, attempt: Attempt) -> list[Response]:
        return list(
            attempt.responses.select_related("attempt", "question__objective__statement__competency").order_by(
                "position"
            )
        )
