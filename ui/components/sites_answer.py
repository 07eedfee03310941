"""The tab Answer: which sites, what each brings, how sure that is, and what would change it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from charts import sites as charts
from charts.amounts import symbol, whole_money
from charts.escaping import plain_text
from geo.sensitivity import DEMAND_DOWN, RENT_UP
from geo.site_answer import SiteResult
from i18n.numbers import DASH
from i18n.translator import Translator
from ui.cached import places
from ui.cached.people import Wanted
from ui.cached.site_answer import Answer
from ui.cached.site_model import Model
from ui.cached.site_people import NearSite
from ui.components import cards, customer_list, figures, sites_checks
from ui.components import sites_state as state
from ui.components import sites_words as words
from ui.components.cards import Card
from ui.components.customer_list import Listing
from ui.components.sites_longlist import map_of
from ui.filters import Filters
from ui.text import plain


def answer(f: Filters, t: Translator, made: Model) -> None:
    """Draw the answer to the brief."""
    found = state.answer(f, t)
    if found is None:
        return
    _headline(found, made, f, t)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        map_of(f, t, found.kept, "sites-answer", found.solved.sites)
    with right:
        _list(found, made, f, t)
    if found.results:
        _losses(found, made, f, t)
    if not made.first:
        _sensitivity(found, f, t)
    _curve(found, made, f, t)
    (_first_ranking if made.first else _ranking)(found, made, f, t)
    sites_checks.checks(found, made, f, t)


def _headline(found: Answer, made: Model, f: Filters, t: Translator) -> None:
    """The objective, and the two errors side by side."""
    code, solved = found.ask.objective, found.solved
    gap, proof = words.gap(solved, t)
    error, word = words.error(made.error, t)
    sold = [result.sales for result in found.results if result.sales is not None]
    net = sum(result.net_sales for result in found.results)
    ranked = words.in_order_only(found.ask, made)
    row = [
        Card(
            t(f"sites.card.{code}.name"),
            DASH if ranked else words.objective(solved, code, f.currency, t),
            t(f"sites.card.{code}.definition"),
            reason=word
            if ranked
            else words.today(solved, code, f.currency, t)
            if code != "captured"
            else t(f"sites.card.rent_{'in' if solved.with_rent else 'out'}"),
        ),
        Card(
            t("sites.card.net.name"),
            t.money_short(net, f.currency) if sold or (made.error and not found.results) else DASH,
            t("sites.card.net.definition"),
            reason=words.error(made.error, t)[1] if not sold and found.results else "",
        ),
        Card(t("sites.card.gap.name"), gap, t("sites.card.gap.definition"), reason=proof),
        Card(t("sites.card.error.name"), error, t("sites.card.error.definition"), reason=word),
    ]
    cards.kpi_row(row, t)
    if not solved.complete:
        st.caption(t("sites.by_clock"))
    if made.error is None:
        st.warning(words.ranking_only(made, t))
    elif made.error.word == "do_not_use":
        st.warning(t("sites.do_not_use"))


def _list(found: Answer, made: Model, f: Filters, t: Translator) -> None:
    """The chosen sites, one below the other."""
    if not found.results:
        st.info(t("sites.answer.nothing"))
    for place, result in enumerate(found.results, start=1):
        row = found.kept.iloc[result.site]
        st.markdown(f"**{place}. {plain(row['name'], 60)}**")
        _people(row, place, made, f, t)
        if result.sales is None:
            st.markdown(_order(result, found, made, f, t))
            continue
        low, middle, high = (whole_money(v, f.currency, t) for v in result.sales)
        net = [words.money(v, f.currency, t) for v in result.net] if result.net else None
        st.markdown(
            plain(t("sites.list.sales", low=low, middle=middle, high=high), 200)
            + "  \n"
            + plain(t("sites.list.lost", lost=whole_money(float(result.losses.sum()), f.currency, t)), 200)
            + "  \n"
            + plain(
                t("sites.list.net", low=net[0], middle=net[1], high=net[2])
                if net
                else t("sites.list.no_net", reason=t(f"sites.reason.{result.economics.reason or 'costs'}"))
                if result.economics
                else DASH,
                200,
            )
            + "  \n"
            + plain(
                t(
                    "sites.list.pays",
                    payback=words.payback(result.economics, t),
                    rent=words.rent(result.economics, f.currency, t),
                ),
                200,
            )
        )
    if found.results and found.results[0].sales is not None:
        figures.download(results_table(found, f, t), "sites-results")


def _order(result: SiteResult, found: Answer, made: Model, f: Filters, t: Translator) -> str:
    """What stands in place of sales that are not forecast."""
    if not made.first:
        return t("sites.list.index", index=t.number(result.index))
    share = t.percent(float(found.ranking["value"].iloc[result.site]))
    return t("sites.list.within", share=share, km=t.number(found.ask.radius_km, 1))


def _people(row: Any, place: int, made: Model, f: Filters, t: Translator) -> None:
    """A button that lists the customers around a site; none for a group too small to name."""
    km = state.plan(f).brief.radius_km
    near = NearSite(float(row["lat"]), float(row["lon"]), km, made.first)
    inside = near.count(*f.key, f.windows)
    if inside < places.FEWEST:
        return
    if st.button(
        t("sites.list.open", n=t.number(inside), km=t.number(km, 1)),
        key=f"sites.open.{place}",
        type="tertiary",
    ):
        title = t("sites.list.around", name=plain_text(row["name"], 60))
        who = "buyers" if made.first else "rule"
        rule = t(f"sites.list.{who}", name=plain_text(row["name"], 60), km=t.number(km, 1))
        wanted = Wanted(history=False, among=near)
        customer_list.open_list(Listing("site", title, rule, wanted))


def results_table(found: Answer, f: Filters, t: Translator) -> pd.DataFrame:
    """The chosen sites as a table in the reader's words."""
    rows = []
    for result in found.results:
        row = found.kept.iloc[result.site]
        low, middle, high = result.sales or (None, None, None)
        known = result.economics
        rows.append(
            {
                t("sites.column.name"): plain_text(row["name"]),
                t("sites.column.p10"): low,
                t("sites.column.p50"): middle,
                t("sites.column.p90"): high,
                t("sites.column.lost"): float(result.losses.sum()) if result.sales else None,
                t("sites.column.contribution"): known.net if known else None,
                t("sites.column.payback"): known.payback_months if known else None,
                t("sites.column.highest_rent"): known.highest_rent if known else None,
            }
        )
    return pd.DataFrame(rows)


def _losses(found: Answer, made: Model, f: Filters, t: Translator) -> None:
    """What each own store loses to each new one."""
    if all(result.sales is None for result in found.results):
        return
    st.subheader(t("sites.losses.title"), anchor=False)
    table = pd.DataFrame({t("sites.column.store"): made.own["name"].astype(str)})
    sales = made.market.sales.sum(axis=0)
    table[t("sites.column.now")] = sales
    total = np.zeros(len(made.own))
    for result in found.results:
        table[plain_text(found.kept["name"].iloc[result.site], 40)] = -result.losses
        total = total + result.losses
    table[t("sites.column.all")] = -total
    table = table.assign(order=-total).sort_values("order").drop(columns="order")
    money = symbol(f.currency)
    config = {
        name: st.column_config.NumberColumn(f"{name} ({money})", format="localized")
        for name in table.columns[1:]
    }
    st.dataframe(table.round(0), hide_index=True, width="stretch", column_config=config, height="content")
    st.caption(t("sites.losses.note"))


def _curve(found: Answer, made: Model, f: Filters, t: Translator) -> None:
    """How the answer changes with the number of stores."""
    if not any(solved.sites for solved in found.curve):
        return
    code = found.ask.objective
    counts = list(range(1, len(found.curve) + 1))
    ranked, one = words.in_order_only(found.ask, made), found.curve[0].objective
    scale = 100.0 / one if ranked and one > 0 else 1.0
    values = [scale * solved.objective for solved in found.curve]
    texts = [
        t.number(value) if ranked else words.objective(solved, code, f.currency, t)
        for value, solved in zip(values, found.curve, strict=True)
    ]
    table = pd.DataFrame(
        {
            t("sites.curve.count"): counts,
            t("sites.curve.opened"): [len(solved.sites) for solved in found.curve],
            t("sites.curve.index" if ranked else f"sites.card.{code}.name"): values,
            t("sites.curve.bound"): [scale * solved.bound for solved in found.curve],
            t("sites.card.gap.name"): [words.gap(solved, t)[0] for solved in found.curve],
            t("sites.curve.sites"): [
                ", ".join(plain_text(found.kept["name"].iloc[j], 30) for j in solved.sites)
                for solved in found.curve
            ],
        }
    )
    figures.chart(
        charts.by_count(counts, values, texts, t("sites.curve.count"), t),
        table,
        "sites-curve",
        title=t("sites.curve.title"),
    )
    if ranked:
        st.caption(t("sites.curve.index_note"))


def _sensitivity(found: Answer, f: Filters, t: Translator) -> None:
    """Rent, a competitor next door, less demand."""
    st.subheader(t("sites.sensitivity.title"), anchor=False)
    if not found.cases or found.results[0].sales is None:
        st.caption(t("sites.sensitivity.none"))
        return
    known = all(case.net is not None for cases in found.cases for case in cases)
    rows = []
    for result, cases in zip(found.results, found.cases, strict=True):
        row = {t("sites.column.name"): plain_text(found.kept["name"].iloc[result.site], 40)}
        for case in cases:
            if case.code == "rent_up" and not known:
                continue  # sales do not change with the rent
            label = t(f"sites.case.{case.code}", rent=t.percent(RENT_UP, 0), demand=t.percent(DEMAND_DOWN, 0))
            row[label] = words.money(case.net if known else case.net_sales, f.currency, t)
        rows.append(row)
    st.dataframe(pd.DataFrame(rows), hide_index=True, width="stretch")
    st.caption(t("sites.sensitivity.net" if known else "sites.sensitivity.sales"))


def _ranking(found: Answer, made: Model, f: Filters, t: Translator) -> None:
    """Candidates alone, and how stable their order is."""
    st.subheader(t("sites.ranking.title"), anchor=False)
    st.caption(t("sites.ranking.note", n=t.number(found.bootstrap.repetitions)))
    rows = found.ranking.iloc[list(found.ranked)]
    best = max(float(rows["captured"].max()), 1e-9)
    table = pd.DataFrame(
        {
            t("sites.column.place"): range(1, len(rows) + 1),
            t("sites.column.name"): [plain_text(found.kept["name"].iloc[j], 40) for j in found.ranked],
            t("sites.column.value"): [
                words.money(v if made.error else None, f.currency, t) for v in rows["value"]
            ],
            t("sites.column.index"): [t.number(100 * v / best) for v in rows["captured"]],
            t("sites.column.first"): [t.percent(v, 0) for v in found.bootstrap.first],
            t("sites.column.places"): [
                f"{t.number(a)}–{t.number(b)}"
                for a, b in zip(found.bootstrap.low, found.bootstrap.high, strict=True)
            ],
            t("sites.column.without"): [
                DASH if found.without is None else t.percent(found.without.first[k], 0)
                for k in range(len(found.ranked))
            ],
        }
    )
    right = {name: st.column_config.TextColumn(alignment="right") for name in list(table.columns)[2:]}
    st.dataframe(table, hide_index=True, width="stretch", height="content", column_config=right)


def _first_ranking(found: Answer, made: Model, f: Filters, t: Translator) -> None:
    """Candidates alone by the demand near them, and how stable their order is, where no store sells."""
    st.subheader(t("sites.ranking.title"), anchor=False)
    note = "sites.ranking.beside" if len(made.placed) else "sites.ranking.first"
    km, n = t.number(found.ask.radius_km, 1), t.number(found.bootstrap.repetitions)
    st.caption(t(note, km=km, n=n))
    values = found.ranking["value"].iloc[list(found.ranked)]
    places_ = zip(found.bootstrap.low, found.bootstrap.high, strict=True)
    table = pd.DataFrame(
        {
            t("sites.column.place"): range(1, len(values) + 1),
            t("sites.column.name"): [plain_text(found.kept["name"].iloc[j], 40) for j in found.ranked],
            t("sites.card.coverage.name"): [t.percent(v) for v in values],
            t("sites.column.first"): [t.percent(v, 0) for v in found.bootstrap.first],
            t("sites.column.places"): [f"{t.number(a)}–{t.number(b)}" for a, b in places_],
        }
    )
    right = {name: st.column_config.TextColumn(alignment="right") for name in list(table.columns)[2:]}
    st.dataframe(table, hide_index=True, width="stretch", height="content", column_config=right)
