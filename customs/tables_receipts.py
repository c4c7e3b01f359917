"""The lists of what the authority answered as their pages and files show them."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Role
from core.rulebook import refusals
from customs.models import Receipt, ReceiptFile, ReceiptMatch, ReceiptState
from customs.queries import listings_of_receipts as listings
from customs.queries import tax_bills
from customs.rules.ceb.kinds import KINDS as CEB
from customs.rules.ceb.zipped import is_zip
from customs.rules.receipts.words import Pair, status_words
from customs.rules.sas.documents import KINDS as SAS
from web.tables import Column, Empty, Table, Viewer

SENDERS = frozenset({Role.IMPORTER, Role.WAREHOUSE, Role.OPERATOR})


def said(pair: Pair) -> str:
    """The one of two sentences that the reader reads."""
    return pair[0 if (get_language() or "").startswith("zh") else 1]


def message_word(code: str) -> str:
    """``CEB622`` in words."""
    kind: Any = CEB.get(code) or SAS.get(code)
    return said((kind.name_zh, kind.name_en)) if kind else code


def status_word(one: Any) -> str:
    """Of a receipt, or of how far a document is."""
    return said(status_words(one.message, one.status))


def refusal_word(code: str) -> str:
    """The sentence of a rule by its code; the code where nobody knows it any more."""
    found = next((one for one in refusals() if one.code == code), None)
    return gettext(found.rule()) if found else code


def receipts_of() -> QuerySet[Receipt]:
    """Receipts in scope with the documents they are about."""
    matches = ReceiptMatch.objects.select_related("element__retail_list", "element__declaration")
    return Receipt.objects.prefetch_related(Prefetch("matches", matches.order_by("pk")))


def _with_words(rows: list[Any], viewer: Viewer) -> None:
    for row in rows:
        matches = list(row.matches.all())
        row.effect_word = matches[0].get_effect_display() if matches else ""


RECEIPTS = Table(
    key="customs-receipts",
    scope="receipts:read",
    title=_("Receipts of customs"),
    listing=listings.RECEIPTS,
    rows=lambda viewer: receipts_of(),
    roles=SENDERS,
    attach=_with_words,
    columns=(
        Column(label=_("Came in"), value="came_at", kind="moment", sort="came_at"),
        Column(
            label=_("Answer of customs"),
            value=lambda one: message_word(one.message),
            note="message",
            link=lambda one: reverse("receipt", args=[one.pk]),
        ),
        Column(label=_("Document"), value="number", kind="number"),
        Column(label=_("Status"), value=status_word, note="status"),
        Column(label=_("Customs' time"), value="returned_at", kind="moment", sort="returned_at"),
        Column(
            label=_("State"),
            value=lambda one: one.get_state_display(),
            template="customs/_cell_receipt_state.html",
        ),
        Column(label=_("Effect"), value="effect_word"),
    ),
    empty=Empty(
        _("No answer of customs yet"),
        _("What customs answers comes from the gateway's folder, over the API, or is uploaded."),
        "mail-opened",
    ),
)


def file_word(one: ReceiptFile) -> str:
    """Why a file was laid aside, or how much was taken from it."""
    if one.refusal:
        return refusal_word(one.refusal)
    return gettext("Receipts: %(n)s, known before: %(known)s") % {
        "n": one.receipts,
        "known": one.repeated,
    }


RECEIPT_FILES = Table(
    key="customs-receipt-files",
    scope="receipts:read",
    title=_("Files of customs"),
    listing=listings.RECEIPT_FILES,
    rows=lambda viewer: ReceiptFile.objects.defer("content").select_related("brought_by"),
    roles=SENDERS,
    named="name",
    columns=(
        Column(label=_("Came in"), value="came_at", kind="moment", sort="came_at"),
        Column(
            label=_("File"),
            value="name",
            link=lambda one: reverse("receipt_file", args=[one.pk]),
        ),
        Column(label=_("How it came"), value="way", kind="choice", note="brought_by.name"),
        Column(label=_("What was in it"), value=file_word, note=lambda one: where_in(one)),
        Column(label=_("Bytes"), value="size", kind="qty"),
        Column(label="SHA-256", value="sha256", kind="number", on_page=False),
    ),
    empty=Empty(_("No file yet"), _("Each file of customs stands here, once."), "files"),
)


def fetched_name(one: ReceiptFile, content: bytes) -> str:
    """Under which a file of customs is handed out: a ZIP stays one."""
    return f"{one.sha256[:16]}.{'zip' if is_zip(content) else 'xml'}"


def where_in(one: ReceiptFile) -> str:
    """In which line and field of the file the trouble is."""
    told = {"line": gettext("Line"), "field": gettext("Field")}
    return " · ".join(
        f"{word} {one.facts[name]}" for name, word in told.items() if one.facts.get(name)
    )


def _yuan(name: str) -> Any:
    """Yuan of up to five decimals, without zeros that say nothing, with the fen."""

    def told(bill: Any) -> str:
        value = getattr(bill, name)
        return f"{value:.2f}" if value == round(value, 2) else f"{value.normalize():f}"

    return told


def _link(bill: Any) -> str:
    return reverse("retail_list", args=[bill.retail_list.number]) if bill.retail_list else ""


TAX_BILLS = Table(
    key="tax-bills",
    scope="tax:ask",
    title=_("Tax bills of customs"),
    listing=listings.TAX_BILLS,
    rows=lambda viewer: tax_bills.bills_of(),
    roles=frozenset({Role.SELLER, Role.IMPORTER, Role.OPERATOR}),
    columns=(
        Column(label=_("Tax bill"), value="number", kind="number", note="list_number"),
        Column(
            label=_("List"),
            value="retail_list.number",
            kind="number",
            link=_link,
            # A list is its seller's: an importer knows it by customs' number alone.
            when=lambda viewer: viewer.role != Role.IMPORTER,
        ),
        Column(
            label=_("Seller"), value="seller.name", when=lambda viewer: viewer.role != Role.SELLER
        ),
        Column(label=_("Billed on"), value="made_at", kind="moment", sort="made_at"),
        Column(label=_("Status"), value="status", kind="choice"),
        # Three columns of a file are one of a page: beside the others they do not fit on a screen.
        Column(label=_("Taxes, yuan"), template="customs/_cell_bill_taxes.html", in_file=False),
        Column(label=_("Duty"), value=_yuan("duty"), kind="number", on_page=False),
        Column(
            label=_("Consumption tax"),
            value=_yuan("consumption_tax"),
            kind="number",
            on_page=False,
        ),
        Column(label=_("VAT"), value=_yuan("vat"), kind="number", on_page=False),
        Column(label=_("Total, yuan"), value=_yuan("total"), kind="number"),
        Column(
            label=_("Over ours, yuan"),
            value=_yuan("difference"),
            kind="number",
            template="customs/_cell_tax_difference.html",
        ),
        # What each answers for stands above the list.
        Column(label=_("Guarantor"), value="assure_code", kind="number", on_page=False),
    ),
    empty=Empty(
        _("No tax bill yet"),
        _("Customs sends one for each list that it taxed; it stands here beside ours."),
        "receipt-tax",
    ),
)

TABLES = (RECEIPTS, RECEIPT_FILES, TAX_BILLS)

#: A person decides of these.
OPEN = (ReceiptState.WAITING, ReceiptState.ASIDE)
