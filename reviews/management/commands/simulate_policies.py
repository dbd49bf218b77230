from __future__ import annotations

import json
import sys
from argparse import ArgumentParser, ArgumentTypeError
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from reviews.simulation.acceptance import acceptance_lines
from reviews.simulation.comparison import PROCESSES, QUICK, Study, compare
from reviews.simulation.report import as_json, chart_svg, text_lines
from reviews.simulation.worlds import design_cells


class Command(BaseCommand):
    help = "Compare the study queue with other policies on simulated candidates; exit code 1 where it must be better."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--candidates", type=positive, help="Candidates of each seed (default: 80).")
        parser.add_argument("--seeds", type=positive, help="How many seeds (default: 2).")
        parser.add_argument("--first-seed", type=positive, help="The first of them (default: 1).")
        parser.add_argument("--minutes", type=positive, nargs="+", help="Minutes a day (default: 10 20 40).")
        parser.add_argument("--objectives", type=positive, help="Objectives of the bank (default: 300).")
        parser.add_argument("--days", type=positive, help="Days to the exam (default: 42).")
        parser.add_argument("--quick", action="store_true", help="One seed of 40 candidates, 10 and 20 minutes.")
        parser.add_argument("--processes", type=positive, default=PROCESSES, help="Default: %(default)s.")
        parser.add_argument("--json", action="store_true", help="Print a JSON document instead of the table.")
        parser.add_argument("--svg", type=Path, metavar="FILE", help="Write a chart of the differences.")

    def handle(self, *, processes: int, svg: Path | None, **options: Any) -> None:
        study = chosen_study(options)
        results, cells = compare(study, processes=processes), design_cells()
        lines = acceptance_lines(results, cells)
        if svg:
            svg.write_text(chart_svg(study, results), encoding="utf-8")
        if options["json"]:
            document = {"made_on": timezone.localdate().isoformat(), **as_json(study, results, cells, lines)}
            self.stdout.write(json.dumps(document, indent=1))
        else:
            self.stdout.write("\n".join(text_lines(study, results)))
        failed = [line.text for line in lines if not line.holds]
        for text in failed:
            self.stderr.write(self.style.ERROR(f"Fails: {text}"))
        if failed:
            sys.exit(1)
        if not options["json"]:
            self.stdout.write(self.style.SUCCESS(f"\nAll {len(lines)} acceptance lines hold."))


def chosen_study(options: dict[str, Any]) -> Study:
    study = QUICK if options["quick"] else Study()
    names = ("candidates", "seeds", "first_seed", "objectives", "days")
    given = {name: options[name] for name in names if options[name] is not None}
    if options["minutes"]:
        given["minutes"] = tuple(sorted(set(options["minutes"])))
    return replace(study, **given)


def positive(text: str) -> int:
    """A whole number from 1 to 10,000."""
    try:
        value = int(text)
    except ValueError:
        value = 0
    if not 1 <= value <= 10_000:
        raise ArgumentTypeError(f"{text!r} is no whole number from 1 to 10000")
    return value
