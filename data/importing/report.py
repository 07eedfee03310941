"""What an import did with every record: counts that reconcile, refused rows, cells left empty."""

# ruff: noqa: S608  values reach a statement through sql.text and sql.name only

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import duckdb
import pandas as pd

from data.importing import sql
from data.importing.protect import protect_values

Words = Callable[..., str]
"""A translator: ``words(key, **fields)``."""

COLUMNS: Final = ("table", "file", "record", "column", "value", "code", "money", "currency")
_LONGEST_VALUE: Final = 500
_BATCH: Final = 10_000
_NUMBER: Final = re.compile(r"-?[0-9]{1,15}([.][0-9]{1,15})?")


@dataclass(slots=True)
class TableReport:
    """One table of an import.

    ``read`` = ``loaded`` + ``rejected`` + ``duplicates`` + ``updated`` + ``kept_out`` = the records of the
    file; ``kept_out`` are of customers who were erased, ``unnamed`` sales that lost their customer for that
    reason, ``identity_numbers`` cells that now hold a keyed hash.
    ``removed`` are old lines of replaced orders that the file no longer has; ``identical`` lines
    within the file are kept; ``refused_money`` is by currency (the workspace's where none is stated);
    ``emptied`` counts unreadable cells by ``column: code``; ``places`` problems of addresses.
    """

    read: int = 0
    loaded: int = 0
    rejected: int = 0
    duplicates: int = 0
    updated: int = 0
    removed: int = 0
    identical: int = 0
    changed: bool = False
    refused_money: dict[str, float] = field(default_factory=dict)
    reasons: dict[str, int] = field(default_factory=dict)
    emptied: dict[str, int] = field(default_factory=dict)
    places: dict[str, int] = field(default_factory=dict)
    future: int = 0
    kept_out: int = 0
    unnamed: int = 0
    identity_numbers: int = 0
    files: list[dict[str, Any]] = field(default_factory=list)
    mapping: str = ""
    known_as: str = ""
    decided: dict[str, Any] = field(default_factory=dict)
    exports: list[dict[str, Any]] = field(default_factory=list)

    def joined(self, later: TableReport) -> TableReport:
        """The report together with that of a later file of the same table."""
        counts: tuple[str, ...] = (
            "read",
            "loaded",
            "rejected",
            "duplicates",
            "updated",
            "removed",
            "identical",
            "future",
        )
        more = ("kept_out", "unnamed", "identity_numbers")
        summed_up = {name: getattr(self, name) + getattr(later, name) for name in (*counts, *more)}
        names = dict.fromkeys(n for n in (*self.known_as.split(", "), later.known_as) if n)
        return replace(
            later,
            **summed_up,
            changed=self.changed or later.changed,
            emptied=summed(self.emptied, later.emptied),
            files=[*self.files, *later.files],
            exports=[*self.exports, *later.exports],
            known_as=", ".join(names),
        )

    @property
    def counts(self) -> dict[str, int]:
        """The five numbers that reconcile."""
        return {name: getattr(self, name) for name in ("read", "loaded", "rejected", "duplicates", "updated")}

    def as_json(self) -> dict[str, Any]:
        """Everything, for the manifest and the page."""
        return asdict(self)


class RejectFile:
    """Collects refused rows as Parquet parts; made into one file, and a CSV in words, at the end.

    Parameters
    ----------
    connection : DuckDBPyConnection
    folder : Path
        Folder for the parts.
    name : str
        What tells this collection from another in the same folder.
    root : Path, optional
        The workspace's folder: identity numbers among the values are hashed with its key.
    """

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, folder: Path, name: str, root: Path | None = None
    ) -> None:
        self._connection = connection
        self._folder = folder
        self._name = name
        self._root = root
        self._parts: list[Path] = []

    def add(self, query: str, table: str, file: str) -> None:
        """Take the rows of a query with ``record, column, value, code`` and maybe ``money, currency``."""
        part = self._folder / f"{self._name}-{len(self._parts)}.parquet"
        has_money = "AS money" in query
        money = "money, currency" if has_money else "NULL::DOUBLE AS money, NULL::VARCHAR AS currency"
        value = f"left(ltrim(value, chr(31)), {_LONGEST_VALUE})"
        self._connection.execute(
            f'COPY (SELECT {sql.text(table)} AS "table", {sql.text(file)} AS file, record::BIGINT AS record, '
            f'"column", {value} AS value, code, {money} FROM ({query}) ORDER BY record) '
            f"TO {sql.text(part)} (FORMAT parquet)"
        )
        if self._root is not None:
            protect_values(self._connection, self._root, part)
        self._parts.append(part)

    def last_count(self) -> int:
        """Rows that the last ``add`` took."""
        row = self._connection.execute(
            f"SELECT count(*) FROM read_parquet({sql.text(self._parts[-1])})"
        ).fetchone()
        return int(row[0]) if row else 0

    @property
    def source(self) -> str:
        """SQL of everything that was collected."""
        return f"read_parquet({sql.texts(self._parts)})"

    def __bool__(self) -> bool:
        return bool(self._parts)

    def finish(self, target: Path, words: Words) -> Path:
        """Write ``<target>.parquet`` (codes) and ``<target>.csv`` (words).

        Parameters
        ----------
        target : Path
            Without a suffix.
        words : callable
            A translator.

        Returns
        -------
        Path
            The CSV.
        """
        parquet, worded = target.with_suffix(".parquet"), target.with_suffix(".csv")
        self._connection.execute(f"COPY (FROM {self.source}) TO {sql.text(parquet)} (FORMAT parquet)")
        write_words(parquet, worded, words)
        return worded


def write_words(parquet: Path, target: Path, words: Words) -> None:
    """A collection of refused rows as a CSV in the reader's language, safe to open in a spreadsheet.

    Parameters
    ----------
    parquet : Path
        As ``RejectFile`` writes it.
    target : Path
    words : callable
        A translator.
    """
    header = [words(f"reject.head.{name}") for name in (*COLUMNS[:5], "reason", *COLUMNS[6:])]
    with duckdb.connect() as connection, target.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([safe(cell) for cell in header])
        rows = connection.execute(
            f"SELECT {', '.join(sql.name(c) for c in COLUMNS)} FROM read_parquet(?)", [str(parquet)]
        )
        while batch := rows.fetchmany(_BATCH):
            writer.writerows(_worded(row, words) for row in batch)


def write_places(names: pd.DataFrame, target: Path, words: Words) -> None:
    """Names and coordinates that could not be placed as meant, as a CSV in the reader's language.

    Parameters
    ----------
    names : DataFrame
        ``problem, field, value, region, country, customers``; see ``places.Placing``.
    target : Path
    words : callable
        A translator.
    """
    with target.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        head = ("reason", "column", "value", "region", "country", "customers")
        writer.writerow([safe(words(f"reject.head.{name}")) for name in head])
        for row in names.itertuples(index=False):
            texts = [safe(_shown(str(text))) for text in (row.field, row.value, row.region, row.country)]
            writer.writerow([safe(words(f"reject.place.{row.problem}")), *texts, row.customers])


def reason(code: str, column: str | None, value: str | None, words: Words) -> str:
    """Why a row was refused, in the reader's language."""
    return words(f"reject.{code}", column=column or "", value=_shown(value or ""))


def safe(value: str) -> str:
    """A text that a spreadsheet shows and never runs: a formula's first mark gets an apostrophe.

    Examples
    --------
    >>> safe("=1+1"), safe("-3.50"), safe("Klang"), safe("0123")
    ("'=1+1", '-3.50', 'Klang', "'0123")
    """
    first = _first_visible(value)
    if (first in "=+-@" and first) or value[:1] in ("\t", "\r", "\n"):
        return value if _NUMBER.fullmatch(value) else f"'{value}"
    return f"'{value}" if re.fullmatch(r"\+?0[0-9]+|[0-9]{12,}", value) else value


def _worded(row: tuple[Any, ...], words: Words) -> list[Any]:
    table, file, record, column, value, code, money, currency = row
    why = reason(code, column, value, words)
    texts = [safe(_shown(text or "")) for text in (column, value)]
    amount = "" if money is None else f"{money:.2f}"
    return [words(f"codes.table.{table}"), safe(file), record, *texts, safe(why), amount, currency or ""]


def _shown(text: str) -> str:
    """Without what would break a line of the file or hide what is there."""
    return "".join(c if c.isprintable() else " " for c in text)[:_LONGEST_VALUE]


def _first_visible(value: str) -> str:
    for character in value:
        if not (character.isspace() or unicodedata.category(character) in ("Cf", "Cc", "Mn", "Me")):
            return unicodedata.normalize("NFKC", character)[:1]
    return ""


def totals(
    connection: duckdb.DuckDBPyConnection, source: str, table: str
) -> tuple[dict[str, int], dict[str, float]]:
    """How many rows were refused by code, and their money by currency, for one table.

    Parameters
    ----------
    connection : DuckDBPyConnection
    source : str
        ``RejectFile.source``.
    table : str

    Returns
    -------
    tuple of dict
    """
    where = f'WHERE "table" = {sql.text(table)}'
    reasons = connection.execute(
        f"SELECT code, count(*) FROM {source} {where} GROUP BY 1 ORDER BY 2 DESC"
    ).fetchall()
    money = connection.execute(
        f"SELECT coalesce(currency, ''), sum(money) FROM {source} {where} AND money IS NOT NULL GROUP BY 1"
    ).fetchall()
    return dict(reasons), {currency: round(amount, 2) for currency, amount in money}


def summed(counts: Mapping[str, int], more: Mapping[str, int]) -> dict[str, int]:
    """Two tallies added up."""
    return {key: counts.get(key, 0) + more.get(key, 0) for key in {**counts, **more}}
