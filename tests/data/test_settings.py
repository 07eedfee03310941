"""Settings: read from SETIA_* variables, refused in one sentence."""

import pytest

from data.errors import BadSetting
from data.settings import from_environment


def test_an_empty_environment_gives_the_platforms_own_folder_and_duckdb() -> None:
    settings = from_environment({})
    assert settings.engine == "duckdb"
    assert settings.home.is_absolute()


def test_an_unknown_engine_is_refused() -> None:
    with pytest.raises(BadSetting, match="must be duckdb or spark; it is oracle"):
        from_environment({"SETIA_ENGINE": "oracle"})


def test_a_limit_that_is_no_number_is_refused() -> None:
    with pytest.raises(BadSetting, match="SETIA_MAX_COLUMNS must be a whole number"):
        from_environment({"SETIA_MAX_COLUMNS": "many"})
