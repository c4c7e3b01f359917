"""The lists of customs as its pages and files show them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import Role
from core.errors import DomainError
from core.models import WorkState
from core.packing import MEDIA_TYPE
from customs import queries, services
from customs.models import DeclarationState
from customs.queries import listings
from customs.queries.paper_sets import packed_sets
from customs.queries.retelling import back_of
from customs.rules.parties import NothingWent
from customs.tables_reference import unit_name
from warehouse import tables as warehouse
from warehouse.rules.order_way import FOLLOWS, Stage
from web.tables import Action, Column, Empty, Table, Viewer


class NoPaperReady(DomainError):
    """Choose at least one declaration whose paper is ready."""

    code = "customs.no_paper_ready"


def shown_state(declaration: Any) -> str:
    """The state as pages show it: a paper that could not be made is not "generating"."""
    document = declaration.document
    if document is not None and document.state == WorkState.FAILED:
        return str(WorkState.FAILED)
    return str(declaration.state)


def _state_word(declaration: Any) -> str:
    """The same, in words: a file says what the page says."""
    if shown_state(declaration) == WorkState.FAILED:
        return gettext("paper failed")
    return str(declaration.get_state_display())


def _is_moving(declaration: Any) -> bool:
    return shown_state(declaration) in {DeclarationState.QUEUED, DeclarationState.GENERATING}


def _make_paper(declaration: Any, viewer: Viewer, now: datetime) -> None:
    services.queue_document(declaration=declaration, language=get_language() or "zh-hans", now=now)


def _pack(found: QuerySet[Any], viewer: Viewer) -> tuple[str, str, bytes]:
    """The finished papers in one ZIP file; what is not finished is not in it."""
    documents = queries.documents_of(list(found.values_list("our_reference", flat=True)))
    if not documents:
        raise NoPaperReady()
    return "declarations.zip", MEDIA_TYPE, queries.packed_papers(documents)


def _pack_sets(found: QuerySet[Any], viewer: Viewer) -> tuple[str, str, bytes]:
    """The released sets in one ZIP file, with one manifest."""
    return "paper-sets.zip", MEDIA_TYPE, packed_sets(found)


_CUSTOMS = frozenset({Role.IMPORTER, Role.OPERATOR})

DECLARATIONS = Table(
    key="declarations",
    scope="declarations:read",
    title=_("Declarations"),
    listing=listings.DECLARATIONS,
    rows=lambda viewer: queries.declarations_of(),
    roles=_CUSTOMS,
    named="our_reference",
    is_moving=_is_moving,
    columns=(
        Column(
            label=_("Our number"),
            value="our_reference",
            kind="number",
            note=lambda one: one.get_form_display(),
            link=lambda one: reverse("declaration", args=[one.our_reference]),
            sort="reference",
        ),
        Column(label=_("Form"), value="form", kind="choice", on_page=False),
        Column(
            label=_("State"),
            value=_state_word,
            kind="state",
            sort="state",
            template="customs/_cell_state.html",
        ),
        Column(label=_("Customs number"), value="their_reference", kind="number"),
        Column(
            label=_("Shipment"),
            value="shipment.number",
            kind="number",
            note="shipment.order.supplier.company.name",
        ),
        Column(label=_("Supplier"), value="shipment.order.supplier.company.name", on_page=False),
        Column(
            label=_("Value"),
            value="total_minor",
            kind="money",
            currency="currency",
            sort="value",
            total="value",
        ),
        Column(label=_("Drafted"), value="drafted_at", kind="moment", sort="drafted_at"),
        Column(label="", template="customs/_cell_paper.html"),
    ),
    empty=Empty(
        _("No declarations here"),
        _("A declaration is drafted from a shipment that is under way."),
        "file-certificate",
    ),
    actions=(
        Action(
            name="papers",
            scope="declarations:write",
            label=_("Make the papers"),
            icon="printer",
            roles=frozenset({Role.IMPORTER}),
            each=_make_paper,
        ),
        Action(
            name="zip",
            scope="declarations:read",
            label=_("Download the chosen papers (ZIP)"),
            icon="file-zip",
            roles=_CUSTOMS,
            gather=_pack,
        ),
        Action(
            name="sets",
            scope="declarations:read",
            label=_("Download the released sets (ZIP)"),
            icon="files",
            roles=_CUSTOMS,
            gather=_pack_sets,
        ),
    ),
)


def _legal(rows: list[Any], viewer: Viewer) -> None:
    """``54 千克``, ``54 千克 · 60 件``: the quantities in the legal units."""
    for row in rows:
        row.legal = f"{row.legal_quantity.normalize():f} {unit_name(row.legal_unit)}"
        if row.second_quantity is not None:
            row.legal += f" · {row.second_quantity.normalize():f} {unit_name(row.second_unit)}"


DECLARATION_LINES = Table(
    key="declaration-lines",
    scope="declarations:read",
    title=_("Goods lines"),
    listing=listings.DECLARATION_LINES,
    rows=lambda viewer, reference: queries.goods_of(reference),
    attach=_legal,
    within="declaration",
    roles=_CUSTOMS,
    named="position",
    columns=(
        Column(label=_("No."), value="position", kind="number", sort="position"),
        Column(label=_("HS code"), value="hs_code", kind="number", sort="hs_code"),
        Column(
            label=_("Product"),
            value="name_zh",
            sort="name",
            template="customs/_cell_goods.html",
        ),
        Column(label=_("Specification"), value="specification", on_page=False),
        Column(label=_("Origin"), value="origin", kind="country"),
        Column(
            label=_("Quantity"), value="quantity", kind="qty", sort="quantity", total="quantity"
        ),
        Column(label=_("Declared unit"), value=lambda row: unit_name(row.unit), on_page=False),
        Column(
            label=_("Legal quantity"),
            value="legal_quantity",
            kind="qty",
            template="customs/_cell_legal.html",
        ),
        Column(label=_("Legal unit"), value=lambda row: unit_name(row.legal_unit), on_page=False),
        Column(
            label=_("Second legal quantity"), value="second_quantity", kind="qty", on_page=False
        ),
        Column(
            label=_("Second legal unit"),
            value=lambda row: unit_name(row.second_unit),
            on_page=False,
        ),
        Column(
            label=_("Unit price"),
            value="unit_price",
            kind="qty",
            template="customs/_cell_price.html",
        ),
        Column(
            label=_("Total"),
            value="total_minor",
            kind="money",
            currency="declaration.currency",
            sort="total",
            total="total",
        ),
    ),
    empty=Empty(_("No goods lines"), _("A declaration without goods says nothing."), "list"),
)


def shown_list_state(row: Any) -> str:
    """``drawn``, ``released`` or ``voided``; a voided one may have been released before."""
    if hasattr(row, "void"):
        return "voided"
    return "released" if hasattr(row, "release") else "drawn"


_LIST_STATES = {
    "drawn": pgettext_lazy("retail list", "drawn"),
    "released": _("released by customs"),
    "voided": pgettext_lazy("retail list", "void"),
}


def list_state_word(row: Any) -> str:
    return str(_LIST_STATES[shown_list_state(row)])


def _with_state(rows: list[Any], viewer: Viewer) -> None:
    back = back_of([row.pk for row in rows])
    for row in rows:
        row.shown_state, row.state_word = shown_list_state(row), list_state_word(row)
        row.is_back = row.pk in back


def _tell_anew(row: Any, viewer: Viewer, now: datetime) -> None:
    # What is missing was written down by then, and stays.
    if services.tell_anew(listed=row, now=now).missing:
        raise NothingWent(list=row.number)


def _release(row: Any, viewer: Viewer, now: datetime) -> None:
    services.release_lists(numbers=[row.number], released_at=now, recorded_by=viewer.user, now=now)


RETAIL_LISTS = Table(
    key="retail-lists",
    scope="retail:read",
    title=_("Retail import lists"),
    listing=listings.RETAIL_LISTS,
    rows=lambda viewer: queries.lists_of(),
    attach=_with_state,
    roles=frozenset({Role.SELLER, Role.OPERATOR}),
    columns=(
        Column(
            label=_("List"),
            value="number",
            kind="number",
            link=lambda one: reverse("retail_list", args=[one.number]),
            note="order.number",
            sort="number",
        ),
        Column(label=_("Order"), value="order.number", kind="number", on_page=False),
        Column(
            label=_("Seller"), value="seller.name", when=lambda viewer: viewer.role != Role.SELLER
        ),
        Column(label=_("Dutiable value"), value="dutiable_minor", kind="money", total="dutiable"),
        Column(label=_("Duty"), value="duty_minor", kind="money", total="duty"),
        Column(
            label=_("Consumption tax"),
            value="consumption_tax_minor",
            kind="money",
            total="consumption",
        ),
        Column(label=_("VAT"), value="vat_minor", kind="money", total="vat"),
        Column(label=_("Tax due"), value="tax_minor", kind="money", sort="tax", total="tax"),
        Column(label=_("Drawn"), value="drawn_at", kind="moment", sort="drawn_at"),
        Column(label=_("State"), value=list_state_word, template="customs/_cell_list_state.html"),
        Column(label=_("Released"), value="release.released_at", kind="moment", on_page=False),
    ),
    empty=Empty(
        _("No retail lists yet"),
        _("Each consumer's order that takes stock gets one, with its tax."),
        "receipt-tax",
    ),
    actions=(
        Action(
            name="release",
            label=_("Record that customs released them"),
            icon="shield-check",
            roles=frozenset({Role.OPERATOR}),
            each=_release,
            asks=_("Their goods may be picked from now on. Their sellers hear of it."),
        ),
        Action(
            name="anew",
            scope="retail:write",
            label=_("Tell customs anew"),
            icon="repeat",
            roles=frozenset({Role.SELLER}),
            each=_tell_anew,
            is_alone=True,
        ),
    ),
    may_pick=lambda one: one.is_back or not (hasattr(one, "release") or hasattr(one, "void")),
)


def _cancel(order: Any, viewer: Viewer, now: datetime) -> None:
    services.cancel_order(order=order, by=viewer.user, now=now)


RETAIL_ORDERS = replace(
    warehouse.RETAIL_ORDERS,
    actions=(
        *warehouse.RETAIL_ORDERS.actions,
        Action(
            name="cancel",
            scope="retail:write",
            label=_("Cancel the orders"),
            icon="x",
            roles=frozenset({Role.SELLER}),
            each=_cancel,
            asks=_("Their stock returns to its lots, and lists that were drawn are voided."),
        ),
    ),
    may_pick=lambda order: Stage.CANCELLED in FOLLOWS[Stage(order.state)],
)

TABLES = (DECLARATIONS, DECLARATION_LINES, RETAIL_LISTS, RETAIL_ORDERS)
