from __future__ import annotations

from datetime import timedelta

import pytest

from questions.models import Question
from questions.queries import question_content
from questions.services import (
    QuestionRefused,
    publish_version,
    retire_question,
    revise_question,
    save_draft,
    send_to_review,
)
from questions.validation import fingerprint
from tests.factories import NOW, make_objective, make_question

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)


def make_draft(**fields: object) -> Question:
    return make_question(**{"code": "MET-K1.1-P1", "status": "draft", **fields})


def refused(service, **arguments) -> str:
    with pytest.raises(QuestionRefused) as refusal:
        service(**arguments)
    return str(refusal.value)


@pytest.mark.parametrize("status", ["draft", "in_review"])
def test_publish_version_publishes_a_draft_with_its_fingerprint(status):
    draft = make_draft(status=status)

    published = publish_version(question=draft, now=NOW)

    published.refresh_from_db()
    content, _ = question_content(published)
    assert (published.pk, published.status, published.published_at) == (draft.pk, "published", NOW)
    assert published.fingerprint == fingerprint(content)


def test_publish_version_retires_the_version_before():
    old = publish_version(question=make_draft(), now=NOW)
    new = publish_version(question=revise_question(question=old), now=LATER)

    old.refresh_from_db()
    assert (old.status, old.retired_at) == ("retired", LATER)
    assert (new.version, new.status) == (2, "published")


def test_publishing_twice_changes_nothing_more():
    first = publish_version(question=make_draft(), now=NOW)

    again = publish_version(question=first, now=LATER)

    assert (again.pk, again.published_at) == (first.pk, NOW)


def test_publish_version_refuses_a_retired_one():
    question = make_draft(status="retired")

    assert refused(publish_version, question=question, now=NOW) == (
        "MET-K1.1-P1 v1 is retired. Revise it, and publish the version that this makes."
    )


def test_publish_version_refuses_one_older_than_the_published():
    draft = make_draft()
    make_question(code="MET-K1.1-P1", version=2)

    assert refused(publish_version, question=draft, now=NOW) == "MET-K1.1-P1 v1 is older than the published version 2."


def test_publish_version_refuses_a_question_with_errors_and_keeps_the_published_one():
    published = publish_version(question=make_draft(), now=NOW)
    draft = revise_question(question=published)
    draft.references.clear()
    Question.objects.filter(pk=draft.pk).update(stem=" ")

    assert refused(publish_version, question=draft, now=NOW) == (
        "MET-K1.1-P1 v2 cannot be published. The stem is empty. There is no reference: name at least one work."
    )
    published.refresh_from_db()
    assert published.status == "published"


def test_publish_version_refuses_content_without_shape():
    draft = make_draft(options="nonsense")

    assert refused(publish_version, question=draft, now=NOW) == (
        "MET-K1.1-P1 v1 cannot be published. The options must be a list, not the text “nonsense”."
    )


def test_publish_version_lets_warnings_pass():
    assert publish_version(question=make_draft(stem="No question mark."), now=NOW).status == "published"


@pytest.mark.parametrize("status", ["draft", "in_review", "published"])
def test_retire_question_retires(status):
    question = retire_question(question=make_draft(status=status), now=NOW)

    question.refresh_from_db()
    assert (question.status, question.retired_at) == ("retired", NOW)


def test_retiring_twice_keeps_the_first_moment():
    question = retire_question(question=make_draft(), now=NOW)

    assert retire_question(question=question, now=LATER).retired_at == NOW


def test_send_to_review_moves_a_draft():
    question = send_to_review(question=make_draft())

    question.refresh_from_db()
    assert question.status == "in_review"


@pytest.mark.parametrize("status", ["published", "retired"])
def test_send_to_review_refuses_what_is_no_draft(status):
    assert refused(send_to_review, question=make_draft(status=status)) == (
        f"MET-K1.1-P1 v1 is {status}, and only drafts are reviewed."
    )


@pytest.mark.parametrize("status", ["published", "retired"])
def test_revise_question_copies_everything_into_a_draft(status, coordinator):
    question = make_draft(status=status, difficulty=5, locators={"reichheld-2003": "p. 50"}, fingerprint="x" * 64)

    draft = revise_question(question=question, author=coordinator)

    old, _ = question_content(question)
    new, _ = question_content(draft)
    assert fingerprint(new) == fingerprint(old)
    assert (draft.version, draft.status, draft.author) == (2, "draft", coordinator)
    assert (draft.fingerprint, draft.published_at, draft.retired_at) == ("", None, None)
    question.refresh_from_db()
    assert question.status == status


def test_revising_again_returns_the_draft_that_waits():
    question = make_draft(status="published")

    draft = revise_question(question=question)

    assert revise_question(question=question) == draft
    assert revise_question(question=draft) == draft
    assert Question.objects.count() == 2


def test_revise_question_counts_on_from_the_newest_version():
    oldest = make_draft(status="retired")
    make_question(code="MET-K1.1-P1", version=2)

    assert revise_question(question=oldest).version == 3


def test_save_draft_gives_a_new_question_the_next_code():
    make_draft(status="retired", code="MET-K1.1-P9")
    make_draft(status="retired", code="MET-K1.1-M11")
    question = make_draft()
    question.pk, question.code, question._state.adding = None, "", True

    save_draft(question=question)

    assert Question.objects.get(pk=question.pk).code == "MET-K1.1-P10"


def test_save_draft_refuses_what_was_published_meanwhile():
    draft = make_draft()
    Question.objects.update(status="published")
    draft.stem = "Too late?"

    assert refused(save_draft, question=draft) == (
        "MET-K1.1-P1 v1 was published meanwhile and cannot be changed any more. Revise it."
    )
    assert Question.objects.get().stem != "Too late?"


@pytest.mark.postgres
def test_parallel_revisions_make_one_draft(in_parallel):
    question = make_draft(status="published")

    drafts = in_parallel(8, lambda number: revise_question(question=question).pk)

    assert len(set(drafts)) == 1
    assert Question.objects.count() == 2


@pytest.mark.postgres
def test_parallel_publications_leave_one_published_version(in_parallel):
    make_objective()
    versions = [make_draft(version=number) for number in range(1, 9)]

    def run(number: int) -> bool:
        try:
            return publish_version(question=versions[number], now=NOW).status == "published"
        except QuestionRefused:
            return False

    results = in_parallel(8, run)

    assert results[7] is True
    assert list(Question.objects.published().values_list("version", flat=True)) == [8]
