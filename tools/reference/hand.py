"""What no package says and we typed ourselves: region names in three languages, aliases, code joins.

Sources: ISO 3166-2 (codes), the states' and provinces' own names, the names in use in English, Malay
and Indonesian. Corrections welcome: run ``python tools/build_reference.py build`` afterwards.
"""

from __future__ import annotations

from typing import Final, NamedTuple


class Hand(NamedTuple):
    """One state or province: its names and how the sources call it."""

    code: str
    name: str
    name_en: str
    natural_earth: str | None
    geonames: str
    kemendagri: str | None = None
    parent: str | None = None
    aliases: tuple[str, ...] = ()


MALAYSIA: Final = (
    Hand("MY-01", "Johor", "Johor", "Johor", "01", aliases=("Johore", "Jhr", "JDT")),
    Hand("MY-02", "Kedah", "Kedah", "Kedah", "02", aliases=("Kdh",)),
    Hand("MY-03", "Kelantan", "Kelantan", "Kelantan", "03", aliases=("Kel", "Ktn")),
    Hand("MY-04", "Melaka", "Malacca", "Melaka", "04", aliases=("Mlk", "Malaka")),
    Hand(
        "MY-05",
        "Negeri Sembilan",
        "Negeri Sembilan",
        "Negeri Sembilan",
        "05",
        aliases=("N. Sembilan", "NS", "N9", "N.S.D.K.", "Negri Sembilan", "Sembilan", "Nsn"),
    ),
    Hand("MY-06", "Pahang", "Pahang", "Pahang", "06", aliases=("Phg",)),
    Hand(
        "MY-07",
        "Pulau Pinang",
        "Penang",
        "Pulau Pinang",
        "09",
        aliases=("P. Pinang", "Pinang", "Pg", "Png", "Penang Island", "Pulau Penang"),
    ),
    Hand("MY-08", "Perak", "Perak", "Perak", "07", aliases=("Prk",)),
    Hand("MY-09", "Perlis", "Perlis", "Perlis", "08", aliases=("Pls", "Perlis Indera Kayangan")),
    Hand("MY-10", "Selangor", "Selangor", "Selangor", "12", aliases=("Sel", "Sgr", "S'gor")),
    Hand("MY-11", "Terengganu", "Terengganu", "Trengganu", "13", aliases=("Trengganu", "Trg", "Tganu")),
    Hand("MY-12", "Sabah", "Sabah", "Sabah", "16", aliases=("Sbh", "North Borneo")),
    Hand("MY-13", "Sarawak", "Sarawak", "Sarawak", "11", aliases=("Swk", "Srwk")),
    Hand(
        "MY-14",
        "Kuala Lumpur",
        "Kuala Lumpur",
        "Kuala Lumpur",
        "14",
        aliases=("KL", "WPKL", "KUL", "K. Lumpur", "Wilayah Persekutuan", "Federal Territory"),
    ),
    Hand("MY-15", "Labuan", "Labuan", "Labuan", "15", aliases=("WPL", "Lbn")),
    Hand("MY-16", "Putrajaya", "Putrajaya", "Putrajaya", "17", aliases=("WPP", "Pjy")),
)

INDONESIA: Final = (
    Hand(
        "ID-AC",
        "Aceh",
        "Aceh",
        "Aceh",
        "01",
        "11",
        aliases=("NAD", "Nanggroe Aceh Darussalam", "Nangroe Aceh Darussalam (NAD)", "Atjeh"),
    ),
    Hand("ID-SU", "Sumatera Utara", "North Sumatra", "Sumatera Utara", "26", "12", aliases=("Sumut",)),
    Hand("ID-SB", "Sumatera Barat", "West Sumatra", "Sumatera Barat", "24", "13", aliases=("Sumbar",)),
    Hand("ID-RI", "Riau", "Riau", "Riau", "37", "14"),
    Hand("ID-JA", "Jambi", "Jambi", "Jambi", "05", "15", aliases=("Djambi",)),
    Hand("ID-SS", "Sumatera Selatan", "South Sumatra", "Sumatera Selatan", "32", "16", aliases=("Sumsel",)),
    Hand("ID-BE", "Bengkulu", "Bengkulu", "Bengkulu", "03", "17"),
    Hand("ID-LA", "Lampung", "Lampung", "Lampung", "15", "18"),
    Hand(
        "ID-BB",
        "Kepulauan Bangka Belitung",
        "Bangka Belitung Islands",
        "Bangka-Belitung",
        "35",
        "19",
        aliases=("Babel", "Bangka Belitung", "Kep. Bangka Belitung", "Bangka Belitung Archipelago"),
    ),
    Hand(
        "ID-KR",
        "Kepulauan Riau",
        "Riau Islands",
        "Kepulauan Riau",
        "40",
        "21",
        aliases=("Kepri", "Kep. Riau", "Riau Archipelago"),
    ),
    Hand(
        "ID-JK",
        "Jakarta",
        "Jakarta",
        "Jakarta Raya",
        "04",
        "31",
        aliases=(
            "DKI",
            "DKJ",
            "Jakarta Raya",
            "DKI Jakarta",
            "Daerah Khusus Jakarta",
            "Jakarta Special Region",
        ),
    ),
    Hand("ID-JB", "Jawa Barat", "West Java", "Jawa Barat", "30", "32", aliases=("Jabar", "Java Barat")),
    Hand(
        "ID-JT", "Jawa Tengah", "Central Java", "Jawa Tengah", "07", "33", aliases=("Jateng", "Java Tengah")
    ),
    Hand(
        "ID-YO",
        "Daerah Istimewa Yogyakarta",
        "Yogyakarta",
        "Yogyakarta",
        "10",
        "34",
        aliases=("DIY", "DI Yogyakarta", "Yogya", "Jogja", "Jogjakarta", "Jogyakarta", "D.I.Y."),
    ),
    Hand("ID-JI", "Jawa Timur", "East Java", "Jawa Timur", "08", "35", aliases=("Jatim", "Java Timur")),
    Hand("ID-BT", "Banten", "Banten", "Banten", "33", "36", aliases=("Bantam",)),
    Hand("ID-BA", "Bali", "Bali", "Bali", "02", "51"),
    Hand(
        "ID-NB",
        "Nusa Tenggara Barat",
        "West Nusa Tenggara",
        "Nusa Tenggara Barat",
        "17",
        "52",
        aliases=("NTB", "Nusa Tenggara Barat (NTB)"),
    ),
    Hand(
        "ID-NT",
        "Nusa Tenggara Timur",
        "East Nusa Tenggara",
        "Nusa Tenggara Timur",
        "18",
        "53",
        aliases=("NTT", "Nusa Tenggara Timur (NTT)"),
    ),
    Hand("ID-KB", "Kalimantan Barat", "West Kalimantan", "Kalimantan Barat", "11", "61", aliases=("Kalbar",)),
    Hand(
        "ID-KT",
        "Kalimantan Tengah",
        "Central Kalimantan",
        "Kalimantan Tengah",
        "13",
        "62",
        aliases=("Kalteng",),
    ),
    Hand(
        "ID-KS",
        "Kalimantan Selatan",
        "South Kalimantan",
        "Kalimantan Selatan",
        "12",
        "63",
        aliases=("Kalsel",),
    ),
    Hand("ID-KI", "Kalimantan Timur", "East Kalimantan", "Kalimantan Timur", "14", "64", aliases=("Kaltim",)),
    Hand(
        "ID-KU",
        "Kalimantan Utara",
        "North Kalimantan",
        None,
        "42",
        "65",
        parent="ID-KI",
        aliases=("Kaltara",),
    ),
    Hand("ID-SA", "Sulawesi Utara", "North Sulawesi", "Sulawesi Utara", "31", "71", aliases=("Sulut",)),
    Hand("ID-ST", "Sulawesi Tengah", "Central Sulawesi", "Sulawesi Tengah", "21", "72", aliases=("Sulteng",)),
    Hand("ID-SN", "Sulawesi Selatan", "South Sulawesi", "Sulawesi Selatan", "38", "73", aliases=("Sulsel",)),
    Hand(
        "ID-SG",
        "Sulawesi Tenggara",
        "Southeast Sulawesi",
        "Sulawesi Tenggara",
        "22",
        "74",
        aliases=("Sultra", "South East Sulawesi"),
    ),
    Hand("ID-GO", "Gorontalo", "Gorontalo", "Gorontalo", "34", "75"),
    Hand("ID-SR", "Sulawesi Barat", "West Sulawesi", "Sulawesi Barat", "41", "76", aliases=("Sulbar",)),
    Hand("ID-MA", "Maluku", "Maluku", "Maluku", "28", "81", aliases=("Moluccas",)),
    Hand("ID-MU", "Maluku Utara", "North Maluku", "Maluku Utara", "29", "82", aliases=("Malut",)),
    Hand("ID-PA", "Papua", "Papua", "Papua", "36", "91", aliases=("Irian Jaya",)),
    Hand(
        "ID-PB", "Papua Barat", "West Papua", "Papua Barat", "39", "92", aliases=("Irian Jaya Barat", "Pabar")
    ),
    Hand("ID-PS", "Papua Selatan", "South Papua", None, "PS", "93", parent="ID-PA"),
    Hand("ID-PT", "Papua Tengah", "Central Papua", None, "PT", "94", parent="ID-PA"),
    Hand(
        "ID-PE",
        "Papua Pegunungan",
        "Highland Papua",
        None,
        "PE",
        "95",
        parent="ID-PA",
        aliases=("Papua Highlands",),
    ),
    Hand(
        "ID-PD",
        "Papua Barat Daya",
        "Southwest Papua",
        None,
        "PD",
        "96",
        parent="ID-PB",
        aliases=("South West Papua",),
    ),
)

# The capital stands for a province where no polygon does, or where the polygon still holds younger provinces
# or far islands (looked up among the towns).
CAPITALS: Final = {
    "ID-PA": "Jayapura",
    "ID-KR": "Tanjung Pinang",
    "ID-KU": "Tanjung Selor",
    "ID-PS": "Merauke",
    "ID-PT": "Nabire",
    "ID-PE": "Wamena",
    "ID-PD": "Sorong",
}

SINGAPORE: Final = {
    "Central Singapore": "SG-01",
    "North East": "SG-02",
    "North West": "SG-03",
    "South East": "SG-04",
    "South West": "SG-05",
}
BRUNEI: Final = {
    "Belait": "BN-BE",
    "Brunei and Muara": "BN-BM",
    "Temburong": "BN-TE",
    "Tutong": "BN-TU",
}

COUNTRY_ALIASES: Final = {
    "MY": ("Malaysia", "MAS", "Msia", "M'sia"),
    "ID": ("Indonesia", "INA", "Republik Indonesia", "RI"),
    "SG": ("Singapura", "Spore", "S'pore"),
    "BN": ("Brunei Darussalam", "Negara Brunei Darussalam"),
    "TH": ("Siam", "Muangthai"),
    "GB": ("UK", "Great Britain", "England", "Scotland", "Wales"),
    "US": ("USA", "United States of America", "America", "U.S.A.", "U.S."),
    "AE": ("UAE",),
    "KR": ("Korea", "South Korea", "Republic of Korea"),
    "VN": ("Viet Nam",),
    "CN": ("PRC", "People's Republic of China"),
    "HK": ("Hong Kong", "Hong Kong SAR"),
    "TW": ("Taiwan", "Taiwan, Province of China"),
    "CZ": ("Czech Republic",),
    "RU": ("Russian Federation",),
    "TR": ("Turkey", "Türkiye"),
    "TL": ("East Timor", "Timor Leste"),
}

# Points set by hand, to about 1 km, where GeoNames has no entry: Jakarta's cities and the seats of some
# kabupaten.
INDONESIAN_POINTS: Final = (
    ("14.10", 1.01, 102.71),
    ("21.01", 1.05, 104.55),
    ("62.08", -2.72, 111.18),
    ("62.10", -1.11, 113.87),
    ("64.03", 2.15, 117.49),
    ("76.01", -1.17, 119.37),
    ("95.03", -4.86, 139.48),
    ("31.01", -5.74, 106.61),
    ("31.71", -6.18, 106.83),
    ("31.72", -6.13, 106.87),
    ("31.73", -6.17, 106.76),
    ("31.74", -6.27, 106.81),
    ("31.75", -6.23, 106.90),
)

# How GeoNames spells an Indonesian kabupaten or kota (left) and how Kemendagri does (right).
DISTRICT_SPELLINGS: Final = {
    "toba samosir": "toba",
    "maluku tenggara barat": "tanimbar",
    "pangkajene dan": "pangkajene dan",
    "mamuju utara": "pasangkayu",
}

# Seats of kabupaten that have no GeoNames town of their own name or division: the town stands for them.
DISTRICT_SEATS: Final = {
    "14.08": "Siak Sri Indrapura",
    "16.72": "Pagar Alam",
    "17.04": "Bintuhan",
    "35.19": "Caruban",
    "61.06": "Putussibau",
    "72.11": "Banggai",
    "73.12": "Watansoppeng",
    "74.02": "Unaaha",
    "74.14": "Labungkari",
    "94.08": "Waghete",
}

# Islands that Natural Earth draws in the wrong state: (from, to, box lon-lat). Langkawi is Kedah, Tioman
# is Pahang.
ISLANDS: Final = (
    ("MY-09", "MY-02", (99.5, 6.1, 100.0, 6.6)),
    ("MY-01", "MY-06", (104.0, 2.6, 104.4, 3.0)),
)

# Towns that GeoNames files under another state.
TOWN_REGIONS: Final = {("MY", "Bandar Labuan"): "MY-15"}
