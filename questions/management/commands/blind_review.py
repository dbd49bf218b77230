from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from questions.blind_review import (
    ADJUDICATION,
    OPTIONS,
    SCREENING,
    STEM,
    BlindItem,
    Solve,
    blind_items,
    read_answers,
    unsolved,
    words_digest,
    write_record,
    write_sheet,
)
from questions.queries import published_contents, recorded_solves
from questions.validation import QuestionContent

VIEWS = {
    "--without-stem": (OPTIONS, "The options alone."),
    "--screening": (SCREENING, "The options alone, to choose what to rewrite; counts in no figure."),
}


class Command(BaseCommand):
    help = "Have the published questions solved blind: write sheets for solvers, record their answers."

    def add_arguments(self, parser: CommandParser) -> None:
        steps = parser.add_subparsers(dest="step", required=True)
        sheet = steps.add_parser("sheet", help="Write sheets without keys.")
        answers = steps.add_parser("answers", help="Add a solver's answers, lines of number,letter,remark.")
        for step in (sheet, answers):
            step.add_argument("--seed", required=True, help="Any word; the same for a sheet and its answers.")
            view = step.add_mutually_exclusive_group()
            for name, (const, help_text) in VIEWS.items():
                view.add_argument(name, action="store_const", const=const, default=STEM, dest="view", help=help_text)
        sheet.add_argument("--folder", type=Path, required=True, help="Where the sheets go.")
        sheet.add_argument("--size", type=int, default=200, help="Questions on a sheet.")
        sheet.add_argument("--lacking", action="store_true", help="Only questions not yet solved often enough.")
        answers.add_argument("--solver", required=True, help="Who solved; a name of two runs counts once.")
        answers.add_argument("file", type=Path)
        ruling = steps.add_parser("adjudicate", help="Record what was decided about disputed questions.")
        ruling.add_argument("file", type=Path, help="Lines of question,kept|mended|dropped,reason.")

    def handle(self, *, step: str, **options: Any) -> None:
        solves = recorded_solves()
        if step == "sheet":
            self.write_sheets(solves, **options)
        else:
            added = list(self.adjudications(**options) if step == "adjudicate" else self.answers(**options))
            names = {(solve.question, solve.words, solve.view, solve.solver) for solve in added}
            kept = [each for each in solves if (each.question, each.words, each.view, each.solver) not in names]
            with settings.CONTENT_REVIEW.open("w", encoding="utf-8") as stream:
                write_record([*kept, *added], stream)
            self.stdout.write(f"{len(added)} lines recorded")

    def write_sheets(
        self, solves: list[Solve], *, seed: str, view: str, folder: Path, size: int, lacking: bool, **_: Any
    ) -> None:
        contents = list(published_contents())
        if lacking:
            lacks = unsolved(solves, words_by_code(contents))
            contents = [content for content in contents if content.code in lacks]
        items = blind_items(contents, seed=seed)
        folder.mkdir(parents=True, exist_ok=True)
        for number, start in enumerate(range(0, len(items), size), start=1):
            with (folder / f"{seed}-{number}.md").open("w") as stream:
                write_sheet(items[start : start + size], view=view, stream=stream)
        self.stdout.write(f"{len(items)} questions on {-(-len(items) // size)} sheets")

    def answers(self, *, seed: str, view: str, solver: str, file: Path, **_: Any) -> list[Solve]:
        items: list[BlindItem] = blind_items(published_contents(), seed=seed)
        solves, refusals = read_answers(lines_of(file), items, view=view, solver=solver)
        for refusal in refusals:
            self.stderr.write(f"{file}:{refusal}")
        for solve in solves:
            if not solve.agrees:
                self.stdout.write(f"{solve.question}: {solve.answer} instead of the key. {solve.remark}".rstrip())
        return solves

    def adjudications(self, *, file: Path, **_: Any) -> Iterator[Solve]:
        by_code = words_by_code(published_contents())
        for place, line in enumerate(lines_of(file), start=1):
            code, decision, reason = (*line.split(",", 2), "", "")[:3]
            if decision not in {"kept", "mended", "dropped"}:
                raise CommandError(f"{file}:{place}: The decision must be kept, mended or dropped, not “{decision}”.")
            if code not in by_code:
                raise CommandError(f"{file}:{place}: No published question has the code “{code}”.")
            yield Solve(code, by_code[code], ADJUDICATION, "adjudicator", decision, True, reason.strip())


def lines_of(file: Path) -> list[str]:
    try:
        return file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "It is not UTF-8 text"
        raise CommandError(f"{file} cannot be read: {reason}.") from error


def words_by_code(contents: Iterable[QuestionContent]) -> dict[str, str]:
    return {content.code: words_digest(content) for content in contents}
