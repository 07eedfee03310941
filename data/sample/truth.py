"""What is true of the sample and no merchant could see: to ask whether models find it again."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from data.sample.acquisition import SOURCES
from data.sample.delivery import COURIERS, ZONES
from data.sample.homes import Homes
from data.sample.orders import PURCHASE, Orders
from data.sample.parameters import DAYS, FIRST_DAY, LAST_DAY, Parameters
from data.sample.people import moments
from data.sample.places import Texts
from data.sample.process import Latent
from data.sample.season import Season
from data.sample.stores import DISTANCE_DECAY, REACH_KM

LATENT = "latent.parquet"
SEASON = "season.parquet"
FACTS = "parameters.json"


@dataclass(frozen=True, slots=True)
class Truth:
    """``facts`` (JSON-able), ``latent`` (one row per customer of the process), ``season`` (per day)."""

    facts: dict[str, Any]
    latent: pd.DataFrame
    season: pd.DataFrame

    def as_json(self) -> Any:
        """The facts as they are read back from the file."""
        return json.loads(json.dumps(self.facts))


def truth(
    parameters: Parameters,
    season: Season,
    seed: int,
    pure: bool,
    latent: Latent,
    home: Homes,
    ids: Texts,
    orders: Orders,
) -> Truth:
    """Gather the truth of a sample.

    Returns
    -------
    Truth
        ``latent``: ``customer_id``, ``rate_per_week`` (lambda), ``dropout_per_week`` (mu), ``entered_at``,
        ``left_at`` (empty: later than 2262), ``alive`` at the end of the data, ``mean_order_value``,
        ``purchases``, ``lat``, ``lon``, ``distance_km``. ``season``: ``day``, ``weight``.
    """
    n = len(latent.rate)
    mine = (orders.customer >= 0) & (orders.customer < n) & (orders.outcome == PURCHASE)
    purchases = np.bincount(orders.customer[mine], minlength=n)
    known = np.where(latent.left < 80_000.0, latent.left, np.nan)
    table = pd.DataFrame(
        {
            "customer_id": ids[:n],
            "rate_per_week": latent.rate,
            "dropout_per_week": latent.dropout,
            "entered_at": moments(latent.entered),
            "left_at": moments(known),
            "alive": latent.alive,
            "mean_order_value": latent.mean_value,
            "purchases": purchases,
            "lat": home.lat[:n],
            "lon": home.lon[:n],
            "distance_km": home.distance_km[:n],
        }
    )
    days = pd.date_range(FIRST_DAY, LAST_DAY, freq="D")
    return Truth(
        facts=_facts(parameters, seed, pure),
        latent=table.sort_values("customer_id", ignore_index=True),
        season=pd.DataFrame({"day": days, "weight": season.weights}),
    )


def write_truth(made: Truth, folder: Path) -> None:
    """Write the truth as two Parquet files and one JSON file into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    made.latent.to_parquet(folder / LATENT, index=False)
    made.season.to_parquet(folder / SEASON, index=False)
    text = json.dumps(made.facts, indent=2, ensure_ascii=False)
    (folder / FACTS).write_text(text + "\n", encoding="utf-8")


def _facts(parameters: Parameters, seed: int, pure: bool) -> dict[str, Any]:
    country = parameters.country
    return {
        "seed": seed,
        "pure": pure,
        "first_day": FIRST_DAY.isoformat(),
        "last_day": LAST_DAY.isoformat(),
        "days": DAYS,
        "unit_of_rates": "per week",
        "parameters": asdict(parameters),
        "store_choice": {"model": "Huff", "distance_exponent": DISTANCE_DECAY},
        "homes": {"reach_km": REACH_KM},
        "acquisition": [asdict(source) for source in SOURCES[country]],
        "couriers": [asdict(courier) for courier in COURIERS[country]],
        "zones": [asdict(zone) for zone in ZONES[country]],
    }
