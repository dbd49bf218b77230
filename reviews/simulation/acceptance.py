"""What our queue must show against the other policies; the figures stand here and nowhere else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from reviews.simulation.comparison import (
    BLOCKED,
    FSRS,
    FSRS_UNPACED,
    LEITNER,
    LINEAR,
    OURS,
    RANDOM,
    SM2,
    Result,
)
from reviews.simulation.worlds import LARGEST_DISTANCE, DesignCell

# Where the lines are held, in minutes a day; at more all policies come near to knowing everything.
MINUTES = (10, 20)
LEAST_AHEAD_OF_RANDOM = 1.5
LEAST_AHEAD_OF_BLOCKED = 1.0
MOST_BEHIND_THE_BEST = 1.0
DISCIPLINED = (LINEAR, LEITNER, SM2, FSRS)
# With so many answers per objective nothing may be left out that a plain pass meets.
ANSWERS_FOR_COVERAGE = 3.0


@dataclass(frozen=True, slots=True)
class Line:
    text: str
    holds: bool


def acceptance_lines(results: Iterable[Result], cells: Iterable[DesignCell]) -> list[Line]:
    """One line per rule, world and budget."""
    tables: dict[tuple[str, int], dict[str, Result]] = {}
    for result in results:
        tables.setdefault((result.world, result.minutes), {})[result.policy] = result
    lines = [_world_line(cell) for cell in cells if not cell.is_exempt]
    for (world, minutes), table in tables.items():
        lines += [Line(f"World {world}, {minutes} min: {line.text}", line.holds) for line in _lines(minutes, table)]
    return lines


def _world_line(cell: DesignCell) -> Line:
    text = f"World {cell.world}: {cell.name} {cell.found:.3f}, within {LARGEST_DISTANCE} of {cell.target}"
    return Line(text, cell.distance <= LARGEST_DISTANCE)


def _lines(minutes: int, table: dict[str, Result]) -> Iterator[Line]:
    ours = table[OURS]
    if minutes in MINUTES:
        yield _random_line(table[RANDOM])
        blocked = table[BLOCKED].ours_ahead
        text = f"ours - blocked {blocked:+.1f}, at least {LEAST_AHEAD_OF_BLOCKED}"
        yield Line(text, blocked >= LEAST_AHEAD_OF_BLOCKED)
        best = max((table[name] for name in DISCIPLINED), key=lambda each: each.score)
        text = f"ours - {best.policy} (the best other) {best.ours_ahead:+.1f}, at least {-MOST_BEHIND_THE_BEST}"
        yield Line(text, best.ours_ahead >= -MOST_BEHIND_THE_BEST)
        unpaced = table[FSRS_UNPACED].ours_ahead
        yield Line(f"ours - {FSRS_UNPACED} {unpaced:+.1f}, above 0", unpaced > 0)
    linear = table[LINEAR]
    if linear.answers_per_objective >= ANSWERS_FOR_COVERAGE:
        text = f"coverage {ours.coverage:.3f}, at least that of {LINEAR} {linear.coverage:.3f}"
        yield Line(text, ours.coverage >= linear.coverage)


def _random_line(random: Result) -> Line:
    text = (
        f"ours - random {random.ours_ahead:+.1f}, at least {LEAST_AHEAD_OF_RANDOM}, "
        f"lower bound {random.ours_ahead_low:+.1f} above 0"
    )
    return Line(text, random.ours_ahead >= LEAST_AHEAD_OF_RANDOM and random.ours_ahead_low > 0)
