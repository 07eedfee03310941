"""Boundaries that are only looked at: every region in one colour, those that overlap in another."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from charts.maps.areas import Areas, LegendRow, Packed, Row, areas
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
) -> Areas:
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
    rows = [
        Row(
            code,
            name,
            1 if code in overlapping else 0,
            " ",
            ((t("boundaries.code"), code), (t("regions.metric.customers"), t.number(n))),
            weight=n,
        )
        for code, name, n in zip(codes, names, customers, strict=True)
    ]
    odd = sum(code in overlapping for code in codes)
    legend = [LegendRow(0, t("boundaries.legend.plain"), t.number(len(codes) - odd))]
    if odd:
        legend.append(LegendRow(1, t("boundaries.legend.overlaps"), t.number(odd)))
    ramps = {"light": [SEQUENTIAL[2], GOLD], "dark": [SEQUENTIAL[5], GOLD]}
    return areas(
        packed, rows, ramps, (t("boundaries.legend.title"), legend, ""), t, level=level, serial=level
    )
