"""Screenshots of every page into docs/screens/, from the sample merchant, offline.

`make screens`. Needs Debian's chromium (or SETIA_CHROMIUM) and writes one PNG a page, size and colour
scheme; the README shows some of them.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page, Route, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs" / "screens"
PAGES = (
    "overview",
    "segments",
    "audiences",
    "retention",
    "value",
    "customer",
    "demo",
    "map",
    "regions",
    "catchments",
    "sites",
    "territories",
    "ads",
    "lookalikes",
    "import",
    "boundaries",
    "people",
    "privacy",
    "quality",
    "about",
)


@dataclass(frozen=True)
class Shot:
    """One way to look at a page: language, size, colour scheme."""

    name: str
    lang: str
    width: int
    height: int
    dark: bool = False


SHOTS = (
    Shot("en", "en", 1440, 900),
    Shot("ms-dark", "ms", 1440, 900, dark=True),
    Shot("id-phone", "id", 390, 844),
)


def main() -> None:
    """Make the sample in a temporary home, serve it, and photograph every page."""
    TARGET.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="setia-screens-") as home:
        environment = {**os.environ, "SETIA_HOME": home}
        subprocess.run([sys.executable, "-m", "data", "sample"], cwd=ROOT, env=environment, check=True)
        with served(environment) as address:
            photograph(address)


@contextmanager
def served(environment: dict[str, str]) -> Iterator[str]:
    """The app on a free port of this machine, until the block ends."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    address = f"http://localhost:{port}"
    try:
        for _ in range(120):
            try:
                urllib.request.urlopen(f"{address}/_stcore/health", timeout=1).close()
                break
            except OSError:
                time.sleep(0.25)
        yield address
    finally:
        server.terminate()
        server.wait(timeout=20)


def photograph(address: str) -> None:
    """Every page in every way of ``SHOTS``; a request that leaves this machine ends the run."""
    outside: list[str] = []

    def keep_inside(route: Route) -> None:
        if route.request.url.startswith((address, "data:", "blob:")):
            route.continue_()
        else:
            outside.append(route.request.url)
            route.abort()

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("SETIA_CHROMIUM", "/usr/bin/chromium"),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"],
        )
        for shot in SHOTS:
            context = browser.new_context(
                viewport={"width": shot.width, "height": shot.height},
                color_scheme="dark" if shot.dark else "light",
            )
            context.route("**/*", keep_inside)
            for name in PAGES:
                page = context.new_page()
                page.goto(f"{address}/{name if name != 'overview' else ''}?lang={shot.lang}")
                settle(page)
                page.screenshot(path=TARGET / f"{name}-{shot.name}.png")
                page.close()
                print(f"{name}-{shot.name}.png")
            context.close()
        browser.close()
    if outside:
        sys.exit(f"The pages asked for {len(outside)} outside addresses, first {outside[0]}")


def settle(page: Page) -> None:
    """Wait until the page has its title, nothing runs, and charts and maps are drawn."""
    page.wait_for_selector("h1", timeout=90_000)
    page.wait_for_selector("[data-testid='stApp'][data-test-script-state='notRunning']", timeout=60_000)
    page.wait_for_function(
        "() => !document.querySelector('[data-testid=stSkeleton], [data-testid=stMain] [class*=Skeleton]')",
        timeout=60_000,
    )
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(2_500)


if __name__ == "__main__":
    main()
