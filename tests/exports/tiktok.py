"""Files of TikTok Shop, and of Tokopedia before they became one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from tests.exports.made import HEADERS, D, Made, Order, orders, phone, row, user


def tiktok(made: Sequence[Order] | None = None, *, us: bool = False) -> Made:
    """TikTok Shop: a row of descriptions, trailing tabs, long ids, failed parcels told by their reason."""
    code = "tiktok.orders"
    every = list(made or orders("5761234567890", unit=D(1), scale=1000, seed=13))
    words = {"completed": "Selesai", "cancelled": "Dibatalkan", "failed": "Dibatalkan"}
    reasons = {"failed": "Pengiriman paket gagal", "cancelled": "Berubah pikiran"}
    style = "%m/%d/%Y %I:%M:%S %p" if us else "%d/%m/%Y %H:%M:%S"
    rows = [row(code, **{"Order ID": "Platform unique order ID.", "Order Status": "Current order status."})]
    for o in every:
        for i in o.items:
            rows.append(
                row(
                    code,
                    **{
                        "Order ID": f"{o.number}\t",
                        "Order Status": words[o.status],
                        "Order Substatus": words[o.status],
                        "Seller SKU": f"{i.sku}\t",
                        "Product Name": f"Barang {i.sku}",
                        "Quantity": i.units,
                        "Sku Quantity of return": i.returned,
                        "SKU Unit Original Price": int(i.price),
                        "SKU Subtotal Before Discount": int(i.price * i.units),
                        "SKU Platform Discount": int(i.platform),
                        "SKU Seller Discount": int(i.seller + (o.voucher if i is o.items[0] else 0)),
                        "SKU Subtotal After Discount": int(
                            i.price * i.units - i.platform - i.seller - (o.voucher if i is o.items[0] else 0)
                        ),
                        "Shipping Fee After Discount": int(o.charged),
                        "Original Shipping Fee": int(o.shipping + o.reverse),
                        "Shipping Fee Seller Discount": 0,
                        "Shipping Fee Platform Discount": 0,
                        "Payment platform discount": int(o.platform_voucher),
                        "Order Amount": int(o.amount + o.charged),
                        "Created Time": f"{o.at.strftime(style)}\t",
                        "Delivered Time": f"{(o.at + timedelta(days=3)).strftime(style)}\t"
                        if o.status == "completed"
                        else "",
                        "Cancel Reason": reasons.get(o.status, ""),
                        "Fulfillment Type": "Dikirim oleh penjual",
                        "Shipping Provider Name": "J&T Express",
                        "Buyer Username": user(o.buyer),
                        "Recipient": "R***i",
                        "Phone #": "(+62)812*****12",
                        "Zipcode": "40111",
                        "Country": "Indonesia",
                        "Province": "Jawa Barat",
                        "Regency and City": "Kota Bandung",
                        "Districts": "Coblong",
                        "Villages": "Dago",
                        "Payment Method": "Bayar di tempat" if o.cod else "GoPay",
                        "Product Category": "Rumah Tangga",
                    },
                )
            )
    return Made(code, every, rows, HEADERS[code], sheet="OrderSKUList")


def tiktok_settlement(made: Sequence[Order] | None = None) -> Made:
    """What TikTok Shop paid out: fees are negative."""
    every = [
        o for o in made or orders("5761234567890", unit=D(1), scale=1000, seed=13) if o.status != "cancelled"
    ]
    rows = [
        row(
            "tiktok.settlement",
            **{
                "Order/adjustment ID": o.number,
                "Type": "Order",
                "Order created time": f"{o.at:%Y/%m/%d}",
                "Order settled time": f"{o.at + timedelta(days=6):%Y/%m/%d}",
                "Currency": "IDR",
                "Total settlement amount": int(o.payout),
                "Total revenue": int(o.payout + o.fee),
                "Total fees": -int(o.fee),
            },
        )
        for o in every
    ]
    return Made("tiktok.settlement", every, rows, HEADERS["tiktok.settlement"], sheet="Order details")


def tokopedia(made: Sequence[Order] | None = None, *, spelled: bool = False) -> Made:
    """Tokopedia before the merger: four rows above; one header over a date and a time."""
    code = "tokopedia.orders"
    every = list(made or orders("INV/20260301/MPL/", unit=D(1), scale=1000, seed=14, fees=False))
    every = [replace(o, shipping=o.charged, platform_voucher=D(0), reverse=D(0)) for o in every]
    words = {"completed": "Pesanan Selesai", "cancelled": "Dibatalkan Penjual", "failed": "Pengiriman Gagal"}
    rows: list[list[object]] = []
    header: list[str] = []
    for h in HEADERS[code]:
        pair = h.startswith("Tanggal/Waktu")
        rest = h.removeprefix("Tanggal/Waktu ")
        header += [f"Tanggal {rest}", f"Waktu {rest}"] if pair and spelled else [h, ""] if pair else [h]
    for n, o in enumerate(every):
        for i in o.items:
            each = i.seller / i.units
            unit = each.quantize(D(1))
            cells = {
                "Nomor": n + 1,
                "Nomor Invoice": o.number,
                "Tanggal Pembayaran": f"{o.at:%d-%m-%Y %H:%M:%S}",
                "Status Terakhir": words[o.status],
                "Nama Produk": f"Barang {i.sku}",
                "Nomor SKU": i.sku,
                "Jumlah Produk Dibeli": i.units,
                "Harga Awal (IDR)": int(i.price),
                "Diskon Produk (IDR)": int(unit),
                "Harga Jual (IDR)": int(i.price - unit),
                "Jumlah Subsidi Tokopedia (IDR)": int(i.platform),
                "Nilai Kupon Toko Terpakai (IDR)": int(o.voucher),
                "Total Biaya Pengiriman (IDR)": int(o.charged),
                "Nama Pembeli": "Sari Contoh",
                "No Telp Pembeli": phone(o.buyer, "62"),
                "Kota": "Kota Bandung",
                "Provinsi": "Jawa Barat",
                "Nama Kurir": "SiCepat",
                "COD": "Ya" if o.cod else "Tidak",
                "Jumlah Produk Yang Dikurangkan": 0,
                "Diskon Penawaran Terpakai (IDR)": 0,
            }
            line: list[object] = []
            for h in HEADERS[code]:
                line.append(cells.get(h, ""))
                if h.startswith("Tanggal/Waktu"):
                    done = (
                        o.at + timedelta(days=2)
                        if "Dibatalkan" not in h and o.status == "completed"
                        else None
                    )
                    line[-1] = f"{done:%d-%m-%Y}" if done else ""
                    line.append(f"{done:%H:%M:%S}" if done else "")
            rows.append(line)
    every = [
        replace(
            o, items=tuple(replace(i, seller=(i.seller / i.units).quantize(D(1)) * i.units) for i in o.items)
        )
        for o in every
    ]
    above: list[list[object]] = [["Laporan Penjualan"], ["Toko Contoh"], ["01-03-2026 - 31-03-2026"], []]
    return Made(code, every, rows, header, above=above, sheet="Laporan Penjualan")
