"""A company that may not trade does not trade by programs either."""

from __future__ import annotations

import pytest
from django.test import RequestFactory

from accounts.models import Company
from accounts.rules import CompanyNotAdmitted, CompanySuspended
from core.errors import DomainError
from rest.calling import acting
from tests.rest.conftest import token_for
from tests.walls.world import World


@pytest.mark.parametrize(
    ("status", "method", "scope", "refusal"),
    [
        ("admitted", "POST", "products:read", None),
        ("applicant", "GET", "", None),
        ("applicant", "GET", "products:read", CompanyNotAdmitted),
        ("applicant", "POST", "", CompanyNotAdmitted),
        ("suspended", "GET", "products:read", None),
        ("suspended", "POST", "products:read", CompanySuspended),
        ("suspended", "DELETE", "", CompanySuspended),
    ],
)
def test_the_standing_of_a_company_is_asked_of_every_call(
    world: World, status: str, method: str, scope: str, refusal: type[DomainError] | None
) -> None:
    text = token_for(world.seller, "seller", world.people["seller"])
    Company.objects.filter(pk=world.seller.pk).update(status=status)
    request = RequestFactory().generic(
        method, "/api/v1/anything", headers={"authorization": f"Bearer {text}"}
    )

    if refusal is None:
        with acting(request, scope=scope) as caller:
            assert caller.company == world.seller
    else:
        with pytest.raises(refusal), acting(request, scope=scope):
            pytest.fail("it was let in")
