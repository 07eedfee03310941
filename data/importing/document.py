"""The tables as a page of Markdown, so that the document says what the schema says."""

from __future__ import annotations

from typing import Final

from data.importing import sql
from data.schema import TABLES, Column, Table

BEGIN: Final = "<!-- tables: made from data/schema.py -->"
END: Final = "<!-- end of tables -->"


def tables_page() -> str:
    """Every table with every column: type, unit, whether it is needed, and what a missing value means.

    Returns
    -------
    str
        The part of ``docs/DATA.md`` between its two marks.
    """
    return "\n\n".join(_table(table) for table in TABLES.values())


def _table(table: Table) -> str:
    rules = [f"Replaced by: {', '.join(f'`{key}`' for key in table.key)}."]
    if table.any_of:
        rules.append(f"Each row needs one of {' or '.join(f'`{name}`' for name in table.any_of)}.")
    names = ("column", "type", "unit", "needed", "missing means", "what it is")
    head = f"| {' | '.join(names)} |\n|{' --- |' * len(names)}"
    rows = "\n".join(_row(column) for column in table.columns)
    return f"### {table.name}\n\n{table.description} {' '.join(rules)}\n\n{head}\n{rows}"


def _row(column: Column) -> str:
    kind = f"{column.kind} ({sql.TYPES[column.kind]})" if column.kind == "money" else column.kind
    needed = "made by Setia" if column.derived else "yes" if column.required else ""
    words = column.description + (" Personal." if column.personal else "")
    if column.allowed:
        words += " One of " + ", ".join(f"`{code}`" for code in column.allowed) + "."
    missing = "" if column.required else column.missing
    return f"| `{column.name}` | {kind} | {column.unit} | {needed} | {missing} | {words} |"
