"""Slow work shows how far it is, can be cancelled, and is taken up again when somebody says so."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from i18n.translator import translator


def halfway() -> None:
    import streamlit as st

    from i18n.translator import translator
    from ui.components.working import working

    with working("Counting", "count", translator("en"), after=0.0) as tell:
        tell(0.5, "Adding up")
        st.stop()  # the browser sees this while the work goes on


def done() -> None:
    import streamlit as st

    from i18n.translator import translator
    from ui.components.working import working

    with working("Counting", "count", translator("en"), after=st.session_state.get("after", 0.0)) as tell:
        st.session_state["went_on"] = tell(0.5)
    st.markdown("done")


def refused() -> None:
    import streamlit as st

    from i18n.translator import translator
    from ui.components.working import working

    try:
        with working("Counting", "count", translator("en"), after=0.0) as tell:
            tell(0.1)
            raise ValueError
    except ValueError:
        st.markdown("refused")


def test_a_press_on_cancel_ends_it_until_somebody_wants_it_after_all() -> None:
    t, app = translator("en"), AppTest.from_function(halfway).run()
    assert [button.label for button in app.button] == [t("working.cancel")]
    app.button(key="count.cancel").click().run()
    assert [each.value for each in app.markdown] == [t("working.stopped")]
    app.button(key="count.again").click().run()
    assert [button.label for button in app.button] == [t("working.cancel")]


@pytest.mark.parametrize("after", [0.0, 60.0])
def test_what_is_done_leaves_nothing_behind(after: float) -> None:
    app = AppTest.from_function(done)
    app.session_state["after"] = after
    app.run()
    assert [each.value for each in app.markdown] == ["done"]
    assert not app.button
    assert app.session_state["went_on"] is True


def test_what_cannot_be_worked_out_leaves_no_bar() -> None:
    app = AppTest.from_function(refused).run()
    assert [each.value for each in app.markdown] == ["refused"]
    assert not app.button
