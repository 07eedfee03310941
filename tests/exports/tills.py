"""Files of the tills Loyverse and Moka."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tests.exports.made import HEADERS, D, Made, Order, orders, phone, row, rupiah


def loyverse(
    kind: str = "receipts", made: Sequence[Order] | None = None, *, style: str = "%d/%m/%Y %H:%M"
) -> Made:
    """Loyverse: ids like 1-0003, refunds negative, a cancelled receipt, most buyers unknown."""
    code = f"loyverse.{kind}"
    every = []
    for n, o in enumerate(made or orders("", seed=16, fees=False)):
        tax = ((o.gross - o.discount) * D("0.06")).quantize(D("0.01"))
        total = o.gross - o.discount + tax
        cents = (total * 20).quantize(D(1)) / 20 - total if kind == "receipts" else D(0)
        every.append(
            replace(
                o,
                number=f"1-{n + 1:04d}",
                voucher=D(0),
                platform_voucher=D(0),
                charged=D(0),
                shipping=D(0),
                reverse=D(0),
                tax=tax,
                rounding=cents,
                cod=False,
                status="cancelled" if o.status == "cancelled" else "completed",
                items=tuple(replace(i, platform=D(0)) for i in o.items),
            )
        )
    rows = []
    for n, o in enumerate(every):
        sign = -1 if n == 3 else 1
        known = o.buyer < 3
        shared = {
            "Date": f"{o.at.strftime(style)}",
            "Receipt number": o.number,
            "Receipt type": "Refund" if sign < 0 else "Sale",
            "Payment type": "Cash",
            "POS": "POS 1",
            "Store": "Kedai Klang",
            "Customer name": "Aisyah Contoh" if known else "",
            "Customer contacts": f"+{phone(o.buyer)}, contoh{o.buyer}@example.com" if known else "",
            "Status": "Cancelled" if o.status == "cancelled" else "Closed",
        }
        lines = [None] if kind == "receipts" else list(o.items)
        taxed = D(0)
        for at, i in enumerate(lines):
            gross = o.gross if i is None else i.price * i.units
            off = o.discount if i is None else i.seller
            tax = o.tax if i is None else (gross - off) / (o.gross - o.discount) * o.tax
            tax = o.tax - taxed if i is not None and at == len(lines) - 1 else tax.quantize(D("0.01"))
            taxed += tax
            cost = (gross * D("0.5")).quantize(D("0.01"))
            extra = {
                "Gross sales": f"{sign * gross:.2f}",
                "Discounts": f"{sign * off:.2f}",
                "Net sales": f"{sign * (gross - off):.2f}",
                "Taxes": f"{sign * tax:.2f}",
                "Total collected": f"{sign * (gross - off + tax + o.rounding):.2f}",
                "Cost of goods": f"{sign * cost:.2f}",
                "Gross profit": f"{sign * (gross - off - cost):.2f}",
            }
            if i is not None:
                extra |= {
                    "Item": f"Barang {i.sku}",
                    "SKU": i.sku,
                    "Category": "Kopi",
                    "Quantity": f"{sign * i.units:.3f}",
                }
            rows.append(row(code, **shared, **extra))
    return Made(code, every, rows, HEADERS[code])


def moka(made: Sequence[Order] | None = None) -> Made:
    """Moka: dd-mm-yyyy, PB1 and a service charge, a refund event, a row "Grand Total"."""
    code, rows, every = "moka.receipts", [], []
    for n, o in enumerate(made or orders("", unit=D(1), scale=1000, seed=17, fees=False)):
        net = o.gross - o.discount
        service, tax = (net * D("0.05")).quantize(D(1)), (net * D("0.10")).quantize(D(1))
        o = replace(
            o,
            number=f"MK{n:05d}",
            voucher=D(0),
            platform_voucher=D(0),
            charged=D(0),
            shipping=D(0),
            reverse=D(0),
            status="completed",
            tax=tax,
            service=service,
            rounding=D(100) - (net + service + tax) % 100,
            cod=False,
            items=tuple(replace(i, platform=D(0)) for i in o.items),
        )
        every.append(o)
        refund = n == 4
        total = net + service + tax + o.rounding
        rows.append(
            row(
                code,
                **{
                    "Outlet": "Dago",
                    "Date": f"{o.at:%d-%m-%Y}",
                    "Time": f"{o.at:%H:%M:%S}",
                    "Gross Sales": 0 if refund else rupiah(o.gross),
                    "Discounts": 0 if refund else f"-{rupiah(o.discount)}",
                    "Refunds": rupiah(net) if refund else 0,
                    "Net Sales": f"{'-' if refund else ''}{rupiah(net)}",
                    "Gratuity": f"{'-' if refund else ''}{rupiah(service)}",
                    "Tax": f"{'-' if refund else ''}{rupiah(tax)}",
                    "Total Collected": f"{'-' if refund else ''}{rupiah(total)}",
                    "Receipt Number": o.number,
                    "Collected By": "Kasir",
                    "Customer": "Budi Contoh" if o.buyer < 4 else "",
                    "Customer Phone": phone(o.buyer, "62") if o.buyer < 4 else "",
                    "Items": "Kopi Susu x 2, Roti Bakar",
                    "Payment Method": "QRIS",
                    "Event Type": "Refund" if refund else "Payment",
                    "Reason of Refund": "Salah pesan" if refund else "",
                },
            )
        )
    below: list[list[object]] = [["Grand Total", "", "", "1.000.000", *[""] * 15]]
    return Made(code, every, rows, HEADERS[code], below=below)
