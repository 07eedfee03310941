"""The blocks of the page Segments."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd
import streamlit as st

from analytics.customers import Selection
from analytics.figures import Figure, delta
from analytics.lifecycle import CODES
from analytics.pareto import GOLD_PERCENT, MEASURES, Concentration
from analytics.shift import largest_shift
from charts import lifecycle as charts
from charts import pareto as pareto_chart
from i18n.numbers import absent
from i18n.translator import Translator
from ui.cached import people
from ui.cached import segments as cached
from ui.cached.people import Wanted
from ui.cached.rungs import BringMost
from ui.components import cards, customer_list, figures, inputs, windows
from ui.components.cards import Card, Direction
from ui.components.customer_list import Listing
from ui.filters import Filters

GOOD: Final[dict[str, Direction]] = {"new": "up", "active": "up", "loyal": "up", "lapsed": "down"}


def headline(f: Filters, t: Translator) -> None:
    """Six cards: the four groups, who was lost in the window, what Gold brings."""
    now = cached.sizes(*f.key, f.windows).set_index("lifecycle")
    before = None
    if f.comparison:
        before = cached.sizes(f.workspace, f.snapshot, f.comparison, f.windows).set_index("lifecycle")
    made = [_group_card(code, now, before, f, t) for code in CODES]
    cards.kpi_row([*made, _lost(f, t), _gold(f, t)], t)


def sentence(f: Filters, t: Translator) -> str:
    """The group that grew or shrank most; else who brings how much."""
    now = cached.sizes(*f.key, f.windows).set_index("lifecycle")
    if f.comparison:
        before = cached.sizes(f.workspace, f.snapshot, f.comparison, f.windows).set_index("lifecycle")
        shift = largest_shift(dict(now["customers"]), dict(before["customers"]))
        if shift is not None:
            return t(
                "segments.sentence.shift_up" if shift.change > 0 else "segments.sentence.shift_down",
                group=t.code("lifecycle", shift.code),
                now=t.percent(shift.now),
                before=t.percent(shift.before),
                points=t.points(shift.change),
                date=t.date(f.comparison.end),
            )
    loyal = now.loc["loyal"]
    return t(
        "segments.sentence.loyal",
        customers=t.percent(loyal["share_of_customers"]),
        revenue=t.percent(loyal["share_of_revenue"]),
        lapsed=t.percent(now.loc["lapsed", "share_of_customers"]),
    )


def groups(f: Filters, t: Translator) -> str | None:
    """The four groups as bars.

    Returns
    -------
    str or None
        The lifecycle code that was clicked.
    """
    sizes = cached.sizes(*f.key, f.windows)
    table = sizes.assign(lifecycle=[t.code("lifecycle", code) for code in sizes["lifecycle"]])
    headers = {name: t(f"people.column.{name}") for name in table.columns}
    drawn = figures.chart(
        charts.shares(sizes, f.currency, t),
        table.rename(columns=headers),
        "segments-groups",
        title=t("segments.groups.title"),
        column_config=shares_format(headers),
        on_select=True,
        turn=customer_list.turn("segments-groups"),
    )
    windows.editor(f, t)
    found = customer_list.clicked("segments-groups", drawn)
    return str(found[0]) if found else None


def open_group(code: str, f: Filters, t: Translator) -> None:
    """Open the customers of a lifecycle group."""
    rule = f"{t.code('lifecycle', code)}: {windows.definition(code, f.windows, t)}"
    customer_list.open_list(
        Listing(code, t.code("lifecycle", code), rule, Wanted(Selection(lifecycles=(code,))))
    )


def pareto(f: Filters, t: Translator) -> None:
    """The curve, and the Gold customers."""
    measure = inputs.choice(
        t("segments.pareto.measure"), MEASURES, "segments.pareto", lambda code: t(f"people.column.{code}")
    )
    points, found = cached.concentration(*f.key, f.windows, measure)
    share = found.gold_share.value
    if share is None or found.smallest_share.value is None:
        st.markdown(t("segments.pareto.not_computed"))
        return
    left, right = st.columns([2, 1], gap="large")
    with left:
        headers = {name: t(f"people.column.{name}") for name in points.columns}
        figures.chart(
            pareto_chart.curve(points, found, measure, t, figures.mode()),
            points.rename(columns=headers),
            "segments-pareto",
            title=t("segments.pareto.title"),
            column_config=shares_format(headers),
        )
    with right:
        _best(share, found.smallest_share.value, found, measure, f, t)


def _best(
    share: float, smallest: float, found: Concentration, measure: str, f: Filters, t: Translator
) -> None:
    """How much the best bring, and the two lists: the best fifth, and the fewest who bring most."""
    of_total, word = t.percent(found.of_total, 0), t(f"people.column.{measure}")
    st.subheader(t("segments.pareto.gold"), anchor=False)
    st.markdown(
        t(
            "segments.pareto.sentence",
            percent=t.percent(GOLD_PERCENT / 100, 0),
            n=t.number(found.gold_customers),
            share=t.percent(share),
            value=t.money_short(found.gold_value, f.currency),
            smallest=t.percent(smallest),
            of_total=of_total,
        )
    )
    assumed = people.assumed_share(f.workspace, f.snapshot)
    if measure == "margin" and assumed:
        st.caption(t("segments.todo.assumed", share=t.percent(assumed)))
    label = t("segments.pareto.open", n=t.number(found.gold_customers))
    if st.button(label, type="primary", key="segments.gold"):
        rule = t("segments.pareto.rule", measure=word)
        wanted = Wanted(history=False, gold=measure)
        customer_list.open_list(Listing("gold", t("segments.pareto.gold"), rule, wanted))
    label = t("climbing.most_open", n=t.number(round(smallest * found.customers)), of_total=of_total)
    if st.button(label, key="segments.most"):
        rule = t("climbing.most_rule", of_total=of_total, measure=word)
        wanted = Wanted(history=False, among=BringMost(measure, found.of_total))
        customer_list.open_list(Listing("most", label, rule, wanted))


def shares_format(headers: dict[str, str]) -> dict[str, Any]:
    """How tables show the columns whose code begins with ``share_``, and all other numbers."""
    return {
        word: st.column_config.NumberColumn(format="percent" if code.startswith("share_") else "localized")
        for code, word in headers.items()
        if code not in ("lifecycle", "rfm_segment", "value")
    }


def _group_card(code: str, now: pd.DataFrame, before: pd.DataFrame | None, f: Filters, t: Translator) -> Card:
    share: Any = now.loc[code, "share_of_customers"]
    change = None
    if before is not None:
        earlier: Any = before.loc[code, "share_of_customers"]
        if not absent(share) and not absent(earlier):
            change = delta(Figure(code, float(share), "share"), Figure(code, float(earlier), "share"))
    return Card(
        label=t.code("lifecycle", code),
        value=t.percent(share),
        definition=windows.definition(code, f.windows, t),
        delta=t.points(change.value) if change else None,
        change=change.value if change else None,
        good=GOOD[code],
        reason="" if before is not None else t("card.no_comparison"),
    )


def _lost(f: Filters, t: Translator) -> Card:
    moves = cached.moved(*f.key, f.windows)
    change = None
    if f.comparison:
        before = cached.moved(f.workspace, f.snapshot, f.comparison, f.windows)
        change = delta(Figure("lost", moves.lost, "count"), Figure("lost", before.lost, "count"))
    known = moves.start > 0
    return Card(
        label=t("segments.lost.name"),
        value=t.number(moves.lost if known else None),
        definition=t("segments.lost.definition", lapse=f.windows.lapse_days),
        delta=t.change(change.value) if change else None,
        change=change.value if change else None,
        good="down",
        reason=t("kpi.reason.no_history") if not known else t("card.no_comparison"),
    )


def _gold(f: Filters, t: Translator) -> Card:
    found = cached.concentration(*f.key, f.windows, "revenue")[1].gold_share
    change = None
    if f.comparison:
        before = cached.concentration(f.workspace, f.snapshot, f.comparison, f.windows, "revenue")[1]
        change = delta(found, before.gold_share)
    return Card(
        label=t("segments.gold.name"),
        value=t.percent(found.value),
        definition=t("segments.gold.definition"),
        delta=t.points(change.value) if change else None,
        change=change.value if change else None,
        good="none",
        reason=t(f"kpi.reason.{found.reason}") if found.reason else t("card.no_comparison"),
    )
