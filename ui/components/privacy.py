"""Whose wishes are being kept: withdrawals with their clock, what was erased, what the law asks."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

import pandas as pd
import streamlit as st

from charts.escaping import plain_text
from data import erasure, withdrawals
from i18n.translator import Translator
from ui import session
from ui.cached import people
from ui.cached.privacy import Wish
from ui.components import cards, customer
from ui.components.cards import Card
from ui.filters import Filters
from ui.page_list import spec
from ui.text import plain

MOST: Final = 500


def summary(found: list[Wish] | None, f: Filters, t: Translator) -> None:
    """Withdrawals that stand, those to act on, those too late, and customers who are in totals only.

    Parameters
    ----------
    found : list of Wish or None
        From ``ui.cached.privacy.wishes``; None where the workspace has no consents.
    """
    now = datetime.now(UTC)
    waiting = [each for each in found or () if each.is_open(now)]
    late = [each for each in waiting if each.withdrawal.hours_left(now) < 0]
    unknown = t("privacy.no_table") if found is None else ""
    numbers = {
        "standing": None if found is None else len(found),
        "waiting": None if found is None else len(waiting),
        "late": None if found is None else len(late),
    }
    drawn = [
        Card(t(f"privacy.card.{name}"), t.number(n), t(f"privacy.card.{name}_note"), reason=unknown)
        for name, n in numbers.items()
    ]
    against = people.unprofiled_count(f.workspace, f.whole)
    drawn.append(Card(t("privacy.card.profile"), t.number(against), t("privacy.card.profile_note")))
    cards.kpi_row(drawn, t)


def clock(found: list[Wish] | None, f: Filters, t: Translator) -> None:
    """The withdrawals to act on, the files to think of, and the way to tick them off."""
    if found is None:
        st.markdown(t("privacy.no_consents"))
        st.page_link(spec("import_files").target, label=t("empty.no_data.action"), icon=":material/upload:")
        return
    now, zone = datetime.now(UTC), _zone(f)
    waiting = sorted((w for w in found if w.is_open(now)), key=lambda w: w.withdrawal.at)
    if not waiting:
        st.success(t("privacy.nothing_waiting"), icon=":material/check:")
        if found:
            rows = [_row(each, now, zone, t) for each in found[:MOST]]
            st.dataframe(pd.DataFrame(rows), hide_index=True, key="privacy.kept")
        return
    st.caption(t("privacy.how"))
    rows = [_row(each, now, zone, t) for each in waiting[:MOST]]
    drawn = st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        on_select="rerun",
        selection_mode="multi-row",
        key="privacy.waiting",
    )
    chosen = [waiting[row] for row in drawn.selection.rows if row < len(rows)]
    if len(waiting) > MOST:
        st.caption(t("privacy.first", n=t.number(MOST), total=t.number(len(waiting))))
    if not chosen:
        return
    _files(chosen, f, t)
    with st.container(horizontal=True):
        label = t("privacy.settle", n=t.number(len(chosen)))
        if st.button(label, type="primary", icon=":material/done_all:", key="privacy.settle"):
            opened = session.opened(f.workspace)
            withdrawals.settle(opened, [each.withdrawal for each in chosen])
            st.session_state.pop("privacy.waiting", None)
            st.rerun()
        if len(chosen) == 1 and st.button(t("privacy.open"), icon=":material/person:", key="privacy.open"):
            customer.show(f.workspace, chosen[0].withdrawal.customer_id)
            st.switch_page(spec("customer").target)


def _row(wish: Wish, now: datetime, zone: ZoneInfo, t: Translator) -> dict[str, object]:
    said = wish.withdrawal
    left = said.hours_left(now)
    if wish.is_open(now):
        time = t("privacy.left" if left >= 0 else "privacy.overdue", n=t.number(abs(left)))
    else:
        time = t("privacy.kept")
    channel = t.code("channel", said.channel) if said.channel else t("privacy.every_channel")
    return {
        t("privacy.column.left"): time,
        t("privacy.column.customer"): plain_text(said.customer_id, 80),
        t("privacy.column.channel"): plain_text(channel, 40),
        t("privacy.column.purpose"): _purpose(said.purpose, t),
        t("privacy.column.at"): _moment(said.at, zone, t),
        t("privacy.column.files"): len(wish.files),
    }


def _purpose(code: str, t: Translator) -> str:
    known = ("marketing", "service", "profiling", "all")
    return t(f"privacy.purpose.{code}") if code in known else plain_text(code, 40)


def _zone(f: Filters) -> ZoneInfo:
    return ZoneInfo(session.opened(f.workspace).config.time_zone)


def _moment(at: datetime, zone: ZoneInfo, t: Translator) -> str:
    local = at.astimezone(zone)
    return f"{t.date(local.date())} {local:%H:%M}"


def _files(chosen: list[Wish], f: Filters, t: Translator) -> None:
    """The files made before the withdrawals: whoever has one must be told."""
    files = list(dict.fromkeys(file for each in chosen for file in each.files))
    if not files:
        st.markdown(t("privacy.no_files"))
        return
    zone = _zone(f)
    st.markdown(t("privacy.tell"))
    st.dataframe(
        pd.DataFrame(
            {
                t("privacy.column.made"): [_moment(each.at, zone, t) for each in files],
                t("privacy.column.list"): [plain_text(each.list, 80) for each in files],
                t("privacy.column.file"): [plain_text(each.file, 80) for each in files],
                t("privacy.column.contact"): [
                    t.code("channel", each.contact) if each.contact else t("privacy.no_contact")
                    for each in files
                ],
                t("privacy.column.count"): [each.count for each in files],
            }
        ),
        hide_index=True,
        key="privacy.files",
    )


def record(f: Filters, t: Translator) -> None:
    """What was erased and when; not who."""
    done = erasure.erasures(session.opened(f.workspace))
    st.markdown(t("privacy.erased_note"))
    st.page_link(spec("customer").target, label=t("privacy.to_customer"), icon=":material/person_search:")
    if not done:
        st.caption(t("privacy.none_erased"))
        return
    zone = _zone(f)
    st.dataframe(
        pd.DataFrame(
            {
                t("privacy.column.at"): [_moment(datetime.fromisoformat(each.at), zone, t) for each in done],
                t("privacy.column.sales"): [each.sales for each in done],
                t("privacy.column.rows"): [each.rows for each in done],
                t("privacy.column.snapshots"): [each.snapshots for each in done],
                t("privacy.column.others"): [each.files for each in done],
            }
        ),
        hide_index=True,
        key="privacy.erased",
    )


def law(t: Translator) -> None:
    """What the law of the two countries asks, in words, and what this page makes of it."""
    for name in ("id", "my", "rule", "profile", "numbers"):
        st.markdown(plain(t(f"privacy.law.{name}"), 900))
    st.caption(t("privacy.law.advice"))
