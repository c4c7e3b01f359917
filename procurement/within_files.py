"""The lists of a file of forecasts: what can be taken, and every cell that cannot."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.models import Company, Role
from catalog.models import Product
from core.clock import now
from core.listed import Listed
from procurement import services
from procurement.models import ForecastUpload
from procurement.queries import listings
from procurement.rules.forecasting import Want
from procurement.services.uploading import CheckedRow
from procurement.within import wanted_columns
from web.tables import Column, Empty, Table, Viewer


@dataclass(frozen=True, slots=True)
class FileRow:
    """A row of a file that can be taken."""

    pk: int
    row: int
    product_id: int
    sku: str
    name: str
    quantity: int
    less: int
    more: int


def file_rows(wants: Sequence[Want]) -> Listed:
    products = Product.objects.in_bulk({want.product_id for want in wants})
    return Listed(
        [
            FileRow(
                at,
                want.row,
                want.product_id,
                want.sku,
                products[want.product_id].name,
                want.quantity,
                want.less,
                want.more,
            )
            for at, want in enumerate(wants, 1)
        ]
    )


def kept_file(seller: Company, pk: str) -> ForecastUpload:
    """A seller's own file. Raises Http404."""
    if not (pk.isascii() and pk.isdecimal() and len(pk) < 19):
        raise Http404
    mine = ForecastUpload.objects.filter(seller=seller).select_related("round", "seller")
    found: ForecastUpload = get_object_or_404(mine, pk=int(pk))
    return found


def _file_rows(viewer: Viewer, pk: str) -> Listed:
    return file_rows(services.look_again(kept_file(viewer.company, pk), now()).wants)


def _file_faults(viewer: Viewer, pk: str) -> Listed:
    return Listed(services.look_again(kept_file(viewer.company, pk), now()).checked)


FILE_ROWS = Table(
    key="forecast-file-rows",
    scope="forecasts:read",
    title=_("Rows that can be taken"),
    listing=listings.FILE_ROWS,
    rows=_file_rows,
    within="forecast_file",
    roles=frozenset({Role.SELLER}),
    named="sku",
    columns=(*wanted_columns(""), Column(label=_("Row"), value="row", kind="qty", sort="row")),
    empty=Empty(_("Nothing is wanted"), "", "circle-minus"),
)


def _cell(name: str) -> Callable[[CheckedRow], SafeString]:
    """A cell as it was written, marked, with what is wrong in it."""

    def draw(row: CheckedRow) -> SafeString:
        wrong = row.faults.get(name)
        text = escape(getattr(row, _WRITTEN[name])) or "–"
        if wrong is None:
            return SafeString(f'<span class="number">{text}</span>')
        return SafeString(
            f'<div class="cell-wrong"><mark class="number">{text}</mark>'
            f'<div class="invalid-feedback d-block">{escape(wrong)}</div></div>'
        )

    return draw


_WRITTEN = {
    "quarter": "quarter",
    "sku": "sku",
    "forecast_units": "units",
    "less": "less",
    "more": "more",
}


def _elsewhere(row: CheckedRow) -> str:
    """What is wrong in no column of its own."""
    return " ".join(text for name, text in row.faults.items() if name not in _WRITTEN)


def _all(row: CheckedRow) -> str:
    return " ".join(row.faults.values())


FILE_FAULTS = Table(
    key="forecast-file-faults",
    scope="forecasts:read",
    title=_("What is wrong"),
    listing=listings.FILE_FAULTS,
    rows=_file_faults,
    within="forecast_file",
    roles=frozenset({Role.SELLER}),
    named="row",
    columns=(
        Column(label=_("Row"), value="row", kind="qty", sort="row"),
        Column(label=_("Quarter"), value="quarter", draw=_cell("quarter")),
        Column(label=_("SKU"), value="sku", sort="sku", draw=_cell("sku")),
        Column(label=_("Units"), value="units", draw=_cell("forecast_units")),
        Column(label=_("Do without"), value="less", draw=_cell("less")),
        Column(label=_("Take more"), value="more", draw=_cell("more")),
        Column(label=_("Other faults"), value=_elsewhere, in_file=False),
        Column(label=_("What is wrong"), value=_all, sort="faults", on_page=False),
    ),
    empty=Empty(_("Nothing is wrong"), "", "check"),
)

TABLES = (FILE_ROWS, FILE_FAULTS)
