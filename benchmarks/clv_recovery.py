"""Do the models find the truth again? Seeded simulations with known parameters.

    python benchmarks/clv_recovery.py --model pareto --runs 30 --customers 4000

Prints, per parameter, the share of runs whose 95% interval (log scale) covers the truth and the mean bias;
for the holdout the largest gap between the Gini of the fitted model and of the same model under its true
parameters. ``--daily`` counts repeat purchases at most once a day, with time in whole days, to show what that
adds.
"""

from __future__ import annotations

import argparse
import time

import numpy as np

from analytics.clv import BetaGeoNBD, ModifiedBetaGeoNBD, ParetoNBD

WATCHED, HOLDOUT = 78.0, 39.0
TRUTH = {
    "pareto": (ParetoNBD, {"r": 0.55, "alpha": 10.6, "s": 0.61, "beta": 11.7}),
    "bg": (BetaGeoNBD, {"r": 0.5, "alpha": 6.0, "a": 0.8, "b": 2.4}),
    "mbg": (ModifiedBetaGeoNBD, {"r": 0.5, "alpha": 6.0, "a": 0.8, "b": 2.4}),
}


def purchase_times(model: str, customers: int, random: np.random.Generator) -> list[np.ndarray]:
    """Times of all repeat purchases of each customer after the first, up to the end of the holdout."""
    _, truth = TRUTH[model]
    rates = random.gamma(truth["r"], 1 / truth["alpha"], customers)
    horizon = WATCHED + HOLDOUT
    if model == "pareto":
        exits = random.gamma(truth["s"], 1 / truth["beta"], customers)
        lifetimes = np.minimum(random.exponential(1.0, customers) / exits, horizon)
        counts = random.poisson(rates * lifetimes)
        return [np.sort(random.random(n) * life) for n, life in zip(counts, lifetimes, strict=True)]
    chances = random.beta(truth["a"], truth["b"], customers)
    last = random.geometric(np.maximum(chances, 1e-12)) - (1 if model == "mbg" else 0)
    counts = random.poisson(rates * horizon)
    return [np.sort(random.random(n) * horizon)[:most] for n, most in zip(counts, last, strict=True)]


def histories(model: str, customers: int, seed: int, daily: bool) -> tuple[np.ndarray, ...]:
    """(x, t_x, T, purchases in the holdout), in weeks; customers join over the first 39 weeks."""
    random = np.random.default_rng(seed)
    times = purchase_times(model, customers, random)
    T = random.uniform(WATCHED / 2, WATCHED, customers)
    if daily:
        T = np.floor(T * 7) / 7
        times = [np.unique(np.floor(each * 7)[each * 7 >= 1]) / 7 for each in times]
    x = np.array([np.sum(each <= end) for each, end in zip(times, T, strict=True)], dtype=float)
    t_x = np.array([each[each <= end].max(initial=0.0) for each, end in zip(times, T, strict=True)])
    later = [np.sum((each > end) & (each <= end + HOLDOUT)) for each, end in zip(times, T, strict=True)]
    return x, t_x, T, np.array(later, dtype=float)


def gini(score: np.ndarray, value: np.ndarray) -> float:
    """How well a score ranks customers by what they then bought: 0 is chance, 1 all bought by the first."""
    order = np.argsort(-score, kind="stable")
    share = np.cumsum(value[order]) / value.sum()
    return float(2 * share.mean() - 1)


def one_run(
    model: str, customers: int, seed: int, daily: bool
) -> tuple[np.ndarray, np.ndarray, float, float]:
    """Covered (per parameter), log(estimate / truth), Gini of the fit and of the truth."""
    kind, truth = TRUTH[model]
    x, t_x, T, later = histories(model, customers, seed, daily)
    fitted = kind().fit(x, t_x, T)
    intervals = fitted.confidence_intervals()
    covered = np.array([intervals[name][0] <= truth[name] <= intervals[name][1] for name in truth])
    off = np.array([np.log(fitted.params_[name] / truth[name]) for name in truth])
    scores = [each.expected_purchases(HOLDOUT, x, t_x, T) for each in (fitted, kind.from_params(truth))]
    return covered, off, gini(scores[0], later), gini(scores[1], later)


def main() -> None:
    """Run the study and print it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", choices=sorted(TRUTH), default="pareto")
    parser.add_argument("--runs", type=int, default=30)
    parser.add_argument("--customers", type=int, default=4_000)
    parser.add_argument("--first-seed", type=int, default=1)
    parser.add_argument("--daily", action="store_true")
    options = parser.parse_args()
    start = time.process_time()
    seeds = range(options.first_seed, options.first_seed + options.runs)
    runs = [one_run(options.model, options.customers, seed, options.daily) for seed in seeds]
    covered = np.mean([run[0] for run in runs], axis=0)
    bias = np.mean([run[1] for run in runs], axis=0)
    spent = time.process_time() - start
    how = "once a day" if options.daily else "exact times"
    print(f"{options.model}, {options.runs} runs x {options.customers:,} customers, {how}, {spent:.0f} CPU s")
    for name, cover, off in zip(TRUTH[options.model][1], covered, bias, strict=True):
        print(f"  {name:6} covered {cover:6.1%}   bias {np.expm1(off):+.1%}")
    fitted, true = (np.array([run[place] for run in runs]) for place in (2, 3))
    gap = np.abs(fitted - true).max()
    print(
        f"  holdout Gini {fitted.mean():.3f}, with true parameters {true.mean():.3f}, largest gap {gap:.4f}"
    )


if __name__ == "__main__":
    main()
