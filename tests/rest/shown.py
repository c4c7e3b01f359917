"""What the page of one thing shows, and the field of the API that tells the same."""

from __future__ import annotations

from tests.rest.shown_of_entries import OF_ENTRIES, Not
from warehouse.told import BuyerOut

#: Template, its operation, and for each field of the page the field that tells it. ``=`` stands
#: for the same name after the last dot.
PAGES: dict[str, tuple[str, dict[str, str]]] = {
    "platform/settlement/templates/settlement/batch.html": (
        "get_batch",
        {
            "batch.alone_minor": "=",
            "batch.cny_minor": "=",
            "batch.created_by.name": "created_by",
            "batch.created_by_id": "created_by",
            "batch.currency": "=",
            "batch.debtor.name": "debtor",
            "batch.fee_minor": "=",
            "batch.number": "=",
            "batch.period_end": "=",
            "batch.period_start": "=",
            "batch.priced_by.name": "priced_by",
            "batch.priced_by_id": "priced_by",
            "batch.rate": "=",
            "batch.rate.asked_for": "rate_asked_for",
            "batch.rate.fetched_at": "rate_fetched_at",
            "batch.rate.source": "rate_source",
            "batch.rate.value": "rate",
            "batch.rate.value_date": "rate_on",
            "batch.state": "=",
            "batch.supplier.company.name": "supplier",
            "batch.total_minor": "=",
            "figures.drift_minor": "price.drift_minor",
            "figures.invoices": "invoices",
            "figures.price.alone_fee_minor": "price.alone_fee_minor",
            "figures.price.alone_goods_minor": "price.alone_goods_minor",
            "figures.price.alone_minor": "alone_minor",
            "figures.price.fee_minor": "fee_minor",
            "figures.price.goods.cost_minor": "cny_minor",
            "figures.price.saved_fees_minor": Not("alone_fee_minor less fee_minor"),
            "figures.price.saved_minor": "price.saved_minor",
            "figures.price.saved_spread_minor": Not("alone_goods_minor less cny_minor"),
            "figures.rate_age_days": Not("rate_asked_for less rate_on"),
            "figures.risk": "risk",
            "figures.risk.at_risk_minor": "risk.at_risk_cny_minor",
            "figures.risk.days": "risk.days",
            "figures.risk.percent": "risk.percent",
            "figures.spread_percent": "price.spread_percent",
            "figures.total_minor": Not("cny_minor and fee_minor together"),
            "line.payable.amount_minor": "get_payable:amount_minor",
            "line.payable.due_on": "get_payable:due_on",
            "line.payable.invoice_number": "get_payable:invoice_number",
            "line.payable.invoiced_on": "get_payable:invoiced_on",
            "line.payable.number": "invoices",
            "line.payable.order_number": "get_payable:order_number",
            "line.payable.rate.value": "get_payable:rate",
            "one.charge.alone_minor": "charges.alone_minor",
            "one.charge.fee_minor": "charges.fee_minor",
            "one.charge.goods_minor": "charges.goods_minor",
            "one.saved": Not("alone_minor less goods_minor and fee_minor"),
            "one.seller.name": "charges.seller",
            "one.total": Not("goods_minor and fee_minor together"),
            "paid_to.account": "paid_to.account",
            "paid_to.bank_name": "paid_to.bank_name",
            "paid_to.bic": "paid_to.bic",
            "paid_to.number": "paid_to.number",
            "payment.end_to_end_id": "payment.end_to_end_id",
            "payment.file.message_id": "payment_file",
            "payment.uetr": "payment.uetr",
            "payment.value_date": "payment.value_date",
        },
    ),
    "platform/settlement/templates/settlement/_cell_payments.html": (
        "get_payment_file",
        {
            "payment.amount_minor": "payments.amount_minor",
            "payment.batch.number": "payments.batch",
            "payment.batch.supplier.company.name": "payments.supplier",
            "payment.currency": "payments.currency",
            "payment.end_to_end_id": "payments.end_to_end_id",
            "payment.value_date": "payments.value_date",
            "row.payments.all": "payments",
        },
    ),
    "platform/settlement/templates/settlement/bank_account.html": (
        "get_bank_account",
        {
            **{
                f"account.{name}": "="
                for name in (
                    *("account", "bank_name", "bic", "closed_at", "closed_by", "confirmed_at"),
                    *("confirmed_by", "currency", "entered_at", "number", "state"),
                )
            },
            "account.closed_by.name": "closed_by",
            "account.company.code": "company",
            "account.company.name": "company",
            "account.confirmed_by.name": "confirmed_by",
            "account.entered_by.name": "entered_by",
            "replaced.account": Not("the confirmed one of the same company and currency"),
            "replaced.number": Not("the confirmed one of the same company and currency"),
        },
    ),
    **OF_ENTRIES,
    "customs/templates/customs/retail_list.html": (
        "get_retail_list",
        {
            **{
                f"one.{name}": f"given_back.{name}"
                for name in (
                    *("consumption_tax_minor", "dutiable_minor", "duty_minor"),
                    *("given_at", "tax_minor", "vat_minor"),
                )
            },
            "one.back.number": "given_back.return_number",
            "billed.bill": "bill",
            "billed.lines": "bill.lines",
            **{f"bill.{one}": f"bill.{one}" for one in ("differs", "number", "total")},
            "bill.difference": "bill.difference",
            **{
                f"line.{name}": f"bill.lines.{name}"
                for name in ("consumption_tax", "dutiable", "duty", "vat")
            },
            "one.line": "missing.line",
            "one.what": "missing.what",
            "one.whose": "missing.told_by",
            "one.why": "missing.why",
            "one.number": "order_retail_papers:papers.number",
            "one.state": "order_retail_papers:papers.state",
            "one.version": "order_retail_papers:papers.version",
            **{
                f"line.{name}": f"lines.{name}"
                for name in (
                    *("consumption_tax_minor", "dutiable_minor", "duty_minor", "hs_code"),
                    *("position", "vat_minor"),
                )
            },
            "line.order_line.product.name": "lines.sku",
            "line.order_line.product.sku": "lines.sku",
            "line.order_line.quantity": "lines.quantity",
            "list.consumption_tax_minor": "=",
            "list.drawn_at": "=",
            "list.dutiable_minor": "=",
            "list.duty_minor": "=",
            "list.number": "=",
            "list.order.channel": "=",
            "list.order.channel_order_number": "order_number",
            **{f"list.order.{one}_minor": "=" for one in ("discount", "freight", "insurance")},
            "list.order.number": "order",
            "list.regime": "=",
            "list.release.reference": "receipt",
            "list.release.released_at": "released_at",
            "list.void.voided_at": "voided_at",
            "list.seller.name": "get_company:code",
            "list.tax_minor": "=",
            "list.tax_rule.source": "tax_rule",
            "list.vat_minor": "=",
        },
    ),
    "platform/catalog/templates/catalog/product.html": (
        "get_product",
        {
            **{
                f"product.{name}": "="
                for name in (
                    *("brand", "category", "declared_unit", "gross_weight_g", "gtin", "hs_code"),
                    *("keeps_serials", "name_en", "name_zh", "net_weight_g", "origin"),
                    "pack_quantity",
                    *("shelf_life_days", "sku", "specification", "volume_cm3"),
                )
            },
            "membership.role": "get_me:role",
            "product.name": "name_zh",
        },
    ),
    "warehouse/templates/warehouse/retail_order.html": (
        "get_retail_order",
        {
            **{f"buyer.{one}": f"buyer.{one}" for one in BuyerOut.model_fields},
            "event.happened_at": "parcels.events.happened_at",
            "event.note": "parcels.events.note",
            "event.place": "parcels.events.place",
            "line.product.name": "lines.sku",
            "line.product.sku": "lines.sku",
            "line.quantity": "lines.quantity",
            "line.unit_price_minor": "lines.unit_price_minor",
            **{
                f"order.{one}": "="
                for one in (
                    *("channel", "collected_tax_minor", "discount_minor", "freight_minor"),
                    *("insurance_minor", "number", "paid_minor", "refusal", "state"),
                )
            },
            "order.channel_order_number": "order_number",
            "order.refusal.facts": "refusal.facts",
            "order.refusal.rule": "refusal.detail",
            "one.carrier": "parcels.carrier",
            "one.events": "parcels.events",
            "one.parcel.number": "parcels.number",
            "one.parcel.weight_g": "parcels.weight_g",
            "one.tracking_number": "parcels.tracking_number",
            "pick.lot.expires_on": "picks.expires_on",
            "pick.lot.number": "picks.lot",
            "pick.lot.product.name": "picks.sku",
            "pick.lot.warehouse.name": "picks.warehouse",
            "pick.quantity": "picks.quantity",
        },
    ),
    "procurement/templates/procurement/order.html": (
        "get_order",
        {
            "change.document": "changes.document",
            "change.is_cancellation": "changes.document",
            "change.is_whole": "changes.kind",
            "change.made_at": "changes.made_at",
            "change.number": "changes.number",
            "change.sequence": "changes.sequence",
            "document.last_error": Not("what the machine said is for who keeps the house"),
            "document.number": "papers.number",
            "document.state": "papers.state",
            "document.trouble": "papers.trouble",
            "order.amount_minor": "=",
            "order.buyer.name": "buyer",
            "order.currency": "=",
            "order.incoterm": "=",
            "order.number": "=",
            "order.placed_at": "=",
            "order.promised_on": "=",
            "one.approved_at": Not("who approves an order is the platform's own business"),
            "one.approved_by.name": Not("who approves an order is the platform's own business"),
            "one.by.name": Not("people of the platform are named to its own people only"),
            "one.decision": "confirmations.is_accepted",
            "one.decision.decided_at": "confirmations.decided_at",
            "one.decision.is_accepted": "confirmations.is_accepted",
            "one.decision.reason": "confirmations.reason",
            "one.document": "events.document",
            "one.happened_at": "events.happened_at",
            "one.is_change": "confirmations.is_change",
            "one.lines.all": "confirmations.lines",
            "one.position": "confirmations.position",
            "one.reason": "events.reason",
            "one.reference": "confirmations.reference",
            "line.order_line.product.name": "confirmations.lines.sku",
            "line.order_line.product.sku": "confirmations.lines.sku",
            "line.pack_price_minor": "confirmations.lines.pack_price_minor",
            "line.packs": "confirmations.lines.packs",
            "line.promised_on": "confirmations.lines.promised_on",
            "order.round.code": "round",
            "order.state": "=",
            "order.supplier.company.name": "supplier",
            "order.supplier.departure_port": "=",
            "shipment.number": "shipments",
            "shipment.state": "get_shipment:state",
            "shipment.vessel": "get_shipment:vessel",
            "shipment.voyage": "get_shipment:voyage",
        },
    ),
    "procurement/templates/procurement/shipment.html": (
        "get_shipment",
        {
            "line.batch": "lines.batch",
            "line.expires_on": "lines.expires_on",
            "line.order_line.product.name": "lines.sku",
            "line.order_line.product.sku": "lines.sku",
            "line.order_line.product_id": "lines.sku",
            "line.produced_on": "lines.produced_on",
            "line.quantity": "lines.quantity",
            "order.number": "order_number",
            "order.supplier.company.name": "supplier",
            **{
                f"shipment.{name}": "="
                for name in (
                    *("bill_of_lading", "departed_at", "expected_on", "freight_currency"),
                    *("freight_minor", "gross_weight_g", "insurance_minor", "invoice_number"),
                    *("net_weight_g", "number", "packages", "state", "vessel", "voyage"),
                )
            },
        },
    ),
    "platform/notices/templates/notices/webhook.html": (
        "get_webhook",
        {
            "endpoint.created_at": "=",
            "endpoint.created_by": "=",
            "endpoint.created_by.name": "created_by",
            "endpoint.description": "=",
            "endpoint.disabled_at": "=",
            "endpoint.failing_since": "=",
            "endpoint.has_ended": "disabled_because",
            "endpoint.is_enabled": "enabled",
            "endpoint.previous_until": "two_secrets_until",
            "endpoint.uid": "=",
            "endpoint.url": "=",
        },
    ),
    "platform/notices/templates/notices/webhook_delivery.html": (
        "get_message",
        {
            "delivery.answer": "=",
            "delivery.attempts": "=",
            "delivery.called_at": "=",
            "delivery.created_at": "=",
            "delivery.due_at": "=",
            "delivery.endpoint.description": "endpoint",
            "delivery.endpoint.uid": "endpoint",
            "delivery.error": "=",
            "delivery.state": "=",
            "delivery.status_code": "=",
            "delivery.took_ms": "=",
            "delivery.uid": "id",
        },
    ),
    "platform/accounts/templates/accounts/_company_facts.html": (
        "get_company",
        {
            f"company.{name}": "="
            for name in (
                *("code", "contact_email", "contact_name", "contact_phone", "country"),
                *("customs_code", "lei", "name_en", "name_zh", "postcode", "street", "town"),
                *("uscc", "vat_number"),
            )
        },
    ),
    "procurement/templates/procurement/share.html": (
        "get_share",
        {
            "round.code": "get_round:code",
            "round.state": "get_round:state",
            **{
                f"share.{name}": f"lines.{name}"
                for name in (
                    *("alone_minor", "amount_minor", "currency", "order_number", "order_state"),
                    *("quantity", "saved_minor"),
                )
            },
            "share.stands": "lines.stands",
            "share.wished": "lines.wished",
            "share.product.name": "lines.sku",
            "share.product.pk": "lines.sku",
            "share.product.sku": "lines.sku",
            "share.unit_cost": Not("amount_minor by quantity"),
            **{
                f"total.{name}": f"totals.{name}"
                for name in (
                    *("alone_minor", "amount_minor", "currency", "saved_minor", "saved_percent"),
                )
            },
        },
    ),
}
