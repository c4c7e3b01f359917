"""What customs knows, for its own services and pages and for the apps above."""

from customs.queries.declarations import (
    declarable_shipments,
    declaration_of,
    declarations_of,
    document_of,
    documents_of,
    head_of,
    missing_for,
    packed_papers,
    products_of,
    shipped_lines,
    warehouses,
)
from customs.queries.printing import paper_of
from customs.queries.retail import (
    list_of,
    lists_of,
    rates_on,
    refusals_of,
    refusals_to_answer,
    retail_lines,
    tax_rule_on,
    tax_rules,
    tax_totals,
    used_in_year,
    waiting_orders,
)
from customs.queries.tariff import legal_units_on, tariff_rates

__all__ = [
    "declarable_shipments",
    "declaration_of",
    "declarations_of",
    "document_of",
    "documents_of",
    "head_of",
    "legal_units_on",
    "list_of",
    "lists_of",
    "missing_for",
    "packed_papers",
    "paper_of",
    "products_of",
    "rates_on",
    "refusals_of",
    "refusals_to_answer",
    "retail_lines",
    "shipped_lines",
    "tariff_rates",
    "tax_rule_on",
    "tax_rules",
    "tax_totals",
    "used_in_year",
    "waiting_orders",
    "warehouses",
]
