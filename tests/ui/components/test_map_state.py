"""What the browser reports about the map, and what of it is new."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ui.components.map_state import MapState, Selection, Shape, shapes

SQUARE = {
    "type": "Feature",
    "properties": {},
    "geometry": {"type": "Polygon", "coordinates": [[[101, 3], [102, 3], [102, 4], [101, 4], [101, 3]]]},
}
CIRCLE = {
    "type": "Feature",
    "properties": {"radius": 5000.0},
    "geometry": {"type": "Point", "coordinates": [101.5, 3.1]},
}


def seen(drawings: Any = None, pick: str = "", clicks: int = 0, zoom: int = 9) -> dict[str, Any]:
    active = (
        {"type": "Feature", "properties": {"pick": pick}, "geometry": {}}
        if pick
        else (drawings or [None])[-1]
    )
    return {
        "bounds": {"_southWest": {"lat": 2.0, "lng": 100.0}, "_northEast": {"lat": 4.0, "lng": 103.0}},
        "center": {"lat": 3.0, "lng": 101.5},
        "zoom": zoom,
        "all_drawings": drawings,
        "last_active_drawing": active,
        "last_object_clicked_count": clicks,
    }


@pytest.fixture
def state() -> MapState:
    return MapState("kedai")


def test_the_view_is_what_the_browser_shows(state: MapState) -> None:
    state.read(seen())
    assert state.view is not None
    assert (state.view.box, state.view.zoom, state.view.middle) == ((2, 100, 4, 103), 9, (3, 101.5))


def test_a_first_answer_without_a_middle_is_not_a_view(state: MapState) -> None:
    state.read(
        {"bounds": {"_southWest": {"lat": None, "lng": None}, "_northEast": {"lat": None, "lng": None}}}
    )
    assert state.view is None


def test_drawings_that_cannot_be_read_are_counted(state: MapState) -> None:
    line = {"type": "Feature", "properties": {}, "geometry": {"type": "LineString", "coordinates": [[1, 2]]}}
    state.read(seen([SQUARE, line, {"geometry": None}]))
    assert (len(state.drawings), state.unread) == (1, 2)
    state.read(seen([SQUARE]))
    assert state.unread == 0


def test_a_click_selects_and_panning_keeps_it(state: MapState) -> None:
    state.read(seen(pick="cell:9/1/2", clicks=1))
    state.read(seen(pick="cell:9/1/2", clicks=1, zoom=11))
    assert state.selection == Selection("cell", "9/1/2")


def test_a_drawn_area_wins_over_the_click_before_it(state: MapState) -> None:
    state.read(seen(pick="region:MY-10", clicks=1))
    state.read(seen([SQUARE], clicks=2))
    assert state.selection == Selection("shape", shapes=shapes([SQUARE]))


def test_a_click_after_drawing_selects_what_was_clicked(state: MapState) -> None:
    state.read(seen([SQUARE], clicks=1))
    state.read(seen([SQUARE], pick="store:0", clicks=2))
    assert state.selection == Selection("store", "0")
    assert len(state.drawings) == 1


def test_clearing_is_not_undone_by_the_next_report_of_the_same_drawing(state: MapState) -> None:
    state.read(seen([SQUARE], clicks=1))
    state.clear()
    state.read(seen([SQUARE], clicks=1, zoom=10))
    assert (state.selection, state.drawings, state.cleared) == (None, (), 1)


def test_removing_the_last_drawing_ends_its_summary(state: MapState) -> None:
    state.read(seen([SQUARE], clicks=1))
    state.read({**seen([], clicks=2), "last_active_drawing": SQUARE})
    assert state.selection is None


def test_a_map_made_anew_starts_where_the_person_looked_and_keeps_the_drawing(state: MapState) -> None:
    state.read(seen([SQUARE], clicks=3))
    state.remount(("ms",))
    state.read(seen(None, clicks=0))
    assert state.mount_view == state.view
    assert state.selection == Selection("shape", shapes=shapes([SQUARE]))


def test_a_circle_keeps_its_radius_in_metres() -> None:
    (circle,) = shapes([CIRCLE])
    assert circle == Shape((((101.5, 3.1),),), 5000.0)
    assert circle.feature() == CIRCLE


def test_a_rectangle_comes_back_as_it_was_drawn() -> None:
    (square,) = shapes([SQUARE])
    assert square.feature() == SQUARE


@given(
    st.recursive(
        st.none() | st.floats() | st.text(max_size=5),
        lambda x: (
            st.lists(x, max_size=4)
            | st.dictionaries(
                st.sampled_from(
                    ["type", "geometry", "properties", "coordinates", "radius", "pick", "lat", "lng"]
                ),
                x,
                max_size=4,
            )
        ),
        max_leaves=12,
    )
)
@example("INF")
def test_nothing_a_browser_reports_raises(junk: Any) -> None:
    state = MapState("kedai")
    for key in (
        "bounds",
        "center",
        "zoom",
        "all_drawings",
        "last_active_drawing",
        "last_object_clicked_count",
    ):
        state.read({**seen(), key: junk})
    assert shapes([junk, {"geometry": junk}, {"geometry": {"type": "Polygon", "coordinates": junk}}]) == ()
