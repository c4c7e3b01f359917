"""What a supplier pays for a claim goes to those whose goods came damaged."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from accounts.models import User
from accounts.rules.seen import check_unchanged
from core.money import Money
from core.numbers import next_number
from core.walls import platform_wide
from procurement.services import ClaimPaid, book_claim
from settlement import rates
from warehouse.days import day_of
from warehouse.models import (
    ClaimPart,
    ClaimSettlement,
    ReceiptShare,
    SupplierClaim,
    SupplierClaimLine,
)
from warehouse.rules import settling as rules
from warehouse.rules.claims import State, check_step

#: Of the reference of an entry on an account.
_ROOM = 64


@transaction.atomic
def settle_claim(
    *,
    claim: SupplierClaim,
    amount_minor: int,
    settled_on: date,
    entered_by: User,
    now: datetime,
    reason: str = "",
    seen: str = "",
) -> ClaimSettlement:
    """Note what the supplier of an accepted claim pays, and credit each owner's part of it to its
    account, once, in fen at the stored rate of the day. Of a claim that has a settlement it is a
    correction, with its ``reason``: what differs is booked. ``seen`` recognises the last version
    that the page showed.

    Raises ChangedMeanwhile for a page that showed another version, ClaimDoesNotFollow,
    SettlementOutOfBounds, SettledInFuture, SettlementUnchanged, CorrectionWithoutReason, NoRate or
    RateFromFuture; then nothing has been written.
    """
    # Its owners' accounts are written, which the importer's own walls do not show.
    with platform_wide():
        held = SupplierClaim.objects.select_for_update(of=("self",)).get(pk=claim.pk)
        last = ClaimSettlement.objects.filter(claim=held).order_by("-version").first()
        check_unchanged(seen, version=last.version if last else 0)
        # Claims were settled before what is paid for them was noted: that may be told later.
        if held.state != State.SETTLED:
            check_step(State(held.state), State.SETTLED)
        told = rules.check_reason(reason, is_correction=last is not None)
        rules.check_amount(amount_minor, claimed=held.amount_minor, is_correction=last is not None)
        rules.check_day(settled_on, opened=day_of(held.opened_at), today=day_of(now))
        if last and (last.amount_minor, last.settled_on) == (amount_minor, settled_on):
            raise rules.SettlementUnchanged(field="amount", amount_minor=amount_minor)
        quote = rates.stored(base=held.currency, on=settled_on, now=now)
        made: ClaimSettlement = ClaimSettlement.objects.create(
            number=next_number("CS", day_of(now).year),
            claim=held,
            buyer_id=held.buyer_id,
            version=last.version + 1 if last else 1,
            currency=held.currency,
            amount_minor=amount_minor,
            settled_on=settled_on,
            rate=quote.value,
            rate_source=quote.source,
            home_minor=_in_fen(amount_minor, held.currency, quote.value),
            reason=told,
            entered_at=now,
            entered_by=entered_by,
        )
        _pay_on(made, last, entered_by, now)
        held.state = State.SETTLED.value
        held.save(update_fields=["state"])
        return made


def _in_fen(minor: int, currency: str, rate: Decimal) -> int:
    return Money(minor, currency).converted(rate, "CNY").minor


def _damages(claim: SupplierClaim) -> list[rules.Damage]:
    lines = {line.receipt_line_id: line for line in SupplierClaimLine.objects.filter(claim=claim)}
    shares = ReceiptShare.objects.filter(receipt_line__in=lines, damaged__gt=0)
    return [
        rules.Damage(
            share.owner_id,
            share.damaged,
            lines[share.receipt_line_id].amount_minor,
            lines[share.receipt_line_id].quantity,
        )
        for share in shares.order_by("pk")
    ]


def _pay_on(
    made: ClaimSettlement, last: ClaimSettlement | None, entered_by: User, now: datetime
) -> None:
    told = rules.parts(
        _damages(made.claim), amount_minor=made.amount_minor, home_minor=made.home_minor
    )
    ClaimPart.objects.bulk_create(
        ClaimPart(
            settlement=made,
            owner_id=one.owner,
            units=one.units,
            amount_minor=one.amount_minor,
            home_minor=one.home_minor,
        )
        for one in told
    )
    before = {one.owner_id: one for one in last.parts.all()} if last else {}
    off = rules.differences(
        {one.owner: one.home_minor for one in told},
        {owner: one.home_minor for owner, one in before.items()},
    )
    amounts = {one.owner: one.amount_minor for one in told}
    book_claim(
        paid=[
            ClaimPaid(
                owner=owner,
                credit_minor=credit,
                # The line itself says by which rate it came to fen.
                reference=_said(made, last, amounts[owner], before.get(owner)),
            )
            for owner, credit in off.items()
        ],
        document=made.number,
        settled_on=made.settled_on,
        noted_by=entered_by,
        now=now,
    )


def _said(
    made: ClaimSettlement, last: ClaimSettlement | None, amount_minor: int, before: ClaimPart | None
) -> str:
    """``CS-2026-000001: EUR 12.34 × 7.8521``; what a correction changes is below zero where it is
    less, and of another rate it is ``EUR 12.34 × 7.8521 - 10.00 × 7.85``."""
    was_minor = before.amount_minor if before else 0
    off, after, was = (
        Money(one, made.currency).amount
        for one in (amount_minor - was_minor, amount_minor, was_minor)
    )
    told = f"{made.number}: {made.currency}"
    if last is None or last.rate == made.rate:
        return f"{told} {off} × {made.rate_told}"
    both = f"{told} {after} × {made.rate_told} - {was} × {last.rate_told}"
    # A reference has so much room; the settlements themselves show both rates.
    return both if len(both) <= _ROOM else f"{told} {off}"
