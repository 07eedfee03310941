"""The app opened at a page, on the small workspace, as a browser would with an address."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from i18n.translator import translator

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
        app.run()
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
