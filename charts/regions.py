"""Figures of regions become a choropleth: classes, colours, legend and labels; nothing is computed here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from charts.escaping import map_text
from charts.maps import legends
from charts.maps.borders import Packed
from charts.maps.layers import BARE, EMPTY, Frames, Layers, Legend, Region, class_row
from charts.maps.legends import diverging
from geo.classify import Classes, with_bounds
from geo.region_metrics import METRICS, Kind
from i18n.numbers import DASH
from i18n.translator import Translator

Floats = npt.NDArray[np.float64]
Ramps = Mapping[str, Sequence[str]]

INDEX_BOUNDS: Final = (50.0, 80.0, 100.0, 125.0, 200.0)
"""Classes of an index around 100: half, four fifths, as many, a quarter more, twice."""

FAR: Final = 1e12


@dataclass(frozen=True)
class View:
    """What a map of regions shows.

    ``metric`` is a code of ``geo.region_metrics.METRICS``; ``names`` are those of the regions, in the
    order of the borders; ``level`` names the set; ``of`` is what the figure rests on ("Households
    2024"); ``chosen`` is the code that is outlined; of the codes in ``hidden`` no customers are told.
    """

    metric: str
    level: str
    names: tuple[str, ...]
    currency: str
    chosen: str = ""
    serial: str = ""
    of: str = ""
    hidden: frozenset[str] = frozenset()

    def title(self, t: Translator) -> str:
        """The name of the figure with what it rests on."""
        name = t(f"regions.metric.{self.metric}")
        return f"{name} ({self.of})" if self.of else name

    @property
    def kind(self) -> Kind:
        """How the figure is written."""
        return METRICS[self.metric].kind


def written(value: float, kind: Kind, currency: str, t: Translator) -> str:
    """A figure as it is written on the map and in lists; a dash where there is none."""
    if not np.isfinite(value):
        return DASH
    if kind == "money":
        return t.money_short(value, currency)
    if kind == "share":
        return t.percent(value)
    if kind == "score":
        return t.signed(value)
    return t.number(value, 1 if kind == "rate" else 0)


def changed(value: float, kind: Kind, t: Translator) -> str:
    """A difference as it is written: percent for counts and money, points for shares."""
    if not np.isfinite(value):
        return DASH
    if kind in ("count", "money"):
        return t.change(value)
    if kind == "share":
        return t.points(value)
    return t.signed(value, 1 if kind == "rate" else 0)


def quantities(
    found: pd.DataFrame, values: Floats, classes: Classes, packed: Packed, view: View, t: Translator
) -> Layers:
    """A figure of every region in classes, darker (on dark: lighter) for more; an index around 100.

    Parameters
    ----------
    found : DataFrame
        ``code``, ``customers`` and what the tooltips tell, in the order of the level.
    values : (n,) float
        Missing: nothing to show.
    classes : Classes
    packed : Packed
    view : View
    t : Translator
    """
    if view.kind == "index":
        classes = with_bounds(values, (0.0, *INDEX_BOUNDS, FAR), "fixed")
    ramp = diverging(3, 3) if view.kind == "index" else legends.colours(max(classes.size, 1))
    bare = _is_bare(values, view)
    steps = np.where(bare, BARE, classes.step(values))
    labels = [
        written(value, view.kind, view.currency, t) if step >= 0 else ""
        for value, step in zip(values, steps, strict=True)
    ]
    tips = [tip(found.iloc[i], view, value, t) for i, value in enumerate(values)]
    shown = _classes(classes, view, t, int((steps == EMPTY).sum()), int(bare.sum()))
    legend = Legend(view.title(t), shown, _note(view, t))
    return _layers(view, packed, legend, ramp, _regions(found, view, steps, labels, tips))


def changes(
    found: pd.DataFrame, moved: Floats, bounds: tuple[float, float], packed: Packed, view: View, t: Translator
) -> Layers:
    """How a figure moved, around no change.

    Parameters
    ----------
    moved : (n,) float
        Of ``geo.region_metrics.change``.
    bounds : (small, large), both > 0
        Where the pale and the middle classes end, each way.
    """
    small, large = bounds
    classes = with_bounds(moved, (-FAR, -large, -small, 0.0, small, large, FAR), "fixed")
    steps = classes.step(moved)
    texts = [changed(value, view.kind, t) for value in moved]
    labels = [text if step >= 0 else "" for text, step in zip(texts, steps, strict=True)]
    tips = [((t("regions.change"), text), *tip(found.iloc[i], view, None, t)) for i, text in enumerate(texts)]
    title = t("regions.legend.change", metric=t(f"regions.metric.{view.metric}"))
    shown = _change_classes(classes, view, t, int((steps < 0).sum()))
    legend = Legend(title, shown, t("regions.legend.middle_none"))
    return _layers(view, packed, legend, diverging(3, 3), _regions(found, view, steps, labels, tips))


def played(
    found: pd.DataFrame,
    months: Sequence[date],
    values: Sequence[Floats],
    classes: Classes,
    packed: Packed,
    view: View,
    t: Translator,
) -> Layers:
    """A figure month by month, on one scale over all of them."""
    frames = Frames(
        t(f"regions.metric.{view.metric}"),
        tuple(t.month(month) for month in months),
        tuple(tuple(_monthly_step(each, classes, view)) for each in values),
        tuple(tuple(_monthly_text(v, view, t) for v in each) for each in values),
    )
    n = len(found)
    regions = _regions(found, view, np.full(n, EMPTY), [""] * n, [()] * n)
    shown = [class_row(row["step"], row["text"]) for row in _classes(classes, view, t, 0)]
    shown.append(class_row(EMPTY, t("regions.legend.nothing")))
    if METRICS[view.metric].adds:
        shown.append(class_row(BARE, t("regions.legend.zero_month")))
    title = t("regions.legend.monthly", metric=t(f"regions.metric.{view.metric}"))
    legend = Legend(title, shown, t("regions.legend.one_scale"))
    return _layers(view, packed, legend, legends.colours(max(classes.size, 1)), regions, frames)


def _regions(
    found: pd.DataFrame,
    view: View,
    steps: npt.NDArray[np.int64],
    labels: Sequence[str],
    tips: Sequence[Sequence[tuple[str, str]]],
) -> list[Region]:
    return [
        Region(str(code), name, int(step), label, float(n), told)
        for code, name, step, label, n, told in zip(
            found["code"], view.names, steps, labels, found["customers"], tips, strict=True
        )
    ]


def _layers(
    view: View,
    packed: Packed,
    legend: Legend,
    ramp: Ramps,
    regions: list[Region],
    frames: Frames | None = None,
) -> Layers:
    return Layers(
        legend,
        regions=regions,
        borders=packed,
        level=view.level,
        frames=frames,
        ramp=ramp,
        chosen=f"region:{map_text(view.chosen)}" if view.chosen else "",
        serial=view.serial,
    )


def _monthly_step(values: Floats, classes: Classes, view: View) -> list[int]:
    return [int(step) for step in np.where(_is_bare(values, view), BARE, classes.step(values))]


def _monthly_text(value: float, view: View, t: Translator) -> str:
    nothing = not np.isfinite(value) or (value == 0 and METRICS[view.metric].adds)
    return "" if nothing else written(value, view.kind, view.currency, t)


def tip(row: pd.Series, view: View, value: float | None, t: Translator) -> tuple[tuple[str, str], ...]:
    """Lines of a tooltip: the figure, its interval where it has one, customers and sales."""
    lines = []
    if value is not None and view.metric not in ("customers", "revenue"):
        lines.append((t(f"regions.metric.{view.metric}"), written(value, view.kind, view.currency, t)))
        between = interval(row, view.metric, t)
        if between and np.isfinite(value):
            lines.append((t("regions.interval"), between))
            lines += reliability(row, view.metric, t)
    shown = str(row["code"]) not in view.hidden
    customers = t.number(row["customers"]) if shown else t("regions.few")
    lines.append((t("regions.metric.customers"), customers))
    if shown:
        lines.append((t("regions.metric.revenue"), t.money_short(row["revenue"], view.currency)))
    return tuple(lines)


def interval(row: pd.Series, metric: str, t: Translator) -> str:
    """The 95% interval of a figure that has one; empty for the others."""
    if metric == "nps" and np.isfinite(row.get("margin", np.nan)):
        return t("regions.margin", score=t.signed(row["nps"]), margin=t.number(row["margin"]))
    ends = {"penetration": ("low", "high", 1), "index": ("index_low", "index_high", 0)}.get(metric)
    if ends is None or not np.isfinite(row.get(ends[0], np.nan)):
        return ""
    return t("regions.between", low=t.number(row[ends[0]], ends[2]), high=t.number(row[ends[1]], ends[2]))


def reliability(row: pd.Series, metric: str, t: Translator) -> list[tuple[str, str]]:
    """How far a figure against the inhabitants can be trusted, as a line; none of other figures."""
    word = row.get("reliability", "") if metric in ("penetration", "index") else ""
    return [(t("regions.trust"), t(f"regions.reliability.{word}"))] if word else []


def _note(view: View, t: Translator) -> str:
    return t("regions.legend.middle_100") if view.kind == "index" else ""


def _is_bare(values: Floats, view: View) -> npt.NDArray[np.bool_]:
    """Regions with nothing at all, of a figure that is counted or added up: they are no class of it."""
    return np.asarray((values == 0) & METRICS[view.metric].adds, dtype=bool)


def _classes(classes: Classes, view: View, t: Translator, empty: int, bare: int = 0) -> list[dict[str, Any]]:
    """Legend rows from much to little, with the number of regions in each class."""
    rows = []
    for i in reversed(range(classes.size)):
        low, high = classes.bounds[i], classes.bounds[i + 1]
        text = _span(low, high, i == classes.size - 1, view, t)
        rows.append(class_row(i, text, t.number(classes.counts[i])))
    if empty:
        rows.append(class_row(EMPTY, t("regions.legend.none"), t.number(empty)))
    if bare:
        rows.append(class_row(BARE, t("regions.legend.zero"), t.number(bare)))
    return rows


def _span(low: float, high: float, is_last: bool, view: View, t: Translator) -> str:
    """A class in words: "12–57"; whole numbers do not meet at the border of two classes."""

    def text(value: float) -> str:
        return written(value, view.kind, view.currency, t)

    if high >= FAR:
        return t("map.legend.at_least", n=text(low))
    if low <= -FAR:
        return t("regions.legend.below", n=text(high))
    if view.kind == "count":
        low, high = float(np.ceil(low)), float(high if is_last else max(np.ceil(high) - 1, np.ceil(low)))
    return text(low) if text(low) == text(high) else f"{text(low)}–{text(high)}"


def _change_classes(classes: Classes, view: View, t: Translator, empty: int) -> list[dict[str, Any]]:
    rows = []
    for i in reversed(range(classes.size)):
        low, high = (changed(value, view.kind, t) for value in classes.bounds[i : i + 2])
        if i == classes.size - 1:
            text = t("map.legend.at_least", n=low)
        elif i == 0:
            text = t("regions.legend.below", n=high)
        else:
            text = t("regions.legend.from_to", low=low, high=high)
        rows.append(class_row(i, text, t.number(classes.counts[i])))
    if empty:
        rows.append(class_row(EMPTY, t("regions.legend.none"), t.number(empty)))
    return rows
