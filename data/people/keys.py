"""Keyed hashes of what identifies a person: equal values stay equal, nobody without the key can guess them.

The key is made once a workspace and kept in it (``people/key``, readable by its owner only). A hash is
HMAC-SHA-256 (RFC 2104) over ``<kind>:<value>``, the same in Python and in DuckDB.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from pathlib import Path
from typing import Final

import duckdb

FOLDER: Final = "people"
_FILE: Final = "key"
_BLOCK: Final = 64
_DIGITS: Final = 15
"""Of the hexadecimal digest, as a number of 60 bits: two of ten million values meet with a chance of 4e-5."""


def key_of(root: Path) -> bytes:
    """The key of a workspace, made when it is first asked for.

    Parameters
    ----------
    root : Path
        The workspace's folder.

    Returns
    -------
    bytes
        32 of them.
    """
    file = root / FOLDER / _FILE
    if not file.is_file():
        file.parent.mkdir(exist_ok=True)
        own = file.with_name(f".{_FILE}-{secrets.token_hex(4)}")
        handle = os.open(own, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            os.write(handle, secrets.token_hex(32).encode("ascii"))
            os.fsync(handle)
        finally:
            os.close(handle)
        try:
            os.link(own, file)  # fails where another process was first: its key counts
        except FileExistsError:
            pass
        except OSError:  # a file system without hard links
            if not file.is_file():
                os.replace(own, file)
        own.unlink(missing_ok=True)
    return bytes.fromhex(file.read_text(encoding="ascii"))


def digest(key: bytes, kind: str, value: str) -> str:
    """The keyed hash of a value, as 64 hexadecimal digits.

    Parameters
    ----------
    key : bytes
    kind : str
        ``phone``, ``email`` ...: the same text of two kinds has two hashes.
    value : str
        Normalised.

    Examples
    --------
    >>> digest(b"k", "phone", "+60123456789") == digest(b"k", "email", "+60123456789")
    False
    """
    return hmac.new(key, f"{kind}:{value}".encode(), hashlib.sha256).hexdigest()


def number(key: bytes, kind: str, value: str) -> int:
    """The first 60 bits of :func:`digest`, as the tables keep them."""
    return int(digest(key, kind, value)[:_DIGITS], 16)


def prepare(connection: duckdb.DuckDBPyConnection, key: bytes) -> None:
    """Hand a key to a connection, apart from any statement, for :func:`sql`."""
    block = (
        key.ljust(_BLOCK, b"\0") if len(key) <= _BLOCK else hashlib.sha256(key).digest().ljust(_BLOCK, b"\0")
    )
    connection.execute("SET VARIABLE key_inner = ?", [bytes(b ^ 0x36 for b in block)])
    connection.execute("SET VARIABLE key_outer = ?", [bytes(b ^ 0x5C for b in block)])


def sql(kind: str, value: str) -> str:
    """:func:`number` as an SQL expression; null stays null.

    Parameters
    ----------
    kind : str
    value : str
        An SQL expression of type text.
    """
    return sql_of(f"'{kind}'", value)


def sql_of(kind: str, value: str) -> str:
    """:func:`sql` where the kind is an expression too."""
    inner = f"sha256(getvariable('key_inner') || encode({kind} || ':' || ({value})))"
    outer = f"sha256(getvariable('key_outer') || unhex({inner}))"
    return f"('0x' || substr({outer}, 1, {_DIGITS}))::BIGINT"
