"""What stands of an order line changed: whose how much of it is now."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

import pandas as pd
from django.db.models import Max

from accounts.models import Company, CompanyKind
from core.money import shared
from procurement.models import Forecast, LineRevision, PurchaseOrder, RevisedShare
from procurement.queries.standing import Standing, open_parts, owners
from procurement.rules.parting import Part, left_of
from procurement.rules.sharing.quantities import Policy, Shortage, share_out


def share_again(
    *,
    order: PurchaseOrder,
    standing: Standing,
    quantity: int,
    amount_minor: int,
    pack_price_minor: int,
    promised_on: date | None,
    document: str,
    now: datetime,
) -> LineRevision:
    """Write down what stands of a line from now on, and whose it is.

    What has left stays as it is. Of what is open the platform's surplus goes short first; a
    shortage that remains is split among the sellers by the round's rule. Money follows the
    units, each at its own price of one. Call inside the transaction that holds the order.
    """
    line = standing.line
    still_open = open_parts([line.pk])[line.pk]
    gone = left_of(owners([line.pk])[line.pk], still_open)
    units = _units(order, still_open, quantity - standing.terms.shipped, line.pack_quantity)
    money = _money(still_open, units, amount_minor - standing.terms.shipped_minor)
    last = standing.revision.position if standing.revision else 0
    revision = LineRevision.objects.create(
        order_line=line,
        buyer_id=line.buyer_id,
        position=last + 1,
        quantity=quantity,
        pack_price_minor=pack_price_minor,
        amount_minor=amount_minor,
        promised_on=promised_on,
        rule=order.round.shortage_rule,
        document=document,
        made_at=now,
    )
    RevisedShare.objects.bulk_create(
        (
            RevisedShare(
                revision=revision,
                order_line=line,
                owner_id=owner,
                quantity=gone[owner].quantity + units[owner],
                amount_minor=gone[owner].amount_minor + money[owner],
            )
            for owner in sorted(still_open)
        ),
        batch_size=5_000,
    )
    return revision


def _units(
    order: PurchaseOrder, still_open: Mapping[int, Part], units: int, pack: int
) -> dict[int, int]:
    """Each owner's units of what is open now, of what it had open before."""
    before = {owner: part.quantity for owner, part in still_open.items()}
    if units == sum(before.values()):
        return before
    platform = set(
        Company.objects.filter(pk__in=before, kinds__contains=[CompanyKind.PLATFORM]).values_list(
            "pk", flat=True
        )
    )
    sellers = sorted(owner for owner in before if owner not in platform)
    filed = dict(
        Forecast.objects.filter(round=order.round, seller__in=sellers)
        .values_list("seller_id")
        .annotate(at=Max("filed_at"))
        .order_by("at", "seller_id")
    )
    turn = {seller: at for at, seller in enumerate(filed)}
    # Whoever filed nothing (an order that was entered otherwise) comes last, by id.
    last = len(turn)
    product = 1
    had = [before[seller] for seller in sellers]
    wide = len(sellers)
    demand = pd.DataFrame(
        {
            "product_id": [product] * wide,
            "seller_id": sellers,
            "quantity": had,
            "less": [0] * wide,
            "more": [0] * wide,
            "entitlement": had,
            "filed": [turn.get(seller, last) for seller in sellers],
        },
        dtype="int64",
    )
    shares = share_out(
        demand,
        pd.DataFrame({"product_id": [product], "units": [units], "pack": [pack]}, dtype="int64"),
        policy=Policy(shortage=Shortage(order.round.shortage_rule)),
    )
    given = dict(
        zip(shares.given["seller_id"].tolist(), shares.given["units"].tolist(), strict=True)
    )
    rest = units - sum(given.values())
    of_platform = sorted(platform)
    over = shared(rest, [before[owner] for owner in of_platform]) if rest else []
    return {
        **{seller: int(given.get(seller, 0)) for seller in sellers},
        **dict(zip(of_platform, over or [0] * len(of_platform), strict=True)),
    }


def _money(still_open: Mapping[int, Part], units: Mapping[int, int], amount: int) -> dict[int, int]:
    """What each owner's units of what is open cost; they sum to the amount exactly."""
    turn = sorted(still_open)
    fine = 10**6
    weights = [
        still_open[owner].amount_minor * units[owner] * fine // still_open[owner].quantity
        if still_open[owner].quantity
        else 0
        for owner in turn
    ]
    if amount and not sum(weights):
        weights = [units[owner] for owner in turn]
    return dict(zip(turn, shared(amount, weights), strict=True))
