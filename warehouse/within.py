"""The lists that stand within one thing: a lot's movements, a receipt's shares, a file's orders."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import Role
from core.clock import now
from core.errors import DomainError
from core.listed import Listed
from core.sheets import RowError
from warehouse.models import ReceiptShare, RetailUpload, StockMovement
from warehouse.queries import listings, stock, uploads
from warehouse.rules.retail import Decision, Outcome
from warehouse.tables import MOVES, operator_of
from web.tables import Column, Empty, Table, Viewer

_WAREHOUSE = frozenset({Role.WAREHOUSE, Role.OPERATOR})
_SELLER = frozenset({Role.SELLER})


def _lot_movements(viewer: Viewer, number: str) -> QuerySet[StockMovement]:
    lot = get_object_or_404(stock.lots(operator_of(viewer)), number=number)
    return stock.movements(lot=lot)


LOT_MOVEMENTS = Table(
    key="lot-movements",
    title=_("Movements"),
    listing=replace(
        listings.MOVEMENTS,
        name="lot-movements",
        filters=[one for one in listings.MOVEMENTS.filters if one.name not in {"lot", "product"}],
    ),
    rows=_lot_movements,
    within="in_lot",
    roles=_WAREHOUSE,
    named="document",
    columns=MOVES,
    empty=Empty(
        _("Nothing has moved yet"),
        _("Every receipt, reservation and return stands here."),
        "arrows-exchange",
    ),
)


def _shares(viewer: Viewer, number: str) -> QuerySet[ReceiptShare]:
    receipt = get_object_or_404(stock.receipts(operator_of(viewer)), number=number)
    return stock.shares_of(receipt)


RECEIPT_SHARES = Table(
    key="receipt-shares",
    title=_("Whose part"),
    listing=listings.RECEIPT_SHARES,
    rows=_shares,
    within="receipt",
    roles=_WAREHOUSE,
    named="owner.code",
    columns=(
        Column(label=_("Product"), value="product.name", note="product.sku", sort="product"),
        Column(label=_("SKU"), value="product.sku", kind="number", on_page=False),
        Column(label=_("Owner"), value="owner.name", sort="owner"),
        Column(
            label=_("Entitled"), value="entitled", kind="qty", sort="entitled", total="entitled"
        ),
        Column(
            label=_("Received"),
            value="received",
            kind="qty",
            sort="received",
            total="received",
            template="warehouse/_cell_share.html",
        ),
    ),
    empty=Empty(_("Nobody has a part"), _("All of it is missing."), "users"),
)


@dataclass(frozen=True, slots=True)
class OrderOutcome:
    """What became, or would become, of one order of a file."""

    pk: int
    channel: str
    order_number: str
    outcome: str
    number: str = ""
    sentence: str = ""
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong in a file."""

    pk: int
    row: int
    field: str
    message: str


def foreseen(decisions: Iterable[Decision]) -> list[OrderOutcome]:
    return [
        OrderOutcome(
            at,
            one.order.channel,
            one.order.order_number,
            one.outcome.value,
            sentence=_said(one.refusal),
            facts=dict(one.refusal.facts) if one.refusal else _served(one),
        )
        for at, one in enumerate(decisions, 1)
    ]


def _served(one: Decision) -> dict[str, Any]:
    """Of a short order what is there, line by line: ``MILK 2/5``."""
    lacking = [(one.order.lines[position - 1], units) for position, units in one.missing]
    told = [f"{line.sku} {line.quantity - units}/{line.quantity}" for line, units in lacking]
    return {"served": ", ".join(told)} if told else {}


def _said(refusal: DomainError | None) -> str:
    return gettext(refusal.rule()) if refusal else ""


def became(upload: RetailUpload) -> list[OrderOutcome]:
    return [
        OrderOutcome(
            at,
            one["channel"],
            one["order_number"],
            one["outcome"],
            number=one["number"],
            sentence=gettext(one["rule"]) if one.get("rule") else "",
            facts=one.get("facts") or {},
        )
        for at, one in enumerate(upload.results, 1)
    ]


def faults_of(faults: Iterable[RowError]) -> list[Fault]:
    return [Fault(at, one.row, one.field, one.message) for at, one in enumerate(faults, 1)]


def _upload(viewer: Viewer, pk: str) -> RetailUpload:
    if not (pk.isascii() and pk.isdecimal() and len(pk) < 19):
        raise Http404
    mine = RetailUpload.objects.filter(seller=viewer.company).select_related("seller")
    found: RetailUpload = get_object_or_404(mine, pk=int(pk))
    return found


def _outcomes(viewer: Viewer, pk: str) -> Listed:
    upload = _upload(viewer, pk)
    if upload.taken_at is not None:
        return Listed(became(upload))
    moment = now()
    read = uploads.read_upload(upload, now=moment)
    return Listed([] if read.faults else foreseen(uploads.foresee(upload, read, now=moment)))


def _faults(viewer: Viewer, pk: str) -> Listed:
    upload = _upload(viewer, pk)
    if upload.taken_at is not None:
        return Listed([])
    return Listed(faults_of(uploads.read_upload(upload, now=now()).faults))


_OUTCOMES = {
    Outcome.ACCEPTED.value: pgettext_lazy("order", "taken"),
    Outcome.ALREADY_TAKEN.value: _("Taken before"),
    Outcome.REFUSED.value: _("Refused"),
}

UPLOAD_OUTCOMES = Table(
    key="retail-outcomes",
    scope="retail:read",
    title=_("What became of it"),
    listing=listings.UPLOAD_OUTCOMES,
    rows=_outcomes,
    within="upload",
    roles=_SELLER,
    named="order_number",
    columns=(
        Column(
            label=_("Order number in the shop"),
            value="order_number",
            kind="number",
            note="channel",
            sort="number",
        ),
        Column(label=_("Shop"), value="channel", on_page=False),
        Column(
            label=_("What became of it"),
            value=lambda one: str(_OUTCOMES.get(one.outcome, one.outcome)),
            sort="outcome",
            template="warehouse/_cell_outcome.html",
        ),
        Column(label=_("Why"), value="sentence", on_page=False),
        Column(
            label=_("Number"),
            value="number",
            kind="number",
            link=lambda one: reverse("retail_order", args=[one.number]) if one.number else "",
        ),
    ),
    empty=Empty(_("No order in it"), _("The file has no order."), "file"),
)

UPLOAD_FAULTS = Table(
    key="retail-faults",
    scope="retail:read",
    title=_("What is wrong"),
    listing=listings.UPLOAD_FAULTS,
    rows=_faults,
    within="upload",
    roles=_SELLER,
    named="field",
    columns=(
        Column(label=_("Row"), value="row", kind="qty", sort="row"),
        Column(label=_("Column"), value="field", kind="number", sort="field"),
        Column(label=_("What is wrong"), value="message"),
    ),
    empty=Empty(_("Nothing is wrong"), _("The file can be taken."), "check"),
)

TABLES = (LOT_MOVEMENTS, RECEIPT_SHARES, UPLOAD_OUTCOMES, UPLOAD_FAULTS)
