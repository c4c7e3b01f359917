"""Sellers keep what they call the products of the catalogue."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from accounts.models import Company, User
from catalog.models import Product
from procurement.models import Mapped, SellerSku
from procurement.queries import naming
from procurement.rules.naming import OwnSkuIsAnothers, OwnSkuNotKnown, OwnSkuTaken
from procurement.services.filing import check_seller


@transaction.atomic
def map_own_sku(
    *, seller: Company, own_sku: str, product: Product | None = None, by: User, now: datetime
) -> SellerSku:
    """Remember what a seller calls a product.

    Without ``product`` the name must be a GTIN or one supplier's code, and maps by itself; with
    it a person says so.

    Raises NotASeller, OwnSkuNotKnown, OwnSkuIsAnothers or OwnSkuTaken; then nothing has been
    written.
    """
    check_seller(seller)
    name = own_sku.strip()
    match, how = naming.exact({name}).get(name, (0, Mapped.CONFIRMED))
    if product is None:
        product = Product.objects.filter(pk=match).first()
        if product is None:
            raise OwnSkuNotKnown(own_sku=name)
    elif product.pk != match:
        how = Mapped.CONFIRMED
    if Product.objects.filter(sku=name).exclude(pk=product.pk).exists():
        raise OwnSkuIsAnothers(own_sku=name)
    is_confirmed = how == Mapped.CONFIRMED
    try:
        with transaction.atomic():
            return SellerSku.objects.create(
                seller=seller,
                own_sku=name,
                product=product,
                how=how,
                confirmed_by=by if is_confirmed else None,
                confirmed_at=now if is_confirmed else None,
                created_at=now,
            )
    except IntegrityError as error:
        raise OwnSkuTaken(own_sku=name) from error


@transaction.atomic
def forget_own_sku(*, mapping: SellerSku) -> None:
    """Remove a mapping; what was filed by it stays."""
    mapping.delete()
