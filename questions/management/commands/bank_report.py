from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from questions.queries import BlindReview, Coverage, Tally, bank_coverage, bank_measures, blind_review
from questions.validation import LEVELS, POOLS, Measure

COLUMNS = (*POOLS, *LEVELS, *"12345", "signed off")


class Command(BaseCommand):
    help = "Report what the bank covers, the figures of its gate, and how blind solving came out."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", dest="as_json", help="Print everything as JSON.")
        parser.add_argument("--objectives", action="store_true", help="Also a line for each objective.")

    def handle(self, *, as_json: bool, objectives: bool, **options: Any) -> None:
        coverage, measures, review = bank_coverage(), bank_measures(), blind_review()
        if as_json:
            report = {
                "coverage": {name: list(map(as_dict, rows)) for name, rows in tables(coverage).items()},
                "gate": [{**asdict(measure), "is_met": measure.is_met} for measure in measures],
                "blind_review": asdict(review),
            }
            self.stdout.write(json.dumps(report, ensure_ascii=False, indent=2))
            return
        self.write_coverage(coverage, objectives=objectives)
        self.write_gate(measures)
        self.write_review(review)

    def write_coverage(self, coverage: Coverage, *, objectives: bool) -> None:
        for name, rows in tables(coverage).items():
            if name == "objectives" and not objectives:
                continue
            self.stdout.write(f"{name:<12}" + "".join(f"{column:>12}" for column in COLUMNS))
            for row in rows:
                self.stdout.write(f"{row.code or 'all':<12}" + "".join(f"{count:>12}" for count in row.counts))
            self.stdout.write()

    def write_gate(self, measures: Iterable[Measure]) -> None:
        for measure in measures:
            self.stdout.write(f"{'met' if measure.is_met else 'FAILED':<8}{measure.subject:<14}{measure}")
        self.stdout.write()

    def write_review(self, review: BlindReview) -> None:
        for name, figures in (("All that was solved", review.ever), ("As published now", review.now)):
            self.stdout.write(
                f"{name}: agreement {figures.agreement:.1%} of {figures.solves} blind solves, options alone"
                f" {figures.blind_agreement:.1%} of {figures.blind_solves}, gap {figures.gap:.2f},"
                f" {figures.adjudicated} adjudicated"
            )
        self.stdout.write(f"{review.lacking} of {review.published} published questions lack a solver")


def tables(coverage: Coverage) -> dict[str, list[Tally]]:
    return {
        "competencies": [*coverage.competencies, coverage.bank],
        "statements": coverage.statements,
        "objectives": coverage.objectives,
    }


def as_dict(row: Tally) -> dict[str, str | int]:
    return {"code": row.code, "name": row.name, **dict(zip(COLUMNS, row.counts, strict=True))}
