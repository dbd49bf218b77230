from __future__ import annotations

from datetime import datetime

from accounts.models import User
from questions.models import Question
from questions.queries import next_code, question_content
from questions.services.turns import QuestionRefused, taking_turns
from questions.validation import QuestionContent, Severity, check_question, fingerprint

Status = Question.Status


def publish_version(*, question: Question, now: datetime) -> Question:
    """Put this version in the place of the published one, which retires. Publishing twice changes nothing more."""
    with taking_turns():
        question = _current(question)
        if question.status == Status.PUBLISHED:
            return question
        if question.status == Status.RETIRED:
            raise QuestionRefused(f"{question} is retired. Revise it, and publish the version that this makes.")
        published = Question.objects.published().filter(code=question.code).first()
        if published is not None and published.version > question.version:
            raise QuestionRefused(f"{question} is older than the published version {published.version}.")
        content = _sound_content(question)
        if published is not None:
            retire_question(question=published, now=now)
        question.status = Status.PUBLISHED
        question.published_at = now
        question.fingerprint = fingerprint(content)
        question.save(update_fields=["status", "published_at", "fingerprint"])
    return question


def retire_question(*, question: Question, now: datetime) -> Question:
    """Take it out of every draw to come; attempts that drew it keep it."""
    with taking_turns():
        question = _current(question)
        if question.status != Status.RETIRED:
            question.status = Status.RETIRED
            question.retired_at = now
            question.save(update_fields=["status", "retired_at"])
    return question


def send_to_review(*, question: Question) -> Question:
    with taking_turns():
        question = _current(question)
        if not question.is_unpublished:
            raise QuestionRefused(
                f"{question} is {question.get_status_display().lower()}, and only drafts are reviewed."
            )
        question.status = Status.IN_REVIEW
        question.save(update_fields=["status"])
    return question


def revise_question(*, question: Question, author: User | None = None) -> Question:
    """The draft that is to replace this version; the one that is waiting already, if there is one."""
    with taking_turns():
        question = _current(question)
        if question.is_unpublished:
            return question
        newest = Question.objects.filter(code=question.code).order_by("-version")[0]
        if newest.is_unpublished:
            return newest
        references = question.references.all()
        draft = Question.objects.create(
            code=question.code,
            version=newest.version + 1,
            objective=question.objective,
            pool=question.pool,
            status=Status.DRAFT,
            cognitive_level=question.cognitive_level,
            difficulty=question.difficulty,
            stem=question.stem,
            options=question.options,
            key=question.key,
            locators=question.locators,
            author=author,
        )
        draft.references.set(references)
    return draft


def save_draft(*, question: Question) -> None:
    """Write a version that nobody has answered yet; a new question gets its code here."""
    with taking_turns():
        if question._state.adding:
            question.code = next_code(objective=question.objective.code, pool=question.pool)
        elif not _current(question).is_unpublished:
            raise QuestionRefused(f"{question} was published meanwhile and cannot be changed any more. Revise it.")
        question.save()


def _current(question: Question) -> Question:
    """As it stands now that it is our turn."""
    return Question.objects.select_related("objective").prefetch_related("references").get(pk=question.pk)


def _sound_content(question: Question) -> QuestionContent:
    content, findings = question_content(question)
    if content is not None:
        findings = [finding for finding in check_question(content) if finding.severity is Severity.ERROR]
    if content is None or findings:
        reasons = " ".join(finding.message for finding in findings)
        raise QuestionRefused(f"{question} cannot be published. {reasons}")
    return content
