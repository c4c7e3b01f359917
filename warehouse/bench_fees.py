"""How long a day's storage charges take for very many balances, beside the least any program could.

The floor: the same legs of the ledger summed by one GROUP BY into a bare table, as many rows of it.
Ours: balances at the day's end, layers by age, shares of pallets, rates, what is charged already,
and a charge for each balance behind row-level security, its keys checked. The last of three
arrivals stands on pallets, one for each lot, which all of its owners share.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from django.db import connection, transaction

from accounts.models import Company, CompanyKind, User
from catalog.models import Product, TradingPartner
from catalog.rules import NewProduct
from catalog.services import add_products
from core.walls import platform_wide
from procurement.models import (
    PoolRound,
    PurchaseOrder,
    PurchaseOrderLine,
    Shipment,
    ShipmentLine,
)
from procurement.services import open_round
from warehouse.models import (
    BondedWarehouse,
    Location,
    Lot,
    Pallet,
    Receipt,
    ReceiptLine,
    Zone,
)
from warehouse.rules.fees import Tariff
from warehouse.rules.posting import Account, Kind, Leg, Posting, Status, received
from warehouse.services.fees import charge_day, enter_tariff
from warehouse.services.houses import gate_of
from warehouse.services.posting import post

#: A quarter nobody trades in: the bench runs beside real rounds and is rolled back.
ARRIVES = datetime(2006, 1, 10, 2, tzinfo=UTC)
DAY = date(2006, 3, 1)
#: Lots that each owner has a part of.
LOTS = 300
AT_ONCE = 10_000


@dataclass(frozen=True, slots=True)
class Measured:
    """Seconds for so many balances; ``late_s``: the next day, with a tenth of them told late."""

    balances: int
    legs: int
    charges: int
    day_s: float
    late_s: float
    corrections: int
    floor_s: float

    @property
    def ratio(self) -> float:
        return self.day_s / self.floor_s


def measure(balances: int, *, told: Callable[[str], None], lots_each: int = LOTS) -> Measured:
    """``lots_each``: of how many lots each owner has a part. All of it is rolled back; nothing
    stays in the database."""
    with platform_wide(), transaction.atomic():
        told(f"preparing {balances:,} balances")
        house, lots, owners, clerk = _prepare(balances // lots_each, lots_each)
        places = _move(house, lots, owners)
        enter_tariff(
            warehouse=house,
            told=Tariff(
                valid_from=DAY,
                valid_to=None,
                until_days=(30, 90, 180, 365),
                rates=tuple(map(Decimal, (150, 200, 250, 300, 400))),
                pallet_rate=Decimal(300),
                pallet_cm3=1_200_000,
                order_rate=Decimal(250),
                order_line_rate=Decimal(80),
                unit_in_rate=Decimal("12.5"),
            ),
            entered_by=clerk,
            now=_night(0),
        )
        # What the preparation owes its foreign keys is not the day's.
        _check_keys()
        _analyze()
        floor, legs = min(_floor() for _ in range(3))
        told("charging a day")
        began = time.perf_counter()
        run = charge_day(warehouse=house, day=DAY, now=_night(1))
        _check_keys()
        charged = time.perf_counter()
        _ship(
            places, house, lots, owners[::10], at=_night(0), booked=_night(1) + timedelta(hours=5)
        )
        _check_keys()
        _analyze()
        told("charging the next, with corrections")
        late = time.perf_counter()
        again = charge_day(warehouse=house, day=DAY + timedelta(days=1), now=_night(2))
        _check_keys()
        done = time.perf_counter()
        transaction.set_rollback(True)
    return Measured(
        balances=len(lots) * len(owners),
        legs=legs,
        charges=run.charges,
        day_s=charged - began,
        late_s=done - late,
        corrections=again.corrections,
        floor_s=floor,
    )


def _night(days: int) -> datetime:
    """An hour after midnight in the house, so many days on."""
    return datetime(DAY.year, DAY.month, DAY.day, tzinfo=UTC) + timedelta(days=days, hours=-7)


def _check_keys() -> None:
    """What a commit would do: foreign keys are checked at its end, and here nothing commits."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _analyze() -> None:
    """Beware: whoever vacuums meanwhile sees nothing of what is not committed, and has the planner
    take these tables for empty; so it is told just before each measure."""
    with connection.cursor() as cursor:
        cursor.execute(
            "ANALYZE warehouse_stockmovement, warehouse_stockposting, warehouse_lot, "
            "warehouse_storagecharge, warehouse_location, warehouse_pallet, warehouse_holding, "
            "catalog_product, accounts_company"
        )


def _floor() -> tuple[float, int]:
    with connection.cursor() as cursor:
        began = time.perf_counter()
        cursor.execute(
            "CREATE TEMP TABLE bare ON COMMIT DROP AS SELECT owner_id, lot_id, "
            "sum(quantity) AS units FROM warehouse_stockmovement WHERE account = 'stock' "
            "GROUP BY 1, 2"
        )
        took = time.perf_counter() - began
        cursor.execute("DROP TABLE bare")
        cursor.execute("SELECT count(*) FROM warehouse_stockmovement")
        return took, int(cursor.fetchone()[0])


def _company(code: str, kind: CompanyKind) -> Company:
    return Company(code=f"BENCH-{code}", kinds=[kind.value], name_zh=code, name_en=code)


def _prepare(
    sellers: int, lots_each: int
) -> tuple[BondedWarehouse, list[Lot], list[Company], User]:
    owners = Company.objects.bulk_create(
        _company(f"SELLER-{n:05d}", CompanyKind.SELLER) for n in range(sellers)
    )
    keeper, maker, buyer = Company.objects.bulk_create(
        [
            _company("KEEPER", CompanyKind.WAREHOUSE),
            _company("MAKER", CompanyKind.SUPPLIER),
            _company("BUYER", CompanyKind.IMPORTER),
        ]
    )
    clerk = User.objects.create(email="bench@bondpool.invalid", name="bench")
    house: BondedWarehouse = BondedWarehouse.objects.create(
        code="BENCH",
        operator=keeper,
        name_zh="基准",
        name_en="bench",
        customs_district="3105",
        entry_port="310501",
        ledger_number="T0000W000000",
    )
    # Three arrivals of each product, so that there are layers.
    products = add_products(
        products=[
            NewProduct(
                sku=f"BENCH-{n}",
                name_zh=f"{n}",
                name_en=f"{n}",
                hs_code="3304990099",
                origin="DEU",
                net_weight_g=500,
                gross_weight_g=600,
            )
            for n in range(lots_each // 3)
        ]
    )
    Product.objects.filter(pk__in=[one.pk for one in products]).update(volume_cm3=2_400)
    held = open_round(quarter="2006-Q1", opens_at=ARRIVES - timedelta(days=9), cutoff_at=ARRIVES)
    partner = TradingPartner.objects.create(company=maker, currency="EUR")
    lots = [
        lot
        for at, incoterm in enumerate(("FOB", "CIF", "EXW"))
        for lot in _arrival(house, held, partner, buyer, clerk, products, at, incoterm, sellers)
    ]
    return house, lots, list(owners), clerk


def _arrival(
    house: BondedWarehouse,
    held: PoolRound,
    partner: TradingPartner,
    buyer: Company,
    clerk: User,
    products: list[Product],
    at: int,
    incoterm: str,
    sellers: int,
) -> list[Lot]:
    """One order, shipment and receipt of all products: twelve units for each seller."""
    came = ARRIVES + timedelta(days=20 * at)
    units = 12 * sellers
    order = PurchaseOrder.objects.create(
        number=f"BENCH-PO-{at}",
        round=held,
        supplier=partner,
        buyer=buyer,
        currency="EUR",
        incoterm=incoterm,
        amount_minor=0,
        created_at=came,
    )
    lines = PurchaseOrderLine.objects.bulk_create(
        PurchaseOrderLine(
            order=order,
            buyer=buyer,
            position=position,
            product=product,
            wanted=units,
            packs=units,
            pack_quantity=1,
            quantity=units,
            pack_price_minor=0,
            base_pack_price_minor=0,
            amount_minor=0,
        )
        for position, product in enumerate(products, 1)
    )
    shipment = Shipment.objects.create(
        number=f"BENCH-ASN-{at}",
        order=order,
        vessel="BENCH",
        voyage="1",
        bill_of_lading=f"BENCH{at}",
        departed_at=came,
        expected_on=came.date(),
        packages=1,
        gross_weight_g=1,
        net_weight_g=1,
        bound_for=house.operator,
    )
    sent = ShipmentLine.objects.bulk_create(
        ShipmentLine(shipment=shipment, order_line=line, quantity=units) for line in lines
    )
    receipt = Receipt.objects.create(
        number=f"BENCH-RCV-{at}",
        warehouse=house,
        shipment=shipment,
        received_at=came,
        received_by=clerk,
    )
    counted = ReceiptLine.objects.bulk_create(
        ReceiptLine(
            receipt=receipt,
            shipment_line=one,
            keeper=house.operator,
            announced=units,
            counted=units,
        )
        for one in sent
    )
    return list(
        Lot.objects.bulk_create(
            Lot(
                number=f"BENCH-{at}-{line.position}",
                warehouse=house,
                product=line.product,
                order_line=line,
                receipt_line=one,
                received_at=came,
            )
            for line, one in zip(lines, counted, strict=True)
        )
    )


def _move(house: BondedWarehouse, lots: list[Lot], owners: list[Company]) -> dict[int, int]:
    """Twelve units of each lot come in for each owner, and some of most of them leave; gives back
    where each lot (id) lies."""
    places = _places(house, lots)
    _post(
        [
            Posting(
                key=f"bench-in:{lot.pk}:{owner.pk}",
                kind=Kind.RECEIVED,
                document="BENCH",
                owner=owner.pk,
                keeper=house.operator_id,
                moved_at=lot.received_at,
                legs=received(lot.pk, places[lot.pk], 12),
            )
            for lot in lots
            for owner in owners
        ],
        ARRIVES,
    )
    for day in range(2):
        at = ARRIVES + timedelta(days=42 + day)
        _ship(places, house, lots, owners, at=at, booked=at)
    return places


def _places(house: BondedWarehouse, lots: list[Lot]) -> dict[int, int]:
    """Where each lot (id) lies: those of the last arrival each on a pallet, the others loose."""
    gate = gate_of(house)
    clerk = User.objects.get(email="bench@bondpool.invalid")
    last = max(lot.received_at for lot in lots)
    at = {lot.pk: gate.pk for lot in lots}
    codes = {lot.pk: f"{lot.pk:018d}" for lot in lots if lot.received_at == last}
    made = Location.objects.bulk_create(
        Location(warehouse=house, code=code, zone=Zone.GATE, stands_at=gate)
        for code in codes.values()
    )
    Pallet.objects.bulk_create(
        Pallet(sscc=one.code, location=one, keeper=house.operator, made_at=last, made_by=clerk)
        for one in made
    )
    return at | {lot: one.pk for lot, one in zip(codes, made, strict=True)}


def _ship(
    places: dict[int, int],
    house: BondedWarehouse,
    lots: list[Lot],
    owners: list[Company],
    *,
    at: datetime,
    booked: datetime,
) -> None:
    _post(
        [
            Posting(
                key=f"bench-out:{at:%m%d}:{lot.pk}:{owner.pk}",
                kind=Kind.SHIPPED,
                document=f"BENCH-{at:%m%d}-{owner.pk}",
                owner=owner.pk,
                keeper=house.operator_id,
                moved_at=at,
                legs=(
                    Leg(Account.STOCK, lot.pk, -2, places[lot.pk], Status.AVAILABLE),
                    Leg(Account.CONSUMER, lot.pk, 2),
                ),
            )
            for lot in lots
            for owner in owners
        ],
        booked,
    )


def _post(postings: list[Posting], now: datetime) -> None:
    for begin in range(0, len(postings), AT_ONCE):
        post(postings=postings[begin : begin + AT_ONCE], now=now)
