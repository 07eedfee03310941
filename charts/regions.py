"""Figures of regions become a choropleth: classes, colours, legend and labels; nothing is computed here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from charts.maps import legends
from charts.maps.areas import BARE, Areas, Frames, LegendRow, Packed, Row, areas, diverging
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
    order of the borders; ``level`` names the set; ``chosen`` is the code that is outlined.
    """

    metric: str
    level: str
    names: tuple[str, ...]
    currency: str
    chosen: str = ""
    serial: str = ""

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
) -> Areas:
    """A figure of every region in classes, darker (on dark: lighter) for more; an index around 100.

    Parameters
    ----------
    found : DataFrame
        ``code``, ``customers`` and what the tooltips tell, in the order of the borders.
    values : (n,) float
        Missing: nothing to show.
    classes : Classes
    packed : Packed
    view : View
    t : Translator
    """
    if view.kind == "index":
        classes = with_bounds(values, (0.0, *INDEX_BOUNDS, FAR), "fixed")
    ramps = diverging(3, 3) if view.kind == "index" else legends.colours(max(classes.size, 1))
    steps = classes.step(values)
    bare = _is_bare(values, view)
    steps[bare] = -1
    rows = [
        Row(
            str(code),
            name,
            None if step < 0 else int(step),
            written(value, view.kind, view.currency, t) if step >= 0 else "",
            tip(found.iloc[i], view, value, t),
            bare=bool(bare[i]),
            weight=float(found["customers"].iloc[i]),
        )
        for i, (code, name, step, value) in enumerate(
            zip(found["code"], view.names, steps, values, strict=True)
        )
    ]
    shown = _classes(classes, view, t, _empty(steps) - int(bare.sum()), int(bare.sum()))
    legend = (t(f"regions.metric.{view.metric}"), shown, _note(view, t))
    return areas(packed, rows, ramps, legend, t, level=view.level, chosen=view.chosen, serial=view.serial)


def changes(
    found: pd.DataFrame, moved: Floats, bounds: tuple[float, float], packed: Packed, view: View, t: Translator
) -> Areas:
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
    rows = [
        Row(
            str(code),
            name,
            None if step < 0 else int(step),
            changed(value, view.kind, t) if step >= 0 else "",
            ((t("regions.change"), changed(value, view.kind, t)), *tip(found.iloc[i], view, None, t)),
            weight=float(found["customers"].iloc[i]),
        )
        for i, (code, name, step, value) in enumerate(
            zip(found["code"], view.names, steps, moved, strict=True)
        )
    ]
    title = t("regions.legend.change", metric=t(f"regions.metric.{view.metric}"))
    legend = (title, _change_classes(classes, view, t, _empty(steps)), t("regions.legend.middle_none"))
    ramps = diverging(3, 3)
    return areas(packed, rows, ramps, legend, t, level=view.level, chosen=view.chosen, serial=view.serial)


def played(
    found: pd.DataFrame,
    months: Sequence[date],
    values: Sequence[Floats],
    classes: Classes,
    packed: Packed,
    view: View,
    t: Translator,
) -> Areas:
    """A figure month by month, on one scale over all of them."""
    frames = Frames(
        t(f"regions.metric.{view.metric}"),
        tuple(t.month(month) for month in months),
        tuple(tuple(_monthly_step(each, classes, view)) for each in values),
        tuple(tuple(_monthly_text(v, view, t) for v in each) for each in values),
    )
    rows = [
        Row(str(code), name, None, "", weight=float(n))
        for code, name, n in zip(found["code"], view.names, found["customers"], strict=True)
    ]
    title = t("regions.legend.monthly", metric=t(f"regions.metric.{view.metric}"))
    shown = [LegendRow(row.step, row.text) for row in _classes(classes, view, t, 0)]
    shown.append(LegendRow(None, t("regions.legend.nothing")))
    if METRICS[view.metric].adds:
        shown.append(LegendRow(None, t("regions.legend.zero_month"), bare=True))
    legend = (title, shown, t("regions.legend.one_scale"))
    ramps = legends.colours(max(classes.size, 1))
    return areas(
        packed,
        rows,
        ramps,
        legend,
        t,
        level=view.level,
        chosen=view.chosen,
        frames=frames,
        serial=view.serial,
    )


def _monthly_step(values: Floats, classes: Classes, view: View) -> list[int | None]:
    steps = np.where(_is_bare(values, view), BARE, classes.step(values))
    return [None if step == -1 else int(step) for step in steps]


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
    shown = value is None or np.isfinite(value) or row["customers"] == 0
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


def _empty(steps: npt.NDArray[np.int64]) -> int:
    return int((steps < 0).sum())


def _note(view: View, t: Translator) -> str:
    return t("regions.legend.middle_100") if view.kind == "index" else ""


def _is_bare(values: Floats, view: View) -> npt.NDArray[np.bool_]:
    """Regions with nothing at all, of a figure that is counted or added up: they are no class of it."""
    return np.asarray((values == 0) & METRICS[view.metric].adds, dtype=bool)


def _classes(classes: Classes, view: View, t: Translator, empty: int, bare: int = 0) -> list[LegendRow]:
    """Legend rows from much to little, with the number of regions in each class."""
    rows = []
    for i in reversed(range(classes.size)):
        low, high = classes.bounds[i], classes.bounds[i + 1]
        rows.append(
            LegendRow(i, _span(low, high, i == classes.size - 1, view, t), t.number(classes.counts[i]))
        )
    if empty:
        rows.append(LegendRow(None, t("regions.legend.none"), t.number(empty)))
    if bare:
        rows.append(LegendRow(None, t("regions.legend.zero"), t.number(bare), bare=True))
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


def _change_classes(classes: Classes, view: View, t: Translator, empty: int) -> list[LegendRow]:
    rows = []
    for i in reversed(range(classes.size)):
        low, high = (changed(value, view.kind, t) for value in classes.bounds[i : i + 2])
        if i == classes.size - 1:
            text = t("map.legend.at_least", n=low)
        elif i == 0:
            text = t("regions.legend.below", n=high)
        else:
            text = t("regions.legend.from_to", low=low, high=high)
        rows.append(LegendRow(i, text, t.number(classes.counts[i])))
    if empty:
        rows.append(LegendRow(None, t("regions.legend.none"), t.number(empty)))
    return rows
