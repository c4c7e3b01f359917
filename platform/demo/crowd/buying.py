"""Companies, products, forecasts, orders and shipments."""

from __future__ import annotations

from accounts.models import Role
from accounts.second_factor import NEEDS_SECOND_FACTOR
from demo.crowd.rows import CURRENCIES, PEOPLE, ROUNDS, Rows


class Buying(Rows):
    """Companies, products, forecasts, orders and shipments."""

    def companies(self) -> None:
        s = self.size
        kinds = (
            ("PLATFORM", "platform", 1, 0),
            ("KEEPER", "warehouse", 2, 10),
            ("IMPORTER", "importer", 3, 20),
            ("SUPPLIER", "supplier", s.suppliers, 100),
            ("SELLER", "seller", s.sellers, 1000),
        )
        for code, kind, count, first in kinds:
            self._insert(
                "accounts.Company",
                f"generate_series(1, {count}) n",
                id=f"{first} + n",
                code=f"'{code}-' || lpad(n::text, 5, '0')",
                kinds=f"ARRAY['{kind}']",
                name_zh="'公司' || n",
                name_en=f"initcap('{code}') || ' Trading ' || n",
                country="'CHN'" if kind != "supplier" else "'DEU'",
            )

    def people(self) -> None:
        at = {
            Role.SELLER: 1001,
            Role.IMPORTER: 21,
            Role.WAREHOUSE: 11,
            Role.FINANCE: 1,
            Role.OPERATOR: 1,
        }
        for number, (role, company) in enumerate(at.items(), start=1):
            self._insert(
                "accounts.User",
                "(SELECT 1) one",
                id=str(number),
                email=f"'{PEOPLE[role]}'",
                name=f"'{role.value.title()}'",
                password="'!'",  # noqa: S106 - nobody signs in with that
            )
            self._insert(
                "accounts.Membership",
                "(SELECT 1) one",
                id=str(number),
                user_id=str(number),
                company_id=str(company),
                role=f"'{role.value}'",
                # Who manages the people of the company sees pages that others do not.
                is_admin="true",
            )
            if role in NEEDS_SECOND_FACTOR:
                # Without one nothing but the page that asks for it would be measured.
                self._insert(
                    "mfa.Authenticator",
                    "(SELECT 1) one",
                    user_id=str(number),
                    type="'totp'",
                    data="'{}'::jsonb",
                    created_at="now()",
                )

    def products(self) -> None:
        self._insert(
            "catalog.TradingPartner",
            f"generate_series(1, {self.size.suppliers}) n",
            id="n",
            company_id="100 + n",
            currency=f"{CURRENCIES}[1 + n % 4]",
        )
        self._insert(
            "catalog.Product",
            f"generate_series(1, {self.size.products}) n",
            id="n",
            sku="'SKU-' || lpad(n::text, 5, '0')",
            gtin=_gtin("n"),
            name_zh="(ARRAY['婴儿奶粉', '面霜', '维生素', '咖啡豆'])[1 + n % 4] || ' ' || n",
            name_en="(ARRAY['Infant milk', 'Cream', 'Vitamins', 'Coffee'])[1 + n % 4] || ' ' || n",
            brand="'Brand ' || n % 300",
            category="'category ' || n % 24",
            hs_code="'3304990099'",
            origin="'DEU'",
            net_weight_g="500",
            gross_weight_g="600",
            shelf_life_days="900",
        )
        self._insert(
            "customs.TariffRate",
            "generate_series(0, 99) n",
            hs_code="(3304990000 + n)::text",
            valid_from="date '2020-01-01'",
            duty_rate="0.01",
            vat_rate="0.13",
            source="'made up'",
        )
        self._insert(
            "customs.PositiveEntry",
            "(SELECT 1) one",
            code="'33049900'",
            valid_from="date '2020-01-01'",
            source="'made up'",
        )

    def offers(self) -> None:
        self._insert(
            "procurement.SupplierOffer",
            f"generate_series(1, {self.size.products}) n",
            id="n",
            product_id="n",
            supplier_id=f"1 + n % {self.size.suppliers}",
            currency=f"{CURRENCIES}[1 + (1 + n % {self.size.suppliers}) % 4]",
            pack_quantity="6",
            minimum_quantity="600",
            valid_from="date '2020-01-01'",
        )
        self._insert(
            "procurement.PriceBreak",
            f"generate_series(1, {self.size.products}) n, generate_series(0, 2) b",
            offer_id="n",
            from_packs="1 + b * 20",
            pack_price_minor="5000 - b * 200 + n % 97",
        )

    def rounds(self) -> None:
        last = len(ROUNDS)
        for number, quarter in enumerate(ROUNDS, start=1):
            year, part = int(quarter[:4]), int(quarter[-1])
            start = f"make_timestamptz({year}, {part * 3 - 2}, 1, 0, 0, 0, 'UTC')"
            is_open = number == last
            self._insert(
                "procurement.PoolRound",
                "(SELECT 1) one",
                id=str(number),
                code=f"'{quarter}'",
                quarter=f"'{quarter}'",
                opens_at=f"{start} - interval '60 days'",
                cutoff_at="now() + interval '20 days'"
                if is_open
                else f"{start} - interval '9 days'",
                state="'open'" if is_open else "'closed'",
                closed_at="NULL" if is_open else f"{start} - interval '8 days'",
            )

    def forecasts(self) -> None:
        s = self.size
        self._insert(
            "procurement.Forecast",
            f"generate_series(0, {s.sellers * s.rounds - 1}) n",
            id="1 + n",
            round_id=f"1 + n / {s.sellers}",
            seller_id=f"1001 + n % {s.sellers}",
            version="1",
            filed_at=f"timestamptz '2023-09-01 UTC' + n / {s.sellers} * interval '91 days'",
        )
        each = max(1, s.forecast_lines // (s.sellers * s.rounds) + 1)
        self._insert(
            "procurement.ForecastLine",
            f"generate_series(0, {s.forecast_lines - 1}) n",
            forecast_id=f"1 + n / {each}",
            seller_id=f"1001 + n / {each} % {s.sellers}",
            product_id=f"1 + (n / {each} * 37 + n % {each}) % {s.products}",
            quantity="1 + n % 89",
        )

    def orders(self) -> None:
        """One order a closed round and supplier; each product of a supplier is a line."""
        s = self.size
        closed = s.rounds - 1
        self._insert(
            "procurement.PurchaseOrder",
            f"generate_series(0, {closed * s.suppliers - 1}) n",
            id="1 + n",
            number="'PO-2026-' || lpad((1 + n)::text, 6, '0')",
            round_id=f"1 + n / {s.suppliers}",
            supplier_id=f"1 + n % {s.suppliers}",
            buyer_id="21 + n % 3",
            currency=f"{CURRENCIES}[1 + (1 + n % {s.suppliers}) % 4]",
            incoterm="'FOB'",
            state="'received'",
            amount_minor="500000",
            created_at=f"timestamptz '2023-10-01 UTC' + n / {s.suppliers} * interval '91 days'",
            placed_at=f"timestamptz '2023-10-02 UTC' + n / {s.suppliers} * interval '91 days'",
        )
        placed = f"n / {s.products} * {s.suppliers} + n % {s.products} % {s.suppliers}"
        self._insert(
            "procurement.PurchaseOrderLine",
            f"generate_series(0, {closed * s.products - 1}) n",
            id="1 + n",
            order_id=f"1 + {placed}",
            buyer_id=f"21 + ({placed}) % 3",
            position=f"1 + n % {s.products} / {s.suppliers}",
            product_id=f"1 + n % {s.products}",
            wanted="590",
            packs="100",
            pack_quantity="6",
            quantity="600",
            pack_price_minor="4800",
            base_pack_price_minor="5000",
            amount_minor="480000",
        )

    def shares(self) -> None:
        s = self.size
        owners = min(8, s.sellers)
        self._insert(
            "procurement.OrderShare",
            f"generate_series(1, {(s.rounds - 1) * s.products}) line, "
            f"generate_series(0, {owners - 1}) n",
            line_id="line",
            order_id=f"1 + (line - 1) / {s.products} * {s.suppliers} "
            f"+ (line - 1) % {s.products} % {s.suppliers}",
            owner_id=self._owner("line", "n"),
            quantity="600 / " + str(owners),
            amount_minor="480000 / " + str(owners),
            alone_minor="520000 / " + str(owners),
        )

    def results(self) -> None:
        """What is written down of a round as it closes."""
        self._insert(
            "procurement.RoundStanding",
            "(SELECT f.round_id, count(DISTINCT f.id) AS sellers, count(*) AS lines, "
            "sum(l.quantity) AS units, max(f.filed_at) AS last FROM procurement_forecast f "
            "JOIN procurement_forecastline l ON l.forecast_id = f.id "
            "JOIN procurement_poolround r ON r.id = f.round_id AND r.state = 'closed' "
            "GROUP BY f.round_id) told",
            round_id="round_id",
            sellers="sellers",
            lines="lines",
            units="units",
            last_filed_at="last",
        )
        self._insert(
            "procurement.RoundResult",
            "(SELECT o.round_id, o.currency, count(DISTINCT o.id) AS orders, "
            "count(DISTINCT o.id) * 500000 AS amount, sum(h.amount_minor) AS sellers, "
            "sum(h.alone_minor) AS alone FROM procurement_purchaseorder o "
            "JOIN procurement_purchaseorderline l ON l.order_id = o.id "
            "JOIN procurement_ordershare h ON h.line_id = l.id "
            "GROUP BY o.round_id, o.currency) told",
            round_id="round_id",
            currency="currency",
            orders="orders",
            amount_minor="amount",
            sellers_minor="sellers",
            alone_minor="alone",
        )

    def shipments(self) -> None:
        s = self.size
        orders = (s.rounds - 1) * s.suppliers
        self._insert(
            "procurement.Shipment",
            f"generate_series(0, {s.shipments - 1}) n",
            id="1 + n",
            number="'ASN-2026-' || lpad((1 + n)::text, 6, '0')",
            order_id=f"1 + n % {orders}",
            state="(ARRAY['received', 'received', 'received', 'received', 'received', 'received', "
            "'received', 'cleared', 'shipped'])[1 + n % 400 / 48]",
            vessel="'EVER ' || n % 50",
            voyage="'1E'",
            bill_of_lading="'BL' || n",
            departed_at="timestamptz '2023-11-01 UTC' + n * interval '75 minutes'",
            expected_on="date '2023-12-01' + (n / 20)::int",
            packages="40",
            gross_weight_g="600000",
            net_weight_g="500000",
            freight_minor="45000",
            bound_for_id="11 + (1 + n) % 2",
        )
        lines = s.products // s.suppliers
        self._insert(
            "procurement.ShipmentLine",
            f"generate_series(0, {s.lots - 1}) n, LATERAL (SELECT n / 5 AS shipped) x, "
            f"LATERAL (SELECT shipped % {orders} AS placed) y",
            id="1 + n",
            shipment_id="1 + shipped",
            order_line_id=f"1 + placed / {s.suppliers} * {s.products} + placed % {s.suppliers} "
            f"+ (n % 5 + shipped / {orders} * 5) % {lines} * {s.suppliers}",
            quantity="100",
            amount_minor="80000",
        )


def _gtin(number: str) -> str:
    """A GTIN-14 with a right check digit, from a number below a billion."""
    digit = "substr(body, at, 1)::int * CASE WHEN at % 2 = 0 THEN 3 ELSE 1 END"
    return (
        f"(SELECT '0' || body || (10 - (SELECT sum({digit}) FROM generate_series(1, 12) at) % 10) "  # noqa: S608 - our own text
        f"% 10 FROM (SELECT '400' || lpad(({number})::text, 9, '0') AS body) made)"
    )
