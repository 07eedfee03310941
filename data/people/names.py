"""A person's name as a list of keyed hashes of its words: enough to see whether two names agree.

Names merge nobody. They only speak for or against values that agree. Words are lower case without
accents; titles and the words between given name and father's name go; the spellings of Muhammad are one.
"""

from __future__ import annotations

from typing import Final

from data.people import keys, normal

_DROPPED: Final = (
    *("bin", "binti", "bt", "bte", "bn", "al", "ap", "anak", "so", "do", "haji", "hajah", "hj", "hjh"),
    *("mr", "mrs", "ms", "miss", "mdm", "dr", "ir", "drs", "encik", "en", "puan", "pn", "cik", "tuan"),
    *("bapak", "bpk", "pak", "ibu", "bu", "mas", "mbak", "kak", "bang", "abang", "datuk", "dato"),
)
_NOBODY: Final = (
    *("guest", "customer", "pelanggan", "pembeli", "buyer", "test", "walk", "walkin", "tiada", "none"),
    *("null", "anonymous", "unknown", "member", "ahli", "cash", "tunai", "umum", "general"),
)
_MUHAMMAD: Final = ("mohd", "muhd", "md", "mohamad", "mohamed", "mohammad", "mohammed", "muhamad", "muhamed")


def tokens_sql(column: str) -> str:
    """The hashed words of a text column, in their order, as a DuckDB list; null where nothing is left."""
    words = (
        f"string_split(trim(regexp_replace(strip_accents(lower({column})), '[^\\p{{L}}]+', ' ', 'g')), ' ')"
    )
    one = f"CASE WHEN w IN {_MUHAMMAD} THEN 'muhammad' ELSE w END"
    kept = f"list_filter({words}, lambda w: length(w) > 1 AND w NOT IN {_DROPPED})"
    hashed = f"list_transform(list_transform({kept}, lambda w: {one}), lambda w: {keys.sql('name', 'w')})"
    nobody = f"len(list_intersect({words}, {list(_NOBODY)})) > 0"
    return (
        f"CASE WHEN {column} IS NULL OR {normal.masked_sql(column)} OR {nobody} OR len({kept}) = 0 "
        f"THEN NULL ELSE {hashed} END"
    )


def verdict_sql(left: str, right: str) -> str:
    """What two lists of words say: 1 they agree, -1 they do not, 0 too little to tell.

    They agree where all words of the shorter, at least two, are in the longer one. A single word says
    nothing where it is the first of the other name, and else is another name: a father's name behind
    his son's is not the son's.
    """
    short = f"CASE WHEN len({left}) <= len({right}) THEN {left} ELSE {right} END"
    long = f"CASE WHEN len({left}) <= len({right}) THEN {right} ELSE {left} END"
    within = f"len(list_intersect({short}, {long})) = len(list_distinct({short}))"
    return (
        f"CASE WHEN least(len({left}), len({right})) = 1 THEN "
        f"CASE WHEN ({short})[1] = ({long})[1] THEN 0 ELSE -1 END "
        f"WHEN {within} THEN 1 ELSE -1 END"
    )
