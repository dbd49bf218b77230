"""How many items each area of a blueprint gets: apportionment by largest remainder.

With n items and weights w_1..w_k of sum W, area i has the exact quota q_i = n w_i / W. It gets floor(q_i), and the
items still missing go one each to the areas with the largest q_i - floor(q_i), earlier areas first where these are
equal. The total is exactly n, and no area is further than one item from its quota.

Source: A. Hamilton's method of 1792; M. L. Balinski and H. P. Young, Fair Representation (1982), chapter 3.
"""

from __future__ import annotations

from collections.abc import Sequence


def apportion(count: int, weights: Sequence[int]) -> list[int]:
    """Counts in the order of the weights. Whole numbers throughout, so that no rounding can move an item."""
    if count < 0 or any(weight < 0 for weight in weights):
        raise ValueError("Counts and weights must not be negative.")
    total = sum(weights)
    if total == 0:
        raise ValueError("At least one weight must be above zero.")
    shares = [count * weight // total for weight in weights]
    # sorted() is stable: equal remainders keep the order of the areas.
    by_remainder = sorted(range(len(weights)), key=lambda place: -(count * weights[place] % total))
    for place in by_remainder[: count - sum(shares)]:
        shares[place] += 1
    return shares
