from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from reviews.fitting import History, Scores, compared
from reviews.scheduler import Floats, Rating
from reviews.simulation.logs import recorded_histories
from reviews.simulation.worlds import WORLDS
from reviews.study_days import study_day

peer: ModuleType | None
try:
    import fsrs as peer
except ImportError:
    peer = None  # It comes with the tools of development only.

COLUMNS = ("card_id", "review_rating", "review_datetime")
MOST_BAD_ROWS = 20
NOON_OF_FIRST_DAY = datetime(1, 1, 1, 12, tzinfo=UTC)
Table = dict[str, Scores]


class Command(BaseCommand):
    help = "Measure how well the memory model foretells a log of reviews, beside simpler models. Writes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, help=f"A CSV file with the columns {', '.join(COLUMNS)}.")
        parser.add_argument("--time-zone", default="UTC", help="Of the candidate, whose study days begin at 04:00.")
        parser.add_argument("--simulated", action="store_true", help="Logs of simulated candidates, of both worlds.")
        parser.add_argument("--candidates", type=int, default=12, help="Of each world; 12 unless told.")
        parser.add_argument("--json", action="store_true", dest="as_json", help="Print everything as JSON.")

    def handle(
        self, *, file: Path | None, time_zone: str, simulated: bool, candidates: int, as_json: bool, **options: Any
    ) -> None:
        if (file is not None) == simulated or candidates < 1:
            raise CommandError("Name either a file or --simulated, with at least one of --candidates.")
        tables = simulated_tables(candidates) if file is None else {str(file): mean_table([self.read(file, time_zone)])}
        if empty := [name for name, table in tables.items() if not table]:
            raise CommandError(f"{empty[0]}: too few reviews on a later day than the one before to measure anything.")
        if as_json:
            report = {name: {model: row._asdict() for model, row in table.items()} for name, table in tables.items()}
            self.stdout.write(json.dumps(report, indent=2))
            return
        for name, table in tables.items():
            self.write_table(name, table)

    def read(self, file: Path, time_zone: str) -> History:
        try:
            ZoneInfo(time_zone)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise CommandError(f"There is no time zone {time_zone!r}.") from error
        try:
            with file.open(encoding="utf-8-sig", newline="") as opened:
                read = read_reviews(csv.DictReader(opened), time_zone, now=timezone.now())
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            raise CommandError(f"{file} cannot be read: {error}") from error
        if read.bad:
            more = len(read.bad) - MOST_BAD_ROWS
            lines = [f"{file}:{line}: {reason}" for line, reason in read.bad[:MOST_BAD_ROWS]]
            raise CommandError("\n".join([*lines, f"and {more} more bad rows"] if more > 0 else lines))
        if read.doubled:
            self.stderr.write(f"{file}: {read.doubled} rows tell a review again and were left out.")
        return as_history(read.reviews)

    def write_table(self, name: str, table: Table) -> None:
        self.stdout.write(f"{name}: {next(iter(table.values())).n} reviews foretold")
        self.stdout.write(f"{'':<24}{'log loss':>10}{'RMSE(bins)':>12}")
        for model, row in table.items():
            self.stdout.write(f"{model:<24}{row.log_loss:>10.4f}{row.rmse_bins:>12.4f}")
        self.stdout.write()


class Review(NamedTuple):
    at: datetime
    card: str
    rating: int
    day: int


class Read(NamedTuple):
    """Reviews in the order of time, line and reason of each bad row, and how many rows told one for a second time."""

    reviews: list[Review]
    bad: list[tuple[int, str]]
    doubled: int


def read_reviews(rows: csv.DictReader[str], time_zone: str, *, now: datetime) -> Read:
    missing = [column for column in COLUMNS if column not in (rows.fieldnames or ())]
    if missing:
        return Read([], [(1, f"there is no column {', '.join(missing)}")], 0)
    good, bad = [], []
    for row in rows:
        try:
            good.append(read_review(row, time_zone, now=now))
        except ValueError as error:
            bad.append((rows.line_num, str(error)))
    once = sorted(set(good))
    return Read(once, bad, len(good) - len(once))


def read_review(row: Mapping[str, str | None], time_zone: str, *, now: datetime) -> Review:
    """Raises ValueError with the reason."""
    card, rating, at = (row[column] or "" for column in COLUMNS)
    if not card:
        raise ValueError("there is no card_id")
    if rating not in {str(int(each)) for each in Rating}:
        raise ValueError(f"review_rating {rating[:40]!r} is not 1, 2, 3 or 4")
    try:
        reviewed_at = datetime.fromisoformat(at)
        day = study_day(reviewed_at, time_zone).toordinal()
    except (ValueError, OverflowError):
        raise ValueError(f"review_datetime {at[:40]!r} is no ISO date and time with a time zone") from None
    if reviewed_at > now:
        raise ValueError(f"review_datetime {at[:40]!r} lies in the future")
    return Review(reviewed_at, card, int(rating), day)


def as_history(reviews: Sequence[Review]) -> History:
    numbers = {card: number for number, card in enumerate(sorted({review.card for review in reviews}))}
    return History(
        np.array([numbers[review.card] for review in reviews], dtype=np.int64),
        np.array([review.rating for review in reviews], dtype=np.int64),
        np.array([review.day for review in reviews], dtype=np.int64),
    )


def simulated_tables(candidates: int) -> dict[str, Table]:
    return {
        f"World {name}, {candidates} candidates": mean_table(recorded_histories(name, candidates=candidates))
        for name in WORLDS
    }


def mean_table(histories: Sequence[History]) -> Table:
    """Of all logs that are long enough, each with the same weight."""
    tables = [table for history in histories if (table := compared(history, forecast_of_peer(history)))]
    return {
        model: Scores(
            float(np.mean([table[model].log_loss for table in tables])),
            float(np.mean([table[model].rmse_bins for table in tables])),
            sum(table[model].n for table in tables),
        )
        for model in (tables[0] if tables else ())
    }


def forecast_of_peer(history: History) -> dict[str, Floats]:
    """What the `fsrs` package says with its defaults, on the same study days."""
    if peer is None:
        return {}
    scheduler = peer.Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)
    cards: dict[int, Any] = {}
    forecast = np.full(len(history.cards), np.nan)
    rows = zip(history.cards.tolist(), history.ratings.tolist(), history.days.tolist(), strict=True)
    for place, (name, rating, day) in enumerate(rows):
        noon = NOON_OF_FIRST_DAY + timedelta(days=day)
        if name in cards:
            forecast[place] = scheduler.get_card_retrievability(cards[name], noon)
        card = cards.get(name) or peer.Card(card_id=name)
        cards[name], _ = scheduler.review_card(card, peer.Rating(rating), noon)
    return {"fsrs package, defaults": forecast}
