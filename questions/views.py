from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.http import HttpRequest, SignedInRequest
from questions import queries, services
from questions.forms import AnswerSampleForm, ReportProblemForm
from questions.models import Question
from questions.queries import option_results, sample_question


@require_http_methods(["GET", "HEAD", "POST"])
def sample_answer(request: HttpRequest) -> HttpResponse:
    """Open to everybody. Which question it is cannot be chosen, so that no post can ask for another one's key."""
    question = sample_question()
    form = AnswerSampleForm(request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {"question": question, "form": form}
    if question is not None and form.is_valid():
        results = option_results(question, chosen=form.cleaned_data["label"])
        context["results"] = results
        context["terms"] = list(question.objective.terms.all())
        context["key"] = next(result for result in results if result.is_key)
    template = "questions/sample.html#sample-feedback" if request.htmx and question else "questions/sample_answer.html"
    return render(request, template, context)


@require_safe
def bank_quality(request: HttpRequest) -> HttpResponse:
    return render(request, "questions/bank_quality.html", {"quality": queries.bank_quality()})


def problem_page(request: SignedInRequest, question: Question, *, back_href: str) -> HttpResponse:
    """Report a problem with a question. That this person was asked it and may read its reasons, the caller has seen."""
    form = ReportProblemForm(request.POST if request.method == "POST" else None, initial={"code": uuid4()})
    if form.is_valid() and _report(request, question, form):
        messages.success(request, "Thank you. An admin reads your report; the answer appears among your reports.")
        return redirect(back_href)
    context = {
        "form": form,
        "stem": question.stem,
        "back_href": back_href,
        "earlier": queries.reports_by(request.user).filter(question__code=question.code).first(),
    }
    return render(request, "questions/problem_create.html", context)


def _report(request: SignedInRequest, question: Question, form: ReportProblemForm) -> bool:
    try:
        services.report_problem(question=question, reporter=request.user, now=timezone.now(), **form.cleaned_data)
    except services.ReportRefused as refusal:
        form.add_error(None, str(refusal))
        return False
    return True
