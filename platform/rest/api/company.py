"""One's own company: what the platform knows of it, and what its administrators may change."""

from __future__ import annotations

from django.http import Http404, HttpRequest
from django.utils.translation import gettext_noop as _
from ninja import Schema
from pydantic import Field

from accounts.models import Company, CompanyKind, CompanyStatus
from accounts.rules.seen import stamp
from accounts.services import companies as services
from rest.calling import caller_of
from rest.fields import Body, Email, one_of, some_of
from rest.routes import Routes
from rest.serving import seen

routes = Routes(tags=["everybody"])


class AddressIn(Body):
    """Address and contact; names and numbers stay, they are what was examined."""

    street: str = Field(min_length=1, max_length=140, examples=["示例路 1 号"])
    town: str = Field(min_length=1, max_length=35, examples=["宁波"])
    postcode: str = Field("", max_length=16, examples=["315000"])
    contact_name: str = Field(min_length=1, max_length=100, examples=["张三"])
    contact_phone: str = Field(min_length=1, max_length=32, examples=["+86 574 0000 0000"])
    contact_email: Email = Field(max_length=254, examples=["trade@seller.example"])


class OwnCompany(Schema):
    """A company as its own people see it."""

    code: str = Field(examples=["SELLER-01"])
    status: str = Field(json_schema_extra=one_of(*CompanyStatus.values), examples=["admitted"])
    kinds: list[str] = Field(json_schema_extra=some_of(*CompanyKind.values), examples=[["seller"]])
    name_zh: str = Field(examples=["宁波示例商贸有限公司"])
    name_en: str = Field(examples=["Ningbo Example Trading Ltd"])
    uscc: str = Field(description="Unified social credit code", examples=["91330200MA2XXXXX0X"])
    lei: str = Field(examples=[""])
    vat_number: str = Field(examples=[""])
    customs_code: str = Field(examples=[""])
    street: str = Field(examples=["示例路 1 号"])
    town: str = Field(examples=["宁波"])
    postcode: str = Field(examples=["315000"])
    country: str = Field(examples=["CHN"])
    contact_name: str = Field(examples=["张三"])
    contact_phone: str = Field(examples=["+86 574 0000 0000"])
    contact_email: str = Field(examples=["trade@seller.example"])


def _shown(company: Company) -> OwnCompany:
    told = {name: getattr(company, name) for name in OwnCompany.model_fields}
    return OwnCompany(**told)


@routes.show(
    "/company",
    scope="company:read",
    response=OwnCompany,
    summary=_("Show one's own company"),
    any_standing=True,
)
def get_company(request: HttpRequest) -> OwnCompany:
    """What the platform knows of it, also while its admission is not decided."""
    return _shown(Company.objects.get(pk=caller_of(request).company.pk))


@routes.change(
    "/company",
    method="PUT",
    scope="company:write",
    current=get_company,
    response=OwnCompany,
    summary=_("Change address and contact"),
)
def change_company(request: HttpRequest, told: AddressIn) -> OwnCompany:
    """In the name of one of its administrators; in anybody else's it is 404."""
    caller = caller_of(request)
    if not caller.membership.is_admin:
        raise Http404
    before = seen(request, OwnCompany)
    changed = services.change_address(
        company=caller.company,
        said=told.model_dump(),
        seen=stamp(*(getattr(before, name) for name in services.ADDRESS)),
    )
    return _shown(changed)
