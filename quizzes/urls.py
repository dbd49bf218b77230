from __future__ import annotations

from django.urls import path

from quizzes.views import (
    answered,
    assignments,
    exam,
    flags,
    miss_reasons,
    pauses,
    placement,
    practice,
    problems,
    responses,
    results,
)

app_name = "quizzes"
urlpatterns = [
    # /practice/
    path("practice/", practice.practice, name="practice"),
    path("practice/count/", practice.practice_count, name="practice-count"),
    path("practice/daily/", practice.daily_ten_start, name="daily-ten-start"),
    path("practice/short-mock/", practice.short_mock_start, name="short-mock-start"),
    path("practice/reset/", practice.practice_reset, name="practice-reset"),
    path("practice/reset/undo/", practice.practice_reset_undo, name="practice-reset-undo"),
    # /mock/
    path("mock/", exam.mock, name="mock"),
    path("mock/<slug:blueprint>/start/", exam.mock_start, name="mock-start"),
    # /placement/
    path("placement/", placement.placement, name="placement"),
    # /attempts/
    path("attempts/", results.attempt_list, name="attempt-list"),
    path("attempts/<uuid:code>/", results.attempt_detail, name="attempt-detail"),
    path("attempts/<uuid:code>/submit/", results.attempt_submit, name="attempt-submit"),
    path("attempts/<uuid:code>/repeat/", practice.attempt_repeat, name="attempt-repeat"),
    path("attempts/<uuid:code>/pause/", pauses.attempt_pause, name="attempt-pause"),
    path("attempts/<uuid:code>/resume/", pauses.attempt_resume, name="attempt-resume"),
    path("attempts/<uuid:code>/exam/", exam.exam_room, name="exam-room"),
    path("attempts/<uuid:code>/placement/", placement.placement_question, name="placement-question"),
    path("attempts/<uuid:code>/placement/finish/", placement.placement_finish, name="placement-finish"),
    path("attempts/<uuid:code>/answers/", exam.answer_record, name="answer-record"),
    path("attempts/<uuid:code>/answers.csv", results.attempt_export, name="attempt-export"),
    path("attempts/<uuid:code>/questions/", results.response_list, name="response-list"),
    path("attempts/<uuid:code>/questions/<int:position>/", responses.response_detail, name="response-detail"),
    path("attempts/<uuid:code>/questions/<int:position>/reason/", miss_reasons.response_reason, name="response-reason"),
    path("attempts/<uuid:code>/questions/<int:position>/flag/", flags.response_flag, name="response-flag"),
    path("attempts/<uuid:code>/questions/<int:position>/problem/", problems.problem_create, name="problem-create"),
    # /questions/problems/: here and not in `questions`, because which of them may be read now depends on open exams
    path("questions/problems/", problems.problem_list, name="problem-list"),
    # /answered/
    path("answered/", answered.answered_list, name="answered-list"),
    # /assignments/: the candidate's
    path("assignments/<uuid:code>/", assignments.assignment_detail, name="assignment-detail"),
    path("assignments/<uuid:code>/start/", assignments.assignment_start, name="assignment-start"),
    # /assignments/ and /cohorts/<code>/assignments/: the coordinator's
    path("cohorts/<uuid:cohort>/assignments/", assignments.assignment_list, name="assignment-list"),
    path("cohorts/<uuid:cohort>/assignments/new/", assignments.assignment_create, name="assignment-create"),
    path("cohorts/<uuid:cohort>/assignments/questions/", assignments.question_search, name="question-search"),
    path("assignments/<uuid:code>/board/", assignments.assignment_board, name="assignment-board"),
    path("assignments/<uuid:code>/window/", assignments.assignment_update, name="assignment-update"),
    path("assignments/<uuid:code>/questions/", assignments.assignment_questions, name="assignment-questions"),
    path("assignments/<uuid:code>/scores.csv", assignments.assignment_export, name="assignment-export"),
]
