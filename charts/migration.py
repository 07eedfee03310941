"""Moves between groups: bands from the first day to the second, and the same as a matrix."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd
import plotly.graph_objects as go

from analytics import lifecycle, rfm_grid
from analytics.migration import NOT_YET
from charts import cell_grid, palette, theme
from charts.amounts import signed_money
from charts.cell_grid import Cell
from charts.palette import Mode
from i18n.translator import Translator

_THIN: Final = 0.004
"""Bands of a smaller share of the customers are left out of the picture; the matrix has them."""

_RFM_TONES: Final = {
    "champions": 0, "regulars": 0, "potential": 0,
    "newcomers": 1, "promising": 1,
    "attention": 2, "about_to_sleep": 2,
    "at_risk": 3, "cannot_lose": 3,
    "hibernating": 4, "lost": 4,
}  # fmt: skip
_TONES: Final = ("#0072B2", "#56B4E9", "#B97F00", "#D55E00", "#6B7280")


def order_of(by: str) -> tuple[str, ...]:
    """The groups from top to bottom."""
    return lifecycle.CODES if by == "lifecycle" else rfm_grid.SEGMENTS


def word(code: Any, by: str, t: Translator) -> str:
    """A group in the reader's words."""
    return t("migration.not_yet") if code == NOT_YET else t.code(by, code)


def bands(cells: pd.DataFrame, by: str, days: tuple[str, str], t: Translator, mode: Mode) -> go.Figure:
    """A Sankey diagram: as wide as the customers who moved so.

    Parameters
    ----------
    cells : DataFrame
        ``origin``, ``target``, ``customers``, ``revenue_change``.
    by : {"lifecycle", "rfm_segment"}
    days : pair of str
        The two days as written.
    t : Translator
    mode : {"light", "dark"}
    """
    total = max(1, int(cells["customers"].sum()))
    drawn = cells[cells["customers"] >= _THIN * total]
    places = {code: place for place, code in enumerate([*order_of(by), NOT_YET])}
    drawn = drawn.sort_values(["origin", "target"], key=lambda codes: codes.map(places))
    left: list[Any] = [code for code in places if code in set(drawn["origin"])]
    right: list[Any] = [code for code in places if code in set(drawn["target"])]
    counts = [
        *(int(cells.loc[cells["origin"] == code, "customers"].sum()) for code in left),
        *(int(cells.loc[cells["target"] == code, "customers"].sum()) for code in right),
    ]
    labels = [f"{word(code, by, t)} {t.number(n)}" for code, n in zip([*left, *right], counts, strict=True)]
    figure = theme.figure(t, height=380 if by == "lifecycle" else 560)
    figure.add_sankey(
        arrangement="fixed",
        textfont={"color": palette.TEXT[mode], "size": 13, "family": theme.FONT},
        node={
            "label": labels,
            "color": [_colour(code, by, mode) for code in [*left, *right]],
            "line": {"width": 0},
            "pad": 14,
            "thickness": 14,
            "x": [0.001] * len(left) + [0.999] * len(right),
            "y": [*_heights(left, counts[: len(left)]), *_heights(right, counts[len(left) :])],
            "hovertemplate": "%{label}<extra></extra>",
        },
        link={
            "source": [left.index(code) for code in drawn["origin"]],
            "target": [len(left) + right.index(code) for code in drawn["target"]],
            "value": list(drawn["customers"]),
            "color": [palette.faint(_colour(code, by, mode), 0.35) for code in drawn["origin"]],
            "customdata": [
                f"{word(row.origin, by, t)} → {word(row.target, by, t)}: "
                + t.plural("page.customers", row.customers)
                for row in drawn.itertuples()
            ],
            "hovertemplate": "%{customdata}<extra></extra>",
        },
    )
    for x, anchor, day in ((0, "left", days[0]), (1, "right", days[1])):
        figure.add_annotation(
            x=x,
            y=1.0,
            xref="paper",
            yref="paper",
            xanchor=anchor,
            yanchor="bottom",
            yshift=4,
            text=day,
            showarrow=False,
            font={"color": palette.MUTED[mode], "size": 13},
        )
    figure.update_layout(margin={"l": 8, "r": 8, "t": 34, "b": 16})
    return figure


def matrix(cells: pd.DataFrame, by: str, measure: str, currency: str, t: Translator, mode: Mode) -> go.Figure:
    """Rows: the group on the first day; columns: on the second. A click carries both codes.

    Parameters
    ----------
    cells : DataFrame
        ``origin``, ``target``, ``customers``, ``revenue_change``, ``margin_change``.
    by : {"lifecycle", "rfm_segment"}
    measure : {"customers", "revenue_change", "margin_change"}
        What is written in the cells; the shade is of customers.
    currency : str
    t : Translator
    mode : {"light", "dark"}
    """
    origins: list[Any] = [code for code in [*order_of(by), NOT_YET] if code in set(cells["origin"])]
    targets: list[Any] = [code for code in order_of(by) if code in set(cells["target"])]
    most = max([1, *cells["customers"]])
    drawn = []
    for row in cells.itertuples():
        change = getattr(row, measure) if measure != "customers" else 0.0
        people = t.number(row.customers)
        money = signed_money(change, currency, t)
        drawn.append(
            Cell(
                column=targets.index(row.target),
                row=origins.index(row.origin),
                level=row.customers / most * 0.999,
                text=people if measure == "customers" else money,
                hover="<br>".join(
                    [
                        f"{word(row.origin, by, t)} → {word(row.target, by, t)}",
                        t.plural("page.customers", row.customers),
                        t(
                            "migration.hover_money",
                            before=t.money_short(row.revenue_before, currency),
                            after=t.money_short(row.revenue_after, currency),
                        ),
                    ]
                ),
                data=(row.origin, row.target),
            )
        )
    return cell_grid.draw(
        drawn,
        [_broken(word(code, by, t)) for code in targets],
        [_broken(word(code, by, t)) for code in origins],
        t,
        mode,
        row_height=52 if by == "lifecycle" else 40,
        text_size=13 if by == "lifecycle" else 11,
        column_title=t("migration.columns"),
        row_title=t("migration.rows"),
    )


def _heights(codes: list[str], counts: list[int]) -> list[float]:
    """The middle of each node between 0 and 1, stacked in their order."""
    total, gap, found, done = max(1, sum(counts)), 0.03, [], 0.0
    room = 1.0 - gap * max(0, len(codes) - 1)
    for n in counts:
        share = n / total * room
        found.append(min(0.999, max(0.001, done + share / 2)))
        done += share + gap
    return found


def _colour(code: str, by: str, mode: Mode) -> str:
    if code == NOT_YET:
        return palette.MUTED[mode]
    return palette.LIFECYCLE[code] if by == "lifecycle" else _TONES[_RFM_TONES[code]]


def _broken(name: str) -> str:
    """A name of several words on two lines."""
    words: list[Any] = name.split(" ")
    if len(name) <= 10 or len(words) < 2:
        return name
    cut = min(range(1, len(words)), key=lambda i: abs(len(" ".join(words[:i])) - len(name) / 2))
    return " ".join(words[:cut]) + "<br>" + " ".join(words[cut:])
