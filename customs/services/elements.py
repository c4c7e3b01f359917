"""The declaration elements of products are filled in, each time as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from accounts.models import User
from catalog.models import Product
from customs import queries
from customs.models import ProductElements
from customs.rules import elements as rules
from warehouse.days import day_of


@transaction.atomic
def keep_elements(
    *,
    product: Product,
    values: Mapping[str, str],
    made_by: User,
    now: datetime,
    content_ml: int | None = None,
) -> ProductElements:
    """Keep a value for each element that the product's code asks for; the newest count.

    Raises NoTariffRow, ElementUnknown, ElementsMissing, ElementWrong or ContentWrong; then nothing
    has been written.
    """
    day = day_of(now)
    law = queries.asked_of(product, day)
    if law is None:
        raise rules.NoTariffRow(product=product.sku, value=product.hs_code)
    rules.check_content(content_ml)
    return ProductElements.objects.create(
        product=product,
        hs_code=product.hs_code,
        names=law.elements,
        values=rules.values_of(law.elements, values),
        content_ml=content_ml,
        made_at=now,
        made_by=made_by,
    )
