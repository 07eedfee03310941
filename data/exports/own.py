"""Recognisers of a workspace's own: a mapping that its owner made, kept as a system with a name."""

from __future__ import annotations

import os
import re
import secrets
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import tomli_w

from data.exports.spec import Kind, of_system
from data.importing.formula import Formula, parse
from data.importing.mapping import TableMapping

FOLDER: Final = "recognisers"
_SEPARATE: Final = ("order_id", "customer_id", "status")
_NUMBERS: Final = ("quantity", "returned_quantity")


def recognisers(workspace: Path) -> tuple[Kind, ...]:
    """The recognisers kept in a workspace; a broken file is passed over."""
    folder = workspace / FOLDER
    kinds: list[Kind] = []
    for file in sorted(folder.glob("*.toml")) if folder.is_dir() else ():
        try:
            kinds += of_system(file.stem, tomllib.loads(file.read_text(encoding="utf-8")))
        except (KeyError, ValueError, OSError):
            continue
    return tuple(kinds)


def save(workspace: Path, name: str, mapping: TableMapping, header: Sequence[str]) -> Path:
    """Keep a mapping of order lines as a recogniser for files with these headers.

    Parameters
    ----------
    workspace : Path
    name : str
        What the system is called.
    mapping : TableMapping
        Of ``transactions``, with an ``order_id`` of one header.
    header : sequence of str
        The file's: all of it is the fingerprint.

    Returns
    -------
    Path

    Raises
    ------
    ValueError : the mapping is of another table, or has no ``order_id``.
    """
    if mapping.table != "transactions" or mapping.columns.get("order_id", "") not in header:
        raise ValueError(f"save() needs a mapping of transactions with an order_id; got {mapping.table}.")
    folder = workspace / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"own_{code_of(name)}.toml"
    temporary = folder / f".{secrets.token_hex(4)}"
    temporary.write_text(tomli_w.dumps(_told(name, mapping, header)), encoding="utf-8")
    os.replace(temporary, target)
    return target


def code_of(name: str) -> str:
    """A code for a system's name.

    Examples
    --------
    >>> code_of("Kasir Pintar 2")
    'kasir_pintar_2'
    """
    return re.sub(r"[^a-z0-9]+", "_", name.casefold()).strip("_")[:40] or "system"


def _told(name: str, mapping: TableMapping, header: Sequence[str]) -> dict[str, Any]:
    columns = {c: h for c, h in mapping.columns.items() if h}
    written = {c: _over_headers(h, mapping, header) for c, h in columns.items() if c not in _SEPARATE[1:]}
    if mapping.amount_includes:
        parts = "".join(f" - {_over_headers(columns[p], mapping, header)}" for p in mapping.amount_includes)
        written["amount"] += parts
    kind: dict[str, Any] = {
        "fills": "transactions",
        "order": columns["order_id"],
        "needs": [h for h in header if h.strip()],
        "dates": mapping.dates,
        "columns": written | {"order_id": columns["order_id"]},
    }
    if "customer_id" in columns and columns["customer_id"] in header:
        kind["identity"] = [["username", columns["customer_id"]]]
    if "status" in columns and columns["status"] in header:
        kind["status_from"] = columns["status"]
        words: dict[str, list[str]] = {}
        for word, code in mapping.codes.get("status", {}).items():
            words.setdefault(code, []).append(word)
        kind["status"] = words
    return {"name": name, "currency": mapping.currency, "kinds": {"orders": kind}}


def _over_headers(text: str, mapping: TableMapping, header: Sequence[str]) -> str:
    """A header in quotes, or a formula with every column replaced by the header it is taken from."""
    if text in header:
        return f'"{text}"'
    formula: Formula = parse(text, "amount")
    pieces = []
    for number, term in enumerate(formula.terms):
        names = [mapping.columns.get(n, n) if n not in header else n for n in term.operands]
        product = " * ".join(f'"{n}"' for n in names)
        pieces.append(product if number == 0 and term.sign == "+" else f"{term.sign} {product}")
    return " ".join(pieces)
