"""Receipts, lots, declarations, consumers' orders and movements."""

from __future__ import annotations

from django.apps import apps
from django.db import transaction

from demo.crowd.rows import Rows


class Bond(Rows):
    """Receipts, lots, declarations, consumers' orders and movements."""

    def receipts(self) -> None:
        s = self.size
        self._insert(
            "warehouse.BondedWarehouse",
            "generate_series(1, 2) n",
            id="n",
            operator_id="10 + n",
            code="'BW-' || n",
            name_zh="'宁波保税仓' || n",
            name_en="'Ningbo bonded ' || n",
            customs_district="'3105'",
            entry_port="'310501'",
            ledger_number="'T3105W00000' || n",
        )
        self._insert(
            "warehouse.Location",
            "generate_series(1, 2) n",
            id="n",
            warehouse_id="n",
            code="'GATE'",
            zone="'gate'",
        )
        self._insert(
            "warehouse.Receipt",
            f"generate_series(1, {s.shipments}) n",
            id="n",
            number="'GR-2026-' || lpad(n::text, 6, '0')",
            warehouse_id="1 + n % 2",
            shipment_id="n",
            received_at="timestamptz '2023-12-01 UTC' + n * interval '75 minutes'",
            received_by_id="3",
        )
        self._insert(
            "warehouse.ReceiptLine",
            f"generate_series(1, {s.lots}) n",
            id="n",
            receipt_id="1 + (n - 1) / 5",
            shipment_line_id="n",
            keeper_id="11 + (1 + (n - 1) / 5) % 2",
            announced="100",
            counted="98",
        )
        self._insert(
            "warehouse.ReceiptShare",
            f"generate_series(1, {s.lots}) n, generate_series(0, 2) i",
            receipt_line_id="n",
            owner_id=self._owner("n", "i"),
            # The database copies these from the line.
            receipt_id="NULL",
            product_id="NULL",
            entitled="33",
            received="32",
        )

    def lots(self) -> None:
        s = self.size
        self._insert(
            "warehouse.Lot",
            "warehouse_receiptline r JOIN procurement_shipmentline l ON l.id = r.shipment_line_id "
            "JOIN procurement_purchaseorderline o ON o.id = l.order_line_id",
            id="r.id",
            number="'L' || lpad(r.id::text, 8, '0')",
            warehouse_id="1 + (1 + (r.id - 1) / 5) % 2",
            product_id="o.product_id",
            order_line_id="o.id",
            receipt_line_id="r.id",
            batch="'B' || r.id",
            produced_on="date '2023-08-01' + (r.id / 100)::int",
            expires_on="date '2026-12-01' + (r.id % 900)::int",
            received_at="timestamptz '2023-12-01 UTC' + r.id * interval '15 minutes'",
        )
        self._insert(
            "warehouse.Holding",
            f"generate_series(1, {s.lots}) n, generate_series(0, 2) i",
            lot_id="n",
            owner_id=self._owner("n", "i"),
            keeper_id="11 + (1 + (n - 1) / 5) % 2",
            location_id="1 + (1 + (n - 1) / 5) % 2",
            status="'available'",
            product_id="NULL",
            # Most of three years' goods are sold.
            on_hand="CASE WHEN n % 5 = 0 THEN 1 + n % 30 ELSE 0 END",
        )

    def declarations(self) -> None:
        s = self.size
        at = "timestamptz '2023-11-20 UTC' + n * interval '75 minutes'"
        states = "(ARRAY['released','released','released','lodged','ready','draft','queued'])"
        state = f"{states}[CASE WHEN n % 40 < 34 THEN 1 ELSE n % 40 - 32 END]"
        self._insert(
            "customs.Declaration",
            f"generate_series(1, {s.shipments}) n",
            id="n",
            our_reference="'CD-2026-' || lpad(n::text, 6, '0')",
            shipment_id="n",
            importer_id=f"21 + (n - 1) % {(s.rounds - 1) * s.suppliers} % 3",
            warehouse_id="1 + n % 2",
            form="'3'",
            state=state,
            currency="'EUR'",
            incoterm="'FOB'",
            total_minor="400000",
            packages="40",
            gross_weight_g="600000",
            net_weight_g="500000",
            drafted_at=at,
            lodged_at=at,
            decided_at=f"CASE WHEN n % 40 < 34 THEN {at} END",
        )
        goods = {
            "declaration_id": "l.shipment_id",
            "position": "1 + (l.id - 1) % 5",
            "hs_code": "'3304990099'",
            "name_zh": "'面霜'",
            "origin": "'DEU'",
            "quantity": "100",
            "unit": "'011'",
            "legal_quantity": "50",
            "legal_unit": "'035'",
            "unit_price": "8",
            "total_minor": "80000",
            "net_weight_g": "100000",
            "gross_weight_g": "120000",
        }
        self._insert("customs.GoodsLine", "procurement_shipmentline l", id="l.id", **goods)
        self._insert(
            "customs.DeclarationLine",
            "procurement_shipmentline l "
            "JOIN procurement_purchaseorderline o ON o.id = l.order_line_id",
            id="l.id",
            goods_line_id="l.id",
            product_id="o.product_id",
            order_line_id="o.id",
            **goods,
        )
        self._insert(
            "customs.DeclarationShare",
            "procurement_shipmentline l "
            "JOIN procurement_purchaseorderline o ON o.id = l.order_line_id "
            "JOIN customs_declaration d ON d.id = l.shipment_id, generate_series(0, 2) i",
            line_id="l.id",
            owner_id=self._owner("l.id", "i"),
            importer_id="d.importer_id",
            reference="d.our_reference",
            position="1 + (l.id - 1) % 5",
            goods_position="1 + (l.id - 1) % 5",
            product_id="o.product_id",
            hs_code="'3304990099'",
            name_zh="'面霜'",
            origin="'DEU'",
            quantity="30",
            unit="'011'",
            unit_price="8",
            currency="'EUR'",
            amount_minor="24000",
            net_weight_g="30000",
            gross_weight_g="36000",
            drafted_at="d.drafted_at",
        )
        self._insert(
            "customs.DeclarationStep",
            f"generate_series(1, {s.shipments}) n, generate_series(0, 1) i",
            declaration_id="n",
            state="(ARRAY['draft', 'lodged'])[1 + i]",
            at=at,
        )
        self._insert(
            "customs.DeclarationDocument",
            f"generate_series(1, {s.shipments}) n",
            declaration_id="n",
            importer_id=f"21 + (n - 1) % {(s.rounds - 1) * s.suppliers} % 3",
            number="'DOC-2026-' || lpad(n::text, 6, '0')",
            kind="'declaration'",
            state="'ready'",
            queued_at=at,
            due_at=at,
            made_at=at,
            content="'%PDF-1.7'::bytea",
        )

    def retail_orders(self) -> None:
        s = self.size
        apart = 1000 * 86_400 // s.retail_orders
        at = f"timestamptz '2024-01-01 UTC' + n * interval '{apart} seconds'"
        buyer = apps.get_model("warehouse.RetailOrder")._meta.get_field("buyer_name")
        secret = "'" + str(buyer.get_prep_value("王小明")) + "'"
        self._insert(
            "warehouse.RetailOrder",
            f"generate_series(1, {s.retail_orders}) n",
            id="n",
            number="'RO-2026-' || lpad(n::text, 7, '0')",
            seller_id=self._owner("n", "0"),
            channel="(ARRAY['TMALL-GLOBAL', 'JD-WORLDWIDE', 'DOUYIN'])[1 + n % 3]",
            channel_order_number="'T' || n",
            placed_at=at,
            accepted_at=at,
            # A turn that ten does not divide: the first seller has every tenth.
            state="CASE WHEN n % 43 = 0 THEN 'cancelled' WHEN n % 43 < 4 THEN 'allocated' "
            "WHEN n % 43 = 4 THEN 'released' WHEN n % 43 = 5 THEN 'picked' "
            "WHEN n % 43 = 6 THEN 'packed' WHEN n % 43 < 10 THEN 'handed_over' ELSE 'listed' END",
            buyer_name=secret,
            buyer_id_number=secret,
            buyer_id_digest="md5((n % 60000)::text)",
            consignee_address=secret,
        )
        self._insert(
            "warehouse.RetailOrderLine",
            f"generate_series(1, {s.retail_orders}) n",
            id="n",
            order_id="n",
            seller_id=self._owner("n", "0"),
            position="1",
            product_id=f"1 + n % {s.products}",
            quantity="1 + n % 3",
            unit_price_minor="9900 + n % 500",
        )

    def movements(self) -> None:
        # A posting stands only with its legs.
        with transaction.atomic(using=self.using):
            self._movements()

    def _movements(self) -> None:
        s = self.size
        received = s.lots * 3
        # The owners come again after so many: who sells holds the lot as well.
        again = 10 * (s.sellers - 1)
        lot = f"(n - 1) % {s.lots // again * again or s.lots}"
        at = "timestamptz '2023-12-01 UTC' + n * interval '90 seconds'"
        came = f"generate_series(1, {s.lots}) n, generate_series(0, 2) i"
        went = f"generate_series(1, {max(1, s.movements - received)}) n"
        of_receipts = {
            "owner_id": self._owner("n", "i"),
            "keeper_id": "11 + (1 + (n - 1) / 5) % 2",
            "kind": "'received'",
            "document": "'GR-' || n / 5",
            "moved_at": at,
        }
        of_orders = {
            "owner_id": self._owner("n", "0"),
            "keeper_id": f"11 + (1 + {lot} / 5) % 2",
            "kind": "'reserved'",
            "document": "'RO-2026-' || lpad(n::text, 7, '0')",
            "moved_at": at,
        }
        self._insert(
            "warehouse.StockPosting",
            came,
            id="(n - 1) * 3 + i + 1",
            key="'receipt:' || n || ':' || i",
            booked_at=at,
            **of_receipts,
        )
        self._insert(
            "warehouse.StockPosting",
            went,
            id=f"{received} + n",
            key="'reserve:' || n",
            booked_at=at,
            **of_orders,
        )
        self._insert(
            "warehouse.StockMovement",
            f"{came}, generate_series(0, 1) side",
            posting_id="(n - 1) * 3 + i + 1",
            lot_id="n",
            account="CASE side WHEN 0 THEN 'supplier' ELSE 'stock' END",
            location_id="CASE side WHEN 1 THEN 1 + (1 + (n - 1) / 5) % 2 END",
            status="CASE side WHEN 0 THEN '' ELSE 'available' END",
            quantity="CASE side WHEN 0 THEN -32 ELSE 32 END",
            **of_receipts,
        )
        self._insert(
            "warehouse.StockMovement",
            f"{went}, generate_series(0, 1) side",
            posting_id=f"{received} + n",
            lot_id=f"1 + {lot}",
            account="'stock'",
            location_id=f"1 + (1 + {lot} / 5) % 2",
            status="CASE side WHEN 0 THEN 'available' ELSE 'reserved' END",
            quantity="2 * side - 1",
            **of_orders,
        )
        self._insert(
            "warehouse.Holding",
            "(SELECT DISTINCT lot_id, owner_id, keeper_id, location_id "
            "FROM warehouse_stockmovement WHERE status = 'reserved') AS moved",
            lot_id="lot_id",
            owner_id="owner_id",
            keeper_id="keeper_id",
            location_id="location_id",
            status="'reserved'",
            product_id="NULL",
            # All of it has gone to its consumers.
            on_hand="0",
        )
        self._insert(
            "warehouse.Reservation",
            f"generate_series(1, {min(s.retail_orders, s.movements - received)}) n "
            f"JOIN warehouse_holding AS held ON held.lot_id = 1 + {lot} "
            f"AND held.owner_id = {self._owner('n', '0')} AND held.status = 'reserved'",
            line_id="n",
            seller_id=self._owner("n", "0"),
            holding_id="held.id",
            quantity="1",
            state="CASE WHEN n % 43 = 4 THEN 'released' WHEN n % 43 IN (5, 6) THEN 'picked' "
            "WHEN n % 43 BETWEEN 7 AND 9 THEN 'shipped' ELSE 'held' END",
        )

    def retail_lists(self) -> None:
        at = "o.accepted_at + interval '1 hour'"
        self._insert(
            "customs.RetailTaxRule",
            "(SELECT 1) one WHERE NOT EXISTS (SELECT 1 FROM customs_retailtaxrule)",
            valid_from="date '2019-01-02'",
            order_limit_minor="500000",
            year_limit_minor="2600000",
            payable_fraction="0.7",
            source="'made up'",
        )
        listed = "warehouse_retailorder o WHERE o.state NOT IN ('allocated', 'cancelled')"
        self._insert(
            "customs.RetailList",
            listed,
            id="o.id",
            number="'RL-2026-' || lpad(o.id::text, 7, '0')",
            order_id="o.id",
            seller_id="o.seller_id",
            regime="'cbec_within'",
            tax_rule_id="(SELECT max(id) FROM customs_retailtaxrule)",
            dutiable_minor="10000",
            duty_minor="0",
            consumption_tax_minor="0",
            vat_minor="910",
            tax_minor="910",
            drawn_at=at,
        )
        self._insert(
            "customs.QuotaEntry",
            listed,
            buyer="o.buyer_id_digest",
            year=f"extract(year FROM ({at}) AT TIME ZONE 'Asia/Shanghai')",
            move="'reserved'",
            reserved="10000",
            used="0",
            retail_list_id="o.id",
            seller_id="o.seller_id",
            entered_at=at,
        )
        self._insert(
            "customs.RetailListLine",
            listed,
            retail_list_id="o.id",
            seller_id="o.seller_id",
            order_line_id="o.id",
            position="1",
            hs_code="'3304990099'",
            dutiable_minor="10000",
            duty_minor="0",
            consumption_tax_minor="0",
            vat_minor="910",
        )
