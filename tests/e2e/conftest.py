"""A real server and a real Chromium, cut off from the rest of the world.

``server`` starts the app on a free port with a SETIA_HOME of its own; ``visit`` opens pages in a
Chromium that reaches no host but this machine and remembers every request. A test that made an outside
request fails when it ends, whatever else it found. Motion is reduced, as a reader's system may ask
for: drawing the same animation sixty times a second takes more of a processor than the pages do.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, Request, sync_playwright

from i18n.translator import translator
from tests.conftest import not_run

ROOT = Path(__file__).resolve().parent.parent.parent
READY_SECONDS = 90
PATIENCE_MS = 120_000
POLL_MS = 50
ONLY_THIS_MACHINE = "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1"
QUIET = "[data-testid='stApp'][data-test-script-state='notRunning']"
DRAWN = """() => {
  const state = document.querySelector(".st-key-setia-frame-state");
  return state && getComputedStyle(state).position === "absolute"
    && !document.querySelector("[data-testid='stSkeleton']");
}"""
"""Scripts of widgets and the frame's styles arrive one by one, also after the page's own run."""
TROUBLE = translator("en")("errors.sentence")
CANDIDATES = ("chromium", "chromium-browser", "google-chrome", "chrome")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder drives a browser."""
    here = Path(__file__).parent
    for item in items:
        if here in Path(item.fspath).parents:
            item.add_marker(pytest.mark.browser)


@dataclass
class Server:
    """A running app."""

    url: str
    home: Path
    log: Path

    def at(self, address: str = "") -> str:
        """The full address of a page: ``server.at("retention?lang=ms")``."""
        return f"{self.url}/{address.lstrip('/')}"


@dataclass
class Visitor:
    """A browser tab that sees nothing but the server, and remembers what it was asked for."""

    page: Page
    server: Server
    outside: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def open(self, address: str = "") -> Page:
        """Open a page and wait until it has been drawn."""
        self.page.goto(self.server.at(address))
        return self.settled()

    def settled(self) -> Page:
        """Wait until a title stands there, the script has run to its end and everything is drawn."""
        self.page.wait_for_selector("h1", timeout=PATIENCE_MS)
        quiet = False
        while not quiet:  # a click's script may begin only while this looks
            self.page.wait_for_selector(QUIET, timeout=PATIENCE_MS)
            self.page.wait_for_function(DRAWN, timeout=PATIENCE_MS, polling=POLL_MS)
            self.page.evaluate("() => document.fonts.ready.then(() => true)")
            self.page.wait_for_timeout(300)
            quiet = self.page.locator(QUIET).count() > 0
        return self.page

    def tab(self, words: str) -> None:
        """Open a tab by its name."""
        self.page.get_by_role("tab", name=words, exact=True).click()
        self.settled()

    def press(self, words: str) -> None:
        """Press one of several buttons that stand side by side."""
        self.page.get_by_test_id("stButtonGroup").get_by_text(words, exact=True).first.click()
        self.settled()

    def option(self, box: str, words: str) -> None:
        """Choose from a list, by keyboard and click."""
        field = self.page.get_by_role("combobox", name=re.compile(f"{re.escape(box)}$")).first
        field.scroll_into_view_if_needed()
        self.settled()  # a list closes when the page still scrolls
        field.focus()
        field.press("ArrowDown")
        self.page.get_by_role("option", name=words, exact=True).click()
        self.settled()

    def sound(self) -> None:
        """The page is whole: no error box, nothing in the browser's console."""
        self.settled()
        assert TROUBLE not in self.page.locator("body").inner_text()
        assert self.problems == []


def chromium_path() -> str | None:
    """Where Chromium lies: ``SETIA_CHROMIUM``, else what the system has."""
    named = os.environ.get("SETIA_CHROMIUM")
    if named:
        return named if Path(named).is_file() else None
    return next((found for name in CANDIDATES if (found := shutil.which(name))), None)


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser; without one the tests do not run, loudly, and fail in CI."""
    found = chromium_path()
    if found is None:
        not_run("NO CHROMIUM: the browser tests DID NOT RUN. Install chromium or set SETIA_CHROMIUM.")
    return found


@pytest.fixture(scope="session")
def _playwright() -> Iterator[Playwright]:
    with sync_playwright() as made:
        yield made


@pytest.fixture(scope="session")
def browser(_playwright: Playwright, chromium: str) -> Iterator[Browser]:
    """One browser for all tests; each test has a context of its own."""
    made = _playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", ONLY_THIS_MACHINE])
    yield made
    made.close()


@contextmanager
def servers(folders: pytest.TempPathFactory) -> Iterator[Callable[[Path], Server]]:
    """A function that starts a fresh server on a home; all of them are stopped at the end."""
    running: list[subprocess.Popen[bytes]] = []

    def start(home: Path) -> Server:
        port = free_port()
        log = folders.mktemp("server") / "log.txt"
        command = [sys.executable, "-m", "streamlit", "run", "app.py"]
        command += ["--server.port", str(port), "--server.address", "127.0.0.1"]
        with log.open("wb") as out:
            process = subprocess.Popen(
                command,
                cwd=ROOT,
                env={**os.environ, "SETIA_HOME": str(home)},
                stdout=out,
                stderr=subprocess.STDOUT,
            )
        running.append(process)
        server = Server(f"http://127.0.0.1:{port}", home, log)
        wait_until_ready(server, process)
        return server

    try:
        yield start
    finally:
        for process in running:
            process.terminate()
        for process in running:
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()


@pytest.fixture(scope="module")
def start_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[Path], Server]]:
    """A function that starts a fresh server on a home; stopped after the last test of the file."""
    with servers(tmp_path_factory) as start:
        yield start


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory, small_home: Path) -> Iterator[Server]:
    """The app on the small workspace, for tests that do not change it."""
    with servers(tmp_path_factory) as start:
        yield start(small_home)


@contextmanager
def visits(browser: Browser) -> Iterator[Callable[..., Visitor]]:
    """A function that opens sessions; all of them are closed at the end, and none asked outside."""
    contexts: list[BrowserContext] = []
    visitors: list[Visitor] = []

    def open_session(server: Server, **options: object) -> Visitor:
        usual = {"viewport": {"width": 1440, "height": 900}, "locale": "en-GB", "reduced_motion": "reduce"}
        context = browser.new_context(**{**usual, **options})  # type: ignore[arg-type]
        contexts.append(context)
        visitor = Visitor(context.new_page(), server)
        visitors.append(visitor)
        context.on("request", lambda request: _note_outside(request, visitor))
        context.on("page", lambda page: visitor.outside.append(f"new window {page.url}"))
        visitor.page.on("pageerror", lambda error: visitor.problems.append(str(error)))
        visitor.page.on("dialog", lambda dialog: (visitor.problems.append(dialog.message), dialog.dismiss()))
        return visitor

    yield open_session
    for context in contexts:
        context.close()
    assert [url for visitor in visitors for url in visitor.outside] == [], "requests left the machine"


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., Visitor]]:
    """A function that opens a new browser session on a server.

    Keyword arguments go to Playwright's ``new_context`` (``viewport``, ``color_scheme`` ...). When
    the test ends, any outside request of any of its sessions fails it.
    """
    with visits(browser) as open_session:
        yield open_session


@pytest.fixture(scope="module")
def stay(browser: Browser) -> Iterator[Callable[..., Visitor]]:
    """As ``visit``, for sessions in which all tests of a file follow one another.

    The next page of a session comes out of the browser's cache, as it does for every reader.
    """
    with visits(browser) as open_session:
        yield open_session


@pytest.fixture
def visitor(visit: Callable[..., Visitor], server: Server) -> Visitor:
    """A desktop session on the small workspace."""
    return visit(server)


def _note_outside(request: Request, visitor: Visitor) -> None:
    parts = urlsplit(request.url)
    if parts.scheme in ("data", "blob") or f"{parts.scheme}://{parts.netloc}" == visitor.server.url:
        return
    visitor.outside.append(request.url)


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def wait_until_ready(server: Server, process: subprocess.Popen[bytes]) -> None:
    """Wait until the server answers; fail with its log when it does not."""
    end = time.monotonic() + READY_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(server.at("_stcore/health"), timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    pytest.fail(f"The server did not start:\n{server.log.read_text(errors='replace')[-4000:]}")
