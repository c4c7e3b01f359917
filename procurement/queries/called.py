"""Rules know products and suppliers by their keys; people know them by SKU, code and name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from catalog.models import Product, TradingPartner
from core.errors import DomainError

_PRODUCTS = ("product", "products")
_SUPPLIERS = ("supplier", "suppliers")


@contextmanager
def by_sku_and_code() -> Iterator[None]:
    """Whatever is refused inside names products by their SKU and suppliers by their code."""
    try:
        yield
    except DomainError as refusal:
        refusal.facts = _replaced(
            refusal.facts,
            dict(_found(Product, refusal.facts, _PRODUCTS).values_list("pk", "sku")),
            dict(
                _found(TradingPartner, refusal.facts, _SUPPLIERS).values_list("pk", "company__code")
            ),
        )
        raise


def with_names(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Facts as :func:`by_sku_and_code` left them, for a person: beside each SKU and code its name
    in the reader's language."""
    skus, codes = _among(facts, _PRODUCTS), _among(facts, _SUPPLIERS)
    products = Product.objects.filter(sku__in=[one for one in skus if isinstance(one, str)])
    partners = TradingPartner.objects.select_related("company").filter(
        company__code__in=[one for one in codes if isinstance(one, str)]
    )
    return _replaced(
        facts,
        {one.sku: f"{one.sku} {one.name}" for one in products},
        {one.company.code: f"{one.company.code} {one.company.name}" for one in partners},
    )


def _among(facts: Mapping[str, Any], names: tuple[str, ...]) -> list[Any]:
    told = [facts[name] for name in names if name in facts]
    return [one for value in told for one in (value if isinstance(value, list) else [value])]


def _found(model: Any, facts: Mapping[str, Any], names: tuple[str, ...]) -> Any:
    keys = [one for one in _among(facts, names) if isinstance(one, int)]
    return model.objects.filter(pk__in=keys)


def _replaced(
    facts: Mapping[str, Any], products: Mapping[Any, str], suppliers: Mapping[Any, str]
) -> dict[str, Any]:
    called = dict.fromkeys(_PRODUCTS, products) | dict.fromkeys(_SUPPLIERS, suppliers)

    def one(name: str, value: Any) -> Any:
        if isinstance(value, list):
            return [one(name, part) for part in value]
        known = called.get(name, {})
        return known.get(value, value) if isinstance(value, int | str) else value

    return {name: one(name, value) for name, value in facts.items()}
