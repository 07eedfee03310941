"""Saved audiences of a workspace: a rule that is asked anew each time, or a fixed list of customers.

One file an audience, under a name made at random: what a person calls it stands inside the file and
never becomes a path. ``audiences/<id>.toml`` holds name, rule, day and count; a fixed list has its
customer ids beside it in ``<id>.parquet``.
"""

from __future__ import annotations

import os
import re
import secrets
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq
import tomli_w

from data.errors import BadName, DataError
from data.workspaces import Workspace

LONGEST_NAME: Final = 80
MOST: Final = 500

_FOLDER: Final = "audiences"
_ID: Final = re.compile(r"[0-9a-f]{10}")
_HIDDEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})


@dataclass(frozen=True, slots=True)
class Audience:
    """One saved audience.

    Parameters
    ----------
    id : str
        Ten letters and digits, made at random; what an address may name.
    name : str
    created : date
        The day it was saved.
    as_of : date
        The last day of the data then.
    words : str
        The rule (or where the list came from), as it was worded when it was saved.
    count : int
        Customers when it was saved.
    rule : mapping
        As ``analytics.rules.to_dict`` writes it; empty for a fixed list.
    content : str
        Of a fixed list: changes when its ids do; empty for a rule.
    """

    id: str
    name: str
    created: date
    as_of: date
    words: str
    count: int
    rule: Mapping[str, Any] = field(default_factory=dict)
    content: str = ""

    @property
    def is_list(self) -> bool:
        """Whether it is a fixed list of customers."""
        return not self.rule


def save_rule(
    workspace: Workspace,
    name: str,
    rule: Mapping[str, Any],
    *,
    words: str,
    count: int,
    days: tuple[date, date],
) -> Audience:
    """Keep a rule under a name.

    Parameters
    ----------
    days : (date, date)
        Today, and the last day of the data.

    Raises
    ------
    BadName : the name is empty, or another audience has it.
    """
    made = Audience(_new_id(workspace), _free_name(workspace, name), *days, words[:2000], count, rule)
    _check_room(workspace)
    _write(workspace, made)
    return made


def save_list(
    workspace: Workspace, name: str, customer_ids: Iterable[str], *, words: str, days: tuple[date, date]
) -> Audience:
    """Keep a fixed list of customers under a name; see :func:`save_rule`."""
    ids = sorted({str(each) for each in customer_ids})
    made = Audience(_new_id(workspace), _free_name(workspace, name), *days, words[:2000], len(ids))
    _check_room(workspace)
    _write_ids(workspace, made, ids)
    return found(workspace, made.id)


def change_rule(
    workspace: Workspace,
    audience_id: str,
    rule: Mapping[str, Any],
    *,
    words: str,
    count: int,
    days: tuple[date, date],
) -> Audience:
    """Give a saved audience another rule; its name and id stay.

    Raises
    ------
    DataError : there is no such audience.
    """
    old = found(workspace, audience_id)
    made = replace(
        old, created=days[0], as_of=days[1], words=words[:2000], count=count, rule=dict(rule), content=""
    )
    _write(workspace, made)
    _ids_file(workspace, audience_id).unlink(missing_ok=True)
    return made


def rename(workspace: Workspace, audience_id: str, name: str) -> Audience:
    """Call a saved audience something else.

    Raises
    ------
    BadName : the name is empty, or another audience has it.
    DataError : there is no such audience.
    """
    old = found(workspace, audience_id)
    made = replace(old, name=_free_name(workspace, name, except_for=audience_id))
    _write(workspace, made)
    return made


def delete(workspace: Workspace, audience_id: str) -> None:
    """Delete a saved audience; one that is gone already is no error."""
    if _ID.fullmatch(audience_id):
        _file(workspace, audience_id).unlink(missing_ok=True)
        _ids_file(workspace, audience_id).unlink(missing_ok=True)


def saved(workspace: Workspace) -> list[Audience]:
    """Every audience by name; a file that cannot be read is passed over."""
    read = [_read(file) for file in sorted(_folder(workspace).glob("*.toml"))]
    return sorted(
        (each for each in read if each is not None), key=lambda each: (each.name.casefold(), each.id)
    )


def found(workspace: Workspace, audience_id: str) -> Audience:
    """One audience by its id.

    Raises
    ------
    DataError : there is none.
    """
    read = _read(_file(workspace, audience_id)) if _ID.fullmatch(audience_id) else None
    if read is None:
        raise DataError("audience_missing", "This audience is no longer there. Choose another one.")
    return read


def ids_of(workspace: Workspace, audience: Audience) -> pa.Table:
    """The customers of a fixed list: one column, ``customer_id``."""
    file = _ids_file(workspace, audience.id)
    if audience.is_list and file.is_file():
        return pq.read_table(file)
    return pa.table({"customer_id": pa.array([], pa.string())})


def erase(workspace: Workspace, customer_id: str) -> int:
    """Take one customer out of every fixed list, for good.

    Rules hold no ids; a customer who is no longer in the data is in none of them.

    Returns
    -------
    int
        How many lists the customer was in.
    """
    changed = 0
    for left_over in _folder(workspace).glob(".*"):  # of a process that ended while it wrote
        left_over.unlink(missing_ok=True)
    for audience in saved(workspace):
        if not audience.is_list:
            continue
        ids = ids_of(workspace, audience)["customer_id"].to_pylist()
        kept = [each for each in ids if each != customer_id]
        if len(kept) < len(ids):
            _write_ids(workspace, audience, kept)
            changed += 1
    return changed


def clean_name(name: str) -> str:
    """A name on one line, without what cannot be seen.

    Raises
    ------
    BadName : nothing is left, or it is too long.

    Examples
    --------
    >>> clean_name("  Hari Raya\\n 2026 ")
    'Hari Raya 2026'
    """
    one_line = " ".join(name.split())
    seen = "".join(c for c in one_line if unicodedata.category(c) not in _HIDDEN).strip()
    if not 0 < len(seen) <= LONGEST_NAME:
        raise BadName(
            "audience_name",
            "An audience needs a name of 1 to {limit} characters; this one has {found}. Type another.",
            limit=LONGEST_NAME,
            found=len(seen),
        )
    return seen


def _free_name(workspace: Workspace, name: str, except_for: str = "") -> str:
    wanted = clean_name(name)
    for other in saved(workspace):
        if other.id != except_for and other.name.casefold() == wanted.casefold():
            raise BadName(
                "audience_name_taken", "There is an audience {name} already. Type another name.", name=wanted
            )
    return wanted


def _check_room(workspace: Workspace) -> None:
    if sum(1 for _ in _folder(workspace).glob("*.toml")) >= MOST:
        raise DataError(
            "audience_limit",
            "This workspace holds {limit} audiences, as many as it can. Delete one first.",
            limit=MOST,
        )


def _new_id(workspace: Workspace) -> str:
    while _file(workspace, made := secrets.token_hex(5)).exists():
        pass
    return made


def _folder(workspace: Workspace) -> Path:
    return workspace.folder(_FOLDER)


def _file(workspace: Workspace, audience_id: str) -> Path:
    return _folder(workspace) / f"{audience_id}.toml"


def _ids_file(workspace: Workspace, audience_id: str) -> Path:
    return _folder(workspace) / f"{audience_id}.parquet"


def _read(file: Path) -> Audience | None:
    """An audience file; None where it is missing or no audience."""
    try:
        values = tomllib.loads(file.read_text(encoding="utf-8"))
        made = Audience(id=file.stem, **values)
    except (OSError, ValueError, TypeError):
        return None
    whole = isinstance(made.name, str) and isinstance(made.rule, Mapping) and isinstance(made.count, int)
    days = type(made.created) is date and type(made.as_of) is date
    return made if whole and days and _ID.fullmatch(made.id) else None


def _write(workspace: Workspace, audience: Audience) -> None:
    values = {key: value for key, value in asdict(audience).items() if key != "id"}
    _replace(_file(workspace, audience.id), tomli_w.dumps(values).encode("utf-8", errors="replace"))


def _write_ids(workspace: Workspace, audience: Audience, ids: list[str]) -> None:
    """Write the ids, then the file that says what they are."""
    table = pa.table({"customer_id": pa.array(ids, pa.string())})
    buffer = pa.BufferOutputStream()
    pq.write_table(table, buffer)
    _replace(_ids_file(workspace, audience.id), buffer.getvalue().to_pybytes())
    content = blake2b("\x1f".join(ids).encode("utf-8", errors="surrogatepass"), digest_size=6).hexdigest()
    _write(workspace, replace(audience, content=content))


def _replace(file: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    temporary = file.with_name(f".{file.name}-{os.getpid()}-{secrets.token_hex(3)}")
    try:
        with temporary.open("wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        os.replace(temporary, file)
    finally:
        temporary.unlink(missing_ok=True)
