"""What suppliers ask, for an operator's programs: offers, freight and least orders."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_noop as _
from ninja import File, Schema, Status, UploadedFile
from pydantic import Field

from catalog.models import Product, TradingPartner
from core.sheets import MAX_BYTES
from procurement import services
from procurement.models import ContainerKind, Incoterm, Multiple, Pricing, SupplierOffer
from procurement.queries import freight, offers
from procurement.queries.listings import OFFERS
from procurement.rules.offering import OfferedProductUnknown, OfferingSupplierUnknown
from procurement.services.offer_files import EXAMPLE, NEEDED, OPTIONAL
from rest.fields import Body, Day, Minor, Whole, one_of
from rest.lists import page
from rest.routes import Routes
from web.files import template_file

routes = Routes(tags=["operators"])

Units = Annotated[Whole, Field(ge=0, le=10**9)]
Amount = Annotated[Whole, Field(ge=0, le=10**12)]


class Step(Body):
    """From so many packs on a pack costs so much, in the offer's currency."""

    from_packs: Units = Field(examples=[50])
    pack_price_minor: Amount = Field(examples=[7920])


class OfferTerms(Body):
    """What a supplier asks for a product."""

    supplier_code: str = Field(
        "", max_length=64, description="The supplier's own number", examples=["A-4711"]
    )
    pack_quantity: Units = Field(examples=[6])
    packs_per_layer: Units = Field(0, description="0: not said", examples=[12])
    layers_per_pallet: Units = Field(0, description="0: not said", examples=[8])
    multiple: str = Field(
        "pack",
        description="In which whole numbers it is ordered",
        json_schema_extra=one_of(*Multiple.values),
        examples=["pack"],
    )
    minimum_quantity: Units = Field(0, description="Units, of all sellers together", examples=[120])
    capacity: Units | None = Field(None, description="Units; empty: no limit", examples=[None])
    lead_time_days: Units = Field(30, examples=[30])
    pricing: str = Field(
        "all_units",
        description="Whether a price counts for all packs of a line, or for those from it on",
        json_schema_extra=one_of(*Pricing.values),
        examples=["all_units"],
    )
    valid_to: Day | None = Field(None, examples=[None])
    prices: list[Step] = Field(min_length=1, max_length=100)


class OfferIn(OfferTerms):
    """A new offer; one of the same product, supplier, currency, incoterm and first day is
    replaced."""

    sku: str = Field(max_length=64, examples=["MILK-900"])
    supplier: str = Field(max_length=32, examples=["SUP01"])
    currency: str = Field(max_length=3, examples=["EUR"])
    incoterm: str = Field("FOB", json_schema_extra=one_of(*Incoterm.values), examples=["FOB"])
    valid_from: Day = Field(examples=["2026-10-01"])


class OfferOut(Schema):
    """What one supplier asks for one product."""

    id: int = Field(examples=[17])
    sku: str = Field(examples=["MILK-900"])
    supplier: str = Field(examples=["SUP01"])
    supplier_code: str = Field(description="The supplier's own number", examples=["A-4711"])
    currency: str = Field(examples=["EUR"])
    incoterm: str = Field(json_schema_extra=one_of(*Incoterm.values), examples=["FOB"])
    pack_quantity: int = Field(examples=[6])
    packs_per_layer: int = Field(description="0: not said", examples=[12])
    layers_per_pallet: int = Field(description="0: not said", examples=[8])
    multiple: str = Field(
        description="In which whole numbers it is ordered",
        json_schema_extra=one_of(*Multiple.values),
        examples=["pack"],
    )
    minimum_quantity: int = Field(description="Units, of all sellers together", examples=[120])
    capacity: int | None = Field(description="Units; empty: no limit", examples=[None])
    lead_time_days: int = Field(examples=[30])
    pricing: str = Field(
        description="Whether a price counts for all packs of a line, or for those from it on",
        json_schema_extra=one_of(*Pricing.values),
        examples=["all_units"],
    )
    valid_from: date = Field(examples=["2026-10-01"])
    valid_to: date | None = Field(examples=[None])
    prices: list[Step]


class EndIn(Body):
    """The last day on which an offer holds."""

    ends_on: Day = Field(examples=["2026-12-31"])


class OffersOut(Schema):
    """How many offers of a file were stored."""

    stored: int = Field(examples=[24])


class ContainerTerms(Body):
    """What a container costs (fen), and what goes into it."""

    kind: str = Field(json_schema_extra=one_of(*ContainerKind.values), examples=["20GP"])
    price_minor: Amount = Field(examples=[980000])
    volume_cm3: Amount = Field(examples=[28000000])
    weight_g: Amount = Field(examples=[21700000])


class FreightIn(Body):
    """What the way from a supplier's port costs from a day on; fen (CNY)."""

    valid_from: Day = Field(examples=["2026-10-01"])
    lcl_minor: Amount = Field(
        0, description="A cubic metre or a tonne, whichever is more", examples=[48000]
    )
    lcl_minimum_minor: Amount = Field(0, examples=[45000])
    order_fee_minor: Amount = Field(0, description="Of each order", examples=[20000])
    declaration_fee_minor: Amount = Field(0, examples=[40000])
    line_fee_minor: Amount = Field(0, description="Of each line declared", examples=[2000])
    insurance_ppm: Amount = Field(0, description="Millionths of the value", examples=[3000])
    containers: list[ContainerTerms] = Field(max_length=10)


class MinimumIn(Body):
    """Below this amount a supplier takes no order; 0 for none."""

    currency: str = Field(max_length=3, examples=["EUR"])
    incoterm: str = Field(json_schema_extra=one_of(*Incoterm.values), examples=["FOB"])
    amount_minor: Amount = Field(examples=[300000])


class FreightOut(Schema):
    """Freight terms of a supplier; the newest that has begun holds."""

    valid_from: date = Field(examples=["2026-10-01"])
    lcl_minor: Minor = Field(examples=[48000])
    lcl_minimum_minor: Minor = Field(examples=[45000])
    order_fee_minor: Minor = Field(examples=[20000])
    declaration_fee_minor: Minor = Field(examples=[40000])
    line_fee_minor: Minor = Field(examples=[2000])
    insurance_ppm: int = Field(description="Millionths of the value", examples=[3000])
    containers: list[ContainerTerms]


class SupplierTermsOut(Schema):
    """What the way from a supplier costs, and below what it takes no order."""

    supplier: str = Field(examples=["SUP01"])
    currency: str = Field(examples=["EUR"])
    departure_port: str = Field(examples=["Hamburg"])
    freight: list[FreightOut]
    minimums: list[MinimumIn]


def _offer(one: SupplierOffer) -> OfferOut:
    names = [name for name in OfferOut.model_fields if name not in {"sku", "supplier", "prices"}]
    steps = sorted(one.breaks.all(), key=lambda step: step.from_packs)
    return OfferOut(
        sku=one.product.sku,
        supplier=one.supplier.company.code,
        prices=[
            Step(from_packs=step.from_packs, pack_price_minor=step.pack_price_minor)
            for step in steps
        ],
        **{name: getattr(one, name) for name in names},
    )


def _terms(told: OfferTerms) -> dict[str, object]:
    names = [name for name in OfferTerms.model_fields if name != "prices"]
    breaks = [(step.from_packs, step.pack_price_minor) for step in told.prices]
    return {name: getattr(told, name) for name in names} | {"breaks": breaks}


def _listed(pk: int) -> SupplierOffer:
    return get_object_or_404(offers.listed(), pk=pk)


@routes.rows("/offers", scope="offers:read", listing=OFFERS, row=OfferOut, summary=_("List offers"))
def list_offers(request: HttpRequest) -> object:
    """What all suppliers ask, ended offers among them."""
    return page(request, OFFERS, offers.listed(), _offer)


@routes.show("/offers/{int:pk}", scope="offers:read", response=OfferOut, summary=_("Show an offer"))
def get_offer(request: HttpRequest, pk: int) -> OfferOut:
    """One offer with its prices."""
    return _offer(_listed(pk))


@routes.create("/offers", scope="offers:write", response=OfferOut, summary=_("Enter an offer"))
def create_offer(request: HttpRequest, told: OfferIn) -> Status[OfferOut]:
    """Store what a supplier asks. Orders keep the price they were placed at."""
    product = Product.objects.filter(sku=told.sku).first()
    if product is None:
        raise OfferedProductUnknown(field="sku", sku=told.sku)
    supplier = TradingPartner.objects.filter(company__code=told.supplier).first()
    if supplier is None:
        raise OfferingSupplierUnknown(field="supplier", supplier=told.supplier)
    made = services.add_offers(
        offers=[
            services.NewOffer(
                product=product,
                supplier=supplier,
                currency=told.currency,
                incoterm=told.incoterm,
                valid_from=told.valid_from,
                **_terms(told),  # type: ignore[arg-type]  # each as its field says
            )
        ]
    )
    return Status(201, _offer(_listed(made[0].pk)))


@routes.change(
    "/offers/{int:pk}",
    scope="offers:write",
    current=get_offer,
    response=OfferOut,
    summary=_("Change an offer"),
    method="PUT",
)
def change_offer(request: HttpRequest, pk: int, told: OfferTerms) -> OfferOut:
    """Replace an offer's terms; product, supplier, currency, incoterm and first day stay."""
    held = _listed(pk)
    terms = services.NewOffer(
        product=held.product,
        supplier=held.supplier,
        currency=held.currency,
        incoterm=held.incoterm,
        valid_from=held.valid_from,
        **_terms(told),  # type: ignore[arg-type]  # each as its field says
    )
    services.change_offer(offer=held, terms=terms)
    return _offer(_listed(pk))


@routes.change(
    "/offers/{int:pk}/end",
    scope="offers:write",
    current=get_offer,
    response=OfferOut,
    summary=_("End an offer"),
)
def end_offer(request: HttpRequest, pk: int, told: EndIn) -> OfferOut:
    """Let an offer hold no longer than until a day."""
    services.end_offer(offer=_listed(pk), ends_on=told.ends_on)
    return _offer(_listed(pk))


@routes.create(
    "/offer-files",
    scope="offers:write",
    response=OffersOut,
    summary=_("Store a file of offers"),
    is_single=False,
)
def import_offer_file(request: HttpRequest, file: File[UploadedFile]) -> Status[OffersOut]:
    """A CSV or XLSX as `GET /offer-template.csv` begins it: all rows are stored, or none. Wrong
    cells are named in `errors`."""
    stored = services.import_offers(name=file.name or "", content=file.read(MAX_BYTES + 1))
    return Status(201, OffersOut(stored=len(stored)))


@routes.file(
    "/offer-template.{kind}",
    scope="offers:read",
    media_type=(
        "text/csv",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    summary=_("Fetch the template of a file of offers"),
)
def get_offer_template(request: HttpRequest, kind: str) -> HttpResponse:
    """`csv` or `xlsx`: the columns, with one row as an example."""
    columns = [*NEEDED, *OPTIONAL]
    return template_file("offers", kind, columns, [[EXAMPLE[name] for name in columns]])


def _supplier(code: str) -> TradingPartner:
    return get_object_or_404(TradingPartner.objects.select_related("company"), company__code=code)


def _supplier_terms(supplier: TradingPartner) -> SupplierTermsOut:
    figures = [name for name in FreightOut.model_fields if name != "containers"]
    return SupplierTermsOut(
        supplier=supplier.company.code,
        currency=supplier.currency,
        departure_port=supplier.departure_port,
        freight=[
            FreightOut(
                containers=[
                    ContainerTerms(
                        **{name: getattr(box, name) for name in ContainerTerms.model_fields}
                    )
                    for box in sorted(one.containers.all(), key=lambda box: box.kind)
                ],
                **{name: getattr(one, name) for name in figures},
            )
            for one in freight.freight_of(supplier)
        ],
        minimums=[
            MinimumIn(**{name: getattr(one, name) for name in MinimumIn.model_fields})
            for one in freight.minimums_of(supplier)
        ],
    )


@routes.show(
    "/suppliers/{code}/terms",
    scope="offers:read",
    response=SupplierTermsOut,
    summary=_("Show freight terms and least orders of a supplier"),
)
def get_supplier_terms(request: HttpRequest, code: str) -> SupplierTermsOut:
    """Freight terms, newest first, and below what the supplier takes no order."""
    return _supplier_terms(_supplier(code))


@routes.create(
    "/suppliers/{code}/freight",
    scope="offers:write",
    response=SupplierTermsOut,
    summary=_("Enter freight terms"),
)
def set_freight(request: HttpRequest, code: str, told: FreightIn) -> Status[SupplierTermsOut]:
    """Keep what a supplier's freight costs from a day on; that of the same day is replaced."""
    supplier = _supplier(code)
    figures = {name: getattr(told, name) for name in FreightIn.model_fields}
    boxes = [services.NewContainer(**one.model_dump()) for one in told.containers]
    services.set_freight(supplier=supplier, **(figures | {"containers": boxes}))
    return Status(201, _supplier_terms(supplier))


@routes.create(
    "/suppliers/{code}/minimums",
    scope="offers:write",
    response=SupplierTermsOut,
    summary=_("Enter the least order of a supplier"),
)
def set_minimum(request: HttpRequest, code: str, told: MinimumIn) -> Status[SupplierTermsOut]:
    """Below this amount a supplier takes no order in a currency on an incoterm."""
    supplier = _supplier(code)
    services.set_minimum(supplier=supplier, **told.model_dump())
    return Status(201, _supplier_terms(supplier))
