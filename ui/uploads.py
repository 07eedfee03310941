"""Files a person has handed over: kept in a folder of the session until they are imported."""

from __future__ import annotations

import re
import secrets
import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final, Protocol

import streamlit as st

from ui import session

STATE: Final = "setia.import.uploads"
_FOLDER: Final = ".uploads"
_DAY: Final = 86_400
_CHUNK: Final = 1 << 22


class Given(Protocol):
    """What ``st.file_uploader`` gives."""

    name: str
    file_id: str

    def read(self, size: int = -1, /) -> bytes: ...
    def seek(self, offset: int, whence: int = 0, /) -> int: ...


@dataclass(frozen=True, slots=True)
class Upload:
    """One file: where it lies, what the person calls it, and a number that tells it from another."""

    path: Path
    name: str
    stamp: int


def keep(given: Sequence[Given]) -> list[Upload]:
    """Write what was uploaded to disk, once each; what was taken back is removed.

    Parameters
    ----------
    given : sequence of uploaded files

    Returns
    -------
    list of Upload
    """
    held: dict[str, Upload] = st.session_state.setdefault(STATE, {})
    wanted = {file.file_id: file for file in given}
    for gone in held.keys() - wanted.keys():
        shutil.rmtree(held.pop(gone).path.parent, ignore_errors=True)
    for identity, file in wanted.items():
        if identity not in held:
            held[identity] = _write(file)
    return list(held.values())


def clear() -> None:
    """Remove what this session has uploaded."""
    for upload in st.session_state.pop(STATE, {}).values():
        shutil.rmtree(upload.path.parent, ignore_errors=True)


def safe_name(name: str) -> str:
    """A file name of harmless letters; the uploaded one is never used as a path.

    Examples
    --------
    >>> safe_name("../../etc/pass wd.csv"), safe_name("jualan 2026.xlsx"), safe_name("///")
    ('pass wd.csv', 'jualan 2026.xlsx', 'file')
    """
    last = re.split(r"[/\\\\]", name)[-1]
    plain = re.sub(r"[^\w .()-]+", "", last, flags=re.UNICODE).strip(" .")
    return plain[-80:].strip(" .") or "file"


def _write(file: Given) -> Upload:
    _tidy()
    name = safe_name(file.name)
    folder = session.home() / _FOLDER / secrets.token_hex(8)
    folder.mkdir(parents=True)
    path = folder / name
    file.seek(0)
    with path.open("wb") as target:
        _copy(file, target)
    return Upload(path, name, time.time_ns())


def _copy(file: Given, target: BinaryIO) -> None:
    while chunk := file.read(_CHUNK):
        target.write(chunk)


def _tidy() -> None:
    """Remove what sessions that are long gone have left."""
    root = session.home() / _FOLDER
    for folder in root.glob("*") if root.is_dir() else ():
        if time.time() - folder.stat().st_mtime > _DAY:
            shutil.rmtree(folder, ignore_errors=True)
