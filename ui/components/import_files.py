"""The blocks of the Import page: where to, which files, the run, and what came of it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import pandas as pd
import streamlit as st

from data.importing import mapping
from data.importing.mapping import TableMapping
from data.workspaces import slug
from i18n.translator import Translator
from ui import import_job, session, text, uploads
from ui.components import dropzone, import_exports, import_home, import_mapping
from ui.components.import_exports import KINDS
from ui.import_job import Job
from ui.page_list import spec
from ui.uploads import Upload

JOB: Final = "setia.import.job"
NEW: Final = ""
_TYPES: Final = ["csv", "txt", "tsv", "xlsx", "xls", "parquet", "zip"]


def job() -> Job | None:
    """The session's import, running or done."""
    found: Job | None = st.session_state.get(JOB)
    return found


def target(held: Sequence[Upload], t: Translator) -> tuple[str, str, str]:
    """Where to import: the name of a workspace and, for a new one, its country and currency."""
    known = {w.name: text.plain(w.title, 40) for w in session.workspaces()}
    current = session.workspace()
    is_sample = current is not None and (current.path / "truth").is_dir()
    options = [NEW, *known]
    preferred = NEW if current is None or is_sample else current.name
    left, middle, right = st.columns(3)
    with left:
        chosen = st.selectbox(
            t("import.into"),
            options,
            index=options.index(preferred),
            format_func=lambda name: known.get(name, t("import.new_workspace")),
            key="import.into",
        )
    if chosen != NEW:
        return chosen, "MY", ""
    with middle:
        name = st.text_input(t("import.name"), key="import.name", max_chars=60)
    with right:
        country, currency = import_home.ask(held, t)
    return name.strip(), country, currency


def files(t: Translator) -> list[Upload]:
    """The files that were handed over."""
    given = st.file_uploader(
        t("import.files"),
        type=_TYPES,
        accept_multiple_files=True,
        key="import.upload",
        help=t("import.files_help"),
    )
    dropzone.limits(_TYPES, st.get_option("server.maxUploadSize"), t)
    st.caption(t("import.large"))
    return uploads.keep(given) if given else list(st.session_state.get(uploads.STATE, {}).values())


def understood(held: Sequence[Upload], workspace: str, country: str, currency: str, t: Translator) -> None:
    """Exports that are known, each other file as it will be read, and the button that starts the import."""
    known = import_exports.draw(held, workspace, country, currency, t)
    ready: dict[str, tuple[Upload, TableMapping]] = {}
    waiting = known.waiting
    for upload in known.strangers:
        table, chosen = import_mapping.understand(upload, workspace, country, t)
        if chosen is None:
            waiting = True
        elif table in ready:
            st.warning(t("import.twice", table=t(f"codes.table.{table}")), icon=":material/info:")
            waiting = True
        else:
            ready[table] = (upload, chosen)
    if not workspace:
        st.info(t("import.name_needed"), icon=":material/info:")
    nothing = not ready and not known.paths
    if st.button(
        t("import.start"), type="primary", disabled=waiting or nothing or not workspace, key="import.go"
    ):
        _start(ready, known, held[0], workspace, (country, currency), t)
        st.rerun()


def _start(
    ready: dict[str, tuple[Upload, TableMapping]],
    known: import_exports.Known,
    first: Upload,
    workspace: str,
    home: tuple[str, str],
    t: Translator,
) -> None:
    toml = first.path.parent / "mapping.toml"
    toml.write_text(
        mapping.to_toml({table: chosen for table, (_, chosen) in ready.items()}), encoding="utf-8"
    )
    paths = {table: upload.path for table, (upload, _) in ready.items()}
    st.session_state[JOB] = import_job.start(
        workspace, paths, toml, t.lang, home[0], known.paths, known.answers, home[1]
    )


@st.fragment(run_every=0.7)
def running() -> None:
    """The progress of the import, with a button to cancel it."""
    t, current = text.translator(), job()
    if current is None or not current.running:
        st.rerun()
    step, subject = current.steps[-1] if current.steps else ("starting", "")
    words = t(f"import.step.{step}")
    if subject in current.tables:
        words = f"{words} · {t(f'codes.table.{subject}')}"
    elif subject and step not in ("marts", "placing"):
        words = f"{words} · {text.plain(subject, 80)}"
    st.progress(current.share, text=words)
    if st.button(t("import.cancel"), key="import.cancel", icon=":material/close:"):
        current.cancel()
        st.rerun()


def result(current: Job, t: Translator) -> None:
    """What came of the import: counts, refused rows and their money, cells left empty, unplaced names."""
    if current.result is None:
        said = t("import.cancelled") if current.cancelled else current.sentence or t("import.failed")
        (st.info if current.cancelled else st.error)(text.plain(said, 800))
    else:
        _success(current, t)
    if st.button(t("import.again"), key="import.again"):
        _forget()
        st.rerun()


def _success(current: Job, t: Translator) -> None:
    facts = json.loads(current.report.read_text(encoding="utf-8")) if current.report else {"tables": {}}
    changed = facts.get("changed", True)
    st.success(t("import.done") if changed else t("import.nothing_new_short"), icon=":material/check:")
    st.dataframe(_counts(facts["tables"], t), hide_index=True, key="import.counts")
    for table, found in facts["tables"].items():
        for line in _remarks(table, found, t):
            st.markdown(text.plain(line, 400))
    _downloads(current, any(_unplaced(found) for found in facts["tables"].values()), t)
    if st.button(t("import.look"), type="primary", key="import.look"):
        session.choose(slug(current.workspace))
        _forget()
        st.switch_page(spec("overview").path)


def _counts(tables: dict[str, Any], t: Translator) -> pd.DataFrame:
    names = ("read", "loaded", "updated", "duplicates", "rejected")
    rows = [
        {
            t("import.table"): t(f"codes.table.{table}"),
            **{t(f"import.count.{n}"): t.number(found[n]) for n in names},
        }
        for table, found in tables.items()
    ]
    return pd.DataFrame(rows)


def _exports(taken: Sequence[dict[str, Any]], t: Translator) -> list[str]:
    """What the files were: a line for each kind, with the file's name where it is the only one."""
    by_kind: dict[tuple[str, str], list[str]] = {}
    for each in taken:
        if each["kind"] in KINDS:
            by_kind.setdefault((each["title"], each["kind"]), []).append(each["name"])
    return [
        t(
            "import.remark.export" if len(names) == 1 else "import.remark.exports",
            file=names[0],
            n=t.number(len(names)),
            system=system,
            kind=t(f"exports.kind.{kind}"),
        )
        for (system, kind), names in by_kind.items()
    ]


def _remarks(table: str, found: dict[str, Any], t: Translator) -> list[str]:
    name = t(f"codes.table.{table}")
    lines = [] if table == "customers" else _exports(found.get("exports", []), t)
    told = [(e["title"], e["kind"]) for e in found.get("exports", [])]
    lines += [
        t("exports.odd.twice", system=system)
        for system in dict(told)
        if table != "customers" and {(system, "receipts"), (system, "items")} <= {*told}
    ]
    lines += [
        t("import.remark.money", table=name, money=t.money(amount, currency or ""))
        for currency, amount in found["refused_money"].items()
        if amount
    ]
    for key in ("removed", "identical", "future", "identity_numbers", "kept_out", "unnamed"):
        if found.get(key):
            lines.append(t(f"import.remark.{key}", table=name, n=t.number(found[key])))
    emptied = sum(found["emptied"].values())
    if emptied:
        lines.append(t("import.remark.emptied", table=name, n=t.number(emptied)))
    if _unplaced(found):
        lines.append(t("import.remark.places", table=name, n=t.number(_unplaced(found))))
    if found["places"].get("no_address"):
        lines.append(t("import.remark.no_address", table=name, n=t.number(found["places"]["no_address"])))
    return lines


def _unplaced(found: dict[str, Any]) -> int:
    """Rows whose address or coordinates can be put right; one that has neither cannot."""
    return sum(n for problem, n in found["places"].items() if problem != "no_address")


def _downloads(current: Job, has_places: bool, t: Translator) -> None:
    if current.report is None:
        return
    stem = current.report.with_suffix("")
    with st.container(horizontal=True):
        for suffix, key in ((".csv", "rejects"), (".cells.csv", "cells"), (".places.csv", "places")):
            path = Path(f"{stem}{suffix}")
            if path.is_file() and (has_places or key != "places"):
                st.download_button(
                    t(f"import.download.{key}"),
                    data=path.read_bytes,
                    file_name=f"setia-{key}.csv",
                    mime="text/csv",
                    on_click="ignore",
                    icon=":material/download:",
                    key=f"import.download.{key}",
                )


def _forget() -> None:
    st.session_state.pop(JOB, None)
    uploads.clear()
