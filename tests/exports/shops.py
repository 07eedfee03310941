"""Files of Lazada, EasyStore and Shopify."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tests.exports.made import HEADERS, D, Item, Made, Order, orders, phone, row


def lazada(made: Sequence[Order] | None = None) -> Made:
    """Lazada: a row a unit, numbers for phones and postcodes, full-width commas, negative discounts."""
    code = "lazada.orders"
    every = [
        replace(
            o,
            voucher=D(0),
            platform_voucher=D(0),
            shipping=o.charged,
            fee=D(0),
            reverse=D(0),
            items=tuple(replace(i, platform=D(0)) for i in o.items),
        )
        for o in made or orders("3300900", seed=15, fees=False)
    ]
    words = {"completed": "delivered", "cancelled": "canceled", "failed": "shipped_back_success"}
    rows, real = [], []
    for o in every:
        units = [(i, n) for i in o.items for n in range(i.units)]
        fees = [(o.charged / len(units)).quantize(D("0.01"))] * len(units)
        fees[-1] = o.charged - sum(fees[:-1])
        items = []
        for k, ((i, _), fee) in enumerate(zip(units, fees, strict=True)):
            off = (i.seller / i.units).quantize(D("0.01"))
            items.append(Item(i.sku, i.price, 1, off))
            rows.append(
                row(
                    code,
                    orderItemId=f"{o.number}{k:03d}",
                    orderType="Normal",
                    sellerSku=i.sku,
                    createTime=f"{o.at:%d %b %Y %H:%M}",
                    orderNumber=int(o.number),
                    deliveredDate="",
                    customerName="Nur C.",
                    shippingName="Nur Contoh",
                    shippingPhone=int(phone(o.buyer)[1:]),
                    shippingCity="Johor Bahru，Johor",
                    shippingPostCode=1000,
                    shippingRegion="Perlis",
                    payMethod="COD" if o.cod else "MIXEDCARD",
                    paidPrice=i.price - off + fee,
                    unitPrice=i.price,
                    sellerDiscountTotal=-off,
                    shippingFee=fee,
                    itemName=f"Barang，{i.sku}",
                    shippingProvider="LEX MY",
                    status=words[o.status],
                    bundleDiscount=D(0),
                    refundAmount="",
                )
            )
        real.append(replace(o, items=tuple(items)))
    return Made(code, real, rows, HEADERS[code], sheet="sheet1")


def easystore(made: Sequence[Order] | None = None) -> Made:
    """EasyStore: a row a payment; order data on the first row only."""
    code, rows, every = "easystore.orders", [], []
    for n, o in enumerate(made or orders("#", seed=18, fees=False)):
        total = o.amount
        o = replace(
            o,
            number=f"#{1001 + n}",
            items=(Item("", total),),
            voucher=D(0),
            charged=D(0),
            shipping=D(0),
            platform_voucher=D(0),
        )
        o = replace(
            o, status="cancelled" if o.status == "cancelled" else "completed", cod=False, reverse=D(0)
        )
        every.append(o)
        first = {
            "Order Number": o.number,
            "Date": f"{o.at:%Y-%m-%d %H:%M:%S}",
            "Channel": "Online store",
            "Total Amount": f"{total:.2f}",
            "Order Status": "Cancelled" if o.status == "cancelled" else "Open",
            "Financial Status": "Paid",
        }
        for payment in range(2 if n % 4 == 0 else 1):
            facts = {"Transaction status": "Success", "Transaction date": f"{o.at:%Y-%m-%d}"}
            rows.append(row(code, **(first if payment == 0 else {}), **facts))
    return Made(code, every, rows, HEADERS[code])


def shopify(made: Sequence[Order] | None = None) -> Made:
    """Shopify: totals on the first line of an order only; a postcode with an apostrophe."""
    code, rows, every = "shopify.orders", [], []
    for n, o in enumerate(made or orders("#", seed=19, fees=False)):
        tax = ((o.gross - o.discount - o.voucher) * D("0.08")).quantize(D("0.01"))
        o = replace(
            o,
            number=f"#{2001 + n}",
            tax=tax,
            shipping=D(0),
            reverse=D(0),
            cod=False,
            platform_voucher=D(0),
            status="completed" if o.status != "cancelled" else "cancelled",
            items=tuple(replace(i, platform=D(0)) for i in o.items),
        )
        every.append(o)
        for at, i in enumerate(o.items):
            cells: dict[str, object] = {
                "Name": o.number,
                "Lineitem quantity": i.units,
                "Lineitem name": f"Barang {i.sku}",
                "Lineitem price": f"{i.price:.2f}",
                "Lineitem sku": i.sku,
                "Vendor": "Contoh",
            }
            if at == 0:
                cells |= {
                    "Email": f"contoh{o.buyer}@example.com",
                    "Financial Status": "voided" if o.status == "cancelled" else "paid",
                    "Fulfillment Status": "fulfilled",
                    "Accepts Marketing": "no",
                    "Currency": "MYR",
                    "Subtotal": f"{o.amount:.2f}",
                    "Shipping": f"{o.charged:.2f}",
                    "Taxes": f"{o.tax:.2f}",
                    "Total": f"{o.amount + o.charged + o.tax:.2f}",
                    "Discount Amount": f"{o.discount + o.voucher:.2f}",
                    "Created at": f"{o.at:%Y-%m-%d %H:%M:%S} +0800",
                    "Billing Name": "Mei Contoh",
                    "Shipping Zip": "'01000",
                    "Shipping City": "Kangar",
                    "Refunded Amount": "0.00",
                    "Phone": f"'+{phone(o.buyer)}",
                }
            rows.append(row(code, **cells))
    return Made(code, every, rows, HEADERS[code])
