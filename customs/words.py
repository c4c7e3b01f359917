"""Words of customs that several pages use."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

#: Names of what can be missing, for people.
FIELDS = {
    "importer_customs_code": gettext_lazy("importer's customs registration number (10 places)"),
    "importer_uscc": gettext_lazy("importer's unified social credit code (18 places)"),
    "ledger_number": gettext_lazy("number of the bonded account book"),
    "customs_district": gettext_lazy("customs district of the warehouse (4 digits)"),
    "entry_port": gettext_lazy("port of entry (6 digits)"),
    "bill_of_lading": gettext_lazy("bill of lading"),
    "vessel": gettext_lazy("vessel"),
    "packages": gettext_lazy("number of packages"),
    "freight": gettext_lazy("freight (the terms do not include it)"),
    "insurance": gettext_lazy("insurance (the terms do not include it)"),
    "hs_code": gettext_lazy("HS code (10 digits)"),
    "name_zh": gettext_lazy("Chinese name"),
    "origin": gettext_lazy("country of origin"),
    "declared_unit": gettext_lazy("declared unit"),
    "net_weight": gettext_lazy("net weight"),
    "gross_weight": gettext_lazy("gross weight"),
    "tariff_rate": gettext_lazy("a rate in the tariff for its HS code"),
    "legal_unit": gettext_lazy("a legal unit that can be worked out from weight or pieces"),
    "second_unit": gettext_lazy(
        "a second legal unit that can be worked out from weight, contents or pieces"
    ),
    "elements": gettext_lazy("declaration elements of its HS code"),
    "permits": gettext_lazy("number of a permit that the tariff asks for"),
    "positive_list": gettext_lazy("an entry in the positive list"),
    "remark": gettext_lazy("a person's word on the remark of the positive list"),
    "filing": gettext_lazy("filing with the account book"),
    "operator_customs_code": gettext_lazy("customs registration number of the warehouse's company"),
    "office_of_port": gettext_lazy("customs office of the port (told by the warehouse)"),
    "special_relation": gettext_lazy("an answer: are buyer and seller related?"),
    "price_influence": gettext_lazy("an answer: did the relation influence the price?"),
    "royalties": gettext_lazy("an answer: are royalties paid?"),
    "departure_port": gettext_lazy("port of departure (6 places, customs' table)"),
    "package_kind": gettext_lazy("kind of packing (2 digits, customs' table)"),
    "traffic_mode": gettext_lazy("transport out of the zone (told by the warehouse)"),
    "country_code": gettext_lazy("customs' old code of the country (code tables)"),
    "currency_code": gettext_lazy("customs' old code of the currency (code tables)"),
}

#: Ways in which goods may be declared, for people.
ROUTES = {
    "ordinary": gettext_lazy("ordinary declaration"),
    "in_advance": gettext_lazy("declare in advance"),
    "two_step": gettext_lazy("two-step declaration"),
    "first_in": gettext_lazy("first in, then declare"),
    "collective": gettext_lazy("collective declaration"),
    "summary_tax": gettext_lazy("summary tax"),
}

#: Steps of a shipment's way into bond, for people.
STEPS = {
    "draft": gettext_lazy("draft the declaration and order its paper"),
    "papers": gettext_lazy("make invoice and packing list"),
    "lodge": gettext_lazy("lodge it with customs"),
    "enter": gettext_lazy("let the goods in on a pass"),
    "receive": gettext_lazy("the warehouse counts the goods in"),
    "complete": gettext_lazy("complete the second step"),
    "release": gettext_lazy("record customs' release"),
    "collect": gettext_lazy("declare the month's lists together"),
}
