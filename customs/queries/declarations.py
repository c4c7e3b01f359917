"""Declarations and the shipments they are drafted from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.http import Http404

from accounts.models import Company
from catalog.models import Product
from core.models import WorkState
from core.money import Money, shared
from core.packing import packed
from customs.models import Declaration, DeclarationDocument, GoodsLine, PaperKind
from customs.queries.counted import came_in, came_in_owned, count_of
from customs.queries.elements import elements_of, specification_of
from customs.queries.permits import asked_signs, numbers_told, permits_told
from customs.queries.reference import tariff_on
from customs.queries.ways import may_be_declared
from customs.rules.charges import Charge, Kind, Mark, left_out
from customs.rules.declaring import Head, Missing, missing
from customs.rules.goods import Shipped
from customs.rules.permits import all_told
from procurement.models import PurchaseOrderLine, Shipment
from procurement.queries.standing import open_before
from warehouse.models import BondedWarehouse

#: The form could not be made: it waits for a person.
FORM_FAILED = Q(
    Exists(
        DeclarationDocument._base_manager.filter(
            declaration=OuterRef("pk"),
            kind=PaperKind.DECLARATION,
            version=1,
            state=WorkState.FAILED,
        )
    )
)


def declarations_of() -> QuerySet[Declaration]:
    """The declarations in scope, newest first, with what a list shows."""
    return with_paper(
        Declaration.objects.select_related(
            "shipment__order__supplier__company", "importer", "warehouse__operator"
        )
    ).order_by("-drafted_at", "-pk")


def with_paper(found: QuerySet[Declaration]) -> QuerySet[Declaration]:
    """Each with the paper that is lodged, without its bytes: ``Declaration.document``."""
    forms = DeclarationDocument.objects.filter(kind=PaperKind.DECLARATION, version=1)
    return found.prefetch_related(
        Prefetch("documents", forms.defer("content").order_by("pk"), to_attr="lodged_paper")
    )


def declaration_of(reference: str) -> Declaration:
    """One declaration in scope; Http404 where there is none: a stranger learns nothing."""
    found = (
        declarations_of()
        .select_related("replaces", "replaced_by")
        .filter(our_reference=reference)
        .first()
    )
    if found is None:
        raise Http404
    return found


def goods_of(reference: str) -> QuerySet[GoodsLine]:
    """The goods lines of one declaration in scope; Http404 where there is none."""
    found = Declaration.objects.filter(our_reference=reference).values_list("pk", flat=True).first()
    if found is None:
        raise Http404
    return GoodsLine.objects.filter(declaration=found).select_related("declaration")


def document_of(reference: str) -> DeclarationDocument:
    """The finished paper of a declaration in scope, with its bytes; Http404 otherwise."""
    declaration = declaration_of(reference)
    found = _forms().filter(declaration=declaration).order_by("pk").first()
    if found is None:
        raise Http404
    return found


def documents_of(references: Sequence[str]) -> list[DeclarationDocument]:
    """The finished papers of some declarations in scope, in the order of their numbers."""
    mine = Declaration.objects.filter(our_reference__in=references).values("pk")
    found = _forms().filter(declaration__in=mine).select_related("declaration")
    # One of each: what was ordered again, in another language or version, stands on its own page.
    first = found.order_by("declaration", "pk").distinct("declaration")
    return sorted(first, key=lambda one: one.number)


def _forms() -> QuerySet[DeclarationDocument]:
    return DeclarationDocument.objects.filter(
        kind=PaperKind.DECLARATION, version=1, state=WorkState.READY
    )


def packed_papers(documents: Sequence[DeclarationDocument]) -> bytes:
    """Finished papers as one ZIP file, each under its declaration's number."""
    return packed(
        (f"{one.declaration.our_reference}.pdf", one.made_at, bytes(one.content or b""))
        for one in documents
    )


def declarable_shipments(importer: Company | None) -> QuerySet[Shipment]:
    """Shipments under way, and gone in first, that were never declared; only the importer's where
    one is named."""
    # A rejected one is redrafted on its own page, so that the new one says what it replaces.
    declared = Declaration.objects.filter(shipment=OuterRef("pk"))
    found = (
        Shipment.objects.filter(~Exists(declared))
        .filter(may_be_declared())
        .select_related("order__supplier__company", "order__buyer")
        .order_by("expected_on", "pk")
    )
    return found.filter(order__buyer=importer) if importer else found


def warehouses() -> list[BondedWarehouse]:
    """Where goods can be declared into."""
    return list(BondedWarehouse.objects.select_related("operator").order_by("code"))


def charges_of(shipment: Shipment) -> list[Charge]:
    """What its terms leave out of the price and the supplier's notice names: totals."""
    currency, wanted = shipment.freight_currency, left_out(shipment.order.incoterm)
    told = {Kind.FREIGHT: shipment.freight_minor, Kind.INSURANCE: shipment.insurance_minor}
    return [
        Charge(kind, Mark.TOTAL, Money(minor, currency).amount, currency)
        for kind, minor in told.items()
        if minor > 0 and kind in wanted
    ]


def declared_charges(declaration: Declaration) -> list[Charge]:
    """The charges that stand on a declaration."""
    return [
        Charge(Kind(one.kind), Mark(one.mark), one.value, one.currency)
        for one in declaration.charges.order_by("pk")
    ]


def head_of(
    shipment: Shipment, importer: Company, warehouse: BondedWarehouse, charges: Sequence[Charge]
) -> Head:
    """What the head of the form needs, as the rule wants it."""
    there = {one.kind for one in charges}
    return Head(
        importer_customs_code=importer.customs_code,
        importer_uscc=importer.uscc,
        ledger_number=warehouse.ledger_number,
        customs_district=warehouse.customs_district,
        entry_port=warehouse.entry_port,
        bill_of_lading=shipment.bill_of_lading,
        vessel=shipment.vessel,
        packages=shipment.packages,
        incoterm=shipment.order.incoterm,
        has_freight=Kind.FREIGHT in there,
        has_insurance=Kind.INSURANCE in there,
    )


def _order_lines(shipment: Shipment) -> list[PurchaseOrderLine]:
    return list(
        PurchaseOrderLine.objects.filter(shipment_lines__shipment=shipment)
        .select_related("product")
        .order_by("position", "pk")
        .distinct()
    )


def products_of(shipment: Shipment) -> dict[int, Product]:
    """Products by the id of the order line that is on board."""
    return {line.pk: line.product for line in _order_lines(shipment)}


def shipped_lines(shipment: Shipment, *, day: date) -> list[Shipped]:
    """What is on board per order line, batches added up, as the rule wants it; of goods that went
    in first and were counted, what came in."""
    lines = _order_lines(shipment)
    count = count_of(shipment.pk)
    on_board, costs = Counter[int](), Counter[int]()
    for order_line, quantity, minor in shipment.lines.values_list(
        "order_line_id", "quantity", "amount_minor"
    ):
        on_board[order_line] += quantity
        costs[order_line] += minor
    came = on_board if count is None else came_in(shipment, count)
    lines = [line for line in lines if count is None or came[line.pk]]
    products = [line.product for line in lines]
    rates = tariff_on({one.hs_code for one in products}, day)
    elements = elements_of(products)
    permits = permits_told([shipment.pk])
    found = []
    for line in lines:
        product = line.product
        rate, own = rates.get(product.hs_code), elements.get(product.pk)
        specification, has_elements = specification_of(product, own, rate)
        found.append(
            Shipped(
                key=line.pk,
                sku=product.sku,
                hs_code=product.hs_code,
                name_zh=product.name_zh,
                origin=product.origin,
                declared_unit=product.declared_unit,
                legal_unit=rate.legal_unit if rate else "",
                second_unit=rate.legal_unit_2 if rate else "",
                unit_net=product.net_weight_g,
                unit_gross=product.gross_weight_g,
                # What the supplier's notice says they cost; one that says nothing costs as
                # ordered.
                ordered=on_board[line.pk] if costs[line.pk] else line.quantity,
                shipped=came[line.pk],
                amount=costs[line.pk] or line.amount_minor,
                specification=specification,
                content_ml=(own.content_ml or 0) if own else 0,
                has_elements=has_elements,
                has_permits=rate is None
                or all_told(
                    asked_signs(rate.supervision),
                    numbers_told(permits.get((shipment.pk, product.pk), {})),
                ),
            )
        )
    return found


def owned_units(shipment: Shipment) -> dict[int, Counter[int]]:
    """By order line: units on board by owner; of goods that went in first and were counted, what
    each received. Ask ``platform_wide``: they are the sellers'."""
    if count_of(shipment.pk):
        return came_in_owned(shipment)
    carried = list(shipment.lines.order_by("pk"))
    before = open_before(carried, money=False)
    found: dict[int, Counter[int]] = {}
    for one in carried:
        owned = sorted(before[one.pk].items())
        open_units = [part.quantity for _owner, part in owned]
        # Of an order line whose parts do not reach what is on board the rest is its buyer's.
        parts = shared(min(one.quantity, sum(open_units)), open_units)
        units = found.setdefault(one.order_line_id, Counter())
        for (owner, _part), quantity in zip(owned, parts, strict=True):
            units[owner] += quantity
    return found


def missing_for(shipment: Shipment, warehouse: BondedWarehouse, *, day: date) -> list[Missing]:
    """What keeps this shipment from being declared into ``warehouse``; empty when nothing does."""
    head = head_of(shipment, shipment.order.buyer, warehouse, charges_of(shipment))
    return missing(head, shipped_lines(shipment, day=day))


#: What of the head is the warehouse's.
_OF_HOUSE = frozenset({"ledger_number", "customs_district", "entry_port"})


def missing_by_house(
    shipment: Shipment, warehouses: Sequence[BondedWarehouse], *, day: date
) -> tuple[list[Missing], list[tuple[BondedWarehouse, tuple[str, ...]]]]:
    """What keeps this shipment from being declared at all, and what each of ``warehouses`` lacks;
    a warehouse that lacks nothing is left out."""
    charges, lines = charges_of(shipment), shipped_lines(shipment, day=day)
    found: list[Missing] = []
    of_houses = []
    for house in warehouses:
        found = missing(head_of(shipment, shipment.order.buyer, house, charges), lines)
        lacks = [name for one in found if not one.subject for name in one.fields]
        if own := tuple(name for name in lacks if name in _OF_HOUSE):
            of_houses.append((house, own))
    # Beside what is its own each says the same.
    rest = [
        Missing(one.subject, fields)
        for one in found
        if (fields := tuple(f for f in one.fields if one.subject or f not in _OF_HOUSE))
    ]
    return rest, of_houses
