"""The side bar: which pages each role is shown, in the order the goods travel."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import Value
from django.http import HttpRequest
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from accounts.models import CompanyStatus, Membership, Role
from jobs.queries import open_jobs
from notices.queries import waiting


@dataclass(frozen=True, slots=True)
class NavItem:
    """One line of the side bar; ``icon`` is a Tabler icon name."""

    label: str | Promise
    url_name: str
    icon: str
    roles: frozenset[str]
    #: For who may manage the company's people and keys.
    admins_only: bool = False
    #: And for any operator, who may manage the people of all companies.
    operators_too: bool = False


def _for(*roles: Role) -> frozenset[str]:
    return frozenset(roles or Role)


#: What stands open before a company is admitted, and is shown then and only then.
APPLICANTS_ITEMS: tuple[NavItem, ...] = (
    NavItem(_("Home"), "home", "home", _for()),
    NavItem(_("My application"), "admission", "clipboard-text", _for()),
    NavItem(_("My company"), "company", "building", _for()),
    NavItem(_("People"), "people", "users", _for(), admins_only=True),
    NavItem(_("API tokens"), "tokens", "key", _for(), admins_only=True),
)

ITEMS: tuple[NavItem, ...] = (
    NavItem(_("Home"), "home", "home", _for()),
    # Procurement
    NavItem(_("My forecasts"), "my_rounds", "chart-line", _for(Role.SELLER)),
    NavItem(_("My forecast credit"), "my_credit", "gauge", _for(Role.SELLER)),
    NavItem(_("Forecast credit"), "forecast_scores", "gauge", _for(Role.OPERATOR)),
    NavItem(_("Deposits"), "deposits", "cash", _for(Role.SELLER, Role.FINANCE, Role.OPERATOR)),
    NavItem(_("My balance"), "owed", "receipt", _for(Role.SELLER)),
    NavItem(
        _("Sellers' accounts"), "seller_accounts", "receipt", _for(Role.FINANCE, Role.OPERATOR)
    ),
    NavItem(_("Rounds"), "rounds", "calendar-event", _for(Role.OPERATOR)),
    NavItem(
        _("Orders"), "orders", "file-invoice", _for(Role.OPERATOR, Role.FINANCE, Role.IMPORTER)
    ),
    NavItem(_("Offers"), "offers", "tags", _for(Role.OPERATOR)),
    NavItem(_("Products"), "products", "package", _for()),
    # Customs
    NavItem(
        _("Declarations"), "declarations", "file-certificate", _for(Role.IMPORTER, Role.OPERATOR)
    ),
    NavItem(
        _("Before declaring"), "customs_to_do", "list-check", _for(Role.IMPORTER, Role.OPERATOR)
    ),
    NavItem(
        _("Book filings"),
        "book_filings",
        "book-upload",
        _for(Role.IMPORTER, Role.WAREHOUSE, Role.OPERATOR),
    ),
    NavItem(
        _("Deadlines of customs"),
        "customs_deadlines",
        "calendar-due",
        _for(Role.IMPORTER, Role.OPERATOR),
    ),
    NavItem(
        _("Declared by month"),
        "collectives",
        "calendar-month",
        _for(Role.IMPORTER, Role.OPERATOR),
    ),
    NavItem(_("Guarantees for tax"), "guarantees", "shield-check", _for(Role.IMPORTER)),
    NavItem(_("Customs' post"), "messages_out", "mail-forward", _for(Role.IMPORTER, Role.OPERATOR)),
    NavItem(
        _("Export lists"), "export_lists", "truck-delivery", _for(Role.IMPORTER, Role.OPERATOR)
    ),
    NavItem(_("Sellers I declare for"), "customs_clients", "users-group", _for(Role.IMPORTER)),
    NavItem(
        _("Who declares my parcels"),
        "retail_parties",
        "building-arch",
        _for(Role.SELLER),
        admins_only=True,
    ),
    NavItem(_("Houses at customs"), "houses_at_customs", "building-arch", _for(Role.WAREHOUSE)),
    NavItem(_("Share sheets"), "share_sheets", "chart-pie", _for(Role.SELLER)),
    NavItem(_("Retail lists"), "retail_lists", "receipt-tax", _for(Role.SELLER, Role.OPERATOR)),
    NavItem(
        _("Receipts of customs"),
        "receipts",
        "mail-opened",
        _for(Role.IMPORTER, Role.WAREHOUSE, Role.OPERATOR),
    ),
    NavItem(
        _("Tax bills"),
        "tax_differences",
        "receipt-tax",
        _for(Role.SELLER, Role.IMPORTER, Role.OPERATOR),
    ),
    NavItem(_("Account books"), "account_books", "book-2", _for(Role.WAREHOUSE, Role.OPERATOR)),
    NavItem(
        _("Tax estimate"),
        "tax_estimate",
        "calculator",
        _for(Role.SELLER, Role.IMPORTER, Role.OPERATOR),
    ),
    NavItem(_("Tariff"), "tariff", "percentage", _for(Role.OPERATOR, Role.IMPORTER)),
    NavItem(_("Positive list"), "positive_list", "list-check", _for(Role.OPERATOR, Role.IMPORTER)),
    NavItem(_("Customs rates"), "exchange_rates", "currency", _for(Role.OPERATOR, Role.IMPORTER)),
    NavItem(_("Customs codes"), "customs_codes", "abc", _for(Role.OPERATOR, Role.IMPORTER)),
    NavItem(_("Reference data"), "reference_proposals", "database-import", _for(Role.OPERATOR)),
    # Warehouse
    NavItem(_("Receiving"), "warehouse_shipments", "truck-delivery", _for(Role.WAREHOUSE)),
    NavItem(
        _("Receipts"), "warehouse_receipts", "clipboard-check", _for(Role.WAREHOUSE, Role.OPERATOR)
    ),
    NavItem(_("Lots"), "warehouse_lots", "packages", _for(Role.WAREHOUSE, Role.OPERATOR)),
    NavItem(
        _("Stock"), "warehouse_stock", "building-warehouse", _for(Role.WAREHOUSE, Role.OPERATOR)
    ),
    NavItem(_("Claims"), "claims", "file-invoice", _for(Role.IMPORTER, Role.OPERATOR)),
    NavItem(_("Put away"), "warehouse_put_away", "package-import", _for(Role.WAREHOUSE)),
    NavItem(_("Places"), "warehouse_places", "layout-grid", _for(Role.WAREHOUSE, Role.OPERATOR)),
    NavItem(_("Pallets"), "warehouse_pallets", "stack-2", _for(Role.WAREHOUSE, Role.OPERATOR)),
    NavItem(_("Waves"), "warehouse_waves", "basket", _for(Role.WAREHOUSE)),
    NavItem(_("Packing"), "warehouse_packing", "package", _for(Role.WAREHOUSE)),
    NavItem(_("Returns"), "warehouse_returns", "arrow-back", _for(Role.WAREHOUSE)),
    NavItem(_("Orders on hold"), "warehouse_holds", "player-pause", _for(Role.WAREHOUSE)),
    NavItem(_("Counts"), "stock_counts", "clipboard-list", _for(Role.WAREHOUSE, Role.OPERATOR)),
    NavItem(_("Hand-overs"), "warehouse_hand_overs", "truck", _for(Role.WAREHOUSE)),
    NavItem(_("My stock"), "my_stock", "building-warehouse", _for(Role.SELLER)),
    NavItem(_("Offers between sellers"), "transfers", "arrows-exchange", _for(Role.SELLER)),
    NavItem(
        _("Offers between sellers"),
        "warehouse_transfers",
        "arrows-exchange",
        _for(Role.WAREHOUSE, Role.OPERATOR),
    ),
    NavItem(_("Storage tariffs"), "storage_tariffs", "tags", _for(Role.WAREHOUSE, Role.OPERATOR)),
    NavItem(
        _("Storage charges"),
        "storage_charges",
        "receipt",
        _for(Role.SELLER, Role.WAREHOUSE, Role.OPERATOR, Role.FINANCE),
    ),
    NavItem(_("Retail orders"), "retail_orders", "shopping-bag", _for(Role.SELLER)),
    NavItem(_("Channels"), "channels", "plug", _for(Role.SELLER), admins_only=True),
    # Settlement
    NavItem(_("Settlement"), "settlement", "scale", _for(Role.FINANCE)),
    NavItem(_("Payables"), "payables", "file-invoice", _for(Role.FINANCE)),
    NavItem(_("Batches"), "batches", "stack-2", _for(Role.FINANCE)),
    NavItem(_("Payment files"), "payment_files", "file-export", _for(Role.FINANCE)),
    NavItem(_("Bank accounts"), "bank_accounts", "building-bank", _for(Role.FINANCE)),
    NavItem(_("My charges"), "my_charges", "receipt", _for(Role.SELLER)),
    # Traceability
    NavItem(_("Trace"), "trace", "route", _for(Role.OPERATOR, Role.WAREHOUSE)),
    NavItem(_("Labels"), "label_sheets", "qrcode", _for(Role.OPERATOR, Role.WAREHOUSE)),
    # One's own people and systems
    NavItem(_("People"), "people", "users", _for(), admins_only=True, operators_too=True),
    NavItem(
        _("Webhooks"),
        "webhooks",
        "webhook",
        _for(Role.SELLER, Role.IMPORTER),
        admins_only=True,
    ),
    NavItem(
        _("API tokens"),
        "tokens",
        "key",
        _for(Role.SELLER, Role.IMPORTER, Role.FINANCE),
        admins_only=True,
    ),
    # Platform
    NavItem(_("Who did what"), "audit", "history", _for(Role.OPERATOR)),
    NavItem(_("Erase a buyer"), "buyer_erase", "eraser", _for(Role.OPERATOR)),
    NavItem(_("Failed jobs"), "jobs_failed", "alert-triangle", _for(Role.OPERATOR)),
    # Companies
    NavItem(_("Admissions"), "admissions", "clipboard-text", _for(Role.OPERATOR)),
    NavItem(_("Companies"), "companies", "buildings", _for(Role.OPERATOR)),
    NavItem(
        _("My company"), "company", "building", _for(Role.SELLER, Role.IMPORTER, Role.WAREHOUSE)
    ),
)


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Template context: the side bar and the membership in use."""
    membership = getattr(request, "membership", None)
    if membership is None:
        return {"nav_items": (), "membership": None, "memberships": ()}
    is_applicant = membership.company.status == CompanyStatus.APPLICANT
    items = APPLICANTS_ITEMS if is_applicant else ITEMS
    mine: list[Membership] = request.memberships  # type: ignore[attr-defined]
    counts = SimpleLazyObject(lambda: _counts(membership))
    return {
        "nav_items": [item for item in items if _is_shown(item, membership)],
        "membership": membership,
        "memberships": mine,
        # Asked for by pages that show the bell, and once.
        "unread_notices": SimpleLazyObject(lambda: counts["notices"]),
        "open_jobs": SimpleLazyObject(lambda: counts["jobs"]),
    }


def _counts(membership: Membership) -> Counter[str]:
    """What waits for the person in every page's head, in one statement: rows of two tables."""
    jobs = open_jobs(
        user_id=membership.user_id, company_id=membership.company_id, role=membership.role
    )
    notices = waiting(membership).values_list(Value("notices"))
    return Counter(
        kind for (kind,) in notices.union(jobs.values_list(Value("jobs")).order_by(), all=True)
    )


def _is_shown(item: NavItem, membership: Membership) -> bool:
    may_manage = membership.is_admin or (item.operators_too and membership.role == Role.OPERATOR)
    return membership.role in item.roles and (may_manage or not item.admins_only)
