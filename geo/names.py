"""Place names as people write them, brought to one key.

``key`` is for any name; ``region_key``, ``district_key`` and ``place_key`` also drop the titles that
go with that kind of place ("Negeri", "Kab.", "Kec."). A title that tells two places apart (Kota
Bandung and Kabupaten Bandung) is returned beside the key, never thrown away.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

_CACHED: Final = 50_000
"""Names remembered per function: addresses repeat the same few thousand places."""

KOTA: Final = "kota"
KABUPATEN: Final = "kab"
EITHER: Final = ""

_LETTERS: Final = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "þ": "th", "ı": "i"}
)
_APOSTROPHES: Final = re.compile("['`´ʻʼʹ‘’‛′]")
_OTHER: Final = re.compile(r"[^\w]+|_+")

_REGION_TITLES: Final = (
    r"wilayah persekutuan|w ?p|wil persekutuan|federal territory( of)?|propinsi|provinsi|prov|province of"
    r"|negeri(?! sembilan)|state of|daerah khusus ibukota|daerah khusus ibu kota|daerah khusus|dki"
    r"|special capital region of|daerah istimewa|d ?i(?= (yogyakarta|jogjakarta|aceh))"
    r"|special region of|changwat"
)
_REGION_FRONT: Final = re.compile(rf"^(?:{_REGION_TITLES}) (?=\S)")
_REGION_BACK: Final = re.compile(
    r" (?:darul \w+(?: \w+)?|province|state|negeri bersekutu|special region|special capital region"
    r"|the special region)$"
)
_KABUPATEN: Final = re.compile(r"^(?:kabupaten|kab|regency of) (?=\S)|(?<=\S) (?:regency|kabupaten|kab)$")
_KOTA: Final = re.compile(
    r"^(?:kota administrasi|kota adm|kotamadya|kodya|kota madya|kota|city of) (?=\S)|(?<=\S) (?:city|kota)$"
)
_ADMINISTRATIVE: Final = re.compile(r"^(?:administrasi|adm) (?=\S)")
_DAERAH: Final = re.compile(r"^(?:daerah|district of|jajahan|bahagian) (?=\S)|(?<=\S) district$")
_SUBDISTRICT: Final = re.compile(
    r"^(?:kecamatan|kec|distrik|mukim|kemantren|kapanewon|subdistrict of) (?=\S)"
    r"|(?<=\S) (?:subdistrict|sub district)$"
)
_VILLAGE: Final = re.compile(
    r"^(?:kelurahan|kel|desa|ds|village of|kalurahan|nagari|gampong|pekon) (?=\S)|(?<=\S) village$"
)
_TOWN: Final = re.compile(r"^(?:bandaraya|pekan|town of) (?=\S)|(?<=\S) town$")

_WORDS: Final = {
    "johore": "johor",
    "kpg": "kampung",
    "kg": "kampung",
    "kampong": "kampung",
    "tmn": "taman",
    "bdr": "bandar",
    "bndr": "bandar",
    "sg": "sungai",
    "sungei": "sungai",
    "tg": "tanjung",
    "tj": "tanjung",
    "tjg": "tanjung",
    "tanjong": "tanjung",
    "bkt": "bukit",
    "jln": "jalan",
    "kl": "kuala lumpur",
    "jb": "johor bahru",
    "pj": "petaling jaya",
    "kk": "kota kinabalu",
    "baharu": "baru",
    "bharu": "baru",
    "bahru": "baru",
    "bahharu": "baru",
    "ayer": "air",
    "ulu": "hulu",
    "sri": "seri",
    "st": "saint",
    "kep": "kepulauan",
    "pulo": "pulau",
    "pangkalan": "pengkalan",
}
_DIRECTIONS: Final = {
    "north": "utara",
    "south": "selatan",
    "east": "timur",
    "west": "barat",
    "central": "tengah",
    "centre": "tengah",
    "southeast": "tenggara",
    "southwest": "barat daya",
}
_HEAD_DIRECTION: Final = re.compile(rf"^({'|'.join(_DIRECTIONS)}) (.+)$")
_TAIL_DIRECTION: Final = re.compile(rf"^(.+) ({'|'.join(_DIRECTIONS)})$")


@lru_cache(maxsize=_CACHED)
def key(text: object) -> str:
    """Fold case, accents, punctuation and spacing of one name.

    Parameters
    ----------
    text : str or missing
        A name as written. Zero-width characters and control characters are ignored.

    Returns
    -------
    str
        Lower-case words with single spaces; "" when nothing is left.

    Examples
    --------
    >>> key("  Dār-ul  Makmur ")
    'dar ul makmur'
    >>> key("Ma'arang"), key(None)
    ('maarang', '')
    """
    if not isinstance(text, str):
        return ""
    if text.isascii():
        return " ".join(_OTHER.sub(" ", _APOSTROPHES.sub("", text.casefold())).split())
    folded = unicodedata.normalize("NFKD", text).casefold().translate(_LETTERS)
    kept = "".join(c for c in folded if unicodedata.category(c) not in ("Mn", "Cf", "Cc") or c.isspace())
    return " ".join(_OTHER.sub(" ", _APOSTROPHES.sub("", kept)).split())


def _without(pattern: re.Pattern[str], words: str) -> str:
    return pattern.sub("", words, count=1)


def _local_direction(words: str) -> str:
    """'south jakarta' and 'jakarta south' become 'jakarta selatan'."""
    match = _HEAD_DIRECTION.match(words)
    if match:
        return f"{match[2]} {_DIRECTIONS[match[1]]}"
    match = _TAIL_DIRECTION.match(words)
    return f"{match[1]} {_DIRECTIONS[match[2]]}" if match else words


def _spelt(words: str) -> str:
    """One spelling for words that Malay and Indonesian addresses write in several ways."""
    return " ".join(_WORDS.get(word, word) for word in words.split())


@lru_cache(maxsize=_CACHED)
def region_key(text: object) -> str:
    """Key of a state or province, without its title.

    Examples
    --------
    >>> region_key("W.P. Kuala Lumpur"), region_key("Negeri Selangor Darul Ehsan")
    ('kuala lumpur', 'selangor')
    >>> region_key("DKI Jakarta"), region_key("D.I. Yogyakarta"), region_key("Negeri Sembilan")
    ('jakarta', 'yogyakarta', 'negeri sembilan')
    >>> region_key("West Java"), region_key("Java West"), region_key("Prov. Jawa Barat")
    ('java barat', 'java barat', 'jawa barat')
    """
    words = key(text)
    for _ in range(2):
        words = _without(_REGION_BACK, _without(_REGION_FRONT, words))
    return _local_direction(words)


@lru_cache(maxsize=_CACHED)
def district_key(text: object) -> tuple[str, str]:
    """Key of a district, and whether a Kota or a Kabupaten was meant.

    Returns
    -------
    (kind, key)
        ``kind`` is ``KOTA``, ``KABUPATEN`` or ``EITHER`` when the name does not say.

    Examples
    --------
    >>> district_key("Kab. Bandung"), district_key("KOTA BANDUNG"), district_key("Bandung")
    (('kab', 'bandung'), ('kota', 'bandung'), ('', 'bandung'))
    >>> district_key("South Jakarta City"), district_key("Kota Adm. Jakarta Selatan")
    (('kota', 'jakarta selatan'), ('kota', 'jakarta selatan'))
    >>> district_key("Daerah Hulu Langat")
    ('', 'hulu langat')
    """
    words = key(text)
    kind = EITHER
    if _KABUPATEN.search(words):
        kind, words = KABUPATEN, _without(_KABUPATEN, words)
    elif _KOTA.search(words):
        kind, words = KOTA, _without(_KOTA, words)
    words = _without(_DAERAH, _without(_ADMINISTRATIVE, words))
    return kind, _spelt(_local_direction(words))


@lru_cache(maxsize=_CACHED)
def subdistrict_key(text: object) -> str:
    """Key of a kecamatan or mukim.

    Examples
    --------
    >>> subdistrict_key("Kec. Coblong"), subdistrict_key("Mukim Kajang")
    ('coblong', 'kajang')
    """
    return _spelt(_local_direction(_without(_SUBDISTRICT, key(text))))


@lru_cache(maxsize=_CACHED)
def village_key(text: object) -> str:
    """Key of a kelurahan, desa or kampung.

    Examples
    --------
    >>> village_key("Kel. Dago"), village_key("Kg. Baru"), village_key("Kampong Bahru")
    ('dago', 'kampung baru', 'kampung baru')
    """
    return _spelt(_local_direction(_without(_VILLAGE, key(text))))


@lru_cache(maxsize=_CACHED)
def place_key(text: object) -> str:
    """Key of a town or city, whatever its title ("Kota" stays: Kota Bharu is a name).

    Examples
    --------
    >>> place_key("Bandar Seri Begawan"), place_key("Kota Bharu"), place_key("JB")
    ('bandar seri begawan', 'kota baru', 'johor baru')
    """
    words = _spelt(_without(_TOWN, key(text)))
    return " ".join(_WORDS.get(word, word) for word in words.split())
