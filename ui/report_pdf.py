"""The report as PDF, printed by a browser of this computer; nothing leaves it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Final

BROWSERS: Final = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    "microsoft-edge-stable",
    "msedge",
)
"""Looked for on the PATH, in this order."""

_PLACES: Final = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
    "C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe",
    "C:/Program Files/Microsoft/Edge/Application/msedge.exe",
)
SECONDS: Final = 40
LARGEST: Final = 20_000_000


class NotPrinted(RuntimeError):
    """The browser gave no PDF, or took too long."""


def browser() -> str | None:
    """Where a browser that can print lies; None where none is installed."""
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    return found or next((place for place in _PLACES if Path(place).is_file()), None)


def print_pdf(document: str, program: str, *, seconds: float = SECONDS) -> bytes:
    """Print an HTML document on A4.

    The browser runs without windows, extensions and network (every name resolves to nothing, every
    connection goes to a closed proxy), with a profile of its own that is removed afterwards.

    Parameters
    ----------
    document : str
        From :func:`ui.report.page`.
    program : str
        From :func:`browser`.
    seconds : float
        The browser is ended after this long.

    Returns
    -------
    bytes

    Raises
    ------
    NotPrinted : it could not be started, took too long, or wrote no PDF.
    """
    with tempfile.TemporaryDirectory(prefix="setia-report-", ignore_cleanup_errors=True) as folder:
        source, target = Path(folder) / "report.html", Path(folder) / "report.pdf"
        source.write_text(document, encoding="utf-8")
        _run(_command(program, source, target), Path(folder), seconds)
        try:
            made = target.read_bytes()
        except OSError as error:
            raise NotPrinted(f"{Path(program).name} wrote no PDF.") from error
    if not made.startswith(b"%PDF-") or len(made) > LARGEST:
        raise NotPrinted(f"{Path(program).name} wrote something that is no PDF.")
    return made


def _command(program: str, source: Path, target: Path) -> list[str]:
    command = [
        program,
        "--headless=new",
        "--disable-gpu",
        "--disable-extensions",
        "--disable-sync",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-default-apps",
        "--no-first-run",
        "--no-default-browser-check",
        "--no-pings",
        "--host-resolver-rules=MAP * ~NOTFOUND",
        "--proxy-server=127.0.0.1:9",
        f"--user-data-dir={source.parent / 'profile'}",
        "--no-pdf-header-footer",
        f"--print-to-pdf={target}",
    ]
    if sys.platform == "linux" and os.geteuid() == 0:
        command.append("--no-sandbox")  # a browser refuses to start as root with its sandbox
    return [*command, source.as_uri()]


def _run(command: list[str], folder: Path, seconds: float) -> None:
    kept = ("PATH", "SYSTEMROOT", "LANG", "LC_ALL", "LD_LIBRARY_PATH")
    environment = {name: os.environ[name] for name in kept if name in os.environ}
    environment |= {"HOME": str(folder), "TMPDIR": str(folder), "TEMP": str(folder), "TMP": str(folder)}
    try:
        process = subprocess.Popen(  # noqa: S603  our own list, a browser found by name
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=os.name == "posix",
        )
    except OSError as error:
        raise NotPrinted(f"{Path(command[0]).name} could not be started.") from error
    try:
        process.wait(timeout=seconds)
    except subprocess.TimeoutExpired as error:
        raise NotPrinted(f"{Path(command[0]).name} took longer than {seconds:g} s.") from error
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the browser and what it started."""
    if os.name == "posix":
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    elif process.poll() is None:
        process.kill()
    process.wait()
