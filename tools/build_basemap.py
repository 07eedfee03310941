"""Write the offline base map the browser draws, ``ui/static/maps/basemap.json``, from ``data/reference``.

``python tools/build_basemap.py`` after the reference data changed. South-East Asia is drawn with states
and a coast to about 300 m, the rest of the world as countries to about 5 km; names of countries in three
languages. For looking at only: customers are assigned to regions with the full polygons.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import pandas as pd
import shapely

HERE: Final = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(HERE))

from data.reference import loader  # noqa: E402

TARGET: Final = HERE / "ui" / "static" / "maps" / "basemap.json"
HOME: Final = ("MY", "ID", "SG", "BN")
"""Countries with states drawn in full detail; ``NEAR`` with the simplified ones."""
NEAR: Final = ("TH", "PH", "VN", "TL", "KH", "LA", "MM", "PG")
TOLERANCE: Final = 0.003
COARSE: Final = 0.05
TOWN_POPULATION: Final = {
    "MY": 0,
    "SG": 0,
    "BN": 0,
    "ID": 8_000,
    "TH": 40_000,
    "PH": 60_000,
    "VN": 60_000,
    "TL": 10_000,
}


def build() -> dict[str, Any]:
    """The base map: ``countries`` and ``regions`` (GeoJSON), ``towns`` (name, lat, lon, population)."""
    regions = _regions()
    return {"countries": _collection(_countries(regions)), "regions": _collection(regions), "towns": _towns()}


def _regions() -> gpd.GeoDataFrame:
    full = loader.regions()
    full = full[full.geometry.notna()]
    home = full[full["country"].isin(HOME) & (full["polygon_code"] == full["code"])].copy()
    home["geometry"] = shapely.coverage_simplify(home.geometry.to_numpy(), TOLERANCE)
    light = loader.regions_light()
    near = light[light["country"].isin(NEAR)].copy()
    frame = gpd.GeoDataFrame(pd.concat([home, near], ignore_index=True), crs=4326)
    frame = frame[["code", "country", "name", "geometry"]].sort_values("code")
    points = frame.geometry.map(_label_point)
    return frame.assign(level=1, at=[[round(p.y, 3), round(p.x, 3)] for p in points])


def _countries(regions: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    frame = loader.countries()[["code", "name", "name_ms", "name_id", "geometry"]].copy()
    frame["geometry"] = frame.geometry.simplify(COARSE)
    for country in HOME:  # one coast for the land and its states
        detailed = shapely.union_all(
            regions.loc[regions["country"] == country, "geometry"].to_numpy(), grid_size=0.0005
        )
        frame.loc[frame["code"] == country, "geometry"] = gpd.GeoSeries(
            [detailed] * int((frame["code"] == country).sum())
        ).to_numpy()
    frame = frame[~frame.geometry.is_empty]
    points = frame.geometry.map(_label_point)
    return frame.assign(level=0, at=[[round(p.y, 2), round(p.x, 2)] for p in points])


def _label_point(shape: Any) -> Any:
    parts = shapely.get_parts(shape)
    largest = parts[int(shapely.area(parts).argmax())]
    middle = shapely.centroid(largest)
    return middle if shapely.contains(largest, middle) else shapely.point_on_surface(largest)


def _collection(frame: gpd.GeoDataFrame) -> dict[str, Any]:
    features = []
    for row in frame.to_dict("records"):
        shape = shapely.set_precision(row.pop("geometry"), 0.001 if row["level"] else 0.002, mode="pointwise")
        geometry = json.loads(shapely.to_geojson(shape))
        properties = {name: value for name, value in row.items() if value is not None}
        features.append({"type": "Feature", "properties": properties, "geometry": _rounded(geometry)})
    return {"type": "FeatureCollection", "features": features}


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 3)
    if isinstance(value, list):
        return [_rounded(item) for item in value]
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    return value


def _towns() -> list[list[Any]]:
    towns = loader.towns()
    least = towns["country"].map(TOWN_POPULATION)
    kept = towns[least.notna() & (towns["population"] >= least) & (towns["population"] > 0)]
    kept = kept.sort_values(["population", "id"], ascending=[False, True])
    columns = zip(kept["name"], kept["lat"].round(3), kept["lon"].round(3), kept["population"], strict=True)
    return [[name, float(lat), float(lon), int(people)] for name, lat, lon, people in columns]


if __name__ == "__main__":
    TARGET.write_text(
        json.dumps(build(), ensure_ascii=False, separators=(",", ":"), allow_nan=False) + "\n",
        encoding="utf-8",
    )
    print(f"{TARGET}: {TARGET.stat().st_size / 1e6:.2f} MB")
