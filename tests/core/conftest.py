"""What the tests of lists make their rows with."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from catalog.models import Product
from tests.factories.catalog import ProductFactory


@pytest.fixture
def a_product() -> Callable[..., Product]:
    return ProductFactory.create
