"""The first half of the story: goods, forecasts, the pool, the orders, the shipments."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from decimal import Decimal

from django.db.models import Count, Sum
from django.utils.translation import gettext as _

from catalog.models import Product
from catalog.rules import NewProduct, is_poolable
from catalog.services import add_products
from core.money import Money
from core.sheets import read_sheet
from demo import terms
from demo.goods import Goods
from demo.house import sellers_named
from demo.reference import keep_reference
from demo.story import Story, wait_for
from demo.telling import Chapter
from procurement import services as procurement
from procurement.models import (
    Forecast,
    OrderDocument,
    OrderShare,
    OrderState,
    PoolRound,
    PurchaseOrder,
    PurchaseOrderLine,
    RoundState,
    Shipment,
    SupplierOffer,
)
from procurement.queries import approvals
from procurement.rules.forecasting import Wish
from procurement.services import NewOffer
from settlement.models import Payable

FORECAST_COLUMNS = ("quarter", "seller", "sku", "forecast_units")


def stock_the_catalogue(story: Story, chapter: Chapter) -> None:
    """Products, tariff and offers; what spoils is kept out of pooling."""
    known = set(Product.objects.values_list("sku", flat=True))
    add_products(products=[_product(one) for one in story.goods if one.sku not in known])
    keep_reference(story)
    products = Product.objects.in_bulk(field_name="sku")
    pooled = [one for one in story.goods if _is_poolable(one)]
    offered = set(SupplierOffer.objects.values_list("product", flat=True))
    procurement.add_offers(
        offers=[
            NewOffer(
                product=products[one.sku],
                supplier=story.house.partners[one.supplier],
                currency=one.currency,
                incoterm=one.incoterm,
                pack_quantity=one.pack_quantity,
                minimum_quantity=one.minimum_quantity,
                breaks=one.breaks,
                valid_from=story.quarter.opens_at.date(),
            )
            for one in pooled
            if products[one.sku].pk not in offered
        ]
    )
    kept = terms.keep(story, since=story.quarter.opens_at.date())
    spoiling = [one.sku for one in story.goods if not _is_poolable(one)]
    chapter.say(
        _("%(products)s products, %(pooled)s offered for pooling"),
        products=len(story.goods),
        pooled=len(pooled),
    )
    if kept.ways:
        chapter.say(
            _("freight terms of %(ways)s suppliers, %(offers)s products with a second supplier"),
            ways=kept.ways,
            offers=kept.offers,
        )
    if spoiling:
        chapter.say(_("refused for pooling, they spoil: %(skus)s"), skus=", ".join(spoiling[:5]))


def file_forecasts(story: Story, chapter: Chapter) -> None:
    """A round opens and every seller of the file files its forecast."""
    quarter = story.quarter
    rows = read_sheet(
        story.forecasts.name, story.forecasts.content, columns=FORECAST_COLUMNS, max_rows=2_000_000
    )
    sellers_named(row.values["seller"] for row in rows)
    round = PoolRound.objects.filter(quarter=quarter.name, category="").first()
    if round is None:
        round = procurement.open_round(
            quarter=quarter.name,
            opens_at=quarter.opens_at,
            cutoff_at=quarter.cutoff_at,
        )
    left_out = {one.sku for one in story.goods if not _is_poolable(one)}
    wishes = [
        Wish(
            row=row.number,
            quarter=row.values["quarter"],
            seller=row.values["seller"],
            sku=row.values["sku"],
            units=row.values["forecast_units"],
        )
        for row in rows
        if row.values["sku"] not in left_out
    ]
    if not Forecast.objects.filter(round=round).exists():
        with story.teller.counting("forecast lines", len(wishes)) as counted:
            procurement.import_forecasts(
                round=round,
                rows=wishes,
                filed_by=None,
                now=story.at(quarter.files_at),
                progress=counted,
            )
    filed = Forecast.objects.filter(round=round).aggregate(
        sellers=Count("seller", distinct=True), units=Sum("lines__quantity")
    )
    chapter.say(
        _("%(lines)s lines of %(sellers)s sellers, %(units)s units"),
        lines=len(wishes),
        sellers=filed["sellers"],
        units=filed["units"],
    )
    if len(rows) > len(wishes):
        chapter.say(_("%(lines)s lines left out: their goods spoil"), lines=len(rows) - len(wishes))


def close_the_round(story: Story, chapter: Chapter) -> None:
    """The cut-off passes: wishes become combined orders with exact shares."""
    round = story.round
    if round.state == RoundState.OPEN:
        procurement.close_round(
            round=round,
            buyer=story.house.importer,
            platform=story.house.platform,
            now=story.at(story.quarter.cutoff_at + timedelta(hours=1)),
            closed_by=story.house.operator,
        )
    lines = PurchaseOrderLine.objects.filter(order__round=round)
    sums = lines.aggregate(wanted=Sum("wanted"), ordered=Sum("quantity"), lines=Count("pk"))
    chapter.say(
        _(
            "%(wanted)s units wanted, %(ordered)s ordered in whole packs: %(orders)s combined "
            "orders, %(lines)s lines"
        ),
        wanted=sums["wanted"] or 0,
        ordered=sums["ordered"] or 0,
        orders=round.orders.count(),
        lines=sums["lines"],
    )
    shares = (
        OrderShare.objects.filter(line__order__round=round)
        .exclude(owner=story.house.platform)
        .values("line__order__currency")
        .annotate(paid=Sum("amount_minor"), alone=Sum("alone_minor"))
        .order_by("line__order__currency")
    )
    agreed: Counter[str] = Counter()
    listed: Counter[str] = Counter()
    for line in lines.select_related("order"):
        agreed[line.order.currency] += line.amount_minor
        listed[line.order.currency] += line.packs * line.base_pack_price_minor
    for row in shares:
        currency = row["line__order__currency"]
        chapter.say(
            _(
                "sellers pay %(paid)s, %(list)s %% below the list price; alone, with packs and "
                "minimum of their own, %(alone)s"
            ),
            paid=Money(row["paid"], currency),
            alone=Money(row["alone"], currency),
            list=f"{Decimal(100 * (listed[currency] - agreed[currency])) / listed[currency]:.1f}",
        )


def place_the_orders(story: Story, chapter: Chapter) -> None:
    """Orders go to the suppliers; a worker prints them."""
    now = story.at(story.quarter.cutoff_at + timedelta(days=1))
    for order in story.orders:
        if order.state == OrderState.DRAFT:
            _approve(story, order)
            procurement.place_order(order=order, by=story.house.operator, now=now)
    with story.teller.counting("order PDFs", OrderDocument.objects.count()) as counted:
        made = wait_for(story, OrderDocument, counted)
    totals: dict[str, int] = {}
    for order in story.orders:
        totals[order.currency] = totals.get(order.currency, 0) + order.amount_minor
    chapter.say(
        _("%(orders)s orders placed, %(papers)s PDFs made by the worker"),
        orders=len(story.orders),
        papers=made,
    )
    chapter.said.append(", ".join(str(Money(sum_, code)) for code, sum_ in sorted(totals.items())))


def _approve(story: Story, order: PurchaseOrder) -> None:
    """As many people of finance as its amount asks for, who have not yet."""
    now = story.quarter.cutoff_at + timedelta(hours=20)
    done = approvals.approved_by(order)
    people = (story.house.maker, story.house.checker)[: approvals.needed_for(order, now=now)]
    for by in people:
        if by.pk not in done:
            procurement.approve_order(order=order, by=by, now=now)


def ship_the_goods(story: Story, chapter: Chapter) -> None:
    """Each order leaves in up to three weekly shipments, whole lines in each."""
    for order in story.orders:
        if order.state != OrderState.PLACED:
            continue
        lines = list(order.lines.select_related("product").order_by("position"))
        # A telling that was cut short may have shipped some of them.
        gone = set(order.shipments.values_list("lines__order_line", flat=True))
        for wave in story.waves:
            mine = [
                line
                for index, line in enumerate(lines)
                if index % 3 == wave.index and line.pk not in gone
            ]
            if mine:
                _ship(story, order, mine, wave.index)
    shipments = Shipment.objects.filter(order__round=story.round)
    weight = shipments.aggregate(grams=Sum("gross_weight_g"))["grams"] or 0
    chapter.say(
        _("%(shipments)s shipments, %(tonnes)s t gross"),
        shipments=shipments.count(),
        tonnes=f"{Decimal(weight) / 1_000_000:,.1f}",
    )


def record_the_invoices(story: Story, chapter: Chapter) -> None:
    """Each shipment is invoiced by its supplier and becomes a payable with its rate."""
    shipments = Shipment.objects.filter(order__round=story.round).order_by("pk")
    for shipment in shipments:
        number = f"INV-{shipment.number}"
        if Payable.objects.filter(invoice_number=number).exists():
            continue
        day = shipment.departed_at + timedelta(days=30)
        procurement.record_invoice(
            shipment=shipment,
            invoice_number=number,
            invoiced_on=day.date(),
            due_on=day.date() + timedelta(days=90),
            now=story.at(day),
        )
    orders = [order.number for order in story.orders]
    booked = (
        Payable.objects.filter(order_number__in=orders)
        .values("currency")
        .annotate(total=Sum("amount_minor"), invoices=Count("pk"))
        .order_by("currency")
    )
    for row in booked:
        chapter.say(
            _("%(invoices)s invoices, %(amount)s payable"),
            invoices=row["invoices"],
            amount=Money(row["total"], row["currency"]),
        )


def _is_poolable(one: Goods) -> bool:
    return is_poolable(storage=one.storage, shelf_life_days=one.shelf_life_days)


def _product(one: Goods) -> NewProduct:
    return NewProduct(
        sku=one.sku,
        name_zh=one.name_zh,
        name_en=one.name_en,
        brand=one.brand,
        category=one.category,
        specification=one.specification,
        hs_code=one.hs_code,
        origin=one.origin,
        declared_unit=one.declared_unit,
        net_weight_g=one.net_weight_g,
        gross_weight_g=one.gross_weight_g,
        volume_cm3=one.volume_cm3,
        pack_quantity=one.pack_quantity,
        shelf_life_days=one.shelf_life_days,
        storage=one.storage,
        row=one.row,
    )


def _ship(story: Story, order: PurchaseOrder, lines: list[PurchaseOrderLine], index: int) -> None:
    wave = story.waves[index]
    number = f"{order.number[-4:]}{index + 1}"
    value = sum(line.amount_minor for line in lines)
    goods = []
    for line in lines:
        made = wave.departs_at.date() - timedelta(days=45)
        life = line.product.shelf_life_days
        goods.append(
            procurement.ShippedLine(
                order_line_id=line.pk,
                batch=f"B{made:%y%m%d}{line.position:02d}",
                produced_on=made,
                expires_on=made + timedelta(days=life) if life else None,
            )
        )
    procurement.ship_order(
        order=order,
        lines=goods,
        vessel="DEMO STAR",
        voyage=f"{story.quarter.year % 100}{story.quarter.index}{index + 1}E",
        bill_of_lading=f"DEMU{story.quarter.year}{story.quarter.index}{number}",
        departed_at=wave.departs_at,
        expected_on=wave.drafted_at.date(),
        # A made-up bill of four per cent freight and three per mille insurance.
        freight_minor=value * 4 // 100,
        insurance_minor=value * 3 // 1000,
        freight_currency=order.currency,
        now=story.at(wave.departs_at),
    )
