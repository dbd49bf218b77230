"""How well readiness and adaptive selection do where the truth is known, and is not what they assume.

world: items, candidates and what they answered; forecasts: the methods; measures: what a forecast is worth; trials: one
setting; selection: one way to choose items; report: all of it, and what it misses.
"""
