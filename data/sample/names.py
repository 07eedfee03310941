"""Invented people: names as they are built in each community, addresses and numbers that reach nobody.

Names are put together at random from common given and family names; a likeness is chance. E-mail
addresses use the domains that RFC 2606 reserves. Phone numbers lie in ranges that the published
numbering plans leave unassigned: Malaysian 013-0 and 017-0, Indonesian 0840 to 0849.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Texts = NDArray[np.object_]

_MEN = "Ahmad Amir Azlan Faizal Farid Hafiz Hakim Haziq Imran Iskandar Kamal Khairul Luqman Nazri Ridzuan Rosli Shafiq Syahmi Zaid Zulkifli"
_WOMEN = "Aisyah Alia Amira Aina Farah Fatimah Hidayah Izzah Liyana Maisarah Nabila Nadia Norhayati Nurul Rohani Salmah Siti Sofea Suhaila Zulaikha"
_FATHERS = "Abdullah|Abu Bakar|Ismail|Hassan|Osman|Rahman|Yusof|Ibrahim|Mahmud|Salleh|Zakaria|Mat Isa|Idris|Omar|Karim|Jamaludin|Sulaiman|Taib|Wahab|Mansor|Latif"
_SURNAMES = "Tan Lim Lee Ng Wong Chan Cheah Goh Ong Teoh Yap Chong Liew Low Koh Khoo Tay Foo Lau Ho Sim Ting"
_GIVEN = "Wei Ming|Jia Hui|Mei Ling|Kok Leong|Siew Lan|Chee Keong|Pei Shan|Yi Xuan|Zhi Hao|Hui Min|Kah Wai|Li Ting|Boon Seng|Xin Yi|Swee Lian|Jun Jie|Ai Ling|Choon Hock|Shu Fen|Kai Xiang"
_TAMIL_MEN = (
    "Arun Balan Dinesh Ganesh Karthik Kumar Mohan Prakash Rajesh Ravi Saravanan Suresh Thiru Vijay Vikram"
)
_TAMIL_WOMEN = "Anita Devi Geetha Kavitha Lakshmi Letchumi Meena Nisha Priya Puspa Saraswathy Shanti Thilaga Uma Vasanthi"
_TAMIL_FATHERS = "Arumugam Govindasamy Krishnan Maniam Muniandy Murugan Nadarajan Perumal Raman Ramasamy Sinnappan Subramaniam Supramaniam Veloo"
_KADAZAN = "Jainus Gimbang|Juanis Majakil|Florence Lojuman|Roslin Gumpat|Donna Kinsung|Petrus Sompit|Justin Mojilip|Clara Taising|Welfred Lasimbang|Evelyn Tangau|Rainus Gontol|Sylvia Binson"
_IBAN = "Jelani anak Ugap|Unggang anak Nyalau|Dayang anak Jawie|Sering anak Manggat|Lanie anak Engkamat|Bujang anak Lanting|Rentap anak Sadai|Senia anak Gerunsin|Ngumbang anak Tinggi|Umi anak Begap"
_ORANG_ASLI = "Bah Tijah|Yok Amin|Wah Leha|Bah Rahu|Along Semai|Ngah Jelai|Wak Limah|Tijah Pandak"
_ID_FIRST = "Agus Andi Ayu Bagus Bayu Budi Citra Dedi Dewi Dian Dimas Eka Fajar Fitri Gita Hendra Indah Joko Kartika Lestari Made Maya Nanda Nur Putri Rangga Ratna Rina Rizki Sari Sri Taufik Tri Wahyu Wulan Yanti Yoga Yusuf"
_ID_LAST = "Anggraini Firmansyah Gunawan Handayani Hidayat Kurniawan Kusuma Lestari Maulana Nugroho Nurhaliza Permana Pradana Prasetyo Pratama Purnama Rahayu Rahmawati Ramadhan Saputra Setiawan Siregar Simanjuntak Sitorus Suryani Susanto Utami Wibowo Wijaya Yulianti"
_ID_LOCAL = "I Wayan Sudiarta|Ni Luh Ayu Suartini|I Ketut Widana|Maria Goreti Tukan|Yohanes Rumbiak|Ferdinand Lumban Gaol|Margaretha Waromi|Theresia Nahak|Frederik Manuputty|Baso Daeng Situru"

_DOMAINS: Final = ("example.com", "example.net", "example.org")
# Shares of communities among buyers: peninsula, Sabah, Sarawak.
_SHARES: Final = {
    "MY": {"malay": 0.60, "chinese": 0.26, "indian": 0.10, "native": 0.04},
    "MY-12": {"malay": 0.42, "chinese": 0.16, "indian": 0.02, "native": 0.40},
    "MY-13": {"malay": 0.32, "chinese": 0.27, "indian": 0.01, "native": 0.40},
}


@dataclass(frozen=True, slots=True)
class People:
    """Names, e-mail addresses and phone numbers; arrays of text, '' where there is none."""

    name: Texts
    email: Texts
    phone: Texts


def people(country: str, region_codes: Texts, random: np.random.Generator) -> People:
    """Invent one person per customer.

    Parameters
    ----------
    country : str
        ``MY`` or ``ID``.
    region_codes : array of str
        State or province of each customer, ISO 3166-2: the mix of communities follows it.
    random : numpy Generator

    Returns
    -------
    People
    """
    n = len(region_codes)
    if country == "ID":
        names = _indonesian(n, random)
    else:
        names = np.full(n, "", dtype=object)
        for code in np.unique(region_codes.astype(str)):
            here = np.flatnonzero(region_codes == code)
            names[here] = _malaysian(code, len(here), random)
    return People(names, _emails(names, random), _phones(country, n, random))


def _malaysian(region_code: str, n: int, random: np.random.Generator) -> Texts:
    shares = _SHARES.get(region_code, _SHARES["MY"])
    community = random.choice(list(shares), size=n, p=list(shares.values()))
    native = {"MY-12": _KADAZAN, "MY-13": _IBAN}.get(region_code, _ORANG_ASLI)
    pools = {
        "malay": _malay(n, random),
        "chinese": _joined(_pick(_SURNAMES, n, random), _pick(_GIVEN, n, random)),
        "indian": _tamil(n, random),
        "native": _pick(native, n, random),
    }
    return np.select([community == key for key in pools], list(pools.values()), "").astype(object)


def _malay(n: int, random: np.random.Generator) -> Texts:
    man = random.random(n) < 0.4
    first = np.where(man, _pick(_MEN, n, random), _pick(_WOMEN, n, random))
    title = np.where(random.random(n) < 0.35, np.where(man, "Muhammad ", "Nur "), "")
    link = np.where(man, " bin ", " binti ")
    return (title + first + link + _pick(_FATHERS, n, random)).astype(object)


def _tamil(n: int, random: np.random.Generator) -> Texts:
    man = random.random(n) < 0.45
    first = np.where(man, _pick(_TAMIL_MEN, n, random), _pick(_TAMIL_WOMEN, n, random))
    return (first + np.where(man, " a/l ", " a/p ") + _pick(_TAMIL_FATHERS, n, random)).astype(object)


def _indonesian(n: int, random: np.random.Generator) -> Texts:
    usual = _joined(_pick(_ID_FIRST, n, random), _pick(_ID_LAST, n, random))
    single = _pick(_ID_FIRST, n, random)
    local = _pick(_ID_LOCAL, n, random)
    kind = random.random(n)
    return np.where(kind < 0.06, local, np.where(kind < 0.12, single, usual)).astype(object)


def _pick(pool: str, n: int, random: np.random.Generator) -> Any:
    """N draws from a list: separated by ``|`` where names have several words, by blanks elsewhere."""
    words = pool.split("|") if "|" in pool else pool.split()
    return np.array(words, dtype=object)[random.integers(0, len(words), n)]


def _joined(first: Any, last: Any) -> Texts:
    return np.asarray(first + " " + last, dtype=object)


def _emails(names: Texts, random: np.random.Generator) -> Texts:
    """An address made of the name and a running number; three in ten customers gave none."""
    given = random.random(len(names)) < 0.7
    domain = _pick(" ".join(_DOMAINS), len(names), random)
    stems = [".".join(re.findall(r"[a-z]+", name.lower())[:2]) for name in names]
    made = [f"{stem}{n}@{at}" for n, (stem, at) in enumerate(zip(stems, domain, strict=True))]
    return np.where(given, np.array(made, dtype=object), "").astype(object)


def _phones(country: str, n: int, random: np.random.Generator) -> Texts:
    """A number from an unassigned range, written in one of the ways people write it; one in ten gave none."""
    style = random.integers(0, 3, n)
    given = random.random(n) < 0.9
    texts = [_phone(country, int(s), random) if g else "" for s, g in zip(style, given, strict=True)]
    return np.array(texts, dtype=object)


def _phone(country: str, style: int, random: np.random.Generator) -> str:
    if country == "ID":
        head, tail = f"84{random.integers(0, 10)}", f"{random.integers(0, 10**8):08d}"
        return (f"0{head}-{tail[:4]}-{tail[4:]}", f"62{head}{tail}", f"+62{head}{tail}")[style]
    head, tail = ("13", "17")[int(random.integers(0, 2))], f"0{random.integers(0, 10**6):06d}"
    return (f"0{head}-{tail[:3]} {tail[3:]}", f"60{head}-{tail}", f"+60{head}{tail}")[style]
