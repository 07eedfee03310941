"""Customers like those of a segment: learnt on some, tested on others, then asked of everybody.

A logistic regression on what was known early of a customer (``lookalikes_features``). How long somebody
has been a customer takes part in learning, so that a channel that is only new does not look bad, but not
in the score: it makes nobody alike.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from analytics import lookalikes_logistic as logistic
from analytics import lookalikes_tested as tested
from analytics.lookalikes_features import EARLY_DAYS, FEATURES, NUMBERS
from analytics.lookalikes_tested import Bin, Floats, Range

LEAST: Final = 100
"""Customers of the segment, and others, below which nothing is learnt."""

MOST: Final = 100_000
"""Customers to learn from; of more, every k-th."""

HELD_OUT: Final = 0.3
MOST_LEVELS: Final = 8
KNOWN: Final = 0.5
"""A number that is known of a smaller share of the customers is no feature."""

RARE: Final = 0.01
"""A value of fewer customers than this share is one of the others."""

OTHER: Final = "~"
"""The level of all rare values."""

CHANCE: Final = 0.5
WEAK: Final = 0.7
"""AUC from which a score is reliable: Hosmer, Lemeshow, Sturdivant (2013), section 5.2.4, acceptable."""

SURE: Final = 0.6
"""And the least its interval may reach."""

_STEPS: Final = {"first_discount": 0.1}
_TENURE: Final = "tenure_days"


@dataclass(frozen=True, slots=True)
class Term:
    """A column of the model: a number (``level`` None) or a level of a feature, standardised."""

    feature: str
    level: str | None
    mean: float
    scale: float


@dataclass(frozen=True, slots=True)
class Effect:
    """How the odds of being in the segment change: a number doubled, a discount 10 points higher,
    or a level instead of the most frequent one (``against``).
    """

    feature: str
    level: str | None
    against: str | None
    odds: Range

    @property
    def certain(self) -> bool:
        """Whether the interval leaves out "no difference"."""
        return self.odds.low > 1 or self.odds.high < 1


@dataclass(frozen=True, slots=True)
class Model:
    """Terms and their weights (log odds per standard deviation); the score is their sum.

    ``usual`` is the most frequent level of each feature in words: it has no term.
    """

    terms: tuple[Term, ...]
    weights: tuple[float, ...]
    usual: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Lookalikes:
    """What was learnt of a segment.

    ``word`` is ``reliable``, ``rough`` or ``do_not_use``; ``reason`` one of ``good``, ``weak``,
    ``chance``, ``few_segment``, ``few_others``, ``no_features``. Without a model everything else but the
    counts is empty. ``segment`` and ``others`` count those learnt or tested on.
    """

    word: str
    reason: str
    segment: int
    others: int
    held_out: int = 0
    auc: Range | None = None
    lift: Range | None = None
    calibration: tuple[Bin, ...] = ()
    effects: tuple[Effect, ...] = ()
    model: Model | None = None
    penalty: float = math.nan
    dropped: tuple[str, ...] = ()


def sampled(features: ir.Table, everyone: ir.Table, segment: ir.Table, customers: int) -> ir.Table:
    """The rows to learn from: early features and whether a customer is in the segment.

    Parameters
    ----------
    features : ibis Table
        Of ``lookalikes_features.early``.
    everyone, segment : ibis Table
        ``customer_key`` of those asked about, and of the segment.
    customers : int
        How many ``everyone`` are: of more than ``MOST``, every k-th is taken.

    Returns
    -------
    ibis Table
        ``features`` of customers of at least ``EARLY_DAYS`` days, and ``chosen`` (bool).
    """
    step = step_of(customers)
    known = features.filter(features.tenure_days >= EARLY_DAYS)
    if step > 1:
        known = known.filter(known.customer_key % step == 0)
    known = known.semi_join(everyone, "customer_key")
    flag = segment.select("customer_key").distinct().mutate(chosen=ibis.literal(value=True))
    joined = known.left_join(flag, "customer_key").drop("customer_key_right")
    return joined.mutate(chosen=joined.chosen.fill_null(False)).order_by("customer_key")


def step_of(customers: int) -> int:
    """Of so many customers every how-manieth is learnt from."""
    return max(1, -(-customers // MOST))


def learn(
    rows: pd.DataFrame,
    dropped: Sequence[str] = (),
    seed: int = 0,
    told: Callable[[float], object] = lambda share: None,
) -> Lookalikes:
    """Learn a segment on 70% of the rows and test it on the rest.

    Parameters
    ----------
    rows : DataFrame
        Of :func:`sampled`.
    dropped : sequence of str
        Features that define the segment (``lookalikes_features.left_out``).
    seed : int
        Of the split and the folds.
    told : callable
        Called with the share that is done.
    """
    y = rows["chosen"].to_numpy(dtype=float)
    segment, others = int(y.sum()), int(len(y) - y.sum())
    if segment < LEAST or others < LEAST:
        reason = "few_segment" if segment < LEAST else "few_others"
        return Lookalikes("do_not_use", reason, segment, others, dropped=tuple(dropped))
    learning = _split(y, seed)
    terms, usual = _terms(rows[learning], [name for name in FEATURES if name not in dropped])
    if not terms:
        return Lookalikes("do_not_use", "no_features", segment, others, dropped=tuple(dropped))
    x = _columns(rows, terms, usual)
    tenure = np.log1p(rows[_TENURE].to_numpy(dtype=float))
    spread = tenure[learning].std()
    control = (tenure - tenure[learning].mean()) / (spread if spread > 0 else 1.0)
    both = np.column_stack((x, control))
    penalty = logistic.chosen(both[learning], y[learning], seed, told=lambda share: told(0.1 + 0.7 * share))
    told(0.8)
    made = logistic.fit(both[learning], y[learning], penalty)
    score, truth = x[~learning] @ made.coef[:-1], y[~learning]
    area = tested.auc(score, truth)
    word, reason = _verdict(area)
    told(1.0)
    return Lookalikes(
        word=word,
        reason=reason,
        segment=segment,
        others=others,
        held_out=len(truth),
        auc=area,
        lift=tested.lift(score, truth),
        calibration=tested.calibration(1 / (1 + np.exp(-made.linear(both[~learning]))), truth),
        effects=_effects(terms, usual, made),
        model=Model(tuple(terms), tuple(float(v) for v in made.coef[:-1]), tuple(usual.items())),
        penalty=penalty,
        dropped=tuple(dropped),
    )


def scored(features: ir.Table, model: Model) -> ir.Table:
    """The score of every customer, in the engine.

    Returns
    -------
    ibis Table
        ``customer_key``, ``score`` (higher is more alike).
    """
    total: ir.FloatingValue = ibis.literal(0.0)
    for name in dict.fromkeys(term.feature for term in model.terms):
        found = [(t, w) for t, w in zip(model.terms, model.weights, strict=True) if t.feature == name]
        shift = -sum(w * t.mean / t.scale for t, w in found)
        if name in NUMBERS:
            term, weight = found[0]
            value = features[name].cast("float64").fill_null(term.mean)
            total = total + value * (weight / term.scale) + shift
            continue
        levels = {term.level: weight / term.scale for term, weight in found}
        column = features[name].fill_null("")
        kept = [(column == level, weight) for level, weight in levels.items() if level != OTHER]
        kept.append((column == dict(model.usual)[name], 0.0))
        total = total + ibis.cases(*kept, else_=levels.get(OTHER, 0.0)) + shift
    return features.select("customer_key", score=total)


def best(scores: ir.Table, segment: ir.Table, among: ir.Table, count: int) -> ir.Table:
    """The customers outside the segment with the highest scores.

    Parameters
    ----------
    scores : ibis Table
        Of :func:`scored`.
    segment, among : ibis Table
        ``customer_key`` of the segment (left out) and of those who may be found.
    count : int

    Returns
    -------
    ibis Table
        ``customer_key``, ``score``; ties go to the lower key.
    """
    left = scores.semi_join(among, "customer_key").anti_join(segment, "customer_key")
    return left.order_by(ibis.desc("score"), "customer_key").limit(count)


def _split(y: Floats, seed: int) -> np.ndarray:
    """True for the rows to learn from, the same share of both kinds."""
    rng = np.random.default_rng(seed)
    learning = np.ones(len(y), dtype=bool)
    for kind in (0.0, 1.0):
        rows = np.flatnonzero(y == kind)
        learning[rng.permutation(rows)[: round(HELD_OUT * len(rows))]] = False
    return learning


def _terms(rows: pd.DataFrame, names: Sequence[str]) -> tuple[list[Term], dict[str, str]]:
    """The columns of a model, and the most frequent level of each feature, which has no column."""
    terms: list[Term] = []
    usual: dict[str, str] = {}
    for name in names:
        if name in NUMBERS:
            values = rows[name].astype(float)
            if values.notna().mean() >= KNOWN and values.std() > 1e-9:
                terms.append(Term(name, None, float(values.mean()), float(values.std(ddof=0))))
            continue
        column = rows[name].fillna("").astype(str)
        counts = column.value_counts()
        frequent = counts[counts >= RARE * len(rows)].head(MOST_LEVELS)
        kept = sorted(frequent.index, key=lambda level: (-frequent[level], level))
        if not kept or frequent.iloc[0] >= (1 - RARE) * len(rows):
            continue
        usual[name] = kept[0]
        shares = {level: float((column == level).mean()) for level in kept[1:]}
        rest = float((~column.isin(kept)).mean())
        shares |= {OTHER: rest} if rest >= RARE else {}
        terms += [Term(name, level, p, math.sqrt(p * (1 - p))) for level, p in shares.items()]
    return terms, usual


def _columns(rows: pd.DataFrame, terms: Sequence[Term], usual: dict[str, str]) -> Floats:
    """The standardised columns (n, p); an unknown number is the mean."""
    found = np.empty((len(rows), len(terms)))
    for place, term in enumerate(terms):
        if term.level is None:
            values = rows[term.feature].astype(float).fillna(term.mean)
        else:
            column = rows[term.feature].fillna("").astype(str)
            named = {t.level for t in terms if t.feature == term.feature} | {usual[term.feature]}
            values = (~column.isin(named) if term.level == OTHER else column == term.level).astype(float)
        found[:, place] = (values.to_numpy() - term.mean) / term.scale
    return found


def _effects(terms: Sequence[Term], usual: dict[str, str], made: logistic.Fitted) -> tuple[Effect, ...]:
    """Odds ratios with intervals, the strongest per standard deviation first."""
    errors = np.sqrt(np.diag(made.covariance))[1:]
    found = []
    for place, term in enumerate(terms):
        step = (_STEPS.get(term.feature, math.log(2)) if term.level is None else 1.0) / term.scale
        middle, width = float(made.coef[place]) * step, tested.Z * float(errors[place]) * step
        odds = Range(math.exp(middle), math.exp(middle - width), math.exp(middle + width))
        against = None if term.level is None else usual[term.feature]
        found.append((abs(float(made.coef[place])), Effect(term.feature, term.level, against, odds)))
    return tuple(effect for _, effect in sorted(found, key=lambda pair: -pair[0]))


def _verdict(area: Range) -> tuple[str, str]:
    if area.low <= CHANCE:
        return "do_not_use", "chance"
    good = area.value >= WEAK and area.low >= SURE
    return ("reliable", "good") if good else ("rough", "weak")
