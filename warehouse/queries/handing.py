"""Parcels that wait for a carrier, manifests, and what became of an order's parcels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from django.db.models import Count, QuerySet
from django.http import Http404

from accounts.models import Company
from core.walls import platform_wide
from warehouse.carriers import Manifest, ManifestLine
from warehouse.models import (
    BondedWarehouse,
    Carrier,
    HandedParcel,
    HandOver,
    Parcel,
    ParcelEvent,
    RetailOrder,
    RetailOrderState,
)
from warehouse.queries.merged import leads_to


def _to_hand_over() -> QuerySet[Parcel]:
    found: QuerySet[Parcel] = Parcel.objects.filter(
        handed__isnull=True, order__state=RetailOrderState.PACKED, order__holds=0
    )
    return found


def to_hand_over(house: BondedWarehouse) -> QuerySet[Parcel]:
    """Parcels of packed orders that no carrier has and nobody holds back, oldest first.

    Call platform-wide.
    """
    return _to_hand_over().filter(warehouse=house).order_by("pk")


def waiting_parcels(houses: Sequence[BondedWarehouse]) -> dict[int, int]:
    """By warehouse (id) how many parcels wait for a carrier."""
    waiting = _to_hand_over().filter(warehouse__in=houses).values_list("warehouse_id")
    with platform_wide():
        known = dict(waiting.annotate(Count("pk")))
    return {one.pk: known.get(one.pk, 0) for one in houses}


def carriers_of(keeper: Company) -> QuerySet[Carrier]:
    return Carrier.objects.filter(keeper=keeper).order_by("code")


def carrier_of(keeper: Company, code: str) -> Carrier:
    """One's own carrier by its code. Raises Http404."""
    found: Carrier | None = carriers_of(keeper).filter(code=code).first()
    if found is None:
        raise Http404
    return found


def hand_overs_of(keeper: Company) -> QuerySet[HandOver]:
    found: QuerySet[HandOver] = HandOver.objects.filter(keeper=keeper)
    return found.select_related("carrier", "warehouse")


def hand_over_of(keeper: Company, number: str) -> HandOver:
    """One's own manifest by its number. Raises Http404."""
    found = hand_overs_of(keeper).select_related("handed_by").filter(number=number).first()
    if found is None:
        raise Http404
    return found


def lines_of(hand_over: HandOver) -> QuerySet[HandedParcel]:
    """The parcels of a manifest with what was told of them, in the order of their numbers."""
    found: QuerySet[HandedParcel] = HandedParcel.objects.filter(hand_over=hand_over)
    return found.select_related("parcel").prefetch_related("parcel__events").order_by("parcel_id")


@dataclass(frozen=True, slots=True)
class Receiver:
    """To whom a parcel goes, in the clear."""

    name: str = ""
    telephone: str = ""
    address: str = ""


def receivers_of(hand_over: HandOver) -> dict[int, Receiver]:
    """To whom the parcels of a manifest go, by order (id). Call it ``platform_wide``, and keep
    that it was asked; erased buyers are left empty."""
    orders = RetailOrder.objects.filter(parcels__handed__hand_over=hand_over).only(
        *("buyer_name", "buyer_telephone", "consignee_address"),
        *("consignee_name", "consignee_telephone"),
    )
    return {
        one.pk: Receiver(
            one.consignee_name or one.buyer_name,
            one.consignee_telephone or one.buyer_telephone,
            one.consignee_address,
        )
        for one in orders
    }


def manifest_of(hand_over: HandOver, receivers: Mapping[int, Receiver]) -> Manifest:
    """``receivers``: to whom each order (id) goes; of others nothing is told."""
    return Manifest(
        number=hand_over.number,
        carrier=hand_over.carrier.code,
        warehouse=hand_over.warehouse.code,
        handed_at=hand_over.handed_at,
        lines=[
            ManifestLine(
                parcel=one.parcel.number,
                order=one.parcel.order_number,
                weight_g=one.parcel.weight_g,
                package=one.parcel.package,
                tracking_number=one.tracking_number,
                **asdict(receivers.get(one.parcel.order_id, Receiver())),
            )
            for one in lines_of(hand_over)
        ],
    )


@dataclass(frozen=True, slots=True)
class ParcelTold:
    """A parcel as its seller follows it; carrier and tracking number are empty before."""

    parcel: Parcel
    carrier: str
    tracking_number: str
    events: list[ParcelEvent]


def parcels_told(order: RetailOrder) -> list[ParcelTold]:
    """An order's parcels with what their carriers told, the earliest first; of one that was merged
    those of the order it went into."""
    into = leads_to([order])
    at = into[order.pk].pk if into else order.pk
    parcels = Parcel.objects.filter(order=at).select_related("handed")
    found = []
    for one in parcels.prefetch_related("events").order_by("pk"):
        handed: HandedParcel | None = getattr(one, "handed", None)
        found.append(
            ParcelTold(
                parcel=one,
                carrier=handed.carrier_name if handed else "",
                tracking_number=handed.tracking_number if handed else "",
                events=sorted(one.events.all(), key=lambda event: (event.happened_at, event.pk)),
            )
        )
    return found


def last_event(one: HandedParcel) -> str:
    """The kind of the latest event of a parcel; empty where none was told."""
    told = max(one.parcel.events.all(), key=lambda it: (it.happened_at, it.pk), default=None)
    return told.kind if told else ""
