"""What the catalogue does for doors and for the other apps."""

from catalog.services.importing import import_products, preview_products, read_products
from catalog.services.partners import set_terms_of_trade
from catalog.services.products import add_products

__all__ = [
    "add_products",
    "import_products",
    "preview_products",
    "read_products",
    "set_terms_of_trade",
]
