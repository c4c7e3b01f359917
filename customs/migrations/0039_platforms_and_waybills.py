"""Further platforms of a seller; a waybill that is one parcel's for six months."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import core.history

# What was told before rests from when it was told (customs.rules.waybills).
_SINCE = """
UPDATE customs_parcelpapers SET waybill_at = told_at, waybill_until = told_at + interval '6 months'
WHERE waybill <> '';
"""
# Of a number two ranges of time may not meet. An exclusion compares texts with an extension only,
# and a hash as a range of one number without.
_ONE = """
ALTER TABLE customs_parcelpapers ADD CONSTRAINT a_waybill_is_one_parcels EXCLUDE USING gist (
    int8range(hashtextextended(logistics_code || '/' || waybill, 0),
        hashtextextended(logistics_code || '/' || waybill, 0), '[]') WITH &&,
    tstzrange(waybill_at, waybill_until) WITH &&
) WHERE (waybill <> '');
"""
_ANY = "ALTER TABLE customs_parcelpapers DROP CONSTRAINT a_waybill_is_one_parcels;"


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0010_owners_in_history"),
        ("customs", "0038_judged_remarks"),
        ("warehouse", "0043_what_was_paid"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="retailparties",
            name="history_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="retailparties",
            name="history_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="retailparties",
            name="history_delete",
        ),
        migrations.RemoveConstraint(
            model_name="parcelpapers",
            name="a_waybill_is_one_parcels",
        ),
        migrations.AddField(
            model_name="parcelpapers",
            name="platform",
            field=models.CharField(blank=True, default="", max_length=18),
        ),
        migrations.AddField(
            model_name="parcelpapers",
            name="waybill_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="parcelpapers",
            name="waybill_until",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="retailparties",
            name="platforms",
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.AddField(
            model_name="retailpartiesevent",
            name="platforms",
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.AddIndex(
            model_name="parcelpapers",
            index=models.Index(
                condition=models.Q(("waybill", ""), _negated=True),
                fields=["waybill", "logistics_code"],
                name="parcel_papers_by_waybill",
            ),
        ),
        migrations.RunSQL(_SINCE, migrations.RunSQL.noop),
        migrations.RunSQL(_ONE, _ANY),
        pgtrigger.migrations.AddTrigger(
            model_name="retailparties",
            trigger=pgtrigger.compiler.Trigger(
                name="history_insert",
                sql=core.history.TriggerSql(
                    func='INSERT INTO "customs_retailpartiesevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "seller_id", "ebp_code", "ebp_name", "platforms", "ebc_code", "ebc_name", "pay_code", "pay_name", "sends_payments", "assure_code", "logistics_code", "logistics_name", "waybill_prefix", "agent_id", "agreed_at", "agreed_by_id", "is_automatic") SELECT nextval(\'core_history_number\'), now(), \'insert\', it."id", (it.seller_id), _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."seller_id", it."ebp_code", it."ebp_name", it."platforms", it."ebc_code", it."ebc_name", it."pay_code", it."pay_name", it."sends_payments", it."assure_code", it."logistics_code", it."logistics_name", it."waybill_prefix", it."agent_id", it."agreed_at", it."agreed_by_id", it."is_automatic" FROM rows AS it;',
                    hash="ef15b5ab92310f36003f081671aed5f164f26a26",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_history_insert_f7c72",
                    referencing="REFERENCING NEW TABLE AS rows ",
                    table="customs_retailparties",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="retailparties",
            trigger=pgtrigger.compiler.Trigger(
                name="history_update",
                sql=core.history.TriggerSql(
                    func='INSERT INTO "customs_retailpartiesevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "seller_id", "ebp_code", "ebp_name", "platforms", "ebc_code", "ebc_name", "pay_code", "pay_name", "sends_payments", "assure_code", "logistics_code", "logistics_name", "waybill_prefix", "agent_id", "agreed_at", "agreed_by_id", "is_automatic") SELECT nextval(\'core_history_number\'), now(), \'update\', it."id", (it.seller_id), _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."seller_id", it."ebp_code", it."ebp_name", it."platforms", it."ebc_code", it."ebc_name", it."pay_code", it."pay_name", it."sends_payments", it."assure_code", it."logistics_code", it."logistics_name", it."waybill_prefix", it."agent_id", it."agreed_at", it."agreed_by_id", it."is_automatic" FROM rows AS it JOIN rows_before AS was ON was."id" = it."id" WHERE ROW(was."id", was."seller_id", was."ebp_code", was."ebp_name", was."platforms", was."ebc_code", was."ebc_name", was."pay_code", was."pay_name", was."sends_payments", was."assure_code", was."logistics_code", was."logistics_name", was."waybill_prefix", was."agent_id", was."agreed_at", was."agreed_by_id", was."is_automatic") IS DISTINCT FROM ROW(it."id", it."seller_id", it."ebp_code", it."ebp_name", it."platforms", it."ebc_code", it."ebc_name", it."pay_code", it."pay_name", it."sends_payments", it."assure_code", it."logistics_code", it."logistics_name", it."waybill_prefix", it."agent_id", it."agreed_at", it."agreed_by_id", it."is_automatic");',
                    hash="482319c98677d48959020c8283cf609eff18bf0f",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_history_update_57c65",
                    referencing="REFERENCING OLD TABLE AS rows_before  NEW TABLE AS rows ",
                    table="customs_retailparties",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="retailparties",
            trigger=pgtrigger.compiler.Trigger(
                name="history_delete",
                sql=core.history.TriggerSql(
                    func='INSERT INTO "customs_retailpartiesevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "seller_id", "ebp_code", "ebp_name", "platforms", "ebc_code", "ebc_name", "pay_code", "pay_name", "sends_payments", "assure_code", "logistics_code", "logistics_name", "waybill_prefix", "agent_id", "agreed_at", "agreed_by_id", "is_automatic") SELECT nextval(\'core_history_number\'), now(), \'delete\', it."id", (it.seller_id), _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."seller_id", it."ebp_code", it."ebp_name", it."platforms", it."ebc_code", it."ebc_name", it."pay_code", it."pay_name", it."sends_payments", it."assure_code", it."logistics_code", it."logistics_name", it."waybill_prefix", it."agent_id", it."agreed_at", it."agreed_by_id", it."is_automatic" FROM rows AS it;',
                    hash="17cf34ce677fa2f9b9f8ffc1b17e446d95a44c9b",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_history_delete_39ee6",
                    referencing="REFERENCING OLD TABLE AS rows ",
                    table="customs_retailparties",
                    when="AFTER",
                ),
            ),
        ),
    ]
