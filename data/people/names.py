"""A person's name as a list of keyed hashes of its words: enough to see whether two names agree.

Names merge nobody. They only speak for or against values that agree. Words are lower case without
accents; titles and the words between given name and father's name go; the spellings of Muhammad are one.
"""

# ruff: noqa: S608  what reaches a statement are expressions of ours

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


def words_sql(column: str) -> str:
    """The words of a text column that say who it is, in their order, as a DuckDB list; null without any."""
    words = (
        f"string_split(trim(regexp_replace(strip_accents(lower({column})), '[^\\p{{L}}]+', ' ', 'g')), ' ')"
    )
    nobody = f"len(list_intersect(a, {list(_NOBODY)})) > 0"
    kept = f"list_filter(a, lambda w: length(w) > 1 AND w NOT IN {_DROPPED})"
    one = f"list_transform({kept}, lambda w: CASE WHEN w IN {_MUHAMMAD} THEN 'muhammad' ELSE w END)"
    chosen = f"list_transform([{words}], lambda a: CASE WHEN {nobody} THEN [] ELSE {one} END)[1]"
    return f"CASE WHEN {normal.masked_sql(column)} THEN [] ELSE {chosen} END"


def tokens_query(rows: str) -> str:
    """A query of ``customer_id`` and ``tokens`` (hashed words), of one with ``customer_id`` and ``name``.

    Each word is hashed once, however many names hold it.
    """
    return (
        f"WITH given AS MATERIALIZED ({rows}), "
        f"called AS MATERIALIZED (SELECT name, {words_sql('name')} AS words FROM ("
        "SELECT DISTINCT name FROM given WHERE name IS NOT NULL)), "
        f"hashed AS MATERIALIZED (SELECT word, {keys.sql('name', 'word')} AS token FROM "
        "(SELECT DISTINCT unnest(words) AS word FROM called)), "
        "listed AS (SELECT name, list(token ORDER BY place) AS tokens FROM ("
        "SELECT name, unnest(words) AS word, generate_subscripts(words, 1) AS place FROM called) "
        "JOIN hashed USING (word) GROUP BY name) "
        "SELECT customer_id, tokens FROM given JOIN listed USING (name)"
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
