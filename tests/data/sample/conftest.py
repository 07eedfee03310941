"""Both sample merchants, made once."""

from __future__ import annotations

import pytest

from data.sample.make import Sample, make


@pytest.fixture(scope="session")
def chain() -> Sample:
    return make("sample")


@pytest.fixture(scope="session")
def web_shop() -> Sample:
    return make("sample-id")


@pytest.fixture(scope="session")
def pure_chain() -> Sample:
    return make("sample", pure=True)


@pytest.fixture(params=["sample", "sample-id"])
def either(request: pytest.FixtureRequest, chain: Sample, web_shop: Sample) -> Sample:
    return chain if request.param == "sample" else web_shop
