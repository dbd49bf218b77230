"""Difficulty and discrimination of questions from first answers, with the authored difficulty as prior.

The model of readiness: a candidate u has the ability theta_uc = g_u + s_uc in competency c, normal with the mean mu and
the covariance tg^2 11' + ts^2 I, and is right on item i of that competency with the probability

    P = c + (1 - c) logistic(a_i (theta_uc - b_i)),

c fixed at the share that guessing wins. Priors: b_i ~ N(authored, 0.8^2), log a_i ~ N(0, 0.2^2); a_i stays 1 until the
item has 200 first answers. Maximum a posteriori by EM (R. D. Bock and M. Aitkin, Psychometrika 46 (1981) 443-459; with
priors R. J. Mislevy, Psychometrika 51 (1986) 177-195). posteriors: the E-step; fitting: the M-step, at nine
Gauss-Hermite nodes, and the scale; acceptance: whether a run may come into force.
"""

from __future__ import annotations

from quizzes.calibration.acceptance import MODEL_VERSION, MOST_MOVED_AT_ONCE, Outcome, calibrated
from quizzes.calibration.answers import FirstAnswers, Items
from quizzes.calibration.fitting import Fit

__all__ = ["MODEL_VERSION", "MOST_MOVED_AT_ONCE", "FirstAnswers", "Fit", "Items", "Outcome", "calibrated"]
