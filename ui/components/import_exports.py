"""Exports of known systems on the Import page: what they are and hold, before anything is written."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pandas as pd
import streamlit as st

from data.errors import DataError, MappingNeeded
from data.exports.looking import Seen
from data.exports.opening import Answers
from data.importing.mapping import DATE_ORDERS, DECIMAL_MARKS, TableMapping
from i18n.translator import Translator
from ui import errors, session, text
from ui.cached import imports as cached
from ui.uploads import Upload

KINDS: Final = ("orders", "cancelled", "failed", "settlement", "receipts", "items")
_ODD: Final = ("rejected", "future", "off", "masked", "failed", "cancelled", "passed_over")


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


def draw(held: Sequence[Upload], workspace: str, country: str, t: Translator) -> Known:
    """Show every recognised file: system, period, orders, customers, money, and what is odd.

    Parameters
    ----------
    held : sequence of Upload
    workspace, country : str
    t : Translator

    Returns
    -------
    Known
    """
    answers = Answers(
        st.session_state.get("import.exports.dates", ""), st.session_state.get("import.exports.decimal", "")
    )
    with st.spinner(t("exports.looking")):
        seen = cached.surveyed(
            tuple(str(u.path) for u in held),
            tuple(u.stamp for u in held),
            workspace,
            country,
            answers.dates,
            answers.decimal,
            cached.recognisers(workspace),
        )
    found = [s for s in seen if s.is_known]
    if found:
        _summary(found, workspace, country, t)
    asked = [s for s in found if s.question]
    if asked or answers != Answers():
        _ask(asked, t)
    refused = [s for s in seen if s.refusal and any(o.is_known for o in seen if o.given == s.given)]
    for one in refused:
        code, fields, said = one.refusal or ("", {}, "")
        st.error(errors.sentence(DataError(code, said, **fields), t), icon=":material/block:")
    return Known(_paths(seen, held), _strangers(seen, held), answers, bool(asked or refused))


def offer_to_remember(
    upload: Upload, workspace: str, chosen: TableMapping, header: Sequence[str], t: Translator
) -> None:
    """Let the owner keep a mapping as a recogniser: the next file of the kind goes in without a click."""
    if workspace not in {w.name for w in session.workspaces()} or not chosen.columns.get("order_id"):
        return
    with st.expander(t("exports.remember"), icon=":material/bookmark_add:"):
        st.caption(t("exports.remember_note"))
        name = st.text_input(t("exports.remember_name"), max_chars=40, key=f"exports.name.{upload.stamp}")
        if st.button(
            t("exports.remember_save"), disabled=not name.strip(), key=f"exports.save.{upload.stamp}"
        ):
            cached.save_recogniser(workspace, name.strip(), chosen, tuple(header))
            st.rerun()


def _summary(found: Sequence[Seen], workspace: str, country: str, t: Translator) -> None:
    st.subheader(t.plural("exports.known", len(found)), anchor=False)
    currency = _currency(workspace, country)
    st.dataframe(
        pd.DataFrame([_row(one, currency, t) for one in found]), hide_index=True, key="import.exports.table"
    )
    odd = [line for one in found for line in _odd(one, t)]
    if odd:
        with st.container(border=True, key="import.exports.odd"):
            st.markdown(f"**{t('exports.odd.title')}**")
            st.markdown("\n".join(f"- {text.plain(line, 240)}" for line in odd))
    elif not any(one.question for one in found):
        st.caption(t("exports.odd.none"))


def _row(one: Seen, currency: str, t: Translator) -> dict[str, Any]:
    span = t.dates(one.first, one.last) if one.first and one.last else t.date(None)
    money = ", ".join(t.money(amount, code or currency) for code, amount in one.money.items())
    sold = one.fills == "transactions"
    nothing = "–"
    return {
        t("exports.file"): one.name[-80:],
        t("exports.system"): one.title,
        t("exports.what"): t(f"exports.kind.{one.kind}") if one.kind in KINDS else one.kind,
        t("exports.period"): span,
        t("exports.orders"): nothing if one.question else t.number(one.orders),
        t("exports.customers"): t.number(one.customers) if sold and not one.question else nothing,
        t("exports.money"): money or nothing,
    }


def _odd(one: Seen, t: Translator) -> list[str]:
    return [
        t(f"exports.odd.{code}", file=one.name, n=t.number(one.odd[code])) for code in _ODD if code in one.odd
    ]


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
        words: dict[str, str] = {"": t("import.decide")}
        words |= {c: t(f"import.{name}.{_word(c)}") for c in codes}
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


def _currency(workspace: str, country: str) -> str:
    known = {w.name: w.config.currency for w in session.workspaces()}
    return known.get(workspace) or {"ID": "IDR", "SG": "SGD", "BN": "BND"}.get(country, "MYR")


def _word(choice: str) -> str:
    return {".": "dot", ",": "comma"}.get(choice, choice)
