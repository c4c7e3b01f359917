"""What is missing on a parcel, in words, and where its company fills it in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from core.rulebook import refusals
from web.tables import Text

_PARTIES, _HOUSE, _ORDER, _PRODUCT = "parties", "house", "order", "product"
_UNITS, _GUARANTEE, _BUYER = "units", "guarantee", "buyer"
_PARCEL = "parcel"
#: Field of a message -> what people call it, and whose it is to tell.
_FIELDS: Mapping[str, tuple[Text, str]] = {
    "ebpCode": (_("Customs code of the platform"), _PARTIES),
    "ebpName": (_("Name of the platform"), _PARTIES),
    "ebcCode": (_("Customs code of the e-commerce company"), _PARTIES),
    "ebcName": (_("Name of the e-commerce company"), _PARTIES),
    "payCode": (_("Customs code of the payment company"), _PARTIES),
    "payName": (_("Name of the payment company"), _PARTIES),
    "assureCode": (_("Guarantor of the tax"), _PARTIES),
    "logisticsCode": (_("Customs code of the carrier"), _PARTIES),
    "logisticsName": (_("Name of the carrier"), _PARTIES),
    "agentCode": (_("Customs code of the importer that declares"), _PARTIES),
    "guarantee": (_("What is free of the guarantee for tax"), _GUARANTEE),
    "year": (_("Room in the buyer's year, which began after the list was drawn"), _BUYER),
    "gateway": (_("Open gateway of the importer that declares"), _PARTIES),
    "acturalPaid": (_("Paid in all"), _ORDER),
    "logisticsNo": (_("Waybill"), _PARCEL),
    "payTransactionId": (_("Serial number of the payment"), _PARCEL),
    "buyerTelephone": (_("Buyer's telephone"), _ORDER),
    "consigneeTelephone": (_("Buyer's telephone"), _ORDER),
    "buyerName": (_("Buyer's name"), _ORDER),
    "buyerIdNumber": (_("Buyer's identity number"), _ORDER),
    "consigneeAddress": (_("Buyer's address"), _ORDER),
    "portCode": (_("Customs office of the port"), _HOUSE),
    "trafMode": (_("Transport out of the zone"), _HOUSE),
    "customsCode": (_("Customs office of the warehouse"), _HOUSE),
    "areaCode": (_("Customs code of the warehouse's company"), _HOUSE),
    "emsNo": (_("Number of the account book"), _HOUSE),
    "books": (_("One account book for all goods of the parcel"), _ORDER),
    "itemRecordNo": (_("Item of the account book"), _HOUSE),
    "gmodel": (_("Specification of the product"), _PRODUCT),
    "country": (_("Country of origin by customs' old code"), _PRODUCT),
    "unit1": (_("Legal unit by the tariff"), _PRODUCT),
    "qty1": (_("Quantity in the legal unit"), _UNITS),
    "unit2": (_("Second legal unit by the tariff"), _PRODUCT),
    "qty2": (_("Quantity in the second legal unit"), _UNITS),
}
_WHOSE: Mapping[str, Text] = {
    _PARTIES: _("told by the seller, on the page of who declares"),
    _HOUSE: _("told by the warehouse"),
    _ORDER: _("told with the order"),
    _PARCEL: _("told by the seller, on the page of the parcel"),
    _PRODUCT: _("told in the catalogue, by the platform"),
    _UNITS: _(
        "weights in the catalogue, by the platform; contents with the elements, by the importer"
    ),
    _GUARANTEE: _("the importer that declares pays tax that is due, or has the guarantee raised"),
    _BUYER: _("nobody can raise it: cancel the order, or declare the goods otherwise"),
    "": pgettext_lazy("missing", "told by the platform"),
}


@dataclass(frozen=True, slots=True)
class GapWords:
    """One gap as a person reads it. ``field`` and ``kind`` are the message's, ``code`` the
    refusal's; ``where`` is what holds the field: parties, parcel, order, house, product, units,
    guarantee, buyer, or nothing known. ``line`` is the message's, ``position`` the order line it is
    of."""

    what: str
    why: str
    whose: str
    line: int | None
    field: str
    code: str
    kind: str
    where: str
    position: int | None


def _difference(gap: Mapping[str, object]) -> str:
    """How far two amounts are apart, where the gap is one of amounts."""
    amounts = gap.get("amounts")
    if not isinstance(amounts, Mapping):
        return ""
    paid, wanted = Decimal(str(amounts["value"])), Decimal(str(amounts["wanted"]))
    return gettext("Told are %(paid)s, worked out are %(wanted)s: %(more)s.") % {
        "paid": f"CNY {paid:.2f}",
        "wanted": f"CNY {wanted:.2f}",
        "more": f"{paid - wanted:+.2f}",
    }


def in_words(gaps: Iterable[Mapping[str, object]]) -> list[GapWords]:
    """Each once, however many messages ask for it."""
    rules = {one.code: one for one in refusals()}
    found: dict[tuple[str, object], GapWords] = {}
    for gap in gaps:
        field, line = str(gap.get("field")), gap.get("line")
        what, whose = _FIELDS.get(field, (field, ""))
        refusal = rules.get(str(gap.get("code")))
        found.setdefault(
            (str(what), line),
            GapWords(
                what=str(what),
                why=" ".join(
                    filter(None, (gettext(refusal.rule()) if refusal else "", _difference(gap)))
                ),
                whose=str(_WHOSE[whose]),
                line=line if isinstance(line, int) else None,
                field=field,
                code=str(gap.get("code")),
                kind=str(gap.get("kind")),
                where=whose,
                position=place if isinstance(place := gap.get("position", line), int) else None,
            ),
        )
    return list(found.values())
