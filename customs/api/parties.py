"""Who stands on a seller's messages to customs, over the API: told by the seller, agreed to by who
declares. In the name of an administrator, as on the pages; only the list of clients is everybody's.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from django.http import Http404, HttpRequest
from django.utils.translation import gettext_noop as _
from ninja import Schema
from pydantic import Field, StringConstraints

from core.clock import now
from customs.models import RetailParties
from customs.queries import parties as queries
from customs.rules.platforms import Platform, restored
from customs.services import parties as services
from rest.calling import Caller, caller_of
from rest.fields import Body
from rest.routes import Routes

seller_routes = Routes(tags=["sellers"])
routes = Routes(tags=["importers"])

Code = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=18)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]


class PlatformTold(Body):
    """A further platform, of the orders of one of the shop's channels."""

    channel: str = Field(max_length=32, examples=["tmall"])
    code: str = Field(
        description="Customs code of the platform", max_length=18, examples=["3302961HZ8"]
    )
    name: str = Field(max_length=100, examples=["另一平台有限公司"])


class PartiesIn(Body):
    """Platforms, shop, carrier and payment company, and who declares."""

    ebp_code: Code = Field(
        description="Of the platform of all channels that no further one has",
        examples=["3302961HZ1"],
    )
    ebp_name: Name = Field(examples=["示例跨境平台有限公司"])
    platforms: list[PlatformTold] = Field(default_factory=list, max_length=200, examples=[[]])
    ebc_code: Code = Field(description="Of the e-commerce company", examples=["3302961HZ2"])
    ebc_name: Name = Field(examples=["示例电商有限公司"])
    assure_code: Annotated[
        str, StringConstraints(strip_whitespace=True, min_length=1, max_length=30)
    ] = Field(description="Whose guarantee stands for the tax", examples=["3302961HZ6"])
    logistics_code: Code = Field(description="Of the carrier", examples=["3302961HZ4"])
    logistics_name: Name = Field(examples=["示例物流有限公司"])
    waybill_prefix: str = Field(
        "",
        max_length=12,
        description="Where the carrier left a range of numbers; nine digits follow",
        examples=["SF"],
    )
    pay_code: str = Field(
        "", max_length=18, description="Of the payment company", examples=["3302961HZ3"]
    )
    pay_name: str = Field("", max_length=100, examples=["示例支付有限公司"])
    sends_payments: bool = Field(
        False,
        strict=True,
        description="Customs is told of payments as well: the payment company leaves it to us",
        examples=[False],
    )
    agent: str = Field(
        description="Code here of the importer that declares; another one has to agree anew",
        min_length=1,
        max_length=32,
        examples=["I1"],
    )
    is_automatic: bool = Field(
        True,
        strict=True,
        description="Lists go by themselves as soon as nothing is missing",
        examples=[True],
    )


class PlatformKept(Schema):
    """A further platform."""

    channel: str = Field(examples=["tmall"])
    code: str = Field(examples=["3302961HZ8"])
    name: str = Field(examples=["另一平台有限公司"])


class PartiesOut(Schema):
    """What the seller told; texts are empty until it does."""

    ebp_code: str = Field("", examples=["3302961HZ1"])
    ebp_name: str = Field("", examples=["示例跨境平台有限公司"])
    platforms: list[PlatformKept] = Field(default_factory=list)
    ebc_code: str = Field("", examples=["3302961HZ2"])
    ebc_name: str = Field("", examples=["示例电商有限公司"])
    assure_code: str = Field("", examples=["3302961HZ6"])
    logistics_code: str = Field("", examples=["3302961HZ4"])
    logistics_name: str = Field("", examples=["示例物流有限公司"])
    waybill_prefix: str = Field("", examples=["SF"])
    pay_code: str = Field("", examples=["3302961HZ3"])
    pay_name: str = Field("", examples=["示例支付有限公司"])
    sends_payments: bool = Field(False, examples=[False])
    agent: str | None = Field(None, description="Who declares", examples=["I1"])
    is_automatic: bool = Field(True, examples=[True])
    agreed_at: datetime | None = Field(
        None,
        description="Since when the importer declares; null until it agrees",
        examples=["2026-07-01T02:00:00Z"],
    )
    waiting: int = Field(0, description="Retail lists for which something is missing", examples=[0])


class ClientOut(Schema):
    """A seller that has an importer declare its parcels."""

    seller: str = Field(description="Its code", examples=["S1"])
    ebp_code: str = Field(description="Of its platform", examples=["3302961HZ1"])
    ebp_name: str = Field(examples=["示例跨境平台有限公司"])
    platforms: list[PlatformKept]
    assure_code: str = Field(
        description="Whose guarantee stands for the tax", examples=["3302961HZ6"]
    )
    agreed_at: datetime | None = Field(
        description="Null until the importer agrees", examples=["2026-07-01T02:00:00Z"]
    )


class ClientList(Schema):
    """Those that wait for the importer's word first."""

    rows: list[ClientOut]


def _administrator(request: HttpRequest) -> Caller:
    """Raises Http404 when it is in the name of somebody who is no administrator."""
    caller = caller_of(request)
    if not caller.membership.is_admin:
        raise Http404
    return caller


@seller_routes.show(
    "/retail-parties",
    scope="retail:read",
    response=PartiesOut,
    summary=_("Show who stands on a seller's messages to customs"),
)
def get_retail_parties(request: HttpRequest) -> PartiesOut:
    """Platforms, shop, carrier, payment company and guarantor, and who declares. In the name of an
    administrator."""
    seller = _administrator(request).company
    held = queries.parties_of_seller(seller)
    if held is None:
        return PartiesOut.model_validate({"waiting": queries.missing_count(seller)})
    told = {name: getattr(held, name) for name in PartiesIn.model_fields}
    return PartiesOut(
        **{
            **told,
            "platforms": _platforms(held),
            "agent": held.agent.code,
            "agreed_at": held.agreed_at,
            "waiting": queries.missing_count(seller),
        }
    )


@seller_routes.change(
    "/retail-parties",
    method="PUT",
    scope="retail:write",
    current=get_retail_parties,
    response=PartiesOut,
    summary=_("Tell who stands on a seller's messages to customs"),
)
def tell_retail_parties(request: HttpRequest, told: PartiesIn) -> PartiesOut:
    """From now on; another importer has to agree first. In the name of an administrator."""
    services.tell_parties(
        seller=_administrator(request).company,
        told=services.PartiesTold(
            **{
                **told.model_dump(),
                "platforms": tuple(Platform(it.code, it.name, it.channel) for it in told.platforms),
                "pay_name": told.pay_name.strip(),
            }
        ),
        now=now(),
    )
    return get_retail_parties(request)


@routes.show(
    "/customs/clients",
    scope="declarations:read",
    response=ClientList,
    summary=_("List the sellers that an importer declares for"),
)
def list_customs_clients(request: HttpRequest) -> ClientList:
    """Those that named one's own company, agreed to or not."""
    found = queries.clients_of(caller_of(request).company)
    return ClientList(rows=[_client(one) for one in found])


@routes.show(
    "/customs/clients/{code}",
    scope="declarations:read",
    response=ClientOut,
    summary=_("Show a seller that an importer declares for"),
)
def get_customs_client(request: HttpRequest, code: str) -> ClientOut:
    """One seller that named one's own company."""
    return _client(queries.client_of(caller_of(request).company, code))


@routes.change(
    "/customs/clients/{code}/agree",
    scope="declarations:write",
    current=get_customs_client,
    response=ClientOut,
    summary=_("Agree to declare for a seller"),
)
def agree_to_declare(request: HttpRequest, code: str) -> ClientOut:
    """From now on its parcels go by one's own gateway. In the name of an administrator."""
    caller = _administrator(request)
    found = queries.client_of(caller.company, code)
    services.agree(parties=found, by=caller.user, now=now())
    return get_customs_client(request, code)


def _client(one: RetailParties) -> ClientOut:
    return ClientOut(
        seller=one.seller.code,
        ebp_code=one.ebp_code,
        ebp_name=one.ebp_name,
        platforms=_platforms(one),
        assure_code=one.assure_code,
        agreed_at=one.agreed_at,
    )


def _platforms(held: RetailParties) -> list[PlatformKept]:
    return [
        PlatformKept(channel=one.channel, code=one.code, name=one.name)
        for one in restored(held.platforms)
    ]
