"""The real server on a free port, and browser sessions on it, for the memory and map benchmarks."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
from playwright.sync_api import Browser, Page, sync_playwright

_ROOT = Path(__file__).resolve().parents[1]
_READY_SECONDS = 120
_PATIENCE_MS = 180_000


@dataclass
class Running:
    """A running app."""

    url: str
    process: subprocess.Popen[bytes]

    def resident_mb(self) -> float:
        """Memory of the server and its children, MB."""
        parent = psutil.Process(self.process.pid)
        return sum(p.memory_info().rss for p in [parent, *parent.children(recursive=True)]) / 1e6


@contextmanager
def serving(home: Path) -> Iterator[Running]:
    """The app on a home; stopped at the end."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py"]
    command += ["--server.port", str(port), "--server.address", "127.0.0.1"]
    environment = {**os.environ, "SETIA_HOME": str(home)}
    process = subprocess.Popen(
        command, cwd=_ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait(f"http://127.0.0.1:{port}/_stcore/health", process)
        yield Running(f"http://127.0.0.1:{port}", process)
    finally:
        process.terminate()
        process.wait(timeout=30)


@contextmanager
def browsing() -> Iterator[Browser]:
    """A headless Chromium: ``SETIA_CHROMIUM``, else the system's."""
    names = ("chromium", "chromium-browser", "google-chrome", "chrome")
    path = os.environ.get("SETIA_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    with sync_playwright() as made:
        browser = made.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


def visit(browser: Browser, url: str) -> Page:
    """Open a page in a session of its own and wait until its script has ended."""
    page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    page.goto(url)
    page.wait_for_selector("h1, [data-testid='stAlert']", timeout=_PATIENCE_MS)
    page.wait_for_selector("[data-testid='stApp'][data-test-script-state='notRunning']", timeout=_PATIENCE_MS)
    return page


def _wait(health: str, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + _READY_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(health, timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError("The server did not start.")
