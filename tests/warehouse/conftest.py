"""Milk, a seller, and who operates a bonded warehouse."""

from __future__ import annotations

import pytest

from accounts.models import Company
from catalog.models import Product
from tests.factories.accounts import SellerFactory, WarehouseOperatorFactory
from tests.factories.catalog import ProductFactory


@pytest.fixture
def milk() -> Product:
    return ProductFactory.create(sku="MILK", name_en="Milk powder")


@pytest.fixture
def anna() -> Company:
    return SellerFactory.create()


@pytest.fixture
def operator() -> Company:
    return WarehouseOperatorFactory.create()
