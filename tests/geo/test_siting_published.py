"""Published instances: OR-Library's p-medians and San Francisco's stores (when their files are there)."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import shortest_path

from geo.siting import max_coverage, p_median, set_cover
from tests.geo.reference_data import folder

NAMES = [f"pmed{number}" for number in (1, 2, 6, 10, 11, 16, 20, 21, 26, 31)]


def orlib(where: Path, name: str) -> tuple[np.ndarray, int, float]:
    """Beasley (1985): of duplicate edges the last counts; costs are shortest paths; every vertex is both."""
    numbers = np.array((where / f"{name}.txt").read_text().split(), dtype=int)
    n, edges, p = numbers[:3]
    length = {}
    for one, other, cost in numbers[3 : 3 + 3 * edges].reshape(-1, 3):
        length[min(one, other) - 1, max(one, other) - 1] = cost
    ends = np.array(list(length))
    graph = csr_matrix((list(length.values()), (ends[:, 0], ends[:, 1])), shape=(n, n))
    optima = dict(
        line.split()[:2] for line in (where / "pmedopt.txt").read_text().splitlines()[1:] if line.strip()
    )
    return shortest_path(graph, directed=False), int(p), float(optima[name])


@pytest.mark.parametrize("name", NAMES)
def test_orlib_instances_are_solved_within_a_thousandth_and_bounded(name):
    cost, p, optimum = orlib(folder("orlib"), name)
    found = p_median(cost, np.ones(len(cost)), p, time_limit=2)
    assert optimum - 1e-6 <= found.objective <= 1.001 * optimum
    assert 0.985 * optimum <= found.lower_bound <= optimum + 1e-6
    assert not found.proved or found.objective == pytest.approx(optimum)
    assert len(set(found.sites)) == p
    assert found.objective == pytest.approx(cost[np.arange(len(cost)), found.assignment].sum())


@pytest.fixture(scope="module")
def san_francisco() -> tuple[np.ndarray, np.ndarray, list[str]]:
    where = folder("sf")
    with (where / "SF_demand_205_centroid_uniform_weight.csv").open() as file:
        tracts = {
            row["NAME"]: (place, float(row["POP2000"])) for place, row in enumerate(csv.DictReader(file))
        }
    with (where / "SF_store_site_16_longlat.csv").open() as file:
        stores = {row["NAME"]: place for place, row in enumerate(csv.DictReader(file))}
    cost = np.full((len(tracts), len(stores)), np.nan)
    with (where / "SF_network_distance_candidateStore_16_censusTract_205_new.csv").open() as file:
        for row in csv.DictReader(file):
            cost[tracts[row["DestinationName"]][0], stores[row["name"]]] = float(row["distance"])
    return cost, np.array([people for _, people in tracts.values()]), list(stores)


def test_san_francisco_p_median(san_francisco):
    cost, demand, stores = san_francisco
    found = p_median(cost, demand, 4)
    assert round(found.objective, 2) == 2_848_268_129.71
    assert round(found.objective / demand.sum(), 3) == 2_982.127
    assert found.proved
    assert [stores[site] for site in found.sites] == ["Store_2", "Store_11", "Store_12", "Store_15"]


def test_san_francisco_coverage(san_francisco):
    cost, demand, _ = san_francisco
    found = max_coverage(cost, demand, 4, 5_000)
    assert found.objective == 875_247
    assert found.proved
    assert demand.sum() == 955_113


def test_san_francisco_set_cover(san_francisco):
    found = set_cover(san_francisco[0], 5_000)
    assert found.objective == found.lower_bound == 8
    assert found.proved
