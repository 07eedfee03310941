"""Boundaries that are only looked at: every region in one colour, those that overlap in another."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from charts.maps.borders import Packed
from charts.maps.layers import Layers, Legend, Region, class_row
from charts.palette import GOLD, SEQUENTIAL
from i18n.translator import Translator


def preview(
    packed: Packed,
    codes: Sequence[str],
    names: Sequence[str],
    customers: Sequence[int],
    overlapping: Collection[str],
    level: str,
    t: Translator,
) -> Layers:
    """A map of regions before they are kept.

    Parameters
    ----------
    packed : Packed
    codes, names : sequence of str
        In the order of the borders.
    customers : sequence of int
        Who falls into each.
    overlapping : collection of str
        Codes of regions that lie on another one.
    level : str
        Another one moves the view.
    t : Translator
    """
    regions = [
        Region(
            code,
            name,
            1 if code in overlapping else 0,
            " ",
            float(n),
            ((t("boundaries.code"), code), (t("regions.metric.customers"), t.number(n))),
        )
        for code, name, n in zip(codes, names, customers, strict=True)
    ]
    odd = sum(code in overlapping for code in codes)
    legend = [class_row(0, t("boundaries.legend.plain"), t.number(len(codes) - odd))]
    if odd:
        legend.append(class_row(1, t("boundaries.legend.overlaps"), t.number(odd)))
    return Layers(
        Legend(t("boundaries.legend.title"), legend),
        regions=regions,
        borders=packed,
        level=level,
        ramp={"light": [SEQUENTIAL[2], GOLD], "dark": [SEQUENTIAL[5], GOLD]},
        serial=level,
    )
