"""Amounts of an order as shares of its lines, and the marks of amounts without decimals."""

from __future__ import annotations

from collections.abc import Iterable

from data.importing import numbers


def share(value: str, digits: int) -> str:
    """SQL of a line's share of the order's amount: the shares add up to it, to the last sen."""
    whole = f"({value})"
    upto = f"CASE WHEN until >= 1 THEN {whole}::DOUBLE ELSE round({whole} * until, {digits}) END"
    since = f"CASE WHEN since >= 1 THEN {whole}::DOUBLE ELSE round({whole} * since, {digits}) END"
    return f"({upto} - {since})::DECIMAL(18,4)"


def rupiah_mark(votes: Iterable[numbers.Votes]) -> str:
    """The decimal mark of amounts that have no decimals: a single mark stands for thousands."""
    all_votes = list(votes)
    if any(v.of("dot") or v.of("comma") for v in all_votes):
        return ""
    marks = {sep for v in all_votes for sep in (".", ",") if "either" + sep in v.examples}
    return {".": ",", ",": "."}[marks.pop()] if len(marks) == 1 else ""
