"""What the two merchants sell: categories with a season of their own, and products at fixed prices."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

from data.sample.parameters import DAYS, Parameters
from data.sample.season import dates_of, offset

Floats = NDArray[np.float64]

_LADDER: Final = 1.09  # ratio of neighbouring prices in a category
_STEPS: Final = 50
_PACKS: Final = (
    "mini",
    "kecil",
    "biasa",
    "besar",
    "jumbo",
    "keluarga",
    "isi 2",
    "isi 3",
    "premium",
    "istimewa",
)


@dataclass(frozen=True, slots=True)
class Category:
    """One category: its share of lines, margin on the list price (0..1) and names of products.

    ``cheapest`` is the lowest price in ringgit; a feast lifts the category's share by ``lift``
    in the ``lift_days`` before it.
    """

    name: str
    share: float
    margin: float
    cheapest: float
    products: tuple[str, ...]
    feast: tuple[str, ...] = ()
    lift: float = 1.0
    lift_days: int = 21


_MY: Final = (
    Category(
        "Makanan & Snek",
        0.24,
        0.28,
        2.5,
        ("Kerepek Ubi", "Biskut Mazola", "Kopi O", "Rempah Kari", "Sambal Bilis", "Kurma"),
        ("Eid al-Fitr",),
        1.5,
        30,
    ),
    Category(
        "Minuman", 0.10, 0.30, 2.2, ("Teh Tarik 3-in-1", "Sirap Ros", "Jus Limau", "Air Soya", "Kordial Oren")
    ),
    Category(
        "Kecantikan",
        0.16,
        0.48,
        5.9,
        ("Pelembap Muka", "Gincu Matte", "Pencuci Muka", "Serum Vitamin C", "Bedak Asas", "Minyak Wangi"),
    ),
    Category(
        "Fesyen",
        0.13,
        0.52,
        9.9,
        ("Tudung Bawal", "Baju Kurung", "Baju Melayu", "Selendang", "Cheongsam", "Kasut Kanvas"),
        ("Eid al-Fitr",),
        3.0,
        35,
    ),
    Category(
        "Rumah & Dapur",
        0.14,
        0.38,
        4.9,
        ("Periuk Kukus", "Balang Kuih", "Set Cawan", "Pinggan Seramik", "Langsir", "Bekas Makanan"),
        ("Eid al-Fitr", "Chinese New Year"),
        1.6,
        28,
    ),
    Category(
        "Bayi & Kanak-kanak",
        0.09,
        0.33,
        5.5,
        ("Lampin Pakai Buang", "Botol Susu", "Baju Bayi", "Mainan Blok", "Losyen Bayi"),
    ),
    Category(
        "Kesihatan",
        0.09,
        0.42,
        4.5,
        ("Vitamin C", "Minyak Angin", "Madu Tualang", "Habbatus Sauda", "Pelitup Muka"),
    ),
    Category(
        "Hadiah",
        0.05,
        0.45,
        8.8,
        ("Hamper Raya", "Bakul Limau", "Kotak Coklat", "Kad & Balutan", "Set Pelita"),
        ("Eid al-Fitr", "Chinese New Year", "Diwali", "Christmas Day"),
        4.5,
        21,
    ),
)
_ID: Final = (
    Category(
        "Busana Muslim",
        0.24,
        0.45,
        9.0,
        ("Gamis", "Koko", "Mukena", "Hijab Segi Empat", "Pashmina", "Sarung"),
        ("Eid al-Fitr",),
        2.4,
        35,
    ),
    Category(
        "Kecantikan",
        0.22,
        0.50,
        6.0,
        ("Serum Wajah", "Lip Tint", "Sunscreen", "Toner", "Masker Wajah", "Parfum"),
    ),
    Category(
        "Makanan & Camilan",
        0.17,
        0.30,
        5.0,
        ("Keripik Tempe", "Sambal Roa", "Kopi Gayo", "Kue Kering", "Rendang Kemasan"),
        ("Eid al-Fitr",),
        2.0,
        30,
    ),
    Category("Rumah Tangga", 0.16, 0.36, 7.0, ("Panci Set", "Rak Bumbu", "Sprei", "Toples", "Lampu Meja")),
    Category(
        "Ibu & Bayi", 0.12, 0.34, 6.5, ("Popok", "Botol Susu", "Baju Bayi", "Gendongan", "Mainan Edukasi")
    ),
    Category(
        "Aksesori Ponsel", 0.09, 0.40, 6.0, ("Casing", "Kabel Data", "Charger", "Tempered Glass", "Earphone")
    ),
)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Products in order of category and price; arrays with one entry per product.

    ``start`` holds the first product of each category, ``shares`` the share of lines by day and
    category, (DAYS, categories), rows adding up to 1.
    """

    categories: tuple[Category, ...]
    start: NDArray[np.int64]
    category: NDArray[np.int64]
    product_id: NDArray[np.object_]
    name: NDArray[np.object_]
    price: Floats
    unit_cost: Floats
    shares: Floats


def catalogue(parameters: Parameters) -> Catalogue:
    """The merchant's products, without chance.

    Returns
    -------
    Catalogue
        Prices rise by 9% from product to product, to 90 sen (from RM60 a full ringgit) or 500 rupiah.
    """
    categories = _MY if parameters.country == "MY" else _ID
    steps = np.arange(_STEPS)
    ladder = np.power(_LADDER, steps.astype(np.float64))
    prices = np.concatenate([_prices(parameters, c.cheapest * ladder) for c in categories])
    names = [_product_name(c, int(step)) for c in categories for step in steps]
    ids = [f"{c:02d}{step + 1:03d}" for c in range(1, len(categories) + 1) for step in steps]
    category = np.repeat(np.arange(len(categories)), _STEPS)
    margin = np.array([c.margin for c in categories])[category]
    digits = 2 if parameters.currency == "MYR" else 0
    return Catalogue(
        categories=categories,
        start=np.arange(len(categories)) * _STEPS,
        category=category,
        product_id=np.array(ids, dtype=object),
        name=np.array(names, dtype=object),
        price=prices,
        unit_cost=np.round(prices * (1.0 - margin), digits),
        shares=_shares(categories, parameters.country),
    )


def nearest(products: Catalogue, category: NDArray[np.int64], price: Floats) -> NDArray[np.int64]:
    """The product of each wanted category whose price is nearest, on a ratio scale."""
    ladders = np.log(products.price).reshape(len(products.categories), _STEPS)
    wanted = np.log(np.maximum(price, 1e-6))
    found = np.empty(len(price), dtype=np.int64)
    for number, ladder in enumerate(ladders):
        here = category == number
        found[here] = products.start[number] + np.searchsorted((ladder[1:] + ladder[:-1]) / 2, wanted[here])
    return found


def _prices(parameters: Parameters, ringgit: Floats) -> Floats:
    if parameters.currency == "MYR":
        return np.maximum(np.round(ringgit), 2.0) + np.where(ringgit < 60, 0.9, 0.0) - 1.0
    return np.round(ringgit * parameters.price_unit / 500.0) * 500.0


def _product_name(category: Category, step: int) -> str:
    kinds = len(category.products)
    return f"{category.products[step % kinds]} {_PACKS[step // kinds]}"


def _shares(categories: tuple[Category, ...], country: str) -> Floats:
    shares = np.tile(np.array([c.share for c in categories]), (DAYS, 1))
    for number, category in enumerate(categories):
        for feast in dates_of(country, category.feast):
            shares[_before(feast, category.lift_days), number] *= category.lift
    return np.asarray(shares / shares.sum(axis=1, keepdims=True))


def _before(feast: date, days: int) -> slice:
    return slice(max(offset(feast) - days, 0), max(offset(feast), 0))
