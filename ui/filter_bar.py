"""The filter bar: one row of buttons, each opening its choices, and a row of what is active.

Every widget is set from the session's :class:`ui.choice.Choice` before it is drawn and writes
back through a callback, so that an address, a chip and the widget never disagree.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, Final

import streamlit as st

from analytics.periods import Comparison
from charts.escaping import plain_text
from i18n.translator import Translator
from ui import address, choice, filters
from ui.cached.options import Options
from ui.choice import CUSTOM, HOWS, PRESETS, Choice
from ui.filters import Filters
from ui.regions import region_name
from ui.text import plain

MORE: Final = ("channels", "categories", "segments", "kinds")
_NAMES: Final = {
    "regions": "filters.region",
    "stores": "filters.store",
    "channels": "filters.channel",
    "categories": "filters.category",
    "segments": "filters.segment",
    "kinds": "filters.kind",
    "audiences": "filters.audience",
}
_ICONS: Final = {
    "regions": ":material/location_on:",
    "stores": ":material/storefront:",
    "audiences": ":material/group:",
}
_CODES: Final = {
    "channels": "channel",
    "segments": "lifecycle",
    "kinds": "kind",
}


def draw(current: Filters, offered: Options, t: Translator) -> None:
    """Draw the bar.

    Parameters
    ----------
    current : Filters
    offered : Options
        The values to choose from.
    t : Translator
    """
    made = filters.chosen()
    with st.container(key="setia-filters"):
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            _dates(current, made, offered, t)
            _comparison(made, t)
            _values("regions", made, offered, t, t("filters.all_regions"))
            _values("stores", made, offered, t, t("filters.all_stores"))
            _values("audiences", made, offered, t, t("filters.all_customers"))
            if len(offered.currencies) > 1:
                _currency(current, offered, t)
            _more(made, offered, t)
            _share(t)
        if len(offered.currencies) > 1 and made.currency is None:
            _ask_currency(current, offered, t)
        with st.container(horizontal=True, gap="small", vertical_alignment="center", key="setia-active"):
            st.caption(_versus(current.compared, offered.first_day, t), width="content")
            _chips(made, offered, t)


def words_of(field: str, offered: Options, t: Translator) -> dict[str, str]:
    """The word for every value a field can hold, as plain text."""
    if field in ("stores", "audiences"):
        found = dict(getattr(offered, field))
    elif field == "regions":
        found = {code: region_name(code, t) for code in offered.regions}
    else:
        column = _CODES.get(field, field)
        found = {value: t.code(column, value) for value in choice.known_values(offered, field)}
    nothing = t("filters.no_store" if field == "stores" else "filters.unknown_place")
    return {value: nothing if value == "" else plain_text(word, 60) for value, word in found.items()}


def _key(name: str) -> str:
    return f"setia.bar.{name}"


def _dates(current: Filters, made: Choice, offered: Options, t: Translator) -> None:
    label = t.dates(current.scope.start, current.scope.end)
    with st.popover(label, icon=":material/calendar_today:", key=_key("dates_button")):
        st.session_state[_key("preset")] = made.preset
        st.radio(
            t("filters.dates"),
            (*PRESETS, CUSTOM),
            format_func=lambda code: t(f"filters.preset.{code}"),
            key=_key("preset"),
            on_change=_preset_chosen,
            args=(current.scope.start, current.scope.end),
        )
        left, right = st.columns(2)
        _date_input(left, "from", current.scope.start, offered, t)
        _date_input(right, "to", current.scope.end, offered, t)
        if st.session_state.pop(_key("wrong"), False):
            st.warning(t("filters.typed_dates_wrong"))
        st.caption(t("filters.today_is", date=t.date(offered.as_of)))


def _date_input(place: Any, name: str, day: date, offered: Options, t: Translator) -> None:
    st.session_state[_key(name)] = choice.within_data(day, offered)
    place.date_input(
        t(f"filters.{name}"),
        min_value=offered.first_day,
        max_value=offered.as_of,
        format="DD/MM/YYYY",
        key=_key(name),
        on_change=_dates_typed,
    )


def _preset_chosen(start: date, end: date) -> None:
    preset = st.session_state[_key("preset")]
    if preset == CUSTOM:
        filters.change(preset=CUSTOM, start=start, end=end)
    else:
        filters.change(preset=preset, start=None, end=None)


def _dates_typed() -> None:
    start, end = st.session_state[_key("from")], st.session_state[_key("to")]
    if start is None or end is None:
        return
    if start > end:
        st.session_state[_key("wrong")] = True
        return
    filters.change(preset=CUSTOM, start=start, end=end)


def _comparison(made: Choice, t: Translator) -> None:
    label = t(f"filters.how.{made.how}")
    with st.popover(label, icon=":material/compare_arrows:", key=_key("how_button")):
        st.session_state[_key("how")] = made.how
        st.radio(
            t("filters.compare"),
            HOWS,
            format_func=lambda code: t(f"filters.how.{code}"),
            key=_key("how"),
            on_change=lambda: filters.change(how=st.session_state[_key("how")]),
        )


def _versus(compared: Comparison | None, first_day: date, t: Translator) -> str:
    if compared is None:
        return t("filters.no_comparison")
    days = t.dates(compared.start, compared.end)
    if compared.state == "partial" and compared.start < first_day:
        return t("filters.comparison_partial", dates=days, first=t.date(first_day))
    if compared.usable:
        return t("filters.versus", dates=days)
    return t(
        "filters.comparison_overlap" if compared.reason == "overlap" else "filters.comparison_outside",
        dates=days,
    )


def _values(field: str, made: Choice, offered: Options, t: Translator, everything: str) -> None:
    words = words_of(field, offered, t)
    if len(words) < (1 if field == "audiences" else 2):
        return
    picked = getattr(made, field)
    with st.popover(_summary(picked, words, everything, t), icon=_ICONS[field], key=_key(f"{field}_button")):
        _picker(field, picked, words, t)


def _summary(picked: tuple[str, ...], words: dict[str, str], everything: str, t: Translator) -> str:
    if not picked:
        return everything
    first = plain_text(words[picked[0]], 24)
    if len(picked) > 1:
        first = t("filters.and_more", first=first, n=t.number(len(picked) - 1))
    return plain(first)


def _picker(field: str, picked: tuple[str, ...], words: dict[str, str], t: Translator) -> None:
    st.session_state[_key(field)] = list(picked)
    st.multiselect(
        t(_NAMES[field]),
        choice.labels_first(words, words) if field != "segments" else list(words),
        format_func=lambda value: words[value],
        placeholder=t("filters.search"),
        key=_key(field),
        on_change=_picked(field),
        select_all=False,
    )


def _picked(field: str) -> Callable[[], None]:
    def keep() -> None:
        filters.change(**{field: tuple(st.session_state[_key(field)])})

    return keep


def _more(made: Choice, offered: Options, t: Translator) -> None:
    active = sum(bool(getattr(made, field)) for field in MORE)
    label = t("filters.more_active", n=t.number(active)) if active else t("filters.more")
    with st.popover(label, icon=":material/tune:", key=_key("more_button")):
        for field in MORE:
            words = words_of(field, offered, t)
            if len(words) > 1:
                _picker(field, getattr(made, field), words, t)


def _currency(current: Filters, offered: Options, t: Translator) -> None:
    """The currency of all money on the page; sales in the others are left out."""
    st.session_state[_key("currency")] = current.currency
    st.selectbox(t("filters.currency"), width=110, **_currencies("currency", offered))


def _currencies(name: str, offered: Options) -> dict[str, Any]:
    """What both ways to choose the currency share."""
    return {
        "options": offered.currencies,
        "key": _key(name),
        "on_change": lambda: filters.change(currency=st.session_state[_key(name)]),
        "label_visibility": "collapsed",
    }


def _ask_currency(current: Filters, offered: Options, t: Translator) -> None:
    """Ask which currency is meant: nobody is shown part of the sales without being told."""
    names = ", ".join(plain(each, 8) for each in offered.currencies[:6])
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key="setia-currency"):
        words = t("filters.which_currency", names=names, shown=plain(current.currency, 8))
        st.markdown(words, width="content")
        st.pills(t("filters.currency"), width="content", **_currencies("which_currency", offered))


def _share(t: Translator) -> None:
    with st.popover(t("filters.share"), icon=":material/link:", key=_key("share_button")):
        st.caption(t("filters.share_text"))
        st.code(address.share_link(), language=None, wrap_lines=True)


def _chips(made: Choice, offered: Options, t: Translator) -> None:
    words = {field: words_of(field, offered, t) for field in made.narrowed}
    chips = [(field, value) for field, values in made.narrowed.items() for value in values][:12]
    if not chips:
        return

    def label(chip: tuple[str, str]) -> str:
        field, value = chip
        text = t("filters.chip", name=t(_NAMES[field]), value=words[field].get(value, value))
        return f"{plain(text, 48)} :material/close:"

    def removed() -> None:
        left = st.session_state[_key("chips")]
        rest = filters.chosen()
        for field, value in chips:
            if (field, value) not in left:
                rest = rest.without(field, value)
        st.session_state[filters.CHOICE] = rest

    st.session_state[_key("chips")] = list(chips)
    st.pills(
        t("filters.remove"),
        chips,
        selection_mode="multi",
        format_func=label,
        key=_key("chips"),
        on_change=removed,
        label_visibility="collapsed",
        width="content",
    )
    st.button(t("filters.clear"), type="tertiary", on_click=filters.clear, key=_key("clear"))
