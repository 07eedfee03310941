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

from data.sample import name_pools as pools

Texts = NDArray[np.object_]

_DOMAINS: Final = np.array(["example.com", "example.net", "example.org"], dtype=object)
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
    native = {"MY-12": pools.KADAZAN, "MY-13": pools.IBAN}.get(region_code, pools.ORANG_ASLI)
    drawn = {
        "malay": _malay(n, random),
        "chinese": _joined(_pick(pools.CHINESE_SURNAMES, n, random), _pick(pools.CHINESE_GIVEN, n, random)),
        "indian": _tamil(n, random),
        "native": _pick(native, n, random),
    }
    chosen = np.select([community == key for key in drawn], list(drawn.values()), "")
    return np.asarray(chosen, dtype=object)


def _malay(n: int, random: np.random.Generator) -> Texts:
    man = random.random(n) < 0.4
    first = np.where(man, _pick(pools.MALAY_MEN, n, random), _pick(pools.MALAY_WOMEN, n, random))
    title = np.where(random.random(n) < 0.35, np.where(man, "Muhammad ", "Nur "), "")
    link = np.where(man, " bin ", " binti ")
    return np.asarray(title + first + link + _pick(pools.MALAY_FATHERS, n, random), dtype=object)


def _tamil(n: int, random: np.random.Generator) -> Texts:
    man = random.random(n) < 0.45
    first = np.where(man, _pick(pools.TAMIL_MEN, n, random), _pick(pools.TAMIL_WOMEN, n, random))
    return np.asarray(
        first + np.where(man, " a/l ", " a/p ") + _pick(pools.TAMIL_FATHERS, n, random), dtype=object
    )


def _indonesian(n: int, random: np.random.Generator) -> Texts:
    usual = _joined(_pick(pools.ID_FIRST, n, random), _pick(pools.ID_LAST, n, random))
    single = _pick(pools.ID_FIRST, n, random)
    local = _pick(pools.ID_LOCAL, n, random)
    kind = random.random(n)
    return np.asarray(np.where(kind < 0.06, local, np.where(kind < 0.12, single, usual)), dtype=object)


def _pick(names: Any, n: int, random: np.random.Generator) -> Any:
    return names[random.integers(0, len(names), n)]


def _joined(first: Any, last: Any) -> Texts:
    return np.asarray(first + " " + last, dtype=object)


def _emails(names: Texts, random: np.random.Generator) -> Texts:
    """An address made of the name and a running number; three in ten customers gave none."""
    given = random.random(len(names)) < 0.7
    domain = _pick(_DOMAINS, len(names), random)
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
