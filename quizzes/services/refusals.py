"""What a service refuses, each with a sentence that a person may read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from quizzes.assembly import Shortage


@dataclass(frozen=True, slots=True)
class AnswerReceipt:
    """What the server holds of one question after a post. Says nothing about right or wrong."""

    position: int
    sequence: int
    label: str
    is_flagged: bool
    remaining_seconds: int | None


class Refusal(Exception):
    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class StartRefused(Refusal):
    """The attempt may not start now: too early, too late, used up, or open elsewhere."""


class NotEnoughQuestions(StartRefused):
    """The bank cannot fill the quiz. `available` counts what there is; `shortages` names the areas of a mock."""

    def __init__(self, sentence: str, *, available: int, shortages: Sequence[Shortage] = ()) -> None:
        super().__init__(sentence)
        self.available = available
        self.shortages = list(shortages)


class FinishRefused(Refusal):
    """Too little is answered for an end."""


class AnswerRefused(Refusal):
    """Base of everything that `record_answer` and `check_response` refuse."""


class UnknownPosition(AnswerRefused):
    """No such question in an attempt of this candidate."""

    def __init__(self) -> None:
        super().__init__("There is no such question in this attempt.")


class UnknownLabel(AnswerRefused):
    def __init__(self) -> None:
        super().__init__("That is no option of this question. Choose one of those shown.")


class KeyReused(AnswerRefused):
    """The key came before with another answer."""

    def __init__(self) -> None:
        super().__init__("This answer's key was used for another answer. Choose the option again.")


class StaleAnswer(AnswerRefused):
    """A newer answer is stored, or the answer was checked and stands; `current` is what the server holds."""

    def __init__(self, current: AnswerReceipt) -> None:
        super().__init__("This question was answered elsewhere in the meantime. The newer answer is kept.")
        self.current = current


class AttemptPaused(AnswerRefused):
    """The clock stands still, so nothing may be answered."""

    def __init__(self) -> None:
        super().__init__("This quiz is paused. Resume it, then answer.")


class PauseRefused(Refusal):
    """The attempt has no clock of the candidate's own."""

    def __init__(self) -> None:
        super().__init__("Only a timed practice quiz that nobody assigned can be paused.")


class FlagRefused(Refusal):
    """The question is still open, and its flag is sent with its answer."""

    def __init__(self) -> None:
        super().__init__("Set the flag together with your answer.")


class AttemptClosed(AnswerRefused):
    """Submitted, or past the deadline and the grace (then it has just been closed)."""

    def __init__(self) -> None:
        super().__init__("This attempt is closed; answers are no longer accepted.")
