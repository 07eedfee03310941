"""The shipped reference data, read once; and each engine in turn."""

from __future__ import annotations

from typing import Any, get_args

import geopandas as gpd
import pytest

from data.engines import connection
from data.reference import loader
from data.settings import Engine
from geo.gazetteer import Gazetteer
from tests.conftest import need_java


@pytest.fixture(scope="session")
def gazetteer() -> Gazetteer:
    return Gazetteer(**loader.gazetteer_frames())


@pytest.fixture(scope="session")
def regions() -> gpd.GeoDataFrame:
    return loader.regions_of("MY,ID")


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(name, marks=[pytest.mark.spark] if name == "spark" else []) for name in get_args(Engine)
    ],
)
def backend(request: pytest.FixtureRequest) -> Any:
    if request.param == "spark":
        need_java()
    return connection(request.param)
