"""Files of Shopee: orders, cancelled and failed ones and income of Indonesia, and orders of Malaysia."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from tests.exports.made import HEADERS, D, Made, Order, orders, row, rupiah, user


def shopee_id(kind: str = "orders", made: Sequence[Order] | None = None, *, mark: str = ".") -> Made:
    """Order files of Shopee Indonesia; ``mark`` is the thousands mark of the file's locale."""
    wanted = {"orders": ("completed",), "cancelled": ("cancelled",), "failed": ("failed",)}[kind]
    every = list(made or orders("2603SHP", unit=D(1), scale=1000, seed=11))
    chosen = [o for o in every if o.status in wanted]
    words = {"completed": "Selesai", "cancelled": "Batal", "failed": "Batal"}
    code, rows = f"shopee_id.{kind}", []
    for o in chosen:
        for i in o.items:
            net = i.price * i.units - i.seller - i.platform
            rows.append(
                row(
                    code,
                    **{
                        "No. Pesanan": o.number,
                        "Status Pesanan": words[o.status],
                        "Opsi Pengiriman": "SPX Standard",
                        "Waktu Pesanan Dibuat": f"{o.at:%Y-%m-%d %H:%M}",
                        "Metode Pembayaran": "COD (Bayar di Tempat)" if o.cod else "ShopeePay",
                        "Nama Produk": f"Barang {i.sku}",
                        "Nomor Referensi SKU": i.sku,
                        "Harga Awal": rupiah(i.price, mark),
                        "Harga Setelah Diskon": rupiah((net / i.units).quantize(D(1)), mark),
                        "Jumlah": i.units,
                        "Returned quantity": i.returned,
                        "Total Harga Produk": rupiah(net, mark),
                        "Total Diskon": rupiah(i.seller + i.platform, mark),
                        "Diskon Dari Penjual": rupiah(i.seller, mark),
                        "Diskon Dari Shopee": rupiah(i.platform, mark),
                        "Voucher Ditanggung Penjual": rupiah(o.voucher, mark),
                        "Cashback Koin": "0",
                        "Voucher Ditanggung Shopee": rupiah(o.platform_voucher, mark),
                        "Paket Diskon": "N",
                        "Paket Diskon (Diskon dari Shopee)": "0",
                        "Paket Diskon (Diskon dari Penjual)": "0",
                        "Potongan Koin Shopee": "0",
                        "Diskon Kartu Kredit": "0",
                        "Ongkos Kirim Dibayar oleh Pembeli": rupiah(o.charged, mark),
                        "Estimasi Potongan Biaya Pengiriman": "0",
                        "Ongkos Kirim Pengembalian Barang": rupiah(o.reverse, mark),
                        "Total Pembayaran": rupiah(o.amount + o.charged, mark),
                        "Dibayar Pembeli": rupiah(o.amount + o.charged, mark),
                        "Perkiraan Ongkos Kirim": rupiah(o.shipping, mark),
                        "Username (Pembeli)": user(o.buyer),
                        "Nama Penerima": "S****i",
                        "No. Telepon": "******12",
                        "Kota/Kabupaten": "KOTA BANDUNG",
                        "Provinsi": "JAWA BARAT",
                        "Waktu Pesanan Selesai": f"{o.at + timedelta(days=3):%Y-%m-%d %H:%M}"
                        if o.status == "completed"
                        else "",
                        "Alasan Pembatalan": "Ingin mengubah pesanan",
                        "Status pengiriman gagal": "Paket dikembalikan",
                    },
                )
            )
    above: list[list[object]] = [["Laporan Pesanan"]] if kind == "orders" else []
    return Made(code, chosen, rows, HEADERS[code], above=above)


def shopee_id_settlement(made: Sequence[Order] | None = None, *, mark: str = ".") -> Made:
    """The income file: the fees of each order, five rows above the header."""
    every = [o for o in made or orders("2603SHP", unit=D(1), scale=1000, seed=11) if o.status != "cancelled"]
    rows = []
    for o in every:
        part = (o.fee / 4).quantize(D(1))
        fees = [part, part, part, o.fee - 3 * part]
        names = ("Biaya Komisi AMS", "Biaya Administrasi", "Biaya Layanan", "Biaya Proses Pesanan")
        rows.append(
            row(
                "shopee_id.settlement",
                **{
                    "No. Pesanan": o.number,
                    "Username (Pembeli)": user(o.buyer),
                    "Tanggal Dana Dilepaskan": f"{o.at + timedelta(days=5):%Y-%m-%d}",
                    **{
                        name: f"-{rupiah(fee, mark)}" if fee else "0"
                        for name, fee in zip(names, fees, strict=True)
                    },
                    "Total Penghasilan": rupiah(o.payout, mark),
                },
            )
        )
    above: list[list[object]] = [
        ["Laporan Penghasilan"],
        ["Username (Penjual)", "toko_contoh"],
        ["Dari", "2026-03-01"],
        ["ke", "2026-03-31"],
        [],
    ]
    return Made(
        "shopee_id.settlement", every, rows, HEADERS["shopee_id.settlement"], above=above, sheet="Income"
    )


def shopee_my(made: Sequence[Order] | None = None) -> Made:
    """Shopee Malaysia: the fees stand in the order file, once an order, repeated on its lines."""
    code, rows = "shopee_my.orders", []
    every = list(made or orders("2603MY", seed=12))
    words = {"completed": "Completed", "cancelled": "Cancelled", "failed": "Failed Delivery"}
    for o in every:
        for i in o.items:
            net = i.price * i.units - i.seller - i.platform
            part = (o.fee / 3).quantize(D("0.01"))
            rows.append(
                row(
                    code,
                    **{
                        "Order ID": o.number,
                        "Order Type": "Normal Order",
                        "Order Status": words[o.status],
                        "Shipping Option": "SPX Express",
                        "Order Creation Date": f"{o.at:%Y-%m-%d %H:%M}",
                        "Product Name": f"Barang {i.sku}",
                        "SKU Reference No.": i.sku,
                        "Original Price": f"{i.price:.2f}",
                        "Deal Price": f"{net / i.units:.2f}",
                        "Quantity": i.units,
                        "Returned quantity": i.returned,
                        "Product Subtotal": f"{net:,.2f}",
                        "Seller Rebate": "0.00",
                        "Seller Discount": f"{i.seller:.2f}",
                        "Shopee Rebate": f"{i.platform:.2f}",
                        "Discount Voucher Amount Sponsored by Seller": f"{o.voucher:.2f}",
                        "Coin Cashback Voucher Amount Sponsored by Seller": "0.00",
                        "Discount Voucher Amount Sponsored by Shopee": f"{o.platform_voucher:.2f}",
                        "Bundle Deal Indicator": "N",
                        "Shopee Bundle Discount": "0.00",
                        "Seller Bundle Discount": "0.00",
                        "Coin Cashback Voucher Amount Sponsored by Shopee": "0.00",
                        "Credit Card Discount Total": "0.00",
                        "Total Amount": f"{o.amount + o.charged:.2f}",
                        "Buyer Paid Shipping Fee": f"{o.charged:.2f}",
                        "Shipping Rebate Estimate": "0.00",
                        "Reverse Shipping Fee": f"{o.reverse:.2f}",
                        "Transaction Fee": f"{part:.2f}",
                        "Commission Fee": f"{part:.2f}",
                        "Service Fee": f"{o.fee - 2 * part:.2f}",
                        "Grand Total": f"{o.payout:.2f}",
                        "Estimated Shipping Fee": f"{o.shipping:.2f}",
                        "Username (Buyer)": user(o.buyer),
                        "Receiver Name": "N****",
                        "Phone Number": "*****78",
                        "District": "Petaling",
                        "City": "Shah Alam",
                        "Province": "Selangor",
                        "Country": "MY",
                        "Zip Code": "40100",
                    },
                )
            )
    return Made(code, every, rows, HEADERS[code])
