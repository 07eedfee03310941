"""What draws customers: how much size and distance count, and a store's share of visits around it."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
import streamlit as st

from charts.maps import catchments as map_charts
from charts.maps.marks import store_rows
from geo.gravity import MciFit
from i18n.translator import Translator
from ui.cached import catchments as cached
from ui.cached import gravity, store_list
from ui.cached import market_data as cached_market
from ui.cached import travel as ways
from ui.cached.catchment_map import extent
from ui.cached.gravity import Calibrated
from ui.cached.gravity_market import year_of
from ui.components import figures, market_data, place_map
from ui.components.catchments import choose_store, ground, measured
from ui.components.inputs import choice
from ui.components.working import working
from ui.filters import Filters
from ui.text import plain

ROUGH_RATIO: Final = 3.0
"""An interval whose ends differ by more than this factor is called rough."""


def attraction(f: Filters, t: Translator) -> None:
    """The rule in words with intervals, and the map of one store's share."""
    here = ground(f)
    version = ways.current(f.workspace).version
    with working(t("catchments.attraction.working"), "attraction", t) as progress:
        made = gravity.calibrated(*f.key, f.windows, version, progress)
    if made.fit is None or made.repeated is None:
        st.markdown(t(f"catchments.reason.{made.reason}"))
        return
    left, right = st.columns([2, 1], gap="large")
    with right:
        store_id = choose_store(here, t)
        learnt = made.given == "used"
        factor = 1.0 if learnt else _assumed(f, t)
        _words(made, f, t)
    shares = _shares(f, version, store_id, factor)
    if shares.empty:
        with left:
            words = t("catchments.attraction.too_few", few=t.number(cached.FEWEST))
            st.info(words, icon=":material/visibility_off:")
        return
    with left:
        pins = store_rows(store_list.rows(f.workspace, f.snapshot), t)
        title = t("catchments.attraction.map")
        layers = map_charts.share_cells(
            shares, cached.LEVEL, pins, title, t("catchments.map.note", few=t.number(cached.FEWEST)), t
        )
        place_map.draw("attraction", f.workspace, layers, extent(here, store_id), t, version=store_id)
        st.caption(measured(here, t))
    _range(f, t, store_id, version, made)
    if _some_rivals(f):
        market_data.draw(f, t, made, here.stores)
    with st.expander(t("catchments.attraction.cells")):
        st.dataframe(_table(shares, here.unit, t), hide_index=True, width="stretch", key="attraction.table")
        st.caption(t("catchments.share.note"))
        figures.download(shares, "catchments-shares")


def _shares(f: Filters, version: str, store_id: str, factor: float) -> pd.DataFrame:
    given = cached_market.about(f.workspace)
    return gravity.store_shares(*f.key, f.windows, version, store_id, factor, given=given)


def _some_rivals(f: Filters) -> bool:
    return bool((store_list.every(f.workspace, f.snapshot)["owner"] == "competitor").any())


def _assumed(f: Filters, t: Translator) -> float:
    """How strongly competitors pull: stated by the reader, where no market data tell it."""
    if not _some_rivals(f):
        st.caption(t("catchments.rivals.none"))
        return 1.0
    return float(
        choice(
            t("catchments.rivals.label"),
            gravity.ASSUMED,
            "catchments.rivals",
            lambda value: t(f"catchments.rivals.{_name(value)}"),
            default=1.0,
            hidden=False,
        )
    )


def _name(value: float) -> str:
    return {0.5: "half", 1.0: "same", 2.0: "double"}[value]


def _words(made: Calibrated, f: Filters, t: Translator) -> None:
    fit, repeated = made.fit, made.repeated
    assert fit is not None
    assert repeated is not None
    low, high = repeated.parameter_interval("beta")
    st.markdown(
        t(
            "catchments.attraction.distance",
            left=t.percent(2**-fit.beta, 0),
            low=t.percent(2**-high, 0),
            high=t.percent(2**-low, 0),
            beta=t.number(fit.beta, 2),
        )
    )
    if "alpha_held" in fit.notes:
        st.markdown(t("catchments.attraction.no_sizes"))
        rough = high / max(low, 1e-9) > ROUGH_RATIO
    else:
        small, large = repeated.parameter_interval("alpha")
        st.markdown(
            t(
                "catchments.attraction.size",
                more=t.number(2**fit.alpha, 1),
                low=t.number(2**small, 1),
                high=t.number(2**large, 1),
                alpha=t.number(fit.alpha, 2),
            )
        )
        rough = high / max(low, 1e-9) > ROUGH_RATIO or 2**large / 2**small > ROUGH_RATIO
    if made.given == "used":
        st.markdown(market_data.rivals(fit, True, t))
    word = "rough" if rough or fit.beta <= 0 else "reliable"
    st.markdown(f"**{t('catchments.attraction.sure')}: {t(f'forecast.word.{word}')}**")
    _notes(fit, made, f, t)


def _notes(fit: MciFit, made: Calibrated, f: Filters, t: Translator) -> None:
    _, days = year_of(*f.key)
    st.caption(
        t(
            "market.from" if made.given == "used" else "catchments.attraction.from",
            visits=t.number(fit.visits),
            days=t.number(days),
            to=t.date(f.scope.end),
            cells=t.number(fit.origins),
        )
    )
    for note in fit.notes:
        if note in ("overdispersed", "no_deterrence"):
            st.caption(t(f"catchments.note.{note}"))
    if made.sizes_missing:
        st.caption(t.plural("catchments.note.sizes", made.sizes_missing))


def _range(f: Filters, t: Translator, store_id: str, version: str, made: Calibrated) -> None:
    """What the competitors' pull, assumed or within its interval, does to the store's share around it."""
    if not _some_rivals(f):
        return
    told = None if made.fit is None else made.fit.interval("rivals")
    if made.fit is not None and told is not None and made.fit.rivals is not None:
        pulls = [float(np.exp(value)) for value in (told[0], made.fit.rivals, told[1])]
        factors = [pull / pulls[1] for pull in pulls]
        names = [t.number(pull, 2) for pull in pulls]
    else:
        factors, names = list(gravity.ASSUMED), [t(f"catchments.rivals.{_name(x)}") for x in gravity.ASSUMED]
    parts = []
    for factor, name in zip(factors, names, strict=True):
        near = _shares(f, version, store_id, factor).sort_values("cost").head(10)
        weight = near["customers"] / max(near["customers"].sum(), 1)
        parts.append(f"{name}: {t.percent(float((near['share'] * weight).sum()), 0)}")
    if told is not None:
        st.markdown(plain(t("market.range", parts="; ".join(parts)), 400))
        return
    st.markdown(plain(t("catchments.rivals.range", parts="; ".join(parts)), 400))
    st.caption(t("catchments.rivals.assumption"))


def _table(shares: pd.DataFrame, unit: str, t: Translator) -> pd.DataFrame:
    c = "catchments.column"
    return pd.DataFrame(
        {
            t(f"{c}.way"): [t(f"catchments.unit.{unit}", n=t.number(v, 1)) for v in shares["cost"]],
            t(f"{c}.customers"): [t.number(v) for v in shares["customers"]],
            t("catchments.share.model"): [t.percent(v) for v in shares["share"]],
            t("catchments.share.interval"): [
                f"{t.percent(low)} – {t.percent(high)}"
                for low, high in zip(shares["low"], shares["high"], strict=True)
            ],
            t("catchments.share.seen"): [t.percent(v) for v in shares["seen"]],
        }
    )
