"""Which system's file a header belongs to: by exact fingerprints, and never by a guess."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from data.exports.spec import Kind, built_in, key

SECOND: Final = " [2]"
"""What the second, nameless column below a header is called."""

MOST_COLUMNS: Final = 2_000
MOST_LACKING: Final = 0.25
"""A header that lacks a larger share of a kind's is a file of something else."""


@dataclass(frozen=True, slots=True)
class Found:
    """A recognised header.

    Attributes
    ----------
    kind : Kind
    headers : mapping of str to str
        The header as the system's TOML writes it -> as the file writes it.
    currency : str
        What the headers themselves say of the currency, as in "Total (PHP)"; or "".
    """

    kind: Kind
    headers: Mapping[str, str]
    currency: str = ""

    @property
    def code(self) -> str:
        """``system.kind``."""
        return f"{self.kind.system}.{self.kind.name}"

    @property
    def told(self) -> tuple[str, ...]:
        """Those of ``headers`` whose cells tell something, second columns included."""
        kind = self.kind
        return tuple(name for name in self.headers if name in kind.told or name not in kind.headers)


def recognise(header: Sequence[str], more: Sequence[Kind] = ()) -> Found | None:
    """The one kind of file that has this header.

    Parameters
    ----------
    header : sequence of str
    more : sequence of Kind
        Recognisers of the workspace's own.

    Returns
    -------
    Found or None
        None where no fingerprint holds, or more than one does: then somebody has to say.

    Examples
    --------
    >>> recognise(["Date", "Total"]) is None
    True
    """
    if len(header) > MOST_COLUMNS:
        return None
    counts = Counter(key(name) for name in header)
    found = [kind for kind in (*built_in(), *more) if _is(kind, counts)]
    if len(found) != 1:
        return None
    return Found(found[0], _headers(found[0], header), _currency(header))


def nearly(header: Sequence[str]) -> tuple[Kind, tuple[str, ...]] | None:
    """The kind of file that a header would be, were it not for a few headers that it lacks.

    Parameters
    ----------
    header : sequence of str

    Returns
    -------
    (Kind, tuple of str) or None
        The kind and what it lacks, as the system writes it; None where more than ``MOST_LACKING`` of every
        kind's headers lack, or the header is recognised.

    Examples
    --------
    >>> nearly(["Date", "Total"]) is None
    True
    """
    if len(header) > MOST_COLUMNS or recognise(header):
        return None
    counts = Counter(key(name) for name in header)
    lacking = [(kind, tuple(n for n in kind.required if not _has(kind, n, counts))) for kind in built_in()]
    kind, names = min(lacking, key=lambda found: len(found[1]) / len(found[0].required))
    return (kind, names) if names and len(names) <= len(kind.required) * MOST_LACKING else None


def named(header: Sequence[str]) -> tuple[str, ...]:
    """The header with a name for the second column of each header that stands over two.

    Examples
    --------
    >>> named(["Nomor", "Tanggal/Waktu Pesanan Selesai", "", "Kota"])[2]
    'Tanggal/Waktu Pesanan Selesai [2]'
    """
    pairs = {key(p) for kind in built_in() for p in kind.pairs}
    names = list(header)
    for at in range(1, len(names)):
        before = names[at - 1]
        if key(before) in pairs and (not names[at].strip() or key(names[at]) == key(before)):
            names[at] = before + SECOND
    return tuple(names)


_own_key = cache(key)
"""Keys of the names in the recognisers; what stands in a file is not kept."""


def _is(kind: Kind, counts: Mapping[str, int]) -> bool:
    if not all(_has(kind, name, counts) for name in kind.required):
        return False
    if any(_own_key(name) in counts for name in kind.without):
        return False
    if any(0 < sum(_has(kind, name, counts) for name in group) < len(group) for group in kind.together):
        return False
    return all(counts.get(_own_key(name), 0) <= 1 for name in kind.headers)


def _has(kind: Kind, name: str, counts: Mapping[str, int]) -> bool:
    spellings = (name, *kind.aliases.get(name, ()), *_spelled(kind, name)[:1])
    return any(_own_key(spelling) in counts for spelling in spellings)


def _spelled(kind: Kind, name: str) -> tuple[str, ...]:
    """The two columns that "Tanggal/Waktu X" stands for where both are written out."""
    if name not in kind.pairs or "/" not in name.split(" ")[0]:
        return ()
    first, rest = name.split(" ", 1)
    return tuple(f"{word} {rest}" for word in first.split("/"))


def _headers(kind: Kind, header: Sequence[str]) -> dict[str, str]:
    by_word: dict[str, str] = {}
    for name in header:
        by_word.setdefault(key(name), name)
    found = {}
    for name in kind.headers:
        for other in (name, *kind.aliases.get(name, ())):
            if key(other) in by_word:
                found[name] = by_word[key(other)]
                break
    for name in kind.pairs:
        second = by_word.get(key(name + SECOND))
        spelled = [by_word[key(s)] for s in _spelled(kind, name) if key(s) in by_word]
        if name in found and second is not None:
            found[name + SECOND] = second
        elif name not in found and spelled:
            found[name] = spelled[0]
            found |= {name + SECOND: spelled[1]} if len(spelled) > 1 else {}
    return found


def _currency(header: Sequence[str]) -> str:
    text = " ".join(header).upper()
    return next((code for code in ("PHP", "SGD", "MYR", "IDR") if f"({code})" in text), "")
