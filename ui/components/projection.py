"""How a cohort of subscribers will go on: from the merchant's own terms, or from percentages typed in."""

from __future__ import annotations

from typing import Any

import streamlit as st

from analytics.projection import HIGH_END, HIGH_END_FITTED, LEAST_FITTED, Projection, read_shares
from charts import renewals as charts
from i18n.translator import Translator
from ui.cached import renewals as cached
from ui.cached.cohorts import Asked
from ui.components import figures
from ui.components.cohort_switches import cohort_name
from ui.components.inputs import number
from ui.components.renewals import term_of
from ui.components.segments import shares_format
from ui.filters import Filters

SHARES_KEY = "projection.shares"
AHEAD = 5


def block(f: Filters, t: Translator, mode: str) -> None:
    """The projection of the merchant's own cohorts in subscription mode; typed percentages below.

    Parameters
    ----------
    mode : {"shop", "subscription"}
    """
    if mode == "subscription":
        own(f, t)
        with st.expander(t("renewals.manual.title")):
            manual(t)
        return
    st.markdown(t("renewals.projection.not_for_shops"))
    manual(t)


def own(f: Filters, t: Translator) -> None:
    """Cohorts of the data: how many terms to follow, how many of them the model sees."""
    term = term_of(f)
    most = cached.longest(f.workspace, f.snapshot, f.scope.end, term)
    if most <= LEAST_FITTED:
        st.markdown(t("renewals.projection.too_short"))
        return
    usual = min(most, {"month": 12, "quarter": 6, "year": 4}[term])
    left, right = st.columns(2)
    with left:
        observed = int(
            number(
                t("renewals.projection.observed"),
                f"projection.observed.{term}",
                usual,
                low=3.0,
                high=float(most),
            )
        )
    with right:
        fitted = int(
            number(
                t("renewals.projection.fitted_terms"),
                f"projection.fitted.{term}.{observed}",
                max(LEAST_FITTED, round(observed * 0.6)),
                low=float(LEAST_FITTED),
                high=float(observed),
            )
        )
    found = cached.stayed(*f.key, f.windows, term, observed)
    if found is None:
        st.markdown(t("renewals.projection.too_few", n=cached.LEAST_CUSTOMERS))
        return
    made = cached.projected(found.left, fitted, observed + cached.AHEAD[term], None)
    st.caption(
        t(
            "renewals.projection.who",
            n=t.number(found.left[0]),
            first=cohort_name(found.first, Asked(term), t),
            last=cohort_name(found.last, Asked(term), t),
        )
    )
    _draw(made, "projection-own", t(f"renewals.projection.terms_{term}"), t)


def manual(t: Translator) -> None:
    """Percentages left after each term, typed or pasted; an example of the literature to begin with.

    Needs no data, so it can stand on any page.
    """
    example = "; ".join(t.number(share, 1) for share in HIGH_END[1:])
    if SHARES_KEY not in st.session_state:
        st.session_state[SHARES_KEY] = st.session_state.get(f"{SHARES_KEY}.kept", example)
    typed = st.text_input(
        t("renewals.manual.shares"), key=SHARES_KEY, max_chars=400, help=t("renewals.manual.help")
    )
    st.session_state[f"{SHARES_KEY}.kept"] = typed
    try:
        shares = tuple(read_shares(typed))
    except ValueError:
        st.warning(t("renewals.manual.wrong"))
        return
    known = len(shares) - 1
    is_example = typed == example
    places = st.columns(3)
    with places[0]:
        customers = number(t("renewals.manual.customers"), "projection.customers", 1000, low=1.0, step=100)
    with places[1]:
        start = HIGH_END_FITTED if is_example else max(LEAST_FITTED, round(known * 0.6))
        fitted = number(
            t("renewals.projection.fitted_terms"),
            f"projection.manual.{known}",
            start,
            low=float(LEAST_FITTED),
            high=float(known),
        )
    with places[2]:
        ahead = number(
            t("renewals.manual.ahead"), "projection.ahead", AHEAD if not is_example else 0, high=30.0
        )
    horizon = min(max(known + int(ahead), int(fitted) + 1), 60)
    made = cached.projected(shares, int(fitted), horizon, customers)
    _draw(made, "projection-manual", t("renewals.projection.terms"), t)
    if is_example:
        st.caption(t("renewals.manual.source"))


def _draw(found: Projection, name: str, axis: str, t: Translator) -> None:
    """What it says, the figure, its numbers."""
    st.markdown(_sentence(found, t))
    table = found.table.assign(part=[t(f"renewals.projection.{part}") for part in found.table["part"]])
    words = {code: t(f"renewals.column.{code}") for code in table.columns}
    figures.chart(
        charts.projection(found, axis, t, figures.mode()),
        table.rename(columns=words),
        name,
        column_config=shares_format(
            {f"share_{code}": words[code] for code in ("actual", "expected", "low", "high")}
        ),
    )
    st.caption(
        t("renewals.projection.parameters", alpha=t.number(found.alpha, 3), beta=t.number(found.beta, 3))
        + " "
        + t("renewals.projection.note")
    )


def _sentence(found: Projection, t: Translator) -> str:
    last: Any = found.table.iloc[-1]
    said = t(
        "renewals.projection.sentence",
        period=t.number(last["period"]),
        expected=t.percent(last["expected"]),
        low=t.percent(last["low"]),
        high=t.percent(last["high"]),
    )
    if found.error is None or found.naive_error is None:
        return said + " " + t("renewals.projection.no_holdout")
    code = "holdout_good" if found.inside == found.held_out else "holdout_bad"
    return (
        said
        + " "
        + t(
            f"renewals.projection.{code}",
            inside=found.inside,
            n=found.held_out,
            error=t.number(found.error * 100, 1),
            naive=t.number(found.naive_error * 100, 1),
        )
    )
