"""What each column of a file means: shown, corrected, and the first rows as they will be understood."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from charts.escaping import plain_text
from data.errors import DataError, MappingNeeded
from data.importing import mapping
from data.importing.mapping import DATE_ORDERS, DECIMAL_MARKS, INCLUDABLE, TableMapping
from data.importing.preview import Preview
from data.schema import TABLES
from i18n.numbers import DASH
from i18n.translator import Translator
from ui import errors, text
from ui.cached import imports as cached
from ui.components import import_exports
from ui.uploads import Upload


def understand(
    upload: Upload, workspace: str, country: str, t: Translator
) -> tuple[str, TableMapping | None]:
    """Show how a file is understood and let its owner correct it.

    Returns
    -------
    tuple of str and TableMapping or None
        The table it fills, and its mapping; None while something has to be said or the file is refused.
    """
    with st.container(border=True, key=f"import.file.{upload.stamp}"):
        st.subheader(text.plain(upload.name), anchor=False)
        try:
            table = _choose_table(upload, t)
            seen = _seen(upload, table, workspace, country)
        except DataError as refusal:
            st.error(errors.sentence(refusal, t), icon=":material/block:")
            return "", None
        st.caption(_facts(seen, t))
        import_exports.say_what_lacks(seen.header, t)
        corrected = _corrections(upload, table, seen, t)
        if seen.question is not None:
            code, fields, _ = seen.question
            st.warning(errors.sentence(MappingNeeded(code, "", **fields), t), icon=":material/help:")
            return table, None
        _first_rows(seen, table, t)
        if table == "transactions":
            import_exports.offer_to_remember(upload, workspace, corrected, seen.header, t)
        return table, corrected


def _choose_table(upload: Upload, t: Translator) -> str:
    likely = cached.likely_table(str(upload.path), upload.stamp)
    return st.selectbox(
        t("import.table"),
        list(TABLES),
        index=list(TABLES).index(likely),
        format_func=lambda name: t(f"codes.table.{name}"),
        key=f"import.table.{upload.stamp}",
        width=320,
    )


def _seen(upload: Upload, table: str, workspace: str, country: str) -> Preview:
    corrections = st.session_state.get(_state(upload, table), "")
    return cached.understood(str(upload.path), upload.stamp, table, corrections, workspace, country)


def _facts(seen: Preview, t: Translator) -> str:
    facts = [t(f"import.form.{seen.form}")]
    if seen.encoding:
        facts.append(text.plain(seen.encoding.upper()))
    if seen.records:
        facts.append(t.plural("import.records", seen.records))
    if seen.mapping.known_as:
        facts.append(t("import.known_as", system=seen.mapping.known_as))
    for column, order in seen.decided.get("dates", {}).items():
        facts.append(f"{text.plain(_header(seen, column), 60)}: {t(f'import.dates.{order}')}")
    for column, mark in seen.decided.get("decimal", {}).items():
        facts.append(t("import.decided_decimal", column=text.plain(_header(seen, column), 60), mark=mark))
    return " · ".join(facts)


def _header(seen: Preview, column: str) -> str:
    """What the file itself calls a column; the column's own name where a formula fills it."""
    taken_from = seen.mapping.columns.get(column, "")
    return taken_from if taken_from in seen.header else column


def _corrections(upload: Upload, table: str, seen: Preview, t: Translator) -> TableMapping:
    """The mapping after the owner's changes; a change is kept and the file looked at again."""
    with st.expander(t("import.columns"), expanded=seen.question is not None):
        columns = _columns(upload, table, seen, t)
        left, middle, right = st.columns(3)
        with left:
            dates = _one_of("dates", DATE_ORDERS, seen.mapping.dates, upload, table, t)
        with middle:
            decimal = _one_of("decimal", DECIMAL_MARKS, seen.mapping.decimal, upload, table, t)
        includes = seen.mapping.amount_includes or ()
        if table == "transactions":
            with right:
                includes = _includes(upload, includes, columns, t)
    corrected = replace(
        seen.mapping, columns=columns, dates=dates, decimal=decimal, amount_includes=tuple(includes)
    )
    if _is_other(corrected, seen.mapping):
        st.session_state[_state(upload, table)] = mapping.to_toml({table: corrected})
        st.rerun()
    return corrected


def _columns(upload: Upload, table: str, seen: Preview, t: Translator) -> dict[str, str]:
    known = TABLES[table]
    frame = pd.DataFrame(
        {
            "column": [c.name for c in known.given],
            "taken_from": [seen.mapping.columns.get(c.name) or None for c in known.given],
            "needed": [c.required or c.name in known.any_of for c in known.given],
        }
    )
    formulas = [f for f in seen.mapping.columns.values() if f and f not in seen.header]
    edited = st.data_editor(
        frame,
        hide_index=True,
        height=360,
        disabled=["column", "needed"],
        column_config={
            "column": st.column_config.TextColumn(t("import.column")),
            "taken_from": st.column_config.SelectboxColumn(
                t("import.taken_from"),
                options=[*(h for h in seen.header if h.strip()), *_formulas(table, formulas)],
            ),
            "needed": st.column_config.CheckboxColumn(t("import.needed")),
        },
        key=f"import.columns.{upload.stamp}.{table}",
    )
    return {
        str(row.column): str(row.taken_from) if isinstance(row.taken_from, str) else ""
        for row in edited.itertuples()
        if isinstance(row.taken_from, str) or row.column in seen.mapping.columns
    }


def _formulas(table: str, known: list[str]) -> list[str]:
    usual = ["quantity * unit_price", "quantity * unit_price - discount"] if table == "transactions" else []
    return list(dict.fromkeys([*known, *usual]))


def _one_of(
    key: str, choices: tuple[str, ...], chosen: str, upload: Upload, table: str, t: Translator
) -> str:
    words = import_exports.in_words(key, choices, t)
    return st.selectbox(
        t(f"import.{key}.title"),
        list(words),
        index=list(words).index(chosen),
        format_func=lambda code: words[code],
        key=f"import.{key}.{upload.stamp}.{table}",
    )


def _includes(
    upload: Upload, chosen: tuple[str, ...], columns: Mapping[str, str], t: Translator
) -> tuple[str, ...]:
    possible = [part for part in INCLUDABLE if columns.get(part)]
    kept = [part for part in chosen if part in possible]
    picked: list[str] = st.multiselect(
        t("import.includes"),
        possible,
        default=kept,
        help=t("import.includes_help"),
        placeholder=t("filters.search"),
        key=f"import.includes.{upload.stamp}.{'-'.join(possible)}",
    )
    return tuple(part for part in INCLUDABLE if part in picked)


def _first_rows(seen: Preview, table: str, t: Translator) -> None:
    st.markdown(f"**{t('import.first_rows')}**")
    rows: list[tuple[Any, ...]] = list(seen.rows)
    frame = pd.DataFrame(rows, columns=list(seen.columns))
    shown: dict[str, Any] = {}
    for column in TABLES[table].columns:
        if column.name not in frame:
            continue
        label, meant = plain_text(_header(seen, column.name), 60), f"{t('import.column')}: {column.name}"
        shown[column.name] = st.column_config.Column(label, help=meant)
        if column.kind in ("money", "number"):
            frame[column.name] = pd.to_numeric(frame[column.name])
            shown[column.name] = st.column_config.NumberColumn(label, help=meant, format="localized")
        elif column.allowed:
            frame[column.name] = [t.code(column.name, value) for value in frame[column.name]]
    st.dataframe(frame, hide_index=True, placeholder=DASH, column_config=shown)


def _is_other(corrected: TableMapping, seen: TableMapping) -> bool:
    def essence(m: TableMapping) -> tuple[Any, ...]:
        filled = {c: h for c, h in m.columns.items() if h}
        return filled, m.dates, m.decimal, tuple(sorted(m.amount_includes or ()))

    return essence(corrected) != essence(seen)


def _state(upload: Upload, table: str) -> str:
    return f"import.corrections.{upload.stamp}.{table}"
