"""Cells of the lists that show several figures at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from procurement.models import Pricing, PurchaseOrder
from procurement.queries.offers import Step
from web.pages import Chart
from web.tables import Column
from web.templatetags.bondpool import money, qty


def price_breaks(offer: Any) -> SafeString:
    """From how many packs on a pack costs what, a line for each step."""
    steps = [(step.from_packs, step.pack_price_minor) for step in offer.breaks.all()]
    return price_steps(offer, sorted(steps))


def price_steps(offer: Any, steps: Iterable[tuple[int, int]]) -> SafeString:
    """The same of steps that are known already: from how many packs, and what a pack costs."""
    said = _("from %(packs)s")
    kind = ""
    if offer.pricing == Pricing.INCREMENTAL:
        label = escape(offer.get_pricing_display())
        kind = f'<div class="small text-secondary price-kind">{label}</div>'
    return SafeString(
        "".join(
            f'<div class="small text-nowrap">{escape(said % {"packs": packs})}: '
            f"{money(price, offer.currency)}</div>"
            for packs, price in steps
        )
        + kind
    )


def break_chart(offer: Any, steps: Sequence[Step]) -> Chart:
    """What a unit costs at each of an offer's prices."""
    return Chart(
        key="prices",
        title=_("Price per unit by order size"),
        unit=offer.currency,
        head=_("From packs"),
        kind="bar",
        categories=[str(step.from_packs) for step in steps],
        series=[(_("Price per unit"), [str(step.unit_price) for step in steps])],
    )


def line_columns(order: PurchaseOrder, *, sees_shares: bool) -> list[Column]:
    """The lines of an order as they stand, all of which are on its page."""
    paid = order.currency
    columns = [
        Column(
            label="",
            value="line.product.name",
            link=lambda one: (
                reverse("order_line", args=[order.number, one.line.position])
                if sees_shares
                else reverse("product", args=[one.line.product_id])
            ),
            note=lambda one: f"{one.line.position} · {one.line.product.sku}",
        ),
        Column(label="", value="line.wanted", kind="qty", when=lambda _viewer: sees_shares),
        Column(label="", kind="qty", draw=_packs),
        Column(label="", kind="qty", draw=_units),
        Column(label="", value="terms.shipped", kind="qty"),
        Column(label="", value="open", kind="qty"),
        Column(label="", value="terms.promised_on", kind="day"),
        Column(label="", value="line.base_pack_price_minor", kind="money", currency=paid),
        Column(label="", value="terms.pack_price_minor", kind="money", currency=paid),
        Column(label="", value="terms.amount_minor", kind="money", currency=paid),
    ]
    return [one for one in columns if one.when is None or sees_shares]


def _packs(one: Any) -> SafeString:
    told = f'<span class="text-secondary"> × {one.line.pack_quantity}</span>'
    return SafeString(f"{qty(one.packs)}{told}")


def _units(one: Any) -> SafeString:
    """What stands, and what was ordered where that is something else."""
    before = ""
    if one.quantity != one.line.quantity:
        before = f'<div class="small text-secondary"><s>{qty(one.line.quantity)}</s></div>'
    return SafeString(f"{qty(one.quantity)}{before}")
