"""What somebody did for the bank of questions."""

from __future__ import annotations

from progress.queries.personal_data.declaration import Column, Kind, Record
from questions.models import ProblemReport, Question, SignOff

QUESTION = (
    Column("question", Kind.TEXT, "Code of the question.", "question.code"),
    Column("question_version", Kind.WHOLE, "Its version.", "question.version"),
)

BANK = (
    Record(
        name="problem_reports",
        title="Problems you reported",
        words="With our answers.",
        models=(ProblemReport,),
        columns=(
            Column("code", Kind.CODE, "Stands for the report."),
            *QUESTION,
            Column("kind", Kind.TEXT, "What kind of problem."),
            Column("text", Kind.TEXT, "Your words."),
            Column("reported_at", Kind.MOMENT, "When."),
            Column("answer", Kind.TEXT, "Ours. Empty while there is none."),
            Column("answered_at", Kind.MOMENT, "When we answered.", may_be_missing=True),
        ),
        rows=lambda person, at: person.problem_reports.select_related("question").order_by("pk"),
    ),
    Record(
        name="sign_offs",
        title="Questions you signed off",
        words="For experts.",
        models=(SignOff,),
        columns=(
            *QUESTION,
            Column("name", Kind.TEXT, "The name you gave for it."),
            Column("remark", Kind.TEXT, "Your remark."),
            Column("signed_at", Kind.MOMENT, "When."),
        ),
        rows=lambda person, at: person.sign_offs.select_related("question").order_by("pk"),
    ),
    Record(
        name="questions_written",
        title="Questions you wrote",
        words="For authors: which ones. Their text belongs to the bank.",
        models=(Question,),
        columns=(
            Column("code", Kind.TEXT, "Code of the question."),
            Column("version", Kind.WHOLE, "Its version."),
            Column("created_at", Kind.MOMENT, "When it was stored."),
        ),
        rows=lambda person, at: person.authored_questions.only("code", "version", "created_at").order_by("pk"),
    ),
)
