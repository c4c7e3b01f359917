"""What the authority answered to what an importer sent of a seller's list."""

from __future__ import annotations

from datetime import datetime

from accounts.models import User
from customs.models import (
    ElementState,
    OutcomeChoice,
    OutgoingElement,
    Receipt,
    ReceiptFile,
    ReceiptWay,
    TaxBill,
    TaxBillLine,
)
from customs.rules.receipts.told import CHINA
from customs.services import ask_for_year, match_due, read_receipt_file, set_aside
from customs.services.receiving import keep, look
from tests.customs.receipts.answers import answer, told_of_list

#: The tax of the canary's list, as customs has it.
TAXES = {"duty": "0", "vat": "7919.13", "consumption_tax": "0"}
THEIRS = "310520261I00007919"


def answered(element: OutgoingElement, person: User, *, now: datetime) -> None:
    """A receipt that moved the list, one set aside, one that fits nothing, a file that was laid
    aside, and a tax bill that differs."""
    at = f"{now.astimezone(CHINA):%Y%m%d%H%M%S}000"
    receipts = [
        told_of_list(key, "120", at, invt_no=number, info="CANARY", pre_no=f"B{place:017d}")
        for place, (key, number) in enumerate(
            ((element.key, THEIRS), ("CANARY-ASIDE", None), ("CANARY-NOBODY", None))
        )
    ]
    bill = {"taxNo": "CANARY-TAX-7919", "invtNo": THEIRS, "status": "1", "returnTime": at}
    for name, data in (
        ("canary.xml", answer("CEB622", *receipts)),
        ("canary-tax.xml", answer("CEB816", bill, lines=1)),
        ("canary-bad.xml", b"<CANARY/>"),
    ):
        keep(
            data,
            look(data),
            name=name,
            way=ReceiptWay.PAGE,
            now=now,
            company=element.company,
            brought_by=person,
        )
        match_due(now=now)
    read_receipt_file(
        file=ReceiptFile.objects.get(name="canary.xml"), by=person, client="192.0.2.79", now=now
    )
    if element.seller is not None:
        ask_for_year(company=element.seller, by=person, now=now)
    set_aside(receipt=Receipt.objects.get(key="CANARY-ASIDE"), by=person, reason="CANARY", now=now)
    parties = {"company": element.company, "seller": element.seller}
    differs = TaxBill.objects.create(
        receipt=Receipt.objects.get(message="CEB816"),
        retail_list=element.retail_list,
        number="CANARY-TAX-7919",
        list_number=THEIRS,
        assure_code="3302961HZ6",
        total="7919.13",
        differs=True,
        difference="1.00",
        made_at=now,
        status="1",
        status_at=now,
        **TAXES,
        **parties,
    )
    TaxBillLine.objects.create(
        bill=differs, position=1, hs_code="1901101010", dutiable="60916.38", **TAXES, **parties
    )


def standing(element: OutgoingElement, outcome: OutcomeChoice, *, now: datetime) -> ElementState:
    """As if the receipt that fits nothing had said how far the document is."""
    made: ElementState = ElementState.objects.create(
        element=element,
        company=element.company,
        seller=element.seller,
        receipt=Receipt.objects.get(key="CANARY-NOBODY"),
        message="INV201",
        status="2",
        rank=1,
        outcome=outcome,
        returned_at=now,
    )
    return made
