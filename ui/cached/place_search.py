"""Find a town, a postcode, a store or a customer on the map."""

from __future__ import annotations

from functools import cache

from data.reference import loader
from geo.names import place_key
from geo.search import Place, Places, collect
from ui import session
from ui.cached import customer, store_list

LIMIT = 6


def find(workspace: str, snapshot: str, text: str) -> list[Place]:
    """The likeliest places of that name; a store's or a customer's ``kind`` is ``store`` or ``customer``.

    Not cached: it holds where a customer lives.
    """
    wanted = text.strip()
    if not wanted:
        return []
    country = session.opened(workspace).config.country
    named = _stores(workspace, snapshot, wanted) + _customer(workspace, snapshot, wanted)
    found = _known().find(wanted, country, LIMIT)
    exact = [place for place in found if place_key(place.name) == place_key(wanted)][:1]
    return [*exact, *named, *(place for place in found if place not in exact)][:LIMIT]


@cache
def _known() -> Places:
    frames = (loader.towns(), loader.areas(), loader.postcodes_my(), loader.villages_id(), loader.regions())
    return Places(collect(*frames))


def _stores(workspace: str, snapshot: str, text: str) -> list[Place]:
    found = []
    every = store_list.every(workspace, snapshot)
    for store in every[every["lat"].notna()].to_dict("records"):
        names = [str(store[column]) for column in ("name", "store_id")]
        if any(text.lower() in name.lower() for name in names):
            found.append(Place("store", names[0], "", float(store["lat"]), float(store["lon"])))
    return found


def _customer(workspace: str, snapshot: str, text: str) -> list[Place]:
    """The customer of exactly that number, if they have a place."""
    hits = customer.search(workspace, snapshot, text)
    if len(hits) != 1 or hits[0].lower() != text.lower():
        return []
    found = customer.profile(workspace, snapshot, hits[0])
    if found is None or found["lat"] is None or found["lon"] is None:
        return []
    return [Place("customer", hits[0], "", float(found["lat"]), float(found["lon"]))]
