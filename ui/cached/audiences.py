"""Saved audiences and rules, answered for a workspace and a snapshot."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import ibis
import ibis.expr.types as ir
import pandas as pd
import pyarrow as pa
import streamlit as st

from analytics import rfm, rfm_grid, rules
from analytics.forecast import valuing
from analytics.lifecycle import Windows
from analytics.results import frame, one_row, rows
from analytics.rules import Condition, Group, Sources
from analytics.scope import Scope
from data import audiences as store
from data import consent
from data.audiences import Audience
from data.errors import DataError
from data.people.apply import PEOPLE, with_person
from data.workspaces import Workspace
from ui import session
from ui.cached import forecast, people, scoring, windows
from ui.cached.options import options
from ui.cached.people import Scoring

EVERYBODY: Final = Group("all", (Condition("kind", "one_of", ("external", "internal", "reseller")),))
"""All customers there are, staff too: what a fixed list is looked up in."""

MOST_VALUES: Final = 400


@dataclass(frozen=True, slots=True)
class Yardstick:
    """How rules tell groups apart: the lifecycle windows and the RFM grid of the workspace."""

    windows: Windows
    scoring: Scoring


def saved(workspace: Workspace) -> tuple[Audience, ...]:
    """Every saved audience by name."""
    return _saved(workspace.name, _stamp(workspace))


def names(workspace: Workspace) -> tuple[tuple[str, str], ...]:
    """Id and name of every saved audience, for the filter bar."""
    return tuple((each.id, each.name) for each in saved(workspace))


def rule_of(audience: Audience) -> Group | None:
    """The rule of a saved audience; None for a fixed list.

    Raises
    ------
    DataError : the rule cannot be read (it was changed by hand).
    """
    if audience.is_list:
        return None
    try:
        return rules.from_dict(audience.rule)
    except ValueError as error:
        raise DataError(
            "audience_rule",
            "The rule of the audience {name} cannot be read. Delete it and make it again.",
            name=audience.name,
        ) from error


def code_of(workspace: Workspace, snapshot: str, ids: tuple[str, ...]) -> str:
    """What stands for the customers of some audiences in the key of an answer.

    It holds the ids and a hash of all that decides whom they pick: rules, lists, windows and grid.
    """
    asked = yardstick(workspace.name, snapshot)
    chosen = [store.found(workspace, each) for each in sorted(ids)]
    content = [(a.id, rules.code_of(rule) if (rule := rule_of(a)) else a.content) for a in chosen]
    return f"{'.'.join(a.id for a in chosen)}-{rules.code_of(EVERYBODY, content, asked)}"


def keys(workspace: str, snapshot: str, code: str) -> ir.Table:
    """The ``customer_key`` of the customers a code stands for.

    Raises
    ------
    DataError : an audience was changed or deleted meanwhile.
    """
    return _keys(workspace, snapshot, code)


@dataclass(frozen=True, slots=True)
class Members:
    """Those a rule picks, or those of a saved audience, for a list (see ``people.Wanted.among``).

    Parameters
    ----------
    rule : Group or None
    audience : str
        Id of a saved one; counts where there is no rule.
    content : str
        Of the saved one: its hash, so that no answer outlives a change.
    by : Yardstick, optional
        As :func:`yardstick` found it; for the same reason. None: the workspace's of now.
    """

    rule: Group | None = None
    audience: str = ""
    content: str = ""
    by: Yardstick | None = None
    of: str = "Members"

    def keys(self, workspace: str, snapshot: str, scope: Scope, windows: Windows) -> ir.Table:
        """Whom it picks."""
        return self.profiles(workspace, snapshot, ()).select("customer_key")

    def profiles(self, workspace: str, snapshot: str, columns: tuple[str, ...]) -> ir.Table:
        """Whom it picks with fields of the catalogue; also those who never bought.

        Returns
        -------
        ibis Table: ``customer_key``, ``customer_id`` and the columns.
        """
        whole = session.whole(snapshot)
        asked = sources(workspace, whole, self.by)
        if self.rule is not None:
            return rules.profiles(self.rule, asked, columns)
        opened = session.opened(workspace)
        ids = ibis.memtable(store.ids_of(opened, store.found(opened, self.audience)))
        tables = session.tables_of(workspace, whole)
        if tables.has(PEOPLE):  # an id that was merged since is the person's
            ids = with_person(ids, tables.table(PEOPLE))
        return rules.profiles(EVERYBODY, asked, columns).semi_join(ids, "customer_id")


def members_of(audience: Audience, by: Yardstick | None = None) -> Members:
    """The customers of a saved audience."""
    return Members(rule_of(audience), audience.id, audience.content, by)


@st.cache_data(max_entries=256, show_spinner=False)
def counts(workspace: str, snapshot: str, rule: Group, asked: Yardstick) -> Mapping[str, Any]:
    """The columns of ``rules.counts``.

    Raises
    ------
    ValueError : the data lack what the rule asks about.
    """
    return one_row(rules.counts(rule, sources(workspace, snapshot, asked)))


@st.cache_data(max_entries=128, show_spinner=False)
def list_counts(workspace: str, snapshot: str, audience_id: str, content: str) -> Mapping[str, Any]:
    """The columns of ``rules.counts`` for a fixed list."""
    members = Members(None, audience_id, content)
    table = members.profiles(workspace, snapshot, ("kind",))
    only = sources(workspace, snapshot)
    summary = only.customer_summary.semi_join(table, "customer_key")
    found = one_row(rules.counts(EVERYBODY, _with_summary(only, summary)))
    whole = one_row(rules.counts(Group("all"), only))
    return {**found, "everyone": whole["everyone"], "all_revenue": whole["all_revenue"]}


@st.cache_data(max_entries=64, show_spinner=False)
def values(workspace: str, snapshot: str, code: str) -> tuple[str, ...]:
    """What a text field holds in this workspace, the most frequent first."""
    asked = rules.field(code)
    if asked.codes:
        return asked.codes
    tables = session.tables_of(workspace, snapshot)
    if asked.source == "lines":
        column = asked.needs[0]
        mart = tables.table("daily_category" if column == "category" else "daily")
        counted = mart.group_by(value=mart[column].cast("string")).aggregate(n=mart.orders.sum())
    else:
        summary = tables.table("customer_summary")
        counted = summary.group_by(value=summary[code].cast("string")).aggregate(n=summary.count())
    known = counted.filter(counted.value.notnull() & (counted.value != ""))
    return tuple(r["value"] for r in rows(known.order_by(ibis.desc("n"), "value").limit(MOST_VALUES)))


def now(workspace: str, snapshot: str, audience: Audience) -> Mapping[str, Any] | None:
    """The columns of ``rules.counts`` for a saved audience today; None where it cannot be told."""
    try:
        rule = rule_of(audience)
        if rule is None:
            return list_counts(workspace, snapshot, audience.id, audience.content)
        return counts(workspace, snapshot, rule, yardstick(workspace, snapshot))
    except (ValueError, DataError):
        return None


def export_rows(
    workspace: str, snapshot: str, members: Members, columns: tuple[str, ...], contact: str, *, names: bool
) -> pd.DataFrame:
    """The customers of an audience with the columns that were asked for and no other. Never kept.

    Parameters
    ----------
    columns : tuple of str
        ``customer_id`` and fields of the catalogue.
    contact : str
        A channel: only those who can be reached by it, with that contact. Empty: none, and everybody.
    names : bool
        With a contact: their names too.
    """
    asked = tuple(column for column in columns if column != "customer_id")
    if not contact:
        table = members.profiles(workspace, snapshot, asked)
        return frame(table.order_by("customer_id").select(*columns))
    reachable = f"reachable_{contact}"
    table = members.profiles(workspace, snapshot, tuple(dict.fromkeys([*asked, reachable])))
    table = table.filter(table[reachable].fill_null(False))
    known = session.tables_of(workspace, session.whole(snapshot)).table("customers")
    personal = {"contact": known[consent.CONTACT_OF[contact]], **({"name": known["name"]} if names else {})}
    table = table.inner_join(known.select("customer_id", **personal), "customer_id")
    return frame(table.order_by("customer_id").select(*columns, *personal))


def offered(workspace: str, snapshot: str) -> tuple[rules.Field, ...]:
    """The fields a rule can ask about in this workspace."""
    summary = session.tables_of(workspace, snapshot).table("customer_summary")
    model = _model(workspace, snapshot)
    return rules.available(summary.columns, () if model is None else model.columns)


def yardstick(workspace: str, snapshot: str) -> Yardstick:
    """What rules are asked with: the workspace's own windows and grid, whatever this session looks at."""
    config = session.opened(workspace).config
    told = windows.of_workspace(config, workspace, session.whole(snapshot))
    return Yardstick(told, scoring.of_workspace(workspace))


def sources(workspace: str, snapshot: str, by: Yardstick | None = None) -> Sources:
    """The tables rules are asked of: who lets themselves be profiled, as of the last day of the data.

    Parameters
    ----------
    by : Yardstick, optional
        Default: :func:`yardstick`.
    """
    tables, known = session.tables_of(workspace, snapshot), options(workspace, snapshot)
    if known is None:
        raise ValueError("A rule needs a workspace with orders.")
    opened = session.opened(workspace)
    by = by or yardstick(workspace, snapshot)
    asked, grid, scope = by.windows, by.scoring, Scope(known.first_day, known.as_of)

    def scores() -> ir.Table | None:
        cuts = grid.fixed or people.cutoffs(workspace, snapshot, scope, asked, grid.bins, True)
        if cuts is None:
            return None
        each = people.profiled(workspace, snapshot, people.per_customer(workspace, snapshot, scope, asked))
        return rfm_grid.name(rfm.score(people.measures(each, known.as_of), cuts), grid.grid)

    return Sources(
        customer_summary=people.profiled(workspace, snapshot, tables.table("customer_summary")),
        orders=tables.table("orders"),
        order_categories=tables.table("order_categories"),
        as_of=known.as_of,
        lifecycle=lambda: people.assigned(workspace, snapshot, known.as_of, asked),
        rfm=scores,
        model=lambda: _model(workspace, snapshot),
        currency=opened.config.currency if len(known.currencies) > 1 else None,
    )


def _model(workspace: str, snapshot: str) -> ir.Table | None:
    """The forecast of each customer, where it was computed and may be used."""
    scores = forecast.scored(workspace, snapshot)
    return None if scores is None else valuing.valued(scores, people.summary(workspace, snapshot))


@st.cache_resource(max_entries=16, show_spinner=False)
def _keys(workspace: str, snapshot: str, code: str) -> ir.Table:
    """The keys in memory, as one and the same Ibis table: expressions over two of them would not be equal."""
    opened = session.opened(workspace)
    ids = tuple(code.partition("-")[0].split("."))
    if code_of(opened, snapshot, ids) != code:
        raise DataError("audience_changed", "This audience was changed meanwhile. Load the page again.")
    found: list[pa.Table] = []
    for each in ids:
        try:
            picked = members_of(store.found(opened, each)).profiles(workspace, snapshot, ())
            found.append(picked.select("customer_key").to_pyarrow())
        except ValueError as error:
            raise _cannot(store.found(opened, each)) from error
    return ibis.memtable(pa.concat_tables(found).group_by("customer_key").aggregate([]))


def _cannot(audience: Audience) -> DataError:
    return DataError(
        "audience_needs",
        "The audience {name} asks about something this data does not hold (yet). Change its rule.",
        name=audience.name,
    )


def _with_summary(only: Sources, summary: ir.Table) -> Sources:
    return Sources(**{**vars(only), "customer_summary": summary})


@st.cache_data(max_entries=16, show_spinner=False)
def _saved(workspace: str, stamp: tuple[tuple[str, int, int], ...]) -> tuple[Audience, ...]:
    return tuple(store.saved(session.opened(workspace)))


def _stamp(workspace: Workspace) -> tuple[tuple[str, int, int], ...]:
    """Changes whenever an audience is saved, changed or deleted, by whichever session."""
    with os.scandir(workspace.folder("audiences")) as found:
        seen = [(e.name, s.st_mtime_ns, s.st_ino) for e in found if (s := _stat(e)) is not None]
    return tuple(sorted(seen))


def _stat(entry: os.DirEntry[str]) -> os.stat_result | None:
    try:
        return entry.stat()
    except FileNotFoundError:
        return None
