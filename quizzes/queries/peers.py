"""How others answered a question the first time they met it. It tells the key, so it goes where the rationales go."""

from __future__ import annotations

from dataclasses import dataclass

from questions.models import Question
from quizzes.models import ItemStatistics
from quizzes.scoring import percent_of

# Below this many first answers a share says nothing, and could tell what a person chose.
FEWEST_ANSWERS = 20


@dataclass(frozen=True, slots=True)
class PeerChoices:
    n: int
    percent: dict[str, int]  # by label


def peer_choices(question: Question) -> PeerChoices | None:
    """One query, or none where "question__statistics" was fetched before."""
    statistics: ItemStatistics | None = getattr(question, "statistics", None)
    if statistics is None or statistics.n < FEWEST_ANSWERS:
        return None
    counts = {label: chosen["count"] for label, chosen in statistics.option_statistics.items()}
    return PeerChoices(statistics.n, {label: percent_of(count, statistics.n) for label, count in counts.items()})
