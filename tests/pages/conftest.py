"""The app opened at a page, on the small workspace, as a browser would with an address."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from data import workspaces
from data.settings import Settings
from i18n.translator import translator
from ui.page_list import PAGES

SHELL = Path(__file__).resolve().parents[2] / "ui" / "shell.py"
Open = Callable[..., AppTest]


@pytest.fixture
def open_page(at_home: Path) -> Open:
    """``open_page("customers/segments.py", lang="ms", d="...")``: no exception, no error box.

    ``tab="value.calculator"`` opens that tab of a page whose tabs run only while they are open.
    """

    def opened(page: str, *, tab: str = "", **address: str) -> AppTest:
        app = AppTest.from_file(str(SHELL), default_timeout=60)
        for name, found in address.items():
            app.query_params[name] = found
        if any(known.file == page and known.url_path != Path(page).stem for known in PAGES):
            app.run()  # a page under another name than its file's is found once the pages are known
        if tab:
            name, _, code = tab.partition(".")
            word = translator(address.get("lang", "en"))(f"{name}.tab.{code}")
            app.session_state[f"{name}.tabs"] = word
        app.switch_page(f"../pages/{page}")
        app.run()
        assert not app.exception
        assert not app.error
        return app

    return opened


@pytest.fixture
def open_empty(tmp_path: Path, use_home: Any, monkeypatch: pytest.MonkeyPatch, open_page: Open) -> Open:
    """The same in an installation with one workspace, "kosong", and no data."""
    workspaces.create(tmp_path, "kosong")
    use_home(tmp_path, monkeypatch)
    return open_page


class Browser:
    """Stands where the browser's map would: keeps what it was sent."""

    def __init__(self) -> None:
        self.sent: dict[str, Any] = {}

    def __call__(self, fig: Any, **given: Any) -> dict[str, Any]:
        self.sent = given | {"map": fig}
        return {}

    @property
    def start(self) -> dict[str, Any]:
        """What the map was told as it was made."""
        return next(each.start for each in self.sent["map"]._children.values() if hasattr(each, "start"))

    @property
    def message(self) -> dict[str, Any]:
        return dict(self.sent["feature_group_to_add"].message)


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> Browser:
    made = Browser()
    monkeypatch.setattr("ui.components.place_map.st_folium", made)
    return made


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty installation, for the page Import."""
    chosen = Settings(home=tmp_path / "home")
    for module in ("ui.session", "ui.import_job", "ui.cached.imports"):
        monkeypatch.setattr(f"{module}.settings", lambda: chosen)
    return chosen.home
