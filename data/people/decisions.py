"""What somebody decided about people, kept beside the snapshots: undone merges, joinings, own contacts.

Customers and contacts stand in there as keyed hashes only, so that erasing a customer leaves nothing.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from data.people import keys, normal

_FILE: Final = "decisions.json"


@dataclass(frozen=True, slots=True)
class Undone:
    """A merge that was undone.

    Parameters
    ----------
    id : str
    at : str
        When, ISO, UTC.
    records : tuple of int
        Hashes of the customer ids that had been one person.
    out : tuple of int
        Those of them that are somebody else than all others (all of them, or the one taken out).
    """

    id: str
    at: str
    records: tuple[int, ...]
    out: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Joined:
    """Two customer ids that somebody joined by hand.

    Parameters
    ----------
    id : str
    at : str
        When, ISO, UTC.
    records : (int, int)
        Hashes of the two customer ids.
    """

    id: str
    at: str
    records: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Decisions:
    """All decisions of a workspace; ``own`` are (kind, hash) of the merchant's own phones and addresses."""

    undone: tuple[Undone, ...] = ()
    own: tuple[tuple[str, int], ...] = ()
    joined: tuple[Joined, ...] = ()


def read(root: Path) -> Decisions:
    """The decisions of a workspace; none where nothing was decided yet."""
    file = root / keys.FOLDER / _FILE
    if not file.is_file():
        return Decisions()
    held: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    undone = (
        Undone(each["id"], each["at"], tuple(each["records"]), tuple(each["out"]))
        for each in held.get("undone", ())
    )
    joined = (
        Joined(each["id"], each["at"], (each["records"][0], each["records"][1]))
        for each in held.get("joined", ())
    )
    own_contacts = tuple((kind, int(value)) for kind, value in held.get("own", ()))
    return Decisions(tuple(undone), own_contacts, tuple(joined))


def undo(root: Path, customer_ids: Sequence[str], out: Iterable[str] = ()) -> Undone:
    """Say that customers who were merged are not one person.

    Parameters
    ----------
    root : Path
        The workspace's folder.
    customer_ids : sequence of str
        All customer ids of the person.
    out : iterable of str
        The ones that are somebody else; without any, each is a person of its own.

    Returns
    -------
    Undone

    Raises
    ------
    ValueError : fewer than two ids, or one to take out that is not among them.
    """
    taken = set(out) or set(customer_ids)
    if len(set(customer_ids)) < 2 or not taken <= set(customer_ids):
        raise ValueError(
            f"undo() needs two ids or more and takes out some of them; got {len(customer_ids)} and "
            f"{len(taken - set(customer_ids))} unknown."
        )
    key = keys.key_of(root)
    made = Undone(
        secrets.token_hex(6),
        datetime.now(UTC).isoformat(timespec="seconds"),
        tuple(sorted({keys.number(key, "id", each) for each in customer_ids})),
        tuple(sorted({keys.number(key, "id", each) for each in taken})),
    )
    held = read(root)
    joined = tuple(each for each in held.joined if not {*each.records} & {*made.out})
    write(root, replace(held, undone=(*held.undone, made), joined=joined))
    return made


def join(root: Path, one: str, other: str) -> Joined:
    """Say that two customers are one person, whatever their contacts say.

    Parameters
    ----------
    root : Path
        The workspace's folder.
    one, other : str
        Customer ids.

    Returns
    -------
    Joined

    Raises
    ------
    ValueError : the two ids are one.
    """
    if one == other:
        raise ValueError(f"join() needs two customer ids; got {one!r} twice.")
    key = keys.key_of(root)
    first, second = sorted(keys.number(key, "id", each) for each in (one, other))
    made = Joined(secrets.token_hex(6), datetime.now(UTC).isoformat(timespec="seconds"), (first, second))
    held = read(root)
    others = tuple(each for each in held.joined if each.records != made.records)
    write(root, replace(held, joined=(*others, made)))
    return made


def part(root: Path, customer_ids: Iterable[str]) -> int:
    """Take back every joining by hand of some customers; how many there were."""
    key = keys.key_of(root)
    theirs = {keys.number(key, "id", each) for each in customer_ids}
    held = read(root)
    kept = tuple(each for each in held.joined if not {*each.records} <= theirs)
    write(root, replace(held, joined=kept))
    return len(held.joined) - len(kept)


def redo(root: Path, undone_id: str) -> None:
    """Take an undoing back; one that is gone already is no error."""
    held = read(root)
    write(root, replace(held, undone=tuple(each for each in held.undone if each.id != undone_id)))


def own(root: Path, contact: str, country: str) -> bool:
    """Name a phone or an address as the merchant's own: it identifies no customer.

    Returns
    -------
    bool
        False where the text is neither a phone nor an address; nothing is kept then.
    """
    known = [("phone", normal.phone(contact, country)), ("email", normal.email(contact))]
    found = next(((kind, value) for kind, value in known if value), None)
    if found is None:
        return False
    value = keys.number(keys.key_of(root), found[0], str(found[1]))
    held = read(root)
    write(root, replace(held, own=tuple(sorted({*held.own, (found[0], value)}))))
    return True


def write(root: Path, decisions: Decisions) -> None:
    """Keep all decisions of a workspace, in one step."""
    folder = root / keys.FOLDER
    folder.mkdir(exist_ok=True)
    text = json.dumps(
        {
            "undone": [
                {"id": u.id, "at": u.at, "records": list(u.records), "out": list(u.out)}
                for u in decisions.undone
            ],
            "joined": [{"id": j.id, "at": j.at, "records": list(j.records)} for j in decisions.joined],
            "own": [list(each) for each in decisions.own],
        },
        indent=1,
    )
    temporary = folder / f".{_FILE}-{secrets.token_hex(4)}"
    with temporary.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, folder / _FILE)
