from __future__ import annotations

import pytest

from accounts.models import Membership, Role
from core.walls import platform_wide
from tests.factories.accounts import MembershipFactory, PlatformCompanyFactory, SellerFactory


@pytest.fixture
def operator() -> Membership:
    with platform_wide():
        return MembershipFactory.create(company=PlatformCompanyFactory.create(), role=Role.OPERATOR)


@pytest.fixture
def seller() -> Membership:
    with platform_wide():
        return MembershipFactory.create(company=SellerFactory.create(code="ANNA", town="Ningbo"))
