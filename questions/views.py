from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.http import HttpRequest
from questions import queries
from questions.forms import AnswerSampleForm
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
