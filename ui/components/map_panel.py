"""The panel beside the map: what a place is worth against the whole, and its customers to take along."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import pandas as pd
import streamlit as st

from geo.place_summary import PlaceSummary
from i18n.translator import Translator
from ui.cached.place_more import More
from ui.components import customer_list, exports, keep_list
from ui.components.exports import Export
from ui.filters import Filters
from ui.text import plain

COLUMNS: Final = (
    "orders",
    "revenue",
    "lifecycle",
    "is_new",
    "last_day",
    "region_code",
    "city",
    "postcode",
    "geo_precision",
    "reachable_email",
    "reachable_whatsapp",
)
"""What a file of customers may hold beside their ids; nothing is in it that was not asked for."""

TOP: Final = 5


def draw(
    name: str,
    place: PlaceSummary | None,
    whole: PlaceSummary,
    more: More,
    filters: Filters,
    t: Translator,
    *,
    fewest: int,
    on_clear: Callable[[], None],
    customers: Callable[[tuple[str, ...]], pd.DataFrame],
) -> None:
    """Draw the summary of the chosen place, or of everything with a hint when none is chosen.

    Parameters
    ----------
    name : str
        What the place is called; may hold data.
    place : PlaceSummary or None
        None: nothing is chosen.
    whole : PlaceSummary
        Everyone on the map, to compare with.
    more : More
        The rest of what is known of the place, or of everyone.
    filters : Filters
    t : Translator
    fewest : int
        A place with fewer customers gives no summary and no export; 0 shows every place.
    on_clear : callable
        Undoes the choice and the drawing.
    customers : callable
        The customers of the place with the wanted columns; called when the file is asked for.
    """
    st.subheader(t("map.place.heading"), anchor=False)
    if place is None:
        if 0 < whole.customers < fewest:
            st.info(t("map.place.few", n=t.number(fewest)), icon=":material/visibility_off:")
            return
        st.caption(t("map.place.hint"))
        _figures(whole, None, more, filters, t)
        return
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.markdown(f"**{plain(name)}**", width="stretch")
        st.button(
            t("map.place.clear"), icon=":material/close:", on_click=on_clear, key="map.clear", type="tertiary"
        )
    if place.customers == 0:
        st.info(t("map.place.none"), icon=":material/info:")
    elif place.customers < fewest:
        st.info(t("map.place.few", n=t.number(fewest)), icon=":material/visibility_off:")
    else:
        _figures(place, whole, more, filters, t)
        _export(name, place, filters, t, customers)


def _figures(
    place: PlaceSummary, whole: PlaceSummary | None, more: More, filters: Filters, t: Translator
) -> None:
    _cards(place, whole, filters, t)
    _more(more, filters, t)
    _segments(place, whole, t)
    _categories(place, whole, filters, t)


def _cards(place: PlaceSummary, whole: PlaceSummary | None, filters: Filters, t: Translator) -> None:
    share = _share(place.customers, whole.customers) if whole else None
    money = _share(place.revenue, whole.revenue) if whole else None
    of_all = "" if share is None else t("map.place.of_whole", share=t.percent(share))
    of_money = "" if money is None else t("map.place.of_whole", share=t.percent(money))
    rows = (
        ("customers", t.number(place.customers), of_all),
        ("revenue", t.money_short(place.revenue, filters.currency), of_money),
        ("average_order", t.money(place.average_order, filters.currency), _versus(whole, filters, t)),
        (
            "new",
            t.percent(place.new_share),
            t("map.place.versus", value=t.percent(whole.new_share)) if whole else "",
        ),
    )
    for pair in (rows[:2], rows[2:]):
        for column, (key, value, note) in zip(st.columns(2), pair, strict=True):
            column.metric(
                t(f"map.place.{key}"),
                plain(value),
                delta=plain(note) or None,
                delta_color="off",
                delta_arrow="off",
                help=t("map.place.new_help") if key == "new" else None,
            )


def _more(more: More, filters: Filters, t: Translator) -> None:
    """Stores, voices and expected value, a line each; what is not known is left out."""
    lines = []
    for name, km in (("own", more.own_km), ("other", more.other_km)):
        if km is not None:
            lines.append(t(f"map.place.{name}_km", km=t.number(km, 1)))
    if more.nps is not None and more.margin is not None:
        score, margin = t.signed(more.nps), t.number(more.margin)
        lines.append(t.plural("map.place.nps", more.answers, score=score, margin=margin))
    if more.value is not None:
        value = t.money_short(more.value, filters.currency)
        lines.append(t.plural("map.place.value", more.months, value=value))
    if lines:
        st.caption("  \n".join(plain(line, 200) for line in lines))


def _versus(whole: PlaceSummary | None, filters: Filters, t: Translator) -> str:
    if whole is None:
        return ""
    return t("map.place.versus", value=t.money(whole.average_order, filters.currency))


def _share(part: float, total: float) -> float | None:
    return part / total if total > 0 else None


def _segments(place: PlaceSummary, whole: PlaceSummary | None, t: Translator) -> None:
    rows = []
    for code, customers in place.segments:
        row = {
            t("map.place.segment"): t.code("lifecycle", code),
            t("map.place.customers"): t.number(customers),
            t("map.place.share_here" if whole else "map.place.share"): t.percent(place.segment_share(code)),
        }
        if whole is not None:
            row[t("map.place.share_whole")] = t.percent(whole.segment_share(code))
        rows.append(row)
    _table(rows, t("map.place.segment"), "map.segments")


def _categories(place: PlaceSummary, whole: PlaceSummary | None, filters: Filters, t: Translator) -> None:
    rows = []
    for category, revenue in place.categories[:TOP]:
        row = {
            t("map.place.category"): t("map.place.no_category") if category is None else category,
            t("map.place.revenue"): t.money_short(revenue, filters.currency),
            t("map.place.share_here" if whole else "map.place.share"): t.percent(
                place.category_share(category)
            ),
        }
        if whole is not None:
            row[t("map.place.share_whole")] = t.percent(whole.category_share(category))
        rows.append(row)
    if rows:
        _table(rows, t("map.place.category"), "map.categories")


def _table(rows: Sequence[dict[str, str]], first: str, key: str) -> None:
    """A small table: the first column is text, the others are numbers, aligned right."""
    frame = pd.DataFrame(rows)
    right = {name: st.column_config.TextColumn(alignment="right") for name in frame.columns if name != first}
    st.dataframe(frame, hide_index=True, width="stretch", height="content", column_config=right, key=key)


def _export(
    name: str,
    place: PlaceSummary,
    filters: Filters,
    t: Translator,
    customers: Callable[[tuple[str, ...]], pd.DataFrame],
) -> None:
    with st.expander(t("map.place.export"), icon=":material/group:"):
        wanted = st.multiselect(
            t("map.place.columns"),
            COLUMNS,
            format_func=lambda name: t(f"map.place.column.{name}"),
            help=t("map.place.columns_help"),
            placeholder=t("filters.search"),
            key="map.columns",
        )
        days = t("people.days", dates=t.dates(filters.scope.start, filters.scope.end))
        rule = " · ".join([name, days, *customer_list.filters_in_words(t)])
        columns = ("customer_id", *wanted)

        def rows() -> pd.DataFrame:
            found = customers(tuple(wanted))
            return customer_list.stamped(found, filters.scope.end, t, rule, len(found))

        exports.button(
            Export("customers-of-place", t("map.place.heading"), rule, columns),
            filters,
            t.plural("map.place.download", place.customers),
            "map.export",
            rows,
            lambda: customers(())["customer_id"],
        )
        keep_list.keep("place", name, rule, lambda: customers(())["customer_id"], filters, t)
