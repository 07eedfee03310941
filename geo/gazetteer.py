"""Names of places and the points that stand for them, indexed per country on first use.

Built from the reference frames (see ``data/reference/loader.gazetteer_frames``); knows nothing of files.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import geopandas as gpd
import pandas as pd

from geo.names import district_key, key, place_key, region_key, subdistrict_key, village_key
from geo.regions import region_codes

BORDER_KM = 10.0
"""How far the generalised polygons may miss a border or a coast."""

Point = tuple[float, float]
"""Latitude, longitude."""


def squeezed(words: str) -> str:
    """Words without spaces: Tanjung Karang and Tanjungkarang are one name."""
    return words.replace(" ", "")


@dataclass(frozen=True, slots=True)
class Town:
    """A town: its point (lat, lon) and population (0 = not known)."""

    point: Point
    population: int


_Names = dict[str, dict[str | None, list[Town]]]


@dataclass(frozen=True, slots=True)
class Postcode:
    """What a postcode stands for: its regions, the areas it lies in (ID) and a point, if there is one."""

    regions: frozenset[str]
    villages: tuple[str, ...] = ()
    point: Point | None = None


@dataclass
class CountryIndex:
    """The names of one country. All keys are squeezed; area codes are those of the reference frames."""

    regions: dict[str, str] = field(default_factory=dict)
    region_points: dict[str, Point] = field(default_factory=dict)
    towns: _Names = field(default_factory=dict)
    districts: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    subdistricts: dict[str, list[str]] = field(default_factory=dict)
    points: dict[str, Point] = field(default_factory=dict)
    area_regions: dict[str, str] = field(default_factory=dict)
    towns_postcodes: dict[str, Postcode] = field(default_factory=dict)
    village_rows: pd.DataFrame | None = None

    def region_of(self, code: str) -> str | None:
        """Region of a district, sub-district or village code."""
        return self.area_regions.get(code) or self.area_regions.get(code[:5])

    @property
    def has_villages(self) -> bool:
        """Whether the country is known down to its villages."""
        return self.village_rows is not None

    @cached_property
    def villages(self) -> dict[str, list[str]]:
        """Codes of villages by name: 83,000 names, so not before one is asked for."""
        names: dict[str, list[str]] = {}
        if self.village_rows is not None:
            for code, name in zip(*_lists(self.village_rows, "code", "name"), strict=True):
                names.setdefault(squeezed(village_key(name)), []).append(code)
        return names

    def villages_in(self, district: str) -> dict[str, list[str]]:
        """Codes of the villages of one district (its code of five characters) by name."""
        if district not in self._by_district:
            rows = self._district_rows.get(district, ())
            names: dict[str, list[str]] = {}
            for code, name in rows:
                names.setdefault(squeezed(village_key(name)), []).append(code)
            self._by_district[district] = names
        return self._by_district[district]

    @cached_property
    def _by_district(self) -> dict[str, dict[str, list[str]]]:
        return {}

    @cached_property
    def _district_rows(self) -> dict[str, list[tuple[str, str]]]:
        rows: dict[str, list[tuple[str, str]]] = defaultdict(list)
        if self.village_rows is not None:
            for code, name in zip(*_lists(self.village_rows, "code", "name"), strict=True):
                rows[code[:5]].append((code, name))
        return rows

    @cached_property
    def postcodes(self) -> dict[str, Postcode]:
        """What each postcode stands for."""
        if self.village_rows is None:
            return self.towns_postcodes
        rows = self.village_rows[self.village_rows["postcode"].notna()]
        members: dict[str, list[str]] = defaultdict(list)
        for code, postcode in zip(*_lists(rows, "code", "postcode"), strict=True):
            members[postcode].append(code)
        return {postcode: _of_villages(self, codes) for postcode, codes in members.items()}


def _rows(frame: pd.DataFrame) -> Iterator[Any]:
    return frame.itertuples()


def _has_point(row: Any) -> bool:
    return bool(pd.notna(row.lat) and pd.notna(row.lon))


class Gazetteer:
    """All reference places.

    Parameters
    ----------
    regions : GeoDataFrame
        ``code, country, name, name_en, aliases, polygon_code, lon, lat, geometry``.
    countries : DataFrame
        ``code, aliases``.
    towns : DataFrame
        ``name, country, region_code, population, lat, lon, aliases``, largest first within a region.
    areas : DataFrame
        Districts and sub-districts: ``code, level, name, region_code, lat, lon``.
    villages : DataFrame
        Indonesian villages: ``code, name, postcode, lat, lon``.
    postcodes : DataFrame
        Malaysian postcodes: ``postcode, town, region_code, lat, lon``.
    """

    def __init__(
        self,
        regions: gpd.GeoDataFrame,
        countries: pd.DataFrame,
        towns: pd.DataFrame,
        areas: pd.DataFrame,
        villages: pd.DataFrame,
        postcodes: pd.DataFrame,
    ) -> None:
        self.regions = regions
        self._towns, self._areas, self._villages, self._postcodes = towns, areas, villages, postcodes
        self._countries = self._country_names(countries)
        self._built: dict[str, CountryIndex] = {}

    @staticmethod
    def _country_names(countries: pd.DataFrame) -> dict[str, str]:
        names = {squeezed(key(code)): code for code in countries["code"]}
        for row in _rows(countries):
            for name in row.aliases:
                names.setdefault(squeezed(key(name)), str(row.code))
        return names

    def country_code(self, text: object) -> str | None:
        """ISO 3166-1 alpha-2 code of a country's code or name in English, Malay or Indonesian; else None."""
        return self._countries.get(squeezed(key(text)))

    def country(self, code: str) -> CountryIndex:
        """The names of one country (built on first use)."""
        if code not in self._built:
            self._built[code] = self._build(code)
        return self._built[code]

    def _build(self, code: str) -> CountryIndex:
        index = CountryIndex()
        shapes = self.regions[self.regions["country"] == code]
        _add_regions(index, shapes)
        _add_towns(index, self._towns[self._towns["country"] == code], shapes)
        codes = set(shapes["code"])
        _add_areas(index, self._areas[self._areas["region_code"].isin(codes)])
        if code == "ID":
            _add_villages(index, self._villages)
        if code == "MY":
            _add_postcodes(index, self._postcodes)
        return index


def _add_regions(index: CountryIndex, regions: pd.DataFrame) -> None:
    rows = list(_rows(regions))
    for row in rows:
        index.region_points[str(row.code)] = (float(row.lat), float(row.lon))
        index.regions[squeezed(key(row.code))] = str(row.code)
    for names in (lambda r: (r.name, r.name_en), lambda r: r.aliases, lambda r: (r.code.split("-")[1],)):
        _add_names(index, rows, names)


def _add_names(index: CountryIndex, rows: list[Any], names: Any) -> None:
    """Add names of one rank; a name that two regions share belongs to neither."""
    found: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        for name in names(row):
            for words in {squeezed(region_key(name)), squeezed(key(name))} - {""}:
                found[words].add(str(row.code))
    for words, codes in found.items():
        if len(codes) == 1:
            index.regions.setdefault(words, next(iter(codes)))


def _add_towns(index: CountryIndex, towns: pd.DataFrame, regions: gpd.GeoDataFrame) -> None:
    """Own names first; an alias, or the far side of a border, only where no town has the name itself."""
    beside = region_codes(towns["lon"], towns["lat"], regions, BORDER_KM)
    ranks: tuple[_Names, ...] = ({}, {}, {}, {})
    for row, here in zip(_rows(towns), beside, strict=True):
        region = row.region_code if isinstance(row.region_code, str) else None
        town = Town((float(row.lat), float(row.lon)), int(row.population))
        own, others = _town_keys((row.name,)), _town_keys(row.aliases)
        _collect(ranks[0], own, region, town)
        _collect(ranks[2], others - own, region, town)
        if isinstance(here, str) and here != region:
            _collect(ranks[1], own, here, town)
            _collect(ranks[3], others - own, here, town)
    for rank in ranks:
        for words, by_region in rank.items():
            for region, found in by_region.items():
                index.towns.setdefault(words, {}).setdefault(region, found)


def _collect(names: _Names, keys: set[str], region: str | None, town: Town) -> None:
    for words in keys:
        names.setdefault(words, {}).setdefault(region, []).append(town)


def _town_keys(names: Iterable[str]) -> set[str]:
    return {squeezed(place_key(name)) for name in names} - {""}


def _add_areas(index: CountryIndex, areas: pd.DataFrame) -> None:
    for row in _rows(areas):
        code = str(row.code)
        index.area_regions[code] = str(row.region_code)
        if _has_point(row):
            index.points[code] = (float(row.lat), float(row.lon))
        if row.level == "district":
            kind, words = district_key(row.name)
            for spelling in {words, words.removeprefix("kep ").removeprefix("kepulauan ")}:
                index.districts.setdefault(squeezed(spelling), []).append((kind, code))
        else:
            index.subdistricts.setdefault(squeezed(subdistrict_key(row.name)), []).append(code)


def _add_villages(index: CountryIndex, villages: pd.DataFrame) -> None:
    index.village_rows = villages
    placed = villages[villages["lat"].notna() & villages["lon"].notna()]
    for code, lat, lon in zip(*_lists(placed, "code", "lat", "lon"), strict=True):
        index.points[code] = (float(lat), float(lon))


def _of_villages(index: CountryIndex, codes: list[str]) -> Postcode:
    found = {index.region_of(district) for district in {code[:5] for code in codes}}
    return Postcode(frozenset(r for r in found if r), tuple(codes), _middle(index, codes))


def _lists(rows: pd.DataFrame, *columns: str) -> list[list[Any]]:
    return [rows[column].tolist() for column in columns]


def _middle(index: CountryIndex, codes: list[str]) -> Point | None:
    """The middle of a postcode's placed villages, else of its kecamatan when there is but one."""
    points = [index.points[c] for c in codes if c in index.points]
    parents = {c[:8] for c in codes}
    if not points and len(parents) == 1:
        return index.points.get(next(iter(parents)))
    if not points or len(parents) > 1:
        return None
    return sum(p[0] for p in points) / len(points), sum(p[1] for p in points) / len(points)


def _add_postcodes(index: CountryIndex, postcodes: pd.DataFrame) -> None:
    for row in _rows(postcodes):
        point = (float(row.lat), float(row.lon)) if _has_point(row) else None
        region, postcode = str(row.region_code), str(row.postcode)
        known = index.towns_postcodes.get(postcode)
        if known:
            index.towns_postcodes[postcode] = Postcode(known.regions | {region}, (), known.point or point)
        else:
            index.towns_postcodes[postcode] = Postcode(frozenset({region}), (), point)
        if point:
            towns = index.towns.setdefault(squeezed(place_key(row.town)), {})
            towns[region] = [Town(point, 0)]  # the post town is what an address means by the name
