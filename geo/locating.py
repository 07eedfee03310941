"""One address -> the best point that its names give, always within the stated state and country.

From fine to coarse: village, sub-district, postcode, district, town, region. (A postcode is finer than a
district: an Indonesian one lies in one kecamatan, a Malaysian one names a town.) A name counts only where it
is found inside what is stated above it; a name that two states share is used only when the state is known.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from geo.distance import haversine_km
from geo.gazetteer import CountryIndex, Gazetteer, Point, Postcode, Town, squeezed
from geo.names import EITHER, KOTA, district_key, key, place_key, region_key, subdistrict_key, village_key

COUNTRY_UNKNOWN: Final = "country_unknown"
REGION_UNKNOWN: Final = "region_unknown"
POSTCODE_UNKNOWN: Final = "postcode_unknown"
POSTCODE_ELSEWHERE: Final = "postcode_elsewhere"
PLACE_UNKNOWN: Final = "place_unknown"
AMBIGUOUS: Final = "ambiguous"
POINT_UNKNOWN: Final = "point_unknown"
"""The name is known, but the reference data has no point for it."""
NO_ADDRESS: Final = "no_address"

POSTCODE_DIGITS: Final = {"MY": 5, "ID": 5}
NEAR_KM: Final = 50.0
SAME_PLACE_KM: Final = 5.0
DOMINANT: Final = 10
"""A town this many times larger than its namesakes in the same state is the one that is meant."""

_NOT_DIGITS: Final = re.compile(r"\D+")
_DECIMALS: Final = re.compile(r"\.0+$")


class Address(NamedTuple):
    """The address columns of one customer; empty strings where nothing is stated."""

    postcode: str = ""
    village: str = ""
    subdistrict: str = ""
    district: str = ""
    city: str = ""
    region: str = ""
    country: str = ""


@dataclass(slots=True)
class Located:
    """Where an address lies: point (or None), precision, codes, and what was wrong with it."""

    point: Point | None = None
    precision: str = "none"
    region: str | None = None
    country: str | None = None
    problem: str = ""
    problem_field: str = ""


def clean_postcode(text: str, country: str) -> str:
    """A postcode's digits with the leading zeros a spreadsheet lost; other countries: letters and digits.

    Examples
    --------
    >>> clean_postcode("5000", "MY"), clean_postcode("40115.0", "ID"), clean_postcode("'08000", "MY")
    ('05000', '40115', '08000')
    """
    length = POSTCODE_DIGITS.get(country)
    if length is None:
        return squeezed(key(text))
    digits = _NOT_DIGITS.sub("", _DECIMALS.sub("", text.strip()))
    return digits.zfill(length) if length - 1 <= len(digits) <= length else digits


def locate(address: Address, gazetteer: Gazetteer, default_country: str) -> Located:
    """The best point for one address.

    Parameters
    ----------
    address : Address
    gazetteer : Gazetteer
    default_country : str
        ISO 3166-1 code, used when the address states no country.

    Returns
    -------
    Located
        ``precision`` is a code of ``GEO_PRECISIONS`` other than ``exact``; ``problem`` "" or a code of
        this module, ``problem_field`` the column it was found in.
    """
    stated = bool(key(address.country))
    country = gazetteer.country_code(address.country) if stated else default_country
    if country is None:
        return Located(problem=COUNTRY_UNKNOWN, problem_field="country")
    return _Search(address, gazetteer.country(country), country).run()


@dataclass(slots=True)
class _Search:
    """The state of one search; ``problems`` in the order in which they were met."""

    address: Address
    index: CountryIndex
    country: str
    region: str | None = None
    postcode: Postcode | None = None
    known_field: str = ""
    problems: list[tuple[str, str]] = field(default_factory=list)

    def run(self) -> Located:
        if not any(key(text) for text in self.address[:-1]):
            return Located(country=self.country, problem=NO_ADDRESS)
        self._find_region()
        self._find_postcode()
        point, precision = self._by_areas() if self.index.has_villages else self._by_towns()
        if point is None and self.region:
            point, precision = self.index.region_points.get(self.region), "region"
        if point is None:
            precision = "none"
        problem, where = self._problem(precision)
        return Located(point, precision, self.region, self.country, problem, where)

    def _problem(self, precision: str) -> tuple[str, str]:
        """The gravest problem; an unknown name matters only when the row is placed coarsely for it."""
        coarse = precision in ("region", "none")
        kept = [
            p for p in self.problems if p[0] not in (PLACE_UNKNOWN, AMBIGUOUS) or coarse or p[1] != "village"
        ]
        if precision in ("village", "subdistrict", "postcode"):
            kept = [p for p in kept if p[0] not in (PLACE_UNKNOWN, AMBIGUOUS)]
        if coarse and self.known_field:
            kept = [p for p in kept if p[0] != PLACE_UNKNOWN] or [(POINT_UNKNOWN, self.known_field)]
        if kept:
            return kept[0]
        return (PLACE_UNKNOWN, "") if precision == "none" else ("", "")

    def _find_region(self) -> None:
        text = self.address.region
        if not key(text):
            return
        found = self.index.regions.get(squeezed(region_key(text))) or self.index.regions.get(
            squeezed(key(text))
        )
        if found is None:
            self.problems.append((REGION_UNKNOWN, "region"))
        self.region = found

    def _find_postcode(self) -> None:
        text = self.address.postcode
        if not key(text) or not self.index.postcodes:
            return
        found = self.index.postcodes.get(clean_postcode(text, self.country))
        if found is None:
            self.problems.append((POSTCODE_UNKNOWN, "postcode"))
        elif self.region and self.region not in found.regions:
            self.problems.append((POSTCODE_ELSEWHERE, "postcode"))
        else:
            self.postcode, self.known_field = found, "postcode"
            if self.region is None and len(found.regions) == 1:
                self.region = next(iter(found.regions))

    # Indonesia: the official lists of kabupaten, kecamatan and villages

    def _by_areas(self) -> tuple[Point | None, str]:
        district = self._district()
        subdistrict = self._subdistrict(district)
        village = self._village(subdistrict, district)
        subdistrict = subdistrict or (village[:8] if village else None)
        district = district or (subdistrict[:5] if subdistrict else None)
        code = village or subdistrict or district or self._postcode_district()
        if code and self.region is None:
            self.region = self.index.region_of(code)
        points = self.index.points
        postcode = self._postcode_point(subdistrict, district)
        steps: list[tuple[Point | None, str]] = [
            (points.get(village or ""), "village"),
            (points.get(subdistrict or ""), "subdistrict"),
            (postcode, "postcode"),
            (points.get(district or self._postcode_district() or ""), "district"),
        ]
        for point, precision in steps:
            if point:
                return point, precision
        return self._town("city", "city") or self._town("district", "city") or (None, "none")

    def _inside(self, codes: list[str], parent: str | None) -> list[str]:
        """Codes inside the parent area, or else inside the region; narrowed by the postcode when several."""
        if parent:
            codes = [c for c in codes if c.startswith(parent + ".")]
        elif self.region:
            codes = [c for c in codes if self.index.region_of(c) == self.region]
        if len(codes) > 1 and self.postcode:
            wanted = self.postcode.villages
            codes = [c for c in codes if any(v == c or v.startswith(c + ".") for v in wanted)] or codes
        return codes

    def _district(self) -> str | None:
        for column in ("district", "city"):
            text = getattr(self.address, column)
            kind, words = district_key(text)
            if not words:
                continue
            named = self.index.districts.get(squeezed(words), [])
            if kind != EITHER and not named:
                named = self.index.districts.get(squeezed(key(text)), [])
            codes = self._inside([c for k, c in named if EITHER in (kind, k) or k == kind], None)
            if len(codes) > 1:
                codes = self._narrow(codes)
            if len(codes) > 1 and column == "city" and kind == EITHER:
                codes = [c for k, c in named if k == KOTA and c in codes]
            if len(codes) == 1:
                self.known_field = column
                return codes[0]
            if codes:
                self.problems.append((AMBIGUOUS, column))
            elif not (column == "district" and self._inside(self._subdistricts(text), None)):
                self.problems.append((PLACE_UNKNOWN, column))
        return None

    def _narrow(self, districts: list[str]) -> list[str]:
        """Of several districts of one name, the one that holds the stated sub-district."""
        inside = {c[:5] for c in self._subdistricts(self.address.subdistrict)}
        return [d for d in districts if d in inside] or districts

    def _subdistricts(self, text: str) -> list[str]:
        return self.index.subdistricts.get(squeezed(subdistrict_key(text)), [])

    def _subdistrict(self, district: str | None) -> str | None:
        for column in ("subdistrict", "district"):
            text = getattr(self.address, column)
            if not key(text) or (column == "district" and district and self._is_district(text, district)):
                continue
            codes = self._inside(self._subdistricts(text), district)
            if len(codes) == 1:
                return codes[0]
            self.problems.append((AMBIGUOUS if codes else PLACE_UNKNOWN, column))
        return None

    def _is_district(self, text: str, code: str) -> bool:
        named = self.index.districts.get(squeezed(district_key(text)[1]), [])
        return any(c == code for _, c in named)

    def _village(self, subdistrict: str | None, district: str | None) -> str | None:
        words = squeezed(village_key(self.address.village))
        if not words:
            return None
        parent = subdistrict or district
        named = self.index.villages_in(parent[:5]) if parent else self.index.villages
        codes = self._inside(named.get(words, []), parent)
        if len(codes) == 1 and (subdistrict or district or self.region or not key(self.address.region)):
            return codes[0]
        self.problems.append((AMBIGUOUS if codes else PLACE_UNKNOWN, "village"))
        return None

    def _postcode_district(self) -> str | None:
        codes = {v[:5] for v in self.postcode.villages} if self.postcode else set()
        return next(iter(codes)) if len(codes) == 1 else None

    def _postcode_point(self, subdistrict: str | None, district: str | None) -> Point | None:
        """The postcode's point, unless the postcode lies outside the stated district."""
        if not self.postcode:
            return None
        inside = subdistrict or district
        if inside and not any(v.startswith(inside + ".") for v in self.postcode.villages):
            self.problems.append((POSTCODE_ELSEWHERE, "postcode"))
            self.postcode = None
            return None
        return self.postcode.point

    # elsewhere: districts with a seat (MY) and towns

    def _by_towns(self) -> tuple[Point | None, str]:
        coarse: list[tuple[Point, str]] = []
        if self.postcode and self.postcode.point:
            coarse.append((self.postcode.point, "postcode"))
        district = self._seat() or self._town("district", "district")
        city = self._town("city", "city")
        coarse += [found for found in (district, city) if found]
        anchors = [point for point, _ in coarse]
        for column in ("village", "subdistrict"):
            found = self._town(column, column, anchors)
            if found:
                return found
        return coarse[0] if coarse else (None, "none")

    def _seat(self) -> tuple[Point, str] | None:
        words = squeezed(district_key(self.address.district)[1])
        codes = [c for _, c in self.index.districts.get(words, [])] if words else []
        codes = self._inside(codes, None)
        if len(codes) != 1:
            return None
        self.known_field = "district"
        if codes[0] not in self.index.points:
            return None
        self.region = self.region or self.index.region_of(codes[0])
        return self.index.points[codes[0]], "district"

    def _town(
        self, column: str, precision: str, anchors: list[Point] | None = None
    ) -> tuple[Point, str] | None:
        """A town of the name in that column, inside the region; near the anchors when there are any."""
        text = getattr(self.address, column)
        if not key(text):
            return None
        bare = (place_key(text), place_key(subdistrict_key(text)), place_key(village_key(text)))
        by_region = next((t for t in (self.index.towns.get(squeezed(w)) for w in bare) if t), {})
        if self.region is None:
            homes = [r for r in by_region if r is not None]
            if len(homes) > 1 or key(self.address.region):
                self.problems.append((AMBIGUOUS if by_region else PLACE_UNKNOWN, column))
                return None
            region = homes[0] if homes else None
        else:
            region = self.region
        towns = by_region.get(region, [])
        if anchors:
            towns = [t for t in towns if _away(t.point, anchors) <= NEAR_KM]
        town = _one(towns, dominance=not anchors and column in ("city", "district"))
        if town is None:
            self.problems.append((AMBIGUOUS if towns else PLACE_UNKNOWN, column))
            return None
        self.region = self.region or region
        return town.point, precision


def _away(point: Point, anchors: list[Point]) -> float:
    return min(float(haversine_km(*point, *anchor)) for anchor in anchors)


def _one(towns: list[Town], dominance: bool) -> Town | None:
    """The town that is meant: the only one, one of several at the same place, or by far the largest."""
    if not towns:
        return None
    first, *rest = sorted(towns, key=lambda t: -t.population)
    if all(_away(first.point, [t.point]) <= SAME_PLACE_KM for t in rest):
        return first
    if dominance and first.population >= DOMINANT * max(1, rest[0].population):
        return first
    return None
