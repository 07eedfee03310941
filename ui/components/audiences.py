"""The blocks of the page Audiences: whom the rule picks, saving it, what is saved, what left the house."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

import streamlit as st

from analytics.reach import CHANNELS
from analytics.rules import Group, to_dict
from data import audiences as store
from data.audiences import Audience
from data.errors import DataError
from data.workspaces import Workspace
from i18n.numbers import absent
from i18n.translator import Translator
from ui import errors, session
from ui.cached import audiences as cached
from ui.cached import people
from ui.cached.audiences import Members
from ui.components import audience_export, cards, customer_list, rule_builder, rule_tree
from ui.components.cards import Card
from ui.components.customer_list import Listing
from ui.components.rule_words import in_words
from ui.filters import Filters
from ui.text import plain

EDITING: Final = "audiences.editing"
_NAME: Final = "audiences.name"
_SAID: Final = "audiences.said"


def build(f: Filters, t: Translator) -> None:
    """The template and the editor."""
    rule_builder.start(f, t)
    rule_builder.editor(f, t)
    unfinished = rule_tree.open_conditions(rule_tree.current())
    if unfinished:
        st.caption(t.plural("audiences.unfinished", unfinished))


def result(f: Filters, t: Translator) -> None:
    """Whom the rule picks now: how many, what they brought, who can be written to; then what to do."""
    rule = rule_tree.rule(rule_tree.current())
    by = cached.yardstick(f.workspace, f.whole)
    try:
        counted = cached.counts(f.workspace, f.whole, rule, by)
    except ValueError:
        st.info(t("audiences.cannot"), icon=":material/info:")
        return
    words = in_words(rule, f, t)
    cards.kpi_row(_cards(counted, f, t), t)
    st.markdown(plain(reach_line(counted, f, t), 400))
    st.caption(plain(words, 2000))
    if counted["customers"]:
        members = Members(rule, by=by)
        with st.container(horizontal=True, gap="small"):
            _open("rule", t("audiences.this_rule"), words, members, t)
            audience_export.panel("rule", t("audiences.this_rule"), words, members, counted, f, t)
    _save(rule, words, int(counted["customers"]), f, t)
    st.caption(t("audiences.notes"))


def reach_line(counted: Mapping[str, Any], f: Filters, t: Translator) -> str:
    """How many can be written to, and by which channel; that nothing is known where that is so."""
    if absent(counted["reachable"]):
        known = people.has_contacts(f.workspace, f.whole)
        return t("audiences.reach.unknown" if known else "audiences.reach.contactless")
    customers, reachable = int(counted["customers"]), int(counted["reachable"])
    if not customers or not reachable:
        return t("audiences.reach.nobody")
    by = " · ".join(
        f"{t.code('channel', channel)} {t.number(counted[f'reachable_{channel}'])}"
        for channel in sorted(CHANNELS, key=lambda c: -int(counted[f"reachable_{c}"] or 0))
        if counted[f"reachable_{channel}"]
    )
    share = t.percent(reachable / customers)
    return t("audiences.reach.some", n=t.number(reachable), share=share, channels=by)


def _cards(counted: Mapping[str, Any], f: Filters, t: Translator) -> list[Card]:
    customers, revenue = int(counted["customers"]), float(counted["revenue"])
    of_all = customers / counted["everyone"] if counted["everyone"] else None
    of_money = revenue / counted["all_revenue"] if counted["all_revenue"] > 0 else None
    never = customers - int(counted["buyers"])
    part = "audiences.card.never_bought" if never else "audiences.card.of_all"
    return [
        Card(
            t("audiences.card.customers"),
            t.number(customers),
            definition=t("audiences.card.customers_note"),
            reason="" if of_all is None else t(part, share=t.percent(of_all), n=t.number(never)),
        ),
        Card(
            t("audiences.card.revenue"),
            t.money_short(revenue, f.currency),
            definition=t("audiences.card.revenue_note"),
            reason="" if of_money is None else t("audiences.card.of_revenue", share=t.percent(of_money)),
        ),
    ]


def _open(name: str, title: str, words: str, members: Members, t: Translator) -> None:
    if st.button(t("audiences.show"), icon=":material/group:", key=f"audiences.{name}.open"):
        customer_list.open_list(Listing(f"audience-{name}", title, words, customer_list.among(members)))


def _save(rule: Group, words: str, customers: int, f: Filters, t: Translator) -> None:
    """Name and button; for a rule that came from a saved audience, also the button that changes it."""
    workspace = session.opened(f.workspace)
    editing = _edited(workspace)
    if st.session_state.pop(f"{_NAME}.clear", False):
        st.session_state[_NAME] = ""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.text_input(t("audiences.save.name"), key=_NAME, max_chars=store.LONGEST_NAME)
        saved = st.button(t("audiences.save.button"), type="primary", key="audiences.save")
    given = {"words": words, "count": customers, "days": (date.today(), f.as_of)}
    try:
        if saved:
            made = store.save_rule(workspace, str(st.session_state[_NAME]), to_dict(rule), **given)  # type: ignore[arg-type]
            _done(t("audiences.save.done", name=made.name))
        if editing is not None and st.button(
            t("audiences.save.change", name=plain(editing.name, 40)), key="audiences.change"
        ):
            store.change_rule(workspace, editing.id, to_dict(rule), **given)  # type: ignore[arg-type]
            st.session_state.pop(EDITING, None)
            _done(t("audiences.save.done", name=editing.name))
    except DataError as error:
        st.error(errors.sentence(error, t), icon=":material/info:")
    said = st.session_state.pop(_SAID, None)
    if said:
        st.success(plain(said, 160), icon=":material/check:")


def _edited(workspace: Workspace) -> Audience | None:
    known = {each.id: each for each in cached.saved(workspace)}
    return known.get(str(st.session_state.get(EDITING)))


def _done(said: str) -> None:
    st.session_state[_SAID] = said
    st.session_state[f"{_NAME}.clear"] = True
    st.rerun()
