"""What is known of each system: one TOML a system, read into kinds of files.

A kind names the headers it reads. Every one of them is part of its fingerprint unless it stands under
``optional``: a file in which one is missing or renamed is not that kind.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

from data.importing.formula import Formula, Term, parse
from data.importing.headers import plain

SYSTEMS: Final = Path(__file__).with_name("systems")
_NESTED: Final = ("columns", "customer", "status", "aliases", "constants", "pass_over", "checks")


@dataclass(frozen=True, slots=True)
class Words:
    """A column and words of it; ``word*`` stands for everything that begins so."""

    column: str
    words: tuple[str, ...]
    code: str = ""
    unless: bool = False


@dataclass(frozen=True, slots=True)
class Refund:
    """Money sent back, and of what: the share counts as returned units."""

    amount: str
    of: Formula


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of file of a system.

    Attributes
    ----------
    system, name, title : str
        ``shopee_id``, ``orders``, ``Shopee Indonesia``.
    fills : str
        ``transactions`` or ``settlements``.
    needs, without : tuple of str
        Plain headers that must all, and may not, be there.
    optional : tuple of str
        Headers that are read where they are.
    together : tuple of tuple of str
        Optional headers of which all or none must be there.
    order : str
        The header of the order's id.
    columns, customer : mapping of column to Formula
        What each column of the table (of the customers) is made of.
    order_level : tuple of str
        Amounts of the order: counted once, and spread over its lines by ``share_by``.
    fill_down, fill_from_first : tuple of str
        Headers whose empty cells take the value above, and that of the order's first line.
    status, status_when, status_from, status_else, status_always
        Words of the interface -> codes of the schema.
    identity : tuple of (kind, header)
        Who bought, the strongest first: ``username``, ``phone``, ``email``.
    pairs : tuple of str
        Headers that stand over two columns, the second one without a name.
    whole_orders : bool
        Rows are whole receipts of a system that has a file of their items too.
    headers : tuple of str
        Every header the kind reads or must find, as the system writes it.
    required : tuple of str
        Those without which a file is not of this kind.
    told : frozenset of str
        Headers whose cells tell something; the others only tell the kind.
    """

    system: str
    name: str
    title: str
    fills: str
    order: str
    needs: tuple[str, ...]
    without: tuple[str, ...]
    optional: tuple[str, ...]
    together: tuple[tuple[str, ...], ...]
    columns: Mapping[str, Formula]
    customer: Mapping[str, Formula]
    aliases: Mapping[str, tuple[str, ...]]
    constants: Mapping[str, str]
    order_level: tuple[str, ...]
    share_by: Formula | None
    unsigned: tuple[str, ...]
    negated: tuple[str, ...]
    fill_down: tuple[str, ...]
    fill_from_first: tuple[str, ...]
    pass_over: Mapping[str, tuple[str, ...]]
    one_line: bool
    pairs: tuple[str, ...]
    status_from: str
    status: Mapping[str, tuple[str, ...]]
    status_when: tuple[Words, ...]
    status_else: str
    status_always: str
    negative_when: Words | None
    cash_on_delivery: Words | None
    refund: Refund | None
    identity: tuple[tuple[str, str], ...]
    id_never_a_date: bool
    checks: Mapping[str, Formula]
    dates: str
    currency: str
    currency_from: tuple[Words, ...]
    calling_code: str
    channel: str
    order_prefix: str
    rank: int
    whole_orders: bool = False
    headers: tuple[str, ...] = field(init=False)
    required: tuple[str, ...] = field(init=False)
    told: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        named = dict.fromkeys(self._named())
        found = tuple(dict.fromkeys([self.order, *self.needs, *named]))
        spared = {*self.optional, *(w.column for w in self.currency_from)} - {*self.needs}
        told = {self.order, *named, *self.pass_over, *(self.share_by.operands if self.share_by else ())}
        object.__setattr__(self, "headers", found)
        object.__setattr__(self, "required", tuple(h for h in found if h not in spared))
        object.__setattr__(self, "told", frozenset(told))

    def _named(self) -> Iterator[str]:
        """The headers that something is made of, each maybe more than once."""
        for formula in (*self.columns.values(), *self.customer.values(), *self.checks.values()):
            yield from formula.operands
        yield from (words.column for words in self.status_when)
        yield from (words.column for words in (self.negative_when, self.cash_on_delivery) if words)
        yield from (*self.fill_down, *self.fill_from_first, *self.order_level)
        yield from (header for _, header in self.identity)
        yield from (*self.pairs, *(words.column for words in self.currency_from))
        if self.refund:
            yield from (self.refund.amount, *self.refund.of.operands)
        if self.status_from:
            yield self.status_from


@cache
def built_in() -> tuple[Kind, ...]:
    """Every kind of file of every system that ships with Setia."""
    kinds: list[Kind] = []
    for file in sorted(SYSTEMS.glob("*.toml")):
        kinds += of_system(file.stem, tomllib.loads(file.read_text(encoding="utf-8")))
    return tuple(kinds)


def of_system(system: str, told: Mapping[str, Any]) -> list[Kind]:
    """The kinds of one system's TOML.

    Parameters
    ----------
    system : str
        Code of the system; it stands in ids and in the column ``system``.
    told : mapping
        The TOML.

    Returns
    -------
    list of Kind

    Raises
    ------
    KeyError : a kind lacks ``fills``, ``order`` or ``columns``.
    """
    kinds = told["kinds"]
    return [_kind(system, name, _inherited(kinds, name), told) for name in kinds]


def _inherited(kinds: Mapping[str, Any], name: str) -> dict[str, Any]:
    own = dict(kinds[name])
    if "like" not in own:
        return own
    base = dict(kinds[own.pop("like")])
    merged = {**base, **own}
    for key in _NESTED:
        if key in base or key in own:
            merged[key] = {**base.get(key, {}), **own.get(key, {})}
    forgotten = own.get("forget", [])
    merged["needs"] = [n for n in [*own.get("needs", []), *base.get("needs", [])] if n not in forgotten]
    merged["optional"] = [*base.get("optional", []), *own.get("optional", [])]
    merged["optional"] = [o for o in dict.fromkeys(merged["optional"]) if o not in merged["needs"]]
    return merged


def _kind(system: str, name: str, told: Mapping[str, Any], of: Mapping[str, Any]) -> Kind:
    def texts(key: str) -> tuple[str, ...]:
        return tuple(told.get(key, ()))

    columns = {c: _formula(text, c) for c, text in told["columns"].items() if text}
    refund = told.get("refund")
    return Kind(
        system=system,
        name=name,
        title=of["name"],
        fills=told["fills"],
        order=told["order"],
        needs=texts("needs"),
        without=texts("without"),
        optional=texts("optional"),
        together=tuple(tuple(group) for group in told.get("required_together", ())),
        columns=columns,
        customer={c: _formula(text, c) for c, text in told.get("customer", {}).items() if text},
        aliases={h: tuple(words) for h, words in told.get("aliases", {}).items()},
        constants=dict(told.get("constants", {})),
        order_level=texts("order_level"),
        share_by=_formula(told["share_by"], "share_by") if told.get("share_by") else None,
        unsigned=texts("unsigned"),
        negated=texts("negated"),
        fill_down=texts("fill_down"),
        fill_from_first=texts("fill_from_first"),
        pass_over={h: tuple(words) for h, words in told.get("pass_over", {}).items()},
        one_line=bool(told.get("one_line", False)),
        pairs=texts("pairs"),
        status_from=told.get("status_from", ""),
        status={code: tuple(words) for code, words in told.get("status", {}).items()},
        status_when=tuple(_words(rule) for rule in told.get("status_when", ())),
        status_else=told.get("status_else", ""),
        status_always=told.get("status_always", ""),
        negative_when=_words(told["negative_when"]) if "negative_when" in told else None,
        cash_on_delivery=_words(told["cash_on_delivery"]) if "cash_on_delivery" in told else None,
        refund=Refund(refund["amount"], _formula(refund["of"], "refund")) if refund else None,
        identity=tuple((kind, header) for kind, header in told.get("identity", ())),
        id_never_a_date=bool(told.get("id_never_a_date", False)),
        checks={c: _formula(text, c) for c, text in told.get("checks", {}).items()},
        dates=told.get("dates", ""),
        currency=of.get("currency", ""),
        currency_from=_currencies(of.get("currency_from", {}), told),
        calling_code=of.get("calling_code", ""),
        channel=of.get("channel", ""),
        order_prefix=of.get("order_prefix", ""),
        rank=int(told.get("rank", 0)),
        whole_orders=bool(told.get("whole_orders", False)),
    )


def _formula(text: str, column: str) -> Formula:
    """A formula; a text without quotes is the name of one header."""
    if '"' in text:
        return parse(text, column)
    return Formula(text, (Term("+", (text,)),))


def _words(told: Mapping[str, Any]) -> Words:
    words = told.get("words", told.get("unless", ()))
    return Words(told["column"], tuple(words), told.get("code", ""), "unless" in told)


def _currencies(told: Mapping[str, Any], kind: Mapping[str, Any]) -> tuple[Words, ...]:
    if not told or kind["fills"] != "transactions":
        return ()
    return tuple(Words(told["column"], tuple(w), code) for code, w in told.items() if code != "column")


def key(header: str) -> str:
    """A header as it is compared: ``orderItemId`` and "Order Item ID" are one.

    Examples
    --------
    >>> key("orderItemId"), key("Harga Jual (IDR)")
    ('orderitemid', 'hargajual')
    """
    return plain(header).replace(" ", "")
