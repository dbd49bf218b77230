from __future__ import annotations

from datetime import datetime

from accounts.models import User
from questions.models import Question, SignOff
from questions.services.turns import QuestionRefused, taking_turns


def sign_off(*, question: Question, signer: User, name: str, remark: str, now: datetime) -> SignOff:
    """Note that this person stands by this version; signing again rewrites name and remark."""
    with taking_turns():
        question = Question.objects.get(pk=question.pk)
        if question.status != Question.Status.PUBLISHED:
            raise QuestionRefused(f"{question} is not published, and only published versions are signed off.")
        signed, _ = SignOff.objects.update_or_create(
            question=question, signer=signer, defaults={"name": name, "remark": remark, "signed_at": now}
        )
    return signed


def withdraw_sign_off(*, question: Question, signer: User) -> None:
    SignOff.objects.filter(question=question, signer=signer).delete()
