"""Areas around places: every point of the land belongs to the nearest place, and to one only."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from data.reference import loader
from geo.regions import assign
from geo.voronoi import nearest_areas


def test_every_point_of_the_land_belongs_to_the_nearest_place() -> None:
    rng = np.random.default_rng(1)
    lon, lat = rng.uniform(100, 104, 60), rng.uniform(1, 7, 60)
    land = shapely.box(99.5, 0.5, 104.5, 7.5)
    shapes = nearest_areas(lon, lat, land)
    x, y = rng.uniform(99.6, 104.4, 800), rng.uniform(0.6, 7.4, 800)
    stretch = np.cos(np.radians(lat.mean()))
    away = ((x[:, None] - lon) * stretch) ** 2 + (y[:, None] - lat) ** 2
    import geopandas as gpd

    found = assign(x, y, gpd.GeoDataFrame(geometry=shapes, crs=4326))
    ranked = np.sort(away, axis=1)
    clear = ranked[:, 1] - ranked[:, 0] > 1e-9
    assert (found[clear] == away.argmin(axis=1)[clear]).all()
    assert shapely.area(shapes).sum() == pytest.approx(shapely.area(land))


def test_areas_end_at_the_coast() -> None:
    land = shapely.union_all(loader.regions_of("MY").geometry.dropna().to_numpy())
    shapes = nearest_areas([101.7, 103.7, 115.9], [3.1, 1.5, 5.9], land)
    assert shapely.area(shapes).sum() == pytest.approx(shapely.area(land), rel=1e-6)
    assert all(shapely.is_valid(shapes))


@pytest.mark.parametrize("lon", [[101.0], [101.0, 101.0]])
def test_one_place_or_two_at_one_point_are_refused(lon: list[float]) -> None:
    with pytest.raises(ValueError, match="two places"):
        nearest_areas(lon, [3.0] * len(lon), shapely.box(0, 0, 1, 1))
