"""What consumers send back: asked for in time after the release, and its tax given back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Sum

from accounts.models import Company, User
from core.walls import platform_wide
from customs.models import QuotaEntry, QuotaMove, RetailGiveBack, RetailList, RetailListLine
from customs.queries.contents import contents_by_product
from customs.rules import giving_back as rules
from customs.rules.retail_tax import Tax
from customs.services.quota import return_quota
from warehouse import services as warehouse
from warehouse.models import RetailOrder, RetailReturn, RetailReturned, ReturnState


@transaction.atomic
def announce_return(
    *,
    order: RetailOrder,
    units: Mapping[int, int],
    reason: str,
    announced_by: User,
    now: datetime,
) -> RetailReturn:
    """A buyer sends units (by line) back, within 30 days of the release of the parcel.

    Raises what :func:`warehouse.services.announce_return` raises; then nothing has been written.
    """
    drawn = RetailList.objects.filter(order=order).select_related("release").first()
    release = getattr(drawn, "release", None)
    return warehouse.announce_return(
        order=order,
        released_at=release.released_at if release else None,
        units=units,
        reason=reason,
        announced_by=announced_by,
        now=now,
    )


@transaction.atomic
def receive_return(
    *,
    back: RetailReturn,
    keeper: Company,
    counted: Mapping[int, int],
    received_by: User,
    now: datetime,
    serials: Sequence[str] = (),
) -> RetailReturn:
    """Take in what came back; within 45 days of its release its tax is given back, and its
    buyer's year has as much again.

    Raises what :func:`warehouse.services.receive_return` raises; then nothing has been written.
    """
    found = warehouse.receive_return(
        back=back,
        keeper=keeper,
        counted=counted,
        received_by=received_by,
        now=now,
        serials=serials,
    )
    if found.state == ReturnState.ARRIVED:
        with platform_wide():
            _give_back(found, now)
    return found


def _give_back(back: RetailReturn, now: datetime) -> RetailGiveBack:
    drawn = RetailList.objects.get(order_id=back.order_id)
    mine = RetailReturned.objects.filter(back=back).values_list("position", "quantity")
    units = Counter[int]()
    for position, n in mine:
        units[position] += n
    came = (
        RetailReturned.objects.filter(back__order_id=back.order_id)
        .exclude(back=back)
        .values_list("position")
        .annotate(n=Sum("quantity"))
    )
    before = {position: int(n) for position, n in came}
    lines = RetailListLine.objects.filter(retail_list=drawn).select_related("order_line")
    given = rules.given_back(
        [
            rules.ListedLine(
                position=line.position,
                quantity=line.order_line.quantity,
                dutiable=line.dutiable_minor,
                tax=Tax(line.duty_minor, line.consumption_tax_minor, line.vat_minor),
                back=before.get(line.position, 0),
            )
            for line in lines
        ],
        units,
    )
    made: RetailGiveBack = RetailGiveBack.objects.create(
        retail_list=drawn,
        seller_id=drawn.seller_id,
        back=back,
        dutiable_minor=given.dutiable,
        duty_minor=given.tax.duty,
        consumption_tax_minor=given.tax.consumption_tax,
        vat_minor=given.tax.vat,
        tax_minor=given.tax.total,
        given_at=now,
    )
    return_quota(made, _grams_back(drawn, before, units), now=now)
    return made


def _grams_back(
    drawn: RetailList, before: Mapping[int, int], units: Mapping[int, int]
) -> dict[str, int]:
    """By eight digits, of goods of the list that have a limit by weight."""
    held = QuotaEntry.objects.filter(retail_list=drawn, move=QuotaMove.RESERVED).exclude(code="")
    weights = dict(held.values_list("code", "reserved"))
    found = Counter[str]()
    if not weights:
        return found
    lines = list(
        RetailListLine.objects.filter(retail_list=drawn).select_related("order_line__product")
    )
    contents = contents_by_product(line.order_line.product for line in lines)
    for line in lines:
        code, told = line.hs_code[:8], line.order_line
        if code in weights and units.get(line.position):
            held_by = contents[told.product_id]
            found[code] += rules.part_of(
                -int(-held_by.grams * told.quantity // 1),
                told.quantity,
                before=before.get(line.position, 0),
                now=units[line.position],
            )
    # A product that was weighed anew since gives no more back than was taken.
    return {code: min(grams, weights[code]) for code, grams in found.items()}
