"""Fixtures for everything that runs on both engines."""

from typing import get_args

import pytest

from data.settings import Engine
from tests.conftest import need_java


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(name, marks=[pytest.mark.spark] if name == "spark" else []) for name in get_args(Engine)
    ],
)
def engine(request: pytest.FixtureRequest) -> Engine:
    """Each engine in turn; Spark needs Java."""
    if request.param == "spark":
        need_java()
    chosen: Engine = request.param
    return chosen
