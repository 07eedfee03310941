"""Where the sample's customers can live: real towns with their state, coordinates and population."""

from __future__ import annotations

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
# Province | kabupaten or kota | its town in the reference data | thousand people | kecamatan
_INDONESIA: Final = """
ID-JB|Kota Bandung|Bandung|2528|Coblong;Cicendo;Antapani;Lengkong;Sukajadi;Buahbatu;Arcamanik;Regol
ID-JB|Kota Bekasi|Bekasi|2648|Bekasi Timur;Bekasi Barat;Pondok Gede;Jatiasih;Mustika Jaya
ID-JB|Kota Depok|Depok|2164|Beji;Cimanggis;Sukmajaya;Sawangan
ID-JB|Kota Bogor|Bogor|1078|Bogor Tengah;Bogor Utara;Tanah Sareal
ID-JB|Kota Cimahi|Cimahi|582|Cimahi Tengah;Cimahi Utara
ID-JB|Kabupaten Bogor|Cibinong|1900|Cibinong;Gunung Putri;Cileungsi
ID-JB|Kabupaten Garut|Garut|700|Garut Kota;Tarogong Kidul
ID-JB|Kota Cirebon|Cirebon|345|Kejaksan;Lemahwungkuk
ID-JK|Kota Jakarta Selatan|Jakarta|2200|Kebayoran Baru;Tebet;Cilandak;Pasar Minggu;Jagakarsa
ID-JK|Kota Jakarta Barat|Jakarta|2400|Kebon Jeruk;Cengkareng;Kalideres
ID-JK|Kota Jakarta Timur|Jakarta|3000|Duren Sawit;Cakung;Jatinegara
ID-JK|Kota Jakarta Utara|Jakarta|1700|Kelapa Gading;Tanjung Priok
ID-BT|Kota Tangerang|Tangerang|1928|Cipondoh;Karawaci;Ciledug
ID-BT|Kota Tangerang Selatan|South Tangerang|1430|Pamulang;Ciputat;Serpong
ID-JT|Kota Semarang|Semarang|1694|Tembalang;Banyumanik;Pedurungan
ID-JT|Kota Surakarta|Surakarta|527|Banjarsari;Laweyan
ID-YO|Kabupaten Sleman|Sleman|1100|Depok;Mlati;Gamping
ID-YO|Kota Yogyakarta|Yogyakarta|376|Umbulharjo;Gondokusuman
ID-JI|Kota Surabaya|Surabaya|3018|Rungkut;Wonokromo;Gubeng;Sukolilo
ID-JI|Kota Malang|Malang|889|Lowokwaru;Klojen
ID-JI|Kabupaten Sidoarjo|Sidoarjo|1200|Waru;Taman
ID-BA|Kota Denpasar|Denpasar|671|Denpasar Barat;Denpasar Selatan
ID-SU|Kota Medan|Medan|2486|Medan Johor;Medan Helvetia;Medan Tembung
ID-SB|Kota Padang|Padang|943|Kuranji;Koto Tangah
ID-RI|Kota Pekanbaru|Pekanbaru|1168|Tampan;Marpoyan Damai
ID-SS|Kota Palembang|Palembang|1801|Ilir Barat I;Sukarami
ID-LA|Kota Bandar Lampung|Bandar Lampung|1166|Kedaton;Rajabasa
ID-KB|Kota Pontianak|Pontianak|686|Pontianak Kota;Pontianak Selatan
ID-KI|Kota Balikpapan|Balikpapan|695|Balikpapan Selatan;Balikpapan Utara
ID-KI|Kota Samarinda|Samarinda|865|Samarinda Ulu;Sungai Kunjang
ID-KS|Kota Banjarmasin|Banjarmasin|658|Banjarmasin Utara;Banjarmasin Timur
ID-SN|Kota Makassar|Makassar|1474|Panakkukang;Rappocini;Tamalanrea
ID-SA|Kota Manado|Manado|459|Malalayang;Wanea
ID-NB|Kota Mataram|Mataram|441|Ampenan;Cakranegara
ID-NT|Kota Kupang|Kupang|475|Oebobo;Kelapa Lima
ID-MA|Kota Ambon|Ambon|347|Sirimau;Nusaniwe
ID-PA|Kota Jayapura|Jayapura|411|Abepura;Jayapura Selatan
"""
_JAKARTA: Final = {
    "Kota Jakarta Selatan": (-6.2615, 106.8106),
    "Kota Jakarta Barat": (-6.1683, 106.7588),
    "Kota Jakarta Timur": (-6.2250, 106.9004),
    "Kota Jakarta Utara": (-6.1384, 106.8638),
}


@dataclass(frozen=True, slots=True)
class Towns:
    """Places customers can live in; arrays with one entry per place.

    ``subdistrict`` and ``district`` are '' in Malaysia, ``postcode`` is '' in Indonesia; ``people`` is
    the population that customers are spread by.
    """

    name: Texts
    subdistrict: Texts
    district: Texts
    region: Texts
    region_code: Texts
    postcode: Texts
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
        part of its kota or kabupaten, at whose town it is drawn.

    Raises
    ------
    ValueError : the reference data does not know one of the towns.
    """
    rows = list(_malaysian_rows() if country == "MY" else _indonesian_rows())
    frame = pd.DataFrame(rows)
    region = loader.regions_of(country).set_index("code")["name"]
    texts = {
        name: frame[name].to_numpy(object)
        for name in ("name", "subdistrict", "district", "region_code", "postcode")
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
    known = _known("ID")
    for line in _INDONESIA.strip().splitlines():
        code, district, town, thousands, kecamatan = line.split("|")
        lat, lon, _ = _look_up(known, code, town)
        lat, lon = _JAKARTA.get(district, (lat, lon))
        name = district.split(" ", 1)[1]
        parts = kecamatan.split(";")
        people = 1000.0 * float(thousands) / len(parts)
        for part in parts:
            yield _row(code, name, lat, lon, people, subdistrict=part, district=district)


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
