"""What Platter & Spindle deals in, and with whom. The companies and people are invented."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

COMPANY = "Platter & Spindle"
MAIN, STORE, ANNEX = "Main Warehouse", "Downtown Store", "Pier 9 Annex"

# Vendors by what they are known for.
NEW, USED, OFFICES, SURPLUS, PARTS = (
    "Bluepeak Storage Distribution",
    "Ferrous Data Recyclers",
    "Cascade IT Asset Recovery",
    "Second Orbit Surplus",
    "Northgate Components",
)


class Model(NamedTuple):
    """A product: what it is, what it costs and brings, and how much of it is kept."""

    name: str
    display_name: str
    vendor: str
    cost: Decimal
    price: Decimal
    reorder_point: int
    stock_level: int
    store_level: int = 0


def _model(name: str, title: str, vendor: str, prices: str, *levels: int) -> Model:
    cost, price = (Decimal(word) for word in prices.split())
    return Model(name, title, vendor, cost, price, *levels)


SERIALIZED = (
    _model("ST3000DM001", "Seagate Barracuda 3 TB (ST3000DM001)",
           NEW, "41.50 64.00", 12, 30, 8),
    _model("ST4000DX000", "Seagate Barracuda XT 4 TB (ST4000DX000)",
           NEW, "58.00 89.00", 6, 14, 4),
    _model("TOSHIBA DT01ACA300", "Toshiba DT01ACA 3 TB (DT01ACA300)",
           NEW, "43.00 66.00", 6, 12, 4),
    _model("HGST HMS5C4040ALE640", "HGST MegaScale 4 TB (HMS5C4040ALE640)",
           NEW, "61.00 94.00", 5, 14),
    _model("Hitachi HDS723030ALA640", "Hitachi Deskstar 7K3000 3 TB (HDS723030ALA640), used",
           USED, "29.00 47.00", 8, 20),
    _model("Hitachi HDS5C3030ALA630", "Hitachi Deskstar 5K3000 3 TB (HDS5C3030ALA630), used",
           USED, "27.50 45.00", 10, 26, 6),
    _model("Hitachi HDS722020ALA330", "Hitachi Deskstar 7K2000 2 TB (HDS722020ALA330), used",
           OFFICES, "19.00 34.00", 10, 26, 6),
    _model("ST32000542AS", "Seagate Barracuda LP 2 TB (ST32000542AS), used",
           OFFICES, "18.50 32.00", 5, 14),
    _model("ST31500541AS", "Seagate Barracuda LP 1.5 TB (ST31500541AS), used",
           OFFICES, "13.00 24.00", 6, 16),
    _model("ST31500341AS", "Seagate Barracuda 7200.11 1.5 TB (ST31500341AS), used",
           SURPLUS, "11.50 21.00", 5, 12),
    _model("SAMSUNG HD103UJ", "Samsung SpinPoint F1 1 TB (HD103UJ), used",
           SURPLUS, "8.00 16.00", 4, 10),
)  # fmt: skip

ORDINARY = (
    _model("CABLE-SATA-50", "SATA III cable, 50 cm", PARTS, "1.85 4.50", 60, 150, 40),
    _model("CADDY-35", "Drive caddy, 3.5 inch", PARTS, "6.40 14.00", 20, 50),
)

# Of a model the catalog does not know: what a terabyte is bought and sold for.
PER_TERABYTE = (Decimal("12.50"), Decimal("20.00"))

VENDORS = (
    (NEW, "orders@bluepeak.example.com", "+1 503 555 0141", "2200 Harbor Way\nPortland, OR 97217"),
    (USED, "sales@ferrousdata.example.com", "+1 206 555 0117", "81 Rail Street\nTacoma, WA 98402"),
    (OFFICES, "desk@cascade-ita.example.com", "+1 541 555 0126", "9 Mill Road\nBend, OR 97702"),
    (
        SURPLUS,
        "hello@secondorbit.example.com",
        "+1 360 555 0173",
        "400 Dock 4\nVancouver, WA 98660",
    ),
    (PARTS, "trade@northgateparts.example.com", "+1 503 555 0188", "17 Elm Lane\nSalem, OR 97301"),
)

CUSTOMERS = (
    ("Tandem Web Hosting", "stock@tandemhosting.example.com", "+1 503 555 0102"),
    ("Redwood Genomics Lab", "purchasing@redwoodgen.example.com", "+1 541 555 0109"),
    ("Quillfire Studios", "post@quillfire.example.com", "+1 503 555 0111"),
    ("Maplewood School District", "it@maplewood.example.com", "+1 503 555 0120"),
    ("Ollie's Computer Repair", "ollie@olliesrepair.example.com", "+1 503 555 0124"),
    ("Harbor Dental Group", "office@harbordental.example.com", "+1 360 555 0133"),
    ("Signal Hill Radio", "engineering@signalhill.example.com", "+1 503 555 0137"),
    ("Lanternfish Games", "ops@lanternfish.example.com", "+1 206 555 0148"),
    ("Kestrel Aerial Survey", "data@kestrelsurvey.example.com", "+1 541 555 0155"),
    ("Northbay Photo Lab", "lab@northbayphoto.example.com", "+1 503 555 0160"),
    ("City of Alder Creek", "procurement@aldercreek.example.com", "+1 971 555 0169"),
    ("Brightwater Accounting", "mara@brightwater.example.com", "+1 503 555 0195"),
)
