"""Recognisers of a workspace's own: a mapping that its owner made, kept as a system with a name."""

from __future__ import annotations

import os
import re
import secrets
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import tomli_w

from data.exports.spec import Kind, of_system
from data.importing import headers, places
from data.importing.formula import Formula, parse
from data.importing.mapping import TableMapping
from data.people.normal import CALLING_CODES

FOLDER: Final = "recognisers"
_SEPARATE: Final = ("order_id", "customer_id", "status")
_NUMBERS: Final = ("quantity", "returned_quantity")
_CONTACTS: Final = ("phone", "email")
_PERSON: Final = ("name", *_CONTACTS, *places.WRITTEN)


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


def save(workspace: Path, name: str, mapping: TableMapping, header: Sequence[str], country: str = "") -> Path:
    """Keep a mapping of order lines as a recogniser for files with these headers.

    Headers that tell of the buyer (name, telephone, email, place) and fill nothing else fill the customers;
    a buyer who left the header empty that names customers is known by telephone or email. Where no header
    says the channel, the system's name is it.

    Parameters
    ----------
    workspace : Path
    name : str
        What the system is called.
    mapping : TableMapping
        Of ``transactions``, with an ``order_id`` of one header.
    header : sequence of str
        The file's: all of it is the fingerprint.
    country : str
        The workspace's: with its calling code one telephone has one spelling.

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
    temporary.write_text(
        tomli_w.dumps(_told(name, mapping, header, CALLING_CODES.get(country, ""))), encoding="utf-8"
    )
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


def _told(name: str, mapping: TableMapping, header: Sequence[str], calling_code: str) -> dict[str, Any]:
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
    person = _person(columns, header)
    if person:
        kind["customer"] = person
    identity = _identity(columns.get("customer_id", ""), person, header)
    if identity:
        kind["identity"] = identity
    if "status" in columns and columns["status"] in header:
        kind["status_from"] = columns["status"]
        words: dict[str, list[str]] = {}
        for word, code in mapping.codes.get("status", {}).items():
            words.setdefault(code, []).append(word)
        kind["status"] = words
    told = {"name": name, "currency": mapping.currency, "calling_code": calling_code}
    if "channel" not in columns:
        told["channel"] = name
    return {**told, "kinds": {"orders": kind}}


def unused(columns: Mapping[str, str], header: Sequence[str]) -> tuple[str, ...]:
    """Headers that tell of the buyer and that a mapping of order lines has no place for.

    Examples
    --------
    >>> unused({"customer_id": "Email", "order_id": "No"}, ["No", "Email", "No HP", "Kota"])
    ('No HP', 'Kota')
    """
    used = set(columns.values())
    return tuple(h for h in _person(columns, header).values() if h not in used)


def _person(columns: Mapping[str, str], header: Sequence[str]) -> dict[str, str]:
    """Columns of the customer -> headers that tell of the buyer and fill no other column of the order."""
    taken = {h for c, h in columns.items() if c != "customer_id"}
    found = headers.recognise(header, "customers").columns
    return {c: found[c] for c in _PERSON if c in found and found[c] not in taken}


def _identity(chosen: str, person: Mapping[str, str], header: Sequence[str]) -> list[list[str]]:
    """Who bought, the strongest first: what was chosen, then contacts; a mere name comes last."""
    contacts = [[c, person[c]] for c in _CONTACTS if c in person]
    if chosen not in header:
        return contacts
    if chosen == person.get("name"):
        return [*contacts, ["username", chosen]]
    mine = [each for each in contacts if each[1] == chosen] or [["username", chosen]]
    return [*mine, *(each for each in contacts if each not in mine)]


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
