"""Why an answer went wrong, said by the candidate with one tap, wherever a wrong answer is shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST
from django_htmx.http import trigger_client_event

from accounts.decorators import signed_in
from accounts.http import SignedInRequest, next_of
from quizzes.attempt_facts import ResponseFacts
from quizzes.forms.results import ClassifyMissForm
from quizzes.models import Attempt, Response
from quizzes.queries import get_response_for
from quizzes.services import classify_miss
from quizzes.views.result_page import filter_href, href_of_reviewed
from quizzes.views.visits import settle

TEMPLATE = "quizzes/miss_reason_form.html"
# What a page listens for that counts the reasons.
SAID = "miss-reason-said"
# Short enough for two beside each other on a phone.
LABELS = {
    Response.MissReason.KNOWLEDGE: "Did not know it",
    Response.MissReason.MISREAD: "Misread it",
    Response.MissReason.REASONING: "Reasoned wrongly",
    Response.MissReason.TIME: "Ran out of time",
}
WORDS = {
    Response.MissReason.KNOWLEDGE: "did not know it",
    Response.MissReason.MISREAD: "misread",
    Response.MissReason.REASONING: "reasoned wrongly",
    Response.MissReason.TIME: "ran out of time",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonForm:
    """What miss_reason_form.html draws."""

    position: int
    href: str
    chosen: str
    suggested: str
    next_href: str
    error: str = ""

    @property
    def choices(self) -> list[tuple[str, str]]:
        return [(reason.value, label) for reason, label in LABELS.items()]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonSummary:
    """Pairs of a number with the words of a reason, most frequent first.

    Reasons are asked for wrong answers. What was left blank may have one too, but eighty blanks of a mock exam are not
    worth a tap each.
    """

    wrong: int
    said: list[tuple[int, str]]
    unanswered: int
    said_of_unanswered: list[tuple[int, str]]
    href: str

    @property
    def unsaid(self) -> int:
        return self.wrong - sum(n for n, _ in self.said)


@signed_in
@require_POST
def response_reason(request: SignedInRequest, code: UUID, position: int) -> HttpResponse:
    now = timezone.now()
    response = get_response_for(request.user, code, position)
    settle(request, response.attempt, now)
    if not is_classified(response, now):
        raise Http404
    form = ClassifyMissForm(request.POST)
    error = "" if form.is_valid() else "That is no reason of ours. Choose one of the four."
    if not error:
        response.miss_reason = form.cleaned_data["reason"]
        classify_miss(response=response, reason=response.miss_reason)
    next_href = next_of(request) or href_of_reviewed(response.attempt, position)
    if not request.htmx:
        if error:
            messages.warning(request, error)
        return redirect(next_href)
    shown = reason_form(response.attempt, response, next_href=next_href, error=error)
    return trigger_client_event(render(request, TEMPLATE, {"form": shown}), SAID)


def is_classified(response: Response, now: datetime) -> bool:
    """Only what is known to be wrong, and only when that may be told."""
    return response.is_correct is False and response.shows_rationale(now)


def reason_form(
    attempt: Attempt, missed: Response | ResponseFacts, *, next_href: str = "", error: str = ""
) -> ReasonForm:
    """Of a wrong or unanswered question. What was left blank when the time ran out, the time may have cost."""
    is_blank = not (missed.selected_label if isinstance(missed, Response) else missed.selected)
    ran_out = attempt.deadline_at is not None and attempt.submitted_at == attempt.deadline_at
    return ReasonForm(
        position=missed.position,
        href=reverse("quizzes:response-reason", args=[attempt.code, missed.position]),
        chosen=missed.miss_reason,
        suggested=Response.MissReason.TIME if is_blank and ran_out and not missed.miss_reason else "",
        next_href=next_href,
        error=error,
    )


def reason_summary(attempt: Attempt, rows: Iterable[ResponseFacts]) -> ReasonSummary | None:
    missed = [row for row in rows if not row.is_correct]
    if not missed:
        return None
    wrong, unanswered = [row for row in missed if row.selected], [row for row in missed if not row.selected]
    return ReasonSummary(
        wrong=len(wrong),
        said=_said_of(wrong),
        unanswered=len(unanswered),
        said_of_unanswered=_said_of(unanswered),
        href=filter_href(attempt, "wrong"),
    )


def _said_of(rows: Iterable[ResponseFacts]) -> list[tuple[int, str]]:
    counts = Counter(row.miss_reason for row in rows if row.miss_reason)
    return [(n, WORDS[Response.MissReason(reason)]) for reason, n in counts.most_common()]
