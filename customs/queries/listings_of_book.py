"""The lists of the account book, for its pages and files."""

from __future__ import annotations

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalog.queries import company_keys, product_keys, products_named
from core.filters import Choices, Code, Days, Flag, Numbers
from core.listing import Listing, Related, Search
from customs.models import BookKind, BookStyle

BOOKS = Listing(
    name="account-books",
    sorts={"number": "number"},
    default="number",
    search=Search(prefix=("number",), hint=_("Account book")),
    filters=(
        Choices(name="style", path="style", choices=BookStyle.choices, label=_("Kind of book")),
        Code(name="keeper", path="keeper", find=company_keys, label=_("Operated by")),
    ),
)

BOOK_ROWS = Listing(
    name="book-rows",
    sorts={"item": "item", "hs_code": "hs_code"},
    default="item",
    search=Search(
        prefix=("made_by",),
        related=(Related("product", products_named),),
        hint=_("SKU, name or declaration"),
    ),
    filters=(
        Code(name="product", path="product", find=product_keys, label=_("SKU")),
        Code(name="hs_code", path="hs_code", label=_("HS code")),
        Flag(name="there", when=Q(actl_inc__gt=F("actl_redc")), label=_("On hand")),
        Numbers(name="item", path="item", label=_("Item")),
    ),
)

BOOK_LINES = Listing(
    name="book-receipts",
    sorts={"newest": "pk"},
    default="-newest",
    search=Search(
        prefix=("receipt__number", "receipt__document"),
        related=(Related("row__product", products_named),),
        hint=_("Receipt, document, SKU or name"),
    ),
    filters=(
        Choices(
            name="kind", path="receipt__kind", choices=BookKind.choices, label=_("Kind of receipt")
        ),
        Numbers(name="item", path="row__item", label=_("Item")),
        Code(name="product", path="row__product", find=product_keys, label=_("SKU")),
        Days(name="happened", path="receipt__happened_at", label=_("Happened at")),
    ),
)
