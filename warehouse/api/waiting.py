"""A seller's orders that wait, over the API: paid, held back, let go on."""

from __future__ import annotations

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_noop as _
from pydantic import Field

from core.clock import now
from rest.calling import caller_of
from rest.fields import Body
from rest.routes import Routes
from warehouse import services
from warehouse.api.selling import get_retail_order
from warehouse.queries.retail import orders_of
from warehouse.rules.waiting import LONGEST_REASON
from warehouse.told import RetailOrderOut

routes = Routes(tags=["sellers"])


class HoldIn(Body):
    """Why an order is held back."""

    reason: str = Field(
        min_length=1, max_length=LONGEST_REASON, examples=["The buyer changes the address"]
    )


@routes.change(
    "/retail-orders/{number}/payment",
    scope="retail:write",
    current=get_retail_order,
    response=RetailOrderOut,
    summary=_("Confirm the payment of a retail order"),
)
def confirm_retail_payment(request: HttpRequest, number: str) -> RetailOrderOut:
    """An order that came unpaid is paid: its stock stands, its retail list follows."""
    mine = orders_of(caller_of(request).company)
    services.confirm_payment(order=get_object_or_404(mine, number=number), now=now())
    return get_retail_order(request, number)


@routes.change(
    "/retail-orders/{number}/hold",
    scope="retail:write",
    current=get_retail_order,
    response=RetailOrderOut,
    summary=_("Hold a retail order back"),
)
def hold_retail_order(request: HttpRequest, number: str, told: HoldIn) -> RetailOrderOut:
    """No retail list is drawn and nobody picks it until you let it go on."""
    caller = caller_of(request)
    found = get_object_or_404(orders_of(caller.company), number=number)
    services.hold_order(
        number=found.number,
        company=caller.company,
        reason=told.reason,
        acted_by=caller.user,
        now=now(),
    )
    return get_retail_order(request, number)


@routes.change(
    "/retail-orders/{number}/free",
    scope="retail:write",
    current=get_retail_order,
    response=RetailOrderOut,
    summary=_("Let a held retail order go on"),
)
def free_retail_order(request: HttpRequest, number: str) -> RetailOrderOut:
    """You hold it back no longer; its warehouse may still."""
    caller = caller_of(request)
    found = get_object_or_404(orders_of(caller.company), number=number)
    services.free_order(
        number=found.number, company=caller.company, acted_by=caller.user, now=now()
    )
    return get_retail_order(request, number)
