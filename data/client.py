"""The client's name and logo for the demo and the report, kept in the workspace.

A logo is never kept as it came: it is decoded as a picture within bounds and written anew as PNG, so
that nothing but its pixels (no script, no metadata, no second file in one) reaches a page. SVG is a
document that can run and fetch, and is refused.
"""

from __future__ import annotations

import io
import os
import secrets
import tomllib
from pathlib import Path
from typing import Final

import tomli_w

from data.errors import LogoRefused
from data.pictures import NoPicture, check_size, pixels
from data.workspaces import Workspace

FOLDER: Final = "client"
LOGO: Final = "logo.png"
FORMATS: Final = ("PNG", "JPEG", "WEBP")
MAX_BYTES: Final = 2_000_000
MAX_PIXELS: Final = 16_000_000
KEPT_SIZE: Final = (640, 320)
"""Pixels the kept picture fits in: sharp at the 5 cm a report shows it."""

LONGEST_NAME: Final = 80
_NAME: Final = "client.toml"


def picture(content: bytes) -> bytes:
    """Turn an uploaded logo into a PNG of bounded size.

    Parameters
    ----------
    content : bytes
        A file in one of ``FORMATS``, at most ``MAX_BYTES`` and ``MAX_PIXELS``.

    Returns
    -------
    bytes
        A PNG that fits ``KEPT_SIZE``, transparency kept, without metadata.

    Raises
    ------
    LogoRefused : too large, SVG, or no picture of a known format.
    """
    check_size(content, MAX_BYTES, LogoRefused, "logo_large")
    try:
        clean = pixels(content, FORMATS, MAX_PIXELS, "RGBA")
    except NoPicture as error:
        if b"<svg" in content[:4096].lower():
            raise LogoRefused(
                "logo_svg", "An SVG can carry scripts. Give the logo as PNG, JPEG or WebP."
            ) from error
        raise _unreadable() from error
    clean.thumbnail(KEPT_SIZE)
    out = io.BytesIO()
    clean.save(out, format="PNG", optimize=True)
    return out.getvalue()


def logo(workspace: Workspace) -> bytes | None:
    """Return the kept logo as PNG; None without one."""
    path = workspace.path / FOLDER / LOGO
    try:
        found = path.read_bytes()
    except OSError:
        return None
    return found if found.startswith(b"\x89PNG\r\n\x1a\n") and len(found) <= 2 * MAX_BYTES else None


def keep_logo(workspace: Workspace, png: bytes | None) -> None:
    """Keep a logo made by :func:`picture`; None forgets it."""
    path = workspace.folder(FOLDER) / LOGO
    if png is None:
        path.unlink(missing_ok=True)
    else:
        _write(path, png)


def name(workspace: Workspace) -> str:
    """Return the client's name as it was typed, else the workspace's title."""
    try:
        values = tomllib.loads((workspace.path / FOLDER / _NAME).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        return workspace.title
    found = values.get("name")
    return found[:LONGEST_NAME] if isinstance(found, str) and found.strip() else workspace.title


def keep_name(workspace: Workspace, typed: str) -> None:
    """Keep the client's name; an empty one means the workspace's title."""
    plain = " ".join(typed.split())[:LONGEST_NAME].encode("utf-8", errors="replace").decode("utf-8")
    _write(workspace.folder(FOLDER) / _NAME, tomli_w.dumps({"name": plain}).encode("utf-8"))


def _write(path: Path, content: bytes) -> None:
    temporary = path.parent / f".{secrets.token_hex(8)}"
    temporary.write_bytes(content)
    os.replace(temporary, path)


def _unreadable() -> LogoRefused:
    return LogoRefused(
        "logo_unreadable",
        "This file cannot be read as a picture of at most {limit} megapixels. "
        "Give the logo as PNG, JPEG or WebP.",
        limit=MAX_PIXELS // 1_000_000,
    )
