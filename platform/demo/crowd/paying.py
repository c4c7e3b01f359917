"""Payables, batches and payments; traces and notices."""

from __future__ import annotations

from demo.crowd.rows import CURRENCIES, Rows


class Paying(Rows):
    """Payables, batches and payments; traces and notices."""

    def settlement(self) -> None:
        s = self.size
        orders, files = (s.rounds - 1) * s.suppliers, max(5, s.payables // 8)
        for number, name in enumerate(("EUR", "USD", "JPY", "AUD"), start=1):
            self._insert(
                "settlement.RateQuote",
                "generate_series(0, 1100) n",
                id=f"n * 4 + {number}",
                source="'ecb'",
                base=f"'{name}'",
                quote="'CNY'",
                value="7.8 + n % 40 * 0.01",
                asked_for="date '2023-10-01' + n",
                value_date="date '2023-10-01' + n",
                fetched_at="timestamptz '2023-10-01 UTC' + n * interval '1 day'",
            )
        self._insert(
            "settlement.SettlementPolicy",
            "generate_series(0, 2) n",
            id="1 + n",
            debtor_id="21 + n",
            valid_from="date '2020-01-01'",
            wire_fee_minor="15000",
            spread_bp="20",
            bulk_spread_bp="10",
            bulk_from_minor="100000000",
        )
        self._insert(
            "settlement.Payable",
            f"generate_series(0, {s.payables - 1}) n",
            id="1 + n",
            number="'AP-2026-' || lpad((1 + n)::text, 6, '0')",
            supplier_id=f"1 + n % {s.suppliers}",
            debtor_id="21 + n % 3",
            invoice_number="'INV-' || n",
            order_number=f"'PO-2026-' || lpad((1 + n % {orders})::text, 6, '0')",
            currency=f"{CURRENCIES}[1 + (1 + n % {s.suppliers}) % 4]",
            amount_minor="480000 + n",
            invoiced_on="date '2023-11-01' + (n / 5)::int",
            due_on="date '2024-01-01' + (n / 5)::int",
            booked_at="timestamptz '2023-11-01 UTC' + n * interval '5 hours'",
            rate_id="1 + n % 4000",
            state="CASE WHEN n % 10 = 0 THEN 'open' ELSE 'batched' END",
        )
        self._insert(
            "settlement.PayableShare",
            f"generate_series(1, {s.payables}) p, generate_series(0, {min(19, s.sellers - 2)}) n",
            payable_id="p",
            seller_id=self._owner("p", "n"),
            amount_minor="24000",
        )
        self._insert(
            "settlement.SettlementBatch",
            "settlement_payable p WHERE p.state = 'batched'",
            id="p.id",
            number="'SB-2026-' || lpad(p.id::text, 6, '0')",
            supplier_id="p.supplier_id",
            debtor_id="p.debtor_id",
            currency="p.currency",
            period_start="date '2010-01-01' + p.id::int",
            period_end="p.due_on",
            state="(ARRAY['draft', 'priced', 'approved', 'exported', 'exported', 'exported'])"
            "[1 + p.id % 6]",
            total_minor="p.amount_minor",
            created_by_id="4",
            created_at="p.booked_at",
            rate_id="p.rate_id",
            priced_at="p.booked_at",
            cny_minor="p.amount_minor * 8",
            fee_minor="15000",
            alone_minor="p.amount_minor * 8 + 30000",
            policy_id="p.debtor_id - 20",
            approved_by_id="CASE WHEN p.id % 6 >= 2 THEN 5 END",
            approved_at="CASE WHEN p.id % 6 >= 2 THEN p.booked_at END",
        )
        self._insert(
            "settlement.BatchLine",
            "settlement_settlementbatch b",
            batch_id="b.id",
            payable_id="b.id",
        )
        self._insert(
            "settlement.PaymentFile",
            f"generate_series(1, {files}) n",
            id="n",
            message_id="'MSG-' || n",
            debtor_id="21 + n % 3",
            made_by_id="4",
            made_at="timestamptz '2024-01-01 UTC' + n * interval '1 day'",
            payment_count="5",
            content="'<Document/>'::bytea",
            sha256="md5(n::text)",
        )
        self._insert(
            "settlement.Payment",
            "settlement_settlementbatch b WHERE b.state = 'exported'",
            batch_id="b.id",
            file_id=f"1 + b.id % {files}",
            end_to_end_id="'E2E-' || b.id",
            uetr="gen_random_uuid()",
            currency="b.currency",
            amount_minor="b.total_minor",
            value_date="b.period_end",
        )
        self._insert(
            "settlement.SellerCharge",
            "settlement_settlementbatch b JOIN settlement_payableshare h ON h.payable_id = b.id "
            "WHERE b.state <> 'draft'",
            batch_id="b.id",
            seller_id="h.seller_id",
            goods_minor="h.amount_minor * 8",
            fee_minor="750",
            alone_minor="h.amount_minor * 8 + 15000",
        )

    def trace(self) -> None:
        s = self.size
        at = "timestamptz '2023-10-01 UTC' + n * interval '8 minutes'"
        gtin = "p.gtin"
        made = f"JOIN catalog_product p ON p.id = 1 + n % {s.products}"
        lot = f"'L' || lpad((1 + n % {s.lots})::text, 8, '0')"
        self._insert(
            "traceability.TraceEvent",
            f"generate_series(1, {s.events}) n {made}",
            id="n",
            event_id="gen_random_uuid()",
            event_type="'ObjectEvent'",
            action="'OBSERVE'",
            event_time=at,
            record_time=at,
            biz_step="'receiving'",
            asserted_by_id="11",
            evidence="'documented'",
            keys=f"ARRAY['lot:' || {gtin} || '.' || {lot}, 'gtin:' || {gtin}]",
            previous_hash="md5((n - 1)::text)",
            record_hash="md5(n::text)",
        )
        self._insert(
            "traceability.ItemIdentity",
            f"generate_series(1, {s.events}) n {made}",
            product_id=f"1 + n % {s.products}",
            gtin=gtin,
            lot_number=lot,
            serial="upper(substr(md5(n::text), 1, 16))",
            issued_at=at,
        )
        self._insert(
            "traceability.LabelSheet",
            f"generate_series(1, {max(10, s.events // 400)}) n {made}",
            keeper_id="11",
            number="'LS-2026-' || lpad(n::text, 6, '0')",
            kind="'labels'",
            state="'ready'",
            gtin=gtin,
            lot_number=lot,
            serials="ARRAY[upper(substr(md5(n::text), 1, 16))]",
            queued_at=at,
            due_at=at,
            made_at=at,
            content="'%PDF-1.7'::bytea",
        )

    def notices(self) -> None:
        s = self.size
        self._insert(
            "notices.Notice",
            f"generate_series(1, {s.notices}) n",
            id="n",
            event="'round.closed'",
            subject="'bench:' || n",
            company_id=f"CASE WHEN n % 3 = 0 THEN NULL ELSE {self._owner('n', '0')} END",
            facts="""'{"quarter": "2026-Q2", "products": 3, "units": 90}'::jsonb""",
            told_at="timestamptz '2023-10-01 UTC' + n * interval '15 minutes'",
        )
        self._insert(
            "notices.NoticeCopy",
            "notices_notice w JOIN accounts_membership m "
            "ON m.company_id = w.company_id OR (w.company_id IS NULL AND m.role = 'operator')",
            notice_id="w.id",
            membership_id="m.id",
            company_id="w.company_id",
            in_portal="true",
            read_at="CASE WHEN w.id % 20 > 0 THEN w.told_at END",
        )
