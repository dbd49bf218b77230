from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.decorators import signed_in
from accounts.http import SignedInRequest
from questions.views import problem_page
from reviews import queries


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def problem_create(request: SignedInRequest, source: UUID) -> HttpResponse:
    log = queries.get_review_for(request.user, source)
    return problem_page(request, log.question, back_href=reverse("reviews:review-detail", args=[source]))
