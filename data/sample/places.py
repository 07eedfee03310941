"""Where the sample's customers can live: real towns with their state, coordinates and population."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.reference import loader

Floats = NDArray[np.float64]
Texts = NDArray[np.object_]

EARTH_RADIUS_KM: Final = 6371.0088  # mean radius, IUGG

# Town as people write it (= its name in the reference data where that differs) and a postcode of it.
_MALAYSIA: Final = {
    "MY-01": "Johor Bahru 80000; Skudai 81300; Pasir Gudang 81700; Masai 81750; Kulai 81000; "
    "Kota Tinggi 81900; Pontian=Pontian Kechil 82000; Batu Pahat 83000; Muar 84000; Segamat 85000; "
    "Kluang 86000; Mersing 86800",
    "MY-02": "Alor Setar 05000; Jitra 06000; Sungai Petani 08000; Kulim 09000",
    "MY-03": "Kota Bharu 15000; Tumpat 16200; Pasir Mas 17000; Tanah Merah 17500; "
    "Pasir Puteh 16800; Kuala Krai 18000; Gua Musang 18300",
    "MY-04": "Melaka=Malacca 75000; Alor Gajah 78000",
    "MY-05": "Seremban 70000; Nilai=Kampung Baharu Nilai 71800; Port Dickson 71000; "
    "Kuala Pilah 72000; Bahau 72100",
    "MY-06": "Kuantan 25000; Pekan 26600; Maran 26500; Temerloh=Temerluh 28000; Mentakab 28400; "
    "Jerantut 27000; Raub 27600; Bentong=Bentung 28700",
    "MY-07": "George Town 10000; Bayan Lepas 11900; Butterworth 12000; Bukit Mertajam 14000; "
    "Nibong Tebal 14300; Kepala Batas 13200",
    "MY-08": "Ipoh 30000; Batu Gajah 31000; Kampar 31900; Sitiawan 32000; Kuala Kangsar 33000; "
    "Taiping 34000; Parit Buntar 34200; Tapah=Tapah Road 35000; Teluk Intan 36000",
    "MY-09": "Kangar 01000; Arau=Kampung Hutan Arau 02600",
    "MY-10": "Petaling Jaya 46000; Shah Alam 40000; Subang Jaya 47500; Puchong 47100; Klang 41000; "
    "Kapar 42200; Batu Caves 68100; Sungai Buloh 47000; Kajang 43000; Seri Kembangan 43300; "
    "Rawang 48000; Sepang 43900; Banting 42700; Kuala Selangor 45000",
    "MY-11": "Kuala Terengganu 20000; Marang 21600; Dungun 23000; Kerteh=Kertih 24300; "
    "Kemaman=Cukai 24000; Jerteh=Jertih 22000",
    "MY-12": "Kota Kinabalu 88000; Papar 89600; Beaufort 89800; Keningau 89000; Ranau 89300; "
    "Kota Belud 89150; Kudat 89050; Sandakan 90000; Tawau 91000; Lahad Datu 91100; Semporna 91300",
    "MY-13": "Kuching 93000; Kota Samarahan 94300; Serian 94700; Sri Aman 95000; Sibu 96000; "
    "Sarikei 96100; Mukah 96400; Kapit 96800; Bintulu 97000; Miri 98000; Limbang 98700; Lawas 98850",
    "MY-14": "Kuala Lumpur 50450",
    "MY-15": "Labuan 87000",
    "MY-16": "Putrajaya 62000",
}
# Province | kabupaten or kota | thousand people, rounded
_INDONESIA: Final = """
ID-JB|Kota Bandung|2528
ID-JB|Kota Bekasi|2648
ID-JB|Kota Depok|2164
ID-JB|Kota Bogor|1078
ID-JB|Kota Cimahi|582
ID-JB|Kabupaten Bogor|1900
ID-JB|Kabupaten Garut|700
ID-JB|Kota Cirebon|345
ID-JK|Kota Administrasi Jakarta Selatan|2200
ID-JK|Kota Administrasi Jakarta Barat|2400
ID-JK|Kota Administrasi Jakarta Timur|3000
ID-JK|Kota Administrasi Jakarta Utara|1700
ID-BT|Kota Tangerang|1928
ID-BT|Kota Tangerang Selatan|1430
ID-JT|Kota Semarang|1694
ID-JT|Kota Surakarta|527
ID-YO|Kabupaten Sleman|1100
ID-YO|Kota Yogyakarta|376
ID-JI|Kota Surabaya|3018
ID-JI|Kota Malang|889
ID-JI|Kabupaten Sidoarjo|1200
ID-BA|Kota Denpasar|671
ID-SU|Kota Medan|2486
ID-SB|Kota Padang|943
ID-RI|Kota Pekanbaru|1168
ID-SS|Kota Palembang|1801
ID-LA|Kota Bandar Lampung|1166
ID-KB|Kota Pontianak|686
ID-KI|Kota Balikpapan|695
ID-KI|Kota Samarinda|865
ID-KS|Kota Banjarmasin|658
ID-SN|Kota Makassar|1474
ID-SA|Kota Manado|459
ID-NB|Kota Mataram|441
ID-NT|Kota Kupang|475
ID-MA|Kota Ambon|347
ID-PA|Kota Jayapura|411
"""


@dataclass(frozen=True, slots=True)
class Towns:
    """Places customers can live in; arrays with one entry per place.

    ``subdistrict``, ``district`` and ``area`` (code of the kecamatan) are '' in Malaysia, ``postcode`` is
    '' in Indonesia; ``people`` is the population that customers are spread by.
    """

    name: Texts
    subdistrict: Texts
    district: Texts
    region: Texts
    region_code: Texts
    postcode: Texts
    area: Texts
    lat: Floats
    lon: Floats
    people: Floats

    def __len__(self) -> int:
        return len(self.name)

    @property
    def spread_km(self) -> Floats:
        """Standard deviation of homes around the centre."""
        return np.clip(1.2 + 0.13 * np.sqrt(self.people / 1000.0), 1.2, 5.0)

    def find(self, region_code: str, name: str) -> int:
        """Position of a town by state code and name.

        Raises
        ------
        ValueError : there is no such town.
        """
        found = np.flatnonzero((self.region_code == region_code) & (self.name == name))
        if not len(found):
            raise ValueError(f"There is no town {name!r} in {region_code} among {len(self)} towns.")
        return int(found[0])


def towns(country: str) -> Towns:
    """The places of a country: coordinates and state names from the reference data.

    Parameters
    ----------
    country : str
        ``MY``: towns, with the population of the reference data. ``ID``: kecamatan, each with an even
        part of the people of its kota or kabupaten.

    Raises
    ------
    ValueError : the reference data does not know one of the towns.
    """
    rows = list(_malaysian_rows() if country == "MY" else _indonesian_rows())
    frame = pd.DataFrame(rows)
    region = loader.regions_of(country).set_index("code")["name"]
    texts = {
        name: frame[name].to_numpy(object)
        for name in ("name", "subdistrict", "district", "region_code", "postcode", "area")
    }
    numbers = {name: frame[name].to_numpy(float) for name in ("lat", "lon", "people")}
    return Towns(region=frame["region_code"].map(region).to_numpy(object), **texts, **numbers)


def _malaysian_rows() -> Iterator[dict[str, Any]]:
    known = _known("MY")
    for code, text in _MALAYSIA.items():
        for entry in text.split("; "):
            written, postcode = entry.rsplit(" ", 1)
            name, _, reference_name = written.partition("=")
            lat, lon, people = _look_up(known, code, reference_name or name)
            yield _row(code, name, lat, lon, people, postcode=postcode)


def _indonesian_rows() -> Iterator[dict[str, Any]]:
    areas = loader.areas()
    columns = [areas[name].tolist() for name in ("code", "level", "name", "region_code", "lat", "lon")]
    records = list(zip(*columns, strict=True))
    districts = {(r[3], r[2]): r for r in records if r[1] == "district"}
    members: dict[str, list[tuple[Any, ...]]] = {}
    for record in records:
        if record[1] == "subdistrict" and record[3].startswith("ID"):
            members.setdefault(record[0][:5], []).append(record)
    for line in _INDONESIA.strip().splitlines():
        code, district, thousands = line.split("|")
        whole = districts[code, district]
        parts = members[whole[0]]
        people = 1000.0 * float(thousands) / len(parts)
        for area, _, name, _, lat, lon in parts:
            at = (lat, lon) if math.isfinite(lat) else (whole[4], whole[5])
            more = {"subdistrict": name, "district": district, "area": area}
            yield _row(code, _plain(district), at[0], at[1], people, **more)


def _plain(district: str) -> str:
    """A kota or kabupaten without its title."""
    return re.sub(r"^(Kota|Kabupaten)( Administrasi)? ", "", district)


def _row(
    code: str,
    name: str,
    lat: float,
    lon: float,
    people: float,
    *,
    postcode: str = "",
    subdistrict: str = "",
    district: str = "",
    area: str = "",
) -> dict[str, Any]:
    return {
        "region_code": code,
        "name": name,
        "lat": lat,
        "lon": lon,
        "people": people,
        "postcode": postcode,
        "subdistrict": subdistrict,
        "district": district,
        "area": area,
    }


def _known(country: str) -> dict[tuple[str, str], tuple[float, float, float]]:
    """Coordinates and population by (state, name); of two namesakes the larger."""
    frame = loader.towns()
    here = frame[frame["country"] == country].sort_values("population")
    keys = zip(here["region_code"], here["name"], strict=True)
    values = zip(here["lat"], here["lon"], here["population"].astype(float), strict=True)
    return dict(zip(keys, values, strict=True))


def _look_up(
    known: dict[tuple[str, str], tuple[float, float, float]], code: str, name: str
) -> tuple[float, float, float]:
    if (code, name) not in known:
        raise ValueError(f"The reference data has no town {name!r} in {code}.")
    return known[code, name]


def distance_km(lat: Floats, lon: Floats, to_lat: Floats, to_lon: Floats) -> Floats:
    """Great-circle distance of every point to every target, (points, targets), in km."""
    a, b = np.radians(lat)[:, None], np.radians(to_lat)[None, :]
    turn = np.radians(to_lon)[None, :] - np.radians(lon)[:, None]
    h = np.sin((b - a) / 2) ** 2 + np.cos(a) * np.cos(b) * np.sin(turn / 2) ** 2
    return np.asarray(2.0 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.clip(h, 0.0, 1.0))))


def moved_km(lat: Floats, lon: Floats, north_km: Floats, east_km: Floats) -> tuple[Floats, Floats]:
    """Points moved by so many km to the north and to the east."""
    degree = np.pi * EARTH_RADIUS_KM / 180.0
    return lat + north_km / degree, lon + east_km / (degree * np.cos(np.radians(lat)))
