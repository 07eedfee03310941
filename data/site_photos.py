"""Photos of candidate sites, kept in the workspace under the candidate's name.

A photo is never kept as it came: it is decoded within bounds and written anew as a small JPEG, so that
where and with what it was taken (EXIF, GPS) goes nowhere.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import io
import os
import re
import secrets
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from data.errors import PhotoRefused
from data.pictures import NoPicture, check_size, pixels
from data.workspaces import Workspace

FOLDER: Final = "site_photos"
FORMATS: Final = ("JPEG", "PNG")
MAX_BYTES: Final = 12_000_000
MAX_PIXELS: Final = 60_000_000
KEPT_SIZE: Final = (960, 720)
SMALL_SIZE: Final = (420, 280)
"""Pixels of what goes into a frozen decision and its page."""

LARGEST: Final = 400_000
"""Bytes of a kept photo; a larger file there is none of ours."""

_FILE: Final = re.compile(r"[0-9a-f]{32}\.jpg")
_JPEG: Final = b"\xff\xd8\xff"


def photo(content: bytes) -> bytes:
    """Turn an uploaded photo into a JPEG of bounded size without metadata.

    Raises
    ------
    PhotoRefused : too large, or no JPEG or PNG that can be read.
    """
    check_size(content, MAX_BYTES, PhotoRefused, "photo_large")
    return _smaller(content, KEPT_SIZE, 80)


def keep(workspace: Workspace, name: str, jpeg: bytes | None) -> None:
    """Keep a photo made by :func:`photo` for a candidate; None forgets it."""
    path = workspace.folder(FOLDER) / _file(name)
    if jpeg is None:
        path.unlink(missing_ok=True)
        return
    temporary = path.parent / f".{secrets.token_hex(8)}"
    temporary.write_bytes(jpeg)
    os.replace(temporary, path)


def kept(workspace: Workspace, name: str) -> bytes | None:
    """The photo of a candidate; None without one."""
    return _read(workspace.path / FOLDER / _file(name))


def follow(workspace: Workspace, renamed: Mapping[str, str], names: Iterable[str]) -> None:
    """Photos go with candidates that got another name; those of candidates that are gone are deleted.

    Parameters
    ----------
    workspace : Workspace
    renamed : mapping of the name before to the name now
    names : iterable of str
        Of all candidates there are now.
    """
    folder = workspace.path / FOLDER
    if not folder.is_dir():
        return
    moved = {new: kept(workspace, old) for old, new in renamed.items() if old != new}
    for old, new in renamed.items():
        if old != new:
            keep(workspace, old, None)
    for new, jpeg in moved.items():
        keep(workspace, new, jpeg)
    known = {_file(name) for name in names}
    for path in folder.iterdir():
        if _FILE.fullmatch(path.name) and path.name not in known:
            path.unlink(missing_ok=True)


def small(jpeg: bytes) -> str:
    """A kept photo as it goes into a frozen decision: small, base64."""
    return base64.b64encode(_smaller(jpeg, SMALL_SIZE, 70)).decode("ascii")


def embedded(given: Any) -> str:
    """The photo of a frozen decision as an address of its own bytes; empty where it is none."""
    if not isinstance(given, str) or not 0 < len(given) <= LARGEST:
        return ""
    try:
        content = base64.b64decode(given, validate=True)
    except (binascii.Error, ValueError):
        return ""
    if not content.startswith(_JPEG):
        return ""
    return "data:image/jpeg;base64," + base64.b64encode(content).decode("ascii")


def _smaller(content: bytes, size: tuple[int, int], quality: int) -> bytes:
    try:
        made = pixels(content, FORMATS, MAX_PIXELS, "RGB")
    except NoPicture as error:
        raise PhotoRefused(
            "photo_unreadable",
            "This file cannot be read as a photo of at most {limit} megapixels. Give it as JPEG or PNG.",
            limit=MAX_PIXELS // 1_000_000,
        ) from error
    made.thumbnail(size)
    out = io.BytesIO()
    made.save(out, format="JPEG", quality=quality, optimize=True)
    return out.getvalue()


def _read(path: Path) -> bytes | None:
    try:
        found = path.read_bytes()
    except OSError:
        return None
    return found if found.startswith(_JPEG) and len(found) <= LARGEST else None


def _file(name: str) -> str:
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:32] + ".jpg"
