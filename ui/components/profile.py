"""What a chosen group buys differently from the others, and whether that could be chance."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

import pandas as pd
import streamlit as st

from analytics.profile import DIMENSIONS, LEAST_CUSTOMERS
from charts import profile as charts
from charts.escaping import plain_text
from i18n.translator import Translator
from ui.cached import habits, people
from ui.components import figures, segment_choice
from ui.components.inputs import choice
from ui.filters import Filters
from ui.regions import region_name
from ui.text import plain

MOST_BARS: Final = 12
MOST_SENTENCES: Final = 3
NOTABLE: Final = 0.01
"""A point: smaller differences of a share are real perhaps, but no news."""


def profile(f: Filters, t: Translator) -> None:
    """The whole tab."""
    st.markdown(t("profile.explained"))
    chosen = segment_choice.choose(f, t, "profile.segment", start="lifecycle.loyal")
    if chosen is None:
        st.markdown(t("people.none"))
        return
    found = habits.compared(*f.key, f.windows, chosen.wanted)
    st.caption(plain(chosen.rule, 400))
    if found.empty:
        st.markdown(t("profile.nobody"))
        return
    found = found.assign(name=[_name(d, v, f, t) for d, v in found[["dimension", "value"]].to_numpy()])
    for line in _sentences(found, chosen.word, t):
        st.markdown(plain(line, 400))
    _figure(found, chosen.code, f, t)
    _notes(found, f, t)


def _figure(found: pd.DataFrame, code: str, f: Filters, t: Translator) -> None:
    there = tuple(name for name in DIMENSIONS if name in set(found["dimension"]))
    kept = choice(
        t("profile.dimension"),
        there,
        "profile.dimension",
        lambda name: t(f"profile.dimensions.{name}"),
        default=_telling(found),
    )
    rows = found[found["dimension"] == kept]
    if kept == "weekday":
        rows = rows.sort_values("value")
    drawn = rows.head(MOST_BARS)
    figures.chart(
        charts.index(drawn, [_short(name) for name in drawn["name"]], t, figures.mode()),
        _table(found, t),
        f"segments-profile-{kept}",
        title=t("profile.title", dimension=t(f"profile.dimensions.{kept}")),
        column_config={
            t(f"profile.column.{name}"): st.column_config.NumberColumn(format="percent")
            for name in ("share", "rest")
        }
        | {t(f"profile.column.{name}"): st.column_config.NumberColumn(format="%.4f") for name in ("p", "q")}
        | {t("profile.column.index"): st.column_config.NumberColumn(format="%.0f")},
    )
    if len(rows) > len(drawn):
        st.caption(t("profile.more_rows", n=t.number(len(drawn)), total=t.number(len(rows))))


def _telling(found: pd.DataFrame) -> str:
    """The dimension with the largest difference that is no chance; else the first with two values or more."""
    real = _real(found)
    if not real.empty:
        return str(real["dimension"].iloc[0])
    values = found.groupby("dimension")["value"].transform("size")
    several = found[values > 1]
    return str((found if several.empty else several)["dimension"].iloc[0])


def _real(found: pd.DataFrame) -> pd.DataFrame:
    """The differences that are not chance and make a point or more, the largest first."""
    real = found[found["verdict"].isin(["more", "less"])]
    real = real.assign(distance=(real["share"] - real["rest"]).abs())
    return real[real["distance"] >= NOTABLE].sort_values("distance", ascending=False)


def _sentences(found: pd.DataFrame, word: str, t: Translator) -> list[str]:
    """The largest differences that are not chance, in words; else that there are none."""
    real = _real(found)
    if real.empty:
        few = (found["verdict"] == "few").all()
        return [t("profile.too_few", least=t.number(LEAST_CUSTOMERS)) if few else t("profile.no_difference")]
    return [
        t(
            f"profile.{row.verdict}",
            segment=word,
            dimension=t(f"profile.dimensions.{row.dimension}"),
            value=row.name_,
            share=t.percent(row.share),
            rest=t.percent(row.rest),
            index=t.number(row.index_),
        )
        for row in real.head(MOST_SENTENCES)
        .rename(columns={"name": "name_", "index": "index_"})
        .itertuples(index=False)
    ]


def _notes(found: pd.DataFrame, f: Filters, t: Translator) -> None:
    first = found.iloc[0]
    st.caption(
        t(
            "profile.honest",
            customers=t.number(first["customers"]),
            others=t.number(first["others"]),
            rows=t.number(len(found)),
        )
    )
    step = habits.sample_step(f.workspace, f.snapshot)
    if step > 1:
        st.caption(t("profile.sampled", step=t.number(step)))
    if "discount" not in set(found["dimension"]):
        st.caption(t("profile.no_discounts"))


def _table(found: pd.DataFrame, t: Translator) -> pd.DataFrame:
    table = found.assign(
        dimension=[t(f"profile.dimensions.{name}") for name in found["dimension"]],
        value=found["name"],
        verdict=[t(f"profile.verdict.{code}") for code in found["verdict"]],
    )
    table = table.drop(columns=["name"])
    return table.rename(columns={name: t(f"profile.column.{name}") for name in table.columns})


def _name(dimension: str, value: str, f: Filters, t: Translator) -> str:
    """A value in the reader's words; what came in a file as plain text."""
    if dimension == "region_code":
        return region_name(value, t)
    if dimension == "store_id":
        return plain_text(people.store_names(f.workspace, f.snapshot).get(value, value), 60)
    if dimension == "weekday":
        return t.weekday(dt.date(2024, 1, 1) + dt.timedelta(days=int(value)))
    if dimension == "discount":
        return t("profile.discounted")
    return plain_text(t.code("channel", value) if dimension == "channel" else value, 60)


def _short(name: Any) -> str:
    return plain_text(name, 26)
