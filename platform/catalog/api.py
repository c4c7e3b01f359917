"""The shared catalogue over the API."""

from __future__ import annotations

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_noop as _

from catalog.models import Product
from catalog.queries import PRODUCTS
from catalog.showing import ProductOut, product_out
from rest.lists import page
from rest.routes import Routes

routes = Routes(tags=["catalogue"])


@routes.rows(
    "/products", scope="products:read", listing=PRODUCTS, row=ProductOut, summary=_("List products")
)
def list_products(request: HttpRequest) -> object:
    """The shared catalogue."""
    return page(request, PRODUCTS, Product.objects.all(), product_out)


@routes.show(
    "/products/{sku}", scope="products:read", response=ProductOut, summary=_("Show a product")
)
def get_product(request: HttpRequest, sku: str) -> ProductOut:
    """One product by its SKU."""
    return product_out(get_object_or_404(Product, sku=sku))
