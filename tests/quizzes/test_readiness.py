from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.ability import Ability, Answers, Integers, chance, estimated, prior_ability
from quizzes.forgetting import Memory
from quizzes.readiness import CURVE_PERCENTS, Exam, Readiness, Show, make_exam, points_per_hour, readiness, split_items
from tests.quizzes.histories import PRIOR, answers, at, histories

BLUEPRINT = np.array([14.0, 19, 14, 17, 20, 16])
EXAM = make_exam(BLUEPRINT, [np.linspace(-1.5, 1.5, 40)] * 6)
ENOUGH = np.full(6, 5)


def read(ability: Ability, target: float = 75, exam: Exam = EXAM, counts: Integers = ENOUGH) -> Readiness:
    return readiness(ability, exam, target_percent=target, counts=counts)


def test_split_items_shares_an_area_out_by_objectives() -> None:
    split = split_items([22, 20, 20, 19, 19], areas=[4, 4, 0, 3, 2, 1], objectives=[40, 60, 50, 45, 50, 40])
    assert split.tolist() == pytest.approx([7.6, 11.4, 22, 19, 20, 20])


@pytest.mark.parametrize("areas", [[0, 0], [0, 2], [0]])
def test_split_items_refuses_areas_without_competencies(areas: list[int]) -> None:
    with pytest.raises(ValueError, match=r"^Every area needs a competency, and every competency an area\.$"):
        split_items([10, 10], areas=areas, objectives=[1, 1])


def test_split_items_refuses_areas_without_objectives() -> None:
    with pytest.raises(ValueError, match=r"^Every area needs at least one objective\.$"):
        split_items([10, 10], areas=[0, 1], objectives=[0, 1])


def test_make_exam_needs_a_pool_for_each_competency_with_items() -> None:
    with pytest.raises(ValueError, match=r"^Competency 1 has items in the exam and none in the pool\.$"):
        make_exam(np.array([5.0, 5.0]), [np.zeros(3), np.zeros(0)])
    assert make_exam(np.array([5.0, 0.0]), [np.zeros(3), np.zeros(0)]).item_count == 5


@pytest.mark.parametrize("items", [[0.0, 0.0], [-1.0, 5.0], [math.nan, 5.0]])
def test_make_exam_refuses_items_that_cannot_be(items: list[float]) -> None:
    with pytest.raises(ValueError, match=r"^An exam needs at least one item, and no competency fewer than none\.$"):
        make_exam(np.array(items), [np.zeros(3)] * 2)


def test_make_exam_refuses_what_is_no_number() -> None:
    with pytest.raises(ValueError, match=r"^Difficulties and discriminations must be finite numbers\.$"):
        make_exam(np.array([5.0]), [np.array([math.nan])])


def test_make_exam_refuses_unequal_lengths() -> None:
    with pytest.raises(ValueError, match=r"^Items and difficulties must be given for the same competencies\.$"):
        make_exam(np.array([5.0]), [np.zeros(3)] * 2)


def test_a_known_ability_gives_the_binomial_score() -> None:
    exam = make_exam(np.array([100.0]), [np.zeros(1)])
    theta = math.log(0.58 / 0.2)  # of a right answer: .22 + .78 x 29 / 39 = .8
    ability = Ability(np.array([theta]), np.array([[1e-8]]))
    found = readiness(ability, exam, target_percent=75, counts=np.array([50]), form_spread=0)
    exact = sum(math.comb(100, right) * 0.8**right * 0.2 ** (100 - right) for right in range(75, 101))
    assert found.probability == pytest.approx(exact, abs=0.01)
    assert found.expected == pytest.approx(80, abs=0.05)
    assert (found.low, found.high) == (74, 86)  # 5.6 % lie below, 4.7 % above


def test_a_draw_agrees_with_simulating_exams() -> None:
    rng = np.random.default_rng(5)
    ability = estimated(answers(*[True] * 20, *[False] * 8), PRIOR)
    theta = rng.multivariate_normal(ability.mean, ability.covariance, 20_000) - rng.normal(0, 0.3, (20_000, 1))
    pool = np.linspace(-1.5, 1.5, 40)
    chances = chance(theta[:, :, None], pool, np.ones(40)).mean(axis=2)
    scores = rng.binomial(BLUEPRINT.astype(int), chances).sum(axis=1)
    found = read(ability)
    assert found.probability == pytest.approx((scores >= 75).mean(), abs=0.015)
    assert found.expected == pytest.approx(scores.mean(), abs=0.3)
    assert found.low == pytest.approx(np.quantile(scores, 0.05), abs=1)
    assert found.high == pytest.approx(np.quantile(scores, 0.95), abs=1)


@given(histories())
def test_the_interval_holds_the_expectation(history: Answers) -> None:
    found = read(estimated(history, PRIOR))
    assert 0 <= found.low <= found.expected <= found.high <= 100


@pytest.mark.parametrize("level", [-8.0, 8.0])
@pytest.mark.parametrize("items", [1.0, 3.0, 200.0])
def test_the_interval_holds_the_expectation_of_extreme_abilities(level: float, items: float) -> None:
    exam = make_exam(np.array([items]), [np.zeros(1)])
    found = readiness(Ability(np.array([level]), np.array([[1e-6]])), exam, target_percent=75, counts=np.array([50]))
    assert 0 <= found.low <= found.expected <= found.high <= 100


@given(histories(), st.lists(st.floats(1, 100), min_size=2, max_size=5))
def test_a_higher_target_is_never_more_probable(history: Answers, targets: list[float]) -> None:
    ability = estimated(history, PRIOR)
    chances = [read(ability, target).probability for target in sorted(targets)]
    assert chances == sorted(chances, reverse=True)
    assert all(0 <= probability <= 1 for probability in chances)


@given(histories(), st.integers(0, 39))
def test_one_more_right_answer_never_lowers_the_expected_score(history: Answers, place: int) -> None:
    if not len(history):
        return
    marks = history.is_correct.copy()
    marks[place % len(history)] = False
    worse = read(estimated(_with(history, marks), PRIOR))
    marks[place % len(history)] = True
    better = read(estimated(_with(history, marks), PRIOR))
    assert better.expected >= worse.expected - 1e-9
    assert better.probability >= worse.probability - 1e-6


def _with(history: Answers, marks: np.typing.NDArray[np.bool_]) -> Answers:
    return Answers(history.competency, history.difficulty, history.discrimination, marks, history.day)


def test_the_curve_holds_the_probability_of_each_target() -> None:
    ability = prior_ability(PRIOR)
    curve = read(ability).curve
    assert [percent for percent, _ in curve] == list(CURVE_PERCENTS)
    assert dict(curve)[75] == read(ability, 75).probability
    assert dict(curve)[60] == read(ability, 60).probability


def test_a_target_between_two_scores_needs_the_higher() -> None:
    exam = make_exam(np.array([10.0]), [np.zeros(1)])
    ability = Ability(np.array([1.0]), np.array([[0.2]]))
    probabilities = [
        readiness(ability, exam, target_percent=target, counts=np.array([50])).probability for target in (70, 71, 80)
    ]
    assert probabilities[1] == probabilities[2] < probabilities[0]


def test_the_same_seed_gives_the_same_reading_and_another_hardly_a_different_one() -> None:
    ability = prior_ability(PRIOR)
    one, other = (readiness(ability, EXAM, target_percent=75, counts=ENOUGH, seed=seed) for seed in (0, 1))
    assert one == read(ability)
    assert one.probability == pytest.approx(other.probability, abs=0.01)


@pytest.mark.parametrize(
    ("counts", "show"),
    [
        ([0] * 6, Show.NOTHING),
        ([1, 2, 2, 2, 2, 2], Show.NOTHING),
        ([2] * 6, Show.ROUGH),
        ([4, 5, 5, 5, 5, 5], Show.ROUGH),
        ([5] * 6, Show.FULL),
        ([3, 3, 3, 3, 3, 15], Show.FULL),
        ([2, 20, 20, 20, 20, 20], Show.ROUGH),
    ],
)
def test_what_is_shown_depends_on_the_answers(counts: list[int], show: Show) -> None:
    assert read(prior_ability(PRIOR), counts=np.array(counts)).show is show


def test_a_competency_outside_the_exam_needs_no_answers() -> None:
    exam = make_exam(np.array([50.0, 50, 0, 0, 0, 0]), [np.zeros(1)] * 6)
    assert read(prior_ability(PRIOR), exam=exam, counts=np.array([20, 20, 0, 0, 0, 0])).show is Show.FULL


@pytest.mark.parametrize(
    ("probability", "percent"), [(0.0, 3), (0.02, 3), (0.03, 5), (0.52, 50), (0.53, 55), (0.96, 95), (1.0, 97)]
)
def test_a_probability_is_told_to_five_percent_and_never_as_certain(probability: float, percent: int) -> None:
    assert Readiness(probability, 75, 60, 90, (), Show.FULL).shown_percent == percent


def test_no_probability_is_told_while_it_is_rough() -> None:
    assert Readiness(0.5, 75, 60, 90, (), Show.ROUGH).shown_percent is None


@pytest.mark.parametrize("target", [0, -5, 100.5, math.nan])
def test_readiness_refuses_targets_that_cannot_be(target: float) -> None:
    with pytest.raises(ValueError, match=r"^A target is a percentage above 0 and up to 100\.$"):
        read(prior_ability(PRIOR), target)


def test_readiness_refuses_what_is_not_about_the_exam() -> None:
    with pytest.raises(
        ValueError, match=r"^Ability, answers, memories and exam must be about the same competencies\.$"
    ):
        read(prior_ability(PRIOR, 5))


def test_readiness_refuses_what_is_no_number() -> None:
    with pytest.raises(ValueError, match=r"^Abilities must be finite numbers\.$"):
        read(at(math.nan))


def test_nothing_reviewed_changes_nothing() -> None:
    nothing = [Memory(40, np.zeros(0))] * 6
    ability = prior_ability(PRIOR)
    assert readiness(ability, EXAM, target_percent=75, counts=ENOUGH, memories=nothing) == read(ability)


def test_better_recall_raises_readiness() -> None:
    expected = [
        readiness(
            prior_ability(PRIOR),
            EXAM,
            target_percent=75,
            counts=ENOUGH,
            memories=[Memory(40, np.full(40, recall))] * 6,
        ).expected
        for recall in (0.1, 0.5, 0.9, 1.0)
    ]
    assert expected == sorted(expected)


@pytest.mark.parametrize("memory", [Memory(1, np.ones(2)), Memory(5, np.array([math.nan]))])
def test_readiness_refuses_memories_that_cannot_be(memory: Memory) -> None:
    with pytest.raises(
        ValueError, match=r"^A recall is a finite number, and no more of them are known than there are objectives\.$"
    ):
        readiness(prior_ability(PRIOR), EXAM, target_percent=75, counts=ENOUGH, memories=[memory] * 6)


def test_points_per_hour_studies_the_best_first_and_stops_after_an_hour() -> None:
    gains = [np.array([0.001, 0.003, -1.0]), np.array([0.002]), np.zeros(0)]
    seconds = [np.array([3000.0, 1800.0, 60.0]), np.array([600.0]), np.zeros(0)]
    assert points_per_hour(gains, seconds) == [
        (0, pytest.approx(1800 * 0.003 + 1800 * 0.001)),
        (1, pytest.approx(1.2)),
        (2, 0.0),
    ]


def test_points_per_hour_refuses_what_is_no_number() -> None:
    with pytest.raises(ValueError, match=r"^Gains and seconds must be finite numbers\.$"):
        points_per_hour([np.array([math.nan])], [np.array([60.0])])
