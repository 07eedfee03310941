"""The purchases are draws of the Pareto/NBD whose parameters are written beside the sample.

Moments: Schmittlein, Morrison, Colombo (1987), equations 6 to 9; the tolerances are stated as numbers
of standard errors, so that a seed fails about one time in 400 (three) or never (five).
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from data.sample import season
from data.sample.make import Sample
from data.sample.parameters import DAYS, MALAYSIA, WEEK, generator
from data.sample.process import draw_latent, draw_purchases


def test_rates_follow_the_gamma_distribution_that_is_written_beside_them(either: Sample) -> None:
    p, latent = either.parameters, either.truth.latent
    rate = stats.kstest(latent["rate_per_week"], "gamma", args=(p.r, 0, 1 / p.alpha))
    dropout = stats.kstest(latent["dropout_per_week"], "gamma", args=(p.s, 0, 1 / p.beta))
    assert rate.pvalue > 0.001
    assert dropout.pvalue > 0.001


def test_mean_and_variance_of_the_rates_are_those_of_the_parameters(chain: Sample) -> None:
    p, rate = chain.parameters, chain.truth.latent["rate_per_week"].to_numpy()
    n = len(rate)
    variance = p.r / p.alpha**2
    # The variance of a gamma's sample variance follows from its excess kurtosis 6 / r.
    spread = variance * np.sqrt((2 + 6 / p.r) / n)
    assert abs(rate.mean() - p.r / p.alpha) < 3 * np.sqrt(variance / n)
    assert abs(rate.var() - variance) < 4 * spread


def test_order_values_follow_the_gamma_gamma_mean(chain: Sample) -> None:
    p, values = chain.parameters, chain.truth.latent["mean_order_value"].to_numpy()
    assert abs(values.mean() - p.mean_order_value) < 4 * values.std() / np.sqrt(len(values))


def test_rate_and_dropout_and_value_are_independent_of_each_other(either: Sample) -> None:
    latent = either.truth.latent
    limit = 4 / np.sqrt(len(latent))
    for a, b in (
        ("rate_per_week", "dropout_per_week"),
        ("rate_per_week", "mean_order_value"),
        ("dropout_per_week", "mean_order_value"),
    ):
        assert abs(stats.spearmanr(latent[a], latent[b]).statistic) < limit


def test_distance_says_nothing_about_rate_lifetime_or_value(either: Sample) -> None:
    latent = either.truth.latent
    limit = 4 / np.sqrt(len(latent))
    for column in ("rate_per_week", "dropout_per_week", "mean_order_value"):
        found = stats.spearmanr(latent["distance_km"], latent[column]).statistic
        assert abs(found) < limit, column


def test_repeat_purchases_are_as_many_as_rate_times_lifetime(pure_chain: Sample) -> None:
    latent = pure_chain.truth.latent
    end = pd.Timestamp("2026-11-23")
    left = latent["left_at"].fillna(end).clip(upper=end)
    weeks = (left - latent["entered_at"]).dt.total_seconds() / (WEEK * 86_400)
    expected = (latent["rate_per_week"] * weeks.clip(lower=0)).sum()
    # Given the latent values the number is Poisson.
    assert abs(latent["purchases"].sum() - len(latent) - expected) < 5 * np.sqrt(expected)


def test_mean_purchases_of_a_fresh_cohort_match_the_closed_form() -> None:
    # Equation for E[X(t)]: r beta / (alpha (s - 1)) * (1 - (beta / (beta + t)) ** (s - 1)).
    p, flat = MALAYSIA, season.flat()
    random = generator(3, "closed form")
    latent = draw_latent(p, flat, random)
    bought = draw_purchases(latent, p, flat, random)
    early = latent.entered < DAYS - 52 * WEEK
    mine = early[bought.customer]
    age = bought.time[mine] - latent.entered[bought.customer[mine]]
    repeats = np.bincount(bought.customer[mine][(age > 0) & (age <= 52 * WEEK)], minlength=len(early))
    expected = p.r * p.beta / (p.alpha * (p.s - 1)) * (1 - (p.beta / (p.beta + 52)) ** (p.s - 1))
    error = repeats[early].std() / np.sqrt(early.sum())
    assert abs(repeats[early].mean() - expected) < 3 * error


def test_nobody_buys_before_entering_or_after_leaving() -> None:
    p, warp = MALAYSIA, season.of_country("MY")
    random = generator(4, "lifetimes")
    latent = draw_latent(p, warp, random)
    bought = draw_purchases(latent, p, warp, random)
    assert (bought.time >= latent.entered[bought.customer] - 1e-6).all()
    assert (bought.time <= latent.left[bought.customer] + 1e-6).all()


def test_every_purchase_of_the_tables_is_one_of_the_process(chain: Sample) -> None:
    # Cancelled, refunded, failed orders and refund receipts are additions, they replace no purchase.
    lines = chain.tables["transactions"]
    void = lines["status"].isin(["cancelled", "refunded", "failed"]) | (lines["amount"] < 0)
    counted = lines[~void].groupby("customer_id")["order_id"].nunique()
    truth = chain.truth.latent.set_index("customer_id")["purchases"]
    pd.testing.assert_series_equal(
        counted.reindex(truth.index, fill_value=0), truth, check_names=False, check_dtype=False
    )
