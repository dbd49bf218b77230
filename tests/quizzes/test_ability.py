from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.ability import (
    CURVE_PERCENTS,
    DRIFT,
    FORGETTING,
    GUESSING,
    Ability,
    Answers,
    Exam,
    Floats,
    Forgetting,
    Integers,
    Item,
    Memory,
    Prior,
    Readiness,
    Show,
    ability_trail,
    authored_difficulty,
    chance,
    drifted,
    estimated,
    fitted_forgetting,
    joint_ability,
    make_exam,
    points_per_hour,
    prior_ability,
    readiness,
    remembered_chance,
    split_items,
    updated,
)

PRIOR = Prior()
BLUEPRINT = np.array([14.0, 19, 14, 17, 20, 16])
EXAM = make_exam(BLUEPRINT, [np.linspace(-1.5, 1.5, 40)] * 6)
ENOUGH = np.full(6, 5)


@st.composite
def histories(draw: st.DrawFn, days: int = 3) -> Answers:
    """Up to 40 answers over a few days."""
    size = draw(st.integers(0, 40))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    return Answers(
        competency=rng.integers(0, 6, size),
        difficulty=rng.normal(0, 1.2, size),
        discrimination=np.exp(rng.normal(0, 0.3, size)),
        is_correct=rng.random(size) < draw(st.sampled_from([0.1, 0.5, 0.7, 0.95])),
        day=np.sort(rng.integers(0, days, size)).astype(np.float64),
    )


def simulated(seed: int, size: int = 40) -> Answers:
    """A day's answers of somebody out of the population."""
    rng = np.random.default_rng(seed)
    theta = rng.normal(PRIOR.mean, PRIOR.general_spread) + rng.normal(0, PRIOR.specific_spread, 6)
    competency, difficulty = rng.integers(0, 6, size), rng.normal(0, 1.2, size)
    discrimination = np.exp(rng.normal(0, 0.3, size))
    is_correct = rng.random(size) < chance(theta[competency], difficulty, discrimination)
    return Answers(competency, difficulty, discrimination, is_correct, np.zeros(size))


def answers(*marks: bool, competency: int = 0, day: float = 0.0) -> Answers:
    size = len(marks)
    return Answers(
        np.full(size, competency), np.zeros(size), np.ones(size), np.array(marks, dtype=np.bool_), np.full(size, day)
    )


def read(ability: Ability, target: float = 75, exam: Exam = EXAM, counts: Integers = ENOUGH) -> Readiness:
    return readiness(ability, exam, target_percent=target, counts=counts)


def at(level: float, spread: float = 0.01) -> Ability:
    return Ability(np.full(6, level), spread**2 * np.eye(6))


# Items


def test_authored_difficulty_is_linear_around_level_three() -> None:
    assert [authored_difficulty(level) for level in range(1, 6)] == pytest.approx([-1.6, -0.8, 0, 0.8, 1.6])


@pytest.mark.parametrize("level", [0, 6])
def test_authored_difficulty_refuses_other_levels(level: int) -> None:
    with pytest.raises(ValueError, match=f"^A difficulty is a level from 1 to 5, not {level}.$"):
        authored_difficulty(level)


def test_chance_starts_at_guessing_and_is_half_known_where_ability_meets_difficulty() -> None:
    found = chance(np.array([-50.0, 1.0, 50.0]), np.array(1.0), np.array(1.0))
    assert found.tolist() == pytest.approx([GUESSING, GUESSING + (1 - GUESSING) / 2, 1.0])


# Ability


def test_prior_ability_ties_competencies_together() -> None:
    ability = prior_ability(Prior(mean=0.5, general_spread=0.8, specific_spread=0.4), 2)
    assert ability.mean.tolist() == [0.5, 0.5]
    assert ability.covariance.tolist() == [pytest.approx([0.8, 0.64]), pytest.approx([0.64, 0.8])]
    assert ability.spread.tolist() == pytest.approx([math.sqrt(0.8)] * 2)


def test_no_answer_leaves_the_prior() -> None:
    assert estimated(answers(), PRIOR).mean.tolist() == prior_ability(PRIOR).mean.tolist()
    assert estimated(answers(), PRIOR).covariance.tolist() == prior_ability(PRIOR).covariance.tolist()


@pytest.mark.parametrize("is_correct", [True, False])
def test_updated_moves_to_what_is_most_probable(is_correct: bool) -> None:
    ability, item = prior_ability(PRIOR), Item(0.3, 1.4)
    theta = np.linspace(-4, 4, 800_001)
    right = chance(theta, np.array(0.3), np.array(1.4))
    variance = float(ability.covariance[2, 2])
    log_posterior = np.log(right if is_correct else 1 - right) - (theta - PRIOR.mean) ** 2 / (2 * variance)
    best = theta[log_posterior.argmax()]
    found = updated(ability, 2, item, is_correct)
    column = ability.covariance[:, 2]
    assert found.mean == pytest.approx(ability.mean + column / variance * (best - PRIOR.mean), abs=1e-3)
    expected = float(chance(best, np.array(0.3), np.array(1.4)))
    known = (expected - GUESSING) / (1 - GUESSING)
    information = ((1 - GUESSING) * 1.4 * known * (1 - known)) ** 2 / (expected * (1 - expected))
    reduced = ability.covariance - np.outer(column, column) * information / (1 + information * variance)
    assert found.covariance == pytest.approx(reduced, abs=1e-3)


def test_an_answer_says_most_about_its_own_competency_and_something_about_the_others() -> None:
    moved = updated(prior_ability(PRIOR), 3, Item(0.0), True).mean - PRIOR.mean
    assert moved.argmax() == 3
    assert (moved > 0).all()


@pytest.mark.parametrize("competency", [-1, 6])
def test_updated_refuses_an_unknown_competency(competency: int) -> None:
    with pytest.raises(ValueError, match=f"^There is no competency {competency} among 6.$"):
        updated(prior_ability(PRIOR), competency, Item(0.0), True)


@pytest.mark.parametrize("item", [Item(math.nan), Item(math.inf), Item(0.0, math.nan)])
def test_updated_refuses_what_is_no_number(item: Item) -> None:
    with pytest.raises(ValueError, match=r"^Abilities, difficulties and discriminations must be finite numbers\.$"):
        updated(prior_ability(PRIOR), 0, item, True)


def test_updated_survives_answers_that_nobody_expected() -> None:
    ability = updated(updated(prior_ability(PRIOR), 0, Item(500.0), True), 0, Item(-500.0), False)
    assert np.isfinite(ability.mean).all()
    assert np.isfinite(ability.covariance).all()


def test_estimated_refuses_an_unknown_competency() -> None:
    with pytest.raises(ValueError, match=r"^An answer is about a competency that is none of the 6\.$"):
        estimated(answers(True, competency=6), PRIOR)


def test_answers_refuse_unequal_lengths() -> None:
    with pytest.raises(ValueError, match=r"^Every answer needs a competency, an item, an outcome and a day\.$"):
        Answers(np.array([0]), np.zeros(2), np.ones(2), np.ones(2, dtype=np.bool_), np.zeros(2))


@pytest.mark.parametrize("place", [1, 2, 4])
def test_answers_refuse_what_is_no_number(place: int) -> None:
    columns: list[Floats] = [np.array([0]), np.zeros(1), np.ones(1), np.array([True]), np.zeros(1)]
    columns[place] = np.array([math.nan])
    with pytest.raises(ValueError, match=r"^Difficulties, discriminations and days must be finite numbers\.$"):
        Answers(*columns)


@given(histories())
def test_covariances_are_symmetric_and_positive_definite(history: Answers) -> None:
    for _, ability in ability_trail(history, PRIOR):
        assert (ability.covariance == ability.covariance.T).all()
        assert np.linalg.eigvalsh(ability.covariance).min() > 0


@given(st.integers(0, 2**32))
def test_order_within_a_day_hardly_matters(seed: int) -> None:
    history = simulated(seed)
    order = np.random.default_rng(seed).permutation(len(history))
    mixed = Answers(*(getattr(history, name)[order] for name in Answers.__dataclass_fields__))
    one, other = estimated(history, PRIOR), estimated(mixed, PRIOR)
    assert np.abs(one.mean - other.mean).max() < 0.6 * one.spread.min()


@given(st.integers(0, 2**32))
def test_the_filter_comes_close_to_all_answers_at_once(seed: int) -> None:
    history = simulated(seed)
    filtered, joint = estimated(history, PRIOR), joint_ability(history, PRIOR)
    assert np.abs(filtered.mean - joint.mean).max() < 0.6 * joint.spread.min()
    assert filtered.spread == pytest.approx(joint.spread, rel=0.2)


def test_the_filter_and_all_answers_at_once_agree_on_the_whole() -> None:
    gaps, shuffles, spreads = [], [], []
    for seed in range(50):
        history = simulated(seed, size=120)
        backwards = Answers(*(getattr(history, name)[::-1] for name in Answers.__dataclass_fields__))
        filtered, joint = estimated(history, PRIOR), joint_ability(history, PRIOR)
        gaps.append(filtered.mean - joint.mean)
        shuffles.append(filtered.mean - estimated(backwards, PRIOR).mean)
        spreads.append(joint.spread)
    assert np.sqrt(np.mean(np.square(gaps))) < 0.07 * np.mean(spreads)
    assert np.sqrt(np.mean(np.square(shuffles))) < 0.12 * np.mean(spreads)


def test_trail_has_the_last_state_of_each_day_with_answers() -> None:
    history = Answers(
        np.array([0, 1, 0]), np.zeros(3), np.ones(3), np.array([True, False, True]), np.array([8.0, 3.0, 8.0])
    )
    trail = ability_trail(history, PRIOR)
    assert [day for day, _ in trail] == [3.0, 8.0]
    first = updated(prior_ability(PRIOR), 1, Item(0.0), False)
    assert trail[0][1].mean.tolist() == first.mean.tolist()
    last = updated(updated(drifted(first, 5, PRIOR), 0, Item(0.0), True), 0, Item(0.0), True)
    assert trail[1][1].mean.tolist() == last.mean.tolist()
    assert estimated(history, PRIOR).covariance.tolist() == last.covariance.tolist()


def test_estimated_goes_on_to_the_day_asked_for() -> None:
    history = answers(True, False, day=2)
    there = estimated(history, PRIOR, on_day=12)
    assert there.covariance.tolist() == drifted(estimated(history, PRIOR), 10, PRIOR).covariance.tolist()


def test_drift_adds_its_rate_to_what_is_well_known() -> None:
    ability = drifted(at(1.0, 1e-6), 10, PRIOR)
    assert np.diag(ability.covariance) == pytest.approx(10 * DRIFT, rel=1e-6)


def test_drift_ends_at_the_prior() -> None:
    ability = drifted(at(1.0), 10_000, PRIOR)
    assert ability.mean.tolist() == [1.0] * 6
    assert ability.covariance.tolist() == prior_ability(PRIOR).covariance.tolist()


@pytest.mark.parametrize("days", [-1, math.nan])
def test_drift_refuses_days_that_cannot_be(days: float) -> None:
    with pytest.raises(ValueError, match=r"^Days between answers must not be negative\.$"):
        drifted(at(1.0), days, PRIOR)


# The exam


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


# Readiness


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


# Forgetting


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


def test_remembered_chance_follows_the_formula() -> None:
    logit = 0.5 * math.log(0.7 / 0.3) + 0.5 * math.log(0.6 / 0.4)
    assert remembered_chance(np.array(0.7), np.array(0.6)) == pytest.approx(1 / (1 + math.exp(-logit)))


@given(st.floats(GUESSING, 1), st.floats(0, 1))
def test_remembered_chance_stays_between_guessing_and_the_better_of_ability_and_memory(
    probability: float, recall: float
) -> None:
    for forgetting in (FORGETTING, Forgetting(3.0, 2.0, 2.0), Forgetting(-3.0, 0.0, 0.0)):
        found = float(remembered_chance(np.array(probability), np.array(recall), forgetting))
        most = max(probability, GUESSING + (1 - GUESSING) * min(0.98, max(0.02, recall)))
        assert GUESSING <= found <= most


@pytest.mark.parametrize("memory", [Memory(1, np.ones(2)), Memory(5, np.array([math.nan]))])
def test_readiness_refuses_memories_that_cannot_be(memory: Memory) -> None:
    with pytest.raises(
        ValueError, match=r"^A recall is a finite number, and no more of them are known than there are objectives\.$"
    ):
        readiness(prior_ability(PRIOR), EXAM, target_percent=75, counts=ENOUGH, memories=[memory] * 6)


def test_forgetting_without_answers_is_the_prior() -> None:
    assert fitted_forgetting(np.zeros(0), np.zeros(0), np.zeros(0, dtype=np.bool_)) == FORGETTING


def test_fitted_forgetting_finds_what_made_the_answers() -> None:
    rng = np.random.default_rng(8)
    chances, recall = rng.uniform(0.3, 0.95, 40_000), rng.uniform(0.2, 0.97, 40_000)
    logit = 0.2 + 0.8 * np.log(chances / (1 - chances)) + 0.3 * np.log(recall / (1 - recall))
    found = fitted_forgetting(chances, recall, rng.random(40_000) < 1 / (1 + np.exp(-logit)))
    assert [found.intercept, found.ability_weight, found.recall_weight] == pytest.approx([0.2, 0.8, 0.3], abs=0.05)


def test_fitted_forgetting_never_turns_a_weight_around() -> None:
    recall = np.tile([0.05, 0.95], 500)
    found = fitted_forgetting(np.full(1000, 0.6), recall, recall < 0.5)
    assert found.recall_weight == 0


@pytest.mark.parametrize(
    ("chances", "recall", "sentence"),
    [
        ([0.5], [], "Every answer needs a chance, a recall and an outcome."),
        ([math.nan], [0.5], "Chances and recalls must be finite numbers."),
    ],
)
def test_fitted_forgetting_refuses_what_is_no_answer(chances: list[float], recall: list[float], sentence: str) -> None:
    with pytest.raises(ValueError, match=f"^{sentence}$"):
        fitted_forgetting(np.array(chances), np.array(recall), np.array([True]))


# What an hour of study wins


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
