"""Words of GS1 EPCIS 2.0 and CBV 2.0 (ref.gs1.org/standards/epcis), and our own few."""

from __future__ import annotations

EVENT_TYPES = frozenset({"ObjectEvent", "AggregationEvent", "TransactionEvent"})
ACTIONS = frozenset({"ADD", "OBSERVE", "DELETE"})
EVIDENCE = frozenset({"declared", "documented", "authority"})

#: CBV 2.0 business steps.
BIZ_STEPS = frozenset(
    [
        "accepting",
        "arriving",
        "assembling",
        "collecting",
        "commissioning",
        "consigning",
        "creating_class_instance",
        "cycle_counting",
        "decommissioning",
        "departing",
        "destroying",
        "disassembling",
        "dispensing",
        "encoding",
        "entering_exiting",
        "holding",
        "inspecting",
        "installing",
        "killing",
        "loading",
        "other",
        "packing",
        "picking",
        "receiving",
        "removing",
        "repackaging",
        "repairing",
        "replacing",
        "reserving",
        "retail_selling",
        "sampling",
        "sensor_reporting",
        "shipping",
        "staging_outbound",
        "stock_taking",
        "stocking",
        "storing",
        "transporting",
        "unloading",
        "unpacking",
        "void_shipping",
    ]
)

#: CBV 2.0 dispositions.
DISPOSITIONS = frozenset(
    [
        "active",
        "available",
        "completeness_inferred",
        "completeness_verified",
        "conformant",
        "container_closed",
        "container_open",
        "damaged",
        "destroyed",
        "dispensed",
        "disposed",
        "encoded",
        "expired",
        "in_progress",
        "in_transit",
        "inactive",
        "mismatch_class",
        "mismatch_instance",
        "mismatch_quantity",
        "needs_replacement",
        "no_pedigree_match",
        "non_conformant",
        "non_sellable_other",
        "partially_dispensed",
        "recalled",
        "reserved",
        "retail_sold",
        "returned",
        "sellable_accessible",
        "sellable_not_accessible",
        "stolen",
        "unavailable",
        "unknown",
    ]
)

# Document types: the CBV's own words, and ours where the CBV has none (customs papers).
PURCHASE_ORDER = "po"
BILL_OF_LADING = "bol"
SHIP_NOTICE = "desadv"
RECEIPT = "recadv"
INVOICE = "inv"
CERTIFICATE = "cert"
CUSTOMS_DECLARATION = "cn-customs-declaration"
RECORD_LIST = "cn-entry-record-list"
RETAIL_LIST = "cn-retail-import-list"

CBV_DOCUMENTS = frozenset(
    [
        "bol",
        "cert",
        "desadv",
        "inv",
        "pedigree",
        "po",
        "poc",
        "prodorder",
        "recadv",
        "rma",
        "testprd",
        "testres",
        "upevt",
    ]
)
OWN_DOCUMENTS = frozenset({CUSTOMS_DECLARATION, RECORD_LIST, RETAIL_LIST})
