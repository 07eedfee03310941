"""Hot and cold spots as areas: purple above, orange below what chance explains; nothing is computed here."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from charts.maps.borders import Packed
from charts.maps.layers import EMPTY, Layers, Legend, Region, class_row
from charts.palette import DIVERGING
from charts.regions import written
from geo.region_metrics import METRICS
from i18n.numbers import DASH
from i18n.translator import Translator

GROUPS: Final = ("cold", "maybe_cold", "none", "maybe_hot", "hot")
_PLAIN: Final = {"light": "#F1F3F4", "dark": "#3A464F"}


def layer(
    found: pd.DataFrame, metric: str, packed: Packed, level: str, fewest: int, currency: str, t: Translator
) -> Layers:
    """The map of a test.

    Parameters
    ----------
    found : DataFrame, in the order of the borders
        ``code``, ``name``, ``customers``, ``value``, ``z``, ``q``, ``group`` (of ``GROUPS`` or empty).
    metric : str
        Of ``geo.region_metrics.METRICS``.
    packed : Packed
    level : str
    fewest : int
        The figure of a place with fewer customers is not told.
    currency : str
    t : Translator
    """
    few = ((found["customers"] > 0) & (found["customers"] < fewest)).to_numpy()
    texts = values(found, metric, few, currency, t)
    regions = [
        Region(
            str(row["code"]),
            str(row["name"]),
            GROUPS.index(str(row["group"])) if row["group"] else EMPTY,
            text if row["group"] in ("hot", "cold") else "",
            abs(float(row["z"])) if row["group"] else 0.0,
            (
                (t(f"regions.metric.{metric}"), text),
                (t("hotspots.verdict"), t(f"hotspots.group.{row['group']}") if row["group"] else DASH),
                (t("hotspots.chance"), chance(row["q"], t) if row["group"] else DASH),
            ),
        )
        for row, text in zip(found.to_dict("records"), texts, strict=True)
    ]
    counts = found["group"].value_counts()
    legend = [
        class_row(i, t(f"hotspots.group.{group}"), t.number(int(counts.get(group, 0))))
        for i, group in reversed(list(enumerate(GROUPS)))
    ]
    if "" in counts:
        legend.append(class_row(EMPTY, t("regions.legend.none"), t.number(int(counts[""]))))
    ramp = {
        "light": [DIVERGING[1], DIVERGING[3], _PLAIN["light"], DIVERGING[7], DIVERGING[9]],
        "dark": [DIVERGING[3], DIVERGING[1], _PLAIN["dark"], DIVERGING[8], DIVERGING[6]],
    }  # on dark, lighter is stronger
    title = t("hotspots.legend", figure=t(f"regions.metric.{metric}"))
    return Layers(
        Legend(title, legend, t("hotspots.legend_note")),
        regions=regions,
        borders=packed,
        level=level,
        ramp=ramp,
        serial=f"hot.{metric}",
    )


def chance(q: float, t: Translator) -> str:
    """The adjusted share of false alarms (q) as written; below a tenth of a percent only that.

    Permutations cannot tell smaller ones apart.
    """
    return t("hotspots.chance_least", share=t.percent(0.001)) if q < 0.001 else t.percent(q)


def values(
    found: pd.DataFrame, metric: str, few: npt.NDArray[np.bool_], currency: str, t: Translator
) -> list[str]:
    """Figures as they are written; of a place with few customers, that there are few."""
    kind = METRICS[metric].kind
    return [
        t("regions.few") if small else written(float(value), kind, currency, t)
        for value, small in zip(found["value"], few, strict=True)
    ]
