"""The blocks of the page of people: who was merged and why, who buys across channels, who can be reached."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import streamlit as st

from analytics.people import REASONS
from analytics.reach import CHANNELS
from charts import persons as charts
from charts import reach as reach_charts
from charts.escaping import plain_text
from data.errors import DataError
from data.people import rebuild
from data.snapshots import Snapshot
from data.workspaces import Workspace
from i18n.translator import Translator
from ui import errors, session
from ui.cached import persons as cached
from ui.components import cards, empty, figures, persons_join
from ui.components.cards import Card
from ui.filters import Filters
from ui.text import plain

SAID = "persons.said"
_MARTS = 7


def summary(f: Filters, t: Translator) -> None:
    """Identification, people behind several ids, repeat buyers, and buyers of several channels."""
    now = cached.totals(f.workspace, f.whole)
    found = cached.found(f.workspace, f.whole)
    rate = now["identified"] / now["purchases"] if now["purchases"] else None
    buyers = now["buyers"] or None
    repeat = now["repeat_buyers"] / buyers if buyers else None
    several = now["several"] / buyers if buyers else None
    cards.kpi_row(
        [
            Card(
                t("kpi.identification_rate.name"),
                t.percent(rate),
                t("persons.identification.definition"),
                reason=t("filters.preset.all"),
            ),
            Card(
                t("persons.people.name"),
                t.number(found.get("persons", 0)),
                t("persons.people.definition"),
                reason=t("persons.people.of", ids=t.number(found.get("records", 0))),
            ),
            Card(
                t("persons.repeat.name"),
                t.percent(repeat),
                t("persons.repeat.definition"),
                reason=t("persons.repeat.of", count=t.number(now["repeat_buyers"])),
            ),
            Card(
                t("persons.several.name"),
                t.percent(several),
                t("persons.several.definition"),
                reason=t("persons.several.of", count=t.number(now["several"])),
            ),
        ],
        t,
    )
    st.caption(t("persons.whole"))


def merges(f: Filters, t: Translator) -> None:
    """Who was merged and why; one person is opened by a click, and can be taken apart."""
    _said()
    reasons = cached.reasons(f.workspace, f.whole)
    if not reasons:
        empty.missing_table(
            t("persons.empty.title"),
            would_show=t("persons.empty.would_show"),
            missing=t("persons.empty.missing"),
            key="persons",
        )
    else:
        parts = [
            t("persons.reason_count", reason=_reason(code, t), count=t.number(n))
            for code, n in reasons.items()
        ]
        st.markdown(plain(t("persons.why_merged", reasons=" · ".join(parts[:6])), 600))
        left, right = st.columns([3, 2], gap="large")
        with left:
            chosen = _list(f, t)
        with right:
            if chosen is None:
                st.info(t("persons.choose"), icon=":material/touch_app:")
            else:
                _one(chosen, f, t)
    persons_join.draw(f, t, _run)
    _undone(f, t)
    _shared(f, t)


def channels(f: Filters, t: Translator) -> None:
    """Each channel: its buyers, and how many of them buy elsewhere too."""
    table = cached.channels(f.workspace, f.whole)
    if table.empty:
        empty.missing_table(
            t("persons.channels.empty_title"),
            would_show=t("persons.channels.would_show"),
            missing=t("persons.channels.missing"),
            key="persons.channels",
        )
        return
    top = table.head(12)
    words = [t.code("channel", code) for code in table["channel"]]
    names = [plain_text(word, 40) for word in words[: len(top)]]
    shown = pd.DataFrame(
        {
            t("persons.channels.channel"): words,
            t("persons.channels.buyers"): table["buyers"],
            t("persons.channels.elsewhere"): table["elsewhere"],
            t("persons.channels.repeat"): table["repeat"],
        }
    )
    figures.chart(
        charts.elsewhere(names, top["buyers"].tolist(), top["elsewhere"].tolist(), t, figures.mode()),
        shown,
        "persons-channels",
        title=t("persons.channels.title"),
    )
    st.caption(t("persons.channels.note"))


def reach(f: Filters, t: Translator) -> None:
    """By each channel: how many can be written to, and what is in the way of the others."""
    found = cached.reach(f.workspace, f.whole)
    if found is None or found.empty:
        empty.missing_table(
            t("persons.reach.empty_title"),
            would_show=t("persons.reach.would_show"),
            missing=t("persons.reach.missing"),
            key="persons.reach",
        )
        return
    counts = found.pivot_table(index="channel", columns="reason", values="customers", fill_value=0)
    counts = counts.reindex(index=list(CHANNELS), columns=list(REASONS), fill_value=0).astype(int)
    everyone = int(found.loc[found["channel"] == CHANNELS[0], "customers"].sum())
    if counts["unknown"].any():
        st.info(t("persons.reach.no_consents"), icon=":material/info:")
    channel = st.segmented_control(
        t("persons.reach.channel"),
        CHANNELS,
        default=CHANNELS[0],
        required=True,
        format_func=lambda code: t(f"persons.by.{code}"),
        key="persons.channel",
    )
    chosen = found[found["channel"] == (channel or CHANNELS[0])]
    mine = {code: int(chosen.loc[chosen["reason"] == code, "customers"].sum()) for code in REASONS}
    codes = [code for code in REASONS if mine[code] or code == "reachable"]
    table = pd.DataFrame(
        {t("persons.reach.channel"): [t(f"persons.by.{code}") for code in CHANNELS]}
        | {t(f"persons.why.{code}"): counts[code].tolist() for code in REASONS if counts[code].any()}
    )
    figures.chart(
        reach_charts.obstacles(
            codes, [mine[c] for c in codes], [t(f"persons.why.{c}") for c in codes], t, figures.mode()
        ),
        table,
        "persons-reach",
        title=t("persons.reach.title", count=t.number(everyone)),
    )
    st.caption(t("persons.reach.note"))


def _list(f: Filters, t: Translator) -> str | None:
    """The merged people as a table; the id of the one that is clicked."""
    search = st.text_input(t("persons.search"), key="persons.search", max_chars=80).strip()
    table = cached.merged(f.workspace, f.whole, search)
    if table.empty:
        st.caption(t("persons.none_found"))
        return None
    shown = pd.DataFrame(
        {
            t("persons.column.person"): table["person_id"],
            t("persons.column.ids"): table["records"],
            t("persons.column.reason"): [_reason(code, t) for code in table["reason"]],
            t("persons.column.orders"): table["orders"],
            t("persons.column.revenue"): [t.money(value, f.currency) for value in table["revenue"]],
        }
    )
    event = st.dataframe(
        shown,
        hide_index=True,
        on_select="rerun",
        selection_mode="single-row",
        height=min(420, 38 + 35 * len(shown)),
        column_config={t("persons.column.revenue"): st.column_config.TextColumn(alignment="right")},
        key=f"persons.table.{f.whole}",
    )
    if len(table) == cached.MOST:
        st.caption(t("persons.first", count=t.number(cached.MOST)))
    rows = event.selection.rows if event else []
    return str(table["person_id"].iloc[rows[0]]) if rows and rows[0] < len(table) else None


def _one(person_id: str, f: Filters, t: Translator) -> None:
    """The ids of one person, and what can be done about them."""
    records = cached.records_of(f.workspace, f.whole, person_id)
    ids = [str(record["customer_id"]) for record in records]
    st.subheader(plain(person_id, 60), anchor=False)
    persons_join.table(records, "persons.one", t)
    if cached.is_by_hand(f.workspace, f.whole, person_id) and st.button(
        t("persons.part.button"), icon=":material/link_off:", key="persons.part"
    ):
        _run(lambda workspace, told: rebuild.part(workspace, ids, told), t("persons.part.done"), t)
    chosen = st.selectbox(
        t("persons.undo.who"),
        ["", *ids] if len(ids) > 2 else [""],
        format_func=lambda each: plain(each, 60) if each else t("persons.undo.all"),
        key=f"persons.out.{person_id}",
    )
    st.caption(t("persons.undo.note"))
    if st.button(t("persons.undo.button"), icon=":material/call_split:", key="persons.undo"):
        out = [chosen] if chosen else []
        _run(lambda workspace, told: rebuild.undo(workspace, ids, out, told), t("persons.undo.done"), t)


def _undone(f: Filters, t: Translator) -> None:
    """What was undone, and the way back."""
    apart = cached.undone(f.workspace, f.whole)
    if not apart:
        return
    with st.expander(t("persons.undone.title", count=t.number(len(apart))), icon=":material/history:"):
        for each in apart[:50]:
            with st.container(horizontal=True, vertical_alignment="center"):
                words = ", ".join(each.customer_ids) or t("persons.undone.gone")
                day = t.date(pd.Timestamp(each.at).date())
                st.markdown(plain(f"{day} · {words}", 300), width="stretch")
                if st.button(t("persons.redo.button"), key=f"persons.redo.{each.id}"):
                    _run(_redo(each.id), t("persons.redo.done"), t)


def _redo(undone_id: str) -> Callable[[Workspace, Callable[[str], None]], Snapshot]:
    return lambda workspace, told: rebuild.redo(workspace, undone_id, told)


def _shared(f: Filters, t: Translator) -> None:
    """Values that merge nobody, by reason, and the merchant's own contacts."""
    shared = cached.found(f.workspace, f.whole).get("shared") or {}
    with st.expander(t("persons.shared.title"), icon=":material/group_off:"):
        st.markdown(t("persons.shared.note"))
        for code, count in shared.items():
            st.markdown(f"- {t(f'persons.shared.{code}', count=t.number(count))}")
        with st.form("persons.own", border=False):
            contact = st.text_input(t("persons.own.label"), key="persons.own.text", max_chars=120)
            pressed = st.form_submit_button(t("persons.own.button"))
        if pressed and contact.strip():
            _run(lambda workspace, told: rebuild.own(workspace, contact, told), t("persons.own.done"), t)


def _run(
    work: Callable[[Workspace, Callable[[str], None]], Snapshot | None], done: str, t: Translator
) -> None:
    """Do what makes a new snapshot, with progress and a button that stops it; then draw the page anew."""
    workspace = session.workspace()
    if workspace is None:
        return
    place = st.empty()
    with place.container():
        bar = st.progress(0.02, t("persons.working"))
        st.button(t("persons.stop"), key="persons.stop")  # any press ends this run; the draft is dropped
        count = iter(range(1, 1000))

        def told(mart: str) -> None:
            bar.progress(min(0.98, next(count) / (_MARTS + 1)), t("persons.working"))

        try:
            made = work(workspace, told)
        except DataError as error:
            place.empty()
            st.error(errors.sentence(error, t), icon=":material/info:")
            return
    if made is None:
        place.empty()
        st.warning(t("persons.own.neither"), icon=":material/info:")
        return
    st.session_state[SAID] = done
    st.rerun()


def _said() -> None:
    words = st.session_state.pop(SAID, "")
    if words:
        st.success(words, icon=":material/check:")


def _reason(code: str, t: Translator) -> str:
    """The kinds that agreed, in words: ``email,phone+name`` is "e-mail, phone with name"."""
    words = []
    for kind in str(code).split(","):
        base, _, name = kind.partition("+")
        word = t(f"persons.kind.{base}")
        words.append(t("persons.with_name", kind=word) if name else word)
    return ", ".join(words)
