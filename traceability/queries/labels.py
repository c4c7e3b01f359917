"""What is known about a lot's labels."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from accounts.models import Company
from catalog.models import Product
from traceability import rules
from traceability.models import ItemIdentity, LabelSheet, TraceEvent


@dataclass(frozen=True, slots=True)
class ReceivedLot:
    """A lot as its receiving events tell it; units."""

    received: int
    issued: int
    received_by: int
    place: str
    place_names: dict[str, str]

    @property
    def unlabelled(self) -> int:
        return max(0, self.received - self.issued)


def received_lot(gtin: str, lot_number: str) -> ReceivedLot:
    """Units received and labelled so far; all zero for a lot nobody has received."""
    wide = rules.gtin14(gtin)
    events = TraceEvent.objects.filter(
        keys__contains=[rules.lot_key(wide, lot_number)], biz_step="receiving"
    ).order_by("pk")
    received, last = 0, None
    for last in events:
        received += sum(
            told["quantity"]
            for told in last.quantities
            if told["gtin"] == wide and told.get("lot") == lot_number
        )
    place = (last.biz_location or last.read_point) if last else ""
    told = last.details if last else {}
    names = {name: told[name] for name in ("place_zh", "place_en") if name in told}
    return ReceivedLot(
        received=received,
        issued=ItemIdentity.objects.filter(gtin=wide, lot_number=lot_number).count(),
        received_by=last.asserted_by_id if last else 0,
        place=place,
        place_names=names,
    )


def has_received(company: Company, gtin: str, lot_number: str) -> bool:
    """Whether the lot lies with this company, as its receiving events say."""
    return received_lot(gtin, lot_number).received_by == company.pk


def expiry_of(gtin: str, lot_number: str) -> str:
    """The ISO day the lot expires on, as the newest event that knows it says; or empty."""
    told = (
        TraceEvent.objects.filter(
            keys__contains=[rules.lot_key(gtin, lot_number)], details__has_key="expires_on"
        )
        .order_by("-pk")
        .values_list("details", flat=True)
        .first()
    )
    return str(told["expires_on"]) if told else ""


def product_of(gtin: str) -> Product | None:
    """The catalogue's product with this GTIN, in whichever length it is written there."""
    wide = rules.gtin14(gtin)
    lengths = {wide, wide.removeprefix("0"), wide.removeprefix("00"), wide.removeprefix("0" * 6)}
    return Product.objects.filter(gtin__in=lengths).first()


def label_sheets(
    gtin: str = "", lot_number: str = "", *, keeper: Company | None = None
) -> QuerySet[LabelSheet]:
    """Sheets, newest first, without their files; of one lot where it is named, and only of who
    received the lots where one is given."""
    sheets = LabelSheet.objects.defer("content", "serials").order_by("-pk")
    if keeper is not None:
        sheets = sheets.filter(keeper=keeper)
    if gtin:
        sheets = sheets.filter(gtin=rules.gtin14(gtin))
    return sheets.filter(lot_number=lot_number) if lot_number else sheets
