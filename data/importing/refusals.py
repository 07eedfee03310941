"""Every sentence with which a whole file is refused: one place, so that they sound alike."""

from __future__ import annotations

from typing import Any, Final

from data.errors import FileRefused, MappingNeeded

_FILES: Final = {
    "file_missing": "There is no file {file}. Check the path.",
    "file_unreadable": "{file} cannot be read: {detail}. Check its permissions, or save it again.",
    "file_empty": "{file} is empty. Export it again, with its header row.",
    "file_no_records": "{file} has a header but no rows. Export it again, with the rows.",
    "file_too_large": "{file} has {found} MB; the limit is {limit} MB (SETIA_MAX_FILE_MB). Split it or raise the limit.",
    "file_kind": "{file} is {found}, not a table. Give a CSV, XLSX or Parquet file, or a folder or .zip of CSV files.",
    "file_zip_named": "{file} is a ZIP archive under another name. Unpack it, or name it .zip to import the CSV files in it.",
    "file_html": "{file} is a web page, not a spreadsheet. Open it in a spreadsheet program and save it as CSV or XLSX.",
    "file_nul": "{file} holds a NUL byte at byte {byte}, so it is not text. Export it again as CSV (UTF-8).",
    "file_changed": "{file} changed while it was being read. Close the program that writes it and import it again.",
    "file_encoding": "{file} cannot be read as {encoding}. Save it as UTF-8 and import it again.",
    "file_columns": "{file} has {found} columns; the limit is {limit} (SETIA_MAX_COLUMNS). Remove the ones that are not needed.",
    "file_duplicate_header": "{file} names the column {column} more than once, so it is not clear which one counts. Rename one of them.",
    "file_no_header": "{file} has no header row. Add a first row with the names of the columns.",
    "file_quote": "{file} has a quote that opens in record {record} and is never closed. Correct that record and import the file again.",
    "file_long_record": "{file} has a line of more than {limit} characters near record {record}. Correct it and import the file again.",
    "file_xlsx": "{file} is not a workbook that can be read: {detail}. Save it again as XLSX or CSV.",
    "file_password": "{file} is protected by a password. Save it without one and import it again.",
    "file_unpacked": "{file} unpacks to more than {limit} MB. Save it as CSV, in several files if need be.",
    "file_sheet_size": "{file} has a sheet that spreads over {rows} rows and {columns} columns, mostly empty. Copy the table into a new sheet.",
    "file_sheet_missing": "{file} has no sheet {sheet}; it has {found}. Correct `sheet` in the mapping.",
    "file_parquet": "{file} is not a Parquet file that can be read: {detail}. Write it again.",
    "file_archive": "{file} is not an archive that can be read: {detail}. Make it again.",
    "file_archive_password": "{file} is an archive with a password. Make it again without one.",
    "file_archive_count": "{file} holds {found} files; the limit is {limit}. Split it.",
    "file_no_tables": "{file} holds no CSV, XLSX or Parquet file. Give the folder or archive that holds them.",
    "file_parts_differ": "{part} has other columns than {first} in the same import ({columns}). Import them one by one.",
    "file_records": "{file} has {expected} records but {found} could be told apart, so nothing was loaded. Save it again as CSV (UTF-8).",
    "file_all_refused": "Every row of {file} was refused ({count}); the first reason: {reason} Correct the file or its mapping; the refused rows are listed in {rejects}.",
}

_MAPPINGS: Final = {
    "import_no_files": "Name at least one file to import: {known}.",
    "import_transactions": "The workspace {workspace} holds no transactions yet. Import them first, or with this file (--transactions FILE).",
    "mapping_table": "The mapping speaks of a table {table}; the tables are {known}. Correct its name.",
    "mapping_key": "The mapping of {table} has a key {key}; the keys are {known}. Correct or remove it.",
    "mapping_value": "The mapping of {table} has {key} = {value}; it may be {known}. Correct it.",
    "mapping_toml": "{file} is not TOML: {detail}. Correct it, or make a new one with `python -m data suggest`.",
    "mapping_column": "The mapping of {table} fills a column {column}; the columns are {known}. Correct its name.",
    "mapping_header": "The mapping takes {column} from {header}, which {file} does not have; it has {known}. Correct the name.",
    "mapping_formula": "The mapping fills {column} by {formula}; a formula is names of columns joined by + - or *. Correct it.",
    "mapping_includes": "The mapping says that amount includes {column}, but no column of {file} fills {column}. Map it or remove it from amount_includes.",
    "mapping_code": "The mapping turns a value of {column} into {value}; it may be {known}. Correct it.",
    "mapping_required": '{table} needs {column}, and no column of {file} was recognised as it; the file has {known}. Name it in a mapping: [{table}.columns] {column} = "...".',
    "mapping_any_of": "{table} needs {column}, and no column of {file} was recognised as one of them; the file has {known}. Name one in a mapping, under [{table}.columns].",
    "mapping_dates": 'The dates in {column} of {file} can be read in two ways (for example {value}). Set dates = "dmy" (day first), "mdy" or "ymd" under [{table}] in a mapping.',
    "mapping_dates_mixed": 'The dates in {column} of {file} contradict each other: {dmy} read only day first, {mdy} only month first (for example {value}). Set dates = "dmy", "mdy" or "ymd" under [{table}] in a mapping.',
    "mapping_decimal": 'The numbers in {column} of {file} can be read in two ways (for example {value}). Set decimal = "." or decimal = "," (the decimal mark) under [{table}] in a mapping.',
    "mapping_decimal_mixed": 'The numbers in {column} of {file} contradict each other (for example {value} and {other}). Set decimal = "." or decimal = "," (the decimal mark) under [{table}] in a mapping.',
}


def refused(code: str, **fields: Any) -> FileRefused:
    """The error that refuses a whole file; every value is shortened to what a sentence can hold."""
    return FileRefused(code, _FILES[code], **_short(fields))


def mapping_needed(code: str, **fields: Any) -> MappingNeeded:
    """The error that asks what a file's columns mean."""
    return MappingNeeded(code, _MAPPINGS[code], **_short(fields))


def sentences() -> dict[str, str]:
    """All sentences by code (a test compares them with the language files)."""
    return {**_FILES, **_MAPPINGS}


def listed(names: object, limit: int = 12) -> str:
    """Names as a short list for a sentence.

    Examples
    --------
    >>> listed(["a", "b"])
    'a, b'
    """
    items = [str(name) for name in names]  # type: ignore[attr-defined]
    shown = ", ".join(name if name else "(no name)" for name in items[:limit])
    return shown + (f" and {len(items) - limit} more" if len(items) > limit else "")


def _short(fields: dict[str, Any]) -> dict[str, Any]:
    return {key: _clip(value) if isinstance(value, str) else value for key, value in fields.items()}


def _clip(text: str, limit: int = 600) -> str:
    clean = "".join(c if c.isprintable() else " " for c in text)
    return clean if len(clean) <= limit else clean[: limit - 1] + "…"
