"""What the papers of a parcel tell, and which there are."""

from __future__ import annotations

from django.http import Http404
from django.utils.timezone import get_default_timezone, localtime

from core.models import WorkState
from customs.models import RetailDocument, RetailList, TaxRegime
from customs.papers.retail import RetailLine, RetailPrint
from customs.queries.retail import list_of
from warehouse.queries.retail import buyer_of


def retail_print(retail_list_id: int, *, chinese: bool) -> RetailPrint:
    """One retail list; no clock is asked, and nothing of the buyer is in clear."""
    found = RetailList.objects.select_related(
        *("order", "seller", "tax_rule", "release", "void")
    ).get(pk=retail_list_id)
    order, seller, rule = found.order, found.seller, found.tax_rule
    buyer = buyer_of(order)
    reservation = (
        order.lines.filter(reservations__isnull=False)
        .values_list(
            "reservations__holding__lot__warehouse__name_zh",
            "reservations__holding__lot__warehouse__name_en",
            "reservations__holding__lot__warehouse__ledger_number",
            "reservations__holding__lot__warehouse__customs_district",
        )
        .first()
    )
    name_zh, name_en, ledger, district = reservation or ("", "", "", "")
    lines = found.lines.select_related("order_line__product").order_by("position")
    state = ("已开立", "drawn")
    if hasattr(found, "release"):
        state = ("海关已放行", "released")
    if hasattr(found, "void"):
        state = ("已作废", "void")
    return RetailPrint(
        number=found.number,
        order=order.number,
        shop=order.channel,
        shop_order=order.channel_order_number,
        seller=seller.name_zh if chinese else seller.name_en,
        seller_code=seller.customs_code or seller.uscc,
        warehouse=name_zh if chinese else name_en,
        ledger=ledger,
        district=district,
        buyer=buyer.name,
        buyer_id=buyer.id_number,
        telephone=buyer.telephone,
        address=buyer.address,
        regime=found.regime,
        rule=rule.source,
        payable=rule.payable_fraction,
        is_full=found.regime == TaxRegime.OVER_SINGLE_ITEM,
        freight=order.freight_minor,
        dutiable=found.dutiable_minor,
        tax=found.tax_minor,
        state=state[0 if chinese else 1],
        drawn_at=found.drawn_at,
        day=localtime(found.drawn_at, get_default_timezone()).date(),
        lines=tuple(
            RetailLine(
                position=line.position,
                sku=(product := line.order_line.product).sku,
                hs_code=line.hs_code,
                name=product.name_zh if chinese else product.name_en,
                specification=product.specification,
                origin=product.origin,
                unit=product.declared_unit,
                quantity=line.order_line.quantity,
                price=line.order_line.unit_price_minor,
                dutiable=line.dutiable_minor,
                duty=line.duty_minor,
                consumption_tax=line.consumption_tax_minor,
                vat=line.vat_minor,
            )
            for line in lines
        ),
    )


def retail_papers_of(retail_list: RetailList) -> list[RetailDocument]:
    """All that was ordered, by kind, the newest first."""
    found = RetailDocument.objects.filter(retail_list=retail_list).defer("content")
    return list(found.order_by("kind", "language", "-version"))


def retail_paper_named(number: str, document: str) -> RetailDocument:
    """A finished paper of a retail list in scope, with its bytes; Http404 otherwise."""
    found = RetailDocument.objects.filter(
        retail_list=list_of(number), number=document, state=WorkState.READY
    ).first()
    if found is None:
        raise Http404
    return found
