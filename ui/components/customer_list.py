"""The customers behind a number: a list that opens over the page, and its file.

Only what is chosen goes into the file, with the day, the rule and the count beside it; never a
name or a contact.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final, cast

import pandas as pd
import streamlit as st

from analytics.customers import COLUMNS
from charts.escaping import plain_text
from i18n.translator import Translator
from ui import filter_bar, filters, text
from ui.cached import people, places
from ui.cached.people import SCORING, Profiled, Wanted
from ui.components import customer, exports, keep_list, rfm_scoring
from ui.components.exports import Export
from ui.filters import Filters
from ui.page_list import spec
from ui.regions import region_name
from ui.text import plain

SHOWN: Final = ("customer_id", "lifecycle", "region_code", "main_channel", "orders", "revenue", "last_day")
MOST_ROWS: Final = 200
_MONEY: Final = frozenset({"revenue", "margin"})
_DAYS: Final = frozenset({"first_day", "last_day"})


@dataclass(frozen=True, slots=True)
class Listing:
    """A list of customers.

    Parameters
    ----------
    name : str
        In plain letters: key of the widgets, part of the file's name.
    title : str
        What they are, in the reader's words.
    rule : str
        Which customers these are, in one sentence; it goes into the file.
    wanted : Wanted
    """

    name: str
    title: str
    rule: str
    wanted: Wanted


def among(rule: people.Among) -> Wanted:
    """The customers another rule picks."""
    return Wanted(among=rule)


def open_list(listing: Listing) -> None:
    """Open a list over the page. Once a run."""

    @st.dialog(plain(listing.title, 80), width="large")
    def box() -> None:
        draw(listing)

    box()


def turn(name: str) -> int:
    """How often a figure was clicked: it is drawn anew after each click, without its selection."""
    return int(st.session_state.get(f"{name}.turn", 0))


def clicked(name: str, drawn: Any) -> tuple[Any, ...] | None:
    """What was clicked in a figure; None where nothing was.

    The figure is drawn once more first, so that nothing in it stays pale and the same mark can be
    clicked again.

    Parameters
    ----------
    name : str
        Of the figure.
    drawn : PlotlyState or None
        What ``figures.chart(..., on_select=True, turn=turn(name))`` returned.

    Returns
    -------
    tuple or None
        The ``customdata`` of the mark.
    """
    waiting = st.session_state.pop(f"{name}.clicked", None)
    if waiting is not None:
        return tuple(waiting)
    points = drawn.selection.points if drawn else []
    data = tuple(points[0].get("customdata") or ()) if points else ()
    if data:
        st.session_state[f"{name}.clicked"] = data
        st.session_state[f"{name}.turn"] = turn(name) + 1
        st.rerun()
    return None


def draw(listing: Listing) -> None:
    """Draw a list in place: rule, columns, the first rows, the file."""
    t, f = text.translator(), filters.current()
    listing = _scored(listing, f)
    total = people.count(*f.key, f.windows, listing.wanted)
    rule = in_words(listing, f, t)
    st.markdown(f"**{plain(t.plural('page.customers', total))}** · {plain(rule, 600)}")
    if not total:
        return
    columns = st.multiselect(
        t("people.columns"),
        COLUMNS,
        default=_shown(f),
        format_func=lambda column: t(f"people.column.{column}"),
        key=f"people.{listing.name}.columns",
        placeholder=t("filters.search"),
    )
    chosen = [column for column in COLUMNS if column in columns] or ["customer_id"]
    rows = people.first_rows(*f.key, f.windows, listing.wanted, size=MOST_ROWS)
    drawn = st.dataframe(
        _styled(worded(rows[chosen], f, t), chosen, f, t),
        hide_index=True,
        height=360,
        on_select="rerun",
        selection_mode="single-row",
        key=f"people.{listing.name}.rows",
    )
    told = t("people.open_hint")
    if total > len(rows):
        told = t("people.first", n=t.number(len(rows)), total=t.number(total)) + " " + told
    st.caption(told)
    with st.container(horizontal=True, vertical_alignment="center"):
        _one(listing.name, drawn, rows, f, t)
        export = Export(listing.name, listing.title, rule, chosen)
        label = t("people.download", n=t.number(total))
        rows_of = _rows(listing, f, t, chosen, rule, total)
        key = f"people.{listing.name}.csv"
        exports.button(export, f, label, key, rows_of, lambda: ids_of(listing, f))
        keep_list.keep(listing.name, listing.title, rule, lambda: ids_of(listing, f), f, t)


def _shown(f: Filters) -> list[str]:
    """The columns to begin with: without a place where nobody has one."""
    placed = places.extent(f.workspace, f.snapshot) is not None
    return [column for column in SHOWN if placed or column != "region_code"]


def _scored(listing: Listing, f: Filters) -> Listing:
    """The same list, scored as the rest of this session where nobody said how."""
    if listing.wanted.scoring != SCORING:
        return listing
    return replace(listing, wanted=replace(listing.wanted, scoring=rfm_scoring.scoring(f)))


def _one(name: str, drawn: Any, rows: pd.DataFrame, f: Filters, t: Translator) -> None:
    """The way from the chosen row to that customer's own page."""
    chosen = [row for row in drawn.selection.rows if row < len(rows)]
    if not chosen:
        return
    customer_id = str(rows["customer_id"].iloc[chosen[0]])
    label = t("people.open", name=plain(customer_id, 40))
    if st.button(label, type="primary", icon=":material/person:", key=f"people.{name}.open"):
        customer.show(f.workspace, customer_id)
        st.switch_page(spec("customer").target)


def ids_of(listing: Listing, f: Filters) -> list[str]:
    """The customers of a list."""
    return list(people.whole_list(*f.key, f.windows, listing.wanted, ["customer_id"])["customer_id"])


def in_words(listing: Listing, f: Filters, t: Translator) -> str:
    """The rule of a list with its days and the filters that were on."""
    if isinstance(listing.wanted.among, Profiled):  # whatever the filters say
        return f"{listing.rule.rstrip('.')} · {t('page.data_to', date=t.date(f.as_of))}"
    start = f.first_day if listing.wanted.history else f.scope.start
    days = t("people.days", dates=t.dates(start, f.scope.end))
    return " · ".join([listing.rule.rstrip("."), days, *filters_in_words(t)])


def filters_in_words(t: Translator) -> list[str]:
    """The filters that are on, one text each."""
    parts: list[str] = []
    offered = filters.known()
    if offered is not None:
        for field, values in filters.chosen().narrowed.items():
            words = filter_bar.words_of(field, offered, t)
            named = ", ".join(words.get(value, value) for value in values)
            parts.append(t("filters.chip", name=t(f"people.filter.{field}"), value=named))
        if len(offered.currencies) > 1:
            parts.append(t("filters.chip", name=t("filters.currency"), value=filters.currency()))
    return parts


def file_of(rows: pd.DataFrame, f: Filters, t: Translator, rule: str, total: int) -> pd.DataFrame:
    """The rows of a file: the chosen columns, then the day, the rule and the count.

    Parameters
    ----------
    rows : DataFrame
        Columns of ``analytics.customers.COLUMNS``, no others.
    f : Filters
    t : Translator
    rule : str
    total : int
    """
    found = worded(rows, f, t)
    found = found.rename(columns={name: t(f"people.column.{name}") for name in found.columns})
    return stamped(found, f.scope.end, t, rule, total)


def stamped(rows: pd.DataFrame, as_of: date, t: Translator, rule: str, total: int) -> pd.DataFrame:
    """The rows with the day, the rule and the count behind each."""
    found = rows.copy()
    found[t("people.column.as_of")] = as_of
    found[t("people.column.rule")] = rule
    found[t("people.column.count")] = total
    return found


def _rows(
    listing: Listing, f: Filters, t: Translator, chosen: Sequence[str], rule: str, total: int
) -> Callable[[], pd.DataFrame]:
    """The rows of the file, looked up only when it is asked for."""

    def make() -> pd.DataFrame:
        rows = people.whole_list(*f.key, f.windows, listing.wanted, chosen)
        return file_of(rows, f, t, rule, total)

    return make


def worded(rows: pd.DataFrame, f: Filters, t: Translator) -> pd.DataFrame:
    """Codes as words; what came in a file as one line of plain text."""
    stores = people.store_names(f.workspace, f.snapshot)
    words: dict[str, Callable[[Any], str]] = {
        "customer_id": lambda value: plain_text(value, 80),
        "lifecycle": lambda code: t.code("lifecycle", code),
        "rfm_segment": lambda code: t.code("rfm_segment", code),
        "region_code": lambda code: region_name(code, t),
        "main_channel": lambda code: plain_text(t.code("channel", code), 60),
        "main_store_id": lambda code: plain_text(stores.get(code, code) if code else "", 60),
    }
    known = {name: word for name, word in words.items() if name in rows.columns}
    return rows.assign(**{name: [word(value) for value in rows[name]] for name, word in known.items()})


def _styled(rows: pd.DataFrame, chosen: Sequence[str], f: Filters, t: Translator) -> Any:
    """Numbers and days as the language writes them; they still sort as numbers."""
    headers = {name: t(f"people.column.{name}") for name in chosen}
    write: dict[Any, str | Callable[[object], str] | None] = {}
    for name in chosen:
        if name in _MONEY:
            write[headers[name]] = lambda value: t.money(value, f.currency)
        elif name in _DAYS:
            write[headers[name]] = cast(Callable[[object], str], t.date)
        elif name == "orders":
            write[headers[name]] = t.number
    return rows.rename(columns=headers).style.format(write)
