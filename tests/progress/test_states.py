from __future__ import annotations

import pytest

from progress.states import State, state_of, tally


@pytest.mark.parametrize(
    ("recall", "stability", "state"),
    [
        (None, None, State.UNSEEN),
        (0.749, 30.0, State.FADING),
        (0.75, 6.9, State.LEARNING),
        (0.75, 7.0, State.KNOWN),
        (1.0, 0.1, State.LEARNING),
    ],
)
def test_state_follows_from_recall_and_strength(recall: float | None, stability: float | None, state: State) -> None:
    assert state_of(recall=recall, stability=stability) is state


def test_tally_has_every_state_in_the_order_shown() -> None:
    counts = tally([State.UNSEEN, State.KNOWN, State.UNSEEN])

    assert [(state.value, count) for state, count in counts.items()] == [
        ("known", 1),
        ("learning", 0),
        ("fading", 0),
        ("unseen", 2),
        ("withheld", 0),
    ]
