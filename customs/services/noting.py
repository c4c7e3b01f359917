"""What customs says of a list or a truck beyond its state is kept as facts: the declaration made
from a list, what was posted of it, and the way through the gate."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from customs.models import EntryNumber, GatePassage, PostedItem, ReceiptMatch, TruckPass
from customs.queries.posted import differing
from customs.rules.receipts.gate import grams_of, moment_of
from customs.services.telling_answers import tell_posted_otherwise

_Matches = Sequence[ReceiptMatch]


def note_entries(matches: _Matches, now: datetime) -> Sequence[bool]:
    """The number of the declaration that customs made from a list (INV202), once for each."""
    rows = [
        EntryNumber(
            receipt=match.receipt,
            importer_id=match.company_id,
            element_id=match.element_id,
            declaration_id=match.element.declaration_id,
            number=match.receipt.entry_no,
            made_at=match.receipt.returned_at,
        )
        for match in matches
        if match.receipt.entry_no
    ]
    # It may have said so before, in an answer of another time.
    EntryNumber.objects.bulk_create(rows, ignore_conflicts=True)
    return [bool(match.receipt.entry_no) for match in matches]


def note_posted(matches: _Matches, now: datetime) -> Sequence[bool]:
    """What was posted of each item (INV211); who declared hears where it is not what the list, or
    the count at the gate, says."""
    rows = [
        PostedItem(
            receipt=match.receipt,
            importer_id=match.company_id,
            element_id=match.element_id,
            place=place,
            line=one["line"],
            item=one["item"],
            sku=one["sku"],
            quantity=None if one["quantity"] is None else Decimal(one["quantity"]),
        )
        for match in matches
        for place, one in enumerate(match.receipt.items or (), 1)
    ]
    PostedItem.objects.bulk_create(rows, ignore_conflicts=True)
    elements = {match.element_id: match.element for match in matches}
    for pk, found in differing(list(elements)).items():
        tell_posted_otherwise(found, elements[pk], now)
    return [True for _match in matches]


def note_gate(matches: _Matches, now: datetime) -> Sequence[bool]:
    """A truck went through the gate (SAS223): the first answer that says so counts."""
    passes = {
        one.element_id: one
        for one in TruckPass.objects.filter(element__in=[match.element_id for match in matches])
    }
    first: dict[int, ReceiptMatch] = {}
    by_element: dict[int, list[ReceiptMatch]] = defaultdict(list)
    for match in matches:
        by_element[match.element_id].append(match)
    for element, its in by_element.items():
        if element in passes:
            first[element] = min(its, key=lambda one: (one.receipt.returned_at, one.pk))
    GatePassage.objects.bulk_create(
        [
            GatePassage(
                truck_pass=passes[element],
                importer_id=match.company_id,
                receipt=match.receipt,
                # Our clocks differ by seconds.
                passed_at=min(
                    moment_of(match.receipt.facts.get("passTime", "")) or match.receipt.returned_at,
                    now,
                ),
                weighed_g=grams_of(match.receipt.facts.get("passCollectWt", "")),
                deviation=match.receipt.facts.get("wtError", "")[:20],
            )
            for element, match in first.items()
        ],
        ignore_conflicts=True,
    )
    return [match.element_id in first for match in matches]
