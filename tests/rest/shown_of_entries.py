"""What the page of an entry shows, and the field of the API that tells the same."""

from __future__ import annotations


class Not(str):
    """Why a program is not told."""


OF_ENTRIES = {
    "customs/templates/customs/declaration.html": (
        "get_declaration",
        {
            "declaration.currency": "=",
            "declaration.importer.name": "get_company:code",
            "declaration.incoterm": "=",
            "declaration.our_reference": "reference",
            "declaration.packages": "=",
            "declaration.rejection_reason": "=",
            "declaration.replaces": "=",
            "declaration.replaces.our_reference": "replaces",
            "declaration.shipment.bill_of_lading": "get_shipment:bill_of_lading",
            "declaration.shipment.number": "shipment",
            "declaration.shipment.order.number": "order",
            "declaration.shipment.order.supplier.company.name": "supplier",
            "declaration.shipment.vessel": "get_shipment:vessel",
            "declaration.shipment.voyage": "get_shipment:voyage",
            "declaration.state": "=",
            "declaration.supervision_mode": "=",
            "declaration.their_reference": "customs_number",
            "declaration.total_minor": "=",
            "declaration.warehouse.ledger_number": "account_book",
            "declaration.warehouse.name": "warehouse",
            "document.last_error": Not("what the machine said is for who keeps the house"),
            "document.number": "paper.number",
            "document.page_count": "paper.pages",
            "document.sha256": "paper.sha256",
            "document.state": "paper.state",
            "document.trouble": "paper.trouble",
            "one.error": "findings.message",
            "one.line": "findings.line",
            "replaced_by.our_reference": "replaced_by",
            "step.at": "steps.at",
            "step.note": "steps.note",
        },
    ),
    "customs/templates/customs/_counters.html": (
        "get_declaration",
        {
            **dict.fromkeys(
                ("one.answer", "one.answer.answered_at"), "counter_documents.answered_at"
            ),
            "one.answer.reason": "counter_documents.refusal",
            "one.changes": "counter_documents.changes",
            **{
                f"one.document.{one}": f"counter_documents.{one}"
                for one in ("asked_at", "number", "reason", "state")
            },
        },
    ),
}
