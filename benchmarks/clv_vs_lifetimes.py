"""Fit and score the value models beside lifetimes, in alternation, and report CPU seconds.

    python benchmarks/clv_vs_lifetimes.py --customers 100000 --rounds 2
    python benchmarks/clv_vs_lifetimes.py --customers 1000000 --rounds 1 --skip-slow

``--skip-slow`` leaves out lifetimes' Pareto/NBD, whose fit of a million customers takes very long.
Each row is fit plus a score (P(alive) and expected purchases, or expected value) of every customer.
"""

from __future__ import annotations

import argparse
import time
import warnings
from collections.abc import Callable

import numpy as np

from analytics.clv import BetaGeoNBD, GammaGamma, ModifiedBetaGeoNBD, ParetoNBD
from analytics.clv.beta_geometric import _log_likelihood as bg_log_likelihood
from analytics.clv.gamma_gamma import _log_likelihood as gg_log_likelihood
from analytics.clv.merging import WeightedRows
from analytics.clv.pareto_nbd import _log_likelihood as pareto_log_likelihood
from benchmarks import measure

HORIZON = 180.0
MODELS = ("BG/NBD", "MBG/NBD", "Pareto/NBD", "Gamma-Gamma")


def synthetic_customers(size: int, seed: int) -> dict[str, np.ndarray]:
    """Three years of a Pareto/NBD merchant, counted once a day, and mean order values."""
    random = np.random.default_rng(seed)
    T = np.floor(random.uniform(1, 1095, size))
    rate = random.gamma(0.6, 1 / 60.0, size)
    life = random.exponential(1.0, size) / random.gamma(0.6, 1 / 180.0, size)
    alive = np.minimum(life, T)
    x = np.minimum(random.poisson(rate * alive), alive).astype(float)
    x = np.floor(x)
    latest = random.beta(np.maximum(x, 1), 1)
    t_x = np.where(x > 0, np.clip(np.ceil(alive * latest), np.maximum(x, 1), T), 0.0)
    x = np.where(t_x > 0, np.minimum(x, t_x), 0.0)
    scale = 15.0 / random.gamma(3.7, 1.0, size)
    mean = np.where(x > 0, random.gamma(6.0 * np.maximum(x, 1)) * scale / np.maximum(x, 1), 0.0)
    return {"x": x, "t_x": t_x, "T": T, "mean": np.round(mean, 2).clip(0.01)}


def ours(model: str, data: dict[str, np.ndarray]) -> float:
    """Fit and score; the log-likelihood."""
    x, t_x, T = data["x"], data["t_x"], data["T"]
    if model == "Gamma-Gamma":
        again = x > 0
        spend = GammaGamma().fit(x[again], data["mean"][again])
        spend.expected_value(x, data["mean"])
        return float(spend.log_likelihood_ or 0.0)
    kinds = {"BG/NBD": BetaGeoNBD, "MBG/NBD": ModifiedBetaGeoNBD, "Pareto/NBD": ParetoNBD}
    fitted = kinds[model]().fit(x, t_x, T)
    fitted.probability_alive(x, t_x, T)
    fitted.expected_purchases(HORIZON, x, t_x, T)
    return float(fitted.log_likelihood_ or 0.0)


def theirs(model: str, data: dict[str, np.ndarray]) -> float:
    """The same with lifetimes; the log-likelihood is ours at its parameters (it reports another scale)."""
    import lifetimes

    x, t_x, T = data["x"], data["t_x"], data["T"]
    if model == "Gamma-Gamma":
        again = x > 0
        spend = lifetimes.GammaGammaFitter().fit(x[again], data["mean"][again])
        spend.conditional_expected_average_profit(x, data["mean"])
        rows = WeightedRows.merge((x[again], data["mean"][again]), np.ones(int(again.sum())))
        return gg_log_likelihood(rows)(np.log(spend.params_.to_numpy()))[0]
    kinds = {
        "BG/NBD": lifetimes.BetaGeoFitter,
        "MBG/NBD": lifetimes.ModifiedBetaGeoFitter,
        "Pareto/NBD": lifetimes.ParetoNBDFitter,
    }
    fitted = kinds[model]().fit(x, t_x, T)
    fitted.conditional_probability_alive(x, t_x, T)
    fitted.conditional_expected_number_of_purchases_up_to_time(HORIZON, x, t_x, T)
    rows = WeightedRows.merge((x, t_x, T), np.ones(len(x)))
    if model == "Pareto/NBD":
        return pareto_log_likelihood(rows)(np.log(fitted.params_.to_numpy()))[0]
    return bg_log_likelihood(rows, int(model == "MBG/NBD"))(np.log(fitted.params_.to_numpy()))[0]


def timed(work: Callable[[str, dict[str, np.ndarray]], float], *given: object) -> tuple[float, float]:
    """CPU seconds and the log-likelihood; infinity and NaN when it fails."""
    start = time.process_time()
    try:
        value = work(*given)  # type: ignore[arg-type]
    except (ValueError, ArithmeticError, RuntimeError) as problem:
        print(f"    {work.__name__} {given[0]}: {type(problem).__name__}: {str(problem)[:100]}")
        return float("inf"), float("nan")
    return time.process_time() - start, value


def main() -> None:
    """Run the comparison and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--customers", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--skip-slow", action="store_true")
    parser.add_argument("--only-ours", action="store_true")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    data = synthetic_customers(options.customers, 1)
    print(f"{options.customers:,} customers, {int((data['x'] > 0).sum()):,} repeated")
    print(f"{'model':12} {'ours':>8} {'lifetimes':>10} {'ratio':>7}   log-likelihood, difference")
    for model in MODELS:
        seconds = {"ours": np.inf, "theirs": np.inf}
        values = {"ours": np.nan, "theirs": np.nan}
        for _ in range(options.rounds):
            for name, work in (("ours", ours), ("theirs", theirs)):
                slow = options.skip_slow and model == "Pareto/NBD"
                if name == "theirs" and (options.only_ours or slow):
                    continue
                spent, values[name] = timed(work, model, data)
                seconds[name] = min(seconds[name], spent)
        ratio = seconds["theirs"] / seconds["ours"]
        print(
            f"{model:12} {seconds['ours']:8.2f} {seconds['theirs']:10.2f} {ratio:7.1f}   "
            f"{values['ours']:.4f}, {values['ours'] - values['theirs']:+.4f}"
        )
    peak = measure.peak_mb()
    print(f"peak resident memory {peak:,.0f} MB")


if __name__ == "__main__":
    main()
