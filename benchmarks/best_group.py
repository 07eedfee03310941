"""How lucky is the best of several groups? Bias and coverage of the selected one, the truth being known.

    python -m benchmarks.best_group --rounds 2000

Groups of 30 to 399 customers each; money per customer is gamma with mean 100 and standard deviation 150.
True means of the groups: normal around 100 (``tau`` in standard errors of a group of 150), or all equal but
one that is that much higher. Bias in the same standard errors, coverage of the 95% interval of the group that
comes out highest (raw) or most likely the best (drawn together), and how often it is named, and rightly.
"""

from __future__ import annotations

import argparse

import numpy as np

from analytics.best_group import DEVIATIONS, LEAST, SURE, FloatArray, drawn_together

MEAN, DEVIATION = 100.0, 150.0
UNIT = DEVIATION / np.sqrt(150)


def seen(truth: FloatArray, random: np.random.Generator) -> tuple[FloatArray, FloatArray]:
    """Means and standard errors of groups of customers drawn around their true means."""
    shape = (MEAN / DEVIATION) ** 2
    each = [random.gamma(shape, MEAN / shape, random.integers(LEAST, 400)) for _ in truth]
    means = np.array([money.mean() for money in each]) + truth - MEAN
    return means, np.array([money.std(ddof=1) / np.sqrt(len(money)) for money in each])


def selected(groups: int, tau: float, alone: bool, rounds: int, seed: int = 1) -> dict[str, float]:
    """Bias, coverage and naming over simulated merchants."""
    random = np.random.default_rng(seed)
    rows = []
    for _ in range(rounds):
        apart = np.eye(groups)[0] if alone else random.standard_normal(groups)
        truth = MEAN + tau * UNIT * apart
        means, errors = seen(truth, random)
        raw = int(means.argmax())
        mean, error, sure = drawn_together(means, errors)
        best = int(sure.argmax())
        rows.append(
            (
                (means[raw] - truth[raw]) / UNIT,
                abs(means[raw] - truth[raw]) < DEVIATIONS * errors[raw],
                (mean[best] - truth[best]) / UNIT,
                abs(mean[best] - truth[best]) < DEVIATIONS * error[best],
                sure[best] >= SURE,
                sure[best] >= SURE and truth[best] >= truth.max(),
            )
        )
    found = np.array(rows, dtype=float).mean(axis=0)
    names = ("raw_bias", "raw_coverage", "bias", "coverage", "named", "rightly")
    return dict(zip(names, map(float, found), strict=True))


def main() -> None:
    """Print a table of designs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=2000)
    rounds = parser.parse_args().rounds
    print("groups  truth       tau  " + "raw bias  covered   bias  covered  named  rightly")
    for groups in (2, 3, 6, 10):
        for alone, tau in ((False, 0.0), (False, 0.5), (False, 1.0), (False, 2.0), (True, 2.0), (True, 5.0)):
            found = selected(groups, tau, alone, rounds)
            right = found["rightly"] / found["named"] if found["named"] else float("nan")
            truth = "one higher" if alone else "normal"
            raw = f"{found['raw_bias']:+8.2f} {found['raw_coverage']:8.1%}"
            drawn = f"{found['bias']:+6.2f} {found['coverage']:8.1%} {found['named']:6.1%} {right:8.1%}"
            print(f"{groups:6d}  {truth:10s} {tau:4.1f}  {raw} {drawn}", flush=True)


if __name__ == "__main__":
    main()
