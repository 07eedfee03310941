"""A map loads every script and style from this app (without internet the default map is blank)."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import folium
import pytest
from branca.colormap import LinearColormap
from folium.plugins import HeatMap

from charts.maps.assets import ROOT, refuse_outside
from charts.maps.base import base_map
from i18n.translator import translator

HERE = Path(__file__).resolve().parents[3]
STATIC = HERE / "ui" / "static"
EXTENT = (1.0, 99.5, 7.0, 104.5)


def test_every_link_of_the_map_is_a_file_of_this_app() -> None:
    parts = [folium.Map, folium.plugins.Draw]
    links = [url for part in parts for _, url in [*part.default_js, *part.default_css]]
    assert len(links) == 7
    for url in links:
        assert url.startswith(f"{ROOT}/")
        assert (STATIC / url.removeprefix(f"{ROOT}/").partition("?")[0]).is_file()


def test_a_plugin_with_outside_links_is_refused() -> None:
    fig = base_map(EXTENT, translator("en"))
    HeatMap([[3.1, 101.7]]).add_to(fig)
    with pytest.raises(ValueError, match=r"HeatMap loads .* from outside"):
        refuse_outside(fig)


def test_a_colour_map_that_would_fetch_d3_is_refused() -> None:
    fig = base_map(EXTENT, translator("en"))
    fig.add_child(LinearColormap(["white", "black"]))
    with pytest.raises(ValueError, match="loads d3 from outside"):
        refuse_outside(fig)


def test_tiles_are_off_unless_asked_for() -> None:
    quiet = base_map(EXTENT, translator("en")).get_root().render()
    online = base_map(EXTENT, translator("en"), tiles=True).get_root().render()
    assert "https://" not in quiet.replace("http://www.w3.org", "")
    assert "https://tile.openstreetmap.org" in online


def test_vendored_files_are_the_pinned_ones() -> None:
    check = [sys.executable, str(HERE / "tools" / "vendor_assets.py"), "--check"]
    done = subprocess.run(check, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_the_base_map_has_the_states_of_malaysia_and_indonesia_and_three_languages() -> None:
    base = json.loads((STATIC / "maps" / "basemap.json").read_text(encoding="utf-8"))
    codes = [feature["properties"]["code"] for feature in base["regions"]["features"]]
    assert sum(code.startswith("MY-") for code in codes) == 16
    assert (
        sum(code.startswith("ID-") for code in codes) == 33
    )  # polygons; younger provinces are in their parents'
    assert {"name", "name_ms", "name_id", "at"} <= base["countries"]["features"][0]["properties"].keys()
    assert (STATIC / "maps" / "basemap.json").stat().st_size < 2_000_000
