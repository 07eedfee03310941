"""What a file's columns mean: worked out, corrected by its owner, written and read as TOML, remembered."""

from __future__ import annotations

import os
import secrets
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, cast

import tomli_w

from data.importing import headers
from data.importing.formula import Formula, parse
from data.importing.refusals import listed, mapping_needed
from data.schema import TABLES

DATE_ORDERS: Final = ("dmy", "mdy", "ymd")
DECIMAL_MARKS: Final = (".", ",")
INCLUDABLE: Final = (
    "tax",
    "service_charge",
    "shipping_charged",
    "rounding",
    "platform_fee",
    "seller_voucher",
    "discount",
)
_KEYS: Final = ("dates", "decimal", "amount_includes", "encoding", "sheet", "currency", "columns", "codes")


@dataclass(frozen=True, slots=True)
class TableMapping:
    """How one table is filled from one kind of file.

    Attributes
    ----------
    table : str
    columns : mapping of str to str
        Column of the table -> header of the file, a formula over columns, or ``""`` for "leave empty".
    dates : str
        ``dmy``, ``mdy``, ``ymd``, or ``""``: decided from the whole column.
    decimal : str
        ``.`` or ``,``, or ``""``: decided from the whole column.
    amount_includes : tuple of str or None
        Parts the file's total contains, which the import subtracts; None: as recognised.
    encoding, sheet, currency : str
        Of the file, where it does not say so itself; ``""``: as found.
    codes : mapping of str to mapping of str to str
        Column -> value in the file -> code, for words that Setia does not know.
    known_as : str
        The system whose export it is, when recognised.
    """

    table: str
    columns: Mapping[str, str] = field(default_factory=dict)
    dates: str = ""
    decimal: str = ""
    amount_includes: tuple[str, ...] | None = None
    encoding: str = ""
    sheet: str = ""
    currency: str = ""
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    known_as: str = ""


@dataclass(frozen=True, slots=True)
class Filled:
    """A mapping checked against a header: every column is one header or a formula over headers."""

    mapping: TableMapping
    headers: Mapping[str, str]
    formulas: Mapping[str, Formula]
    amount_includes: tuple[str, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """The table's columns that the file fills, in the table's order."""
        table = TABLES[self.mapping.table]
        return tuple(n for n in table.names if n in self.headers or n in self.formulas)

    @property
    def needed_headers(self) -> tuple[str, ...]:
        """The headers that are read, each once."""
        used = dict.fromkeys(self.headers.values())
        for formula in self.formulas.values():
            used.update(dict.fromkeys(n for n in formula.operands if n not in self.headers))
        return tuple(used)


def suggest(header: Sequence[str], table: str, given: TableMapping | None = None) -> TableMapping:
    """The mapping for a header: what the owner said, then what the headers say.

    Parameters
    ----------
    header : sequence of str
    table : str
    given : TableMapping, optional
        From a mapping file or remembered; its columns win.

    Returns
    -------
    TableMapping
        Complete: ``columns`` names every column that will be filled.
    """
    base = _from_words(header, table)
    if given is None:
        return base
    taken = {*given.columns.values()}
    columns = {c: h for c, h in base.columns.items() if h not in taken and c not in given.columns}
    columns |= given.columns
    includes = given.amount_includes
    if includes is None and columns.get("amount") == base.columns.get("amount"):
        includes = tuple(p for p in base.amount_includes or () if columns.get(p))
    return replace(given, columns=columns, amount_includes=includes or (), known_as=base.known_as)


def fill(mapping: TableMapping, header: Sequence[str], file: str) -> Filled:
    """Check a mapping against a file's header.

    Parameters
    ----------
    mapping : TableMapping
    header : sequence of str
    file : str
        Name of the file, for sentences.

    Returns
    -------
    Filled

    Raises
    ------
    MappingNeeded : a header that is not there, a formula that cannot be read, a required column
        that nothing fills.
    """
    direct: dict[str, str] = {}
    formulas: dict[str, Formula] = {}
    exact = {" ".join(h.split()).casefold(): h for h in header if h.strip()}
    for column, taken_from in mapping.columns.items():
        if not taken_from.strip():
            continue
        found = exact.get(" ".join(taken_from.split()).casefold())
        if found is not None:
            direct[column] = found
        else:
            formulas[column] = _formula(column, taken_from, mapping, exact, header, file)
    filled = Filled(mapping, direct, formulas, tuple(mapping.amount_includes or ()))
    _check_required(filled, header, file)
    for part in filled.amount_includes:
        if part not in filled.columns:
            raise mapping_needed("mapping_includes", column=part, file=file)
    return filled


def read(file: Path) -> dict[str, TableMapping]:
    """Read a mapping file: one section a table.

    Raises
    ------
    MappingNeeded : not TOML, or a table, column, key or value that does not exist.
    """
    try:
        text = file.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise mapping_needed("mapping_toml", file=file.name, detail="it does not exist") from None
    except (OSError, UnicodeDecodeError) as error:
        raise mapping_needed("mapping_toml", file=file.name, detail=str(error)) from error
    return from_toml(text, file.name)


def from_toml(text: str, name: str = "The mapping") -> dict[str, TableMapping]:
    """Mappings by table from TOML text; see ``read``."""
    try:
        sections = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise mapping_needed("mapping_toml", file=name, detail=str(error)) from error
    return {table: _from_section(table, section) for table, section in sections.items()}


def to_toml(mappings: Mapping[str, TableMapping]) -> str:
    """Mappings as TOML text that ``from_toml`` reads back.

    Examples
    --------
    >>> m = TableMapping("spend", {"month": "Bulan"}, dates="dmy")
    >>> from_toml(to_toml({"spend": m}))["spend"] == m
    True
    """
    return tomli_w.dumps({table: _section(mapping) for table, mapping in mappings.items()})


def remember(folder: Path, header: Sequence[str], mapping: TableMapping) -> None:
    """Keep a mapping for files with this header; replaced atomically."""
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{headers.fingerprint(header, mapping.table)}.toml"
    temporary = folder / f".{secrets.token_hex(4)}"
    temporary.write_text(to_toml({mapping.table: mapping}), encoding="utf-8")
    os.replace(temporary, target)


def recall(folder: Path, header: Sequence[str], table: str) -> TableMapping | None:
    """The mapping kept for files with this header, or None."""
    file = folder / f"{headers.fingerprint(header, table)}.toml"
    return read(file).get(table) if file.is_file() else None


def _from_words(header: Sequence[str], table: str) -> TableMapping:
    found = headers.recognise(header, table)
    columns = dict(found.columns)
    if table == "transactions" and "amount" not in columns and {"quantity", "unit_price"} <= columns.keys():
        columns["amount"] = "quantity * unit_price"
    return TableMapping(table, columns, amount_includes=found.amount_includes)


def _formula(
    column: str, text: str, mapping: TableMapping, exact: Mapping[str, str], header: Sequence[str], file: str
) -> Formula:
    operands_known = {c for c, h in mapping.columns.items() if " ".join(h.split()).casefold() in exact}
    if not any(sign in text for sign in "+-*"):
        raise mapping_needed("mapping_header", column=column, header=text, file=file, known=listed(header))
    formula = parse(text, column)
    names = []
    for name in formula.operands:
        header_name = exact.get(" ".join(name.split()).casefold())
        if name not in operands_known and header_name is None:
            raise mapping_needed(
                "mapping_header", column=column, header=name, file=file, known=listed(header)
            )
        names.append(name if name in operands_known else cast(str, header_name))
    renamed = dict(zip(formula.operands, names, strict=True))
    terms = tuple(replace(t, operands=tuple(renamed[n] for n in t.operands)) for t in formula.terms)
    return Formula(text, terms)


def _check_required(filled: Filled, header: Sequence[str], file: str) -> None:
    table = TABLES[filled.mapping.table]
    for column in table.columns:
        if column.required and column.name not in filled.columns:
            raise mapping_needed(
                "mapping_required", table=table.name, column=column.name, file=file, known=listed(header)
            )
    if table.any_of and not any(name in filled.columns for name in table.any_of):
        raise mapping_needed(
            "mapping_any_of",
            table=table.name,
            column=" or ".join(table.any_of),
            file=file,
            known=listed(header),
        )


def _from_section(table: str, section: Any) -> TableMapping:
    if table not in TABLES or not isinstance(section, dict):
        raise mapping_needed("mapping_table", table=table, known=listed(TABLES))
    for key in section:
        if key not in _KEYS:
            raise mapping_needed("mapping_key", table=table, key=key, known=listed(_KEYS))
    given = {column.name for column in TABLES[table].given}
    columns = _texts(section, "columns", table)
    for column in columns:
        if column not in given:
            raise mapping_needed(
                "mapping_column", table=table, column=column, known=listed(sorted(given), 40)
            )
    includes = section.get("amount_includes")
    if includes is not None:
        if not isinstance(includes, list) or any(part not in INCLUDABLE for part in includes):
            raise _bad_value(table, "amount_includes", includes, "a list of " + listed(INCLUDABLE))
        includes = tuple(includes)
    return TableMapping(
        table,
        columns,
        dates=_choice(section, "dates", table, DATE_ORDERS),
        decimal=_choice(section, "decimal", table, DECIMAL_MARKS),
        amount_includes=includes,
        encoding=_text(section, "encoding", table),
        sheet=_text(section, "sheet", table),
        currency=_text(section, "currency", table),
        codes=_codes(section, table),
    )


def _codes(section: dict[str, Any], table: str) -> dict[str, dict[str, str]]:
    codes: dict[str, dict[str, str]] = {}
    for column, words in section.get("codes", {}).items():
        known = TABLES[table].by_name.get(column)
        if known is None or not isinstance(words, dict):
            raise mapping_needed(
                "mapping_column", table=table, column=column, known=listed(TABLES[table].names, 40)
            )
        for code in words.values():
            if known.allowed and code not in known.allowed:
                raise mapping_needed(
                    "mapping_code", column=column, value=str(code), known=listed(known.allowed)
                )
        codes[column] = {str(word): str(code) for word, code in words.items()}
    return codes


def _texts(section: dict[str, Any], key: str, table: str) -> dict[str, str]:
    values = section.get(key, {})
    if not isinstance(values, dict) or not all(isinstance(v, str) for v in values.values()):
        raise _bad_value(table, key, values, 'lines of the form column = "Header"')
    return dict(values)


def _text(section: dict[str, Any], key: str, table: str) -> str:
    value = section.get(key, "")
    if not isinstance(value, str):
        raise _bad_value(table, key, value, "a text in quotes")
    return value


def _choice(section: dict[str, Any], key: str, table: str, allowed: Sequence[str]) -> str:
    value = _text(section, key, table)
    if value and value not in allowed:
        raise _bad_value(table, key, value, " ".join(f'"{a}"' for a in allowed))
    return value


def _bad_value(table: str, key: str, value: object, known: str) -> Exception:
    return mapping_needed("mapping_value", table=table, key=key, value=str(value), known=known)


def _section(mapping: TableMapping) -> dict[str, Any]:
    section: dict[str, Any] = {}
    for key in ("dates", "decimal", "encoding", "sheet", "currency"):
        if value := getattr(mapping, key):
            section[key] = value
    if mapping.amount_includes is not None and mapping.table == "transactions":
        section["amount_includes"] = list(mapping.amount_includes)
    section["columns"] = dict(mapping.columns)
    if mapping.codes:
        section["codes"] = {column: dict(words) for column, words in mapping.codes.items()}
    return section
