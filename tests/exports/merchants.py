"""Files as marketplaces and tills write them, of merchants and people that do not exist.

Every file has exactly the headers that the system writes, and its quirks; beside it stands the truth:
what each order brought, in Decimal, worked out from the made order and never from the file.
"""

from __future__ import annotations

from collections.abc import Callable

from tests.exports.made import HEADERS as HEADERS
from tests.exports.made import SEN as SEN
from tests.exports.made import D as D
from tests.exports.made import Made as Made
from tests.exports.made import orders as orders
from tests.exports.made import rupiah as rupiah
from tests.exports.shopee import shopee_id, shopee_id_settlement, shopee_my
from tests.exports.shops import easystore, lazada, shopify
from tests.exports.tiktok import tiktok, tiktok_settlement, tokopedia
from tests.exports.tills import loyverse, moka

FILES: dict[str, Callable[[], Made]] = {
    "shopee_id.orders": shopee_id,
    "shopee_id.cancelled": lambda: shopee_id("cancelled"),
    "shopee_id.failed": lambda: shopee_id("failed"),
    "shopee_id.settlement": shopee_id_settlement,
    "shopee_my.orders": shopee_my,
    "tiktok.orders": tiktok,
    "tiktok.settlement": tiktok_settlement,
    "tokopedia.orders": tokopedia,
    "lazada.orders": lazada,
    "loyverse.receipts": loyverse,
    "loyverse.items": lambda: loyverse("items"),
    "moka.receipts": moka,
    "easystore.orders": easystore,
    "shopify.orders": shopify,
}
