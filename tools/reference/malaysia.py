"""Malaysian postcodes and districts, placed with GeoNames towns of the same state.

Seats and the points of small post towns that GeoNames does not hold are typed by hand (own knowledge, to
about 1 km; a test holds each inside its state).
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Final

import pandas as pd

from geo.names import district_key, place_key, region_key
from tools.reference import hand, sources


def _same(names: str) -> dict[str, str]:
    """Districts whose main town has the district's name."""
    return dict.fromkeys(names.split("|"), "")


# district -> the town that stands for it, where the name differs
DISTRICTS: Final[dict[str, dict[str, str]]] = {
    "MY-01": _same("Johor Bahru|Batu Pahat|Kluang|Kota Tinggi|Kulai|Mersing|Muar|Segamat|Tangkak")
    | {"Pontian": "Pontian Kechil"},
    "MY-02": _same("Baling|Bandar Baharu|Kulim|Pendang|Pokok Sena|Sik|Yan")
    | {
        "Kota Setar": "Alor Setar",
        "Kuala Muda": "Sungai Petani",
        "Kubang Pasu": "Jitra",
        "Langkawi": "Kuah",
        "Padang Terap": "Kuala Nerang",
    },
    "MY-03": _same(
        "Bachok|Gua Musang|Jeli|Kota Bharu|Kuala Krai|Machang|Pasir Mas|Pasir Puteh|Tanah Merah|Tumpat"
    ),
    "MY-04": {"Alor Gajah": "", "Jasin": "", "Melaka Tengah": "Malacca"},
    "MY-05": {
        "Jelebu": "Kuala Klawang",
        "Jempol": "Bahau",
        "Kuala Pilah": "",
        "Port Dickson": "",
        "Rembau": "",
        "Seremban": "",
        "Tampin": "",
    },
    "MY-06": _same("Bentong|Jerantut|Kuantan|Maran|Pekan|Raub|Temerloh")
    | {"Bera": "Triang", "Cameron Highlands": "Tanah Rata", "Lipis": "Kuala Lipis", "Rompin": "Kuala Rompin"},
    "MY-07": {
        "Barat Daya": "Balik Pulau",
        "Timur Laut": "George Town",
        "Seberang Perai Utara": "Butterworth",
        "Seberang Perai Tengah": "Bukit Mertajam",
        "Seberang Perai Selatan": "Nibong Tebal",
    },
    "MY-08": {
        "Bagan Datuk": "",
        "Batang Padang": "Tapah",
        "Hilir Perak": "Teluk Intan",
        "Hulu Perak": "Gerik",
        "Kampar": "",
        "Kerian": "Parit Buntar",
        "Kinta": "Ipoh",
        "Kuala Kangsar": "",
        "Larut Matang dan Selama": "Taiping",
        "Manjung": "Sitiawan",
        "Muallim": "Tanjung Malim",
        "Perak Tengah": "Bandar Seri Iskandar",
    },
    "MY-09": {"Perlis": "Kangar"},
    "MY-10": {
        "Gombak": "Batu Caves",
        "Hulu Langat": "Kajang",
        "Hulu Selangor": "Kuala Kubu Baharu",
        "Klang": "",
        "Kuala Langat": "Banting",
        "Kuala Selangor": "",
        "Petaling": "Petaling Jaya",
        "Sabak Bernam": "",
        "Sepang": "",
    },
    "MY-11": {
        "Besut": "Jertih",
        "Dungun": "Dungun",
        "Hulu Terengganu": "Kuala Berang",
        "Kemaman": "Chukai",
        "Kuala Nerus": "",
        "Kuala Terengganu": "",
        "Marang": "",
        "Setiu": "Permaisuri",
    },
    "MY-12": _same(
        "Beaufort|Beluran|Keningau|Kinabatangan|Kota Belud|Kota Kinabalu|Kota Marudu|Kuala Penyu|Kudat|Kunak"
        "|Lahad Datu|Nabawan|Papar|Penampang|Pitas|Putatan|Ranau|Sandakan|Semporna|Sipitang"
        "|Tambunan|Tawau|Telupid|Tenom|Tongod|Tuaran"
    ),
    "MY-13": _same(
        "Kuching|Bau|Lundu|Asajaya|Simunjan|Serian|Sri Aman|Lubok Antu|Betong|Saratok|Sarikei|"
        "Julau|Pakan|Mukah|Dalat|Daro|Matu|Sibu|Kanowit|Selangau|Kapit|Song|Belaga|Bintulu|"
        "Tatau|Miri|Marudi|Limbang|Lawas|Kabong"
    )
    | {"Samarahan": "Kota Samarahan", "Meradong": "Bintangor"},
}

# post town or seat -> the GeoNames town that it is part of or another name of
SAME_AS: Final = {
    ("MY-07", "Pulau Pinang"): "George Town",
    ("MY-10", "Pulau Ketam"): "Bagan Pulau Ketam",
    ("MY-10", "Sungai Pelek"): "Sungai Pelek New Village",
    ("MY-13", "Pusat Mel Miri"): "Miri",
    ("MY-13", "Baram"): "Marudi",
}

# post towns that GeoNames does not hold: (latitude, longitude)
POINTS: Final[dict[tuple[str, str], tuple[float, float]]] = {
    ("MY-01", "Benut"): (1.62, 103.26),
    ("MY-01", "Jementah"): (2.44, 102.68),
    ("MY-01", "Kahang"): (2.22, 103.55),
    ("MY-01", "Panchor"): (2.17, 102.71),
    ("MY-01", "Rengam"): (1.88, 103.39),
    ("MY-01", "Seri Gading"): (1.85, 103.02),
    ("MY-02", "Baling"): (5.68, 100.92),
    ("MY-02", "Jeniang"): (5.82, 100.63),
    ("MY-02", "Karangan"): (5.32, 100.63),
    ("MY-02", "Kupang"): (5.63, 100.85),
    ("MY-02", "Serdang"): (5.20, 100.62),
    ("MY-03", "Bachok"): (6.06, 102.40),
    ("MY-03", "Machang"): (5.77, 102.22),
    ("MY-03", "Temangan"): (5.70, 102.15),
    ("MY-04", "Asahan"): (2.39, 102.55),
    ("MY-04", "Jasin"): (2.31, 102.43),
    ("MY-04", "Kem Trendak"): (2.28, 102.09),
    ("MY-04", "Selandar"): (2.38, 102.38),
    ("MY-04", "Sungai Rambai"): (2.10, 102.50),
    ("MY-05", "Bandar Seri Jempol"): (2.90, 102.40),
    ("MY-05", "Batu Kikir"): (2.80, 102.31),
    ("MY-05", "Johol"): (2.61, 102.25),
    ("MY-05", "Labu"): (2.75, 101.83),
    ("MY-05", "Tanjong Ipoh"): (2.74, 102.19),
    ("MY-06", "Balok"): (3.93, 103.37),
    ("MY-06", "Bandar Pusat Jengka"): (3.76, 102.56),
    ("MY-06", "Benta"): (4.02, 101.97),
    ("MY-06", "Chenor"): (3.50, 102.58),
    ("MY-06", "Genting Highlands"): (3.42, 101.79),
    ("MY-06", "Kuala Krau"): (3.71, 102.37),
    ("MY-06", "Lanchang"): (3.50, 102.19),
    ("MY-06", "Triang"): (3.25, 102.41),
    ("MY-07", "Batu Maung"): (5.28, 100.28),
    ("MY-07", "Penang Hill"): (5.42, 100.27),
    ("MY-07", "Permatang Pauh"): (5.41, 100.41),
    ("MY-07", "Usm Pulau Pinang"): (5.36, 100.30),
    ("MY-08", "Bandar Seri Iskandar"): (4.36, 100.97),
    ("MY-08", "Bota"): (4.35, 100.88),
    ("MY-08", "Kampung Gajah"): (4.18, 100.94),
    ("MY-08", "Langkap"): (4.07, 101.14),
    ("MY-08", "Manong"): (4.60, 100.88),
    ("MY-08", "Matang"): (4.82, 100.67),
    ("MY-08", "Sauk"): (4.94, 100.92),
    ("MY-08", "Tanjong Tualang"): (4.32, 101.06),
    ("MY-08", "Tapah"): (4.20, 101.26),
    ("MY-08", "Temoh"): (4.24, 101.19),
    ("MY-08", "TLDM Lumut"): (4.23, 100.62),
    ("MY-08", "Tronoh"): (4.42, 100.99),
    ("MY-09", "Kaki Bukit"): (6.64, 100.21),
    ("MY-09", "Padang Besar"): (6.66, 100.32),
    ("MY-09", "Simpang Ampat"): (6.34, 100.19),
    ("MY-10", "Ampang"): (3.15, 101.77),
    ("MY-10", "Bandar Baru Bangi"): (2.96, 101.76),
    ("MY-10", "Beranang"): (2.88, 101.87),
    ("MY-10", "Bukit Rotan"): (3.29, 101.33),
    ("MY-10", "Jeram"): (3.22, 101.31),
    ("MY-10", "KLIA"): (2.75, 101.71),
    ("MY-10", "Pulau Carey"): (2.87, 101.37),
    ("MY-10", "Pulau Indah"): (2.95, 101.32),
    ("MY-10", "Subang Airport"): (3.13, 101.55),
    ("MY-11", "Bukit Besi"): (4.75, 103.17),
    ("MY-11", "Bukit Payong"): (5.22, 103.10),
    ("MY-11", "Kampung Raja"): (5.80, 102.57),
    ("MY-11", "Kemasek"): (4.43, 103.45),
    ("MY-11", "Kijal"): (4.33, 103.49),
    ("MY-11", "Kuala Berang"): (5.07, 103.01),
    ("MY-12", "Beverly"): (5.94, 116.10),
    ("MY-12", "Kota Marudu"): (6.49, 116.75),
    ("MY-12", "Likas"): (5.99, 116.10),
    ("MY-12", "Membakut"): (5.47, 115.80),
    ("MY-12", "Penampang"): (5.92, 116.11),
    ("MY-12", "Tamparuli"): (6.14, 116.26),
    ("MY-12", "Tanjung Aru"): (5.95, 116.05),
    ("MY-12", "Tuaran"): (6.18, 116.23),
    ("MY-13", "Asajaya"): (1.54, 110.60),
    ("MY-13", "Kabong"): (1.80, 111.12),
    ("MY-13", "Lutong"): (4.47, 114.00),
    ("MY-14", "Setapak"): (3.20, 101.72),
}

_STATE: Final = {region_key(n): h.code for h in hand.MALAYSIA for n in (h.name, h.name_en, *h.aliases)}


def _joined(words: str) -> str:
    return words.replace(" ", "")


class Towns:
    """Looks towns up by state and name: GeoNames first, then the hand-made lists."""

    def __init__(self, towns: pd.DataFrame) -> None:
        self.found: dict[tuple[str, str], tuple[float, float, str]] = {}
        for (code, name), (lat, lon) in POINTS.items():
            self.found[code, _joined(place_key(name))] = (lat, lon, "own")
        self.districts: dict[tuple[str, str], list[tuple[int, float, float]]] = defaultdict(list)
        mine = towns[towns.country == "MY"].sort_values("population")
        for own_name in (False, True):  # a town's own name beats another's alias, the larger town the smaller
            for town in mine.itertuples():
                for name in (town.name,) if own_name else town.aliases:
                    place = str(town.region_code), _joined(place_key(name))
                    self.found[place] = (float(town.lat), float(town.lon), "name")
        for town in mine.itertuples():
            point = (float(town.lat), float(town.lon))
            if isinstance(town.district, str):
                words = district_key(town.district.replace("Daerha ", ""))[1]
                self.districts[str(town.region_code), _joined(words)].append((int(town.population), *point))

    def point(self, code: str, name: str) -> tuple[float, float, str] | None:
        """(lat, lon, method) of a town in a state, or None."""
        name = SAME_AS.get((code, name), name)
        return self.found.get((code, _joined(place_key(name))))

    def main_town(self, code: str, district: str) -> tuple[float, float, str] | None:
        """The largest GeoNames town of a district, or None."""
        towns = self.districts.get((code, _joined(district_key(district)[1])))
        return (*max(towns)[1:], "main_town") if towns else None


def districts(towns: pd.DataFrame) -> pd.DataFrame:
    """Districts (daerah) with the town that stands for each."""
    finder, rows = Towns(towns), []
    for code, names in DISTRICTS.items():
        for name, seat in names.items():
            point = finder.point(code, seat or name) or finder.main_town(code, name)
            lat, lon, method = point or (None, None, None)
            rows.append((f"{code}.{_joined(place_key(name))}", name, code, lat, lon, method))
    frame = pd.DataFrame(rows, columns=["code", "name", "region_code", "lat", "lon", "method"])
    return frame.sort_values("code").reset_index(drop=True)


def postcodes(folder: Path, towns: pd.DataFrame, areas: pd.DataFrame) -> pd.DataFrame:
    """Postcode, town, state, and the point of the town (missing where the town is not known)."""
    finder, rows = Towns(towns), []
    seats = {(a.region_code, _joined(district_key(a.name)[1])): a for a in areas.itertuples()}
    for state in sources.malaysian_postcodes(folder):
        code = _STATE[region_key(state["name"])]
        for city in state["city"]:
            lat, lon, _ = finder.point(code, city["name"]) or (None, None, None)
            area = seats.get((code, _joined(district_key(city["name"])[1])))
            if lat is None and area is not None:
                lat, lon = area.lat, area.lon
            rows += [(p, city["name"], code, lat, lon) for p in city["postcode"]]
    frame = pd.DataFrame(rows, columns=["postcode", "town", "region_code", "lat", "lon"])
    return frame.sort_values(["postcode", "town"]).reset_index(drop=True)
