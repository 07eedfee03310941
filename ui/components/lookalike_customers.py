"""Customers like those of a group: who they are, what makes them alike, how sure that is, where they live."""

from __future__ import annotations

from typing import Final

import pandas as pd
import streamlit as st

from analytics import rfm_grid
from analytics.lookalikes import LEAST, Lookalikes
from charts import lookalikes as charts
from charts.escaping import plain_text
from i18n.translator import Translator
from ui.cached import lookalikes as cached
from ui.cached.audiences import Members
from ui.cached.lookalikes import Alike, Segment
from ui.cached.people import Wanted
from ui.components import cards, customer_list, figures, lookalike_map, segment_choice
from ui.components.cards import Card
from ui.components.customer_list import Listing
from ui.components.lookalike_words import ICONS, feature
from ui.components.segment_choice import Pick
from ui.components.working import working
from ui.filters import Filters
from ui.text import plain

GROUPS: Final = (
    segment_choice.GOLD,
    *(f"lifecycle.{code}" for code in ("loyal", "active", "lapsed")),
    *(f"rfm_segment.{code}" for code in rfm_grid.SEGMENTS),
)
"""Nobody is like a new customer: everybody was one."""

SHARES: Final = (0.01, 0.05, 0.1, 0.2)
SHOWN: Final = 8
FIELDS: Final = {"lifecycle": ("lifecycle",), "rfm_segment": ("rfm_segment",), "gold": ("revenue",)}


def draw(f: Filters, t: Translator) -> None:
    """The whole tab."""
    st.caption(t("lookalikes.customers.explained"))
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        label = t("lookalikes.customers.choose")
        chosen = segment_choice.choose(f, t, "lookalikes.segment", GROUPS, label=label)
        share = st.selectbox(
            t("lookalikes.customers.share"),
            SHARES,
            index=2,
            format_func=lambda s: t("lookalikes.customers.share_word", percent=t.percent(s, 0)),
            key="lookalikes.share",
            width=240,
        )
    if chosen is None:
        st.markdown(t("people.none"))
        return
    segment = Segment(chosen.wanted, _fields(chosen))
    with working(t("lookalikes.customers.step"), "lookalikes", t, after=0.0) as progress:
        made = cached.learnt(*f.key, f.windows, segment, progress)
    everyone = cached.others(*f.key, f.windows, segment).num_rows if made.model else 0
    count = max(1, round(share * everyone)) if everyone else 0
    st.markdown(f"{ICONS[made.word]} **{t(f'lookalikes.word.{made.word}')}** · {_reason(made, t)}")
    if made.auc is None:
        st.markdown(t("lookalikes.customers.try"))
        return
    _cards(made, count, everyone, share, t)
    usable = made.word != "do_not_use"
    left, right = st.columns([3, 2], gap="large")
    with left:
        _features(made, t)
    with right:
        _todo(made, chosen.word, segment, count, f, t, usable=usable)
        st.caption(plain(chosen.rule, 400))
        for note in _notes(made, t, fixed=isinstance(chosen.wanted.among, Members) and not segment.fields):
            st.caption(note)
        with st.expander(t("lookalikes.customers.how"), icon=":material/target:"):
            _calibration(made, t)
    if usable and count:
        lookalike_map.customers(segment, _rule(chosen.word, count, t), count, f, t)


def _fields(chosen: Pick) -> tuple[str, ...]:
    """The fields that make somebody a member of the group; none of a fixed list."""
    among = chosen.wanted.among
    if isinstance(among, Members):
        return cached.fields_of(among.rule)
    return FIELDS[chosen.code.partition(".")[0]]


def _reason(made: Lookalikes, t: Translator) -> str:
    """Why the word: the numbers it rests on."""
    key = f"lookalikes.customers.{made.reason}"
    if made.auc is None:
        found = made.segment if made.reason == "few_segment" else made.others
        return t(key, found=t.number(found), needed=t.number(LEAST))
    return t(
        key,
        auc=t.number(100 * made.auc.value),
        low=t.number(100 * made.auc.low),
        high=t.number(100 * made.auc.high),
    )


def _cards(made: Lookalikes, count: int, everyone: int, share: float, t: Translator) -> None:
    assert made.auc is not None
    assert made.lift is not None
    key = "lookalikes.customers.card"
    usable = made.word != "do_not_use"
    rows = [
        Card(
            t(f"{key}.segment.name"),
            t.number(made.segment),
            t(f"{key}.segment.definition"),
            reason=t(f"{key}.segment.reason", n=t.number(made.others)),
        ),
        Card(
            t(f"{key}.auc.name"),
            t.percent(made.auc.value, 0),
            t(f"{key}.auc.definition"),
            reason=t(f"{key}.auc.reason", low=t.percent(made.auc.low, 0), high=t.percent(made.auc.high, 0)),
        ),
        Card(
            t(f"{key}.lift.name"),
            t(f"{key}.lift.value", value=t.number(made.lift.value, 1)),
            t(f"{key}.lift.definition", n=t.number(made.held_out)),
            reason=t(f"{key}.lift.reason", low=t.number(made.lift.low, 1), high=t.number(made.lift.high, 1)),
        ),
        Card(
            t(f"{key}.found.name"),
            t.number(count if usable else None),
            t(f"{key}.found.definition"),
            reason=t(f"{key}.found.reason", share=t.percent(share, 0), n=t.number(everyone))
            if usable
            else t("lookalikes.word.do_not_use"),
        ),
    ]
    cards.kpi_row(rows, t)


def _features(made: Lookalikes, t: Translator) -> None:
    """The strongest features with their odds ratios."""
    strongest = [effect for effect in made.effects if effect.certain][:3]
    lifting = [effect for effect in strongest if effect.odds.value > 1]
    if lifting:
        words = "; ".join(
            f"{feature(effect, t, against=False)} (×{t.number(effect.odds.value, 1)})" for effect in lifting
        )
        st.markdown(plain(t("lookalikes.customers.sentence", features=words), 400))
    elif not strongest:
        st.markdown(t("lookalikes.customers.sentence_none"))
    rows = pd.DataFrame(
        [
            {
                "name": feature(effect, t),
                "value": effect.odds.value,
                "low": effect.odds.low,
                "high": effect.odds.high,
                "certain": effect.certain,
            }
            for effect in made.effects
        ]
    )
    headers = {"name": "feature", "value": "value", "low": "low", "high": "high"}
    table = rows[list(headers)].rename(
        columns={name: t(f"lookalikes.customers.column.{word}") for name, word in headers.items()}
    )
    shown = rows.head(SHOWN)
    figures.chart(
        charts.odds(shown.assign(name=[plain_text(name, 80) for name in shown["name"]]), t, figures.mode()),
        table,
        "lookalikes-features",
        title=t("lookalikes.customers.title"),
        column_config={header: st.column_config.NumberColumn(format="%.2f") for header in table.columns[1:]},
    )
    st.caption(t("lookalikes.customers.chart_note"))
    if len(rows) > SHOWN:
        st.caption(t("lookalikes.customers.more", n=t.number(len(rows) - SHOWN)))


def _todo(
    made: Lookalikes, word: str, segment: Segment, count: int, f: Filters, t: Translator, *, usable: bool
) -> None:
    """What to do with it: the list of look-alikes, or why there is none."""
    st.subheader(t("lookalikes.customers.todo"), anchor=False)
    if not usable:
        st.markdown(t("lookalikes.customers.not_recommended"))
        st.markdown(t("lookalikes.customers.try"))
        return
    st.markdown(t("lookalikes.customers.todo_text", n=t.number(count)))
    label = t("lookalikes.customers.open", n=t.number(count))
    if st.button(label, type="primary", icon=":material/group:", key="lookalikes.open"):
        rule = _rule(word, count, t)
        customer_list.open_list(Listing("lookalikes", label, rule, Wanted(among=Alike(segment, count))))


def _rule(word: str, count: int, t: Translator) -> str:
    return t("lookalikes.customers.rule", n=t.number(count), group=word)


def _notes(made: Lookalikes, t: Translator, *, fixed: bool) -> list[str]:
    found = [t("lookalikes.customers.tested", n=t.number(made.held_out))]
    if made.dropped:
        names = ", ".join(t(f"lookalikes.feature.name.{name}") for name in made.dropped)
        found.append(t("lookalikes.customers.dropped", features=names))
    if fixed:
        found.append(t("lookalikes.customers.unknown_list"))
    return [*found, t("lookalikes.customers.objected")]


def _calibration(made: Lookalikes, t: Translator) -> None:
    table = pd.DataFrame(
        [
            (i + 1, b.forecast, b.found.value, b.found.low, b.found.high, b.customers)
            for i, b in enumerate(made.calibration)
        ],
        columns=[
            t(f"lookalikes.calibration.{name}")
            for name in ("group", "forecast", "found", "low", "high", "customers")
        ],
    )
    shares = {name: st.column_config.NumberColumn(format="percent") for name in table.columns[1:5]}
    figures.chart(
        charts.calibration(made.calibration, t, figures.mode()),
        table,
        "lookalikes-calibration",
        column_config=shares,
    )
    st.caption(t("lookalikes.customers.calibration.hint", n=t.number(made.held_out)))
