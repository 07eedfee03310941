"""Exports of known systems on the Import page: what they are and hold, before anything is written."""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pandas as pd
import streamlit as st

from data.errors import DataError, MappingNeeded
from data.exports.looking import Seen
from data.exports.opening import Answers
from data.exports.recognise import nearly
from data.importing.mapping import DATE_ORDERS, DECIMAL_MARKS, TableMapping
from i18n.translator import Translator
from ui import errors, session, text
from ui.cached import imports as cached
from ui.uploads import Upload

KINDS: Final = ("orders", "cancelled", "failed", "settlement", "receipts", "items")
_OF_FILES: Final = ("empty", "again")
_OF_ORDERS: Final = ("cancelled", "failed")
_ODD: Final = ("rejected", "future", "off", "masked", "failed", "cancelled", "passed_over", *_OF_FILES)


@dataclass(frozen=True, slots=True)
class Known:
    """What can be imported as it is, and what has to be explained first.

    ``paths`` are the exports; ``strangers`` files that no system is known to write; ``waiting`` says that
    something has to be said or taken away first.
    """

    paths: tuple[Path, ...]
    strangers: tuple[Upload, ...]
    answers: Answers
    waiting: bool


def look(held: Sequence[Upload], workspace: str, country: str, currency: str, t: Translator) -> list[Seen]:
    """What the uploads hold; nothing is written."""
    with st.spinner(t("exports.looking")):
        return cached.surveyed(
            tuple(str(u.path) for u in held),
            tuple(u.stamp for u in held),
            workspace,
            country,
            st.session_state.get("import.exports.dates", ""),
            st.session_state.get("import.exports.decimal", ""),
            cached.recognisers(workspace),
            currency,
        )


def draw(held: Sequence[Upload], workspace: str, country: str, currency: str, t: Translator) -> Known:
    """Show every recognised file: system, period, orders, customers, money, and what is odd.

    Parameters
    ----------
    held : sequence of Upload
    workspace, country, currency : str
        Country and currency are a new workspace's.
    t : Translator

    Returns
    -------
    Known
    """
    answers = Answers(
        st.session_state.get("import.exports.dates", ""), st.session_state.get("import.exports.decimal", "")
    )
    seen = look(held, workspace, country, currency, t)
    found = [s for s in seen if s.is_known]
    if found:
        _summary(found, _currency(workspace, currency), t)
    asked = [s for s in found if s.question]
    if asked or answers != Answers():
        _ask(asked, t)
    refused = [s for s in seen if s.refusal and any(o.is_known for o in seen if o.given == s.given)]
    for one in refused:
        code, fields, said = one.refusal or ("", {}, "")
        st.error(errors.sentence(DataError(code, said, **fields), t), icon=":material/block:")
    return Known(_paths(seen, held), _strangers(seen, held), answers, bool(asked or refused))


def say_what_lacks(header: Sequence[str], t: Translator) -> None:
    """Say of a file that is nearly one of a known system which columns it lacks to be one."""
    near = nearly(header)
    if near is None:
        return
    kind, lacking = near
    what = t(f"exports.kind.{kind.name}")
    columns = ", ".join(text.plain(name, 60) for name in lacking)
    st.info(t("exports.nearly", system=kind.title, what=what, columns=columns), icon=":material/help:")


def in_words(name: str, codes: Sequence[str], t: Translator) -> dict[str, str]:
    """Orders of dates or decimal marks (``name``) in words; "" leaves it to the file."""
    spelled = {".": "dot", ",": "comma"}
    return {"": t("import.decide")} | {c: t(f"import.{name}.{spelled.get(c, c)}") for c in codes}


def offer_to_remember(
    upload: Upload, workspace: str, chosen: TableMapping, header: Sequence[str], t: Translator
) -> None:
    """Let the owner keep a mapping as a recogniser: the next file of the kind goes in without a click."""
    if not chosen.columns.get("order_id"):
        return
    buyers = cached.unused(chosen, tuple(header))
    if buyers:
        st.caption(text.plain(t("exports.remember_buyers", headers=", ".join(buyers)), 700))
    if workspace not in {w.name for w in session.workspaces()}:
        return
    with st.expander(t("exports.remember"), icon=":material/bookmark_add:"):
        st.caption(t("exports.remember_note"))
        name = st.text_input(t("exports.remember_name"), max_chars=40, key=f"exports.name.{upload.stamp}")
        if st.button(
            t("exports.remember_save"), disabled=not name.strip(), key=f"exports.save.{upload.stamp}"
        ):
            cached.save_recogniser(workspace, name.strip(), chosen, tuple(header))
            st.rerun()


def _summary(found: Sequence[Seen], currency: str, t: Translator) -> None:
    st.subheader(t.plural("exports.known", len(found)), anchor=False)
    st.caption(_whole(found, t))
    names = _short(found)
    rows = [_row(one, name, currency, t) for one, name in zip(found, names, strict=True)]
    table = pd.DataFrame(rows)
    right = {name: st.column_config.TextColumn(alignment="right") for name in list(table.columns)[-3:]}
    st.dataframe(table, hide_index=True, column_config=right, key="import.exports.table")
    odd = _odd(found, names, t)
    if odd:
        with st.container(border=True, key="import.exports.odd"):
            st.markdown(f"**{t('exports.odd.title')}**")
            st.markdown("\n".join(f"- {text.plain(line, 600)}" for line in odd))
    elif not any(one.question for one in found):
        st.caption(t("exports.odd.none"))


def _whole(found: Sequence[Seen], t: Translator) -> str:
    """All recognised files in one line: systems, and the period they cover together."""
    days = [day for one in found for day in (one.first, one.last) if day]
    systems = ", ".join(dict.fromkeys(one.title for one in found))
    return " · ".join([systems, t.dates(min(days), max(days))] if days else [systems])


def _short(found: Sequence[Seen]) -> list[str]:
    """What each file is called: without folders and archive, where that tells it from the others."""
    last = [one.name.rsplit("/", 1)[-1] for one in found]
    counts = Counter(last)
    return [name if counts[name] == 1 else one.name[-80:] for one, name in zip(found, last, strict=True)]


def _row(one: Seen, name: str, currency: str, t: Translator) -> dict[str, Any]:
    span = t.dates(one.first, one.last) if one.first and one.last else t.date(None)
    money = ", ".join(t.money(amount, code or currency) for code, amount in one.money.items())
    sold = one.fills == "transactions"
    nothing = "–"
    return {
        t("exports.file"): name,
        t("exports.system"): one.title,
        t("exports.what"): t(f"exports.kind.{one.kind}") if one.kind in KINDS else one.kind,
        t("exports.period"): span,
        t("exports.orders"): nothing if one.question else t.number(one.orders),
        t("exports.customers"): t.number(one.customers) if sold and not one.question else nothing,
        t("exports.money"): money or nothing,
    }


def _odd(found: Sequence[Seen], names: Sequence[str], t: Translator) -> list[str]:
    """What is odd, each kind once, with the files it stands in."""
    lines = []
    for code in _ODD:
        there = [(one.odd[code], name) for one, name in _once(found, names, code)]
        if there:
            is_counted = len(there) > 1 and code not in _OF_FILES
            files = ", ".join(f"{name} ({t.number(n)})" if is_counted else name for n, name in there)
            lines.append(f"{t.plural(f'exports.odd.{code}', sum(n for n, _ in there))} {files}")
    for system in dict.fromkeys(one.title for one in found):
        if {"receipts", "items"} <= {one.kind for one in found if one.title == system}:
            lines.append(t("exports.odd.twice", system=system))
    return lines


def _once(found: Sequence[Seen], names: Sequence[str], code: str) -> list[tuple[Seen, str]]:
    """The files in which something is odd; of orders that stand in receipts and items, one of the two."""
    there = [(one, name) for one, name in zip(found, names, strict=True) if code in one.odd]
    if code not in _OF_ORDERS:
        return there
    both = Counter[tuple[str, str]]()
    for one, _ in there:
        both[one.title, one.kind] += one.odd[code]
    other = {"receipts": "items", "items": "receipts"}

    def counts(one: Seen) -> bool:
        mine, rival = both[one.title, one.kind], both[one.title, other.get(one.kind, "")]
        return mine > rival or (mine == rival and one.kind != "receipts") or not rival

    return [(one, name) for one, name in there if counts(one)]


def _ask(asked: Sequence[Seen], t: Translator) -> None:
    for one in asked:
        code, fields = one.question or ("", {})
        st.warning(errors.sentence(MappingNeeded(code, "", **fields), t), icon=":material/help:")
    left, middle, _ = st.columns(3)
    choices: tuple[tuple[Any, str, tuple[str, ...]], ...] = (
        (left, "dates", DATE_ORDERS),
        (middle, "decimal", DECIMAL_MARKS),
    )
    for place, name, codes in choices:
        words = in_words(name, codes, t)
        with place:
            st.selectbox(
                t(f"import.{name}.title"),
                list(words),
                format_func=words.__getitem__,
                key=f"import.exports.{name}",
            )


def _paths(seen: Sequence[Seen], held: Sequence[Upload]) -> tuple[Path, ...]:
    """Whole uploads where all in them is known; else the files that are."""
    paths: list[Path] = []
    for given, upload in enumerate(held):
        of_it = [s for s in seen if s.given == given]
        if of_it and all(s.is_known for s in of_it):
            paths.append(upload.path)
        else:
            paths += [s.path for s in of_it if s.is_known]
    return tuple(paths)


def _strangers(seen: Sequence[Seen], held: Sequence[Upload]) -> tuple[Upload, ...]:
    """Uploads of which nothing is known, and the unknown files of archives of which something is."""
    found: list[Upload] = []
    for given, upload in enumerate(held):
        of_it = [s for s in seen if s.given == given]
        if not any(s.is_known for s in of_it):
            found.append(upload)
            continue
        for one in of_it:
            if not one.is_known and one.refusal is None:
                found.append(Upload(one.path, one.name, upload.stamp + zlib.crc32(one.name.encode())))
    return tuple(found)


def _currency(workspace: str, currency: str) -> str:
    """That of the workspace; for a new one the one that was chosen."""
    known = {w.name: w.config.currency for w in session.workspaces()}
    return known.get(workspace) or currency
