from __future__ import annotations

import pytest
from django.contrib.admin.models import LogEntry

from questions.models import Question
from tests.questions.admin_pages import LIST, change_url, make_draft, told

pytestmark = pytest.mark.django_db


def test_publish_publishes_and_is_logged(admin_client, admin_user):
    draft = make_draft()

    response = admin_client.post(f"{LIST}{draft.pk}/publish/")

    draft.refresh_from_db()
    assert (response.url, told(response)) == (change_url(draft), ["Published: MET-K1.1-P1 v1."])
    assert (draft.status, len(draft.fingerprint)) == ("published", 64)
    entry = LogEntry.objects.get()
    assert (entry.user, entry.object_id, entry.get_change_message()) == (admin_user, str(draft.pk), "Published")


def test_review_sends_to_review(admin_client):
    draft = make_draft()

    admin_client.post(f"{LIST}{draft.pk}/review/")

    draft.refresh_from_db()
    assert draft.status == "in_review"


def test_retire_retires(admin_client):
    question = make_draft(status="published")

    admin_client.post(f"{LIST}{question.pk}/retire/")

    question.refresh_from_db()
    assert question.status == "retired"


def test_revise_opens_the_next_draft(admin_client, admin_user):
    question = make_draft(status="published")

    response = admin_client.post(f"{LIST}{question.pk}/revise/")

    draft = Question.objects.get(version=2)
    assert (response.url, draft.author) == (change_url(draft), admin_user)
    assert told(response) == ["Ready to be edited: MET-K1.1-P1 v2."]


def test_a_refusal_is_a_sentence(admin_client):
    draft = make_draft(stem="")

    response = admin_client.post(f"{LIST}{draft.pk}/publish/")

    assert (response.url, told(response)) == (
        change_url(draft),
        ["MET-K1.1-P1 v1 cannot be published. The stem is empty."],
    )


def test_actions_move_many_and_name_what_they_refuse(admin_client):
    sound = make_draft()
    broken = make_draft(code="MET-K1.1-P2", key="B", stem="")

    response = admin_client.post(LIST, {"action": "publish_selected", "_selected_action": [sound.pk, broken.pk]})

    assert told(response) == [
        "Published: MET-K1.1-P1 v1.",
        "MET-K1.1-P2 v1 cannot be published. The stem is empty.",
    ]


@pytest.mark.parametrize(
    ("action", "status"),
    [("review_selected", "in_review"), ("retire_selected", "retired"), ("publish_selected", "published")],
)
def test_each_action_moves_to_its_status(admin_client, action, status):
    draft = make_draft()

    admin_client.post(LIST, {"action": action, "_selected_action": [draft.pk]})

    draft.refresh_from_db()
    assert draft.status == status


def test_the_action_revise_makes_drafts(admin_client):
    question = make_draft(status="published")

    admin_client.post(LIST, {"action": "revise_selected", "_selected_action": [question.pk]})

    assert Question.objects.get(version=2).status == "draft"
