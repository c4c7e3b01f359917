"""What is beside the trade: admissions, invitations, tokens, jobs, webhooks, accounts, files."""

from __future__ import annotations

from django.apps import apps

from demo.crowd.rows import CURRENCIES, Rows

_AT = "timestamptz '2023-10-01 UTC' + n * interval '15 minutes'"
#: One order of a file of consumers' orders, as it was told what became of it.
_OUTCOME = (
    "jsonb_build_object('channel', 'TMALL-GLOBAL', 'order_number', 'T' || i, "
    "'outcome', 'accepted', 'number', 'RO-2026-' || lpad(i::text, 7, '0'))"
)


class Office(Rows):
    """Of each what its pages show, and of jobs and messages many."""

    def admissions(self) -> None:
        s = self.size
        self._insert(
            "accounts.Admission",
            f"generate_series(1, {s.sellers}) n",
            id="n",
            company_id="1000 + n",
            state="'admitted'",
            since=_AT,
        )
        self._insert(
            "accounts.AdmissionDocument",
            f"generate_series(1, {s.sellers}) n",
            admission_id="n",
            company_id="1000 + n",
            kind="'licence'",
            file_name="'licence.pdf'",
            media_type="'application/pdf'",
            size="8",
            sha256="md5(n::text)",
            content="'%PDF-1.7'::bytea",
            added_by_id="1",
            added_at=_AT,
        )
        self._insert(
            "accounts.AdmissionStep",
            f"generate_series(1, {s.sellers}) n, generate_series(0, 1) i",
            admission_id="n",
            company_id="1000 + n",
            kind="(ARRAY['applied', 'admitted'])[1 + i]",
            reason="(ARRAY['', 'All is there'])[1 + i]",
            taken_by_id="1 + i * 4",
            taken_at=_AT,
        )

    def keys(self) -> None:
        """Invitations, and tokens of programs."""
        people = "accounts_membership m, generate_series(1, 20) n"
        self._insert(
            "accounts.Invitation",
            people,
            uid="gen_random_uuid()",
            company_id="m.company_id",
            email="m.role || n || '@asked.example'",
            role="m.role",
            invited_by_id="m.user_id",
            invited_at="now()",
            expires_at="now() + interval '7 days'",
        )
        self._insert(
            "rest.ApiToken",
            people,
            company_id="m.company_id",
            role="m.role",
            created_by_id="m.user_id",
            membership_id="m.id",
            stint="m.stint",
            name="'robot ' || n",
            scopes="ARRAY['products:read']",
            hint="'bp_' || n",
            digest="md5(m.id || '/' || n)",
            created_at="now()",
            expires_at="now() + interval '90 days'",
        )

    def jobs(self) -> None:
        """A tenth of the notices, of everybody in turn; each act has its rows and its file."""
        s = self.size
        self._insert(
            "jobs.Job",
            f"generate_series(1, {max(50, s.notices // 10)}) n "
            "JOIN accounts_membership m ON m.id = 1 + n % 5",
            id="n",
            public_id="'job' || n",
            kind="'act'",
            table="'retail-orders'",
            action="'cancel'",
            owner_id="m.company_id",
            user_id="m.user_id",
            role="m.role",
            state="'done'",
            done="20",
            total="20",
            queued_at=_AT,
            due_at=_AT,
            finished_at=_AT,
            result_name="'orders.csv'",
            result_type="'text/csv'",
            result_bytes="3",
            expires_at="now() + interval '9 days'",
        )
        self._insert(
            "jobs.JobPart",
            "jobs_job j",
            job_id="j.id",
            owner_id="j.owner_id",
            position="0",
            content="'a,b'::bytea",
        )
        self._insert(
            "jobs.JobOutcome",
            "jobs_job j, generate_series(1, 20) i",
            job_id="j.id",
            owner_id="j.owner_id",
            row="i",
            name="'RO-2026-' || i",
        )

    def webhooks(self) -> None:
        s = self.size
        endpoint = apps.get_model("notices.WebhookEndpoint")._meta.get_field("secret")
        self._insert(
            "notices.WebhookEndpoint",
            "accounts_membership m, generate_series(1, 5) n WHERE m.role IN ('seller', 'importer')",
            id="m.id * 10 + n",
            uid="gen_random_uuid()",
            company_id="m.company_id",
            url="'https://shop.example/hook/' || n",
            events="ARRAY['share.cleared']",
            secret="'" + str(endpoint.get_prep_value("whsec_bench")) + "'",
            created_at="now()",
            created_by_id="m.user_id",
        )
        self._insert(
            "notices.WebhookDelivery",
            f"generate_series(1, {s.notices // 2}) n "
            "JOIN accounts_membership m ON m.id = 1 + n % 2",
            uid="'msg_' || n",
            endpoint_id="m.id * 10 + 1",
            company_id="m.company_id",
            event="'share.cleared'",
            body="'{}'",
            created_at=_AT,
            state="'delivered'",
            attempts="1",
            due_at=_AT,
            called_at=_AT,
            status_code="200",
            took_ms="40",
            delivered_at=_AT,
        )

    def channels(self) -> None:
        s = self.size
        secret = apps.get_model("warehouse.Channel")._meta.get_field("secret")
        self._insert(
            "warehouse.Channel",
            "accounts_membership m, generate_series(1, 5) n WHERE m.role = 'seller'",
            id="m.id * 10 + n",
            uid="gen_random_uuid()",
            seller_id="m.company_id",
            name="'SHOP-' || n",
            kind="'woocommerce'",
            secret="'" + str(secret.get_prep_value("bench-secret-of-a-shop")) + "'",
            created_at="now()",
            created_by_id="m.user_id",
        )
        self._insert(
            "warehouse.ChannelDelivery",
            f"generate_series(1, {s.notices // 2}) n "
            "JOIN accounts_membership m ON m.role = 'seller' AND m.company_id = 1001",
            uid="'dlv_' || n",
            channel_id="m.id * 10 + 1",
            seller_id="m.company_id",
            delivery_id="md5(n::text)",
            digest="md5(n::text)",
            topic="'order.created'",
            received_at=_AT,
            order_numbers="ARRAY['T-' || n]",
            state="'done'",
            due_at=_AT,
            worked_at=_AT,
        )

    def bank_accounts(self) -> None:
        """A supplier's in its currency, an importer's in each."""
        said = {
            "account": "'DE89370400440532013000'",
            "bic": "'COBADEFFXXX'",
            "bank_name": "'Commerzbank'",
            "state": "'confirmed'",
            "entered_by_id": "4",
            "entered_at": "now()",
            "confirmed_by_id": "5",
            "confirmed_at": "now()",
        }
        self._insert(
            "settlement.BankAccount",
            "catalog_tradingpartner p",
            number="'BA-2026-' || lpad(p.id::text, 6, '0')",
            company_id="p.company_id",
            currency="p.currency",
            **said,
        )
        self._insert(
            "settlement.BankAccount",
            "generate_series(21, 23) n, generate_series(1, 4) c",
            number="'BA-2025-' || n || c",
            company_id="n",
            currency=f"{CURRENCIES}[c]",
            **said,
        )

    def files(self) -> None:
        """Files of consumers' orders and of forecasts, and the papers of combined orders."""
        count = min(200, self.size.products)
        uploaded = {"uploaded_at": _AT, "uploaded_by_id": "1"}
        self._insert(
            "warehouse.RetailUpload",
            "generate_series(1, 50) n",
            id="n",
            seller_id="1001",
            file_name="'orders ' || n || '.csv'",
            content="''",
            taken_at=_AT,
            results=f"(SELECT jsonb_agg({_OUTCOME}) FROM generate_series(1, 500) i)",  # noqa: S608
            **uploaded,
        )
        quarter = "(SELECT quarter FROM procurement_poolround ORDER BY id DESC LIMIT 1)"
        line = f"{quarter} || ',SKU-' || lpad(i::text, 5, '0') || ',12'"
        lines = f"(SELECT string_agg({line}, chr(10)) FROM generate_series(1, {count}) i)"  # noqa: S608
        self._insert(
            "procurement.ForecastUpload",
            "generate_series(1, 5) n",
            id="n",
            round_id="(SELECT max(id) FROM procurement_poolround)",
            seller_id="1001",
            file_name="'forecast.csv'",
            content=f"convert_to('quarter,sku,forecast_units' || chr(10) || {lines}, 'UTF8')",
            **uploaded,
        )
        self._insert(
            "procurement.SellerSku",
            f"generate_series(1, {count}) n",
            id="n",
            seller_id="1001",
            own_sku="'OWN-' || n",
            product_id="n",
            how="'gtin'",
            created_at=_AT,
        )
        self._insert(
            "procurement.LateWish",
            "generate_series(1, 20) n",
            id="n",
            round_id="1",
            seller_id="1001",
            wished_at=_AT,
            lines="jsonb_build_array(jsonb_build_array(n, 12, 0, 0))",
            products="1",
            units="12",
        )
        self._insert(
            "procurement.OrderDocument",
            "procurement_purchaseorder o",
            order_id="o.id",
            number="'DOC-2025-' || lpad(o.id::text, 6, '0')",
            kind="'order'",
            state="'ready'",
            queued_at="o.created_at",
            due_at="o.created_at",
            made_at="o.created_at",
            content="'%PDF-1.7'::bytea",
        )

    def under_way(self) -> None:
        """A shipment that its importer has to declare, and one that its warehouse has to count."""
        s = self.size
        order = "(SELECT min(id) FROM procurement_purchaseorder WHERE buyer_id = 21)"
        self._insert(
            "procurement.Shipment",
            "generate_series(1, 2) n",
            id=f"{s.shipments} + n",
            number="'ASN-2025-' || n",
            order_id=order,
            state="(ARRAY['shipped', 'cleared'])[n]",
            vessel="'EVER'",
            voyage="'1E'",
            bill_of_lading="'BL-2025-' || n",
            departed_at="now()",
            expected_on="current_date + 30",
            packages="40",
            gross_weight_g="600000",
            net_weight_g="500000",
            bound_for_id="11",
        )
        self._insert(
            "procurement.ShipmentLine",
            f"procurement_purchaseorderline l, generate_series(1, 2) n WHERE l.order_id = {order}",
            id=f"{s.lots} + row_number() OVER ()",
            shipment_id=f"{s.shipments} + n",
            order_line_id="l.id",
            quantity="100",
            amount_minor="80000",
        )
