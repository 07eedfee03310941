"""Fixtures for everything that runs on both engines."""

import shutil
from typing import get_args

import pytest

from data.settings import Engine


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(name, marks=[pytest.mark.spark] if name == "spark" else []) for name in get_args(Engine)
    ],
)
def engine(request: pytest.FixtureRequest) -> Engine:
    """Each engine in turn; Spark needs Java."""
    if request.param == "spark" and shutil.which("java") is None:
        pytest.skip("Java is missing: the Spark tests did not run")
    chosen: Engine = request.param
    return chosen
